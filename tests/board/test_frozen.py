"""A frozen log: read and taken down from, and nothing else; on thaw the log says what was done."""

import json
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import delete

from noticeboard.auditing import verify
from noticeboard.board import (
    attaching,
    checkpoints,
    drafting,
    founding,
    freezing,
    history,
    reviewing,
    taking_down,
    thawing,
)
from noticeboard.board.board import in_force
from noticeboard.board.second_path import LOST
from noticeboard.core.actions import Entry, Withdraw, read, verb
from noticeboard.core.notice import Notice
from noticeboard.core.problems import NotNow, NotValid, Unavailable
from noticeboard.signing.keys import state_of
from noticeboard.signing.signer import Signer
from noticeboard.store import blobs, heads, held, log, notices, screens, search, tree
from noticeboard.store import checkpoints as rows
from noticeboard.store.tables import checkpoint, cosignature
from noticeboard.web.public import Pages
from tests.cast import FORMS, ORIGIN, VILLAGE, Cast, Picture, cast_on, signer_in

NAME = "欧阳翠翠"


class Frozen:
    """The cast with its signer, whose memory can be taken away and put back."""

    def __init__(self, cast: Cast, signer: Signer) -> None:
        self.cast, self.signer, self.board = cast, signer, cast.board
        self.pages = Pages(cast.board, "https://board.example")
        with self.board.database.write() as tx:
            screens.add(
                tx, screens.Screen(VILLAGE, "hall", "村部", 1080, 1920, at=1, retired=False)
            )

    def sign(self) -> None:
        """Let the log be signed up to its last entry."""
        self.cast.clock.on(checkpoints.EVERY)
        checkpoints.sign_due(self.board, self.signer)

    def forget(self) -> None:
        """Take the signer's memory away: at the next look the log freezes."""
        self.sign()
        path = state_of(self.signer.folder, ORIGIN)
        self.kept = path.read_bytes()
        path.unlink()
        checkpoints.look(self.board, self.signer)
        assert LOST == self.reason()

    def remember(self) -> None:
        """Put the signer's memory back."""
        path = state_of(self.signer.folder, ORIGIN)
        path.write_bytes(self.kept)
        path.chmod(0o600)

    def reason(self) -> str:
        """Give why the log is frozen, or nothing."""
        with self.board.database.read() as tx:
            return heads.frozen(tx, VILLAGE)

    def head(self) -> str:
        """Give the head as it is printed on a wall now."""
        with self.board.database.read() as tx:
            size = notices.head_of(tx, VILLAGE).village.size
            return f"{size} {tree.root(tx, VILLAGE, size).hex()[:16]}"

    def said(self) -> list[str]:
        """Give the verbs of the log in order."""
        with self.board.database.read() as tx:
            entries = [read(raw) for _index, raw in log.leaves(tx, VILLAGE)]
        return [verb(entry.action) for entry in entries if isinstance(entry, Entry)]

    def answer(self, path: str) -> tuple[int, str]:
        """Ask the board as anybody may."""
        entry = self.pages.answer(path, "")
        return entry.status, self.plain(path)

    def plain(self, path: str) -> str:
        """Give an answer's text, unpacked."""
        entry = self.pages.answer(path, "")
        body = zlib.decompress(entry.body, 47) if entry.packed else entry.body
        return body.decode("utf-8", "replace").replace("<wbr>", "")


@pytest.fixture
def frozen(database_url: str, tmp_path: Path) -> Iterator[Frozen]:
    """Give the board on each kind of database; a test ends with both audits, frozen or not."""
    cast = cast_on(database_url)
    yield Frozen(cast, signer_in(tmp_path / "signer"))
    cast.audit()
    cast.board.database.close()


def surfaces(code: str) -> list[str]:
    """Name every address at which a notice can be seen."""
    return [
        *(f"/n/{code}{tail}" for tail in ("", ".json", ".csv", "/e/1", "/poster", "/r/1")),
        *(f"/v/{VILLAGE}{tail}" for tail in ("", "/notices", "/search")),
        "/kiosk/hall/playlist.json",
        "/",
    ]


