"""The public list against the leaves: nothing missing, nothing besides, nothing shown otherwise."""

from collections.abc import Iterator

from msgspec import Struct

from noticeboard.auditing.report import Where
from noticeboard.auditing.walking import State
from noticeboard.board.public import Listing, Shown
from noticeboard.core.notice import Edition, Notice, Published, published
from noticeboard.core.rules import Rules
from noticeboard.core.visible import Showing, Standing, Surface, standing, visible

# So far may two honest clocks be apart; around the end of a period either side may be right.
APART = 300


class Judge(Struct, frozen=True):
    """What must be visible by the leaves, the rules in force and the moments it may be now."""

    state: State
    rules: Rules
    at: int

    @property
    def moments(self) -> tuple[int, ...]:
        """Give the instants between which it is now, whichever clock is right."""
        return (self.at - APART, self.at, self.at + APART)

    def may_show(self, notice: Notice, edition: Edition, surface: Surface) -> set[Showing]:
        """Give all that a surface may show of an edition now: one thing, but near an end two."""
        return {visible(notice, edition, surface, at, self.rules) for at in self.moments}

    def may_stand(self, notice: Notice, edition: Edition) -> set[Standing]:
        """Give how an edition may stand now."""
        return {standing(notice, edition, at) for at in self.moments}

    def editions(self) -> Iterator[tuple[Notice, Edition, Published]]:
        """Give every edition that was ever public, in the order of the notices' first entries."""
        for notice in self.state.notices.values():
            for edition in notice.editions:
                up = published(edition)
                if up is not None:
                    yield notice, edition, up


def compare(judge: Judge, listing: Listing) -> Iterator[Where]:
    """Compare the list with what the leaves say; what differs is named by its register number."""
    listed = {(one.code, one.ed): one for one in listing.notices}
    if len(listed) != len(listing.notices):
        yield "公开的目录", "同一版列了两次。"
    for notice, edition, up in judge.editions():
        one = listed.pop((notice.code, edition.ed), None)
        where = named(notice.code, edition.ed, up.no)
        may = judge.may_show(notice, edition, "mirror")
        if one is None:
            if may <= {"full", "figures"}:
                yield where, "按记录应该公开，目录里却没有。"
        elif one.showing not in may:
            yield where, f"目录说公开的是 {one.showing}，按记录应该是 {_words(may)}。"
        else:
            yield from _details(judge, where, one, notice, edition, up)
    for one in listed.values():
        yield named(one.code, one.ed, one.no), "目录里有，记录里却没有公开过这一版。"


def _details(
    judge: Judge, where: str, one: Shown, notice: Notice, edition: Edition, up: Published
) -> Iterator[Where]:
    may = judge.may_stand(notice, edition)
    if one.standing not in may:
        yield where, f"目录说它是 {one.standing}，按记录应该是 {_words(may)}。"
    if (one.no, one.publish) != (up.no, up.publish):
        yield where, f"目录给的登记号或记录号不对：{one.no}，第 {one.publish} 条。"


def _words(may: set[Showing] | set[Standing]) -> str:
    return "或".join(sorted(may))


def named(code: str, ed: int, no: str) -> str:
    """Name an edition as a person finds it: register number, code, edition."""
    return f"{no} 号（{code} 第 {ed} 版）"
