"""Requests that another site makes somebody's browser send are refused before anything is done."""

import pytest

from noticeboard.web.guards import ours
from tests.web.conftest import DESK, HERE, Office

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
