"""The importer as commands call it: all drafts or none, and one JSON shape."""

from collections.abc import Callable
from hashlib import sha256
from io import BytesIO
from typing import Any

import pytest
import xlsxwriter
from msgspec.structs import replace
from sqlalchemy import event

from noticeboard import importing, shipped
from noticeboard.board import drafting
from noticeboard.core.days import DAY
from noticeboard.core.problems import NotFound, NotValid, Unavailable
from noticeboard.core.sheet.cells import address
from noticeboard.store import drafts
from noticeboard.store.drafts import Draft
from tests.cast import VILLAGE, Cast

LEDGER = [
    ["示例村2026年第一季度财务收支明细表"],
    ["单位：元"],
    ["日期", "凭证号", "摘要", "收入", "支出", "收款人"],
    ["", "", "上期结转", 1000, "", ""],
    ["2026-01-10", "记-1", "林地租金", 2000, "", ""],
    ["2026-02-03", "记-2", "付修机耕路", "", 500, "王建军"],
]
ROSTER = [
    ["示例村2026年耕地地力保护补贴发放名单"],
    ["单位：元"],
    ["组别", "姓名", "面积", "标准", "金额"],
    ["一组", "陈桂花", 3.25, 105, 341.25],
    ["三组", "刘满仓", 1.5, 105, 157.5],
    ["合计", "", "", "", 498.75],
]


def book(**sheets: list[list[Any]]) -> bytes:
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as workbook:
        for name, rows in sheets.items():
            sheet = workbook.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return out.getvalue()


def drawer(cast: Cast) -> list[Draft]:
    with cast.board.database.read() as tx:
        return list(drafts.of_village(tx, VILLAGE))


def test_each_sheet_becomes_a_draft(cast: Cast) -> None:
    """Two sheets, two drafts in their order, each with the hash of the file it came from."""
    data = book(收支=LEDGER, 名单=ROSTER)
    made = importing.take(cast.board, VILLAGE, data, "a.xlsx", cast.anna)
    assert ["spending", "subsidy"] == [draft.kind for draft in made]
    assert {sha256(data).hexdigest()} == {draft.source for draft in made}
    assert sorted(draft.code for draft in made) == sorted(draft.code for draft in drawer(cast))
    content = drafting.read_draft(made[0])
    assert sha256(data).hexdigest() == content.source


def test_an_imported_draft_can_be_submitted(cast: Cast) -> None:
    """What came in is whole: the second person sees it without another word typed."""
    cast.assess("耕地地力保护补贴")
    for draft in importing.take(
        cast.board, VILLAGE, book(收支=LEDGER, 名单=ROSTER), "a.xlsx", cast.anna
    ):
        done = drafting.submit(cast.board, VILLAGE, draft.code, cast.anna, seen=draft.version)
        assert done.notice is not None
    assert [] == drawer(cast)


def test_one_bad_sheet_keeps_all_out(cast: Cast) -> None:
    """Half a workbook would look like a whole one."""
    bad = [*ROSTER[:4], ["三组", "刘满仓", 1.5, 105, "约157"], ROSTER[5]]
    with pytest.raises(NotValid) as refused:
        importing.take(cast.board, VILLAGE, book(收支=LEDGER, 名单=bad), "a.xlsx", cast.anna)
    assert "名单!E5" in [finding.where for finding in refused.value.findings]
    assert [] == drawer(cast)


def test_checking_saves_nothing(cast: Cast) -> None:
    """To look is only to look."""
    checked = importing.check(cast.board, VILLAGE, book(收支=LEDGER), "a.xlsx")
    assert checked.ok
    assert [] == drawer(cast)


def test_the_same_file_again_gives_the_same_drafts(cast: Cast) -> None:
    """A second press of the button is not a second quarter."""
    data = book(收支=LEDGER)
    first = importing.take(cast.board, VILLAGE, data, "a.xlsx", cast.anna)
    again = importing.take(cast.board, VILLAGE, data, "a.xlsx", cast.cleo)
    assert [draft.code for draft in first] == [draft.code for draft in again]
    assert 1 == len(drawer(cast))


