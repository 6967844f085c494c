"""请核实: each rule asks where it should, stays silent at a near miss, and can say why it asks."""

import re
from collections.abc import Mapping
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from noticeboard.core.hinting import CHECKS, Kin, Look, Marks, Other, Supplier, Task, hints, unset
from noticeboard.core.hinting.conduct import handled
from noticeboard.core.hints import Hint
from noticeboard.core.notice import Notice
from noticeboard.core.packs import Pack, Threshold
from noticeboard.core.particulars import Content
from noticeboard.core.rules import Rules, decode
from noticeboard.formats.rules import load

RULES = decode(load())
# Limits as a county would set them.
LIMITS = {"tender": 1_000_000, "major-finance": 3_000_000, "cash": 500_000, "day-wage": 20_000}
COUNTY = Pack(
    name="县",
    english="County",
    jurisdiction="全国",
    parent="national",
    thresholds={
        code: Threshold(name=code, english=code, fen=n, source=("board-design",), verified="no")
        for code, n in LIMITS.items()
    },
)
HERE: Rules = replace(RULES, packs={**RULES.packs, "county": COUNTY})
OWN = "OWNCODE1"


def content(kind: str, rows: list[dict[str, Any]], **said: Any) -> Content:
    """Make a content of a kind from its rows, numbered as they stand."""
    outside = {k: said.pop(k) for k in ("covers", "title", "publisher") if k in said}
    numbered = [{"id": n, **row} for n, row in enumerate(rows, 1)]
    return msgspec.convert(
        {"title": "标题", **outside, "particulars": {"kind": kind, "rows": numbered, **said}},
        Content,
    )


def ledger(*rows: dict[str, Any], **said: Any) -> Content:
    """Make a ledger that rolls, unless it is told otherwise."""
    plain = [{"date": "2026-02-03", "summary": "修路", **row} for row in rows]
    plain = [{"approver": "王主任", **row} if row.get("expense") else row for row in plain]
    moved = sum(r.get("income", 0) - r.get("expense", 0) for r in plain)
    opening = said.setdefault("opening", 10_000_000)
    said.setdefault("closing", opening + moved)
    return content("spending", plain, **said)


def pay(fen: int, **more: Any) -> dict[str, Any]:
    """Give a payment."""
    return {"expense": fen, **more}


def roster(*rows: dict[str, Any], **said: Any) -> Content:
    """Make a list of payments in one group."""
    plain = [{"group": "一组", "amount": 10_000, **row} for row in rows]
    said.setdefault("programme", "农村低保")
    return content("subsidy", plain, total=sum(r["amount"] for r in plain), **said)


def project(*rows: dict[str, Any], **said: Any) -> Content:
    """Make a project, decided unless it is told otherwise."""
    return content("project", [{"text": "说明", **row} for row in rows], **said)


def lets(*rows: dict[str, Any], **said: Any) -> Content:
    """Make a contract ledger."""
    return content("contract", [{"subject": "山塘", **row} for row in rows], **said)


def labour(*rows: dict[str, Any]) -> Content:
    """Make a list of casual labour."""
    plain = [{"work": "清淤", "amount": 10_000, "group": "一组", **row} for row in rows]
    return content("labour", plain, total=10_000 * len(plain))


def decision(present: int) -> Content:
    """Make a decision of which only the fourth step is told."""
    step = {"step": 4, "date": "2026-01-20", "due": 30, "present": present, "in_favour": present}
    return content("decision", [step], matter="修路", meeting="representatives")


def look(own: Content, **more: Any) -> Look:
    """Look at a content on an ordinary day in a county with limits."""
    others = tuple(Other(f"OTHER{n:03d}", it) for n, it in enumerate(more.pop("others", ())))
    return Look(
        rules=HERE,
        pack="county",
        day="2026-04-01",
        code=OWN,
        content=own,
        others=others,
        **more,
    )


def named(name: str, **more: Any) -> dict[str, Any]:
    """Give a row of a list."""
    return {"name": name, **more}


def worked(name: str, day: str, days: int = 1_000, **more: Any) -> dict[str, Any]:
    """Give a row of labour."""
    return {"name": name, "date": day, "days": days, **more}


def leased(rent: int, quantity: int = 1_000) -> dict[str, Any]:
    """Give a contract with a rent for so many thousandths of a mu."""
    return {"rent": rent, "quantity": quantity, "unit": "亩"}


