"""Write the two workbooks of the fictitious 示例村: `python tools/demo_workbooks.py data/demo`.

They are shaped like what a township hands to a village: merged titles, a unit line, a header in
two levels and again on each printed page, page sums, totals, a signature line; dates and amounts
spelt in several ways; identity, card and phone columns that must stay behind. Every person is made
up, and the area code 439999 belongs to no county. The same bytes come out each time.
"""

import random
import sys
from datetime import date, datetime
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

import xlsxwriter

VILLAGE = "示例村"
LEDGER = "ledger-2026q1.xlsx"
ROSTER = "roster-2026.xlsx"
OPENING = 4_521_036
PER_PAGE = 35
GROUPS = ("一组", "二组", "三组", "四组", "五组", "六组", "七组", "八组")
SURNAMES = "石田向彭龙谭覃罗周邓李唐"
SEASONS = (
    *("立春", "雨水", "惊蛰", "春分", "清明", "谷雨", "立夏", "小满", "芒种", "夏至"),
    *("小暑", "大暑", "立秋", "处暑", "白露", "秋分", "寒露", "霜降", "立冬", "小雪"),
    *("大雪", "冬至", "小寒", "大寒"),
)
HANDLER, WITNESS, APPROVER = "龙小满", "谭立春", "向秋分"
ROAD = "示例路桥工程有限公司"


class Line(NamedTuple):
    """A receipt or payment: day, what for, category, income and expense in fen, how, to whom."""

    day: date
    summary: str
    category: str
    income: int
    expense: int
    method: str
    payee: str


def _in(month: int, day: int, summary: str, category: str, fen: int, payer: str) -> Line:
    return Line(date(2026, month, day), summary, category, fen, 0, "转账", payer)


def _out(
    month: int, day: int, summary: str, category: str, fen: int, payee: str, method: str = "转账"
) -> Line:
    return Line(date(2026, month, day), summary, category, 0, fen, method, payee)


RECEIPTS = [
    _in(1, 8, "拨入2026年一季度村级运转经费", "运转经费", 3_000_000, "示例镇财政所"),
    _in(1, 28, "拨入三组机耕路硬化项目资金", "项目资金", 6_400_000, "示例镇财政所"),
    _in(1, 12, "收村部门面一季度租金", "资产出租", 360_000, "示例镇兴农农资店"),
    _in(1, 15, "收大塘水面一年承包款", "资源发包", 420_000, "田寒露"),
    _in(2, 3, "拨入春节慰问困难户经费", "慰问经费", 500_000, "示例镇民政所"),
    _in(2, 10, "收光伏发电站1月收益", "集体经营", 186_542, "示例镇供电所"),
    _in(3, 10, "收光伏发电站2月收益", "集体经营", 203_218, "示例镇供电所"),
    _in(3, 5, "拨入春季森林防火经费", "防火经费", 200_000, "示例镇林业站"),
    _in(3, 21, "收基本户存款利息", "利息", 3_827, "示例农商银行"),
    _in(3, 18, "收废旧办公桌椅变卖款", "资产处置", 26_000, "示例镇废品回收站"),
]

