"""What of people may be public: by programme, by field, never a number, and never twice masked."""

import random
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from noticeboard.core import privacy
from noticeboard.core.households import are_sums, households
from noticeboard.core.masking import Masking, masked, masked_name, shown, told_of
from noticeboard.core.particulars import (
    Content,
    Spending,
    Subsidy,
    SubsidyRow,
    TableColumn,
    TableRow,
    Titled,
)
from noticeboard.core.rules import decode
from noticeboard.core.unmasked import unmasked
from noticeboard.formats.rules import load

CHILD = "户内未成年人"


@pytest.fixture(scope="module")
def policy() -> Masking:
    found = decode(load()).masking
    assert found is not None
    return found


def row(number: int, name: str | None, group: str = "三组", **more: str | None) -> SubsidyRow:
    return SubsidyRow(id=number, group=group, amount=10_000, name=name, **more)  # type: ignore[arg-type]


def roster(programme: str, *rows: SubsidyRow) -> Content:
    total = sum(one.amount for one in rows)
    return Content(title="名单", particulars=Subsidy(programme=programme, total=total, rows=rows))


def rows_of(content: Content) -> tuple[SubsidyRow, ...]:
    assert isinstance(content.particulars, Subsidy)
    return content.particulars.rows


# The policy itself.


@pytest.mark.parametrize(
    ("said", "code", "names", "sensitive"),
    [
        ("2026年农村低保金发放名册", "dibao", "full", True),
        ("五保供养", "tekun", "full", True),
        ("医疗救助", "yiliao", "sums", True),
        ("困难残疾人生活补贴和重度残疾人护理补贴", "canji", "sums", True),
        ("孤儿基本生活费", "guer", "sums", True),
        ("雨露计划", "jiaoyu", "head", False),
        ("防返贫监测对象", "fangfanpin", "full", True),
        ("耕地地力保护补贴", "gengdi", "full", False),
        ("生态护林员", "hulin", "full", False),
        ("春节慰问", "weiwen", "full", False),
    ],
)
def test_programmes_go_by_the_words_people_use(
    policy: Masking, said: str, code: str, names: str, sensitive: bool
) -> None:
    """The longest word decides: 困难残疾人生活补贴 is no old people's allowance."""
    found = policy.called(said)
    assert found is not None
    assert (code, names, sensitive) == (found[0], found[1].names, found[1].sensitive)


def test_children_s_programmes_never_name_anybody_in_full(policy: Masking) -> None:
    """Whatever is mostly paid for children goes by the household or as sums."""
    assert {"head", "sums"} >= {policy.programmes[code].names for code in ("guer", "jiaoyu")}


def test_every_word_belongs_to_one_programme(policy: Masking) -> None:
    """Else a list would go by whichever came first."""
    words = [word for one in policy.programmes.values() for word in one.words]
    assert len(set(words)) == len(words)


# Masking.


def test_digits_only_where_two_of_one_name_share_a_group(policy: Masking) -> None:
    """And no more than tell them apart: nobody else shows any."""
    content = roster(
        "耕地地力保护补贴",
        row(1, "石磊", tail="1234"),
        row(2, "石磊", tail="5634"),
        row(3, "石磊", group="一组", tail="9999"),
        row(4, "石强", tail="1111"),
    )
    assert ["234", "634", None, None] == [one.tail for one in rows_of(masked(content, policy))]


def test_one_person_with_two_plots_needs_no_digits(policy: Masking) -> None:
    """The same end twice is the same person."""
    content = roster("稻谷补贴", row(1, "石磊", tail="1234"), row(2, "石磊", tail="1234"))
    assert [None, None] == [one.tail for one in rows_of(masked(content, policy))]


def test_an_unknown_programme_is_sums_alone(policy: Masking) -> None:
    """What nobody has ruled on names nobody."""
    content = roster("某种补贴", row(1, "石磊"), row(2, "石强"), row(3, "石立春", group="一组"))
    found = [(one.group, one.amount, one.name) for one in rows_of(masked(content, policy))]
    assert [("三组", 20_000, None), ("一组", 10_000, None)] == found


def test_sums_say_of_how_many_households_they_are(policy: Masking) -> None:
    """Three are paid, whatever the number of lines; put together again they stay three."""
    content = roster("某种补贴", row(1, "石磊"), row(2, "石强"), row(3, "石立春", group="一组"))
    once = masked(content, policy)
    for one in (once, masked(once, policy)):
        assert [2, 1] == [found.households for found in rows_of(one)]
        assert households(rows_of(one)) == 3
        assert are_sums(rows_of(one))
    assert not are_sums(rows_of(content))


def test_of_lines_without_names_nobody_knows_the_number(policy: Masking) -> None:
    """Somebody may have typed a group's sum as one line: it is not called one household."""
    content = roster("某种补贴", row(1, None), row(2, "石强"))
    assert [None] == [found.households for found in rows_of(masked(content, policy))]


def test_a_sensitive_programme_keeps_no_remark(policy: Masking) -> None:
    """Elsewhere a harmless one stays, and what tells of an illness goes everywhere."""
    assert [None] == [
        r.remark for r in rows_of(masked(roster("低保", row(1, "石磊", remark="新增")), policy))
    ]
    others = masked(
        roster("稻谷补贴", row(1, "石磊", remark="新增"), row(2, "石强", remark="肢体残疾")), policy
    )
    assert ["新增", None] == [one.remark for one in rows_of(others)]