def test_a_notice_is_taken_down_at_once_everywhere(frozen: Frozen) -> None:
    """While frozen one person takes it down; no surface shows it, no entry is made; later it is."""
    notice = frozen.cast.published("announcement", title=f"{NAME}的停水通知")
    before = {path: frozen.plain(path) for path in surfaces(notice.code)}
    assert all(NAME in before[f"/n/{notice.code}{tail}"] for tail in ("", ".json", "/e/1"))
    assert notice.code in before["/kiosk/hall/playlist.json"]
    assert NAME in before[f"/v/{VILLAGE}/notices"]
    frozen.forget()
    entries = frozen.cast.entries()

    done = taking_down.withdraw(
        frozen.board, VILLAGE, notice.code, frozen.cast.anna, ground="personal-data"
    )

    assert entries == done.index
    assert entries == frozen.cast.entries()
    for path in surfaces(notice.code):
        assert NAME not in frozen.plain(path), path
    slides = json.loads(frozen.plain("/kiosk/hall/playlist.json"))["playlist"]["slides"]
    assert ["welcome"] == [slide["id"] for slide in slides]
    assert 410 == frozen.answer(f"/n/{notice.code}")[0]
    with frozen.board.database.read() as tx:
        assert [] == list(search.find(tx, VILLAGE, NAME))
    frozen.cast.audit()

    frozen.remember()
    thawed = thawing.thaw(frozen.board, frozen.signer, VILLAGE)
    assert ((done.index,), ()) == (thawed.logged, thawed.undone)
    assert "withdraw" == frozen.said()[-1]
    assert 410 == frozen.answer(f"/n/{notice.code}")[0]
    frozen.sign()
    assert "" == frozen.reason()


def test_a_redaction_erases_the_bytes_at_once(frozen: Frozen) -> None:
    """Bodies go while the log is frozen, and the entry that orders it comes with the thaw."""
    rows = [dict(row) for row in FORMS["spending"]["rows"]]
    rows[1]["payee"] = NAME
    notice = frozen.cast.published("spending", rows=rows)
    frozen.forget()
    with frozen.board.database.read() as tx:
        table = next(p for p in notice.latest.parts if p.name == "names")
        c = blobs.tables_of(tx, VILLAGE, [table])[table.c].rows[0]
        assert NAME in blobs.bodies_by(tx, VILLAGE, [c])[c].body.decode()

    taking_down.redact(
        frozen.board,
        VILLAGE,
        notice.code,
        frozen.cast.anna,
        ground="personal-data",
        parts=("names",),
        rows=(2,),
    )

    with frozen.board.database.read() as tx:
        assert set() == blobs.bodies_held(tx, VILLAGE, [c])
    assert NAME not in frozen.plain(f"/n/{notice.code}")
    frozen.cast.audit()
    frozen.remember()
    thawing.thaw(frozen.board, frozen.signer, VILLAGE)
    assert "redact" == frozen.said()[-1]


def test_two_in_a_row_and_a_second_person(frozen: Frozen) -> None:
    """A second taking down and its confirmation follow the first, in the log in this order."""
    first, second = frozen.cast.published("announcement"), frozen.cast.published("decision")
    frozen.forget()
    one = taking_down.withdraw(
        frozen.board, VILLAGE, first.code, frozen.cast.anna, ground="wrong-facts"
    )
    frozen.cast.clock.on(60)
    two = taking_down.withdraw(
        frozen.board, VILLAGE, second.code, frozen.cast.anna, ground="duplicate"
    )
    assert one.index + 1 == two.index
    with frozen.board.database.read() as tx:
        rules = in_force(tx)[1]
        waiting = [found.down.index for found in history.unconfirmed(tx, VILLAGE, rules)]
        past = [found.act for found in history.of_notice(tx, VILLAGE, second.code)]
    assert [one.index, two.index] == waiting
    assert "withdraw" == past[-1]
    taking_down.confirm(frozen.board, VILLAGE, first.code, frozen.cast.ben, of=one.index)
    frozen.cast.audit()

    frozen.remember()
    frozen.cast.clock.on(60)
    thawed = thawing.thaw(frozen.board, frozen.signer, VILLAGE)
    assert 3 == len(thawed.logged)
    assert ["withdraw", "withdraw", "confirm"] == frozen.said()[-3:]
    down = frozen.cast.notice(first.code).taken_down[0]
    assert (frozen.cast.ben, frozen.cast.clock.now) == (down.confirmed_by, down.at)


