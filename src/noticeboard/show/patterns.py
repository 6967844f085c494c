"""Every component and state of the board's looks on one page, from the partials that pages use."""

from typing import ClassVar, Final

from msgspec import Struct

from noticeboard.core.particulars import Content, Spending, SpendingRow
from noticeboard.core.parts import Stated
from noticeboard.show.charts import Bar, bars
from noticeboard.show.foot import Check, Foot, Signer
from noticeboard.show.head import Band
from noticeboard.show.lines import Lines, spending_lines
from noticeboard.show.listing import Item
from noticeboard.show.render import Page, View
from noticeboard.show.sentences import Number, money
from noticeboard.show.texts import Words, text
from noticeboard.show.views import Figure
from noticeboard.show.views_lists import Turn


class Swatch(Struct, frozen=True):
    """A colour by its role's class, and what it is for."""

    name: str
    use: Words


class Mark(Struct, frozen=True):
    """A state's word; `still` for what no longer runs."""

    word: Words
    still: bool


class PatternsView(View, frozen=True, kw_only=True):
    """The page of patterns."""

    template: ClassVar[str] = "public/patterns.html"
    sheets: ClassVar[tuple[str, ...]] = ("tokens", "base", "days", "notice", "board", "patterns")

    page: Page
    swatches: tuple[Swatch, ...]
    marks: tuple[Mark, ...]
    number: Number
    figures: tuple[Figure, ...]
    bands: tuple[Band, ...]
    foot: Foot
    items: tuple[Item, ...]
    lines: Lines
    bars: tuple[Bar, ...]
    turn: Turn


_SWATCHES: Final = (
    Swatch("paper", text("纸：每一页的底")),
    Swatch("sheet", text("白：填字的地方")),
    Swatch("wash", text("浅：条形图的底，演示的条纹")),
    Swatch("ink", text("墨：字、按钮、分节线")),
    Swatch("ink-2", text("淡墨：标签、第二行、条形")),
    Swatch("line", text("细线")),
    Swatch("edge", text("框线")),
    Swatch("red", text("印红：红线、章、迟了、撤下")),
    Swatch("amber", text("琥珀：更正、旧内容")),
    Swatch("pine", text("松绿：核对过，一样")),
    Swatch("indigo", text("靛蓝：链接、焦点")),
)
_STATES: Final = (
    *(Mark(text(word), still=False) for word in ("公示中", "已公开", "已更正")),
    *(Mark(text(word), still=True) for word in ("期满", "已撤下", "草稿", "待审", "待公开")),
)
_ROWS: Final = (
    SpendingRow(id=1, date="2026-01-10", summary="林地租金", income=200_000, method="转账"),
    SpendingRow(
        id=2,
        date="2026-02-03",
        summary="修机耕路",
        expense=50_000,
        method="转账",
        payee_as="三组村民",
        handler="李某",
    ),
    SpendingRow(id=3, date="2026-02-20", summary="买路灯", expense=5_050, method="现金"),
)


def patterns_view(at: int) -> PatternsView:
    """Give the page of patterns; what stands in it is made up and says so."""
    ledger = Spending(opening=0, closing=0, rows=_ROWS)
    return PatternsView(
        page=Page(
            title=text("样式"), at=at, section=text("样式"), mark="样式页：这里的内容都是编的"
        ),
        swatches=_SWATCHES,
        marks=_STATES,
        number=money(text("支出合计"), 5_123_450, text("平均每户约 {yuan} 元", yuan="166")),
        figures=(
            Figure(text("收入"), "＋86,000.00"),
            Figure(text("支出"), "−51,234.50"),
            Figure(text("结余"), "35,765.50"),
        ),
        bands=(
            Band("pine", text("这张纸是现在这一版"), (text("请看金额和纸上印的一样不一样。"),)),
            Band("amber", text("这张纸是旧的一版，后来改了。"), ()),
            Band("red", text("无法核对"), ()),
        ),
        foot=Foot(
            signers=(
                Signer("村报账员", "李某", text("填报，送审"), at - 90_000),
                Signer("监委会主任", "王某", text("监委会审核，同意公开"), at - 80_000),
                Signer("", "", text("按时间自动公开"), at - 70_000),
            ),
            check=Check("4F7K2M9Q", "2026-017", ("5D8K", "2M9Q", "77AB", "CDEF")),
            data="/n/4F7K2M9Q",
        ),
        items=(
            _item("耕地地力保护补贴名单", text("还剩"), "6"),
            _item("三月财务收支明细", text("迟"), "4", late=True),
            _item("停水通知", "", ""),
        ),
        lines=spending_lines("4F7K2M9Q", _ROWS, Stated(Content(title="", particulars=ledger))),
        bars=bars([("机耕路", 2_100_000), ("水泵", 68_050), ("路灯", 5_050)]),
        turn=Turn(2, 3, "/patterns", "/patterns"),
    )


def _item(title: str, word: Words, figure: str, *, late: bool = False) -> Item:
    return Item(
        href="/patterns",
        title=title,
        line=("一组", "4月9日公示", "2026-017号"),
        word=word,
        figure=figure,
        unit=text("天") if figure else "",
        late=late,
        foreign=True,
    )
