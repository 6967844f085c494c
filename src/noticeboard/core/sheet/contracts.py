"""A contract register's lines put together as Contracts, or everything wrong with them."""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from msgspec import Struct

from noticeboard.core.particulars import ContractRow, Contracts
from noticeboard.core.sheet.cells import key
from noticeboard.core.sheet.checks import in_yuan
from noticeboard.core.sheet.payees import reduced
from noticeboard.core.sheet.reading import Given, Stated
from noticeboard.core.sheet.register import Register
from noticeboard.core.sheet.terms import Term, after, first_day, last_day, term

_MONEY = ("rent", "total", "paid", "owed")
_TEXTS = ("number", "subject", "place", "pays", "tender", "note")
_NUMBER = re.compile(r"\d{6,}")
_YEAR = len("2026")
_A_YEAR = 365.25
# Words of a line whose rent is not the same every year.
_CHANGES = ("递增", "递减", "免租", "减免", "上浮", "调整", "逐年", "另加", "第二年", "前")


class Span(Struct, frozen=True):
    """From which day to which one a contract holds; `said` where that is no span of time."""

    starts: str | None = None
    ends: str | None = None
    said: str = ""

    @property
    def years(self) -> float | None:
        """Give how many years that is."""
        if not (self.starts and self.ends):
            return None
        first, last = date.fromisoformat(self.starts), date.fromisoformat(self.ends)
        return ((last - first).days + 1) / _A_YEAR


