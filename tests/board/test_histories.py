"""Random lives of a whole board: whatever people try, both audits pass."""

import random
from collections.abc import Callable

import pytest

from noticeboard.auditing import verify
from noticeboard.board import attaching, bringing, drafting, founding, reviewing, taking_down
from noticeboard.board.bringing import Brought
from noticeboard.core.days import DAY
from noticeboard.core.drafting import read
from noticeboard.core.problems import Problem
from noticeboard.store import drafts, notices
from tests.cast import FORMS, PROFILE, VILLAGE, Cast, Picture, cast_on
from tests.postgres import Postgres

# So many of the twenty errands succeed, and so many are refused, even in a handful of lives.
ENOUGH = 10
PARTS = ("text", "figures", "names", "reason", "source")


class Life:
    """A board on which random people try random errands, rightly or slightly wrong."""

    def __init__(self, cast: Cast, dice: random.Random) -> None:
        self.cast, self.board, self.dice = cast, cast.board, dice
        self.tried = dict[str, list[int]]()
        cast.assess("耕地地力保护补贴")
        self.people = [cast.anna, cast.ben, cast.cleo, cast.mei, cast.admin, 12345]
        self.errands: list[Callable[[], object]] = [
            *(self._draft, self._save, self._submit, self._submit, self._approve, self._approve),
            *(self._tick, self._send_back, self._reopen, self._withdraw, self._redact, self._erase),
            *(self._extend, self._confirm, self._post, self._attach, self._detach, self._discard),
            *(self._appoint, self._tell, self._submit, self._approve, self._tick, self._imported),
        ]

    def _code(self) -> str:
        with self.board.database.read() as tx:
            rows = notices.rows(tx, VILLAGE)
        up = [row.code for row in rows if row.columns["state"] == "published"]
        known = up if up and self.dice.random() < 0.5 else [row.code for row in rows]
        return self.dice.choice([*known, *known, "ZZZZZZZZ"])

    def _open(self) -> drafts.Draft:
        with self.board.database.read() as tx:
            known = drafts.of_village(tx, VILLAGE)
        return self.dice.choice(known) if known else self.cast.draft()

    def _who(self) -> int:
        return self.dice.choice(self.people)

    def _off(self) -> int:
        return self.dice.choice([0, 0, 0, 0, 0, 1, -1])

    def one(self) -> None:
        """Try one errand; a refusal leaves the log as it was."""
        self.cast.clock.on(self.dice.choice([0, 0, 1, 60, 3600, DAY, -1, -10]))
        errand = self.dice.choice(self.errands)
        done = self.tried.setdefault(errand.__name__, [0, 0])
        before = self.cast.entries()
        try:
            errand()
            done[0] += 1
        except Problem:
            done[1] += 1
            assert before == self.cast.entries()

    def _draft(self) -> None:
        kind = self.dice.choice(list(FORMS))
        closing = {"closing": "1"} if self.dice.random() < 0.1 else {}
        self.cast.draft(kind, self._who(), **closing)

    def _imported(self) -> None:
        contents = [
            read(kind, FORMS[kind], source=self.dice.randbytes(32).hex())
            for kind in self.dice.sample(list(FORMS), 2)
        ]
        bringing.bring(self.board, VILLAGE, [Brought(content=c) for c in contents], self._who())

    def _save(self) -> None:
        draft, who = self._open(), self._who()
        typed = {**draft.typed, "title": f"标题{self.dice.randrange(1000)}", "reason": "更正"}
        rows = [dict(row) for row in typed.get("rows", ())]
        for row in rows:
            if "payee" in row and self.dice.random() < 0.5:
                row["payee"] = self.dice.choice(["王建军", "", "张三"])
        seen = draft.version + self._off()
        drafting.save(self.board, VILLAGE, draft.code, who, {**typed, "rows": rows}, seen)

    def _submit(self) -> None:
        draft = self._open()
        drafting.submit(
            self.board,
            VILLAGE,
            draft.code,
            self.dice.choice([*draft.writers, self._who()]),
            seen=draft.version,
            attested=self.dice.random() < 0.8,
        )

    def _approve(self) -> None:
        code = self._code()
        with self.board.database.read() as tx:
            held = notices.get(tx, VILLAGE, code)
        at = self.cast.clock.now
        start = at + self.dice.choice([0, 0, 60, -60])
        reviewing.approve(
            self.board,
            VILLAGE,
            code,
            self.dice.choice([self.cast.ben, self.cast.ben, self._who()]),
            of=(held.latest.of if held else 0) + self._off(),
            start=start,
            until=self.dice.choice([None, start + DAY, start + 20 * DAY, start]),
            attested=True,
        )

    def _tick(self) -> None:
        self.board.tick()

    def _send_back(self) -> None:
        code = self._code()
        with self.board.database.read() as tx:
            held = notices.get(tx, VILLAGE, code)
        of = held.latest.of if held else 0
        reviewing.send_back(self.board, VILLAGE, code, self._who(), of=of, reason="请再核对")

    def _reopen(self) -> None:
        drafting.reopen(self.board, VILLAGE, self._code(), self._who())

    def _withdraw(self) -> None:
        ground = self.dice.choice(["minor", "wrong-facts", "mood"])
        taking_down.withdraw(self.board, VILLAGE, self._code(), self._who(), ground=ground)

    def _redact(self) -> None:
        taking_down.redact(
            self.board,
            VILLAGE,
            self._code(),
            self._who(),
            ground="personal-data",
            parts=tuple(self.dice.sample(PARTS, self.dice.choice([1, 1, 2]))),
            rows=self.dice.choice([(), (1,), (2, 3), (99,)]),
        )

    def _erase(self) -> None:
        taking_down.erase(
            self.board,
            VILLAGE,
            self._code(),
            self._who(),
            ground="retention-ended",
            parts=("names",),
        )

    def _extend(self) -> None:
        until = self.cast.clock.now + self.dice.choice([1, 40]) * DAY
        taking_down.extend(
            self.board, VILLAGE, self._code(), self.cast.ben, ground="outage", until=until
        )

    def _confirm(self) -> None:
        code = self._code()
        with self.board.database.read() as tx:
            held = notices.get(tx, VILLAGE, code)
        downs = [down.index for down in held.taken_down] if held else []
        of = self.dice.choice(downs) if downs else 3
        taking_down.confirm(self.board, VILLAGE, code, self._who(), of=of)

    def _post(self) -> None:
        code = self._code()
        with self.board.database.read() as tx:
            held = notices.get(tx, VILLAGE, code)
        shown = held.current.state if held and held.current else None
        of = getattr(shown, "publish", 1)
        photo = (self.dice.randbytes(500), "image/jpeg", None)
        wall = self.dice.choice(["w1", "w2", "w9"])
        reviewing.post(
            self.board,
            VILLAGE,
            code,
            self._who(),
            wall=wall,
            of=of,
            photo=self.dice.choice([None, photo]),
        )

    def _attach(self) -> None:
        picture = Picture(self.dice.randbytes(self.dice.choice([10, 300_000])))
        attaching.attach(self.board, VILLAGE, self._open().code, self._who(), [picture], "水池")

    def _detach(self) -> None:
        draft = self._open()
        c = draft.files[0].c if draft.files else "00" * 32
        attaching.detach(self.board, VILLAGE, draft.code, self._who(), c)

    def _discard(self) -> None:
        if self.dice.random() < 0.3:
            drafting.discard(self.board, VILLAGE, self._open().code)

    def _appoint(self) -> None:
        account = self.dice.choice(list(self.cast.accounts.values()))
        by = self.dice.choice(list(self.cast.accounts.values()))
        change = self.dice.choice([founding.appoint, founding.dismiss])
        office = self.dice.choice(["group-leader", "accountant"])
        change(self.board, VILLAGE, account, office, by)

    def _tell(self) -> None:
        founding.tell(self.board, VILLAGE, PROFILE)


