"""A signer in a process of its own, reached over a Unix socket: one question, one answer, closed.

Question and answer are each four bytes of length (big-endian) and so many bytes of JSON. Who may
ask is decided by the socket's place: a folder that nobody else may enter.
"""

import socket
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, Literal, TypeVar

import msgspec
from msgspec import Raw, Struct

from noticeboard.core.checkpoints import Checkpoint
from noticeboard.core.problems import (
    UNREADABLE,
    Finding,
    NotAllowed,
    NotFound,
    NotNow,
    NotValid,
    Problem,
    Unavailable,
)
from noticeboard.core.shapes import Shape
from noticeboard.signing.signer import Signs

T = TypeVar("T")
LONGEST: Final = 65_536  # bytes of a question or an answer: 63 hashes take 3 kB
PATIENCE: Final = 5.0  # seconds for a client to say what it wants, all of it
WAITING: Final = 12.0  # seconds a client waits: longer than a signer waits for a lock
READING: Final = 3.0  # seconds it waits for what a signer says without a lock
SILENT: Final = 5.0  # seconds for which a signer that took too long is not asked again
MOST: Final = 16  # conversations at once; more wait their turn
_LENGTH: Final = 4
_REFUSALS: Final = {kind.__name__: kind for kind in (NotAllowed, NotFound, NotNow, NotValid)}


