"""Privacy at the one way in: homes and listed people in texts, false alarms by two, assessments."""

from typing import Any

import pytest

from noticeboard.board import assessing, drafting, reviewing, scanning
from noticeboard.board.board import Done
from noticeboard.core.notice import Doubt, Scheduled
from noticeboard.core.particulars import Kind
from noticeboard.core.problems import NotAllowed, NotNow, NotValid
from tests.cast import FORMS, VILLAGE, Cast

LOW_INCOME: dict[str, Any] = {
    "title": "2026年一季度农村低保名单",
    "item": "D51",
    "covers": "2026-Q1",
    "programme": "农村低保",
    "total": "700.00",
    "rows": [
        {"group": "一组", "name": "陈桂花", "amount": "300"},
        {"group": "三组", "name": "刘满仓", "amount": "400"},
    ],
}


def refused(cast: Cast, kind: Kind = "announcement", **typed: Any) -> list[tuple[str, str, str]]:
    """Submit what must be refused, and give each finding's place, text and value."""
    draft = cast.draft(kind, **typed)
    with pytest.raises(NotValid) as caught:
        drafting.submit(cast.board, VILLAGE, draft.code, cast.anna, seen=draft.version)
    drafting.discard(cast.board, VILLAGE, draft.code)
    return [(one.where, one.text, one.value) for one in caught.value.findings]


def doubts(cast: Cast, kind: Kind, typed: dict[str, Any]) -> frozenset[Doubt]:
    draft = cast.draft(kind, **typed)
    with cast.board.database.read() as tx:
        alarms = scanning.looked_over(tx, VILLAGE, drafting.read_draft(draft))
    drafting.discard(cast.board, VILLAGE, draft.code)
    return frozenset(one.doubt for one in alarms if one.doubt)


def with_doubts(cast: Cast, cleared: frozenset[Doubt], **typed: Any) -> Done:
    draft = cast.draft("announcement", **typed)
    return drafting.submit(
        cast.board, VILLAGE, draft.code, cast.anna, seen=draft.version, cleared=cleared
    )


# Long numbers.


def test_a_long_number_stands_only_where_it_is_asked_for(cast: Cast) -> None:
    """A savings book in a text is refused; a voucher's number of twenty digits passes."""
    long = "25432000000012345678"
    assert [("内容", "有一串很长的数字，像是账号", "8101…56")] == refused(
        cast, text="请打到81010550000123456。"
    )
    row = {"date": "2026-01-08", "summary": "付电费", "expense": "20.00", "voucher": long}
    sums = {"opening": "20.00", "closing": "0", "covers": "2026-01", "rows": [row]}
    assert not doubts(cast, "spending", FORMS["spending"] | sums)
    draft = cast.draft("spending", **sums)
    drafting.submit(cast.board, VILLAGE, draft.code, cast.anna, seen=draft.version)


# Homes and people.


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("水管坏在三组12号，请让一让。", "三组12号"),
        ("周六在王建军家门口集合。", "王建军家门口"),
        ("红石湾8号门前的路要修。", "红石湾8号"),
        ("门牌号 15 的那段路要挖开。", "门牌号 15"),
        ("清理2栋3单元401室楼道。", "2栋3单元401室"),
    ],
)
def test_a_household_s_address_goes_nowhere(home: Cast, text: str, found: str) -> None:
    """The place is named, and the group is offered instead."""
    assert [("内容", "像是哪一家的住址", found)] == refused(home, text=text)


@pytest.mark.parametrize(
    "text",
    [
        "三组的水管坏了，12号修好。",
        "三组12号蓄水池清淤。",
        "三组12号上午开会。",
        "一组12户、三组15户停水。",
        "在村部门口集合，大家附近看看。",
        "低保户应保尽保，特困人员有人管。",
        "残疾人两项补贴：一级残疾每月 100 元。",
    ],
)
def test_groups_works_days_and_policies_are_no_alarm(home: Cast, text: str) -> None:
    """Few false alarms, or nobody reads them any more."""
    sent = home.submitted(text=text)
    assert sent.notice is not None


def test_who_gets_low_income_support_is_named_in_no_other_text(home: Cast) -> None:
    """Whoever is on the list, whoever is called its recipient, and their illness beside it."""
    home.published("subsidy", **LOW_INCOME)
    text = "村里给陈桂花办低保，她家尿毒症。陈桂花是组长。"
    assert [
        ("内容", "写了受助人的姓名", "陈桂花"),
        ("内容", "写了病情、残疾或困难原因", "尿毒症"),
    ] == refused(home, text=text)
    assert [("内容", "写了受助人的姓名", "石大山")] == refused(home, text="请低保户石大山来一趟。")


def test_a_sensitive_list_says_nothing_of_its_people_beside_the_rows(home: Cast) -> None:
    """Neither in its title nor in a remark."""
    rows = [{"group": "一组", "name": "陈桂花", "amount": "700", "remark": "因病致贫"}]
    home.assess("低保")
    found = refused(home, "subsidy", **{**LOW_INCOME, "title": "陈桂花等人名单", "rows": rows})
    assert ("标题", "写了受助人的姓名", "陈桂花") in found
    assert ("第1行 备注", "这类补贴不公开个人情况", "") in found


