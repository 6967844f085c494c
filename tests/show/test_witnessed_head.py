"""Words about witnesses stand only beside the head they are of: on the wall's paper, on screens."""

import json
import re
from base64 import b64decode, b64encode
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from noticeboard.board import checkpoints, cosigning
from noticeboard.cli.health import examine
from noticeboard.core.notes import read_note, signature
from noticeboard.core.problems import NotValid
from noticeboard.store import checkpoints as rows
from noticeboard.store import screens
from noticeboard.store.tables import cosignature
from noticeboard.web import kiosk
from tests.cast import VILLAGE, Cast, cast_in, signer_in
from tests.show.test_verify_page import KEYS, words
from tests.witnessed import NEIGHBOUR, POLICY, SCREEN, TOWN, Witness, first_of_root


@pytest.fixture
def cast(tmp_path: Path) -> Cast:
    cast = cast_in(tmp_path / "home")
    checkpoints.set_policy(cast.board, POLICY)
    with cast.board.database.write() as tx:
        screens.add(tx, screens.Screen(VILLAGE, "hall", "村部", 1080, 1920, at=1, retired=False))
    return cast


def behind(cast: Cast) -> tuple[int, str]:
    """Let two witnesses see a head, and three entries follow; gives its size and first letters."""
    cast.sign()
    for witness in (TOWN, NEIGHBOUR):
        witness.cosign(cast)
    seen = cast.entries(), first_of_root(cast)
    cast.published("decision")
    cast.sign()
    cast.clock.on(600 - checkpoints.EVERY)
    return seen


def told(cast: Cast) -> dict[str, Any]:
    """Give what a screen is told of the log."""
    with cast.board.database.read() as tx:
        found: dict[str, Any] = json.loads(kiosk.playlist(tx, "hall", cast.clock.now, None).body)[
            "log"
        ]
    return found


def test_the_paper_prints_the_head_that_witnesses_saw(cast: Cast) -> None:
    """And how many entries are beyond it; once they have seen the newest, that one alone."""
    size, root = behind(cast)
    rest = cast.entries() - size
    paper = words(cast, KEYS)
    assert f"到第{size}条{re.sub(' ', '', root)}" in paper
    assert "外部核对2/3·10分钟前" in paper
    assert f"最新{rest}条还没核对" in paper
    for witness in (TOWN, NEIGHBOUR):
        witness.cosign(cast)
    paper = words(cast, KEYS)
    assert f"到第{cast.entries()}条{re.sub(' ', '', first_of_root(cast))}" in paper
    assert "外部核对2/3·刚才" in paper
    assert "还没核对" not in paper


def test_a_screen_is_told_whose_head_the_witnesses_saw(cast: Cast) -> None:
    """The newest head to compare with what it saw before; the witnesses' one for the foot."""
    size, root = behind(cast)
    log = told(cast)
    assert cast.entries() == log["head"]["size"]
    assert cast.entries() - size == log["witnessed"]["behind"]
    assert root.replace(" ", "") == log["witnessed"]["root"][:8]
    assert log["witnessed"]["root"] != log["head"]["root"]
    TOWN.cosign(cast)
    assert root.replace(" ", "") == told(cast)["witnessed"]["root"][:8]
    NEIGHBOUR.cosign(cast)
    log = told(cast)
    assert (log["head"]["root"], 0) == (log["witnessed"]["root"], log["witnessed"]["behind"])


def line_of(cast: Cast, witness: Witness, at: int) -> bytes:
    """Let a witness cosign the served head and date it as its clock is."""
    with cast.board.database.read() as tx:
        note = checkpoints.served(tx, VILLAGE)
    assert note is not None
    return signature(witness.key, witness.private.sign, read_note(note).text, at).line.encode()


def health(cast: Cast, home: Path, state: str = "wrong") -> list[str]:
    """Give what the doctor says of this village's witnesses."""
    found = examine(cast.board, signer_in(home / "home" / "signer"))
    return [one.said for one in found if one.area == f"见证 {VILLAGE}" and one.state == state]


