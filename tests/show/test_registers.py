"""Registers of assets, contracts and labour and titled tables, on every surface they come to."""

import re

import pytest
from msgspec.structs import replace

from noticeboard.board.finding import words_of
from noticeboard.core.days import instant
from noticeboard.core.drafting import read, typed_of
from noticeboard.core.particulars import Content, Kind
from noticeboard.core.parts import Stated
from noticeboard.show.corrections import corrected
from noticeboard.show.data import table
from noticeboard.show.fitting import frame
from noticeboard.show.paging import paged, room
from noticeboard.show.paper import paper
from noticeboard.show.printing import sheets
from noticeboard.show.render import render
from noticeboard.show.sentences import told
from noticeboard.show.sheets import sheet
from noticeboard.show.texts import said
from noticeboard.show.views_notice import draft_view, notice_view, row_view
from tests.cast import FORMS
from tests.show import samples

KINDS: tuple[Kind, ...] = ("asset", "contract", "labour", "table")
PEOPLE = ("李秀英", "王建军", "陈桂花", "赵铁柱", "刘满仓")
AT, UNTIL = samples.AT, samples.UNTIL


def content_of(kind: Kind, **typed: object) -> Content:
    return read(kind, {**FORMS[kind], **typed})


def words(view: object) -> str:
    body = re.sub(r"<wbr>|<style>.*?</style>", "", render(view).body.decode())  # type: ignore[arg-type]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", body))


def on_paper(content: Content) -> str:
    printed = paper(Stated(content), AT)
    cells = [" ".join(row.cells) for row in printed.rows]
    return " ".join((*cells, *printed.texts, *(f"{said(a)} {b}" for a, b in printed.totals)))


def on_screen(content: Content) -> str:
    shown = sheet(Stated(content), 0, AT)
    lines = (f"{one.when} {one.what} {one.who} {one.amount}" for one in shown.lines)
    return " ".join((*lines, shown.text, *(" ".join(pair) for pair in shown.figures)))


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        ("asset", "截至2025年12月31日，一共 2 项资产，原值 51,200.00 元，净值 40,100.50 元。"),
        (
            "contract",
            "截至2025年12月31日，一共 2 份合同，每年租金 7,200.00 元，1 份已到期，1 份欠收，"  # noqa: ISC004
            "一共欠 1,200.00 元。",
        ),
        ("labour", "清理水渠，用工 2 笔，5.5 个工日，工钱一共 660.00 元。"),
        ("table", "一共 2 条，工本费 10.00 元。"),
    ],
)
def test_a_register_in_one_sentence(kind: Kind, sentence: str) -> None:
    """What it comes to, the same on every surface, naming nobody."""
    assert sentence == said(told(content_of(kind), 0, AT).sentence)


@pytest.mark.parametrize(
    ("kind", "says"),
    [
        ("asset", ("抽水泵", "2 台", "7.5 千瓦", "3,200.00", "2,100.00", "李秀英", "40,100.50")),
        ("contract", ("三组山塘", "王建军", "12.5 亩", "1,200.00", "4,800.00", "欠收")),
        ("labour", ("清淤", "赵铁柱", "2.5", "300.00", "660.00")),
        ("table", ("宅基地申请", "王建军", "2", "10.00", "贷款证明", "陈桂花")),
    ],
)
def test_page_and_paper_say_what_the_rows_state(kind: Kind, says: tuple[str, ...]) -> None:
    """Each figure and name that was approved stands on the phone and on the wall."""
    content = content_of(kind)
    for surface in (words(notice_view(samples.facts(content))), on_paper(content)):
        assert [] == [part for part in says if part not in surface]


@pytest.mark.parametrize("kind", KINDS)
def test_a_screen_says_every_row_and_adds_up_its_own_page(kind: Kind) -> None:
    """In both ways a screen hangs, no row is lost, however many there are."""
    few = content_of(kind)
    rows = [{**row, "id": ""} for row in typed_of(few)["rows"]] * 20
    totals = {"total": "13,200"} if kind == "labour" else {"original": "", "net": ""}
    many = content_of(kind, rows=rows, **totals)
    for size in ((1080, 1920), (1920, 1080)):
        shown = sheet(Stated(many), 0, AT)
        given = room(frame(*size), number=True, correction=0, band=True)
        pages = paged(shown, frame(*size), given)
        assert 40 == sum(len(page.rows) for page in pages)
        for page in pages:
            amount = sum(row.line.plus for row in page.rows)
            assert [f"{amount / 100:,.2f}"] * bool(amount) == [sum_ for _word, sum_ in page.sums]


@pytest.mark.parametrize("kind", KINDS)
def test_nobody_is_named_after_the_end_or_by_an_erased_row(kind: Kind) -> None:
    """On page, row, data and screen; amounts stay."""
    content = content_of(kind)
    ended = samples.facts(content, at=UNTIL + 86_400)
    bare = samples.nameless_rows(content)
    erased = samples.facts(content, stated=Stated(bare, nameless=(1, 2)))
    for facts in (ended, erased):
        rows = [words(row_view(facts, row_id)) for row_id in (1, 2)]
        surfaces = [words(notice_view(facts)), *rows, table(facts, content.title).decode()]
        assert not [name for name in PEOPLE for one in surfaces if name in one]
    assert "姓名不再显示" in words(notice_view(ended))
    assert "已隐去" in words(notice_view(erased))
    assert not [name for name in PEOPLE if name in on_screen(bare) + on_paper(bare)]


