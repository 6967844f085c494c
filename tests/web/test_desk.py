"""The desk: an inbox in words, and every act on a notice, each asked the same questions."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import pytest

from noticeboard.board import attaching, drafting, reviewing, taking_down
from noticeboard.core.days import DAY
from noticeboard.core.notice import Ended, Notice, Published, Returned, Scheduled
from noticeboard.formats.images import clean_image
from noticeboard.store import screens
from tests.cast import VILLAGE
from tests.web.browsing import photo
from tests.web.conftest import DESK, Office, numbered

WEEK = 7 * DAY


def test_the_inbox_counts_what_waits_for_whom(office: Office) -> None:
    """Anna sees her draft, Ben what she submitted; each row has a button named for its act."""
    office.cast.draft()
    office.cast.submitted("spending")
    anna = office.browser("anna").get(DESK).text
    assert "今天有 1 件事等您" in anna
    assert "接着写" in anna
    assert "把乡镇给的 Excel 拖到这里" in anna
    assert "看一遍" in anna
    ben = office.browser("ben").get(DESK).text
    assert "今天有 1 件事等您" in ben
    assert "安娜送审的，等您看过再定。" in ben
    assert "去看" in ben
    assert "Excel" not in ben


def test_an_empty_inbox_says_so(office: Office) -> None:
    """Nothing waits: that is said in words, not left blank."""
    page = office.browser("mei").get(DESK).text
    assert "今天没有事等您" in page
    assert "最近没有新公开的。" in page


def test_what_nobody_confirmed_in_time_comes_first(office: Office) -> None:
    """Three working days after a withdrawal the township sees it as late, above the rest."""
    code = office.cast.published("spending").code
    taking_down.withdraw(office.board, VILLAGE, code, office.cast.anna, ground="personal-data")
    office.cast.submitted()
    mei = office.browser("mei")
    # A Monday: the third working day after it is Thursday.
    assert "最晚1月8日要有第二个人确认。" in mei.get(DESK).text
    office.clock.on(4 * DAY)
    mei = office.browser("mei")
    page = mei.get(DESK).text
    assert "最晚1月8日就该有第二个人确认，已经过了期限。" in page
    assert page.index("已经过了期限") < page.index("停水通知")


def test_a_taking_down_stands_above_what_waits_longer(office: Office) -> None:
    """Its days run out: Ben's older rows come below; how long a row waits reads as past."""
    office.cast.submitted()
    code = office.cast.published("spending").code
    office.clock.on(2 * DAY)
    taking_down.withdraw(office.board, VILLAGE, code, office.cast.anna, ground="personal-data")
    page = office.browser("ben").get(DESK).text
    assert page.index("去确认") < page.index("停水通知")
    assert "<b>2</b> 天前" in page


def test_a_blackening_waits_for_a_second_person_no_longer(office: Office) -> None:
    """What went for ever is looked at within three working days too, or the township sees."""
    code = office.cast.published("spending").code
    sent = {"ground": "personal-data", "what": "names", "row.2": "on"}
    office.browser("anna").post(f"{DESK}/notices/{code}/redact", data=sent)
    assert "安娜隐去的，最晚1月8日要有第二个人确认。" in office.browser("mei").get(DESK).text
    office.clock.on(4 * DAY)
    assert "最晚1月8日就该有第二个人确认，已经过了期限。" in office.browser("mei").get(DESK).text


def test_grounds_stand_in_the_order_of_need(office: Office) -> None:
    """What harms a person stands first, then what is wrong; what others ordered stands last."""
    code = _up(office).code
    page = office.browser("anna").get(f"{DESK}/notices/{code}").text
    form = page[page.index('id="withdraw-ground"') : page.index("马上撤下")]
    expected = "personal-data minor wrong-person wrong-facts duplicate not-ours authority-order"
    assert expected.split() == re.findall(r'<option value="([a-z-]+)"', form)


def test_the_type_of_a_page_is_said_once(office: Office) -> None:
    """Neither a page nor a script, an address onward or a refusal has its charset doubled."""
    anna = office.browser("anna")
    asset = re.search(r'src="(/desk/assets/[^"]+)"', anna.get(at_review(office)).text)
    assert asset
    for path in (DESK, "/desk", "/desk/signin", "/desk/nowhere", asset[1]):
        assert 1 == anna.get(path).headers["content-type"].count("charset=utf-8"), path