class Ask(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """A question: the name of a method of `Signs` and what it is given."""

    what: Literal[
        "keys", "state", "sign", "restate", "stop", "stopped", "begin", "add_key", "retire_key"
    ]
    origin: str
    old: int = 0
    proof: tuple[bytes, ...] = ()
    checkpoint: Checkpoint | None = None
    vkey: str = ""
    successor: str = ""


class Answer(Struct, frozen=True, kw_only=True):
    """What the method gave as JSON; or the kind of refusal and what was found."""

    value: Raw = Raw(b"null")
    refusal: str = ""
    findings: tuple[Finding, ...] = ()


_ASK = Shape(Ask)
_ANSWER = Shape(Answer)
_BYTES = Shape(bytes)
_NOTHING: Shape[None] = Shape(type(None))
_STATE: Shape[Checkpoint | None] = Shape(Checkpoint | None)
_TEXT = Shape(str)
_TEXTS: Shape[tuple[str, ...]] = Shape(tuple[str, ...])


class Remote:
    """A `Signs` whose key lies with another process; every method also raises Unavailable.

    A signer that hangs is waited for once: for the next seconds every other question, of another
    log or by another thread, is refused at once, so that many logs cost no more than one.
    """

    def __init__(self, path: Path, waiting: float = WAITING) -> None:
        """Ask at the socket `path`, for at most `waiting` seconds each time."""
        self.path = path
        self.waiting = waiting
        self._silent_until = 0.0

    def keys(self, origin: str) -> tuple[str, ...]:
        """See `Signs`."""
        return self._ask(Ask(what="keys", origin=origin), _TEXTS, READING)

    def state(self, origin: str) -> Checkpoint | None:
        """See `Signs`."""
        return self._ask(Ask(what="state", origin=origin), _STATE, READING)

    def sign(self, origin: str, old: int, proof: tuple[bytes, ...], new: Checkpoint) -> bytes:
        """See `Signs`."""
        ask = Ask(what="sign", origin=origin, old=old, proof=proof, checkpoint=new)
        return self._ask(ask, _BYTES)

    def restate(self, origin: str, checkpoint: Checkpoint) -> None:
        """See `Signs`."""
        self._ask(Ask(what="restate", origin=origin, checkpoint=checkpoint), _NOTHING)

    def stop(self, origin: str, successor: str) -> None:
        """See `Signs`."""
        self._ask(Ask(what="stop", origin=origin, successor=successor), _NOTHING)

    def stopped(self, origin: str) -> str:
        """See `Signs`."""
        return self._ask(Ask(what="stopped", origin=origin), _TEXT, READING)

    def begin(self, origin: str) -> str:
        """See `Signs`."""
        return self._ask(Ask(what="begin", origin=origin), _TEXT)

    def add_key(self, origin: str) -> str:
        """See `Signs`."""
        return self._ask(Ask(what="add_key", origin=origin), _TEXT)

    def retire_key(self, origin: str, vkey: str) -> str:
        """See `Signs`."""
        return self._ask(Ask(what="retire_key", origin=origin, vkey=vkey), _TEXT)

    def _ask(self, ask: Ask, said: Shape[T], patience: float = WAITING) -> T:
        now = time.monotonic()
        if now < self._silent_until:
            raise self._hangs()
        until = now + min(patience, self.waiting)
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
                _connect(line, self.path, until)
                _send(line, msgspec.json.encode(ask), until)
                answer = _ANSWER.of_json(_receive(line, until))
            if not answer.refusal:
                return said.of_json(answer.value)
        except TimeoutError:
            self._silent_until = time.monotonic() + SILENT
            raise self._hangs() from None
        except (OSError, *UNREADABLE) as error:
            raise Unavailable(
                "签名的程序没有回答。",
                value=f"{self.path}: {error}",
                fix="请看 noticeboard signer 开着没有，套接字的位置对不对。",
            ) from None
        raise _REFUSALS.get(answer.refusal, Unavailable).of(answer.findings)

    def _hangs(self) -> Unavailable:
        return Unavailable(
            "签名的程序开着，可是没有回答。",
            value=str(self.path),
            fix="请重启 noticeboard signer；公开照常，重启以后会自己补签。",
        )


class Door:
    """Answers at a socket for a signer until it is closed."""

    def __init__(self, signer: Signs, line: socket.socket, patience: float = PATIENCE) -> None:
        """Answer on a listening socket; a client has `patience` seconds to say what it wants."""
        self.signer = signer
        self.patience = patience
        self._line = line
        self._closed = False
        self._places = threading.BoundedSemaphore(MOST)

    def answer(self) -> None:
        """Answer whoever comes, each in a thread, until `close`."""
        while True:
            self._places.acquire()
            try:
                client, _address = self._line.accept()
            except OSError:
                self._places.release()
                if self._closed:
                    return
                time.sleep(0.1)  # out of file handles, or somebody who left at once
                continue
            threading.Thread(target=self._converse, args=(client,), daemon=True).start()

    def close(self) -> None:
        """Take no more questions; those begun are answered as long as the process lives."""
        self._closed = True
        with suppress(OSError):
            self._line.shutdown(socket.SHUT_RDWR)
        self._line.close()

    def _converse(self, client: socket.socket) -> None:
        # Whoever hangs or goes away loses only their own answer.
        try:
            with client, suppress(OSError):
                question = _receive(client, time.monotonic() + self.patience)
                answer = msgspec.json.encode(_answered(self.signer, question))
                _send(client, answer, time.monotonic() + self.patience)
        finally:
            self._places.release()


def _answered(signer: Signs, question: bytes) -> Answer:
    try:
        value = _done(signer, _ASK.of_json(question))
    except UNREADABLE as error:
        refusal = NotValid("签名的程序听不懂这句话。", value=str(error))
        return Answer(refusal="NotValid", findings=refusal.findings)
    except Problem as problem:
        return Answer(refusal=type(problem).__name__, findings=problem.findings)
    return Answer(value=Raw(msgspec.json.encode(value)))


def _done(signer: Signs, ask: Ask) -> Any:
    match ask:
        case Ask(what="sign", checkpoint=Checkpoint() as new):
            return signer.sign(ask.origin, ask.old, ask.proof, new)
        case Ask(what="restate", checkpoint=Checkpoint() as typed):
            return signer.restate(ask.origin, typed)
        case Ask(what="sign" | "restate"):
            raise NotValid("没有说要签哪个记录头。", value=ask.origin)
        case Ask(what="retire_key"):
            return signer.retire_key(ask.origin, ask.vkey)
        case Ask(what="stop"):
            return signer.stop(ask.origin, ask.successor)
        case Ask(what="keys" | "state" | "stopped" | "begin" | "add_key"):
            return getattr(signer, ask.what)(ask.origin)


def _connect(line: socket.socket, path: Path, until: float) -> None:
    while True:
        _hurry(line, until)
        try:
            return line.connect(str(path))
        except BlockingIOError:  # as many wait already as the kernel lets wait
            time.sleep(0.02)


def _send(line: socket.socket, data: bytes, until: float) -> None:
    if len(data) > LONGEST:
        raise NotValid("要签的东西太长。", value=str(len(data)))
    _hurry(line, until)
    line.sendall(len(data).to_bytes(_LENGTH) + data)


def _receive(line: socket.socket, until: float) -> bytes:
    length = int.from_bytes(_exactly(line, _LENGTH, until))
    if length > LONGEST:
        raise OSError(f"{length} bytes are too many")
    return _exactly(line, length, until)


def _exactly(line: socket.socket, length: int, until: float) -> bytes:
    data = b""
    while len(data) < length:
        _hurry(line, until)
        piece = line.recv(length - len(data))
        if not piece:
            raise ConnectionError("hung up")
        data += piece
    return data


def _hurry(line: socket.socket, until: float) -> None:
    # One limit for the whole, so that nobody holds a place by a byte now and then.
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError("took too long")
    line.settimeout(left)
