"""A village hall for the tests: a real board with real notices, and a small server for its screen.

`python -m tests.browser.hall <home> <port> <poll>` serves it as a process of its own, so that it
can be killed. The server is as small as can be and knows nothing but the functions it tests.
"""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import uvicorn
from sqlalchemy import update

from noticeboard.board import (
    Board,
    assessing,
    bringing,
    checkpoints,
    drafting,
    founding,
    openlog,
    reviewing,
)
from noticeboard.board.bringing import Brought
from noticeboard.board.checkpoints import EVERY
from noticeboard.core.masking import programme_of
from noticeboard.core.notice import Notice
from noticeboard.core.particulars import Content
from noticeboard.core.people import Profile
from noticeboard.core.problems import NotFound
from noticeboard.formats import rules
from noticeboard.signing.keys import new_key
from noticeboard.signing.signer import Signer
from noticeboard.store import notices, screens, tables
from noticeboard.store.database import Database
from noticeboard.web import kiosk
from noticeboard.web import openlog as open_log
from noticeboard.web.hub import PING

VILLAGE, SCREEN = "430000001", "hall"
ORIGIN = "hall.invalid/v"
PUBLIC_URL = "https://board.example.cn"


class Hall:
    """A board in a folder, with Anna who writes and Ben who reviews."""

    def __init__(self, home: Path, profile: Profile, size: tuple[int, int]) -> None:
        """Found it."""
        self.home = home
        self.signer = Signer(home / "signer")
        self.board = Board(Database(f"sqlite:///{home / 'board.db'}"), home=home)
        self.board.database.upgrade()
        founding.found(self.board, origin="hall.invalid", bundle=rules.load(), software="test")
        key = new_key(home / "signer", ORIGIN)
        founding.establish(self.board, code=VILLAGE, origin=ORIGIN, profile=profile, keys=(key,))
        self.mei = founding.open_account(self.board, "mei", "Mei")
        founding.appoint(self.board, VILLAGE, self.mei, "admin", by=self.mei)
        people = [("anna", "clerk"), ("ben", "supervision-member")]
        self.anna, self.ben = (self._join(self.mei, login, role) for login, role in people)
        with self.board.database.write() as tx:
            screens.add(tx, screens.Screen(VILLAGE, SCREEN, "村部", *size, at=1, retired=False))

    def _join(self, admin: int, login: str, role: str) -> int:
        account = founding.open_account(self.board, login, login.title())
        founding.appoint(self.board, VILLAGE, account, role, by=admin)
        return self.board.number_of(account, VILLAGE)

    def _assessed(self, content: Content) -> None:
        """Let the township assess the programme of a list, once."""
        with self.board.database.read() as tx:
            found = programme_of(content, assessing.policy(tx))
            done = notices.head_of(tx, VILLAGE).village.assessed
        if found is None or found[0] in done:
            return
        if not done:
            founding.appoint(self.board, VILLAGE, self.mei, "overseer", by=self.mei)
        number = self.board.number_of(self.mei, VILLAGE)
        answers = dict.fromkeys(assessing.QUESTIONS, "示例")
        assessing.assess(self.board, VILLAGE, number, found[0], answers)

    def submitted(self, content: Content) -> str:
        """Let Anna write and submit it; gives its code."""
        self._assessed(content)
        (draft,) = bringing.bring(self.board, VILLAGE, [Brought(content=content)], self.anna)
        drafting.submit(self.board, VILLAGE, draft.code, self.anna, seen=draft.version)
        return draft.code

    def publish(self, content: Content, until: int | None = None) -> str:
        """Let Anna write it, Ben agree and the clock put it up; gives its code."""
        self._assessed(content)
        (draft,) = bringing.bring(self.board, VILLAGE, [Brought(content=content)], self.anna)
        self._up(draft.code, draft.version, until)
        return draft.code

    def correct(self, code: str, **changed: Any) -> None:
        """Put up a new edition with other fields as typed."""
        draft = drafting.reopen(self.board, VILLAGE, code, self.anna)
        typed = {**draft.typed, "reason": "看错了", **changed}
        draft = drafting.save(self.board, VILLAGE, code, self.anna, typed, draft.version)
        self._up(code, draft.version, None)

    def _up(self, code: str, version: int, until: int | None) -> None:
        done = drafting.submit(self.board, VILLAGE, code, self.anna, seen=version)
        reviewing.approve(
            self.board,
            VILLAGE,
            code,
            self.ben,
            of=done.index,
            start=self.board.now(),
            until=until,
        )
        self.board.tick()

    def sign(self) -> int:
        """Let the log's head be signed as if the last time were long ago; gives its size."""
        with self.board.database.write() as tx:
            tx.execute(update(tables.checkpoint).values(at=tables.checkpoint.c.at - EVERY))
        checkpoints.sign_due(self.board, self.signer)
        with self.board.database.read() as tx:
            return openlog.published(tx, VILLAGE)

    def grow(self, size: int) -> None:
        """Let Mei give and take an office until the log has so many entries."""
        mei = self.board.number_of(self.mei, VILLAGE)
        with self.board.database.read() as tx:
            village = notices.head_of(tx, VILLAGE).village
        holds = "overseer" in village.offices[mei]
        for _entry in range(size - village.size):
            act = founding.dismiss if holds else founding.appoint
            act(self.board, VILLAGE, self.mei, "overseer", by=self.mei)
            holds = not holds

    def notice(self, code: str) -> Notice:
        """Read a notice."""
        with self.board.database.read() as tx:
            found = notices.get(tx, VILLAGE, code)
        assert found is not None
        return found