def lived(cast: Cast, dice: random.Random, errands: int) -> dict[str, list[int]]:
    """Live so many errands; both audits pass half way and at the end."""
    life = Life(cast, dice)
    for n in range(errands):
        life.one()
        if n == errands // 2:
            cast.audit()
    cast.audit()
    report = verify(cast.board, VILLAGE)
    assert cast.entries() == report.entries
    cast.board.database.close()
    return life.tried


def test_after_any_life_both_audits_pass(
    tmp_path_factory: pytest.TempPathFactory, rng: random.Random, counts: Callable[[int], int]
) -> None:
    """On SQLite; and the lives get somewhere: most errands succeed and are refused in some."""
    tried = dict[str, list[int]]()
    for _ in range(counts(60)):
        path = tmp_path_factory.mktemp("life") / "board.db"
        for errand, (done, refused) in lived(cast_on(f"sqlite:///{path}"), rng, 200).items():
            before = tried.setdefault(errand, [0, 0])
            tried[errand] = [before[0] + done, before[1] + refused]
    succeeded = {errand for errand, (done, _refused) in tried.items() if done}
    failed = {errand for errand, (_done, refused) in tried.items() if refused}
    assert len(succeeded) >= ENOUGH
    assert len(failed) >= ENOUGH


def test_after_any_life_both_audits_pass_on_postgresql(
    postgres: Postgres, rng: random.Random, counts: Callable[[int], int]
) -> None:
    """The same, on the county's database."""
    for _ in range(counts(10)):
        with postgres.fresh() as url:
            lived(cast_on(url), rng, 150)
