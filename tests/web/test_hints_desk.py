"""请核实 at the desk: on draft, review and the township's page, and registers for nobody else."""

from typing import Any

import pytest

from noticeboard.board import registering, reviewing
from noticeboard.show.routes import parse
from noticeboard.show.show import show
from noticeboard.store import explanations, registers
from tests.cast import VILLAGE
from tests.web.browsing import at, fields_of, sent
from tests.web.conftest import DESK, Office

KEY = "F04-missing.2-3"
NAME = f"explain.{KEY}"
KIN = {"name": "张大山", "tie": "会计的弟弟", "group": "三组"}
SHOP = {"name": "示例建材店", "owner": "石立秋"}
# Each writing view with a form that it takes, who may, and what it then changed.
WRITES = {
    "registers/kin": KIN,
    "registers/suppliers": SHOP,
    "registers/kin-gone": {"id": "1"},
    "registers/suppliers-gone": {"id": "1"},
    "hints": {"code": "", "key": "F28-soon.5", "said": "先在纸上看过"},
}


def kept(office: Office) -> Any:
    """Give all that these views can change."""
    with office.board.database.read() as tx:
        return (
            [(one.name, one.tie, one.grp) for one in registers.kin_of(tx, VILLAGE)],
            [(one.name, one.owner) for one in registers.suppliers_of(tx, VILLAGE)],
            {k: v.text for k, v in explanations.of_notice(tx, VILLAGE, "").items()},
        )


def filled(office: Office) -> None:
    """Write somebody into both registers."""
    board, anna = office.board, office.cast.anna
    registering.add_kin(board, VILLAGE, anna, **KIN, identity="")
    registering.add_supplier(board, VILLAGE, anna, **SHOP)


def before(office: Office, view: str) -> None:
    if view.endswith("-gone"):
        filled(office)


@pytest.mark.parametrize("view", WRITES)
@pytest.mark.parametrize("login", ["anna", "ben", "mei"])
def test_who_writes_or_reviews_may(office: Office, view: str, login: str) -> None:
    """It does it, for the right person, and leads on to a page."""
    before(office, view)
    was = kept(office)
    answer = office.browser(login).post(f"{DESK}/{view}", data=WRITES[view])
    assert 303 == answer.status_code, answer.text
    assert kept(office) != was


@pytest.mark.parametrize("view", WRITES)
def test_it_refuses_to_write_by_reading(office: Office, view: str) -> None:
    """A GET changes nothing."""
    before(office, view)
    was = kept(office)
    office.browser("anna").get(f"{DESK}/{view}?name=x&tie=y&id=1")
    assert kept(office) == was


@pytest.mark.parametrize("view", WRITES)
@pytest.mark.parametrize("login", ["dan", "admin"])
def test_nobody_else_writes(office: Office, view: str, login: str) -> None:
    """Neither somebody without office nor who only hands offices out."""
    before(office, view)
    was = kept(office)
    answer = office.browser(login).post(f"{DESK}/{view}", data=WRITES[view])
    assert (403, was) == (answer.status_code, kept(office))


@pytest.mark.parametrize("view", WRITES)
def test_the_second_time_is_harmless(office: Office, view: str) -> None:
    """The same form again changes nothing more."""
    before(office, view)
    anna = office.browser("anna")
    anna.post(f"{DESK}/{view}", data=WRITES[view])
    once = kept(office)
    assert 303 == anna.post(f"{DESK}/{view}", data=WRITES[view]).status_code
    assert once == kept(office)


@pytest.mark.parametrize("page", ["registers", "hints"])
def test_reviewers_and_the_township_read(office: Office, page: str) -> None:
    """Dan, who holds no office, does not."""
    filled(office)
    found = {
        login: office.browser(login).get(f"{DESK}/{page}").status_code
        for login in ("anna", "ben", "mei", "dan")
    }
    assert {"anna": 200, "ben": 200, "mei": 200, "dan": 403} == found


def test_a_refused_register_comes_back_filled_but_for_the_number(office: Office) -> None:
    """What was typed stands there again; an identity number is never printed back."""
    sent = {**KIN, "identity": "439999196808070129"}
    page = office.browser("anna").post(f"{DESK}/registers/kin", data=sent)
    assert (422, True) == (page.status_code, "会计的弟弟" in page.text)
    assert "439999196808070129" not in page.text


