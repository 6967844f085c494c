"""The open log as it is served: every tile as computed from the bytes, and nothing beyond."""

from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest
from msgspec.structs import replace
from sqlalchemy import text

from noticeboard.board import checkpoints, openlog
from noticeboard.core.checkpoints import open_checkpoint
from noticeboard.core.merkle import consistent, leaf_hash
from noticeboard.core.notes import COSIGNATURE, ED25519, Key, read_note, signature
from noticeboard.core.problems import NotFound
from noticeboard.core.proofs import check, read_proof
from noticeboard.core.tiles import WIDTH, Tile, bundles, hash_tiles, pack
from noticeboard.signing.ed25519 import Private, verify
from noticeboard.store import checkpoints as rows
from noticeboard.store import notices
from noticeboard.store.checkpoints import Cosigned
from noticeboard.store.database import Database
from tests.cast import VILLAGE
from tests.logs import Written, behind_its_back, mth

BORDERS = (255, 256, 257, 65_535, 65_536, 65_537)


def written_on(url: str, folder: Path) -> Written:
    """Give a village with a log."""
    database = Database(url)
    database.upgrade()
    return Written(database, folder)


@pytest.fixture
def written(database_url: str, tmp_path: Path) -> Iterator[Written]:
    """Give a village with a log, on each kind of database."""
    written = written_on(database_url, tmp_path / "signer")
    yield written
    written.board.database.close()


@pytest.fixture
def on_sqlite(tmp_path: Path) -> Iterator[Written]:
    """Give one on SQLite alone, for long logs."""
    written = written_on(f"sqlite:///{tmp_path / 'board.db'}", tmp_path / "signer")
    yield written
    written.board.database.close()


def expected(leaves: list[bytes], tile: Tile) -> bytes:
    """Compute a tile from nothing but the bytes of the entries, as the definition says it."""
    start = tile.number * WIDTH
    if tile.level is None:
        return pack(leaves[start : start + tile.width])
    span = WIDTH**tile.level
    return b"".join(
        mth(leaves[at * span : (at + 1) * span]) for at in range(start, start + tile.width)
    )


def fetched(written: Written, tile: Tile) -> bytes | None:
    """Ask for a tile as anybody does."""
    with written.board.database.read() as tx:
        return openlog.tile(tx, VILLAGE, tile)


