"""What a hint is found in: a content, what the village has besides, the numbers of the place."""

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from noticeboard.core import packs
from noticeboard.core.hints import Applied, Hint, HintRule
from noticeboard.core.matching import Marks
from noticeboard.core.particulars import Content
from noticeboard.core.rules import Rules
from noticeboard.core.sourced import Code, ItemId


class Other(Struct, frozen=True):
    """Another notice that is, or was, on the board, under its code."""

    code: str
    content: Content


class Kin(Struct, frozen=True, kw_only=True):
    """Somebody of the recusal register: who they are to the village's affairs, as written there.

    `tie` is an office (村主任) or whose relative they are (会计的弟弟).
    """

    name: str
    tie: str
    group: str = ""
    identity: str = ""


class Supplier(Struct, frozen=True, kw_only=True):
    """A firm or person the village buys from, and who stands behind it."""

    name: str
    owner: str


class Look(Struct, frozen=True, kw_only=True):
    """Everything that hints are found in, on the ISO `day`, by the village's rule `pack`.

    `others` has no other edition of the notice itself. `marks` go by code and row, the notice's own
    under `code`.
    """

    rules: Rules
    pack: str
    day: str
    code: str
    content: Content
    others: Sequence[Other] = ()
    kin: Sequence[Kin] = ()
    suppliers: Sequence[Supplier] = ()
    marks: Mapping[tuple[str, int], Marks] = {}

    def marks_of(self, code: str, row: int) -> Marks:
        """Give the marks of a row, empty ones where it has none."""
        return self.marks.get((code, row), _NONE)


_NONE = Marks()


def applied(rule: HintRule, code: Code) -> Applied:
    """Give a number of a rule with its source; raises KeyError for one that it does not have."""
    one = rule.thresholds[code]
    return Applied(
        name=one.name,
        english=one.english,
        n=one.n,
        unit=one.unit,
        source=one.source,
        verified=one.verified,
    )


class Task(Struct, frozen=True):
    """One rule at work on a look."""

    id: ItemId
    rule: HintRule
    look: Look

    def limit(self, code: Code) -> Applied:
        """Give a number of the rule itself; raises KeyError for one that it does not have."""
        return applied(self.rule, code)

    def places(self) -> Iterator[Applied]:
        """Give the limits of the place that the rule goes by, the highest first; none unset."""
        found = (packs.threshold(self.look.rules, self.look.pack, it) for it in self.rule.packs)
        for one in sorted(filter(None, found), key=lambda it: -it.fen):
            if one.fen:
                yield Applied(
                    name=one.name,
                    english=one.english,
                    n=one.fen,
                    unit="fen",
                    source=one.source,
                    verified=one.verified,
                )

    def words(self, code: Code) -> tuple[str, ...]:
        """Give the words of the rule under a code."""
        return self.rule.words.get(code, ())

    def said_in(self, text: str, code: Code, unless: Code = "") -> str:
        """Give the first word of a code that a text says, outside of words that excuse it."""
        for word in self.words(unless):
            text = text.replace(word, " ")
        return next((word for word in self.words(code) if word in text), "")

    def hint(
        self,
        case: Code,
        rows: Sequence[int] = (),
        *limits: Applied,
        elsewhere: Sequence[tuple[str, int]] = (),
        **said: str | int,
    ) -> Hint:
        """Give a hint of this rule."""
        return Hint(
            rule=self.id,
            case=case,
            rows=tuple(rows),
            said={"n": len(rows), **said},
            limits=limits,
            elsewhere=tuple(elsewhere),
        )
