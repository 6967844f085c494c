"""Made sheets read clean, and one number that was changed is found at its cell."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from noticeboard.core.money import times, yuan
from noticeboard.core.particulars import Spending, Subsidy
from noticeboard.core.sheet import (
    About,
    Book,
    Choices,
    Headers,
    Sheet,
    SheetChoice,
    Understood,
    understand,
)
from noticeboard.core.sheet.amounts import fen, thousandths
from noticeboard.core.sheet.cells import Merge
from noticeboard.formats import workbook

STYLES: list[Callable[[int], Any]] = [
    yuan,
    lambda fen: Decimal(fen) / 100,
    lambda fen: f"￥{yuan(fen)}",
    lambda fen: f"{Decimal(fen) / 100:f}元",
    lambda fen: f"{Decimal(fen) / 1_000_000:f}万",
    lambda fen: f"'{yuan(fen)}",
    lambda fen: yuan(fen).translate(str.maketrans("0123456789.,", "０１２３４５６７８９．，")),
]


@pytest.fixture(scope="module")
def headers() -> Headers:
    return workbook.headers()


def read(headers: Headers, rows: list[list[Any]], **more: Any) -> Understood:
    choice = SheetChoice(sheet="表", explained=more.pop("explained", {}))
    sheet = Sheet(name="表", rows=tuple(map(tuple, rows)), **more)
    about = About(village="示例村")
    return understand(Book((sheet,)), headers, about, Choices(sheets=(choice,)))


def problems(understood: Understood) -> list[tuple[str, str]]:
    return [(p.cell, p.problem) for p in understood.problems]


@st.composite
def ledgers(draw: st.DrawFn) -> tuple[list[list[Any]], list[tuple[int, int]]]:
    """Make a ledger with page sums, months' totals and a running balance, all of them right.

    Gives the rows, and every cell whose number is held against others: on data lines the amounts
    and balances, below them the sums.
    """
    style = STYLES[draw(st.integers(0, len(STYLES) - 1))]
    balance = draw(st.integers(0, 10**8))
    rows: list[list[Any]] = [
        ["示例村2026年第一季度财务收支明细公开表"],
        ["单位:元"],
        ["日期", "凭证号", "摘要", "收入", "支出", "余额"],
        [None, None, "上期结转", None, None, style(balance)],
    ]
    cells: list[tuple[int, int]] = []
    total = {3: 0, 4: 0}
    mark = draw(st.sampled_from(("本月合计", "本页小计", "小计", None)))
    for month in (1, 2, 3):
        part = {3: 0, 4: 0}
        for line in range(draw(st.integers(1, 4))):
            column = draw(st.sampled_from((3, 4)))
            amount = draw(st.integers(1, 10**7))
            balance += amount if column == 3 else -amount
            part[column] += amount
            row = [f"{month}月{line + 1}日", f"记-{len(rows)}", f"第{len(rows)}笔", None, None]
            row[column] = style(amount)
            cells += [(len(rows), column), (len(rows), 5)]
            rows.append([*row, style(balance) if balance >= 0 else Decimal(balance) / 100])
        total = {column: total[column] + part[column] for column in total}
        if mark:
            cells += [(len(rows), 3), (len(rows), 4)]
            rows.append([mark, None, None, style(part[3]), style(part[4]), None])
            if mark == "本页小计" and month < 3:
                rows.append(list(rows[2]))
    for whole in ("合计", "累计"):
        cells += [(len(rows), 3), (len(rows), 4)]
        rows.append([whole, None, None, style(total[3]), style(total[4]), None])
    return rows, cells


@given(made=ledgers())
def test_a_made_ledger_reads_clean(
    headers: Headers, made: tuple[list[list[Any]], list[tuple[int, int]]]
) -> None:
    """Whatever its style, its page sums and its repeated headers: not a word of complaint."""
    rows, _ = made
    understood = read(headers, rows)
    assert () == understood.problems
    assert understood.ok
    stated = understood.contents[0].particulars
    assert isinstance(stated, Spending)
    moved = sum(row.income - row.expense for row in stated.rows)
    assert stated.closing == stated.opening + moved


@given(made=ledgers(), data=st.data(), by=st.integers(1, 10**6))
def test_one_changed_number_is_found_at_its_cell(
    headers: Headers,
    made: tuple[list[list[Any]], list[tuple[int, int]]],
    data: st.DataObject,
    by: int,
) -> None:
    """An amount, a balance or a sum that is too large by some fen: one problem, there."""
    rows, cells = made
    row, column = data.draw(st.sampled_from(cells))
    before = read(headers, rows)
    rows[row][column] = Decimal((fen(rows[row][column]) or 0) + by) / 100
    found = read(headers, rows)
    assert before.ok
    assert [f"{'ABCDEF'[column]}{row + 1}"] == [p.cell for p in found.problems]
    assert [by] == [p.gap for p in found.problems]
    assert found.problems[0].explainable


@st.composite
def rosters(draw: st.DrawFn) -> tuple[list[list[Any]], list[tuple[int, int]]]:
    """Make a roster of some groups with subtotals and a total; give every number but standards."""
    standard = draw(st.integers(100, 50_000))
    rows: list[list[Any]] = [
        ["示例村2026年耕地地力保护补贴发放花名册"],
        ["单位:元"],
        ["组别", "姓名", "面积(亩)", "标准(元/亩)", "金额(元)"],
    ]
    cells: list[tuple[int, int]] = []
    area = money = 0
    for group in "一二三"[: draw(st.integers(1, 3))]:
        in_group = [0, 0]
        for _ in range(draw(st.integers(1, 4))):
            quantity = draw(st.integers(1000, 20_000))
            amount = times(quantity, standard)
            in_group = [in_group[0] + quantity, in_group[1] + amount]
            cells += [(len(rows), 2), (len(rows), 4)]
            rows.append([f"{group}组", f"石{chr(0x4E00 + len(rows))}", Decimal(quantity) / 1000,
                         Decimal(standard) / 100, Decimal(amount) / 100])  # fmt: skip
        cells += [(len(rows), 2), (len(rows), 4)]
        rows.append([f"{group}组小计", None, Decimal(in_group[0]) / 1000, None, yuan(in_group[1])])
        area, money = area + in_group[0], money + in_group[1]
    cells += [(len(rows), 2), (len(rows), 4)]
    rows.append(["合计", None, Decimal(area) / 1000, None, yuan(money)])
    return rows, cells


@given(made=rosters(), data=st.data(), by=st.integers(1001, 10**6))
def test_one_changed_number_of_a_roster_is_found_at_its_cell(
    headers: Headers,
    made: tuple[list[list[Any]], list[tuple[int, int]]],
    data: st.DataObject,
    by: int,
) -> None:
    """An area, an amount, a subtotal or a total: clean before, and one problem there after."""
    rows, cells = made
    assert () == read(headers, rows).problems
    row, column = data.draw(st.sampled_from(cells))
    if column == 2:
        rows[row][column] = Decimal((thousandths(rows[row][column]) or 0) + by) / 1000
    else:
        rows[row][column] = Decimal((fen(rows[row][column]) or 0) + by) / 100
    found = read(headers, rows).problems
    assert [f"{'ABCDE'[column]}{row + 1}"] == [p.cell for p in found]
    assert [by if column == 4 else None] == [p.gap for p in found]
    assert found[0].explainable


def spending(found: Understood) -> Spending:
    stated = found.contents[0].particulars
    assert isinstance(stated, Spending)
    return stated


def ledger(*lines: list[Any]) -> list[list[Any]]:
    return [
        ["示例村2026年第一季度财务收支明细公开表 单位:元"],
        ["日期", "凭证号", "摘要", "收入", "支出", "余额"],
        [None, None, "上期结转", None, None, 1000],
        *lines,
    ]


def test_a_difference_that_was_explained_is_published_with_its_explanation(
    headers: Headers,
) -> None:
    """At its cell it becomes a warning, with the difference in yuan; another cell's does not."""
    rows = ledger(
        ["1月5日", "记-1", "付电费", None, 100, 900],
        ["1月6日", "记-2", "付水费", None, 50, 850],
        ["合计", None, None, 0, 145, 850],
    )
    assert [
        ("E6", "“合计”对不上：各行相加是 150.00 元，表上是 145.00 元，差 -5.00 元")
    ] == problems(read(headers, rows))
    assert not read(headers, rows, explained={"E5": "不是这一格"}).ok
    told = read(headers, rows, explained={"E6": "手续费 5 元下季入账"})
    assert told.ok
    assert ["warning"] == [p.level for p in told.problems]
    assert (
        "“合计”一行的“支出”写的是 145.00 元，"
        "算出来是 150.00 元，少 5.00 元。原因：手续费 5 元下季入账。"
    ) == spending(told).explanation


