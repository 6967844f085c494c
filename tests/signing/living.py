"""A signer that signs until it is killed; started by test_kill.py in a process of its own.

Each line on stdin is a round: {"folder", "report", "seed", "seconds"}. A child is forked that signs
as fast as it can, writes each note to the report before it goes on, and between them tries to have
another history signed; after so many seconds it is killed (SIGKILL), and a line on stdout says so.
A round with "log" signs the forged history instead of the honest one, for two that race.
"""

import json
import os
import random
import signal
import sys
import time
from pathlib import Path
from typing import Any

from noticeboard.core.checkpoints import Checkpoint
from noticeboard.core.merkle import Frontier, leaf_hash, root_from
from noticeboard.core.problems import Problem
from noticeboard.signing.signer import Signer
from tests.signing.growing import proof
from tests.signing.logs import ORIGIN, Log, leaves

END = 4000


class Long(Log):
    """A log with its subtrees kept, so that signing is what takes the time."""

    def __init__(self, leaves: list[bytes]) -> None:
        super().__init__(leaves)
        frontier = Frontier()
        self.nodes = {
            (level, index): hash_
            for leaf in leaves
            for level, index, hash_ in frontier.append(leaf_hash(leaf))
        }

    def node(self, level: int, index: int) -> bytes:
        """Give a perfect subtree's hash."""
        return self.nodes[level, index]

    def head(self, size: int | None = None) -> Checkpoint:
        """Give what the log is at a size."""
        size = END if size is None else size
        return Checkpoint(self.origin, size, root_from(self.node, size))


# Every leaf differs, so that no two histories share a root.
TRUE, OTHER = Long(leaves(END)), Long(leaves(END, "forged"))


def live(told: dict[str, Any]) -> None:
    """Sign until killed, or until the log is at its end."""
    signer, dice = Signer(Path(told["folder"])), random.Random(told["seed"])
    log, other = (OTHER, TRUE) if told.get("log") else (TRUE, OTHER)
    with Path(told["report"]).open("ab", buffering=0) as report:
        while True:
            state = signer.state(ORIGIN)
            assert state is not None
            new = min(state.size + dice.choice((0, 1, 1, 2, 7)), END)
            for history, size in ((other, state.size), (log, new)):
                try:
                    path = proof(state.size, size, history)
                    note = signer.sign(ORIGIN, state.size, path, history.head(size))
                except Problem:
                    continue
                report.write(json.dumps(note.decode()).encode() + b"\n")


def main() -> None:
    """Let one child after another live and die."""
    for line in sys.stdin:
        told = json.loads(line)
        child = os.fork()
        if not child:
            live(told)
        time.sleep(told["seconds"])
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        print("killed", flush=True)


if __name__ == "__main__":
    main()