def at_review(office: Office) -> str:
    """Give the address of a page with a script."""
    return f"{DESK}/notices/{_waiting(office).code}/review"


def test_who_has_no_office_sees_nothing(office: Office) -> None:
    """Dan can sign in, and is told who can help; no page of the village opens to him."""
    code = office.cast.published().code
    dan = office.browser("dan")
    assert "您还没有职务，请管理员先任命。" in dan.get("/desk").text
    for path in ("", "/people", "/screens", f"/notices/{code}", f"/notices/{code}/review"):
        answer = dan.get(DESK + path)
        assert (403, True) == (answer.status_code, "请管理员先任命" in answer.text), path


def test_the_desk_is_in_chinese_only(office: Office) -> None:
    """Whatever an address asks for; and no page of it, previews included, offers anything else."""
    anna = office.browser("anna")
    draft = office.cast.draft()
    waiting = f"{DESK}/notices/{_waiting(office).code}"
    paths = ("", f"/drafts/{draft.code}", f"/drafts/{draft.code}/preview/phone")
    for path in (*(DESK + path for path in paths), f"{waiting}/review", f"{waiting}/preview/phone"):
        page = anna.get(f"{path}?lang=en")
        assert '<html lang="zh-Hans">' in page.text, path
        assert "lang=en" not in page.text.replace("?lang=en&", ""), path
        assert 200 == page.status_code, path


def test_who_was_dismissed_sees_nothing_either(office: Office) -> None:
    """An office is what opens the desk, not having had one."""
    from noticeboard.board import founding

    anna = office.browser("anna")
    accounts = office.cast.accounts
    founding.dismiss(office.board, VILLAGE, accounts["anna"], "clerk", accounts["admin"])
    assert 403 == anna.get(DESK).status_code


# --- the same five questions to each writing view ---


@dataclass
class Act:
    """How an act is asked for, on what, by whom, and what it leaves."""

    name: str
    given: Callable[[Office], Notice]
    by: str
    not_by: str
    left: Callable[[Notice], bool]
    sent: Mapping[str, str] = field(default_factory=dict)
    of: Callable[[Notice], int | None] = lambda notice: None


def _waiting(office: Office) -> Notice:
    done = office.cast.submitted()
    assert done.notice is not None
    return done.notice


def _up(office: Office) -> Notice:
    return office.cast.published("spending", until=office.clock.now + WEEK)


def _down(office: Office) -> Notice:
    code = _up(office).code
    taking_down.withdraw(office.board, VILLAGE, code, office.cast.anna, ground="personal-data")
    return office.cast.notice(code)


def _over(office: Office) -> Notice:
    notice = _up(office)
    office.clock.on(WEEK)
    return notice


ACTS = [
    Act(
        "return",
        _waiting,
        "ben",
        "anna",
        lambda notice: isinstance(notice.latest.state, Returned),
        {"reason": "没有写明哪一组"},
        lambda notice: notice.latest.of,
    ),
    Act(
        "approve",
        _waiting,
        "ben",
        "anna",
        lambda notice: isinstance(notice.latest.state, Scheduled),
        {"when": "now", "stay": "days", "days": "7"},
        lambda notice: notice.latest.of,
    ),
    Act(
        "withdraw",
        _up,
        "anna",
        "admin",
        lambda notice: isinstance(notice.latest.state, Ended),
        {"ground": "wrong-facts"},
    ),
    Act(
        "confirm",
        _down,
        "ben",
        "anna",
        lambda notice: notice.taken_down[0].confirmed_by is not None,
        {},
        lambda notice: notice.taken_down[0].index,
    ),
    Act(
        "extend",
        _up,
        "ben",
        "anna",
        lambda notice: len(notice.editions) == 1 and until(notice) > 0,
        {"ground": "outage", "until": "2026-01-31"},
    ),
    Act(
        "redact",
        _up,
        "anna",
        "admin",
        lambda notice: notice.taken_down[0].parts == ("names",),
        {"ground": "personal-data", "what": "names", "row.2": "on"},
    ),
    Act(
        "erase",
        _over,
        "ben",
        "anna",
        lambda notice: notice.taken_down[0].act == "erase",
        {"ground": "retention-ended", "what": "names", "every": "on", "sure": "on"},
    ),
    Act(
        "post",
        _up,
        "anna",
        "admin",
        lambda notice: notice.posted[0].wall == "w1",
        {"wall": "w1"},
        lambda notice: (
            notice.latest.state.publish if isinstance(notice.latest.state, Published) else None
        ),
    ),
]


