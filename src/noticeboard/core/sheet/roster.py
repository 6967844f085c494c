"""A roster's lines put together as a Subsidy, or everything wrong with them."""

import re
from collections.abc import Collection, Sequence

from msgspec.structs import replace

from noticeboard.core import masking
from noticeboard.core.masking import Masking, Programme
from noticeboard.core.matching import Marks
from noticeboard.core.particulars import Subsidy, SubsidyRow
from noticeboard.core.sheet.cells import folded, key, words
from noticeboard.core.sheet.choices import About
from noticeboard.core.sheet.headers import Headers
from noticeboard.core.sheet.heading import Heading, programme_of
from noticeboard.core.sheet.namesakes import Namesakes
from noticeboard.core.sheet.payees import group_number
from noticeboard.core.sheet.payments import Paid, Payments
from noticeboard.core.sheet.people import Person, person
from noticeboard.core.sheet.report import Report
from noticeboard.core.sheet.tables import Table
from noticeboard.core.sheet.values import Lines

_UNITS = re.compile(r"\((?:单位:)?(亩|人|户|株|头|台|平方米|只|个)\)")


class Roster:
    """Reads one roster a column at a time; `read` does all of it."""

    def __init__(
        self,
        table: Table,
        heading: Heading,
        headers: Headers,
        report: Report,
        title: str,
        about: About,
    ) -> None:
        """Prepare to read for a village."""
        self.table = table
        self.heading = heading
        self.headers = headers
        self.report = report
        self.lines = Lines(table, report)
        self.columns = {column.field: column for column in table.columns if column.fate == "taken"}
        self.remarks = {
            key(form): word for word, forms in headers.remarks.items() for form in forms
        }
        self.groups = {number: name for name in about.groups if (number := group_number(name))}
        called = words(table.sheet.name)
        grouped = key(called).endswith("组") and group_number(called)
        self.of_sheet = self._group_named(called) if grouped else ""
        # Remarks that may tell of an illness or worse; only their number is known outside.
        self.kept_back = 0
        # How many lines were read, where not each of them became a row.
        self.summed_up: int | None = None
        programmes = set(self.lines.texts(self.columns.get("programme"))) - {""}
        said = heading.programme or (programmes.pop() if len(programmes) == 1 else "") or title
        self.programme, known = programme_of(said, about.village, headers)
        self.known = known is not None
        self.item, self.unit = (known.item, known.unit) if known else (None, "亩")
        self.policy = about.masking
        self.key = about.matching
        self.made: tuple[Marks, ...] = ()
        self.at = about.at
        self.ruled: Programme | None = None
        if self.policy is not None:
            self._ruled_by(self.policy, said)

    def _ruled_by(self, policy: Masking, said: str) -> None:
        """Call the programme by the policy's name; one that it does not name is summed up."""
        found = policy.called(said)
        self.known = found is not None
        if found is not None:
            self.ruled = found[1]
            self.programme = self.ruled.name
            self.item = self.item or next(iter(self.ruled.items), None)
            self.unit = self.ruled.unit or self.unit

    def read(self) -> Subsidy | None:
        """Read all lines; None when there is nothing that could be stated."""
        payments = Payments(self.lines, self.columns, self.heading, self.report)
        paid = payments.read()
        headings, aside = self._aside(paid)
        people = self._people(aside)
        groups = self._groups(headings)
        payments.check(paid)
        places = [p for p in range(len(self.lines)) if p not in aside and p not in paid.unread]
        self.report.behind = [self.lines.rows[p] for p in places]
        rows = self._rows(places, people, groups, paid)
        self._afterwards(rows, summed=payments.summed)
        if not rows:
            return None
        rows = self._public(rows, places)
        standards = {row.standard for row in rows}
        return Subsidy(
            programme=self.programme,
            basis=self.heading.basis,
            standard=next(iter(standards)) if len(standards) == 1 else None,
            unit=self._unit(),
            total=sum(row.amount for row in rows),
            rows=rows,
        )

    def marks(self) -> tuple[Marks, ...]:
        """Give the marks of the rows that were read, none where they are sums of several people."""
        return self.made if self.summed_up is None else ()

    def _unit(self) -> str:
        column = self.columns.get("quantity")
        match = _UNITS.search(folded(column.header)) if column else None
        return match[1] if match else self.unit

    # Lines.

    def _aside(self, paid: Paid) -> tuple[dict[int, str], set[int]]:
        """Give the lines that name a group, and all that are no household of their own."""
        aside = set(paid.under)
        headings: dict[int, str] = {}
        for place in paid.empty - aside:
            cells = self.lines.line(place)
            written = [index for index, cell in enumerate(cells) if key(cell)]
            if len(written) != 1:
                paid.unread.add(place)
                at = self.lines.at(place, self.columns["amount"])
                self.lines.error(at, "这一行没有金额", "请补上金额；没有发放的填 0。")
                continue
            aside.add(place)
            text = words(cells[written[0]])
            if group_number(text) and key(text).endswith("组"):
                headings[place] = text
            else:
                self.report.warn(
                    (self.lines.rows[place], written[0]),
                    "这一行只有一格有字，没有计入",
                    "如果是一户，请补上姓名和金额。",
                )
        return headings, aside

    def _people(self, aside: Collection[int]) -> list[Person]:
        column = self.columns["name"]
        cells = self.lines.cells(column)
        read = {
            cell: person(cell, self.remarks, self.headers.surnames) for cell in set(cells)
        }  # fmt: skip
        people = [read[cell] for cell in cells]
        odd = {p for p in read.values() if not p.name or p.several or p.numbered or p.kept_back}
        if odd:
            places = [p for p, each in enumerate(people) if each in odd and p not in aside]
            self._note_odd([(self.lines.at(p, column), people[p]) for p in places])
        return people

    def _note_odd(self, found: Sequence[tuple[tuple[int, int], Person]]) -> None:
        for at, each in found:
            self.kept_back += each.kept_back
            if each.numbered:
                self.lines.error(at, "姓名里有号码，不能公开", "请只写姓名。")
            elif not each.name:
                self.lines.error(at, "没有写姓名", "请补上姓名。")
        self.report.warn_of(
            [at for at, each in found if each.several],
            "一格里好像写了几个人：{cells}",
            "请一人一行。",
        )

    def _groups(self, headings: dict[int, str]) -> list[str]:
        """Give the group of each line; written once for several lines, it holds for all of them.

        Where no column says it, a sheet called 一组 does.
        """
        column = self.columns.get("group")
        said = self.lines.texts(column)
        for place, text in headings.items():
            said[place] = text
        named = {text: self._group_named(text) for text in set(said)}
        groups: list[str] = []
        group = "" if column else self.of_sheet
        for text in said:
            group = named[text] or group
            groups.append(group)
        if column and self.groups:
            strange = set(named.values()) - {*self.groups.values(), ""}
            self.report.warn_of(
                [self.lines.at(p, column) for p, text in enumerate(said) if named[text] in strange],
                "村里没有登记这些组：{cells}",
                "请核对组名。",
            )
        return groups

    def _group_named(self, said: str) -> str:
        number = group_number(said)
        plain = "".join(said.split())
        return self.groups.get(number, plain) if number else plain

    def _remarks(self) -> list[str]:
        said = [key(text) for text in self.lines.texts(self.columns.get("remark"))]
        self.kept_back += sum(text != "" and text not in self.remarks for text in said)
        return [self.remarks.get(text, "") for text in said]

    def _rows(
        self, places: Sequence[int], people: Sequence[Person], groups: Sequence[str], paid: Paid
    ) -> tuple[SubsidyRow, ...]:
        remarks = self._remarks()
        return tuple(
            SubsidyRow(
                id=number,
                group=groups[place],
                amount=paid.amount[place],
                quantity=paid.quantity[place],
                standard=paid.standard[place],
                name=people[place].name or None,
                remark=people[place].remark or remarks[place] or None,
            )
            for number, place in enumerate(places, 1)
        )

    # Afterwards.

    def _public(
        self, rows: tuple[SubsidyRow, ...], places: Sequence[int]
    ) -> tuple[SubsidyRow, ...]:
        """Give what may be public: people told apart, or sums alone where nothing is laid down."""
        people = Namesakes(self.lines, self.columns["name"], places, self.report)
        people.check()
        self.made = people.marks(self.key) if self.key else ()
        policy, ruled = self.policy, self.ruled
        if policy is None and self.known:
            return people.told_apart(rows)
        if policy is None or ruled is None or ruled.names == "sums":
            self.summed_up = len(rows)
            return masking.summed(rows)
        rows = self._children(people.told_apart(rows), people, policy, ruled)
        return masking.shown(rows, ruled, policy)

    def _children(
        self, rows: tuple[SubsidyRow, ...], people: Namesakes, policy: Masking, ruled: Programme
    ) -> tuple[SubsidyRow, ...]:
        """Name no child: only the head of its household, where the column is one of heads."""
        if ruled.names == "head":
            heads = self.columns["name"].word in policy.heads.words
            said = {
                row.id: masking.of_household(row.name or "" if heads else "", policy.child_words)
                for row in rows
            }
        else:
            young = people.younger(policy.child_below.n, self.at)
            said = dict.fromkeys((rows[index].id for index in young), policy.child_words)
        return tuple(
            replace(row, name=said[row.id], tail=None) if row.id in said else row for row in rows
        )

    def _afterwards(self, rows: Sequence[SubsidyRow], *, summed: bool) -> None:
        report = self.report
        if not rows and not report.failed:
            report.error(None, "没有读到一户", "请核对表头下面有没有名单。")
        if rows and not summed:
            report.warn(None, "没有合计行，无法核对总数", "请核对总户数和总金额后再送审。")
        if self.ruled is not None and self.ruled.names == "sums":
            report.warn(
                None,
                "“{programme}”只公开合计，只带入各组合计，不带姓名",
                "不用改。县里有文件要公开到人的，请先请管理员登记。",
                programme=self.programme,
            )
        if not self.known:
            report.warn(
                None,
                "“{programme}”还没有登记公开口径，只带入各组合计，不带姓名",
                "要公开到户，请先请管理员登记哪些内容可以公开。",
                programme=self.programme,
            )
