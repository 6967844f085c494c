"""The cast at their browsers, each signed in by a password, and what a form on a page carries."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from httpx import Response
from litestar.testing import TestClient

from noticeboard.board import accounts
from noticeboard.store import people
from noticeboard.web.app import create_app
from tests.cast import VILLAGE, Cast, cast_in

HERE = "http://board.local"
PASSWORD = "一二三四五六七八"
DESK = f"/desk/{VILLAGE}"
Browser = TestClient[Any]


class Office:
    """The cast with an app over their board, and a browser for each who comes."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.board, self.clock = cast.board, cast.clock
        self.app = create_app(cast.board, secure=False)
        self._open: list[Browser] = []

    def browser(self, login: str = "") -> Browser:
        """Give a browser of its own, signed in if somebody sits at it."""
        browser = TestClient(self.app, base_url=HERE, raise_server_exceptions=False)
        browser.follow_redirects = False
        browser.headers.update({"origin": HERE, "accept": "text/html"})
        self._open.append(browser.__enter__())
        if login:
            sent = {"login": login, "password": PASSWORD}
            assert 303 == browser.post("/desk/signin", data=sent).status_code
        return browser

    def close(self) -> None:
        """Close every browser."""
        for browser in self._open:
            browser.__exit__(None, None, None)


def numbered(page: Response, **fields: str) -> dict[str, str]:
    """Give the fields of a form on a page: the number it carries, and what somebody types."""
    found = re.search(r'name="form" value="([0-9a-f]{32})"', page.text)
    assert found, page.text
    return {"form": found[1], **fields}


@pytest.fixture(scope="session")
def hashed() -> str:
    """Give the hash of everybody's password, made once."""
    return accounts.hashed(PASSWORD)


@pytest.fixture
def office(tmp_path: Path, hashed: str) -> Iterator[Office]:
    """Give the cast in an office; a test ends with both audits of everything done in it."""
    cast = cast_in(tmp_path / "home")
    with cast.board.database.write() as tx:
        for account in cast.accounts.values():
            people.change(tx, account, password=hashed)
    office = Office(cast)
    yield office
    office.close()
    cast.audit()
    cast.board.database.close()
