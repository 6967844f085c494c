"""Pages and the check in the browser while keys are exchanged: nothing true is called false."""

import re
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest
from playwright.sync_api import Browser, BrowserContext

from noticeboard.board import checkpoints, keyring
from noticeboard.core.notes import Key, read_key
from noticeboard.core.notice import published
from noticeboard.core.problems import NotValid
from noticeboard.core.proofs import check, read_proof
from noticeboard.formats import qr
from noticeboard.signing.ed25519 import verify
from noticeboard.store import log
from tests.browser.test_verify_page import PHONE, Board, opened, said
from tests.cast import KEY, VILLAGE, signer_in
from tests.witnessed import NEIGHBOUR, TOWN

WALL = f"/v/{VILLAGE}/keys"
EXCHANGING = "正在换钥匙，现在 2 把都算数"


class Exchange(Board):
    """A signed and witnessed board whose keys are exchanged."""

    def __init__(self, home: Path) -> None:
        super().__init__(home)
        self.signer = signer_in(home / "signer")

    def rotate(self) -> Key:
        """Let a new key sign beside the old one."""
        return read_key(keyring.rotate(self.cast.board, self.signer, VILLAGE, self.cast.admin).key)

    def retire(self) -> None:
        """Let the old one sign no more; nothing is signed yet."""
        keyring.retire(self.cast.board, self.signer, VILLAGE, self.cast.admin)

    def html(self, address: str) -> str:
        """Give a page."""
        return self.answer(address).body.decode()

    def keys(self) -> list[str]:
        """Give the keys that the page gives to its script."""
        found = re.search(r'data-keys="([^"]*)"', self.html(f"/n/{self.code}/verify"))
        assert found
        return found[1].split()

    def proves_to(self, *keys: Key) -> bool:
        """Say whether whoever was told only of these keys can check the proof file."""
        proof = read_proof(self.answer(f"/n/{self.code}.tlog-proof").body)
        up = published(self.cast.notice(self.code).editions[0])
        assert up is not None
        with self.cast.board.database.read() as tx:
            leaf = log.leaf_at(tx, VILLAGE, up.publish)
        try:
            return check(proof, leaf or b"", keys, (), verify).checkpoint.size > 0
        except NotValid:
            return False

    def quorum(self) -> None:
        """Let two witnesses look."""
        TOWN.cosign(self.cast)
        NEIGHBOUR.cosign(self.cast)


@pytest.fixture
def board(tmp_path: Path) -> Iterator[Exchange]:
    board = Exchange(tmp_path / "home")
    yield board
    board.cast.audit()


@pytest.fixture
def phone(chromium: Browser) -> Iterator[BrowserContext]:
    context = chromium.new_context(viewport=PHONE)
    yield context
    context.close()


def right(phone: BrowserContext, board: Exchange) -> bool:
    """Say whether the board's own words and the reader's browser find everything right."""
    page = opened(phone, board, f"/n/{board.code}/verify")
    fits = "内容和公开时记下的一样" in page.get_by_role("heading", level=1).inner_text()
    checked = said(page)
    page.close()
    return fits and checked == "right"


def test_at_every_step_what_is_right_is_said_to_be(phone: BrowserContext, board: Exchange) -> None:
    """Before, while both sign, just after the old one went, and after: page, script, proof file."""
    assert right(phone, board)
    new = board.rotate()
    assert right(phone, board)
    board.cast.sign()
    board.quorum()
    assert right(phone, board)
    assert [KEY.text, new.text] == board.keys()
    assert board.proves_to(KEY)
    assert board.proves_to(new)
    board.retire()
    assert right(phone, board)
    board.cast.sign()
    assert [new.text] == board.keys()
    # Nobody outside has seen the newest head: the one that both signed still proves it to both.
    assert right(phone, board)
    assert board.proves_to(KEY)
    assert board.proves_to(new)


def test_a_key_that_goes_at_once_leaves_nothing_red(phone: BrowserContext, board: Exchange) -> None:
    """As after a theft: the newest head is the old key's alone, for seconds; then the new one's.

    The witnesses' words under the old key count no more, and the page says that nobody has looked.
    """
    new = board.rotate()
    board.retire()
    assert right(phone, board)
    assert [new.text, KEY.text] == board.keys()
    board.cast.sign()
    assert right(phone, board)
    assert [new.text] == board.keys()
    assert board.proves_to(new)
    assert not board.proves_to(KEY)
    assert "还没有外人核对" in board.html(f"/n/{board.code}/verify")
    with board.cast.board.database.read() as tx:
        policy = checkpoints.policy_of(tx)
        standing = checkpoints.witnessed(tx, VILLAGE, policy, board.cast.clock.now)
    assert standing is not None
    assert (0, False) == (standing.agreed, standing.met)
    board.quorum()
    assert "外部核对" in board.html(f"/n/{board.code}/verify")


def test_the_walls_paper_has_both_keys_while_both_sign(chromium: Browser, board: Exchange) -> None:
    """Each as text and QR, with a sentence that says which is new; on one sheet of paper still."""
    new = board.rotate()
    board.cast.sign()
    body = board.html(WALL)
    assert EXCHANGING in body
    for key in (KEY, new):
        assert qr.svg(key.text) in body
    page = chromium.new_page()
    page.set_content(body)
    printed = pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True, print_background=False))
    page.close()
    assert 2 == len(printed)  # the village's, and the witnesses' own
    board.retire()
    board.cast.sign()
    body = board.html(WALL)
    assert EXCHANGING not in body
    assert qr.svg(KEY.text) not in body
