"""A workbook at the desk: looked at, mended or explained, then drafts; nothing before that."""

import re
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
import xlsxwriter
from litestar.testing import TestClient
from openpyxl import load_workbook

from noticeboard import shipped
from noticeboard.board import drafting
from noticeboard.formats.workbook import ENDINGS
from noticeboard.web.app import create_app
from tests.web.browsing import drawer, state
from tests.web.conftest import DESK, HERE, VILLAGE, Browser, Office

HEAD = ("日期", "凭证号", "摘要", "收入", "支出", "余额", "收款人", "经手人")
LEDGER = (
    ("", "", "上期结转", "", "", 1000, "", ""),
    ("2026-01-10", "记-1", "林地租金", 2000, "", 3000, "", "李秀英"),
    ("2026-02-03", "记-2", "付修机耕路", "", 500, 2500, "王建军", "李秀英"),
    ("", "", "合计", 2000, 500, 2500, "", ""),
)


def book(*rows: tuple[Any, ...], title: str = "示例村2026年第一季度财务收支明细表") -> bytes:
    """Make a workbook of one ledger, as a township hands it over."""
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as workbook:
        sheet = workbook.add_worksheet("收支")
        for row, line in enumerate(((title,), ("单位：元",), HEAD, *rows)):
            sheet.write_row(row, 0, line)
    return out.getvalue()


def dropped(browser: Browser, data: bytes, name: str = "收支.xlsx") -> str:
    """Drop a file on the desk; gives the address of its preview."""
    answer = browser.post(f"{DESK}/import", files={"file": (name, data)})
    assert 303 == answer.status_code, answer.text
    return str(answer.headers["location"])


def version_of(page: Any) -> str:
    found = re.search(r'name="version" value="(\d+)"', page.text)
    assert found, page.text
    return found[1]


def bring(browser: Browser, data: bytes, name: str = "收支.xlsx") -> Any:
    """Drop a file and look at its preview."""
    return browser.get(dropped(browser, data, name))


def change(browser: Browser, at: str, **fields: str) -> Any:
    """Send one form of the preview; gives the next preview."""
    page = browser.get(at)
    sent = {"version": version_of(page), **{k.replace("__", "."): v for k, v in fields.items()}}
    answer = browser.post(f"{at}/change", data=sent)
    return browser.get(at) if answer.status_code == 303 else answer


def confirm(browser: Browser, at: str) -> Any:
    """Press the one button; gives the page that comes."""
    answer = browser.post(f"{at}/confirm", data={"version": version_of(browser.get(at))})
    return browser.get(at) if answer.status_code == 303 else answer


def test_a_sound_workbook_has_nothing_to_answer(office: Office) -> None:
    """Green words and one button; what was dropped is no draft before it is pressed."""
    anna = office.browser("anna")
    before = state(office)
    at = dropped(anna, book(*LEDGER))
    page = anna.get(at)
    assert (200, "no-store") == (page.status_code, page.headers["cache-control"])
    assert "可以存了" in page.text
    assert "2 行，收入 2,000.00 元，支出 500.00 元" in page.text
    assert 'class="found' not in page.text
    assert before == state(office)
    done = confirm(anna, at)
    draft = drawer(office)[0]
    assert "已存成草稿 1 份" in done.text
    assert f'href="{DESK}/drafts/{draft.code}"' in done.text
    assert ("2026-Q1", "1,000.00", "2,500.00") == tuple(
        draft.typed[name] for name in ("covers", "opening", "closing")
    )
    assert (office.cast.anna,) == draft.writers


@pytest.mark.parametrize("name", ["ledger-2026q1.xlsx", "roster-2026.xlsx"])
def test_the_demos_own_workbooks_come_in(office: Office, name: str) -> None:
    """What a newcomer tries first works, and no identity number comes along."""
    data = (shipped("data") / "demo" / name).read_bytes()
    anna = office.browser("anna")
    done = confirm(anna, dropped(anna, data, name))
    assert "已存成草稿 1 份" in done.text
    draft = drawer(office)[0]
    assert len(draft.typed["rows"]) > 100
    page = anna.get(f"{DESK}/drafts/{draft.code}")
    assert 200 == page.status_code
    assert "439999" not in page.text