def test_a_kind_takes_only_its_sheets(cast: Cast) -> None:
    """Asked for the roster, the ledger beside it is left alone; asked in vain, it says so."""
    both = book(收支=LEDGER, 名单=ROSTER)
    made = importing.take(cast.board, VILLAGE, both, "a.xlsx", cast.anna, "roster")
    assert ["subsidy"] == [draft.kind for draft in made]
    missing = importing.check(cast.board, VILLAGE, book(收支=LEDGER), "a.xlsx", "roster")
    assert not missing.ok
    assert ["没有这一种表：“惠民补贴”"] == [problem.problem for problem in missing.errors]
    assert ["这份表格里是：财务收支。命令里 --kind 写的是要找的种类。"] == [
        problem.fix for problem in missing.errors
    ]


def test_the_json_is_what_the_commands_promise(cast: Cast) -> None:
    """One object, sums in fen, problems by sheet and cell, codes of the drafts."""
    data = book(收支=LEDGER)
    checked = importing.check(cast.board, VILLAGE, data, "a.xlsx")
    made = importing.keep(cast.board, checked, cast.anna)
    assert {
        "ok": True,
        "file_sha256": sha256(data).hexdigest(),
        "sheets": [
            {
                "name": "收支",
                "kind": "ledger",
                "rows": 2,
                "income_fen": 200_000,
                "expense_fen": 50_000,
                "amount_fen": 0,
            }
        ],
        "problems": [
            {
                "level": "warning",
                "sheet": "收支",
                "cell": "",
                "problem": "没有合计行，无法核对总数",
                "fix": checked.problems[0].fix,
            }
        ],
        "drafts": [made[0].code],
    } == importing.as_json(checked, made)


def test_a_file_that_cannot_be_opened_is_one_problem(cast: Cast) -> None:
    """The JSON has the same shape, with what is wrong and what to do."""
    checked = importing.check(cast.board, VILLAGE, b"hello", "a.xlsx")
    told = importing.as_json(checked)
    assert (False, [], []) == (told["ok"], told["sheets"], told["drafts"])
    assert [
        {
            "level": "error",
            "sheet": "",
            "cell": "",
            "problem": "这不是表格文件。",
            "fix": "请上传 .xlsx、.xls、.et、.ods 或 .csv 文件。",
        }
    ] == told["problems"]


LEAKS = {
    "phone": (5, 2, "问13912345678", "有一个手机号"),
    "identity": (4, 2, "４３９９９９１９９００１０１１２３９", "有一个完整的身份证号"),
    "card": (5, 5, "6222 0212 3456 7890 128", "有一个完整的银行卡号"),
    "title": (0, 0, "示例村2026年第一季度财务收支明细表 13912345678", "有一个手机号"),
}


@pytest.mark.parametrize(("row", "column", "text", "said"), LEAKS.values(), ids=LEAKS.keys())
def test_a_leak_is_named_at_its_cell(
    cast: Cast, row: int, column: int, text: str, said: str
) -> None:
    """What would become public is scanned before anything is saved, in full-width digits too."""
    rows = [list(line) for line in LEDGER]
    rows[row][column] = text
    checked = importing.check(cast.board, VILLAGE, book(收支=rows), "a.xlsx")
    assert not checked.ok
    found = [(p.cell, p.finding.text) for p in checked.errors]
    assert (address(row, column), said) in found
    assert [] == drawer(cast)


def test_the_villages_own_phone_may_stand_in_a_sheet(cast: Cast) -> None:
    """The number that the village publishes on purpose passes."""
    rows = [list(line) for line in LEDGER]
    rows[4][2] = "林地租金，问13800138000"
    assert importing.check(cast.board, VILLAGE, book(收支=rows), "a.xlsx").ok


