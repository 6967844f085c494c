"""What a clerk decides is done, is remembered for the layout, and never opens what is private."""

from typing import Any

import msgspec
import pytest

from noticeboard.core.particulars import Spending, Subsidy
from noticeboard.core.sheet import About, Choices, SheetChoice
from tests.core.sheet.sheets import (
    ABOUT,
    errors,
    ledger,
    roster,
    sheet,
    tables,
    understood,
    warnings,
)


def choice(name: str = "收支", **more: Any) -> Choices:
    return Choices(sheets=(SheetChoice(sheet=name, **more),))


def chosen(rows: list[list[Any]], choices: Choices, name: str = "收支", **more: Any) -> Any:
    about = more.pop("about", ABOUT)
    return understood(sheet(name, rows, **more), about=about, sheets=choices.sheets)


def test_choices_travel_as_json() -> None:
    """Between the preview and the importer decisions are JSON; nothing of them is lost."""
    choices = Choices(
        sheets=(
            SheetChoice(sheet="收支", columns={"C": "drop"}, units={"D": "wan"}),
            SheetChoice(sheet="收支", table=2, kind="skip", explained={"E17": "银行利息"}),
        )
    )
    assert choices == msgspec.json.decode(msgspec.json.encode(choices), type=Choices)
    assert b'{"sheet":"a"}' == msgspec.json.encode(SheetChoice(sheet="a"))
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(b'{"sheet":"a","column":{}}', type=SheetChoice)


def test_a_column_is_given_its_field() -> None:
    """A header that nobody knows is taken for what the clerk says it is."""
    rows = ledger()
    rows[2][2] = "干了啥"
    found = understood(sheet("收支", rows))
    assert not found.ok
    found = chosen(rows, choice(columns={"C": "summary"}))
    assert [] == errors(found)
    column = found.sheets[0].columns[2]
    assert ("taken", "summary", "choice") == (column.fate, column.field, column.by)
    assert "林地租金" == found.contents[0].particulars.rows[0].summary


def test_the_clerk_s_column_wins() -> None:
    """Of two columns for one field the chosen one is taken, and the other stays behind."""
    rows = roster()
    rows[2].append("实发")
    for line, amount in zip(rows[3:], [200, 300, 400, 900], strict=True):
        line.append(amount)
    found = chosen(rows, choice("名单", columns={"G": "amount", "D": "drop"}), "名单")
    assert [] == errors(found)
    assert 90_000 == found.sheets[0].amount_fen
    assert {"D列“面积（亩）”", "F列“金额（元）”"} <= set(found.sheets[0].dropped)


def test_a_column_is_given_its_unit() -> None:
    """One column in 万元 among others in 元."""
    rows = ledger()
    for line in rows[4:7]:
        line[3] = line[3] and 0.2
    rows[5][3] = None
    found = chosen(rows, choice(units={"D": "wan"}))
    assert [] == errors(found)
    assert 200_000 == found.sheets[0].income_fen


@pytest.mark.parametrize(
    "flows", [{"D": "income", "E": "expense"}, {"D": "expense", "E": "income"}]
)
def test_debit_and_credit_are_asked_once_per_column(flows: dict[str, str]) -> None:
    """借方 is nobody's guess outside of a journal; answered, it is what was answered."""
    rows = ledger("示例村2026年第一季度明细账")
    rows[2][3:5] = ["借方", "贷方"]
    if flows["D"] == "expense":
        for line in rows[4:7]:
            line[5] = None
    asked = understood(sheet("收支", rows))
    assert [("D", "flow"), ("E", "flow")] == [(q.column, q.about) for q in asked.questions]
    assert [("income", "收入"), ("expense", "支出")] == list(asked.questions[0].answers)
    assert not asked.ok
    assert not asked.contents
    found = chosen(rows, choice(flows=flows))
    assert ((), []) == (found.questions, errors(found))
    income, expense = (200_000, 50_000) if flows["D"] == "income" else (50_000, 200_000)
    assert (income, expense) == (found.sheets[0].income_fen, found.sheets[0].expense_fen)


def test_a_sheet_is_left_out() -> None:
    """Skipped, a sheet is named among what stayed behind and asks nothing more."""
    rows = ledger()
    rows[6][3] = 1
    found = understood(
        sheet("收支", rows), sheet("名单", roster()), sheets=choice(kind="skip").sheets
    )
    assert found.ok
    assert "工作表“收支”，按您的选择" in found.dropped
    assert ["名单"] == [reading.name for reading in found.sheets]


def test_one_table_of_a_sheet_is_left_out() -> None:
    """A choice is about one table, not about all that share its sheet."""
    both = sheet("三月", [*ledger(), [], *roster()])
    found = understood(both, sheets=(SheetChoice(sheet="三月", table=1, kind="skip"),))
    assert [("roster", 2)] == [(reading.kind, reading.table) for reading in found.sheets]


