"""What does not add up is named with its place and the difference; what says why is let through."""

from typing import Any

import pytest

from noticeboard.core.drafting import read
from noticeboard.core.particulars import KINDS, Kind
from noticeboard.core.sound import balance_gap, total_gap, unsound
from tests.cast import FORMS


def findings(kind: Kind, **typed: Any) -> list[str]:
    return [str(finding) for finding in unsound(read(kind, {**FORMS[kind], **typed}))]


def row(kind: Kind, index: int, **typed: str) -> list[dict[str, str]]:
    rows = [dict(held) for held in FORMS[kind]["rows"]]
    rows[index] |= typed
    return rows


@pytest.mark.parametrize("kind", KINDS)
def test_the_sound_forms_are_sound(kind: Kind) -> None:
    """Nothing is found where nothing is wrong."""
    assert [] == findings(kind)


def test_a_balance_must_roll() -> None:
    """Opening plus income minus expense is closing; the sentence gives the difference."""
    found = findings("spending", closing="2,450.01")
    assert [
        "本期结余：上期结转加收入减支出，和结余差 0.01 元。（2,450.01）请核对，或写明原因。"
    ] == found
    assert [] == findings("spending", closing="2,450.01", explanation="银行利息下月入账")
    content = read("spending", {**FORMS["spending"], "closing": "2,449.99"})
    assert -1 == balance_gap(content.particulars)  # type: ignore[arg-type]


@pytest.mark.parametrize(("income", "expense"), [("", ""), ("0", "0"), ("1", "1")])
def test_a_row_is_income_or_expense(income: str, expense: str) -> None:
    """Exactly one of the two, else nobody knows which way the money went."""
    rows = row("spending", 1, income=income, expense=expense)
    assert "收入和支出要填一个" in findings("spending", rows=rows, explanation="x")[0]


@pytest.mark.parametrize("word", ["其他", "其他支出", " 其他收入 "])
def test_other_is_no_purpose(word: str) -> None:
    """A villager asks: other what?"""
    assert "要写明是什么" in findings("spending", rows=row("spending", 1, summary=word))[0]


def test_a_roster_adds_up_row_by_row_and_in_all() -> None:
    """Quantity times standard is the amount, and the amounts are the total."""
    rows = row("subsidy", 0, amount="341.26")
    found = findings("subsidy", rows=rows)
    assert ["rows.0.amount", "total"] == [
        finding.field for finding in unsound(read("subsidy", {**FORMS["subsidy"], "rows": rows}))
    ]
    assert "数量乘标准是 341.25 元，差 0.01 元。" in found[0]
    assert "各户加起来和合计差 -0.01 元。" in found[1]
    assert [] == findings("subsidy", rows=rows, explanation="四舍五入")
    content = read("subsidy", {**FORMS["subsidy"], "rows": rows})
    assert -1 == total_gap(content.particulars)  # type: ignore[arg-type]


def test_an_empty_roster_is_no_roster() -> None:
    """A list of nobody says nothing."""
    assert "名单是空的" in findings("subsidy", rows=[], total="0")[0]


def test_only_a_change_may_be_negative() -> None:
    """A contract may become cheaper; a payment is never negative."""
    assert "只有变更可以是负数" in findings("project", rows=row("project", 1, amount="-1"))[0]
    assert [] == findings("project", rows=row("project", 1, step="change", amount="-1"))


def test_a_project_says_something() -> None:
    """A title alone is no project."""
    assert "请至少写一步" in findings("project", rows=[], facts=[])[0]
    assert [] == findings("project", rows=[], facts=[], lead="引水五次，改成蓄水")


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"present": "36"}, "实到比应到多"),
        ({"recused": "1"}, "票数比能投票的人多"),
        ({"in_favour": "29"}, "票数比能投票的人多"),
        ({"papers": "1"}, "没有这个附件"),
        ({"step": "1"}, "同一步写了两次"),
    ],
)
def test_votes_and_dates_of_a_decision_are_counted(typed: dict[str, str], says: str) -> None:
    """More present than due, more votes than voters, a file that is not there, a step twice."""
    assert any(says in found for found in findings("decision", rows=row("decision", 1, **typed)))


def test_an_announcement_ends_after_it_starts() -> None:
    """Twelve o'clock is not before eight."""
    assert "结束要在开始之后" in findings("announcement", ends="2026-01-10T08:00")[0]


def test_a_decision_without_any_record_is_none() -> None:
    """Six steps of 未见记录 tell a villager nothing: at least one must have taken place."""
    rows = [{"step": str(step), "recorded": "no"} for step in range(1, 7)]
    decision = read("decision", {"title": "修路", "matter": "修路", "rows": rows})
    assert any("有记录" in finding.text for finding in unsound(decision))


@pytest.mark.parametrize(
    ("kind", "total", "typed", "says"),
    [
        ("asset", "net", "40,100.51", "净值合计：各行加起来和合计差 0.01 元。"),
        ("asset", "original", "51,199.99", "原值合计：各行加起来和合计差 -0.01 元。"),
        ("labour", "total", "660.01", "工钱合计：各行加起来和合计差 0.01 元。"),
    ],
)
def test_the_rows_of_a_register_are_its_total(
    kind: Kind, total: str, typed: str, says: str
) -> None:
    """To the fen; a difference is accepted where it is explained, and published with it."""
    (found,) = findings(kind, **{total: typed})
    assert found.startswith(says)
    assert [] == findings(kind, **{total: typed}, explanation="尾数抹去")


@pytest.mark.parametrize("total", ["original", "net"])
def test_a_total_that_nobody_stated_differs_from_nothing(total: str) -> None:
    """A register need not state a total; then none is compared."""
    assert [] == findings("asset", **{total: ""})


@pytest.mark.parametrize("kind", ["asset", "contract", "labour", "table"])
def test_an_empty_register_is_no_register(kind: Kind) -> None:
    """A table of nothing says nothing."""
    totals = {"original": "", "net": ""} if kind == "asset" else {"total": "0"}
    assert "是空的" in findings(kind, rows=[], **totals)[0]


def test_a_contract_ends_after_it_begins() -> None:
    """Where both days are stated."""
    found = findings("contract", rows=row("contract", 1, ends="2024-02-29"))
    assert "到期在开始之前" in found[0]
    assert [] == findings("contract", rows=row("contract", 1, ends=""))


def test_two_columns_have_two_names() -> None:
    """A row's cells are told apart by them."""
    columns = [dict(column) for column in FORMS["table"]["columns"]]
    columns[3]["label"] = columns[0]["label"]
    assert "两列叫一样的名字" in findings("table", columns=columns)[0]
