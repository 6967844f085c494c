"""Restoring: what a copy gave and was checked becomes the board's again, in one transaction."""

from collections.abc import Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import Connection

from noticeboard.board import covering, fetching, freezing, second_path, taking_down, thawing
from noticeboard.board.board import ERASED, Board, in_force
from noticeboard.board.covering import Missing
from noticeboard.board.fetching import Contents
from noticeboard.board.finding import index_text
from noticeboard.core.actions import Entry, Erase, Lose, Redact, Submit, Unknown, read, verb
from noticeboard.core.checkpoints import Checkpoint, Opened
from noticeboard.core.notes import Note
from noticeboard.core.parts import SALT, Committed
from noticeboard.core.people import CLOCK
from noticeboard.core.problems import NotNow, NotValid
from noticeboard.core.replay import Replay
from noticeboard.formats.images import clean_image
from noticeboard.store import blobs, checkpoints, heads, log, notices, people, screens, search
from noticeboard.store import rules as bundles
from noticeboard.store.checkpoints import Signed

# So many commitments of each sort go into one entry that names what was lost.
_PIECE = 400


class Here(Struct, frozen=True):
    """A log as it stands on this board before anything comes back."""

    origin: str
    keys: tuple[str, ...]
    leaves: tuple[bytes, ...]
    last: Signed | None
    rules: frozenset[str]


class Fetched(Struct, frozen=True):
    """What a copy has that this board lacks, all of it checked."""

    head: Opened
    leaves: tuple[bytes, ...]
    bundles: tuple[bytes, ...]
    contents: Contents


class LostDraft(Struct, frozen=True):
    """A submission whose contents nobody has any more: its entry, notice and edition."""

    index: int
    code: str
    ed: int


class Recovered(Struct, frozen=True, kw_only=True):
    """What came back. `frozen` is why the log still stands still, or "".

    `came` counts entries, `bodies` and `files` contents, `lost` those that nobody has; `drafts` are
    the submissions among them. `strangers` are numbers with an office but without an account here.
    `undone` is what was taken down meanwhile and cannot be logged any more.
    """

    size: int
    came: int
    bodies: int
    files: int
    lost: int
    drafts: tuple[LostDraft, ...]
    strangers: tuple[int, ...]
    undone: tuple[thawing.Undone, ...]
    frozen: str


def restore(
    board: Board,
    tx: Connection,
    village: str,
    here: Here,
    state: Checkpoint | None,
    found: Fetched,
) -> Recovered:
    """Append the entries, keep the contents, put all that follows from them in its place.

    The caller's transaction holds no head row yet. Raises NotNow when the log went on meanwhile.
    """
    size = notices.lock(tx, village).village.size
    if size != len(here.leaves):
        raise NotNow("刚才又记了一条。", fix="请再来一次。")
    for bundle in found.bundles:
        bundles.keep(tx, bundle, board.now())
    for index, raw in enumerate(found.leaves, size):
        _append(tx, village, index, raw)
    waiting = freezing.entries(tx, village)
    said = thawing.replayed(tx, village)
    entries = [read(raw) for raw in (*here.leaves, *found.leaves)]
    blobs.keep(tx, village, Committed(tables=tuple(found.contents.tables.values())))
    erased = set(covering.erased_by(tx, village, [*entries, *waiting]))
    bodies, files = _contents(board, tx, village, found.contents, entries, erased)
    _put_back(board, tx, village, said, entries[size:], erased)
    still = _go_on(board, tx, village, state, found)
    done = thawing.again(board, tx, village, size, waiting)
    lost = _lost(tx, village, entries[size:], erased)
    _say_lost(board, tx, village, lost)
    numbers = people.names_in(tx, village)
    return Recovered(
        size=notices.head_of(tx, village).village.size,
        came=len(found.leaves),
        bodies=bodies,
        files=files,
        lost=len(lost.bodies) + len(lost.files),
        drafts=tuple(_drafts(entries[size:], size, lost)),
        strangers=tuple(sorted(said.village.offices.keys() - numbers.keys())),
        undone=done.undone,
        frozen=still,
    )


def _append(tx: Connection, village: str, index: int, raw: bytes) -> None:
    entry = read(raw)
    assert isinstance(entry, Entry)  # `_known` has seen to it
    action = entry.action
    log.append(tx, village, index, raw, verb(action), getattr(action, "code", None), entry.at)