def until(notice: Notice) -> int:
    """Give the end of what is up."""
    state = notice.latest.state
    assert isinstance(state, Published)
    return state.period.until or 0


def address(notice: Notice, act: Act) -> str:
    return f"{DESK}/notices/{notice.code}/{act.name}"


def body(office: Office, notice: Notice, act: Act, login: str = "") -> dict[str, object]:
    """Give what a browser sends: the fields, with the number that the page's forms carry."""
    page = office.browser(login or act.by).get(f"{DESK}/notices/{notice.code}/review")
    number = numbered(page) if 'name="form"' in page.text else {"form": "0" * 32}
    of = act.of(notice)
    fields = {**act.sent, **number, **({"of": str(of)} if of is not None else {})}
    if act.name != "post":
        return {"data": fields}
    return {"data": fields, "files": {"photo": ("", b"")}}


@pytest.fixture(params=ACTS, ids=lambda act: act.name)
def act(request: pytest.FixtureRequest) -> Act:
    """Give each act in turn."""
    chosen: Act = request.param
    return chosen


def test_it_does_it(office: Office, act: Act) -> None:
    """One form, one entry, and the way on leads to the notice, which says what was noted."""
    notice = act.given(office)
    before = office.cast.entries()
    browser = office.browser(act.by)
    answer = browser.post(address(notice, act), **body(office, notice, act))
    assert 303 == answer.status_code, answer.text
    assert before + 1 == office.cast.entries()
    assert act.left(office.cast.notice(notice.code))
    page = browser.get(answer.headers["location"])
    assert (200, True) == (page.status_code, "已记下" in page.text)


def test_it_refuses_get(office: Office, act: Act) -> None:
    """Following a link does nothing but lead to the notice."""
    notice = act.given(office)
    before = office.cast.entries()
    answer = office.browser(act.by).get(address(notice, act))
    assert (303, f"{DESK}/notices/{notice.code}") == (
        answer.status_code,
        answer.headers["location"],
    )
    assert before == office.cast.entries()


def test_it_needs_the_right_person(office: Office, act: Act) -> None:
    """Somebody else with an office is refused with the reason, and nothing is left behind."""
    notice = act.given(office)
    before = office.cast.entries()
    browser = office.browser(act.not_by)
    sent = body(office, notice, act, act.not_by)
    answer = browser.post(address(notice, act), **sent)
    assert 403 == answer.status_code
    assert "没有办成" in answer.text
    asked = browser.post(
        address(notice, act), **sent, headers={"accept": "application/problem+json"}
    )
    assert (403, 403) == (asked.status_code, asked.json()["status"])
    assert asked.json()["findings"][0]["problem"]
    assert before == office.cast.entries()


def test_it_needs_an_office_at_all(office: Office, act: Act) -> None:
    """Dan, without an office, is refused whatever he sends."""
    notice = act.given(office)
    before = office.cast.entries()
    answer = office.browser("dan").post(address(notice, act), **body(office, notice, act))
    assert 403 == answer.status_code
    assert before == office.cast.entries()


def test_the_right_person_is_offered_it(office: Office, act: Act) -> None:
    """The page has the form for whom the rulebook would let, and not for others."""
    notice = act.given(office)
    where = "/review" if act.name in ("return", "approve") else ""
    form = f'action="{address(notice, act)}"'
    assert form in office.browser(act.by).get(f"{DESK}/notices/{notice.code}{where}").text
    assert form not in office.browser(act.not_by).get(f"{DESK}/notices/{notice.code}{where}").text


def test_the_second_time_is_harmless(office: Office, act: Act) -> None:
    """The same form sent again leads to the same place and adds no entry."""
    notice = act.given(office)
    browser, sent = office.browser(act.by), body(office, notice, act)
    first = browser.post(address(notice, act), **sent)
    after = office.cast.entries()
    second = browser.post(address(notice, act), **sent)
    assert (303, 303) == (first.status_code, second.status_code)
    assert first.headers["location"] == second.headers["location"]
    assert after == office.cast.entries()


# --- what must not slip through ---


