"""A county's workbook from its bytes to a checked preview, and to stored drafts."""

import json
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from statistics import median
from time import perf_counter, sleep
from typing import Any

import xlsxwriter
from python_calamine import CalamineWorkbook

from bench.figures import Figure, Line, at_most, bounded
from bench.running import folder, python
from noticeboard import importing
from tests.cast import VILLAGE, cast_on

ROWS, ROUNDS = 100_000, 3
TIMES, MEGABYTES = 6.0, 600.0
_FAMILY, _GIVEN = "石田向龙彭覃杨", "立秋谷雨春分小满白露大雪清明芒种霜降"

Row = Sequence[Any]


def run(*, small: bool) -> Sequence[Line]:
    """Import a roster and a ledger, each beside the bare read of the same file, in turns."""
    rows, rounds = (2_000, 1) if small else (ROWS, ROUNDS)
    lines: list[Line] = []
    with folder() as home:
        for kind, write in (("roster", roster), ("ledger", ledger)):
            path = home / f"{kind}.xlsx"
            written(path, write(rows))
            lines += _figures(f"{kind} of {rows:,} rows", path, rounds)
    return lines


def _figures(what: str, path: Path, rounds: int) -> list[Line]:
    bare, ours = [], []
    for _ in range(rounds):
        bare.append(_apart("bare", path)["read"])
        ours.append(_apart("ours", path))
    read = median(bare)
    checked, stored = (median(o[name] for o in ours) for name in ("checked", "stored"))
    peak = max(o["peak"] for o in ours)
    peer = "python-calamine's bare read of the file"
    return [
        Figure(f"{what}: {peer}", read, "s"),
        Figure(f"{what}: to the checked preview", checked, "s", checked / read, peer),
        at_most(f"{what}: to stored drafts", stored, "s", stored / read, peer, TIMES),
        bounded(f"{what}: memory, its reader's included", peak, "MB", MEGABYTES),
    ]


def _apart(which: str, path: Path) -> dict[str, float]:
    """Measure in a fresh process, so that no memory of another round is counted."""
    done = subprocess.run(
        python("bench.intake", which, str(path)), capture_output=True, text=True, check=True
    )
    measured: dict[str, float] = json.loads(done.stdout)
    return measured


# Workbooks.


def written(path: Path, rows: Iterator[Row]) -> None:
    """Write a workbook of one sheet, its words shared as Excel shares them."""
    book = xlsxwriter.Workbook(path)
    sheet, day = book.add_worksheet("Sheet1"), book.add_format({"num_format": "yyyy-mm-dd"})
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            if isinstance(cell, date):
                sheet.write_datetime(number, column, cell, day)
            elif cell is not None:
                sheet.write(number, column, cell)
    book.close()


def _name(number: int) -> str:
    family = _FAMILY[number % len(_FAMILY)]
    return family + _GIVEN[number % 18] + _GIVEN[number // 18 % 18]


def roster(rows: int) -> Iterator[Row]:
    """Give a roster's lines: groups of a thousand, each with its sum."""
    yield ["示例村2026年耕地地力保护补贴发放公示表"]
    yield ["单位：元、亩"]
    yield ["序号", "组别", "户主姓名", "身份证号", "一卡通账号", "面积（亩）", "标准（元/亩）",
           "金额（元）", "备注"]  # fmt: skip
    total = 0
    for begin in range(0, rows, 1_000):
        group, summed = f"{begin // 1_000 + 1}组", 0
        for number in range(begin, min(begin + 1_000, rows)):
            area = 50 + number * 7 % 900
            summed += area
            identity = f"439999{19300101 + number:08d}{number % 10_000:04d}"
            yield [number + 1, group, _name(number), identity, f"62179999{number:011d}",
                   area / 100, 105, area * 105 / 100]  # fmt: skip
        total += summed
        yield [f"{group}小计", None, None, None, None, summed / 100, None, summed * 105 / 100]
    yield ["合计", None, None, None, None, total / 100, None, total * 105 / 100]


def ledger(rows: int) -> Iterator[Row]:
    """Give a ledger's lines: a year's days in order, a receipt to every four payments."""
    yield ["示例村2026年财务收支明细公开表"]
    yield ["单位：元"]
    yield ["日期", "凭证号", "摘要", "收入", "支出", "余额", "收款人", "经手人", "审批人"]
    balance = 50_000_00
    yield [None, None, "上期结转", None, None, balance / 100]
    sums = [0, 0]
    for number in range(rows):
        received, amount = number % 5 == 0, 2_400 + number * 37 % 200_000
        amount *= 5 if received else 1
        sums[not received] += amount
        balance += amount if received else -amount
        flows = [amount / 100, None] if received else [None, amount / 100]
        day = date(2026, 1, 1) + timedelta(days=number * 365 // rows)
        yield [day, f"记-{number}", f"付{number % 37}组机耕路运砂{number % 9 + 1}车", *flows,
               balance / 100, _name(number), "龙小满", "彭白露"]  # fmt: skip
    yield ["合计", None, None, sums[0] / 100, sums[1] / 100, balance / 100]


# What is measured, each in a process of its own.


def _bare(path: Path) -> dict[str, float]:
    data = BytesIO(path.read_bytes())
    begun = perf_counter()
    read = CalamineWorkbook.from_filelike(data).get_sheet_by_index(0).to_python()
    took = perf_counter() - begun
    assert len(read) > 1_000, "nothing was read"
    return {"read": took}


def _ours(path: Path) -> dict[str, float]:
    with folder() as home:
        cast = cast_on(f"sqlite:///{home / 'board.db'}")
        data = path.read_bytes()
        # As in a server that is up: the child that will read the file waits for one.
        reader = importing.reader()
        reader.prepare()
        sleep(1.0)
        begun = perf_counter()
        checked = importing.check(cast.board, VILLAGE, data, path.name, reader=reader)
        previewed = perf_counter()
        assert checked.ok, [problem.problem for problem in checked.listed[:5]]
        drafts = importing.keep(cast.board, checked, cast.anna)
        stored = perf_counter()
        assert len(drafts) == len(checked.plans), "a draft is missing"
        reader.close()
        cast.board.database.close()
    kilobytes = sum(
        resource.getrusage(who).ru_maxrss
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return {
        "checked": previewed - begun,
        "stored": stored - begun,
        "peak": kilobytes * 1024 / 1e6,
    }


if __name__ == "__main__":
    measures: dict[str, Callable[[Path], dict[str, float]]] = {"bare": _bare, "ours": _ours}
    print(json.dumps(measures[sys.argv[1]](Path(sys.argv[2]))))
