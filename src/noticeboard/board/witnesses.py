"""The board's witnesses: each new head is brought to all at once, and none is waited for."""

import threading
from collections.abc import Callable
from hashlib import sha256
from queue import SimpleQueue
from typing import Final

import msgspec
from msgspec import Struct
from sqlalchemy import Connection

from noticeboard.board import accusing, cosigning
from noticeboard.board.board import Board
from noticeboard.board.checkpoints import policy_of
from noticeboard.board.watch import running
from noticeboard.core.checkpoints import Checkpoint, read_size
from noticeboard.core.merkle import consistency
from noticeboard.core.notes import Note, read_note, read_signatures, signed_by
from noticeboard.core.people import Village
from noticeboard.core.policy import Witness
from noticeboard.core.problems import NotValid, Problem, Unavailable
from noticeboard.core.witnessing import Offer
from noticeboard.net.client import Answer, fetch
from noticeboard.signing.ed25519 import verify
from noticeboard.store import checkpoints, notices, tree
from noticeboard.store.checkpoints import Signed

FRESH: Final = 600  # seconds after which the same head is cosigned anew
TIMEOUT: Final = 8.0
LONGEST_WAIT: Final = 600.0
FIRST_WAIT: Final = 5.0
_ANSWER: Final = 64 * 1024
_TRIES: Final = 3  # the first may be at a size the witness is not at, and somebody may be quicker
_OK, _CONFLICT, _UNPROVEN, _BROKEN = 200, 409, 422, 500
_UNTRUSTED, _UNKNOWN = 403, 404


class Away(Unavailable):
    """A witness that does not answer at all, whatever the log."""


class NoQuarrel(Unavailable):
    """A witness that did not sign and is not wrong: it does not know the log, or has stopped it."""


class Rest(Struct):
    """How long something that failed is left alone: each time twice as long."""

    next: float = 0.0
    wait: float = 0.0
    why: str = ""
    asked: bool = False

    def failed(self, now: float, why: str) -> None:
        """Leave it alone for a while; errands that were under way by then count as one."""
        if now < self.next:
            return
        self.wait = min(LONGEST_WAIT, self.wait * 2 or FIRST_WAIT)
        self.next, self.why = now + self.wait, why

    def went(self) -> None:
        """Forget that it failed."""
        self.next, self.wait, self.why = 0.0, 0.0, ""


class Contact(Struct):
    """One witness of one log: the size it holds as far as we know, when it agreed and to what."""

    held: int = 0
    agreed: int = -1
    at: float = 0.0
    busy: bool = False
    rest: Rest = msgspec.field(default_factory=Rest)