def test_a_wrong_amount_between_right_balances_is_told_at_the_amount(headers: Headers) -> None:
    """Balance and total agree against it, so neither of them is blamed."""
    rows = ledger(
        ["1月5日", "记-1", "付电费", None, 110, 900],
        ["1月6日", "记-2", "付水费", None, 50, 850],
        ["合计", None, None, 0, 150, 850],
    )
    assert [
        ("E4", "这一笔和余额、合计都对不上：应为 100.00 元，表上是 110.00 元，差 10.00 元")
    ] == problems(read(headers, rows))


def test_red_numbers_are_less_than_nothing(headers: Headers) -> None:
    """红字冲销 is a bookkeeper's minus, and said; a column all in red is only painted."""
    rows = ledger(
        ["1月5日", "记-1", "付电费", None, 100, 900],
        ["1月6日", "记-2", "付水费", None, 50, 850],
        ["1月7日", "记-3", "冲回水费", None, 20, 870],
        ["合计", None, None, 0, 130, 870],
    )
    found = read(headers, rows, red=frozenset({(5, 4)}))
    assert found.ok
    assert [("E6", "红色的金额按负数计：E6")] == problems(found)
    assert -2000 == spending(found).rows[2].expense
    painted = frozenset((row, 4) for row in range(3, 7))
    rows[6][4], rows[5][5], rows[6][5] = 170, 830, 830
    assert () == read(headers, rows, red=painted).problems


