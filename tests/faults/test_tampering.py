"""What somebody with the database in hand changes is found and named by the audit.

Each test changes a real board by direct SQL, dropping the triggers where they stand in the way.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import Connection, delete, insert, select, text, update

from noticeboard.auditing import Found, verify
from noticeboard.board import attaching, drafting, reviewing, taking_down
from noticeboard.core.actions import Entry, Withdraw, leaf, read
from noticeboard.store import blobs, log, notices
from noticeboard.store.tables import body, chunk, entry, file, head, node, part, rules
from noticeboard.store.tables import notice as notice_table
from tests.cast import VILLAGE, Cast, Picture, cast_in


@pytest.fixture
def cast(tmp_path: Path) -> Iterator[Cast]:
    """Give a board with a ledger that was corrected, and a notice with a photograph."""
    cast = cast_in(tmp_path / "home")
    ledger = cast.published("spending")
    cast.up(cast.correct(ledger.code, title="更正后的明细"))
    draft = cast.draft("subsidy")
    cast.assess("耕地地力保护补贴")
    saved = attaching.attach(
        cast.board, VILLAGE, draft.code, cast.anna, [Picture(b"photo" * 90_000)], "水池"
    )
    sent = drafting.submit(
        cast.board, VILLAGE, draft.code, cast.anna, seen=saved.version, attested=True
    )
    reviewing.approve(
        cast.board,
        VILLAGE,
        draft.code,
        cast.ben,
        of=sent.index,
        start=cast.clock.now,
        until=None,
        attested=True,
    )
    cast.board.tick()
    cast.audit()
    yield cast
    cast.board.database.close()


def with_sql(cast: Cast, change: Callable[[Connection], object]) -> list[Found]:
    """Change the database behind the board's back, and give what the audit finds."""
    with cast.board.database.write() as tx:
        for table in ("entry", "node", "rules"):
            for verb in ("update", "delete"):
                tx.execute(text(f"drop trigger if exists {table}_{verb}"))
        change(tx)
    return verify(cast.board).problems


def names(found: list[Found], audit: str, where: str, what: str) -> None:
    """Demand that a finding of this audit names the place and says what is wrong."""
    assert [one for one in found if one.audit == audit and where in one.where and what in one.what]


def row_of(cast: Cast, part_name: str) -> tuple[str, str]:
    """Give the ledger's code and the commitment of its row 2 in a part."""
    with cast.board.database.read() as tx:
        ledger = next(n for n in notices.shown(tx, VILLAGE) if n.latest.kind == "spending")
        held = [held for held in ledger.latest.parts if held.name == part_name]
        table = blobs.tables_of(tx, VILLAGE, held)[held[0].c]
        return ledger.code, table.rows[table.ids.index(2)]


@pytest.mark.parametrize(
    "forged",
    [
        b'{"date":"2026-02-03","expense":40000,"id":2,"summary":"x"}',
        b"not even json",
        b"",
        b"\xff\xfe",
        b"[]",
    ],
)
def test_a_changed_row_is_found(cast: Cast, forged: bytes) -> None:
    """Plausible or garbage: named with notice, edition and row, and the audit goes on."""
    code, c = row_of(cast, "figures")
    found = with_sql(
        cast, lambda tx: tx.execute(update(body).where(body.c.c == c).values(body=forged))
    )
    names(found, "content", f"公示 {code} 第 1 版 figures 第 2 行", "内容被改过")
    names(found, "content", f"公示 {code} 第 2 版 figures 第 2 行", "内容被改过")


@pytest.mark.parametrize("salt", [bytes(32), b"short"])
def test_a_changed_salt_is_found(cast: Cast, salt: bytes) -> None:
    """Without its salt a body opens nothing."""
    code, c = row_of(cast, "names")
    found = with_sql(
        cast, lambda tx: tx.execute(update(body).where(body.c.c == c).values(salt=salt))
    )
    names(found, "content", f"公示 {code}", "内容被改过")


def test_a_removed_row_is_found(cast: Cast) -> None:
    """A body deleted without an entry that says so."""
    code, c = row_of(cast, "names")
    found = with_sql(cast, lambda tx: tx.execute(delete(body).where(body.c.c == c)))
    names(found, "content", f"公示 {code}", "没有删除的记录")


def test_a_restored_row_is_found(cast: Cast) -> None:
    """A body that somebody put back after it was redacted."""
    code, c = row_of(cast, "names")
    with cast.board.database.read() as tx:
        held = tx.execute(select(body).where(body.c.c == c)).one()._asdict()
    taking_down.redact(
        cast.board, VILLAGE, code, cast.anna, ground="minor", parts=("names",), rows=(2,)
    )
    cast.audit()
    found = with_sql(cast, lambda tx: tx.execute(insert(body), held))
    names(found, "content", f"公示 {code}", "内容却还在")


