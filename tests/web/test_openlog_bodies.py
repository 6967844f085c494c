"""What is public of a log besides its entries, as it comes over HTTP."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from noticeboard.board.public import Window
from noticeboard.core.parts import SALT, commitment, table_commitment
from noticeboard.core.rules import bundle_hash
from noticeboard.web.front import Front
from tests.cast import VILLAGE, Cast, cast_on
from tests.web.test_front import _nowhere, ask, played

LOG = f"/log/{VILLAGE}"


@pytest.fixture
def cast(database_url: str) -> Iterator[Cast]:
    """Give the cast with a ledger up, on each kind of database."""
    cast = cast_on(database_url)
    cast.published("spending")
    yield cast
    cast.board.database.close()


def test_everything_listed_opens_its_commitment(cast: Cast) -> None:
    """Bodies behind their salt, tables as their rows, rules by their hash; any page may read it."""
    front = Front(_nowhere, cast.board)

    async def scene() -> None:
        got = await ask(front, f"{LOG}/public.json")
        kind, kept = got.headers["content-type"], got.headers["cache-control"]
        assert (200, "application/json", "no-store") == (got.status, kind, kept)
        assert "*" == got.headers["access-control-allow-origin"]
        listed = json.loads(got.text)
        assert (6, 2) == (len(listed["bodies"]), len(listed["tables"]))
        for c in listed["bodies"]:
            body = await ask(front, f"{LOG}/body/{c}")
            assert "application/octet-stream" == body.headers["content-type"]
            assert c == commitment(body.raw[:SALT], body.raw[SALT:]).hex()
        for c in listed["tables"]:
            table = json.loads((await ask(front, f"{LOG}/table/{c}")).text)
            assert c == table_commitment([bytes.fromhex(row) for row in table["rows"]]).hex()
        rules = await ask(front, f"{LOG}/rules/{listed['rules']}")
        assert listed["rules"] == bundle_hash(rules.raw)
        assert "immutable" in rules.headers["cache-control"]

    played(front, scene)


def test_nothing_else_is_there(cast: Cast) -> None:
    """Another spelling, another village, the instance, a body that is nobody's yet: a plain 404."""
    front = Front(_nowhere, cast.board)
    listed = json.loads(Window(cast.board).listing(VILLAGE))
    waiting = cast.submitted("announcement").notice
    assert waiting is not None
    c, secret = listed["bodies"][0], waiting.latest.parts[0].c

    async def scene() -> None:
        for path in (
            f"{LOG}/body/{secret}",
            f"{LOG}/body/{c.upper()}",
            f"{LOG}/body/{c}/",
            f"{LOG}/table/{c}",
            f"{LOG}/file/{c}",
            f"{LOG}/rules/{c}",
            f"/log/nowhere/body/{c}",
            f"/log//body/{c}",
            "/log//public.json",
            "/log/nowhere/public.json",
        ):
            got = await ask(front, path)
            assert (404, "no-store") == (got.status, got.headers["cache-control"]), path
            assert "text/plain; charset=utf-8" == got.headers["content-type"]
        head = await ask(front, f"{LOG}/body/{c}", "HEAD")
        assert (200, b"") == (head.status, head.raw)
        assert 405 == (await ask(front, f"{LOG}/public.json", "POST")).status

    played(front, scene)


def test_a_board_on_another_folder_lists_nothing_of_this_one(tmp_path: Path, cast: Cast) -> None:
    """A commitment of one board opens nothing on another."""
    other = cast_on(f"sqlite:///{tmp_path / 'other.db'}")
    listed = json.loads(Window(cast.board).listing(VILLAGE))
    front = Front(_nowhere, other.board)

    async def scene() -> None:
        assert 404 == (await ask(front, f"{LOG}/body/{listed['bodies'][0]}")).status

    played(front, scene)
    other.board.database.close()
