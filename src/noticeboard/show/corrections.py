"""A correction in one sentence: what changed, by how much, and why."""

from typing import Final

from noticeboard.core.changes import WORDING, Difference, differences, names_of
from noticeboard.core.columns import row_fields
from noticeboard.core.forms import COMMON, FORMS
from noticeboard.core.money import yuan
from noticeboard.core.particulars import (
    Assets,
    Content,
    Contracts,
    Labour,
    Project,
    Spending,
    Subsidy,
    kind_of,
)
from noticeboard.show.fitting import cut, wrapped
from noticeboard.show.registers import leading
from noticeboard.show.sentences import spent
from noticeboard.show.texts import Args, Text, Words, said, text

LABEL: Final = "更正"
# How much of what a row was for stands in a band, in ems, from all of it to hardly anything.
_SHORTER: Final = (99, 16, 12, 9, 6)
_LINES: Final = 2


def corrected(old: Content, new: Content) -> Text:
    """Say what a new edition changed, with the difference in yuan where money moved.

    Names are never repeated: a correction may be there because a name was wrong.
    """
    found = differences(old, new)
    money = [d for d in found if d.delta is not None and (d.row is not None or d.field == "")]
    if len(money) == 1:
        return _one_row(new, money[0])
    if money:
        return text("改了 {n} 行，{total}", n=len(money), total=_total(old, new))
    head = next((d for d in found if d.delta is not None), None)
    if head is not None:
        return _amounts(_label(new, head.field), head.before or 0, head.after or 0)
    return _words(new, found)


def changed(old: Content | None, new: Content, ed: int) -> Text:
    """Say what edition `ed` changed; only that it is another one when the old cannot be read."""
    return corrected(old, new) if old else text("这是第 {ed} 版。", ed=ed)


def banded(sentence: Text, reason: Words, room: float) -> tuple[str, ...]:
    """Give the lines of a band, of so many ems, that says a correction and its reason in Chinese.

    The first begins with `LABEL` and a space. Two lines, in which first what the row was for and
    then the reason is cut; more only where the sentence itself, which is never cut, needs them.
    """
    for most in _SHORTER:
        begins = f"{LABEL}\u3000{said(_shortened(sentence, most))}"
        lines = wrapped(begins + " ".join(said(reason).split()), room)
        if len(lines) <= _LINES:
            return tuple(lines)
    whole = wrapped(begins, room)
    last = max(len(whole), _LINES) - 1
    lines = [*lines[:last], cut("".join(lines[last:]), room)]
    # A reason of which nothing fits must not take the last words of the difference with it.
    return tuple(lines if "".join(lines).startswith(begins) else whole)


def _shortened(sentence: Text, most: float) -> Text:
    """Cut what a row was for, which is somebody's own words, wherever it stands in a sentence."""
    args: Args = {}
    for name, value in sentence.args.items():
        if isinstance(value, Text):
            args[name] = _shortened(value, most)
        else:
            args[name] = cut(value, most) if name == "what" and isinstance(value, str) else value
    return Text(sentence.msgid, args, sentence.english)


def why(content: Content) -> Words:
    """Say the reason of a correction; nothing where none was given or it has been erased."""
    return text("原因：{reason}", reason=content.reason) if content.reason else ""


def _row_word(content: Content, row: int | None) -> Text:
    if isinstance(content.particulars, Spending):
        return text("第{n}笔", n=row or 0)
    return text("第{n}行", n=row or 0)


def _one_row(content: Content, change: Difference) -> Text:
    row = _row_word(content, change.row)
    # What a row of a roster was for is a person's name.
    if change.what and not isinstance(content.particulars, Subsidy):
        row = text("{row}（{what}）", row=row, what=change.what)
    if change.field == "":
        args: Args = {"row": row, "amount": yuan(abs(change.delta or 0))}
        if change.before is None:
            return text("加了{row}，{amount} 元。", **args)
        return text("去掉了{row}，{amount} 元。", **args)
    return _amounts(row, change.before or 0, change.after or 0)


def _amounts(what: Words, before: int, after: int) -> Text:
    args: Args = {
        "what": what,
        "before": yuan(before),
        "after": yuan(after),
        "by": yuan(abs(after - before)),
    }
    if after > before:
        return text("{what}从 {before} 元改成 {after} 元，多了 {by} 元。", **args)
    if after < before:
        return text("{what}从 {before} 元改成 {after} 元，少了 {by} 元。", **args)
    return text("{what}没有变，还是 {after} 元。", **args)


def _total(old: Content, new: Content) -> Text:
    match old.particulars, new.particulars:
        case Spending() as before, Spending() as after:
            sums = [sum(row.expense for row in p.rows) for p in (before, after)]
            return _amounts(text("支出合计"), *sums)
        case Subsidy() as before, Subsidy() as after:
            return _amounts(text("补贴合计"), before.total, after.total)
        case Project() as before, Project() as after:
            return _amounts(text("已付"), spent(before).paid, spent(after).paid)
        case Assets() as before, Assets() as after:
            large = leading(after.rows, "net", "original")
            sums = [sum(getattr(row, large) or 0 for row in p.rows) for p in (before, after)]
            return _amounts(text("净值合计") if large == "net" else text("原值合计"), *sums)
        case Contracts() as before, Contracts() as after:
            rents = [sum(row.rent or 0 for row in p.rows) for p in (before, after)]
            return _amounts(text("每年租金"), *rents)
        case Labour() as before, Labour() as after:
            return _amounts(text("工钱合计"), before.total, after.total)
    return text("详见正文。")


def _words(content: Content, found: tuple[Difference, ...]) -> Text:
    fields = {d.field for d in found}
    if fields and fields <= names_of(content):
        return text("改了姓名，金额没有变。")
    if fields <= WORDING:
        return text("改了文字，金额没有变。")
    if len(found) == 1 and isinstance(found[0].after, int) and isinstance(found[0].before, int):
        d = found[0]
        if d.row is not None:
            return text(
                "{row}的{label}从 {before} 改成 {after}。",
                row=_row_word(content, d.row),
                label=_label(content, d.field),
                before=d.before,
                after=d.after,
            )
    labels = [_label(content, field) for field in dict.fromkeys(d.field for d in found) if field]
    joined: Words = labels[0] if labels else text("内容")
    for label in labels[1:3]:
        joined = text("{before}、{after}", before=joined, after=label)
    if len(labels) > 3:  # noqa: PLR2004 - a sentence holds three
        joined = text("{before}等", before=joined)
    return text("改了{fields}。", fields=joined)


def _label(content: Content, field: str) -> Text:
    asked = (*COMMON, *FORMS[kind_of(content)].head, *row_fields(content))
    labels = {known.name: known.label for known in asked}
    return Text(labels.get(field, "内容").removesuffix("（元）"))
