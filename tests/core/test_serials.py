"""Numbers too long for a text: savings books in any spelling, and what may be as long."""

import pytest

from noticeboard.core.serials import long_number, may_be_long


@pytest.mark.parametrize(
    "text",
    [
        "存折81010550000123456",
        "８１０１０５５００００１２３４５６",
        "8101 0550 0001 2345 6",
        "8101-0550-0001-2345",
        "81010550000123",
        "81010\u200b550000123456",
    ],
)
def test_a_long_number_is_found_however_it_is_spelled(text: str) -> None:
    """Unbroken, full-width, in fours, with signs that nobody sees; only its ends are said."""
    assert long_number(text).startswith("8101…")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "湘财农〔2026〕12号",
        "2026-01-15至2026-03-31",
        "20260115-20260331",
        "2023 2024 2025 2026年",
        "记-3、记-4",
        "1,234,567,890,123.00",
        "1234567890123",
        "430721 1200 3600",
    ],
)
def test_days_years_and_amounts_are_none(text: str) -> None:
    """What stands in texts every day."""
    assert "" == long_number(text)


@pytest.mark.parametrize(
    ("field", "label", "expected"),
    [
        ("voucher", "凭证号", True),
        ("number", "合同编号", True),
        ("c3", "发票号码", True),
        ("c3", "项目代码", True),
        ("c3", "附注", False),
        ("summary", "摘要", False),
        ("c3", "存折号", False),
    ],
)
def test_what_is_asked_for_by_its_number(field: str, label: str, expected: bool) -> None:
    """Vouchers, contracts, invoices, codes of projects; nothing that is somebody's."""
    assert expected == may_be_long(field, label)