def test_rows_in_another_order_are_found(cast: Cast) -> None:
    """The order in which rows are printed is committed."""

    def swap(tx: Connection) -> None:
        for held in tx.execute(select(part)).all():
            turned = held.rows[32:64] + held.rows[:32] + held.rows[64:]
            tx.execute(update(part).where(part.c.c == held.c).values(rows=turned))

    names(with_sql(cast, swap), "content", "figures", "不一样")


def test_rows_under_other_ids_are_found(cast: Cast) -> None:
    """By the ids a row is found to be erased: swapped, another person would go."""

    def swap(tx: Connection) -> None:
        for held in tx.execute(select(part)).all():
            turned = msgspec.json.encode(msgspec.json.decode(held.ids)[::-1])
            tx.execute(update(part).where(part.c.c == held.c).values(ids=turned))

    names(with_sql(cast, swap), "content", "names", "行号和内容对不上")


@pytest.mark.parametrize("damage", ["remove", "shorten"])
def test_a_damaged_table_is_found(cast: Cast, damage: str) -> None:
    """A table that is gone, or has lost a row."""

    def change(tx: Connection) -> None:
        if damage == "remove":
            tx.execute(delete(part))
        for held in tx.execute(select(part)).all():
            tx.execute(update(part).where(part.c.c == held.c).values(rows=held.rows[:-32]))

    what = "表不见了" if damage == "remove" else "表的行数不对"
    names(with_sql(cast, change), "content", "figures", what)


def test_a_swapped_file_is_found(cast: Cast) -> None:
    """Other bytes in one chunk, or another type."""
    for change in (
        update(chunk).where(chunk.c.n == 1).values(bytes=b"other"),
        update(file).values(type="text/html"),
    ):
        found = with_sql_again(cast, change)
        names(found, "content", "附件1", "附件被换过")


def with_sql_again(cast: Cast, change: object) -> list[Found]:
    """Change something that no trigger guards."""
    with cast.board.database.write() as tx:
        tx.execute(change)  # type: ignore[call-overload]
    return verify(cast.board).problems


def test_a_removed_file_is_found(cast: Cast) -> None:
    """A photograph deleted without an entry."""
    names(with_sql_again(cast, delete(file)), "content", "附件1", "没有删除的记录")


def test_a_removed_entry_is_found(cast: Cast) -> None:
    """From the middle or from the end, with or without its nodes."""
    size = cast.entries()

    def remove(tx: Connection) -> None:
        tx.execute(delete(entry).where(entry.c.village == VILLAGE, entry.c.idx == size - 4))

    found = with_sql(cast, remove)
    names(found, "log", f"第 {size - 4} 条记录", "不见了")


def test_a_cut_off_log_is_found(cast: Cast) -> None:
    """The last entry gone: nodes without leaves, and a board that says more than its log."""
    size = cast.entries()

    def cut(tx: Connection) -> None:
        tx.execute(delete(entry).where(entry.c.village == VILLAGE, entry.c.idx == size - 1))

    found = with_sql(cast, cut)
    names(found, "log", "记录树", "没有来历的节点")
    names(found, "lifecycle", "村的状态", "不一样")


def test_a_forged_leaf_is_found(cast: Cast) -> None:
    """Well-made bytes in the place of others: the tree does not hold them, nor does the board."""
    with cast.board.database.read() as tx:
        raw = tx.execute(
            select(entry.c.leaf, entry.c.idx).where(entry.c.act == "approve").limit(1)
        ).one()
    held = read(raw.leaf)
    assert isinstance(held, Entry)
    forged = leaf(msgspec.structs.replace(held, by=cast.mei, role="overseer"))

    def forge(tx: Connection) -> None:
        where = (entry.c.village == VILLAGE, entry.c.idx == raw.idx)
        tx.execute(update(entry).where(*where).values(leaf=forged))

    found = with_sql(cast, forge)
    names(found, "log", f"第 {raw.idx} 条记录", "和当时记下的不一样")
    names(found, "lifecycle", "公示", "不一样")


@pytest.mark.parametrize("raw", [b"garbage", b"{}", b"\xff"])
def test_an_unreadable_leaf_is_found(cast: Cast, raw: bytes) -> None:
    """Named by its index, and the audit goes on to the end."""

    def forge(tx: Connection) -> None:
        where = (entry.c.village == VILLAGE, entry.c.idx == 8)
        tx.execute(update(entry).where(*where).values(leaf=raw))

    found = with_sql(cast, forge)
    names(found, "log", "第 8 条记录", "读不懂")
    names(found, "log", "第 8 条记录", "和当时记下的不一样")


def test_an_unlawful_entry_is_found_though_the_tree_was_computed_anew(cast: Cast) -> None:
    """Appended with its nodes, by somebody who holds no office: the rulebook does not take it."""
    size = cast.entries()
    with cast.board.database.read() as tx:
        held = read(tx.execute(select(entry.c.leaf).where(entry.c.idx == size - 1)).scalar_one())
    assert isinstance(held, Entry)
    act = Withdraw(code="7Q4M9W2E", ed=1, ground="minor")
    forged = msgspec.structs.replace(held, by=12345, role="clerk", action=act)

    def forge(tx: Connection) -> None:
        log.append(tx, VILLAGE, size, leaf(forged), "withdraw", "7Q4M9W2E", held.at)

    found = with_sql(cast, forge)
    names(found, "lifecycle", f"第 {size} 条记录", "没有这个职务")
    assert not [one for one in found if one.audit == "log"]


