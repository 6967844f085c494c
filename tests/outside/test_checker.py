"""A checker of another make: Go's own library reads our logs, tiles, notes and proofs.

It was written by people who never saw this program; where it says ok, the formats are what we say.
"""

import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from shutil import copyfile, copytree

import pytest

from noticeboard.core.checkpoints import Checkpoint
from noticeboard.core.merkle import Frontier, consistency, inclusion, leaf_hash
from noticeboard.core.notes import ED25519, Key, read_note, signature
from noticeboard.core.proofs import Proof, write_path
from noticeboard.core.tiles import WIDTH
from noticeboard.exporting.log import export
from noticeboard.signing.ed25519 import Private
from tests.cast import KEY, VILLAGE, cast_in
from tests.outside.files import plain, write
from tests.outside.serving import Village
from tests.show.standings import Standings

BORDERS = (1, 2, 3, 255, 256, 257, 700, WIDTH * WIDTH, WIDTH * WIDTH + WIDTH + 44)
VECTORS = Path(__file__).parents[1] / "core" / "log" / "vectors"


def said(checker: Path, folder: Path, key: str = KEY.text) -> str:
    """Run the checker; gives its line, which begins with `ok` or `wrong`."""
    command = [str(checker), str(folder), key]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == (0 if done.stdout.startswith("ok ") else 1), done.stderr
    return done.stdout.strip()


class Nodes(dict[tuple[int, int], bytes]):
    """Every perfect subtree over some entries, as a board stores them."""

    def __init__(self, leaves: Sequence[bytes]) -> None:
        super().__init__()
        self.tree = Frontier()
        for leaf in leaves:
            for level, index, made in self.tree.append(leaf_hash(leaf)):
                self[level, index] = made

    def at(self, level: int, index: int) -> bytes:
        """Give one of them."""
        return self[level, index]


def with_proofs(folder: Path, leaves: Sequence[bytes], indexes: Sequence[int]) -> Checkpoint:
    """Write a log with proofs beside it: inclusion of some entries, consistency of some sizes."""
    head, nodes = write(folder, leaves), Nodes(leaves)
    note = read_note((folder / "checkpoint").read_bytes())
    for name in ("inclusion", "consistency"):
        (folder / name).mkdir()
    for index in indexes:
        path = tuple(inclusion(nodes.at, index, head.size))
        (folder / "inclusion" / str(index)).write_text(write_path(path))
        (folder / f"{index}.tlog-proof").write_bytes(Proof(index, path, note, b"aside").write())
        old = folder / "consistency" / str(index + 1)
        old.mkdir()
        path = tuple(consistency(nodes.at, index + 1, head.size))
        (old / str(head.size)).write_text(write_path(path))
    return head


@pytest.mark.parametrize("size", BORDERS)
def test_go_finds_our_logs_and_proofs_sound(
    go_checker: Path, tmp_path: Path, rng: Random, size: int
) -> None:
    """Root, every tile, and proofs of inclusion and consistency, across the borders of tiles."""
    some = {0, size - 1, *(rng.randrange(size) for _ in range(10))}
    some |= {at for at in (254, 255, 256, 65_535, 65_536) if at < size}
    head = with_proofs(tmp_path, plain(size), sorted(some))
    assert f"ok {size} {head.root.hex()} {3 * len(some)}" == said(go_checker, tmp_path)


def test_go_checks_every_proof_of_small_logs(
    go_checker: Path, tmp_path: Path, counts: Callable[[int], int]
) -> None:
    """Every index and every older size of every small log."""
    for size in range(1, counts(130) + 1):
        folder = tmp_path / str(size)
        with_proofs(folder, plain(size), range(size))
        assert said(go_checker, folder).endswith(f" {3 * size}")


def test_go_reads_a_lived_in_board(go_checker: Path, tmp_path: Path) -> None:
    """What `log export` writes of a board with everything in it is a log to Go."""
    cast = cast_in(tmp_path / "home")
    Standings(cast)
    village = Village(cast, tmp_path / "home" / "signer")
    village.sign()
    done = export(village.board, VILLAGE, tmp_path / "export")
    cast.board.database.close()
    assert f"ok {done.size} {done.root.hex()} 0" == said(go_checker, tmp_path / "export")


def test_go_reads_the_published_vectors(go_checker: Path, tmp_path: Path) -> None:
    """The log and the proof that others published are read by the same checker."""
    copytree(VECTORS / "log5", tmp_path / "log")
    copyfile(VECTORS / "leaf3.tlog-proof", tmp_path / "log" / "leaf3.tlog-proof")
    key = "board.example/village/1+1ebab2d2+AULVNmMGX8NTLto2VKmSdGLX8TvXT4+UYWJS/4DTUtdu"
    line = said(go_checker, tmp_path / "log", key)
    assert (True, True) == (line.startswith("ok 5 87d50c5ea4b4e9c66a"), line.endswith(" 1"))


def test_go_passes_over_strangers_signatures(go_checker: Path, tmp_path: Path) -> None:
    """A greased head is opened by its own line; another key opens nothing."""
    write(tmp_path, plain(5))
    place = tmp_path / "checkpoint"
    stranger = Key("grease.example/x", ED25519, Private(b"g" * 32).public)
    text = read_note(place.read_bytes()).text
    line = signature(stranger, Private(b"g" * 32).sign, text).line
    place.write_bytes(place.read_bytes() + line.encode())
    assert said(go_checker, tmp_path).startswith("ok 5 ")
    assert said(go_checker, tmp_path, stranger.text).startswith("wrong: checkpoint: ")


@pytest.mark.parametrize(
    "path",
    [
        *("checkpoint", "tile/0/000", "tile/0/001.p/44", "tile/1/000.p/1"),
        *("tile/entries/001.p/44", "inclusion/7", "consistency/8/300", "7.tlog-proof"),
    ],
)
def test_the_checker_can_fail(go_checker: Path, tmp_path: Path, rng: Random, path: str) -> None:
    """One changed byte in any of its files, and it does not say ok."""
    with_proofs(tmp_path, plain(300), [7])
    place = tmp_path / path
    data = bytearray(place.read_bytes())
    at = rng.randrange(len(data) - 1)
    data[at] = ord("A") if data[at] != ord("A") else ord("B")
    place.write_bytes(bytes(data))
    assert said(go_checker, tmp_path).startswith("wrong: ")
