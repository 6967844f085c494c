"""A proof in one file: read one way, and worth nothing once anything of it is changed."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as some
from msgspec.structs import replace

from noticeboard.core.merkle import inclusion
from noticeboard.core.notes import Signature, signature
from noticeboard.core.policy import read_policy
from noticeboard.core.problems import NotValid
from noticeboard.core.proofs import Proof, check, read_proof
from tests.core.log.noted import AT, LOG, VECTORS, W1, W1_SIGNS, W2, W2_SIGNS, Grown, noted, verify

FILE = (VECTORS / "leaf3.tlog-proof").read_bytes()
LEAF = (VECTORS / "leaf3").read_bytes()
TREE = Grown(300)


def _proof(index: int, size: int) -> Proof:
    head = TREE.heads[size]
    lines = (
        signature(W1, W1_SIGNS, head.text, AT),
        signature(W2, W2_SIGNS, head.text, AT),
        Signature("grease.example", b"\1\1\1\1", bytes(50)),
    )
    return Proof(index, tuple(inclusion(TREE.read, index, size)), noted(head.text, *lines))


def test_the_published_proof_holds_under_the_published_policy() -> None:
    """Leaf 3 of 5, the log's signature and the one witness that the policy asks for."""
    policy = read_policy((VECTORS / "policy").read_text("utf-8"))
    proof = read_proof(FILE)
    found = check(proof, LEAF, [key for key, _url in policy.logs], policy.keys, verify)
    assert (3, 5) == (proof.index, found.checkpoint.size)
    assert policy.met([one.key for one in found.cosigned])
    assert FILE == proof.write()


@pytest.mark.parametrize("size", [1, 2, 3, 5, 8, 255, 256, 257, 300])
def test_every_leaf_is_proved(size: int) -> None:
    """First, last and between; the bytes come back as they were."""
    for index in {0, size // 2, size - 1}:
        proof = _proof(index, size)
        again = read_proof(proof.write())
        assert proof == again
        assert size == check(again, TREE.leaves[index], [LOG], [W1, W2], verify).checkpoint.size


def _wrong(proof: Proof) -> Iterator[Proof]:
    path = proof.path
    for at, step in enumerate(path):
        yield replace(proof, path=(*path[:at], *path[at + 1 :]))
        yield replace(proof, path=(*path[:at], step, *path[at:]))
        yield replace(proof, path=(*path[:at], bytes(32), *path[at + 1 :]))
        if at + 1 < len(path):
            yield replace(proof, path=(*path[:at], path[at + 1], step, *path[at + 2 :]))
    yield replace(proof, path=(*path, bytes(32)))
    yield replace(proof, index=proof.index + 1)


def test_no_damaged_proof_holds() -> None:
    """Each hash zeroed, dropped, doubled, swapped; another place; another leaf."""
    for index, size in ((3, 5), (0, 256), (255, 256), (256, 257), (299, 300)):
        proof = _proof(index, size)
        for wrong in _wrong(proof):
            with pytest.raises(NotValid, match="不在这个记录头里"):
                check(wrong, TREE.leaves[index], [LOG], [], verify)
        with pytest.raises(NotValid, match="不在这个记录头里"):
            check(proof, TREE.leaves[index] + b" ", [LOG], [], verify)


BAD_FILES = {
    "empty": b"",
    "no first line": FILE.removeprefix(b"c2sp.org/tlog-proof@v1\n"),
    "another version": FILE.replace(b"@v1", b"@v2"),
    "CRLF": FILE.replace(b"\n", b"\r\n"),
    "no index": FILE.replace(b"index 3\n", b""),
    "a sign": FILE.replace(b"index 3", b"index +3"),
    "a zero in front": FILE.replace(b"index 3", b"index 03"),
    "no blank line": FILE.replace(b"\n\nboard", b"\nboard"),
    "a short hash": FILE.replace(b"PR3ndt8IbBrp9wSdK7DAR1rRQYX5h+Bk6NENyy20oyI=", b"AAAA"),
    "bits left over": FILE.replace(b"20oyI=", b"20oyJ="),
    "extra behind the index": FILE.replace(b"index 3\n", b"index 3\nextra AAAA\n"),
    "extra that is none": FILE.replace(b"index 3\n", b"extra *\nindex 3\n"),
    "64 steps": FILE.replace(
        b"index 3\n", b"index 3\n" + b"PR3ndt8IbBrp9wSdK7DAR1rRQYX5h+Bk6NENyy20oyI=\n" * 61
    ),
}


@pytest.mark.parametrize("data", BAD_FILES.values(), ids=BAD_FILES)
def test_a_malformed_file_is_refused(data: bytes) -> None:
    """There is one way to write a proof."""
    with pytest.raises(NotValid):
        read_proof(data)


def test_what_is_beside_the_proof_comes_along() -> None:
    """`extra` is handed on; nothing vouches for it."""
    proof = replace(_proof(3, 5), extra=b"where it hung")
    assert b"where it hung" == read_proof(proof.write()).extra


def test_no_flipped_bit_proves_anything_else() -> None:
    """Each bit changed: refused, or a signature line that now is a stranger's."""
    text = read_proof(FILE).note.text
    for bit in range(len(FILE) * 8):
        data = bytearray(FILE)
        data[bit // 8] ^= 1 << bit % 8
        try:
            proof = read_proof(bytes(data))
            found = check(proof, LEAF, [LOG], [W1], verify)
        except NotValid:
            continue
        assert (text, ()) == (proof.note.text, found.cosigned)


@given(some.binary(max_size=200))
def test_no_bytes_do_harm(data: bytes) -> None:
    """Everything is a proof written one way, or refused."""
    for candidate in (data, FILE[:40] + data, data + FILE, FILE + data):
        try:
            proof = read_proof(candidate)
        except NotValid:
            continue
        assert candidate == proof.write()