PAYMENTS = [
    _out(2, 6, "付三组机耕路硬化工程首期款", "机耕路维修", 3_840_000, ROAD),
    _out(3, 25, "付三组机耕路硬化工程第二期款", "机耕路维修", 2_560_000, ROAD),
    _out(2, 16, "付三组机耕路运砂4车(劳务)", "机耕路维修", 120_000, "石霜降"),
    _out(3, 6, "付二组水渠清淤误工(6人12工×100)", "水利", 120_000, "向立冬等6人"),
    _out(1, 9, "付村部换门锁2把", "办公费", 13_600, "示例镇老街五金店", "村务卡"),
    _out(1, 14, "付打印纸5箱、硒鼓2个", "办公费", 87_500, "示例镇新时代文具店", "村务卡"),
    _out(1, 16, "付2026年党报党刊订阅费", "报刊费", 192_000, "示例镇邮政局"),
    _out(1, 19, "付六组水管爆裂抢修", "水利", 68_000, "彭雨水"),
    _out(1, 21, "付防火横幅12条", "防火", 54_000, "示例镇印刷广告部"),
    _out(1, 22, "付公示栏玻璃更换", "办公费", 32_000, "示例镇老街五金店", "现金"),
    _out(1, 23, "付五保户取暖木炭300斤", "慰问", 90_000, "罗大寒"),
    _out(2, 4, "付春节慰问困难户25户米油", "慰问", 425_000, "示例镇惠民超市"),
    _out(2, 5, "付春节前大扫除雇车2趟", "保洁", 40_000, "唐处暑"),
    _out(2, 9, "付春节联欢活动音响租用", "文体", 60_000, "示例镇印刷广告部"),
    _out(2, 11, "付春节联欢活动奖品(毛巾、牙膏)", "文体", 78_640, "示例镇惠民超市"),
    _out(2, 12, "付写春联红纸、墨汁", "文体", 18_600, "示例镇新时代文具店", "现金"),
    _out(2, 13, "付春节值班便餐2人", "办公费", 2_400, "示例镇老街饭店", "现金"),
    _out(2, 25, "付二组水渠清淤挖机6小时", "水利", 168_000, "示例镇大力工程队"),
    _out(2, 26, "付七组塌方清理挖机4小时", "机耕路维修", 112_000, "示例镇大力工程队"),
    _out(3, 2, "付路灯灯头15个", "路灯", 142_500, "示例镇老街五金店", "村务卡"),
    _out(3, 3, "付路灯更换人工(3工×200)", "路灯", 60_000, "谭白露"),
    _out(3, 9, "付三八妇女节活动用品", "文体", 46_800, "示例镇惠民超市", "村务卡"),
    _out(3, 12, "付植树节树苗200株", "绿化", 160_000, "示例县青山苗圃场"),
    _out(3, 12, "付植树误工(10工×100)", "绿化", 100_000, "周春分等10人"),
    _out(3, 16, "付垃圾桶20个", "保洁", 176_000, "示例镇老街五金店"),
    _out(3, 17, "付一组涵管4根", "机耕路维修", 96_000, "示例县宏达水泥制品厂"),
    _out(3, 19, "付村部花坛补栽", "绿化", 429_500, "示例县青山苗圃场"),
    _out(3, 23, "付森林防火巡山误工(15工×100)", "防火", 150_000, "邓惊蛰等5人"),
    _out(3, 26, "付村民代表会议误工(31人×50)", "会议", 155_000, "村民代表31人"),
    _out(3, 27, "付档案盒40个", "办公费", 24_000, "示例镇新时代文具店", "村务卡"),
    _out(3, 30, "付财务公开栏打印", "办公费", 15_600, "示例镇印刷广告部", "现金"),
    _out(3, 31, "付基本户转账手续费", "手续费", 4_650, "示例农商银行"),
]  # fmt: skip


def ledger_lines() -> list[Line]:
    """Give all lines of the quarter, oldest first."""
    draw = random.Random("示例村 2026-Q1")
    lines = [*RECEIPTS, *PAYMENTS]
    for month in (1, 2, 3):
        # Bills come in the month after.
        before = 12 if month == 1 else month - 1
        year = "2025年" if month == 1 else ""
        for what, category, low, high in (
            ("村部{}电费", "水电费", 28_000, 42_000),
            ("路灯{}电费", "路灯", 61_000, 88_000),
            ("抽水泵站{}电费", "水利", 33_000, 79_000),
        ):
            summary = "付" + what.format(f"{year}{before}月")
            fen = draw.randrange(low, high)
            lines.append(_out(month, 15, summary, category, fen, "示例镇供电所"))
        lines.append(
            _out(month, 20, f"付村部{month}月宽带费", "办公费", 12_900, "示例电信示例镇营业部")
        )
        for place, group in enumerate(GROUPS):
            sweeper = SURNAMES[place] + SEASONS[(place * 5 + 2) % 24]
            lines.append(_out(month, 27, f"付{group}{month}月保洁工资", "保洁", 45_000, sweeper))
        for number in range(8):
            group = GROUPS[draw.randrange(8)]
            what, category, low, high = JOBS[draw.randrange(len(JOBS))]
            days = draw.randrange(low, high)
            name = draw.choice(SURNAMES) + draw.choice(SEASONS)
            lines.append(
                _out(
                    month, 2 + number * 3, f"付{group}{what}({days}工×100)", category,
                    days * 10_000, name,
                )
            )  # fmt: skip
        for number in range(12):
            what, category, low, high, payee, method = SMALL[(month * 5 + number) % len(SMALL)]
            fen = draw.randrange(low, high) // 10 * 10
            day = 2 + number * 2
            lines.append(_out(month, day, f"付{what}", category, fen, payee, method))
    return sorted(lines, key=lambda line: line.day)


