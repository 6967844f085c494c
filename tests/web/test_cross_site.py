"""Requests that another site makes somebody's browser send are refused before anything is done."""

import pytest
from litestar.testing import TestClient

from noticeboard.web.app import create_app
from noticeboard.web.guards import on_this_machine, ours
from tests.web.conftest import DESK, HERE, PASSWORD, Office

COOKIE = "desk=abc"


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"origin": HERE}, True),
        ({"origin": HERE, "cookie": COOKIE}, True),
        ({"origin": HERE, "sec-fetch-site": "cross-site", "cookie": COOKIE}, True),
        ({"origin": "http://elsewhere.example", "cookie": COOKIE}, False),
        ({"origin": "http://elsewhere.example", "sec-fetch-site": "same-origin"}, False),
        ({"origin": "http://board.local:8000", "cookie": COOKIE}, False),
        ({"origin": "http://board.local.elsewhere.example", "cookie": COOKIE}, False),
        ({"origin": "https://board.local", "cookie": COOKIE}, False),
        ({"origin": "null", "cookie": COOKIE}, False),
        ({"origin": "", "cookie": COOKIE}, False),
        ({"sec-fetch-site": "same-origin", "cookie": COOKIE}, True),
        ({"sec-fetch-site": "none", "cookie": COOKIE}, True),
        ({"sec-fetch-site": "same-site", "cookie": COOKIE}, False),
        ({"sec-fetch-site": "cross-site", "cookie": COOKIE}, False),
        ({"sec-fetch-site": "cross-site"}, False),
        ({"cookie": COOKIE}, False),
        ({"cookie": f"other=1; {COOKIE}"}, False),
        ({"cookie": "desktop=abc"}, True),
        ({}, True),
    ],
)
def test_only_our_own_pages_may_write(headers: dict[str, str], expected: bool) -> None:
    """Origin decides; else Sec-Fetch-Site; a sign-in cookie with neither is refused."""
    sent = {"host": "board.local", **headers}
    assert expected == ours("POST", sent, "http")
    assert ours("GET", sent, "http")


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://elsewhere.example"},
        {"origin": "null"},
        {"origin": "", "sec-fetch-site": "cross-site"},
        {"origin": ""},
    ],
)
def test_a_form_of_another_site_takes_nothing_down(office: Office, headers: dict[str, str]) -> None:
    """Anna is signed in, and still nothing happens; the page tells what to do."""
    code = office.cast.published().code
    anna, before = office.browser("anna"), office.cast.entries()
    sent = {"ground": "wrong-facts"}
    answer = anna.post(f"{DESK}/notices/{code}/withdraw", data=sent, headers=headers)
    assert 403 == answer.status_code
    assert "不是从这里的页面发出来的" in answer.text
    assert before == office.cast.entries()


def test_signing_in_from_another_site_is_refused(office: Office) -> None:
    """Nobody can be signed in as somebody else behind their back."""
    sent = {"login": "anna", "password": "x"}
    answer = office.browser().post(
        "/desk/signin", data=sent, headers={"origin": "http://elsewhere.example"}
    )
    assert 403 == answer.status_code


@pytest.mark.parametrize(
    ("host", "origin", "expected"),
    [
        ("127.0.0.1:8000", "http://127.0.0.1:8000", True),
        ("localhost", "http://localhost", True),
        ("[::1]:8000", "http://[::1]:8000", True),
        ("127.0.0.1:8000", "http://127.0.0.1:9000", False),
        ("127.0.0.1:8000", "http://localhost:8000", False),
        ("127.0.0.1:8000", "null", False),
        ("127.0.0.1.elsewhere.example", "http://127.0.0.1.elsewhere.example", False),
        ("board.local", "http://board.local", False),
        ("", "http://", False),
    ],
)
def test_only_the_machine_itself_needs_no_https(host: str, origin: str, expected: bool) -> None:
    """Origin and Host must name the same loopback address by http."""
    assert expected == on_this_machine({"host": host, "origin": origin})


@pytest.mark.parametrize(
    ("base", "secure"),
    [("http://127.0.0.1:8000", False), ("https://board.local", True)],
)
def test_a_board_behind_https_opens_on_its_own_machine(
    office: Office, base: str, secure: bool
) -> None:
    """Whoever sits at it signs in by http, with a cookie that http carries; others need https."""
    app = create_app(office.board, secure=True)
    sent = {"login": "anna", "password": PASSWORD}
    with TestClient(app, base_url=base) as client:
        answer = client.post(
            "/desk/signin", data=sent, headers={"origin": base}, follow_redirects=False
        )
        assert 303 == answer.status_code
        assert secure == ("Secure" in answer.headers["set-cookie"])
        assert 200 == client.get(DESK).status_code
    with TestClient(app, base_url="http://board.local") as client:
        plain = {"origin": "http://board.local"}
        assert 403 == client.post("/desk/signin", data=sent, headers=plain).status_code


def test_two_origins_count_as_none(office: Office) -> None:
    """Of a header sent twice neither is believed."""
    code = office.cast.published().code
    anna = office.browser("anna")
    twice = [("origin", "http://elsewhere.example"), ("origin", HERE), ("accept", "text/html")]
    anna._client.cookies = anna.jar
    answer = anna._client.post(
        f"{DESK}/notices/{code}/withdraw", data={"ground": "wrong-facts"}, headers=twice
    )
    assert 403 == answer.status_code
