"""The promises of a rule's basis in words: the text, its article, and how sure that is."""

import pytest

from noticeboard.core.sourced import Verified
from noticeboard.show.basis import words
from noticeboard.show.texts import said
from tests.show.samples import rules


@pytest.mark.parametrize(
    ("cited", "verified", "chinese", "english"),
    [
        (
            ("L1 30(1)",),
            "no",
            "《中华人民共和国村民委员会组织法》2018年文本第三十条第（一）项；现行条号待核",
            "text of 2018 Art. 30(1); its number today is still to be checked",
        ),
        (
            ("L2 46",),
            "yes",
            "《中华人民共和国农村集体经济组织法》第四十六条（读过全文）",
            "Art. 46 (read in full)",
        ),
        (("general-knowledge",), "general-knowledge", "通用做法，未核", "usual practice"),
        (("board-design",), "no", "本公开栏的约定", "this board's own settlement"),
        (("W36",), "no", "《齐鲁晚报关于村级用工公开的报道》（未核）", "(not checked)"),
        (
            ("L6 20", "W73"),
            "yes",
            "《社会救助暂行办法》第二十条；《农村危房改造通知（论坛转载件）》（读过全文）",
            "Art. 20; ",
        ),
        (
            ("L16 重庆18(5)",),
            "yes",
            "重庆第十八条第（五）项（读过全文）",
            "重庆 Art. 18(5) (read in full",
        ),
    ],
)
def test_a_basis_says_how_sure_it_is(
    cited: tuple[str, ...], verified: Verified, chinese: str, english: str
) -> None:
    """Text and article by name; of a text that was replaced its year, and what is not known."""
    basis = words(rules(), cited, verified)
    assert said(basis).endswith(chinese)
    assert english in said(basis, "en")
