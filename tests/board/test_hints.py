"""请核实 with a board: what is asked of drafts, what is said to it, marks of people, registers."""

import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from noticeboard import importing
from noticeboard.board import drafting, hinting, matching, overseeing, registering, taking_down
from noticeboard.core.matching import Marks, mark, of_village
from noticeboard.core.notice import Submitted
from noticeboard.core.particulars import Content
from noticeboard.core.problems import NotFound, NotNow, NotValid
from noticeboard.store import explanations, marks, registers
from noticeboard.store.drafts import Draft
from tests.board.test_importing import book
from tests.cast import VILLAGE, Cast, cast_on
from tests.fixtures.base import identity

ONE, TWO = identity("19680807", 12), identity("19750420", 34)
CARD = "6217999900000000018"
HEAD = ["组别", "姓名", "身份证号", "一卡通账号", "面积", "标准", "金额"]


def roster(*people: tuple[str, str, str], title: str = "耕地地力保护补贴发放名单") -> bytes:
    """Give a workbook with a list of people, their numbers and their cards."""
    rows = [["一组", name, number, card, 1, 105, 105] for name, number, card in people]
    total = ["合计", "", "", "", "", "", 105 * len(people)]
    return book(名单=[[f"示例村2026年{title}"], ["单位：元"], HEAD, *rows, total])


@pytest.fixture
def kept(database_url: str, tmp_path: Path) -> Iterator[Cast]:
    """Give the cast with a home folder, where a key for matching can stand, on each database."""
    cast = cast_on(database_url, home=tmp_path)
    yield cast
    cast.audit()
    cast.board.database.close()


def asked(cast: Cast, draft: Draft) -> dict[str, str]:
    """Give what is asked of a draft by the key of each hint, with what was said to it."""
    content = drafting.read_draft(draft)
    with cast.board.database.read() as tx:
        said = hinting.said_in(draft.typed)
        found = hinting.asks(tx, VILLAGE, draft.code, content, cast.clock.now, said)
    return {one.hint.key: one.said for one in found.asked}


def held(cast: Cast, code: str) -> dict[tuple[str, int], Marks]:
    with cast.board.database.read() as tx:
        return marks.of_village(tx, VILLAGE, [code])


def said(cast: Cast, code: str) -> dict[str, str]:
    with cast.board.database.read() as tx:
        return {key: it.text for key, it in explanations.of_notice(tx, VILLAGE, code).items()}


def content_of(cast: Cast, code: str) -> Content:
    with cast.board.database.read() as tx:
        return drafting.content_of(tx, VILLAGE, cast.notice(code).latest)


def explained(cast: Cast, kind: Any, key: str, text: str, **typed: Any) -> Draft:
    """Give a draft to one of whose hints something was said."""
    draft = cast.draft(kind, **typed)
    form = {**draft.typed, "explained": {key: text}}
    return drafting.save(cast.board, VILLAGE, draft.code, cast.anna, form, draft.version)


def submit(cast: Cast, draft: Draft) -> str:
    done = drafting.submit(cast.board, VILLAGE, draft.code, cast.anna, seen=draft.version)
    assert done.notice is not None
    return done.notice.code


# What is said.


def test_unanswered_hints_never_hold_up_a_submission(cast: Cast) -> None:
    """A ledger of which something is asked is submitted without a word."""
    draft = cast.draft("spending")
    assert "F04-missing.2-3" in asked(cast, draft)
    assert isinstance(cast.notice(submit(cast, draft)).latest.state, Submitted)


def test_what_is_said_to_figures_is_part_of_what_is_agreed_to(cast: Cast) -> None:
    """It is committed with the edition, and stands in a correction's form again."""
    code = submit(cast, explained(cast, "spending", "F04-missing.2-3", "会上一起批的"))
    (one,) = content_of(cast, code).explained or ()
    assert ("F04-missing", (2, 3), "会上一起批的") == (one.hint, one.rows, one.text)
    assert {} == said(cast, code)
    draft = cast.draft("spending")
    assert "" == asked(cast, draft)["F04-missing.2-3"]


