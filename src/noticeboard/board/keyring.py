"""The keys of a log, as its entries name them; exchanged with overlap, whatever breaks off."""

from collections.abc import Iterator

from msgspec import Struct
from sqlalchemy import Connection

from noticeboard.board.board import Board, Done
from noticeboard.core.actions import Entry, Genesis, Key, read
from noticeboard.core.people import Village
from noticeboard.core.problems import NotFound, NotNow
from noticeboard.signing.signer import Signs
from noticeboard.store import log, notices


class Changed(Struct, frozen=True):
    """A key that was added or dropped, and its entry. `file` is where a retired one lies, or ""."""

    key: str
    done: Done
    file: str = ""


def named(tx: Connection, village: str, size: int) -> tuple[str, ...]:
    """Give the verifier texts that the first `size` entries of a log leave in force."""
    keys: tuple[str, ...] = ()
    for change, key in _changes(tx, village, size):
        keys = (*keys, key) if change == "add" else tuple(one for one in keys if one != key)
    return keys


def ever(tx: Connection, village: str) -> set[str]:
    """Give the verifier texts that a log has named at any time, dropped ones too."""
    size = notices.head_of(tx, village).village.size
    return {key for _change, key in _changes(tx, village, size)}


def _changes(tx: Connection, village: str, size: int) -> Iterator[tuple[str, str]]:
    for index, raw in log.of_acts(tx, village, ("genesis", "key")):
        entry = read(raw) if index < size else None
        match entry:
            case Entry(action=Genesis(keys=keys)):
                yield from (("add", key) for key in keys)
            case Entry(action=Key(change=change, key=key)):
                yield change, key


def rotate(board: Board, signer: Signs, village: str, keeper: int) -> Changed:
    """Let a new key sign beside the old one, and let the log say so.

    One that was made just before the last try broke off is taken. `keeper` is who does it, as in
    leaves. Raises NotNow while the log names an older one besides one that signs, be it lost or
    not; Unavailable where the log takes no entry now.
    """
    board.writable(village)
    with board.database.read() as tx:
        here, known = notices.head_of(tx, village).village, ever(tx, village)
    signing = signer.keys(here.origin)
    if len(here.keys) > 1 and any(key in here.keys for key in signing):
        raise NotNow(
            "上次换的旧钥匙还没有停用。", value=village, fix="请先 noticeboard keys retire。"
        )
    made = next((key for key in signing if key not in known), None)
    key = made or signer.add_key(here.origin)
    return Changed(key, board.act(village, Key(change="add", key=key), keeper))


def retire(
    board: Board, signer: Signs, village: str, keeper: int, given: str | None = None
) -> Changed:
    """Let a key sign no more, and let the log say so; without one `given`, the oldest.

    It may be given by its text or its short number. Its file is put aside, or was lost before.
    Raises NotFound for a key that the log does not name, NotNow for the last one that signs,
    Unavailable where the log takes no entry now.
    """
    board.writable(village)
    with board.database.read() as tx:
        here = notices.head_of(tx, village).village
    key = _given(here, given)
    if not any(other in here.keys for other in signer.keys(here.origin) if other != key):
        raise NotNow("这是最后一把能签的钥匙。", value=key, fix="请先 noticeboard keys rotate。")
    try:
        file = signer.retire_key(here.origin, key)
    except NotFound:
        file = ""  # lost: then only the log still names it
    return Changed(key, board.act(village, Key(change="drop", key=key), keeper), file)


def _given(village: Village, given: str | None) -> str:
    for key in village.keys:
        if given in (None, key, key.split("+")[1]):
            return key
    raise NotFound("日志里没有这把钥匙。", value=given or "", fix="请看 noticeboard keys show。")
