"""What is to come of a workbook, and what is new about a notice that is there already."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from msgspec import Struct

from noticeboard.core.changes import Difference
from noticeboard.core.columns import row_fields
from noticeboard.core.forms import COMMON, FORMS, Field
from noticeboard.core.money import yuan
from noticeboard.core.particulars import kind_of
from noticeboard.importing import Plan
from noticeboard.show.sentences import KIND_WORDS
from noticeboard.show.texts import Words, text

_MOST_NEWS: Final = 200
# So many stand open of a list longer than this; the rest is folded below them.
_FIRST: Final = 6
_SHORT: Final = 9


class Coming(Struct, frozen=True):
    """A notice that is to come: what it goes on with, at `href`, and what is new about it.

    `counted` says how much is new, `news` what, `open` how many of those lines are shown at once;
    `more` is how many are not among them.
    """

    nth: int
    title: str
    kind: Words
    rows: int
    into: str
    before: str
    href: str
    counted: tuple[Words, ...]
    news: tuple[Words, ...]
    open: int
    more: int
    nothing_new: bool
    chosen: bool


def shown_open(lines: int) -> int:
    """Say how many lines of a list stand open; the rest is folded below them."""
    return lines if lines <= _SHORT else _FIRST


def coming(village: str, nth: int, plan: Plan, *, chosen: bool) -> Coming:
    """Say what a plan comes to, the `nth` of a village's workbook."""
    told = tuple(news(plan)) if plan.before else ()
    place = "drafts" if plan.into == "draft" else "notices"
    return Coming(
        nth=nth,
        title=plan.content.title,
        kind=KIND_WORDS[kind_of(plan.content)],
        rows=len(plan.content.particulars.rows),
        into=plan.into,
        before=plan.title,
        href=f"/desk/{village}/{place}/{plan.code}" if plan.code else "",
        counted=counted(plan),
        news=told[:_MOST_NEWS],
        open=shown_open(len(told)),
        more=max(len(told) - _MOST_NEWS, 0),
        nothing_new=plan.nothing_new,
        chosen=chosen,
    )


def news(plan: Plan) -> Iterator[Words]:
    """Say what a workbook says anew of a notice, a line for each difference."""
    content = plan.content
    fields = {f.name: f for f in (*row_fields(content), *FORMS[kind_of(content)].head, *COMMON)}
    numbers = {row.id: n for n, row in enumerate(content.particulars.rows, 1)}
    for difference in plan.differences:
        yield _said(difference, fields, numbers)


def counted(plan: Plan) -> tuple[Words, ...]:
    """Say how many rows came, went and changed, and how much beside the rows; nothing of none."""
    rows = [one for one in plan.differences if one.row is not None]
    came = sum(not one.field and one.before is None for one in rows)
    went = sum(not one.field and one.before is not None for one in rows)
    changed = len({one.row for one in rows if one.field})
    beside = len(plan.differences) - len(rows)
    told = (
        text("多 {n} 行", n=came),
        text("少 {n} 行", n=went),
        text("改 {n} 行", n=changed),
        text("行外改 {n} 处", n=beside),
    )
    return tuple(words for words in told if words.args["n"])


def _said(one: Difference, fields: dict[str, Field], numbers: dict[int, int]) -> Words:
    if one.row is not None and one.field == "":
        amount = yuan(abs(one.delta or 0))
        if one.before is None:
            return text("多了“{what}”，{amount} 元", what=one.what, amount=amount)
        return text("少了“{what}”，{amount} 元", what=one.what, amount=amount)
    field = fields.get(one.field)
    label = text(field.label.removesuffix("（元）")) if field else text("内容")
    before, after = _shown(one.before, field), _shown(one.after, field)
    if one.row is None:
        return text("{label}：{before} → {after}", label=label, before=before, after=after)
    return text(
        "第{n}行（{what}）{label}：{before} → {after}",
        n=numbers.get(one.row, one.row),
        what=one.what,
        label=label,
        before=before,
        after=after,
    )


def _shown(value: object, field: Field | None) -> Words:
    if value is None or value == "":
        return text("没有填")
    if isinstance(value, int) and field is not None:
        if field.read == "money":
            return yuan(value)
        if field.read == "quantity":
            return f"{Decimal(value) / 1000:f}".rstrip("0").rstrip(".")
    return str(value)