# False alarms.


def test_a_false_alarm_goes_up_once_two_have_said_so(cast: Cast) -> None:
    """The writer in the submission, the reviewer in an entry; both audits hold afterwards."""
    text = "到李家冲3号看电影。"
    places = doubts(cast, "announcement", {"text": text})
    assert frozenset({Doubt("text", 0, "text", "address")}) == places
    sent = with_doubts(cast, places, text=text)
    assert sent.notice is not None
    assert tuple(places) == sent.notice.latest.doubts
    code, of = sent.notice.code, sent.index
    with pytest.raises(NotNow, match="还没有核对"):
        cast.approve(sent)
    with pytest.raises(NotAllowed):
        reviewing.clear(cast.board, VILLAGE, code, cast.anna, of=of)
    reviewing.clear(cast.board, VILLAGE, code, cast.ben, of=of)
    cast.approve(sent)
    assert isinstance(cast.notice(code).latest.state, Scheduled)


def test_a_tick_clears_only_its_own_place(home: Cast) -> None:
    """Another field with the same words is another place."""
    text = "到李家冲3号看电影。"
    places = frozenset({Doubt("text", 0, "place", "address")})
    with pytest.raises(NotValid, match="住址"):
        with_doubts(home, places, text=text)


@pytest.mark.parametrize(
    ("text", "sort"),
    [
        ("证号 43252419900101123X。", "identity"),
        ("电话 13912345678。", "phone"),
        ("卡号 6222021901009888775。", "card"),
    ],
)
def test_a_true_number_is_never_cleared(home: Cast, text: str, sort: str) -> None:
    """Whatever is ticked: an identity number that checks, a villager's phone, a card."""
    number = good("43252419900101123") if sort == "identity" else ""
    said = text.replace("43252419900101123X", number) if number else text
    every = frozenset(
        Doubt("text", 0, "text", one)  # type: ignore[arg-type]
        for one in ("address", "person", "condition", "identity", sort)
    )
    assert frozenset() == doubts(home, "announcement", {"text": said})
    with pytest.raises(NotValid, match="请删去"):
        with_doubts(home, every, text=said)


def good(first: str) -> str:
    total = sum(int(digit) * pow(2, 17 - place, 11) for place, digit in enumerate(first))
    return first + "10X98765432"[total % 11]


def test_a_number_with_the_wrong_check_digit_may_be_something_else(home: Cast) -> None:
    """It is stopped, and two may say that it is none."""
    number = good("43252419900101123")
    wrong = number[:-1] + ("1" if number[-1] != "1" else "2")
    text = f"设备编号 {wrong}。"
    assert [("内容", "有一个完整的身份证号")] == [one[:2] for one in refused(home, text=text)]
    places = doubts(home, "announcement", {"text": text})
    assert frozenset({Doubt("text", 0, "text", "identity")}) == places
    assert with_doubts(home, places, text=text).notice is not None


# Assessments.


def test_a_list_with_names_waits_for_the_township_s_assessment(home: Cast) -> None:
    """It is refused with the next step; sums need none; once assessed it goes, and for good."""
    draft = home.draft("subsidy")
    with pytest.raises(NotValid) as caught:
        drafting.submit(home.board, VILLAGE, draft.code, home.anna, seen=draft.version)
    (found,) = caught.value.findings
    assert "“耕地地力保护补贴”要列出姓名，还没有做过影响评估" == found.text.format(**found.args)
    assert "乡镇" in found.fix
    home.assess("耕地地力保护补贴")
    drafting.submit(home.board, VILLAGE, draft.code, home.anna, seen=draft.version)
    home.submitted("subsidy")
    home.audit()


def test_the_assessment_is_kept_as_it_was_written(home: Cast) -> None:
    """Body and leaf stand beside each other, and only the township writes one, without numbers."""
    answers = {"purpose": "法定公开", "risk": "影响小", "measures": "不写证号"}
    with pytest.raises(NotAllowed):
        assessing.assess(home.board, VILLAGE, home.ben, "dibao", answers)
    with pytest.raises(NotValid, match="手机号"):
        assessing.assess(
            home.board, VILLAGE, home.mei, "dibao", {**answers, "risk": "问 13912345678"}
        )
    with pytest.raises(NotValid, match="还没有填"):
        assessing.assess(home.board, VILLAGE, home.mei, "dibao", {**answers, "measures": " "})
    done = assessing.assess(home.board, VILLAGE, home.mei, "dibao", answers)
    with home.board.database.read() as tx:
        kept = assessing.of_village(tx, VILLAGE)["dibao"]
    assert (done.index, home.mei, "法定公开", "full") == (
        kept.index,
        kept.by,
        kept.said.purpose,
        kept.said.names,
    )
    home.audit()


@pytest.mark.parametrize("kind", FORMS)
def test_what_a_clerk_types_every_day_raises_no_alarm(home: Cast, kind: Kind) -> None:
    """Each kind's sound form goes through as it is."""
    assert frozenset() == doubts(home, kind, {})
