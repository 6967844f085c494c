"""The draft form: saved as one types, shown again as typed, safe for two, submitted once."""

from collections.abc import Callable
from typing import Any

import pytest

from noticeboard.board import drafting, reviewing, taking_down
from noticeboard.board.drafting import read_draft
from noticeboard.core.drafting import read
from noticeboard.core.particulars import KINDS, Spending
from noticeboard.store import people
from noticeboard.web.alike import next_after
from tests.cast import FORMS, VILLAGE
from tests.web.browsing import at, drawer, fields_of, photo, sent, state
from tests.web.conftest import DESK, Office

# Digits that pass the check of an identity number, but belong to nobody: the area code is free.
IDENTITY = "439999199001011239"
PHONE = "13912345678"
CARD = "6222021234567890128"


# --- the same five questions to each writing view ---


def _begin(office: Office, _code: str) -> tuple[str, dict[str, Any]]:
    return f"{DESK}/drafts", {"data": {"kind": "project"}}


def _like(office: Office, _code: str) -> tuple[str, dict[str, Any]]:
    known = getattr(office, "known", None) or office.cast.published("spending").code
    office.known = known  # type: ignore[attr-defined]
    return f"{DESK}/drafts/like/{known}", {}


def _save(office: Office, code: str) -> tuple[str, dict[str, Any]]:
    return at(code, "save"), {"data": {"version": "0", "title": "停电通知"}}


def _autosave(office: Office, code: str) -> tuple[str, dict[str, Any]]:
    return at(code, "autosave"), {"data": {"version": "0", "title": "停电通知"}}


def _rows(office: Office, code: str) -> tuple[str, dict[str, Any]]:
    return at(code, "rows"), {"data": {"version": "0", "title": "停电通知", "add": "10"}}


def _submit(office: Office, code: str) -> tuple[str, dict[str, Any]]:
    typed = {**FORMS["announcement"], "version": "0", "form": code.encode().hex() * 2}
    return at(code, "submit"), {"data": typed}


def _discard(office: Office, code: str) -> tuple[str, dict[str, Any]]:
    return at(code, "discard"), {}


def _add(office: Office, code: str) -> tuple[str, dict[str, Any]]:
    return at(code, "files"), {"files": {"file": ("a.jpg", photo())}}


View = Callable[[Office, str], tuple[str, dict[str, Any]]]
VIEWS = [_begin, _like, _save, _autosave, _rows, _submit, _discard, _add]
each_view = pytest.mark.parametrize("view", VIEWS)


@each_view
def test_a_writing_view_writes_for_the_right_person(office: Office, view: View) -> None:
    """Anna, who wrote it, and Cleo, who may write too, get it done."""
    for who in ("anna", "cleo"):
        code = office.cast.draft().code
        path, given = view(office, code)
        before = state(office)
        answer = office.browser(who).post(path, **given)
        assert answer.status_code in (200, 303), answer.text
        assert before != state(office)


@each_view
def test_a_writing_view_writes_nothing_on_get(office: Office, view: View) -> None:
    """To look is never to change."""
    path, _given = view(office, office.cast.draft().code)
    before = state(office)
    answer = office.browser("anna").get(path)
    assert answer.status_code in (303, 404) or view is _add
    assert before == state(office)


@each_view
@pytest.mark.parametrize("who", ["ben", "dan", "mei", "admin", ""])
def test_a_writing_view_needs_the_right_person(office: Office, view: View, who: str) -> None:
    """Who may not submit may not write drafts; who is not signed in is asked to sign in."""
    path, given = view(office, office.cast.draft().code)
    before = state(office)
    answer = office.browser(who).post(path, **given)
    assert answer.status_code in ((403,) if who else (303, 401)), answer.text
    assert before == state(office)


@each_view
def test_a_writing_view_done_twice_is_done_once(office: Office, view: View) -> None:
    """A form sent twice, by a second click or a reload, changes nothing more."""
    path, given = view(office, office.cast.draft().code)
    anna = office.browser("anna")
    anna.post(path, **given)
    once = state(office)
    again = anna.post(path, **given)
    assert again.status_code < 500
    assert once == state(office)


PREVIEWS = ["preview/phone", "preview/screen", "preview/paper"]