@pytest.mark.parametrize("surface", ["phone", "screen", "paper"])
def test_what_was_submitted_is_seen_on_every_surface(office: Office, surface: str) -> None:
    """Ben sees phone, hall screen and paper before he agrees; Dan sees none of them."""
    notice = _waiting(office)
    where = f"{DESK}/notices/{notice.code}"
    address = f"{where}/preview/{surface}"
    assert f'src="{address}"' in office.browser("ben").get(f"{where}/review").text
    page = office.browser("ben").get(address)
    assert (200, True) == (page.status_code, "停水通知" in page.text.replace("<wbr>", ""))
    assert 403 == office.browser("dan").get(address).status_code
    assert 404 == office.browser("ben").get(f"{where}/preview/nowhere").status_code


@pytest.mark.parametrize(
    ("who", "keeps"), [("anna", False), ("ben", False), ("mei", True), ("admin", True)]
)
def test_the_way_to_people_and_screens_is_shown_to_their_keepers(
    office: Office, who: str, keeps: bool
) -> None:
    """Whoever cannot appoint anybody or add a screen has one thing less to read past."""
    page = office.browser(who).get(DESK).text
    for address in ("people", "screens"):
        assert keeps == (f'href="{DESK}/{address}"' in page)


def test_the_second_approval_is_refused(office: Office) -> None:
    """Ben agreed; Cleo's form of the same page comes too late, and says so."""
    notice = _waiting(office)
    sent = {"of": str(notice.latest.of), "when": "now", "stay": "open"}
    where = f"{DESK}/notices/{notice.code}/approve"
    assert 303 == office.browser("ben").post(where, data=sent).status_code
    before = office.cast.entries()
    late = office.browser("cleo").post(where, data=sent)
    assert 409 == late.status_code
    assert before == office.cast.entries()


def test_what_changed_meanwhile_is_not_approved(office: Office) -> None:
    """Ben sees one text, Cleo sends it back, Anna sends another: Ben's form approves nothing."""
    notice = _waiting(office)
    seen = str(notice.latest.of)
    sent = {"of": seen, "reason": "时间不对"}
    where = f"{DESK}/notices/{notice.code}"
    assert 303 == office.browser("cleo").post(f"{where}/return", data=sent).status_code
    draft = drafting.reopen(office.board, VILLAGE, notice.code, office.cast.anna)
    drafting.submit(office.board, VILLAGE, notice.code, office.cast.anna, seen=draft.version)
    before = office.cast.entries()
    form = {"of": seen, "when": "later", "date": "2026-02-01", "time": "08:00", "days": "9"}
    late = office.browser("ben").post(f"{where}/approve", data=form)
    assert 409 == late.status_code
    assert "它在您看过之后又改了" in late.text
    assert 'value="2026-02-01"' in late.text
    assert 'value="9"' in late.text
    assert before == office.cast.entries()


def test_nobody_approves_their_own(office: Office) -> None:
    """Cleo may review, but not what Cleo wrote; the page says so instead of offering it."""
    done = office.cast.submitted(by=office.cast.cleo)
    assert done.notice is not None
    where = f"{DESK}/notices/{done.notice.code}"
    cleo = office.browser("cleo")
    assert "自己写的，要请另一个人审。" in cleo.get(f"{where}/review").text
    sent = {"of": str(done.index), "when": "now", "stay": "open"}
    assert 403 == cleo.post(f"{where}/approve", data=sent).status_code


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ({"days": "0"}, "天数要在 1 到 3660 之间。"),
        ({"days": "9999"}, "天数要在 1 到 3660 之间。"),
        ({"days": "七"}, "请填整数。"),
        ({"days": ""}, "请填整数。"),
        ({"days": "7", "when": "later", "date": "2026-02-30", "time": "08:00"}, "没有这个时间。"),
        ({"days": "7", "when": "later", "date": "", "time": ""}, "没有这个时间。"),
        ({"days": "7", "of": "x"}, "请填整数。"),
    ],
)
def test_a_period_that_cannot_be_comes_back_filled(
    office: Office, typed: dict[str, str], expected: str
) -> None:
    """What was typed is on the page again, with what is wrong; nothing is saved."""
    notice = _waiting(office)
    before = office.cast.entries()
    sent = {"of": str(notice.latest.of), "when": "now", "stay": "days", **typed}
    answer = office.browser("ben").post(f"{DESK}/notices/{notice.code}/approve", data=sent)
    assert 422 == answer.status_code
    assert expected in answer.text
    if typed["days"]:
        assert f'id="days" name="days" inputmode="numeric" value="{typed["days"]}"' in answer.text
    assert before == office.cast.entries()


