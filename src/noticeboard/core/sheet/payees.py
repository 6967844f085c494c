"""Who and where: what remains of a payee when villagers' names go, and the number of a group."""

import re

from noticeboard.core.sheet.cells import key, words
from noticeboard.core.sheet.headers import Headers
from noticeboard.core.sheet.numerals import integer

_GROUP = re.compile(
    r"\(?第?(?P<group>[一二三四五六七八九十]+|\d{1,3})(?:村民)?小?组\)?(?:村民|组员)?"
)
_GROUP_NAME = re.compile(
    r"第?(?P<number>[〇零一二两三四五六七八九十百]+|\d{1,3})(?:村民)?(?:小?组)?(?:村民)?"
)
_MANY = re.compile(r"(?:等|代表|^)(?P<count>\d+[人户])")
_HAN = re.compile(r"{0}+(?:[·•]{0}+)*".format("[\u3400-\u9fff\U00020000-\U0003ffff]"))
_SEVERAL = re.compile(r"[、,;/和]")
_SHORT, _LONGEST = 3, 4


def reduced(payee: str, headers: Headers) -> str:
    """Reduce a payee to what may stay: firms keep their names, people become 村民.

    Where a name could be either, it counts as a person: a shop that loses its name loses little.
    """
    text = key(payee)
    if not text:
        return ""
    group = _GROUP.search(text)
    people = f"{group['group']}组村民" if group else "村民"
    name = re.sub(r"\(.*?\)", "", _GROUP.sub("", text))
    if many := _MANY.search(name):
        return f"{people}{many['count']}"
    if not name:
        return people
    names = _SEVERAL.split(name)
    if len(names) > 1 and all(_is_person(each, headers) for each in names):
        return f"{people}{len(names)}人"
    if _is_person(name, headers):
        return people
    return words(payee) if name.endswith(headers.firms) else "商户"


def _is_person(name: str, headers: Headers) -> bool:
    if not _HAN.fullmatch(name) or len(name) == 1:
        return False
    if "·" in name or "•" in name:
        return True
    if len(name) <= _SHORT and name[0] in headers.surnames:
        return True
    return len(name) <= _LONGEST and not name.endswith(headers.firms)


def group_number(name: str) -> int | None:
    """Give the number in a group's name: 三组, 第3村民小组, 3; None when it is not called so."""
    match = _GROUP_NAME.fullmatch(key(name))
    return integer(match["number"]) if match else None