JOBS = (
    ("水渠除草", "水利", 2, 8),
    ("机耕路铺砂平整", "机耕路维修", 4, 12),
    ("山塘堤坝割草", "水利", 2, 7),
    ("沿路砍杂", "机耕路维修", 2, 6),
    ("饮水池清洗", "水利", 1, 4),
)
SMALL = (
    ("到镇开会车费", "差旅费", 2_400, 4_800, "周谷雨", "现金"),
    ("矿泉水4件", "会议", 7_200, 9_600, "示例镇惠民超市", "村务卡"),
    ("扫把、撮箕", "保洁", 8_600, 15_800, "示例镇惠民超市", "村务卡"),
    ("复印材料", "办公费", 3_200, 9_800, "示例镇印刷广告部", "现金"),
    ("柴油(抽水)", "水利", 22_000, 39_800, "示例镇加油站", "村务卡"),
    ("灯泡、电线", "路灯", 6_400, 18_900, "示例镇老街五金店", "村务卡"),
    ("水管接头", "水利", 4_500, 16_500, "示例镇老街五金店", "村务卡"),
    ("垃圾清运到镇1车", "保洁", 35_000, 48_000, "唐处暑", "转账"),
    ("笔、笔记本", "办公费", 3_600, 12_800, "示例镇新时代文具店", "村务卡"),
    ("水泥6包", "机耕路维修", 13_200, 16_800, "示例县宏达水泥制品厂", "转账"),
    ("消毒液、手套", "保洁", 5_800, 14_600, "示例镇惠民超市", "村务卡"),
    ("河砂1车", "机耕路维修", 38_000, 52_000, "石霜降", "转账"),
    ("看望住院老人礼品", "慰问", 12_800, 19_800, "示例镇惠民超市", "村务卡"),
    ("广播喇叭维修", "办公费", 8_000, 26_000, "示例镇家电维修部", "现金"),
)


class Household(NamedTuple):
    """A household of the roster; `identity` as typed into the sheet: text, or a lossy number."""

    group: str
    name: str
    identity: str | int
    hundredths: int
    remark: str


def check_character(first: str) -> str:
    """Give the last character of an identity number for its first 17 digits (GB 11643)."""
    total = sum(int(digit) * pow(2, 17 - place, 11) for place, digit in enumerate(first))
    return "10X98765432"[total % 11]


def households() -> list[Household]:
    """Give the roster, group by group, with each thing an importer must get right once."""
    draw = random.Random("示例村 2026 名单")
    pairs = [surname + season for surname in SURNAMES for season in SEASONS]
    names = draw.sample([name for name in pairs if name not in {"田谷雨", "石立秋"}], 114)
    found: list[Household] = []
    for place, group in enumerate(GROUPS):
        members = [names.pop() for _ in range(14)]
        # Two of one name in one group, and a name that two groups share.
        members += ["田谷雨", "田谷雨"] if group == "三组" else []
        members += ["石立秋"] if group in {"二组", "五组"} else []
        members += ["田  雨"] if group == "六组" else []
        members += ["罗秋(户主)"] if group == "八组" else []
        for name in members:
            born = date(1948 + draw.randrange(48), 1 + draw.randrange(12), 1 + draw.randrange(28))
            first = f"439999{born:%Y%m%d}{place + 1:02d}{draw.randrange(10)}"
            hundredths = draw.randrange(85, 620)
            found.append(Household(group, name, first + check_character(first), hundredths, ""))
    found[5] = found[5]._replace(identity="439999520315123")
    found[20] = found[20]._replace(identity=_ending_in_x())
    # Typed as a number: Excel has kept fifteen digits and made noughts of the rest.
    found[40] = found[40]._replace(identity=439_999_196_805_120_000)
    found[60] = found[60]._replace(remark="已故")
    found[90] = found[90]._replace(remark="迁出")
    return found


def _ending_in_x() -> str:
    firsts = (f"439999197104082{number:02d}" for number in range(100))
    return next(first for first in firsts if check_character(first) == "X") + "x"