def test_a_removed_or_changed_node_is_found(cast: Cast) -> None:
    """A subtree that is gone or other: the leaf that completed it is named."""
    for change in (
        delete(node).where(node.c.village == VILLAGE, node.c.level == 1, node.c.idx == 2),
        update(node).where(node.c.level == 0, node.c.idx == 4).values(hash=bytes(32)),
    ):
        found = with_sql(cast, lambda tx, change=change: tx.execute(change))  # type: ignore[misc]
        names(found, "log", "条记录", "和当时记下的不一样")


@pytest.mark.parametrize("doc", [None, b"{}", b"garbage"])
def test_a_changed_notice_is_found(cast: Cast, doc: bytes | None) -> None:
    """A state that the log does not say: longer on the board, or damaged."""
    code, _c = row_of(cast, "names")
    with cast.board.database.read() as tx:
        held = tx.execute(
            select(notice_table.c.doc).where(notice_table.c.code == code)
        ).scalar_one()
    forged = doc if doc is not None else held.replace(b'"2026-002"', b'"2026-009"')
    assert forged != held
    change = update(notice_table).where(notice_table.c.code == code).values(doc=forged)
    names(with_sql_again(cast, change), "lifecycle", f"公示 {code}", "推出来的不一样")


def test_a_removed_or_invented_notice_is_found(cast: Cast) -> None:
    """One that is in the log and not on the board, and one the other way round."""
    code, _c = row_of(cast, "names")
    change = update(notice_table).where(notice_table.c.code == code).values(code="ZZZZZZZZ")
    found = with_sql_again(cast, change)
    for name in (code, "ZZZZZZZZ"):
        names(found, "lifecycle", f"公示 {name}", "推出来的不一样")


@pytest.mark.parametrize("column", ["due", "until", "shown_at", "no", "state", "kind"])
def test_a_changed_index_is_found(cast: Cast, column: str) -> None:
    """A notice the clock would not find any more, though its document is whole."""
    value = {"no": "2026-009", "state": "returned", "kind": "project"}.get(column, 7)
    code, _c = row_of(cast, "names")
    change = update(notice_table).where(notice_table.c.code == code).values({column: value})
    names(with_sql_again(cast, change), "lifecycle", f"公示 {code}", "索引和它的状态对不上")


@pytest.mark.parametrize("state", ["register", "offices", b"garbage"])
def test_a_changed_head_is_found(cast: Cast, state: str | bytes) -> None:
    """A number given twice, an office nobody gave, or damage."""
    with cast.board.database.read() as tx:
        held = tx.execute(select(head.c.state).where(head.c.village == VILLAGE)).scalar_one()
    forged = state if isinstance(state, bytes) else b""
    if isinstance(state, str):
        plain = msgspec.json.decode(held)
        plain[state] = {"2026": 1} if state == "register" else {**plain[state], "7": ["clerk"]}
        forged = msgspec.json.encode(plain)
    change = update(head).where(head.c.village == VILLAGE).values(state=forged)
    names(with_sql_again(cast, change), "lifecycle", "村的状态", "不一样")


def test_a_changed_profile_is_found(cast: Cast) -> None:
    """What a village tells of itself is in the instance log, phones and all."""
    with cast.board.database.read() as tx:
        held = tx.execute(select(head.c.profile).where(head.c.village == VILLAGE)).scalar_one()
    forged = held.replace(b"13800138000", b"13900139000")
    change = update(head).where(head.c.village == VILLAGE).values(profile=forged)
    names(with_sql_again(cast, change), "content", f"村 {VILLAGE}", "介绍")


def test_a_removed_village_is_found(cast: Cast) -> None:
    """Its log may be there or not: the instance says that there is one."""
    change = delete(head).where(head.c.village == VILLAGE)
    names(with_sql_again(cast, change), "content", f"村 {VILLAGE}", "介绍")


def test_a_hidden_entry_is_found(cast: Cast) -> None:
    """The column by which the entries of a notice are found says another code."""

    def hide(tx: Connection) -> None:
        tx.execute(update(entry).where(entry.c.act == "submit").values(code="ZZZZZZZZ"))

    names(with_sql(cast, hide), "log", "条记录", "索引和它的内容对不上")


def test_changed_rules_are_found(cast: Cast) -> None:
    """A bundle that is not what its name says judges nothing."""
    found = with_sql(cast, lambda tx: tx.execute(update(rules).values(bundle=b"garbage")))
    names(found, "log", "规则", "对不上")
    names(found, "lifecycle", "第 0 条记录", "找不到判断它的那套规则")
