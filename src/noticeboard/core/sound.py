"""What a content must add up to before it may be submitted: sums, balances, counts, order."""

from collections.abc import Iterator

from noticeboard.core.money import times, yuan
from noticeboard.core.particulars import (
    Announcement,
    Assets,
    Content,
    Contracts,
    Decision,
    Labour,
    Project,
    Spending,
    Subsidy,
    Titled,
)
from noticeboard.core.problems import Finding
from noticeboard.core.quorum import numbers_of


def unsound(content: Content) -> tuple[Finding, ...]:
    """Give everything in a content that contradicts itself, each with its form field.

    A difference of sums is accepted where `explanation` says why: it is then published with it.
    Nor is a period shortened without a reason, or a reason given for what is not shortened.
    """
    return (*_of_kind(content), *_shortened(content))


def _shortened(content: Content) -> Iterator[Finding]:
    if content.short and not content.short_reason:
        yield Finding("缩短要写明原因。", "为什么缩短", field="short_reason")
    if content.short_reason and not content.short:
        yield Finding("没有选要缩短。", "公示期要不要缩短", field="short")


def _of_kind(content: Content) -> tuple[Finding, ...]:
    match content.particulars:
        case Spending() as spending:
            return tuple(_spending(spending))
        case Subsidy() as subsidy:
            return tuple(_subsidy(subsidy))
        case Project() as project:
            return tuple(_project(project))
        case Decision() as decision:
            return tuple(_decision(decision, len(content.files)))
        case Announcement() as announcement:
            return tuple(_announcement(announcement))
        case Assets() as assets:
            return tuple(_assets(assets))
        case Contracts() as contracts:
            return tuple(_contracts(contracts))
        case Labour() as labour:
            return tuple(_labour(labour))
        case Titled() as titled:
            return tuple(_titled(titled))


def balance_gap(spending: Spending) -> int:
    """Give closing − (opening + income − expense) in fen; 0 when the balance rolls."""
    income = sum(row.income for row in spending.rows)
    expense = sum(row.expense for row in spending.rows)
    return spending.closing - (spending.opening + income - expense)


def total_gap(summed: Subsidy | Labour) -> int:
    """Give total − the sum of the rows in fen."""
    return summed.total - sum(row.amount for row in summed.rows)


def worth_gaps(assets: Assets) -> tuple[int, int]:
    """Give stated total − the sum of the rows, of what it cost and of what it is worth, in fen.

    A total that is not stated differs from nothing.
    """
    cost, worth = (
        sum(amount or 0 for amount in column)
        for column in (
            (row.original for row in assets.rows),
            (row.net for row in assets.rows),
        )
    )
    return (
        0 if assets.original is None else assets.original - cost,
        0 if assets.net is None else assets.net - worth,
    )


def _spending(spending: Spending) -> Iterator[Finding]:
    for index, row in enumerate(spending.rows):
        where, field = f"第{index + 1}行", f"rows.{index}.expense"
        if (row.income != 0) == (row.expense != 0):
            yield Finding("收入和支出要填一个，只填一个。", where, row.summary, field=field)
        if row.summary.strip() in ("其他", "其他支出", "其他收入"):
            yield Finding("“其他”要写明是什么。", where, row.summary, field=f"rows.{index}.summary")
    gap = balance_gap(spending)
    if gap and not spending.explanation:
        yield Finding(
            "上期结转加收入减支出，和结余差 {gap} 元。",
            "本期结余",
            yuan(spending.closing),
            "请核对，或写明原因。",
            {"gap": yuan(gap)},
            "closing",
        )


def _subsidy(subsidy: Subsidy) -> Iterator[Finding]:
    if not subsidy.rows:
        yield Finding("名单是空的。", "名单", field="rows")
    for index, row in enumerate(subsidy.rows):
        if row.quantity is None or row.standard is None or row.households or subsidy.explanation:
            continue
        due = times(row.quantity, row.standard)
        if due != row.amount:
            yield Finding(
                "数量乘标准是 {due} 元，差 {gap} 元。",
                f"第{index + 1}行 金额",
                yuan(row.amount),
                "请核对，或写明原因。",
                {"due": yuan(due), "gap": yuan(row.amount - due)},
                f"rows.{index}.amount",
            )
    gap = total_gap(subsidy)
    if gap and not subsidy.explanation:
        yield Finding(
            "各户加起来和合计差 {gap} 元。",
            "补贴合计",
            yuan(subsidy.total),
            "请核对，或写明原因。",
            {"gap": yuan(gap)},
            "total",
        )


