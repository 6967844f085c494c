"""The desk while a log stands still: it says so, takes down at once, and offers nothing else."""

import re

import pytest

from noticeboard.board import (
    accusing,
    checkpoints,
    coming_back,
    founding,
    freezing,
    restoring,
    succeeding,
    thawing,
)
from noticeboard.board.second_path import LOST
from noticeboard.cli.health import examine
from noticeboard.core.actions import Withdraw
from noticeboard.core.checkpoints import read_checkpoint
from noticeboard.core.notes import read_note
from noticeboard.core.notice import Returned
from noticeboard.core.people import Profile
from noticeboard.exporting.log import export
from noticeboard.net.sources import FolderSource
from noticeboard.signing.keys import state_of
from noticeboard.store import heads
from noticeboard.web.public import Pages
from tests.backups import Backup
from tests.cast import ORIGIN, VILLAGE, signer_in
from tests.web.conftest import DESK, Office
from tests.web.test_desk import ACTS, Act, address, body
from tests.witnessed import POLICY

DOWN = ("withdraw", "redact", "confirm")


class Still:
    """An office whose log can be stopped by taking the signer's memory away."""

    def __init__(self, office: Office) -> None:
        self.office, self.board = office, office.board
        assert office.board.database.path is not None
        self.home = office.board.database.path.parent
        self.signer = signer_in(self.home / "signer")

    def sign(self) -> None:
        """Sign what has grown."""
        self.office.clock.on(checkpoints.EVERY)
        checkpoints.sign_due(self.board, self.signer)

    def stop(self) -> None:
        """Freeze the log."""
        self.sign()
        state_of(self.signer.folder, ORIGIN).unlink()
        checkpoints.look(self.board, self.signer)

    def go_on(self) -> None:
        """Thaw it by the head as it is printed."""
        with self.board.database.read() as tx:
            head = checkpoints.served(tx, VILLAGE)
        assert head is not None
        signed = read_checkpoint(read_note(head).text)
        printed = thawing.Printed(signed.size, signed.root.hex()[:16])
        thawing.thaw(self.board, self.signer, VILLAGE, printed)


@pytest.fixture
def still(office: Office) -> Still:
    """Give the office; a test ends with both audits."""
    return Still(office)


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.name)
def test_each_act_while_the_log_stands_still(still: Still, act: Act) -> None:
    """Taking down is done at once; everything else is refused with the reason and the way out."""
    office = still.office
    notice = act.given(office)
    sent = body(office, notice, act)
    still.stop()
    entries = office.cast.entries()
    answer = office.browser(act.by).post(address(notice, act), **sent)
    after = office.cast.notice(notice.code)
    if act.name in DOWN:
        assert 303 == answer.status_code, answer.text
        assert act.left(after)
        onward = office.browser(act.by).get(answer.headers["location"])
        assert 200 == onward.status_code
    else:
        assert 503 == answer.status_code
        assert LOST in answer.text
        assert "noticeboard doctor" in answer.text
        assert notice == after
    assert entries == office.cast.entries()
    still.go_on()
    if act.name in DOWN:
        assert entries + 1 == office.cast.entries()
        assert act.left(office.cast.notice(notice.code))


def test_the_desk_says_so_and_offers_only_taking_down(still: Still) -> None:
    """A red band with the reason on every page of the village; no button that would be refused."""
    office = still.office
    up = office.cast.published("spending")
    waiting = office.cast.submitted("announcement")
    still.stop()
    for login in ("anna", "ben", "mei", "admin"):
        page = office.browser(login).get(DESK).text
        assert "记录停了" in page
        assert LOST in page
        assert "noticeboard doctor" in page
    paper = office.browser("anna").get(f"{DESK}/notices/{up.code}").text
    assert f"{DESK}/notices/{up.code}/withdraw" in paper
    for verb in ("post", "edit", "extend"):
        assert f'action="{DESK}/notices/{up.code}/{verb}"' not in paper
    code = waiting.notice.code  # type: ignore[union-attr]
    review = office.browser("ben").get(f"{DESK}/notices/{code}/review").text
    assert f'action="{DESK}/notices/{code}/approve"' not in review
    assert "去看" not in office.browser("ben").get(DESK).text.split("刚公开的")[0].split("<h1>")[1]
    # Outside too: the board's page says that nothing new comes.
    public = Pages(still.board, "").answer(f"/v/{VILLAGE}", "")
    assert 200 == public.status
    still.go_on()
    assert "记录停了" not in office.browser("anna").get(DESK).text