@pytest.mark.parametrize("act", ["", "check", "files", *PREVIEWS])
@pytest.mark.parametrize("who", ["ben", "dan", "mei", "admin"])
def test_a_draft_is_private_paper(office: Office, who: str, act: str) -> None:
    """Nobody but those who write here reads a draft."""
    code = office.cast.draft(title="还没想好的话").code
    page = office.browser(who).get(at(code, act))
    assert 403 == page.status_code
    assert "还没想好的话" not in page.text


@pytest.mark.parametrize("who", ["ben", "mei", "admin"])
def test_the_inbox_tells_of_drafts_only_to_those_who_may_submit(office: Office, who: str) -> None:
    """Neither the title of a draft nor who writes it is anybody else's business."""
    code = office.cast.published().code
    office.cast.draft(title="还没想好的话")
    drafting.reopen(office.board, VILLAGE, code, office.cast.anna)
    assert "还没想好的话" in office.browser("cleo").get(DESK).text
    inbox = office.browser(who).get(DESK).text
    assert "还没想好的话" not in inbox
    assert "/drafts/" not in inbox
    page = office.browser(who).get(f"{DESK}/notices/{code}").text
    assert "/drafts/" not in page
    assert "接着写草稿" in office.browser("cleo").get(f"{DESK}/notices/{code}").text


def test_what_was_returned_waits_in_sight_while_its_draft_is_private(office: Office) -> None:
    """Ben sees that Anna has it to mend, not what she is making of it."""
    sent = office.cast.submitted()
    assert sent.notice is not None
    code = sent.notice.code
    reviewing.send_back(
        office.board, VILLAGE, code, office.cast.ben, of=sent.index, reason="时间不对"
    )
    drafting.reopen(office.board, VILLAGE, code, office.cast.anna)
    assert "退给安娜改：时间不对" in office.browser("ben").get(DESK).text
    assert "接着写" in office.browser("anna").get(DESK).text


# --- saved as one types ---


@pytest.mark.parametrize("kind", KINDS)
def test_a_form_comes_back_exactly_as_typed(office: Office, kind: Any) -> None:
    """What a whole form says survives page, browser, server and store unchanged."""
    draft = office.cast.draft(kind)
    before = read_draft(draft)
    answer = office.browser("anna").post(at(draft.code, "save"), data=sent(office, draft.code))
    assert 303 == answer.status_code
    assert before == read_draft(drawer(office)[0])


def test_what_is_no_date_and_no_amount_is_kept_as_typed(office: Office) -> None:
    """A draft keeps what cannot be read, and shows it again for mending."""
    code = office.cast.draft("spending").code
    wrong = {
        "closing": "1200左右",
        "rows.0.date": "2026-02-30",
        "rows.1.expense": "1.234",
        "explanation": "\n 第一行空着\n第三行 <b>&amp;",
    }
    anna = office.browser("anna")
    assert 303 == anna.post(at(code, "save"), data=sent(office, code, **wrong)).status_code
    again = fields_of(anna.get(at(code)).text)
    assert wrong == {name: again[name] for name in wrong}


def test_a_form_of_140_rows_round_trips_exactly(office: Office) -> None:
    """A quarter's ledger passes through the form without a row or a sign changed."""
    rows = [
        {
            "date": f"2026-0{1 + n % 3}-{1 + n % 28:02d}",
            "voucher": f"记-{n + 1}",
            "summary": f"第{n + 1}笔 “修路” & <石料>",
            "account": "基本户",
            "expense": f"{n + 1},{n:03d}.{n % 100:02d}",
            "payee": f"村民{n}",
            "payee_as": "三组村民",
            "handler": "李秀英",
        }
        for n in range(140)
    ]
    draft = office.cast.draft("spending", rows=rows)
    before = read_draft(draft)
    answer = office.browser("anna").post(at(draft.code, "save"), data=sent(office, draft.code))
    assert 303 == answer.status_code
    after = read_draft(drawer(office)[0])
    assert before == after
    assert isinstance(after.particulars, Spending)
    assert 140 == len(after.particulars.rows)


def test_a_row_keeps_its_address_through_a_correction(office: Office) -> None:
    """Row ids travel in the form; a deleted row's id is not given to the next."""
    code = office.cast.published("spending").code
    drafting.reopen(office.board, VILLAGE, code, office.cast.anna)
    typed = sent(office, code, **{"rows.1.gone": "yes", "rows.3.summary": "新的一笔"})
    office.browser("anna").post(at(code, "save"), data=typed)
    rows = drawer(office)[0].typed["rows"]
    assert [("1", "林地租金"), ("3", "买路灯"), ("", "新的一笔")] == [
        (row.get("id", ""), row["summary"]) for row in rows
    ]


