"""The front: what is remembered is what would be shown now, and open screens hear of changes."""

import asyncio
import gzip
import json
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text, update

from noticeboard.board import Board, drafting, taking_down
from noticeboard.core.days import DAY
from noticeboard.store import screens
from noticeboard.store.database import Database
from noticeboard.store.screens import Screen
from noticeboard.store.tables import head
from noticeboard.web import front as front_room
from noticeboard.web import kiosk
from noticeboard.web.front import Front
from noticeboard.web.public import Pages
from tests.cast import START, VILLAGE, Cast, cast_in, cast_on


class Got:
    """An answer as a browser gets it."""

    def __init__(self, messages: list[dict[str, Any]]) -> None:
        self.status = messages[0]["status"]
        self.headers = {k.decode(): v.decode() for k, v in messages[0]["headers"]}
        self.raw = b"".join(message.get("body", b"") for message in messages[1:])
        packed = self.headers.get("content-encoding") == "gzip" and self.raw
        self.text = (gzip.decompress(self.raw) if packed else self.raw).decode(errors="replace")


async def ask(front: Front, path: str, method: str = "GET", **headers: str) -> Got:
    path, _, query = path.partition("?")
    messages: list[dict[str, Any]] = []
    named = {"accept-encoding": "gzip", **{k.replace("_", "-"): v for k, v in headers.items()}}
    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "headers": [(k.encode(), v.encode()) for k, v in named.items()],
    }

    async def receive() -> dict[str, Any]:
        return {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        messages.append(message)

    await front(scope, receive, send)
    return Got(messages)


class Stream:
    """An open stream of events, read as it comes."""

    def __init__(self, front: Front, path: str) -> None:
        self.events: asyncio.Queue[str] = asyncio.Queue()
        self.leave = asyncio.Event()
        scope = {
            "type": "http",
            "method": "GET",
            "path": path,
            "raw_path": path.encode(),
            "query_string": b"",
            "headers": [],
        }
        self.task = asyncio.ensure_future(front(scope, self._receive, self._send))
        self.ended = False

    async def _receive(self) -> dict[str, Any]:
        await self.leave.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: dict[str, Any]) -> None:
        if message.get("body"):
            self.events.put_nowait(message["body"].decode())
        if message["type"] == "http.response.body" and not message.get("more_body"):
            self.ended = True

    async def next(self) -> str:
        """Wait for what comes next."""
        return await asyncio.wait_for(self.events.get(), 10)


