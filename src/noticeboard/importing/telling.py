"""In words: what a workbook says anew of a notice that is there."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final

from noticeboard.core.changes import Difference
from noticeboard.core.columns import row_fields
from noticeboard.core.forms import COMMON, FORMS, Field
from noticeboard.core.money import yuan
from noticeboard.core.particulars import kind_of
from noticeboard.core.problems import Finding
from noticeboard.core.sheet import SheetProblem
from noticeboard.importing.known import Into, Plan
from noticeboard.show.texts import Words, said, text

# So many differences are said one by one where there is no page to unfold them.
_SAID: Final = 20
_THERE: Final[dict[Into, str]] = {
    "draft": "“{title}”（{code}）还在草稿里，会改成这张表这样：{news}",
    "returned": "“{title}”（{code}）退回来了，会改成这张表这样：{news}",
    "published": "“{title}”（{code}）已经公开，会存成更正：{news}",
    "review": "“{title}”（{code}）和这张表有这些不同：{news}",
}


def there_already(plans: Sequence[Plan]) -> Iterator[SheetProblem]:
    """Say for a command of what there is already what it is, and what differs."""
    for plan in plans:
        if plan.into == "new":
            continue
        lines = [said(line) for line in news(plan)] if plan.before else []
        more = f"；还有 {len(lines) - _SAID} 处" if len(lines) > _SAID else ""
        args: dict[str, str | int] = {"title": plan.title, "code": plan.code}
        args["news"] = "；".join(lines[:_SAID]) + more
        wording = _THERE[plan.into]
        if plan.nothing_new:
            wording = "“{title}”（{code}）说的已经是这些，不用再存"
        elif plan.before is None:
            wording = "“{title}”（{code}）还没有写完，会改成这张表这样"
        yield SheetProblem("warning", "", "", Finding(wording, args=args))


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
