"""The place of a signer's socket: a folder that nobody else may enter, and one signer in it."""

import shutil
import socket
import stat
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

from noticeboard.core.problems import NotNow, NotValid, Unavailable
from noticeboard.signing.disk import locked

WAITING: Final = 16  # callers that the kernel lets wait until they are taken


@contextmanager
def listening(path: Path, group: str = "") -> Iterator[socket.socket]:
    """Listen at a socket of mode 0600 in a folder of mode 0700, made if need be, until the end.

    With `group` (its name) its members may ask too: 0660 in 0750. Raises NotNow when a signer
    listens here already, NotValid for a place or a group that will not do.
    """
    _ready(path.parent, group)
    with ExitStack() as held:
        try:
            held.enter_context(locked(path.with_name(f"{path.name}.lock"), patience=0))
        except Unavailable:
            raise NotNow("这里已经有签名的程序在等着了。", value=str(path)) from None
        path.unlink(missing_ok=True)  # left behind by one that was killed
        line = held.enter_context(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM))
        try:
            line.bind(str(path))
            held.callback(path.unlink, missing_ok=True)
            if group:
                shutil.chown(path, group=group)
            path.chmod(0o660 if group else 0o600)
            line.listen(WAITING)
        except (OSError, LookupError) as error:
            raise _unfit(path, error) from None
        yield line


def _ready(folder: Path, group: str) -> None:
    """Make the folder of a socket, or refuse one that others may enter."""
    try:
        if not folder.is_dir():
            folder.mkdir(mode=0o700, parents=True)
            if group:
                shutil.chown(folder, group=group)
                folder.chmod(0o750)
    except (OSError, LookupError) as error:
        raise _unfit(folder, error) from None
    mode = stat.S_IMODE(folder.stat().st_mode)
    if mode & (0o027 if group else 0o077):
        raise NotValid(
            "套接字的文件夹，别的账户也进得去。",
            value=f"{folder} {mode:04o}",
            fix="请换一个专门的文件夹，或者 chmod 700。",
        )


def _unfit(path: Path, error: Exception) -> NotValid:
    return NotValid(
        "套接字放不了这里。", value=f"{path}: {error}", fix="请换一个短一点、自己写得进的地方。"
    )
