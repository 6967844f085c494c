"""The signer: signs what grows from what it remembers, refuses everything else, never goes back."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import pytest

from noticeboard.core.checkpoints import Checkpoint
from noticeboard.core.merkle import EMPTY
from noticeboard.core.problems import NotFound, NotNow, NotValid, Problem, Unavailable
from noticeboard.signing.keys import keys_of, state_of, stem
from noticeboard.signing.listening import listening
from noticeboard.signing.remote import Door, Remote
from noticeboard.signing.signer import Signer, Signs
from tests.signing.growing import FORK, HONEST, STRANGE, begun, checked, proof, sign
from tests.signing.logs import ORIGIN, leaves


@contextmanager
def served(folder: Path, socket: Path) -> Iterator[Remote]:
    with listening(socket) as line:
        door = Door(Signer(folder), line)
        thread = Thread(target=door.answer)
        thread.start()
        try:
            yield Remote(socket)
        finally:
            door.close()
            thread.join()


@pytest.fixture(params=["here", "over a socket"])
def signs(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Signs]:
    """Give the same promises twice: kept in this process, and kept by another through a socket."""
    if request.param == "here":
        yield Signer(tmp_path / "signer")
    else:
        with served(tmp_path / "signer", tmp_path / "run" / "signer") as remote:
            yield remote


def test_a_log_begins_once_at_size_0(signs: Signs) -> None:
    """Its first key and its state; a second beginning would be a second truth."""
    assert () == signs.keys(ORIGIN)
    assert signs.state(ORIGIN) is None
    vkey = signs.begin(ORIGIN)
    assert (vkey,) == signs.keys(ORIGIN)
    assert Checkpoint(ORIGIN, 0, EMPTY) == signs.state(ORIGIN)
    with pytest.raises(NotNow, match="已经有签名钥匙"):
        signs.begin(ORIGIN)
    assert (vkey,) == signs.keys(ORIGIN)


@pytest.mark.parametrize("origin", ["", "with space", "a+b", "line\nbreak", "tab\there"])
def test_what_cannot_name_a_key_cannot_name_a_log(signs: Signs, origin: str) -> None:
    """A name that a note cannot carry would be found out at the first signature only."""
    with pytest.raises(NotValid, match="日志名"):
        signs.begin(origin)


def test_what_grows_is_signed_and_remembered(signs: Signs) -> None:
    """Step by step, by ones and in leaps; the state is always the last head signed."""
    vkey = signs.begin(ORIGIN)
    for size in (1, 2, 5, 6, 37, 64):
        assert HONEST.head(size) == checked(sign(signs, size), vkey)
        assert HONEST.head(size) == signs.state(ORIGIN)


def test_the_same_request_again_gives_the_same_bytes(signs: Signs) -> None:
    """After a crash between state and note the board asks again, with the proof it had."""
    signs.begin(ORIGIN)
    sign(signs, 5)
    asked = (ORIGIN, 5, proof(5, 9), HONEST.head(9))
    note = signs.sign(*asked)
    assert note == signs.sign(*asked)
    assert note == signs.sign(ORIGIN, 9, (), HONEST.head(9))


def test_an_empty_log_can_be_signed(signs: Signs) -> None:
    """Its root is fixed, and only that one is signed."""
    vkey = signs.begin(ORIGIN)
    assert 0 == checked(sign(signs, 0), vkey).size
    with pytest.raises(NotNow, match="另一个根"):
        signs.sign(ORIGIN, 0, (), Checkpoint(ORIGIN, 0, bytes(32)))


def test_nothing_that_goes_back_or_aside_is_signed(signs: Signs) -> None:
    """Smaller, another root, from another size, with a wrong proof or none; nothing changes."""
    signs.begin(ORIGIN)
    last = sign(signs, 20)
    right = proof(20, 30)
    flipped = (bytes([right[0][0] ^ 1]) + right[0][1:], *right[1:])
    refused: list[tuple[type[Problem], str, int, tuple[bytes, ...], Checkpoint]] = [
        (NotNow, "不能往回签", 20, (), HONEST.head(19)),
        (NotNow, "不能往回签", 0, (), HONEST.head(0)),
        (NotNow, "不能往回签", 10, proof(10, 15, FORK), FORK.head(15)),
        (NotNow, "另一个根", 20, (), FORK.head(20)),
        (NotNow, "从那里接着", 10, proof(10, 30), HONEST.head(30)),
        (NotNow, "从那里接着", 25, proof(25, 30), HONEST.head(30)),
        (NotValid, "接不上", 20, proof(20, 30, FORK), FORK.head(30)),
        (NotValid, "接不上", 20, right, FORK.head(30)),
        (NotValid, "接不上", 20, (), HONEST.head(30)),
        (NotValid, "接不上", 20, right[:-1], HONEST.head(30)),
        (NotValid, "接不上", 20, (*right, right[-1]), HONEST.head(30)),
        (NotValid, "接不上", 20, flipped, HONEST.head(30)),
        (NotValid, "接不上", 20, right, HONEST.head(31)),
        (NotValid, "不是这个日志", 20, right, Checkpoint("board.example/v/x", 30, bytes(32))),
        (NotValid, "不是这个日志", 20, right, Checkpoint(ORIGIN, 30, b"short")),
        (NotValid, "不是这个日志", 20, right, Checkpoint(ORIGIN, 1 << 63, bytes(32))),
        (NotValid, "不是这个日志", 20, right, Checkpoint(ORIGIN, -1, bytes(32))),
    ]
    for kind, says, old, path, new in refused:
        with pytest.raises(kind, match=says):
            signs.sign(ORIGIN, old, path, new)
        assert HONEST.head(20) == signs.state(ORIGIN)
    assert last == sign(signs, 20)


def test_a_log_that_was_stopped_is_signed_no_more(signs: Signs) -> None:
    """Not what grows, not what was signed; the mark names who follows, and the log beside lives."""
    signs.begin(ORIGIN)
    signs.begin(f"{ORIGIN}/2")
    last = sign(signs, 8)
    assert "" == signs.stopped(ORIGIN)
    signs.stop(ORIGIN, f"{ORIGIN}/2")
    for size, path in ((9, proof(8, 9)), (8, ())):
        with pytest.raises(NotNow, match=f"{ORIGIN}/2"):
            signs.sign(ORIGIN, 8, path, HONEST.head(size))
    with pytest.raises(NotNow, match="停了"):
        signs.restate(ORIGIN, HONEST.head(8))
    assert [f"{ORIGIN}/2", ""] == [signs.stopped(name) for name in (ORIGIN, f"{ORIGIN}/2")]
    assert (HONEST.head(8), True) == (signs.state(ORIGIN), bool(last))


def test_a_log_unknown_here_is_not_signed(signs: Signs) -> None:
    """Neither before nor after another one began."""
    for begin in (False, True):
        if begin:
            signs.begin(ORIGIN)
        with pytest.raises(Problem) as refused:
            sign(signs, 8, STRANGE)
        assert isinstance(refused.value, NotFound if begin else Unavailable)
        assert signs.state(STRANGE.origin) is None
    with pytest.raises(NotFound, match="没有这个日志"):
        signs.add_key(STRANGE.origin)


def test_logs_do_not_know_each_other(signs: Signs) -> None:
    """Each has its own key and its own memory in the one folder."""
    first, second = signs.begin(ORIGIN), signs.begin(STRANGE.origin)
    assert first != second
    sign(signs, 9)
    assert STRANGE.head(4) == checked(sign(signs, 4, STRANGE), second)
    assert HONEST.head(9) == signs.state(ORIGIN)


@pytest.mark.parametrize("damage", ["missing", "empty", "torn", "another log's"])
def test_without_its_memory_nothing_is_signed_until_a_person_types_it(
    signs: Signs, tmp_path: Path, damage: str
) -> None:
    """The head printed on the wall begins it again, once; from then on it is as strict as ever."""
    vkey = signs.begin(ORIGIN)
    sign(signs, 20)
    with pytest.raises(NotNow, match="不用恢复"):
        signs.restate(ORIGIN, HONEST.head(5))
    path = state_of(tmp_path / "signer", ORIGIN)
    if damage == "missing":
        path.unlink()
    else:
        text = {"empty": b"", "torn": HONEST.head(20).text[:-9]}
        path.write_bytes(text.get(damage, STRANGE.head(3).text))
    assert signs.state(ORIGIN) is None
    with pytest.raises(NotNow, match="记忆不见了"):
        signs.sign(ORIGIN, 20, proof(20, 30), HONEST.head(30))
    with pytest.raises(NotValid, match="不是这个日志"):
        signs.restate(ORIGIN, STRANGE.head(3))
    signs.restate(ORIGIN, HONEST.head(20))
    with pytest.raises(NotNow, match="另一个根"):
        sign(signs, 20, FORK)
    assert HONEST.head(30) == checked(sign(signs, 30), vkey)


def test_a_folder_that_is_gone_begins_again_with_a_new_key(signs: Signs, tmp_path: Path) -> None:
    """All is lost: first the memory as the wall says, then a key, then it goes on."""
    signs.restate(ORIGIN, HONEST.head(20))
    with pytest.raises(NotFound, match="没有这个日志的签名钥匙"):
        sign(signs, 30)
    vkey = signs.add_key(ORIGIN)
    assert HONEST.head(30) == checked(sign(signs, 30), vkey)
    assert 0o700 == (tmp_path / "signer").stat().st_mode & 0o777


def test_while_keys_are_exchanged_each_of_them_signs(signs: Signs) -> None:
    """A reader with either key alone accepts the note; after the retirement only the new one is."""
    old = signs.begin(ORIGIN)
    sign(signs, 5)
    new = signs.add_key(ORIGIN)
    assert {old, new} == set(signs.keys(ORIGIN))
    note = sign(signs, 9)
    for known in ((old, new), (old,), (new,)):
        assert HONEST.head(9) == checked(note, *known)
    aside = signs.retire_key(ORIGIN, old)
    assert Path(aside).name == f"{stem(ORIGIN)}.{old.split('+')[1]}.retired"
    assert aside == signs.retire_key(ORIGIN, old)
    assert (new,) == signs.keys(ORIGIN)
    note = sign(signs, 12)
    assert HONEST.head(12) == checked(note, new)
    with pytest.raises(NotValid, match="没有这个日志的签名"):
        checked(note, old)
    with pytest.raises(NotNow, match="最后一把"):
        signs.retire_key(ORIGIN, new)
    with pytest.raises(NotFound, match="没有这把"):
        signs.retire_key(ORIGIN, new[:-4] + "AAA=")
    with pytest.raises(NotNow, match="已经有签名钥匙"):
        signs.begin(ORIGIN)


def test_files_of_older_homes_are_still_read(tmp_path: Path) -> None:
    """Before keys could be exchanged a log had one file, named by its origin alone."""
    signer, vkey = begun(tmp_path / "signer")
    (held,) = keys_of(signer.folder, ORIGIN)
    assert f"{stem(ORIGIN)}.key" == held.path.name
    assert 32 == len(held.path.read_bytes())
    assert vkey == held.key.text
    sign(signer, 4)
    assert HONEST.head(4).text == state_of(signer.folder, ORIGIN).read_bytes()


def test_everything_of_the_signer_is_its_owners_alone(tmp_path: Path) -> None:
    """Whatever the umask says: the folder 0700, every file 0600."""
    before = os.umask(0)
    try:
        signer, vkey = begun(tmp_path / "home" / "signer")
        sign(signer, 3)
        signer.add_key(ORIGIN)
        signer.retire_key(ORIGIN, vkey)
        sign(signer, 4)
    finally:
        os.umask(before)
    assert 0o700 == signer.folder.stat().st_mode & 0o777
    assert {0o600} == {path.stat().st_mode & 0o777 for path in signer.folder.iterdir()}
    assert 4 == len(list(signer.folder.iterdir()))


@pytest.mark.parametrize("mode", [0o755, 0o750, 0o701, 0o770])
def test_a_folder_that_others_may_enter_signs_nothing(tmp_path: Path, mode: int) -> None:
    """Whoever could have taken the key may have; the words say what to do."""
    signer, _vkey = begun(tmp_path / "signer")
    signer.folder.chmod(mode)
    with pytest.raises(Unavailable, match="chmod 700"):
        sign(signer, 3)
    with pytest.raises(Unavailable, match="chmod 700"):
        signer.add_key(ORIGIN)
    signer.folder.chmod(0o700)
    assert Checkpoint(ORIGIN, 0, EMPTY) == signer.state(ORIGIN)
    assert sign(signer, 3)


@pytest.mark.parametrize("ending", ["key", "state"])
def test_a_file_that_others_may_read_signs_nothing(tmp_path: Path, ending: str) -> None:
    """Neither a key nor the memory."""
    signer, _vkey = begun(tmp_path / "signer")
    path = signer.folder / f"{stem(ORIGIN)}.{ending}"
    path.chmod(0o644)
    with pytest.raises(Unavailable, match="chmod 600"):
        sign(signer, 3)
    path.chmod(0o600)
    assert sign(signer, 3)


@pytest.mark.parametrize("seed", [b"", b"\1" * 31, b"\1" * 33])
def test_a_damaged_key_signs_nothing_and_moves_nothing(tmp_path: Path, seed: bytes) -> None:
    """It is found before the memory goes on, so the head can be signed once the key is back."""
    signer, vkey = begun(tmp_path / "signer")
    path = signer.folder / f"{stem(ORIGIN)}.key"
    whole = path.read_bytes()
    path.write_bytes(seed)
    with pytest.raises(Unavailable, match="不是签名钥匙"):
        sign(signer, 3)
    path.write_bytes(whole)
    assert Checkpoint(ORIGIN, 0, EMPTY) == signer.state(ORIGIN)
    assert HONEST.head(3) == checked(sign(signer, 3), vkey)


def test_leaves_of_the_fork_begin_alike() -> None:
    """The two histories of these tests are what they claim to be: equal up to leaf 10."""
    assert HONEST.head(10) == FORK.head(10)
    assert HONEST.head(11) != FORK.head(11)
    assert leaves(64)[:10] == FORK.leaves[:10]
