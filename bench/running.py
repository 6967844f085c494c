"""Programs beside the benchmark: pinned to a core, waited for, ended."""

import os
import resource
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO

HOST = "127.0.0.1"
PATIENCE = 60.0

_cores = sorted(os.sched_getaffinity(0))
# Who serves and who asks each have a core, so that neither takes the other's time.
SERVING, ASKING = _cores[0], _cores[-1]


@contextmanager
def folder() -> Iterator[Path]:
    """Give a folder that is gone afterwards; other users' processes may read it."""
    with TemporaryDirectory(prefix="noticeboard-bench-") as name:
        path = Path(name)
        path.chmod(0o755)
        yield path


def free_port() -> int:
    """Give a port that nobody listens on."""
    with socket.socket() as asked:
        asked.bind((HOST, 0))
        return int(asked.getsockname()[1])


def many_files() -> None:
    """Let this process and its children hold as many connections open as the machine allows."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


@contextmanager
def program(
    command: Sequence[str], core: int, *, stdin: int | None = None, stdout: int | None = None
) -> Iterator[subprocess.Popen[str]]:
    """Run a program pinned to a core and end it afterwards."""
    pinned = ["taskset", "-c", str(core), *command]
    running = subprocess.Popen(pinned, stdin=stdin, stdout=stdout or subprocess.DEVNULL, text=True)
    try:
        yield running
    finally:
        running.terminate()
        try:
            running.wait(timeout=10)
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait()


def python(*words: str) -> list[str]:
    """Give the command that runs a module with this very Python."""
    return [sys.executable, "-m", *words]


def get(
    port: int, path: str, headers: dict[str, str] | None = None
) -> tuple[int, dict[str, str], bytes]:
    """Ask for one address; gives status, headers with small names, body as it came."""
    connection = HTTPConnection(HOST, port, timeout=30)
    try:
        connection.request("GET", path, headers=headers or {})
        answer = connection.getresponse()
        body = answer.read()
        return answer.status, {key.lower(): value for key, value in answer.getheaders()}, body
    finally:
        connection.close()


def answered(port: int, path: str = "/") -> float:
    """Wait for the first 200 and give the instant it came (monotonic seconds)."""
    over = time.monotonic() + PATIENCE
    while time.monotonic() < over:
        try:
            status, _headers, _body = get(port, path)
            if status == 200:
                return time.monotonic()
        except OSError:
            pass
        time.sleep(0.005)
    raise TimeoutError(f"nothing answers {path} on port {port}")


def line(stream: IO[str] | None) -> str:
    """Read one line that a program was asked for."""
    assert stream is not None
    said = stream.readline()
    if not said:
        raise RuntimeError("a program of the benchmark ended early")
    return said.strip()