def test_whole_days_end_at_midnight(office: Office) -> None:
    """Seven days from Monday 9:00, the first not counted: up to Monday 24:00."""
    notice = _waiting(office)
    sent = {"of": str(notice.latest.of), "when": "now", "stay": "days", "days": "7"}
    office.browser("ben").post(f"{DESK}/notices/{notice.code}/approve", data=sent)
    state = office.cast.notice(notice.code).latest.state
    assert isinstance(state, Scheduled)
    assert office.clock.now - 9 * 3600 + 8 * DAY == state.period.until


def test_a_reason_must_be_given_and_leak_nothing(office: Office) -> None:
    """No reason, or one with a telephone number in it, is refused at its field."""
    notice = _waiting(office)
    where = f"{DESK}/notices/{notice.code}/return"
    ben = office.browser("ben")
    for reason, expected in (("", "请写明为什么退回。"), ("请打 13912345678 问我", "13912345678")):
        answer = ben.post(where, data={"of": str(notice.latest.of), "reason": reason})
        assert (422, True) == (answer.status_code, expected in answer.text)


def test_a_ground_outside_the_list_is_refused(office: Office) -> None:
    """There is no free text on a tombstone."""
    notice = _up(office)
    where = f"{DESK}/notices/{notice.code}/withdraw"
    answer = office.browser("anna").post(where, data={"ground": "我不喜欢"})
    assert (422, True) == (answer.status_code, "请从列出的理由里选一个。" in answer.text)


def test_naming_no_row_never_means_every_row(office: Office) -> None:
    """Blacking out needs rows that somebody ticked, or all of them said in so many words."""
    notice = _up(office)
    where = f"{DESK}/notices/{notice.code}/redact"
    before = office.cast.entries()
    sent = {"ground": "personal-data", "what": "names"}
    answer = office.browser("anna").post(where, data=sent)
    assert (422, True) == (answer.status_code, "请勾出是哪几行。" in answer.text)
    assert 422 == office.browser("anna").post(where, data={**sent, "what": "none"}).status_code
    assert before == office.cast.entries()


@pytest.mark.parametrize("what", ["names", "lines"])
def test_every_row_goes_only_with_a_second_tick(office: Office, what: str) -> None:
    """The form says how many rows there are; one slip of a finger deletes none of them."""
    notice = _up(office)
    anna, where = office.browser("anna"), f"{DESK}/notices/{notice.code}"
    page = anna.get(where).text
    offered = re.findall(r'name="(row\.\d+|every|sure)"', page)
    assert ["every", "sure"] == offered[-2:]
    assert f"哪几行（一共 {len(offered) - 2} 行）" in page
    assert f"会永远删掉 {len(offered) - 2} 行" in page
    before = office.cast.entries()
    sent = {"ground": "personal-data", "what": what, "every": "on"}
    answer = anna.post(f"{where}/redact", data=sent)
    assert (422, True) == (answer.status_code, "请再勾一次确认。" in answer.text)
    assert before == office.cast.entries()
    assert 303 == anna.post(f"{where}/redact", data={**sent, "sure": "on"}).status_code


def test_blacking_out_a_name_leaves_the_other(office: Office) -> None:
    """Row 2's name is gone from the desk's page too, row 3's is there."""
    notice = _up(office)
    anna = office.browser("anna")
    page = f"{DESK}/notices/{notice.code}"
    assert "王建军" in anna.get(page).text
    sent = {"ground": "personal-data", "what": "names", "row.2": "on"}
    anna.post(f"{page}/redact", data=sent)
    after = anna.get(page).text
    assert "王建军" not in after
    assert "张大山" in after