def marks(*each: tuple[str, str]) -> Mapping[tuple[str, int], Marks]:
    """Give marks (number, card) of the own rows in order."""
    return {(OWN, row): Marks(*pair) for row, pair in enumerate(each, 1)}


DAYS = [f"2026-01-{day:02d}" for day in range(1, 32)]
PART = pay(600_000, payee="王建军")
LATER = pay(600_000, payee="王建军", date="2026-02-20")
STEPS = ({"step": "decision"}, {"step": "contract", "amount": 1_000_000, "date": "2026-01-10"})
CONTRACT = {"step": "contract", "amount": 1_000_000, "date": "2026-01-10", "party": "示例建筑队"}
MOST = {"step": "payment", "amount": 1_000_000, "date": "2026-02-01"}
RENTS = [leased(50_000) for _ in range(3)]
KIN = (Kin(name="李秀英", tie="会计的妻子", group="一组"),)
SHOP = (Supplier(name="示例建材店", owner="李秀英"),)
EARLIER = [named(f"甲{n}") for n in range(10)]
# First digits as they fall by themselves, and all the same.
BENFORD = [pay(int(10 ** (4 + n / 300))) for n in range(300)]
FLAT = [pay(500_000 + n) for n in range(300)]
ODD_DAYS = [pay(1_234, date="2026-03-03") for _ in range(30)]
SUNDAYS = [pay(1_234, date="2026-03-01") for _ in range(30)]

