"""The cast at their browsers, each signed in by a password, and what a form on a page carries."""

import re
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from secrets import token_hex
from typing import Any

import pytest
from httpx import Cookies, Response
from litestar.testing import TestClient

from noticeboard.board import accounts, passwords
from noticeboard.store import people
from noticeboard.web.app import create_app
from noticeboard.web.guards import COOKIE
from tests.cast import VILLAGE, Cast, cast_in

HERE = "http://board.local"
PASSWORD = "一二三四五六七八"
DESK = f"/desk/{VILLAGE}"


class Browser:
    """Somebody's own browser: its cookies, and the headers it sends with everything."""

    def __init__(self, client: TestClient[Any]) -> None:
        self._client = client
        self.jar = Cookies()
        self.headers = {"origin": HERE, "accept": "text/html"}

    def get(self, path: str, **more: Any) -> Response:
        """Open a page."""
        return self.ask("GET", path, **more)

    def post(self, path: str, **more: Any) -> Response:
        """Send a form."""
        return self.ask("POST", path, **more)

    def ask(self, method: str, path: str, **more: Any) -> Response:
        """Send a request and keep the cookies that come back; no way onward is followed."""
        self._client.cookies = self.jar
        headers = {**self.headers, **more.pop("headers", {})}
        sent = {name: value for name, value in headers.items() if value}
        answer = self._client.request(method, path, headers=sent, follow_redirects=False, **more)
        self.jar = Cookies(self._client.cookies)
        return answer


class Office:
    """The cast with an app over their board, and a browser for each who comes."""

    def __init__(self, cast: Cast, client: TestClient[Any]) -> None:
        self.cast = cast
        self.board, self.clock = cast.board, cast.clock
        self.app = client.app
        self._client = client

    def browser(self, login: str = "") -> Browser:
        """Give a browser of its own, signed in if somebody sits at it."""
        browser = Browser(self._client)
        if login:
            # A session as signing in leaves it, without the argon2 that is slow on purpose.
            token = token_hex(32)
            kept = sha256(token.encode()).hexdigest()
            until = self.clock.now + accounts.SESSION
            with self.board.database.write() as tx:
                people.open_session(tx, kept, self.cast.accounts[login], until)
            browser.jar.set(COOKIE, token, domain="board.local", path="/desk")
        return browser


def numbered(page: Response, **fields: str) -> dict[str, str]:
    """Give the fields of a form on a page: the number it carries, and what somebody types."""
    found = re.search(r'name="form" value="([0-9a-f]{32})"', page.text)
    assert found, page.text
    return {"form": found[1], **fields}


@pytest.fixture(scope="session")
def hashed() -> str:
    """Give the hash of everybody's password, made once."""
    return passwords.hashed(PASSWORD)


@pytest.fixture
def office(tmp_path: Path, hashed: str) -> Iterator[Office]:
    """Give the cast in an office; a test ends with both audits of everything done in it."""
    cast = cast_in(tmp_path / "home")
    with cast.board.database.write() as tx:
        for account in cast.accounts.values():
            people.change(tx, account, password=hashed)
    app = create_app(cast.board, secure=False)
    with TestClient(app, base_url=HERE, raise_server_exceptions=False) as client:
        yield Office(cast, client)
    cast.audit()
    cast.board.database.close()
