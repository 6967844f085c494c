"""What of a person may be public: default-deny by field and programme; the rules of `masking.yaml`.

`shown` and `masked` are pure and idempotent: they take out of a list of people whatever its
programme does not let be shown, and put nothing in but words of the policy. `core/unmasked` says
the same of a typed form as findings, `core/personal` looks through free texts.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache
from typing import Annotated, Final, Literal

from msgspec import Meta, Struct
from msgspec.structs import replace

from noticeboard.core.households import households
from noticeboard.core.particulars import Content, Subsidy, SubsidyRow, Titled
from noticeboard.core.privacy import leaks
from noticeboard.core.privacy import masked as once_masked
from noticeboard.core.sourced import Code, ItemId, Sourced, Text

# How a kind of data is shown: as it is, as its group, or not at all.
Form = Literal["full", "group", "never"]
# How the names of a programme's people are shown: in full, 张*, as the head of a household with the
# words for a child in it, or not at all, each group as one sum.
Names = Literal["full", "surname", "head", "sums"]
_TWO: Final = (
    "欧阳|司马|上官|诸葛|东方|皇甫|尉迟|公孙|慕容|令狐|夏侯|司徒|南宫|长孙|宇文|端木|百里|呼延"
)
_OF_TWO: Final = re.compile(_TWO)
_STARRED: Final = re.compile(rf"(?:{_TWO}|.)\*{{1,2}}")
_WHOLE: Final = "全村"


class Field(Sourced, frozen=True, kw_only=True):
    """A kind of personal data: the heads its columns go by, and how it is shown anywhere."""

    name: Text
    english: Text
    form: Form
    words: tuple[Text, ...] = ()


class Programme(Sourced, frozen=True, kw_only=True):
    """A programme of payments: the words it goes by, its catalogue items, how names are shown.

    Of a `sensitive` one a list says no more than who and how much: remarks stay behind, and its
    people are looked for in every free text.
    """

    name: Text
    english: Text
    words: Annotated[tuple[Text, ...], Meta(min_length=1)]
    names: Names
    sensitive: bool = False
    items: tuple[ItemId, ...] = ()
    unit: str = ""


class Most(Sourced, frozen=True, kw_only=True):
    """A number of the policy."""

    n: Annotated[int, Meta(ge=1)]


class Words(Sourced, frozen=True, kw_only=True):
    """A list of words of the policy."""

    words: tuple[Text, ...]


class Masking(Struct, frozen=True, kw_only=True):
    """The whole policy. A programme that is not named in it is shown as sums only.

    `tail` is the most that is shown of an identity number, `child_below` the age in years below
    which nobody is named, `child_words` what stands instead, `heads` how a column of household
    heads is called, `conditions` what is never said of anybody, `assessment` for how many years an
    impact assessment is kept. `places` are things that have numbers and are nobody's home, and
    `surnames` those by which a name in a sentence is known.
    """

    fields: dict[Code, Field]
    programmes: dict[Code, Programme]
    tail: Most
    child_below: Most
    child_words: Text
    heads: Words
    conditions: Words
    places: Words
    surnames: Words
    assessment: Most

    def called(self, text: str) -> tuple[Code, Programme] | None:
        """Give the programme that a text speaks of: the one with the longest word in it."""
        found = (
            (len(word), code, programme)
            for code, programme in self.programmes.items()
            for word in programme.words
            if word in text
        )
        best = max(found, key=lambda one: one[0], default=None)
        return best[1:] if best else None


def programme_of(content: Content, masking: Masking) -> tuple[Code, Programme] | None:
    """Give the programme a notice lists the people of; None of one that names no programme."""
    match content.particulars:
        case Subsidy(programme=said):
            return masking.called(said)
        case Titled():
            return masking.called(content.title)
    return None


def names_people(content: Content) -> bool:
    """Say whether a list of people's payments, or a table, names anybody."""
    match content.particulars:
        case Subsidy(rows=rows):
            return any(row.name for row in rows)
        case Titled(rows=listed):
            return any(any(row.people or ()) for row in listed)
    return False


# Masking.