def write_ledger(path: Path) -> None:
    """Write the quarter's ledger."""
    book, sheet, style = _new(path, "财务收支明细")
    _heading(
        sheet,
        style,
        11,
        "示例镇示例村2026年第一季度财务收支明细公开表(示例数据)",
        f"填报单位(盖章):{VILLAGE}村民委员会    公开时间:2026年4月10日    单位:元",
    )
    _ledger_header(sheet, style, 2)
    lines = ledger_lines()
    row = 4
    balance = OPENING
    sheet.write(row, 2, "上期结转", style["text"])
    sheet.write(row, 6, balance / 100, style["money"])
    row += 1
    for start in range(0, len(lines), PER_PAGE):
        page = lines[start : start + PER_PAGE]
        if start:
            _ledger_header(sheet, style, row)
            row += 2
        for number, line in enumerate(page, start + 1):
            balance += line.income - line.expense
            _ledger_line(sheet, style, row, number, line, balance)
            row += 1
        _ledger_sum(sheet, style, row, "本页小计", page)
        row += 1
    for label in ("合计", "累计"):
        _ledger_sum(sheet, style, row, label, lines)
        sheet.write(row, 6, balance / 100, style["money"])
        row += 1
    sheet.write(row, 0, "村主任(签字):        报账员:        村务监督委员会主任:        "
                        "制表人:        监督电话:", style["plain"])  # fmt: skip
    widths = (12, 9, 34, 12, 12, 12, 12, 9, 22, 9, 9, 9)
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    book.close()


def _ledger_header(sheet: Any, style: dict[str, Any], row: int) -> None:
    for column, word in enumerate(("日期", "凭证号", "摘要", "类别")):
        sheet.merge_range(row, column, row + 1, column, word, style["head"])
    sheet.merge_range(row, 4, row, 6, "金额", style["head"])
    for column, word in enumerate(("收入", "支出", "余额"), 4):
        sheet.write(row + 1, column, word, style["head"])
    for column, word in enumerate(("支付方式", "收款人", "经手人", "证明人", "审批人"), 7):
        sheet.merge_range(row, column, row + 1, column, word, style["head"])


def _ledger_line(
    sheet: Any, style: dict[str, Any], row: int, number: int, line: Line, balance: int
) -> None:
    _day(sheet, style, row, number, line.day)
    sheet.write(row, 1, f"记-{number}", style["text"])
    sheet.write(row, 2, line.summary, style["text"])
    sheet.write(row, 3, line.category, style["text"])
    for column, fen in ((4, line.income), (5, line.expense)):
        if fen:
            _amount(sheet, style, row, column, fen, number)
    sheet.write(row, 6, balance / 100, style["money"])
    people = (line.method, line.payee, HANDLER, WITNESS, APPROVER)
    for column, word in enumerate(people, 7):
        sheet.write(row, column, word, style["text"])


def _day(sheet: Any, style: dict[str, Any], row: int, number: int, day: date) -> None:
    """Write a day as one clerk or another would: as text in three ways, or as a date."""
    match number % 5:
        case 0:
            sheet.write_string(row, 0, f"{day.year}.{day.month}.{day.day}", style["text"])
        case 1:
            sheet.write_string(row, 0, f"{day.month}月{day.day}日", style["text"])
        case 2:
            sheet.write_string(row, 0, f"{day:%Y%m%d}", style["text"])
        case _:
            sheet.write_datetime(row, 0, datetime(day.year, day.month, day.day), style["date"])  # noqa: DTZ001 - Excel's dates know no zone


def _amount(
    sheet: Any, style: dict[str, Any], row: int, column: int, fen: int, number: int
) -> None:
    """Write an amount as a number, now and then as text as it comes out of other programs."""
    if number % 17 == 0:
        sheet.write_string(row, column, f"{fen // 100:,}.{fen % 100:02d}", style["text"])
    elif number % 23 == 0 and fen % 100 == 0:
        sheet.write_string(row, column, f"{fen // 100}元", style["text"])
    else:
        sheet.write(row, column, fen / 100, style["money"])


def _ledger_sum(sheet: Any, style: dict[str, Any], row: int, label: str, lines: list[Line]) -> None:
    sheet.merge_range(row, 0, row, 3, label, style["head"])
    sheet.write(row, 4, sum(line.income for line in lines) / 100, style["money"])
    sheet.write(row, 5, sum(line.expense for line in lines) / 100, style["money"])


