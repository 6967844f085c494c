"""Contents cut into committed parts and put together again: nothing lost, nothing guessed."""

import hashlib
import json
import unicodedata
from itertools import count

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from noticeboard.core.drafting import read
from noticeboard.core.merkle import included, inclusion, leaf_hash, node_hash
from noticeboard.core.money import MOST
from noticeboard.core.particulars import KINDS, Content, Kind, Subsidy, SubsidyRow
from noticeboard.core.parts import (
    Bodies,
    Body,
    Kept,
    Single,
    Table,
    canonical,
    commit,
    commitment,
    join,
    split,
    table_commitment,
)
from tests.cast import FORMS

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-MOST, MOST) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abc"), inner, max_size=4),
    max_leaves=12,
)


def content_of(kind: Kind) -> Content:
    return read(kind, FORMS[kind])


def salts() -> bytes:
    return next(_SALTS).to_bytes(32)


_SALTS = count(1)


def bodies(parts: tuple[Body, ...]) -> Bodies:
    return Bodies(
        singles={part.name: part.body for part in parts if isinstance(part, Single)},
        tables={part.name: part.rows for part in parts if isinstance(part, Table)},
    )


def composed(value: object) -> object:
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, list):
        return [composed(item) for item in value]
    if isinstance(value, dict):
        return {key: composed(item) for key, item in value.items()}
    return value


@given(JSON)
def test_canonical_json_is_what_the_python_library_writes(value: object) -> None:
    """The bytes are those of json.dumps with sorted keys, no spaces, UTF-8, composed texts."""
    plain = composed(value)
    written = json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    # The one freedom: how a control sign without a short escape is spelled.
    assert json.loads(written) == json.loads(canonical(value))
    if "\\" not in written and "\x7f" not in written:
        assert written.encode() == canonical(value)


@pytest.mark.parametrize("text", ["行\n\u0303", "\t\u0327", "e\u0301", "\u0308"])
def test_a_combining_sign_breaks_no_escape(text: str) -> None:
    """A line break with an accent behind it stays a line break with an accent behind it."""
    assert unicodedata.normalize("NFC", text) == json.loads(canonical(text))


@pytest.mark.parametrize("value", [0.5, [1, {"a": 1.0}]])
def test_a_float_is_never_part_of_the_log(value: object) -> None:
    """Whoever computes with floats finds out while writing, not at an audit."""
    with pytest.raises(TypeError, match="float"):
        canonical(value)


@pytest.mark.parametrize("value", [MOST + 1, {"a": [-MOST - 1]}])
def test_an_integer_that_a_browser_would_round_is_never_written(value: object) -> None:
    """Above 2**53 − 1 nothing is exact everywhere."""
    with pytest.raises(ValueError, match="2\\*\\*53"):
        canonical(value)


def test_a_commitment_is_the_hash_of_domain_salt_and_body() -> None:
    """Computed here from the words of the design: domain, a zero byte, salt, body."""
    salt, body = bytes(range(32)), "正文".encode()
    expected = hashlib.sha256(b"vnb-commit-v1" + b"\0" + salt + body).digest()
    assert expected == commitment(salt, body)


@pytest.mark.parametrize("length", [0, 31, 33])
def test_a_salt_has_32_bytes(length: int) -> None:
    """A short salt could be guessed together with the name it hides."""
    with pytest.raises(ValueError, match="32 bytes"):
        commitment(bytes(length), b"")


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_cut_is_put_together_again(kind: Kind) -> None:
    """Every kind comes back from its parts exactly, names and all."""
    content = content_of(kind)
    stated = join(bodies(split(content)))
    assert stated is not None
    assert (content, (), (), ()) == (stated.content, stated.missing, stated.nameless, stated.lost)


@pytest.mark.parametrize("kind", KINDS)
def test_no_name_stands_outside_the_names(kind: Kind) -> None:
    """What must be erasable alone is committed alone: people are in no other part."""
    content = content_of(kind)
    held = (getattr(row, field) for row in content.particulars.rows for field in row.NAMES)
    people = {
        name for value in held for name in (value if isinstance(value, tuple) else (value,)) if name
    }
    assert people or kind in ("project", "decision", "announcement")
    for part in split(content):
        if part.name != "names":
            said = part.body if isinstance(part, Single) else b"".join(b for _i, b in part.rows)
            assert not [name for name in people if name.encode() in said]