def test_what_is_said_of_people_is_kept_apart(cast: Cast) -> None:
    """Nothing of it is in the content; who corrects the notice finds it in the form."""
    cast.assess("耕地地力保护补贴")
    rows = [
        {"group": "一组", "name": "陈桂花", "amount": "10"},
        {"group": "一组", "name": "陈桂花", "amount": "20"},
    ]
    key = "F16-name.1-2"
    typed = {"rows": rows, "total": "30"}
    code = submit(cast, explained(cast, "subsidy", key, "她有两块地", **typed))
    assert (None, {key: "她有两块地"}) == (content_of(cast, code).explained, said(cast, code))


def test_what_is_said_to_nothing_goes_nowhere(cast: Cast) -> None:
    """A question that is asked no more takes its answer along."""
    code = submit(cast, explained(cast, "spending", "F03-twice.8-9", "两回事"))
    assert (None, {}) == (content_of(cast, code).explained, said(cast, code))


@pytest.mark.parametrize(
    "text",
    [f"是{ONE}", "请打13912345678", "住李家冲3号", "长" * 301],
    ids=["id", "phone", "home", "long"],
)
def test_what_is_said_passes_the_leak_scan(cast: Cast, text: str) -> None:
    """What goes up with a notice is looked through like every other text of it."""
    draft = explained(cast, "spending", "F04-missing.2-3", text)
    with pytest.raises(NotValid):
        submit(cast, draft)


# Marks.


def test_a_list_leaves_marks_and_no_numbers(kept: Cast) -> None:
    """Two people with one card are asked about; neither number nor card is in the database."""
    data = roster(("石立秋", ONE, CARD), ("田谷雨", TWO, CARD))
    (draft,) = importing.take(kept.board, VILLAGE, data, "a.xlsx", kept.anna)
    assert "F13-shared.1-2" in asked(kept, draft)
    found = held(kept, draft.code)
    key = matching.village_key(kept.board, VILLAGE)
    assert mark(key, "identity", ONE) == found[draft.code, 1].identity
    assert found[draft.code, 1].card == found[draft.code, 2].card
    path = kept.board.database.path
    if path is not None:
        kept.board.scrub()
        stored = path.read_bytes()
        assert not [number for number in (ONE, TWO, CARD) if number.encode() in stored]


def test_the_key_stands_outside_the_database_for_its_owner_alone(kept: Cast) -> None:
    """One file of 32 bytes, mode 600; another village gets another key of it."""
    key = matching.village_key(kept.board, VILLAGE)
    assert kept.board.home is not None
    path = matching.path_of(kept.board.home)
    assert (0o600, 32) == (stat.S_IMODE(path.stat().st_mode), len(path.read_bytes()))
    assert (
        key == matching.village_key(kept.board, VILLAGE) != of_village(path.read_bytes(), "other")
    )
    assert "ok" == matching.standing(kept.board)


def test_without_its_key_a_board_makes_no_marks(kept: Cast) -> None:
    """Marks of two keys would never match; after a new one is made the old marks are gone."""
    data = roster(("石立秋", ONE, CARD))
    (draft,) = importing.take(kept.board, VILLAGE, data, "a.xlsx", kept.anna)
    assert kept.board.home is not None
    with pytest.raises(NotNow):
        matching.begin_anew(kept.board)
    path = matching.path_of(kept.board.home)
    path.chmod(0o644)
    assert ("open", b"") == (
        matching.standing(kept.board),
        matching.village_key(kept.board, VILLAGE),
    )
    path.unlink()
    assert ("missing", b"") == (
        matching.standing(kept.board),
        matching.village_key(kept.board, VILLAGE),
    )
    assert 1 == matching.begin_anew(kept.board)
    assert ("ok", {}) == (matching.standing(kept.board), held(kept, draft.code))