def test_a_kind_is_given() -> None:
    """A list of wages is no subsidy until the clerk says so; then it is read as one."""
    rows = roster("示例村2026年3月卫生保洁人员名单")
    found = understood(sheet("名单", rows), sheet("收支", ledger()))
    assert found.sheets[0].kind is None
    assert ["这张名单看不出是什么补贴，没有带入"] == [p.problem for p in found.sheets[0].problems]
    assert "roster" in found.sheets[0].offers
    found = chosen(rows, choice("名单", kind="roster"), "名单")
    assert isinstance(found.contents[0].particulars, Subsidy)


def test_what_is_private_stays_private() -> None:
    """No choice takes in an identity number, a card or a hidden column; the clerk is told."""
    rows = roster()
    rows[2] += ["身份证号", "记号"]
    for line in rows[3:6]:
        line += ["439999196805120015", "甲"]
    wanted = choice("名单", columns={"G": "remark", "H": "remark"})
    found = chosen(rows, wanted, "名单", hidden_columns=frozenset({7}))
    fates = {column.letter: column.fate for column in found.sheets[0].columns}
    assert ("private", "hidden") == (fates["G"], fates["H"])
    assert "这些列不能公开，没有按您选的带入：G3、H3" in warnings(found)
    assert b"4399991968" not in msgspec.json.encode(found.contents)
    assert "甲".encode() not in msgspec.json.encode(found.contents)


def test_hidden_rows_are_taken_in_or_left_out_aloud() -> None:
    """By default a hidden line counts and is named; left out, its reason is published."""
    rows = ledger()
    rows.insert(5, ["2026-01-08", "记-9", "作废的一笔", None, 7, None])
    hidden = frozenset({5})
    taken = chosen(rows, choice(), hidden_rows=hidden)
    assert "这些行是隐藏的，照样计入：A6" in warnings(taken)
    assert 3 == taken.sheets[0].rows
    found = chosen(rows, choice(hidden_rows={"6": "填错作废"}), hidden_rows=hidden)
    assert [] == errors(found)
    assert "这些隐藏的行没有列入，原因会一起公开：A6" in warnings(found)
    stated = found.contents[0].particulars
    assert isinstance(stated, Spending)
    assert (2, "表中第 6 行（支出 7.00 元）没有列入：填错作废。") == (
        len(stated.rows),
        stated.explanation,
    )


def test_only_hidden_rows_are_left_out() -> None:
    """A line that everybody sees cannot be left out by a choice, nor without a reason."""
    rows = ledger()
    found = chosen(rows, choice(hidden_rows={"5": "不要", "6": " "}), hidden_rows=frozenset({5}))
    assert 2 == found.sheets[0].rows


# Next quarter.


def test_decisions_are_remembered_for_the_layout() -> None:
    """The same header next quarter is read as it was decided, though title and year differ."""
    rows = ledger()
    rows[2][2] = "干了啥"
    first = chosen(rows, choice(columns={"C": "summary"}, explained={"D7": "x"}))
    reading = first.sheets[0]
    remembered = About(
        village="示例村",
        remembered={reading.layout: SheetChoice(sheet="收支", columns={"C": "summary"})},
    )
    later = ledger("示例村2026年第二季度财务收支明细表", 4)
    later[2][2] = "干了啥"
    found = understood(sheet("二季度", later), about=remembered)
    assert found.ok
    assert found.sheets[0].remembered
    assert reading.layout == found.sheets[0].layout


def test_what_is_decided_now_goes_first() -> None:
    """A remembered decision gives way to today's."""
    before = SheetChoice(sheet="a", kind="ledger", columns={"A": "drop", "B": "date"})
    now = SheetChoice(sheet="b", columns={"B": "voucher"}, dates={"A1": "2026-01-01"})
    both = now.over(before)
    assert ("b", "ledger", {"A": "drop", "B": "voucher"}) == (both.sheet, both.kind, both.columns)
    assert {} == both.lasting.dates
    assert both.columns == both.lasting.columns


def test_another_header_is_another_layout() -> None:
    """A column more, less or elsewhere, and nothing that was remembered is applied."""
    prints = set()
    for change in (
        lambda head: None,
        lambda head: head.append("备注"),
        lambda head: head.reverse(),
    ):
        rows = ledger()
        change(rows[2])
        prints |= {table.layout for table in tables(sheet("收支", rows))}
    assert 3 == len(prints)
    (one,), (other,) = (
        tables(sheet("收支", [["x"], [f"{year}年", None, "摘要", "收入"], ["月", "日"]]))
        for year in (2026, 2027)
    )
    assert one.layout == other.layout


def test_a_sum_is_explained_in_writing() -> None:
    """An explained difference is a warning, and what was written stands beside the figures."""
    rows = ledger()
    rows[6][3] = 2001
    found = understood(sheet("收支", rows))
    (problem,) = [p for p in found.problems if p.level == "error"]
    assert (100, True) == (problem.gap, problem.explainable)
    found = chosen(rows, choice(explained={"D7": "银行利息下月入账"}))
    assert [] == errors(found)
    assert (
        "“合计”一行的“收入”写的是 2,001.00 元，"
        "算出来是 2,000.00 元，多 1.00 元。原因：银行利息下月入账。"
    ) == found.contents[0].particulars.explanation
