"""Chinese numerals: 三 and 十二 in names of groups and months, 贰仟元整 on vouchers, 二〇二六."""

import re

DIGITS = {digit: value for value, forms in enumerate(
    ("〇零○o", "一壹", "二贰两", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖")
) for digit in forms}  # fmt: skip
_TENS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
# 亿 upon 亿 would make numbers without end.
_LONGEST = 40

_ONE = "[一壹二贰两三叁四肆五伍六陆七柒八捌九玖]"
# One to four digits with their units. A last digit without a unit stands at the very beginning,
# after 零 or after 拾: what 壹万贰 means is for its writer to say.
_SECTION = (
    f"(?:{_ONE}[仟千])?零*(?:{_ONE}[佰百])?零*(?:{_ONE}?[拾十])?零*(?:(?<![仟千佰百万亿]){_ONE})?"
)
_CAPITAL = re.compile(
    r"(?:人民币)?(?:\(大写\)|大写)?:?"
    rf"(?:(?=.)(?:(?P<yi>{_SECTION})(?<=.)亿)?(?:(?P<wan>{_SECTION})万)?(?P<yuan>{_SECTION})[元圆])?"
    rf"零?(?:(?P<jiao>{_ONE})角)?零?(?:(?P<fen>{_ONE})分)?[整正]?"
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
        elif char == "万":
            total += (section + digit) * 10_000
            section = digit = 0
        elif char == "亿":
            total = (total + section + digit) * 100_000_000
            section = digit = 0
        else:
            return None
    return total + section + digit


def capital(text: str) -> int | None:
    """Read an amount in capital numerals (贰仟元整, 叁佰元零伍分) as fen; None if it is none.

    Small numerals will do as well (五百元), as long as 元, 角 or 分 say that it is money.
    """
    match = _CAPITAL.fullmatch(text) if len(text) <= _LONGEST else None
    if match is None or not any(match[part] for part in ("yuan", "wan", "yi", "jiao", "fen")):
        return None
    yuan = 0
    for part, worth in (("yi", 100_000_000), ("wan", 10_000), ("yuan", 1)):
        yuan += (integer(match[part]) or 0) * worth if match[part] else 0
    return yuan * 100 + DIGITS[match["jiao"] or "零"] * 10 + DIGITS[match["fen"] or "零"]


def year(text: str) -> int | None:
    """Read a year written digit by digit: 2026, 二〇二六, 二零二六."""
    digits = [str(DIGITS.get(char, char)) for char in text]
    number = "".join(digits)
    return int(number) if re.fullmatch(r"(?:19|20)\d\d", number) else None
