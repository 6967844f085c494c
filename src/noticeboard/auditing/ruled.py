"""The rules bundles a log was kept under: named, remembered, and what a new one would take away.

Which bundle is in force no village's log says before its next entry. So whoever runs a board could
hide by a bundle of their own making what its log says is public: that is a finding while no entry
names the bundle, and that rules changed is said in any case.
"""

from collections.abc import Collection, Iterator
from functools import lru_cache

from noticeboard.auditing.listed import Judge, named
from noticeboard.auditing.report import Where
from noticeboard.core.rules import bundle_hash
from noticeboard.core.visible import Showing, Surface
from noticeboard.formats.rules import load

_MORE: dict[Showing, int] = {"nothing": 0, "tombstone": 0, "figures": 1, "full": 2}
# Between them they ask everything that the rules decide: pages, lists, and what mirrors hold.
_SURFACES: tuple[Surface, ...] = ("page", "feed", "mirror")


@lru_cache(maxsize=1)
def shipped() -> str:
    """Give the hash of the bundle that this program brings along."""
    return bundle_hash(load())


def changed(now: str, last: str, used: Collection[str], known: Collection[str]) -> Iterator[str]:
    """Say in whole sentences how the rules changed.

    `now` is the bundle in force, `last` that of the last entry, `used` all that entries name and
    `known` those that were remembered, none where nothing was.
    """
    if not now:
        return
    if last and now != last:
        yield f"规则换过：现在照 {now[:8]} 判断什么该公开，最后一条记录照的是 {last[:8]}。"
    new = [hash_[:8] for hash_ in (*used, now) if hash_ not in known]
    if known and new:
        yield f"规则换过：上次核对以后多了 {'、'.join(dict.fromkeys(new))}。"
    if now != shipped():
        yield (
            f"规则换过：公开板用的 {now[:8]} 不是这个程序带来的（{shipped()[:8]}）。"
            "版本不同也会这样；不是换版本，就请村里说清楚改了什么。"
        )


def hidden(judge: Judge, before: Judge, bundle: str) -> Iterator[Where]:
    """Name what would be public under the rules of the last entry, and by a bundle is not.

    `judge` goes by that bundle, which no entry names, `before` by the rules of the last entry.
    """
    for notice, edition, up in judge.editions():
        if any(
            max(_MORE[one] for one in judge.may_show(notice, edition, surface))
            < min(_MORE[one] for one in before.may_show(notice, edition, surface))
            for surface in _SURFACES
        ):
            what = f"照最后一条记录的规则看得到更多，照 {bundle[:8]} 就少了，没有记录提到过它。"
            yield named(notice.code, edition.ed, up.no), what
