"""Money: whole fen, read strictly, printed exactly."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from noticeboard.core.money import MOST, fen, share, times, wan, yuan
from noticeboard.core.problems import NotValid

AMOUNTS = st.integers(-MOST, MOST)


@given(AMOUNTS)
def test_what_is_printed_is_read_back(amount: int) -> None:
    """Printing and reading lose no fen, with or without the commas."""
    assert amount == fen(yuan(amount)) == fen(yuan(amount).replace(",", ""))


@pytest.mark.parametrize(
    ("text", "amount"),
    [("0", 0), ("0.5", 50), ("1,234.50", 123450), ("-3", -300), (" 12 ", 1200), ("１２.5", 1250)],
)
def test_amounts_are_read_as_people_write_them(text: str, amount: int) -> None:
    """Yuan with at most two decimals, commas in their places, full-width digits too."""
    assert amount == fen(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-",
        "1.234",
        "1,23",
        "12,34.5",
        "1e3",
        "一百",
        "1.",
        ".5",
        "1 000",
        "0x10",
        "１，２３４",
        "NaN",
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    """What is not exact is never guessed."""
    with pytest.raises(NotValid, match="准确数字"):
        fen(text)


def test_an_amount_that_no_reader_keeps_is_refused() -> None:
    """Above 2**53 − 1 fen a browser would round."""
    assert MOST == fen(yuan(MOST))
    with pytest.raises(NotValid, match="金额太大"):
        fen(yuan(MOST + 1))


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (33600000000, "33,600 万"),
        (123456789, "123.46 万"),
        (5000, "0.01 万"),
        (-100000000, "-100 万"),
    ],
)
def test_a_second_line_says_it_in_wan(amount: int, text: str) -> None:
    """Half up to two decimals, no zeros at the end."""
    assert text == wan(amount)


@given(st.integers(-(10**9), 10**9), st.integers(0, 10**9))
def test_a_quantity_times_a_standard_is_half_up_to_the_fen(quantity: int, standard: int) -> None:
    """Against exact fractions, also below zero."""
    exact = abs(Fraction(quantity * standard, 1000))
    rounded = int(exact + Fraction(1, 2))
    assert (rounded if quantity >= 0 else -rounded) == times(quantity, standard)


@given(st.integers(-(10**12), 10**12), st.integers(1, 5000))
def test_a_share_is_half_up_to_the_whole_yuan(amount: int, among: int) -> None:
    """For a sentence such as 每户约 12 元, against exact fractions."""
    each = int(Fraction(abs(amount), among * 100) + Fraction(1, 2)) * 100
    assert (each if amount >= 0 else -each) == share(amount, among)
