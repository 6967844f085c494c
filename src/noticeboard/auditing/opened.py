"""The public bodies against their commitments: each there and as it was, or erased by an entry."""

from collections.abc import Iterator

from msgspec import Struct

from noticeboard.auditing.content import adds_up, commits, id_in, missing
from noticeboard.auditing.listed import Judge, named
from noticeboard.auditing.reading import Reader
from noticeboard.auditing.report import Where
from noticeboard.board.public import Listing, Shown
from noticeboard.core.actions import Erase, Redact
from noticeboard.core.notice import Edition, FileRef, Notice, Part
from noticeboard.core.parts import SALT, Bodies, Stated, join, table_commitment
from noticeboard.core.problems import UNREADABLE, Unavailable
from noticeboard.core.shapes import Shape
from noticeboard.core.visible import files_of, public_parts


class Table(Struct, frozen=True):
    """A table as it is served: its rows' ids and commitments (hex) in order."""

    ids: tuple[int, ...]
    rows: tuple[str, ...]


_TABLE = Shape(Table)


class Read(Struct, frozen=True):
    """An edition as it could be read: what it states, None where nothing of it is public."""

    notice: Notice
    edition: Edition
    stated: Stated | None


class Wanted(Struct, frozen=True):
    """A body that a leaf commits to: its part's name, and in a table the id of its row."""

    c: str
    name: str
    row: int | None

    def covered(self, act: Redact | Erase) -> bool:
        """Say whether an erasing act covers it."""
        rows = self.row is None or not act.rows or self.row in act.rows
        return self.name in act.parts and rows


