"""The promises of the page that says what was checked, of the proof file, of the wall's paper."""

import re
from pathlib import Path
from typing import Any

import pytest
from markupsafe import Markup
from sqlalchemy import text, update

from noticeboard.board import checkpoints, freezing, taking_down
from noticeboard.core.actions import Lose
from noticeboard.core.codes import fingerprint
from noticeboard.core.days import DAY
from noticeboard.core.notes import read_key, signature
from noticeboard.core.notice import published
from noticeboard.core.parts import Committed
from noticeboard.core.people import CLOCK
from noticeboard.core.proofs import check, read_proof
from noticeboard.formats import qr
from noticeboard.show.memo import entry
from noticeboard.show.routes import lang_of, parse
from noticeboard.show.show import Shown, show
from noticeboard.show.witnessing import ago, changes_in
from noticeboard.signing.ed25519 import verify
from noticeboard.store import log, notices, tree
from noticeboard.store.tables import cosignature
from tests.cast import FORMS, KEY, ORIGIN, VILLAGE, Cast, cast_in
from tests.witnessed import NEIGHBOUR, POLICY, SCREEN, TOWN, first_of_root

PUBLIC = "https://board.example"
KEYS = f"/v/{VILLAGE}/keys"


@pytest.fixture
def cast(tmp_path: Path) -> Cast:
    return cast_in(tmp_path / "home")


def shown(cast: Cast, address: str) -> Shown:
    path, _, query = address.partition("?")
    route = parse(path, query)
    assert route is not None, address
    with cast.board.database.read() as tx:
        return show(tx, route, cast.clock.now, lang_of(query), PUBLIC)


def body(cast: Cast, address: str) -> str:
    return shown(cast, address).rendered.body.decode()


def words(cast: Cast, address: str) -> str:
    """Give what a reader reads, without spaces."""
    page = re.sub(r"<(script|style).*?</\1>", "", body(cast, address), flags=re.DOTALL)
    return re.sub(r"\s", "", Markup(page.replace("<wbr>", "")).striptags())


def title(cast: Cast, address: str) -> str:
    found = re.search(r"<h1[^>]*>(.*?)</h1>", body(cast, address), re.DOTALL)
    assert found
    return Markup(found[1].replace("<wbr>", "")).striptags()


def leaf_of(cast: Cast, code: str, ed: int = 1) -> tuple[int, bytes]:
    """Give the index and the bytes of an edition's publish leaf."""
    up = published(cast.notice(code).editions[ed - 1])
    assert up is not None
    with cast.board.database.read() as tx:
        leaf = log.leaf_at(tx, VILLAGE, up.publish)
    assert leaf is not None
    return up.publish, leaf


def corrected(cast: Cast) -> str:
    """Give the code of a ledger that was corrected once."""
    code = cast.published("spending").code
    cast.clock.on(60)
    rows: list[dict[str, Any]] = [dict(row) for row in FORMS["spending"]["rows"]]
    for number, row in enumerate(rows, 1):
        row["id"] = str(number)
    rows[1]["expense"] = "470.00"
    cast.up(cast.correct(code, rows=rows, closing="2,480.00"))
    return code


def test_the_verdict_is_the_title(cast: Cast) -> None:
    """Not signed, nobody outside, too few, enough: each is said first, and in one sentence."""
    code = cast.published("spending").code
    page = f"/n/{code}/verify"
    assert "内容和公开时记下的一样，记录还没有签名" == title(cast, page)
    cast.sign()
    assert "内容和公开时记下的一样，还没有外人核对" == title(cast, page)
    checkpoints.set_policy(cast.board, POLICY)
    assert "内容和公开时记下的一样，还没有外人核对" == title(cast, page)
    TOWN.cosign(cast)
    assert "内容和公开时记下的一样，外人核对得还不够" == title(cast, page)
    assert "外部只核对1/3，还不够·刚才" in words(cast, page)
    NEIGHBOUR.cosign(cast)
    assert "内容和公开时记下的一样" == title(cast, page)
    cast.clock.on(600)
    assert "外部核对2/3·10分钟前" in words(cast, page)


