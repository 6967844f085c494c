"""RFC 6962 Merkle trees over SHA-256: hashes, roots, inclusion and consistency, prove and check.

Algorithms: RFC 6962 section 2.1 for making proofs, RFC 9162 sections 2.1.3.2 and 2.1.4.2 for
checking them. Hashes are 32 raw bytes throughout.
"""

from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256

EMPTY = sha256(b"").digest()

ReadNode = Callable[[int, int], bytes]


def leaf_hash(data: bytes) -> bytes:
    """Hash one leaf's bytes."""
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash two neighbouring subtrees."""
    return sha256(b"\x01" + left + right).digest()


def root_of(hashes: Sequence[bytes]) -> bytes:
    """Give the root over leaf hashes; the empty tree's root is SHA-256 of nothing."""
    if not hashes:
        return EMPTY
    level = list(hashes)
    while len(level) > 1:
        paired = [node_hash(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
        if len(level) % 2:
            paired.append(level[-1])
        level = paired
    return level[0]


class Frontier:
    """The perfect subtrees of a growing tree: append in O(log n), root in O(log n)."""

    def __init__(self, size: int = 0, peaks: Iterable[bytes] = ()) -> None:
        """Go on from a size and its peaks, the largest subtree first."""
        self.size = size
        self.peaks = list(peaks)

    def append(self, leaf: bytes) -> list[tuple[int, int, bytes]]:
        """Add one leaf hash; return the completed nodes as (level, index, hash), level 0 first."""
        made = [(0, self.size, leaf)]
        level, index, top = 0, self.size, leaf
        while index % 2:
            top = node_hash(self.peaks.pop(), top)
            level, index = level + 1, index // 2
            made.append((level, index, top))
        self.peaks.append(top)
        self.size += 1
        return made

    def root(self) -> bytes:
        """Give the root of the tree so far."""
        if not self.peaks:
            return EMPTY
        top = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            top = node_hash(peak, top)
        return top


def peaks_of(size: int) -> list[tuple[int, int]]:
    """Name the perfect subtrees of a tree as (level, index), the largest first."""
    peaks, start = [], 0
    for level in range(size.bit_length() - 1, -1, -1):
        if size >> level & 1:
            peaks.append((level, start >> level))
            start += 1 << level
    return peaks


def _subtree(read: ReadNode, start: int, end: int) -> bytes:
    """Hash leaves [start, end), start aligned as RFC 6962 splits it, from stored perfect nodes."""
    size = end - start
    if size & (size - 1) == 0:
        level = size.bit_length() - 1
        return read(level, start >> level)
    split = 1 << ((size - 1).bit_length() - 1)
    return node_hash(_subtree(read, start, start + split), _subtree(read, start + split, end))


def root_from(read: ReadNode, size: int) -> bytes:
    """Give the root of the first `size` leaves from stored nodes `read(level, index)`."""
    return EMPTY if size == 0 else _subtree(read, 0, size)


def inclusion(read: ReadNode, index: int, size: int) -> list[bytes]:
    """Prove that leaf `index` is in the tree of `size`: the path, the leaf's sibling first."""
    if not 0 <= index < size:
        raise ValueError(f"leaf {index} is not in a tree of {size}")
    path: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        split = 1 << ((end - start - 1).bit_length() - 1)
        if index < start + split:
            path.append(_subtree(read, start + split, end))
            end = start + split
        else:
            path.append(_subtree(read, start, start + split))
            start += split
    return path[::-1]


def consistency(read: ReadNode, old: int, new: int) -> list[bytes]:
    """Prove that the tree of `old` leaves is the beginning of the tree of `new`."""
    if not 0 <= old <= new:
        raise ValueError(f"a tree of {old} is not before one of {new}")
    if old in (0, new):
        return []
    path: list[bytes] = []
    start, end, whole = 0, new, True
    while start + (old - start) < end:
        split = 1 << ((end - start - 1).bit_length() - 1)
        if old <= start + split:
            path.append(_subtree(read, start + split, end))
            end = start + split
        else:
            path.append(_subtree(read, start, start + split))
            start += split
            whole = False
    if not whole:
        path.append(_subtree(read, start, end))
    return path[::-1]


def included(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Check an inclusion proof (RFC 9162 section 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    fn, sn, top = index, size - 1, leaf
    for step in path:
        if sn == 0:
            return False
        if fn % 2 or fn == sn:
            top = node_hash(step, top)
            while fn % 2 == 0 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            top = node_hash(top, step)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and top == root


def consistent(old: int, old_root: bytes, new: int, new_root: bytes, path: Sequence[bytes]) -> bool:
    """Check a consistency proof (RFC 9162 section 2.1.4.2); size 0 begins every tree."""
    if old == 0:
        return not path and old_root == EMPTY
    if old == new:
        return not path and old_root == new_root
    if not 0 < old < new or not path:
        return False
    steps = list(path)
    if old & (old - 1) == 0:
        steps.insert(0, old_root)
    fn, sn = old - 1, new - 1
    while fn % 2:
        fn, sn = fn >> 1, sn >> 1
    first = second = steps[0]
    for step in steps[1:]:
        if sn == 0:
            return False
        if fn % 2 or fn == sn:
            first, second = node_hash(step, first), node_hash(step, second)
            while fn % 2 == 0 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            second = node_hash(second, step)
        fn, sn = fn >> 1, sn >> 1
    return first == old_root and second == new_root and sn == 0