def test_lines_that_share_one_amount_are_one_payment(headers: Headers) -> None:
    """A merged amount counts once, and its lines say together what it was for."""
    rows = ledger(
        ["1月5日", "记-1", "付电费", None, 100, 900],
        [None, None, "付水费", None, None, None],
        ["1月6日", "记-2", "付电话费", None, 50, 850],
        ["合计", None, None, 0, 150, 850],
    )
    found = read(headers, rows, merged=(Merge(3, 4, 4, 4),))
    assert () == found.problems
    assert ["付电费；付水费", "付电话费"] == [row.summary for row in spending(found).rows]


def test_a_year_above_the_days_is_their_year(headers: Headers) -> None:
    """3月5日 under a merged 2025年 is of that year, whatever the title says."""
    rows = ledger(["3月5日", "记-1", "付电费", None, 100, 900], ["合计", None, None, 0, 100, 900])
    rows[1:2] = [["2025年", *rows[1][1:]], ["日期", None, None, None, None, None]]
    found = read(headers, rows, merged=tuple(Merge(1, c, 2, c) for c in range(1, 6)))
    assert [("A5", "日期不在 2026年一季度 之内：A5")] == problems(found)
    assert "2025-03-05" == spending(found).rows[0].date


def test_days_count_from_1904_where_the_workbook_says_so(headers: Headers) -> None:
    """The same number is another day on the other calendar."""
    rows = ledger([44_575, "记-1", "付电费", None, 100, 900], ["合计", None, None, 0, 100, 900])
    found = read(headers, rows, since_1904=True)
    assert () == found.problems
    assert "2026-01-15" == spending(found).rows[0].date