@pytest.mark.parametrize(
    ("name", "names", "shown_as"),
    [
        ("张三", "full", "张三"),
        ("张三", "surname", "张*"),
        ("欧阳修文", "surname", "欧阳**"),
        ("欧*", "surname", "欧*"),
        ("小明", "head", CHILD),
        (f"张三（{CHILD}）", "head", f"张三（{CHILD}）"),
        ("张三", "sums", None),
    ],
)
def test_names_are_shown_as_the_programme_says(name: str, names: str, shown_as: str | None) -> None:
    """In full, as 张*, as a household with a child in it, or not at all."""
    assert shown_as == masked_name(name, names, CHILD)  # type: ignore[arg-type]


def test_other_kinds_are_given_as_they_are(policy: Masking) -> None:
    """A ledger names who was paid, and why."""
    content = Content(title="收支", particulars=Spending(opening=0, closing=0))
    assert content is masked(content, policy)


# Real spellings of numbers, in any of the fields where somebody could put them.
NUMBERS = st.sampled_from(
    [
        "432524199001011248",
        "432524199001011248",
        "432524900101123",
        "13800138000",
        "138-0013-8000",
        "6222021901009888775",
        "6228 4800 1012 3456 781",
        "４３２５２４１９９００１０１１２３Ｘ",
    ]
)
PIECES = st.one_of(NUMBERS, st.text("张三李四欧阳组号0123456789 -Xx*（）户内未成年人", max_size=12))
TEXTS = st.lists(PIECES, max_size=3).map("".join)
ROWS = st.lists(
    st.builds(
        SubsidyRow,
        id=st.integers(1, 50),
        group=TEXTS,
        amount=st.integers(0, 10**8),
        name=st.none() | TEXTS,
        tail=st.none() | TEXTS,
        remark=st.none() | TEXTS,
    ),
    max_size=5,
)


def holds(policy: Masking, programme: str, rows: list[SubsidyRow]) -> None:
    """Mask a list once and again: the same, and no number of anybody in any text."""
    once = masked(roster(programme, *rows), policy)
    assert once == masked(once, policy)
    for one in rows_of(once):
        for text in (one.group, one.name, one.tail, one.remark):
            assert () == privacy.leaks(text or ""), text
        assert len(one.tail or "") <= policy.tail.n


@given(st.data(), ROWS)
def test_masking_twice_is_masking_once_and_leaves_no_number(
    policy: Masking, data: st.DataObject, rows: list[SubsidyRow]
) -> None:
    """Of every programme and of none, wherever the numbers stand."""
    programmes = [one.name for one in policy.programmes.values()]
    holds(policy, data.draw(st.sampled_from([*programmes, "没有登记的补贴"])), rows)


def test_masking_holds_for_very_many_lists(
    policy: Masking, counts: Callable[[int], int], rng: random.Random
) -> None:
    """A hundred thousand cases in a soak."""
    programmes = [*(one.name for one in policy.programmes.values()), "没有登记的补贴"]

    @settings(max_examples=counts(100_000) // 10 or 1, database=None)
    @given(ROWS, st.randoms(use_true_random=False))
    def once(rows: list[SubsidyRow], by: random.Random) -> None:
        for programme in by.sample(programmes, 10):
            holds(policy, programme, rows)

    once()


# Findings.


def found(content: Content, policy: Masking) -> list[tuple[str, str]]:
    return [(one.field, one.text.format(**one.args)) for one in unmasked(content, policy)]


def test_a_form_as_the_policy_wants_it_has_no_finding(policy: Masking) -> None:
    """What was masked passes."""
    content = roster("雨露计划", row(1, "小明"), row(2, f"张三（{CHILD}）"))
    assert [] == found(masked(content, policy), policy)


def test_a_form_tells_every_place_that_shows_too_much(policy: Masking) -> None:
    """Each with its field."""
    full = roster("低保", row(1, "石磊", remark="重病", tail="1234"))
    assert ["rows.0.tail", "rows.0.remark"] == [field for field, _text in found(full, policy)]
    named = roster("医疗救助", row(1, "石磊"), row(2, "石强"))
    assert [("rows.0.name", "“医疗救助”只公开合计，不写姓名，共 2 行")] == found(named, policy)
    child = roster("雨露计划", row(1, "小明"))
    assert [("rows.0.name", "“教育资助、雨露计划”不写这个人的全名")] == found(child, policy)
    unknown = roster("某种补贴", row(1, "石磊"))
    assert ["“某种补贴”还没有登记公开口径，不能写姓名，共 1 行"] == [
        t for _f, t in found(unknown, policy)
    ]


def test_a_table_shows_no_column_that_is_never_public(policy: Masking) -> None:
    """Its columns are named by whoever types them."""
    columns = (
        TableColumn("姓名", "person"),
        TableColumn("致贫原因", "text"),
        TableColumn("家庭住址", "text"),
    )
    rows = (TableRow(id=1, cells=(None, "x", "y"), people=("石磊", None, None)),)
    content = Content(title="监测对象名单", particulars=Titled(columns=columns, rows=rows))
    assert [("columns.1.label", "困难原因不公开"), ("columns.2.label", "住址不公开")] == found(
        content, policy
    )


def test_a_table_about_a_programme_of_sums_names_nobody(policy: Masking) -> None:
    """The title says what it is about."""
    columns = (TableColumn("姓名", "person"),)
    rows = (TableRow(id=1, cells=(None,), people=("石磊",)),)
    content = Content(title="孤儿保障名单", particulars=Titled(columns=columns, rows=rows))
    assert [("rows.0.c0", "“孤儿和困境儿童保障”只公开合计，不写姓名")] == found(content, policy)


def test_conditions_are_known_by_their_words(policy: Masking) -> None:
    """The first one is named."""
    assert "尿毒症" == told_of("患有尿毒症", policy)
    assert "" == told_of("新增户", policy)
    assert () == shown((), None, policy)