class ContractRegister(Register):
    """Reads one register of contracts; `read` does all of it."""

    def read(self) -> Contracts | None:
        """Read all lines; None when there is nothing that could be stated."""
        aside = self.aside("subject")
        money = {field: self.money(field) for field in _MONEY}
        quantity, unit = self.quantities("quantity"), self.units()
        texts = {field: self.texts(field) for field in _TEXTS}
        spans = self._spans(aside)
        signed = [
            when and first_day(when) for when in self.points(self.columns.get("signed"), aside)
        ]
        party = self._parties(aside)
        self.check(money)
        places = [p for p in range(len(self.lines)) if p not in aside]
        self.report.behind = [self.lines.rows[p] for p in places]
        for place in places:
            self._owed(place, {field: column[place] for field, column in money.items()}, spans)
        self._afterwards(places, money, spans)
        if not places:
            return None
        kept = {text: reduced(text, self.given.headers) for text in set(party)}
        columns: dict[str, Sequence[Any]] = {**texts, **money, "quantity": quantity, "unit": unit}
        rows: list[ContractRow] = []
        for p in places:
            stated = {field: column[p] for field, column in columns.items()}
            stated["note"] = "；".join(filter(None, (texts["note"][p], spans[p].said)))
            rows.append(
                ContractRow(
                    id=len(rows) + 1,
                    **stated,
                    starts=spans[p].starts,
                    ends=spans[p].ends,
                    signed=signed[p],
                    party_as=kept[party[p]],
                    party=party[p] or None,
                )
            )
        return Contracts(as_of=self.as_of, rows=tuple(rows))

    # When.

    def _spans(self, aside: set[int]) -> list[Span]:
        """Put the columns of a contract's time together: from, to, both in one, so many years."""
        starts = self.points(self.columns.get("starts"), aside)
        ends = self.points(self.columns.get("ends"), aside)
        terms = self._terms(aside)
        column = next(
            (self.columns[f] for f in ("term", "ends", "starts") if f in self.columns), None
        )
        loose: list[tuple[int, int]] = []
        odd: list[tuple[int, int]] = []
        spans: list[Span] = []
        for place, (first, last, (both, said)) in enumerate(zip(starts, ends, terms, strict=True)):
            span = _span(Term(first or both.starts, last or both.ends, both.years), said)
            spans.append(span)
            if column is None:
                continue
            at = self.lines.at(place, column)
            if any(w and len(w) == _YEAR for w in (first, last, both.starts, both.ends)):
                loose.append(at)
            if span.starts and span.ends and span.ends < span.starts:
                value = f"{span.starts}、{span.ends}"
                self.lines.error(at, "到期在开始之前", "请对照合同改正。", value)
            elif both.years and span.years and abs(span.years - both.years) > 1 / 2:
                odd.append(at)
        self.report.warn_of(
            loose, "只写到年，按那年的第一天和最后一天算：{cells}", "合同上有日子的，请写到日。"
        )
        self.report.warn_of(odd, "起止时间和年限不一样：{cells}", "请对照合同核对。")
        return spans

    def _terms(self, aside: set[int]) -> list[tuple[Term, str]]:
        """Read the terms that stand in one cell; what is no span (长期) is kept in words."""
        column = self.columns.get("term")
        if column is None:
            return [(Term(), "")] * len(self.lines)
        found, refused = self.lines.read(self.lines.cells(column), term, None)
        for place, problem in refused.items():
            if place not in aside:
                self.lines.refuse(self.lines.at(place, column), problem)
        said = self.lines.texts(column)
        return [
            (read or Term(), f"期限{text}" if read is None and key(text).strip("-/—") else "")
            for read, text in zip(found, said, strict=True)
        ]

    # Who.

    def _parties(self, aside: set[int]) -> list[str]:
        said = self.texts("party")
        column = self.columns.get("party")
        for place, text in enumerate(said):
            if column and place not in aside and _NUMBER.search(key(text)):
                self.lines.error(
                    self.lines.at(place, column), "姓名里有号码，不能公开", "请只写姓名。"
                )
        return said

    # How much.

    def _owed(self, place: int, says: dict[str, int | None], spans: Sequence[Span]) -> None:
        """Hold what came in and what is owed against a year's rent, some years', or all of it."""
        paid, owed = says["paid"], says["owed"]
        unread = any(place in self.unread.get(field, ()) for field in _MONEY)
        dues = list(self._dues(says, spans[place]))
        if paid is None or owed is None or unread or not dues or paid + owed in dues:
            return
        due = min(dues, key=lambda each: abs(paid + owed - each))
        self.report.differs(
            self.lines.at(place, self.columns["owed"]),
            paid + owed - due,
            "已收加欠收是 {said}，应收是 {expected}，差 {gap}",
            "请对照合同和收据核对。",
            label=f"{self.columns['paid'].word}”加“{self.columns['owed'].word}",
            line=f"“{self.table.text(self.lines.rows[place], self.columns['subject'])}”这一行",
            expected=in_yuan(due),
            said=in_yuan(paid + owed),
        )

    @staticmethod
    def _dues(says: dict[str, int | None], span: Span) -> Iterator[int]:
        """Give all that may be due by now: a year's rent, some years', the whole price."""
        if says["total"] is not None:
            yield says["total"]
        if (rent := says["rent"]) is not None:
            years = round(span.years) if span.years else 1
            yield from (rent * n for n in range(1, max(years, 1) + 1))

    def _afterwards(
        self, places: Sequence[int], money: dict[str, list[int | None]], spans: Sequence[Span]
    ) -> None:
        if not places and not self.report.failed:
            self.report.error(None, "没有读到一份合同", "请核对表头下面有没有明细。")
        column = self.columns.get("total")
        odd = [
            p
            for p in places
            if (rent := money["rent"][p])
            and (total := money["total"][p])
            and (years := spans[p].years)
            and abs(years * rent - total) > rent / 50 * max(years, 1)
            and not any(word in " ".join(map(str, self.lines.line(p))) for word in _CHANGES)
        ]
        if column:
            self.report.warn_of(
                [self.lines.at(p, column) for p in odd],
                "合同总价不等于年租金乘年数：{cells}",
                "租金逐年不同的，请在备注里写明。",
            )
        number = self.columns.get("number")
        if number:
            said = self.lines.texts(number)
            twice = [p for p in places if said[p] and said[p] in said[:p]]
            self.report.warn_of(
                [self.lines.at(p, number) for p in twice],
                "合同编号和前面一行相同：{cells}",
                "请核对是不是重复登记。",
            )


def _span(term: Term, said: str) -> Span:
    """Give the days of a term; a number of years alone is kept in words."""
    starts = first_day(term.starts) if term.starts else None
    ends = last_day(term.ends) if term.ends else None
    if ends is None and starts and term.years:
        ends = after(starts, term.years)
    if ends is None and term.years and not said:
        said = f"期限{term.years}年"
    return Span(starts, ends, said)


def contracts(given: Given) -> Sequence[Stated]:
    """Read 合同台账: what is let, to whom, from when to when."""
    stated = ContractRegister(given).read()
    if stated is None:
        return ()
    return (
        Stated(
            title=given.title,
            particulars=stated,
            item=given.headers.items["contract"],
            amount=sum(row.rent or 0 for row in stated.rows),
        ),
    )
