"""What anybody asks for while rows are damaged: an honest page in words, and the audit names it."""

import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import and_, delete, text, update

from noticeboard.auditing import verify
from noticeboard.board import founding
from noticeboard.core.notice import Published
from noticeboard.core.people import Profile
from noticeboard.store.tables import entry, head, node, notice
from noticeboard.web.public import Pages
from tests.cast import VILLAGE, Cast, cast_in

OTHER = "430000102"


class Reader:
    """A villager with a phone, at a board of two villages with one notice."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        founding.establish(
            cast.board,
            code=OTHER,
            origin=f"board.example/v/{OTHER}",
            profile=Profile(name="别的村"),
            keys=(),
        )
        self.code = cast.published("spending").code
        cast.sign()
        self.cast.audit()

    def asks(self, path: str) -> tuple[int, str]:
        """Give status and text of an address, as of a board that was just started."""
        entry = Pages(self.cast.board, "https://board.example").answer(path, "")
        body = zlib.decompress(entry.body, 47) if entry.packed else entry.body
        return entry.status, body.decode("utf-8", "replace").replace("<wbr>", "")

    def damaged(self, change: object) -> list[str]:
        """Change rows behind the board's back; gives what the audit finds, in words."""
        with self.cast.board.database.write() as tx:
            for table in ("entry", "node"):
                for verb in ("update", "delete"):
                    tx.execute(text(f"drop trigger if exists {table}_{verb}"))
            tx.execute(change)  # type: ignore[call-overload]
        return [f"{one.where} {one.what}" for one in verify(self.cast.board).problems]


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[Reader]:
    cast = cast_in(tmp_path / "home")
    yield Reader(cast)
    cast.board.database.close()


def of_notice(code: str) -> list[str]:
    """Name every address under a notice's code."""
    ends = ("", "/verify", ".tlog-proof", ".json", ".csv", "/poster", "/1", "/1.tlog-proof")
    return [f"/n/{code}{end}" for end in ends]


ELSEWHERE = (
    "/",
    f"/v/{VILLAGE}",
    f"/v/{VILLAGE}/keys",
    f"/v/{VILLAGE}/notices",
    f"/v/{OTHER}",
    f"/log/{VILLAGE}/checkpoint",
    f"/log/{VILLAGE}/public.json",
)


def test_a_proof_over_a_lost_node_is_refused_in_words(reader: Reader) -> None:
    """The pages go on; what rests on the node says that it cannot be made, and what to do."""
    up = reader.cast.notice(reader.code).latest.state
    assert isinstance(up, Published)
    leaf = and_(node.c.level == 0, node.c.idx == up.publish)
    found = reader.damaged(delete(node).where(node.c.village == VILLAGE, ~leaf))
    assert [one for one in found if "和当时记下的不一样" in one]
    status, said = reader.asks(f"/n/{reader.code}.tlog-proof")
    assert 503 == status
    assert "证明现在做不出来" in said
    assert "noticeboard verify" in said
    assert 200 == reader.asks(f"/n/{reader.code}")[0]
    assert 200 == reader.asks(f"/n/{reader.code}/verify")[0]


def test_a_notice_moved_to_another_village_is_not_shown_as_its_own(reader: Reader) -> None:
    """Neither page nor proof nor paper; the audit names it in both villages."""
    found = reader.damaged(update(notice).where(notice.c.code == reader.code).values(village=OTHER))
    assert 2 == len([one for one in found if f"公示 {reader.code}" in one and "状态" in one])
    for path in of_notice(reader.code):
        status, said = reader.asks(path)
        assert status in (200, 404, 410, 503)
        if path.removeprefix(f"/n/{reader.code}") in ("", ".tlog-proof", "/poster"):
            assert 503 == status
            assert "对不上" in said


DAMAGES = {
    "a leaf's node": delete(node).where(node.c.village == VILLAGE, node.c.level == 0),
    "every node": delete(node),
    "every entry": delete(entry).where(entry.c.village == VILLAGE),
    "unreadable entries": update(entry).values(leaf=b"x"),
    "an unreadable notice": update(notice).values(doc=b"x"),
    "an unreadable village": update(head).where(head.c.village == VILLAGE).values(state=b"x"),
    "unreadable rules": text("update setting set value = '00' where key = 'rules'"),
    "an unreadable head": text("update checkpoint set note = x'78'"),
    "a body of something else": text("update body set body = x'5b5d'"),
    "bodies that are none": text("update body set body = x'ff'"),
    "tables that are none": text("update part set ids = x'78'"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_nothing_raises_whatever_is_damaged(reader: Reader, damage: str) -> None:
    """Each address answers with what it can show, or with words: 404 or 503, never a trace."""
    assert reader.damaged(DAMAGES[damage])
    for path in (*of_notice(reader.code), *ELSEWHERE):
        status, said = reader.asks(path)
        assert status in (200, 404, 410, 503), path
        assert "Traceback" not in said
        assert said


def test_a_lost_file_is_said_in_words(reader: Reader) -> None:
    """Where not even the frame of a page can be read, plain words do."""
    path = reader.cast.board.database.path
    assert path is not None
    reader.cast.board.database.close()
    path.unlink()
    for asked in (f"/n/{reader.code}", f"/log/{VILLAGE}/checkpoint"):
        status, said = reader.asks(asked)
        assert 503 == status
        assert "数据库" in said