def test_a_decision_form_brings_its_six_steps(office: Office) -> None:
    """A step is recorded as soon as something is written of it, and not before."""
    anna = office.browser("anna")
    code = anna.post(f"{DESK}/drafts", data={"kind": "decision"}).headers["location"][-8:]
    typed = sent(office, code)
    assert [str(n) for n in range(1, 7)] == [typed[f"rows.{n}.step"] for n in range(6)]
    typed |= {f"rows.{n}.recorded": "" for n in range(6)} | {"rows.3.present": "30"}
    anna.post(at(code, "save"), data=typed)
    rows = drawer(office)[0].typed["rows"]
    assert ["no", "no", "no", "yes", "no", "no"] == [row["recorded"] for row in rows]


def test_more_rows_come_without_a_script(office: Office) -> None:
    """The button saves and gives as many empty rows as it says."""
    code = office.cast.draft("spending").code
    anna = office.browser("anna")
    answer = anna.post(at(code, "rows"), data=sent(office, code, add="50", title="新的标题"))
    assert f"{at(code)}?empty=50#rows.3" == answer.headers["location"]
    page = anna.get(answer.headers["location"])
    assert 53 == page.text.count('.summary" name=')
    assert "新的标题" == drawer(office)[0].typed["title"]


def test_autosave_says_version_time_and_sums(office: Office) -> None:
    """The small script learns over what it may save next, when it was saved, and the balance."""
    code = office.cast.draft("spending").code
    office.clock.on(5 * 3600)
    typed = sent(office, code, closing="2,400.00")
    answer = office.browser("anna").post(
        at(code, "autosave"), data=typed, headers={"accept": "application/json"}
    )
    assert 200 == answer.status_code
    told = answer.json()
    assert (1, "14:00", "no") == (told["version"], told["saved_at"], told["even"])
    assert "上期结转 1,000.00 ＋ 收入 2,000.00 − 支出 550.00 ＝ 2,450.00 元" in told["sums"]
    assert "本期结余写少了 50.00 元" in told["sums"]


# --- two people at one form ---


def test_two_editors_lose_nothing(office: Office) -> None:
    """Who was slower sees both texts, keeps their own, and may then save it over the other."""
    code = office.cast.draft().code
    slow = sent(office, code, place="三组", text="改成周日。")
    fast = sent(office, code, place="二组")
    assert 303 == office.browser("cleo").post(at(code, "save"), data=fast).status_code
    anna = office.browser("anna")
    refused = anna.post(at(code, "save"), data=slow)
    assert 409 == refused.status_code
    assert "别人刚刚存过这份草稿" in refused.text
    assert "<td>二组</td><td>三组</td>" in refused.text
    assert "二组" == drawer(office)[0].typed["place"]
    again = fields_of(refused.text)
    assert ("三组", "改成周日。") == (again["place"], again["text"])
    assert 303 == anna.post(at(code, "save"), data=again).status_code
    assert "三组" == drawer(office)[0].typed["place"]


def test_autosave_of_the_slower_is_refused_in_words(office: Office) -> None:
    """A script is told by problem details, and nothing of the faster is lost."""
    code = office.cast.draft().code
    slow = sent(office, code, place="三组")
    office.browser("cleo").post(at(code, "save"), data=sent(office, code, place="二组"))
    answer = office.browser("anna").post(
        at(code, "autosave"), data=slow, headers={"accept": "application/json"}
    )
    assert 409 == answer.status_code
    assert "application/problem+json" == answer.headers["content-type"]
    assert "别人刚刚存过" in answer.json()["title"]
    assert "二组" == drawer(office)[0].typed["place"]


def test_what_changed_after_the_look_is_not_submitted(office: Office) -> None:
    """From the page of pictures only what was looked at is submitted."""
    draft = office.cast.draft()
    office.browser("cleo").post(at(draft.code, "save"), data=sent(office, draft.code, place="二组"))
    looked = {"version": str(draft.version), "looked": "yes"}
    answer = office.browser("anna").post(at(draft.code, "submit"), data=looked)
    assert 409 == answer.status_code
    assert draft.code in [one.code for one in drawer(office)]


