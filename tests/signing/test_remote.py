"""The signer's socket: who may come, what is said, and clients that hang, drip, lie or vanish."""

import grp
import os
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from threading import Thread

import msgspec
import pytest

from noticeboard.core.problems import NotNow, NotValid, Problem, Unavailable
from noticeboard.signing.listening import listening
from noticeboard.signing.remote import LONGEST, MOST, SILENT, Answer, Door, Remote
from noticeboard.signing.signer import Signer
from tests.signing.growing import FORK, HONEST, STRANGE, begun, checked, proof, sign
from tests.signing.logs import ORIGIN

ROOT = Path(__file__).parents[2]
SHORT = 0.4


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Give a place for a socket in a folder that is not there yet."""
    return tmp_path / "run" / "signer"


@pytest.fixture
def remote(tmp_path: Path, place: Path) -> Iterator[Remote]:
    """Serve a signer that has begun, with little patience; gives who asks it."""
    signer, _vkey = begun(tmp_path / "signer")
    with listening(place) as line:
        door = Door(signer, line, SHORT)
        thread = Thread(target=door.answer)
        thread.start()
        yield Remote(place, waiting=20)
        door.close()
        thread.join()


def refused(act: Callable[[], object]) -> Problem:
    with pytest.raises(Problem) as caught:
        act()
    return caught.value


def test_the_same_problem_comes_out_at_the_client(remote: Remote, tmp_path: Path) -> None:
    """Its kind, its sentence with places still open for translation, its value, its next step."""
    here = Signer(tmp_path / "signer")
    sign(remote, 20)
    for asked in (
        lambda s: s.sign(ORIGIN, 20, (), HONEST.head(19)),
        lambda s: s.sign(ORIGIN, 20, (), FORK.head(20)),
        lambda s: s.sign(ORIGIN, 20, proof(20, 30, FORK), FORK.head(30)),
        lambda s: s.sign(STRANGE.origin, 0, (), STRANGE.head(3)),
        lambda s: s.restate(ORIGIN, HONEST.head(3)),
        lambda s: s.begin(ORIGIN),
        lambda s: s.retire_key(ORIGIN, "x"),
    ):
        far, near = (
            refused(lambda asked=asked: asked(remote)),
            refused(lambda asked=asked: asked(here)),
        )
        assert type(near) is type(far)
        assert near.findings == far.findings
        assert str(near) == str(far)
    here.folder.chmod(0o755)
    assert isinstance(refused(lambda: sign(remote, 30)), Unavailable)
    here.folder.chmod(0o700)


def modes(place: Path) -> tuple[int, int]:
    return place.parent.stat().st_mode & 0o777, place.stat().st_mode & 0o777


def test_only_the_owner_comes_to_the_socket(place: Path) -> None:
    """0600 in 0700, whatever the umask says, and gone at the end."""
    before = os.umask(0)
    try:
        with listening(place):
            assert (0o700, 0o600) == modes(place)
            assert stat.S_ISSOCK(place.stat().st_mode)
    finally:
        os.umask(before)
    assert not place.exists()


def test_a_group_may_be_let_in(place: Path) -> None:
    """Then 0660 in 0750, both of that group: a board under another account may ask."""
    group = grp.getgrgid(os.getgid()).gr_name
    with listening(place, group):
        assert (0o750, 0o660) == modes(place)
        assert {os.getgid()} == {place.stat().st_gid, place.parent.stat().st_gid}
    with pytest.raises(NotValid, match="放不了"), listening(place, "no-such-group-here"):
        pass
    assert not place.exists()


@pytest.mark.parametrize(("mode", "group"), [(0o755, ""), (0o750, ""), (0o770, "g"), (0o751, "g")])
def test_a_folder_that_others_may_enter_is_refused(place: Path, mode: int, group: str) -> None:
    """It is never changed: it may be somebody else's, as /tmp is."""
    place.parent.mkdir()
    place.parent.chmod(mode)
    name = group and grp.getgrgid(os.getgid()).gr_name
    with pytest.raises(NotValid, match="别的账户也进得去"), listening(place, name):
        pass
    assert mode == place.parent.stat().st_mode & 0o777