# For each rule and case: what fires it, and a near miss that does not.
FIRES: dict[str, tuple[Look, Look]] = {
    "F01-payee": (
        look(ledger(PART, LATER)),
        look(ledger(PART, pay(600_000, payee="王建军", date="2026-03-20"))),
    ),
    "F01-project": (
        look(ledger(pay(600_000, project="P"), pay(600_000, project="P"))),
        look(ledger(pay(600_000, project="P"), pay(600_000, project="Q"))),
    ),
    "F01-contract": (
        look(
            project(*STEPS[:1], {**CONTRACT, "amount": 600_000}),
            others=[project({**CONTRACT, "amount": 600_000, "date": "2026-01-30"})],
        ),
        look(
            project(*STEPS[:1], {**CONTRACT, "amount": 600_000}),
            others=[project({**CONTRACT, "amount": 600_000, "party": "别家"})],
        ),
    ),
    "F02-near": (
        look(ledger(pay(960_000), pay(990_000))),
        look(ledger(pay(940_000), pay(990_000))),
    ),
    "F03-voucher": (
        look(ledger(pay(1, voucher="记-1"), pay(2, voucher="记-1", date="2026-02-04"))),
        look(ledger(pay(1, voucher="记-1"), pay(2, voucher="记-1", date="2026-03-04"))),
    ),
    "F03-twice": (
        look(ledger(pay(5_000, payee="张大山"), pay(5_000, payee="张大山"))),
        look(ledger(pay(5_000, payee="张大山"), pay(5_001, payee="张大山"))),
    ),
    "F03-published": (
        look(ledger(pay(5_000, voucher="记-1")), others=[ledger(pay(5_000, voucher="记-1"))]),
        look(ledger(pay(5_000, voucher="记-1")), others=[ledger(pay(5_000, voucher="记-2"))]),
    ),
    "F04-missing": (
        look(ledger(pay(5_000, approver=None))),
        look(ledger({"income": 5_000})),
    ),
    "F04-alone": (
        look(ledger(pay(5_000, handler="王主任"))),
        look(ledger(pay(5_000, handler="张大山", payee="张大山"))),
    ),
    "F05-early": (
        look(project(*STEPS, {**MOST, "amount": 1, "date": "2026-01-09"})),
        look(project(*STEPS, {**MOST, "amount": 1, "date": "2026-01-10"})),
    ),
    "F05-over": (
        look(project(*STEPS, {**MOST, "amount": 1_000_001})),
        look(project(*STEPS, MOST)),
    ),
    "F06-payment": (look(ledger(pay(3_000_000))), look(ledger(pay(3_000_000, decision="D")))),
    "F06-contract": (look(project(CONTRACT)), look(project(*STEPS))),
    "F06-votes": (look(decision(19)), look(decision(20))),
    "F06-resting": (
        look(ledger(pay(1, decision="OTHER000")), others=[decision(19)]),
        look(ledger(pay(1, decision="OTHER000")), others=[decision(20)]),
    ),
    "F07-above": (
        look(ledger(pay(500_001, method="现金"))),
        look(ledger(pay(500_001, method="转账"), pay(500_000, method="现金"))),
    ),
    "F07-slip": (look(ledger(pay(1, summary="买砂，收条"))), look(ledger(pay(1, summary="买砂")))),
    "F07-same-day": (
        look(ledger({"income": 5, "method": "现金"}, pay(5, method="现金"))),
        look(ledger({"income": 5, "method": "现金"}, pay(5, method="转账"))),
    ),
    "F08-words": (
        look(ledger(pay(1, summary="买茶叶待客"))),
        look(ledger(pay(1, summary="茶叶基地除草"), pay(1, summary="慰问物资"))),
    ),
    "F08-meetings": (
        look(
            ledger(pay(300_000, summary="会议费"), covers="2026-Q1"),
            others=[ledger(pay(100_000, summary="会议费"), covers="2025-Q4")],
        ),
        look(
            ledger(pay(200_000, summary="会议费"), covers="2026-Q1"),
            others=[ledger(pay(100_000, summary="会议费"), covers="2025-Q4")],
        ),
    ),
    "F09-certain": (
        look(
            roster(named("陈桂花"), covers="2026"),
            others=[roster(named("陈桂华"), programme="特困供养", covers="2026")],
            marks={(OWN, 1): Marks("x"), ("OTHER000", 1): Marks("x")},
        ),
        look(
            roster(named("陈桂花"), covers="2026"),
            others=[roster(named("陈桂花"), programme="特困供养", covers="2026")],
            marks={(OWN, 1): Marks("x"), ("OTHER000", 1): Marks("y")},
        ),
    ),
    "F09-likely": (
        look(
            roster(named("陈桂花"), covers="2026"),
            others=[roster(named("陈桂花"), programme="特困供养", covers="2026")],
        ),
        look(
            roster(named("陈桂花"), covers="2026"),
            others=[roster(named("陈桂花"), programme="高龄津贴", covers="2026")],
        ),
    ),
    "F11-certain": (
        look(
            roster(named("李秀英", group="三组")),
            kin=(replace(KIN[0], identity="x"),),
            marks=marks(("x", "")),
        ),
        look(
            roster(named("李秀英")),
            kin=(replace(KIN[0], identity="x"),),
            marks=marks(("y", "")),
        ),
    ),
    "F11-likely": (
        look(roster(named("李秀英")), kin=KIN),
        look(roster(named("李秀英", group="三组")), kin=KIN),
    ),
    "F12-payee": (
        look(ledger(pay(1, payee="李秀英")), kin=KIN),
        look(ledger(pay(1, payee="李秀兰")), kin=KIN),
    ),
    "F12-owner": (
        look(ledger(pay(1, payee="示例建材店")), kin=KIN, suppliers=SHOP),
        look(ledger(pay(1, payee="示例建材店")), suppliers=SHOP),
    ),
    "F13-shared": (
        look(roster(named("甲"), named("乙")), marks=marks(("", "c"), ("", "c"))),
        look(roster(named("甲"), named("甲")), marks=marks(("n", "c"), ("n", "c"))),
    ),
    "F14-amount": (
        look(roster(named("甲", quantity=2_000, standard=4_000), explanation="说明")),
        look(roster(named("甲", quantity=2_500, standard=4_000))),
    ),
    "F14-standard": (
        look(roster(named("甲", quantity=2_500, standard=4_000), standard=5_000)),
        look(roster(named("甲", quantity=2_500, standard=4_000), standard=4_000)),
    ),
    "F16-name": (
        look(roster(named("甲"), named("甲"))),
        look(roster(named("甲", tail="1"), named("甲", tail="2"))),
    ),
    "F16-number": (
        look(roster(named("甲"), named("乙")), marks=marks(("n", ""), ("n", ""))),
        look(roster(named("甲"), named("乙")), marks=marks(("n", ""), ("m", ""))),
    ),
    "F17-turnover": (
        look(
            roster(*EARLIER, *(named(n) for n in "丙丁戊"), covers="2026"),
            others=[roster(*EARLIER, covers="2025")],
        ),
        look(
            roster(*EARLIER, *(named(n) for n in "丙丁"), covers="2026"),
            others=[roster(*EARLIER, covers="2025")],
        ),
    ),
    "F18-expired": (
        look(lets({"ends": "2026-03-31"})),
        look(lets({"ends": "2026-04-01"})),
    ),
    "F18-owed": (look(lets({"owed": 1})), look(lets({"owed": 0, "paid": 1}))),
    "F18-long": (
        look(lets({"starts": "2026-01-01", "ends": "2046-06-30"})),
        look(lets({"starts": "2026-01-01", "ends": "2046-01-01"})),
    ),
    "F18-long-land": (
        look(lets({"subject": "荒山", "starts": "2026-01-01", "ends": "2056-06-30"})),
        look(lets({"subject": "荒山", "starts": "2026-01-01", "ends": "2055-12-31"})),
    ),
    "F18-untendered": (look(lets({"tender": "否"})), look(lets({"tender": "公开招标"}))),
    "F18-cheap": (
        look(lets(*RENTS, leased(24_999))),
        look(lets(*RENTS, leased(25_000))),
    ),
    "F19-often": (
        look(project(CONTRACT), others=[project(CONTRACT)] * 3),
        look(project(CONTRACT), others=[project(CONTRACT)] * 2),
    ),
    "F20-changes": (
        look(project(*STEPS, {"step": "change", "amount": 100_001})),
        look(project(*STEPS, {"step": "change", "amount": 100_000})),
    ),
    "F20-final": (
        look(project({"step": "budget", "amount": 100}, {"step": "final", "amount": 101})),
        look(project({"step": "budget", "amount": 100}, {"step": "final", "amount": 100})),
    ),
    "F21-kept": (
        look(project(*STEPS, MOST)),
        look(project(*STEPS, MOST, {"step": "acceptance", "date": "2026-01-31"})),
    ),
    "F22-month": (
        look(labour(worked("甲", "2026-02-01", 20_000), worked("甲", "2026-02-02", 9_000))),
        look(labour(worked("甲", "2026-02-01", 20_000), worked("甲", "2026-02-02", 8_000))),
    ),
    "F22-places": (
        look(labour(worked("甲", "2026-02-01"), worked("甲", "2026-02-01", work="修渠"))),
        look(labour(worked("甲", "2026-02-01", 500), worked("甲", "2026-02-01", 500, work="修渠"))),
    ),
    "F22-wage": (look(labour({"rate": 20_001})), look(labour({"rate": 20_000}))),
    "F22-alike": (
        look(
            labour(*(worked(n, "2026-02-01") for n in "甲乙丙丁戊")),
            others=[labour(*(worked(n, "2026-03-01", work="修渠") for n in "甲乙丙丁戊"))],
        ),
        look(
            labour(*(worked(n, "2026-02-01") for n in "甲乙丙丁戊")),
            others=[labour(*(worked(n, "2026-03-01", 500) for n in "甲乙丙丁戊"))],
        ),
    ),
    "F23-round": (
        look(ledger(*(pay(n * 10_000) for n in range(1, 31)))),
        look(ledger(*(pay(n * 10_000 + 1) for n in range(1, 31)))),
    ),
    "F23-days-off": (look(ledger(*SUNDAYS)), look(ledger(*ODD_DAYS))),
    "F23-digits": (look(ledger(*FLAT)), look(ledger(*BENFORD))),
    "F24-sum": (
        look(ledger(pay(5), closing=10_000_000, explanation="说明")),
        look(ledger(pay(5))),
    ),
    "F24-opening": (
        look(ledger(covers="2026-Q1"), others=[ledger(pay(5), covers="2025-Q4")]),
        look(ledger(covers="2026-Q1"), others=[ledger(covers="2025-Q4")]),
    ),
    "F24-missing": (
        look(ledger(covers="2026-Q1"), others=[ledger(covers="2025-Q3")]),
        look(ledger(covers="2026-Q1"), others=[ledger(covers="2025-12")]),
    ),
    "F24-twice": (
        look(ledger(covers="2026-Q1"), others=[ledger(covers="2026-Q1")]),
        look(ledger(covers="2026-Q1"), others=[ledger(covers="2026-02")]),
    ),
    "F25-account": (
        look(ledger(pay(1, summary="租金转入个人账户"))),
        look(ledger(pay(1, summary="租金转入基本账户"))),
    ),
    "F25-loan": (
        look(ledger(pay(1, summary="借支"))),
        look(ledger(pay(1, summary="借用桌椅运费"))),
    ),
}


