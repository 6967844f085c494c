"""A board that is written to until it is killed; started by test_kill.py in a process of its own.

Each line on stdin is a round: {"home", "report", "seed", "seconds"}; one with a home alone makes
it. A child is forked that does errands as fast as it can and says in the report what it tries and
what is done; after so many seconds it is killed (SIGKILL), and a line on stdout says so. Forking
keeps a round short: nothing is imported twice.
"""

import json
import os
import random
import signal
import sys
import time
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

from noticeboard.board import attaching, bringing, drafting, taking_down
from noticeboard.board.board import Done
from noticeboard.board.bringing import Brought
from noticeboard.core.drafting import read
from noticeboard.store import drafts, log, notices
from tests.cast import FORMS, VILLAGE, Cast, Picture, cast_in

Say = Callable[..., None]


class Living:
    """Errands of one life, each told before and after."""

    def __init__(self, cast: Cast, dice: random.Random, say: Say) -> None:
        self.cast, self.board, self.dice, self.say = cast, cast.board, dice, say
        with self.board.database.read() as tx:
            cast.clock.now = notices.head_of(tx, VILLAGE).village.last_at + 1
            self.drafts = list(drafts.of_village(tx, VILLAGE))
        self.up: list[tuple[str, str]] = []

    def did(self, *acts: Done) -> None:
        """Say in one line which acts are done, as their leaves have them."""
        entries = []
        with self.board.database.read() as tx:
            for done in acts:
                told = json.loads(log.leaf_at(tx, VILLAGE, done.index) or b"")
                entries.append((done.index, told["act"], told["code"]))
        self.say(done="acts", entries=entries)

    def one(self) -> None:
        """Do one errand."""
        self.cast.clock.on()
        self.dice.choice(
            [self.draft, self.save, self.bring, self.picture, self.whole, self.whole, self.down]
        )()

    def draft(self) -> None:
        """Begin a draft."""
        self.say(tries="draft")
        made = self.cast.draft(self.dice.choice(list(FORMS)))
        self.say(done="draft", code=made.code, version=made.version)
        self.drafts.append(made)

    def save(self) -> None:
        """Save a draft again, or throw it away."""
        if not self.drafts:
            return
        draft = self.drafts.pop(self.dice.randrange(len(self.drafts)))
        if self.dice.random() < 0.2 and not draft.files:
            self.say(tries="discard", code=draft.code, version=draft.version)
            drafting.discard(self.board, VILLAGE, draft.code)
            self.say(done="discard", code=draft.code)
            return
        self.say(tries="save", code=draft.code, version=draft.version)
        typed = {**draft.typed, "explanation": "说" * self.dice.randrange(2000)}
        saved = drafting.save(self.board, VILLAGE, draft.code, self.cast.anna, typed, draft.version)
        self.say(done="draft", code=saved.code, version=saved.version)
        self.drafts.append(saved)

    def bring(self) -> None:
        """Import three contents from one workbook."""
        source = self.dice.randbytes(32).hex()
        contents = [read("spending", FORMS["spending"], source=source)]
        contents += [read(kind, FORMS[kind], source=source) for kind in ("subsidy", "project")]
        self.say(tries="import", source=source)
        made = bringing.bring(
            self.board, VILLAGE, [Brought(content=c) for c in contents], self.cast.anna
        )
        self.say(done="import", source=source, codes=[draft.code for draft in made])
        self.drafts.extend(made)

    def picture(self) -> None:
        """Attach a photograph of several chunks."""
        if not self.drafts:
            return
        draft = self.drafts.pop(self.dice.randrange(len(self.drafts)))
        data = self.dice.randbytes(self.dice.choice([100, 300_000, 700_000]))
        self.say(tries="save", code=draft.code, version=draft.version)
        saved = attaching.attach(
            self.board, VILLAGE, draft.code, self.cast.anna, [Picture(data)], "水池"
        )
        added = saved.files[-1]
        self.say(done="draft", code=saved.code, version=saved.version)
        self.say(done="file", c=added.c, sha=sha256(data).hexdigest())
        self.drafts.append(saved)

    def whole(self) -> None:
        """Bring a notice up: submit, approve, tick."""
        name = f"甲{self.dice.randrange(10**9)}乙"
        rows = [dict(row) for row in FORMS["spending"]["rows"]]
        rows[1]["payee"] = name
        self.say(tries="draft")
        draft = self.cast.draft("spending", rows=rows)
        self.say(done="draft", code=draft.code, version=0)
        self.say(tries="submit", code=draft.code, version=0)
        sent = drafting.submit(self.board, VILLAGE, draft.code, self.cast.anna, seen=0)
        self.did(sent)
        self.say(tries="approve", code=draft.code)
        self.did(self.cast.approve(sent))
        self.say(tries="publish", code=draft.code)
        self.did(*self.board.tick())
        self.up.append((draft.code, name))

    def down(self) -> None:
        """Withdraw or redact a notice that is up."""
        if not self.up:
            return
        code, name = self.up.pop(self.dice.randrange(len(self.up)))
        if self.dice.random() < 0.5:
            self.say(tries="withdraw", code=code)
            self.did(
                taking_down.withdraw(
                    self.board, VILLAGE, code, self.cast.anna, ground="wrong-facts"
                )
            )
            return
        self.say(tries="redact", code=code, name=name)
        done = taking_down.redact(
            self.board,
            VILLAGE,
            code,
            self.cast.anna,
            ground="personal-data",
            parts=("names",),
            rows=(2,),
        )
        self.did(done)
        self.say(done="gone", name=name)


def live(home: Path, report: Path, seed: int) -> None:
    """Do errands until killed."""
    out = os.open(report, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def say(**told: Any) -> None:
        # One write: it is in the file whole or not at all, also when the writer is killed.
        os.write(out, json.dumps(told).encode() + b"\n")

    living = Living(cast_in(home), random.Random(seed), say)
    while True:
        living.one()


def main() -> None:
    """Make a home or, where a report is asked for, fork a child that lives in it and kill it."""
    for line in sys.stdin:
        told = json.loads(line)
        home, answer = Path(told["home"]), "made"
        if "report" in told:
            answer = _killed(home, Path(told["report"]), told["seed"], told["seconds"])
        else:
            cast_in(home).board.database.close()
        sys.stdout.write(answer + "\n")
        sys.stdout.flush()


def _killed(home: Path, report: Path, seed: int, seconds: float) -> str:
    child = os.fork()
    if child == 0:
        try:
            live(home, report, seed)
        finally:
            os._exit(7)
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    _pid, status = os.waitpid(child, 0)
    return f"killed by {os.WTERMSIG(status)}" if os.WIFSIGNALED(status) else "ended by itself"


if __name__ == "__main__":
    main()
