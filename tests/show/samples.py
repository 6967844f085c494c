"""Notices in memory for tests of pages: every kind and state, both demo marks; nobody is real."""

import random
from functools import cache

import msgspec

from noticeboard.core.days import instant
from noticeboard.core.drafting import read
from noticeboard.core.notice import (
    Edition,
    Ended,
    Notice,
    Period,
    Posted,
    Published,
    State,
    TakenDown,
)
from noticeboard.core.particulars import (
    Announcement,
    Attachment,
    Content,
    Decision,
    DecisionRow,
    Fact,
    Kind,
    Particulars,
    Project,
    ProjectRow,
    Row,
    Spending,
    SpendingRow,
    Subsidy,
    SubsidyRow,
    kind_of,
)
from noticeboard.core.parts import Stated
from noticeboard.core.people import Group, Phone, Profile, Village, Wall
from noticeboard.core.rules import Rules, decode
from noticeboard.core.visible import Surface, standing, visible
from noticeboard.formats.rules import load
from noticeboard.show.facts import Facts, Place
from noticeboard.show.foot import Signer, signatures
from tests.cast import FORMS

AT = instant("2026-04-11", "14:05")
UP = instant("2026-04-10", "08:00")
UNTIL = instant("2026-04-17")
CODE = "7K3M9Q2A"
FINGERPRINT = "5QK3ZR8TN1XW0G7VYB2MPHD64C"
ROLES = {3: "clerk", 4: "supervision-head", 6: "clerk"}
PEOPLE = {1: "安娜", 2: "本成"}


@cache
def rules() -> Rules:
    """Give the shipped rules."""
    return decode(load())


def profile(*, mark: str = "示例数据", signed: bool = True) -> Profile:
    """Give a village that tells of itself; with `signed` false it is told from a newspaper."""
    return Profile(
        name="示例村" if signed else "胡家坪村",
        town="示例镇",
        households=308,
        people=1120,
        phones=(Phone("村委会", "0738-0000000"),) if signed else (),
        walls=(Wall("office", "村部公开栏"),),
        groups=(Group("g1", "一组"), Group("g3", "三组")),
        mark=mark,
        signed=signed,
        duties=signed,
    )


def place(**told: str | bool) -> Place:
    """Give a village at the moment of reading."""
    return Place(
        code="430000000001",
        profile=profile(**told),  # type: ignore[arg-type]
        village=Village(code="430000000001", origin="noticeboard.invalid/t/v/1", demo=True),
        revision=1,
        people=PEOPLE,
        rules=rules(),
        root="3f9a1c20" + "0" * 56,
    )


_PURPOSES = (
    "村部电费", "办公用纸和墨盒", "保洁员工资", "三组机耕路维修用砂石", "村部打印机维修",
    "五组山塘清淤机械租赁", "路灯更换灯泡", "垃圾清运", "慰问困难户米油", "防火宣传喇叭电池",
    "村部水费", "误工补贴", "便民服务点网络费", "茶叶和纸杯", "水渠修补水泥", "党员活动室桌椅维修",
    "抽水机柴油", "篮球场划线油漆", "报刊征订", "村道清障人工", "消毒用品", "会议资料复印",
    "公示栏玻璃更换", "护林员补助", "二组涵管采购", "除草人工", "河道清漂", "道路警示牌",
)  # fmt: skip
_FAMILY = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
_GIVEN = "建军 国华 桂英 秀兰 志强 明 小红 文斌 春生 玉梅 海燕 德胜 福生 金花 光荣 冬生".split()
_SHOPS = "顺达建材店 湘中供电所 好又多超市 兴隆农机 文印社 自来水站 加油站 宏远机械租赁部".split()
_ACCOUNTS = "道路维修 保洁 办公费 水电费 误工补贴 公益支出 通讯费 慰问 山塘水渠".split()