def test_every_small_log_is_served_as_its_bytes_say(
    written: Written, counts: Callable[[int], int]
) -> None:
    """All tiles and bundles of every size 1 to 130, of every width up to it, and none wider."""
    most = 130
    sizes = range(1, most + 1, max(1, most // counts(most)))
    for size in sizes:
        written.grow(size - len(written.leaves))
        written.sign()
        for width in range(1, size + 1):
            for level in (None, 0):
                tile = Tile(level, 0, width)
                assert expected(written.leaves, tile) == fetched(written, tile), tile.path
        # There is more in the log, but nobody has signed it.
        written.grow(1)
        for beyond in (Tile(0, 0, size + 1), Tile(None, 0, size + 1), Tile(1, 0, 1), Tile(0, 1, 1)):
            assert fetched(written, beyond) is None, beyond.path


def test_the_borders_of_tiles_are_exact(on_sqlite: Written) -> None:
    """At 255, 256, 257 and at 65,535, 65,536, 65,537 entries: each named tile is there and right.

    Of the long logs every tile of the higher levels is computed again, of the lowest some.
    """
    written, dice = on_sqlite, Random(7)
    for size in BORDERS:
        written.grow(size - len(written.leaves))
        written.sign()
        tiles = [*hash_tiles(size), *bundles(size)]
        low = [tile for tile in tiles if tile.level in (None, 0)]
        chosen = {*low[:2], *low[-2:], *dice.sample(low, min(8, len(low)))}
        chosen |= {tile for tile in tiles if tile.level}
        for tile in sorted(chosen, key=lambda tile: tile.path):
            assert expected(written.leaves, tile) == fetched(written, tile), tile.path
        for level in (None, 0, 1, 2, 3, 63):
            full, rest = divmod(size // WIDTH ** (level or 0), WIDTH)
            for beyond in (Tile(level, full, rest + 1), Tile(level, full + 1, 1)):
                assert fetched(written, beyond) is None, beyond.path


def test_any_published_size_proves_to_be_the_beginning_of_any_later(written: Written) -> None:
    """Every pair of sizes up to 40 has its proof; none where the log does not go yet, or back."""
    written.grow(40)
    written.sign()
    written.grow(5)
    roots = [mth(written.leaves[:size]) for size in range(46)]
    with written.board.database.read() as tx:
        for new in range(46):
            for old in range(46):
                path = openlog.consistency(tx, VILLAGE, old, new)
                if not old <= new <= 40:
                    assert path is None
                else:
                    assert path is not None
                    assert consistent(old, roots[old], new, roots[new], path)


def test_every_entry_under_the_head_has_a_proof(written: Written) -> None:
    """The file checks against the log's key alone; an entry nobody has signed has none yet."""
    written.grow(30)
    with pytest.raises(NotFound), written.board.database.read() as tx:
        openlog.proof_file(tx, VILLAGE, 0)
    written.sign()
    written.grow(2)
    with written.board.database.read() as tx:
        for index in range(30):
            data = openlog.proof_file(tx, VILLAGE, index)
            opened = check(read_proof(data), written.leaves[index], [written.key], (), verify)
            assert written.served() == opened.checkpoint
        for index in (-1, 30, 31, 1000):
            with pytest.raises(NotFound):
                openlog.proof_file(tx, VILLAGE, index)


def test_a_damaged_tile_is_not_served_narrower(written: Written) -> None:
    """Where a row is missing there is no tile at all: a wrong width would be a lie."""
    written.grow(20)
    written.sign()
    with written.board.database.write() as tx:
        behind_its_back(tx)
        tx.execute(text("delete from node where level = 0 and idx = 7"))
        tx.execute(text("delete from entry where idx = 7"))
    for level in (None, 0):
        assert fetched(written, Tile(level, 0, 20)) is None
        assert fetched(written, Tile(level, 0, 7)) is not None


class Witness:
    """A witness's key by which a test cosigns whatever it likes."""

    def __init__(self, name: str) -> None:
        self.private = Private(leaf_hash(name.encode()))
        self.key = Key(f"{name}.example/w", COSIGNATURE, self.private.public)

    def line(self, text: bytes, at: int) -> str:
        """Give the line below a checkpoint."""
        return signature(self.key, self.private.sign, text, at).line


ANNA, BEN, CLEO = Witness("anna"), Witness("ben"), Witness("cleo")
POLICY = f"""
witness a {ANNA.key.text}
witness b {BEN.key.text}
witness c {CLEO.key.text}
group two 2 a b c
quorum two
"""


def cosign(written: Written, at: int, *witnesses: Witness) -> None:
    """Let witnesses cosign the head that is served."""
    head = written.served()
    with written.board.database.write() as tx:
        for one in witnesses:
            line = one.line(head.text, at)
            rows.cosign(tx, VILLAGE, Cosigned(head.size, one.key.name, line, at))


def standing(written: Written) -> checkpoints.Standing:
    """Ask how the log stands with its witnesses now."""
    with written.board.database.read() as tx:
        found = checkpoints.witnessed(tx, VILLAGE, checkpoints.policy_of(tx), written.clock())
    assert found is not None
    return found


def said(one: checkpoints.Standing) -> tuple[int, int, int, bool, int | None]:
    """Give size, k, n, quorum met, age."""
    return one.signed.size, one.agreed, one.of, one.met, one.age


def test_the_standing_says_who_has_checked_and_how_long_ago(written: Written) -> None:
    """The largest head with a quorum counts, by the slower one of its two freshest witnesses."""
    checkpoints.set_policy(written.board, POLICY)
    with written.board.database.read() as tx:
        policy = checkpoints.policy_of(tx)
        assert checkpoints.witnessed(tx, VILLAGE, policy, written.clock()) is None
    written.grow(3)
    written.sign()
    assert (3, 0, 3, False, None) == said(standing(written))
    now = written.clock()
    cosign(written, now - 50, ANNA)
    assert (3, 1, 3, False, 50) == said(standing(written))
    cosign(written, now - 90, BEN)
    assert (3, 2, 3, True, 90) == said(standing(written))
    cosign(written, now - 10, CLEO)
    assert (3, 3, 3, True, 50) == said(standing(written))
    written.grow(2)
    written.sign()
    assert (3, 3, 3, True, 50 + checkpoints.EVERY) == said(standing(written))
    cosign(written, written.clock(), CLEO)
    assert (3, 3, 3, True, 50 + checkpoints.EVERY) == said(standing(written))
    cosign(written, written.clock() + 3, BEN)
    assert (5, 2, 3, True, 0) == said(standing(written))


def test_a_witness_that_left_the_policy_does_not_count(written: Written) -> None:
    """Nor one whose key is another now, whatever its name."""
    checkpoints.set_policy(written.board, POLICY)
    written.grow(3)
    written.sign()
    cosign(written, written.clock(), ANNA, BEN)
    assert standing(written).met
    other = Key(BEN.key.name, COSIGNATURE, CLEO.key.public)
    checkpoints.set_policy(written.board, POLICY.replace(BEN.key.text, other.text))
    assert (3, 1, 3, False, 0) == said(standing(written))


def test_a_board_without_a_policy_says_that_nobody_checks(written: Written) -> None:
    """None of none; and no quorum is missing, since none was asked for."""
    written.grow(3)
    written.sign()
    assert (3, 0, 0, True, None) == said(standing(written))


def test_what_is_served_carries_the_witnesses_lines(written: Written) -> None:
    """The log's signature first, then each witness's line, in a proof a quorum's; each checks."""
    checkpoints.set_policy(written.board, POLICY)
    written.grow(30)
    written.sign()
    cosign(written, 1_800_000_000, ANNA, BEN, CLEO)
    with written.board.database.read() as tx:
        head, data = checkpoints.served(tx, VILLAGE), openlog.proof_file(tx, VILLAGE, 7)
        policy = checkpoints.policy_of(tx)
    assert head is not None
    whole = open_checkpoint(head, [written.key], policy.keys, verify)
    assert {one.key for one in (ANNA, BEN, CLEO)} == {one.key for one in whole.cosigned}
    opened = check(read_proof(data), written.leaves[7], [written.key], policy.keys, verify)
    assert 1 == len(opened.log)
    assert policy.met([one.key for one in opened.cosigned])
    assert {1_800_000_000} == {one.at for one in opened.cosigned}


def test_a_proof_rests_on_the_head_that_a_quorum_cosigned(written: Written) -> None:
    """If that covers the entry; what came later is proved by the newest head."""
    checkpoints.set_policy(written.board, POLICY)
    written.grow(5)
    written.sign()
    cosign(written, written.clock(), ANNA, BEN)
    written.grow(5)
    written.sign()
    with written.board.database.read() as tx:
        sizes = [openlog.proof(tx, VILLAGE, index).note.text.split(b"\n")[1] for index in (4, 5)]
    assert [b"5", b"10"] == sizes


def test_old_checkpoints_go_but_never_the_last_with_a_quorum(written: Written) -> None:
    """However long no quorum comes, the word that was given stays; the newest stay too."""
    checkpoints.set_policy(written.board, POLICY)
    for size in range(1, checkpoints.KEPT + 20):
        written.grow()
        written.sign()
        if size in (2, 9):
            cosign(written, written.clock(), ANNA, BEN)
        if size == 12:
            cosign(written, written.clock(), CLEO)
    checkpoints.prune(written.board)
    checkpoints.prune(written.board)
    with written.board.database.read() as tx:
        kept = [one.size for one in rows.newest(tx, VILLAGE, 1000)]
        lines = tx.execute(text("select size, name from cosignature order by 1, 2")).all()
    assert [*range(checkpoints.KEPT + 19, 19, -1), 9] == kept
    assert [(9, ANNA.key.name), (9, BEN.key.name)] == [tuple(line) for line in lines]
    assert 9 == standing(written).signed.size


DAN = Witness("dan")
NEWER = Private(leaf_hash(b"a newer key of the log"))


# So many bytes more a line takes that a quorum of four needs; it cannot stay below.
FOURTH = 124


@pytest.mark.parametrize(
    ("quorum", "exchanged"), [(2, False), (3, False), (2, True), (3, True), (4, False), (4, True)]
)
def test_a_proof_is_small_at_a_million_entries(
    on_sqlite: Written, counts: Callable[[int], int], quorum: int, exchanged: bool
) -> None:
    """A `.tlog-proof` stays under 1.6 kB wherever the entry stands, though four have cosigned.

    Also while keys are exchanged: either key alone checks it, and where there is no room for both
    lines the newer one. Where the quorum needs all four it is larger by the fourth line.
    """
    most, told = openlog.SMALL + FOURTH * (quorum == 4), exchanged and quorum == 2
    four = (ANNA, BEN, CLEO, DAN)
    lines = "".join(f"witness {one.key.name[0]} {one.key.text}\n" for one in four)
    policy = f"{lines}group q {quorum} a b c d\nquorum q\n"
    checkpoints.set_policy(on_sqlite.board, policy)
    on_sqlite.grow(counts(1_000_000))
    on_sqlite.sign()
    newer = Key(on_sqlite.origin, ED25519, NEWER.public)
    if exchanged:
        also_signed(on_sqlite, newer)
        named(on_sqlite, newer)
    for at, one in enumerate(four):
        cosign(on_sqlite, 1_800_000_000 + at, one)
    size = len(on_sqlite.leaves)
    dice = Random(3)
    with on_sqlite.board.database.read() as tx:
        trusted = checkpoints.policy_of(tx)
        for index in (0, 1, size // 2, size - 1, *(dice.randrange(size) for _ in range(20))):
            data = openlog.proof_file(tx, VILLAGE, index)
            # Of fewer entries than a million the path is shorter: each step is a line of 45 bytes.
            path = read_proof(data).path
            assert len(data) + 45 * max(0, 20 - len(path)) < most
            assert quorum + 1 + told == len(read_proof(data).note.signatures)
            newest = newer if exchanged else on_sqlite.key
            for key in (on_sqlite.key, newest) if told else (newest,):
                found = check(
                    read_proof(data), on_sqlite.leaves[index], [key], trusted.keys, verify
                )
                assert [one.key for one in four[-quorum:]] == [one.key for one in found.cosigned]
                assert trusted.met([one.key for one in found.cosigned])
            assert len(openlog.proof(tx, VILLAGE, index).note.signatures) == 5 + exchanged


def named(written: Written, key: Key) -> None:
    """Let the log name a second key from now on."""
    with written.board.database.write() as tx:
        head = notices.lock(tx, VILLAGE).village
        notices.advance(tx, replace(head, keys=(*head.keys, key.text)), visible=False)


def also_signed(written: Written, key: Key) -> None:
    """Let a second key of the log sign its newest head too."""
    with written.board.database.write() as tx:
        last = rows.latest(tx, VILLAGE)
        assert last is not None
        line = signature(key, NEWER.sign, read_note(last.note).text).line
        rows.put(tx, VILLAGE, replace(last, note=last.note + line.encode()))


def test_a_proof_leaves_out_only_what_the_quorum_does_not_need(written: Written) -> None:
    """Whoever must be in it is, however long ago; below a quorum every word is told."""
    lines = "".join(f"witness {one.key.name[0]} {one.key.text}\n" for one in (ANNA, BEN, CLEO))
    checkpoints.set_policy(
        written.board, f"{lines}group any any b c\ngroup q all a any\nquorum q\n"
    )
    written.grow(9)
    written.sign()

    def told() -> list[str]:
        with written.board.database.read() as tx:
            note = read_proof(openlog.proof_file(tx, VILLAGE, 3)).note
        return [one.name.partition(".")[0] for one in note.signatures[1:]]

    assert [] == told()
    cosign(written, 300, BEN)
    cosign(written, 400, CLEO)
    assert ["ben", "cleo"] == told()
    cosign(written, 100, ANNA)
    assert ["anna", "cleo"] == told()