# --- submitting ---


def test_submit_saves_and_sends_for_review(office: Office) -> None:
    """One button saves what stands in the form and makes it official."""
    code = office.cast.draft().code
    answer = office.browser("anna").post(
        at(code, "submit"), data=sent(office, code, title="改过的标题")
    )
    assert f"{DESK}/notices/{code}" == answer.headers["location"]
    assert [] == drawer(office)
    edition = office.cast.notice(code).latest
    with office.board.database.read() as tx:
        assert "改过的标题" == drafting.content_of(tx, VILLAGE, edition).title


@pytest.mark.parametrize("number", ["f" * 100, "f" * 31, "不是我们给的", "submit.0"])
def test_a_number_that_is_none_of_ours_reaches_no_table(office: Office, number: str) -> None:
    """It is submitted all the same, once, and what the form called itself is not kept."""
    code = office.cast.draft().code
    given = sent(office, code, form=number)
    assert 303 == office.browser("anna").post(at(code, "submit"), data=given).status_code
    with office.board.database.read() as tx:
        for kept in (number, f"submit.{number}"):
            assert people.first_result(tx, kept, office.cast.accounts["anna"]) is None


def test_two_writers_are_both_named_in_the_edition(office: Office) -> None:
    """Who saved is a writer, also when somebody else submits."""
    code = office.cast.draft().code
    office.browser("cleo").post(at(code, "save"), data=sent(office, code, place="二组"))
    office.browser("anna").post(at(code, "submit"), data=sent(office, code))
    assert {office.cast.anna, office.cast.cleo} == set(office.cast.notice(code).latest.writers)


WRONG = {
    "an amount that is not exact": ("closing", "1200左右", "请填准确数字"),
    "three decimals": ("rows.0.income", "1.234", "请填准确数字"),
    "a day that is not": ("rows.0.date", "2026-02-30", "没有这一天"),
    "a sum that does not add up": ("closing", "2,400.00", "和结余差 -50.00 元"),
    "nothing where something must be": ("title", " ", "还没有填"),
    "a vague purpose": ("rows.2.summary", "其他", "“其他”要写明是什么"),
}


@pytest.mark.parametrize(("field", "value", "said"), WRONG.values(), ids=WRONG.keys())
def test_a_refused_form_comes_back_filled(
    office: Office, field: str, value: str, said: str
) -> None:
    """What is wrong is said beside its field, linked from the top; nothing typed is lost."""
    code = office.cast.draft("spending").code
    typed = sent(office, code, **{field: value})
    answer = office.browser("anna").post(at(code, "submit"), data=typed)
    assert 422 == answer.status_code
    assert f'<a href="#{field}">' in answer.text
    assert f'id="{field}-error"' in answer.text
    assert said in answer.text
    again = fields_of(answer.text)
    # Of a form that cannot be read nothing is asked, so there is no empty place for an answer.
    asked = {k for k, v in typed.items() if k.startswith("explain.") and not v}
    assert {k: v for k, v in typed.items() if k not in {"version", "form", *asked}} == {
        k: v for k, v in again.items() if k in typed and k not in {"version", "form", *asked}
    }
    assert value == again[field]
    assert [code] == [draft.code for draft in drawer(office)]


def full_width(text: str) -> str:
    return "".join(chr(ord(sign) + 0xFEE0) if sign.isdigit() else sign for sign in text)


LEAKS = {
    "identity": ("title", IDENTITY, "有一个完整的身份证号"),
    "identity in full width": ("rows.1.payee", full_width(IDENTITY), "有一个完整的身份证号"),
    "identity in pieces": ("explanation", "439999 19900101 1239", "有一个完整的身份证号"),
    "phone": ("rows.0.summary", f"有事找{PHONE}", "有一个手机号"),
    "phone in full width": ("rows.2.payee_as", full_width(PHONE), "有一个手机号"),
    "phone in pieces": ("title", "139 1234-5678", "有一个手机号"),
    "card": ("rows.1.handler", CARD, "有一个完整的银行卡号"),
    "card in full width": ("rows.0.voucher", full_width(CARD), "有一个完整的银行卡号"),
    "card in fours": ("account", "6222 0212 3456 7890 128", "有一个完整的银行卡号"),
}


