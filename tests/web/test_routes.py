"""Every route of the desk: closed unless listed here, safe headers, HEAD, JSON for programs."""

import re

import pytest
from litestar.routes import HTTPRoute

from tests.cast import VILLAGE
from tests.web.conftest import Office

# What anybody may ask of the app: the way in, its scripts, and whether it runs.
OPEN = {
    ("GET", "/health"),
    ("GET", "/desk/assets/{name:str}"),
    ("GET", "/desk/signin"),
    ("POST", "/desk/signin"),
    ("GET", "/desk/signin/code"),
    ("POST", "/desk/signin/code"),
}


def routes(office: Office) -> list[tuple[str, str]]:
    """Give every method and path of the app."""
    return sorted(
        (method, route.path)
        for route in office.app.routes
        if isinstance(route, HTTPRoute)
        for method in route.methods
        if method not in ("OPTIONS", "HEAD")
    )


def filled(path: str) -> str:
    """Put something in the places of a path."""
    return re.sub(r"\{(\w+):str\}", lambda m: VILLAGE if m[1] == "village" else "X" * 8, path)


def test_every_route_is_closed_or_listed(office: Office) -> None:
    """A browser that is not signed in is sent to the sign-in page, a program gets 401."""
    found = routes(office)
    assert len(found) > 40
    assert set(found) >= OPEN
    for method, path in found:
        if (method, path) in OPEN:
            continue
        answer = office.browser().ask(method, filled(path))
        assert 303 == answer.status_code, (method, path)
        assert answer.headers["location"].startswith("/desk/signin"), (method, path)
        asked = office.browser().ask(method, filled(path), headers={"accept": "application/json"})
        assert 401 == asked.status_code, (method, path)
        assert "application/problem+json" == asked.headers["content-type"]


def test_open_routes_need_nobody(office: Office) -> None:
    """They answer without a cookie, and not with the way to the sign-in page."""
    for method, path in OPEN:
        answer = office.browser().ask(method, filled(path))
        assert "/desk/signin" != answer.headers.get("location"), path
        assert answer.status_code in (200, 403, 404, 422), path


@pytest.mark.parametrize("path", ["/desk/signin", "/desk/nowhere/x/y/z", "/health"])
def test_every_answer_says_what_a_browser_may_do_with_it(office: Office, path: str) -> None:
    """No cache keeps it, nothing guesses its type, and the policy allows nothing from elsewhere."""
    headers = office.browser().get(path).headers
    assert "no-store" == headers["cache-control"]
    assert "nosniff" == headers["x-content-type-options"]
    assert "same-origin" == headers["referrer-policy"]
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert "http" not in policy


def test_a_desk_page_runs_our_own_files_only(office: Office) -> None:
    """Styles by hash, scripts by address, no style attribute, no handler in the page."""
    page = office.browser("anna").get(f"/desk/{VILLAGE}")
    policy = dict(
        part.strip().partition(" ")[::2]
        for part in page.headers["content-security-policy"].split(";")
    )
    assert "'self'" == policy["script-src"]
    assert policy["style-src"].startswith("'sha256-")
    assert "'self'" == policy["form-action"]
    assert not re.search(r"\s(style|on\w+)=", page.text)


def test_head_works_where_get_does(office: Office) -> None:
    """The same status and headers, and no body."""
    anna = office.browser("anna")
    for path in ("/health", "/desk/signin", f"/desk/{VILLAGE}"):
        got, head = anna.get(path), anna.ask("HEAD", path)
        assert got.status_code == head.status_code == 200
        assert b"" == head.content
        assert got.headers["content-type"] == head.headers["content-type"]


def test_a_page_that_is_not_there_says_so_in_words(office: Office) -> None:
    """404 and 405 are pages in Chinese for people and problems for programs."""
    anna = office.browser("anna")
    page = anna.get("/desk/a/b/c/d")
    assert (404, True) == (page.status_code, "没有这一页" in page.text)
    program = anna.get("/desk/a/b/c/d", headers={"accept": "application/problem+json"})
    assert 404 == program.json()["status"]
    assert "about:blank" == program.json()["type"]
    assert 405 == anna.post(f"/desk/{VILLAGE}/people").status_code
    act = f"/desk/{VILLAGE}/people/open"
    assert f"/desk/{VILLAGE}/people" == anna.get(act).headers["location"]
    assert 405 == anna.get(act, headers={"accept": "application/json"}).status_code


def test_a_broken_database_shows_no_trace(office: Office) -> None:
    """It gives a page in Chinese with the next step, and nothing of the code."""
    anna = office.browser("anna")
    with office.board.database.write() as tx:
        tx.exec_driver_sql("alter table draft rename to elsewhere")
    page = anna.get(f"/desk/{VILLAGE}")
    with office.board.database.write() as tx:
        tx.exec_driver_sql("alter table elsewhere rename to draft")
    assert 503 == page.status_code
    assert "数据库文件坏了" in page.text
    assert "Traceback" not in page.text
    assert "sqlalche" not in page.text.lower()


def test_what_is_too_large_is_refused_before_it_is_read(office: Office) -> None:
    """A form of more than 2 MB gets 413 in words."""
    anna = office.browser("anna")
    answer = anna.post(f"/desk/{VILLAGE}/people/open", data={"name": "x" * 2_200_000})
    assert (413, True) == (answer.status_code, "太大" in answer.text)
