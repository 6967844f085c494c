"""Rows of digits too long to be anything a text needs: savings books, accounts, cards of any kind.

Which of them are leaks beyond doubt `core/privacy` says. Whoever prints another one whole tells
enough to find an account, so that a free text has none; what is asked for by its number (a voucher,
a contract, an invoice, a project's code) may have one.
"""

import re
import unicodedata
from typing import Final

from noticeboard.core.problems import Finding

# As many as the shortest numbers of savings books have.
SHORTEST: Final = 14
# Unbroken, or in the groups of four that are printed on cards, of which not every one is a year.
_LONG: Final = re.compile(
    r"(?<!\d)(?:\d{14,}"
    r"|(?!(?:(?:19|20)\d\d[ -]?)+(?!\d))\d{4}([ -])\d{4}(?:\1\d{4})+(?:\1\d{1,4})?)(?!\d)"
)
# A column of these may hold such numbers.
_NAMED_SO: Final = re.compile(
    r"(?:合同|凭证|发票|票据|收据|单据|文件?|批复?|立项|项目|工程|资产|档案|卡片|权证|不动产|统一社会信用|公告|采购|招标|标段|订单|物流)"
    r"(?:书|权证|单)?(?:编号|代码|编码|号码|号)"
)
_FIELDS: Final = frozenset({"voucher", "number", "approved"})


def long_number(text: str) -> str:
    """Give the ends of the first such number in a text, safe to print, or nothing."""
    match = next((m for m in _LONG.finditer(_plain(text)) if _digits(m[0]) >= SHORTEST), None)
    return f"{match[0][:4]}…{match[0][-2:]}" if match else ""


def told(where: str, text: str) -> Finding | None:
    """Say what was found in a text, where, and what to do."""
    number = long_number(text)
    fix = "请删去，或只留后四位；凭证号请写在凭证号一栏。"
    return Finding("有一串很长的数字，像是账号", where, number, fix) if number else None


def may_be_long(field: str, label: str) -> bool:
    """Say whether a field or a column is asked for by its number."""
    return field in _FIELDS or _NAMED_SO.search("".join(label.split())) is not None


def _digits(text: str) -> int:
    return sum(map(str.isdigit, text))


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text)
    return "".join(c for c in folded if unicodedata.category(c) != "Cf")