def test_nothing_else_is_done_and_the_way_out_is_said(frozen: Frozen) -> None:
    """Every other act is refused with the reason; the clock leaves the village alone."""
    cast, board = frozen.cast, frozen.board
    up = cast.published("announcement", until=cast.clock.now + 30 * 86_400)
    sent, waiting = cast.submitted("decision"), cast.submitted("project")
    cast.approve(waiting, start=cast.clock.now + 60)
    draft = cast.draft("subsidy")
    cast.assess("耕地地力保护补贴")
    frozen.forget()
    entries = cast.entries()
    code = sent.notice.code  # type: ignore[union-attr]
    refused: list[Callable[[], object]] = [
        lambda: cast.approve(sent),
        lambda: reviewing.send_back(board, VILLAGE, code, cast.ben, of=sent.index, reason="再看"),
        lambda: drafting.submit(board, VILLAGE, draft.code, cast.anna, seen=draft.version),
        lambda: taking_down.extend(
            board, VILLAGE, up.code, cast.ben, ground="outage", until=cast.clock.now + 40 * 86_400
        ),
        lambda: reviewing.post(
            board,
            VILLAGE,
            up.code,
            cast.anna,
            wall="w1",
            of=up.latest.state.publish,  # type: ignore[union-attr]
        ),
        lambda: founding.appoint(board, VILLAGE, cast.dan, "clerk", cast.accounts["admin"]),
        lambda: founding.dismiss(
            board, VILLAGE, cast.accounts["anna"], "clerk", cast.accounts["admin"]
        ),
        lambda: taking_down.erase(
            board, VILLAGE, up.code, cast.ben, ground="person-asked", parts=("text",)
        ),
    ]
    for act in refused:
        with pytest.raises(Unavailable, match="doctor") as said:
            act()
        assert LOST in str(said.value)
    cast.clock.on(3600)
    assert [] == board.tick()
    assert entries == cast.entries()

    # Private paper goes on, and reading does.
    picture = attaching.attach(board, VILLAGE, draft.code, cast.anna, [Picture(b"jpeg")], "水管")
    assert 1 == len(picture.files)
    assert 200 == frozen.answer(f"/n/{up.code}")[0]
    frozen.remember()
    thawing.thaw(board, frozen.signer, VILLAGE)
    assert 1 == len(board.tick())


def test_the_head_on_the_wall_lets_it_go_on(frozen: Frozen) -> None:
    """Where the signer's memory is gone a person types the printed head; a wrong one is refused."""
    frozen.cast.published("announcement")
    frozen.sign()
    old = frozen.head()
    frozen.cast.published("decision")
    frozen.forget()
    size, _, root = frozen.head().partition(" ")
    with pytest.raises(NotNow, match="--head"):
        thawing.thaw(frozen.board, frozen.signer, VILLAGE)
    wrong = [f"{size} {'0' * 16}", f"{int(size) - 1} {root}"]
    for typed in wrong:
        with pytest.raises(NotValid, match="对不上"):
            thawing.thaw(frozen.board, frozen.signer, VILLAGE, thawing.read_printed(typed))
    printed = thawing.read_printed(f"{int(size) + 1} {root}")
    with pytest.raises(NotNow, match="少了记录"):
        thawing.thaw(frozen.board, frozen.signer, VILLAGE, printed)
    assert LOST == frozen.reason()
    assert None is frozen.signer.state(ORIGIN)

    # An older sheet says nothing of what was signed for others since, not where the row of it is
    # gone either; of nothing nobody can vouch.
    with frozen.board.database.write() as tx:
        rows.cosign(tx, VILLAGE, rows.Cosigned(int(size), "w", "line\n", 1))
        tx.execute(delete(checkpoint).where(checkpoint.c.village == VILLAGE))
    with pytest.raises(NotNow, match="旧的作不了证"):
        thawing.thaw(frozen.board, frozen.signer, VILLAGE, thawing.read_printed(old))
    with pytest.raises(NotValid, match="写得不对"):
        thawing.read_printed("0 e3b0c44298fc1c14")
    assert None is frozen.signer.state(ORIGIN)

    with frozen.board.database.write() as tx:
        tx.execute(delete(cosignature).where(cosignature.c.village == VILLAGE))
    thawing.thaw(frozen.board, frozen.signer, VILLAGE, thawing.read_printed(frozen.head()))
    state = frozen.signer.state(ORIGIN)
    assert state is not None
    assert int(size) == state.size
    frozen.cast.published("project")
    frozen.sign()
    assert frozen.head().startswith(str(frozen.signer.state(ORIGIN).size))  # type: ignore[union-attr]


