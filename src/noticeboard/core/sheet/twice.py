"""Ledgers of one workbook beside each other: lines that stand twice, halves that make a whole."""

from collections import Counter
from collections.abc import Sequence

from noticeboard.core.particulars import Spending
from noticeboard.core.periods import following
from noticeboard.core.sheet.checks import in_yuan
from noticeboard.core.sheet.reading import Read

# So many vouchers are named; the rest are counted.
_NAMED = 5

_Line = tuple[str, str, str, str | None, int, int]


def mark_repeats(reads: Sequence[Read]) -> list[Read]:
    """Give the ledgers that must not be taken, and note why in their reports.

    A ledger is left alone where each of its lines stands in another one that has more, as a month
    in its quarter, or in an earlier one that has the same: published twice, a payment would count
    twice. Where only some vouchers are the same, both are taken and a warning names them: two
    accounts may share a voucher, and the clerk knows. What the clerk gave a kind is taken anyhow.
    """
    alike = [read for read in reads if read.given.table.kind == "ledger"]
    # The lines of one ledger alone are not even looked at: it may be a hundred thousand.
    ledgers = [(read, _lines(read)) for read in alike] if len(alike) > 1 else []
    ledgers = [(read, lines) for read, lines in ledgers if lines]
    repeats: list[Read] = []
    for place, (read, lines) in enumerate(ledgers):
        for other_place, (other, others) in enumerate(ledgers):
            if other is read or other in repeats:
                continue
            shared = lines & others
            if shared == lines and (len(others) > len(lines) or other_place < place):
                if not _is_chosen(read):
                    _note_repeat(read, other)
                    repeats.append(read)
                    break
            elif other_place < place and (vouchers := _vouchers(shared)) and not lines >= others:
                _note_shared(read, other, vouchers)
    return repeats


def note_openings(reads: Sequence[Read]) -> None:
    """Note the ledgers that do not say what there was before.

    A sheet of receipts and one of payments of the same time are halves of one account: neither of
    them has a balance to begin with.
    """
    halves = {(read.given.heading.covers, flow) for read in reads if (flow := _only(read))}
    for read in reads:
        if all(stated.opened for stated in read.stated):
            continue
        other = {"income": "expense", "expense": "income"}.get(_only(read), "")
        if (read.given.heading.covers, other) not in halves:
            read.given.report.warn(
                None, "没有“上期结转”这一行，上期结余按 0 元计", "如果上期有结余，请补上。"
            )


def note_breaks(reads: Sequence[Read]) -> None:
    """Note the ledgers that begin with another balance than the one before them ended with."""
    books = [
        (stated.particulars, read)
        for read in reads
        for stated in read.stated
        if stated.opened and isinstance(stated.particulars, Spending)
    ]
    dated = [(book, read, covers) for book, read in books if (covers := read.given.heading.covers)]
    for book, read, begun in dated:
        before = [
            (one.closing, other.given.report.sheet)
            for one, other, ended in dated
            if following(ended) == begun and one.account == book.account and _together(other, read)
        ]
        # Cash and a bank account may both go on here, each with its own.
        if before and book.opening not in {closing for closing, _sheet in before}:
            closing, sheet = before[0]
            read.given.report.warn(
                _opening_of(read),
                "上期结余是 {said}，“{other}”的期末结余是 {expected}，差 {gap}",
                "请核对两期之间有没有漏掉或改动的账。",
                said=in_yuan(book.opening),
                other=sheet,
                expected=in_yuan(closing),
                gap=in_yuan(book.opening - closing),
            )


def _together(one: Read, other: Read) -> bool:
    return one.given.heading.publisher == other.given.heading.publisher


def _opening_of(read: Read) -> tuple[int, int] | None:
    """Give the cell in which a ledger says what there was before."""
    table = read.given.table
    row = next((line.row for line in table.lines if line.mark == "opening"), None)
    column = next(filter(None, map(table.column, ("balance", "income", "amount"))), None)
    return (row, column.index) if row is not None and column else None


def _only(read: Read) -> str:
    """Give the flow of a ledger without balances that has no other; empty of any other table."""
    rows = [
        r for s in read.stated if isinstance(s.particulars, Spending) for r in s.particulars.rows
    ]
    if not rows or all(stated.opened for stated in read.stated):
        return ""
    if not any(row.expense for row in rows):
        return "income"
    return "" if any(row.income for row in rows) else "expense"


def _is_chosen(read: Read) -> bool:
    return read.given.table.forced and not read.given.table.remembered


def _lines(read: Read) -> Counter[_Line]:
    rows = (s.particulars.rows for s in read.stated if isinstance(s.particulars, Spending))
    return Counter(
        (row.date, row.voucher, row.summary, row.payee, row.income, row.expense)
        for found in rows
        for row in found
    )


def _vouchers(lines: Counter[_Line]) -> list[str]:
    return list(dict.fromkeys(f"{line[1]} {line[2]}" for line in lines if line[1]))


def _note_repeat(read: Read, other: Read) -> None:
    read.given.report.warn(
        None,
        "这张表的每一笔都已经在“{other}”里，没有重复带入",
        "如果两张都要公开，请选定这张是什么表。",
        other=other.given.report.sheet,
    )


def _note_shared(read: Read, other: Read, vouchers: Sequence[str]) -> None:
    named = "；".join(vouchers[:_NAMED])
    if len(vouchers) > _NAMED:
        named += f" 等 {len(vouchers)} 笔"
    read.given.report.warn(
        None,
        "有几笔和“{other}”里的一样：{lines}",
        "请核对是不是重复登记。",
        other=other.given.report.sheet,
        lines=named,
    )
