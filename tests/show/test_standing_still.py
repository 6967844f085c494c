"""What pages and the wall's paper say while a log stands still, and after another one followed."""

import re
from pathlib import Path

import pytest
from sqlalchemy import text

from noticeboard.board import checkpoints, cosigning, freezing, succeeding, taking_down
from noticeboard.core.checkpoints import Checkpoint
from noticeboard.core.merkle import leaf_hash
from noticeboard.core.notes import ED25519, Key, Note, signature
from noticeboard.show.memo import Memo, entry
from noticeboard.signing.keys import keys_of
from noticeboard.store import notices
from tests.cast import ORIGIN, VILLAGE, Cast, cast_in, signer_in
from tests.show.test_verify_page import KEYS, body, shown, title, words
from tests.witnessed import NEIGHBOUR, POLICY, TOWN, first_of_root

LOST = "签名程序忘了它签到哪里。"
ALL_CLEAR = ("都对得上", 'class="note pine"')


@pytest.fixture
def cast(tmp_path: Path) -> Cast:
    return cast_in(tmp_path / "home")


def witnessed(cast: Cast) -> str:
    """Give the code of a notice that is signed and that the quorum has seen."""
    checkpoints.set_policy(cast.board, POLICY)
    code = cast.published("spending").code
    cast.sign()
    for witness in (TOWN, NEIGHBOUR):
        witness.cosign(cast)
    return code


def frozen(cast: Cast, reason: str = LOST) -> None:
    with cast.board.database.write() as tx:
        freezing.freeze(tx, VILLAGE, reason, cast.clock.now)


def followed(cast: Cast, home: Path) -> str:
    """Let another log go on after one notice was published; gives its code."""
    code = cast.published("spending").code
    cast.sign()
    frozen(cast)
    succeeding.succeed(
        cast.board,
        signer_in(home / "home" / "signer"),
        VILLAGE,
        ground="entries-lost",
        keeper=cast.accounts["admin"],
    )
    return code


def test_a_check_gives_no_all_clear_while_the_log_stands_still(cast: Cast) -> None:
    """It says since when and why, what still holds of this notice, and what to compare."""
    page = f"/n/{witnessed(cast)}/verify"
    assert "都对得上" in words(cast, page)
    cast.clock.on(600)
    frozen(cast)
    found, said = body(cast, page), words(cast, page)
    assert "村里的记录停了，这份公示只能核对到停下以前" == title(cast, page)
    assert 'class="note pine"' not in found
    assert "都对得上" not in said.replace("所以这里不说“都对得上”", "")
    assert re.search(r"记录停了从\d+月\d+日\d+:\d\d起只能看、只能撤下", said)
    assert LOST in said
    assert f"在停下以前签了名的{cast.entries()}条记录里" in said
    assert "还能核对的：下面的证明文件；村部墙上贴的那张记录头，请不要撕" in said
    assert "今天的记录头" not in said


def test_a_notice_that_was_not_signed_in_time_cannot_be_checked(cast: Cast) -> None:
    """Nothing proves it: so it is said, also of one that is withdrawn meanwhile."""
    witnessed(cast)
    code = cast.published("decision").code
    frozen(cast)
    page = f"/n/{code}/verify"
    assert "村里的记录停了，这份公示现在核对不了" == title(cast, page)
    assert not any(clear in body(cast, page) for clear in ALL_CLEAR)
    taking_down.withdraw(cast.board, VILLAGE, code, cast.anna, ground="wrong-facts")
    assert "记录停着，撤下等恢复了再补记" in words(cast, page)


def test_what_does_not_fit_stays_red_while_the_log_stands_still(cast: Cast) -> None:
    """A changed body is worse than a log that stopped, and is said first."""
    code = witnessed(cast)
    with cast.board.database.write() as tx:
        tx.execute(text("update body set body = cast(body || x'20' as blob)"))
    frozen(cast)
    assert "核对不上" == title(cast, f"/n/{code}/verify")


def test_the_paper_of_a_log_that_stands_still_is_not_to_hang(cast: Cast) -> None:
    """The last head that fits stands there as such; nothing calls it today's."""
    witnessed(cast)
    root = first_of_root(cast).replace(" ", "")
    frozen(cast)
    said = words(cast, KEYS)
    assert "今天的记录头" not in said
    assert "这张纸留下" not in said
    assert "停下以前最后一个对得上的记录头" in said
    assert f"到第{cast.entries()}条{root}" in said
    assert "这张现在不要贴。墙上原来贴的请留着" in said
    assert LOST in said