# The draft and the review.


def test_the_draft_asks_and_keeps_what_is_said(office: Office) -> None:
    """The question with its rows, its basis and who will read the answer; nothing said is lost."""
    code = office.cast.draft("spending").code
    anna = office.browser("anna")
    page = anna.get(at(code))
    assert "有2笔支出没有写审批人" in page.text
    assert 'href="#rows.1"' in page.text
    assert "写了，和公示一起公开" in page.text
    saved = anna.post(at(code, "save"), data=sent(office, code, **{NAME: "会上一起批的"}))
    assert 303 == saved.status_code
    assert "会上一起批的" == fields_of(anna.get(at(code)).text)[NAME]
    broken = sent(office, code, opening="约一千")
    anna.post(at(code, "save"), data=broken)
    page = anna.get(at(code)).text
    assert ("有2笔支出没有写审批人" in page, "会上一起批的") == (False, fields_of(page)[NAME])


def test_an_answer_to_figures_goes_up_with_the_notice(office: Office) -> None:
    """Typed in the draft, seen by the reviewer, printed below the rows for everybody."""
    code = office.cast.draft("spending").code
    answer = office.browser("anna").post(
        at(code, "submit"), data=sent(office, code, **{NAME: "会上一起批的"})
    )
    assert 303 == answer.status_code, answer.text
    review = office.browser("ben").get(f"{DESK}/notices/{code}/review").text
    assert ("会上一起批的" in review, "有2笔支出没有写审批人" in review) == (True, True)
    publish(office, code)
    page, *rest = surfaces(office, code)
    assert (True, True) == ("第 2、3 行" in page, "会上一起批的" in page)
    assert "会上一起批的" in rest[0], "the data say what the page says"
    for text in (page, *rest):
        assert "有2笔支出没有写审批人" not in text, "the question itself is nobody else's"


def test_what_is_said_of_people_is_for_reviewer_and_township(office: Office) -> None:
    """On the review page and the township's, on no public surface; nor any word of a register."""
    cast = office.cast
    cast.assess("耕地地力保护补贴")
    filled(office)
    rows = [{"group": "一组", "name": "陈桂花", "amount": str(n)} for n in (10, 20)]
    code = cast.draft("subsidy", rows=rows, total="30").code
    said = {"explain.F16-name.1-2": "她家有两块地"}
    answer = office.browser("anna").post(at(code, "submit"), data=sent(office, code, **said))
    assert 303 == answer.status_code, answer.text
    page = office.browser("ben").get(f"{DESK}/notices/{code}/review").text
    assert ("她家有两块地" in page, "不公开" in page) == (True, True)
    assert "她家有两块地" in office.browser("mei").get(f"{DESK}/hints").text
    publish(office, code)
    for text in surfaces(office, code):
        for word in ("她家有两块地", "会计的弟弟", "石立秋", "示例建材店", "请核实"):
            assert word not in text, word


def publish(office: Office, code: str) -> None:
    """Let Ben agree and the clock put it up."""
    cast = office.cast
    of = cast.notice(code).latest.of
    reviewing.approve(cast.board, VILLAGE, code, cast.ben, of=of, start=cast.clock.now, until=None)
    cast.board.tick()


def surfaces(office: Office, code: str) -> list[str]:
    """Give the page of a notice, its data, its paper, and the village's pages, as text."""
    paths = [
        *(f"/n/{code}", f"/n/{code}.json", f"/n/{code}.csv", f"/n/{code}/poster", f"/n/{code}/e/1"),
        *(f"/v/{VILLAGE}", f"/v/{VILLAGE}/due", f"/v/{VILLAGE}/corrections"),
        *(f"/v/{VILLAGE}/powers", f"/v/{VILLAGE}/feed.json"),
    ]
    found = []
    for path in paths:
        route = parse(path, "")
        if route is not None:
            with office.board.database.read() as tx:
                found.append(show(tx, route, office.clock.now).rendered.body.decode())
    assert len(found) > len(paths) - 2
    return found
