"""Where a log is read from: a web address or a folder with the same paths as files."""

from pathlib import Path
from typing import Final, Protocol
from urllib.parse import quote, unquote, urlsplit

from noticeboard.core.problems import NotFound, NotValid, Unavailable
from noticeboard.net.client import LIMIT, TIMEOUT, Caller

_OK: Final = 200
_NONE: Final = (404, 410)


class Source(Protocol):
    """Gives the files of a published log by their paths under its prefix."""

    def get(self, path: str, *, limit: int = LIMIT) -> bytes | None:
        """Give a file's bytes, or None where there is none.

        Raises Unavailable where that cannot be said now, also for more than `limit` bytes.
        """


class HttpSource:
    """A log behind a web address such as `https://board.example/log/shili`; for one thread."""

    def __init__(self, url: str, *, timeout: float = TIMEOUT) -> None:
        """Read under `url`; each file must be there within `timeout` seconds."""
        self.url = url.rstrip("/")
        self.timeout = timeout
        self._caller = Caller()

    def get(self, path: str, *, limit: int = LIMIT) -> bytes | None:
        """Fetch a file, keeping the connection for the next one."""
        url = f"{self.url}/{quote(path)}"
        answer = self._caller.fetch(url, limit=limit, timeout=self.timeout)
        if answer.status in _NONE:
            return None
        if answer.status != _OK:
            raise Unavailable("对方现在给不了。", value=f"{url} {answer.status}")
        return answer.body

    def close(self) -> None:
        """Let the connection go."""
        self._caller.close()


class FolderSource:
    """A log exported or mirrored into a folder."""

    def __init__(self, folder: Path) -> None:
        """Read under `folder`; raises NotFound where there is none."""
        if not folder.is_dir():
            raise NotFound("没有这个文件夹。", value=str(folder))
        self.folder = folder

    def get(self, path: str, *, limit: int = LIMIT) -> bytes | None:
        """Read a file that lies within the folder."""
        pieces = path.split("/")
        if "\0" in path or any(piece in ("", ".", "..") for piece in pieces):
            raise NotValid("这不是日志里的地址。", value=path[:200])
        place = self.folder.joinpath(*pieces)
        try:
            with place.open("rb") as file:
                data = file.read(limit + 1)
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return None
        except OSError as error:
            raise Unavailable("读不了这个文件。", value=f"{place}：{error}") from None
        if len(data) > limit:
            raise Unavailable("对方答得太长。", value=str(place))
        return data


def source_of(where: str) -> HttpSource | FolderSource:
    """Open what a person named: an http(s) address, a `file:` address or a folder."""
    if where.startswith(("http://", "https://")):
        return HttpSource(where)
    if where.startswith("file:"):
        place = urlsplit(where)
        if place.netloc not in ("", "localhost"):
            raise NotValid("file: 地址只能是这台机器上的文件夹。", value=where[:200])
        return FolderSource(Path(unquote(place.path)))
    return FolderSource(Path(where))


__all__ = ["FolderSource", "HttpSource", "Source", "source_of"]
