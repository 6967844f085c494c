"""What every test may ask for: long or short counts, both databases, a browser; and no network.

`make test` runs a seeded tenth of the long counts, `make soak` all of them with a new seed. What
the machine lacks is left out and said at the end; where `CI=true`, its lack is a failure.
"""

import ctypes
import os
import random
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from ipaddress import ip_address
from pathlib import Path
from typing import Any, NoReturn

import hypothesis
import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from tests.postgres import Postgres, throw_away_cluster

SOAK = os.environ.get("NOTICEBOARD_SOAK") == "1"
SEED = int(os.environ.get("NOTICEBOARD_SEED", time.time_ns() if SOAK else 20260101))
IN_CI = os.environ.get("CI") == "true"

# How Chromium starts on a machine without a screen, asking nothing of the outside.
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

LACKING = pytest.StashKey[dict[str, str]]()
LONG = pytest.StashKey[dict[str, tuple[int, int]]]()

# A busy machine is slow, not wrong.
hypothesis.settings.register_profile(
    "tenth",
    deadline=None,
    derandomize=True,
    max_examples=100,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.register_profile(
    "soak",
    hypothesis.settings.get_profile("tenth"),
    derandomize=False,
    max_examples=1000,
    print_blob=True,
)
hypothesis.settings.load_profile("soak" if SOAK else "tenth")


def pytest_configure(config: pytest.Config) -> None:
    """Open the two lists that the closing note reads."""
    config.stash[LACKING] = {}
    config.stash[LONG] = {}


def pytest_report_header() -> str:
    """Say what repeats this run."""
    return f"counts: {'full' if SOAK else 'a tenth'}, NOTICEBOARD_SEED={SEED}"


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put browser tests last: beside an open Playwright no other event loop can run."""
    items.sort(key=lambda item: "playwright" in getattr(item, "fixturenames", ()))


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Hand the two lists of a worker to the process that prints them."""
    if (output := getattr(session.config, "workeroutput", None)) is not None:
        output["lacking"] = session.config.stash[LACKING]
        output["long"] = session.config.stash[LONG]


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take a worker's two lists; one that crashed has none."""
    output = getattr(node, "workeroutput", {})
    node.config.stash[LACKING].update(output.get("lacking", {}))
    node.config.stash[LONG].update(output.get("long", {}))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what was left out and how long the long tests ran, before the line that counts."""
    config = terminalreporter.config
    if lacking := config.stash[LACKING]:
        terminalreporter.section("went without")
        for what, fix in lacking.items():
            terminalreporter.line(f"No {what}: its tests did not run. To run them: {fix}")
    if long := config.stash[LONG]:
        terminalreporter.section("long counts" if SOAK else "long counts; `make soak` runs all")
        for test, (ran, full) in sorted(long.items()):
            terminalreporter.line(f"{ran} of {full}: {test}")


def without(request: pytest.FixtureRequest, what: str, fix: str) -> NoReturn:
    """Leave the test out for lack of `what` and remember it; in CI, fail."""
    if IN_CI:
        pytest.fail(f"There is no {what} here. {fix}", pytrace=False)
    request.config.stash[LACKING][what] = fix
    pytest.skip(f"no {what}")


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no test connect beyond this machine, whatever it meant to."""

    def guarded(connect: Callable[[socket.socket, Any], Any]) -> Callable[..., Any]:
        def stay_home(self: socket.socket, address: Any) -> Any:
            inet = self.family in (socket.AF_INET, socket.AF_INET6)
            if inet and address[0] != "localhost" and not ip_address(address[0]).is_loopback:
                pytest.fail(f"A test tried to reach {address[0]}.")
            return connect(self, address)

        return stay_home

    monkeypatch.setattr(socket.socket, "connect", guarded(socket.socket.connect))
    monkeypatch.setattr(socket.socket, "connect_ex", guarded(socket.socket.connect_ex))


@pytest.fixture
def counts(request: pytest.FixtureRequest) -> Callable[[int], int]:
    """Give how many of `full` long rounds to run now: a tenth, at least one; in a soak, all."""

    def share(full: int) -> int:
        ran = full if SOAK else max(1, full // 10)
        request.config.stash[LONG][request.node.nodeid] = (ran, full)
        return ran

    return share


@pytest.fixture
def rng(request: pytest.FixtureRequest) -> random.Random:
    """Give this test its own random numbers, the same again for the same NOTICEBOARD_SEED."""
    return random.Random(f"{SEED} {request.node.nodeid}")


@pytest.fixture(scope="session")
def postgres(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Postgres]:
    """Start a throw-away PostgreSQL of our own; `postgres.fresh()` makes an empty database."""
    with throw_away_cluster() as cluster:
        if cluster is None:
            without(request, "PostgreSQL server", "sudo apt install postgresql")
        yield cluster


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Give the SQLAlchemy URL of an empty database; the test runs once on each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'board.db'}"
    else:
        with request.getfixturevalue("postgres").fresh() as url:
            yield url


@pytest.fixture(scope="session")
def go_checker(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the outside checker of `tests/outside/checker` with what Debian has of Go."""
    go, library = shutil.which("go"), Path("/usr/share/gocode/src/golang.org/x/mod/sumdb/tlog")
    if go is None or not library.is_dir():
        fix = "sudo apt install golang-go golang-golang-x-mod-dev"
        without(request, "Go with its module library", fix)
    folder = tmp_path_factory.mktemp("go")
    cut_off = {"GO111MODULE": "off", "GOPATH": "/usr/share/gocode", "GOFLAGS": "", "GOPROXY": "off"}
    subprocess.run(
        [go, "build", "-o", str(folder / "checker"), "."],
        cwd=Path(__file__).parent / "outside" / "checker",
        env={**os.environ, **cut_off, "GOCACHE": str(folder / "cache")},
        check=True,
    )
    return folder / "checker"


@pytest.fixture(scope="session")
def chromium_options(request: pytest.FixtureRequest) -> dict[str, Any]:
    """Give what to launch Debian's Chromium with, cut off from everything but this machine."""
    path = shutil.which("chromium")
    if path is None:
        without(request, "Chromium", "sudo apt install chromium")
    listing = shutil.which("fc-list")
    if listing is None or not subprocess.check_output([listing, ":lang=zh"]):
        without(request, "Chinese font", "sudo apt install fontconfig fonts-wqy-microhei")
    only_here = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1"
    return {"executable_path": path, "args": [*QUIET, only_here]}


@pytest.fixture(scope="module")
def playwright(request: pytest.FixtureRequest) -> Iterator[Playwright]:
    """Open Playwright for one module, since a module without it may follow in the same process.

    What drives the browser needs libatomic.
    """
    try:
        ctypes.CDLL("libatomic.so.1")
    except OSError:
        without(request, "driver for Chromium", "sudo apt install libatomic1")
    with sync_playwright() as opened:
        yield opened


@pytest.fixture(scope="module")
def chromium(playwright: Playwright, chromium_options: dict[str, Any]) -> Iterator[Browser]:
    """Open one real browser; a test makes its own context in it."""
    browser = playwright.chromium.launch(**chromium_options)
    yield browser
    browser.close()
