"""Entries as bytes: read exactly as written, and nothing else is ever taken for one."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from noticeboard.core.actions import ACTS, Act, Action, Entry, Unknown, Withdraw, leaf, read, verb
from noticeboard.core.parts import canonical
from noticeboard.core.problems import NotValid
from noticeboard.core.rules import Office

ENTRY = Entry(
    log="board.example/v/430000101",
    at=1767225600,
    by=7,
    role="clerk",
    rules="ab" * 32,
    action=Withdraw(code="7Q4M9W2E", ed=1, ground="wrong-facts"),
)
FIELDS: dict[str, Any] = msgspec.json.decode(leaf(ENTRY))


def test_every_act_has_its_word() -> None:
    """The acts by word are exactly the acts an entry may hold, each once."""
    assert set(Action.__args__) == set(ACTS.values())  # type: ignore[attr-defined]
    assert list(ACTS) == [str(act.__struct_config__.tag) for act in ACTS.values()]


def test_an_entry_is_read_as_it_was_written() -> None:
    """Bytes out, bytes in."""
    assert ENTRY == read(leaf(ENTRY))
    assert "withdraw" == verb(ENTRY.action)


@pytest.mark.parametrize(
    "data",
    [
        leaf(ENTRY) + b" ",
        leaf(ENTRY).replace(b",", b", ", 1),
        msgspec.json.encode({**FIELDS, "note": "多写的"}, order="sorted"),
        msgspec.json.encode({**FIELDS, "ed": "1"}, order="sorted"),
        canonical({key: value for key, value in FIELDS.items() if key != "by"}),
        leaf(ENTRY).replace(b'"act":', b'"act":"withdraw","act":', 1),
        b"",
        b"[]",
        b"null",
        b"\xff",
    ],
    ids=[
        "a space behind",
        "a space inside",
        "a field more",
        "text for a number",
        "a field less",
        "a key twice",
        "nothing",
        "a list",
        "null",
        "not text",
    ],
)
def test_bytes_that_leaf_would_not_have_written_are_refused(data: bytes) -> None:
    """A leaf has one spelling; another one is a forgery or damage, and refused as such."""
    with pytest.raises(NotValid):
        read(data)


@pytest.mark.parametrize("fields", [{"act": "certify"}, {"v": 2}, {"act": "certify", "more": [1]}])
def test_an_act_of_a_later_version_is_passed_over_and_named(fields: dict[str, Any]) -> None:
    """A reader skips what it does not know and says so."""
    found = read(canonical({**FIELDS, **fields}))
    assert Unknown(ENTRY.log, ENTRY.at, fields.get("act", "withdraw")) == found


@given(
    st.dictionaries(
        st.sampled_from(["v", "log", "at", "by", "role", "rules", "act", "code", "ed", "ground"]),
        st.none() | st.integers() | st.text(max_size=3) | st.lists(st.integers(), max_size=2),
    )
)
def test_no_damage_is_more_than_refused(fields: dict[str, Any]) -> None:
    """Whatever stands in a leaf, reading gives an entry, an unknown one, or a refusal."""
    try:
        found = read(msgspec.json.encode({**FIELDS, **fields}))
    except NotValid:
        return
    if isinstance(found, Unknown):
        assert [str, int, str] == [type(found.log), type(found.at), type(found.act)]
    else:
        assert msgspec.json.encode({**FIELDS, **fields}, order="sorted") == leaf(found)


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_no_act_has_room_for_free_text(act: type[Act]) -> None:
    """Names and sentences are committed parts; a field called after one would be a leak."""
    free = {"name", "reason", "text", "title", "note", "why", "comment", "person"}
    assert not free & set(act.__struct_fields__)


def test_offices_may_only_use_words_of_the_log() -> None:
    """What rules allow and what the log can say are the same words."""
    verbs = msgspec.inspect.type_info(Office).fields  # type: ignore[attr-defined]
    may = next(field.type.item_type for field in verbs if field.name == "may")
    assert set(may.values) <= set(ACTS)
