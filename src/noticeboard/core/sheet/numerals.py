"""Chinese numerals: 三 and 十二 in names of groups and months, 贰仟元整 on vouchers, 二〇二六."""

import re

DIGITS = {digit: value for value, forms in enumerate(
    ("〇零○o", "一壹", "二贰两", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖")
) for digit in forms}  # fmt: skip
_TENS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
# 亿 upon 亿 would make numbers without end.
_LONGEST = 30
_CAPITAL = re.compile(
    r"(?:(?P<yuan>[零壹贰叁肆伍陆柒捌玖拾佰仟万亿]+)[元圆])?"
    r"零?(?:(?P<jiao>[壹贰叁肆伍陆柒捌玖])角)?零?(?:(?P<fen>[壹贰叁肆伍陆柒捌玖])分)?[整正]?"
)


def integer(text: str) -> int | None:
    """Read `12`, `十二`, `一百零五`, `贰仟`, `三万二千`; None when it is not a whole number."""
    if text.isascii() and text.isdigit():
        return int(text)
    if not text or (text[-1] not in DIGITS and text[-1] not in _TENS and text[-1] not in "万亿"):
        return None
    total = section = digit = 0
    for char in text:
        if char in DIGITS:
            digit = DIGITS[char]
        elif char in _TENS:
            # 十二 stands for 一十二; in all other places the digit is written.
            section += (digit or 1) * _TENS[char]
            digit = 0
        elif char in "万亿":
            total = (total + section + digit) * (10_000 if char == "万" else 100_000_000)
            section = digit = 0
        else:
            return None
    return total + section + digit


def capital(text: str) -> int | None:
    """Read an amount in capital numerals (贰仟元整, 叁佰元零伍分) as fen; None if it is none."""
    match = _CAPITAL.fullmatch(text) if len(text) <= _LONGEST else None
    if match is None or not any(match.groupdict().values()):
        return None
    yuan = integer(match["yuan"]) if match["yuan"] else 0
    if yuan is None:
        return None
    return yuan * 100 + DIGITS[match["jiao"] or "零"] * 10 + DIGITS[match["fen"] or "零"]


def year(text: str) -> int | None:
    """Read a year written digit by digit: 2026, 二〇二六, 二零二六."""
    digits = [str(DIGITS.get(char, char)) for char in text]
    number = "".join(digits)
    return int(number) if re.fullmatch(r"(?:19|20)\d\d", number) else None