@pytest.mark.parametrize(("field", "number", "said"), LEAKS.values(), ids=LEAKS.keys())
def test_a_number_of_a_person_never_goes_up(
    office: Office, field: str, number: str, said: str
) -> None:
    """A full number in any field, in any spelling, is refused with its place; no entry is made."""
    code = office.cast.draft("spending").code
    typed = sent(office, code, **{field: number})
    before = office.cast.entries()
    answer = office.browser("anna").post(at(code, "submit"), data=typed)
    assert 422 == answer.status_code
    assert said in answer.text
    assert f'<a href="#{field}">' in answer.text
    assert before == office.cast.entries()


def test_the_villages_own_phone_may_stand_in_a_notice(office: Office) -> None:
    """The number the village publishes on purpose passes."""
    code = office.cast.draft(text="有事请打 13800138000。").code
    answer = office.browser("anna").post(at(code, "submit"), data=sent(office, code))
    assert 303 == answer.status_code


def test_a_correction_must_say_why(office: Office) -> None:
    """The field for the reason is there for corrections only, and is asked for."""
    code = office.cast.published().code
    assert "为什么更正" not in office.browser("anna").get(at(office.cast.draft().code)).text
    drafting.reopen(office.board, VILLAGE, code, office.cast.anna)
    typed = sent(office, code, place="一组")
    answer = office.browser("anna").post(at(code, "submit"), data=typed)
    assert 422 == answer.status_code
    assert '<a href="#reason">' in answer.text
    typed = fields_of(answer.text) | {"reason": "地点写错了"}
    assert 303 == office.browser("anna").post(at(code, "submit"), data=typed).status_code


# --- beginning ---


def test_the_next_period_goes_on_from_the_last(office: Office) -> None:
    """Like last time: the head for the next period, the last balance carried, no old rows."""
    code = office.cast.published("spending").code
    anna = office.browser("anna")
    answer = anna.post(f"{DESK}/drafts/like/{code}")
    typed = fields_of(anna.get(answer.headers["location"]).text)
    assert "2026年二季度财务收支明细" == typed["title"]
    assert ("2026-Q2", "2,450.00", "") == (typed["covers"], typed["opening"], typed["closing"])
    assert "D17" == typed["item"]
    assert "" == typed["rows.0.summary"]


def test_the_lines_that_come_again_are_there_without_their_amounts(office: Office) -> None:
    """Of a ledger what stood in both of the last two, whatever the month; of a roster everybody."""
    line = {"date": "2025-12-20", "summary": "付12月电费", "expense": "80", "payee": "供电所"}
    before = {"title": "2025年四季度财务收支明细", "covers": "2025-Q4", "closing": "920"}
    office.cast.published("spending", rows=[line], **before)
    rows = [
        {"date": "2026-03-20", "summary": "付3月电费", "expense": "90", "payee": "供电所"},
        {"date": "2026-03-21", "summary": "修机耕路", "expense": "10"},
    ]
    office.clock.on(60)
    ledger = office.cast.published("spending", rows=rows, opening="920", closing="820").code
    roster = office.cast.published("subsidy").code
    anna = office.browser("anna")

    def begun(code: str) -> dict[str, str]:
        return fields_of(anna.get(anna.post(f"{DESK}/drafts/like/{code}").headers["location"]).text)

    typed = begun(ledger)
    assert ("付3月电费", "供电所", "", "") == tuple(
        typed[f"rows.0.{name}"] for name in ("summary", "payee", "expense", "date")
    )
    assert "" == typed["rows.1.summary"]
    typed = begun(roster)
    assert ["陈桂花", "刘满仓"] == [typed[f"rows.{n}.name"] for n in range(2)]
    assert ("105.00", "") == (typed["rows.0.standard"], typed["rows.0.amount"])


def test_the_next_one_is_offered_where_the_last_one_stands(office: Office) -> None:
    """照上期写 stands in the inbox and at the notice for whoever submits, if kinds come again."""
    code = office.cast.published("spending").code
    once = office.cast.published().code
    like = f'action="{DESK}/drafts/like/{code}"'
    for page in (DESK, f"{DESK}/notices/{code}"):
        assert like in office.browser("anna").get(page).text
        assert "照上期写" not in office.browser("ben").get(page).text
    assert "照上期写" not in office.browser("anna").get(f"{DESK}/notices/{once}").text


