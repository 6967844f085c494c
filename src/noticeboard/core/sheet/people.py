"""What stands in the cell of a name: the name itself, and what was written behind it."""

import re
from collections.abc import Mapping

from msgspec import Struct

from noticeboard.core.sheet.cells import Cell, folded, key, words

_BETWEEN = re.compile(r"[、,;/&\n]|(?<=[\u4e00-\u9fff])[和与及](?=[\u4e00-\u9fff]{2})")
_IN_BRACKETS = re.compile(r"\(([^()]*)\)")
# The dots that stand between the parts of a name, whichever the keyboard gave.
_DOTS = str.maketrans(dict.fromkeys("•‧・･∙●.．", "·"))
_NUMBER = re.compile(r"\d{6,}")
_HEAD = {"户主", "户", "本人"}
# 石 磊 is one name set wide; 石磊 石强 are two.
_WHOLE_NAME, _LONGEST_NAME = 2, 3


class Person(Struct, frozen=True):
    """A name without spaces and (户主), and the remark behind it.

    `kept_back` when something stood in brackets that is nobody's business, `several` when more
    than one person is named, `numbered` when a number of identity, card or phone stands there.
    """

    name: str
    remark: str = ""
    kept_back: bool = False
    several: bool = False
    numbered: bool = False


def person(cell: Cell, remarks: Mapping[str, str], surnames: str) -> Person:
    """Read the cell of a name; `remarks` are the words that may be shown behind one."""
    # Nearly all cells of names are two or three characters and nothing else.
    if type(cell) is str and len(cell) <= _LONGEST_NAME and cell.isalpha():
        return Person(words(cell))
    text = str(cell or "").replace("（", "(").replace("）", ")")
    inside = [key(each) for each in _IN_BRACKETS.findall(folded(text))]
    remark = next((remarks[word] for word in reversed(inside) if word in remarks), "")
    bare = _IN_BRACKETS.sub("", text)
    parts = [words(part) for part in _BETWEEN.split(bare) if words(part)]
    if len(parts) == 1 and _is_two_names(parts[0].split(), surnames):
        parts = parts[0].split()
    name = "、".join("".join(part.split()).translate(_DOTS) for part in parts)
    return Person(
        name=name,
        remark=remark,
        kept_back=any(word not in remarks and word not in _HEAD for word in inside),
        several=len(parts) > 1,
        numbered=_NUMBER.search(key(cell)) is not None,
    )


def _is_two_names(parts: list[str], surnames: str) -> bool:
    return len(parts) > 1 and all(
        _WHOLE_NAME <= len(part) <= _LONGEST_NAME and part[0] in surnames for part in parts
    )
