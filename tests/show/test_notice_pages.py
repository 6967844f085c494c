"""The promises about a notice's page: what it says in each state, what it must not, its size."""

import gzip
import html
import re

import msgspec
import pytest

from noticeboard.core.days import DAY, instant
from noticeboard.core.notice import Ended, Notice, Period
from noticeboard.core.particulars import Content, Subsidy
from noticeboard.core.parts import Stated
from noticeboard.core.problems import NotFound
from noticeboard.show.data import table
from noticeboard.show.foot import Links
from noticeboard.show.render import View, render
from noticeboard.show.splitting import BUDGET
from noticeboard.show.views import NoticeView, SpendingView, TombstoneView
from noticeboard.show.views_notice import (
    draft_view,
    edition_view,
    notice_view,
    row_view,
    tombstone_view,
)
from tests.show import samples
from tests.show.samples import AT, CODE, FINGERPRINT, UNTIL

LINKS = Links(fingerprint=FINGERPRINT, poster=f"/n/{CODE}/poster")


def words(view: View, lang: str = "zh") -> str:
    """Give what a reader sees of a page: its text without markup, spaces made one."""
    body = render(view, lang).body.decode()  # type: ignore[arg-type]
    body = re.sub(r"<wbr>|<style>.*?</style>|<head>.*?</head>", "", body, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split()).replace("\xa0", " ")


def page_of(content: Content, **shown: object) -> NoticeView:
    facts = samples.facts(content, **shown)  # type: ignore[arg-type]
    view = notice_view(facts, signers=samples.signers(facts), links=LINKS)
    assert isinstance(view, NoticeView)
    return view


@pytest.mark.parametrize("make", samples.ALL, ids=lambda make: make.__name__)
def test_a_page_says_its_sentence_its_signatures_and_its_code(make: object) -> None:
    """Every kind shows what, who answers for it, and what to compare with the paper."""
    page = words(page_of(make()))  # type: ignore[operator]
    for part in (
        "监委会主任 本成",
        "监委会审核，同意公开",
        "村部公开栏已张贴",
        "7K3M 9Q2A",
        "5QK3 ZR8T",
    ):
        assert part in page
    assert "示例村村民委员会 登记号 2026-017" in page


def test_supervision_is_named_only_where_it_signed() -> None:
    """An approver of another office is printed by that office, never as the supervisors."""
    facts = samples.facts(samples.ledger())
    roles = {**samples.ROLES, 4: "director"}
    page = words(notice_view(facts, signers=samples.signatures(facts, roles)))
    assert "村委会主任 本成 审核，同意公开" in page
    assert "监委会" not in page


def test_an_unsigned_village_has_no_office() -> None:
    """A page told from a newspaper has its mark, and neither office nor signature nor publisher."""
    where = samples.place(mark="演示：摘自湖南日报，非村委会公告", signed=False)
    facts = samples.facts(samples.cisterns(), where=where, until=None)
    page = words(notice_view(facts, signers=samples.signers(facts), links=LINKS))
    assert page.startswith("演示：摘自湖南日报，非村委会公告")
    for office in ("监委会", "报账员", "村民委员会", "安娜", "张贴"):
        assert office not in page


@pytest.mark.parametrize(
    ("at", "until", "mark", "left"),
    [
        (AT, UNTIL, "公示中", "还剩 6 天"),
        (UNTIL - 3600, UNTIL, "公示中", "今天是最后一天"),
        (AT, AT + 3600, "公示中", "今天 15:05 结束"),
        (AT, AT + DAY, "公示中", "明天 14:05 结束"),
        (AT, AT + 2 * DAY, "公示中", "还剩 3 天，到 14:05"),
        (UNTIL, UNTIL, "期满", "4月16日期满"),
        (AT, None, "已公开", ""),
    ],
)
def test_the_mark_and_the_days_left(at: int, until: int | None, mark: str, left: str) -> None:
    """The state's word and what is left of the period follow from the moment alone."""
    view = page_of(samples.roster(), at=at, until=until)
    page = words(view)
    assert f"{mark} 公示 4月10日" in page or f"{mark} 4月10日 起公示" in page
    assert left in page


