"""Workbooks between preview and confirmation: in memory, bounded, one clerk's alone, for a time."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from noticeboard.core.problems import NotFound, NotNow
from noticeboard.core.sheet import Choices
from noticeboard.show.render import render
from noticeboard.store import people
from noticeboard.web import held
from noticeboard.web.held import Shelf, Workbook
from noticeboard.web.import_pages import reading_page
from tests.cast import VILLAGE, Cast, cast_in
from tests.web.test_imports import LEDGER, book


@pytest.fixture
def cast(tmp_path: Path) -> Iterator[Cast]:
    cast = cast_in(tmp_path / "home")
    yield cast
    cast.board.database.close()


def put(shelf: Shelf, who: int = 1, name: str = "收支.xlsx") -> Workbook:
    """Hold a sound ledger and wait until it is read."""
    held_ = shelf.put(who, VILLAGE, name, book(*LEDGER))
    assert shelf.wait(held_, 60)
    return held_


def test_the_oldest_goes_where_there_is_no_more_room(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So many files and so many bytes together; whoever finds theirs gone is told what to do."""
    shelf = Shelf(cast.board)
    first, second = put(shelf), put(shelf)
    monkeypatch.setattr(held, "MOST", 2)
    third = put(shelf)
    with pytest.raises(NotFound, match="请回到办公桌再拖一次"):
        shelf.get(first.token, 1, VILLAGE)
    assert second is shelf.get(second.token, 1, VILLAGE)
    monkeypatch.setattr(held, "MOST_BYTES", 2 * len(third.data) - 1)
    fourth = put(shelf)
    with pytest.raises(NotFound):
        shelf.get(third.token, 1, VILLAGE)
    assert fourth is shelf.get(fourth.token, 1, VILLAGE)


def test_what_was_understood_is_read_again_where_memory_is_short(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bytes stay, and so does the version that the clerk saw."""
    monkeypatch.setattr(held, "MOST_ROWS", 3)
    shelf = Shelf(cast.board)
    first = put(shelf)
    second = put(shelf)
    assert (None, True) == (first.checked, second.checked is not None)
    again = shelf.get(first.token, 1, VILLAGE)
    assert shelf.wait(again, 60)
    assert (1, True) == (again.version, again.checked is not None and again.checked.ok)


def test_a_token_is_one_clerks_in_one_village_for_half_an_hour(cast: Cast) -> None:
    """Nobody else's, nowhere else, and not when the clock has been set back either."""
    shelf = Shelf(cast.board)
    mine = put(shelf)
    for account, village in ((2, VILLAGE), (1, "430000102")):
        with pytest.raises(NotFound):
            shelf.get(mine.token, account, village)
    cast.clock.on(held.SECONDS)
    assert mine is shelf.get(mine.token, 1, VILLAGE)
    cast.clock.on()
    with pytest.raises(NotFound):
        shelf.get(mine.token, 1, VILLAGE)


def test_only_what_was_seen_is_changed(cast: Cast) -> None:
    """Two windows on one workbook: the slower one looks again before it decides."""
    shelf = Shelf(cast.board)
    mine = put(shelf)
    shelf.change(mine, Choices(kind="ledger"), frozenset(), 1)
    with pytest.raises(NotNow):
        shelf.change(mine, Choices(), frozenset(), 1)
    assert shelf.wait(mine, 60)
    assert (2, Choices(kind="ledger")) == (mine.version, mine.choices)


def test_a_long_read_says_how_far_it_is(cast: Cast) -> None:
    """The lines so far, and a page that looks again by itself, without a script."""
    waiting = Workbook(cast.accounts["anna"], VILLAGE, "收支.xlsx", b"", cast.clock.now)
    waiting.lines = 65_000
    with cast.board.database.read() as tx:
        anna = people.by_id(tx, cast.accounts["anna"])
    html = render(reading_page(cast.board, anna, waiting)).body.decode()
    assert "已经读了 65000 行" in html
    assert f'http-equiv="refresh" content="2; url=/desk/{VILLAGE}/import/{waiting.token}"' in html
    assert "<script" not in html


def test_after_a_restart_it_is_said_why_a_workbook_is_gone(cast: Cast) -> None:
    """Another process holds nothing: who comes to it is told so, and what to do."""
    first = put(Shelf(cast.board))
    with pytest.raises(NotFound) as refused:
        Shelf(cast.board).get(first.token, 1, VILLAGE)
    assert "机器重新开过也不留" in refused.value.findings[0].fix
    assert "再拖一次" in refused.value.findings[0].fix
