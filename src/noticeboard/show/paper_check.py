"""Whether a paper on a wall is of what stands now: current, older, withdrawn, or none of ours.

A paper's QR carries the beginning of its publish leaf's hash, so whoever printed another text under
the same code is found out.
"""

from msgspec.structs import replace

from noticeboard.core.codes import fingerprint
from noticeboard.core.notice import Edition, TakenDown, published
from noticeboard.show import routes
from noticeboard.show.asked import Asked
from noticeboard.show.facts import Facts
from noticeboard.show.head import Band, old_edition
from noticeboard.show.render import View
from noticeboard.show.texts import Words, text
from noticeboard.show.views import NoticeView, TombstoneView
from noticeboard.store import notices


def edition_of(asked: Asked, printed: str) -> Edition | None:
    """Give the edition that a fingerprint on paper is of, or None for none of this notice."""
    ups = [(edition, up) for edition in asked.notice.editions if (up := published(edition))]
    hashes = notices.leaf_hashes(asked.tx, asked.where.code, [up.publish for _edition, up in ups])
    there = [(edition, hashes.get(up.publish)) for edition, up in ups]
    found = {fingerprint(hash_): edition for edition, hash_ in there if hash_ is not None}
    return found.get(printed)


def with_verdict(asked: Asked, view: View, edition: Edition | None) -> View:
    """Hang the verdict about a paper of `edition` above the page of its notice."""
    band = _verdict(asked, edition)
    if edition is not None:
        band = replace(band, href=routes.Verify(asked.notice.code).path, link=text("看核对了什么"))
    if isinstance(view, NoticeView):
        return replace(view, head=replace(view.head, bands=(band, *view.head.bands)))
    return replace(view, bands=(band,)) if isinstance(view, TombstoneView) else view


def _verdict(asked: Asked, edition: Edition | None) -> Band:
    read = asked.seen("page")
    if edition is None:
        below = text("下面是现在公开的内容。") if read.showing in ("full", "figures") else ""
        wrong = text("这张纸上的指纹不是这份公示的任何一版。请打电话问村里，或者告诉监委会。")
        return Band("red", text("无法核对"), (wrong, below))
    if read.showing not in ("full", "figures"):
        # A page that is erased whole is a tombstone too, without anybody having withdrawn it.
        gone = text("撤下了") if read.standing == "withdrawn" else text("隐去了")
        says = text("墙上的纸请取下来。")
        return Band("amber", text("这张纸上的公示{gone}", gone=gone), (says,))
    if edition.ed == asked.current.ed:
        return Band("pine", text("这张纸是现在这一版"), (*_since(read), *_compare(read)))
    return _older(asked, edition)


def _since(read: Facts) -> tuple[Words, ...]:
    """Say what is on a paper of the current edition and not on its page any more."""
    up = read.up
    says: list[Words] = []
    if up is not None and any(_hides(down, up.at) for down in read.notice.taken_down):
        says.append(text("公开以后隐去过一部分：纸上有、这里没有的，就是隐去的。"))
    if read.standing == "expired":
        says.append(text("公示期满了，纸可以取下来。"))
    if read.showing == "figures":
        says.append(text("期满后姓名收起来了。"))
    return tuple(says)


def _hides(down: TakenDown, since: int) -> bool:
    return down.act != "withdraw" and down.at >= since


def _compare(read: Facts) -> tuple[Words, ...]:
    if read.stated is not None and read.stated.content.particulars.rows:
        return (text("请看金额和纸上印的一样不一样。"),)
    return (text("请看和纸上印的一样不一样。"),)


def _older(asked: Asked, edition: Edition) -> Band:
    read = asked.seen("edition", edition)
    if read.stated is None:
        return Band("amber", text("这张纸是旧的一版"), (text("后来改了，下面是现在公开的内容。"),))
    old = old_edition(read, read.stated, asked.seen("page"))
    says = old.says or (text("下面是现在公开的内容。"),)
    return Band("amber", text("这张纸是旧的一版，后来改了。"), says)
