"""Whole files made up at random: in any dress they say the same, and nobody's number comes in."""

import json
import random
from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import pytest

from noticeboard import importing
from noticeboard.core import privacy
from noticeboard.core.money import yuan
from noticeboard.importing import Checked
from tests.cast import VILLAGE, Cast
from tests.fixtures.base import ASSETS, CONTRACTS, LABOUR, LEDGER, PROJECTS, ROSTER, identity
from tests.fixtures.pages import Page
from tests.fixtures.writers import ods, text, xls, xlsx
from tests.intake.told import Here, villages

WIDE = str.maketrans("0123456789.,", "０１２３４５６７８９．，")
AMOUNTS: list[Callable[[int], Any]] = [
    lambda fen: fen / 100,
    yuan,
    lambda fen: f"￥{yuan(fen)}",
    lambda fen: f"{yuan(fen)}元",
    lambda fen: f"{fen / 1_000_000:.6f}万元",
    lambda fen: f"'{yuan(fen)}",
    lambda fen: yuan(fen).translate(WIDE),
]
DAYS = ["2026-{m:02}-{d:02}", "2026.{m}.{d}", "{m}月{d}日", "2026年{m}月{d}日", "2026{m:02}{d:02}"]
TITLES = ["示例村2026年第一季度财务收支明细公开表", "示例镇示例村二〇二六年第一季度财务公开",
          "示例村村民委员会2026年1-3月收支明细表"]  # fmt: skip
FILES: list[tuple[str, Callable[[Page], bytes]]] = [
    ("收支.xlsx", xlsx),
    ("收支.xls", xls),
    ("收支.et", xls),
    ("收支.ods", ods),
    ("收支.csv", lambda page: text(page, "gb18030")),
    ("收支.csv", lambda page: text(page, "utf-8-sig", ";")),
    ("收支.tsv", lambda page: text(page, "utf-16", "\t")),
]
# What must never come through, as people write it; nobody's.
NUMBERS = [
    identity("19680807", 12),
    "439999680807012",
    "139 0000 0011",
    "１３９００００００２２",
    "6217 9999 0000 0000 018",
]
NOISE: list[Any] = [None, "合计", "小计", "姓名", "—", "2026.1", -5, 10**20, 0.005, "\u202e",
                    "=1+1", "一、", "上期结转", "日期", "身份证号", "备注", "x" * 400]  # fmt: skip

Line = tuple[int, int, str, int]


@pytest.fixture(scope="module")
def cast(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cast]:
    """Found a board once: a check keeps nothing."""
    cast = villages(tmp_path_factory.mktemp("files"))
    yield cast
    cast.board.database.close()


def check(cast: Cast, data: bytes, name: str) -> Checked:
    return importing.check(cast.board, VILLAGE, data, name, reader=Here())


def dressed(rng: random.Random) -> tuple[Page, list[Line], int]:
    """Make a ledger in some dress; gives it with its lines (month, day, flow, fen) and opening."""
    written = [rng.choice(AMOUNTS)] * 3 if rng.random() < 0.5 else rng.choices(AMOUNTS, k=3)
    unit = rng.choice(["元", "万元"])
    if unit == "万元":
        written = [lambda fen: f"{fen / 1_000_000:.6f}"]

    def said(fen: int) -> Any:
        return rng.choice(written)(fen)

    day, start = rng.choice(DAYS), 10_000_000 + rng.randrange(10**9)
    lines: list[Line] = []
    rows: list[list[Any]] = [
        [rng.choice(TITLES)],
        ["填报单位（盖章）：示例村村民委员会", None, None, f"单位：{unit}"],
        *rng.choice([[], [["公开时间：2026年4月10日"]]]),
        ["日期", "凭证号", "摘要", "收入", "支出", "余额", "收款人", "联系电话"],
        [None, None, rng.choice(["上期结转", "期初余额", "（上期结转）"]), None, None, said(start)],
    ]
    balance, page, total = start, [0, 0], [0, 0]
    for number in range(rng.randrange(3, 12)):
        month, at = 1 + number // 4, 1 + number * 2
        flow, amount = rng.choice(["income", "expense"]), rng.randrange(1, 10**6)
        lines.append((month, at, flow, amount))
        out = flow == "expense"
        page[out] += amount
        total[out] += amount
        balance += -amount if out else amount
        flows = [None, said(amount)] if out else [said(amount), None]
        rows.append([day.format(m=month, d=at), f"记-{number}", f"第{number}笔", *flows,
                     said(balance), "石大雪", "13900000011"])  # fmt: skip
        if rng.random() < 0.3:
            rows.append([rng.choice(["本页合计", "小计"]), None, None, *map(said, page)])
            page = [0, 0]
            # The two kinds of sums each begin anew; one sheet has one of them.
            break
    rows.append(["合计", None, None, *map(said, total), said(balance)])
    rows += rng.choice([[], [["村主任：", None, "报账员："]], [["监督电话：12388"]]])
    return Page("收支", rows), lines, start


