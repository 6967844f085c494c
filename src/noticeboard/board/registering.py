"""Registering: who stays out of whose decisions, who stands behind a supplier; for the desk alone.

An identity number is taken only to make a mark of it, and is kept nowhere.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from noticeboard.board import matching
from noticeboard.board.board import Board
from noticeboard.board.scanning import refuse
from noticeboard.core import matching as marking
from noticeboard.core.privacy import scan
from noticeboard.core.problems import Finding, NotValid
from noticeboard.core.sheet import identity as numbers
from noticeboard.store import notices, registers
from noticeboard.store.registers import Backed, Kept

_MOST: Final = 60
_LABELS: Final[Mapping[str, str]] = {
    "name": "姓名",
    "tie": "什么关系",
    "group": "组别",
    "supplier": "供应商",
    "owner": "负责人",
}


def add_kin(
    board: Board, village: str, number: int, *, name: str, tie: str, group: str, identity: str
) -> None:
    """Write somebody into the recusal register; of their number only a mark is kept.

    Raises NotValid for what is missing or too long, for a number in a text, for a number that
    cannot be one, and for one of which no mark can be made here.
    """
    _check({"name": name, "tie": tie}, {"group": group})
    made = ""
    if identity.strip():
        found, health = numbers.number(identity)
        if health != "good":
            raise NotValid(
                "身份证号不对。", where="身份证号", fix="请对照证件，或者不填。", field="identity"
            )
        made = marking.mark(matching.village_key(board, village), "identity", found)
        if not made:
            fix = "请不填，或者请管机器的人看 noticeboard doctor。"
            raise NotValid("这台机器上做不了暗记。", where="身份证号", fix=fix, field="identity")
    one = Kept(name=name, tie=tie, grp=group, identity=made)
    with board.database.write() as tx:
        notices.lock(tx, village)  # two people at once get a row each
        registers.add_kin(tx, village, one, board.now(), number)
    board.scrub()


def add_supplier(board: Board, village: str, number: int, *, name: str, owner: str) -> None:
    """Write a supplier down; raises NotValid as `add_kin` does."""
    _check({"supplier": name, "owner": owner}, {})
    with board.database.write() as tx:
        notices.lock(tx, village)
        registers.add_supplier(tx, village, Backed(name=name, owner=owner), board.now(), number)
    board.scrub()


def forget(board: Board, village: str, which: str, ids: Sequence[int]) -> None:
    """Forget rows of a register (`kin`, `suppliers`), in the file too; twice is harmless."""
    with board.database.write() as tx:
        for id_ in ids:
            if which == "kin":
                registers.drop_kin(tx, village, id_)
            else:
                registers.drop_supplier(tx, village, id_)
    board.scrub()


def _check(needed: Mapping[str, str], besides: Mapping[str, str]) -> None:
    refuse(tuple(_wrong(needed, besides)))


def _wrong(needed: Mapping[str, str], besides: Mapping[str, str]) -> Iterator[Finding]:
    for name, said in needed.items():
        if not said:
            yield Finding("还没有填。", _LABELS[name], field=name)
    for name, said in {**needed, **besides}.items():
        if len(said) > _MOST:
            most: dict[str, str | int] = {"most": _MOST}
            yield Finding("太长了，最多 {most} 个字。", _LABELS[name], args=most, field=name)
    yield from scan((_LABELS[name], said) for name, said in {**needed, **besides}.items())
