"""RFC 6962 trees: the published vectors, every small tree, no proof that is not exactly right."""

import random
from collections.abc import Callable, Iterator
from functools import lru_cache

import pytest

from noticeboard.core.merkle import (
    EMPTY,
    Frontier,
    consistency,
    consistent,
    included,
    inclusion,
    leaf_hash,
    node_hash,
    peaks_of,
    root_from,
    root_of,
)

# The reference leaves of Certificate Transparency, and the roots of their first 1 to 8.
LEAVES = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
INCLUSION_5_OF_8 = [
    "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
]
CONSISTENCY_6_TO_8 = [
    "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
    *INCLUSION_5_OF_8[1:],
]
MOST = 130

Read = Callable[[int, int], bytes]


class Tree:
    """A tree grown leaf by leaf, with its stored nodes and the root it had at every size."""

    def __init__(self, leaves: list[bytes]) -> None:
        frontier, self.nodes = Frontier(), dict[tuple[int, int], bytes]()
        self.leaves, self.roots = [leaf_hash(leaf) for leaf in leaves], [frontier.root()]
        for leaf in self.leaves:
            self.nodes.update(((level, at), hash_) for level, at, hash_ in frontier.append(leaf))
            self.roots.append(frontier.root())

    def read(self, level: int, index: int) -> bytes:
        """Give a stored node, as a database would."""
        return self.nodes[level, index]


@lru_cache(maxsize=4)
def numbered(size: int) -> Tree:
    return Tree([f'{{"n":{n}}}'.encode() for n in range(size)])


def defined(leaves: list[bytes]) -> bytes:
    """Give MTH exactly as RFC 6962 section 2.1 defines it."""
    if not leaves:
        return EMPTY
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return node_hash(defined(leaves[:split]), defined(leaves[split:]))


def damaged(path: list[bytes]) -> Iterator[list[bytes]]:
    """Give a proof with each hash dropped, doubled, zeroed, swapped with the next; and one more."""
    for at, hash_ in enumerate(path):
        yield path[:at] + path[at + 1 :]
        yield [*path[:at], hash_, *path[at:]]
        yield [*path[:at], bytes(32), *path[at + 1 :]]
        if at + 1 < len(path):
            yield [*path[:at], path[at + 1], hash_, *path[at + 2 :]]
    yield [*path, bytes(32)]


def test_the_published_roots_come_out() -> None:
    """The roots over the reference leaves are those of Certificate Transparency, 1 to 8."""
    tree = Tree(LEAVES)
    assert ROOTS == [root.hex() for root in tree.roots[1:]]
    assert ROOTS == [root_of(tree.leaves[:size]).hex() for size in range(1, 9)]


def test_the_published_proofs_come_out() -> None:
    """Inclusion of leaf 5 in 8 and consistency of 6 with 8 are the published hashes, in order."""
    tree = Tree(LEAVES)
    assert INCLUSION_5_OF_8 == [hash_.hex() for hash_ in inclusion(tree.read, 5, 8)]
    assert CONSISTENCY_6_TO_8 == [hash_.hex() for hash_ in consistency(tree.read, 6, 8)]


def test_the_empty_tree_has_the_hash_of_nothing() -> None:
    """No leaf: SHA-256 of nothing, whichever way one asks."""
    nothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    empty = [EMPTY, root_of([]), Frontier().root(), root_from(numbered(1).read, 0)]
    assert {nothing} == {root.hex() for root in empty}


def test_every_small_tree_is_as_defined() -> None:
    """Up to 130 leaves: folded at once, grown, read from nodes, and by the RFC's own words."""
    tree = numbered(MOST)
    for size in range(MOST + 1):
        root = defined(tree.leaves[:size])
        grown, stored = tree.roots[size], root_from(tree.read, size)
        assert [root] * 3 == [root_of(tree.leaves[:size]), grown, stored]


def test_a_tree_goes_on_from_its_peaks() -> None:
    """A frontier made of a size and its stored peaks grows as if it had never stopped."""
    tree = numbered(MOST)
    for size in range(MOST):
        frontier = Frontier(size, [tree.read(level, index) for level, index in peaks_of(size)])
        frontier.append(tree.leaves[size])
        assert tree.roots[size + 1] == frontier.root()


def test_every_inclusion_of_every_small_tree_is_proved() -> None:
    """Each leaf of each tree up to 130; a proof holds for its own index and size, no other."""
    tree = numbered(MOST)
    for size in range(1, MOST + 1):
        root = tree.roots[size]
        for index in range(size):
            path, leaf = inclusion(tree.read, index, size), tree.leaves[index]
            assert included(leaf, index, size, path, root)
            assert not included(leaf, (index + 1) % (size + 1), size, path, root)
            assert not included(bytes(32), index, size, path, root)


