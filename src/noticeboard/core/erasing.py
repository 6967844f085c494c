"""Erasing: what may go of a notice, in which state, and everything under it that can be named."""

from msgspec.structs import replace

from noticeboard.core.actions import Erase, Redact, verb
from noticeboard.core.notice import Edition, Ended, Notice, Returned, TakenDown, published
from noticeboard.core.people import Actor, Village
from noticeboard.core.problems import NotNow, NotValid


def parts_of(notice: Notice) -> set[str]:
    """Name every part that a submission of a notice or a return of it ever committed to."""
    sent_back = {name for back in notice.sent_back for name in back.parts}
    return sent_back | {part.name for edition in notice.editions for part in edition.parts}


def files_of(notice: Notice) -> set[str]:
    """Give the commitment of every file ever submitted, and of every photograph of a wall."""
    sent_back = {c for back in notice.sent_back for c in back.files}
    walls = {ref.c for posted in notice.posted for ref in posted.files}
    return sent_back | walls | {ref.c for edition in notice.editions for ref in edition.files}


def erased(village: Village, notice: Notice, action: Redact | Erase, who: Actor, at: int) -> Notice:
    """Judge an erasing act; its ground has been asked. Whether bytes are left leaves cannot say."""
    shown = [edition for edition in notice.editions if published(edition)]
    if isinstance(action, Erase):
        if not all(_over(edition, at) for edition in shown):
            raise NotNow("还在公开，不能按保存期满删除。")
        if not shown:
            raise NotNow("还没有公开过，没有保存期。")
    elif not shown and not isinstance(notice.latest.state, Returned):
        # What a second person is just reading must not change under their eyes.
        raise NotNow("还没有公开过。", fix="请先退回，再隐去。")
    if not (action.parts or action.files) or not parts_of(notice).issuperset(action.parts):
        raise NotValid("请指明要隐去哪一部分。", field="parts")
    if not files_of(notice).issuperset(action.files):
        raise NotValid("没有这个附件。", field="files")
    down = TakenDown(
        index=village.size,
        act=verb(action),
        ground=action.ground,
        by=who.number,
        at=at,
        parts=action.parts,
        rows=action.rows,
    )
    return replace(notice, taken_down=(*notice.taken_down, down))


def _over(edition: Edition, at: int) -> bool:
    shown = published(edition)
    until = shown.period.until if shown else None
    return isinstance(edition.state, Ended) or (until is not None and at >= until)
