"""A full disk: nothing new is written, nothing is lost, and taking down still works."""

import os
import resource
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from noticeboard.board import taking_down
from noticeboard.board.reserve import SIZE, Reserve
from noticeboard.core.problems import Unavailable
from tests.cast import VILLAGE, Cast, cast_in, cast_on
from tests.conftest import LACKING

MIB = 1024 * 1024


@pytest.fixture
def small_disk(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Path]:
    """Give a folder on a disk of sixteen megabytes of its own, where mounting is allowed.

    Containers often forbid it, in CI too, so what must hold is tested without it as well.
    """
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", str(disk)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        request.config.stash[LACKING]["small disk to fill"] = "as root, where `mount` is allowed"
        pytest.skip("no small disk to fill")
    yield disk
    subprocess.run(["umount", "-l", str(disk)], check=True)


def fill(disk: Path) -> None:
    """Write until nothing fits any more, not even one byte."""
    with (disk / "filler").open("ab", buffering=0) as file:
        for piece in (64 * 1024, 512, 1):
            try:
                while True:
                    file.write(b"x" * piece)
            except OSError:
                continue


def write_on(cast: Cast) -> None:
    """Write as long as the disk takes it; pages half full may take a little more."""
    for n in range(200):
        cast.submitted("subsidy", title=f"名单{n}")


def test_a_full_disk_refuses_writing_and_lets_take_down(small_disk: Path) -> None:
    """Without one free byte: no draft, no submission; three leaks come down all the same."""
    cast = cast_in(small_disk / "home")
    leaks = [cast.published("spending", title=f"账{n}") for n in range(3)]
    draft = cast.draft()
    fill(small_disk)
    with pytest.raises(Unavailable, match="磁盘满了"):
        write_on(cast)
    before = cast.entries()
    with pytest.raises(Unavailable, match="磁盘满了"):
        cast.submitted()
    assert before == cast.entries()
    for notice in leaks:
        taking_down.withdraw(cast.board, VILLAGE, notice.code, cast.anna, ground="personal-data")
        fill(small_disk)
    taking_down.redact(
        cast.board, VILLAGE, leaks[0].code, cast.anna, ground="minor", parts=("names",)
    )
    assert before + 4 == cast.entries()
    cast.audit()
    (small_disk / "filler").unlink()
    assert cast.submitted().notice is not None
    assert draft.code
    cast.audit()
    cast.board.database.close()


def bounded(cast: Cast) -> None:
    """Let the database file have no room but what the reserve, while it is there, keeps from it.

    SQLite itself refuses the page too many, as it does when the disk has none.
    """
    reserve = cast.board.reserve
    assert reserve is not None
    path, page = reserve.path, 4096

    def room(raw: Any, _record: object, _proxy: object) -> None:
        spared = 0 if path.exists() else SIZE // page
        raw.execute(f"PRAGMA max_page_count={pages + spared}")

    with cast.board.database.read() as tx:
        assert page == tx.exec_driver_sql("PRAGMA page_size").scalar()
        pages = tx.exec_driver_sql("PRAGMA page_count").scalar_one()
    event.listen(cast.board.database.engine, "checkout", room)


def test_from_the_reserve_notices_are_taken_down(home: Cast) -> None:
    """No page left: no draft, no submission; leaks come down all the same, from the reserve."""
    long = "".join(chr(0x4E00 + n) for n in range(3_900))
    leaks = [home.published(title=f"通知{n}", text=long) for n in range(3)]
    bounded(home)
    with pytest.raises(Unavailable, match="磁盘满了"):
        write_on(home)
    before = home.entries()

    def redact() -> None:
        taking_down.redact(
            home.board, VILLAGE, leaks[0].code, home.anna, ground="minor", parts=("text",)
        )

    reserve, home.board.reserve = home.board.reserve, None
    with pytest.raises(Unavailable, match="磁盘满了"):
        redact()
    home.board.reserve = reserve
    redact()
    for notice in leaks[1:]:
        with pytest.raises(Unavailable, match="磁盘满了"):
            write_on(home)
        taking_down.withdraw(home.board, VILLAGE, notice.code, home.anna, ground="personal-data")
    assert before + 3 <= home.entries()
    home.audit()


def test_a_full_database_says_so_and_loses_nothing(tmp_path: Path) -> None:
    """SQLite told to take no more pages: refused, nothing lost, and reading goes on."""
    cast = cast_on(f"sqlite:///{tmp_path / 'board.db'}")
    notice = cast.published("spending")
    cast.board.database.close()

    def no_more(raw: object, _record: object) -> None:
        raw.execute("PRAGMA max_page_count=1")  # type: ignore[attr-defined]  # the file as it is

    event.listen(cast.board.database.engine, "connect", no_more)
    with pytest.raises(Unavailable, match="磁盘满了"):
        write_on(cast)
    assert notice == cast.notice(notice.code)
    cast.audit()
    cast.board.database.close()


def test_the_reserve_is_real_bytes_and_grows_back(tmp_path: Path) -> None:
    """Laid by at the start, given back to the disk for one act, laid by again."""
    reserve = Reserve(tmp_path)
    assert SIZE == reserve.path.stat().st_size
    assert reserve.path.stat().st_blocks * 512 >= SIZE
    with reserve.spent():
        assert not reserve.path.exists()
    assert SIZE == reserve.path.stat().st_size
    assert reserve.lay_by()


def test_what_fits_of_the_reserve_is_kept(tmp_path: Path) -> None:
    """Where only two megabytes can be written two are kept back, and it says that is not all."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2 * MIB, hard))
    try:
        reserve = Reserve(tmp_path)
        assert not reserve.lay_by()
        assert 2 * MIB == reserve.path.stat().st_size
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert reserve.lay_by()
    assert SIZE == reserve.path.stat().st_size
