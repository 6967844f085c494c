"""Reads files apart: in a child process that is bounded, is ended in time, and can write nothing.

A file from outside may be made to fill the memory or to keep its reader busy for ever, and a
reader in another language may fall over it; none of that may touch the server. A child reads one
file and ends. The next one is started beforehand and waits with its modules loaded, so that nobody
waits for it; no process with threads is ever forked, and a child whose server is gone ends by
itself.
"""

import contextlib
import gc
import importlib
import logging
import os
import struct
import subprocess
import sys
import time
import traceback
import weakref
from collections.abc import Callable
from signal import Signals
from threading import BoundedSemaphore, Lock, Timer
from typing import IO, Final

import msgspec

from noticeboard.core.problems import Finding, NotValid, Unavailable
from noticeboard.formats.bounds import Tell

if sys.platform != "win32":
    import resource

Job = Callable[[bytes, Tell], bytes]

SECONDS: Final = 60
MEMORY: Final = 1_500_000_000
MOST_ANSWER: Final = 500_000_000
# What a child is given: seconds, bytes of memory, length; what it says: one letter and a length.
_GIVEN: Final = struct.Struct("!IQQ")
_SAID: Final = struct.Struct("!cQ")
_ROWS: Final = struct.Struct("!Q")
_TOLD_EVERY: Final = 0.1

_FINDINGS: Final = msgspec.msgpack.Decoder(tuple[Finding, ...])
_SMALLER: Final = "请删去多余的行、列和图片，或分成几个文件。"
_AGAIN: Final = "请用 Excel 或 WPS 打开，另存为 .xlsx 再上传；还不行，请告诉管理员。"
_log = logging.getLogger(__name__)


class Apart:
    """Asks one function, `module:name`, in child processes; from any number of threads.

    The function takes bytes and one to tell how many rows it has read, and gives bytes; it may
    refuse with NotValid. A child gets `seconds` of time (both on the wall and of the processor) and
    `memory` bytes of addresses; `at_once` of them run side by side, further ones wait in line. With
    `ready` a fresh child waits for the next file, as a server wants it and a command does not.
    """

    def __init__(
        self,
        job: str,
        *,
        seconds: int = SECONDS,
        memory: int = MEMORY,
        at_once: int = 2,
        ready: bool = True,
    ) -> None:
        self._job, self._seconds, self._memory, self._ready = job, seconds, memory, ready
        self._places = BoundedSemaphore(at_once)
        self._lock = Lock()
        self._waiting: list[subprocess.Popen[bytes]] = []
        weakref.finalize(self, _end_all, self._waiting)

    def ask(self, given: bytes, tell: Tell = lambda _: None) -> bytes:
        """Give what the function answers; `tell` hears of rows read while it is at work.

        Raises what NotValid the function raises, NotValid when the child took too long, needed too
        much or broke, and Unavailable when too many others were in line.
        """
        if not self._places.acquire(timeout=self._seconds):
            raise Unavailable("别的表格还在读。", fix="请过几分钟再试。")
        try:
            return self._asked(given, tell)
        finally:
            self._places.release()
            if self._ready:
                self.prepare()

    def prepare(self) -> None:
        """Start the child that waits for the next file, unless one is waiting."""
        with self._lock:
            if not self._waiting:
                self._waiting.append(self._started())

    def close(self) -> None:
        """End the child that waits."""
        with self._lock:
            _end_all(self._waiting)

    def _asked(self, given: bytes, tell: Tell) -> bytes:
        with self._lock:
            child = self._waiting.pop() if self._waiting else None
        if child is None or child.poll() is not None:
            _end_all([child] if child else [])
            child = self._started()
        late: list[bool] = []

        def end() -> None:
            late.append(True)
            child.kill()

        watch = Timer(self._seconds, end)
        watch.start()
        try:
            return _heard(child, _GIVEN.pack(self._seconds, self._memory, len(given)), given, tell)
        except EOFError as problem:
            ended = child.wait()
            if late or -ended == _sigxcpu():
                raise _too_long() from problem
            if ended > 0:
                # No file does that: the program itself could not begin, as while it is replaced.
                _log.error("a reader ended with %d before it answered", ended)
                raise _unread() from problem
            raise _too_much() from problem
        finally:
            watch.cancel()
            _end_all([child])

    def _started(self) -> subprocess.Popen[bytes]:
        # -P: what lies about where the server was started is not for it to import.
        command = [sys.executable, "-P", "-m", __name__, self._job]
        return subprocess.Popen(  # noqa: S603 - our own program; the job is named in code
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            # What a library says of a file may hold what stands in it.
            stderr=subprocess.DEVNULL,
        )


