"""The promises of a title's line breaks: words stay whole, nothing is lost, nothing runs."""

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from noticeboard.show.breaking import broken


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("示例村2026年第一季度财务收支明细", "示例村|2026年|第一季度|财务收支|明细"),
        ("示例村2026年耕地地力保护补贴", "示例村|2026年|耕地地力|保护|补贴"),
        ("蓄水工程：从“引水”改成“蓄水”", "蓄水|工程：|从|“引水”|改|成|“蓄水”"),
        ("三组机耕路硬化：村民代表会议决议", "三组|机耕路|硬化：|村民代表|会议|决议"),
        ("晚上开屋场会：说说路灯", "晚上|开|屋场会：|说说|路灯"),
        ("2026年3月12日停水", "2026年|3月|12日|停水"),
        ("示例村村民委员会合同12,800.00元", "示例村|村民委员会|合同|12,800.00元"),
    ],
)
def test_a_title_breaks_between_words(title: str, expected: str) -> None:
    """Years, quarters, amounts, quoted words and what notices are made of are never divided."""
    assert expected == str(broken(title)).replace("<wbr>", "|")


@given(st.text(alphabet=st.characters(exclude_categories=("Cs", "Cc"))))
def test_no_character_is_lost_or_obeyed(title: str) -> None:
    """Without the places to break a title is what was written, and markup in it stays text."""
    assert title == html.unescape("".join(str(broken(title)).split("<wbr>")))


def test_markup_stays_text() -> None:
    """A title cannot write HTML."""
    assert "<b>" not in broken("<b>补贴</b>")
