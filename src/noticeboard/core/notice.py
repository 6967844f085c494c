"""A notice and its editions as the log tells them: one class per state, no text, no names."""

from typing import Literal

from msgspec import Struct

Change = Literal["substance", "typo", "redaction"]
# On what a period is shorter than a place says: relief that could not wait, or a written reason.
Shortening = Literal["urgent", "reason"]


class Period(Struct, frozen=True):
    """When an edition is on the board: Unix seconds, the end not included, None until replaced."""

    start: int
    until: int | None


class Part(Struct, frozen=True):
    """A committed part: its name, its commitment (lower-case hex), its number of rows."""

    name: str
    c: str
    rows: int


class FileRef(Struct, frozen=True):
    """A committed file: commitment (hex), length in bytes, media type."""

    c: str
    len: int
    type: str


class Doubt(Struct, frozen=True, forbid_unknown_fields=True):
    """A place that looks like a leak and is none: part, row (0 outside of rows), field, which sort.

    `sort` is what it looks like: a home, a listed person, a condition, an identity number whose
    check digit is wrong. No other number can be one.
    """

    part: str
    row: int
    field: str
    sort: Literal["address", "person", "condition", "identity"]


class Returned(Struct, frozen=True, tag="returned"):
    """Sent back to its writers; the draft is private paper again."""

    of: int
    at: int


class Submitted(Struct, frozen=True, tag="submitted"):
    """Waiting for a second person."""


class Scheduled(Struct, frozen=True, tag="scheduled"):
    """Approved; the clock puts it up at the period's start."""

    period: Period
    approve: int
    by: int
    at: int

    @property
    def promised(self) -> int:
        """Give when it could first go up: not before it was agreed to."""
        return max(self.period.start, self.at)


class Published(Struct, frozen=True, tag="published"):
    """On the board since `at`, under register number `no`, by the publish leaf `publish`.

    `planned` is when it could first go up: earlier than `at` when the clock was late.
    """

    period: Period
    no: str
    publish: int
    at: int
    planned: int
    approve: int
    by: int
    approved_at: int


class Ended(Struct, frozen=True, tag="ended"):
    """No longer the current one: superseded by a later edition, or withdrawn on a ground.

    A period that has run out is not stored: dates are asked at read time.
    """

    how: Literal["superseded", "withdrawn"]
    at: int
    was: Published
    index: int
    ground: str = ""


State = Returned | Submitted | Scheduled | Published | Ended


class Edition(Struct, frozen=True, kw_only=True):
    """What was submitted as edition `ed`, and what has become of it. `of` is its submit leaf.

    `doubts` are its writer's, `cleared` is the leaf by which a second person agreed to them. `case`
    says which of its item's periods it is, `short` on what that may be shorter.
    """

    ed: int
    of: int
    at: int
    by: int
    kind: str
    item: str | None
    publisher: str
    covers: str | None
    group: str | None
    writers: tuple[int, ...]
    parts: tuple[Part, ...]
    files: tuple[FileRef, ...]
    prev: int | None
    change: Change | None
    state: State
    doubts: tuple[Doubt, ...] = ()
    cleared: int | None = None
    case: str | None = None
    short: Shortening | None = None


class SentBack(Struct, frozen=True):
    """A submission that was returned by leaf `index`: its parts' names and files' commitments.

    The next submission takes its place in the edition; what it said is kept and can be erased.
    """

    index: int
    parts: tuple[str, ...]
    files: tuple[str, ...]


class TakenDown(Struct, frozen=True):
    """A withdrawal or redaction that one person did at once; a second one confirms it."""

    index: int
    act: str
    ground: str
    by: int
    at: int
    parts: tuple[str, ...] = ()
    rows: tuple[int, ...] = ()
    confirmed_by: int | None = None
    confirmed_at: int | None = None


class Posted(Struct, frozen=True):
    """Paper on a wall: which wall, which publish leaf the paper shows, who and when."""

    index: int
    wall: str
    of: int
    by: int
    at: int
    files: tuple[FileRef, ...] = ()


class Notice(Struct, frozen=True, kw_only=True):
    """A stable code and everything the log says happened under it."""

    code: str
    editions: tuple[Edition, ...]
    taken_down: tuple[TakenDown, ...] = ()
    posted: tuple[Posted, ...] = ()
    sent_back: tuple[SentBack, ...] = ()

    @property
    def latest(self) -> Edition:
        """Give the edition with the highest number, whatever its state."""
        return self.editions[-1]

    @property
    def current(self) -> Edition | None:
        """Give the edition that is, or last was, on the board: published or withdrawn."""
        for edition in reversed(self.editions):
            if isinstance(edition.state, Published):
                return edition
            if isinstance(edition.state, Ended):
                return edition
        return None

    @property
    def number(self) -> str | None:
        """Give the register number of the current edition, or None before the first publication."""
        shown = published(self.current) if self.current else None
        return shown.no if shown else None


def published(edition: Edition) -> Published | None:
    """Give how an edition went up, also when it has ended since."""
    match edition.state:
        case Published() as state:
            return state
        case Ended(was=was):
            return was
    return None


def expired(edition: Edition, at: int) -> bool:
    """Say whether an edition's period has run out at an instant."""
    shown = published(edition)
    return shown is not None and shown.period.until is not None and at >= shown.period.until
