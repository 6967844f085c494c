"""Codes can be read aloud, typed badly and still be found; fingerprints are 128 bits exactly."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from noticeboard.core.codes import ALPHABET, code_from, fingerprint, is_code, normal, qr_url
from noticeboard.core.problems import NotValid

LEAF = bytes(range(32))


def number(text: str) -> int:
    """Read base32 the long way round."""
    value = 0
    for sign in text:
        value = value * 32 + ALPHABET.index(sign)
    return value


@pytest.mark.parametrize("value", range(32))
def test_each_sign_stands_for_its_five_bits(value: int) -> None:
    """Every one of the 32 values is written as its own sign, at either end of a code."""
    assert "0000000" + ALPHABET[value] == code_from(value.to_bytes(5))
    assert ALPHABET[value] + "0000000" == code_from((value << 35).to_bytes(5))


def test_the_alphabet_has_nothing_that_is_misread() -> None:
    """32 different signs, none of I, L, O, U."""
    assert 32 == len(set(ALPHABET))
    assert set() == set(ALPHABET) & set("ILOU")


@given(st.binary(min_size=5, max_size=16))
def test_a_code_holds_the_first_forty_bits(randomness: bytes) -> None:
    """Nothing of the randomness is lost or added, and what is made is a code."""
    code = code_from(randomness)
    assert randomness[:5] == number(code).to_bytes(5)
    assert is_code(code)
    assert code == normal(code)


def test_too_little_randomness_makes_no_code() -> None:
    """Four bytes would make a guessable code."""
    with pytest.raises(ValueError, match="5 random bytes"):
        code_from(bytes(4))


@pytest.mark.parametrize(
    "typed", ["k7q2 10mz", "K7Q2-1OMZ", "k7q2-lomz", "K7Q2IoMZ", " Ｋ７Ｑ２１０ＭＺ ", "K7Q210MZ"]
)
def test_a_code_is_found_however_it_is_typed(typed: str) -> None:
    """Case, spaces, hyphens, full width and the usual misreadings make no difference."""
    assert "K7Q210MZ" == normal(typed)


@pytest.mark.parametrize("text", ["", "K7Q210M", "K7Q210MZZ", "k7q210mz", "K7Q2I0MZ", "K7Q210MU"])
def test_what_is_no_code_is_none(text: str) -> None:
    """Only eight signs of the alphabet, as printed."""
    assert not is_code(text)


@given(st.binary(min_size=32, max_size=32))
def test_a_fingerprint_is_the_first_128_bits(leaf: bytes) -> None:
    """26 characters give back exactly the first 16 bytes."""
    text = fingerprint(leaf)
    assert 26 == len(text)
    assert leaf[:16] == number(text).to_bytes(16)
    assert text == normal(text)


def test_a_fingerprint_never_changes() -> None:
    """Golden: prints on walls carry it for ever."""
    assert "00041061050R3GG28A1C60T3GF" == fingerprint(LEAF)
    with pytest.raises(ValueError, match="32 bytes"):
        fingerprint(LEAF[:31])


@pytest.mark.parametrize(
    ("public", "expected"),
    [
        ("https://board.example.cn", "HTTPS://BOARD.EXAMPLE.CN"),
        ("https://board.example.cn/", "HTTPS://BOARD.EXAMPLE.CN"),
        ("http://192.168.1.5:8000", "HTTP://192.168.1.5:8000"),
    ],
)
def test_the_qr_holds_an_upper_case_address(public: str, expected: str) -> None:
    """Address, code and fingerprint, in the signs of the small QR mode."""
    assert f"{expected}/N/K7Q210MZ/00041061050R3GG28A1C60T3GF" == qr_url(public, "K7Q210MZ", LEAF)


@pytest.mark.parametrize(
    "public",
    [
        "board.example.cn",
        "https://example.cn/village",
        "https://村.example",
        "https://a@example.cn",
    ],
)
def test_an_address_the_qr_cannot_hold_is_refused(public: str) -> None:
    """The refusal says what to write instead."""
    with pytest.raises(NotValid, match="只有域名"):
        qr_url(public, "K7Q210MZ", LEAF)


def test_only_a_code_is_printed() -> None:
    """A typed code must be made normal first."""
    with pytest.raises(ValueError, match="Not a code"):
        qr_url("https://board.example.cn", "k7q210mz", LEAF)
