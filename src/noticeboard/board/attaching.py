"""Attaching: cleaned pictures come to a draft, are covered, or go; nothing else is ever stored."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from msgspec.structs import replace
from sqlalchemy import Connection

from noticeboard.board.board import Board
from noticeboard.core.notice import Notice
from noticeboard.core.particulars import Attachment
from noticeboard.core.problems import NotFound
from noticeboard.store import blobs, drafts, notices
from noticeboard.store.drafts import Draft, joined


class Picture(Protocol):
    """A cleaned picture as `formats.images` gives it; `thumb` is its small copy."""

    @property
    def data(self) -> bytes:
        """The cleaned bytes."""

    @property
    def type(self) -> str:
        """The media type, such as image/jpeg."""

    @property
    def width(self) -> int:
        """Pixels."""

    @property
    def height(self) -> int:
        """Pixels."""

    @property
    def thumb(self) -> bytes | None:
        """The small copy, at most 25 kB."""


def attach(
    board: Board, village: str, code: str, number: int, cleaned: Sequence[Picture], caption: str
) -> Draft:
    """Add cleaned pictures to a draft; only the cleaned bytes are ever stored."""
    with board.database.write() as tx:
        draft = drafts.get(tx, village, code)
        added = [_kept(board, tx, village, picture, caption) for picture in cleaned]
        changed = replace(
            draft, files=(*draft.files, *added), writers=joined(draft.writers, number)
        )
        return drafts.save(tx, changed, draft.version)


def _kept(board: Board, tx: Connection, village: str, picture: Picture, caption: str) -> Attachment:
    ref = blobs.keep_file(
        tx,
        village,
        picture.data,
        picture.type,
        board.random(32),
        board.now(),
        picture.thumb,
    )
    return Attachment(
        c=ref.c,
        len=ref.len,
        type=ref.type,
        caption=caption,
        width=picture.width,
        height=picture.height,
    )


def cover(board: Board, village: str, code: str, number: int, c: str, covered: Picture) -> Draft:
    """Put a covered copy in a picture's place; the one it covers goes as in `detach`."""
    with board.database.write() as tx:
        draft = drafts.get(tx, village, code)
        old = next((file for file in draft.files if file.c == c), None)
        if old is None:
            raise NotFound("这张图片已经不在草稿里了。", fix="请刷新再看。")
        new = _kept(board, tx, village, covered, old.caption)
        files = tuple(new if file.c == c else file for file in draft.files)
        changed = replace(draft, files=files, writers=joined(draft.writers, number))
        saved = drafts.save(tx, changed, draft.version)
        if c not in referenced(notices.get(tx, village, code)):
            blobs.erase_files(tx, village, [c])
    board.scrub()
    return saved


def describe(
    board: Board, village: str, code: str, number: int, captions: Mapping[str, str]
) -> Draft:
    """Put new captions under a draft's pictures, by their commitments; the others keep theirs."""
    with board.database.write() as tx:
        draft = drafts.get(tx, village, code)
        files = tuple(
            replace(file, caption=captions.get(file.c, file.caption)) for file in draft.files
        )
        if files == draft.files:
            return draft
        changed = replace(draft, files=files, writers=joined(draft.writers, number))
        return drafts.save(tx, changed, draft.version)


def detach(board: Board, village: str, code: str, number: int, c: str) -> Draft:
    """Take a picture off a draft; bytes that no edition refers to are erased."""
    with board.database.write() as tx:
        draft = drafts.get(tx, village, code)
        files = tuple(file for file in draft.files if file.c != c)
        changed = replace(draft, files=files, writers=joined(draft.writers, number))
        saved = drafts.save(tx, changed, draft.version)
        if c not in referenced(notices.get(tx, village, code)):
            blobs.erase_files(tx, village, [c])
    board.scrub()
    return saved


def private(tx: Connection, village: str) -> set[str]:
    """Give the commitments of every file that hangs on a draft and on no edition of its notice."""
    return {
        file.c
        for draft in drafts.of_village(tx, village)
        for file in draft.files
        if file.c not in referenced(notices.get(tx, village, draft.code))
    }


def referenced(notice: Notice | None) -> set[str]:
    """Give the commitments of every file an edition refers to."""
    return {file.c for edition in notice.editions for file in edition.files} if notice else set()