def test_every_problem_is_shown_at_its_cell(office: Office) -> None:
    """All at once, as Excel names the cells, with what to do; nothing can be kept."""
    rows = list(LEDGER)
    rows[1] = ("2026-02-30", "记-1", "林地租金", "2000左右", "", "", "", "李秀英")
    anna, before = office.browser("anna"), state(office)
    at = dropped(anna, book(*rows))
    page = anna.get(at)
    for cell in ("收支!A5", "收支!D5"):
        assert cell in page.text
    assert "什么都没有存" in page.text
    assert 422 == confirm(anna, at).status_code
    assert before == state(office)


def test_a_difference_is_shown_in_yuan_and_can_be_explained(office: Office) -> None:
    """At the cell of the sum; with words it is published beside the figures."""
    rows = [*LEDGER[:-1], ("", "", "合计", 2000, 600, 2500, "", "")]
    anna = office.browser("anna")
    at = dropped(anna, book(*rows))
    page = anna.get(at)
    assert "收支!E7" in page.text
    assert "差 100.00 元" in page.text
    said = {"sheet": "收支", "table": "1", "explain__E7": "乡镇表上多打了一百元，已告诉乡镇"}
    page = change(anna, at, **said)
    assert "可以存了" in page.text
    assert "改原因" in page.text
    assert "可以存了" not in change(anna, at, **{**said, "explain__E7": ""}).text
    change(anna, at, **said)
    confirm(anna, at)
    explanation = drawer(office)[0].typed["explanation"]
    assert "乡镇表上多打了一百元" in explanation
    assert "100.00 元" in explanation


def test_a_column_is_mended_by_one_choice_and_remembered(office: Office) -> None:
    """What the header does not say the clerk does, once; the next sheet of its layout knows."""
    head = (*HEAD[:6], "给了谁", HEAD[7])
    anna = office.browser("anna")

    def drop(voucher: str) -> str:
        out = BytesIO()
        with xlsxwriter.Workbook(out, {"in_memory": True}) as workbook:
            sheet = workbook.add_worksheet("收支")
            rows = [list(line) for line in LEDGER]
            rows[2][1] = voucher
            lines = (("示例村2026年第一季度财务收支明细表",), ("单位：元",), head, *rows)
            for row, line in enumerate(lines):
                sheet.write_row(row, 0, line)
        return dropped(anna, out.getvalue())

    at = drop("记-2")
    page = change(anna, at, sheet="收支", table="1", column__G="payee")
    assert '<option value="payee" selected>' in page.text
    confirm(anna, at)
    assert "王建军" == drawer(office)[0].typed["rows"][1]["payee"]
    again = anna.get(drop("记-3"))
    assert "按上次的对应读的" in again.text


def test_dates_of_two_readings_are_asked_as_whole_days(office: Office) -> None:
    """A day to choose says its year, in the reader's language; what is near stands by."""
    rows = [("1.8", "记-1", "林地租金", 2000, ""), ("1.1", "记-2", "付修机耕路", "", 500)]
    anna = office.browser("anna")
    at = dropped(anna, book(*rows))
    page = anna.get(at)
    asked = re.findall(r'name="date\.A\d" value="([\d-]+)"> ([^<]+)<', page.text)
    assert ("2026-01-10", "2026年1月10日") in asked
    assert ("2026-01-08", "2026年1月8日") in asked
    assert "A5 1.1" in page.text
    page = change(anna, at, sheet="收支", table="1", date__A4="2026-01-08", date__A5="2026-01-10")
    assert "可以存了" in page.text


def test_all_days_of_a_column_are_answered_in_one_form(office: Office) -> None:
    """However many are unsure, there is one form; what was not chosen is the first of its days."""
    rows = [(f"{m}.{d}", f"记-{m}-{d}", "付路灯电费", "", 5, "", "电站", "李秀英")
            for m in (1, 2, 3) for d in (1, 2, 5)]  # fmt: skip
    anna = office.browser("anna")
    at = dropped(anna, book(*rows))
    page = anna.get(at)
    (form,) = re.findall(r'<section class="asked">.*?</section>', page.text, re.DOTALL)
    assert 1 == form.count("<form")
    assert "这一列有 6 格看不准是哪一天" in form
    page = change(anna, at, sheet="收支", table="1", date__A5="2026-01-20", rest__A="first")
    assert "可以存了" in page.text
    confirm(anna, at)
    days = [row["date"] for row in drawer(office)[0].typed["rows"]]
    assert ["2026-01-01", "2026-01-20", "2026-01-05", "2026-02-01"] == days[:4]