def test_a_notice_newer_than_what_was_witnessed_is_not_called_checked(cast: Cast) -> None:
    """The best head is older than this entry: nobody outside has seen this notice yet."""
    checkpoints.set_policy(cast.board, POLICY)
    cast.sign()
    for witness in (TOWN, NEIGHBOUR, SCREEN):
        witness.cosign(cast)
    page = f"/n/{cast.published('spending').code}/verify"
    cast.sign()
    assert "内容和公开时记下的一样，还没有外人核对" == title(cast, page)
    assert 1 + 3 == words(cast, page).count("还没有核对到这一条。")
    assert "外部核对" not in words(cast, page)


def test_it_says_who_when_and_what_it_does_not_prove(cast: Cast) -> None:
    """Content by the board itself, the log by its key, each witness by its own, and when."""
    checkpoints.set_policy(cast.board, POLICY)
    code = cast.published("spending").code
    cast.sign()
    TOWN.cosign(cast)
    said = words(cast, f"/n/{code}/verify")
    assert "每一行、每个附件，都和1月5日9:00公开时记下的一样。公开栏自己核对" in said
    key = KEY.id.hex()
    index, _leaf = leaf_of(cast, code)
    assert f"公开这件事是村里记录的第{index + 1}条，一共{cast.entries()}条。" in said
    assert f"用村里的钥匙{key[:4]}{key[4:]}签名" in said
    town = TOWN.key.id.hex()
    assert f"乡镇看过这份记录，前面没有改过。用自己的钥匙{town[:4]}{town[4:]}签名" in said
    assert "邻村还没有核对到这一条。" in said
    assert "不能证明内容是真的，只能证明公布以后没有人悄悄改过。" in said


def test_what_does_not_fit_is_said_in_red_and_whom_to_call(cast: Cast) -> None:
    """One changed row: the title says so, and the village's phone stands there."""
    code = cast.published("spending").code
    cast.sign()
    with cast.board.database.write() as tx:
        other = "cast(replace(body, '50000', '90000') as blob)"
        tx.execute(text(f"update body set body = {other} where instr(body, '50000')"))
    page = f"/n/{code}/verify"
    assert "核对不上" == title(cast, page)
    assert "有1处和公开时记下的不一样。" in words(cast, page)
    assert 'class="note red"' in body(cast, page)
    assert 'href="tel:13800138000"' in body(cast, page)


def test_a_witnesss_line_that_was_changed_here_is_no_fault_of_the_log(cast: Cast) -> None:
    """It counts for nothing, and nothing else is blamed: content, entry and head still hold."""
    checkpoints.set_policy(cast.board, POLICY)
    code = cast.published("spending").code
    cast.sign()
    for witness in (TOWN, NEIGHBOUR, SCREEN):
        witness.cosign(cast)
    page = f"/n/{code}/verify"
    sound = words(cast, page)
    assert 3 == sound.count("看过这份记录，前面没有改过。")
    line = signature(TOWN.key, TOWN.private.sign, b"another\n", cast.clock.now).line
    with cast.board.database.write() as tx:
        tx.execute(update(cosignature).where(cosignature.c.name == TOWN.key.name).values(line=line))
    assert "内容和公开时记下的一样" == title(cast, page)
    said = words(cast, page)
    assert "外部核对2/3·刚才" in said
    assert 2 == said.count("看过这份记录，前面没有改过。")
    assert 1 == said.count("还没有核对到这一条。")
    for blamed in ("对不上", "算不到签了名的记录头", "告诉监委会"):
        assert sound.count(blamed) == said.count(blamed)
    index, leaf = leaf_of(cast, code)
    proof = read_proof(shown(cast, f"/n/{code}.tlog-proof").rendered.body)
    witnesses = [witness.key for witness in (TOWN, NEIGHBOUR, SCREEN)]
    found = check(proof, leaf, [KEY], witnesses, verify)
    assert (index, False) == (proof.index, TOWN.key in [one.key for one in found.cosigned])


