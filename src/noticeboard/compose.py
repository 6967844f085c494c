"""The one place where the parts meet: settings to board, board to app, app to server."""

import asyncio
import ctypes
import gc
import logging
from collections.abc import Callable
from pathlib import Path
from types import FrameType

import uvicorn
import uvloop

from noticeboard.board import Board, checkpoints
from noticeboard.core.problems import NotNow, NotValid
from noticeboard.jobs import start as start_jobs
from noticeboard.settings import Settings
from noticeboard.signing.remote import Remote
from noticeboard.signing.signer import Signer, Signs
from noticeboard.store import notices, screens, serving
from noticeboard.store.database import Database
from noticeboard.store.soundness import broken, has_tables


def open_database(settings: Settings) -> Database:
    """Open the home's database at this version's tables, making the folder if need be."""
    # Drafts and password hashes are nobody else's on this machine either.
    settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    database = Database(settings.database)
    database.upgrade()
    if database.path is not None:
        database.path.chmod(0o600)
    return database


def open_board(settings: Settings) -> Board:
    """Open a board on its home; raises NotNow where there is none, and makes nothing there.

    Raises Unavailable where its database is damaged, or gone while its signer is still there.
    """
    _is_there(settings)
    board = Board(open_database(settings), home=settings.home)
    with board.database.read() as tx:
        founded = screens.told(tx, "rules") is not None
    if not founded:
        raise _no_board(settings)
    signer = signer_of(settings, board)
    if settings.database.startswith("sqlite") and isinstance(signer, Signer):
        # A home brought back from a backup is found out before anything is written over it.
        checkpoints.look(board, signer)
    return board


def _is_there(settings: Settings) -> None:
    """See that there are tables before anything is opened for writing, which would make them."""
    path = Database(settings.database).path
    if path is None:
        return
    gone, empty = not path.exists(), path.is_file() and not path.stat().st_size
    if (gone or empty) and any((settings.home / "signer").glob("*.state")):
        raise broken(path, "不见了" if gone else "是空的")
    if gone or empty or not has_tables(path):
        raise _no_board(settings)


def take_policy(settings: Settings, board: Board) -> None:
    """Let the board's witnesses be those of `<home>/policy`, none where there is no such file.

    Raises NotValid for a file that cannot be taken as it is.
    """
    checkpoints.set_policy(board, policy_text(settings))


def policy_text(settings: Settings) -> str:
    """Read `<home>/policy`, "" where there is none; raises NotValid where it cannot be read."""
    path = settings.home / "policy"
    try:
        return path.read_text("utf-8")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise NotValid("核对人的名单读不出来。", value=f"{path}: {error}") from None


def _no_board(settings: Settings) -> NotNow:
    return NotNow(
        "这里还没有公开板。", value=str(settings.home), fix="请先 noticeboard init，或看看 --home。"
    )


def signer_of(settings: Settings, board: Board | None = None) -> Signs:
    """Give who signs: the process at the socket that is set, or else the home's own folder.

    Where nothing is set, a board that was told of a socket goes on with it: one command typed
    without it must not look for the state in the wrong place, and freeze what is sound.
    """
    path = settings.signer
    if path is None and board is not None:
        with board.database.read() as tx:
            path = screens.told(tx, SIGNER)
    return Remote(Path(path)) if path else Signer(settings.home / "signer")


def remember_signer(settings: Settings, board: Board) -> None:
    """Let the board go on with the signer that is set, also where it is not set the next time."""
    with board.database.read() as tx:
        told = screens.told(tx, SIGNER)
    if settings.signer is None or settings.signer == (told or ""):
        return
    with board.database.write() as tx:
        screens.forget(tx, SIGNER, told or "")
        if settings.signer:
            screens.tell(tx, SIGNER, settings.signer)


TIME_ERROR = 5
# So many seconds the start waits for the file to be read through: about 10 GB from a good disk.
CHECKED = 20
# The setting that says where the signer is, when it is a process of its own.
SIGNER = "signer"