def test_a_group_is_named() -> None:
    """A notice of one 村民小组 says whose it is, by its name."""
    content = msgspec.structs.replace(samples.water_off(), group="g1")
    assert "已公开 一组的事 公开 4月10日" in words(page_of(content))


def test_a_late_clock_shows_both_times() -> None:
    """What went up late says when it was due and when it came; within a minute it was on time."""
    content = samples.ledger(5)
    for late, shown in ((DAY + 5400, True), (2, False)):
        of = samples.edition(content, state=samples.up(late=late))
        page = words(page_of(content, of=of))
        assert shown == ("原定 4月10日 8:00 公开，实际 4月11日 9:30 公开，天数没有少。" in page)


def test_a_corrected_page_says_what_changed_and_why() -> None:
    """The difference in yuan and the reason are said, with the way to the old edition."""
    new, old = samples.corrected()
    view = notice_view(new, old, signers=samples.signers(new), links=LINKS)
    page = words(view)
    assert "已更正 公开" in page
    assert "多了 234.50 元。 原因：录入时看错了单据金额。" in page.replace("。原", "。 原")
    assert f'href="/n/{CODE}/e/1"' in render(view).body.decode()


def test_an_old_edition_stands_under_its_banner() -> None:
    """Who opens an old edition is told first that it is old, what changed, and where it goes on."""
    new, old = samples.corrected()
    page = words(edition_view(old, new, links=LINKS))
    assert page.index("这是旧的一版，后来改了。") < page.index("2026年一季度财务收支明细")
    assert "多了 234.50 元。" in page
    assert "看现在这一版" in page


def test_the_current_edition_has_no_banner() -> None:
    """The current edition, asked for by its number, is simply the notice."""
    new, old = samples.corrected()
    assert notice_view(new, old) == edition_view(new, new, old)


def test_names_go_when_the_period_is_over() -> None:
    """After the end a roster keeps the sums of its groups and nobody is named or listed."""
    content = samples.roster()
    names = {row.name for row in content.particulars.rows}  # type: ignore[union-attr]
    page = words(page_of(content, at=UNTIL + DAY))
    assert set() == {name for name in names if str(name) in page}
    assert "111,392.42" in page
    assert "公示期满，姓名不再显示，只留各组合计。" in page


def test_a_ledger_keeps_its_rows_without_villagers() -> None:
    """After the end a payment stays, to 三组村民 instead of a name."""
    page = words(page_of(samples.ledger(), at=UNTIL + DAY))
    assert "组村民" in page
    assert "经手李志强" not in page
    assert "第140笔" in page


def test_pictures_go_with_the_names() -> None:
    """A picture cannot be reduced to its figures, so it is not shown after the end."""
    assert "照片和单据" in words(page_of(samples.road()))
    assert "照片和单据" not in words(page_of(samples.road(), at=UNTIL + DAY))


def test_a_redaction_is_said() -> None:
    """Blacked-out names leave the money, the place, and the ground."""
    page = words(notice_view(samples.redacted()))
    assert "隐去了 2 行的姓名： 本人依法要求删除。" in page.replace("：本", "： 本")
    assert 2 == page.count("姓名已隐去")


def test_a_tombstone_says_when_and_why() -> None:
    """What was withdrawn answers 410 with its title, its day and its ground, without content."""
    facts = samples.withdrawn()
    view = notice_view(facts)
    page = words(view)
    assert 410 == render(view).status
    assert "4月11日 13:05 撤下： 内容有误。" in page.replace("：内", "： 内")
    assert "2026年耕地地力保护补贴" in page
    assert "还在等第二个人确认。" in page
    assert "原因只能从列出的里面选。依据：本公开栏的约定。" in page
    assert "111,392.42" not in page


def test_a_tombstone_keeps_a_leaking_title_back() -> None:
    """Where the title may be the leak, neither page nor its head has it."""
    view = tombstone_view(samples.withdrawn("personal-data"))
    assert "耕地" not in render(view).body.decode()
    assert "惠民补贴公示" in words(view)


def test_an_erased_text_leaves_a_tombstone() -> None:
    """With its text erased a notice is gone, and its page still answers."""
    facts = msgspec.structs.replace(samples.redacted(), stated=None)
    view = notice_view(facts)
    assert isinstance(view, TombstoneView)
    assert "已隐去" in words(view)