def test_what_is_in_review_is_left_alone_and_said(office: Office) -> None:
    """The page says so before anything is kept, shows what differs and leads to the other one."""
    anna = office.browser("anna")
    confirm(anna, dropped(anna, book(*LEDGER)))
    draft = drawer(office)[0]
    drafting.submit(office.board, VILLAGE, draft.code, office.cast.anna, seen=draft.version)
    changed = [LEDGER[0], LEDGER[1], (*LEDGER[2][:2], "付四组机耕路", *LEDGER[2][3:]), LEDGER[3]]
    at = dropped(anna, book(*changed))
    page = anna.get(at)
    assert "正在审，不能改，这张表会另存成一份新的草稿" in page.text
    assert "付修机耕路 → 付四组机耕路" in page.text
    assert f'href="{DESK}/notices/{draft.code}"' in page.text
    assert 200 == anna.get(f"{at}/preview/0/phone").status_code
    assert "一模一样" in bring(anna, book(*LEDGER)).text
    confirm(anna, at)
    (fresh,) = drawer(office)
    assert draft.code != fresh.code


def test_debit_and_credit_are_asked_and_answered(office: Office) -> None:
    """A button for each answer; until then nothing can be kept."""
    head = ("日期", "凭证号", "摘要", "借方", "贷方")
    rows = [("2026-01-10", "记-1", "林地租金", 2000, ""), ("2026-02-03", "记-2", "修路", "", 500)]
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as workbook:
        sheet = workbook.add_worksheet("明细")
        lines = (("示例村2026年第一季度财务收支明细表",), ("单位：元",), head, *rows)
        for row, line in enumerate(lines):
            sheet.write_row(row, 0, line)
    anna = office.browser("anna")
    at = dropped(anna, out.getvalue())
    page = anna.get(at)
    assert "要问您" in page.text
    asked = re.findall(r'name="(flow\.[A-Z])" value="(\w+)"', page.text)
    assert ("flow.D", "income") in asked
    change(anna, at, sheet="明细", table="1", flow__D="income")
    page = anna.get(at)
    if "要问您" in page.text:
        page = change(anna, at, sheet="明细", table="1", flow__E="expense")
    assert "可以存了" in page.text, page.text
    assert "收入 2,000.00 元，支出 500.00 元" in page.text


def test_another_kind_can_be_chosen_and_a_sheet_left_out(office: Office) -> None:
    """A sheet that was skipped can be taken in again; unknown answers are refused."""
    anna = office.browser("anna")
    at = dropped(anna, book(*LEDGER))
    page = change(anna, at, sheet="收支", table="1", kind="skip")
    assert "还是带入“收支”" in page.text
    assert "可以存了" not in page.text
    assert "可以存了" in change(anna, at, sheet="收支", table="1", kind="").text
    for wrong in ({"kind": "x"}, {"flow__D": "x"}, {"date__A5": "soon"}):
        assert 422 == change(anna, at, sheet="收支", table="1", **wrong).status_code
    assert "可以存了" in anna.get(at).text


def hiding() -> bytes:
    """Make a ledger whose last row is hidden."""
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as workbook:
        sheet = workbook.add_worksheet("收支")
        lines = (
            ("示例村2026年第一季度财务收支明细表",),
            ("单位：元",),
            HEAD[:5],
            ("2026-01-10", "记-1", "林地租金", 2000, ""),
            ("2026-02-03", "记-2", "付修机耕路", "", 500),
            ("2026-02-03", "记-3", "多记的一笔", "", 70),
        )
        for row, line in enumerate(lines):
            sheet.write_row(row, 0, line)
        sheet.set_row(5, None, None, {"hidden": True})
    return out.getvalue()