def test_pictures_are_ticked_one_by_one(office: Office) -> None:
    """Ben must have looked at every picture in full; one tick missing is a refusal."""
    draft = office.cast.draft()
    cleaned = [clean_image(photo()), clean_image(photo())]
    draft = attaching.attach(office.board, VILLAGE, draft.code, office.cast.anna, cleaned, "水管")
    done = drafting.submit(
        office.board, VILLAGE, draft.code, office.cast.anna, seen=draft.version, attested=True
    )
    ben = office.browser("ben")
    where = f"{DESK}/notices/{draft.code}"
    page = ben.get(f"{where}/review").text
    assert 2 == page.count("无证号、电话、卡号、病情、受助人面孔、未成年人")
    assert "image/jpeg" == ben.get(f"{DESK}/files/{draft.files[0].c}").headers["content-type"]
    ticks = {f"seen.{file.c}": "on" for file in draft.files}
    sent = {"of": str(done.index), "when": "now", "stay": "open"}
    one = dict([*sent.items(), next(iter(ticks.items()))])
    refused = ben.post(f"{where}/approve", data=one)
    assert (422, True) == (refused.status_code, "请逐张看过原图" in refused.text)
    assert 303 == ben.post(f"{where}/approve", data={**sent, **ticks}).status_code


def test_a_wall_photograph_is_cleaned_and_a_lying_one_refused(office: Office) -> None:
    """Paper on a wall with its photograph is one entry; a file that is no picture is none."""
    notice = _up(office)
    state = notice.latest.state
    assert isinstance(state, Published)
    where = f"{DESK}/notices/{notice.code}/post"
    sent = {"wall": "w1", "of": str(state.publish)}
    anna, before = office.browser("anna"), office.cast.entries()
    lying = anna.post(where, data=sent, files={"photo": ("a.jpg", b"MZ\x00\x01")})
    assert 422 == lying.status_code
    assert before == office.cast.entries()
    pdf = anna.post(where, data=sent, files={"photo": ("wall.pdf", b"%PDF-1.7 two pages")})
    assert 422 == pdf.status_code
    assert "这里要一张墙上的照片，PDF 不行" in pdf.text
    assert '<a href="#photo">' in pdf.text
    assert before == office.cast.entries()
    good = anna.post(where, data=sent, files={"photo": ("wall.jpg", photo())})
    assert 303 == good.status_code, good.text
    assert 1 == len(office.cast.notice(notice.code).posted[0].files)


def test_editing_opens_a_draft_and_only_for_writers(office: Office) -> None:
    """Anna comes to the correction's form, twice to the same; Ben, who writes nothing, may not."""
    notice = _up(office)
    where = f"{DESK}/notices/{notice.code}/edit"
    assert 403 == office.browser("ben").post(where).status_code
    anna = office.browser("anna")
    for _ in range(2):
        assert f"{DESK}/drafts/{notice.code}" == anna.post(where).headers["location"]
    assert "接着写草稿" in anna.get(f"{DESK}/notices/{notice.code}").text


def test_a_returned_notice_waits_for_its_writer(office: Office) -> None:
    """Anna's inbox says why, and the button opens the form."""
    notice = _waiting(office)
    sent = {"of": str(notice.latest.of), "reason": "没有写明哪一组"}
    office.browser("ben").post(f"{DESK}/notices/{notice.code}/return", data=sent)
    page = office.browser("anna").get(DESK).text
    assert "退回来了：没有写明哪一组" in page
    assert "照意见改" in page


def test_rows_to_black_out_are_looked_for(office: Office) -> None:
    """Of many rows those with the words are shown, ticked ones stay; the rest of the form too."""
    rows = [
        {"group": "一组", "name": name, "amount": "100"}
        for name in ("张三", "李四", "李五", "王六")
    ]
    notice = office.cast.published("subsidy", rows=rows, total="400", quantity="")
    anna = office.browser("anna")
    here = f"{DESK}/notices/{notice.code}"
    whole = anna.get(here).text
    assert 4 == whole.count('name="row.')
    asked = {
        "act": "redact",
        "find": "李",
        "row.4": "on",
        "what": "lines",
        "ground": "person-asked",
    }
    page = anna.post(f"{here}/find", data=asked).text
    assert ["2", "3", "4"] == re.findall(r'name="row\.(\d)"', page)
    assert 'name="row.4" checked' in page
    assert 'name="row.2" checked' not in page
    assert "哪几行（一共 4 行）" in page
    assert '<details id="redact" open>' in page
    assert 'value="lines" checked' in page
    assert '<option value="person-asked" selected>' in page
    for words, numbers in (("3", ["3"]), ("赵", [])):
        page = anna.post(f"{here}/find", data={"act": "redact", "find": words}).text
        assert numbers == re.findall(r'name="row\.(\d)"', page)
        assert ("没有这样的行。" in page) == (not numbers)
    assert 403 == office.browser("dan").post(f"{here}/find", data=asked).status_code
    before = office.cast.entries()
    ticked = {**asked, "row.2": "on", **numbered(anna.get(here))}
    assert 303 == anna.post(f"{here}/redact", data=ticked).status_code
    assert before + 1 == office.cast.entries()
    assert (2, 4) == office.cast.notice(notice.code).taken_down[-1].rows


