"""A log that stands still, in words: since when and why, and where it goes on."""

from noticeboard.board import freezing
from noticeboard.board.accusing import Stopper
from noticeboard.show.facts import Place
from noticeboard.show.texts import Text, Words, moment, text


def for_good(where: Place) -> bool:
    """Say whether a log stopped for ever, because another one goes on for it."""
    return freezing.for_good(where.code, where.frozen)


def in_short(where: Place, at: int) -> Words:
    """Say for every page what a log that stands still lets be done, since when, and why; or ""."""
    if not where.frozen:
        return ""
    if where.since is None:
        return text("现在只能看、只能撤下，不能公开新的。原因：{why}", why=why(where))
    return text(
        "从 {when} 起只能看、只能撤下，不能公开新的。原因：{why}",
        when=moment(where.since, at),
        why=why(where),
    )


def why(where: Place) -> Text:
    """Give the reason, with the witness that showed it and of how many entries where one did."""
    reason = Text(where.frozen)
    by = where.stopper
    if by is None or for_good(where):
        return reason
    return text("{reason}{shown}", reason=reason, shown=_shown(by))


def _shown(by: Stopper) -> Text:
    names = "、".join(by.names)
    if not names:
        return text("有人拿出了签过名的 {size} 条，这里有 {here} 条。", size=by.size, here=by.here)
    return text(
        "见证“{names}”拿出了签过名的 {size} 条，这里有 {here} 条。",
        names=names,
        size=by.size,
        here=by.here,
    )
