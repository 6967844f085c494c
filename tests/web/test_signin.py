"""Signing in: a password or a one-time code, guessing slowed, nothing typed lost."""

import time
from hashlib import sha256
from statistics import median
from threading import Event, Thread
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from litestar.testing import TestClient
from sqlalchemy import select, text

from noticeboard.board import accounts, passwords
from noticeboard.core.problems import NotAllowed, NotValid
from noticeboard.store.desk_tables import session
from noticeboard.web.app import create_app
from noticeboard.web.guards import COOKIE
from tests.cast import VILLAGE
from tests.web.conftest import DESK, HERE, PASSWORD, Office, numbered

RIGHT = {"login": "anna", "password": PASSWORD}
WRONG = {"login": "anna", "password": "不对不对不对不对"}


def test_a_password_opens_the_desk_with_a_cookie_only_the_desk_gets(office: Office) -> None:
    """The cookie is unreadable for scripts, stays with us, and is valid under /desk alone."""
    answer = office.browser().post("/desk/signin", data=RIGHT)
    assert 303 == answer.status_code
    assert "/desk" == answer.headers["location"]
    cookie = answer.headers["set-cookie"]
    assert {"HttpOnly", "Path=/desk", "SameSite=lax"} <= set(cookie.split("; "))
    assert "Secure" not in cookie


def test_where_https_is_spoken_the_cookie_says_so(office: Office) -> None:
    """Behind https the cookie never travels in the clear, and Origin has to be https."""
    with TestClient(create_app(office.board, secure=True), base_url=HERE) as client:
        secure = {"origin": HERE.replace("http:", "https:")}
        answer = client.post("/desk/signin", data=RIGHT, headers=secure, follow_redirects=False)
        assert "Secure" in answer.headers["set-cookie"].split("; ")
        plain = client.post("/desk/signin", data=RIGHT, headers={"origin": HERE})
        assert 403 == plain.status_code


def test_a_token_from_outside_is_never_taken_over(office: Office) -> None:
    """Session fixation: whatever a browser brings along, signing in makes a new random token."""
    browser = office.browser()
    browser.jar.set(COOKIE, "attacker-chosen", domain="board.local", path="/desk")
    browser.post("/desk/signin", data=RIGHT)
    tokens = {cookie.value for cookie in browser.jar.jar}
    browser.jar.clear()
    browser.jar.set(COOKIE, "attacker-chosen", domain="board.local", path="/desk")
    assert "/desk/signin" == browser.get("/desk").headers["location"]
    assert any(token and len(token) == 64 for token in tokens)


def test_signing_in_again_ends_the_old_token(office: Office) -> None:
    """A browser has one token at a time; the one it had before opens nothing any more."""
    browser = office.browser("anna")
    old = browser.jar[COOKIE]
    browser.post("/desk/signin", data=RIGHT)
    assert old != browser.jar[COOKIE]
    assert accounts.signed_in(office.board, old) is None
    assert accounts.signed_in(office.board, browser.jar[COOKIE]) is not None


def test_only_hashes_of_tokens_are_kept(office: Office) -> None:
    """Who reads the database cannot sign in with what they find."""
    token = office.browser("anna").jar[COOKIE]
    with office.board.database.read() as tx:
        kept = set(tx.execute(select(session.c.token)).scalars())
    assert {sha256(token.encode()).hexdigest()} == kept


def test_login_and_password_are_not_told_apart(office: Office) -> None:
    """A wrong password and an unknown login get the same answer, with the form filled again."""
    browser = office.browser()
    wrong = browser.post("/desk/signin", data=WRONG)
    unknown = browser.post("/desk/signin", data={**WRONG, "login": "niemand"})
    assert (403, 403) == (wrong.status_code, unknown.status_code)
    assert wrong.text == unknown.text.replace("niemand", "anna")
    assert 'value="anna"' in wrong.text
    assert PASSWORD not in wrong.text
    assert not browser.jar


def test_an_unknown_login_takes_as_long_as_a_wrong_password(office: Office) -> None:
    """Time does not tell which logins there are: both cost one argon2."""
    known, unknown = [], []
    for _ in range(5):
        for kept, times in ((passwords.hashed("was anderes"), known), (None, unknown)):
            began = time.perf_counter()
            assert not passwords.matches(kept, PASSWORD)
            times.append(time.perf_counter() - began)
    assert 0.2 < median(unknown) / median(known) < 5


