"""The commands on keys: shown, exchanged with overlap, retired; broken off anywhere, made whole."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from noticeboard.board import Board, founding, freezing
from noticeboard.board.checkpoints import served, sign_due
from noticeboard.board.second_path import LOST
from noticeboard.cli import main
from noticeboard.compose import open_board
from noticeboard.core.notes import read_key, read_note
from noticeboard.formats import qr
from noticeboard.settings import read_settings
from noticeboard.signing.keys import keys_of
from noticeboard.signing.listening import listening
from noticeboard.signing.remote import Door, Remote
from noticeboard.signing.signer import Signer, Signs
from noticeboard.store import notices, people
from tests.signing.growing import checked

V = "430000101"
ORIGIN = f"board.example/v/{V}"


class Desk:
    """A home and its operator."""

    def __init__(self, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.home, self.capsys = home, capsys
        self.signs: Signs = Signer(home / "signer")
        self.later = 0

    def run(self, *words: str) -> tuple[int, str]:
        """Run a command; gives its status and what it said."""
        status = main([*words, "--home", str(self.home)])
        said = self.capsys.readouterr()
        return status, said.out + said.err

    def keys(self, verb: str, *words: str, village: str = V) -> dict[str, Any]:
        """Run a command on the village's keys; gives its JSON object."""
        _status, said = self.run("keys", verb, "--village", village, *words, "--json")
        return json.loads(said)  # type: ignore[no-any-return]

    def board(self) -> Board:
        """Open the board as a process of its own would."""
        return open_board(read_settings({}, home=str(self.home)))

    def signed(self) -> bytes:
        """Let what is due be signed, and give what readers get."""
        board = self.board()
        self.later += 60
        at = board.clock() + self.later
        board.clock = lambda: at
        assert V in sign_due(board, self.signs)
        with board.database.read() as tx:
            note = served(tx, V)
        board.database.close()
        assert note is not None
        return note

    def admin(self, board: Board) -> int:
        """Give the account of the first keeper."""
        with board.database.read() as tx:
            account = people.by_login(tx, "admin")
        assert account is not None
        return account.id

    def verified(self) -> None:
        """Pass the whole check, or fail saying what it found."""
        status, said = self.run("verify")
        assert 0 == status, said


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Desk]:
    """Give a home with one village and its keeper, checked at the end."""
    desk = Desk(tmp_path / "var", capsys)
    assert 0 == desk.run("init", "--village", V, "--name", "示例村", "--origin", ORIGIN)[0]
    yield desk
    desk.verified()


def test_a_key_is_shown_as_text_and_to_programs(desk: Desk) -> None:
    """What the log says, and whether this machine signs by it."""
    (vkey,) = desk.signs.keys(ORIGIN)
    status, said = desk.run("keys", "show", "--village", V)
    assert (0, 2) == (status, len(said.splitlines()))
    assert f"公钥 {vkey}" in said.splitlines()
    assert ORIGIN == read_key(vkey).name
    assert {"ok": True, "origin": ORIGIN, "keys": [{"vkey": vkey, "signs": True}]} == desk.keys(
        "show"
    )
    assert not desk.keys("show", village="nowhere")["ok"]