def ledger(rows: int = 140, quarter: int = 1) -> Content:
    """Give a quarter's ledger whose balance rolls."""
    rng = random.Random(7)
    made = []
    for number in range(1, rows + 1):
        month = (quarter - 1) * 3 + 1 + (number - 1) * 3 // rows
        income = number % 20 == 1
        amount = rng.randrange(2_400, 429_500)
        firm = rng.random() < 0.5
        payee = rng.choice(_SHOPS) if firm else rng.choice(_FAMILY) + rng.choice(_GIVEN)
        made.append(
            SpendingRow(
                id=number,
                date=f"2026-{month:02d}-{1 + number * 7 % 28:02d}",
                voucher=f"记-{number:03d}",
                summary=(
                    rng.choice(("上级拨付村级运转经费", "山塘承包款", "集体门面租金"))
                    if income
                    else rng.choice(_PURPOSES)
                    + rng.choice(("", "", f"（{month}月）", f"{rng.randrange(2, 30)}份"))
                ),
                account="补助收入" if income else rng.choice(_ACCOUNTS),
                income=amount * 20 if income else 0,
                expense=0 if income else amount,
                method=rng.choice(("转账", "转账", "现金")),
                payee="示例镇财政所" if income else payee,
                payee_as="" if income or firm else f"{rng.choice('一二三四五')}组村民",
                handler=rng.choice(("李志强", "李志强", "周春生")),
                witness="何玉梅",
                approver="王国华",
                project="PRJ00001" if number == 5 else None,
                decision="DEC00001" if number == 5 else None,
            )
        )
    made.sort(key=lambda row: (row.date, row.id))
    opening = 3_120_050
    closing = opening + sum(row.income - row.expense for row in made)
    return Content(
        title="2026年一季度财务收支明细",
        particulars=Spending(account="基本户", opening=opening, closing=closing, rows=tuple(made)),
        item="D17",
        covers=f"2026-Q{quarter}",
        last_row=rows,
    )


