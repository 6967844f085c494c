"""Amounts and quantities as village sheets write them, read exactly or not at all."""

import re
from decimal import Decimal

from noticeboard.core.money import MOST
from noticeboard.core.privacy import masked
from noticeboard.core.problems import NotValid
from noticeboard.core.sheet.cells import Cell, folded
from noticeboard.core.sheet.numerals import capital

# Fen in one of the sheet's unit.
YUAN = 100
WAN = 1_000_000
# Binary fractions leave dust in the last digits of a number cell: 0.30000000000000004. So far from
# a value with two decimals a number still is that value; anything further away was meant.
_DUST = Decimal("0.000001")
_FEN_DUST, _THOUSANDTHS_DUST, _NONE = _DUST * YUAN, _DUST * 1000, Decimal(0)
_PLACES = len(str(MOST))
# What cannot be read is repeated to its writer, as far as it helps to find it again.
_SHOWN = 40
# Longer than any number of somebody's, in whatever spelling, that begins within what is shown.
_LOOKED_AT = 400
_SOMEBODYS = re.compile(r"\d{15,}[xX]?")

# As nearly all amounts are written that are text: read at once.
_PLAIN = re.compile(r"'?(-?(?:\d{1,3}(?:,\d{3})+|\d{1,15}))(?:\.(\d{1,2}))?", re.ASCII)
_BLANK = re.compile(r"(?:¥|rmb|人民币)?[-—–―_/\\·.、无]*")
# Between digits only such a space stands for a thousands comma: nobody types one by accident.
_THIN = frozenset("\u00a0\u2007\u2009\u202f")
_COUNTS = "[〇零一二两三四五六七八九十百千壹贰叁肆伍陆柒捌玖拾佰仟]"
_BETWEEN = re.compile(
    rf"(?<=\d)\s+(?=\d)|(?:(?<={_COUNTS})|(?<=[万元圆角分]))\s*[\n\r\v\f]\s*(?={_COUNTS})"
)
_LOOSE = re.compile(r"(?<![\d.]) | (?![\d.])")
_DIGITS = r"(?P<digits>(?:\d{1,3}(?:,\d{3})+|\d{1,3}(?: \d{3})+|\d+)(?:\.\d*)?|\.\d+)"
_NUMBER = re.compile(
    r"(?P<sign>[-−+]?)(?P<money>(?:¥|rmb|人民币)?)(?P<inner>-?)"
    + _DIGITS
    + r"(?P<unit>万元|万|元整|元正|圆整|元|圆)?整?"
)
_QUANTITY = re.compile(
    _DIGITS
    + "(?:亩|公顷|人|户|株|棵|头|匹|台|套|辆|部|件|把|张|盏|个|只|羽|口|座|处|间|栋|块|宗|项|批|次"
    "|台班|班|车|趟|工日|工|天|日|小时|年|月|期|份|本|吨|公斤|千克|斤|升|米|公里|千米|里|平方米|平米|立方米|立方|m2|m3|m)?"
)
_COUNTED = "(?:亩|公顷|人|户|株|棵|头|台|个|工日|工|天|日|次|月|季度?|年)"
_PER = re.compile(rf"^(?:每{_COUNTED}){{1,2}}(?=[¥\d])|(?<=[\d.元圆])(?:[/·.每]{_COUNTED}){{1,2}}$")
_HALF = re.compile("半(?:个?工日?|天|日|年|个?月|亩)")


def fen(cell: Cell, unit: int = YUAN) -> int | None:
    """Read an amount as fen; None for an empty cell, a dash or a slash.

    `unit` is what a bare number counts in; `3.5万` and `1200元` say so themselves. Raises NotValid
    for what is no exact amount (`1200左右`), has parts of a fen, or is beyond what is kept exactly.
    """
    if cell is None:
        return None
    if type(cell) is int or type(cell) is Decimal:
        return _whole(cell * unit, cell, _FEN_DUST)
    if unit == YUAN and type(cell) is str and (plain := _PLAIN.fullmatch(cell)):
        whole, part = plain.groups("")
        return _whole(int(whole.replace(",", "") + part.ljust(2, "0")), cell)
    return _written(cell, unit)


