"""The promises about words: one sentence and one number a kind, a correction in one sentence."""

import msgspec
import pytest

from noticeboard.core.days import instant
from noticeboard.core.particulars import (
    Announcement,
    Content,
    Project,
    ProjectRow,
    Spending,
    SpendingRow,
    Subsidy,
)
from noticeboard.show.charts import bars, seats
from noticeboard.show.corrections import corrected, why
from noticeboard.show.lines import paid_to
from noticeboard.show.sentences import Number, deciding, told
from noticeboard.show.texts import said
from noticeboard.show.units import counted, each
from tests.show import samples
from tests.show.samples import AT


def spending(**changes: object) -> Content:
    rows = (
        SpendingRow(id=1, date="2026-01-15", summary="修机耕路", expense=3_000_000),
        SpendingRow(id=2, date="2026-02-03", summary="村部电费", expense=2_123_450),
        SpendingRow(id=3, date="2026-02-09", summary="山塘承包款", income=8_600_000),
    )
    told = Spending(opening=0, closing=3_476_550, rows=rows)
    content = Content(title="收支", particulars=told, covers="2026-Q1")
    return msgspec.structs.replace(content, **changes)


def number(content: Content, households: int = 308) -> Number:
    shown = told(content, households, AT).number
    assert shown is not None
    return shown


def test_a_roster_of_sums_counts_households_and_not_its_lines() -> None:
    """Two groups of six households got 2,100 yuan: 350 each, and nobody is called one of two."""
    shown = told(samples.sums(), 308, AT)
    assert said(shown.sentence).startswith("6 户，一共补 2,100.00 元")
    assert shown.number is not None
    assert "平均每户约 350 元" in [said(words) for words in shown.number.second]


ROSTERS = [
    ("亩", "105 yuan per mu (1/15 hectare)", "105 yuan per mu", "8.5 mu"),
    ("户", "105 yuan per household", "105 yuan per household", "8.5 households"),
    ("套", "105 yuan per 套", "105 yuan per 套", "8.5 套"),
]


@pytest.mark.parametrize(("unit", "sentence", "rate", "quantity"), ROSTERS)
def test_a_unit_is_said_in_english(unit: str, sentence: str, rate: str, quantity: str) -> None:
    """A unit is a word of the page's language, explained once; one nobody knows stays as typed."""
    roster = msgspec.structs.replace(samples.roster().particulars, unit=unit)
    content = msgspec.structs.replace(samples.roster(), particulars=roster)
    assert f"at {sentence}," in said(told(content, 308, AT).sentence, "en")
    assert f"按每{unit} 105 元" in said(told(content, 308, AT).sentence)
    assert rate == said(each(unit, "105"), "en")
    assert quantity == said(counted("8.5", unit), "en")
    assert f"8.5 {unit}" == said(counted("8.5", unit))


def test_how_it_was_paid_is_said_in_english() -> None:
    """The usual ways have a word; another stays as typed."""
    ways = ("转账", "村务卡", "微信")
    rows = (
        SpendingRow(id=1, date="2026-01-15", summary="砂", method=how, payee="李某") for how in ways
    )
    assert ["bank transfer to 李某", "village card to 李某", "微信 to 李某"] == [
        said(words, "en") for row in rows for words in paid_to(row)
    ]


SENTENCES = [
    (
        spending(),
        "一季度收入 86,000.00 元，支出 51,234.50 元，花得最多的一笔是修机耕路。",
    ),
    (
        spending(particulars=Spending(opening=0, closing=0), covers="2026-03"),
        "3月没有收入，也没有支出。",
    ),
    (samples.roster(), "120 户，按每亩 105 元，一共补 111,392.42 元。"),
    (samples.road(), "三组机耕路硬化：合同 128,000.00 元，已付 64,000.00 元，还没验收。"),
    (samples.cisterns(), "五次引水没有成功，改成蓄水，2019年10月全村通了水。"),
    (samples.resolution(), "应到 52 人，到会 47 人，赞成 44 人。"),
    (samples.water_off(), "明天检修水管，一组、二组停水。"),
]


@pytest.mark.parametrize(("content", "sentence"), SENTENCES, ids=lambda value: str(value)[:20])
def test_a_kind_has_its_own_sentence(content: Content, sentence: str) -> None:
    """Who reads one sentence only knows how much, to whom, for what."""
    assert sentence == said(told(content, 308, AT).sentence)


def test_the_number_of_a_ledger() -> None:
    """The number is what was spent, exact to the fen, and what that is for each household."""
    shown = number(spending())
    assert ("51,234", ".50") == (shown.value, shown.fen)
    assert ["合 5.12 万元", "平均每户约 166 元"] == [said(words) for words in shown.second]


def test_without_households_nothing_is_averaged() -> None:
    """A village that does not say how many households it has gets no average."""
    assert ["合 5.12 万元"] == [said(words) for words in number(spending(), 0).second]


def test_the_number_of_a_decision() -> None:
    """Votes stand as a share of those present."""
    assert "44 / 47" == said(number(samples.resolution()).value)


def test_a_project_without_money_shows_its_first_fact() -> None:
    """What a newspaper told is not dressed up as money of the village."""
    shown = number(samples.cisterns())
    assert ("申请项目资金", "336", "万元") == (shown.label, shown.value, shown.unit)


