"""A witness while a log exchanges its keys: it never trusts by itself, and says what to do."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from noticeboard.agent.app import App
from noticeboard.board import keyring
from noticeboard.core.notes import read_key, read_note
from noticeboard.core.problems import NotAllowed
from noticeboard.core.witnessing import Offer
from noticeboard.net.client import fetch
from tests.agent.hall import Hall, board_at
from tests.agent.serving import serving
from tests.cast import KEY, ORIGIN, VILLAGE, cast_in, signer_in


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Hall]:
    cast = cast_in(tmp_path / "home")
    with board_at(cast) as url:
        yield Hall(tmp_path, cast, url)
    cast.audit()
    cast.board.database.close()


def rotated(hall: Hall) -> str:
    """Let a new key sign beside the old one; gives it."""
    signer = signer_in(hall.folder / "home" / "signer")
    new = keyring.rotate(hall.board, signer, VILLAGE, hall.cast.admin).key
    hall.sign()
    return new


def retired(hall: Hall) -> None:
    """Let the old key sign no more."""
    keyring.retire(hall.board, signer_in(hall.folder / "home" / "signer"), VILLAGE, hall.cast.admin)
    hall.sign()


def test_a_witness_says_that_it_must_be_told_of_a_new_key(hall: Hall) -> None:
    """While both sign it goes on, and names the one it was not told of; then it signs no more."""
    hall.sign()
    assert () == hall.pull.once().strange
    new = rotated(hall)
    did = hall.pull.once()
    assert (True, (new.split("+")[1],)) == (did.handed, did.strange)
    retired(hall)
    held = hall.witness.held(ORIGIN)
    with pytest.raises(NotAllowed, match="--trust") as refused:
        hall.pull.once()
    assert new.split("+")[1] in str(refused.value)
    assert held == hall.witness.held(ORIGIN)
    assert [KEY] == list(hall.witness.trusted(ORIGIN))


def test_told_of_it_a_witness_goes_on_from_what_it_held(hall: Hall) -> None:
    """Nothing begins anew: the tree it saw under the old key must be in the one under the new."""
    hall.done()
    new = rotated(hall)
    hall.witness.trust([read_key(new)])
    assert () == hall.pull.once().strange
    retired(hall)
    assert hall.pull.once().handed
    assert (hall.cast.entries(), 1, True) == hall.standing()
    assert hall.cast.entries() == hall.confirmed()


def test_a_witness_that_is_sent_to_answers_what_to_do(hall: Hall) -> None:
    """403, as the specification has it, with the next step in words for the board's keeper."""
    rotated(hall)
    retired(hall)
    note = fetch(f"{hall.url}/checkpoint").body
    with serving(App(hall.witness)) as url:
        answer = fetch(f"{url}/add-checkpoint", body=Offer(0, (), read_note(note)).write())
    assert 403 == answer.status
    assert "换过钥匙" in answer.body.decode()
