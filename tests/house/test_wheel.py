"""The wheel, alone in an empty environment and an empty folder, serves what the checkout serves."""

import os
import re
import socket
import subprocess
import sys
import sysconfig
import time
import venv
import zipfile
from pathlib import Path

import httpx
import pytest

import noticeboard

ROOT = Path(__file__).parents[2]
SHIPPED = ("templates", "kiosk", "data")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel from the checkout with the pinned backend; nothing is fetched."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel in an empty environment; give the folder of its programs.

    The pinned packages are lent by the tests' own environment, last on the path and without its
    path files, so that none of the checkout's code can stand in for the wheel's.
    """
    home = tmp_path_factory.mktemp("installed") / "venv"
    venv.create(home, symlinks=True)
    python = home / "bin" / "python"
    lent, own = sysconfig.get_path("purelib"), sysconfig.get_path("purelib", vars={"base": home})
    Path(own, "lent.pth").write_text(f"{lent}\n")
    command = [sys.executable, "-m", "pip", "--python", str(python), "install", "--no-deps"]
    subprocess.run([*command, "--no-index", "--quiet", str(wheel)], check=True)
    return home / "bin"


def test_the_wheel_carries_what_ships_and_nothing_else(wheel: Path) -> None:
    """Templates, player and data stand in the wheel file for file, once; tests do not."""
    packed = [Path(name) for name in zipfile.ZipFile(wheel).namelist()]
    for name in SHIPPED:
        inside = {
            path.relative_to(f"noticeboard/shipped/{name}") for path in packed if _in(path, name)
        }
        files = {
            path.relative_to(ROOT / name) for path in (ROOT / name).rglob("*") if path.is_file()
        }
        assert files == inside
    dist_info = f"noticeboard-{noticeboard.__version__}.dist-info"
    assert {"noticeboard", dist_info} == {path.parts[0] for path in packed}
    assert len(packed) == len(set(packed))


def test_the_installed_wheel_finds_its_own_folders(installed: Path, tmp_path: Path) -> None:
    """From an empty folder the package is the wheel's, and so is what it ships."""
    ask = f"import noticeboard as n; print(n.__file__, *map(n.shipped, {SHIPPED}))"
    said = subprocess.check_output([installed / "python", "-c", ask], cwd=tmp_path, text=True)
    for path in said.split():
        assert Path(path).is_relative_to(installed.parent)


def test_the_installed_wheel_serves_the_demo(installed: Path, tmp_path: Path) -> None:
    """`noticeboard demo` in an empty folder makes its demo home there and answers with a board."""
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        port = asked.getsockname()[1]
    environment = {key: os.environ[key] for key in ("PATH", "HOME", "LANG") if key in os.environ}
    with (tmp_path / "said").open("w") as said:
        server = subprocess.Popen(
            [installed / "noticeboard", "demo", "--port", str(port)],
            cwd=tmp_path,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
        )
    try:
        page = _first_answer(f"http://127.0.0.1:{port}/", server)
        assert (200, True) == (page.status_code, "示例村" in page.text), _said(tmp_path)
        village = re.search(r'href="(/v/[^"?]+)"', page.text)
        assert village is not None
        board = httpx.get(f"http://127.0.0.1:{port}{village[1]}")
        assert 200 == board.status_code
        assert (tmp_path / "var").is_dir()
    except TimeoutError:
        pytest.fail(_said(tmp_path))
    finally:
        server.terminate()
        try:
            server.wait(30)
        finally:
            server.kill()


def _in(path: Path, name: str) -> bool:
    return path.is_relative_to(f"noticeboard/shipped/{name}")


def _first_answer(url: str, server: subprocess.Popen[bytes]) -> httpx.Response:
    """Ask until the server answers; a server that ended, or 90 seconds, end the asking."""
    until = time.monotonic() + 90
    while server.poll() is None and time.monotonic() < until:
        try:
            return httpx.get(url)
        except httpx.TransportError:
            time.sleep(0.2)
    raise TimeoutError


def _said(folder: Path) -> str:
    return (folder / "said").read_text()
