"""What is proved of an edition: what it says, its entry, the head over it; every change shows."""

import json
from pathlib import Path

import pytest
from sqlalchemy import text

from noticeboard.board import taking_down
from noticeboard.board.proving import Content, Proven, proven
from noticeboard.core.notice import published
from noticeboard.store import notices
from tests.cast import VILLAGE, Cast, cast_in
from tests.logs import behind_its_back


@pytest.fixture
def cast(tmp_path: Path) -> Cast:
    return cast_in(tmp_path / "home")


def found(cast: Cast, code: str) -> Proven:
    """Check the current edition of a notice."""
    notice = cast.notice(code)
    assert notice.current is not None
    with cast.board.database.read() as tx:
        village = notices.head_of(tx, VILLAGE).village
        return proven(tx, village, notice, notice.current)


def meddle(cast: Cast, statement: str, **values: object) -> None:
    """Change the database below the board."""
    with cast.board.database.write() as tx:
        behind_its_back(tx)
        assert tx.execute(text(statement), values).rowcount == 1


def signed(cast: Cast) -> str:
    """Give the code of a ledger that is up and under the signed head."""
    code = cast.published("spending").code
    cast.sign()
    return code


def test_what_is_as_it_was_is_sound(cast: Cast) -> None:
    """Every body opens its commitment: the text, three rows, the names of two; the head holds."""
    one = found(cast, signed(cast))
    assert one.sound
    assert Content(same=6, erased=0, wrong=0) == one.content
    assert one.opened is not None
    assert cast.entries() == one.opened.checkpoint.size


def test_before_the_first_signature_nothing_is_claimed_of_the_log(cast: Cast) -> None:
    """The content fits, no head covers the entry, and that is not an error."""
    one = found(cast, cast.published("spending").code)
    assert (True, False, None) == (one.sound, one.signed, one.opened)


def test_a_changed_row_is_found(cast: Cast) -> None:
    """One digit in the table of bodies, and the edition is not as it was."""
    code = signed(cast)
    other = "cast(replace(body, '50000', '90000') as blob)"
    meddle(cast, f"update body set body = {other} where instr(body, '50000')")
    one = found(cast, code)
    assert (False, 1, True) == (one.sound, one.content.wrong, one.bound)


def test_a_row_that_vanished_is_found(cast: Cast) -> None:
    """What no entry erased must be there."""
    code = signed(cast)
    meddle(cast, "delete from body where instr(body, '50000')")
    assert Content(same=5, erased=0, wrong=1, lost=1) == found(cast, code).content


def test_what_an_entry_erased_is_counted_and_sound(cast: Cast) -> None:
    """A redaction takes the name away and leaves the proof as it was."""
    code = signed(cast)
    redact = {"ground": "person-asked", "parts": ("names",), "rows": (2,)}
    taking_down.redact(cast.board, VILLAGE, code, cast.anna, **redact)
    one = found(cast, code)
    assert one.sound
    assert Content(same=5, erased=1, wrong=0) == one.content


def test_a_changed_entry_is_found(cast: Cast) -> None:
    """Another register number in the leaf: neither the edition nor the head goes with it."""
    code = signed(cast)
    index = found(cast, code).index
    other = "cast(replace(leaf, '2026-001', '2026-009') as blob)"
    meddle(cast, f"update entry set leaf = {other} where village <> '' and idx = :at", at=index)
    one = found(cast, code)
    assert (False, None) == (one.sound, one.opened)


def test_an_edition_that_points_elsewhere_is_found(cast: Cast) -> None:
    """The stored notice names other parts than its publish leaf: the leaf alone binds."""
    one, other = signed(cast), cast.published("spending", title="另一份").code
    parts = [cast.notice(other).current, cast.notice(one).current]
    assert parts[0] is not None
    assert parts[1] is not None
    with cast.board.database.read() as tx:
        asked = text("select doc from notice where code = :code")
        doc = json.loads(tx.execute(asked, {"code": one}).scalar_one())
    doc["editions"][0]["parts"] = [
        {"name": part.name, "c": part.c, "rows": part.rows} for part in parts[0].parts
    ]
    meddle(cast, "update notice set doc = :doc where code = :code", doc=json.dumps(doc), code=one)
    assert (False, False) == (found(cast, one).bound, found(cast, one).sound)


@pytest.mark.parametrize(
    "statement",
    [
        "update checkpoint set note = cast(replace(note, substr(note, -9, 4), 'AAAA') as blob)",
        "update checkpoint set note = cast('damaged' as blob)",
        "update checkpoint set note = cast(replace(note, 'board', 'bored') as blob)",
        "update node set hash = zeroblob(32) where village <> '' and level > 0",
        "delete from node where village <> '' and level > 0",
    ],
)
def test_a_head_or_a_path_that_does_not_hold_is_found(cast: Cast, statement: str) -> None:
    """Of a signed log the path must lead to the root and the signature must be its key's."""
    cast.sign()
    code = signed(cast)
    with cast.board.database.write() as tx:
        behind_its_back(tx)
        tx.execute(text(statement))
    one = found(cast, code)
    up = published(cast.notice(code).editions[0])
    assert up is not None
    assert up.publish == one.index
    assert (True, False) == (one.signed, one.sound)
