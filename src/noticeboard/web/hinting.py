"""请核实 at the desk: what is asked of a draft or an edition, and where to answer it.

A hint is a question. Nobody has to answer it to go on; what is answered to a question of figures
goes up with the notice, what is answered of persons stays with reviewer and township.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from msgspec import Struct
from sqlalchemy import Connection

from noticeboard.board import Board, drafting, hinting
from noticeboard.board.board import in_force
from noticeboard.board.hinting import Asked, Asks
from noticeboard.core.hints import Applied, Hint, HintRule
from noticeboard.core.money import yuan
from noticeboard.core.particulars import Content
from noticeboard.core.problems import NotValid
from noticeboard.core.rules import Rules
from noticeboard.show import addresses
from noticeboard.show.basis import words
from noticeboard.show.texts import Text, Words, text
from noticeboard.store.drafts import Draft
from noticeboard.web.forms import EXPLAIN

# What stands for an address where the rows of a notice have none, or where the form's rows are it.
NOWHERE: Final = "nowhere"
_FORM: Final = ""
# So many rows are named one by one; of more only how many there are.
_NAMED: Final = 12
_PERCENT: Final = 10


class Spot(Struct, frozen=True):
    """A row that a hint is about: what it is called, and where it stands, "" of nowhere yet."""

    label: Words
    href: str


class Question(Struct, frozen=True, kw_only=True):
    """A hint as it is asked: its sentence, its rows, what it rests on, what was said to it.

    `name` is the field of the answer; `more` how many rows are not named.
    """

    name: str
    about: Words
    asks: Words
    spots: tuple[Spot, ...] = ()
    more: int = 0
    basis: Words = ""
    limits: tuple[Words, ...] = ()
    published: bool = False
    soft: bool = False
    said: str = ""


class Panel(Struct, frozen=True, kw_only=True):
    """What is asked of one content.

    `unset` are rules whose limit the county has not set. `rest` are answers to what is not asked
    now, which a form carries along.
    """

    questions: tuple[Question, ...] = ()
    unset: tuple[Words, ...] = ()
    rest: tuple[tuple[str, str], ...] = ()


def of_draft(board: Board, draft: Draft, typed: Mapping[str, object]) -> Panel:
    """Give what is asked of a draft as it is typed now."""
    said = hinting.said_in(typed)
    try:
        content = drafting.read_draft(draft)
    except NotValid:
        return Panel(rest=_rest(said))
    with board.database.read() as tx:
        found = hinting.asks(tx, draft.village, draft.code, content, board.now(), said)
        return _panel(in_force(tx)[1], content, found, _FORM, _rest(said))


def of_edition(tx: Connection, village: str, code: str, content: Content, at: int) -> Panel:
    """Give what is asked of an edition, with what its writer says.

    Its rows stand on the page beside; they have no address before they are public.
    """
    said = hinting.said_of(tx, village, code, content)
    found = hinting.asks(tx, village, code, content, at, said)
    return _panel(in_force(tx)[1], content, found, NOWHERE, ())


def _rest(said: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple((f"{EXPLAIN}{key}", value) for key, value in said.items())


def _panel(
    rules: Rules, content: Content, found: Asks, notice: str, rest: tuple[tuple[str, str], ...]
) -> Panel:
    order = {row.id: nth for nth, row in enumerate(content.particulars.rows)}
    questions = tuple(question(rules, one, order, notice) for one in found.asked)
    names = {one.name for one in questions}
    return Panel(
        questions=questions,
        unset=tuple(Text(rule.name, {}, rule.english) for rule in found.unset),
        rest=tuple((name, value) for name, value in rest if name not in names),
    )


def question(rules: Rules, one: Asked, order: Mapping[int, int], notice: str = NOWHERE) -> Question:
    """Put a hint into words; `order` gives the place of each row, from 0.

    `notice` is the address its rows stand under, NOWHERE, or nothing on a form, where each row is a
    place on the page.
    """
    hint, rule = one.hint, one.rule
    spots = (*_own(hint, order, notice), *_others(hint))
    return Question(
        name=f"{EXPLAIN}{hint.key}",
        about=Text(rule.name, {}, rule.english),
        asks=asking(hint, rule),
        spots=spots[:_NAMED],
        more=max(0, len(spots) - _NAMED),
        basis=words(rules, rule.source, rule.verified),
        limits=tuple(limit_words(rules, limit) for limit in hint.limits),
        published=one.published,
        soft=rule.soft,
        said=one.said,
    )


def asking(hint: Hint, rule: HintRule) -> Words:
    """Give the sentence of a hint, its places filled."""
    asks = rule.asks[hint.case]
    return Text(asks.text, hint.said, asks.english)


def _own(hint: Hint, order: Mapping[int, int], notice: str) -> Iterator[Spot]:
    for row in hint.rows:
        if row in order:
            nth = order[row]
            href = {_FORM: f"#rows.{nth}", NOWHERE: ""}.get(notice, f"{notice}/r/{row}")
            yield Spot(text("第{row}行", row=nth + 1), href)


def _others(hint: Hint) -> Iterator[Spot]:
    for code, row in hint.elsewhere:
        if row:
            label = text("{code}第{row}行", code=code, row=row)
            yield Spot(label, f"{addresses.notice(code)}/r/{row}")
        else:
            yield Spot(code, addresses.notice(code))


def limit_words(rules: Rules, limit: Applied) -> Words:
    """Say a number of a rule with what it rests on: 备用金 5,000.00 元（…）."""
    return text(
        "{name}：{number}；{basis}",
        name=Text(limit.name, {}, limit.english),
        number=_number(limit),
        basis=words(rules, limit.source, limit.verified),
    )


def _number(limit: Applied) -> Words:
    match limit.unit:
        case "fen":
            return text("{yuan} 元", yuan=yuan(limit.n))
        case "day":
            return text("{n} 天", n=limit.n)
        case "month":
            return text("{n} 个月", n=limit.n)
        case "year":
            return text("{n} 年", n=limit.n)
        case "second":
            return text("{n} 秒", n=limit.n)
        case "permille":
            whole, rest = divmod(limit.n, _PERCENT)
            return f"{whole}.{rest}%" if rest else f"{whole}%"
    return str(limit.n)
