"""The demo: two villages, lived through by the real importer and the one door in."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import yaml
from msgspec import Struct

from noticeboard import __version__, importing, shipped
from noticeboard.board import (
    Board,
    accounts,
    adopting,
    assessing,
    checkpoints,
    drafting,
    founding,
    reviewing,
    taking_down,
)
from noticeboard.cli.demo_days import FOUNDED, Told, last_quarter, moment
from noticeboard.core import periods
from noticeboard.core.days import DAY, local
from noticeboard.core.notice import Notice, published
from noticeboard.core.people import Profile
from noticeboard.core.problems import NotFound, NotValid
from noticeboard.core.shapes import Shape
from noticeboard.formats.rules import load
from noticeboard.signing.keys import new_key
from noticeboard.signing.signer import Signer
from noticeboard.store import notices, screens
from noticeboard.store.database import Database
from noticeboard.store.drafts import Draft
from noticeboard.store.screens import Screen

ORIGIN = "noticeboard.invalid/demo"


class Person(Struct, frozen=True):
    """Somebody of the demo."""

    login: str
    name: str
    password: str
    office: str


_PEOPLE = Shape(list[Person])
_PROFILE = Shape(Profile)


def people() -> list[Person]:
    """Give the people of the demo with their passwords, for whoever starts it."""
    return _PEOPLE.of_plain(_read("people.yaml"))


def _read(name: str) -> Any:
    return yaml.safe_load((shipped("data") / "demo" / name).read_text("utf-8"))


class Demo:
    """Lives through the demo's days up to `start`, the moment somebody opens it."""

    def __init__(self, database: Database, home: Path, start: int) -> None:
        """Stand on an empty database in a home folder."""
        self.start = start
        self.clock = Told(start - FOUNDED * DAY)
        self.board = Board(database, clock=self.clock)
        self.home = home
        self.codes: dict[str, str] = {}
        self.quarter = ""
        self.number: dict[tuple[str, str], int] = {}
        self.acts: list[tuple[int, int, Callable[[], object]]] = []

    def live(self) -> None:
        """Found the villages, then do everything in order of time."""
        founding.found(self.board, origin=f"{ORIGIN}/instance", bundle=load(), software=__version__)
        self._villages()
        for told in _read("assessments.yaml"):
            self._at(self.moment(told.pop("at")), partial(self._assess, **told))
        for told in _read("notices.yaml"):
            self._plan(told)
        for at, _order, act in sorted(self.acts, key=lambda planned: planned[:2]):
            if at > self.start:
                continue
            self.clock.at = at
            act()
        self.clock.at = self.start
        self.board.tick()
        checkpoints.sign_due(self.board, Signer(self.home / "signer"))

    def moment(self, text: str) -> int:
        """Read a moment of the demo's files."""
        return moment(self.start, text)

    def _villages(self) -> None:
        logins = {
            person.login: founding.open_account(self.board, person.login, person.name)
            for person in people()
        }
        for person in people():
            accounts.set_password(self.board, logins[person.login], person.password)
        for told in _read("villages.yaml"):
            code, hung, goes_by = told.pop("code"), told.pop("screens"), told.pop("assign", None)
            origin = f"{ORIGIN}/v/{code}"
            key = new_key(self.home / "signer", origin)
            founding.establish(
                self.board,
                code=code,
                origin=origin,
                profile=_PROFILE.of_plain(told),
                keys=(key,),
                demo=True,
            )
            if goes_by:
                self.quarter = last_quarter(self.start, goes_by["pack"])
                joined = periods.start(self.quarter).isoformat()
                adopting.assign(self.board, code, joined=joined, **goes_by)
            for person in people():
                account = logins[person.login]
                founding.appoint(self.board, code, account, person.office, logins["admin"])
                self.number[code, person.login] = self.board.number_of(account, code)
            with self.board.database.write() as tx:
                for screen in hung:
                    place = Screen(village=code, at=self.clock(), retired=False, **screen)
                    screens.add(tx, place)

    def _at(self, at: int, act: Callable[[], object]) -> None:
        self.acts.append((at, len(self.acts), act))

    def _assess(self, village: str, programme: str, **answers: str) -> None:
        mei = self.number[village, "mei"]
        assessing.assess(self.board, village, mei, programme, answers)

    def _plan(self, told: Mapping[str, Any]) -> None:
        key, village = told["key"], told["village"]
        anna, ben = self.number[village, "anna"], self.number[village, "ben"]
        self._at(self.moment(told["submit"]), lambda: self._draft_and_submit(told, anna))
        if back := told.get("return"):
            self._at(self.moment(back["at"]), lambda: self._send_back(village, key, back, ben))
        if "approve" in told:
            self._review(told, key, village, ben)
        if post := told.get("post"):
            self._at(self.moment(post["at"]), lambda: self._post(village, key, post["wall"], anna))
        if correct := told.get("correct"):
            at = self.moment(correct["submit"])
            self._at(at, lambda: self._correct(village, key, correct["change"], anna))
            self._review(correct, key, village, ben)
        for verb in ("withdraw", "redact"):
            if down := told.get(verb):
                self._take_down(verb, down, village, key)

    def _review(self, told: Mapping[str, Any], key: str, village: str, ben: int) -> None:
        self._at(self.moment(told["approve"]), lambda: self._approve(village, key, told, ben))
        self._at(self.moment(told.get("up", told["start"])), self.board.tick)

    def _draft_and_submit(self, told: Mapping[str, Any], anna: int) -> None:
        village = told["village"]
        if "workbook" in told:
            data = (shipped("data") / "demo" / told["workbook"]).read_bytes()
            (draft,) = importing.take(self.board, village, data, told["workbook"], anna)
            draft = self._linked(draft, told.get("links"), anna)
        else:
            typed = self._typed(told["typed"])
            draft = drafting.start(self.board, village, told["kind"], anna, typed)
        self.codes[told["key"]] = draft.code
        drafting.submit(self.board, village, draft.code, anna, seen=draft.version)

    def _typed(self, typed: Mapping[str, Any]) -> dict[str, Any]:
        full = {**typed, "rows": [dict(row) for row in typed.get("rows", ())]}
        for row in full["rows"]:
            if None in row.values():
                # An unquoted comma ends a text in YAML and begins a field of its own.
                raise NotValid("演示数据里有一行写坏了。", value=str(row))
            row["date"] = str(row.get("date", ""))
            row["notice"] = row.get("notice", "").format(**self.codes)
        if "covers" in full:
            full["covers"] = str(full["covers"]).format(quarter=self.quarter)
        for name in ("starts", "ends"):
            if name in full:
                full[name] = local(self.moment(full[name])).strftime("%Y-%m-%dT%H:%M")
        return full

    def _linked(self, draft: Draft, links: Mapping[str, str] | None, anna: int) -> Draft:
        if links is None:
            return draft
        typed = dict(draft.typed)
        for row in typed["rows"]:
            if links["where"] in row["summary"]:
                row["project"] = links["project"].format(**self.codes)
                row["decision"] = links["decision"].format(**self.codes)
        return drafting.save(self.board, draft.village, draft.code, anna, typed, draft.version)

    def _approve(self, village: str, key: str, told: Mapping[str, Any], ben: int) -> None:
        start, until = self.moment(told["start"]), None
        if "days" in told:
            until = reviewing.whole_days(self.board, village, start, told["days"])
        elif "until" in told:
            until = self.moment(told["until"])
        notice = self._notice(village, key)
        reviewing.approve(
            self.board, village, notice.code, ben, of=notice.latest.of, start=start, until=until
        )

    def _send_back(self, village: str, key: str, back: Mapping[str, str], ben: int) -> None:
        notice = self._notice(village, key)
        reviewing.send_back(
            self.board, village, notice.code, ben, of=notice.latest.of, reason=back["reason"]
        )

    def _notice(self, village: str, key: str) -> Notice:
        with self.board.database.read() as tx:
            notice = notices.get(tx, village, self.codes[key])
        if notice is None:
            raise NotFound("演示里没有这份公示。", value=key)
        return notice

    def _post(self, village: str, key: str, wall: str, anna: int) -> None:
        notice = self._notice(village, key)
        shown = published(notice.latest)
        of = shown.publish if shown else 0
        reviewing.post(self.board, village, notice.code, anna, wall=wall, of=of)

    def _correct(self, village: str, key: str, change: Mapping[str, str], anna: int) -> None:
        draft = drafting.reopen(self.board, village, self.codes[key], anna)
        typed = dict(draft.typed)
        for field, value in change.items():
            if field.startswith("rows."):
                _rows, index, name = field.split(".")
                typed["rows"][int(index)][name] = value
            else:
                typed[field] = value
        draft = drafting.save(self.board, village, draft.code, anna, typed, draft.version)
        drafting.submit(self.board, village, draft.code, anna, seen=draft.version)

    def _take_down(self, verb: str, down: Mapping[str, Any], village: str, key: str) -> None:
        anna, ben = self.number[village, "anna"], self.number[village, "ben"]

        def act() -> None:
            if verb == "withdraw":
                taking_down.withdraw(
                    self.board, village, self.codes[key], anna, ground=down["ground"]
                )
                return
            taking_down.redact(
                self.board,
                village,
                self.codes[key],
                anna,
                ground=down["ground"],
                parts=tuple(down["parts"]),
                rows=(down["row"],),
            )

        def confirm() -> None:
            notice = self._notice(village, key)
            of = notice.taken_down[-1].index
            taking_down.confirm(self.board, village, notice.code, ben, of=of)

        self._at(self.moment(down["at"]), act)
        self._at(self.moment(down["confirm"]), confirm)


def build(database: Database, home: Path, start: int) -> dict[str, str]:
    """Fill an empty database with the demo as of `start`; gives the notices' codes by key."""
    demo = Demo(database, home, start)
    demo.live()
    return demo.codes
