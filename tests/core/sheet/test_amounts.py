"""Every amount that a sheet can mean is read exactly; whatever else it says is refused."""

import re
from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from noticeboard.core.money import MOST, yuan
from noticeboard.core.problems import NotValid
from noticeboard.core.sheet.amounts import WAN, fen, rate, thousandths

WIDE = str.maketrans("0123456789.,()-", "０１２３４５６７８９．，（）－")


def plain(amount: int) -> str:
    return f"{amount // 100}.{amount % 100:02d}"


def capitals(amount: int) -> str:
    """Write an amount as a bank wants it on a slip."""
    digits = "零壹贰叁肆伍陆柒捌玖"
    whole, jiao, fen_left = amount // 100, amount // 10 % 10, amount % 10
    text = ""
    for place, digit in enumerate(reversed(str(whole))):
        unit = ("", "拾", "佰", "仟")[place % 4]
        big = ("", "万", "亿", "万")[place // 4] if place % 4 == 0 else ""
        text = (digits[int(digit)] + unit if digit != "0" else "零") + big + text
    text = re.sub("零+", "零", text)
    text = re.sub("零(?=[万亿])", "", text).replace("亿万", "亿").removesuffix("零")
    tail = (f"{digits[jiao]}角" if jiao else "零") + (f"{digits[fen_left]}分" if fen_left else "")
    return (f"{text}元" if whole else "") + (tail if amount % 100 else "整")


SPELLINGS = {
    "with commas": yuan,
    "bare": plain,
    "with a currency sign": lambda amount: f"￥{yuan(amount)}",
    "with a half-width sign": lambda amount: f"¥ {yuan(amount)}",
    "in words": lambda amount: f"人民币{plain(amount)}元",
    "with 元": lambda amount: f"{plain(amount)}元",
    "with 元整": lambda amount: f"{plain(amount)} 元整",
    "full-width": lambda amount: yuan(amount).translate(WIDE),
    "as text": lambda amount: f"'{plain(amount)}",
    "in spaces": lambda amount: f"  {plain(amount)}\u3000",
    "in thousands by fixed spaces": lambda amount: yuan(amount).replace(",", "\u00a0"),
    "in thousands by thin spaces": lambda amount: yuan(amount).replace(",", "\u2009"),
    "in 万": lambda amount: f"{Decimal(amount) / WAN:f}万",
    "in 万元": lambda amount: f"{Decimal(amount) / WAN:f} 万元",
    "as a number": lambda amount: Decimal(amount) / 100,
}
DEBITS = {
    "in brackets": lambda amount: f"({yuan(amount)})",
    "in wide brackets": lambda amount: f"（{plain(amount)}）".translate(WIDE),
    "with a minus": lambda amount: f"-{plain(amount)}",
    "with a wide minus": lambda amount: f"－{plain(amount)}",
    "minus before the sign": lambda amount: f"-￥{plain(amount)}",
    "minus after the sign": lambda amount: f"￥-{plain(amount)}",
    "as a number": lambda amount: Decimal(-amount) / 100,
}


@pytest.mark.parametrize("spelling", SPELLINGS)
@given(amount=st.integers(0, MOST // 100))
def test_every_amount_reads_back_from_every_spelling(spelling: str, amount: int) -> None:
    """Whatever the amount and however it is spelt, the same fen come back."""
    assert amount == fen(SPELLINGS[spelling](amount))


@pytest.mark.parametrize("spelling", DEBITS)
@given(amount=st.integers(1, MOST // 100))
def test_every_negative_amount_reads_back(spelling: str, amount: int) -> None:
    """A red or bracketed amount is less than nought."""
    assert -amount == fen(DEBITS[spelling](amount))


@given(st.integers(-(10**11), 10**11))
def test_dust_of_binary_fractions_is_wiped_off(amount: int) -> None:
    """A number cell holds the nearest binary fraction; the fen that were meant come back."""
    assert amount == fen(Decimal(repr(amount / 100)))
    assert amount == fen(Decimal(repr(amount / 100 + 1e-9)))


@given(st.integers(1, MOST // 100))
def test_every_amount_reads_back_from_capital_numerals(amount: int) -> None:
    """Written out as on a voucher, with 角 and 分 and every 零 in its place."""
    assert amount == fen(capitals(amount))


@given(st.integers(0, 10**9), st.integers(1, 9))
def test_parts_of_a_fen_are_refused(whole: int, part: int) -> None:
    """A third decimal that is not nought is never rounded away, in text or in a number cell."""
    for cell in (f"{whole}.00{part}", Decimal(f"{whole}.00{part}")):
        with pytest.raises(NotValid, match="小数位数太多"):
            fen(cell)


@pytest.mark.parametrize("cell", [None, "", " ", "-", "—", "——", "－", "/", "／", "\\", "无", "、"])
def test_a_dash_or_a_slash_is_no_amount(cell: str | None) -> None:
    """What clerks put into an empty place is nothing, not nought."""
    assert fen(cell) is None


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (0, 0),
        ("0", 0),
        (1200, 120_000),
        (".5", 50),
        ("12.", 1200),
        ("+12", 1200),
        ("3.5万", 3_500_000),
        ("贰仟元整", 200_000),
        ("人民币1,234.50元", 123_450),
        ("壹万贰仟叁佰肆拾伍元陆角柒分", 1_234_567),
        ("叁佰元零伍分", 30_005),
        ("拾元", 1_000),
        (Decimal("0.30000000000000004"), 30),
        ("1200元", 120_000),
        ("人民币(大写):壹佰零伍元整", 10_500),
        ("￥贰仟元正", 200_000),
        ("壹亿贰仟万元整", 12_000_000_000),
        ("壹万零贰元整", 1_000_200),
        ("壹佰亿零叁万零伍元零柒分", 1_000_003_000_507),
        ("零元整", 0),
        ("伍角", 50),
        ("(贰仟元整)", -200_000),
    ],
)
def test_spellings_of_the_reference(cell: str | int | Decimal, expected: int) -> None:
    """The spellings met in village sheets, one by one."""
    assert expected == fen(cell)


def test_a_sheet_in_wan_multiplies_only_bare_numbers() -> None:
    """单位:万元 means the numbers that do not say otherwise."""
    assert 3_500_000 == fen(Decimal("3.5"), WAN)
    assert 3_500_000 == fen("3.5", WAN)
    assert 120_000 == fen("1200元", WAN)
    assert 3_500_000 == fen("3.5万", WAN)


@pytest.mark.parametrize(
    "cell",
    ["壹万贰元", "贰叁仟元", "壹万贰仟", "元", "亿元", "(-500)", "五" * 41,
     "1200左右", "约1200", "1,23.4", "1,2345", "12 34", "1.2.3", "--5", "-￥-5", "五百", "1200.5.0",
     "1200-1300", "=1+1", "abc", "(", "100+200", "亿" * 30_000],
)  # fmt: skip
def test_what_is_no_exact_amount_is_refused_with_its_value(cell: str) -> None:
    """Nothing is guessed; the refusal repeats what stands there and says how to write it."""
    with pytest.raises(NotValid) as refusal:
        fen(cell)
    assert cell[:40] == refusal.value.findings[0].value.removesuffix("…")
    assert refusal.value.findings[0].fix


@pytest.mark.parametrize("cell", [Decimal("1E+308"), "9" * 30_000, 10**17])
def test_what_is_too_large_is_refused_at_once(cell: str | int | Decimal) -> None:
    """No number is too long to be refused quickly."""
    with pytest.raises(NotValid, match="数字太大"):
        fen(cell)


@pytest.mark.parametrize("cell", ["439999196805120015", "43999919680512001X元", 10**17 + 1])
def test_an_identity_number_in_the_wrong_column_is_never_repeated(cell: str | int) -> None:
    """A refusal says what stands there, but not whose number it is."""
    with pytest.raises(NotValid) as refusal:
        fen(cell)
    assert "0000000" not in str(refusal.value)
    assert "680512" not in str(refusal.value)


@given(st.text(max_size=40))
def test_any_text_is_an_amount_nothing_or_refused(text: str) -> None:
    """No text makes the reader stumble."""
    try:
        amount = fen(text)
    except NotValid:
        return
    assert amount is None or isinstance(amount, int)


@given(st.integers(0, 10**9))
def test_quantities_keep_three_decimals(quantity: int) -> None:
    """3.25 mu is 3250 thousandths, as a number and as text with its unit."""
    assert quantity == thousandths(Decimal(quantity) / 1000)
    assert quantity == thousandths(f"{Decimal(quantity) / 1000:f}亩")


def test_a_quantity_with_more_decimals_is_refused() -> None:
    """A fourth decimal is never rounded away, and words are no quantity."""
    for cell in (Decimal("1.2345"), "1.2345", "三亩多"):
        with pytest.raises(NotValid):
            thousandths(cell)


@pytest.mark.parametrize(
    "cell",
    ["300\n200", "300 200", "300\r\n200", "300\u3000200", "1 000.00", "300\u00a0\n200",
     "300\x0b200", "300元\n200元", "叁佰元\n贰拾元", "叁佰\n贰拾元", "300、200", "300/200"],
)  # fmt: skip
@pytest.mark.parametrize("how", [fen, thousandths])
def test_two_amounts_in_a_cell_never_make_one(how: Callable[[str], int | None], cell: str) -> None:
    """Alt+Enter between 300 and 200 makes no three hundred thousand."""
    with pytest.raises(NotValid):
        how(cell)


def test_a_break_that_parts_no_numbers_is_only_a_break() -> None:
    """A narrow column breaks its words."""
    assert [120_000, 50_000, 120_000] == [fen("1200\n元"), fen("伍佰元\n整"), fen("￥\n1200")]


@pytest.mark.parametrize(
    "cell",
    [
        "105元/亩",
        "105 元／亩",
        "105/亩",
        "每亩105元",
        "105元每亩",
        "105元/亩.年",
        "105",
        "每人每月105元",
    ],
)
def test_a_rate_may_say_of_what_it_is(cell: str) -> None:
    """The header says 标准 alone, and each cell the rest."""
    assert 10_500 == rate(cell)


@pytest.mark.parametrize("cell", ["105/300", "105元/", "105元/亩左右", "100-105元/亩"])
def test_what_is_no_rate_is_refused(cell: str) -> None:
    """Of two rates nobody knows which was paid; an amount by the mu is none."""
    with pytest.raises(NotValid):
        rate(cell)
    with pytest.raises(NotValid):
        fen("105元/亩")
