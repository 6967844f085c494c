"""Notices by what comes next: found by index, stored whole, told in order."""

import msgspec
import pytest
from sqlalchemy import Connection, insert, text

from noticeboard.core.actions import Action, Approve, Publish, Submit
from noticeboard.core.lifecycle import publishing, step
from noticeboard.core.merkle import root_of
from noticeboard.core.notice import Notice, Part
from noticeboard.core.people import THE_CLOCK, Actor, Profile, Village, Wall
from noticeboard.core.rules import decode
from noticeboard.store import heads, log, notices, tree
from noticeboard.store.database import Database
from noticeboard.store.tables import notice as table
from tests.cast import bundle

OFFICES = {1: ("clerk",), 2: ("supervision-head",)}


def submitted(code: str) -> tuple[Village, Notice]:
    village = Village(code="v1", origin="board.example/v/1", offices=OFFICES)
    action = Submit(
        code=code,
        ed=1,
        kind="announcement",
        item=None,
        publisher="committee",
        covers="2026-03",
        group=None,
        writers=(1,),
        parts=(Part("text", "ab" * 32, 0),),
        files=(),
        prev=None,
        change=None,
    )
    return after(village, None, action, Actor(1, "clerk"), 100)


def after(
    village: Village, held: Notice | None, action: Action, who: Actor, at: int
) -> tuple[Village, Notice]:
    village, made = step(village, held, action, who, at, decode(bundle()))
    assert made is not None
    return village, made


def scheduled(code: str, start: int) -> tuple[Village, Notice]:
    village, held = submitted(code)
    action = Approve(code=code, ed=1, of=held.latest.of, start=start, until=start + 900)
    return after(village, held, action, Actor(2, "supervision-head"), 100)


def shown(code: str, start: int) -> Notice:
    village, held = scheduled(code, start)
    due = publishing(village, held, start)
    assert isinstance(due, Publish)
    return after(village, held, due, THE_CLOCK, start)[1]


def test_a_notice_is_stored_whole_and_found_by_its_code(database: Database) -> None:
    """Put twice is put once; found in its village and by the code alone."""
    held = shown("7Q4M9W2E", 200)
    with database.write() as tx:
        notices.put(tx, "v1", submitted("7Q4M9W2E")[1], 100)
        notices.put(tx, "v1", held, 200)
    with database.read() as tx:
        assert held == notices.get(tx, "v1", "7Q4M9W2E")
        assert ("v1", held) == notices.find(tx, "7Q4M9W2E")
        assert None is notices.get(tx, "v2", "7Q4M9W2E")
        assert None is notices.find(tx, "ABCDEFGH")
        (row,) = notices.rows(tx, "v1")
        assert (held, notices.columns(held)) == (row.notice, row.columns)


def test_due_is_what_the_clock_owes_longest_first(database: Database) -> None:
    """Only what is scheduled and only by now; published is owed no more."""
    with database.write() as tx:
        notices.put(tx, "v1", scheduled("AAAAAAA1", 300)[1], 100)
        notices.put(tx, "v1", scheduled("AAAAAAA2", 200)[1], 100)
        notices.put(tx, "v1", scheduled("AAAAAAA3", 999)[1], 100)
        notices.put(tx, "v1", shown("AAAAAAA4", 150), 150)
        notices.put(tx, "v1", submitted("AAAAAAA5")[1], 100)
    with database.read() as tx:
        assert [("v1", "AAAAAAA2"), ("v1", "AAAAAAA1")] == notices.due(tx, 300)
        assert [("v1", "AAAAAAA2")] == notices.due(tx, 300, limit=1)
        assert [] == notices.due(tx, 199)


def test_a_frozen_log_owes_nothing(database: Database) -> None:
    """What waits in it holds up no other village, and is owed again when it thaws."""
    with database.write() as tx:
        notices.found(tx, Village(code="v1", origin="board.example/v/1"), Profile(name="村"))
        notices.put(tx, "v1", scheduled("AAAAAAA1", 200)[1], 100)
        notices.put(tx, "v2", scheduled("AAAAAAA2", 300)[1], 100)
        heads.freeze(tx, "v1", "坏了。")
        heads.freeze(tx, "v1", "又坏了。")
        assert ("坏了。", "") == (heads.frozen(tx, "v1"), heads.frozen(tx, "v2"))
        assert [("v2", "AAAAAAA2")] == notices.due(tx, 300)
        heads.thaw(tx, "v1")
        assert [("v1", "AAAAAAA1"), ("v2", "AAAAAAA2")] == notices.due(tx, 300)
        assert 1 + heads.LEAP == notices.revisions(tx)["v1"]