def played(front: Front, do: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run a scene with the front open, as a server does."""

    async def scene() -> None:
        front.open()
        try:
            await do()
        finally:
            front.close()

    asyncio.run(scene())


async def _nowhere(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 418, "headers": []})
    await send({"type": "http.response.body", "body": b"desk"})


@pytest.fixture
def cast(tmp_path: Path) -> Iterator[Cast]:
    cast = cast_in(tmp_path / "home")
    with cast.board.database.write() as tx:
        screens.add(tx, Screen(VILLAGE, "hall", "大屏", 1080, 1920, START, retired=False))
    yield cast
    cast.audit()
    cast.board.database.close()


@pytest.fixture
def front(cast: Cast) -> Front:
    return Front(_nowhere, cast.board, public_url="https://board.example")


def test_a_page_is_answered_once_made_and_by_its_tag_after(cast: Cast, front: Front) -> None:
    """The second answer is the same bytes; who has them gets 304; HEAD has no body."""
    code = cast.published("spending").code

    async def scene() -> None:
        first = await ask(front, f"/n/{code}")
        assert 200 == first.status
        assert "修机耕路" in first.text
        again = await ask(front, f"/n/{code}")
        assert first.raw == again.raw
        unchanged = await ask(front, f"/n/{code}", if_none_match=first.headers["etag"])
        assert (304, b"") == (unchanged.status, unchanged.raw)
        head = await ask(front, f"/n/{code}", "HEAD")
        assert (200, b"") == (head.status, head.raw)
        assert first.headers["content-length"] == head.headers["content-length"]
        plain = await ask(front, f"/n/{code}", accept_encoding="identity")
        assert first.text == plain.text
        assert "set-cookie" not in first.headers

    played(front, scene)


def test_who_has_anything_at_all_is_told_that_it_is_there(cast: Cast, front: Front) -> None:
    """`If-None-Match: *` is 304 wherever there is something, without a tag too, and nowhere else.

    RFC 9110, 13.1.2: the field is false where the origin has any current representation.
    """
    code = cast.published("spending").code
    cast.sign()

    async def scene() -> None:
        log = f"/log/{VILLAGE}/checkpoint"
        for path in ("/", f"/n/{code}", f"/n/{code}.json", log, "/kiosk/hall"):
            for method in ("GET", "HEAD"):
                there = await ask(front, path, method, if_none_match=" * ")
                assert (304, b"") == (there.status, there.raw), path
            assert 200 == (await ask(front, path, if_none_match='"*"')).status
        for path in ("/n/00000000", f"/log/{VILLAGE}/nothing", "/kiosk/nowhere"):
            missing = await ask(front, path, if_none_match="*")
            assert (404, True) == (missing.status, missing.raw != b"")

    played(front, scene)


def test_only_reading_is_answered_and_the_desk_is_handed_on(front: Front) -> None:
    """A public address takes no POST; /desk goes to the app behind."""

    async def scene() -> None:
        refused = await ask(front, "/", "POST")
        assert (405, "GET, HEAD") == (refused.status, refused.headers["allow"])
        assert 418 == (await ask(front, "/desk")).status

    played(front, scene)


def test_withdrawing_is_seen_at_the_next_request(cast: Cast, front: Front) -> None:
    """No remembered page outlives the act that took it down."""
    code = cast.published("spending").code

    async def scene() -> None:
        assert 200 == (await ask(front, f"/n/{code}")).status
        assert "2026年一季度" in (await ask(front, f"/v/{VILLAGE}")).text
        taking_down.withdraw(cast.board, VILLAGE, code, cast.anna, ground="wrong-facts")
        gone = await ask(front, f"/n/{code}")
        assert 410 == gone.status
        assert "修机耕路" not in gone.text

    played(front, scene)


def test_an_end_is_seen_by_its_date_alone(cast: Cast, front: Front) -> None:
    """Names go at the period's end although no act and no clock did anything."""
    code = cast.published("spending", until=START + DAY).code

    async def scene() -> None:
        assert "王建军" in (await ask(front, f"/n/{code}")).text
        cast.clock.now = START + DAY
        ended = await ask(front, f"/n/{code}")
        assert "王建军" not in ended.text
        assert "修机耕路" in ended.text

    played(front, scene)


def test_a_change_by_another_process_is_seen(cast: Cast, front: Front) -> None:
    """What the command line or a separate clock does invalidates pages and is streamed."""
    code = cast.published("spending").code
    assert cast.board.database.path is not None
    other = Board(Database(f"sqlite:///{cast.board.database.path}"), clock=cast.clock)

    async def scene() -> None:
        stream = Stream(front, "/kiosk/hall/live")
        assert "retry: 5000" in await stream.next()
        assert 200 == (await ask(front, f"/n/{code}")).status
        await asyncio.to_thread(
            taking_down.withdraw, other, VILLAGE, code, cast.anna, ground="wrong-facts"
        )
        event = await stream.next()
        told = json.loads(event.split("data: ")[1])
        assert code in {gone["notice"] for gone in told["revoked"]}
        assert 410 == (await ask(front, f"/n/{code}")).status

    played(front, scene)
    other.database.close()


def test_streams_end_cleanly_when_the_server_stops(front: Front) -> None:
    """A stop ends every stream with a last chunk, so that no screen hangs on a dead line."""

    async def scene() -> None:
        streams = [Stream(front, "/kiosk/hall/live") for _ in range(20)]
        for stream in streams:
            await stream.next()
        front.hub.close()
        await asyncio.wait_for(asyncio.gather(*(stream.task for stream in streams)), 5)
        assert all(stream.ended for stream in streams)

    played(front, scene)


def test_a_screen_that_leaves_is_forgotten(front: Front) -> None:
    """Nothing is held for a screen that is gone."""

    async def scene() -> None:
        stream = Stream(front, "/kiosk/hall/live")
        await stream.next()
        assert 1 == len(front.hub.streams[VILLAGE])
        stream.leave.set()
        await asyncio.wait_for(stream.task, 5)
        assert not front.hub.streams[VILLAGE]

    played(front, scene)


def test_a_stream_outlives_a_log_that_cannot_be_read(cast: Cast, front: Front) -> None:
    """It opens, stays, tells screens to ask anew, and hears of changes once all is well again."""
    state = update(head).where(head.c.village == VILLAGE)
    with cast.board.database.read() as tx:
        held = tx.execute(select(head.c.state).where(head.c.village == VILLAGE)).scalar_one()

    def becomes(value: bytes) -> None:
        with cast.board.database.write() as tx:
            tx.execute(state.values(state=value, revision=head.c.revision + 1))
        cast.board.heard()

    async def scene() -> None:
        before = Stream(front, "/kiosk/hall/live")
        assert '"number"' in await before.next()
        becomes(b"{")
        assert kiosk.ASK_ANEW.decode() == await before.next()
        during = Stream(front, "/kiosk/hall/live")
        assert (await during.next()).endswith(kiosk.ASK_ANEW.decode())
        assert front.watcher.is_alive()
        assert 503 == (await ask(front, "/kiosk/hall/playlist.json")).status
        becomes(held)
        for stream in (before, during):
            assert '"number"' in await stream.next()
            assert (False, False) == (stream.ended, stream.task.done())
            stream.leave.set()
            await stream.task

    played(front, scene)


def test_a_screen_that_no_database_can_look_up_has_no_stream(database_url: str) -> None:
    """PostgreSQL takes no NUL in a text: refused in words, as any screen that is not there."""
    board = cast_on(database_url).board
    assert Pages(board, "").village_of("/kiosk/\0/live") is None
    board.database.close()


def test_drafts_and_reviews_change_nothing_on_a_screen(cast: Cast, front: Front) -> None:
    """The playlist keeps its tag while the log grows by what is not public."""
    cast.published("spending")

    async def scene() -> None:
        before = await ask(front, "/kiosk/hall/playlist.json")
        cast.submitted("announcement")
        after = await ask(front, "/kiosk/hall/playlist.json")
        assert before.headers["etag"] == after.headers["etag"]

    played(front, scene)


def test_postgresql_tells_its_listeners(postgres: Any) -> None:
    """On PostgreSQL a second process hears of a publication, and again after the line was cut."""
    with postgres.fresh() as url:
        cast = cast_on(url)
        front = Front(_nowhere, Board(Database(url), clock=cast.clock))

        async def scene() -> None:
            sent = cast.submitted()
            cast.approve(sent)
            await asyncio.to_thread(cast.board.tick)
            await _until(lambda: front.pages.revisions.get(VILLAGE) == 1)
            with cast.board.database.write() as tx:
                tx.execute(
                    text(
                        "select pg_terminate_backend(pid) from pg_stat_activity"
                        " where pid <> pg_backend_pid() and query ilike 'listen%'"
                    )
                )
            code = sent.notice.code if sent.notice else ""
            await asyncio.to_thread(
                taking_down.withdraw, cast.board, VILLAGE, code, cast.anna, ground="wrong-facts"
            )
            await _until(lambda: front.pages.revisions.get(VILLAGE) == 2)

        played(front, scene)
        front.board.database.close()
        cast.board.database.close()


async def _until(done: Callable[[], bool]) -> None:
    for _ in range(150):
        if done():
            return
        await asyncio.sleep(0.1)
    raise AssertionError("nothing was heard in 15 s")


def test_a_draft_has_no_public_page(cast: Cast, front: Front) -> None:
    """Private paper answers as if it were not there."""
    draft = cast.draft("spending")
    drafting.submit(cast.board, VILLAGE, draft.code, cast.anna, seen=draft.version)

    async def scene() -> None:
        for path in (f"/n/{draft.code}", f"/n/{draft.code}.json", f"/n/{draft.code}/poster"):
            assert 404 == (await ask(front, path)).status

    played(front, scene)


def test_what_strangers_ask_for_stays_within_a_budget(
    cast: Cast, front: Front, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One page under a thousand addresses does not fill the memory."""
    monkeypatch.setattr(front_room, "HOT_BYTES", 64 * 1024)
    code = cast.published("spending").code

    async def scene() -> None:
        for number in range(60):
            assert 200 == (await ask(front, f"/n/{code}?x={number}")).status
            assert sum(len(kept.answer.body) for kept in front.hot.values()) < 2 * 64 * 1024
        assert 0 < len(front.hot) < 60

    played(front, scene)
