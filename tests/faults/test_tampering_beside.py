"""What stands beside the log is compared with it too: names, witnesses' lines, search, a stop.

Each test changes a real board by direct SQL, as `test_tampering` does.
"""

import pytest
from sqlalchemy import delete, insert, text, update

from noticeboard.auditing import verify
from noticeboard.board import checkpoints, freezing, taking_down
from noticeboard.cli.health import examine
from noticeboard.core.notes import signature
from noticeboard.store import heads
from noticeboard.store.desk_tables import account, member
from noticeboard.store.tables import cosignature, head, notice
from tests.cast import VILLAGE, Cast, signer_in
from tests.faults.test_tampering import cast, names, row_of, with_sql_again
from tests.witnessed import NEIGHBOUR, POLICY, TOWN, Witness

__all__ = ["cast"]


def test_a_signers_name_that_was_changed_is_found(cast: Cast) -> None:
    """Everybody reads it under a notice; the log committed to it when she was appointed."""
    change = update(account).where(account.c.login == "ben").values(name="别人")
    found = with_sql_again(cast, change)
    names(found, "content", "条记录任命的人", "账号里叫别人，和任命时记下的名字不一样")


def test_numbers_that_were_swapped_are_found(cast: Cast) -> None:
    """Then what Anna wrote would stand there as Ben's; or as nobody's."""
    with cast.board.database.write() as tx:
        for number, becomes in ((cast.anna, -1), (cast.ben, cast.anna), (-1, cast.ben)):
            where = (member.c.village == VILLAGE, member.c.number == number)
            tx.execute(update(member).where(*where).values(number=becomes))
    found = verify(cast.board).problems
    assert 2 == len([one for one in found if "任命时记下的名字不一样" in one.what])
    change = delete(member).where(member.c.village == VILLAGE, member.c.number == cast.mei)
    names(with_sql_again(cast, change), "content", "条记录任命的人", "账号里找不到了")


def test_accounts_beside_the_instance_log_are_found(cast: Cast) -> None:
    """One that nobody opened, one that was closed in secret."""
    new = insert(account).values(id=7, login="ghost", name="影子")
    names(with_sql_again(cast, new), "content", "账号 ghost", "总日志里没有开过")
    shut = update(account).where(account.c.login == "mei").values(closed=True)
    names(with_sql_again(cast, shut), "content", "账号 mei", "关没关")


@pytest.fixture
def witnessed(cast: Cast) -> Cast:
    """Give the board with its head cosigned by two of its policy."""
    checkpoints.set_policy(cast.board, POLICY)
    cast.sign()
    for witness in (TOWN, NEIGHBOUR):
        witness.cosign(cast)
    cast.audit()
    return cast


def forged(cast: Cast, by: Witness, at: int) -> str:
    """Give a line over a text that nobody served."""
    return signature(by.key, by.private.sign, b"another\n", at).line


@pytest.mark.parametrize("what", ["signature", "time", "name", "garbage"])
def test_a_witnesses_line_that_was_changed_is_found(witnessed: Cast, what: str) -> None:
    """In the audit and by doctor, with the witness's name; a page never breaks over it."""
    values: dict[str, object] = {
        "signature": {"line": forged(witnessed, TOWN, witnessed.clock.now)},
        "time": {"at": witnessed.clock.now + 7},
        "name": {"name": "nobody.example/w"},
        "garbage": {"line": "— garbage\n"},
    }[what]  # type: ignore[assignment]
    change = update(cosignature).where(cosignature.c.name == TOWN.key.name).values(values)
    name = "nobody" if what == "name" else TOWN.key.name
    names(with_sql_again(witnessed, change), "head", "见证", f"{name}")
    path = witnessed.board.database.path
    assert path is not None
    looked = examine(witnessed.board, signer_in(path.parent / "signer"))
    assert [one for one in looked if one.state == "wrong" and name in one.said]