def test_a_draft_is_a_sample() -> None:
    """The preview is the page itself, marked, without a code, a fingerprint or signatures."""
    page = words(draft_view(samples.place(), samples.ledger(20), AT))
    assert "样张" in page
    assert "草稿 还没有公开" in page
    assert "对得上吗" not in page
    assert "监委会" not in page


def test_an_empty_draft_can_be_looked_at() -> None:
    """Paper on which little stands yet is shown as far as it goes."""
    for make in samples.ALL:
        full = make()
        bare = msgspec.structs.replace(full.particulars, rows=())
        view = draft_view(samples.place(), msgspec.structs.replace(full, particulars=bare), AT)
        assert full.title in words(view)


def test_a_row_has_its_own_page() -> None:
    """One row is shown in full, tinted among its neighbours, with the way back to its place."""
    view = row_view(samples.facts(samples.ledger()), 12)
    body, page = render(view).body.decode(), words(view)
    assert "第12笔" in page
    for field in ("记-012", "何玉梅", "王国华"):
        assert field in page
    assert '<li id="r12" class="asked">' in body
    assert view.row.number is not None  # type: ignore[attr-defined]
    whole, fen = view.row.number.value, view.row.number.fen  # type: ignore[attr-defined]
    assert f'<p class="big">{whole}<small>{fen}</small>' in body
    assert f'href="/n/{CODE}#r12"' in body


@pytest.mark.parametrize(
    "make",
    [make for make in samples.ALL if make is not samples.water_off],
    ids=lambda make: make.__name__,
)
def test_every_row_answers_at_its_address(make: object) -> None:
    """Whatever a kind's rows are, each can be asked for; a number that is none is refused."""
    facts = samples.facts(make())  # type: ignore[operator]
    for row in facts.stated.content.particulars.rows:  # type: ignore[union-attr]
        assert row_view(facts, row.id)
    with pytest.raises(NotFound):
        row_view(facts, 9_999)


def test_a_row_of_an_ended_roster_names_nobody() -> None:
    """A row's own page follows the page of its notice."""
    content = samples.roster()
    assert isinstance(content.particulars, Subsidy)
    page = words(row_view(samples.facts(content, at=UNTIL + DAY), 1))
    assert str(content.particulars.rows[0].name) not in page
    assert "一组的一户" in page


def test_a_roster_of_sums_is_no_list_of_households() -> None:
    """Phone, hall, poster and table say how many were paid; no line passes for a household."""
    page = words(page_of(samples.sums()))
    for said in ("户数 6 户", "各组合计，一共 6 户", "4 户 1,000.00", "2 户 1,100.00"):
        assert said in page
    for untrue in ("第1户", "姓名", "每一户", "2 户，"):
        assert untrue not in page
    row = words(row_view(samples.facts(samples.sums()), 1))
    assert "4 户" in row
    assert "第1户" not in row
    heads, *lines = table(samples.facts(samples.sums()), None).decode("utf-8-sig").splitlines()
    assert heads.endswith(",合计户数")
    assert [",4", ",2"] == [line[-2:] for line in lines]
    assert "合计户数" not in table(samples.facts(samples.roster()), None).decode()


def size(view: View, lang: str = "zh") -> int:
    return len(gzip.compress(render(view, lang).body, 9))  # type: ignore[arg-type]


def test_a_quarter_stays_on_one_page() -> None:
    """140 lines with their CSS fit what one round trip carries, and are not split."""
    new, old = samples.corrected()
    view = notice_view(new, old, signers=samples.signers(new), links=LINKS)
    assert isinstance(view, SpendingView)
    assert () == view.tabs
    assert 140 == sum(len(section.lines) for section in view.lines.sections)
    assert size(view) <= BUDGET
    assert size(view, "en") <= BUDGET


@pytest.mark.parametrize("make", [samples.ledger, samples.roster], ids=["ledger", "roster"])
def test_what_is_too_large_is_split_and_nothing_is_lost(make: object) -> None:
    """Every part of a very long notice fits, and together they have every row once."""
    facts = samples.facts(make(1_200))  # type: ignore[operator]
    whole = notice_view(facts, links=LINKS)
    keys = [tab.href.partition("m=")[2] for tab in whole.tabs]  # type: ignore[attr-defined]
    seen: list[int] = []
    for key in keys:
        view = notice_view(facts, links=LINKS, month=key)
        assert size(view) <= BUDGET
        seen += [line.id for section in view.lines.sections for line in section.lines]  # type: ignore[attr-defined]
    assert sorted(row.id for row in facts.stated.content.particulars.rows) == sorted(seen)  # type: ignore[union-attr]