def test_a_lost_submission_is_said_and_sent_back(still: Still) -> None:
    """Came back without its words: first in the inbox, not to be agreed to, to be sent back."""
    office, cast = still.office, still.office.cast
    still.sign()
    backup = Backup(still.board.database)
    sent = cast.submitted("decision")
    planned = cast.submitted("project")
    cast.approve(planned, start=office.clock.now + 3600)
    still.sign()
    export(still.board, VILLAGE, still.home / "copy")
    backup.restore(still.board.database)
    checkpoints.look(still.board, still.signer)
    source = FolderSource(still.home / "copy")
    done: restoring.Recovered = coming_back.recover(still.board, still.signer, VILLAGE, source)
    assert 2 == len(done.drafts)
    page = office.browser("ben").get(DESK).text
    assert 2 == page.count("内容丢了，找不回来")
    code = sent.notice.code  # type: ignore[union-attr]
    ben = office.browser("ben")
    review = ben.get(f"{DESK}/notices/{code}/review")
    assert 200 == review.status_code
    approve = {"when": "now", "stay": "open", "of": str(sent.index)}
    answer = ben.post(f"{DESK}/notices/{code}/approve", data=approve)
    assert 409 == answer.status_code
    assert "内容丢了" in answer.text
    for one in (sent, planned):
        here = f"{DESK}/notices/{one.notice.code}"  # type: ignore[union-attr]
        assert 200 == ben.get(here).status_code
        given = {"reason": "内容丢了", "of": str(one.index)}
        assert 303 == ben.post(f"{here}/return", data=given).status_code
        back = cast.notice(one.notice.code)  # type: ignore[union-attr]
        assert isinstance(back.latest.state, Returned)
    assert 200 == office.browser("anna").get(DESK).status_code


def test_the_old_log_has_its_desk_for_taking_down(still: Still) -> None:
    """After a successor the old notices are reached from the desk and withdrawn; no more."""
    office = still.office
    old = office.cast.published("announcement")
    still.sign()
    with still.board.database.write() as tx:
        freezing.freeze(tx, VILLAGE, LOST)
    done = succeeding.succeed(
        still.board,
        still.signer,
        VILLAGE,
        ground="does-not-add-up",
        keeper=office.cast.accounts["admin"],
    )
    anna = office.browser("anna")
    assert f'href="/desk/{done.archive}"' in anna.get(DESK).text
    page = anna.get(f"/desk/{done.archive}")
    assert 200 == page.status_code
    assert f'href="{DESK}"' in page.text
    assert "拖到这里" not in page.text
    address = f"/desk/{done.archive}/notices/{old.code}/withdraw"
    assert 303 == anna.post(address, data={"ground": "wrong-facts"}).status_code
    pages = Pages(still.board, "")
    assert 410 == pages.answer(f"/n/{old.code}", "").status
    for path in (f"/v/{VILLAGE}", f"/v/{done.archive}", "/"):
        assert 200 == pages.answer(path, "").status, path
    with still.board.database.read() as tx:
        assert [done.archive] == heads.archives(tx, VILLAGE)
    # Somebody with one village goes straight to its desk.
    assert DESK == office.browser("anna").get("/desk").headers["location"]


