"""What a line calls itself: 合计(2户), 一组小计, 共3笔, 1-3月累计, 上年度结转 and their like."""

import re
from collections.abc import Sequence

from noticeboard.core.sheet.cells import Cell, key
from noticeboard.core.sheet.lexicon import Lexicon

_LONGEST_MARK = 10
_DIGITS = r"\d一二三四五六七八九十百千万亿零〇两壹贰叁肆伍陆柒捌玖拾佰仟"
_COUNTED = r"户人项笔宗处件份亩组张次批头株台栋间块个工天元"
# What stands before such a word tells of what it is the sum.
_OF = (
    rf"(?:[{_DIGITS}]+(?:[-—~至到][{_DIGITS}]+)?(?:月份?|季度?|村民小组|小组|组|页|年度?)"
    r"|第|本|全|该|各|以上|上半年|下半年|今年|当年|截至|村|小?组|页|月份?|季度?|年度?|期"
    r"|收支|收入|支出|金额|资金|户数|人数|面积|补贴|补助|总)*"
)
# What stands behind it says how much and of what, and nothing else.
_REST = (
    rf"(?:[{_DIGITS}{_COUNTED}.,:;、%¥角分整正圆吨斤米公立平方页日年月数额总金大小写共计人民币]"
    "|发放|支付|应发|实发|收入|支出|结余|资金|费用|补贴|补助|面积)*"
)
_SUM = re.compile(rf"(?P<of>{_OF})(?P<word>合计|总计|共计|小计|累计|总共|一共)(?P<rest>{_REST})")
_COUNT = re.compile(rf"(?:{_OF}|合)(?:共有?|户数|人数):?[{_DIGITS}.,]+[{_COUNTED}]{_REST}")
# No person, thing or project is called so, whatever follows.
_BEGINS = re.compile("合计|总计|共计|小计")
_IN_BRACKETS = re.compile(r"[(\[【][^()\[\]【】]*(?:[)\]】]|$)")
_NUMBERED = re.compile(r"\(?(?:[一二三四五六七八九十]+|\d{1,2})[)、.](?!\d)")
_OPENING = re.compile(
    r"(?:上期|上月|上季度?|上一季度?|上年度?|去年|前期|[年期月季]初|上(?:期|月|季度?|年度?)[末底]|20\d\d年(?:度|[末底]))"
    r"(?:账面|账户|库存|现金|银行|资金|存款|集体|累计|滚存|余额)*"
    r"(?:转入|滚存|结转|结余|结存|节余|余额|余款|余|数)(?:数|额|款|余额|金额|资金|转入)*"
)
_MONTHS = re.compile(rf"[{_DIGITS}][-—~至到]")
_OF_GROUP = re.compile(rf"(?:[{_DIGITS}]|本|该|小)组")
_FIGURE = re.compile(r"[\d.,:/年月日号-]+")
_NUMBERING = re.compile(r"\d{1,5}\.?")
# A line whose words hold one of these may be a sum or a balance and wants a closer look.
TELLING = re.compile(
    # To look at the first character alone is much quicker, and nearly all lines go no further.
    r"(?=[合总共小累一户人上年期月季去前])"
    rf"(?:[合总共小累]计|[总一]共|共有?[{_DIGITS}]|[户人]数|上一?[期月季年]|[年期月季]初|去年|前期|年[末底]|年度)"
)


def bare(cell: Cell) -> str:
    """Give a label without what may be put around it: 一、上年结转(2025年底): is 上年结转."""
    text = _NUMBERED.sub("", _IN_BRACKETS.sub("", key(cell).strip(":()[]【】")), count=1)
    return text.strip(":")


def is_label(cell: Cell, label: str) -> bool:
    """Say whether a cell of a sum line is what made it one, and no number."""
    return isinstance(cell, str) and label in {key(cell).strip(":()[]【】"), *_read(cell)[1:]}


def named(row: Sequence[Cell], lexicon: Lexicon) -> tuple[str, str]:
    """Give the mark of a line by what it calls itself at its beginning, and the label; else data.

    Its numbering and its group may stand before that; what stands behind a number or a day tells of
    these: 共3人 in a remark is none of it.
    """
    for place, text in enumerate(_begins(row)):
        plain = bare(text)
        if plain in lexicon.marks:
            return lexicon.marks[plain], plain
        if place and _COUNT.fullmatch(plain):
            break
        mark, label = _read(text)
        if mark:
            return mark, label
        if not key(text).endswith("组"):
            break
    opening = next((t for t in map(bare, _texts(row)) if _OPENING.fullmatch(t)), "")
    return ("opening", opening) if opening else ("data", "")


def _texts(row: Sequence[Cell]) -> list[str]:
    return [cell for cell in row if isinstance(cell, str) and key(cell)]


def _begins(row: Sequence[Cell]) -> list[str]:
    """Give the words that a line begins with, up to a number or day that is not its numbering."""
    found: list[str] = []
    for place, cell in enumerate(cell for cell in row if key(cell)):
        if isinstance(cell, str) and not _FIGURE.fullmatch(key(cell)):
            found.append(cell)
        elif place or not _NUMBERING.fullmatch(key(cell)):
            break
    return found


def _read(cell: Cell) -> tuple[str, str]:
    """Give the mark and the label that a text makes, both empty when it makes none."""
    plain = bare(cell)
    # 三组运砂小计 begins a line; in the middle of one, such words are a summary.
    if plain.endswith(("小计", "合计")) and len(plain) <= _LONGEST_MARK:
        return _mark(plain), plain
    if match := _SUM.fullmatch(plain):
        label = match["of"] + match["word"]
        # 合计支出 beside a single column of amounts is about payments.
        flow = next((flow for flow in ("收入", "支出") if flow in match["rest"]), "")
        return _mark(label), label + flow
    if _COUNT.fullmatch(plain):
        return _mark(plain), plain
    if match := _BEGINS.match(plain):
        return _mark(match[0]), match[0]
    return "", ""


def _mark(label: str) -> str:
    if label.endswith("小计"):
        return "subtotal"
    if label.endswith("累计"):
        return "total" if "季" in label or "期" in label else "cumulative"
    if "页" in label:
        return "page"
    if _OF_GROUP.search(label):
        return "subtotal"
    return "month" if "月" in label and not _MONTHS.search(label) else "total"