def test_what_is_lost_is_not_said_to_be_blacked_out(cast: Cast) -> None:
    """Whatever an entry claims: 已隐去 is said only of what somebody decided to erase."""
    code = cast.published("subsidy").code
    cast.sign()
    with cast.board.database.write() as tx:
        gone = (
            tx.execute(text("select c from body where instr(body, '陈桂花') > 0")).scalars().all()
        )
        for c in gone:
            tx.execute(text("delete from body where c = :c"), {"c": c})
        village = notices.lock(tx, VILLAGE).village
        cast.board.append(tx, village, Lose(bodies=tuple(gone), files=()), CLOCK, Committed())
    assert 1 == len(gone)
    for page in (f"/n/{code}", f"/n/{code}/r/1", f"/n/{code}/e/1"):
        assert (True, False) == ("内容丢了" in words(cast, page), "已隐去" in words(cast, page)), (
            page
        )
    assert 'class="note red"' in body(cast, f"/n/{code}")
    page = f"/n/{code}/verify"
    assert "内容丢了" == title(cast, page)
    assert "有1处内容丢了，没有人决定隐去它。" in words(cast, page)


def test_a_notice_whose_words_are_lost_is_no_tombstone(cast: Cast) -> None:
    """The page says that they are lost, where one that was withdrawn gives a ground."""
    code = cast.published("announcement").code
    with cast.board.database.write() as tx:
        tx.execute(text("delete from body where instr(body, 'particulars') > 0"))
    said = words(cast, f"/n/{code}")
    assert (True, False) == ("内容丢了" in said, "隐去了" in said)


def test_what_was_taken_away_is_counted(cast: Cast) -> None:
    """A redaction, the end of a period and a withdrawal are told as what they are."""
    code = cast.published("subsidy", until=cast.clock.now + DAY).code
    redact = {"ground": "person-asked", "parts": ("names",), "rows": (1,)}
    taking_down.redact(cast.board, VILLAGE, code, cast.anna, **redact)
    cast.sign()
    page = f"/n/{code}/verify"
    assert "有1处后来按规定隐去了，隐去也记着。" in words(cast, page)
    cast.clock.on(2 * DAY)
    assert "公示期满，姓名收起来了，记录没有动。" in words(cast, page)
    gone = cast.published("announcement", title="不该说的题目").code
    taking_down.withdraw(cast.board, VILLAGE, gone, cast.anna, ground="personal-data")
    cast.sign()
    assert "这份公示撤下了，记录还在" == title(cast, f"/n/{gone}/verify")
    assert "不该说的题目" not in body(cast, f"/n/{gone}/verify")


def test_it_holds_for_seconds(cast: Cast) -> None:
    """Another witness or another head is told within five seconds, without any visible change."""
    checkpoints.set_policy(cast.board, POLICY)
    code = cast.published("spending").code
    cast.sign()
    TOWN.cosign(cast)
    for address in (f"/n/{code}/verify", f"/n/{code}.tlog-proof", KEYS):
        assert cast.clock.now + 5 == shown(cast, address).until, address
    cast.clock.on(58)
    assert cast.clock.now + 2 == shown(cast, f"/n/{code}/verify").until


def test_ages_are_whole_and_say_when_they_change() -> None:
    """Minutes, hours, days; one second before the change the words are the same."""
    said = {0: "刚才", 59: "刚才", 60: "1 分钟前", 3_599: "59 分钟前", 3_600: "1 小时前"}
    said |= {86_399: "23 小时前", 86_400: "1 天前", 30 * 86_400: "30 天前"}
    for seconds, words_ in said.items():
        now = ago(seconds)
        assert words_ == now.msgid.format(**now.args)
        change = changes_in(seconds)
        assert ago(seconds + change - 1) == now != ago(seconds + change)


def test_a_first_view_is_small(cast: Cast) -> None:
    """Compressed each of them is far below 14,336 bytes, with room for a path of a million."""
    checkpoints.set_policy(cast.board, POLICY)
    code = cast.published("spending").code
    cast.sign()
    for witness in (TOWN, NEIGHBOUR, SCREEN):
        witness.cosign(cast)
    for address in (f"/n/{code}/verify", f"/n/{code}/verify?lang=en", KEYS, "/check.js"):
        assert len(entry(shown(cast, address)).body) < 14_336 - 1_500, address