def roster(*lines: list[Any]) -> list[list[Any]]:
    return [
        ["示例村2026年耕地地力保护补贴发放花名册 单位:元"],
        ["组别", "户主姓名", "身份证号", "面积(亩)", "标准(元/亩)", "金额(元)"],
        *lines,
    ]


def households(found: Understood) -> list[tuple[str | None, str | None, int, int | None]]:
    stated = found.contents[0].particulars
    assert isinstance(stated, Subsidy)
    return [(row.name, row.tail, row.amount, row.quantity) for row in stated.rows]


def test_a_household_is_paid_once_for_all_its_members(headers: Headers) -> None:
    """The amount is merged along the members; each may bring a plot, the head gives the name."""
    rows = roster(
        ["一组", "石磊", None, 1, 100, 300],
        [None, "石立春", None, 2, None, None],
        ["一组", "田谷雨", None, 1, 100, 100],
        ["合计", None, None, 4, None, 400],
    )
    found = read(headers, rows, merged=(Merge(2, 5, 3, 5), Merge(2, 4, 3, 4)))
    assert () == found.problems
    assert [("石磊", None, 30_000, 3_000), ("田谷雨", None, 10_000, 1_000)] == households(found)


def test_one_name_along_several_plots_is_one_person(headers: Headers) -> None:
    """No digits are needed to tell a person from himself."""
    rows = roster(
        ["一组", "石磊", None, 1, 100, 100],
        ["一组", None, None, 2, 100, 200],
        ["合计", None, None, 3, None, 300],
    )
    found = read(headers, rows, merged=(Merge(2, 1, 3, 1),))
    assert () == found.problems
    assert [("石磊", None, 10_000, 1_000), ("石磊", None, 20_000, 2_000)] == households(found)


@pytest.mark.parametrize(
    ("cell", "name", "warned"),
    [
        ("李  伟", "李伟", False),
        ("阿依古丽•买买提", "阿依古丽·买买提", False),
        ("石磊（户主）", "石磊", False),
        ("石磊 石立春", "石磊、石立春", True),
        ("石磊\n石立春", "石磊、石立春", True),
        ("石磊/石立春", "石磊、石立春", True),
    ],
)
def test_names_as_cells_hold_them(headers: Headers, cell: str, name: str, *, warned: bool) -> None:
    """Spaces and dots and (户主) are the cell's; several people in one cell are told."""
    rows = roster(["一组", cell, None, 1, 100, 100], ["合计", None, None, 1, None, 100])
    found = read(headers, rows)
    assert [name] == [row[0] for row in households(found)]
    assert (["一格里好像写了几个人：B3"] if warned else []) == [p.problem for p in found.problems]


def test_a_number_in_a_name_is_never_shown(headers: Headers) -> None:
    """Whoever typed an identity or phone number behind a name is told to take it out."""
    rows = roster(
        ["一组", "石磊439999196805120015", None, 1, 100, 100], ["合计", None, None, 1, None, 100]
    )
    found = read(headers, rows)
    assert [("B3", "姓名里有号码，不能公开")] == problems(found)
    assert "4399" not in str(found.problems)


def test_a_thousand_unreadable_cells_are_told_within_reason(headers: Headers) -> None:
    """The first are named one by one, the others counted."""
    lines = [["1月5日", f"记-{n}", f"第{n}笔", None, "待定", None] for n in range(1000)]
    found = read(headers, ledger(*lines))
    assert 51 == sum(p.level == "error" for p in found.problems)
    assert "从这一格往下，还有 950 处读不出来" in [p.problem for p in found.problems]