def masked_name(name: str, names: Names, child_words: str) -> str | None:
    """Give a name as a programme shows it, None where it shows none.

    Where a child may stand, only a name that has the words for one already is the household's.
    """
    said = without_numbers(name)
    match names:
        case "full":
            return said
        case "surname":
            return said if _STARRED.fullmatch(said) else _starred(said)
        case "head":
            return said if said.rstrip("）)").endswith(child_words) else child_words
    return None


def of_household(head: str, child_words: str) -> str:
    """Name a child by the head of its household: 张三（户内未成年人）."""
    return f"{head}（{child_words}）" if head else child_words


# A list repeats its groups, and many of its names.
@lru_cache(maxsize=4096)
def without_numbers(text: str) -> str:
    """Repeat a text with … for every full number of somebody, however they stand together."""
    while leaks(text):
        text = once_masked(text)
    return text


def _starred(name: str) -> str:
    known = _OF_TWO.match(name)
    return f"{known[0]}**" if known and len(name) > len(known[0]) else f"{name[:1]}*"


def masked(content: Content, masking: Masking) -> Content:
    """Give a list of people's payments as it may be shown; anything else is given as it is.

    Idempotent; what comes out has no identity, phone or card number in a row.
    """
    particulars = content.particulars
    if not isinstance(particulars, Subsidy):
        return content
    found = masking.called(particulars.programme)
    rows = shown(particulars.rows, found[1] if found else None, masking)
    return replace(content, particulars=replace(particulars, rows=rows))


def shown(
    rows: Sequence[SubsidyRow], programme: Programme | None, masking: Masking
) -> tuple[SubsidyRow, ...]:
    """Give the rows of a programme as they may be shown; None is one that nobody has ruled on."""
    if programme is None or programme.names == "sums":
        return summed(rows)
    tails = _shortest(rows, masking.tail.n) if programme.names == "full" else {}
    return tuple(
        replace(
            row,
            name=masked_name(row.name, programme.names, masking.child_words) if row.name else None,
            tail=tails.get(index),
            remark=_remark(row.remark, programme, masking),
            group=without_numbers(row.group),
        )
        for index, row in enumerate(rows)
    )


def _remark(remark: str | None, programme: Programme, masking: Masking) -> str | None:
    if not remark or programme.sensitive or told_of(remark, masking):
        return None
    return without_numbers(remark)


def told_of(text: str, masking: Masking) -> str:
    """Give the first word in a text that is never said of anybody, or nothing."""
    return next((word for word in masking.conditions.words if word in text), "")


def summed(rows: Sequence[SubsidyRow]) -> tuple[SubsidyRow, ...]:
    """Sum up the households of each group; what is summed up already stays as it is."""
    groups: defaultdict[str, list[SubsidyRow]] = defaultdict(list)
    for row in rows:
        groups[without_numbers(row.group) or _WHOLE].append(row)
    return tuple(_together(number, *group) for number, group in enumerate(groups.items(), 1))


def _together(number: int, group: str, rows: Sequence[SubsidyRow]) -> SubsidyRow:
    quantities = [row.quantity for row in rows if row.quantity is not None]
    standards = {row.standard for row in rows}
    # A row without a name and a number may be a household, or a sum that somebody has typed.
    counted = all(row.name or row.households for row in rows)
    return SubsidyRow(
        id=number,
        group=group,
        amount=sum(row.amount for row in rows),
        quantity=sum(quantities) if quantities else None,
        standard=standards.pop() if len(standards) == 1 else None,
        households=households(rows) if counted else None,
    )


def _shortest(rows: Sequence[SubsidyRow], most: int) -> dict[int, str]:
    """Give by place the shortest ends of the tails that tell people of one name in a group apart.

    Nobody else has one; where no `most` signs do it, none is shown.
    """
    alike: defaultdict[tuple[str, str | None], list[int]] = defaultdict(list)
    for index, row in enumerate(rows):
        alike[row.group, row.name].append(index)
    found: dict[int, str] = {}
    for same in alike.values():
        tails = {index: tail for index in same if (tail := rows[index].tail)}
        whole = set(tails.values())
        # One who has several plots is one person; one of two who has none is told apart by it.
        if not whole or (len(whole) == 1 and len(tails) == len(same)):
            continue
        for length in range(1, most + 1):
            if len({tail[-length:] for tail in whole}) == len(whole):
                found |= {index: tail[-length:] for index, tail in tails.items()}
                break
    return found
