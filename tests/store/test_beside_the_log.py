"""What stands beside the log: bodies and files, drafts, people, forms, rules, screens."""

import random

import pytest
from sqlalchemy.exc import IntegrityError

from noticeboard.core.notice import FileRef, Part
from noticeboard.core.parts import Single, Table, commit, commitment
from noticeboard.core.problems import NotFound, NotNow, NotValid
from noticeboard.core.rules import bundle_hash
from noticeboard.store import blobs, drafts, people, rules, screens
from noticeboard.store.database import Database
from noticeboard.store.drafts import Draft
from noticeboard.store.screens import Screen
from tests.cast import bundle

DRAFT = Draft(village="v1", code="7Q4M9W2E", ed=1, kind="announcement", typed={}, writers=(1,))


def committed(rng: random.Random) -> tuple[list[Single | Table], blobs.Committed]:
    bodies: list[Single | Table] = [
        Single("text", b'{"title":"\xe7\xa4\xba\xe4\xbe\x8b"}'),
        Table("names", tuple((id_, f'{{"id":{id_}}}'.encode()) for id_ in range(5, 1205))),
    ]
    return bodies, commit(bodies, lambda: rng.randbytes(32))


def test_bodies_come_back_as_they_were_kept(database: Database, rng: random.Random) -> None:
    """More rows than one query asks for, in their order, with their ids and salts."""
    bodies, made = committed(rng)
    with database.write() as tx:
        blobs.keep(tx, "v1", made)
    with database.read() as tx:
        back, held = blobs.bodies_of(tx, "v1", made.parts)
        assert bodies[0].body == back.singles["text"]  # type: ignore[union-attr]
        assert list(bodies[1].rows) == list(back.tables["names"])  # type: ignore[union-attr]
        assert {kept.c: kept for kept in made.kept} == held
        assert {} == blobs.bodies_by(tx, "v2", list(held))
        wanted = [*made.parts, Part("names", made.parts[0].c, 0)]
        assert {made.parts[0].c: bodies[0].body} == dict(blobs.texts(tx, "v1", wanted, "text"))  # type: ignore[union-attr]


def test_a_body_is_written_once(database: Database, rng: random.Random) -> None:
    """A second body under the same commitment is refused by the database; a table is the same."""
    _bodies, made = committed(rng)
    with database.write() as tx:
        blobs.keep(tx, "v1", made)
        blobs.keep(tx, "v1", blobs.Committed(tables=made.tables))
    with pytest.raises(IntegrityError), database.write() as tx:
        blobs.keep(tx, "v1", made)


def test_erased_bodies_are_gone_and_their_table_stays(
    database: Database, rng: random.Random
) -> None:
    """The rows' commitments outlive the bodies, so that every old proof stays valid."""
    _bodies, made = committed(rng)
    (table,) = made.tables
    gone = [c.hex() for c in table.rows[:700]]
    with database.write() as tx:
        blobs.keep(tx, "v1", made)
        assert 700 == blobs.erase(tx, "v1", gone)
        assert 0 == blobs.erase(tx, "v1", gone)
    with database.read() as tx:
        back, _held = blobs.bodies_of(tx, "v1", made.parts)
        assert 700 == sum(body is None for _id, body in back.tables["names"])
        (stored,) = blobs.tables_of(tx, "v1", made.parts).values()
        assert (table.ids, tuple(c.hex() for c in table.rows)) == (stored.ids, stored.rows)


@pytest.mark.parametrize("size", [1, blobs.CHUNK - 1, blobs.CHUNK, blobs.CHUNK + 1, 3_000_000])
def test_a_file_goes_in_and_comes_out(database: Database, rng: random.Random, size: int) -> None:
    """In chunks, whatever its size, with salt, type and small picture; erased without a rest."""
    data, salt = rng.randbytes(size), rng.randbytes(32)
    with database.write() as tx:
        ref = blobs.keep_file(tx, "v1", data, "image/jpeg", salt, 77, b"small")
        blobs.keep_file(tx, "v1", b"other", "image/png", salt, 78)
    assert FileRef(commitment(salt, data).hex(), size, "image/jpeg") == ref
    with database.write() as tx:
        held = blobs.file_of(tx, "v1", ref.c)
        assert held is not None
        assert (data, "image/jpeg", salt) == (held.data, held.type, held.salt)
        assert b"small" == blobs.thumb_of(tx, "v1", ref.c)
        assert 1 == blobs.erase_files(tx, "v1", [ref.c])
        assert (None, None) == (blobs.file_of(tx, "v1", ref.c), blobs.thumb_of(tx, "v1", ref.c))


def test_files_are_loose_until_a_leaf_commits_to_them(
    database: Database, rng: random.Random
) -> None:
    """What no leaf holds can be swept away once it is old; what one holds cannot."""
    with database.write() as tx:
        first, second = (
            blobs.keep_file(tx, "v1", rng.randbytes(9), "image/png", rng.randbytes(32), at)
            for at in (10, 20)
        )
        assert [("v1", first.c)] == blobs.loose(tx, 20)
        blobs.settle(tx, "v1", [first.c])
        assert [("v1", second.c)] == blobs.loose(tx, 99)


def test_who_saves_over_what_they_have_not_seen_is_refused(database: Database) -> None:
    """Two people with the same draft open: the second save is refused, the first one stays."""
    with database.write() as tx:
        drafts.put_new(tx, DRAFT)
        first = drafts.save(tx, drafts.get(tx, "v1", DRAFT.code), 0)
    assert 1 == first.version
    with pytest.raises(NotNow, match="别人刚刚存过"), database.write() as tx:
        drafts.save(tx, DRAFT, 0)
    with database.read() as tx:
        assert first == drafts.get(tx, "v1", DRAFT.code)