def rate(cell: Cell, unit: int = YUAN) -> int | None:
    """Read what is paid for one of something, as `fen` does: `105元/亩`, `每人每月30元`."""
    return fen(_PER.sub("", _bare(cell)) if isinstance(cell, str) else cell, unit)


def _written(cell: Cell, unit: int) -> int | None:
    text = _bare(cell)
    if _BLANK.fullmatch(text):
        return None
    bracketed = text.startswith("(") and text.endswith(")")
    text = text[1:-1] if bracketed else text
    match = _NUMBER.fullmatch(text)
    if match is None:
        amount = capital(text.removeprefix("¥"))
        if amount is None:
            raise _unclear(cell)
        return -amount if bracketed else amount
    minus = [*filter(None, (bracketed, match["sign"], match["inner"]))]
    # Less than nothing is said in one way; said twice, it may mean anything.
    if len(minus) > 1:
        raise _unclear(cell)
    said = match["unit"] or ""
    factor = WAN if said.startswith("万") else YUAN if said else unit
    amount = _whole(_decimal(match["digits"]) * factor, cell)
    return -amount if minus and match["sign"] != "+" else amount


def thousandths(cell: Cell) -> int | None:
    """Read a quantity (`3.25`, `3.25亩`) as thousandths; None when empty; raises NotValid."""
    if cell is None:
        return None
    if type(cell) is int or type(cell) is Decimal:
        return _whole(cell * 1000, cell, _THOUSANDTHS_DUST)
    text = _bare(cell)
    if _BLANK.fullmatch(text):
        return None
    match = _QUANTITY.fullmatch(text)
    if match is None and _HALF.fullmatch(text):
        return 500
    if match is None:
        raise NotValid("这个数量读不出来", value=shown(cell), fix="请只填数字，最多三位小数。")
    return _whole(_decimal(match["digits"]) * 1000, cell)


def shown(cell: Cell) -> str:
    """Repeat what stands in a cell, so that it is found again; a long text is cut.

    So many digits in a row are no amount, but somebody's card or identity number: never repeated,
    however it is spelled.
    """
    text = masked(_SOMEBODYS.sub("…", str(cell)[:_LOOKED_AT]))
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _decimal(digits: str) -> Decimal:
    return Decimal(digits.replace(",", "").replace(" ", ""))


def _bare(cell: Cell) -> str:
    """Take off what Excel or a careful hand puts around a number."""
    if isinstance(cell, str) and not _THIN.issuperset(_BETWEEN.findall(cell)):
        raise NotValid("一格里好像写了几个数", value=shown(folded(cell)), fix="请一行只写一个数。")
    # A thin space between two digits stays: in groups of three it is a thousands comma, and
    # anything else is not one number. An apostrophe marks a number kept as text.
    return _LOOSE.sub("", folded(cell)).strip("'’‘`")


def _whole(value: int | Decimal, cell: Cell, dust: Decimal = _NONE) -> int:
    # A number may say 1E+308: what is that large is never written out.
    if isinstance(value, Decimal) and value.adjusted() >= _PLACES:
        raise _too_large(cell)
    whole = int(value)
    if whole != value:
        whole = round(value)
        if abs(Decimal(value) - whole) > dust:
            raise NotValid(
                "小数位数太多，不是准确的数", value=shown(cell), fix="请核对后填准确数字。"
            )
    if not -MOST <= whole <= MOST:
        raise _too_large(cell)
    return whole


def _too_large(cell: Cell) -> NotValid:
    return NotValid("数字太大", value=shown(cell), fix="请核对小数点的位置。")


def _unclear(cell: Cell) -> NotValid:
    return NotValid(
        "这个金额读不出来", value=shown(cell), fix="请填准确数字，最多两位小数，例如 1,234.50。"
    )
