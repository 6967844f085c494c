"""The signed log: appending to a long one, signing many, from a post to its head, proofs."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from statistics import median

import msgspec
from msgspec.structs import replace
from sqlalchemy import update

from bench.boards import prepared, submit
from bench.figures import Figure, Line, at_most
from bench.running import answered, folder, get
from bench.servers import board as served
from noticeboard.board import checkpoints, openlog
from noticeboard.core.merkle import included, leaf_hash
from noticeboard.core.proofs import check, read_proof
from noticeboard.signing.ed25519 import verify
from noticeboard.store import notices
from noticeboard.store.database import Database
from noticeboard.store.tables import head
from tests.cast import KEY, VILLAGE, Cast, cast_in, cast_on, signer_in
from tests.logs import Written, append

LONG, SHORT, ROUNDS = 1_000_000, 1_000, 400
CEILING = 1.5
VILLAGES = 500
POSTS = 12


def run(*, small: bool) -> Sequence[Line]:
    """Fill the tables of a long log directly; everything measured goes the ordinary way."""
    long, short, rounds = (10_000, 1_000, 20) if small else (LONG, SHORT, ROUNDS)
    with folder() as home:
        near, far = filled(home / "short", short), filled(home / "long", long)
        lines = [_appending(near, far, short, long, rounds), *_proofs(home / "long", far, rounds)]
        near.board.database.close()
        far.board.database.close()
    with folder() as home:
        lines += _many(home, 20 if small else VILLAGES)
    with folder() as home:
        lines += _posted(home / "home", 2 if small else POSTS)
    return lines


def filled(home: Path, size: int) -> Cast:
    """Give the cast on a board whose log has `size` entries, most of them saying nothing."""
    cast = cast_in(home)
    with cast.board.database.write() as tx:
        village = notices.lock(tx, VILLAGE).village
        known = [leaf for _index, leaf in _leaves(cast, village.size)]
        more = [b'{"bench":%d,"filler":"%0180d"}' % (n, n) for n in range(village.size, size)]
        append(tx, VILLAGE, known, more)
        state = msgspec.json.encode(replace(village, size=size))
        tx.execute(update(head).where(head.c.village == VILLAGE).values(state=state))
    cast.board.database.scrub()
    return cast


def _leaves(cast: Cast, size: int) -> list[tuple[int, bytes]]:
    from noticeboard.store import log

    with cast.board.database.read() as tx:
        return list(log.leaves(tx, VILLAGE))[:size]


def _appending(near: Cast, far: Cast, short: int, long: int, rounds: int) -> Line:
    """Take turns, so that both meet the same disk and the same neighbours."""
    took: dict[int, list[float]] = {short: [], long: []}
    for _ in range(rounds):
        for size, cast in ((short, near), (long, far)):
            cast.clock.on()
            ready = prepared(cast.anna, "announcement")
            begun = time.perf_counter()
            submit(cast, ready)
            took[size].append(time.perf_counter() - begun)
    here, there = median(took[short]), median(took[long])
    what = f"an act on a log of {long:,} entries"
    return at_most(what, there * 1e3, "ms", there / here, f"on one of {short:,}", CEILING)


def _proofs(home: Path, cast: Cast, rounds: int) -> list[Line]:
    """Make and check the proof files of entries anywhere in the long log."""
    signer, dice = signer_in(home / "signer"), Random(1)
    first = _seconds(lambda: checkpoints.sign_due(cast.board, signer))
    size, count = cast.entries(), rounds * 5
    with cast.board.database.read() as tx:
        which = [dice.randrange(size) for _ in range(count)]
        begun = time.perf_counter()
        files = [openlog.proof_file(tx, VILLAGE, index) for index in which]
        made = time.perf_counter() - begun
    leaves = dict(_leaves(cast, size))
    begun = time.perf_counter()
    proofs = [read_proof(data) for data in files]
    for proof in proofs:
        opened = check(proof, leaves[proof.index], [KEY], (), verify)
    checked = time.perf_counter() - begun
    root = opened.checkpoint.root
    begun = time.perf_counter()
    assert all(
        included(leaf_hash(leaves[one.index]), one.index, size, one.path, root) for one in proofs
    )
    walked = time.perf_counter() - begun
    return [
        Figure(f"first signing of {size:,} entries, recomputed from their bytes", first, "s"),
        Figure("proof files made, at its end", count / made, "/s"),
        Figure("proof files checked, with the log's signature", count / checked, "/s"),
        Figure("their paths alone", count / walked, "/s"),
        Figure("the largest of them, without cosignatures", max(map(len, files)), "bytes"),
    ]


def _many(home: Path, count: int) -> list[Line]:
    """Sign as many villages as a county has: all at once, one of them, none of them."""
    database = Database(f"sqlite:///{home / 'board.db'}")
    database.upgrade()
    villages = [Written(database, home / "signer", f"43{n:07}") for n in range(count)]
    for one in villages:
        one.grow(3)
    board, signer = villages[0].board, villages[0].signer

    def sign() -> int:
        villages[0].clock.on(checkpoints.EVERY)
        return len(checkpoints.sign_due(board, signer))

    assert count == sign()
    for one in villages:
        one.grow(2)
    all_ = _seconds(sign)
    one_each = []
    for one in villages[:20]:
        one.grow(2)
        one_each.append(_seconds(sign))
    idle = median(_seconds(sign) for _ in range(50))
    database.close()
    return [
        Figure(f"a second in which all of {count} villages grew", all_ * 1e3, "ms"),
        Figure("a second in which one of them grew", median(one_each) * 1e3, "ms"),
        Figure("a second in which none grew", idle * 1e3, "ms"),
    ]


def _posted(home: Path, posts: int) -> list[Line]:
    """Post into a home that is being served, and ask for its head until the post is in it."""
    cast_in(home).board.database.close()
    with served(home) as (port, _pid):
        answered(port, f"/log/{VILLAGE}/checkpoint")
        cast = cast_on(f"sqlite:///{home / 'board.db'}", home=home, clock=lambda: int(time.time()))
        dice = Random(2)
        quiet = [_until_signed(cast, port, pause=6 + dice.random()) for _ in range(posts)]
        busy = [_until_signed(cast, port, pause=dice.random()) for _ in range(posts)]
        cast.board.database.close()
    return [
        Figure(f"post to served head, median of {posts}, on a quiet log", median(quiet), "s"),
        Figure("the longest of these", max(quiet), "s"),
        Figure("post to served head, one post after another (batches)", median(busy), "s"),
    ]


def _until_signed(cast: Cast, port: int, pause: float) -> float:
    time.sleep(pause)
    index = submit(cast, prepared(cast.anna, "announcement")).index
    begun = time.monotonic()
    while _head(port) <= index:
        time.sleep(0.02)
    return time.monotonic() - begun


def _head(port: int) -> int:
    status, _headers, body = get(port, f"/log/{VILLAGE}/checkpoint")
    assert status == 200
    return int(body.split(b"\n")[1])


def _seconds(do: Callable[[], object]) -> float:
    begun = time.perf_counter()
    do()
    return time.perf_counter() - begun
