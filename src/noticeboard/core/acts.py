"""The verbs of the log, each with its fields; `core/actions` makes leaves of them and reads them.

Fields: docs/log-format.md. No name and no free text is ever a field.
"""

from typing import Literal

from msgspec import UNSET, Struct, UnsetType

from noticeboard.core.notice import Change, Doubt, FileRef, Part, Shortening


class Act(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="act"):
    """One verb with its fields; the tag is the `act` of the leaf."""


class Genesis(Act, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="genesis"):
    """Leaf 0 of a village: its code, its public keys (vkeys), policy and predecessor.

    A log that goes on where another one had to stop names that one's last head (`predecessor`, the
    text of its checkpoint) and why, from a closed list (`ground`).
    """

    village: str
    keys: tuple[str, ...]
    policy: str | None = None
    predecessor: str | None = None
    ground: str | UnsetType = UNSET
    demo: bool | UnsetType = UNSET


class Appoint(Act, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="appoint"):
    """Somebody takes an office; `parts` commits to the name they are known by.

    The field is `office`, since `role` always says under which office the entry itself was made.
    """

    who: int
    office: str
    parts: tuple[Part, ...]


class Dismiss(Act, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="dismiss"):
    """Somebody leaves an office."""

    who: int
    office: str


class Assess(Act, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="assess"):
    """It was assessed what publishing people of this programme does to them.

    `programme` is a code of the rules; the one part is the assessment.
    """

    programme: str
    parts: tuple[Part, ...]


class Happen(Act, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="event"):
    """Something happened, or will, on a `day` (ISO) that an item of the catalogue waits for.

    `of` is the entry of an earlier one that this puts right; with `day` None that never happened.
    The one part is the `text`.
    """

    item: str
    day: str | None
    of: int | None
    parts: tuple[Part, ...]


class Key(Act, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="key"):
    """The log is signed by one more key from now on, or no longer by one: `key` is its vkey."""

    change: Literal["add", "drop"]
    key: str


class Lose(Act, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="lose"):
    """Entries came back without these contents: commitments of bodies and tables, and of files.

    Nobody decided to erase them: a machine broke, and no copy of what was not public exists.
    """

    bodies: tuple[str, ...]
    files: tuple[str, ...]


class OnNotice(Act, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An act on one edition of one notice."""

    code: str
    ed: int


class Submit(
    OnNotice,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    tag="submit",
    rename={"covers": "for"},
):
    """A draft becomes official: what it is about, who wrote it, and what it says as commitments.

    `doubts` are places that look like a leak and are none, as its writer says. `case` says which of
    its item's periods it is, `short` on what that may be shorter than the place says.
    """

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
    doubts: tuple[Doubt, ...] | UnsetType = UNSET
    case: str | UnsetType = UNSET
    short: Shortening | UnsetType = UNSET


class Clear(OnNotice, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="clear"):
    """A second person says with the writer that the submit leaf `of` tells of nobody at `doubts`.

    What looks like a home or a person there is none; never a number of somebody.
    """

    of: int
    doubts: tuple[Doubt, ...]


class Return(OnNotice, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="return"):
    """Back to the writers; the reason is a committed part."""

    of: int
    parts: tuple[Part, ...]


class Approve(
    OnNotice,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    tag="approve",
    rename={"start": "from"},
):
    """A second person agrees to exactly the submit leaf `of`, for a period.

    `pack` is the rule pack that the village goes by, where the edition is of an item: by it the
    period is long enough.
    """

    of: int
    start: int
    until: int | None
    pack: str | UnsetType = UNSET


class Publish(
    OnNotice,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    tag="publish",
    rename={"start": "from"},
):
    """The clock puts it up: register number, the period as it really is, and what is shown."""

    of: int
    start: int
    until: int | None
    no: str
    parts: tuple[Part, ...]
    files: tuple[FileRef, ...]


class Withdraw(OnNotice, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="withdraw"):
    """Off the board at once, on a ground from the closed list."""

    ground: str


class Redact(OnNotice, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="redact"):
    """Bodies erased in every edition up to `ed`: parts by name, of tables the rows given.

    No rows means the whole of the parts. `files` are commitments of erased files.
    """

    ground: str
    parts: tuple[str, ...]
    rows: tuple[int, ...]
    files: tuple[str, ...]


class Extend(OnNotice, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="extend"):
    """The running period gets a later end."""

    ground: str
    until: int


class Erase(OnNotice, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="erase"):
    """Bodies whose keeping time is over are erased after the end."""

    ground: str
    parts: tuple[str, ...]
    rows: tuple[int, ...]
    files: tuple[str, ...]


class Confirm(OnNotice, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="confirm"):
    """A second person confirms the taking down at leaf `of`."""

    of: int


class Post(OnNotice, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="post"):
    """Paper is on a wall: it shows publish leaf `of`."""

    wall: str
    of: int
    files: tuple[FileRef, ...]


class Install(Act, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="install"):
    """Instance log: this version of the software runs from now on."""

    software: str


class Adopt(Act, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="adopt"):
    """Instance log: this stored rules bundle is in force from now on.

    `document` is the number of the paper by which a county adopted rules of its own.
    """

    bundle: str
    document: str | UnsetType = UNSET


class Assign(Act, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="assign"):
    """Instance log: a village goes by a rule pack; `joined` is the ISO day it is held to it from.

    `document` is the number of the paper that says so, or None.
    """

    village: str
    pack: str
    joined: str
    document: str | None


class Establish(Act, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="establish"):
    """Instance log: a village is on this board, with what it tells of itself as a part."""

    village: str
    origin: str
    parts: tuple[Part, ...]


class Account(Act, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="account"):
    """Instance log: an account (a random number) was opened, reset or closed."""

    account: int
    change: str