def test_after_five_failures_one_has_to_wait_longer_and_longer(office: Office) -> None:
    """The sixth try waits 30 s, even with the right password; the next failure doubles it."""
    browser = office.browser()
    for _ in range(5):
        assert 403 == browser.post("/desk/signin", data=WRONG).status_code
    refused = browser.post("/desk/signin", data=RIGHT)
    assert 429 == refused.status_code
    assert "请过 30 秒再试" in refused.text
    office.clock.on(30)
    assert 403 == browser.post("/desk/signin", data=WRONG).status_code
    assert "请过 60 秒再试" in browser.post("/desk/signin", data=RIGHT).text
    office.clock.on(60)
    assert 303 == browser.post("/desk/signin", data=RIGHT).status_code
    assert 403 == browser.post("/desk/signin", data=WRONG).status_code


def test_one_who_is_slowed_slows_nobody_else(office: Office) -> None:
    """Ben at the same address signs in while Anna's login has to wait."""
    browser = office.browser()
    for _ in range(6):
        browser.post("/desk/signin", data=WRONG)
    assert 303 == browser.post("/desk/signin", data={**RIGHT, "login": "ben"}).status_code


def test_one_address_cannot_try_every_login(office: Office) -> None:
    """Twenty failures from one address under twenty logins make that address wait."""
    browser = office.browser()
    for n in range(20):
        sent = {"login": f"nobody{n}", "password": "x"}
        assert 403 == browser.post("/desk/signin", data=sent).status_code
    assert 429 == browser.post("/desk/signin", data=RIGHT).status_code


def test_a_session_ends_after_twelve_hours(office: Office) -> None:
    """The way then leads over the sign-in page and back to where one was."""
    browser = office.browser("anna")
    office.clock.on(12 * 3600 - 1)
    assert 200 == browser.get(DESK).status_code
    office.clock.on(1)
    answer = browser.get(DESK)
    assert (303, f"/desk/signin?to={DESK}") == (answer.status_code, answer.headers["location"])
    assert f'name="to" value="{DESK}"' in browser.get(answer.headers["location"]).text


def test_what_was_typed_waits_beside_the_sign_in(office: Office) -> None:
    """A form sent too late is not lost: it can be sent on once somebody has signed in."""
    code = office.cast.published().code
    anna = office.browser("anna")
    office.clock.on(13 * 3600)
    sent = {"ground": "wrong-facts", "note": "“引号”&<尖>"}
    late = anna.post(f"{DESK}/notices/{code}/withdraw", data=sent)
    assert 401 == late.status_code
    assert "刚才填的都还在" in late.text
    again = anna.post(
        "/desk/signin",
        data={
            **RIGHT,
            "to": f"{DESK}/notices/{code}/withdraw",
            **{f"kept.{name}": value for name, value in sent.items()},
        },
    )
    assert 200 == again.status_code
    assert f'action="{DESK}/notices/{code}/withdraw"' in again.text
    assert 'name="ground" value="wrong-facts"' in again.text
    assert "“引号”&amp;&lt;尖&gt;" in again.text
    assert 303 == anna.post(f"{DESK}/notices/{code}/withdraw", data=sent).status_code


@pytest.mark.parametrize(
    "to",
    [
        "https://elsewhere.example/",
        "//elsewhere.example",
        "/\\elsewhere",
        "/desk/../x\n",
        "/desk/signin",
    ],
)
def test_the_way_on_stays_within_the_desk(office: Office, to: str) -> None:
    """A link to our sign-in page cannot send people to another site."""
    answer = office.browser().post("/desk/signin", data={**RIGHT, "to": to})
    assert "/desk" == answer.headers["location"]


@pytest.mark.parametrize("place", ["%0d%0aSet-Cookie:%20desk=x", "%E6%9D%91", "a%26to=b%23c"])
def test_a_path_cannot_write_headers(office: Office, place: str) -> None:
    """Line breaks, Chinese and signs of an address come back quoted, and lead to the same place."""
    answer = office.browser().get(f"/desk/{place}")
    assert 303 == answer.status_code
    assert "set-cookie" not in answer.headers
    assert {"to": [unquote(f"/desk/{place}")]} == parse_qs(
        urlsplit(answer.headers["location"]).query
    )
    assert office.browser().get(answer.headers["location"]).status_code == 200