def test_who_reviews_sees_which_rows_were_hidden(office: Office) -> None:
    """Of what was taken in: its number and what it says; of what was left out nothing is there."""
    anna = office.browser("anna")
    at = dropped(anna, hiding())
    confirm(anna, at)
    draft = drawer(office)[0]
    drafting.submit(office.board, VILLAGE, draft.code, office.cast.anna, seen=draft.version)
    page = office.browser("ben").get(f"{DESK}/notices/{draft.code}/review")
    assert "表格里隐藏的行" in page.text
    assert "第3行 多记的一笔，70.00 元" in page.text
    assert "第2行 付修机耕路" not in page.text
    at = dropped(anna, hiding())
    change(anna, at, sheet="收支", table="1", hidden__6="记重了")
    confirm(anna, at)
    fresh = drawer(office)[0]
    drafting.submit(office.board, VILLAGE, fresh.code, office.cast.anna, seen=fresh.version)
    page = office.browser("ben").get(f"{DESK}/notices/{fresh.code}/review")
    assert "表格里隐藏的行" not in page.text


def test_hidden_rows_are_shown_and_left_out_with_a_reason(office: Office) -> None:
    """They are money: taken in unless a reason says otherwise, which is then published."""
    anna = office.browser("anna")
    at = dropped(anna, hiding())
    page = anna.get(at)
    assert "隐藏的行" in page.text
    assert "多记的一笔" in page.text
    assert "支出 570.00 元" in page.text
    page = change(anna, at, sheet="收支", table="1", hidden__6="记重了")
    assert "支出 500.00 元" in page.text
    confirm(anna, at)
    assert "记重了" in drawer(office)[0].typed["explanation"]


def test_what_comes_is_shown_on_every_surface(office: Office) -> None:
    """The very pages of phone, screen and paper, before anything is kept."""
    anna = office.browser("anna")
    at = dropped(anna, book(*LEDGER))
    for surface in ("phone", "screen", "paper"):
        page = anna.get(f"{at}/preview/0/{surface}")
        assert (200, True) == (page.status_code, "修机耕路" in page.text), surface
    assert 404 == anna.get(f"{at}/preview/0/wall").status_code
    assert 404 == anna.get(f"{at}/preview/7/phone").status_code
    assert [] == drawer(office)


def test_the_marked_workbook_is_the_clerks_own(office: Office) -> None:
    """The same sheet, its wrong cells coloured with what is wrong beside them; text stays text."""
    rows = [list(line) for line in LEDGER]
    rows[1][3] = "2000左右"
    rows[2][2] = "=付修机耕路"
    data = book(*rows)
    anna = office.browser("anna")
    given = anna.get(f"{dropped(anna, data)}/marked")
    assert 200 == given.status_code
    assert "attachment" in given.headers["content-disposition"]
    sheet = load_workbook(BytesIO(given.content))["收支"]
    assert "2000左右" == sheet["D5"].value
    assert "F4B8AE" == sheet["D5"].fill.fgColor.rgb[-6:]
    assert "2000左右" in sheet["D5"].comment.text
    assert sheet["D6"].comment is None
    lines = ["日期,摘要,收入,支出", "2026-01-10,=cmd(),约2,", "2026-01-11,买沙,,3"]
    csv = "\n".join(["示例村2026年第一季度财务收支明细表", *lines]).encode()
    assert "[Content_Types].xml" in ZipFile(BytesIO(given.content)).namelist()
    given = anna.get(f"{dropped(anna, csv, '收支.csv')}/marked")
    sheet = load_workbook(BytesIO(given.content)).worksheets[0]
    assert ("=cmd()", "s") == (sheet["B3"].value, sheet["B3"].data_type)
    assert "约2" in sheet["C3"].comment.text


def test_each_cell_of_a_warning_is_marked(office: Office) -> None:
    """One sentence speaks of many cells; the clerk finds every one of them."""
    rows = [("2026-02-03", f"记-{n}", "其他", "", 5, "", "", "") for n in range(12)]
    anna = office.browser("anna")
    given = anna.get(f"{dropped(anna, book(LEDGER[0], *rows))}/marked")
    sheet = load_workbook(BytesIO(given.content))["收支"]
    assert ["FBE3A0"] * 12 == [sheet[f"C{n}"].fill.fgColor.rgb[-6:] for n in range(5, 17)]
    assert "只写了“其他”" in sheet["C16"].comment.text


