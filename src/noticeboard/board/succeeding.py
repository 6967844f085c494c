"""Succeeding: where nobody has the missing entries, a new log goes on and says which and why.

The old log stays served as far as it is here, frozen for ever, and so do the pages under its QR
codes. Taking down still works there.
"""

from itertools import count

from msgspec import UNSET, Struct
from sqlalchemy import Connection

from noticeboard.board import freezing
from noticeboard.board.board import JITTER, Board
from noticeboard.board.following import base
from noticeboard.board.founding import INSTANCE, appointed, say_established
from noticeboard.board.watch import told_to_pause
from noticeboard.core.actions import Genesis
from noticeboard.core.checkpoints import Checkpoint
from noticeboard.core.lifecycle import ADMIN
from noticeboard.core.parts import Committed
from noticeboard.core.people import CLOCK, Village
from noticeboard.core.problems import NotAllowed, NotNow
from noticeboard.signing.signer import Signs
from noticeboard.store import checkpoints, heads, moving, notices, people, tree


class Succeeded(Struct, frozen=True, kw_only=True):
    """A new log: its name and verifier texts, where the old one stands, the head it goes on from.

    `strangers` are numbers that held an office in the old log and have no account here.
    """

    origin: str
    keys: tuple[str, ...]
    archive: str
    predecessor: Checkpoint
    strangers: tuple[int, ...]


def succeed(board: Board, signer: Signs, village: str, *, ground: str, keeper: int) -> Succeeded:
    """Open a log that follows one that cannot go on; `keeper` is the account of its administrator.

    Whoever held an office holds it again, appointed by the keeper. Raises NotNow where the log is
    not frozen, can still be signed and is not ahead of the clock, NotAllowed for a keeper who is
    none, NotValid for a ground that is not listed. All in one transaction, or nothing but an unused
    key. The signer signs the old log no more then, whatever database it is shown.
    """
    with board.database.read() as tx:
        old = notices.head_of(tx, village).village
        _may_stop(board, tx, old, can_sign=bool(signer.keys(old.origin)))
        _is_keeper(tx, old, keeper)
        predecessor = _last_head(tx, village, signer.state(old.origin))
        origin = _free(signer, tx, old)
    keys = signer.keys(origin) or (signer.begin(origin),)
    genesis = Genesis(
        village=village,
        keys=keys,
        predecessor=predecessor.text.decode(),
        ground=ground,
        demo=True if old.demo else UNSET,
    )
    with board.database.write() as tx:
        archive, strangers = _succeed(board, tx, village, origin, genesis, keeper)
        # Last of all: a backup from before is known by it, and is not to revive the old log.
        signer.stop(old.origin, origin)
    board.heard()
    return Succeeded(
        origin=origin, keys=keys, archive=archive, predecessor=predecessor, strangers=strangers
    )


def _may_stop(board: Board, tx: Connection, old: Village, *, can_sign: bool) -> None:
    reason = heads.frozen(tx, old.code)
    if freezing.for_good(old.code, reason):
        raise NotNow(freezing.STOPPED, value=old.code)
    late = board.late(old) > JITTER
    if not reason and can_sign and not late:
        raise NotNow("这个村的日志没有停住，不用另开一个。", value=old.code)
    # A log may only be given up for the clock's sake where a person has looked at the clock.
    if late and (paused := told_to_pause(tx)):
        raise NotNow(paused, fix="看过没有错，请到办公桌上按「时钟是对的」，再来一次。")


def _is_keeper(tx: Connection, old: Village, keeper: int) -> None:
    number = people.number_in(tx, old.code, keeper)
    if number is None or ADMIN not in old.offices.get(number, ()):
        raise NotAllowed("另开日志的要是这个村的管理员。", fix="请看 noticeboard people list。")


def _last_head(tx: Connection, village: str, state: Checkpoint | None) -> Checkpoint:
    """Give the largest head that is known to be signed, else that of the entries here."""
    here = notices.head_of(tx, village).village
    last = checkpoints.latest(tx, village)
    signed = [state] if state is not None else []
    if last is not None:
        signed.append(Checkpoint(here.origin, last.size, last.root))
    if signed:
        return max(signed, key=lambda one: one.size)
    return Checkpoint(here.origin, here.size, tree.root(tx, village, here.size))


def _free(signer: Signs, tx: Connection, old: Village) -> str:
    """Name the new log: the old name with the next number that nothing was ever signed under."""
    first = base(tx, old)
    taken = heads.origins(tx)
    for number in count(2):
        origin = f"{first}/{number}"
        state = signer.state(origin)
        fresh = not signer.keys(origin) if state is None else not state.size
        if fresh and origin not in taken and not signer.stopped(origin):
            return origin
    raise AssertionError("there is always a next number")


def _succeed(
    board: Board, tx: Connection, village: str, origin: str, genesis: Genesis, keeper: int
) -> tuple[str, tuple[int, ...]]:
    notices.lock(tx, INSTANCE)
    head = notices.lock(tx, village)
    archive = next(
        code for n in count(1) if (code := f"{village}.{n}") not in heads.archives(tx, village)
    )
    moving.move(tx, head.village, archive, freezing.STOPPED)
    new = Village(code=village, origin=origin)
    notices.found(tx, new, head.profile)
    heads.surpass(tx, village, head.revision)
    board.append(tx, new, genesis, CLOCK, Committed())
    for one in (_of(tx, archive), _of(tx, village)):
        say_established(board, tx, _of(tx, INSTANCE), one, head.profile)
    return archive, _offices(board, tx, village, head.village, keeper)


def _of(tx: Connection, code: str) -> Village:
    return notices.head_of(tx, code).village


def _offices(
    board: Board, tx: Connection, village: str, old: Village, keeper: int
) -> tuple[int, ...]:
    """Give everybody the offices they held; gives the numbers that nobody here has."""
    accounts = people.logins_in(tx, village)
    appointed(board, tx, _of(tx, village), keeper, ADMIN, keeper)
    for number, offices in old.offices.items():
        account = accounts.get(number)
        for office in offices:
            if account is None or account.closed or (account.id, office) == (keeper, ADMIN):
                continue
            appointed(board, tx, _of(tx, village), account.id, office, keeper)
    held = {number for number, offices in old.offices.items() if offices}
    return tuple(sorted(held - accounts.keys()))