def test_only_this_page_may_run_a_script_and_only_ours(cast: Cast) -> None:
    """The policy of the page, and of one beside it."""
    code = cast.published("spending").code
    cast.sign()
    policies = [
        dict(shown(cast, address).rendered.headers)[b"content-security-policy"].decode()
        for address in (f"/n/{code}/verify", f"/n/{code}")
    ]
    assert ["script-src 'self'" in policy for policy in policies] == [True, False]
    script = shown(cast, "/check.js").rendered
    assert "text/javascript; charset=utf-8" == script.media_type
    assert b"included" in script.body


def test_the_proof_file_proves_each_edition(cast: Cast) -> None:
    """Of the current one and of the one before, against the log's key alone."""
    code = corrected(cast)
    assert 404 == shown(cast, f"/n/{code}.tlog-proof").status
    cast.sign()
    for address, ed in (
        (f"/n/{code}.tlog-proof", 2),
        (f"/n/{code}/e/1.tlog-proof", 1),
        (f"/n/{code}/e/2.tlog-proof", 2),
    ):
        answer = shown(cast, address)
        assert "text/plain; charset=utf-8" == answer.rendered.media_type
        index, leaf = leaf_of(cast, code, ed)
        proof = read_proof(answer.rendered.body)
        assert (index, ORIGIN) == (
            proof.index,
            check(proof, leaf, [KEY], (), verify).checkpoint.origin,
        )
    assert 404 == shown(cast, f"/n/{code}/e/3.tlog-proof").status


def test_the_proof_is_still_there_when_the_notice_is_not(cast: Cast) -> None:
    """A withdrawal takes the words off; that they were there stays provable."""
    code = cast.published("announcement").code
    taking_down.withdraw(cast.board, VILLAGE, code, cast.anna, ground="wrong-facts")
    cast.sign()
    assert 200 == shown(cast, f"/n/{code}.tlog-proof").status


def test_pages_and_posters_lead_to_it(cast: Cast) -> None:
    """From the foot of the page, of a row, of a tombstone, and in print from the paper."""
    code = cast.published("spending").code
    gone = cast.published("announcement").code
    taking_down.withdraw(cast.board, VILLAGE, gone, cast.anna, ground="wrong-facts")
    for address in (f"/n/{code}", f"/n/{code}/r/1", f"/n/{code}/e/1"):
        assert f'href="/n/{code}/verify"' in body(cast, address), address
    assert f'href="/n/{gone}/verify"' in body(cast, f"/n/{gone}")
    assert f"{PUBLIC}/n/{code}/verify" in body(cast, f"/n/{code}/poster")
    assert f'href="{KEYS}"' in body(cast, f"/v/{VILLAGE}")


def test_the_walls_paper_has_the_keys_and_todays_head(cast: Cast) -> None:
    """The key as text in groups and as QR; size, first characters, when; the signed note as QR."""
    cast.published("spending")
    cast.sign()
    checkpoints.set_policy(cast.board, POLICY)
    page, said = body(cast, KEYS), words(cast, KEYS)
    key = KEY.text.removeprefix(f"{ORIGIN}+")
    assert key[:8] in said
    assert key[9:] in said
    assert f"到第{cast.entries()}条" in said
    with cast.board.database.read() as tx:
        note = checkpoints.served(tx, VILLAGE)
        root = tree.root(tx, VILLAGE, cast.entries()).hex()
    assert note is not None
    assert root[:16] in said
    assert f'aria-label="签了名的记录头">{qr.svg(note.decode())}' in page
    assert f'aria-label="公钥">{qr.svg(KEY.text)}' in page
    assert qr.version(note.decode()) <= 11
    assert KEY == read_key(KEY.text)
    for witness in (TOWN, NEIGHBOUR, SCREEN):
        assert f'aria-label="公钥">{qr.svg(witness.key.text)}' in page
    assert first_of_root(cast).replace(" ", "") == root[:8]
    english = body(cast, f"{KEYS}?lang=en")
    assert f'aria-label="Signed head">{qr.svg(note.decode())}' in english
    assert f'aria-label="Public key">{qr.svg(KEY.text)}' in english


