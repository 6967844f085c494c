"""Witnessing: a checkpoint offered to a witness, and what it may sign (C2SP tlog-witness)."""

from collections.abc import Sequence

from msgspec import Struct

from noticeboard.core.checkpoints import Checkpoint, Opened, opened, read_checkpoint, read_size
from noticeboard.core.merkle import EMPTY, consistent
from noticeboard.core.notes import LONGEST, Key, Note, Verify, read_note
from noticeboard.core.problems import NotValid, Problem
from noticeboard.core.proofs import read_steps, write_path


class Offer(Struct, frozen=True):
    """A request to cosign: the size the witness should hold, the proof from there, the note."""

    old: int
    proof: tuple[bytes, ...]
    note: Note

    def write(self) -> bytes:
        """Give the bytes of an `add-checkpoint` request."""
        return f"old {self.old}\n{write_path(self.proof)}\n".encode() + self.note.write()


class Refused(Problem):
    """A checkpoint that is not cosigned; `code` is the answer's HTTP status.

    With 409 `size` is the size the witness holds.
    """

    def __init__(self, code: int, text: str, *, size: int = 0, value: str = "") -> None:
        """Refuse for one reason."""
        super().__init__(text, value=value)
        self.code = code
        self.size = size


def read_offer(data: bytes) -> Offer:
    """Read an `add-checkpoint` request, checking its form only; raises Refused with 400."""
    try:
        if len(data) > LONGEST:
            raise NotValid("请求太长。", value=str(len(data)))  # noqa: TRY301 - one way out
        head, blank, note = data.partition(b"\n\n")
        lines = head.decode("ascii").split("\n")
        if not blank or not lines[0].startswith("old "):
            raise NotValid("请求要以 old 开头。")  # noqa: TRY301 - one way out
        old = read_size(lines[0].removeprefix("old "))
        return Offer(old, read_steps(lines[1:]), read_note(note))
    except (NotValid, UnicodeDecodeError) as problem:
        raise Refused(400, "请求写得不对。", value=str(problem)) from None


def origin_of(offer: Offer) -> str:
    """Give the log an offer is of: the first line of its note."""
    return offer.note.text.partition(b"\n")[0].decode()


def judge(offer: Offer, held: Checkpoint | None, log: Sequence[Key], verify: Verify) -> Opened:
    """Say whether a witness that holds `held` (None: never saw this log) may cosign an offer.

    `log` are the keys the witness trusts for this origin. Raises Refused with the status, in the
    order of the specification: 400, 403, 400 (old beyond size), 409, 422.
    """
    try:
        found = opened(offer.note, log, (), verify)
    except NotValid as problem:
        malformed = not _is_checkpoint(offer.note)
        raise Refused(400 if malformed else 403, "签名不可信。", value=str(problem)) from None
    new = found.checkpoint
    if offer.old > new.size:
        raise Refused(400, "旧的条数比新的还大。", value=f"{offer.old} > {new.size}")
    size = held.size if held else 0
    if offer.old != size:
        raise Refused(409, "和这里记得的条数不一样。", size=size)
    if new.size == 0 and new.root != EMPTY:
        raise Refused(422, "空日志的根不对。")
    if size == 0 and offer.proof:
        raise Refused(422, "从零开始不要证明。")
    if not consistent(size, held.root if held else EMPTY, new.size, new.root, offer.proof):
        raise Refused(422, "新的记录头不是从旧的长出来的。", value=f"{size} → {new.size}")
    return found


def _is_checkpoint(note: Note) -> bool:
    try:
        read_checkpoint(note.text)
    except NotValid:
        return False
    return True