def _end_all(children: list[subprocess.Popen[bytes]]) -> None:
    while children:
        child = children.pop()
        child.kill()
        child.wait()
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                with contextlib.suppress(BrokenPipeError):
                    pipe.close()


def _sigxcpu() -> int:
    return 0 if sys.platform == "win32" else int(Signals.SIGXCPU)


def _too_long() -> NotValid:
    return NotValid("这个文件读得太久，停下来了。", fix=_SMALLER)


def _unread() -> NotValid:
    return NotValid("这个文件读不出来。", fix=_AGAIN)


def _too_much() -> NotValid:
    return NotValid("这个文件太大，读不下来。", fix=_SMALLER)


def _heard(child: subprocess.Popen[bytes], head: bytes, given: bytes, tell: Tell) -> bytes:
    """Give a child its work and hear it out; raises EOFError when it ends without an answer."""
    assert child.stdin is not None
    assert child.stdout is not None
    with contextlib.suppress(BrokenPipeError):
        child.stdin.write(head)
        child.stdin.write(given)
        child.stdin.flush()
    while True:
        kind, length = _SAID.unpack(_exactly(child.stdout, _SAID.size))
        if length > MOST_ANSWER:
            raise EOFError
        body = _exactly(child.stdout, length)
        match kind:
            case b"t":
                tell(_ROWS.unpack(body)[0])
            case b"a":
                return body
            case b"n":
                raise NotValid.of(_FINDINGS.decode(body))
            case b"m":
                raise EOFError
            case _:
                _log.error("a file could not be read: %s", body.decode(errors="replace"))
                raise _unread()


def _exactly(stream: IO[bytes], length: int) -> bytes:
    body = stream.read(length)
    if len(body) < length:
        raise EOFError
    return body


# In the child.


def _serve(name: str) -> None:
    """Wait for one file, read it, answer, end."""
    out = os.fdopen(os.dup(1), "wb")
    # What a library prints would stand among the answers.
    os.dup2(2, 1)
    module, _, function = name.partition(":")
    job: Job = getattr(importlib.import_module(module), function)
    source = sys.stdin.buffer
    head = source.read(_GIVEN.size)
    if len(head) < _GIVEN.size:
        return
    seconds, memory, length = _GIVEN.unpack(head)
    given = source.read(length)
    if len(given) == length:
        _bound(seconds, memory)
        # It ends before anything could pile up, and a large sheet is a million small things.
        gc.disable()
        _work(job, given, out)
    out.flush()
    # A large heap takes its time to be put away, and nobody needs it any more.
    os._exit(0)


def _bound(seconds: int, memory: int) -> None:
    if sys.platform == "win32":
        return
    os.nice(5)
    used = resource.getrusage(resource.RUSAGE_SELF)
    processor = int(used.ru_utime + used.ru_stime) + seconds
    resource.setrlimit(resource.RLIMIT_CPU, (processor, processor + 1))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    # Neither a file nor what is left of a crash.
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _work(job: Job, given: bytes, out: IO[bytes]) -> None:
    told = 0.0

    def say(kind: bytes, body: bytes) -> None:
        out.write(_SAID.pack(kind, len(body)))
        out.write(body)

    def tell(rows: int) -> None:
        nonlocal told
        if time.monotonic() - told > _TOLD_EVERY:
            told = time.monotonic()
            say(b"t", _ROWS.pack(rows))
            out.flush()

    try:
        answer = job(given, tell)
    except NotValid as refused:
        say(b"n", msgspec.msgpack.encode(refused.findings))
    except MemoryError:
        say(b"m", b"")
    except Exception as problem:  # noqa: BLE001 - whatever it is, it is told to the server
        # Where, and not what: the message of an error may hold what stands in the file.
        frame = traceback.extract_tb(problem.__traceback__)[-1]
        place = f"{type(problem).__name__} at {frame.filename}:{frame.lineno}"
        say(b"x", place.encode())
    else:
        say(b"a", answer)


if __name__ == "__main__":
    _serve(sys.argv[1])
