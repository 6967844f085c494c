"""The tree as browsers check it: the answers of the core, for every small tree and every lie."""

from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from noticeboard import shipped
from noticeboard.core.merkle import consistency, inclusion, leaf_hash, node_hash, root_of

MOST = 130
BORDERS = (255, 256, 257, 65_535, 65_536, 65_537)

# Hand over a tree's leaf hashes and roots once; proofs come as hex.
CHECK = """([roots, proofs]) => proofs.filter(([old, size, steps, hold]) =>
    tree.consistent(old, tree.unhex(roots[old]), size, tree.unhex(roots[size]),
        steps.map(tree.unhex)) !== hold)"""
INCLUDED = """([hash, root, proofs]) => proofs.filter(([index, size, steps, hold]) =>
    tree.included(tree.unhex(hash[index]), index, size, steps.map(tree.unhex),
        tree.unhex(root[size])) !== hold)"""


class Tree:
    """A tree of numbered leaves, its perfect subtrees kept."""

    def __init__(self, size: int) -> None:
        self.leaves = [leaf_hash(b"%d" % n) for n in range(size)]
        self.levels = [self.leaves]
        while len(self.levels[-1]) > 1:
            last = self.levels[-1]
            pairs = range(0, len(last) - 1, 2)
            self.levels.append([node_hash(last[at], last[at + 1]) for at in pairs])

    def node(self, level: int, index: int) -> bytes:
        """Read a perfect subtree."""
        return self.levels[level][index]

    def consistency(self, old: int, size: int) -> list[str]:
        """Give a proof as hex."""
        return [step.hex() for step in consistency(self.node, old, size)]

    def inclusion(self, index: int, size: int) -> list[str]:
        """Give a path as hex."""
        return [step.hex() for step in inclusion(self.node, index, size)]


@pytest.fixture(scope="module")
def page(chromium: Browser) -> Iterator[Page]:
    """Open a page with the tree in it."""
    page = chromium.new_page()
    page.add_script_tag(content=(shipped("kiosk") / "tree.js").read_text("utf-8"))
    yield page
    page.close()


def lies(steps: list[str]) -> Iterator[list[str]]:
    """Give every proof that is one hash away from a true one."""
    for at in range(len(steps)):
        yield [*steps[:at], "00" * 32, *steps[at + 1 :]]
        yield [*steps[:at], *steps[at + 1 :]]
        yield [*steps[: at + 1], *steps[at:]]
        if at and steps[at] != steps[at - 1]:
            yield [*steps[: at - 1], steps[at], steps[at - 1], *steps[at + 1 :]]
    yield [*steps, "11" * 32]


def test_hashes_are_sha_256(page: Page) -> None:
    """Every length around one and two blocks, and a long text, as the library hashes them."""
    lengths = [*range(130), 4_096, 100_003]
    found = page.evaluate(
        """lengths => lengths.map(length => tree.hex(tree.sha256(
            Uint8Array.from({length}, (_, at) => at * 31 + length))))""",
        lengths,
    )
    for length, hashed in zip(lengths, found, strict=True):
        data = bytes((at * 31 + length) % 256 for at in range(length))
        assert sha256(data).hexdigest() == hashed, length


def test_every_small_tree_goes_on_from_every_smaller(page: Page) -> None:
    """All pairs of sizes up to 130: the true proof holds, and none that is one hash away."""
    whole = Tree(MOST)
    roots = [root_of(whole.leaves[:size]).hex() for size in range(MOST + 1)]
    for size in range(1, MOST + 1):
        proofs: list[Any] = []
        for old in range(1, size + 1):
            steps = whole.consistency(old, size)
            proofs.append([old, size, steps, True])
            if size % 8 == 1 or size > MOST - 3:
                proofs += [[old, size, lie, False] for lie in lies(steps)]
        assert [] == page.evaluate(CHECK, [roots, proofs]), size


