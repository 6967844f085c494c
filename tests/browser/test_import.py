"""A workbook from drop to draft in a real browser: on a phone, on the desk, without a script."""

import base64
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest
import xlsxwriter
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from noticeboard.store import drafts
from noticeboard.store.drafts import Draft
from tests.browser.test_draft_form import DESK, PHONE, Place, place, signed_in
from tests.cast import VILLAGE

__all__ = ["place"]

HEAD = ("日期", "凭证号", "摘要", "收入", "支出", "余额", "给了谁", "经手人")
LEDGER = (
    ("", "", "上期结转", "", "", 1000, "", ""),
    ("2026-01-10", "记-1", "林地租金", 2000, "", 3000, "", "李秀英"),
    ("2026-02-03", "记-2", "付修机耕路", "", 500, 2500, "王建军", "李秀英"),
    ("", "", "合计", 2000, 600, 2500, "", ""),
)


def book(*rows: tuple[Any, ...]) -> bytes:
    """Make a ledger whose total is 100 yuan too high and whose payees have an odd header."""
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as workbook:
        sheet = workbook.add_worksheet("收支")
        lines = (("示例村2026年第一季度财务收支明细表",), ("单位：元",), HEAD, *(rows or LEDGER))
        for row, line in enumerate(lines):
            sheet.write_row(row, 0, line)
    return out.getvalue()


def drawer(place: Place) -> list[Draft]:
    with place.cast.board.database.read() as tx:
        return list(drafts.of_village(tx, VILLAGE))


def choose(page: Page, data: bytes, name: str = "收支.xlsx") -> None:
    """Choose a file as a phone does, and send it."""
    file = {"name": name, "mimeType": "application/octet-stream", "buffer": data}
    page.set_input_files("#workbook", file)  # type: ignore[arg-type]
    page.locator(".drop button").click()


def drop(page: Page, data: bytes, name: str = "收支.xlsx") -> None:
    """Drop a file somewhere on the page, beside the field for it."""
    page.evaluate(
        """([encoded, name]) => {
          const bytes = Uint8Array.from(atob(encoded), (one) => one.charCodeAt(0));
          const data = new DataTransfer();
          data.items.add(new File([bytes], name));
          document.querySelector("h1").dispatchEvent(
            new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
        }""",
        [base64.b64encode(data).decode(), name],
    )


@pytest.fixture(params=["desk", "phone", "no script"])
def page(chromium: Browser, place: Place, request: pytest.FixtureRequest) -> Iterator[Page]:
    size = DESK if request.param == "desk" else PHONE
    script = request.param != "no script"
    page = signed_in(chromium, place, viewport=size, java_script_enabled=script)
    page.goto(f"{place.here}/desk/{VILLAGE}")
    yield page
    page.context.close()


def test_from_drop_to_draft(page: Page, place: Place, request: pytest.FixtureRequest) -> None:
    """Drop, mend a column, explain a difference, look at all three surfaces, confirm twice."""
    way = request.node.callspec.params["page"]
    (drop if way == "desk" else choose)(page, book())
    expect(page.locator("h1")).to_have_text("有 1 处要先改好")
    expect(page.locator(".red .at")).to_contain_text("收支!E7")
    expect(page.locator(".red .gap")).to_have_text("差 100.00 元")
    page.locator("[name='column.G']").select_option("payee")
    if way == "no script":
        page.locator("details .quiet").click()
    expect(page.locator("[name='column.G']")).to_have_value("payee")
    expect(page.locator("[name='column.G'] option[selected]")).to_have_attribute("value", "payee")
    page.locator(".explain textarea").fill("乡镇多打了一百元")
    page.locator(".explain button").click()
    expect(page.locator(".pine")).to_contain_text("可以存了")
    assert [] == drawer(place)
    if way != "no script":
        framed = page.frame_locator(".on-phone iframe")
        expect(framed.locator("h1")).to_contain_text("2026年第一季度")
        expect(framed.locator("body")).to_contain_text("乡镇多打了一百元")
        page.locator("label[for=tab-paper]").click()
        expect(page.frame_locator(".on-paper iframe").locator("body")).to_contain_text("示例村")
        found = Axe().run(page).response["violations"]
        assert [] == [(one["id"], one["nodes"][0]["html"]) for one in found]
    width = page.viewport_size["width"] if page.viewport_size else 0
    if way != "no script":
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    at = page.url
    page.locator(".save button").click()
    expect(page.locator("h1")).to_have_text("已存成草稿 1 份")
    page.goto(at)
    expect(page.locator("h1")).to_have_text("已存成草稿 1 份")
    (draft,) = drawer(place)
    assert "王建军" == draft.typed["rows"][1]["payee"]
    assert "乡镇多打了一百元" in draft.typed["explanation"]