def test_another_village_is_not_found(cast: Cast) -> None:
    """A code that is no village is refused as such."""
    with pytest.raises(NotFound):
        importing.check(cast.board, "nowhere", book(收支=LEDGER), "a.xlsx")


def test_an_import_that_fails_in_the_middle_leaves_nothing(
    home: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that fills up at the second of two drafts keeps the first out as well."""
    ledger = [*LEDGER, *(["2026-03-01", f"记-{n}", "付零工", "", 1, "王建军"] for n in range(400))]
    roster = [*ROSTER[:3], *(["一组", f"村民{n}", 1, 105, 105] for n in range(400))]
    checked = importing.check(home.board, VILLAGE, book(收支=ledger, 名单=roster), "a.xlsx")
    assert checked.ok, checked.problems
    with home.board.database.read() as tx:
        pages = tx.exec_driver_sql("PRAGMA page_count").scalar_one()
    first = replace(checked, plans=checked.plans[:1])
    with pytest.raises(Unavailable):
        _until_full(home, pages + 28, lambda: importing.keep(home.board, checked, home.anna))
    assert [] == drawer(home)
    _until_full(home, pages + 28, lambda: importing.keep(home.board, first, home.anna))
    assert 1 == len(drawer(home))
    assert 2 == len(importing.keep(home.board, checked, home.anna))
    assert 2 == len(drawer(home))


def _until_full(cast: Cast, pages: int, act: Callable[[], object]) -> None:
    # SQLite's own bound stands for the disk's edge.
    def bound(raw: Any, _record: Any) -> None:
        raw.execute(f"PRAGMA max_page_count={pages}")

    engine = cast.board.database.engine
    event.listen(engine, "connect", bound)
    engine.dispose()
    try:
        act()
    finally:
        event.remove(engine, "connect", bound)
        engine.dispose()


def test_the_words_for_a_terminal(cast: Cast) -> None:
    """Each sheet, each problem at its cell, and what was saved."""
    data = (shipped("data") / "demo" / "ledger-2026q1.xlsx").read_bytes()
    checked = importing.check(cast.board, VILLAGE, data, "ledger-2026q1.xlsx")
    said = list(importing.in_words(checked))
    assert any("财务收支，" in line and "支出" in line for line in said)
    assert "✓ 可以存成 1 份草稿；这次只看，没有存。" == said[-1]


def ledger_of(period: str, month: int, opening: int) -> bytes:
    return book(
        收支=[
            [f"示例村2026年{period}财务收支明细表"],
            ["单位：元"],
            ["日期", "凭证号", "摘要", "收入", "支出"],
            ["", "", "上期结转", opening, ""],
            [f"2026-0{month}-10", "记-1", "林地租金", 2000, ""],
            [f"2026-0{month}-13", "记-2", "付修机耕路", "", 500],
            ["合计", "", "", 2000, 500],
        ]
    )


def warned(cast: Cast, data: bytes) -> list[str]:
    checked = importing.check(cast.board, VILLAGE, data, "a.xlsx")
    return [problem.problem for problem in checked.warnings]


def test_a_quarter_goes_on_with_what_the_last_one_left(cast: Cast) -> None:
    """Also when the last one's period is over; a draft is nobody's word yet."""
    first, second = ledger_of("第一季度", 1, 1000), ledger_of("第二季度", 4, 2000)
    (draft,) = importing.take(cast.board, VILLAGE, first, "a.xlsx", cast.anna)
    assert [] == warned(cast, second)
    cast.up(drafting.submit(cast.board, VILLAGE, draft.code, cast.anna, seen=draft.version))
    said = (
        "“示例村2026年第一季度财务收支明细”公布的期末结余是 2,500.00 元，"
        "这张表的上期结余是 2,000.00 元，差 -500.00 元"
    )
    for _ in range(2):
        assert [said] == warned(cast, second)
        assert [] == warned(cast, ledger_of("第二季度", 4, 2500))
        assert [] == warned(cast, ledger_of("第三季度", 7, 2000))
        cast.clock.on(90 * DAY)