def test_a_contract_counts_with_its_changes() -> None:
    """What was agreed is the contract and its changes; what was paid is never added to it."""
    rows = (
        ProjectRow(id=1, step="contract", text="", amount=10_000_000),
        ProjectRow(id=2, step="change", text="", amount=-500_000),
        ProjectRow(id=3, step="payment", text="", amount=2_000_000),
        ProjectRow(id=4, step="acceptance", text="", date="2026-03-30"),
    )
    content = Content(title="水渠", particulars=Project(rows=rows))
    sentence = said(told(content, 0, AT).sentence)
    assert "水渠：合同 95,000.00 元，已付 20,000.00 元，3月30日验收。" == sentence


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-04-11", "明天 8:00 到 12:00"),
        ("2026-04-12", "今天 8:00 到 12:00"),
        ("2026-04-09", "4月12日 8:00 到 12:00"),
    ],
)
def test_a_time_is_said_from_today(at: str, expected: str) -> None:
    """Tomorrow is called tomorrow, and today today once it has come."""
    shown = told(samples.water_off(), 0, instant(at, "09:00")).number
    assert shown is not None
    assert expected == said(shown.value)


def replaced(content: Content, row_id: int, **changes: object) -> Content:
    rows = tuple(
        msgspec.structs.replace(row, **changes) if row.id == row_id else row
        for row in content.particulars.rows
    )
    return msgspec.structs.replace(
        content, particulars=msgspec.structs.replace(content.particulars, rows=rows)
    )


def test_a_correction_of_one_row_says_by_how_much() -> None:
    """The row, both amounts and the difference in yuan stand in one sentence."""
    new = replaced(spending(), 2, expense=2_146_900)
    assert "第2笔（村部电费）从 21,234.50 元改成 21,469.00 元，多了 234.50 元。" == said(
        corrected(spending(), new)
    )


def test_a_correction_of_several_rows_says_the_total() -> None:
    """Several rows are counted, and what they come to is said."""
    new = replaced(replaced(spending(), 2, expense=2_000_000), 1, expense=2_999_900)
    assert "改了 2 行，支出合计从 51,234.50 元改成 49,999.00 元，少了 1,235.50 元。" == said(
        corrected(spending(), new)
    )


def test_an_added_row_is_said() -> None:
    """A row that was forgotten is named with its amount."""
    old = spending()
    row = SpendingRow(id=4, date="2026-03-01", summary="补砂石", expense=50_000)
    rows = (*old.particulars.rows, row)
    new = msgspec.structs.replace(
        old, particulars=msgspec.structs.replace(old.particulars, rows=rows)
    )
    assert "加了第4笔（补砂石），500.00 元。" == said(corrected(old, new))


def test_a_corrected_name_is_not_repeated() -> None:
    """A wrong name is not printed again by its correction."""
    old = samples.roster()
    new = replaced(old, 3, name="新名字")
    sentence = said(corrected(old, new))
    assert "改了姓名，金额没有变。" == sentence


def test_a_corrected_amount_of_a_roster_names_nobody() -> None:
    """What a roster's row was for is a person, so only its number is said."""
    old = samples.roster()
    name = old.particulars.rows[2].name  # type: ignore[union-attr]
    told = old.particulars
    assert isinstance(told, Subsidy)
    new = replaced(old, 3, amount=told.rows[2].amount + 100)
    assert str(name) not in said(corrected(old, new))
    assert said(corrected(old, new)).startswith("第3行从 ")


def test_a_changed_count_is_said() -> None:
    """A vote that was written down wrongly is said with both counts."""
    old = samples.resolution()
    new = replaced(old, 4, in_favour=43)
    assert "第4行的赞成从 44 改成 43。" == said(corrected(old, new))


def test_a_changed_time_is_named() -> None:
    """An announcement says which of its fields changed."""
    old = samples.water_off()
    told = old.particulars
    assert isinstance(told, Announcement)
    moved = msgspec.structs.replace(told, starts=(told.starts or 0) + 3600)
    new = msgspec.structs.replace(old, particulars=moved)
    assert "改了从什么时候。" == said(corrected(old, new))


def test_the_reason_is_the_writers_own() -> None:
    """Why it was corrected is printed as it was written; without a reason nothing is."""
    assert "原因：看错了。" == said(why(spending(reason="看错了。")))
    assert "" == why(spending())


def test_bars_are_few_sorted_and_complete() -> None:
    """At most six bars, the longest first, the rest together; nothing is lost."""
    named = [(f"用途{n}", n * 100) for n in range(1, 10)] + [("收入", 0)]
    drawn = bars(named)
    assert 6 == len(drawn)
    assert [900, 800, 700, 600, 500, 1000] == [int(bar.amount.replace(".", "")) for bar in drawn]
    assert "其余 4 项" == said(drawn[-1].label)
    assert 1000 == max(bar.length for bar in drawn)


def test_one_bar_is_no_picture() -> None:
    """A single name compares nothing."""
    assert () == bars([("电费", 100), ("电费", 200)])


def test_every_head_of_a_vote_has_a_seat() -> None:
    """Seats add up to those who should have come."""
    told = samples.resolution().particulars
    vote = deciding(told)  # type: ignore[arg-type]
    assert vote is not None
    drawn = seats(vote)
    assert drawn is not None
    assert (44, 3, 5) == tuple(path.count("M") for path in (drawn.favour, drawn.other, drawn.empty))
    assert (3, 5) == (drawn.others, drawn.absent)