def test_in_any_dress_a_ledger_states_its_lines(
    cast: Cast, rng: random.Random, counts: Callable[[int], int]
) -> None:
    """Titles, units, spellings, marks, formats: no error, no question, and every line as meant."""
    for _ in range(counts(600)):
        page, lines, opening = dressed(rng)
        name, write = rng.choice(FILES)
        found = check(cast, write(page), name)
        assert found.ok, (page.rows, name, [p.problem for p in found.listed])
        assert not found.problems, (page.rows, name, [p.problem for p in found.listed])
        stated: Any = found.contents[0].particulars
        assert opening == stated.opening
        read = [(row.date, row.income, row.expense) for row in stated.rows]
        assert [
            (f"2026-{m:02}-{d:02}", fen if flow == "income" else 0, fen if flow == "expense" else 0)
            for m, d, flow, fen in lines
        ] == read, (page.rows, name)


def test_one_wrong_total_of_any_dress_is_told_at_its_cell(
    cast: Cast, rng: random.Random, counts: Callable[[int], int]
) -> None:
    """In every format, at the address that Excel shows."""
    for _ in range(counts(400)):
        page, _, _ = dressed(rng)
        at = next(n for n, row in enumerate(page.rows, 1) if row[0] == "合计")
        column = rng.choice("DE")
        name, write = rng.choice(FILES)
        wrong = page.put(**{f"{column}{at}": "9.87"})
        found = check(cast, write(wrong), name)
        assert [("error", f"{column}{at}")] == [(p.level, p.cell) for p in found.problems], (
            wrong.rows,
            name,
        )


def spoilt(rng: random.Random) -> Page:
    """Strew people's numbers and noise over a sheet of some kind."""
    page = rng.choice([LEDGER, ROSTER, PROJECTS, CONTRACTS, ASSETS, LABOUR])
    for _ in range(rng.randrange(1, 5)):
        row = rng.randrange(len(page.rows))
        column = rng.randrange(max(1, len(page.rows[row])))
        cell = f"{chr(ord('A') + column)}{row + 1}"
        number = rng.choice(NUMBERS)
        words = str((page.rows[row] or [""])[min(column, len(page.rows[row]) - 1)] or "")
        page = page.put(
            **{cell: rng.choice([number, words + number, f"{words}（{number}）", *NOISE])}
        )
    return page


def test_nobody_s_number_comes_through_wherever_it_stands(
    cast: Cast, rng: random.Random, counts: Callable[[int], int]
) -> None:
    """In a name, a purpose, a title, a header, an amount: refused, dropped, and never repeated."""
    taken = 0
    for _ in range(counts(1_000)):
        page = spoilt(rng)
        name, write = rng.choice(FILES)
        found = check(cast, write(page), name)
        taken += found.ok
        stated = msgspec.to_builtins(found.contents)
        assert () == privacy.scan(privacy.texts(_without_source(stated))), (page.rows, name)
        told = json.dumps(importing.as_json(found)["problems"], ensure_ascii=False)
        assert () == privacy.scan([("", told)]), (page.rows, told)
    assert taken, "nothing was ever taken: the test has no teeth"


def _without_source(stated: Any) -> Any:
    return [{k: v for k, v in content.items() if k != "source"} for content in stated]