def test_a_place_that_cannot_be_is_refused(tmp_path: Path) -> None:
    """A path longer than a socket's address; a folder under a file."""
    for place in (tmp_path / ("x" * 120) / "s", tmp_path / "file" / "s"):
        (tmp_path / "file").write_text("")
        with pytest.raises(NotValid, match="放不了"), listening(place):
            pass


def test_one_place_has_one_signer(place: Path) -> None:
    """The second is refused while the first lives; what a killed one left is cleared away."""
    with listening(place):
        with pytest.raises(NotNow, match="已经有签名的程序"), listening(place):
            pass
        assert place.exists()
    place.touch()
    with listening(place):
        assert stat.S_ISSOCK(place.stat().st_mode)


def test_where_nobody_listens_the_client_says_so(place: Path) -> None:
    """No socket, one that nobody serves any more, one whose server never answers."""
    with pytest.raises(Unavailable, match="noticeboard signer"):
        Remote(place).keys(ORIGIN)
    with listening(place):
        left = time.monotonic()
        with pytest.raises(Unavailable, match="没有回答"):
            Remote(place, waiting=0.2).keys(ORIGIN)
        assert time.monotonic() - left < 2
        kept = place.with_name("kept")
        place.rename(kept)
    with pytest.raises(Unavailable, match="没有回答"):
        Remote(kept).keys(ORIGIN)


def test_a_signer_that_hangs_is_waited_for_once(place: Path) -> None:
    """Whoever asks next, of whatever log, is told at once; and later it is asked again."""
    remote = Remote(place, waiting=SHORT)
    with listening(place) as line:
        began = time.monotonic()
        for origin in ("a", "b", "c"):
            with pytest.raises(Unavailable, match="重启 noticeboard signer"):
                remote.state(origin)
        assert SHORT <= time.monotonic() - began < 2 * SHORT
        line.accept()[0].close()
        time.sleep(SILENT)
        door = Door(Signer(place.parent), line)
        thread = Thread(target=door.answer)
        thread.start()
        assert () == remote.keys("c")
        door.close()
        thread.join()


def raw(remote: Remote, data: bytes, *, ended: bool = False) -> bytes:
    """Say these bytes and give all that is answered."""
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(10)
        line.connect(str(remote.path))
        line.sendall(data)
        if ended:
            line.shutdown(socket.SHUT_WR)
        heard = b""
        while piece := line.recv(65_536):
            heard += piece
        return heard


def framed(body: bytes) -> bytes:
    return len(body).to_bytes(4) + body


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\0" * 40,
        b"{}",
        b"[]",
        b'{"what":"keys"}',
        b'{"what":"folder","origin":"x"}',
        b'{"what":"_ask","origin":"x"}',
        b'{"what":"keys","origin":"x","more":1}',
        b'{"what":"keys","origin":7}',
        b'{"what":"sign","origin":"x"}',
        b'{"what":"sign","origin":"x","checkpoint":{"origin":"x","size":1,"root":"!"}}',
        b'{"what":"restate","origin":"x"}',
        b'{"what":"keys","origin":"x"}{"what":"keys","origin":"x"}',
        b"\xff\xfe",
    ],
)
def test_what_is_no_question_is_refused_as_one(remote: Remote, body: bytes) -> None:
    """In the same form as any refusal, and the next client is answered."""
    heard = raw(remote, framed(body))
    assert len(heard) - 4 == int.from_bytes(heard[:4])
    assert "NotValid" == msgspec.json.decode(heard[4:], type=Answer).refusal
    assert 1 == len(remote.keys(ORIGIN))


@pytest.mark.parametrize(
    "data",
    [b"", b"\0", b"\0\0\0", b"\0\0\0\x09{}", (LONGEST + 1).to_bytes(4) + b"x", b"\xff" * 9],
)
def test_half_a_question_and_one_too_long_get_nothing(remote: Remote, data: bytes) -> None:
    """No memory is set aside for what is only announced; the next client is answered."""
    with suppress(ConnectionError):
        assert b"" == raw(remote, data, ended=True)
    assert 1 == len(remote.keys(ORIGIN))