@pytest.mark.parametrize(
    ("day", "over"), [("2025-12-31", False), ("2026-01-01", True), ("2027-03-01", True)]
)
def test_a_contract_is_over_the_day_after_its_last(day: str, over: bool) -> None:
    """By the date asked, not by when it was published."""
    at = instant(day, "00:00")
    facts = samples.facts(content_of("contract"), at=at, until=at + 86_400)
    assert over == ("已到期" in words(notice_view(facts)))
    assert over == ("已到期" in words(row_view(facts, 1)))
    assert (day > "2027-02-28") == ("2 份已到期" in words(notice_view(facts)))


def test_assets_are_added_up_by_category() -> None:
    """Each category has its sums of cost and worth, and all have the totals."""
    page = words(notice_view(samples.facts(content_of("asset"))))
    assert "小计 原值 48,000.00 净值 38,000.50" in page
    assert "小计 原值 3,200.00 净值 2,100.00" in page
    assert "合计 原值 51,200.00 净值 40,100.50" in page


@pytest.mark.parametrize(
    ("kind", "index", "typed", "sentence"),
    [
        ("asset", 0, {"net": "37,000.50"}, "第1行（村部办公楼）从 38,000.50 元改成 37,000.50 元"),
        ("contract", 0, {"owed": "0"}, "第1行（三组山塘）从 1,200.00 元改成 0.00 元"),
        ("labour", 1, {"amount": "350"}, "第2行（砌石）从 360.00 元改成 350.00 元"),
        ("table", 0, {"c4": "12"}, "第1行从 10.00 元改成 12.00 元，多了 2.00 元。"),
        ("table", 0, {"c2": "王建国"}, "改了姓名，金额没有变。"),
        ("table", 0, {"c0": "宅基地"}, "改了盖什么。"),
    ],
)
def test_a_correction_says_what_changed(
    kind: Kind, index: int, typed: dict[str, str], sentence: str
) -> None:
    """By how many yuan at which row, and never whose it is."""
    old = content_of(kind)
    form = typed_of(old)
    form["rows"][index].update(typed)
    new = read(kind, form, last_row=old.last_row)
    assert said(corrected(old, new)).startswith(sentence)


def test_a_table_of_data_has_the_columns_it_declares() -> None:
    """A person's column is left out where names may not be shown."""
    content = content_of("table")
    up = table(samples.facts(content), content.title).decode("utf-8-sig").splitlines()
    assert "行号,盖什么,日期,经办人,份数,工本费（元）" == up[0]
    assert "1,宅基地申请,2026-01-05,王建军,2,10.00" == up[1]
    ended = table(samples.facts(content, at=UNTIL + 86_400), content.title)
    assert "行号,盖什么,日期,份数,工本费（元）" == ended.decode("utf-8-sig").splitlines()[0]


def wide(columns: int, reads: str) -> Content:
    declared = [{"label": f"第{n}列", "read": reads} for n in range(columns)]
    cell = {"money": "1,234,567.00", "text": "很长的一段文字" * 6}[reads]
    rows = [{f"c{n}": cell for n in range(columns)}] * 30
    return read("table", {"title": "登记", "columns": declared, "rows": rows})


@pytest.mark.parametrize("columns", [1, 2, 5, 12])
@pytest.mark.parametrize("reads", ["money", "text"])
def test_a_table_of_any_width_fits_its_paper(columns: int, reads: str) -> None:
    """Columns fill the sheet exactly; where figures would be broken, rows become lines of words."""
    content = wide(columns, reads)
    printed = paper(Stated(content), AT)
    widths = [column.width for column in printed.columns]
    assert sum(widths) in (0, 174)
    assert bool(widths) == (reads == "text" or columns < 12)
    pages = list(sheets(printed, content.title, "一句话。", "", marked=False))
    if widths:
        assert 30 == sum(len(page.rows) for page in pages)
    else:
        assert 30 == sum("第0列 1,234,567.00" in text for text in printed.texts)


def test_what_a_clerk_types_into_a_table_is_never_markup() -> None:
    """Neither in a cell nor in the name of a column."""
    nasty = "<b>{x}%(y)s"
    columns = [{"label": nasty, "read": "text"}, {"label": "人", "read": "person"}]
    content = content_of("table", columns=columns, rows=[{"c0": nasty, "c1": nasty}])
    where = samples.place()
    for view in (draft_view(where, content, AT), notice_view(samples.facts(content))):
        assert "<b>{x}" not in render(view).body.decode()


def test_a_row_without_its_first_cell_is_still_a_row() -> None:
    """It says that nothing is written there, and the rest."""
    content = content_of("table", rows=[{"c3": "2"}])
    page = words(notice_view(samples.facts(replace(content, title="登记"))))
    assert "没有写" in page
    assert "份数：2" in page


def test_the_only_column_of_money_stands_once_in_a_row() -> None:
    """To the right, and not again among the words."""
    body = render(notice_view(samples.facts(content_of("table")))).body.decode()
    row = body.partition('<li id="r1">')[2].partition('<li id="r2">')[0]
    assert 1 == row.count("10.00")


def test_a_table_is_found_by_its_words_and_not_by_how_they_are_read() -> None:
    """Of a column only its name is a word of the notice."""
    searched = words_of(content_of("table")).splitlines()
    assert {"宅基地申请", "盖什么"} <= set(searched)
    assert not {"text", "money", "person"} & set(searched)
