"""A notice page and its 304 from one worker, against nginx with the same compressed bytes."""

import gzip
import re
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench.figures import Figure, LeftOut, Line, at_least
from bench.homes import demo_home
from bench.running import ASKING, HOST, folder, get
from bench.servers import board, missing, nginx

ROUNDS, SECONDS, WARM_UP = 15, 1, 2
FLOOR = 0.25
FIRST_VIEW = 14_336


@dataclass(frozen=True)
class Load:
    """What the load generator saw: answers per second, and the 99th percentile in seconds."""

    rate: float
    p99: float


def run(*, small: bool) -> Sequence[Line]:
    """Serve the demo's longest notice; take turns with nginx on the same core.

    Turns are short, and each is compared with nginx's right after it: the ratio is the median of
    these, so that a machine whose speed changes by the minute bends neither.
    """
    if lacking := missing():
        why = f"sudo apt install {' '.join(lacking)}"
        return [LeftOut("a notice page and its 304 per second", why)]
    rounds, seconds, warm_up = (1, 1, 1) if small else (ROUNDS, SECONDS, WARM_UP)
    with folder() as home, folder() as peer:
        code = demo_home(home / "home")["ledger"]
        with board(home / "home") as (port, _pid):
            path = f"/n/{code}"
            _status, headers, body = get(port, path, {"Accept-Encoding": "gzip"})
            _lay_out(peer / "pages", body)
            with nginx(peer) as other:
                theirs = get(other, "/page.html", {"Accept-Encoding": "gzip"})
                assert theirs[2] == body, "nginx must send the same bytes"
                asked = [
                    (port, path, headers["etag"]),
                    (other, "/page.html", theirs[1]["etag"]),
                ]
                whole = _turns(asked, rounds, seconds, warm_up, fresh=False)
                unchanged = _turns(asked, rounds, seconds, warm_up, fresh=True)
    return [
        Figure("the notice page, compressed", len(body), "bytes"),
        *_lines("notice page", whole),
        *_lines("its 304", unchanged),
    ]


def _lay_out(pages: Path, body: bytes) -> None:
    pages.mkdir()
    (pages / "page.html.gz").write_bytes(body)
    (pages / "page.html").write_bytes(gzip.decompress(body))


def _lines(what: str, rounds: Sequence[tuple[Load, Load]]) -> list[Line]:
    ours, theirs = (
        Load(median(one.rate for one in loads), median(one.p99 for one in loads))
        for loads in zip(*rounds, strict=True)
    )
    return [
        at_least(
            f"{what} per second",
            ours.rate,
            "/s",
            median(our.rate / their.rate for our, their in rounds),
            f"nginx gzip_static, {theirs.rate:,.0f} /s",
            FLOOR,
        ),
        Figure(
            f"{what}, 99th percentile at 32 connections",
            ours.p99 * 1e3,
            "ms",
            peer=f"nginx {theirs.p99 * 1e3:.3g} ms",
        ),
    ]


def _turns(
    asked: Sequence[tuple[int, str, str]], rounds: int, seconds: int, warm_up: int, *, fresh: bool
) -> list[tuple[Load, Load]]:
    """Load ours and theirs in turn; gives what was seen in each round."""

    def load(port: int, path: str, etag: str, seconds: int) -> Load:
        return _load(port, path, etag if fresh else "", seconds)

    for one in asked:
        load(*one, warm_up)
    ours, theirs = asked
    return [(load(*ours, seconds), load(*theirs, seconds)) for _ in range(rounds)]


_UNITS = {"us": 1e-6, "ms": 1e-3, "s": 1.0}


def _load(port: int, path: str, etag: str, seconds: int) -> Load:
    """Ask from 32 connections for so long; with an `etag`, for news of it."""
    command = ["taskset", "-c", str(ASKING), "wrk", "-t1", "-c32", f"-d{seconds}s", "--latency"]
    headers = ["-H", "Accept-Encoding: gzip"]
    if etag:
        headers += ["-H", f"If-None-Match: {etag}"]
    said = subprocess.run(
        [*command, *headers, f"http://{HOST}:{port}{path}"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    assert "Non-2xx" not in said, said
    assert "Socket errors" not in said, said
    number, unit = re.findall(r"99%\s+([\d.]+)(us|ms|s)", said)[0]
    return Load(
        float(re.findall(r"Requests/sec:\s+([\d.]+)", said)[0]), float(number) * _UNITS[unit]
    )