def test_a_signer_that_keeps_failing_is_said_to_those_who_keep_the_board(still: Still) -> None:
    """The administrator and the township: since when, the signer's own words, the next step.

    Not before a minute has passed, not to a clerk, and not any more once all is signed.
    """
    office, folder = still.office, still.signer.folder
    still.sign()
    folder.chmod(0o755)
    office.cast.submitted("announcement")
    still.sign()
    assert "签不上名" not in office.browser("admin").get(DESK).text
    office.clock.on(checkpoints.LATE)
    for login in ("admin", "mei"):
        page = office.browser(login).get(DESK).text
        assert "记录签不上名" in page
        assert "有 1 条记录" in page
        assert "chmod 700" in page
        assert "noticeboard doctor" in page
    assert "签不上名" not in office.browser("anna").get(DESK).text
    folder.chmod(0o700)
    still.sign()
    assert "签不上名" not in office.browser("admin").get(DESK).text


def test_what_nobody_signs_is_said_where_another_process_should(still: Still) -> None:
    """Nothing was heard of why; that it waits is seen in the log itself."""
    still.sign()
    still.office.cast.submitted("announcement")
    still.office.clock.on(checkpoints.LATE + 1)
    page = still.office.browser("admin").get(DESK).text
    assert "记录签不上名" in page
    assert "签名的程序说" not in page


def test_a_clock_before_the_last_entry_is_said(still: Still) -> None:
    """Everybody sees until when nothing can be written; taking down is done all the same."""
    office, day = still.office, 86_400
    anna = office.browser("anna")
    office.clock.on(day)
    notice = office.cast.published("announcement")
    assert "还没有走到" not in anna.get(DESK).text
    office.clock.on(-day)
    page = anna.get(DESK).text
    assert "时钟还没有走到最后一条记录" in page
    assert "noticeboard doctor" in page
    office.cast.board.act(
        VILLAGE, Withdraw(code=notice.code, ed=1, ground="wrong-facts"), office.cast.anna
    )
    office.clock.on(day)
    assert "还没有走到" not in anna.get(DESK).text


def test_a_witness_that_answers_wrongly_is_named_at_the_desk_and_by_the_doctor(
    still: Still,
) -> None:
    """With what it answered, until it agrees again; another process knows it too."""
    checkpoints.set_policy(still.board, POLICY)
    with still.board.database.read() as tx:
        town = checkpoints.policy_of(tx).witnesses["乡镇"]
    answer = "见证答的不是它的签名。（12 条）"
    accusing.answered(still.board, VILLAGE, town, answer)
    for login in ("admin", "mei"):
        assert f"“乡镇”：{answer}" in still.office.browser(login).get(DESK).text
    said = [one.said for one in examine(still.board, still.signer) if one.state == "wrong"]
    assert f"乡镇 答得不对：{answer}" in said
    accusing.answered(still.board, VILLAGE, town, "")
    assert "答得不对" not in still.office.browser("admin").get(DESK).text
    assert not any("答得不对" in one.said for one in examine(still.board, still.signer))


def test_the_township_sees_which_village_stands_still(still: Still) -> None:
    """On the page of all its villages: since when and why, and whose witness answers wrongly."""
    office = still.office
    other = "430000002"
    founding.establish(
        still.board, code=other, origin="board.example/v/2", profile=Profile(name="二村"), keys=()
    )
    founding.appoint(
        still.board, other, office.cast.accounts["admin"], "admin", by=office.cast.accounts["admin"]
    )
    founding.appoint(
        still.board,
        other,
        office.cast.accounts["mei"],
        "overseer",
        by=office.cast.accounts["admin"],
    )
    checkpoints.set_policy(still.board, POLICY)
    with still.board.database.read() as tx:
        town = checkpoints.policy_of(tx).witnesses["乡镇"]
    accusing.answered(still.board, other, town, "见证答的不是它的签名。")
    assert "记录停了" not in office.browser("mei").get("/desk").text
    still.stop()
    page = office.browser("mei").get("/desk").text
    assert LOST in page
    assert re.search(r"从 \d+月\d+日 \d+:\d\d 起只能看、只能撤下", page)
    assert "<strong>见证答得不对</strong> 乡镇" in page
