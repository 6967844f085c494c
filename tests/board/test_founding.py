"""Founding: the instance once, villages with their first leaf, people with numbers and offices."""

from collections.abc import Iterator

import msgspec
import pytest
from sqlalchemy import update

from noticeboard.board import Board, founding, halls
from noticeboard.core.actions import read, verb
from noticeboard.core.people import Group, Phone, Profile, Wall
from noticeboard.core.problems import NotAllowed, NotFound, NotNow, NotValid
from noticeboard.core.rules import bundle_hash, decode
from noticeboard.store import log, notices, people
from noticeboard.store.database import Database
from noticeboard.store.desk_tables import account
from tests.cast import PROFILE, VILLAGE, Cast, Clock, bundle


@pytest.fixture
def empty(database_url: str) -> Iterator[Board]:
    database = Database(database_url)
    database.upgrade()
    yield Board(database, clock=Clock())
    database.close()


def acts(board: Board, village: str) -> list[str]:
    with board.database.read() as tx:
        entries = [read(leaf) for _index, leaf in log.leaves(tx, village)]
    return [verb(entry.action) for entry in entries]  # type: ignore[union-attr]


def found(board: Board) -> None:
    founding.found(board, origin="board.example/instance", bundle=bundle(), software="0.1.0")


def test_a_board_is_founded_once(empty: Board) -> None:
    """Its own log begins with genesis, the rules, the software; nothing works before."""
    with pytest.raises(NotFound):
        founding.open_account(empty, "anna", "安娜")
    found(empty)
    assert ["genesis", "adopt", "install"] == acts(empty, "")
    with pytest.raises(NotNow, match="已经开过了"):
        found(empty)


def test_what_changed_of_rules_and_software_is_noted(empty: Board) -> None:
    """And only what changed: a restart with the same ones writes nothing."""
    found(empty)
    founding.renew(empty, bundle=bundle(), software="0.1.0")
    assert 3 == len(acts(empty, ""))
    founding.renew(empty, bundle=bundle(), software="0.2.0")
    later = msgspec.json.encode(msgspec.json.decode(bundle()) | {"workdays": []}, order="sorted")
    assert bundle_hash(later) != bundle_hash(bundle())
    assert decode(later)
    founding.renew(empty, bundle=later, software="0.2.0")
    assert ["install", "adopt"] == acts(empty, "")[3:]


def test_a_village_begins_with_its_genesis(empty: Board) -> None:
    """Code and origin are its own; the instance log says what it tells of itself."""
    found(empty)

    def establish(code: str, origin: str, **more: bool) -> None:
        founding.establish(
            empty, code=code, origin=origin, profile=Profile(name="村"), keys=(), **more
        )

    establish("v1", "board.example/v/1", demo=True)
    assert ["genesis"] == acts(empty, "v1")
    assert "establish" == acts(empty, "")[-1]
    with empty.database.read() as tx:
        assert notices.head_of(tx, "v1").village.demo
    for code, origin, refusal in (
        ("v1", "board.example/v/2", "已经在这块板上"),
        ("v2", "board.example/v/1", "日志名已经有了"),
        ("v2", "board.example/instance", "日志名已经有了"),
    ):
        with pytest.raises(NotNow, match=refusal):
            establish(code, origin)
    with pytest.raises(NotValid, match="村的代码"):
        establish("", "board.example/v/3")


def test_what_a_village_tells_of_itself_is_committed(cast: Cast) -> None:
    """A new wall: shown at once, and in the instance log."""
    told = msgspec.structs.replace(PROFILE, about="山里的村")
    founding.tell(cast.board, VILLAGE, told)
    with cast.board.database.read() as tx:
        assert told == notices.head_of(tx, VILLAGE).profile
    assert "establish" == acts(cast.board, "")[-1]


@pytest.mark.parametrize(
    ("login", "name"), [("", "x"), ("a b", "x"), ("a" * 41, "x"), ("new", " "), ("anna", "x")]
)
def test_an_account_has_a_login_of_its_own(home: Cast, login: str, name: str) -> None:
    """Neither empty nor with spaces nor somebody else's; and a name to be called by."""
    with pytest.raises(NotValid):
        founding.open_account(home.board, login, name)


