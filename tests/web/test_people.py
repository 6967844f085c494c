"""People and screens: accounts and offices by whoever may appoint, and nothing by anybody else."""

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from noticeboard.board import accounts, founding, halls
from noticeboard.core.people import Profile
from noticeboard.store import people, screens
from tests.cast import VILLAGE
from tests.web.conftest import DESK, PASSWORD, Office, numbered

Sent = dict[str, str]


@dataclass
class Does:
    """A writing view: where it is sent, with what, and what it leaves."""

    at: str
    sent: Callable[[Office], Sent]
    left: Callable[[Office], bool]
    status: int = 303


def _account(login: str) -> Callable[[Office], Sent]:
    return lambda office: {"account": str(office.cast.accounts[login]), "role": "clerk"}


def _known(office: Office, login: str) -> people.Account | None:
    with office.board.database.read() as tx:
        return people.by_login(tx, login)


def _offices(office: Office, login: str) -> tuple[str, ...]:
    from noticeboard.store import notices

    with office.board.database.read() as tx:
        number = people.number_in(tx, VILLAGE, office.cast.accounts[login])
        return notices.head_of(tx, VILLAGE).village.offices.get(number or 0, ())


def _screens(office: Office) -> list[str]:
    with office.board.database.read() as tx:
        return [screen.id for screen in screens.of_village(tx, VILLAGE)]


def _hung(office: Office) -> Sent:
    keeper = office.cast.accounts["admin"]
    halls.add(office.board, VILLAGE, keeper, id_="old", name="村部", width=1920, height=1080)
    return {"id": "old"}


VIEWS = {
    "open": Does(
        "people/open",
        lambda office: {"login": "fei", "name": "小飞", "role": "scribe"},
        lambda office: _known(office, "fei") is not None,
        200,
    ),
    "reset": Does(
        "people/reset",
        _account("anna"),
        lambda office: _known(office, "anna").password is None,  # type: ignore[union-attr]
        200,
    ),
    "close": Does(
        "people/close",
        _account("anna"),
        lambda office: _known(office, "anna").closed,  # type: ignore[union-attr]
    ),
    "appoint": Does(
        "people/appoint",
        lambda office: {"login": "dan", "role": "group-leader"},
        lambda office: _offices(office, "dan") == ("group-leader",),
    ),
    "dismiss": Does(
        "people/dismiss", _account("anna"), lambda office: _offices(office, "anna") == ()
    ),
    "add a screen": Does(
        "screens/add",
        lambda office: {"id": "hall-1", "name": "村部大厅", "width": "1080", "height": "1920"},
        lambda office: _screens(office) == ["hall-1"],
    ),
    "retire a screen": Does("screens/retire", _hung, lambda office: _screens(office) == []),
}


@pytest.fixture(params=VIEWS.values(), ids=VIEWS.keys())
def view(request: pytest.FixtureRequest) -> Does:
    """Give each writing view in turn."""
    chosen: Does = request.param
    return chosen


def body(office: Office, view: Does) -> Sent:
    """Give what the keeper's browser sends."""
    sent = view.sent(office)
    return {**sent, **numbered(office.browser("admin").get(f"{DESK}/people"))}


def test_it_does_it_for_whoever_may_appoint(office: Office, view: Does) -> None:
    """The keeper of the village's people, and the township too."""
    answer = office.browser("admin").post(f"{DESK}/{view.at}", data=body(office, view))
    assert view.status == answer.status_code, answer.text
    assert view.left(office)


def test_it_refuses_get(office: Office, view: Does) -> None:
    """Following a link changes nobody and leads to the page of the form."""
    before = office.cast.entries()
    answer = office.browser("admin").get(f"{DESK}/{view.at}")
    assert f"{DESK}/{view.at}".rpartition("/")[0] == answer.headers["location"]
    assert before == office.cast.entries()


@pytest.mark.parametrize("login", ["anna", "ben", "dan"])
def test_it_needs_an_office_that_appoints(office: Office, view: Does, login: str) -> None:
    """Clerk and reviewer are refused with the reason; somebody without office too."""
    sent = body(office, view)
    answer = office.browser(login).post(f"{DESK}/{view.at}", data=sent)
    assert (403, True) == (answer.status_code, "没有办成" in answer.text)
    assert not view.left(office)


def test_the_township_may(office: Office, view: Does) -> None:
    """Mei oversees the village, and hands out offices where nobody else can."""
    answer = office.browser("mei").post(f"{DESK}/{view.at}", data=body(office, view))
    assert view.status == answer.status_code, answer.text


def test_the_second_time_is_harmless(office: Office, view: Does) -> None:
    """The same form again changes nothing more, and never shows a second code."""
    admin, sent = office.browser("admin"), body(office, view)
    admin.post(f"{DESK}/{view.at}", data=sent)
    with office.board.database.read() as tx:
        before = {account.id: account for account in people.every(tx)}
    again = admin.post(f"{DESK}/{view.at}", data=sent)
    assert again.status_code in (303, 404, 409)
    assert 'class="code"' not in again.text
    with office.board.database.read() as tx:
        assert before == {account.id: account for account in people.every(tx)}
    assert view.left(office)


