"""Whether a database file is whole, and what a damaged one is answered with, in words."""

import threading
from contextlib import closing
from pathlib import Path
from sqlite3 import Connection as Driver
from sqlite3 import Error, connect
from typing import Any, Final
from urllib.parse import quote

from noticeboard.core.problems import Unavailable

# What SQLite's result codes mean here (sqlite.org/rescode.html); the low byte is the kind.
_CORRUPT, _CANNOT_OPEN, _NO_DATABASE = 11, 14, 26
_KIND: Final = 0xFF
RESTORE: Final = (
    "请停下服务，把最近的备份放回来，再 noticeboard doctor；备份以后的记录从副本取回："
    "noticeboard log recover --village 村代码 --from 副本。"
)


def broken(path: object, said: str) -> Unavailable:
    """Say that the database file is damaged, and what comes next."""
    return Unavailable("数据库文件坏了。", value=f"{path}：{said}", fix=RESTORE)


def explained(error: Exception, path: object) -> Unavailable | None:
    """Give a driver's error as a refusal in words where it says that the file is damaged."""
    raw: Any = getattr(error, "orig", error)
    kind, said = (getattr(raw, "sqlite_errorcode", None) or 0) & _KIND, str(raw)
    if kind in (_CORRUPT, _NO_DATABASE) or said.startswith(("no such ", "Could not decode")):
        return broken(path, said)
    if kind == _CANNOT_OPEN:
        return Unavailable("数据库文件打不开。", value=f"{path}：{said}", fix=RESTORE)
    return None


def quick_check(raw: Driver, seconds: float | None = None) -> str | None:
    """Let SQLite read its whole file; gives "" for a sound one, else what it says first.

    With `seconds` it is given up after so long, since a file of many gigabytes takes minutes: then
    None is given, and nothing is known.
    """
    timer = threading.Timer(seconds, raw.interrupt) if seconds is not None else None
    if timer is not None:
        timer.start()
    try:
        said = raw.execute("PRAGMA quick_check(1)").fetchone()[0]
    except raw.OperationalError as error:
        if "interrupted" in str(error):
            return None
        raise
    finally:
        if timer is not None:
            timer.cancel()
    return "" if said == "ok" else str(said)


def has_tables(path: Path) -> bool:
    """Say whether a file is a board's database; nothing of it is changed, nor is it made.

    Raises Unavailable for one that is damaged.
    """
    try:
        with closing(connect(f"file:{quote(str(path))}?mode=ro", uri=True)) as raw:
            asked = "select count(*) from sqlite_master where name = 'alembic_version'"
            return bool(raw.execute(asked).fetchone()[0])
    except Error as error:
        raise explained(error, path) or broken(path, str(error)) from None


def identity(path: Path) -> tuple[int, int] | None:
    """Give which file a path leads to now, None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