class Opening:
    """Opens the public bodies of a log; `wrong` is what does not open or should not be there."""

    def __init__(self, reader: Reader, judge: Judge, listing: Listing) -> None:
        """Open what a list says is public, as far as the leaves say that it must be."""
        self.reader, self.judge, self.listing = reader, judge, listing
        self.wrong: list[Where] = []
        self._there: dict[str, set[str]] = {"内容": set(), "表": set(), "附件": set()}
        self._lost = judge.state.lost

    def editions(self) -> Iterator[Read]:
        """Open every edition that was ever public, one after the other, as far as it still is."""
        listed = {(one.code, one.ed): one for one in self.listing.notices}
        for notice, edition, up in self.judge.editions():
            one = listed.get((notice.code, edition.ed))
            # What is listed against the leaves is a finding already; nothing of it is opened.
            if one is not None and one.showing in self.judge.may_show(notice, edition, "mirror"):
                where = named(notice.code, edition.ed, up.no)
                yield Read(notice, edition, self._soundly(where, notice, edition, one))
            else:
                yield Read(notice, edition, None)

    def finish(self) -> Iterator[Where]:
        """Compare what is listed as being there with what must be; asked after all editions."""
        lists = {
            "内容": self.listing.bodies,
            "表": self.listing.tables,
            "附件": self.listing.files,
        }
        for what, listed in lists.items():
            yield from self._besides(what, self._there[what], set(listed))

    def _opened(self, where: str, notice: Notice, edition: Edition, one: Shown) -> Stated | None:
        acts = self.judge.state.erasing.get(notice.code, [])
        since = [act for index, act in acts if index > edition.of]
        parts, before = public_parts(edition, one.showing), len(self.wrong)
        tables = dict(self._tables(where, [part for part in parts if part.rows]))
        bodies = dict(self._bodies(where, list(_wanted(parts, tables)), since))
        stated = join(_together(parts, tables, bodies), names=one.showing == "full")
        if one.showing == "full":
            if len(self.wrong) == before and len(tables) == sum(1 for p in parts if p.rows):
                self.wrong += adds_up(where, edition, stated)
            gone = {c for _index, act in acts for c in act.files}
            self._files(where, {ref.c: ref for ref in files_of(notice, edition)}, gone)
        return stated

    def _soundly(self, where: str, notice: Notice, edition: Edition, one: Shown) -> Stated | None:
        try:
            return self._opened(where, notice, edition, one)
        except Unavailable:
            raise
        except Exception as error:  # noqa: BLE001 - bodies that are to break their reader are a finding
            self.wrong.append((where, f"读它的内容时出错：{error!r}"))
            return None

    def _tables(self, where: str, parts: list[Part]) -> Iterator[tuple[str, Table]]:
        self._there["表"].update(part.c for part in parts)
        fetched = self.reader.files(f"table/{part.c}" for part in parts)
        for part, raw in zip(parts, fetched, strict=True):
            if raw is None:
                self.wrong.append((f"{where} {part.name}", self._missing("表", part.c)))
                continue
            try:
                table = _TABLE.of_json(raw)
                rows = [bytes.fromhex(c) for c in table.rows]
            except UNREADABLE:
                self.wrong.append((f"{where} {part.name}", "表读不懂。"))
                continue
            if not len(rows) == len(table.ids) == part.rows:
                self.wrong.append((f"{where} {part.name}", "表的行数不对。"))
            elif table_commitment(rows).hex() != part.c:
                self.wrong.append((f"{where} {part.name}", "表的行和当时承诺的不一样。"))
            else:
                yield part.c, table

    def _bodies(
        self, where: str, wanted: list[Wanted], since: list[Redact | Erase]
    ) -> Iterator[tuple[str, bytes]]:
        fetched = self.reader.files(f"body/{one.c}" for one in wanted)
        for one, raw in zip(wanted, fetched, strict=True):
            erased = any(one.covered(act) for act in since)
            place = f"{where} {one.name}" + ("" if one.row is None else f" 第 {one.row} 行")
            if not erased:
                self._there["内容"].add(one.c)
            if raw is None or erased:
                self.wrong += self._gone(place, "内容", one.c, erased=erased, there=raw is not None)
            elif not commits(raw[:SALT], raw[SALT:], one.c):
                self.wrong.append((place, "内容被改过。"))
            elif one.row is not None and _row_in(raw[SALT:]) != one.row:
                self.wrong.append((place, "行号和内容对不上。"))
            else:
                yield one.c, raw[SALT:]

    def _gone(self, place: str, what: str, c: str, *, erased: bool, there: bool) -> list[Where]:
        if there:
            return [(place, f"记录说已经删除，{what}却还在。")]
        return [] if erased else [(place, self._missing(what, c))]

    def _missing(self, what: str, c: str) -> str:
        """Say that something is gone that no act erased, and which entry says it was lost."""
        return missing(what, self._lost.get(c))

    def _besides(self, what: str, must: set[str], listed: set[str]) -> Iterator[Where]:
        for c in sorted(must - listed):
            index = self._lost.get(c)
            said = "按记录应该还在，目录里却没有。" if index is None else missing(what, index)
            yield f"公开的{what} {c[:8]}", said
        for c in sorted(listed - must):
            yield f"公开的{what} {c[:8]}", "目录里有，按记录却不该公开。"

    def _files(self, where: str, refs: dict[str, FileRef], gone: set[str]) -> None:
        self._there["附件"].update(refs.keys() - gone)
        fetched = self.reader.files(f"file/{c}" for c in refs)
        for number, (ref, raw) in enumerate(zip(refs.values(), fetched, strict=True), 1):
            place, erased = f"{where} 附件{number}", ref.c in gone
            if raw is None or erased:
                self.wrong += self._gone(place, "附件", ref.c, erased=erased, there=raw is not None)
            elif len(raw) != SALT + ref.len or not commits(raw[:SALT], raw[SALT:], ref.c):
                self.wrong.append((place, "附件被换过。"))


def _row_in(body: bytes) -> object:
    try:
        return id_in(body)
    except (*UNREADABLE, AttributeError):
        return None


def _wanted(parts: list[Part], tables: dict[str, Table]) -> Iterator[Wanted]:
    for part in parts:
        if not part.rows:
            yield Wanted(part.c, part.name, None)
        elif part.c in tables:
            table = tables[part.c]
            for row, c in zip(table.ids, table.rows, strict=True):
                yield Wanted(c, part.name, row)


def _together(parts: list[Part], tables: dict[str, Table], bodies: dict[str, bytes]) -> Bodies:
    return Bodies(
        singles={part.name: bodies.get(part.c) for part in parts if not part.rows},
        tables={
            part.name: [
                (row, bodies.get(c))
                for row, c in zip(tables[part.c].ids, tables[part.c].rows, strict=True)
            ]
            for part in parts
            if part.c in tables
        },
    )
