"""What programs hand in beside the open log: read within bounds, refused with a word."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from noticeboard.board import checkpoints, cosigning
from noticeboard.core.notes import read_note
from noticeboard.core.witnessing import Offer
from noticeboard.net.client import Answer, fetch
from noticeboard.signing.witness import Witness, make
from noticeboard.web import handing
from noticeboard.web.front import Front
from tests.agent.serving import serving
from tests.cast import KEY, VILLAGE, Cast, cast_in, signer_in


async def _no_desk(scope: Any, receive: Any, send: Any) -> None:
    raise AssertionError("nobody signs in here")


@pytest.fixture
def cast(tmp_path: Path) -> Iterator[Cast]:
    cast = cast_in(tmp_path / "home")
    cast.clock.on(checkpoints.EVERY)
    assert [VILLAGE] == checkpoints.sign_due(cast.board, signer_in(tmp_path / "home" / "signer"))
    yield cast
    cast.board.database.close()


@pytest.fixture
def url(cast: Cast) -> Iterator[str]:
    with serving(Front(_no_desk, cast.board)) as url:
        yield f"{url}/log/{VILLAGE}"


def said(answer: Answer) -> tuple[int, bool]:
    """Give the status, and whether a word came with it."""
    return answer.status, len(answer.body.strip()) > 2


def test_a_witness_hands_its_line_in(cast: Cast, url: str, tmp_path: Path) -> None:
    """The line stands under the served head at once."""
    make(tmp_path / "w", "w1.example")
    witness = Witness(tmp_path / "w", clock=cast.clock)
    witness.trust([KEY])
    checkpoints.set_policy(cast.board, f"witness w1 {witness.key.text}\nquorum w1\n")
    note = fetch(f"{url}/checkpoint").body
    line = witness.add(Offer(0, (), read_note(note)).write())
    answer = fetch(f"{url}/cosignatures", body=line)
    assert (200, b"ok\n") == (answer.status, answer.body)
    assert note + line == fetch(f"{url}/checkpoint").body


@pytest.mark.parametrize("what", ["cosignatures", "mirrored"])
@pytest.mark.parametrize(
    "body", [b"", b"x", b"\n\n", b"\xff\xfe", b"a\n\n" + "— b c\n".encode(), b"\0" * 1000]
)
def test_nonsense_is_refused_with_a_word(url: str, what: str, body: bytes) -> None:
    """400, and a sentence that says what is wrong."""
    assert (400, True) == said(fetch(f"{url}/{what}", body=body))


def test_what_is_too_long_is_not_even_read(url: str) -> None:
    """Whatever is longer than any honest word is refused as soon as that shows."""
    assert (413, True) == said(fetch(f"{url}/mirrored", body=b"x" * (handing.MOST + 1)))


def test_only_these_two_addresses_take_anything(url: str) -> None:
    """Everything else of the open log is only for reading, and these two are not."""
    for path in ("checkpoint", "tile/0/000", "cosignatures/x", ""):
        assert fetch(f"{url}/{path}", body=b"x").status == 405
    for path in ("cosignatures", "mirrored"):
        assert fetch(f"{url}/{path}").status == 404
    other = url.replace(VILLAGE, "none")
    assert fetch(f"{other}/cosignatures", body=b"x").status == 404


def test_what_is_new_costs_the_others_nothing(cast: Cast, url: str, tmp_path: Path) -> None:
    """Behind a proxy all are one address: who brings news is not silenced, who repeats it is."""
    make(tmp_path / "w", "w1.example")
    witness = Witness(tmp_path / "w", clock=cast.clock)
    witness.trust([KEY])
    checkpoints.set_policy(cast.board, f"witness w1 {witness.key.text}\nquorum w1\n")
    note = fetch(f"{url}/checkpoint").body
    line, size = witness.add(Offer(0, (), read_note(note)).write()), int(note.split(b"\n")[1])
    for _ in range(handing.PER_MINUTE + 5):
        assert 200 == fetch(f"{url}/cosignatures", body=line).status
        cast.clock.on(1)
        line = witness.add(Offer(size, (), read_note(note)).write())
    fetch(f"{url}/cosignatures", body=line)
    statuses = [
        fetch(f"{url}/cosignatures", body=line).status for _ in range(handing.PER_MINUTE + 5)
    ]
    assert {200, 429} == set(statuses)


def test_so_many_a_minute(url: str, cast: Cast) -> None:
    """An address that goes on and on is told to wait; what it says is not even checked."""
    statuses = [fetch(f"{url}/mirrored", body=b"x").status for _ in range(handing.PER_MINUTE + 5)]
    assert [*[400] * handing.PER_MINUTE, *[429] * 5] == statuses
    assert (429, True) == said(fetch(f"{url}/mirrored", body=b"x"))
    # Another village's log is not silenced by that.
    assert fetch(url.replace(VILLAGE, "none") + "/mirrored", body=b"x").status != 429
    assert cosigning.MOST_BYTES <= handing.MOST
