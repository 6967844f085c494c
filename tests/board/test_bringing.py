"""What an import brings to what is there: parts of a long sheet, the same rows again, warnings."""

from typing import Any

import pytest
from msgspec.structs import replace

from noticeboard import importing
from noticeboard.board import drafting
from noticeboard.core.drafting import read
from noticeboard.core.particulars import Content, Spending, Subsidy
from noticeboard.core.sheet import Choices, SheetChoice
from noticeboard.core.sound import unsound
from noticeboard.importing.comparing import aligned, news
from noticeboard.importing.splitting import parts
from noticeboard.store import layouts
from tests.board.test_importing import LEDGER, ROSTER, book
from tests.cast import FORMS, VILLAGE, Cast


def content(kind: Any = "spending", **typed: Any) -> Content:
    return read(kind, {**FORMS[kind], **typed})


def ledger(rows: int) -> Content:
    lines = [
        {"date": f"2026-0{n % 3 + 1}-1{n % 9}", "summary": f"付零工{n}", "expense": "1"}
        for n in range(rows)
    ]
    return content(rows=lines, opening="100", closing=str(100 - rows))


def test_a_long_ledger_is_parted_by_month(cast: Cast) -> None:
    """Each part adds up by itself, opens where the last one closed, and no row is lost."""
    whole = ledger(30)
    made = parts(whole, 12)
    assert [(), (), ()] == [unsound(part) for part in made]
    ledgers = [part.particulars for part in made]
    assert all(isinstance(one, Spending) for one in ledgers)
    assert [10, 10, 10] == [len(one.rows) for one in ledgers]
    closings = [one.closing for one in ledgers if isinstance(one, Spending)]
    openings = [one.opening for one in ledgers if isinstance(one, Spending)]
    assert [10_000, *closings[:-1]] == openings
    assert 7_000 == closings[-1]
    assert ["2026年1月", "2026年2月", "2026年3月"] == [p.title[-8:-1] for p in made]
    assert (whole,) == parts(whole, 30)
    assert 6 == len(parts(whole, 5))
    assert [range(1, 6)] * 6 == [
        range(p.particulars.rows[0].id, p.last_row + 1) for p in parts(whole, 5)
    ]


def test_a_long_roster_is_parted_by_group(cast: Cast) -> None:
    """Groups stay whole as far as they fit; an explained difference stays in the last part."""
    groups = ["一组"] * 4 + ["二组"] * 3 + ["三组"] * 9
    rows = [{"group": g, "name": f"村民{n}", "amount": "10"} for n, g in enumerate(groups)]
    whole = content("subsidy", rows=rows, total="161", explanation="多打了一元")
    made = parts(whole, 8)
    assert [7, 8, 1] == [len(part.particulars.rows) for part in made]
    assert "（一组至二组）" == made[0].title[-7:]
    rosters = [part.particulars for part in made]
    assert [7_000, 8_000, 1_100] == [r.total for r in rosters if isinstance(r, Subsidy)]
    assert [(), (), ()] == [unsound(part) for part in made]


def test_the_same_rows_keep_their_ids(cast: Cast) -> None:
    """A row that moved, changed its amount or its words is the same; a new one is new."""
    old = content()
    lines = FORMS["spending"]["rows"]
    moved = [{**lines[2], "expense": "60"}, lines[0], {**lines[1], "summary": "修三组机耕路"}]
    added = {"date": "2026-03-30", "summary": "买沙", "expense": "5"}
    new = aligned(content(rows=[*moved, added], closing="2435"), old)
    assert [3, 1, 2, 4] == [row.id for row in new.particulars.rows]
    assert {(None, "closing"), (3, "expense"), (2, "summary"), (4, "")} == {
        (one.row, one.field) for one in news(new, old)
    }
    gone = aligned(content(rows=lines[:2], closing="2500"), old)
    assert (3, "") in {(one.row, one.field) for one in news(gone, old)}


def test_what_was_typed_at_the_desk_stays(cast: Cast) -> None:
    """The title, the item of the catalogue and a row's project are in no workbook."""
    lines = [{**FORMS["spending"]["rows"][0], "project": "ABCD1234"}]
    old = content(title="写好的标题", rows=lines, closing="3000")
    new = aligned(content(rows=FORMS["spending"]["rows"][:1], item="", closing="3000"), old)
    assert () == news(new, old)
    assert ("写好的标题", "D17") == (new.title, new.item)


def test_what_is_there_already_is_said(cast: Cast) -> None:
    """Rows that another notice states, and a period that it is about, are warnings."""
    cast.published("subsidy", title="耕地补贴", covers="2026")
    checked = importing.check(cast.board, VILLAGE, book(名单=ROSTER), "a.xlsx")
    assert ["published"] == [plan.into for plan in checked.plans]
    anew = importing.check(cast.board, VILLAGE, book(名单=ROSTER), "a.xlsx", anew=frozenset({0}))
    assert ["new"] == [plan.into for plan in anew.plans]
    assert any("“耕地补贴”" in problem.problem for problem in anew.warnings)


def test_what_is_in_review_is_left_alone(cast: Cast) -> None:
    """Nobody may change it: a changed workbook is a draft of its own, and a warning says so."""
    (draft,) = importing.take(cast.board, VILLAGE, book(收支=LEDGER), "a.xlsx", cast.anna)
    drafting.submit(cast.board, VILLAGE, draft.code, cast.anna, seen=draft.version)
    changed = [*LEDGER[:5], ["2026-02-03", "记-2", "付修机耕路", "", 600, "王建军"]]
    checked = importing.check(cast.board, VILLAGE, book(收支=changed), "a.xlsx")
    said = "“示例村2026年第一季度财务收支明细”正在审，不能改，这张表会另存成一份新的草稿"
    assert said in {problem.problem for problem in checked.warnings}
    (fresh,) = importing.keep(cast.board, checked, cast.anna)
    assert (draft.typed["title"], True) == (fresh.typed["title"], fresh.code != draft.code)
    again = importing.check(cast.board, VILLAGE, book(收支=changed), "a.xlsx")
    assert [(fresh.code, True)] == [(plan.code, plan.nothing_new) for plan in again.plans]
    same = importing.check(cast.board, VILLAGE, book(收支=LEDGER), "a.xlsx")
    assert same.ok


@pytest.mark.parametrize("kept", [{"columns": {"F": "payee"}}, {"units": {"E": "wan"}}])
def test_how_a_layout_is_read_is_remembered(cast: Cast, kept: dict[str, Any]) -> None:
    """Only what holds for the next sheet too, and only of what became a draft."""
    choices = Choices(sheets=(SheetChoice(sheet="收支", explained={"A1": "x"}, **kept),))
    lines = [[*LEDGER[2][:5], "给谁"], *LEDGER[3:]]
    data = book(收支=[*LEDGER[:2], *lines])
    checked = importing.check(cast.board, VILLAGE, data, "a.xlsx", choices=choices)
    with cast.board.database.read() as tx:
        assert {} == layouts.of_village(tx, VILLAGE)
    importing.keep(cast.board, checked, cast.anna)
    with cast.board.database.read() as tx:
        (choice,) = layouts.of_village(tx, VILLAGE).values()
    assert choice == replace(SheetChoice(sheet="收支"), **kept)
    again = importing.check(cast.board, VILLAGE, book(收支=[*LEDGER[:2], *lines[:-1]]), "b.xlsx")
    assert again.sheets[0].remembered
