"""Adopting: which rules are in force from now on, and which rule pack a village goes by."""

from datetime import date

from msgspec import UNSET
from sqlalchemy import Connection

from noticeboard.board.board import Board, Done, in_force
from noticeboard.board.scanning import refuse
from noticeboard.core.actions import Adopt, Assign
from noticeboard.core.parts import Committed
from noticeboard.core.people import CLOCK, Village
from noticeboard.core.privacy import scan
from noticeboard.core.problems import NotValid
from noticeboard.core.rules import decode
from noticeboard.store import assignments, heads, notices, screens
from noticeboard.store import rules as bundles
from noticeboard.store.assignments import Adoption, Assignment

INSTANCE = ""
# The setting that says: these rules are the county's own, a newer program brings no others.
OWN = "own_rules"
LONGEST_DOCUMENT = 60


def adopt(board: Board, bundle: bytes, *, document: str = "", own: bool = True) -> str:
    """Let a rules bundle be in force for the whole board from now on; gives its hash.

    `own` rules stay when the program is renewed; `document` is the number of the county's paper.
    The same rules again write nothing. Raises NotValid for bytes that are no bundle, or for a
    number that is none, or where a village goes by a pack that these rules lack.
    """
    rules = decode(bundle)
    with board.database.write() as tx:
        head = notices.lock(tx, INSTANCE)
        for village, said in assignments.everywhere(tx).items():
            if said[-1].pack not in rules.packs:
                raise NotValid(
                    "{village} 用的规则包 {pack} 不在这套规则里。",
                    fix="请把它加进去，或先给这个村换一个。",
                    village=village,
                    pack=said[-1].pack,
                )
        hash_ = bundles.keep(tx, bundle, board.now())
        if screens.told(tx, "rules") != hash_:
            adopted(board, tx, head.village, hash_, numbered(document))
            for other in notices.villages(tx):
                heads.reveal(tx, other.village.code)
        screens.forget(tx, OWN, screens.told(tx, OWN) or "")
        if own:
            screens.tell(tx, OWN, hash_)
    board.heard()
    return hash_


def adopted(
    board: Board, tx: Connection, instance: Village, hash_: str, document: str = ""
) -> Village:
    """Say in the instance log, whose row is held, that a kept bundle is in force from now on."""
    action = Adopt(bundle=hash_, document=document or UNSET)
    done = board.append(tx, instance, action, CLOCK, Committed())
    assignments.adopt(tx, Adoption(idx=done.index, at=done.at, bundle=hash_, document=document))
    screens.tell(tx, "rules", hash_)
    return done.village


def assign(board: Board, village: str, *, pack: str, joined: str, document: str = "") -> Assignment:
    """Let a village go by a rule pack; it is held to its periods from the day it joined (ISO).

    What was due before now is judged as before. Raises NotFound for an unknown village, NotValid
    for an unknown pack, a day that is none, or a number of a paper that is none.
    """
    document = numbered(document)
    with board.database.write() as tx:
        instance = notices.lock(tx, INSTANCE)
        notices.head_of(tx, village)
        packs = in_force(tx)[1].packs
        if pack not in packs:
            listed = "、".join(packs)
            fix = "只能写：{allowed}。"
            raise NotValid("没有这个规则包。", value=pack, fix=fix, field="pack", allowed=listed)
        day = _day(joined)
        action = Assign(village=village, pack=pack, joined=day, document=document or None)
        done = board.append(tx, instance.village, action, CLOCK, Committed())
        said = _said(village, done, pack, day, document)
        assignments.assign(tx, said)
        heads.reveal(tx, village)
    board.heard()
    return said


def _said(village: str, done: Done, pack: str, day: str, document: str) -> Assignment:
    return Assignment(
        village=village, idx=done.index, at=done.at, pack=pack, joined=day, document=document
    )


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise NotValid(
            "这一天写不对。", value=text, fix="写成 2026-01-01 的样子。", field="joined"
        ) from None


def numbered(document: str) -> str:
    """Give the number of a paper as it is logged, for ever and for all to read."""
    document = " ".join(document.split())
    if len(document) > LONGEST_DOCUMENT:
        raise NotValid("文号太长。", value=document, fix="只写文号，例如 某农发〔2026〕12号。")
    refuse(scan([("文号", document)]))
    return document
