"""What a heading says: whose sheet it is, and in which unit."""

import pytest

from noticeboard.core.sheet.headers import Headers
from noticeboard.core.sheet.heading import Heading, read
from noticeboard.formats import workbook


@pytest.fixture(scope="module")
def headers() -> Headers:
    return workbook.headers()


def of(headers: Headers, *titles: str, village: str = "示例村", file: str = "") -> Heading:
    return read(titles, "Sheet1", village, headers, file)


@pytest.mark.parametrize(
    "title",
    [
        "杏花村委会2026年一季度收支明细",
        "杏花村民委员会财务公开",
        "杏花村村民委员会财务公开",
        "杏花村第一季度收支",
        "杏花村1-3月份收支",
        "杏花村账务公开表",
        "杏花村村级财务公开",
        "杏花村的收支",
        "财务收支（杏花村）",
        "单位：杏花村村民委员会",
        "制表单位：杏花村",
        "公开单位：杏花村民委员会",
    ],
)
def test_another_village_is_known_however_it_is_put(headers: Headers, title: str) -> None:
    """The commonest forms leave out the second 村, or name the body alone."""
    assert ("杏花村",) == of(headers, title).others
    assert ("杏花村",) == of(headers, "财务收支明细", title).others


def test_a_community_is_a_village_too(headers: Headers) -> None:
    """居委会 is what a community calls its body."""
    assert ("杏花社区",) == of(headers, "杏花居委会2026年收支").others
    assert () == of(headers, "杏花居委会2026年收支", village="杏花社区").others


@pytest.mark.parametrize(
    "title",
    [
        "示例镇示例村2026年收支",
        "示例村委会2026年一季度收支",
        "示例村村级债务",
        "示例村村集体资产",
        "新农村建设项目",
        "农村集体经济组织收支",
        "美丽乡村建设资金收支",
        "驻村工作队名单",
        "全村收支",
        "村务公开",
    ],
)
def test_no_other_village_is_seen_where_none_is_named(headers: Headers, title: str) -> None:
    """Words with 村 in them are no names."""
    assert () == of(headers, title).others


@pytest.mark.parametrize(
    ("title", "fen"),
    [
        ("单位:元", 100),
        ("单位：万 元", 1_000_000),
        ("单位（万元）", 1_000_000),
        ("单位:人民币万元", 1_000_000),
        ("计量单位：万元", 1_000_000),
        ("货币单位：万元", 1_000_000),
        ("金额：万元", 1_000_000),
        ("单位：万", 1_000_000),
        ("单位：千元", 100_000),
        ("单位:元、亩", 100),
        ("2026年4月10日单位:元", 100),
    ],
)
def test_the_unit_is_read_however_it_is_put(headers: Headers, title: str, fen: int) -> None:
    """Taken for yuan, ten thousands would be stated ten thousand times too small."""
    assert fen == of(headers, "示例村2026年收支", title).unit


@pytest.mark.parametrize("title", ["填报单位:示例村", "单位：万株", "单位:示例村村民委员会"])
def test_no_unit_of_money_is_seen_where_none_is_named(headers: Headers, title: str) -> None:
    """A 单位 may be a body, and 万 may count trees."""
    assert of(headers, "示例村2026年收支", title).unit is None
