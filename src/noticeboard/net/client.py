"""One bounded HTTP client: a size, a time and a host that no answer may leave."""

import io
import socket
import ssl
import time
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from typing import Any, Final, Self
from urllib.parse import SplitResult, urljoin, urlsplit

from msgspec import Struct

from noticeboard import __version__
from noticeboard.core.problems import NotValid, Unavailable

LIMIT: Final = 8 * 1024 * 1024
TIMEOUT: Final = 10.0
_MOST_MOVES: Final = 3
_MOVED: Final = (301, 302, 303, 307, 308)
_PORTS: Final = {"http": 80, "https": 443}
# A kept connection that the other side has closed meanwhile shows it only when it is used.
_GONE: Final = (ConnectionError, ssl.SSLEOFError)


class Answer(Struct, frozen=True):
    """What came back: the status, the headers by lower-case name, the body within the limit."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def fetch(
    url: str,
    *,
    body: bytes | None = None,
    limit: int = LIMIT,
    timeout: float = TIMEOUT,
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """Ask an http or https address once: GET, or POST where there is a `body`.

    Gives whatever status came. Raises NotValid for an address that is none, and Unavailable, in
    words, where nobody answers, the answer is longer than `limit` bytes or not there `timeout`
    seconds after the call (looking up the name has the machine's own limit), or leads to
    another host. Moves within the host are followed for GET.
    """
    with Caller() as caller:
        return caller.fetch(url, body=body, limit=limit, timeout=timeout, headers=headers)


class Caller:
    """Asks one host many things over one connection, for one thread."""

    def __init__(self) -> None:
        """Begin without a connection."""
        self._to = ("", "", 0)
        self._line: HTTPConnection | None = None

    def __enter__(self) -> Self:
        """Close the connection at the end of a `with`."""
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let the connection go."""
        if self._line is not None:
            self._line.close()
        self._line = None

    def fetch(
        self,
        url: str,
        *,
        body: bytes | None = None,
        limit: int = LIMIT,
        timeout: float = TIMEOUT,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Do what the function of this name does, keeping the connection for the next time."""
        end, place = time.monotonic() + timeout, _place(url)
        for _ in range(_MOST_MOVES + 1):
            answer = self._ask(place, body, limit, end, headers or {})
            if body is not None or answer.status not in _MOVED:
                return answer
            place = _moved(place, answer)
        raise Unavailable("对方一直让转到别的地址。", value=url)

    def _ask(
        self,
        place: SplitResult,
        body: bytes | None,
        limit: int,
        end: float,
        headers: Mapping[str, str],
    ) -> Answer:
        kept = self._line is not None and self._to == _endpoint(place)
        try:
            try:
                return self._once(place, body, limit, end, headers)
            except _GONE:
                if not kept or body is not None:
                    raise
                return self._once(place, body, limit, end, headers)
        except TimeoutError:
            raise Unavailable("对方太久没有答完。", value=place.netloc) from None
        except OSError as error:
            raise Unavailable("连不上对方。", value=f"{place.netloc}：{error}") from None
        except (HTTPException, ValueError) as error:
            raise Unavailable("对方答的看不懂。", value=f"{place.netloc}：{error!r}") from None

    def _once(
        self,
        place: SplitResult,
        body: bytes | None,
        limit: int,
        end: float,
        headers: Mapping[str, str],
    ) -> Answer:
        done = False
        try:
            line = self._connected(place, end)
            target = (place.path or "/") + (f"?{place.query}" if place.query else "")
            said = {"User-Agent": f"noticeboard/{__version__}", **headers}
            line.request("GET" if body is None else "POST", target, body=body, headers=said)
            with line.getresponse() as response:
                answer = _read(response, place, limit)
                done = not response.will_close
            return answer
        finally:
            if not done:
                self.close()

    def _connected(self, place: SplitResult, end: float) -> HTTPConnection:
        if self._line is None or self._to != _endpoint(place):
            self.close()
            self._to = scheme, host, port = _endpoint(place)
            left = _left(end)
            if scheme == "https":
                context = ssl.create_default_context()
                self._line = HTTPSConnection(host, port, timeout=left, context=context)
            else:
                self._line = HTTPConnection(host, port, timeout=left)
            self._line.connect()
            self._line.sock = _Hurried(self._line.sock, end)
        hurried: Any = self._line.sock
        hurried.end = end
        return self._line


class _Hurried:
    """A socket whose every send and read must be over by `end`, however slowly bytes drip."""

    def __init__(self, sock: socket.socket, end: float) -> None:
        self.sock = sock
        self.end = end

    def sendall(self, data: bytes) -> None:
        self.sock.settimeout(_left(self.end))
        self.sock.sendall(data)

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(_HurriedReader(self))

    def close(self) -> None:
        self.sock.close()


class _HurriedReader(io.RawIOBase):
    def __init__(self, hurried: _Hurried) -> None:
        super().__init__()
        self._hurried = hurried
        self._raw = hurried.sock.makefile("rb", buffering=0)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int | None:
        self._hurried.sock.settimeout(_left(self._hurried.end))
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


def _left(end: float) -> float:
    left = end - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _read(response: HTTPResponse, place: SplitResult, limit: int) -> Answer:
    data = response.read(limit + 1)
    if len(data) > limit:
        raise Unavailable("对方答得太长。", value=place.geturl())
    if response.length:
        raise HTTPException("cut short")  # `read` with a size does not say so itself
    headers = {name.lower(): value for name, value in response.getheaders()}
    return Answer(response.status, headers, data)


def _place(url: str) -> SplitResult:
    try:
        place = urlsplit(url)
        sound = place.scheme in _PORTS and place.hostname and place.port != 0
    except ValueError:
        sound = False
    if not sound or place.username is not None or not url.isascii() or not url.isprintable():
        raise NotValid("网址要以 http:// 或 https:// 开头，不带密码。", value=url[:200])
    if " " in url:
        raise NotValid("网址里不能有空格。", value=url[:200])
    return place


def _endpoint(place: SplitResult) -> tuple[str, str, int]:
    return place.scheme, place.hostname or "", place.port or _PORTS[place.scheme]


def _moved(place: SplitResult, answer: Answer) -> SplitResult:
    to = _place(urljoin(place.geturl(), answer.headers.get("location", "")))
    downward = place.scheme == "https" and to.scheme == "http"
    if to.hostname != place.hostname or downward:
        raise Unavailable("对方让转到别的机器，没有去。", value=to.geturl()[:200])
    return to


__all__ = ["LIMIT", "TIMEOUT", "Answer", "Caller", "fetch"]
