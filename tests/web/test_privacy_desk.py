"""False alarms and assessments at the desk: who ticks what, and what the next step says."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest

from noticeboard.core.notice import Doubt, Scheduled, Submitted
from noticeboard.store import notices
from tests.cast import VILLAGE
from tests.web.conftest import DESK, Office, numbered

TICK = "clear.text.0.text.address"
TEXT = "到李家冲3号看电影。"
ANSWERS = {"purpose": "法定公开到户", "risk": "影响小", "measures": "不写证号和卡号"}


def draft_of(office: Office, **more: str) -> tuple[str, dict[str, str]]:
    """Open Anna's draft of an announcement; give its address and what its form would send."""
    draft = office.cast.draft("announcement", text=TEXT)
    at = f"{DESK}/drafts/{draft.code}"
    sent = numbered(office.browser("anna").get(at))
    typed = {name: str(value) for name, value in draft.typed.items() if isinstance(value, str)}
    return at, {**typed, **sent, "version": str(draft.version), **more}


def submitted(office: Office) -> str:
    at, sent = draft_of(office, **{TICK: "yes"})
    answer = office.browser("anna").post(f"{at}/submit", data=sent)
    assert 303 == answer.status_code, answer.text
    return at.rpartition("/")[2]


def state(office: Office, code: str) -> object:
    return office.cast.notice(code).latest.state


# False alarms.


def test_an_alarm_comes_back_with_a_tick_beside_it(office: Office) -> None:
    """What was found, where, and the sentence that the writer would sign."""
    at, sent = draft_of(office)
    page = office.browser("anna").post(f"{at}/submit", data=sent)
    assert 422 == page.status_code
    assert f'name="{TICK}"' in page.text
    assert "这不是哪一家的住址" in page.text
    assert "<q>李家冲3号</q>" in page.text


def test_a_true_number_comes_back_without_a_tick(office: Office) -> None:
    """There is nothing to tick for a villager's phone."""
    at, sent = draft_of(office, text="请打 13912345678。")
    page = office.browser("anna").post(f"{at}/submit", data=sent)
    assert (422, False) == (page.status_code, 'name="clear.' in page.text)


def test_the_reviewer_ticks_every_place_before_anything_is_agreed_to(office: Office) -> None:
    """First only the places can be judged; agreeing comes after."""
    code = submitted(office)
    at, ben = f"{DESK}/notices/{code}", office.browser("ben")
    page = ben.get(f"{at}/review")
    assert TEXT in page.text
    assert ("都看过了，都不是" in page.text, "同意公开" in page.text) == (True, False)
    sent = {**numbered(page), "of": str(office.cast.notice(code).latest.of)}
    refused = ben.post(f"{at}/clear", data=sent)
    assert (422, True) == (refused.status_code, "请逐处看过，勾上确认。" in refused.text)
    done = ben.post(f"{at}/clear", data={**sent, TICK: "yes"})
    assert f"{at}/review" == done.headers["location"]
    page = ben.get(f"{at}/review")
    assert "同意公开" in page.text
    sent = {**numbered(page), "of": sent["of"], "when": "now", "stay": "days", "days": "7"}
    assert 303 == ben.post(f"{at}/approve", data=sent).status_code
    assert isinstance(state(office, code), Scheduled)
    assert "核对" in office.browser("anna").get(at).text


@pytest.mark.parametrize("login", ["anna", "dan"])
def test_only_a_second_person_with_the_office_clears(office: Office, login: str) -> None:
    """Neither its writer nor somebody without office."""
    code = submitted(office)
    of = str(office.cast.notice(code).latest.of)
    answer = office.browser(login).post(
        f"{DESK}/notices/{code}/clear", data={TICK: "yes", "of": of}
    )
    assert 403 == answer.status_code
    assert isinstance(state(office, code), Submitted)


def test_clearing_twice_is_harmless(office: Office) -> None:
    """The same form again does nothing more."""
    code = submitted(office)
    at, ben = f"{DESK}/notices/{code}", office.browser("ben")
    of = str(office.cast.notice(code).latest.of)
    sent = {**numbered(ben.get(f"{at}/review")), "of": of, TICK: "yes"}
    ben.post(f"{at}/clear", data=sent)
    before = office.cast.entries()
    assert 303 == ben.post(f"{at}/clear", data=sent).status_code
    assert before == office.cast.entries()


def test_the_ticks_go_on_by_the_page_of_the_pictures() -> None:
    """Names of places alone stand in that address, nothing of what was typed."""
    from noticeboard.web.clearing import doubts_in, name_of

    doubt = Doubt("text", 0, "facts.1.note", "person")
    address = urlsplit(f"/check?{name_of(doubt)}=yes")
    assert frozenset({doubt}) == doubts_in(dict.fromkeys(parse_qs(address.query), ""))
    odd = ("clear.", "clear.text.x.title.person", "clear.text.0.title.phone", "title")
    assert frozenset() == doubts_in(dict.fromkeys(odd, "yes"))


# Assessments.


def assessed(office: Office) -> dict[str, int]:
    with office.board.database.read() as tx:
        return dict(notices.head_of(tx, VILLAGE).village.assessed)


def assess(office: Office, login: str, **more: str) -> int:
    sent = numbered(office.browser("mei").get(f"{DESK}/assessments"))
    sent |= {"programme": "dibao", **ANSWERS, **more}
    return office.browser(login).post(f"{DESK}/assessments", data=sent).status_code


def test_the_township_fills_in_the_form_once(office: Office) -> None:
    """It is kept, listed with its answers for the desk, and offered no more."""
    mei = office.browser("mei")
    assert re.search(r'<option value="dibao"', mei.get(f"{DESK}/assessments").text)
    assert 303 == assess(office, "mei")
    assert ["dibao"] == list(assessed(office))
    page = mei.get(f"{DESK}/assessments").text
    assert (True, False) == ("法定公开到户" in page, '<option value="dibao"' in page)
    assert "至少保存到 2029-" in page


@pytest.mark.parametrize("login", ["anna", "ben", "dan"])
def test_nobody_else_assesses(office: Office, login: str) -> None:
    """A village does not judge its own lists; it may read what was judged."""
    assert 403 == assess(office, login)
    assert {} == assessed(office)


def test_a_form_that_lacks_something_comes_back_filled(office: Office) -> None:
    """With what is missing said beside what was typed."""
    mei = office.browser("mei")
    sent = {**numbered(mei.get(f"{DESK}/assessments")), "programme": "dibao", **ANSWERS, "risk": ""}
    page = mei.post(f"{DESK}/assessments", data=sent)
    assert (422, True, True) == (
        page.status_code,
        "法定公开到户" in page.text,
        "还没有填" in page.text,
    )


def test_an_assessment_sent_twice_is_kept_once(office: Office) -> None:
    """The same form again changes nothing."""
    mei = office.browser("mei")
    sent = {**numbered(mei.get(f"{DESK}/assessments")), "programme": "dibao", **ANSWERS}
    mei.post(f"{DESK}/assessments", data=sent)
    before = office.cast.entries()
    assert 303 == mei.post(f"{DESK}/assessments", data=sent).status_code
    assert before == office.cast.entries()


def test_only_the_township_is_shown_the_way_there(office: Office) -> None:
    """In the line above every page of the desk."""
    link = f'href="{DESK}/assessments"'
    assert (True, False) == (
        link in office.browser("mei").get(DESK).text,
        link in office.browser("anna").get(DESK).text,
    )