def test_names_have_rows_only_where_somebody_is_named() -> None:
    """A row without a person has nothing to erase."""
    parts = {part.name: part for part in split(content_of("spending"))}
    names, figures = parts["names"], parts["figures"]
    assert isinstance(names, Table)
    assert isinstance(figures, Table)
    assert [1, 2, 3] == [id_ for id_, _body in figures.rows]
    assert [2, 3] == [id_ for id_, _body in names.rows]
    assert "names" not in {part.name for part in split(content_of("decision"))}


def test_an_erased_name_is_missing_and_the_figures_stay() -> None:
    """One person's row without its name: the sum is the same, the row says that it is nameless."""
    content = content_of("spending")
    held = bodies(split(content))
    names = [(id_, None if id_ == 2 else body) for id_, body in held.tables["names"]]
    stated = join(Bodies(held.singles, {**held.tables, "names": names}))
    assert stated is not None
    assert (2,) == stated.nameless
    assert [None, None, "张大山"] == [row.payee for row in stated.content.particulars.rows]  # type: ignore[union-attr]
    assert [200000, -50000, -5000] == [
        row.income - row.expense  # type: ignore[union-attr]
        for row in stated.content.particulars.rows
    ]


def test_without_names_nobody_is_named() -> None:
    """After the end of a period the names part is not even read."""
    stated = join(bodies(split(content_of("subsidy"))), names=False)
    assert stated is not None
    assert {None} == {row.name for row in stated.content.particulars.rows}  # type: ignore[union-attr]


def test_an_erased_text_leaves_nothing_to_state() -> None:
    """Without its text an edition is None, never a half page."""
    held = bodies(split(content_of("announcement")))
    assert None is join(Bodies({**held.singles, "text": None}, held.tables))


def test_an_erased_row_is_lost_and_said() -> None:
    """A row whose figures are gone is not shown, also not by its name alone."""
    held = bodies(split(content_of("subsidy")))
    figures = [(id_, None if id_ == 1 else body) for id_, body in held.tables["figures"]]
    stated = join(Bodies(held.singles, {**held.tables, "figures": figures}))
    assert stated is not None
    assert ((1,), [2]) == (stated.lost, [row.id for row in stated.content.particulars.rows])


def test_each_body_has_its_own_salt_and_opens_its_commitment() -> None:
    """No two rows share a salt, and each commitment can be computed from what is kept."""
    committed = commit(split(content_of("spending")), salts)
    assert len(committed.kept) == len({kept.salt for kept in committed.kept})
    for kept in committed.kept:
        assert kept.c == commitment(kept.salt, kept.body).hex()


def test_a_table_is_the_tree_over_its_rows() -> None:
    """Three rows by hand, and one row proved against the part's commitment."""
    rows = [bytes([n]) * 32 for n in (1, 2, 3)]
    leaves = [leaf_hash(row) for row in rows]
    root = node_hash(node_hash(leaves[0], leaves[1]), leaves[2])
    assert root == table_commitment(rows)
    nodes = {(0, n): leaf for n, leaf in enumerate(leaves)}
    nodes[1, 0] = node_hash(leaves[0], leaves[1])
    path = inclusion(lambda level, index: nodes[level, index], 1, 3)
    assert included(leaf_hash(rows[1]), 1, 3, path, root)


def test_what_an_earlier_edition_keeps_is_kept_once() -> None:
    """Rows that did not change are referenced again: erased once, they are erased everywhere."""
    content = content_of("spending")
    first = commit(split(content), salts)
    known = {kept.body: Kept(kept.c, kept.salt, kept.body) for kept in first.kept}
    again = commit(split(content), salts, known)
    assert ((), first.parts) == (again.kept, again.parts)
    changed = msgspec.structs.replace(content, title="更正")
    assert 1 == len(commit(split(changed), salts, known).kept)


def test_a_field_that_came_later_is_written_only_where_it_says_something() -> None:
    """A row keeps the bytes, and so the commitment, it had before there was such a field."""
    one = SubsidyRow(id=1, group="三组", amount=5)
    rows = (one, msgspec.structs.replace(one, id=2, households=4))
    content = Content(title="名单", particulars=Subsidy(programme="某种补贴", total=10, rows=rows))
    (figures,) = (part for part in split(content) if part.name == "figures")
    assert isinstance(figures, Table)
    bare = b'{"amount":5,"group":"\xe4\xb8\x89\xe7\xbb\x84","id":1,"quantity":null,"standard":null}'
    assert [(1, bare), True] == [figures.rows[0], b'"households":4' in figures.rows[1][1]]
    stated = join(bodies(split(content)))
    assert stated is not None
    assert rows == stated.content.particulars.rows