def _contents(
    board: Board,
    tx: Connection,
    village: str,
    found: Contents,
    entries: Sequence[Entry | Unknown],
    erased: set[str],
) -> tuple[int, int]:
    """Keep what came and is not to be erased, erase what is; gives how many bodies and files."""
    here = blobs.bodies_held(tx, village, found.bodies)
    bodies = [kept for c, kept in found.bodies.items() if c not in here | erased]
    blobs.keep(tx, village, Committed(kept=tuple(bodies)))
    refs = fetching.files_of(entries)
    files = [c for c in found.files if c not in erased]
    for c in files:
        data = found.files[c].read_bytes()
        salt, picture = data[:SALT], data[SALT:]
        thumb = _small(picture, refs[c].type)
        blobs.keep_file(tx, village, picture, refs[c].type, salt, board.now(), thumb)
    blobs.settle(tx, village, refs)
    blobs.erase(tx, village, erased)
    blobs.erase_files(tx, village, erased)
    return len(bodies), len(files)


def _small(picture: bytes, media_type: str) -> bytes | None:
    if not media_type.startswith("image/"):
        return None
    try:
        return clean_image(picture).thumb
    except NotValid:
        return None


def _put_back(
    board: Board,
    tx: Connection,
    village: str,
    said: Replay,
    came: Sequence[Entry | Unknown],
    erased: set[str],
) -> None:
    """Let notices, village, drafts and search follow the entries that came."""
    codes = freezing.codes(tx, village)
    for entry in came:
        action = entry.action if isinstance(entry, Entry) else None
        if code := getattr(action, "code", None):
            codes.add(code)
        if isinstance(action, Redact | Erase):
            taking_down.in_draft(tx, village, action)
    thawing.put_back(tx, village, said, codes)
    heads.restore(tx, replace(said.village, code=village))
    # Contents may have come for what was here already: then its words can be found again too.
    for code in sorted(said.notices):
        index_text(tx, village, said.notices[code], board.now(), in_force(tx)[1])
    if erased:
        search.compact(tx)
        screens.tell(tx, ERASED, f"{village} {said.village.size}")


def _go_on(
    board: Board, tx: Connection, village: str, state: Checkpoint | None, found: Fetched
) -> str:
    """Thaw the log, or leave it frozen; gives why.

    Of what this machine cannot see itself only entries that came can be the cure.
    """
    head, reason = found.head, heads.frozen(tx, village)
    target = head.checkpoint
    seen_here = not reason or reason in thawing.FOUND or reason == freezing.STOPPED
    if target.size >= notices.head_of(tx, village).village.size and state in (None, target):
        note = Note(head.note.text, tuple(one.signature for one in head.log)).write()
        checkpoints.put(tx, village, Signed(target.size, target.root, note, board.now()))
    heads.thaw(tx, village)
    stopped = freezing.for_good(village, reason) or reason == freezing.FOLLOWED
    uncured = stopped or not (seen_here or found.leaves)
    still = reason if uncured else ""
    if not still:
        try:
            second_path.next_step(tx, village, state)
        except second_path.DoesNotAddUp as why:
            still = str(why)
    if still:
        heads.freeze(tx, village, still)
    return still


def _lost(
    tx: Connection, village: str, came: Sequence[Entry | Unknown], erased: set[str]
) -> Missing:
    parts, files = fetching.parts_of(came), fetching.files_of(came)
    return covering.missing(tx, village, parts.values(), files).without(erased)


def _say_lost(board: Board, tx: Connection, village: str, lost: Missing) -> None:
    """Let the log name what came back without its contents, so that nobody need guess why."""
    bodies, files = sorted(lost.bodies), sorted(lost.files)
    while bodies or files:
        piece = Lose(bodies=tuple(bodies[:_PIECE]), files=tuple(files[:_PIECE]))
        bodies, files = bodies[_PIECE:], files[_PIECE:]
        board.append(tx, notices.lock(tx, village).village, piece, CLOCK, Committed())


def _drafts(came: Sequence[Entry | Unknown], size: int, lost: Missing) -> Iterator[LostDraft]:
    for index, entry in enumerate(came, size):
        action = entry.action if isinstance(entry, Entry) else None
        if isinstance(action, Submit) and (
            any(part.c in lost.parts for part in action.parts)
            or any(ref.c in lost.files for ref in action.files)
        ):
            yield LostDraft(index, action.code, action.ed)