def test_the_buttons_are_there_for_whoever_may(office: Office) -> None:
    """Anna sees who holds which office; only who may appoint sees how to change it."""
    anna = office.browser("anna").get(f"{DESK}/people").text
    assert "监委会主任" in anna
    assert "/people/appoint" not in anna
    assert "/people/appoint" in office.browser("admin").get(f"{DESK}/people").text
    assert "/screens/add" not in office.browser("anna").get(f"{DESK}/screens").text


def test_a_new_account_signs_in_with_the_code_on_the_page(office: Office) -> None:
    """The code is on one page only; with it the person sets a password and works."""
    admin = office.browser("admin")
    sent = {"login": "fei", "name": "小飞", "role": "scribe"}
    page = admin.post(f"{DESK}/people/open", data=sent).text
    found = re.search(r'class="code">([0-9A-Z]{5}) ([0-9A-Z]{5})<', page)
    assert found
    assert 'class="code"' not in admin.get(f"{DESK}/people").text
    browser = office.browser()
    form = {"login": "fei", "code": found[1] + found[2], "password": PASSWORD}
    assert 303 == browser.post("/desk/signin/code", data=form).status_code
    assert "自己写一份" in browser.get(DESK).text


def test_no_table_holds_a_code(office: Office) -> None:
    """Neither the code nor its plain hash can be found again."""
    cast = office.cast
    code = accounts.reset(office.board, VILLAGE, cast.accounts["admin"], cast.accounts["anna"]).code
    office.board.scrub()
    path = office.board.database.path
    assert path is not None
    assert code.encode() not in path.read_bytes()


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ({"login": "", "name": "小飞"}, 422),
        ({"login": "zwei woerter", "name": "小飞"}, 422),
        ({"login": "fei", "name": " "}, 422),
        ({"login": "anna", "name": "小飞"}, 422),
    ],
)
def test_an_account_that_cannot_be_comes_back_filled(
    office: Office, sent: Sent, expected: int
) -> None:
    """What was typed stays in the form, and no account is opened."""
    before = len(office.cast.accounts)
    answer = office.browser("admin").post(f"{DESK}/people/open", data=sent)
    assert expected == answer.status_code
    assert f'value="{sent["login"]}"' in answer.text
    with office.board.database.read() as tx:
        assert before == len(people.every(tx))


def test_a_keeper_of_one_village_cannot_reset_the_overseer_of_two(office: Office) -> None:
    """Else somebody in one village could sign in as the township and act in another."""
    board, cast = office.board, office.cast
    founding.establish(
        board, code="elsewhere", origin="board.example/v/2", profile=Profile(name="邻村"), keys=()
    )
    mei = cast.accounts["mei"]
    founding.appoint(board, "elsewhere", mei, "admin", mei)
    sent = {"account": str(mei)}
    answer = office.browser("admin").post(f"{DESK}/people/reset", data=sent)
    assert (403, True) == (answer.status_code, "邻村" in answer.text)
    assert 200 == office.browser("mei").get(DESK).status_code


def test_the_last_keeper_stays(office: Office) -> None:
    """The rulebook refuses to dismiss the last administrator; the page says why."""
    sent = {"account": str(office.cast.accounts["admin"]), "role": "admin"}
    answer = office.browser("admin").post(f"{DESK}/people/dismiss", data=sent)
    assert (409, True) == (answer.status_code, "这是最后一位管理员。" in answer.text)


@pytest.mark.parametrize(
    "wrong",
    [
        {"id": "大厅"},
        {"id": "../x"},
        {"name": ""},
        {"width": "99"},
        {"height": "99999"},
        {"width": "viel"},
    ],
)
def test_a_screen_that_cannot_be_is_refused(office: Office, wrong: Sent) -> None:
    """The form comes back filled, and no screen is added."""
    sent = {"id": "hall-1", "name": "村部大厅", "width": "1920", "height": "1080", **wrong}
    answer = office.browser("admin").post(f"{DESK}/screens/add", data=sent)
    assert 422 == answer.status_code
    assert f'value="{sent["height"]}"' in answer.text
    assert [] == _screens(office)


def test_a_screens_id_is_never_given_twice(office: Office) -> None:
    """It stands on a sticker: not even after the screen was retired."""
    admin, sent = office.browser("admin"), _hung(office)
    admin.post(f"{DESK}/screens/retire", data=sent)
    again = {"id": "old", "name": "新的", "width": "1920", "height": "1080"}
    assert 409 == admin.post(f"{DESK}/screens/add", data=again).status_code


def test_two_villages_are_offered_to_whoever_serves_both(office: Office) -> None:
    """/desk leads on where there is one village, and lets choose where there are two."""
    board, mei = office.board, office.cast.accounts["mei"]
    assert DESK == office.browser("mei").get("/desk").headers["location"]
    founding.establish(
        board, code="elsewhere", origin="board.example/v/2", profile=Profile(name="邻村"), keys=()
    )
    founding.appoint(board, "elsewhere", mei, "admin", mei)
    page = office.browser("mei").get("/desk")
    assert (200, True, True) == (page.status_code, "邻村" in page.text, "示例村" in page.text)
    assert "换一个村" in office.browser("mei").get(DESK).text