def test_it_is_said_when_the_marked_copy_is_bare_values(office: Office) -> None:
    """A copy that is not the clerk's own workbook must not be taken for it: the page says so."""
    anna = office.browser("anna")
    rows = [list(line) for line in LEDGER]
    rows[1][3] = "2000左右"
    own, bare = "就是您这份表格", "下载的只有字和数"
    page = bring(anna, book(*rows)).text
    assert (True, False) == (own in page, bare in page)
    rows[1:-1] = [("2026-02-30", f"记-{n}", "付修路", "", 5, "", "", "") for n in range(50_000)]
    page = bring(anna, book(*rows)).text
    assert (False, True) == (own in page, bare in page)
    csv = "示例村2026年第一季度财务收支明细表\n日期,摘要,收入,支出\n2026-01-10,买沙,约2,\n"
    page = bring(anna, csv.encode(), "收支.csv").text
    assert (False, True) == (own in page, bare in page)


def test_a_number_of_a_person_is_named_at_its_cell(office: Office) -> None:
    """A phone in a summary keeps the whole workbook out; the page prints it masked."""
    rows = list(LEDGER)
    rows[2] = ("2026-02-03", "记-2", "付修路，问13912345678", "", 500, 2500, "王建军", "李秀英")
    page = bring(office.browser("anna"), book(*rows))
    assert "收支!C6" in page.text
    assert "有一个手机号" in page.text
    assert "13912345678" not in page.text
    assert "存成草稿" not in page.text


REFUSED = {
    "no workbook": ("a.xlsx", b"hello", "这不是表格文件"),
    "a damaged one": ("a.xlsx", book(*LEDGER)[:900], "这个表格坏了"),
    "an empty file": ("a.xlsx", b"", "这个文件是空的"),
    "a damaged old one": (
        "a.xls",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
        "这个表格坏了",
    ),
    "another table": ("a.csv", "甲,乙\n1,2\n".encode(), "这是一张什么表？"),
    "too large": ("a.xlsx", b"PK\x03\x04" + bytes(20_000_000), "文件超过 20 MB"),
    "another village": (
        "a.xlsx",
        book(*LEDGER, title="邻水村2026年第一季度财务收支明细表"),
        "不是示例村",
    ),
}


@pytest.mark.parametrize(("name", "data", "said"), REFUSED.values(), ids=REFUSED.keys())
def test_what_cannot_be_read_is_refused_in_words(
    office: Office, name: str, data: bytes, said: str
) -> None:
    """What, and the next step; nothing half saved."""
    anna, before = office.browser("anna"), state(office)
    at = dropped(anna, data, name)
    assert said in anna.get(at).text
    assert 422 == anna.post(f"{at}/confirm", data={"version": "1"}).status_code
    assert before == state(office)


def test_a_form_without_a_file_is_refused(office: Office) -> None:
    """A press of the button alone says what to do."""
    answer = office.browser("anna").post(f"{DESK}/import", data={"x": "y"})
    assert 422 == answer.status_code
    empty = office.browser("anna").post(f"{DESK}/import", files={"other": ("", b"")})
    assert 422 == empty.status_code


def test_dropping_is_for_those_who_write(office: Office) -> None:
    """It holds the file; not on GET; not for others; a second time is another preview."""
    before = state(office)
    assert DESK == office.browser("anna").get(f"{DESK}/import").headers["location"]
    for who in ("ben", "dan", "mei"):
        answer = office.browser(who).post(f"{DESK}/import", files={"file": ("a", book(*LEDGER))})
        assert 403 == answer.status_code
    nobody = office.browser().post(f"{DESK}/import", files={"file": ("a", book(*LEDGER))})
    assert nobody.status_code in (303, 401)
    cleo = office.browser("cleo")
    assert dropped(cleo, book(*LEDGER)) != dropped(cleo, book(*LEDGER))
    assert before == state(office)


ACTS = ("change", "confirm", "forget")


@pytest.mark.parametrize("act", ACTS)
def test_the_acts_of_a_preview_are_its_clerks(office: Office, act: str) -> None:
    """Not on GET; not for other offices, nor for another clerk; a second time is harmless."""
    anna = office.browser("anna")
    at = dropped(anna, book(*LEDGER))
    sent = {"version": "1", "sheet": "收支", "table": "1", "hidden.9": "x"}
    assert at == anna.get(f"{at}/{act}").headers["location"]
    for who, status in (("ben", 403), ("dan", 403), ("mei", 403), ("cleo", 404)):
        assert status == office.browser(who).post(f"{at}/{act}", data=sent).status_code, who
    assert [] == drawer(office)
    assert 303 == anna.post(f"{at}/{act}", data=sent).status_code
    once = state(office)
    again = anna.post(f"{at}/{act}", data=sent).status_code
    assert {"change": 303, "confirm": 303, "forget": 404}[act] == again
    assert once == state(office)


