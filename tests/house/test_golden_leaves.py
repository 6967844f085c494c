"""The bytes of every act, typed out: a leaf once written means the same for ever.

If a test here fails, the code is wrong and not the test: boards in the world hold such leaves. The
page docs/log-format.md tells an outsider the same; its examples are computed here.
"""

import hashlib
import re
from pathlib import Path

import msgspec
import pytest

from noticeboard.core.actions import ACTS, Act, Entry, leaf, read
from noticeboard.core.merkle import leaf_hash
from noticeboard.core.parts import Single, Table, canonical, commit

PAGE = (Path(__file__).parents[2] / "docs" / "log-format.md").read_text(encoding="utf-8")

ALWAYS = {"v", "log", "at", "by", "role", "act", "rules"}
# One leaf per act, as its bytes; a second one where a field has another form.
LEAVES = (Path(__file__).parent / "golden-leaves.jsonl").read_bytes().splitlines()
# SHA-256 over the first so many lines.
FIXED = {
    20: "623411e82e927b00fd807323ceba916c7e9bf2d67395dcb2d40d42335883be60",
    22: "6726398f34d70f41c523073995b593ce0fb4f23972de47c36d9159eb6704b6db",
    24: "e347d54011574aef9c55cf5d554da5c74f4df5292512e7164a99f44c9098ddf8",
    27: "d1404d27db984dfade60bc355a6b57fe31a4784eda8f4de8fe166bb32447f291",
    30: "1af3fcd5e1c8809211978fd7297944afe964bbe1a23c785feb81cf455fad4cfa",
    32: "caadf215d86da54c19a09526fdf05d08aef81268a88b3e4745c8f47f90e0039d",
    35: "d1485801e3df81dc0a2ff1bd53c0d1f578bc7b004df4ca56d64f4764b1d50e6c",
}


@pytest.mark.parametrize("golden", LEAVES)
def test_a_golden_leaf_is_read_and_written_the_same(golden: bytes) -> None:
    """Every version reads it as an entry it knows and would write these bytes and no others."""
    entry = read(golden)
    assert isinstance(entry, Entry)
    assert golden == leaf(entry)


def test_every_act_has_a_golden_leaf() -> None:
    """An act without fixed bytes could still change its mind."""
    assert set(ACTS) == {msgspec.json.decode(golden)["act"] for golden in LEAVES}


def test_the_golden_leaves_as_a_whole_are_fixed() -> None:
    """A hash over the first so many, so that no hand slips: the list only ever grows at its end."""
    for first, fixed in FIXED.items():
        assert fixed == hashlib.sha256(b"\n".join(LEAVES[:first])).hexdigest()
    assert max(FIXED) == len(LEAVES)


def _fields(act: type[Act]) -> set[str]:
    return {field.encode_name for field in msgspec.structs.fields(act)} - ALWAYS


@pytest.mark.parametrize("act", ACTS)
def test_the_page_names_every_field_of_every_act(act: str) -> None:
    """The table's line of an act lists exactly its fields."""
    line = re.search(rf"^\| `{act}` \|(.*)\|(.*)\|$", PAGE, re.MULTILINE)
    assert line is not None
    assert _fields(ACTS[act]) == set(re.findall(r"`(\w+)`", line[1]))


def test_the_page_names_every_act_and_no_other() -> None:
    """What is not in the table is not in the log."""
    table = PAGE.split("\n## Acts\n")[1].split("\n## ")[0]
    assert set(ACTS) == set(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE))


def test_the_worked_example_is_computed() -> None:
    """Every hash on the page comes out of its own bodies and salts, so the page cannot drift."""
    salts = iter(bytes([n]) * 32 for n in range(1, 9))
    text = canonical({"title": "示例", "publisher": "committee"})
    rows = [canonical({"id": 1, "expense": 50000}), canonical({"id": 2, "expense": 7000})]
    committed = commit(
        [Single("text", text), Table("figures", tuple(enumerate(rows, 1)))], lambda: next(salts)
    )
    for kept in committed.kept:
        assert f"`{kept.body.decode()}`" in PAGE
        assert kept.c in PAGE
    for part in committed.parts:
        assert f"`{part.c}`" in PAGE
    example = LEAVES[10]
    assert f"```\n{example.decode()}\n```" in PAGE
    assert f"`{leaf_hash(example).hex()}`" in PAGE