class Witnesses:
    """Brings heads to the witnesses that the policy gives an address."""

    def __init__(
        self,
        board: Board,
        *,
        running: Callable[[], float] = running,
        timeout: float = TIMEOUT,
        threads: int = 8,
    ) -> None:
        """Work for a board with so many threads; each errand ends by `timeout`."""
        self.board = board
        self.running = running
        self.timeout = timeout
        self.contacts: dict[tuple[str, str], Contact] = {}
        self.away: dict[str, Rest] = {}
        self._threads = threads
        self._working = False
        self._looking = threading.Lock()
        self._errands: SimpleQueue[tuple[str, Witness, Contact, Rest | None]] = SimpleQueue()

    def _start(self) -> None:
        """Start the threads. Nobody waits for them at the end: they hold nothing that must last."""
        self._working = True
        for n in range(self._threads):
            name = f"witness-{n}"
            threading.Thread(target=self._work, name=name, daemon=True).start()

    def _work(self) -> None:
        while True:
            self._errand(*self._errands.get())

    def look(self) -> int:
        """Send off what is due and return at once; gives how many errands were begun.

        Whoever has just signed may look too, so that nobody waits for the next second.
        """
        with self._looking:
            return self._look()

    def _look(self) -> int:
        begun = 0
        with self.board.database.read() as tx:
            reached = [one for one in policy_of(tx).witnesses.values() if one.url]
            if reached and not self._working:
                self._start()
            for code, origin, size in checkpoints.going(tx) if reached else ():
                for witness in reached:
                    contact = self._contact(tx, code, origin, witness, size)
                    if self._due(contact, size) and self._there(witness):
                        contact.busy = True
                        self._errands.put((code, witness, contact, self._claim(witness)))
                        begun += 1
        return begun

    def _contact(
        self, tx: Connection, village: str, origin: str, witness: Witness, size: int
    ) -> Contact:
        """Give what is known of a witness of a log; at a start it is asked whatever is stored.

        A home that was put back to an old copy is found out by those who know better.
        """
        key = origin, witness.key.text
        if key not in self.contacts:
            lines = checkpoints.cosigned(tx, village, size)
            known = any(one.name == witness.key.name for one in lines)
            self.contacts[key] = Contact(held=size if known else 0)
        return self.contacts[key]

    def _due(self, contact: Contact, size: int) -> bool:
        now = self.running()
        stale = contact.agreed != size or now - contact.at >= FRESH
        return stale and not contact.busy and now >= contact.rest.next

    def _there(self, witness: Witness) -> bool:
        rest = self.away.get(witness.key.text)
        return rest is None or (not rest.asked and self.running() >= rest.next)

    def _claim(self, witness: Witness) -> Rest | None:
        """Let one log alone ask whether a witness that was away is back."""
        rest = self.away.get(witness.key.text)
        if rest is not None:
            rest.asked = True
        return rest

    def _errand(
        self, village: str, witness: Witness, contact: Contact, claimed: Rest | None
    ) -> None:
        try:
            # Of many errands that wait in line the first finds out that nobody is there.
            if claimed is not None or self._there(witness):
                self._bring(village, witness, contact)
                self.away.pop(witness.key.text, None)
                contact.rest.went()
                self.board.watch.went_up(village, f"witness {witness.name}")
                accusing.answered(self.board, village, witness, "")
        except Away as problem:
            self.away.setdefault(witness.key.text, Rest()).failed(self.running(), str(problem))
            self.board.watch.failed(village, f"witness {witness.name}", str(problem))
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one, the others go on
            why = str(error) if isinstance(error, Problem) else repr(error)
            self.away.pop(witness.key.text, None)
            contact.rest.failed(self.running(), why)
            self.board.watch.failed(village, f"witness {witness.name}", why)
            if isinstance(error, Problem) and not isinstance(error, NoQuarrel):
                accusing.answered(self.board, village, witness, why)
        finally:
            contact.busy = False
            if claimed is not None:
                claimed.asked = False

    def _bring(self, code: str, witness: Witness, contact: Contact) -> None:
        until = self.running() + self.timeout
        for _ in range(_TRIES):
            village, signed, proof = self._step(code, contact.held)
            note = read_note(signed.note)
            answer = self._ask(
                f"{witness.url.rstrip('/')}/add-checkpoint",
                Offer(contact.held, proof, note).write(),
                until,
            )
            if answer.status == _OK:
                self._agreed(village, witness, signed, note, answer.body)
                contact.held = contact.agreed = signed.size
                contact.at = self.running()
                return
            if answer.status == _CONFLICT:
                offered = contact.held
                contact.held = read_size(answer.body.decode("ascii", "replace").strip())
                if offered != contact.held <= signed.size:
                    continue
            contact.held = min(contact.held, signed.size)
            if answer.status in (_CONFLICT, _UNPROVEN):
                self._compare(village, witness, until)
            raise _refused(answer, signed.size)
        raise NoQuarrel("见证那里一直在变，下次再送。", value=witness.name)

    def _step(self, village: str, held: int) -> tuple[Village, Signed, tuple[bytes, ...]]:
        with self.board.database.read() as tx:
            signed = checkpoints.latest(tx, village)
            if signed is None:
                raise NoQuarrel("这个日志还没有签过。", value=village)
            old, new = min(held, signed.size), signed.size
            path = tree.reading(tx, village, lambda read: consistency(read, old, new))
            return notices.head_of(tx, village).village, signed, tuple(path)

    def _ask(self, url: str, body: bytes | None, until: float) -> Answer:
        try:
            answer = fetch(url, body=body, limit=_ANSWER, timeout=until - self.running())
        except Unavailable as problem:
            raise Away(str(problem)) from None
        if answer.status >= _BROKEN:
            raise Away("见证现在答不了。", value=f"{url} {answer.status}")
        return answer

    def _agreed(
        self, village: Village, witness: Witness, signed: Signed, note: Note, body: bytes
    ) -> None:
        answered = Note(note.text, read_signatures(body))
        lines = [one for one in signed_by(answered, [witness.key], verify) if one.at is not None]
        if not lines:
            raise NotValid("见证答的不是它的签名。", value=f"{signed.size} 条")
        head = Checkpoint(village.origin, signed.size, signed.root)
        cosigning.keep(self.board, village.code, head, lines)

    def _compare(self, village: Village, witness: Witness, until: float) -> None:
        """Ask for what the witness holds, and stop the log if it is ours and not what we have.

        A witness may say what it likes; only our own signature under more than we have stops us.
        """
        hash_ = sha256(village.origin.encode()).hexdigest()
        answer = self._ask(f"{witness.url.rstrip('/')}/{hash_}/checkpoint", None, until)
        if answer.status == _OK and cosigning.shown(
            self.board, village, read_note(answer.body), witness.name
        ):
            raise NoQuarrel("见证那里有我们签过的别的记录：这个日志停住了。", value=witness.name)


def _refused(answer: Answer, size: int) -> Unavailable:
    """Say what a witness answered that did not cosign `size` entries, and whether that is wrong."""
    if answer.status in (_UNTRUSTED, _UNKNOWN):
        return NoQuarrel("见证还不认这个日志。", value=str(answer.status))
    said = answer.body.decode("utf-8", "replace").strip()[:120]
    if answer.status == _CONFLICT:
        return Unavailable("见证说它有的和这里不一样，却拿不出我们的签名。", value=f"{said} 条")
    if answer.status == _UNPROVEN:
        return Unavailable("见证说接不上，却拿不出我们签过的别的记录。", value=f"{size} 条")
    return Unavailable("见证没有签。", value=f"{answer.status} {said}")