class Server(uvicorn.Server):
    """uvicorn, told to end the streams before it waits for them."""

    def __init__(self, config: uvicorn.Config, ending: Callable[[], object]) -> None:
        """Serve `config`; `ending` is called in the loop as soon as a stop is asked for."""
        super().__init__(config)
        self.ending = ending

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Stop: without this an open stream would hold the server for ever."""
        self.ending()
        super().handle_exit(sig, frame)


def serve(
    board: Board,
    *,
    host: str,
    port: int,
    public_url: str,
    clock: bool = True,
    signer: Signs | None = None,
    ready: Callable[[], None] = lambda: None,
) -> None:
    """Serve web, clock and signer until stopped; `ready` is called once requests are answered.

    Before anything is answered the database file is read through, and every log is compared with
    what its signer remembers. Raises Unavailable for a damaged file.
    """
    _whole(board.database)
    if signer is not None:
        checkpoints.look(board, signer)
    # uvicorn chooses a loop only where it starts one itself; here it is served inside ours.
    loop = asyncio.Runner(loop_factory=uvloop.new_event_loop)
    with serving.said(board.database.path), loop as runner:
        runner.run(_serve(board, host, port, public_url, clock, signer, ready))


def _whole(database: Database) -> None:
    """Refuse a damaged file; one too large to be read through in time is left to doctor."""
    said = database.quick_check(CHECKED)
    if said is None:
        late = "! 数据库很大，%s 秒里没有看完它坏没坏：请抽空 noticeboard doctor。"
        logging.getLogger("noticeboard").warning(late, CHECKED)
    elif said:
        raise broken(database.path, said)


async def _serve(
    board: Board,
    host: str,
    port: int,
    public_url: str,
    clock: bool,
    signer: Signs | None,
    ready: Callable[[], None],
) -> None:
    from noticeboard.web.app import create_app
    from noticeboard.web.front import Front
    from noticeboard.web.quick import Quick

    desk = create_app(board, secure=public_url.startswith("https://"))
    front = Front(desk, board, public_url=public_url)
    front.open()
    begin_watch(board)
    jobs = start_jobs(board, clock=clock, signer=signer)
    config = uvicorn.Config(
        front, host=host, port=port, log_level="warning", loop="uvloop", http=Quick, ws="none",
        access_log=False, lifespan="on", server_header=False, timeout_graceful_shutdown=3,
    )  # fmt: skip
    loop = asyncio.get_running_loop()
    server = Server(config, lambda: loop.call_soon_threadsafe(front.hub.close))
    # A collection at every 700 objects walks thousands of open streams: measured 449 → 128 ms.
    gc.set_threshold(100_000, 50, 1000)
    waiting = asyncio.ensure_future(_when_started(server, ready))
    try:
        await server.serve()
    finally:
        waiting.cancel()
        jobs.shutdown(wait=True)
        front.close()
        board.database.close()


def begin_watch(board: Board) -> None:
    """Look at the clock for the first time, unless a time source answers for it."""
    with board.database.read() as tx:
        last = max((head.village.last_at for head in notices.villages(tx)), default=0)
    board.watch.start(board.now(), board.now() if in_step() else last)


def in_step() -> bool:
    """Say whether the kernel's clock is kept by a time source (adjtimex, Linux)."""
    try:
        # Nothing is set: `modes`, the first field of struct timex, is 0. 5 means: not in step.
        state: int = ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(512))
    except (OSError, AttributeError):
        return False
    return 0 <= state < TIME_ERROR


async def _when_started(server: uvicorn.Server, ready: Callable[[], None]) -> None:
    while not server.started:  # noqa: ASYNC110 - uvicorn has no event to wait for
        await asyncio.sleep(0.01)
    ready()


__all__ = [
    "begin_watch",
    "open_board",
    "open_database",
    "policy_text",
    "remember_signer",
    "serve",
    "signer_of",
    "take_policy",
]