def _project(project: Project) -> Iterator[Finding]:
    if not (project.rows or project.facts or project.lead):
        yield Finding("请至少写一步。", "项目", field="rows")
    for index, row in enumerate(project.rows):
        if row.amount is not None and row.amount < 0 and row.step != "change":
            yield Finding(
                "只有变更可以是负数。",
                f"第{index + 1}行 金额",
                yuan(row.amount),
                field=f"rows.{index}.amount",
            )


def _decision(decision: Decision, files: int) -> Iterator[Finding]:
    if not any(row.recorded for row in decision.rows):
        yield Finding("至少要有一步有记录。", "六个步骤", field="rows")
    steps = [row.step for row in decision.rows]
    if len(set(steps)) != len(steps):
        yield Finding("同一步写了两次。", "六个步骤", field="rows")
    for index, row in enumerate(decision.rows):
        where = f"第{row.step}步"
        field = f"rows.{index}.present"
        if row.due is not None and row.present is not None and row.present > row.due:
            yield Finding("实到比应到多。", where, f"{row.present} / {row.due}", field=field)
        votes = (row.in_favour or 0) + (row.against or 0) + (row.abstained or 0)
        voters = None if row.present is None else row.present - row.recused
        if voters is not None and votes > voters:
            yield Finding("票数比能投票的人多。", where, f"{votes} / {voters}", field=field)
        missing = [number for number in numbers_of(row.papers) if not 0 < number <= files]
        if row.papers and (missing or not numbers_of(row.papers)):
            papers = f"rows.{index}.papers"
            yield Finding("没有这个附件。", where, row.papers, "请写附件的号码。", field=papers)


def _announcement(announcement: Announcement) -> Iterator[Finding]:
    starts, ends = announcement.starts, announcement.ends
    if starts is not None and ends is not None and ends <= starts:
        yield Finding("结束要在开始之后。", "到什么时候", field="ends")


def _assets(assets: Assets) -> Iterator[Finding]:
    if not assets.rows:
        yield Finding("台账是空的。", "台账", field="rows")
    stated = (assets.original, assets.net)
    words = (("原值合计", "original"), ("净值合计", "net"))
    for total, gap, (where, field) in zip(stated, worth_gaps(assets), words, strict=True):
        if total is not None and gap and not assets.explanation:
            yield _apart(where, total, gap, field)


def _apart(where: str, total: int, gap: int, field: str) -> Finding:
    return Finding(
        "各行加起来和合计差 {gap} 元。",
        where,
        yuan(total),
        "请核对，或写明原因。",
        {"gap": yuan(gap)},
        field,
    )


def _contracts(contracts: Contracts) -> Iterator[Finding]:
    if not contracts.rows:
        yield Finding("台账是空的。", "台账", field="rows")
    for index, row in enumerate(contracts.rows):
        if row.starts and row.ends and row.ends < row.starts:
            yield Finding(
                "到期在开始之前。",
                f"第{index + 1}行 到哪一天",
                row.ends,
                field=f"rows.{index}.ends",
            )


def _labour(labour: Labour) -> Iterator[Finding]:
    if not labour.rows:
        yield Finding("名单是空的。", "名单", field="rows")
    gap = total_gap(labour)
    if gap and not labour.explanation:
        yield _apart("工钱合计", labour.total, gap, "total")


def _titled(titled: Titled) -> Iterator[Finding]:
    if not titled.columns:
        yield Finding("请至少写一列。", "表头", field="columns")
    labels = [column.label for column in titled.columns]
    for nth, label in enumerate(labels):
        if label in labels[:nth]:
            yield Finding(
                "两列叫一样的名字。", f"第{nth + 1}列", label, field=f"columns.{nth}.label"
            )
    if not titled.rows:
        yield Finding("表是空的。", "表", field="rows")
