"""From a post to a quorum: a board and three witnesses on loopback, each a program of its own."""

import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from random import Random
from statistics import median

from bench.boards import prepared, submit
from bench.figures import Figure, Line
from bench.running import ASKING, answered, folder, free_port, get, program, python
from bench.servers import board as served
from noticeboard.core.checkpoints import open_checkpoint
from noticeboard.core.notes import Key
from noticeboard.signing.ed25519 import verify
from noticeboard.signing.witness import Witness, make
from tests.cast import KEY, VILLAGE, Cast, cast_in, cast_on
from tests.signing.logs import Log, leaves

POSTS = 12
WITNESSES, QUORUM = 3, 2


def run(*, small: bool) -> Sequence[Line]:
    """Post and ask for the head until so many lines stand under it; then ask a witness alone."""
    with folder() as home:
        lines = _posted(home, 2 if small else POSTS)
    with folder() as home:
        lines += [_alone(home, 20 if small else 500)]
    return lines


def _posted(home: Path, posts: int) -> list[Line]:
    cast_in(home / "home").board.database.close()
    keys, ports = [], [free_port() for _ in range(WITNESSES)]
    for n in range(WITNESSES):
        make(home / f"w{n}", f"w{n}.example")
        witness = Witness(home / f"w{n}")
        witness.trust([KEY])
        keys.append(witness.key)
        witness.close()
    listed = zip(range(WITNESSES), keys, ports, strict=True)
    policy = [f"witness w{n} {key.text} http://127.0.0.1:{port}" for n, key, port in listed]
    names = " ".join(f"w{n}" for n in range(WITNESSES))
    policy += [f"group some {QUORUM} {names}", "quorum some", ""]
    (home / "home" / "policy").write_text("\n".join(policy))
    with ExitStack() as running:
        for n, port in enumerate(ports):
            words = ("witness", "--home", str(home / f"w{n}"), "--port", str(port))
            running.enter_context(program(python("noticeboard", *words), ASKING))
        port, _pid = running.enter_context(served(home / "home"))
        answered(port, f"/log/{VILLAGE}/checkpoint")
        database = f"sqlite:///{home / 'home' / 'board.db'}"
        cast = cast_on(database, home=home / "home", clock=lambda: int(time.time()))
        dice = Random(3)
        took = [_until(cast, port, keys, 6 + dice.random()) for _ in range(posts)]
        cast.board.database.close()
    signed, quorum, all_ = (sorted(column) for column in zip(*took, strict=True))
    return [
        Figure(f"post to signed head, median of {posts}", median(signed), "s"),
        Figure(f"post to a quorum of {QUORUM} of {WITNESSES}, median", median(quorum), "s"),
        Figure("the longest of these", quorum[-1], "s"),
        Figure(f"post to all {WITNESSES}, median", median(all_), "s"),
    ]


def _until(cast: Cast, port: int, keys: Sequence[Key], pause: float) -> tuple[float, float, float]:
    """Post; gives the seconds until the head was signed, had a quorum, had everybody."""
    time.sleep(pause)
    index = submit(cast, prepared(cast.anna, "announcement")).index
    begun, came = time.monotonic(), [0.0] * (WITNESSES + 1)
    while not came[WITNESSES]:
        time.sleep(0.02)
        _status, _headers, body = get(port, f"/log/{VILLAGE}/checkpoint")
        found = open_checkpoint(body, [KEY], keys, verify)
        if found.checkpoint.size > index:
            for have in range(len(found.cosigned) + 1):
                came[have] = came[have] or time.monotonic() - begun
    return came[0], came[QUORUM], came[WITNESSES]


def _alone(home: Path, rounds: int) -> Line:
    """Bring one log forward entry by entry; every answer rests on a durable commit."""
    make(home / "w", "w.example")
    witness, log = Witness(home / "w"), Log(leaves(rounds))
    witness.trust([log.key])
    offers = [log.offer(n, n + 1).write() for n in range(rounds)]
    begun = time.perf_counter()
    for offer in offers:
        witness.add(offer)
    took = time.perf_counter() - begun
    witness.close()
    return Figure("a witness alone: checkpoints cosigned, one after another", rounds / took, "/s")
