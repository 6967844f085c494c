"""Sentences in two languages: Chinese is written in the code and is the key, English beside it.

The catalogues are gettext's `.po` files, read as they are. Places in a sentence are `{name}`,
filled in after translating, the same for pages, problems and the command line. Where English
counts, its sentence stands in two forms, `{n} day|{n} days`: the first is for one.
"""

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Final, Literal

from babel.messages.pofile import read_po
from msgspec import Struct

from noticeboard import shipped
from noticeboard.core.days import local

Lang = Literal["zh", "en"]
LOCALES: Final[dict[Lang, str]] = {"zh": "zh_Hans", "en": "en"}
_MONTHS: Final = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


class Text(Struct, frozen=True):
    """A sentence not yet in a language: its Chinese, and what fills its places.

    `english` stands where the words come from data that bring both languages along.
    """

    msgid: str
    args: Mapping[str, "Text | str | int"] = {}
    english: str = ""


Words = Text | str
Args = dict[str, Text | str | int]


def text(msgid: str, **args: Text | str | int) -> Text:
    """Write a sentence to be translated when it is shown; `tools/messages.py` collects these."""
    return Text(msgid, args)


def said(words: Words, lang: Lang = "zh") -> str:
    """Give a sentence in a language, its places filled. A plain string is somebody's own words."""
    if isinstance(words, str):
        return words
    sentence = words.english if lang == "en" and words.english else translated(words.msgid, lang)
    # What is not in the catalogue may be somebody's own words, where a bar is a bar.
    if sentence not in (words.msgid, words.english):
        sentence = _counted(sentence, words.args.get("n"))
    filled = {
        name: said(value, lang) if isinstance(value, Text) else value
        for name, value in words.args.items()
    }
    return sentence.format_map(filled) if filled else sentence


def _counted(sentence: str, n: Text | str | int | None) -> str:
    one, bar, many = sentence.partition("|")
    return many if bar and str(n) != "1" else one


def worded(lang: Lang, words: Words, /, **args: Text | str | int) -> str:
    """Give a sentence for a template, where `_("…")` writes a message id: it is translated first.

    The answer is plain text, so that autoescape guards whatever fills the places.
    """
    if isinstance(words, Text):
        return said(words, lang)
    return said(Text(words, args), lang)


def translated(msgid: str, lang: Lang) -> str:
    """Give a message in a language; the Chinese where it has no translation yet."""
    return _catalogue(lang).get(msgid) or msgid


@cache
def _catalogue(lang: Lang) -> Mapping[str, str]:
    path = shipped("data") / "locale" / LOCALES[lang] / "LC_MESSAGES" / "noticeboard.po"
    with path.open("rb") as file:
        return {str(message.id): str(message.string) for message in read_po(file) if message.id}


def day(value: str | date | int, at: int | None = None) -> Text:
    """Say a day, `4月9日`, of an ISO date or an instant; its year too unless `at` is in it."""
    if isinstance(value, int):
        value = local(value).date()
    elif isinstance(value, str):
        value = date.fromisoformat(value)
    args = _day_args(value)
    if at is not None and local(at).year == value.year:
        return text("{month}月{day}日", **args)
    return text("{year}年{month}月{day}日", **args)


def moment(value: int, at: int | None = None) -> Text:
    """Say an instant, `4月17日 14:05`; its year too unless `at` is in it."""
    return text("{day} {clock}", day=day(value, at), clock=clock(value))


def clock(at: int) -> str:
    """Say a time of day: 8:00, 14:05."""
    then = local(at)
    return f"{then.hour}:{then.minute:02d}"


def _day_args(value: date) -> Args:
    return {
        "year": value.year,
        "month": value.month,
        "day": value.day,
        "mon": _MONTHS[value.month - 1],
    }