def test_no_tree_goes_on_from_another(page: Page) -> None:
    """A tree with one other leaf is refused, whichever leaf it is, and so is going back."""
    whole, size = Tree(40), 40
    roots = [root_of(whole.leaves[:n]).hex() for n in range(size + 1)]
    for old in range(1, size + 1):
        proofs = [[old, size, whole.consistency(old, size), False]]
        for other in (0, old // 2, old - 1):
            leaves = [*whole.leaves[:other], leaf_hash(b"x"), *whole.leaves[other + 1 : old]]
            forked = [*roots[:old], root_of(leaves).hex(), *roots[old + 1 :]]
            if old < size:
                assert [] == page.evaluate(CHECK, [forked, proofs]), (old, other)
        if old < size:
            assert [] == page.evaluate(CHECK, [roots, [[size, old, proofs[0][2], False]]])


def test_every_leaf_of_every_small_tree_is_found(page: Page) -> None:
    """All leaves of all trees up to 130: the true path holds, and none that is one hash away."""
    whole = Tree(MOST)
    hashes = [leaf.hex() for leaf in whole.leaves]
    roots = [root_of(whole.leaves[:size]).hex() for size in range(MOST + 1)]
    for size in range(1, MOST + 1):
        proofs: list[Any] = []
        for index in range(size):
            steps = whole.inclusion(index, size)
            proofs.append([index, size, steps, True])
            if size % 8 == 1:
                proofs += [[index, size, lie, False] for lie in lies(steps)]
            proofs.append([size, size, steps, False])
        hashes_now = [*hashes, "22" * 32]
        assert [] == page.evaluate(INCLUDED, [hashes_now, roots, proofs]), size


def test_the_borders_of_tiles_are_ordinary_sizes(page: Page) -> None:
    """Around 256 and 65,536 entries, among each other and from small ones."""
    whole = Tree(BORDERS[-1])
    sizes = (1, 100, *BORDERS)
    roots = {size: root_of(whole.leaves[:size]).hex() for size in sizes}
    pairs = [(old, size) for size in sizes for old in sizes if old <= size]
    proofs = [[old, size, whole.consistency(old, size), True] for old, size in pairs]
    proofs += [
        [old, size, lie, False]
        for old, size in pairs
        if old < size
        for lie in lies(whole.consistency(old, size))
    ]
    assert [] == page.evaluate(CHECK, [roots, proofs])


def test_sizes_beyond_32_bits_are_counted_exactly(page: Page) -> None:
    """In a tree of equal halves beyond 2^40 a path of the right length holds, and no other."""
    leaf = leaf_hash(b"same")
    steps, top = [], leaf
    for _level in range(41):
        steps.append(top.hex())
        top = node_hash(top, top)
    size = 1 << 41
    proofs = [[index, size, steps, True] for index in (0, 1, size // 2, size - 1)]
    proofs += [[size - 1, size, steps[:-1], False], [0, size, [*steps, steps[0]], False]]
    found = page.evaluate(
        """([hash, root, proofs]) => proofs.filter(([index, size, steps, hold]) =>
            tree.included(tree.unhex(hash), index, size, steps.map(tree.unhex),
                tree.unhex(root)) !== hold)""",
        [leaf.hex(), top.hex(), proofs],
    )
    assert [] == found


@pytest.mark.parametrize(
    "text",
    ["AAAA", "AA==\n", "x\n", b64encode(b"1" * 31).decode() + "\n", "\n", f"{'A' * 42}B=\n"],
)
def test_a_path_that_is_written_otherwise_is_none(page: Page, text: str) -> None:
    """Hashes of another length, an unended line, base64 with bits left over: nothing of it."""
    assert page.evaluate("text => tree.path(text)", text) is None


def test_a_path_is_read_line_by_line(page: Page) -> None:
    """No line is the empty path; 63 hashes are read, 64 are too many."""
    one = b64encode(b"\x07" * 32).decode() + "\n"
    count = "text => { const path = tree.path(text); return path && path.length; }"
    assert [0, 1, 63, None] == [page.evaluate(count, one * n) for n in (0, 1, 63, 64)]