class Server:
    """The server as its own process, on a port that stays the same when it is started again."""

    def __init__(self, home: Path, *, poll: int = 60) -> None:
        """Choose a port and start."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self.home, self.poll = home, poll
        self.url = f"http://127.0.0.1:{self.port}/kiosk/{SCREEN}"
        self.start()

    def start(self) -> None:
        """Start, and wait until it answers."""
        command = [sys.executable, "-m", "tests.browser.hall"]
        arguments = [str(self.home), str(self.port), str(self.poll)]
        root = Path(__file__).parents[2]
        self.process = subprocess.Popen([*command, *arguments], cwd=root)
        for _ in range(200):
            with suppress(OSError), urlopen(self.url + "/playlist.json", timeout=5):
                return
            time.sleep(0.05)
        raise AssertionError("the hall's server did not start")

    def kill(self) -> None:
        """Kill it without a word."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


class Door:
    """The ASGI application. A file `no-stream` in the home makes the stream answer 502.

    Its stream is alive but silent, as a half-open connection is; with a file `pings` it pings.
    """

    def __init__(self, home: Path, poll: int) -> None:
        """Open the board that the test writes to."""
        self.home = home
        self.database = Database(f"sqlite:///{home / 'board.db'}")
        kiosk.POLL_SECONDS = poll

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer."""
        if scope["type"] != "http":
            return
        asked = dict(scope["headers"])
        if scope["path"].startswith(open_log.PREFIX):
            with self.database.read() as tx:
                found = open_log.answer(tx, scope["path"], int(time.time()))
            await self._say(send, found.status, found.headers, found.body)
            return
        rest = scope["path"].split("/")[3:]
        if rest == ["live"]:
            await self._stream(send)
            return
        try:
            with self.database.read() as tx:
                answer = self._answer(tx, rest)
        except NotFound:
            await self._say(send, 404, (), b"")
            return
        if answer.etag and asked.get(b"if-none-match", b"").decode() == answer.etag:
            await self._say(send, 304, answer.unchanged, b"")
        else:
            kind = (b"content-type", answer.media_type.encode())
            await self._say(send, 200, (kind, *answer.headers), answer.body)

    def _answer(self, tx: Any, rest: Sequence[str]) -> kiosk.Answer:
        now = int(time.time())
        match list(rest):
            case []:
                return kiosk.shell(tx, SCREEN)
            case ["playlist.json"]:
                return kiosk.playlist(tx, SCREEN, now, PUBLIC_URL)
            case ["slide", name]:
                return kiosk.slide(tx, SCREEN, name, now, PUBLIC_URL)
        raise NotFound("没有这一页。")

    async def _say(self, send: Any, status: int, headers: Any, body: bytes) -> None:
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def _stream(self, send: Any) -> None:
        if (self.home / "no-stream").exists():
            await self._say(send, 502, (), b"")
            return
        headers = [(b"content-type", b"text/event-stream")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        revision = -1
        while not (self.home / "no-stream").exists():
            said = PING if (self.home / "pings").exists() else b": \n\n"
            with self.database.read() as tx:
                now = notices.head_of(tx, VILLAGE).revision
                if now != revision:
                    said = kiosk.message(tx, VILLAGE, int(time.time()))
            revision = now
            await send({"type": "http.response.body", "body": said, "more_body": True})
            await asyncio.sleep(0.1)


def main() -> None:
    """Serve a hall until killed."""
    home, port, poll = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    uvicorn.run(Door(home, poll), host="127.0.0.1", port=port, log_level="warning", lifespan="off")


if __name__ == "__main__":
    os.environ.setdefault("PYTHONUNBUFFERED", "1")
    main()