def test_a_preview_is_nobody_elses(office: Office) -> None:
    """Its page, its looks and its file are shown to the clerk who dropped it alone."""
    at = dropped(office.browser("anna"), book(*LEDGER))
    for who, status in (("cleo", 404), ("ben", 403), ("dan", 403)):
        for page in ("", "/marked", "/preview/0/phone"):
            assert status == office.browser(who).get(at + page).status_code


def test_two_presses_at_once_make_one_draft(office: Office) -> None:
    """Pressed twice, and dropped by two people: one draft of one quarter."""
    anna, cleo, data = office.browser("anna"), office.browser("cleo"), book(*LEDGER)
    mine, hers = dropped(anna, data), dropped(cleo, data)
    version = version_of(cleo.get(hers))
    assert "已存成草稿 1 份" in confirm(anna, mine).text
    assert 303 == anna.post(f"{mine}/confirm", data={"version": "1"}).status_code
    # What Cleo saw was a new draft; that it is there already makes it no second one.
    answer = cleo.post(f"{hers}/confirm", data={"version": version})
    assert 303 == answer.status_code
    assert 1 == len(drawer(office))


def test_somebody_faster_is_told_and_looked_at_again(office: Office) -> None:
    """A draft that changed since it was compared is not written over."""
    anna = office.browser("anna")
    confirm(anna, dropped(anna, book(*LEDGER)))
    rows = [list(line) for line in LEDGER]
    rows[2][2] = "付修三组机耕路"
    at = dropped(anna, book(*rows))
    version = version_of(anna.get(at))
    draft = drawer(office)[0]
    typed = {**draft.typed, "title": "改过的标题"}
    drafting.save(office.board, draft.village, draft.code, office.cast.cleo, typed, draft.version)
    answer = anna.post(f"{at}/confirm", data={"version": version})
    assert 409 == answer.status_code, answer.text
    assert "别人刚刚改过这份草稿" in answer.text
    assert "改过的标题" == drawer(office)[0].typed["title"]
    done = confirm(anna, at)
    assert "已存成草稿 1 份" in done.text
    assert "改过的标题" == drawer(office)[0].typed["title"]
    assert "付修三组机耕路" == drawer(office)[0].typed["rows"][1]["summary"]


def test_a_changed_workbook_updates_its_draft(office: Office) -> None:
    """Only what differs is shown, and there is still one draft; rows keep their ids."""
    anna = office.browser("anna")
    confirm(anna, dropped(anna, book(*LEDGER)))
    first = drawer(office)[0]
    rows = [list(line) for line in LEDGER]
    rows[2][4], rows[2][5] = 600, 2400
    rows[3][4], rows[3][5] = 600, 2400
    at = dropped(anna, book(*rows))
    page = anna.get(at)
    assert "改在原来那份上" in page.text
    assert "500.00 → 600.00" in page.text
    assert "林地租金" not in page.text.partition("改在原来那份上")[2].partition("</ul>")[0]
    confirm(anna, at)
    (draft,) = drawer(office)
    assert (first.code, "600.00") == (draft.code, draft.typed["rows"][1]["expense"])
    assert [r["id"] for r in first.typed["rows"]] == [r["id"] for r in draft.typed["rows"]]
    same = anna.get(dropped(anna, book(*rows)))
    assert "不用再存" in same.text
    at = dropped(anna, book(*LEDGER))
    page = change(anna, at, anew__0="yes")
    assert "改在原来那份上" not in page.text
    confirm(anna, at)
    assert 2 == len(drawer(office))