def test_an_unknown_part_is_the_first() -> None:
    """A part that does not exist shows the first rather than nothing."""
    facts = samples.facts(samples.ledger(1_200))
    assert notice_view(facts, month="1999-01") == notice_view(facts)


def test_headers_allow_the_page_and_nothing_else() -> None:
    """The policy names the style by its hash and allows no script."""
    headers = dict(render(page_of(samples.ledger(5))).headers)
    policy = headers[b"content-security-policy"].decode()
    assert re.fullmatch(
        r"default-src 'none'; style-src 'sha256-[\w+/]{43}='; img-src 'self' data:; "
        r"form-action 'self'; base-uri 'none'; frame-ancestors 'self'",
        policy,
    )


def test_what_a_clerk_types_is_never_markup() -> None:
    """Typed angle brackets, braces and percent signs are printed as they are."""
    nasty = "<script>alert(1)</script>{x}%(y)s"
    content = msgspec.structs.replace(samples.water_off(), title=nasty, reason=nasty)
    body = render(page_of(content)).body.decode()
    assert "<script" not in body
    assert html.escape(nasty) in body


def test_a_page_is_a_pure_function() -> None:
    """The same facts give the same bytes."""
    assert render(page_of(samples.ledger())) == render(page_of(samples.ledger()))


def test_english_keeps_the_reader_in_english() -> None:
    """Links within the board carry the language on; the page says which it is."""
    body = render(page_of(samples.ledger(5)), "en").body.decode()
    assert '<html lang="en">' in body
    assert f'href="/n/{CODE}/r/1?lang=en"' in body


def test_a_superseded_and_withdrawn_notice_hides_its_old_editions() -> None:
    """An old edition of a withdrawn notice is a tombstone too."""
    content = samples.ledger(5)
    first = samples.edition(content, 1, Ended("superseded", AT - 60, samples.up(), 7))
    second = samples.edition(content, 2, Ended("withdrawn", AT, samples.up(), 9, "duplicate"))
    notice = Notice(code=CODE, editions=(first, second))
    facts = samples.facts(content, notice=notice, of=first, surface="edition")
    assert isinstance(edition_view(facts, None), TombstoneView)


def test_lost_rows_do_not_break_the_page() -> None:
    """With the figures of a row erased the rest is shown, and no false difference is claimed."""
    content = samples.ledger(10)
    rows = content.particulars.rows[1:]
    left = msgspec.structs.replace(
        content, particulars=msgspec.structs.replace(content.particulars, rows=rows)
    )
    page = words(page_of(content, stated=Stated(left, lost=(content.particulars.rows[0].id,))))
    assert "差" not in page


def test_a_year_is_said_when_it_is_another() -> None:
    """Next year's reader is told which year it was."""
    page = words(page_of(samples.ledger(5), at=instant("2027-01-05"), until=None))
    assert "2026年4月10日 起公开" in page
    assert Period(samples.UP, None) == samples.up(until=None).period


def test_a_page_says_by_which_text_it_has_to_be_public_and_how_sure_that_is() -> None:
    """The item of the catalogue by name, with the old number of a law that was replaced."""
    page = words(page_of(samples.ledger()))
    assert "凭的是哪一条 财务收支明细 逐项逐笔 《中华人民共和国村民委员会组织法》" in page
    assert "2018年文本第三十条；现行条号待核" in page
    ended = words(page_of(samples.roster(), at=UNTIL + DAY))
    assert "期满以后收起姓名 本公开栏的约定；《中华人民共和国个人信息保护法》第十九条" in ended


def test_what_names_no_item_or_was_told_by_a_paper_claims_no_text() -> None:
    """A newspaper's report of a village is no disclosure of its committee."""
    where = samples.place(signed=False)
    assert "凭的是哪一条" not in words(page_of(samples.ledger(), where=where))
    assert "凭的是哪一条" not in words(page_of(samples.water_off()))
