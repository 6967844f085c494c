"""Notices as a village writes them, for the hall screen's tests and pictures. Nobody is real."""

from noticeboard.core.particulars import (
    Announcement,
    Content,
    Decision,
    DecisionRow,
    Fact,
    Project,
    ProjectRow,
    Spending,
    SpendingRow,
    Subsidy,
    SubsidyRow,
)
from noticeboard.core.people import Phone, Profile

DEMO = Profile(name="示例村", town="示例镇", households=312, mark="示例数据")
TOLD = Profile(
    name="胡家坪村", households=308, mark="演示：摘自湖南日报，非村委会公告", signed=False
)
PLAIN = Profile(name="示例村", phones=(Phone("村委会", "0738-0000000"),))

_WORK = (
    ("三组机耕路清理塌方请挖机两天", "刘某", 320_000),
    ("办公用纸、墨盒", "镇文具店", 46_850),
    ("垃圾清运三月份", "清运队", 180_000),
    ("山塘闸门更换螺杆并焊接护栏、请人看守三天的工钱和材料费", "五金店", 128_450),
    ("五保户走访慰问品", "便民超市", 99_900),
    ("路灯电费", "供电所", 31_207),
)
_NAMES = ("周某甲", "李某乙", "王某丙", "欧阳某丁", "陈某戊")


def ledger(rows: int = 30, title: str = "2026年一季度财务收支公示") -> Content:
    made = []
    for nth in range(1, rows + 1):
        summary, payee, amount = _WORK[nth % len(_WORK)]
        if nth % 9 == 1:
            row = SpendingRow(
                id=nth,
                date=f"2026-{1 + nth % 3:02d}-{1 + nth % 27:02d}",
                summary="上级转移支付村级运转经费",
                income=1_250_000 + nth,
                payee_as="镇财政所",
            )
        else:
            row = SpendingRow(
                id=nth,
                date=f"2026-{1 + nth % 3:02d}-{1 + nth % 27:02d}",
                summary=summary,
                expense=amount + nth,
                payee=payee,
                payee_as="村民",
            )
        made.append(row)
    balance = sum(row.income - row.expense for row in made)
    return Content(
        title=title,
        item="D17",
        covers="2026-Q1",
        last_row=rows,
        particulars=Spending(opening=5_000_000, closing=5_000_000 + balance, rows=tuple(made)),
    )


def roster(rows: int = 40) -> Content:
    made = tuple(
        SubsidyRow(
            id=nth,
            group=f"{'一二三四五'[nth % 5]}组",
            name=_NAMES[nth % len(_NAMES)],
            quantity=1_500 + 100 * nth,
            standard=10_500,
            amount=(1_500 + 100 * nth) * 105 // 10,
        )
        for nth in range(1, rows + 1)
    )
    total = sum(row.amount for row in made)
    return Content(
        title="2026年耕地地力保护补贴发放名单",
        item="D50",
        last_row=rows,
        particulars=Subsidy(
            programme="耕地地力保护补贴", standard=10_500, unit="亩", total=total, rows=made
        ),
    )


def road() -> Content:
    step = ProjectRow
    rows = (
        step(id=1, step="budget", text="上级奖补", amount=9_000_000),
        step(id=2, step="budget", text="村集体自筹", amount=3_800_000),
        step(id=3, step="decision", text="村民代表会议同意", date="2026-02-03"),
        step(
            id=4,
            step="contract",
            text="三组机耕路硬化施工",
            date="2026-02-20",
            amount=12_800_000,
            party="顺路建筑队",
        ),
        step(
            id=5,
            step="payment",
            text="开工款",
            date="2026-03-01",
            amount=3_200_000,
            party="顺路建筑队",
        ),
        step(
            id=6,
            step="payment",
            text="进度款",
            date="2026-03-28",
            amount=3_200_000,
            party="顺路建筑队",
        ),
    )
    return Content(title="三组机耕路硬化", last_row=6, particulars=Project(place="三组", rows=rows))


def water() -> Content:
    facts = (
        Fact("蓄水池", "9", "口", "大小合计"),
        Fact("蓄水总量", "1,950", "立方米"),
        Fact("申请项目资金", "336", "万元", "报道未载实际支出"),
        Fact("全村通水", "2019年10月"),
    )
    return Content(
        title="把水蓄在山上：从引水到蓄水",
        particulars=Project(
            story="胡家坪村平均海拔近800米，过去秋冬缺水。五次引水都没有成功，后来改引水为蓄水。"
            "2019年10月，全村用上了水。",
            facts=facts,
        ),
    )


def decision() -> Content:
    rows = (
        DecisionRow(id=0, step=1, date="2026-01-08"),
        DecisionRow(id=0, step=2, date="2026-01-12", due=5, present=5, in_favour=5),
        DecisionRow(id=0, step=3, date="2026-01-20", due=31, present=27, in_favour=25, against=2),
        DecisionRow(id=0, step=4, date="2026-02-03", due=52, present=47, in_favour=44, against=3),
        DecisionRow(id=0, step=5, date="2026-02-04"),
        DecisionRow(id=0, step=6, recorded=False),
    )
    return Content(
        title="三组机耕路硬化要不要做",
        last_row=0,
        particulars=Decision(
            matter="三组机耕路硬化",
            resolution="同意硬化三组机耕路，宽3.5米，长1.2公里，预算12.8万元，由村集体自筹3.8万元。",
            amount=12_800_000,
            rows=tuple(
                DecisionRow(
                    **{name: getattr(row, name) for name in row.__struct_fields__} | {"id": n}
                )
                for n, row in enumerate(rows, 1)
            ),
        ),
    )


def outage(text: str = "供电所检修线路，抽不了水，全村停水。请大家先存好水。") -> Content:
    return Content(
        title="明天停水的通知",
        particulars=Announcement(
            text=text, place="一组、二组", starts=1_776_470_400, ends=1_776_484_800
        ),
    )


def everything() -> list[Content]:
    """Give one of each kind, and a long text."""
    long = "\n".join(
        f"{n}、{'各户清理门前屋后，垃圾分类投放，不占道堆物。' * 3}" for n in range(1, 9)
    )
    return [ledger(), roster(), road(), decision(), outage(), water(), outage(long)]