def about(found: tuple[Hint, ...]) -> set[str]:
    return {hint.about for hint in found}


@pytest.mark.parametrize("case", FIRES)
def test_a_rule_asks_where_it_should_and_not_at_a_near_miss(case: str) -> None:
    """Of the two fixtures of a case the first has the hint, the second has not."""
    fires, near = FIRES[case]
    assert (True, False) == (case in about(hints(fires)), case in about(hints(near)))


def test_every_case_of_a_content_has_its_fixtures() -> None:
    """Nothing stands in the data that no test has seen to fire; the log's own rules have theirs."""
    said = {f"{id_}-{case}" for id_ in CHECKS for case in RULES.hints[id_].asks}
    assert said == set(FIRES)


@pytest.mark.parametrize("case", FIRES)
def test_a_hint_says_rows_sentence_and_numbers_with_their_source(case: str) -> None:
    """Rows of the notice, a sentence filled in both languages, numbers that each have a source."""
    fires, _near = FIRES[case]
    hint = next(one for one in hints(fires) if one.about == case)
    rule = RULES.hints[hint.rule]
    asking = rule.asks[hint.case]
    sentences = [said.format_map(hint.said) for said in (asking.text, asking.english)]
    assert all("{" not in sentence for sentence in sentences)
    assert {row.id for row in fires.content.particulars.rows} >= set(hint.rows)
    assert all(limit.source for limit in (*hint.limits, rule))
    assert hint.rows or hint.elsewhere or hint.limits or case == "F24-sum"