def test_a_line_of_a_key_that_nobody_here_knows_is_only_said(witnessed: Cast) -> None:
    """Of a witness that left the policy nothing can be checked, and the audit says so."""
    checkpoints.set_policy(witnessed.board, "")
    report = verify(witnessed.board)
    assert [] == report.problems
    said = [one for one in report.remarks if TOWN.key.name in one and NEIGHBOUR.key.name in one]
    assert 1 == len(said)
    assert "没有核对" in said[0]


def test_a_line_under_no_head_is_found(witnessed: Cast) -> None:
    """It shows that a head was there which somebody took away."""
    change = text("delete from checkpoint")
    names(with_sql_again(witnessed, change), "head", "见证", "它核对的记录头不在了")


def test_search_that_lies_is_found(cast: Cast) -> None:
    """Hidden from whoever looks for it, or found by other words; or found though it is gone."""
    code, _c = row_of(cast, "names")
    emptied = text("delete from search where code = :code").bindparams(code=code)
    with cast.board.database.read() as tx:
        before = tx.execute(text("select rowid, * from search")).mappings().all()
    names(with_sql_again(cast, emptied), "lifecycle", f"公示 {code}", "搜索里却找不到")
    with cast.board.database.write() as tx:
        for row in before:
            lies = dict(row) | {"text": "假 的"}
            tx.execute(text("replace into search (rowid, village, code, text)"
                            " values (:rowid, :village, :code, :text)"), lies)  # fmt: skip
    names(verify(cast.board).problems, "lifecycle", f"公示 {code}", "和内容不一样")
    taking_down.withdraw(cast.board, VILLAGE, code, cast.anna, ground="wrong-facts")
    with cast.board.database.write() as tx:
        row = next(dict(row) for row in before if row["code"] == code)
        tx.execute(text("replace into search (rowid, village, code, text)"
                        " values (:rowid, :village, :code, :text)"), row)  # fmt: skip
    names(verify(cast.board).problems, "lifecycle", f"公示 {code}", "没有公开的，搜索里却有")


def test_the_order_of_the_desk_is_compared(cast: Cast) -> None:
    """By the time of its last change a clerk finds what waits."""
    code, _c = row_of(cast, "names")
    change = update(notice).where(notice.c.code == code).values(changed_at=1)
    names(with_sql_again(cast, change), "lifecycle", f"公示 {code}", "最后一次变动的时间")


def test_a_log_that_stands_still_is_a_finding_with_the_way_out(cast: Cast) -> None:
    """It names the village, why, what was taken down meanwhile and waits, and the command."""
    code, _c = row_of(cast, "names")
    with cast.board.database.write() as tx:
        heads.freeze(tx, VILLAGE, "签名程序忘了它签到哪里。")
    taking_down.withdraw(cast.board, VILLAGE, code, cast.anna, ground="wrong-facts")
    path = cast.board.database.path
    assert path is not None
    (found,) = verify(cast.board, signer=signer_in(path.parent / "signer")).problems
    assert VILLAGE == found.village
    assert "忘了它签到哪里" in found.what
    assert "1 件" in found.what
    assert code in found.what
    assert f"noticeboard log thaw --village {VILLAGE}" in found.fix
    (found,) = verify(cast.board).problems
    assert "noticeboard doctor" in found.fix


def test_a_stop_that_nobody_goes_on_from_is_found(cast: Cast) -> None:
    """A village that says its log stopped, and no other log does."""
    change = update(head).where(head.c.village == VILLAGE).values(frozen=freezing.STOPPED)
    names(with_sql_again(cast, change), "lifecycle", "停住了", "没有一个日志从它接下去")


def test_the_rules_in_force_must_be_here(cast: Cast) -> None:
    """By them it is judged what may be seen."""
    change = text("update setting set value = '00' where key = 'rules'")
    names(with_sql_again(cast, change), "log", "现在的规则", "不在这里")