def test_the_collectives_ledger_goes_on_from_its_own(office: Office) -> None:
    """What the village's ledger closed with is nothing that the collective's opens with."""
    committee = office.cast.published("spending").code
    both = {"publisher": "collective", "opening": "10", "closing": "1460"}
    collective = office.cast.published("spending", **both).code
    anna = office.browser("anna")
    for code, opening in ((committee, "2450.00"), (collective, "1460.00")):
        page = anna.post(f"{DESK}/drafts/like/{code}").headers["location"]
        assert opening == fields_of(anna.get(page).text)["opening"].replace(",", "")
    inbox = anna.get(DESK).text
    assert all(f"/drafts/like/{code}" in inbox for code in (committee, collective))


def test_a_form_like_the_former_one_says_so_once(office: Office) -> None:
    """Where it was just begun, with what is left to do; not when it is opened again."""
    code = office.cast.published("spending").code
    anna = office.browser("anna")
    page = anna.post(f"{DESK}/drafts/like/{code}").headers["location"]
    assert "照上期写的" in anna.get(page).text
    assert "照上期写的" not in anna.get(page.partition("?")[0]).text


def test_the_next_period_can_be_chosen_in_words(office: Office) -> None:
    """What comes next stands in the list of periods as people say it, not as it is stored."""
    code = office.cast.published("subsidy").code
    page = office.browser("anna").post(f"{DESK}/drafts/like/{code}").headers["location"]
    expected = '<option value="2027" selected>2027年</option>'
    assert expected in office.browser("anna").get(page).text


@pytest.mark.parametrize(
    ("covers", "title", "expected"),
    [
        ("2026-Q1", "示例村2026年第一季度收支", "示例村2026年第二季度收支"),
        ("2026-Q4", "2026年四季度收支", "2027年一季度收支"),
        ("2026-Q1", "2026年1-3月收支", "2026年4-6月收支"),
        ("2026-Q4", "2026年度第4季度收支", "2027年度第1季度收支"),
        ("2026-12", "2026年12月份收支", "2027年1月份收支"),
        ("2026", "2026年度收支", "2027年度收支"),
        ("2026-Q1", "春天的账", "春天的账"),
    ],
)
def test_the_title_moves_on_with_the_period(covers: str, title: str, expected: str) -> None:
    """However the title spells it; a title that names none stays."""
    former = read("spending", {**FORMS["spending"], "title": title, "covers": covers})
    assert expected == next_after(former)["title"]


def test_a_project_goes_on_with_its_rows(office: Office) -> None:
    """A project is one line of time: its steps so far are there again."""
    code = office.cast.published("project").code
    anna = office.browser("anna")
    typed = fields_of(anna.get(anna.post(f"{DESK}/drafts/like/{code}").headers["location"]).text)
    assert ["上级补助", "合同", "首付款"] == [typed[f"rows.{n}.text"] for n in range(3)]


def test_what_was_withdrawn_is_not_copied(office: Office) -> None:
    """A withdrawn notice may be the leak itself."""
    notice = office.cast.published()
    anna = office.cast.anna
    taking_down.withdraw(office.board, VILLAGE, notice.code, anna, ground="personal-data")
    answer = office.browser("anna").post(f"{DESK}/drafts/like/{notice.code}")
    assert 404 == answer.status_code


def test_an_unknown_kind_is_refused(office: Office) -> None:
    """There are five kinds, and no sixth by a forged form."""
    answer = office.browser("anna").post(f"{DESK}/drafts", data={"kind": "roster"})
    assert 422 == answer.status_code
    assert [] == drawer(office)


# --- previews ---


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("surface", ["phone", "screen", "paper"])
def test_a_preview_is_the_page_it_will_be(office: Office, kind: Any, surface: str) -> None:
    """Each kind can be seen on each surface before it is official, framed by our own page alone."""
    draft = office.cast.draft(kind)
    page = office.browser("anna").get(at(draft.code, f"preview/{surface}"))
    assert 200 == page.status_code
    assert FORMS[kind]["title"][:6] in page.text.replace("<wbr>", "")
    assert "frame-ancestors 'self'" in page.headers["content-security-policy"]


def test_a_preview_of_an_unfinished_form_says_what_is_missing(office: Office) -> None:
    """Before it can be read, the pane lists what to fill in."""
    code = office.cast.draft("spending", opening="", closing="abc").code
    page = office.browser("anna").get(at(code, "preview/phone"))
    assert 200 == page.status_code
    assert "本期结余（元）：请填准确数字" in page.text