def test_what_is_dated_ahead_is_not_taken_in(cast: Cast, tmp_path: Path) -> None:
    """Five minutes are a clock's; more would stay fresh for as long, and the doctor says whose."""
    cast.sign()
    now = cast.clock.now
    for ahead in (checkpoints.AHEAD + 1, 7200, 10**9):
        with pytest.raises(NotValid, match="日期在以后"):
            cosigning.hand_in(cast.board, VILLAGE, line_of(cast, TOWN, now + ahead))
    assert (0, None) == (told(cast)["witnessed"]["agreed"], told(cast)["witnessed"]["at"])
    assert f"乡镇 的时钟比这台快 {10**9 // 60} 分钟，它核对的不收。" in health(cast, tmp_path)
    both = line_of(cast, TOWN, now + 7200) + line_of(cast, NEIGHBOUR, now)
    assert 1 == cosigning.hand_in(cast.board, VILLAGE, both)
    assert "乡镇 的时钟比这台快 120 分钟，它核对的不收。" in health(cast, tmp_path)
    assert 1 == cosigning.hand_in(cast.board, VILLAGE, line_of(cast, TOWN, now + checkpoints.AHEAD))
    assert [] == health(cast, tmp_path)


def test_what_was_taken_by_a_clock_that_ran_ahead_is_nobodys_word_yet(cast: Cast) -> None:
    """Once ours is right again the line counts when its date has come, and never as just now."""
    cast.sign()
    cast.clock.on(7200)
    for witness in (TOWN, NEIGHBOUR, SCREEN):
        witness.cosign(cast)
    cast.clock.on(-7200)
    assert (0, False) == (told(cast)["witnessed"]["agreed"], told(cast)["witnessed"]["met"])
    assert "刚才" not in words(cast, KEYS)
    cast.clock.on(7200 + 600)
    assert "外部核对3/3·10分钟前" in words(cast, KEYS)


def test_a_witness_that_was_not_told_of_a_village_is_a_remark(cast: Cast, tmp_path: Path) -> None:
    """One policy is for all villages; one that came before and stays away is wrong."""
    cast.sign()
    assert ["外部核对 0/3。还不够数，乡镇、邻村、大屏还没有核对过这个村。"] == health(
        cast, tmp_path, "remark"
    )
    TOWN.cosign(cast)
    assert ["外部核对 1/3。还不够数，邻村、大屏还没有核对过这个村。"] == health(
        cast, tmp_path, "remark"
    )
    assert [] == health(cast, tmp_path)
    cast.published("decision")
    cast.sign()
    SCREEN.cosign(cast)
    assert ["外部核对 1/3。还不够数。"] == health(cast, tmp_path)


def met(cast: Cast) -> tuple[int, bool]:
    """Give how many witnesses a screen is told of, and whether they are enough."""
    said = told(cast)["witnessed"]
    return said["agreed"], said["met"]


def test_a_line_changed_behind_the_board_counts_for_nothing(cast: Cast) -> None:
    """Neither on the wall's paper nor on a screen; and the head that is served holds without it."""
    cast.sign()
    for witness in (TOWN, NEIGHBOUR):
        witness.cosign(cast)
    assert (2, True) == met(cast)
    size = cast.entries()
    with cast.board.database.write() as tx:
        (kept, _other) = rows.cosigned(tx, VILLAGE, size)
        said = kept.line.split()
        payload = bytearray(b64decode(said[-1]))
        payload[-1] ^= 1
        line = " ".join([*said[:-1], b64encode(payload).decode()]) + "\n"
        tx.execute(update(cosignature).where(cosignature.c.name == kept.name).values(line=line))
    assert (1, False) == met(cast)
    assert "2/3" not in words(cast, KEYS)
    with cast.board.database.read() as tx:
        served = checkpoints.served(tx, VILLAGE)
    assert served is not None
    assert line.encode() not in served
