"""The promises about the building itself: floors, purity, version, file sizes, pins."""

import ast
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

import noticeboard

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "noticeboard"
FOLDERS = ["src", "templates", "kiosk", "data", "tests", "docs", "bench", "tools", ".ci"]

# What the rules must never touch, though the standard library has it.
WORLDLY = {"io", "logging", "os", "pathlib", "random", "secrets", "socket", "sqlite3", "time"}

# A room is read in one sitting. Which are longer, and why:
LONG_ROOMS: dict[str, str] = {}


def ours() -> Iterator[Path]:
    """Give every file that a person of the house wrote, and no cache."""
    yield from (path for path in ROOT.iterdir() if path.is_file())
    for folder in FOLDERS:
        for path in (ROOT / folder).rglob("*"):
            if path.is_file() and "__pycache__" not in path.parts:
                yield path


def lint_imports(at: Path) -> tuple[int, str]:
    """Check the import contracts of the checkout copy `at`; give the exit status and the report."""
    program = Path(sys.executable).with_name("lint-imports")
    environment = os.environ | {"PYTHONPATH": str(at / "src"), "NO_COLOR": "1"}
    done = subprocess.run(
        [program, "--no-cache"],
        cwd=at,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def test_a_broken_floor_is_caught(tmp_path: Path) -> None:
    """Each import contract names the file that breaks it; whole, the house breaks none."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    shutil.copytree(SOURCE, tmp_path / "src" / "noticeboard")
    status, report = lint_imports(tmp_path)
    assert status == 0, report

    breaches = {
        "core/upward.py": "import noticeboard.store",
        "core/worldly.py": "import random",
        "web/forging.py": "import noticeboard.store.log",
        "store/asking.py": "import noticeboard.settings",
    }
    for name, line in breaches.items():
        (tmp_path / "src" / "noticeboard" / name).write_text(f'"""A breach."""\n\n{line}\n')
    status, report = lint_imports(tmp_path)
    assert status == 1
    for culprit in (
        "noticeboard.core.upward -> noticeboard.store",
        "noticeboard.core.worldly -> random",
        "noticeboard.web.forging -> noticeboard.store.log",
        "noticeboard.store.asking -> noticeboard.settings",
    ):
        assert culprit in report


def test_the_core_imports_only_the_standard_library_and_msgspec() -> None:
    """No package may reach the rules but msgspec; and of the library nothing of the world."""
    allowed = (set(sys.stdlib_module_names) - WORLDLY) | {"msgspec"}
    for path in (SOURCE / "core").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [node.module or "."]
            for name in names:
                own = name == "noticeboard.core" or name.startswith("noticeboard.core.")
                assert own or name.split(".")[0] in allowed, f"{path}: {name}"


def test_the_core_asks_no_clock() -> None:
    """The moment is an argument: nothing in the rules asks what time it is."""
    for path in (SOURCE / "core").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Attribute):
                assert node.attr not in {"now", "today", "utcnow"}, f"{path}:{node.lineno}"


def test_the_version_is_the_first_heading_of_the_changelog() -> None:
    """The changelog, the package and the wheel speak of one version."""
    first = (ROOT / "CHANGELOG.md").read_text().splitlines()[0]
    assert first == f"# {noticeboard.__version__}"
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    assert project["tool"]["hatch"]["version"]["path"] == "src/noticeboard/__init__.py"


@pytest.mark.parametrize("name", ["templates", "kiosk", "data"])
def test_what_ships_is_found_in_the_checkout(name: str) -> None:
    """A checkout serves its own templates, player and data; the wheel test asks the wheel."""
    assert ROOT / name == noticeboard.shipped(name)


def test_a_folder_that_does_not_ship_is_refused() -> None:
    """A misspelt name fails at once instead of serving nothing."""
    with pytest.raises(FileNotFoundError, match="no-such-folder"):
        noticeboard.shipped("no-such-folder")


def test_rooms_are_short() -> None:
    """No file of the package is over 300 lines unless the list here says why."""
    long = {
        str(path.relative_to(SOURCE)): lines
        for path in SOURCE.rglob("*.py")
        if (lines := len(path.read_text().splitlines())) > 300
    }
    assert LONG_ROOMS.keys() == long.keys(), long


def test_no_file_names_a_package_registry() -> None:
    """The pins are hashes, not addresses: whoever installs says where from."""
    # Put together here, or this file would be the one that names them.
    hosts = [
        "".join(pieces)
        for pieces in (
            ("py", "pi.org"),
            ("python", "hosted.org"),
            ("npm", "js.org"),
            ("npm", "js.com"),
            ("deb.", "debian.org"),
        )
    ]
    for variable in ("PIP_INDEX_URL", "UV_INDEX_URL", "UV_DEFAULT_INDEX", "npm_config_registry"):
        hosts += re.findall(r"://(?:[^/@]*@)?([^/:]+)", os.environ.get(variable, ""))
    banned = [host.encode() for host in hosts]
    naming = [path for path in ours() if any(host in path.read_bytes() for host in banned)]
    assert [] == naming


def test_every_pin_has_a_hash() -> None:
    """Nothing is installed that was not looked at: each pinned package carries its digests."""
    for name in ("requirements.txt", "requirements-dev.txt"):
        pins = (ROOT / name).read_text().replace("\\\n", " ").splitlines()
        assert [] == [pin for pin in pins if "==" not in pin or "--hash=sha256:" not in pin]


def test_the_tests_run_on_the_packages_that_people_run() -> None:
    """What `make run` installs is a part of what `make test` installs, version for version."""

    def pins(name: str) -> set[str]:
        return set(re.findall(r"^[\w.-]+==\S+", (ROOT / name).read_text(), re.MULTILINE))

    assert pins("requirements.txt") <= pins("requirements-dev.txt")