def write_roster(path: Path) -> None:
    """Write the year's roster of the subsidy on cultivated land, 105 yuan per mu."""
    book, sheet, style = _new(path, "耕地地力保护补贴")
    _heading(
        sheet,
        style,
        9,
        "示例镇示例村2026年耕地地力保护补贴发放花名册公示表(示例数据)",
        f"填报单位(盖章):{VILLAGE}村民委员会    公示时间:2026年5月8日    单位:元、亩",
    )
    head = ("序号", "组别", "户主姓名", "身份证号", "一卡通账号", "联系电话", "面积(亩)",
            "标准(元/亩)", "金额(元)", "备注")  # fmt: skip
    for column, word in enumerate(head):
        sheet.write(2, column, word, style["head"])
    row = 3
    everyone = households()
    number = 0
    for group, members in groupby(everyone, key=lambda household: household.group):
        listed = list(members)
        for household in listed:
            number += 1
            _household(sheet, style, row, number, household)
            row += 1
        _roster_sum(sheet, style, row, f"{group}小计", listed)
        row += 1
    _roster_sum(sheet, style, row, "合计", everyone)
    sheet.write(row + 1, 0, "村主任(签字):        制表人:        监督电话:", style["plain"])
    widths = (6, 8, 12, 22, 24, 14, 10, 12, 12, 10)
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    sheet.set_column(5, 5, 14, None, {"hidden": True})
    book.close()


def _household(sheet: Any, style: dict[str, Any], row: int, number: int, who: Household) -> None:
    sheet.write(row, 0, number, style["text"])
    sheet.write(row, 1, who.group, style["text"])
    sheet.write(row, 2, who.name, style["text"])
    if isinstance(who.identity, int):
        sheet.write_number(row, 3, who.identity, style["text"])
    else:
        sheet.write_string(row, 3, who.identity, style["text"])
    sheet.write_string(row, 4, f"6200000000000{number:06d}", style["text"])
    sheet.write_string(row, 5, f"1000000{number:04d}", style["text"])
    sheet.write(row, 6, who.hundredths / 100, style["area"])
    sheet.write(row, 7, 105, style["text"])
    sheet.write(row, 8, who.hundredths * 105 / 100, style["money"])
    sheet.write(row, 9, who.remark, style["text"])


def _roster_sum(
    sheet: Any, style: dict[str, Any], row: int, label: str, listed: list[Household]
) -> None:
    area = sum(household.hundredths for household in listed)
    sheet.merge_range(row, 0, row, 5, label, style["head"])
    sheet.write(row, 6, area / 100, style["area"])
    sheet.write(row, 8, area * 105 / 100, style["money"])


def _new(path: Path, name: str) -> tuple[Any, Any, dict[str, Any]]:
    book = xlsxwriter.Workbook(str(path))
    # Without a fixed time each run would write other bytes.
    book.set_properties({"created": datetime(2026, 4, 10), "author": "示例"})  # noqa: DTZ001 - Excel's dates know no zone
    frame = {"border": 1, "font_name": "宋体", "font_size": 11, "valign": "vcenter"}
    style = {
        "title": book.add_format({"bold": True, "font_size": 18, "align": "center"}),
        "plain": book.add_format({"font_name": "宋体", "font_size": 11}),
        "head": book.add_format({**frame, "bold": True, "align": "center"}),
        "text": book.add_format(frame),
        "date": book.add_format({**frame, "num_format": "yyyy-mm-dd", "align": "left"}),
        "money": book.add_format({**frame, "num_format": "#,##0.00"}),
        "area": book.add_format({**frame, "num_format": "0.00"}),
    }
    return book, book.add_worksheet(name), style


def _heading(sheet: Any, style: dict[str, Any], last: int, title: str, line: str) -> None:
    sheet.merge_range(0, 0, 0, last, title, style["title"])
    sheet.merge_range(1, 0, 1, last, line, style["plain"])
    sheet.set_row(0, 30)


def main() -> None:
    """Write both workbooks into the folder named on the command line."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "data/demo")
    folder.mkdir(parents=True, exist_ok=True)
    write_ledger(folder / LEDGER)
    write_roster(folder / ROSTER)
    print(f"Wrote {LEDGER} and {ROSTER} to {folder}.")


if __name__ == "__main__":
    main()
