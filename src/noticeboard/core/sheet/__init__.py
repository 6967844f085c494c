"""From a workbook's sheets to what notices state, or everything that is wrong with them at once.

`understand` is the whole of it: `layout` finds the tables of a sheet by the words of `lexicon` and
the clerk's `choices`, `heading` reads what stands above, the room that `readers` names for the kind
puts the lines together with `amounts`, `dates` and `identity`, `checks` holds the sheet's own sums
against them, `summaries` and `twice` hold the sheets against each other, and `report` collects what
is wrong and what has to be asked.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from msgspec.structs import replace

from noticeboard.core.particulars import Content, Project
from noticeboard.core.sheet import limits
from noticeboard.core.sheet.cells import Book, Sheet, key, words
from noticeboard.core.sheet.choices import About, Choices, SheetChoice
from noticeboard.core.sheet.headers import Headers, SheetKind
from noticeboard.core.sheet.heading import read, signed, title_of
from noticeboard.core.sheet.layout import Layout
from noticeboard.core.sheet.lexicon import Lexicon
from noticeboard.core.sheet.looking import hidden_rows, is_subsidy, left_behind, look_over
from noticeboard.core.sheet.readers import READERS
from noticeboard.core.sheet.reading import Given, Read, Reading, Stated, Understood
from noticeboard.core.sheet.report import Question, Report, SheetProblem
from noticeboard.core.sheet.summaries import Summary, sums_up
from noticeboard.core.sheet.tables import Table
from noticeboard.core.sheet.telling import look_for_conditions
from noticeboard.core.sheet.twice import mark_repeats, note_breaks, note_openings

__all__ = [
    "About",
    "Book",
    "Choices",
    "Headers",
    "Question",
    "Reading",
    "Sheet",
    "SheetChoice",
    "SheetProblem",
    "Understood",
    "understand",
]

_NOTHING_CHOSEN: Final = Choices()
# What a clerk who is asked may call a sheet.
_ANSWERS: Final[dict[SheetKind, str]] = {
    "ledger": "财务收支",
    "roster": "补贴名单",
    "project": "项目表",
    "asset": "资产台账",
    "contract": "合同台账",
    "labour": "用工表",
    "table": "其他名单、登记表",
}


def understand(
    book: Book, headers: Headers, about: About, choices: Choices = _NOTHING_CHOSEN
) -> Understood:
    """Read every sheet of a workbook for a village, as far as the clerk has not decided otherwise.

    Hidden, empty and skipped sheets are left out. A sheet that sums up others is compared with them
    and becomes nothing itself; a ledger whose lines all stand in another one is not taken twice. A
    sheet of no known kind is offered, and asked about only where there is nothing else.
    """
    found, dropped = _found(book, Lexicon(headers), about, choices)
    reads = [_read(given) for given in found if isinstance(given, Given) and given.known]
    others = [given for given in found if isinstance(given, Given) and not given.known]
    summaries = [given for given in others if reads and sums_up(given)]
    for given in summaries:
        Summary(given).compare(reads)
    repeats = mark_repeats(reads)
    note_openings(reads)
    note_breaks([read for read in reads if read not in repeats])
    by_table: dict[int, Reading] = {
        id(each.given): _reading(each, taken=each not in repeats) for each in reads
    }
    for given in others:
        reading = _summary(given) if given in summaries else _offered(given, alone=not reads)
        by_table[id(given)] = reading
    readings = tuple(g if isinstance(g, Reading) else by_table[id(g)] for g in found)
    problems = [problem for reading in readings for problem in reading.problems]
    if not reads and not any(reading.questions for reading in readings):
        report = Report("")
        report.error(
            None,
            "没有找到可以公开的表",
            "请检查表头：收支表要有“日期、摘要、收入、支出”，名单要有“姓名、金额”。",
        )
        problems += report.problems
    return Understood(readings, (*book.dropped, *dropped), tuple(problems))


# Finding the tables.


def _found(
    book: Book, lexicon: Lexicon, about: About, choices: Choices
) -> tuple[list[Given | Reading], list[str]]:
    """Give every table of every sheet, and what was left out; a sheet without any is a Reading."""
    found: list[Given | Reading] = []
    dropped: list[str] = []
    for sheet in book.sheets:
        if sheet.hidden:
            dropped.append(f"隐藏的工作表“{words(sheet.name)}”")
        elif key(sheet.name) in lexicon.headers.instructions:
            dropped.append(f"工作表“{words(sheet.name)}”")
        elif any(key(cell) for row in sheet.rows for cell in row):
            for given in _tables(sheet, book.name, lexicon, about, choices):
                if isinstance(given, Given) and given.table.choice.kind == "skip":
                    dropped.append(f"工作表“{words(sheet.name)}”，按您的选择")
                else:
                    found.append(given)
    return found, dropped


def _tables(
    sheet: Sheet, file: str, lexicon: Lexicon, about: About, choices: Choices
) -> Iterator[Given | Reading]:
    layout = Layout(sheet, lexicon, tuple(READERS), about, choices)
    tables = list(layout.tables())
    for table in tables:
        yield _given(table, file, lexicon, about, known=table.known)
    if not tables:
        offered = layout.offered()
        if offered is None:
            yield _unreadable(words(sheet.name))
        else:
            yield _given(offered, file, lexicon, about, known=False)


def _given(table: Table, file: str, lexicon: Lexicon, about: About, *, known: bool) -> Given:
    headers, name = lexicon.headers, table.sheet.name
    heading = read(table.titles, name, about.village, headers, file, table.footer)
    given = Given(
        table=table,
        heading=heading,
        title=title_of(heading, name, about.village, headers, file),
        headers=headers,
        about=about,
        report=Report(words(name), table.choice, table.left_out),
        lexicon=lexicon,
        known=known,
    )
    # A list of people and money that calls itself no subsidy, and a ledger of sums without days,
    # are not what their columns make of them unless the clerk says so.
    doubtful = table.kind == "roster" and not is_subsidy(table, heading, headers)
    doubtful = doubtful or (table.kind == "ledger" and sums_up(given))
    return replace(given, known=False) if doubtful and not table.forced else given


def _unreadable(name: str) -> Reading:
    report = Report(name)
    report.warn(None, "没有认出这张表，没有带入", "如果要公开，请核对表头。")
    return Reading(name=name, problems=tuple(report.problems))


# Reading them.


def _read(given: Given) -> Read:
    look_over(given)
    stated = () if given.table.missing else tuple(READERS[given.table.kind](given))
    limits.look_at_cells(given)
    look_for_conditions(given, stated)
    return Read(given, stated)


def _reading(done: Read, *, taken: bool) -> Reading:
    given, stated = done.given, done.stated
    report = given.report
    contents = tuple(_content(given, each) for each in stated) if taken else ()
    for content in contents:
        limits.look_at(given, content)
    held_up = report.failed or report.questions
    concealed, in_sums = _concealed(given, contents)
    return replace(
        _plain(given),
        kind=given.table.kind,
        contents=() if held_up else contents,
        marks=() if held_up or not taken else tuple(each.marks for each in stated),
        rows=sum(len(s.particulars.rows) if s.lines is None else s.lines for s in stated),
        income_fen=sum(each.income for each in stated),
        expense_fen=sum(each.expense for each in stated),
        amount_fen=sum(each.amount for each in stated),
        concealed=concealed,
        concealed_in_sums=in_sums,
        dropped=(*left_behind(given.table), *report.dropped),
    )


def _concealed(given: Given, contents: Sequence[Content]) -> tuple[tuple[int, ...], int]:
    """Give the places of the hidden rows among a content's rows, or how many it sums up."""
    rows = given.table.sheet.hidden_rows
    behind = given.report.behind
    places = tuple(place for place, row in enumerate(behind) if row in rows) if rows else ()
    if len(contents) != 1 or not places:
        return (), 0
    alone = len(contents[0].particulars.rows) == len(behind)
    return (places, 0) if alone else ((), len(places))