def test_a_doubtful_head_is_not_printed(cast: Cast) -> None:
    """A head that is not of the entries that are here: an older one that fits, or none."""
    witnessed(cast)
    older, root = cast.entries(), first_of_root(cast).replace(" ", "")
    cast.published("decision")
    cast.sign()
    with cast.board.database.write() as tx:
        tx.execute(
            text("update checkpoint set root = :other where size > :older"),
            {"other": bytes(32), "older": older},
        )
    frozen(cast)
    assert f"到第{older}条{root}" in words(cast, KEYS)
    with cast.board.database.write() as tx:
        tx.execute(text("update checkpoint set root = :other"), {"other": bytes(32)})
    assert "没有一个和这里的记录对得上，所以不印" in words(cast, KEYS)


@pytest.mark.parametrize("still", [False, True])
def test_english_pages_are_english(cast: Cast, still: bool) -> None:
    """The paper too, and both say so; sentences stand apart."""
    code = witnessed(cast)
    if still:
        frozen(cast)
    for address in (f"/n/{code}/verify?lang=en", f"{KEYS}?lang=en"):
        page = body(cast, address)
        assert '<html lang="en">' in page
        bare = re.sub(r"<(script|style|pre).*?</\1>", "", page, flags=re.DOTALL)
        bare = re.sub(r'<(\w+)[^>]* lang="zh-Hans"[^>]*>.*?</\1>', "", bare, flags=re.DOTALL)
        lines = re.sub(r"</(p|h\d|li|div|a|summary|title|pre)>", "\n", bare)
        joined = re.findall(r".{20}[a-z][.:;][A-Z].{20}", re.sub(r"<[^>]*>", "", lines))
        assert [] == joined, address
    assert '<html lang="zh-Hans">' in body(cast, KEYS)


def test_the_reason_names_the_witness_and_the_size(cast: Cast, tmp_path: Path) -> None:
    """On the board, on the paper, in both languages: who showed what, and what is here."""
    witnessed(cast)
    with cast.board.database.read() as tx:
        village = notices.head_of(tx, VILLAGE).village
    (held,) = keys_of(tmp_path / "home" / "signer", ORIGIN)
    ahead = Checkpoint(ORIGIN, village.size + 3, leaf_hash(b"lost"))
    key = Key(ORIGIN, ED25519, held.private.public)
    own = signature(key, held.private.sign, ahead.text)
    line = signature(TOWN.key, TOWN.private.sign, ahead.text, cast.clock.now)
    why = cosigning.shown(cast.board, village, Note(ahead.text, (own, line)))
    assert cosigning.MORE == why
    told = f"见证“乡镇”拿出了签过名的{village.size + 3}条，这里有{village.size}条。"
    for address in (f"/v/{VILLAGE}", KEYS):
        assert told in words(cast, address)
        english = f"showed {village.size + 3} signed entries; there are {village.size} here."
        assert english in body(cast, f"{address}?lang=en")


def test_a_village_whose_log_was_followed_is_not_empty(cast: Cast, tmp_path: Path) -> None:
    """Both lists name the old head and the ground, and lead to what went up there."""
    code = followed(cast, tmp_path)
    page = body(cast, f"/v/{VILLAGE}")
    assert "这里还没有公示" not in page
    assert f'href="/n/{code}"' in page
    assert f'href="/v/{VILLAGE}.1/notices"' in page
    for address in ("/", f"/v/{VILLAGE}"):
        said = words(cast, address)
        assert re.search(r"以前的记到第\d+条，记录头是[0-9a-f]{8}，照样能看", said), address
        assert "机器坏了，后面的记录找不回来" in said
        assert f'href="/v/{VILLAGE}.1"' in body(cast, address)
    assert "还没有公示" not in words(cast, "/")
    found = body(cast, f"/v/{VILLAGE}/search?q=路灯")
    assert f'href="/v/{VILLAGE}.1/search?q=' in found
    check = f"/n/{code}/verify"
    assert "这份公示在停了的日志里，到停下以前都对得上" == title(cast, check)
    assert 'class="note pine"' not in body(cast, check)


def test_what_is_taken_down_in_the_former_log_leaves_the_village_page(
    cast: Cast, tmp_path: Path
) -> None:
    """A remembered page of the village does not outlive what it tells of the former log."""
    code = followed(cast, tmp_path)
    page, memo, now = f"/v/{VILLAGE}", Memo(), cast.clock.now

    def revisions() -> dict[str, int]:
        with cast.board.database.read() as tx:
            return dict(notices.revisions(tx))

    assert memo.put((page, "zh"), entry(shown(cast, page)), now, revisions())
    taking_down.withdraw(cast.board, f"{VILLAGE}.1", code, cast.anna, ground="personal-data")
    assert memo.get((page, "zh"), now, revisions()) is None
    assert f'href="/n/{code}"' in body(cast, page)
