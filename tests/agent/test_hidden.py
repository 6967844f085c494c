"""A mirror follows the leaves and the date, neither a list that hides nor one that shows more."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from noticeboard.agent.bodies import LIST
from noticeboard.agent.pulling import Pull
from noticeboard.core.days import DAY
from noticeboard.core.notice import Notice
from noticeboard.core.problems import NotValid
from noticeboard.net.client import fetch
from tests.agent.hall import Altered, Hall, board_at
from tests.agent.serving import serving
from tests.cast import VILLAGE, cast_in

FRONT = f"/log/{VILLAGE}"


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Hall]:
    cast = cast_in(tmp_path / "home")
    with board_at(cast) as url:
        yield Hall(tmp_path, cast, url)
    cast.board.database.close()


def listed(hall: Hall) -> dict[str, Any]:
    """Give the list as the board says it now."""
    found: dict[str, Any] = json.loads(fetch(f"{hall.url}/{LIST}").body)
    return found


def pulled(hall: Hall, lies: dict[str, bytes | None]) -> None:
    """Make contact with a board that answers otherwise than it should."""
    lies = {f"{FRONT}/{path}": body for path, body in lies.items()}
    with serving(Altered(hall.board, lies)) as url:
        Pull(f"{url}{FRONT}", hall.witness, hall.folder / "mirrors").once()


def says(hall: Hall, text: str) -> bool:
    """Say whether any file of the mirror has a text."""
    return any(text.encode() in path.read_bytes() for path in hall.everything())


def kept(hall: Hall) -> dict[str, bytes]:
    """Give what the mirror holds of bodies, by path."""
    return {
        f"{kind}/{name}": (hall.mirror / kind / name).read_bytes()
        for kind in ("body", "table", "file")
        for name in hall.files(kind)
    }


def emptied(hall: Hall) -> dict[str, bytes | None]:
    """Let the board list nothing as public."""
    return {LIST: json.dumps({**listed(hall), "bodies": [], "tables": [], "files": []}).encode()}


def test_what_a_board_hides_is_kept_and_said_aloud(hall: Hall) -> None:
    """All of it left out, or one body alone: nothing goes, each contact says so, and it mends."""
    hall.cast.published("subsidy")
    ledger: Notice = hall.cast.published("spending")
    hall.done()
    before = kept(hall)
    (single,) = (part.c for part in ledger.editions[0].parts if part.name == "text")
    one = listed(hall)
    one["bodies"].remove(single)
    for lies in (emptied(hall), {LIST: json.dumps(one).encode()}):
        with pytest.raises(NotValid, match="藏起来"):
            pulled(hall, lies)
        assert before == kept(hall)
        assert hall.cast.entries() == hall.confirmed(), "what leaves order was done"
    hall.pull.once()
    assert before == kept(hall)


def test_what_a_board_hides_of_its_first_day_is_said_too(hall: Hall) -> None:
    """A mirror that never had it cannot keep it, but knows that it should be there."""
    hall.cast.published("spending")
    hall.sign()
    with pytest.raises(NotValid, match="藏起来"):
        pulled(hall, emptied(hall))


def test_what_was_withdrawn_is_not_held_whatever_is_listed(hall: Hall) -> None:
    """The list as it was before, and every body with it."""
    notice = hall.cast.published("subsidy")
    hall.cast.published("spending")
    hall.done()
    old, bodies = listed(hall), kept(hall)
    hall.withdraw(notice.code)
    hall.sign()
    old["size"] = hall.cast.entries()
    pulled(hall, {**bodies, LIST: json.dumps(old).encode()})
    assert not says(hall, "陈桂花")
    assert says(hall, "买路灯")


def test_what_has_run_out_is_not_held_whatever_is_listed(hall: Hall) -> None:
    """By the date alone; within five minutes of it either clock may be right, and the list says."""
    hall.cast.published("subsidy", until=hall.cast.clock.now + 10 * DAY)
    hall.done()
    old, bodies, end = listed(hall), kept(hall), hall.cast.clock.now + 10 * DAY
    lies: dict[str, bytes | None] = {**bodies, LIST: json.dumps(old).encode()}
    hall.cast.clock.now = end - 60
    pulled(hall, lies)
    assert says(hall, "陈桂花")
    hall.pull.once()
    assert says(hall, "陈桂花")
    hall.cast.clock.now = end + 60
    pulled(hall, lies)
    assert says(hall, "陈桂花")
    hall.cast.clock.now = end + DAY
    pulled(hall, lies)
    assert not says(hall, "陈桂花")
    shutil.rmtree(hall.mirror)
    pulled(hall, lies)
    assert not says(hall, "陈桂花")


def test_without_the_rules_nothing_is_dropped_but_what_is_erased(hall: Hall) -> None:
    """A bundle that an entry names and nobody gives: then what is public cannot be said."""
    notice = hall.cast.published("subsidy")
    hall.done()
    before = kept(hall)
    rules = f"rules/{listed(hall)['rules']}"
    (hall.mirror / rules).unlink()
    hall.redact(notice.code, parts=("names",), rows=(1,))
    hall.sign()
    for said in (None, b"{}"):
        with pytest.raises(NotValid, match="规则"):
            pulled(hall, {**emptied(hall), rules: said})
        assert len(before) - 1 == len(kept(hall))
        assert not says(hall, "陈桂花")
    hall.pull.once()
    assert len(before) - 1 == len(kept(hall))