def test_a_proof_too_long_is_refused_before_it_is_sent(remote: Remote) -> None:
    """Its words are the client's own."""
    with pytest.raises(NotValid, match="太长"):
        remote.sign(ORIGIN, 0, (bytes(32),) * 2000, HONEST.head(3))


def test_clients_that_hang_hold_nobody_up_for_long(remote: Remote) -> None:
    """All places taken by clients that say nothing or a byte now and then: the next one waits."""
    hanging = []
    for n in range(MOST):
        line = socket.socket(socket.AF_UNIX)
        line.connect(str(remote.path))
        line.sendall(framed(b"x" * 60_000)[: n * 100])
        hanging.append(line)
    begun_at = time.monotonic()
    while time.monotonic() < begun_at + SHORT / 2:
        with suppress(ConnectionError):
            hanging[0].sendall(b"x")
        time.sleep(SHORT / 20)
    assert 1 == len(remote.keys(ORIGIN))
    assert time.monotonic() - begun_at < 10 * SHORT + 10
    for line in hanging:
        line.close()
    assert HONEST.head(7).text in sign(remote, 7)


def test_a_client_that_goes_away_before_the_answer_hurts_nobody(remote: Remote) -> None:
    """What it asked was done all the same, so asking again gives the same bytes."""
    body = msgspec.json.encode(
        {"what": "sign", "origin": ORIGIN, "checkpoint": msgspec.to_builtins(HONEST.head(5))}
    )
    for _again in range(3 * MOST):
        with socket.socket(socket.AF_UNIX) as line:
            line.connect(str(remote.path))
            line.sendall(framed(body))
    until = time.monotonic() + 10
    while remote.state(ORIGIN) != HONEST.head(5) and time.monotonic() < until:
        time.sleep(0.01)
    assert HONEST.head(5) == remote.state(ORIGIN)


def test_another_program_at_the_socket_is_noticed(place: Path) -> None:
    """An answer that is none, one of the wrong type, one too long: it did not answer."""
    said = iter([framed(b"hello"), framed(b'{"value":7}'), b"\xff" * 8, framed(b"{}")[:3]])

    def answer(line: socket.socket) -> None:
        for words in said:
            client, _address = line.accept()
            with client:
                client.recv(65_536)
                client.sendall(words)

    with listening(place) as line:
        thread = Thread(target=answer, args=(line,))
        thread.start()
        for _words in range(4):
            with pytest.raises(Unavailable, match="没有回答"):
                Remote(place, waiting=5).keys(ORIGIN)
        thread.join()


class Process:
    """`noticeboard signer` as a process of its own."""

    def __init__(self, home: Path, place: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "noticeboard", "signer", "--home", home, "--socket", place],
            env={"PYTHONPATH": str(ROOT / "src"), "PATH": "/usr/bin:/bin"},
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        assert str(place) in self.process.stdout.readline()

    def end(self, how: signal.Signals) -> int:
        """Send a signal and wait; gives the exit status."""
        self.process.send_signal(how)
        self.process.communicate(timeout=20)
        return self.process.returncode


def test_a_process_of_its_own_signs_and_stops_and_comes_back(tmp_path: Path, place: Path) -> None:
    """Told to stop it clears its socket away; killed it does not, and starts all the same."""
    home, remote = tmp_path / "home", Remote(place)
    first = Process(home, place)
    with pytest.raises(Unavailable):
        remote.add_key(ORIGIN)
    vkey = remote.begin(ORIGIN)
    note = sign(remote, 9)
    assert HONEST.head(9) == checked(note, vkey)
    assert (0o700, 0o600) == modes(place)
    assert 0 == first.end(signal.SIGTERM)
    assert not place.exists()
    second = Process(home, place)
    assert note == sign(remote, 9)
    assert -signal.SIGKILL == second.end(signal.SIGKILL)
    assert place.exists()
    with pytest.raises(Unavailable):
        sign(remote, 9)
    third = Process(home, place)
    assert note == sign(remote, 9)
    third.end(signal.SIGINT)
    assert not place.exists()