def test_the_desk_says_when_the_clock_is_stopped(office: Office) -> None:
    """The banner names the time of the machine; one press, and the clock goes on."""
    office.board.watch.pause("时钟突然跳了，请看看对不对。")
    anna = office.browser("anna")
    page = anna.get(DESK).text
    assert "定时公开停了" in page
    assert "时钟是对的" in page
    assert 303 == anna.post(f"{DESK}/clock").status_code
    assert "" == office.board.watch.paused
    assert "定时公开停了" not in anna.get(DESK).text


def test_what_the_clock_could_not_put_up_is_late(office: Office) -> None:
    """It stands first, with the reason, for everybody at the desk."""
    done = office.cast.submitted()
    office.cast.approve(done)
    assert done.notice is not None
    office.board.watch.failed(VILLAGE, done.notice.code, "磁盘满了，没有存下。")
    page = office.browser("anna").get(DESK).text
    assert "到时间没能公开：磁盘满了，没有存下。" in page


def test_the_page_tells_everything_that_happened(office: Office) -> None:
    """Each entry with office, name, time and act; the register number and the period."""
    code = _up(office).code
    page = office.browser("mei").get(f"{DESK}/notices/{code}").text
    for words in ("送审", "同意公开", "村报账员", "安娜", "监委会主任", "贝恩", "第 2026-001 号"):
        assert words in page


def test_the_review_shows_the_page_itself(office: Office) -> None:
    """The very template of the public page, and its paper; no other surface."""
    notice = _waiting(office)
    ben = office.browser("ben")
    where = f"{DESK}/notices/{notice.code}/preview"
    assert "周六上午检修水管" in ben.get(f"{where}/phone").text
    assert "周六上午检修水管" in ben.get(f"{where}/paper").text
    assert 404 == ben.get(f"{where}/radio").status_code


def test_a_village_and_a_notice_that_are_not_there(office: Office) -> None:
    """404 in words, not a fault."""
    anna = office.browser("anna")
    assert 404 == anna.get("/desk/nowhere").status_code
    assert 404 == anna.get(f"{DESK}/notices/2K7MP4QX").status_code
    assert 404 == anna.post(f"{DESK}/notices/2K7MP4QX/withdraw", data={}).status_code
    with office.board.database.read() as tx:
        assert not screens.of_village(tx, "nowhere")


def test_a_photograph_of_a_wall_is_offered_until_it_is_erased(office: Office) -> None:
    """By the wall it hung on; once it is gone there is nothing to tick."""
    notice, anna = office.cast.published(), office.browser("anna")
    of = notice.latest.state.publish  # type: ignore[union-attr]
    done = reviewing.post(
        office.board,
        VILLAGE,
        notice.code,
        office.cast.anna,
        wall="w1",
        of=of,
        photo=(b"photo", "image/jpeg", None),
    )
    c = done.notice.posted[0].files[0].c  # type: ignore[union-attr]
    page = f"{DESK}/notices/{notice.code}"
    assert re.search(rf'name="file\.{c}">[^<]*村部公开栏', anna.get(page).text)
    sent = {"ground": "minor", "what": "none", f"file.{c}": "on", **numbered(anna.get(page))}
    assert 303 == anna.post(f"{page}/redact", data=sent).status_code
    assert f"file.{c}" not in anna.get(page).text


def test_what_was_sent_back_can_be_erased_whole(office: Office) -> None:
    """Also before it was ever public, with the reason it was sent back for."""
    notice = _waiting(office)
    reviewing.send_back(
        office.board,
        VILLAGE,
        notice.code,
        office.cast.ben,
        of=notice.latest.of,
        reason="写了不该写的",
    )
    page, anna = f"{DESK}/notices/{notice.code}", office.browser("anna")
    sent = {"ground": "minor", "what": "all", **numbered(anna.get(page))}
    assert 303 == anna.post(f"{page}/redact", data=sent).status_code
    assert ("reason", "text") == office.cast.notice(notice.code).taken_down[0].parts
    again = anna.get(page)
    assert 200 == again.status_code
    assert "写了不该写的" not in again.text