def test_a_typed_head_is_read_with_gaps_and_capitals() -> None:
    """As it stands on the wall: groups of four, a comma, capitals; nothing else passes."""
    assert thawing.Printed(1042, "9f86d081884c7d65") == thawing.read_printed(
        " 1,042  9F86 d081 884c 7d65 "
    )
    for wrong in (
        "",
        "1042",
        "9f86d081884c7d65",
        "1042 9f86",
        "-1 9f86d081884c7d65",
        "٣ 9f86d081884c7d65",
    ):
        with pytest.raises(NotValid, match="--head"):
            thawing.read_printed(wrong)


def test_what_a_witness_found_is_not_waved_through(frozen: Frozen) -> None:
    """A reason that this machine cannot look at itself needs a mirror or the head on the wall."""
    frozen.cast.published("announcement")
    frozen.sign()
    with frozen.board.database.write() as tx:
        freezing.freeze(tx, VILLAGE, "外面有人见过更多的记录。")
    with pytest.raises(NotNow, match="recover"):
        thawing.thaw(frozen.board, frozen.signer, VILLAGE)
    thawing.thaw(frozen.board, frozen.signer, VILLAGE, thawing.read_printed(frozen.head()))
    assert "" == frozen.reason()


def test_the_first_reason_stays_and_the_pages_hear_of_it(frozen: Frozen) -> None:
    """Whoever remembers pages sees by the revision that something is different."""
    with frozen.board.database.read() as tx:
        before = notices.revisions(tx)[VILLAGE]
    with frozen.board.database.write() as tx:
        freezing.freeze(tx, VILLAGE, "第一。")
        freezing.freeze(tx, VILLAGE, "第二。")
    assert "第一。" == frozen.reason()
    with frozen.board.database.read() as tx:
        assert before + 1 == notices.revisions(tx)[VILLAGE]


def test_an_audit_sees_a_held_act_that_nobody_did(frozen: Frozen) -> None:
    """A taking down slipped into the table by hand, or an act that is none, is found."""
    notice: Notice = frozen.cast.published("announcement")
    frozen.forget()
    done = taking_down.withdraw(
        frozen.board, VILLAGE, notice.code, frozen.cast.anna, ground="wrong-facts"
    )
    with frozen.board.database.write() as tx:
        (real,) = held.leaves(tx, VILLAGE)
        entry = read(real)
        assert isinstance(entry, Entry)
        assert isinstance(entry.action, Withdraw)
        held.keep(tx, VILLAGE, 1, real)
        held.keep(tx, VILLAGE, 2, b"{}")
        held.keep(tx, VILLAGE, 3, log.leaf_at(tx, VILLAGE, 0) or b"")
    found = verify(frozen.board).problems
    assert 3 == len([one for one in found if one.where != "停住了"])
    assert {done.index + 1} == {
        int(one.where.split("第 ")[1].split(" ")[0]) for one in found if "以后" in one.where
    }
    with frozen.board.database.write() as tx:
        held.drop(tx, VILLAGE)
        held.keep(tx, VILLAGE, 0, real)
    frozen.remember()
    thawing.thaw(frozen.board, frozen.signer, VILLAGE)