def test_in_a_terminal_there_is_a_qr(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the whole verifier text, to be held before a phone."""
    (vkey,) = desk.signs.keys(ORIGIN)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    assert qr.terminal(vkey) in desk.run("keys", "show", "--village", V)[1]


def test_keys_are_exchanged_with_overlap(desk: Desk) -> None:
    """Two lines until the old one is retired; the log and the checkpoints always agree."""
    (old,) = desk.signs.keys(ORIGIN)
    assert checked(desk.signed(), old)
    new = desk.keys("rotate")["vkey"]
    note = desk.signed()
    for known in ((old,), (new,), (old, new)):
        assert checked(note, *known)
    assert 2 == len(read_note(note).signatures)
    assert [(old, True), (new, True)] == [
        (key["vkey"], key["signs"]) for key in desk.keys("show")["keys"]
    ]
    again = desk.keys("rotate")
    assert "keys retire" in again["problems"][0]["fix"]
    gone = desk.keys("retire")
    assert old == gone["vkey"]
    assert Path(gone["file"]).name.endswith(".retired")
    note = desk.signed()
    assert checked(note, new)
    assert 1 == len(read_note(note).signatures)
    assert [{"vkey": new, "signs": True}] == desk.keys("show")["keys"]
    assert not desk.keys("retire")["ok"]


def test_pages_that_print_the_keys_are_made_anew(desk: Desk) -> None:
    """The page for the wall names the new key at once, and not the retired one."""

    def revision() -> int:
        board = desk.board()
        with board.database.read() as tx:
            found = notices.revisions(tx)[V]
        board.database.close()
        return found

    for verb in ("rotate", "retire"):
        before = revision()
        desk.keys(verb)
        assert revision() > before


def test_a_rotation_that_broke_off_is_gone_on_with(desk: Desk) -> None:
    """The key made before the stop is the one that is logged, and no third one appears."""
    made = desk.signs.add_key(ORIGIN)
    assert made == desk.keys("rotate")["vkey"]
    assert 2 == len(desk.signs.keys(ORIGIN))


def test_a_retirement_that_broke_off_is_gone_on_with(desk: Desk) -> None:
    """The file was put aside, the log not told: the same command tells it."""
    (old,) = desk.signs.keys(ORIGIN)
    desk.keys("rotate")
    desk.signs.retire_key(ORIGIN, old)
    assert [False, True] == [key["signs"] for key in desk.keys("show")["keys"]]
    assert "不用它签" in desk.run("keys", "show", "--village", V)[1]
    assert desk.keys("retire")["ok"]
    assert [True] == [key["signs"] for key in desk.keys("show")["keys"]]


def test_a_lost_key_is_replaced(desk: Desk) -> None:
    """The memory is there, the key is not: a new one, then the old one goes from the log."""
    (old,) = desk.signs.keys(ORIGIN)
    desk.signed()
    keys_of(desk.home / "signer", ORIGIN)[0].path.unlink()
    new = desk.keys("rotate")["vkey"]
    assert checked(desk.signed(), new)
    gone = desk.keys("retire")
    assert (old, "") == (gone["vkey"], gone["file"])
    assert "本来就不在" not in desk.run("keys", "show", "--village", V)[1]


@pytest.mark.parametrize("lost", [False, True])
def test_one_exchange_ends_before_the_next_begins(desk: Desk, lost: bool) -> None:
    """Whether the old key is here or lost, it says what signs now, and takes no second one."""
    if lost:
        keys_of(desk.home / "signer", ORIGIN)[0].path.unlink()
    status, said = desk.run("keys", "rotate", "--village", V)
    assert (0, lost) == (status, "只有新钥匙签" in said)
    assert ("一起签" in said, "紧接着" in said) == (not lost, lost)
    before = desk.signs.keys(ORIGIN)
    status, said = desk.run("keys", "rotate", "--village", V)
    assert (1, True, True) == (status, "还没有停用" in said, "keys retire" in said)
    assert before == desk.signs.keys(ORIGIN)
    assert desk.keys("retire")["ok"]
    assert 1 == len(desk.keys("show")["keys"])
    assert desk.keys("rotate")["ok"]


@pytest.mark.parametrize("name", ["whole", "short", "newest"])
def test_which_key_is_retired_can_be_said(desk: Desk, name: str) -> None:
    """By its text or its short number; one that is not in the log is refused."""
    (old,) = desk.signs.keys(ORIGIN)
    new = desk.keys("rotate")["vkey"]
    key = {"whole": old, "short": old.split("+")[1], "newest": new}[name]
    assert not desk.keys("retire", "--key", "00000000")["ok"]
    assert (new if name == "newest" else old) == desk.keys("retire", "--key", key)["vkey"]


def test_only_a_keeper_exchanges_keys_and_a_refused_one_makes_none(desk: Desk) -> None:
    """A clerk may not; of several keepers one must be named."""
    for login, name, office in (("anna", "安娜", "clerk"), ("zhao", "赵", "admin")):
        desk.run("people", "add", login, name)
        desk.run("people", "appoint", login, office, "--village", V, "--as", "admin")
    assert not desk.keys("rotate", "--as", "anna")["ok"]
    assert "--as" in desk.keys("rotate")["problems"][0]["fix"]
    assert 1 == len(desk.signs.keys(ORIGIN))
    assert desk.keys("rotate", "--as", "zhao")["ok"]
    assert not desk.keys("retire", "--as", "anna")["ok"]
    assert 2 == len(desk.signs.keys(ORIGIN))


def _frozen(desk: Desk) -> None:
    board = desk.board()
    with board.database.write() as tx:
        freezing.freeze(tx, V, LOST)
    board.database.close()


def _ahead(desk: Desk) -> None:
    """Let the last entry be from tomorrow: the clock is behind it now."""
    board = desk.board()
    at = board.clock() + 86_400
    board.clock = lambda: at
    keeper = founding.open_account(board, "zhao", "赵")
    founding.appoint(board, V, keeper, "group-leader", desk.admin(board))
    board.database.close()


@pytest.mark.parametrize(
    ("hinder", "why"), [(_frozen, "签名程序忘了"), (_ahead, "慢了")], ids=["frozen", "clock"]
)
def test_keys_of_a_log_that_takes_no_entry_stay_as_they_are(
    desk: Desk, hinder: Callable[[Desk], None], why: str
) -> None:
    """Neither is a key made, nor one put aside that the log could not speak of."""

    def files() -> list[str]:
        return sorted(path.name for path in (desk.home / "signer").iterdir())

    before = files()
    hinder(desk)
    assert why in desk.keys("rotate")["problems"][0]["problem"]
    assert before == files()
    desk.run("log", "thaw", "--village", V)  # a log that stands still is a finding


def test_no_key_is_put_aside_while_a_log_is_frozen(desk: Desk) -> None:
    """Both go on signing; thawed, the same command does it."""
    desk.keys("rotate")
    desk.signed()
    _frozen(desk)
    assert not desk.keys("retire")["ok"]
    assert 2 == len(desk.signs.keys(ORIGIN))
    assert 0 == desk.run("log", "thaw", "--village", V)[0]
    assert desk.keys("retire")["ok"]


@contextmanager
def served_at(socket: Path, folder: Path) -> Iterator[None]:
    with listening(socket) as line:
        door = Door(Signer(folder), line)
        thread = Thread(target=door.answer)
        thread.start()
        try:
            yield
        finally:
            door.close()
            thread.join()


@pytest.mark.parametrize("told", ["by the environment", "on the command line"])
def test_with_a_signer_of_its_own_no_key_comes_near_the_board(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    told: str,
) -> None:
    """Every command asks the socket, said once at `init`; the home has no signer's folder."""
    desk, socket = Desk(tmp_path / "var", capsys), tmp_path / "run" / "signer"
    desk.signs = Remote(socket)
    asked: Callable[..., tuple[str, ...]] = lambda *words: words  # noqa: E731
    if told == "by the environment":
        monkeypatch.setenv("NOTICEBOARD_SIGNER", str(socket))
    else:
        asked = lambda *words: (*words, "--signer", str(socket))  # noqa: E731
    with served_at(socket, tmp_path / "apart"):
        begin = asked("init", "--village", V, "--name", "示例村", "--origin", ORIGIN)
        assert 0 == desk.run(*begin)[0]
        other = asked(
            "village", "add", "v2", "二村", "--origin", "board.example/2", "--as", "admin"
        )
        assert 0 == desk.run(*other)[0]
        (old,) = desk.signs.keys(ORIGIN)
        assert checked(desk.signed(), old)
        new = desk.keys("rotate", *asked())["vkey"]
        assert checked(desk.signed(), old, new)
        assert desk.keys("retire", *asked())["ok"]
        monkeypatch.delenv("NOTICEBOARD_SIGNER", raising=False)
        assert [True] == [key["signs"] for key in desk.keys("show")["keys"]]
    assert [None] == [key["signs"] for key in desk.keys("show", *asked())["keys"]]
    assert "signer" in desk.keys("rotate", *asked())["problems"][0]["fix"]
    assert not (desk.home / "signer").exists()
    desk.verified()


def test_a_board_that_cannot_reach_its_signer_does_not_begin(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """And nothing is left that would hinder the second try."""
    desk = Desk(tmp_path / "var", capsys)
    begin = ("init", "--village", V, "--name", "示例村", "--origin", ORIGIN)
    status, said = desk.run(*begin, "--signer", str(tmp_path / "nobody"))
    assert 1 == status
    assert "noticeboard signer" in said
    assert 0 == desk.run(*begin)[0]
    desk.verified()