def roster(rows: int = 120) -> Content:
    """Give a subsidy roster of five groups, one rate for all."""
    rng = random.Random(8)
    made = []
    for number in range(1, rows + 1):
        area = rng.randrange(300, 16_000)
        made.append(
            SubsidyRow(
                id=number,
                group="一二三四五"[(number - 1) * 5 // rows] + "组",
                name=rng.choice(_FAMILY) + rng.choice(_GIVEN),
                tail="17" if number == 9 else None,
                quantity=area,
                standard=10_500,
                amount=(area * 10_500 + 500) // 1000,
            )
        )
    return Content(
        title="2026年耕地地力保护补贴",
        particulars=Subsidy(
            programme="耕地地力保护补贴",
            basis="示例镇2026年补贴方案",
            standard=10_500,
            total=sum(row.amount for row in made),
            rows=tuple(made),
        ),
        item="D40",
        covers="2026",
        last_row=rows,
    )


def sums() -> Content:
    """Give a roster of two groups that names nobody: four households and two."""
    rows = tuple(
        SubsidyRow(id=number, group=group, amount=amount, households=count)
        for number, (group, amount, count) in enumerate(
            [("一组", 100_000, 4), ("二组", 110_000, 2)], 1
        )
    )
    roster = Subsidy(programme="医疗救助", total=210_000, rows=rows)
    return Content(title="2026年医疗救助", particulars=roster, covers="2026", last_row=2)


def road() -> Content:
    """Give a project with budget, decision, contract, two payments; not yet accepted."""
    step = ProjectRow
    rows = (
        step(id=1, step="budget", text="县级衔接资金", amount=10_000_000),
        step(id=2, step="budget", text="村集体自筹", amount=3_000_000),
        step(id=3, step="decision", text="村民代表会议同意", date="2026-01-12", notice="DEC00001"),
        step(id=4, step="tender", text="三家询价，最低价中选", date="2026-01-20"),
        step(
            id=5,
            step="contract",
            text="硬化 620 米，宽 3 米，厚 18 厘米",
            date="2026-01-28",
            amount=12_800_000,
            party="宏远建筑工程队",
        ),
        step(id=6, step="payment", text="开工付三成", date="2026-02-20", amount=3_840_000),
        step(id=7, step="payment", text="路基完成再付两成", date="2026-03-25", amount=2_560_000),
        step(id=8, step="care", text="通车后由三组管护", person="周春生"),
    )
    return Content(
        title="三组机耕路硬化",
        particulars=Project(
            place="三组，老祠堂到水库坝下", scope="机耕路硬化 620 米，错车道两处", rows=rows
        ),
        item="D30",
        files=(
            Attachment(
                c="ab" * 32, len=412_000, type="image/jpeg", caption="施工前", width=320, height=240
            ),
        ),
        last_row=8,
    )


def cisterns() -> Content:
    """Give a project told in facts alone, without a money row."""
    return Content(
        title="胡家坪村蓄水工程",
        particulars=Project(
            lead="五次引水没有成功，改成蓄水，2019年10月全村通了水。",
            story="村子平均海拔近 800 米，秋冬缺水。\n先后五次找水源引水，都没有成功。",
            facts=(
                Fact("申请项目资金", "336", "万元", "报道未载实际支出"),
                Fact("大小蓄水池", "9", "口"),
                Fact("总蓄水量", "1,950", "立方米"),
                Fact("全村", "308", "户", "1,120人"),
            ),
        ),
    )


def resolution() -> Content:
    """Give a decision: five steps with their counts, the last without a record."""
    step = DecisionRow
    rows = (
        step(id=1, step=1, date="2025-12-20", text="支部会提出，来自三组村民联名"),
        step(id=2, step=2, date="2025-12-26", due=9, present=9, in_favour=8, recused=1),
        step(id=3, step=3, date="2026-01-05", due=41, present=36, in_favour=35, abstained=1),
        step(
            id=4,
            step=4,
            date="2026-01-12",
            due=52,
            present=47,
            in_favour=44,
            against=2,
            abstained=1,
            text="村民代表会议",
        ),
        step(id=5, step=5, date="2026-01-13", text="村部公开栏和三组晒坪"),
        step(id=6, step=6, recorded=False),
    )
    return Content(
        title="硬化三组机耕路的决议",
        particulars=Decision(
            matter="三组机耕路要不要硬化，钱从哪里来。",
            resolution="同意硬化 620 米，县里出 100,000 元，村集体出 30,000 元。",
            amount=13_000_000,
            rows=rows,
        ),
        item="D03",
        last_row=6,
    )


def water_off() -> Content:
    """Give an announcement with a place and a time tomorrow."""
    return Content(
        title="停水通知",
        particulars=Announcement(
            text="明天检修水管，一组、二组停水。\n请提前存好水。来水后先放一会儿再用。",
            place="一组、二组",
            starts=instant("2026-04-12", "08:00"),
            ends=instant("2026-04-12", "12:00"),
        ),
        item=None,
    )


def assets() -> Content:
    """Give a register of two assets, of which one has a keeper."""
    return _registered("asset")


def contracts() -> Content:
    """Give two contracts: one ended with 2025 and owes a year's rent."""
    return _registered("contract")


def labour() -> Content:
    """Give two persons' days of labour."""
    return _registered("labour")


def seals() -> Content:
    """Give a table that declares words, a day, a person, a quantity and money."""
    return _registered("table")


def _registered(kind: Kind) -> Content:
    return read(kind, {**FORMS[kind], "publisher": "committee"})


ALL = (
    *(ledger, roster, road, cisterns, resolution, water_off),
    *(assets, contracts, labour, seals),
)


def edition(
    content: Content,
    ed: int = 1,
    state: State | None = None,
    *,
    start: int = UP,
    until: int | None = UNTIL,
) -> Edition:
    """Give an edition on the board, or in another state."""
    return Edition(
        ed=ed,
        of=3,
        at=instant("2026-04-08", "16:20"),
        by=1,
        kind=kind_of(content),
        item=content.item,
        publisher=content.publisher,
        covers=content.covers,
        group=content.group,
        writers=(1,),
        parts=(),
        files=(),
        prev=5 if ed > 1 else None,
        change="substance" if ed > 1 else None,
        state=state or up(start, until),
    )


def up(start: int = UP, until: int | None = UNTIL, late: int = 0) -> Published:
    """Give how an edition went up, `late` seconds after it was due."""
    return Published(
        period=Period(start, until),
        no="2026-017",
        publish=5,
        at=start + late,
        planned=start,
        approve=4,
        by=2,
        approved_at=instant("2026-04-09", "10:30"),
    )


def facts(
    content: Content,
    *,
    at: int = AT,
    until: int | None = UNTIL,
    where: Place | None = None,
    notice: Notice | None = None,
    of: Edition | None = None,
    surface: Surface = "page",
    stated: Stated | None = None,
) -> Facts:
    """Give a notice as a surface may show it: names gone where the table says so."""
    where = where or place()
    of = of or (notice.current if notice else None) or edition(content, until=until)
    posted = (Posted(6, "office", 5, 1, instant("2026-04-10", "09:40")),)
    notice = notice or Notice(code=CODE, editions=(of,), posted=posted)
    now = standing(notice, of, at)
    showing = visible(notice, of, surface, at, where.rules)
    if showing == "figures":
        stated = stated or Stated(nameless_rows(content))
    return Facts(
        place=where,
        notice=notice,
        edition=of,
        showing=showing,
        standing=now,
        stated=None if showing == "nothing" else stated or Stated(content),
        item=where.rules.catalogue.get(of.item or ""),
        at=at,
    )


def nameless_rows(content: Content) -> Content:
    """Give a content without its names part, as after the end of a period."""
    told: Particulars = content.particulars
    rows = tuple(_nameless(row) for row in told.rows)
    return msgspec.structs.replace(content, particulars=msgspec.structs.replace(told, rows=rows))


def _nameless(row: Row) -> Row:
    return msgspec.structs.replace(row, **dict.fromkeys(row.NAMES))


def corrected() -> tuple[Facts, Facts]:
    """Give a corrected ledger and the edition it replaced: row 12 costs 234.50 more."""
    old = ledger()
    spending = old.particulars
    assert isinstance(spending, Spending)
    rows = tuple(
        msgspec.structs.replace(row, expense=row.expense + 23_450) if row.id == 12 else row
        for row in spending.rows
    )
    closing = spending.closing - 23_450
    new = msgspec.structs.replace(
        old,
        particulars=msgspec.structs.replace(spending, rows=rows, closing=closing),
        reason="录入时看错了单据金额。",
    )
    first = edition(old, 1, Ended("superseded", AT - 3600, up(UP - 86_400), 9))
    second = edition(new, 2)
    notice = Notice(code=CODE, editions=(first, second))
    return facts(new, notice=notice), facts(old, notice=notice, of=first, surface="edition")


def withdrawn(ground: str = "wrong-facts") -> Facts:
    """Give a withdrawn roster, not yet confirmed by a second person."""
    content = roster()
    gone = edition(content, 1, Ended("withdrawn", AT - 3600, up(), 9, ground))
    down = TakenDown(9, "withdraw", ground, 2, AT - 3600)
    return facts(content, notice=Notice(code=CODE, editions=(gone,), taken_down=(down,)))


def redacted() -> Facts:
    """Give a ledger of which two rows lost their names on a ground."""
    content = ledger(30)
    down = TakenDown(9, "redact", "person-asked", 2, AT - 3600, ("names",), (3, 5))
    notice = Notice(code=CODE, editions=(edition(content),), taken_down=(down,))
    told = content.particulars
    rows = tuple(_nameless(row) if row.id in (3, 5) else row for row in told.rows)
    bare = msgspec.structs.replace(content, particulars=msgspec.structs.replace(told, rows=rows))
    return facts(content, notice=notice, stated=Stated(bare, nameless=(3, 5)))


def signers(of: Facts) -> tuple[Signer, ...]:
    """Give the line of signatures."""
    return signatures(of, ROLES)