def _plan(tx: Connection, statement: str) -> str:
    explain = "explain query plan" if tx.dialect.name == "sqlite" else "explain"
    return "\n".join(str(row) for row in tx.execute(text(f"{explain} {statement}")))


@pytest.mark.parametrize(
    ("statement", "index"),
    [
        ("select village, code from notice where due <= 5 order by due limit 100", "due"),
        ("select doc from notice where village = 'v1' order by shown_at desc limit 20", "shown"),
    ],
)
def test_the_next_moment_is_found_by_index(database: Database, statement: str, index: str) -> None:
    """Among twenty thousand notices the clock looks at those that are due, not at all."""
    filler = {
        "village": "v1",
        "doc": b"",
        "kind": "spending",
        "state": "published",
        "changed_at": 1,
    }
    rows = [
        {
            **filler,
            "code": f"{n:08d}",
            "due": n if n % 1000 == 0 else None,
            "shown_at": n if n % 7 else None,
        }
        for n in range(20_000)
    ]
    with database.write() as tx:
        tx.execute(insert(table), rows)
        tx.execute(text("analyze"))
    with database.read() as tx:
        assert f"ix_notice_{index}" in _plan(tx, statement)


def test_lists_are_in_order_and_bounded(database: Database) -> None:
    """Shown: the newest first. Waiting: only what is in somebody's hands."""
    with database.write() as tx:
        for n, start in enumerate((200, 400, 300), 1):
            notices.put(tx, "v1", shown(f"AAAAAAA{n}", start), start)
        notices.put(tx, "v1", submitted("AAAAAAA8")[1], 100)
        notices.put(tx, "v1", scheduled("AAAAAAA9", 900)[1], 101)
        notices.put(tx, "v2", shown("BBBBBBB1", 500), 500)
    with database.read() as tx:
        assert ["AAAAAAA2", "AAAAAAA3"] == [held.code for held in notices.shown(tx, "v1", 2)]
        assert ["AAAAAAA9", "AAAAAAA8"] == [held.code for held in notices.waiting(tx, "v1")]


def test_a_village_tells_of_itself(database: Database) -> None:
    """Profile and name change together, and the revision says that it shows."""
    village = Village(code="v1", origin="board.example/v/1")
    with database.write() as tx:
        notices.found(tx, village, Profile(name="旧名"))
        notices.tell(tx, "v1", Profile(name="示例村", walls=(Wall("w1", "村部"),)))
    with database.read() as tx:
        head = notices.head_of(tx, "v1")
        assert ("示例村", 1, village) == (head.profile.name, head.revision, head.village)
        assert [head] == notices.villages(tx)
        assert (head.profile, village) == (
            notices.profile_of(tx, "v1"),
            notices.village_of(tx, "v1"),
        )


def test_a_log_is_stored_with_the_subtrees_above_it(database: Database) -> None:
    """Forty leaves: the root in one query, every stored node as RFC 6962 has it, in order."""
    leaves = [msgspec.json.encode({"n": n}) for n in range(40)]
    with database.write() as tx:
        for index, leaf in enumerate(leaves):
            log.append(tx, "v1", index, leaf, "post", "7Q4M9W2E" if index % 2 else None, index)
        log.append(tx, "v2", 0, b"{}", "genesis", None, 1)
    with database.read() as tx:
        hashes = [log.node_at(tx, "v1", 0, index) for index in range(40)]
        for size in range(41):
            assert root_of(hashes[:size]) == tree.root(tx, "v1", size)
        assert 40 + 20 + 10 + 5 + 2 + 1 == len(list(log.nodes(tx, "v1")))
        assert root_of(hashes[8:16]) == log.node_at(tx, "v1", 3, 1)
        assert [*enumerate(leaves)][5:] == list(log.leaves(tx, "v1", 5))
        assert [39, 38] == [index for index, _leaf in log.latest(tx, "v1", 2)]
        assert 20 == len(log.of_notice(tx, "v1", "7Q4M9W2E"))
        assert (40, leaves[3], None) == (
            log.count(tx, "v1"),
            log.leaf_at(tx, "v1", 3),
            log.leaf_at(tx, "v1", 40),
        )
        with pytest.raises(KeyError):
            log.node_at(tx, "v1", 5, 1)