def test_a_long_list_of_differences_is_counted_and_folded(office: Office) -> None:
    """What came, went and changed is said in three numbers; the lines beyond six are folded."""
    anna = office.browser("anna")
    many = [("2026-01-10", f"记-{n}", f"买第{n}车沙", "", 10 + n, "", "", "") for n in range(12)]
    confirm(anna, dropped(anna, book(*many)))
    (draft,) = drawer(office)
    changed = [(*line[:4], line[4] + 1, *line[5:]) for line in many[:8]]
    page = anna.get(
        dropped(anna, book(*changed, ("2026-03-01", "记-99", "买树", "", 7, "", "", "")))
    )
    told = page.text.partition('class="counted"')[2].partition("</p>")[0]
    assert ["多 1 行", "少 4 行", "改 8 行", "行外改 1 处"] == re.findall(r"<b>(.*?)</b>", told)
    open_, _, folded = page.text.partition("看全部 14 处")
    assert (6, 8) == (
        open_.partition('class="counted"')[2].count("<li>"),
        folded.partition("</details>")[0].count("<li>"),
    )
    assert f'href="{DESK}/drafts/{draft.code}"' in page.text


def test_one_warning_of_one_time_and_a_long_list_folded(office: Office) -> None:
    """Of many parts what is true of all is said once; of many drafts six stand open."""
    anna = office.browser("anna")
    confirm(anna, dropped(anna, book(*LEDGER)))
    rows = [
        (f"2026-{n % 10 + 1:02d}-07", f"转-{n}", "买沙", "", 5, "", "", "") for n in range(10 * 300)
    ]
    page = bring(anna, book(*rows, title="示例村2026年财务收支明细表"))
    assert "存成 10 份草稿" in page.text
    assert 1 == page.text.count("也是这个时期的")
    assert "还有 4 份" in page.text
    assert 10 == page.text.count("#look")


def test_a_published_notice_becomes_a_correction(office: Office) -> None:
    """The same code, a second edition, and the reason is still to be written."""
    anna = office.browser("anna")
    confirm(anna, dropped(anna, book(*LEDGER)))
    draft = drawer(office)[0]
    cast = office.cast
    notice = cast.up(
        drafting.submit(office.board, draft.village, draft.code, cast.anna, seen=draft.version)
    )
    rows = [list(line) for line in LEDGER]
    rows[2][2] = "付修三组机耕路"
    at = dropped(anna, book(*rows))
    assert "存成更正" in anna.get(at).text
    assert "更正" in anna.get(f"{at}/preview/0/screen").text
    confirm(anna, at)
    (correction,) = drawer(office)
    assert (notice.code, 2, "") == (correction.code, correction.ed, correction.typed["reason"])
    assert "付修三组机耕路" == correction.typed["rows"][1]["summary"]


def test_a_restart_asks_for_the_file_again(office: Office) -> None:
    """The bytes were in memory alone; words say so, and nothing is half kept."""
    anna = office.browser("anna")
    at = dropped(anna, book(*LEDGER))
    app = create_app(office.board, secure=False)
    with TestClient(app, base_url=HERE, raise_server_exceptions=False) as client:
        again = Browser(client)
        again.jar = anna.jar
        for answer in (again.get(at), again.post(f"{at}/confirm", data={"version": "1"})):
            assert 404 == answer.status_code
            assert "请回到办公桌再拖一次" in answer.text
    assert [] == drawer(office)
    office.clock.on(30 * 60 + 1)
    assert 404 == anna.get(at).status_code


def test_what_is_offered_to_choose_can_be_read(office: Office) -> None:
    """The inbox and the page of a refused file offer just the endings that are understood."""
    anna = office.browser("anna")
    for page in (anna.get(DESK), bring(anna, b"%PDF-", "收支.pdf")):
        assert [",".join(ENDINGS)] == re.findall(r'accept="([^"]*)"', page.text)


def test_the_file_is_never_kept(office: Office, tmp_path: Path) -> None:
    """What stood in columns that stay behind is in no file of the home."""
    private = "439999199001011239"
    rows = [(*line, private if line[0] else "") for line in LEDGER]
    anna = office.browser("anna")
    at = dropped(anna, _with_column(rows))
    page = anna.get(at)
    assert "身份证号不公开" in page.text
    assert page.text.index("身份证号不公开") < page.text.index("<details>")
    confirm(anna, at)
    kept = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert private.encode() not in kept


def _with_column(rows: list[tuple[Any, ...]]) -> bytes:
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as workbook:
        sheet = workbook.add_worksheet("收支")
        lines = (("示例村2026年第一季度财务收支明细表",), ("单位：元",), (*HEAD, "身份证号"), *rows)
        for row, line in enumerate(lines):
            sheet.write_row(row, 0, line)
    return out.getvalue()