def _content(given: Given, stated: Stated) -> Content:
    particulars = stated.particulars
    report = given.report
    said = "".join((*report.left_out.told(), *report.explanations))
    if said and isinstance(particulars, Project):
        # Of a project it belongs to its story.
        particulars = replace(particulars, story="\n".join(filter(None, (particulars.story, said))))
    elif said and hasattr(particulars, "explanation"):
        particulars = replace(particulars, explanation=said)
    return Content(
        title=stated.title,
        particulars=particulars,
        publisher=given.heading.publisher,
        item=stated.item,
        covers=given.heading.covers,
        last_row=len(particulars.rows),
    )


def _summary(given: Given) -> Reading:
    return replace(_plain(given), sums_up=True, dropped=("这张是汇总，只用来和明细核对",))


def _offered(given: Given, *, alone: bool) -> Reading:
    """Offer a table of no known kind: with nothing else in the workbook, ask what it is."""
    kinds: tuple[SheetKind, ...] = ("table",)
    if given.table.kind == "roster":
        given.report.warn(
            None, "这张名单看不出是什么补贴，没有带入", "请在标题里写明补贴名称，或者选它是什么表。"
        )
        kinds = ("roster", "labour", "table")
    elif "table" in READERS and alone:
        answers = [(kind, said) for kind, said in _ANSWERS.items() if kind in READERS]
        given.report.ask(
            (given.table.header, 0), "kind", "这是一张什么表？", [*answers, ("skip", "不带入")]
        )
        kinds = tuple(READERS)
    else:
        given.report.warn(
            (given.table.top, 0) if given.table.choice.table > 1 else None,
            "没有认出这张表，没有带入",
            "如果要公开，请核对表头，或者选它是什么表。",
        )
    offers = tuple(kind for kind in kinds if kind in READERS)
    return replace(_plain(given), offers=offers)


def _plain(given: Given) -> Reading:
    """Give what is known of a table whatever becomes of it."""
    table, report = given.table, given.report
    return Reading(
        name=report.sheet,
        table=table.choice.table,
        title=given.title,
        covers=given.heading.covers,
        unit=given.heading.unit,
        header=table.header,
        columns=tuple(
            replace(c, fate=report.withheld[c.letter]) if c.letter in report.withheld else c
            for c in table.columns
        ),
        problems=tuple(report.problems),
        questions=tuple(report.questions),
        layout=table.layout,
        remembered=table.remembered,
        signed=signed(table.footer, given.headers),
        hidden=hidden_rows(table),
    )