def test_marks_go_with_their_row(kept: Cast) -> None:
    """When somebody is redacted, when a row becomes somebody else's, when the draft goes."""
    kept.assess("耕地地力保护补贴")
    data = roster(
        ("石立秋", ONE, ""), ("田谷雨", TWO, ""), ("向春分", identity("19490321", 78), "")
    )
    (draft,) = importing.take(kept.board, VILLAGE, data, "a.xlsx", kept.anna)
    assert 3 == len(held(kept, draft.code))
    rows = [dict(row) for row in draft.typed["rows"]]
    rows[2]["name"] = "彭白露"
    form = {**draft.typed, "rows": rows}
    draft = drafting.save(kept.board, VILLAGE, draft.code, kept.anna, form, draft.version)
    assert {(draft.code, 1), (draft.code, 2)} == held(kept, draft.code).keys()
    done = drafting.submit(kept.board, VILLAGE, draft.code, kept.anna, seen=draft.version)
    code = kept.up(done).code
    taking_down.redact(
        kept.board, VILLAGE, code, kept.ben, ground=ground(kept), parts=("names",), rows=(1,)
    )
    assert {(code, 2)} == held(kept, code).keys()
    again = roster(("石立秋", ONE, ""), title="高龄津贴发放名单")
    (other,) = importing.take(kept.board, VILLAGE, again, "b.xlsx", kept.anna)
    assert 1 == len(held(kept, other.code))
    drafting.discard(kept.board, VILLAGE, other.code)
    assert {} == held(kept, other.code)


def ground(cast: Cast) -> str:
    from noticeboard.board.board import in_force

    with cast.board.database.read() as tx:
        return next(iter(in_force(tx)[1].grounds["redact"]))


# Registers.


def test_a_register_keeps_a_mark_and_no_number(kept: Cast) -> None:
    """Who stands on it is asked about; the number is nowhere; writing twice keeps one."""
    for number in ("", ONE):
        registering.add_kin(
            kept.board,
            VILLAGE,
            kept.anna,
            name="石立秋",
            tie="会计的弟弟",
            group="",
            identity=number,
        )
    registering.add_supplier(kept.board, VILLAGE, kept.anna, name="张大山", owner="石立秋")
    with kept.board.database.read() as tx:
        (kin,), (shop,) = registers.kin_of(tx, VILLAGE), registers.suppliers_of(tx, VILLAGE)
    key = matching.village_key(kept.board, VILLAGE)
    assert mark(key, "identity", ONE) == kin.identity
    draft = kept.draft("spending")
    assert "F12-owner.3" in asked(kept, draft)
    registering.forget(kept.board, VILLAGE, "kin", [kin.id])
    registering.forget(kept.board, VILLAGE, "kin", [kin.id])
    registering.forget(kept.board, VILLAGE, "suppliers", [shop.id])
    assert "F12-owner.3" not in asked(kept, draft)


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"tie": f"证号{ONE}"},
        {"tie": "长" * 61},
        {"identity": "439999196808070129"},
        {"identity": "123"},
    ],
)
def test_a_register_takes_no_numbers_in_words(kept: Cast, wrong: dict[str, str]) -> None:
    """Nor a number that cannot be one, nor nothing."""
    fields = {"name": "石立秋", "tie": "会计的弟弟", "group": "", "identity": "", **wrong}
    with pytest.raises(NotValid):
        registering.add_kin(kept.board, VILLAGE, kept.anna, **fields)


# Handling.


def test_handling_is_asked_about_and_answered_apart(cast: Cast) -> None:
    """Approvals within a minute each: after five the reviewer is asked, and may say why."""
    for n in range(5):
        cast.published("announcement", title=f"停水通知{n}")
    with cast.board.database.read() as tx:
        (found,) = overseeing.of_reviewers(tx, VILLAGE)
    assert (cast.ben, "F28-soon") == (found.number, found.asked.hint.about)
    key = overseeing.reviewer_key(found.asked.hint, found.number)
    overseeing.explain(cast.board, VILLAGE, cast.ben, "", key, "先在纸上看过")
    with cast.board.database.read() as tx:
        (found,) = overseeing.of_reviewers(tx, VILLAGE)
    assert "先在纸上看过" == found.asked.said