@pytest.mark.parametrize("page", ["phone"], indirect=True)
@pytest.mark.parametrize(
    ("data", "name", "said"),
    [
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "收支.xlsx", "这是一张图片，不是表格"),
        (b"PK\x03\x04" + bytes(20_000_000), "收支.xlsx", "文件超过 20 MB"),
        (b"", "收支.csv", "这个文件是空的"),
    ],
)
def test_a_wrong_file_is_said_to_be_wrong(
    page: Page, place: Place, data: bytes, name: str, said: str
) -> None:
    """What it is and what to do, with the field for another one below."""
    choose(page, data, name)
    expect(page.locator(".found")).to_contain_text(said)
    expect(page.locator("form.upload")).to_be_visible()
    assert [] == drawer(place)


@pytest.mark.parametrize("page", ["desk"], indirect=True)
def test_two_people_at_once_get_one_notice(chromium: Browser, page: Page, place: Place) -> None:
    """The slower one is told that the faster one's draft says it already."""
    rows = (*LEDGER[:3], ("", "", "合计", 2000, 500, 2500, "", ""))
    other = signed_in(chromium, place)
    other.goto(f"{place.here}/desk/{VILLAGE}")
    for one in (page, other):
        # The same figures, and yet another file: a workbook says when it was made.
        drop(one, book(*rows) + (b"" if one is page else b"\0"))
        expect(one.locator(".pine")).to_contain_text("可以存了")
    for one in (page, other):
        one.locator(".save button").click()
    expect(page.locator("h1")).to_have_text("已存成草稿 1 份")
    expect(other.locator(".summary")).to_contain_text("别人刚刚存了一份同样的草稿")
    expect(other.locator("h1")).to_have_text("和已经有的一样，不用再存")
    assert 1 == len(drawer(place))
    other.context.close()


@pytest.mark.parametrize("page", ["phone"], indirect=True)
def test_what_stays_behind_is_readable_on_a_phone(page: Page) -> None:
    """Beside a column that is not taken in stands why, in one line and not letter by letter."""
    lines = ("示例村2026年耕地地力保护补贴公示表", "组别,姓名,身份证号,金额", "一组,李秀英,,100")
    choose(page, "\n".join(lines).encode(), "补贴.csv")
    page.locator("summary", has_text="每一列怎么用的").click()
    why = page.locator(".meanings .is-private span", has_text="不公开，没有带入")
    expect(why).to_be_visible()
    box = why.bounding_box()
    assert box is not None
    assert (True, True) == (box["width"] > 150, box["height"] < 40)


@pytest.mark.parametrize("page", ["phone"], indirect=True)
def test_a_list_that_was_changed_stays_under_the_finger(page: Page) -> None:
    """However much went or came above it: its clerk sees at once what became of the column."""
    choose(page, book(*LEDGER[:3], ("", "", "合计", 2000, 500, 2500, "", "")))
    expect(page.locator(".pine")).to_contain_text("可以存了")
    column = page.locator("[name='column.E']")
    for taken_for in ("drop", "expense"):
        column.evaluate("one => { one.closest('details').open = true; }")
        column.scroll_into_view_if_needed()
        before = column.bounding_box()
        with page.expect_navigation():
            column.select_option(taken_for)
        expect(column).to_have_value(taken_for)
        after = column.bounding_box()
        assert before is not None
        assert after is not None
        assert abs(before["y"] - after["y"]) < 3