def test_the_sentences_have_the_same_places_in_both_languages() -> None:
    """What a number is for is told to an English reader too."""
    for rule in RULES.hints.values():
        for said in rule.asks.values():
            places = [set(re.findall(r"\{\w+\}", it)) for it in (said.text, said.english)]
            assert places[0] >= places[1], said.text


def test_no_sentence_accuses_anybody() -> None:
    """Each asks to check; none says that something is void, wrong or somebody's fault."""
    for rule in RULES.hints.values():
        for said in rule.asks.values():
            assert "请核实" in said.text or (rule.soft and "不" in said.text)
            assert not re.search("无效|违规|违法|违纪|贪|骗|造假|套取", said.text)


def test_a_limit_that_the_place_has_not_set_finds_nothing_and_is_told() -> None:
    """Of the country's pack the county's limits are empty: those rules are named, not guessed."""
    own = replace(look(ledger(PART, LATER)), pack="national")
    assert (set(), {"F01", "F02", "F06", "F22"}) == (
        about(hints(own)) & {"F01-payee"},
        set(unset(own)),
    )


def test_a_bundle_without_a_rule_does_not_ask_by_it() -> None:
    """Old bundles have no hints at all."""
    bare = replace(look(ledger(PART, LATER)), rules=replace(HERE, hints={}))
    assert () == hints(bare)


def test_names_that_were_shortened_are_never_compared() -> None:
    """张* is nobody in particular."""
    own = look(roster(named("张*"), named("张*")), kin=(Kin(name="张*", tie="会计"),))
    assert not about(hints(own)) & {"F16-name", "F11-likely"}


def test_what_can_never_be_computed_says_why() -> None:
    """A rule without a question says what it lacks."""
    silent = {id_ for id_, rule in RULES.hints.items() if not rule.asks}
    assert {"F27"} == silent
    assert all(RULES.hints[id_].lacks for id_ in silent)


def test_a_duty_that_was_late_is_asked_about() -> None:
    """By as many days as it was late, and of one in time nothing."""
    task = Task("F26", RULES.hints["F26"], look(ledger()))
    notice = Notice(code=OWN, editions=())
    assert [("late", 2)] == [(one.case, one.said["days"]) for one in handled(task, notice, 2)]
    assert [] == list(handled(task, notice))


def test_programmes_of_a_rule_are_programmes_of_the_policy() -> None:
    """A code that nobody knows would never be met, and nobody would see why."""
    assert RULES.masking is not None
    for rule in RULES.hints.values():
        codes = {*rule.programmes, *(code for both in rule.exclusive.values() for code in both)}
        assert codes <= RULES.masking.programmes.keys()
