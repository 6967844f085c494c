"""What a witness may sign: only what grows out of what it signed before."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from noticeboard.core.checkpoints import Checkpoint
from noticeboard.core.merkle import consistency
from noticeboard.core.notes import Note, Signature, signature
from noticeboard.core.witnessing import Offer, Refused, judge, origin_of, read_offer
from tests.core.log.noted import (
    LOG,
    ORIGIN,
    OTHER,
    OTHER_SIGNS,
    Grown,
    lines,
    noted,
    verify,
)

TREE, FORK = Grown(70), Grown(70, b" ")


def _offer(old: int, new: int, tree: Grown = TREE) -> Offer:
    proof = tuple(consistency(tree.read, old, new))
    return Offer(old, proof, noted(tree.heads[new].text))


def _refused(offer: Offer, held: Checkpoint | None) -> Refused:
    with pytest.raises(Refused) as caught:
        judge(offer, held, [LOG], verify)
    return caught.value


def test_the_published_request_comes_out() -> None:
    """From 2 to 5: the size, two hashes, a blank line, the checkpoint."""
    head = [
        *("old 2", "EmBS23eYJA5jpYSHo70DmnfWBaaiGPlHC1gu0eSQESE="),
        *("Z8vzSda05Mr0MKlnUcpTIhRBTC+Mn3xWervD5S8t85E=", "", ORIGIN, "5"),
    ]
    written = _offer(2, 5).write()
    assert head == written.decode().split("\n")[:6]
    assert _offer(2, 5) == read_offer(written)
    assert ORIGIN == origin_of(read_offer(written))


def test_what_grows_is_signed_and_what_stands_is_signed_again() -> None:
    """From nothing, from any size to any later one, and the same once more."""
    assert TREE.heads[9] == judge(_offer(0, 9), None, [LOG], verify).checkpoint
    for old in range(1, 70):
        for new in (old, old + 1, 70):
            if new <= 70:
                found = judge(_offer(old, new), TREE.heads[old], [LOG], verify)
                assert TREE.heads[new] == found.checkpoint


def test_an_empty_log_may_be_signed_once_it_is_known_to_be_empty() -> None:
    """Its root must be the hash of nothing."""
    assert 0 == judge(_offer(0, 0), None, [LOG], verify).checkpoint.size
    lie = Offer(0, (), noted(Checkpoint(ORIGIN, 0, bytes(32)).text))
    assert 422 == _refused(lie, None).code


def test_a_fork_is_never_signed() -> None:
    """Neither from the size it left us at, nor at the same size, nor from another one."""
    assert 422 == _refused(_offer(9, 20, FORK), TREE.heads[9]).code
    assert 422 == _refused(_offer(9, 9, FORK), TREE.heads[9]).code
    refused = _refused(_offer(8, 20, FORK), TREE.heads[9])
    assert (409, 9) == (refused.code, refused.size)


@pytest.mark.parametrize("old", [0, 8, 10])
def test_another_old_size_is_told_the_one_held(old: int) -> None:
    """Whoever asks can then make the proof that is needed."""
    refused = _refused(_offer(old, 20), TREE.heads[9])
    assert (409, 9) == (refused.code, refused.size)


def test_going_back_is_refused() -> None:
    """A smaller tree after a larger one, with whatever proof."""
    assert 409 == _refused(_offer(9, 9), TREE.heads[20]).code
    back = Offer(20, (), noted(TREE.heads[9].text))
    assert 400 == _refused(back, TREE.heads[20]).code


def test_each_damaged_proof_is_refused() -> None:
    """Each hash dropped, doubled, zeroed or swapped; and a proof where none belongs."""
    for old, new in ((6, 8), (9, 20), (64, 70), (1, 70)):
        path = _offer(old, new).proof
        for at, step in enumerate(path):
            for wrong in (
                (*path[:at], *path[at + 1 :]),
                (*path[:at], step, *path[at:]),
                (*path[:at], bytes(32), *path[at + 1 :]),
                (*path[: at + 1][::-1], *path[at + 1 :]) if at else (*path, bytes(32)),
            ):
                if wrong != path:
                    offer = Offer(old, wrong, noted(TREE.heads[new].text))
                    assert 422 == _refused(offer, TREE.heads[old]).code
    assert 422 == _refused(Offer(0, (bytes(32),), noted(TREE.heads[9].text)), None).code
    assert 422 == _refused(Offer(9, (bytes(32),), noted(TREE.heads[9].text)), TREE.heads[9]).code


def test_only_a_trusted_signature_is_listened_to() -> None:
    """A stranger's, a broken one, a broken one beside a good one: 403 before anything is told."""
    text = TREE.heads[20].text
    stranger = Note(text, (signature(OTHER, OTHER_SIGNS, text),))
    broken = Note(text, (Signature(LOG.name, LOG.id, bytes(64)),))
    beside = noted(text, Signature(LOG.name, LOG.id, bytes(64)))
    for note in (stranger, broken, beside):
        assert 403 == _refused(Offer(3, (), note), TREE.heads[9]).code


def test_a_checkpoint_that_is_none_is_malformed() -> None:
    """400 also under a good signature: an extension line, a size with a zero in front."""
    for text in (TREE.heads[9].text + b"more\n", TREE.heads[9].text.replace(b"\n9\n", b"\n09\n")):
        assert 400 == _refused(Offer(0, (), noted(text)), None).code


GOOD = _offer(2, 5).write()
STEP = lines([bytes(32)]).encode()
BAD = {
    "empty": b"",
    "no old": GOOD.removeprefix(b"old 2\n"),
    "a sign": GOOD.replace(b"old 2", b"old +2"),
    "zeros in front": GOOD.replace(b"old 2", b"old 0300"),
    "digits of another script": GOOD.replace(b"old 2", "old ٢".encode()),
    "CRLF": GOOD.replace(b"\n", b"\r\n"),
    "NUL": GOOD.replace(b"old 2", b"old 2\0"),
    "a doubled blank line": GOOD.replace(b"\n\nboard", b"\n\n\nboard"),
    "64 lines of proof": b"old 2\n" + STEP * 64 + GOOD[GOOD.index(b"\n\nboard") + 1 :],
    "a short hash": GOOD.replace(b"EmBS23eYJA5jpYSHo70DmnfWBaaiGPlHC1gu0eSQESE=", b"AAAA"),
    "no note": b"old 2\n\n",
    "too long": GOOD + b"x" * 1_000_001,
}


@pytest.mark.parametrize("data", BAD.values(), ids=BAD)
def test_a_malformed_request_is_refused(data: bytes) -> None:
    """With 400, whatever else it says; a blank line too many never signs anything."""
    with pytest.raises(Refused) as caught:
        judge(read_offer(data), None, [LOG], verify)
    assert caught.value.code in (400, 403)


def test_63_lines_of_proof_can_be_read() -> None:
    """As many as a tree of 2^63 leaves could need."""
    data = b"old 2\n" + STEP * 63 + GOOD[GOOD.index(b"\n\nboard") + 1 :]
    assert 63 == len(read_offer(data).proof)


@given(some.binary(max_size=200))
def test_no_bytes_do_harm(data: bytes) -> None:
    """Everything is a request written one way, or refused."""
    for candidate in (data, b"old 0\n\n" + data, GOOD + data):
        try:
            offer = read_offer(candidate)
        except Refused:
            continue
        assert candidate == offer.write()
