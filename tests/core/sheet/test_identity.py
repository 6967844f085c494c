"""Identity numbers are judged by their own check, and tell namesakes apart."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from noticeboard.core.sheet.identity import LONGEST_TAIL, number, tails


def full(first: str) -> str:
    """Write the check character by the standard's own table of weights."""
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(digit) * weight for digit, weight in zip(first, weights, strict=True))
    return first + "10X98765432"[total % 11]


@given(st.integers(0, 999))
def test_a_good_number_is_good_and_one_changed_digit_is_not(serial: int) -> None:
    """The check character finds every single wrong digit."""
    good = full(f"43999919680512{serial:03d}")
    assert (good.lower(), "good") == number(good)
    for place in range(14, 17):
        other = str((int(good[place]) + 1) % 10)
        assert ("", "wrong") == number(good[:place] + other + good[place + 1 :])


@pytest.mark.parametrize(
    ("cell", "health"),
    [
        (None, "none"),
        ("", "none"),
        ("439999520315123", "good"),
        (439_999_520_315_123, "good"),
        ("439999521315123", "wrong"),
        ("439999196805120", "wrong"),
        ("123", "wrong"),
        (439_999_196_805_120_000, "lost"),
        (Decimal("4.39999196805120E+17"), "lost"),
        ("4.4E+17", "lost"),
        ("'" + full("43999919680512001"), "good"),
        (full("43999919680512001").replace("4399991968", "439999 1968 "), "good"),
        ("４３９９９９１９６８０５１２００１" + full("43999919680512001")[-1], "good"),
    ],
)
def test_what_can_be_relied_on(cell: str | int | Decimal | None, health: str) -> None:
    """Lost digits are said to be lost, never invented; both lengths are known."""
    assert health == number(cell)[1]


@given(st.sets(st.from_regex(r"[0-9]{17}[0-9x]", fullmatch=True), min_size=2, max_size=6))
def test_tails_are_the_shortest_that_differ(numbers: set[str]) -> None:
    """No shorter ending would do, none is longer than four, all differ."""
    listed = sorted(numbers)
    found = tails(listed)
    if found is None:
        assert len({text[-LONGEST_TAIL:] for text in listed}) < len(listed)
        return
    length = len(found[0])
    assert len(set(found)) == len(listed)
    assert length == 1 or len({text[1 - length :] for text in listed}) < len(listed)


def test_an_x_at_the_end_is_printed_large() -> None:
    """As on the card."""
    assert ("X", "1") == tails(["1x", "11"])
