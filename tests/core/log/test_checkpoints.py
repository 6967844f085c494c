"""Checkpoints: three lines, one way to write each, and the log's own signature under them."""

from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as some

from noticeboard.core.checkpoints import Checkpoint, open_checkpoint, read_checkpoint
from noticeboard.core.merkle import EMPTY
from noticeboard.core.notes import ED25519, Note, Signature, signature
from noticeboard.core.problems import NotValid
from tests.core.log.noted import (
    AT,
    LOG,
    LOG_SIGNS,
    ORIGIN,
    OTHER,
    OTHER_SIGNS,
    VECTORS,
    W1,
    W1_SIGNS,
    W2,
    key,
    noted,
    verify,
)

HEAD = Checkpoint(ORIGIN, 5, bytes(range(32)))
ROOT = b64encode(HEAD.root).decode()


def test_the_published_checkpoint_opens() -> None:
    """Its size, its root, whose signatures it has and the time of the witness."""
    data = (VECTORS / "log5" / "checkpoint").read_bytes()
    found = open_checkpoint(data, [LOG], [W1, W2], verify)
    assert (ORIGIN, 5) == (found.checkpoint.origin, found.checkpoint.size)
    assert [LOG] == [one.key for one in found.log]
    assert [(W1, AT)] == [(one.key, one.at) for one in found.cosigned]


BAD_TEXTS = {
    "no newline at the end": f"{ORIGIN}\n5\n{ROOT}",
    "an empty origin": f"\n5\n{ROOT}\n",
    "a plus sign": f"{ORIGIN}\n+5\n{ROOT}\n",
    "a minus sign": f"{ORIGIN}\n-5\n{ROOT}\n",
    "a zero in front": f"{ORIGIN}\n05\n{ROOT}\n",
    "a space": f"{ORIGIN}\n 5\n{ROOT}\n",
    "an underscore": f"{ORIGIN}\n1_0\n{ROOT}\n",
    "digits of another script": f"{ORIGIN}\n٥\n{ROOT}\n",
    "full-width digits": f"{ORIGIN}\n５\n{ROOT}\n",
    "no size": f"{ORIGIN}\n\n{ROOT}\n",
    "beyond 63 bits": f"{ORIGIN}\n{1 << 63}\n{ROOT}\n",
    "very many digits": f"{ORIGIN}\n{'9' * 5000}\n{ROOT}\n",
    "a short root": f"{ORIGIN}\n5\n{b64encode(bytes(31)).decode()}\n",
    "a long root": f"{ORIGIN}\n5\n{b64encode(bytes(33)).decode()}\n",
    "bits left over in the root": f"{ORIGIN}\n5\n{ROOT[:-2]}9=\n",
    "an extension line": f"{ORIGIN}\n5\n{ROOT}\nmore\n",
    "a blank line": f"{ORIGIN}\n5\n{ROOT}\n\n",
    "lines missing": f"{ORIGIN}\n",
}


@pytest.mark.parametrize("text", BAD_TEXTS.values(), ids=BAD_TEXTS)
def test_a_malformed_checkpoint_is_refused(text: str) -> None:
    """Also when the log itself has signed it."""
    with pytest.raises(NotValid):
        read_checkpoint(text.encode())
    with pytest.raises(NotValid):
        open_checkpoint(noted(text.encode()).write(), [LOG], [], verify)


def test_only_the_log_s_own_key_speaks_for_it() -> None:
    """Not a witness, not another log's key that it is shown under, not a stranger."""
    other_log, other_signs = key("board.example/village/2", ED25519, bytes(32))
    cosigned = Note(HEAD.text, (signature(W1, W1_SIGNS, HEAD.text, AT),))
    elsewhere = Note(HEAD.text, (signature(other_log, other_signs, HEAD.text),))
    for note in (cosigned, elsewhere, Note(HEAD.text, (Signature("x", bytes(4), b"y"),))):
        with pytest.raises(NotValid, match="没有这个日志的签名"):
            open_checkpoint(note.write(), [LOG, other_log], [W1], verify)


def test_greased_and_doubly_signed_checkpoints_open() -> None:
    """Unknown lines, lines twice, and both keys while one follows the other."""
    grease = Signature("grease.example", b"\7\7\7\7", bytes(99))
    twice = signature(LOG, LOG_SIGNS, HEAD.text)
    note = noted(HEAD.text, grease, twice, signature(OTHER, OTHER_SIGNS, HEAD.text), grease)
    for keys in ([LOG], [OTHER], [LOG, OTHER]):
        found = open_checkpoint(note.write(), keys, [W1], verify)
        assert HEAD == found.checkpoint
        assert set(keys) == {one.key for one in found.log}
        assert () == found.cosigned


def test_a_witness_whose_line_is_wrong_spoils_the_note() -> None:
    """A known key that does not hold is never passed over."""
    wrong = Signature(W1.name, W1.id, AT.to_bytes(8) + bytes(64))
    with pytest.raises(NotValid, match="签名对不上"):
        open_checkpoint(noted(HEAD.text, wrong).write(), [LOG], [W1], verify)


@given(
    some.integers(0, (1 << 63) - 1),
    some.binary(min_size=32, max_size=32),
    some.text("abcdef.-/0123456789", min_size=1),
)
def test_what_is_written_is_read(size: int, root: bytes, origin: str) -> None:
    """Any size and root, under any plain name."""
    head = Checkpoint(origin, size, root)
    assert head == read_checkpoint(head.text)


def test_an_empty_log_has_a_checkpoint_too() -> None:
    """Its size is 0 and its root the hash of nothing."""
    text = f"{ORIGIN}\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n".encode()
    assert Checkpoint(ORIGIN, 0, EMPTY) == read_checkpoint(text)


@given(some.binary(max_size=200))
def test_no_bytes_do_harm(data: bytes) -> None:
    """Everything is a checkpoint written one way, or refused."""
    try:
        head = read_checkpoint(data)
    except NotValid:
        return
    assert data == head.text
