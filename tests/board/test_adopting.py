"""Which rules are in force since when, and which rule pack a village goes by since when."""

from collections.abc import Iterator

import msgspec
import pytest
from sqlalchemy import update

from noticeboard.auditing.content import adopted
from noticeboard.board import Board, adopting, founding
from noticeboard.core.actions import Entry, read, verb
from noticeboard.core.people import Profile
from noticeboard.core.problems import NotFound, NotValid
from noticeboard.core.rules import bundle_hash
from noticeboard.store import assignments, log, notices, screens
from noticeboard.store.database import Database
from noticeboard.store.tables import adoption, assignment
from tests.cast import Clock, bundle

PAPER = "示例农发〔2026〕1号"
# A number that is nobody's: a well-formed identity of the standard's own example.
IDENTITY = "11010519491231002X"


def other(**more: object) -> bytes:
    """Give today's rules with something of their own."""
    plain = msgspec.json.decode(bundle())
    return msgspec.json.encode({**plain, **more}, order="sorted")


def pack(name: str, parent: str = "") -> dict[str, object]:
    return {"name": name, "english": name, "jurisdiction": name, "parent": parent}


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def board(database_url: str, clock: Clock) -> Iterator[Board]:
    database = Database(database_url)
    database.upgrade()
    board = Board(database, clock=clock)
    rules = other(packs={"national": pack("全国"), "county": pack("某县", "national")})
    founding.found(board, origin="board.example/instance", bundle=rules, software="0.1.0")
    founding.establish(
        board, code="v1", origin="board.example/v/1", profile=Profile(name="村"), keys=()
    )
    yield board
    database.close()


def entries(board: Board) -> list[Entry]:
    with board.database.read() as tx:
        found = [read(leaf) for _index, leaf in log.leaves(tx, "")]
    return [entry for entry in found if isinstance(entry, Entry)]


def test_a_village_goes_by_its_pack_from_the_entry_on_and_by_the_old_one_before(
    board: Board, clock: Clock
) -> None:
    """What was due is judged by the pack of its day: an assignment never reaches back."""
    founded = clock()
    clock.on(100)
    said = adopting.assign(board, "v1", pack="county", joined="2026-04-01", document=PAPER)
    assert verb(entries(board)[-1].action) == "assign"
    with board.database.read() as tx:
        before = assignments.at(tx, "v1", said.at - 1)
        assert ("national", None, "") == (before.pack, before.idx, before.document)
        assert founded >= before.at
        assert said == assignments.at(tx, "v1", said.at)
        assert [said] == assignments.history(tx, "v1")
        assert {"v1": [said]} == assignments.everywhere(tx)
    assert ("county", "2026-04-01", PAPER) == (said.pack, said.joined, said.document)


def test_two_assignments_in_one_second_stand_in_their_order(board: Board) -> None:
    """The entry's index decides, not the clock."""
    adopting.assign(board, "v1", pack="county", joined="2026-04-01")
    last = adopting.assign(board, "v1", pack="national", joined="2026-07-01")
    with board.database.read() as tx:
        assert last == assignments.at(tx, "v1", last.at)
        assert 2 == len(assignments.history(tx, "v1"))


def test_what_is_assigned_shows_at_once(board: Board) -> None:
    """Pages remember by the village's public revision, so it rises."""
    with board.database.read() as tx:
        before = notices.head_of(tx, "v1").revision
    adopting.assign(board, "v1", pack="county", joined="2026-04-01")
    with board.database.read() as tx:
        assert before < notices.head_of(tx, "v1").revision


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"pack": "nowhere", "joined": "2026-04-01"}, "没有这个规则包"),
        ({"pack": "county", "joined": "2026-02-30"}, "这一天写不对"),
        ({"pack": "county", "joined": "2026-04-01", "document": "某" * 61}, "文号太长"),
        ({"pack": "county", "joined": "2026-04-01", "document": IDENTITY}, "身份证"),
    ],
    ids=["pack", "day", "long", "identity"],
)
def test_what_cannot_be_assigned_writes_nothing(
    board: Board, said: dict[str, str], why: str
) -> None:
    """A number that is in the log stays there for ever, so no person's may get in."""
    count = len(entries(board))
    with pytest.raises(NotValid, match=why):
        adopting.assign(board, "v1", **said)
    assert count == len(entries(board))


def test_a_village_that_is_not_there_goes_by_nothing(board: Board) -> None:
    """Neither assigned nor asked for."""
    with pytest.raises(NotFound):
        adopting.assign(board, "v9", pack="county", joined="2026-04-01")
    with board.database.read() as tx, pytest.raises(NotFound):
        assignments.at(tx, "v9", 10**10)


def test_rules_of_a_county_stay_when_the_program_is_renewed(board: Board) -> None:
    """Until it takes the program's own again; the log says by which paper they came."""
    mine = other(packs={"national": pack("全国"), "mine": pack("本县", "national")})
    hash_ = adopting.adopt(board, mine, document=PAPER)
    action = entries(board)[-1].action
    assert (hash_, PAPER) == (action.bundle, action.document)  # type: ignore[union-attr]
    founding.renew(board, bundle=bundle(), software="0.1.0")
    with board.database.read() as tx:
        assert bundle_hash(mine) == screens.told(tx, "rules")
    adopting.adopt(board, bundle(), own=False)
    founding.renew(board, bundle=other(workdays=[]), software="0.1.0")
    with board.database.read() as tx:
        assert bundle_hash(other(workdays=[])) == screens.told(tx, "rules")


def test_the_bundle_of_every_day_can_be_found_again(board: Board, clock: Clock) -> None:
    """What was due is judged by the rules of its day, and those are kept for ever."""
    with board.database.read() as tx:
        (first,) = assignments.adoptions(tx)
    clock.on(50)
    adopting.adopt(board, bundle(), document=PAPER)
    with board.database.read() as tx:
        assert None is assignments.bundle_at(tx, first.at - 1)
        assert first.bundle == assignments.bundle_at(tx, clock() - 1)
        assert bundle_hash(bundle()) == assignments.bundle_at(tx, clock())
        assert ["", PAPER] == [said.document for said in assignments.adoptions(tx)]


def test_rules_that_lack_a_villages_pack_are_refused(board: Board) -> None:
    """They would leave the village without its numbers; nothing changes."""
    adopting.assign(board, "v1", pack="county", joined="2026-04-01")
    count = len(entries(board))
    with pytest.raises(NotValid, match="不在这套规则里"):
        adopting.adopt(board, bundle())
    assert count == len(entries(board))


def test_an_audit_sees_a_pack_that_no_entry_names(board: Board) -> None:
    """Whoever holds the database could else choose by which numbers a village is late."""
    adopting.assign(board, "v1", pack="county", joined="2026-04-01", document=PAPER)
    adopting.adopt(board, other(packs={"county": pack("某县")}), document=PAPER)
    with board.database.read() as tx:
        assert [] == list(adopted(tx, entries(board)))
    with board.database.write() as tx:
        tx.execute(update(assignment).values(joined="2026-01-01"))
        tx.execute(update(adoption).where(adoption.c.document == PAPER).values(document=""))
    with board.database.read() as tx:
        found = [where for where, _what in adopted(tx, entries(board))]
    assert 4 == len(found)
