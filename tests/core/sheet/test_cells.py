"""A cell's words are fit to print, and compare alike however they were typed."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from noticeboard.core.sheet.cells import key, words

EVERYDAY = st.text("付第号 王（二0aZ：、\u3000\u200b\u202e\n\té\u0301ﬁ\ufffd·①", max_size=12)


@given(EVERYDAY)
def test_words_are_one_line_and_hold_nothing_unseen(text: str) -> None:
    """Composed, single spaces, and nothing that could turn a line round; twice changes nothing."""
    said = words(text)
    assert " ".join(said.split()) == said == words(said)
    assert unicodedata.is_normalized("NFC", said)
    assert {"Cc", "Cf"}.isdisjoint(map(unicodedata.category, said))


@given(EVERYDAY)
def test_wide_and_narrow_large_and_small_compare_alike(text: str) -> None:
    """Spaces, width and case say nothing."""
    wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)
    assert key(text) == key(wide) == key(f" {text.upper()}\u3000")
    assert key(text) == "".join(unicodedata.normalize("NFKC", words(text)).casefold().split())