def test_numbers_say_nothing_of_the_person(cast: Cast) -> None:
    """Random per village, never the clock's, small enough for every reader."""
    numbers = [cast.anna, cast.ben, cast.cleo, cast.mei, cast.admin]
    assert 5 == len(set(numbers) - set(cast.accounts.values()))
    assert all(0 < number < 2**53 for number in numbers)
    with pytest.raises(NotFound, match="没有职务"):
        cast.board.number_of(cast.dan, VILLAGE)


def test_offices_are_handed_out_by_who_may(cast: Cast) -> None:
    """The keeper and the township; not the clerk, not to an office that is none."""
    board, accounts = cast.board, cast.accounts
    founding.appoint(board, VILLAGE, cast.dan, "group-leader", accounts["mei"])
    dan = board.number_of(cast.dan, VILLAGE)
    with board.database.read() as tx:
        assert ("group-leader",) == notices.head_of(tx, VILLAGE).village.offices[dan]
        assert "丹" == people.names_in(tx, VILLAGE)[dan]
    founding.dismiss(board, VILLAGE, cast.dan, "group-leader", accounts["admin"])
    with pytest.raises(NotAllowed):
        founding.appoint(board, VILLAGE, cast.dan, "clerk", accounts["anna"])
    with pytest.raises(NotValid, match="没有这个职务"):
        founding.appoint(board, VILLAGE, cast.dan, "mayor", accounts["admin"])
    with pytest.raises(NotFound, match="没有这个人"):
        founding.appoint(board, VILLAGE, 12345, "clerk", accounts["admin"])


def test_who_is_dismissed_can_do_no_more(cast: Cast) -> None:
    """From that entry on; what they did before stays as it was."""
    notice = cast.published()
    founding.dismiss(cast.board, VILLAGE, cast.accounts["anna"], "clerk", cast.accounts["admin"])
    with pytest.raises(NotAllowed):
        cast.correct(notice.code, text="周日检修")


MOBILE, IDENTITY = "13912345678", "11010519491231002X"


@pytest.mark.parametrize(
    ("told", "where"),
    [
        ({"name": f"示例村 {MOBILE}"}, "村名"),
        ({"town": f"示例镇{IDENTITY}"}, "乡镇"),
        ({"about": f"找老周 {MOBILE}"}, "简介"),
        ({"mark": f"示例 {MOBILE}"}, "标明"),
        ({"phones": (Phone(f"李某{IDENTITY}", "0571-00000001"),)}, "电话"),
        ({"phones": (Phone("李某", IDENTITY),)}, "电话"),
        ({"walls": (Wall("w1", "村部"), Wall("w2", f"{MOBILE}门口"))}, "公开栏"),
        ({"groups": (Group(MOBILE, "一组"),)}, "小组"),
    ],
)
def test_no_village_tells_a_number_of_a_person(
    home: Cast, told: dict[str, object], where: str
) -> None:
    """Neither when it is founded nor later; its own phones may stand in every text."""
    profile = msgspec.structs.replace(PROFILE, **told)
    before = acts(home.board, "")
    with pytest.raises(NotValid) as refused:
        founding.tell(home.board, VILLAGE, profile)
    assert [where] == [finding.where for finding in refused.value.findings]
    with pytest.raises(NotValid, match=where):
        founding.establish(
            home.board, code="v2", origin="board.example/v/2", profile=profile, keys=()
        )
    assert before == acts(home.board, "")
    theirs = msgspec.structs.replace(PROFILE, about=f"请打 {PROFILE.phones[0].number}")
    founding.tell(home.board, VILLAGE, theirs)


def test_no_name_of_a_person_or_a_screen_holds_a_number(home: Cast) -> None:
    """Not in a new account, not when one that has it takes an office, not on a screen."""
    keeper = home.accounts["admin"]
    with pytest.raises(NotValid, match=r"姓名.*手机号"):
        founding.open_account(home.board, "new", f"新人{MOBILE}")
    with home.board.database.write() as tx:
        tx.execute(update(account).where(account.c.id == home.dan).values(name=f"丹{MOBILE}"))
    with pytest.raises(NotValid, match=r"姓名.*手机号"):
        founding.appoint(home.board, VILLAGE, home.dan, "group-leader", keeper)
    for id_, name, where in (("hall", f"大屏{MOBILE}", "屏的名称"), (MOBILE, "大屏", "屏的代号")):
        with pytest.raises(NotValid, match=f"{where}.*手机号"):
            halls.add(home.board, VILLAGE, keeper, id_=id_, name=name, width=1080, height=1920)