def test_who_looks_longer_is_not_asked(cast: Cast) -> None:
    """A minute after the submission is no haste."""
    for n in range(5):
        done = cast.submitted("announcement", title=f"停水通知{n}")
        cast.clock.on(60)
        cast.up(done)
    with cast.board.database.read() as tx:
        assert [] == list(overseeing.of_reviewers(tx, VILLAGE))


def handled(cast: Cast, code: str) -> set[str]:
    with cast.board.database.read() as tx:
        found = overseeing.of_notices(tx, VILLAGE, cast.clock.now)
        return {
            one.hint.about for noted in found if noted.notice.code == code for one in noted.handled
        }


def test_a_notice_that_came_off_early_is_asked_about(cast: Cast) -> None:
    """One that is withdrawn within its period; one that stays is not."""
    until = cast.clock.now + 10 * 86_400
    stays, goes = (cast.published("announcement", until=until) for _ in range(2))
    taking_down.withdraw(cast.board, VILLAGE, goes.code, cast.ben, ground=withdrawal(cast))
    assert (set(), {"F26-early"}) == (handled(cast, stays.code), handled(cast, goes.code))


def withdrawal(cast: Cast) -> str:
    from noticeboard.board.board import in_force

    with cast.board.database.read() as tx:
        return next(iter(in_force(tx)[1].grounds["withdraw"]))


def test_a_change_while_it_is_up_is_asked_about(cast: Cast) -> None:
    """Of substance, that is: another title is a slip of the pen."""
    until = cast.clock.now + 10 * 86_400
    slip, change = (cast.published("spending", until=until, title=f"明细{n}") for n in range(2))
    cast.up(cast.correct(slip.code, title="明细表"))
    cast.up(cast.correct(change.code, account="基本户"))
    assert (
        "F26-changed" in handled(cast, slip.code),
        "F26-changed" in handled(cast, change.code),
    ) == (
        False,
        True,
    )


def test_going_up_on_a_night_off_is_asked_about(cast: Cast) -> None:
    """Saturday at 22:00, but not on Saturday at noon."""
    from noticeboard.core.days import instant

    cast.clock.on(instant("2026-01-10", "12:00") - cast.clock.now)
    noon = cast.published("announcement")
    cast.clock.on(instant("2026-01-10", "22:00") - cast.clock.now)
    night = cast.published("announcement")
    assert (set(), {"F26-night"}) == (handled(cast, noon.code), handled(cast, night.code))


def test_a_period_shorter_than_the_places_is_asked_about(cast: Cast) -> None:
    """Seven days are usual for a wish to give minimum allowances; a short one says why."""
    cast.assess("农村低保")
    rows = [{"group": "一组", "name": "陈桂花", "amount": "10"}]
    typed = {"item": "D50", "programme": "农村低保", "rows": rows, "total": "10", "basis": ""}
    typed |= {"title": "低保申请公示", "short": "reason", "short_reason": "急"}
    at = cast.clock.now
    short = cast.published("subsidy", until=at + 3 * 86_400, **typed)
    typed |= {"short": "", "short_reason": "", "title": "低保申请公示二"}
    whole = cast.published("subsidy", until=at + 9 * 86_400, **typed)
    assert ("F26-short" in handled(cast, short.code), "F26-short" in handled(cast, whole.code)) == (
        True,
        False,
    )


@pytest.mark.parametrize(
    ("code", "key"), [("", "F26-early.1"), ("X", "F28-soon.1"), ("", "F03-twice.1"), ("", "F28")]
)
def test_only_handling_is_answered_there(cast: Cast, code: str, key: str) -> None:
    """Nothing is kept under a key of something else."""
    with pytest.raises((NotValid, NotFound)):
        overseeing.explain(cast.board, VILLAGE, cast.ben, code, key, "说明")
