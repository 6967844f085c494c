"""Words that forms take as typed and an English page must say: units, and how money was paid."""

from typing import Final

from noticeboard.show.texts import Text, Words, text

_KNOWN: Final = {
    word.msgid: word
    for word in (
        *(text("亩"), text("户"), text("人"), text("台"), text("头"), text("只"), text("株")),
        *(text("斤"), text("公斤"), text("吨"), text("米"), text("公里"), text("平方米")),
        *(text("立方米"), text("天"), text("个月"), text("年"), text("次")),
        *(text("转账"), text("现金"), text("村务卡"), text("支票")),
    )
}
# What no English reader can know is explained once on a page.
_EXPLAINED: Final = {"亩": "mu (1/15 hectare)", "斤": "jin (500 g)"}


def known(word: str, n: str = "1") -> Words:
    """Give a typed word so that English says it, for one or for `n`; any other stays as typed."""
    return Text(word, {"n": n}) if word in _KNOWN else word


def counted(n: str, unit: str) -> Text:
    """Say so many of a unit: 8.5 亩."""
    return text("{n} {unit}", n=n, unit=known(unit, n))


def each(unit: str, yuan: str) -> Text:
    """Say what one of a unit gets: 每亩 105 元."""
    return text("每{unit} {yuan} 元", unit=known(unit), yuan=yuan)


def explained(unit: str) -> Words:
    """Give a unit with what it is, where English has no such word."""
    return Text(unit, english=_EXPLAINED[unit]) if unit in _EXPLAINED else known(unit)
