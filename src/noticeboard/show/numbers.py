"""The number and the sentence of a notice: how an amount, a period and a list of parts are said."""

from collections.abc import Iterable
from typing import Final

from msgspec import Struct

from noticeboard.core.money import wan, yuan
from noticeboard.show.texts import Text, Words, day, text

_QUARTERS: Final = "一二三四"
_TEN_THOUSAND: Final = 1_000_000  # fen: from here on a second line says it in 万


class Number(Struct, frozen=True, kw_only=True):
    """The one number: its label above, the figure with its fen at half size, a second line.

    `wide` is a figure of many characters, as a time of day is, and is set smaller.
    """

    label: Words
    value: Words
    fen: str = ""
    unit: Words = ""
    second: tuple[Words, ...] = ()
    wide: bool = False


class Told(Struct, frozen=True):
    """A notice in one sentence, with its number where its kind has one."""

    sentence: Words
    number: Number | None


def money(label: Words, amount: int, *second: Words) -> Number:
    """Give an amount in fen as the number, with 万 on its second line from ten thousand yuan on."""
    whole, _, part = yuan(amount).partition(".")
    # English has no 万; it takes its thousands from beside it.
    rounded = f"{(abs(amount) + 50_000) // 100_000:,}"
    about = (text("合 {wan}元", wan=wan(amount), thousand=rounded),)
    return Number(
        label=label,
        value=whole.replace("-", "−"),
        fen=f".{part}",
        unit=text("元"),
        second=(*about, *second) if abs(amount) >= _TEN_THOUSAND else second,
    )


def short_yuan(amount: int) -> str:
    """Print fen as yuan without `.00`, for a rate within a sentence."""
    return yuan(amount).removesuffix(".00")


def quantity(thousandths: int) -> str:
    """Print thousandths without needless zeros: 8500 is 8.5."""
    whole, part = divmod(thousandths, 1000)
    return f"{whole:,}.{part:03d}".rstrip("0").rstrip(".") if part else f"{whole:,}"


def covers(period: str | None) -> Words:
    """Say the period a notice is about: 一季度, 3月, 2026年; nothing when it has none."""
    if period is None:
        return ""
    year, _, part = period.partition("-")
    if part.startswith("Q"):
        return text("{name}季度", name=_QUARTERS[int(part[1:]) - 1], n=part[1:], year=year)
    if part.startswith("H"):
        return text("上半年") if part == "H1" else text("下半年")
    if part:
        return month(period)
    return text("{year}年", year=year)


def month(year_month: str) -> Text:
    """Say a month `2026-03`: 3月."""
    args = day(f"{year_month}-01").args
    return text("{month}月", **args)


def listed(parts: Iterable[Words]) -> Words:
    """Join parts of a sentence by commas."""
    joined: Words = ""
    for part in parts:
        joined = text("{before}，{after}", before=joined, after=part) if joined else part
    return joined


def ended(sentence: Words) -> Text:
    """Close a sentence."""
    return text("{sentence}。", sentence=sentence)


def kept(*words: Words) -> tuple[Words, ...]:
    """Give those words that say something."""
    return tuple(word for word in words if word)
