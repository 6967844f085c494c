"""A board that was made by an older version goes on under this one, and its audit still passes."""

import msgspec
from sqlalchemy import text

from noticeboard.core.people import Village
from noticeboard.store import notices
from noticeboard.store.database import Database
from noticeboard.store.migrations import upgrade

KEY = "board.example/v/1+1ebab2d2+AULVNmMGX8NTLto2VKmSdGLX8TvXT4+UYWJS/4DTUtdu"
LEAF = b'{"act":"genesis","keys":["%s"],"village":"v1"}' % KEY.encode()


def test_a_head_from_before_learns_the_keys_of_its_log(database_url: str) -> None:
    """A replay finds them in leaf 0, and what is stored must be what a replay finds."""
    database = Database(database_url)
    old = Village(code="v1", origin="board.example/v/1", size=1, last_at=100)
    state = msgspec.to_builtins(old)
    del state["keys"]
    with database.write() as tx:
        upgrade(tx, "0001")
        tx.execute(
            text("insert into head (village, origin, state, profile) values (:v, :o, :s, :p)"),
            {"v": "v1", "o": old.origin, "s": msgspec.json.encode(state), "p": b'{"name":""}'},
        )
        tx.execute(
            text("insert into entry (village, idx, leaf, act, at) values ('v1', 0, :l, 'x', 100)"),
            {"l": LEAF},
        )
    database.upgrade()
    with database.read() as tx:
        assert msgspec.structs.replace(old, keys=(KEY,)) == notices.village_of(tx, "v1")
    database.close()
