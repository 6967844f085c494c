"""A list of projects: every line becomes a Project, its columns the steps of its line of time."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from noticeboard.core.money import yuan
from noticeboard.core.particulars import Fact, Project, ProjectRow, ProjectStep
from noticeboard.core.sheet.cells import key, words
from noticeboard.core.sheet.costs import SOURCES, Costs
from noticeboard.core.sheet.payees import reduced
from noticeboard.core.sheet.reading import Given, Stated
from noticeboard.core.sheet.register import Register
from noticeboard.core.sheet.terms import first_day, in_words

_TEXTS = ("place", "scope", "approved", "decision", "source", "tender", "accepted", "progress",
          "starts", "ends", "term", "note")  # fmt: skip
_PEOPLE = ("contractor", "supervisor", "care", "lead")
_NOT_YET = re.compile(r"[未无没尚待否不]")
_NUMBER = re.compile(r"\d{6,}")


class ProjectList(Register):
    """Reads one list of projects; `read` does all of it."""

    def read(self) -> list[tuple[str, Project]]:
        """Read all lines; give each project's title and what is stated of it."""
        self.names = self.texts("name")
        projects = self._projects()
        inside = {p for places in projects for p in places}
        aside = set(range(len(self.lines))) - inside
        self.costs = Costs(self, aside)
        self.said = {field: self.texts(field) for field in _TEXTS}
        self.who = {field: self._whom(field, aside) for field in _PEOPLE}
        self.days = {
            field: self.points(column, aside | self.vague(column).keys())
            for field in ("starts", "ends", "accepted", "decision")
            if (column := self.columns.get(field))
        }
        self.days["signed"] = self.points(self.columns.get("signed"), aside)
        self.check(self.costs.read)
        found = [self._project(places) for places in projects]
        self._afterwards(projects)
        return found

    def _projects(self) -> list[list[int]]:
        """Give the lines of each project: one, or several under one merged name."""
        under = self.lines.under(self.columns.get("name"))
        aside = self.aside("name")
        found: dict[int, list[int]] = {}
        for place in range(len(self.lines)):
            head = under.get(place, place)
            if place not in aside or head in found:
                found.setdefault(head, []).append(place)
        return [places for places in found.values() if self.names[places[0]]]

    # Cells.

    def _whom(self, field: str, aside: set[int]) -> list[str]:
        said = self.texts(field)
        column = self.columns.get(field)
        for place, text in enumerate(said):
            if column and place not in aside and _NUMBER.search(key(text)):
                self.lines.error(
                    self.lines.at(place, column), "姓名里有号码，不能公开", "请只写姓名。"
                )
        return said

    def _text(self, field: str, places: Sequence[int]) -> str:
        """Give what a project's lines say in a column, each thing once."""
        told = dict.fromkeys(self.said[field][p] for p in places)
        return "；".join(filter(None, told))

    def _day(self, field: str, places: Sequence[int]) -> str | None:
        days = self.days.get(field)
        return next((when for p in places if (when := days[p])), None) if days else None

    def _party(self, field: str, places: Sequence[int]) -> dict[str, str | None]:
        """Give who it is as a firm, or as a person with what remains when names go."""
        told = dict.fromkeys(self.who[field][p] for p in places)
        said = "、".join(filter(None, told))
        kept = reduced(said, self.given.headers)
        return {"party": kept, "person": said if said and kept != said else None}

    # A project.

    def _project(self, places: Sequence[int]) -> tuple[str, Project]:
        before = len(self.report.explanations)
        self.costs.check(places)
        explained = self.report.explanations[before:]
        # What was explained of one project is published with that one alone.
        del self.report.explanations[before:]
        title = self.names[places[0]]
        steps = list(self._steps(places))
        lead = self.who["lead"][places[0]]
        rows = tuple(
            ProjectRow(id=number, **step) for number, step in enumerate(self._led(steps, lead), 1)
        )
        facts = tuple(self._facts(places))
        scope, note = self._text("scope", places), self._text("note", places)
        return title, Project(
            place=self._text("place", places),
            scope=scope,
            story="\n".join(filter(None, (note, *explained))),
            lead=self._lead(title, places, facts),
            facts=facts,
            rows=rows,
        )

    @staticmethod
    def _led(steps: list[dict[str, Any]], lead: str) -> list[dict[str, Any]]:
        """Name who answers for the project at the first step that names nobody."""
        if lead:
            free = next((step for step in steps if not step.get("person")), None)
            if free:
                free["person"] = lead
        return steps

    def _lead(self, title: str, places: Sequence[int], facts: Sequence[Fact]) -> str:
        """Say in a sentence what it is, where no contract says it."""
        if self.costs.of("contract", places) is not None or not facts:
            return ""
        planned = self._planned(places)
        money = f"，预算 {yuan(planned)} 元" if planned else ""
        progress = self._progress(places)
        return (
            f"{title}{money}{'，' + self.columns['progress'].word if progress else ''}{progress}。"
        )

    def _planned(self, places: Sequence[int]) -> int:
        sources = sum(self.costs.of(field, places) or 0 for field in SOURCES)
        return sources or self.costs.of("budget", places) or 0

    def _steps(self, places: Sequence[int]) -> Iterator[dict[str, Any]]:
        """Give the steps that the columns tell of, in the order in which they come."""
        yield from self._money_from(places)
        if said := self._text("decision", places):
            yield self._dated("decision", "decision", said, places)
        if said := self._text("tender", places):
            yield _step("tender", said)
        price, party = self.costs.of("contract", places), self._party("contractor", places)
        if price is not None or any(party.values()):
            signed = self._day("signed", places)
            yield _step(
                "contract",
                self._word("contract", "contractor"),
                amount=price,
                date=first_day(signed) if signed else None,
                **party,
            )
        watch = self._party("supervisor", places)
        if watch["person"]:
            yield _step("contract", self._word("supervisor"), **watch)
        if paid := self.costs.of("paid", places):
            owed = self.costs.of("owed", places)
            rest = f"（{self.columns['owed'].word} {yuan(owed)} 元）" if owed is not None else ""
            yield _step("payment", self._word("paid") + rest, amount=paid)
        said = self._text("accepted", places)
        if said and not _NOT_YET.match(said):
            yield self._dated("acceptance", "accepted", said, places)
        final = self.costs.of("final", places)
        if final is not None:
            yield _step("final", self._word("final"), amount=final)
        care = self._party("care", places)
        if any(care.values()):
            yield _step("care", self._word("care"), **care)

    def _money_from(self, places: Sequence[int]) -> Iterator[dict[str, Any]]:
        """Give what each source brings, or the budget as a whole."""
        sources = [(f, amount) for f in SOURCES if (amount := self.costs.of(f, places))]
        for field, amount in sources:
            yield _step("budget", self._word(field), amount=amount)
        if sources:
            return
        for place in places:
            if (amount := self.costs.read["budget"][place]) is not None:
                yield _step(
                    "budget", self.said["source"][place] or self._word("budget"), amount=amount
                )

    def _dated(
        self, step: ProjectStep, field: str, said: str, places: Sequence[int]
    ) -> dict[str, Any]:
        """Give a step whose column holds a day, or words."""
        when = self._day(field, places)
        if when is None:
            return _step(step, said)
        whole = len(when) > len("2026-01")
        text = self._word(field) if whole else f"{self._word(field)}：{in_words(when)}"
        return _step(step, text, date=when if whole else None)

    def _word(self, *fields: str) -> str:
        """Give what the sheet calls a column, the first of these that it has."""
        return next(self.columns[field].word for field in fields if field in self.columns)

    # What is not money.

    def _facts(self, places: Sequence[int]) -> Iterator[Fact]:
        if progress := self._progress(places):
            yield Fact(self._word("progress"), progress)
        for field in ("approved", "starts", "ends", "term"):
            when = self._day(field, places)
            said = in_words(when) if when else self._text(field, places)
            if said:
                yield Fact(self._word(field), said)
        said = self._text("accepted", places)
        if _NOT_YET.match(said):
            yield Fact(self._word("accepted"), said)
        watch = self._party("supervisor", places)
        if watch["party"] and not watch["person"]:
            yield Fact(self._word("supervisor"), str(watch["party"]))

    def _progress(self, places: Sequence[int]) -> str:
        column = self.columns.get("progress")
        cell = self.lines.cells(column)[places[0]]
        if column and isinstance(cell, int | Decimal):
            return _percent(cell, said="%" in key(column.header))
        return self._text("progress", places)

    # Afterwards.

    def _afterwards(self, projects: Sequence[Sequence[int]]) -> None:
        if not projects and not self.report.failed:
            self.report.error(None, "没有读到一个项目", "请核对表头下面有没有明细。")
        column = self.columns["name"]
        names = [self.names[places[0]] for places in projects]
        self.report.warn_of(
            [
                self.lines.at(places[0], column)
                for number, places in enumerate(projects)
                if names[number] in names[:number]
            ],
            "和前面一个项目同名：{cells}",
            "请核对是不是重复登记；不是的，请把名称写得不同。",
        )
        self.report.warn_of(
            [
                self.lines.at(places[0], self.columns["paid"])
                for places in projects
                if (paid := self.costs.of("paid", places)) and paid > self._most(places) > 0
            ],
            "已付的比合同、决算和预算都多：{cells}",
            "请核对金额和单位。",
        )

    def _most(self, places: Sequence[int]) -> int:
        known = (self.costs.of(field, places) or 0 for field in ("contract", "final", "budget"))
        return max(*known, self._planned(places))


def _step(step: ProjectStep, text: str, **more: Any) -> dict[str, Any]:
    return {"step": step, "text": text, **more}


def _percent(cell: int | Decimal, *, said: bool) -> str:
    """Print a progress: 0.8 is 80% as Excel keeps it; 80 is so where the head has the sign."""
    if 0 <= cell <= 1 and not (said and isinstance(cell, int) and cell):
        return f"{words(Decimal(cell * 100).normalize())}%"
    return f"{words(cell)}{'%' if said else ''}"


def projects(given: Given) -> Sequence[Stated]:
    """Read 项目表: each line is a project of its own."""
    items = given.headers.items
    return [
        Stated(
            title=title,
            particulars=stated,
            item=items[
                "contracted" if any(r.step == "contract" for r in stated.rows) else "project"
            ],
            amount=sum(row.amount or 0 for row in stated.rows if row.step == "budget"),
            lines=1,
        )
        for title, stated in ProjectList(given).read()
    ]