def test_drafts_are_listed_and_dropped(database: Database) -> None:
    """The last touched first; a dropped one is not found, and that is said."""
    with database.write() as tx:
        for n, at in enumerate((5, 9, 7)):
            drafts.put_new(tx, Draft(**{**_fields(DRAFT), "code": f"AAAAAAA{n}", "at": at}))
    with database.write() as tx:
        assert [9, 7, 5] == [draft.at for draft in drafts.of_village(tx, "v1")]
        drafts.drop(tx, "v1", "AAAAAAA1")
        assert None is drafts.find(tx, "v1", "AAAAAAA1")
        with pytest.raises(NotFound, match="AAAAAAA1"):
            drafts.get(tx, "v1", "AAAAAAA1")


def _fields(draft: Draft) -> dict[str, object]:
    return {name: getattr(draft, name) for name in draft.__struct_fields__}


def test_a_login_belongs_to_one_person(database: Database) -> None:
    """Opened once; found by login and by number; a second person must choose another."""
    with database.write() as tx:
        people.open_account(tx, 7, "anna", "安娜")
        people.join(tx, "v1", 7, 4711)
        people.change(tx, 7, password="argon", reset_until=9)
        with pytest.raises(NotValid, match="已经有人用了"):
            people.open_account(tx, 8, "anna", "别人")
    with database.read() as tx:
        anna = people.by_login(tx, "anna")
        assert anna is not None
        assert ("安娜", "argon", 9, False) == (
            anna.name,
            anna.password,
            anna.reset_until,
            anna.closed,
        )
        assert anna == people.by_id(tx, 7) == people.logins_in(tx, "v1")[4711]
        assert ({4711: "安娜"}, 4711) == (
            people.names_in(tx, "v1"),
            people.number_in(tx, "v1", 7),
        )
        with pytest.raises(NotFound):
            people.by_id(tx, 8)


def test_a_form_sent_twice_finds_its_first_result(database: Database) -> None:
    """By its number and the person who sent it; forgotten after two days."""
    with database.write() as tx:
        assert None is people.first_result(tx, "form-1", 7)
        people.remember(tx, "form-1", 7, "12", 1_000_000)
        assert ("12", None) == (
            people.first_result(tx, "form-1", 7),
            people.first_result(tx, "form-1", 8),
        )
        people.sweep(tx, 1_000_000 + 2 * 86_400 - 1)
        assert "12" == people.first_result(tx, "form-1", 7)
        people.sweep(tx, 1_000_000 + 2 * 86_400)
        assert None is people.first_result(tx, "form-1", 7)


def test_a_session_ends(database: Database) -> None:
    """By signing out, by time, by closing the account."""
    with database.write() as tx:
        people.open_account(tx, 7, "anna", "安娜")
        for token in "abc":
            people.open_session(tx, token, 7, 100)
        assert (7, None) == (
            people.session_account(tx, "a", 99),
            people.session_account(tx, "a", 100),
        )
        people.end_session(tx, "a")
        assert None is people.session_account(tx, "a", 1)
        people.change(tx, 7, closed=True)
        assert None is people.session_account(tx, "b", 1)
        people.end_sessions(tx, 7)
        people.change(tx, 7, closed=False)
        assert None is people.session_account(tx, "c", 1)


def test_failures_are_counted_and_forgiven(database: Database) -> None:
    """How often in a row, and when last."""
    with database.write() as tx:
        for count in (1, 2):
            people.fail(tx, "anna", count, count * 10)
        assert (2, 20) == people.failures(tx, "anna")
        people.forgive(tx, "anna")
        assert (0, 0) == people.failures(tx, "anna")


def test_rules_are_kept_by_their_hash(database: Database) -> None:
    """Once, for ever, and read as they were written."""
    with database.write() as tx:
        name = rules.keep(tx, bundle(), 1)
        assert (bundle_hash(bundle()), name) == (name, rules.keep(tx, bundle(), 2))
    with database.read() as tx:
        assert "clock" in rules.get(tx, name).offices
        assert [(name, bundle())] == rules.stored(tx)
        with pytest.raises(NotFound):
            rules.get(tx, "00" * 32)


def test_screens_and_settings(database: Database) -> None:
    """A screen in use is found, a retired one is not; a setting is its last word."""
    hall = Screen("v1", "s1", "村部大厅", 1080, 1920, 5, retired=False)
    with database.write() as tx:
        screens.add(tx, hall)
        assert ([hall], hall) == (list(screens.of_village(tx, "v1")), screens.get(tx, "s1"))
        screens.retire(tx, "s1")
        assert [] == list(screens.of_village(tx, "v1"))
        with pytest.raises(NotFound):
            screens.get(tx, "s1")
        for value in "ab":
            screens.tell(tx, "rules", value)
        assert ("b", None) == (screens.told(tx, "rules"), screens.told(tx, "other"))


def test_a_forms_number_belongs_to_its_sender(database: Database) -> None:
    """The same number from two people is two forms; from one person it is one."""
    with database.write() as tx:
        people.remember(tx, "0" * 32, 1, "7", 100)
        people.remember(tx, "0" * 32, 2, "8", 100)
        assert "7" == people.first_result(tx, "0" * 32, 1)
        assert "8" == people.first_result(tx, "0" * 32, 2)
        assert people.first_result(tx, "0" * 32, 3) is None