def test_every_consistency_of_every_small_tree_is_proved() -> None:
    """Each size with each larger one up to 130; never with another root on either side."""
    tree = numbered(MOST)
    for new in range(MOST + 1):
        for old in range(new + 1):
            path = consistency(tree.read, old, new)
            assert consistent(old, tree.roots[old], new, tree.roots[new], path)
            assert not consistent(old, bytes(32), new, tree.roots[new], path)
            if old:
                assert not consistent(old, tree.roots[old], new, bytes(32), path)


@pytest.mark.parametrize("size", [*range(1, 36), 63, 64, 65, 127, 128, 129])
def test_no_damaged_proof_passes(size: int) -> None:
    """Each hash dropped, doubled, zeroed or swapped makes a proof worthless."""
    tree = numbered(MOST)
    for at in range(size):
        path, root, leaf = inclusion(tree.read, at, size), tree.roots[size], tree.leaves[at]
        assert not any(included(leaf, at, size, wrong, root) for wrong in damaged(path))
        old = tree.roots[at]
        proof = consistency(tree.read, at, size)
        assert not any(consistent(at, old, size, root, wrong) for wrong in damaged(proof))


@pytest.mark.parametrize("border", [255, 256, 257])
def test_proofs_hold_around_the_border_of_a_tile(border: int, rng: random.Random) -> None:
    """Sizes next to multiples of 256, where tiles begin, prove as well as any."""
    tree = numbered(2100)
    for _ in range(40):
        size = border + 256 * rng.randrange(7)
        at, old = rng.randrange(size), rng.randrange(size + 1)
        path, proof = inclusion(tree.read, at, size), consistency(tree.read, old, size)
        root = tree.roots[size]
        assert included(tree.leaves[at], at, size, path, root)
        assert consistent(old, tree.roots[old], size, root, proof)
        assert not any(included(tree.leaves[at], at, size, bad, root) for bad in damaged(path))
        if old:
            assert not any(
                consistent(old, tree.roots[old], size, root, bad) for bad in damaged(proof)
            )


class Large:
    """A million leaves: every whole subtree, level by level, end to end."""

    def __init__(self, size: int) -> None:
        level = [leaf_hash(b"%d" % n) for n in range(size)]
        self.levels = []
        while level:
            self.levels.append(b"".join(level))
            level = [node_hash(level[at], level[at + 1]) for at in range(0, len(level) - 1, 2)]

    def read(self, level: int, index: int) -> bytes:
        """Give a node, as a database would."""
        return self.levels[level][index * 32 : index * 32 + 32]


@lru_cache(maxsize=1)
def million() -> Large:
    return Large(1_000_000)


@pytest.mark.parametrize("border", [65_535, 65_536, 65_537, 999_999, 1_000_000])
def test_proofs_hold_up_to_a_million(border: int, rng: random.Random) -> None:
    """At the borders of the second level of tiles and at random sizes: proved, and not forged."""
    tree = million()
    for size in [border, *(rng.randrange(2, 1_000_000) for _ in range(20))]:
        root = root_from(tree.read, size)
        at, old = rng.randrange(size), rng.randrange(1, size)
        leaf, path = tree.read(0, at), inclusion(tree.read, at, size)
        before, proof = root_from(tree.read, old), consistency(tree.read, old, size)
        assert included(leaf, at, size, path, root)
        assert consistent(old, before, size, root, proof)
        assert not any(included(leaf, at, size, bad, root) for bad in damaged(path))
        assert not any(consistent(old, before, size, root, bad) for bad in damaged(proof))


@pytest.mark.parametrize(("index", "size"), [(0, 0), (1, 1), (-1, 3), (3, 3)])
def test_a_leaf_outside_the_tree_has_no_proof(index: int, size: int) -> None:
    """Neither is one made nor is one believed."""
    with pytest.raises(ValueError, match="is not in a tree"):
        inclusion(numbered(MOST).read, index, size)
    assert not included(EMPTY, index, size, [], EMPTY)


@pytest.mark.parametrize(("old", "new"), [(-1, 3), (4, 3)])
def test_a_larger_tree_is_never_the_beginning_of_a_smaller(old: int, new: int) -> None:
    """Time goes one way."""
    with pytest.raises(ValueError, match="is not before"):
        consistency(numbered(MOST).read, old, new)
    assert not consistent(old, EMPTY, new, EMPTY, [])