def test_the_walls_paper_says_what_is_not_there(cast: Cast) -> None:
    """Before the first signature, and on a log that stopped."""
    assert "记录还没有签名，几秒钟后再打开这一页。" in words(cast, KEYS)
    with cast.board.database.write() as tx:
        freezing.freeze(tx, VILLAGE, "签名程序忘了它签到哪里。")
    assert "记录停了" in words(cast, KEYS)


def test_a_log_that_stopped_is_told_on_every_page(cast: Cast) -> None:
    """In one sentence with the reason, on the village's board, a notice, what was checked."""
    code = cast.published("spending").code
    cast.sign()
    with cast.board.database.write() as tx:
        freezing.freeze(tx, VILLAGE, "签名程序忘了它签到哪里。")
    for address in (f"/v/{VILLAGE}", f"/n/{code}", f"/n/{code}/verify", f"/v/{VILLAGE}/notices"):
        assert (
            "记录停了现在只能看、只能撤下，不能公开新的。原因：签名程序忘了它签到哪里。"
            in words(cast, address)
        ), address


class Paper:
    """A paper of an edition on a wall: what its QR opens."""

    def __init__(self, cast: Cast, code: str, ed: int = 1) -> None:
        index, _leaf = leaf_of(cast, code, ed)
        with cast.board.database.read() as tx:
            printed = fingerprint(notices.leaf_hashes(tx, VILLAGE, [index])[index])
        self.cast, self.address = cast, f"/N/{code}/{printed}"

    def band(self) -> str:
        """Give the first band of the page, as it is read."""
        page = body(self.cast, self.address)
        found = re.search(r'<div class="note (\w+)"><p>(.*?)</p>', page, re.DOTALL)
        assert found, page
        return f"{found[1]} " + re.sub(r"\s", "", Markup(found[2]).striptags())


def test_a_paper_of_the_current_edition(cast: Cast) -> None:
    """Pine, with what to compare; what was blacked out since, and that the period is over."""
    code = cast.published("subsidy", until=cast.clock.now + DAY).code
    paper = Paper(cast, code)
    assert paper.band() == "pine 这张纸是现在这一版请看金额和纸上印的一样不一样。看核对了什么"
    cast.clock.on(60)
    redact = {"ground": "person-asked", "parts": ("names",), "rows": (1,)}
    taking_down.redact(cast.board, VILLAGE, code, cast.anna, **redact)
    assert "公开以后隐去过一部分：纸上有、这里没有的，就是隐去的。" in paper.band()
    cast.clock.on(2 * DAY)
    assert paper.band().startswith("pine 这张纸是现在这一版")
    assert "公示期满了，纸可以取下来。期满后姓名收起来了。" in paper.band()


def test_a_paper_of_an_older_edition(cast: Cast) -> None:
    """Amber, with what changed since; the new paper is the current one."""
    code = corrected(cast)
    assert "从500.00元改成470.00元，少了30.00元。" in Paper(cast, code).band()
    assert Paper(cast, code).band().startswith("amber 这张纸是旧的一版，后来改了。")
    assert Paper(cast, code, 2).band().startswith("pine 这张纸是现在这一版")


def test_a_paper_of_what_was_withdrawn(cast: Cast) -> None:
    """Each edition's paper is to be taken off, the page being gone."""
    code = corrected(cast)
    papers = [Paper(cast, code), Paper(cast, code, 2)]
    taking_down.withdraw(cast.board, VILLAGE, code, cast.anna, ground="wrong-facts")
    for paper in papers:
        assert paper.band().startswith("amber 这张纸上的公示撤下了墙上的纸请取下来。")
        assert 410 == shown(cast, paper.address).status


def test_a_paper_that_is_not_ours(cast: Cast) -> None:
    """A fingerprint of no edition, also one as none can begin: red, also above a tombstone."""
    code = cast.published("announcement").code
    false = Paper(cast, code)
    false.address = f"/N/{code}/8{'Z' * 25}"
    assert false.band().startswith("red 无法核对")
    false.address = f"/N/{code}/{'0' * 26}"
    assert false.band().startswith("red 无法核对这张纸上的指纹不是这份公示的任何一版。")
    taking_down.withdraw(cast.board, VILLAGE, code, cast.anna, ground="wrong-facts")
    assert false.band().startswith("red 无法核对")
    assert "下面是现在公开的内容" not in false.band()