def test_only_two_passwords_are_hashed_at_once(office: Office) -> None:
    """Each takes 32 MB; a third waits for its turn instead of filling a small machine."""
    for _ in range(2):
        passwords._AT_ONCE.acquire()
    done = Event()
    third = Thread(target=lambda: (passwords.hashed(PASSWORD), done.set()))
    third.start()
    assert not done.wait(0.5)
    passwords._AT_ONCE.release()
    assert done.wait(5)
    passwords._AT_ONCE.release()
    third.join()


def test_signing_out_ends_the_token(office: Office) -> None:
    """After that the same cookie opens nothing, wherever it was copied to."""
    browser = office.browser("anna")
    token = browser.jar[COOKIE]
    assert 303 == browser.post("/desk/signout").status_code
    assert accounts.signed_in(office.board, token) is None
    browser.jar.set(COOKIE, token, domain="board.local", path="/desk")
    assert 303 == browser.get(DESK).status_code


def test_a_code_works_once_within_two_days(office: Office) -> None:
    """It sets a password and signs in; a second time, or too late, it is refused."""
    cast = office.cast
    code = accounts.reset(office.board, VILLAGE, cast.accounts["admin"], cast.accounts["anna"]).code
    new = {
        "login": "anna",
        "code": f" {code[:5]}-{code[5:].lower()}",
        "password": "新的密码新的密码",
    }
    browser = office.browser()
    assert 303 == browser.post("/desk/signin/code", data=new).status_code
    assert 200 == browser.get(DESK).status_code
    assert 403 == office.browser().post("/desk/signin/code", data=new).status_code
    late = accounts.reset(office.board, VILLAGE, cast.accounts["admin"], cast.accounts["anna"]).code
    office.clock.on(accounts.CODE_VALID)
    assert 403 == office.browser().post("/desk/signin/code", data={**new, "code": late}).status_code


def test_a_reset_signs_out_everywhere(office: Office) -> None:
    """The old password and every open session are gone at once."""
    browser = office.browser("anna")
    cast = office.cast
    accounts.reset(office.board, VILLAGE, cast.accounts["admin"], cast.accounts["anna"])
    assert 303 == browser.get(DESK).status_code
    assert 403 == browser.post("/desk/signin", data=RIGHT).status_code


@pytest.mark.parametrize("password", ["sieben7", "anna.clerk", " ANNA.CLERK "])
def test_a_password_has_eight_characters_and_is_not_the_login(password: str) -> None:
    """The refusal says so in words, before anything is tried."""
    with pytest.raises(NotValid):
        passwords.sound(password, "anna.clerk")


def test_changing_ones_password_signs_out_elsewhere(office: Office) -> None:
    """This browser stays in with a new token, the other is out; a wrong old one is refused."""
    here, elsewhere = office.browser("anna"), office.browser("anna")
    wrong = here.post("/desk/account/password", data={"old": "falsch", "password": "neunzeichen"})
    assert 403 == wrong.status_code
    right = {"old": PASSWORD, "password": "neunzeichen"}
    assert 303 == here.post("/desk/account/password", data=right).status_code
    assert 200 == here.get("/desk/account").status_code
    assert 303 == elsewhere.get("/desk/account").status_code


def test_a_closed_account_is_out(office: Office) -> None:
    """Closing ends every session, the password opens nothing, and the instance log notes it."""
    browser, cast = office.browser("anna"), office.cast
    accounts.close(office.board, VILLAGE, cast.accounts["admin"], cast.accounts["anna"])
    assert 303 == browser.get(DESK).status_code
    assert 403 == browser.post("/desk/signin", data=RIGHT).status_code
    with office.board.database.read() as tx:
        acts = tx.execute(text("select leaf from entry where village = '' and act = 'account'"))
        assert b'"change":"closed"' in list(acts.scalars())[-1]


def test_nobody_closes_their_own_account(office: Office) -> None:
    """So that a board never loses its last keeper this way."""
    keeper = office.cast.accounts["admin"]
    with pytest.raises(NotAllowed):
        accounts.close(office.board, VILLAGE, keeper, keeper)


def test_a_form_carries_a_number_of_its_own(office: Office) -> None:
    """Two openings of a page give two numbers."""
    admin = office.browser("admin")
    numbers = {numbered(admin.get(f"{DESK}/people"))["form"] for _ in range(2)}
    assert 2 == len(numbers)
