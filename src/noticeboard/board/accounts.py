"""Accounts: who can sign in, by a password or a one-time code; guessing is slowed.

Passwords are kept as argon2 hashes, tokens and codes only as SHA-256. Every change of an account is
noted in the instance log under its random number.
"""

import secrets
from collections.abc import Callable
from hashlib import sha256
from typing import Final, TypeVar

from msgspec import Struct
from sqlalchemy import Connection

from noticeboard.board import founding
from noticeboard.board.board import Board, Sent, in_force
from noticeboard.board.passwords import hashed, matches, sound
from noticeboard.board.slowing import slow_down
from noticeboard.core import actions, codes
from noticeboard.core.parts import Committed
from noticeboard.core.people import CLOCK
from noticeboard.core.problems import NotAllowed, NotFound, NotNow, Unavailable
from noticeboard.store import notices, people
from noticeboard.store.people import Account

SESSION: Final = 12 * 3600
CODE_VALID: Final = 48 * 3600

T = TypeVar("T")


class Opened(Struct, frozen=True):
    """An account that waits for its first sign-in; `code` is shown once and never stored."""

    account: int
    code: str


def sign_in(board: Board, login: str, password: str, *, address: str = "", old: str = "") -> str:
    """Check a password and open a session of 12 hours; gives its new random token.

    `old` is a token the browser still holds; it is ended, never adopted. Raises NotAllowed without
    telling login from password, TooSoon with the seconds left after failures.
    """
    account, keys = _tried(board, login, address)
    known = account.password if account and not account.closed else None
    if not matches(known, password) or account is None:
        raise NotAllowed("登录名或密码不对。", fix="忘了密码，请管理员重设。")
    return _written(board, lambda tx: _let_in(tx, account, keys, old, board.now()))


def redeem(
    board: Board, login: str, code: str, password: str, *, address: str = "", old: str = ""
) -> str:
    """Set a password with a one-time code and sign in; the code is gone afterwards."""
    sound(password, login)
    account, keys = _tried(board, login, address)
    at = board.now()
    if account is None or account.closed or not _redeems(account, code, at):
        raise NotAllowed("登录名或重设码不对，或者已经过期。", fix="请管理员再重设一次。")
    made = hashed(password)

    def change(tx: Connection) -> str:
        if people.by_id(tx, account.id).reset != account.reset:
            raise NotNow("这个重设码刚刚用过了。")
        _change(board, tx, account.id, "password", password=made, reset=None, reset_until=None)
        return _let_in(tx, account, keys, old, at)

    return _written(board, change)


def change_password(
    board: Board, account: Account, old: str, new: str, *, address: str = ""
) -> str:
    """Change one's own password; every session ends and a new one is opened, its token given."""
    sound(new, account.login)
    _account, keys = _tried(board, account.login, address)
    if not matches(account.password, old):
        raise NotAllowed("现在的密码不对。", field="old")
    made = hashed(new)

    def change(tx: Connection) -> str:
        _change(board, tx, account.id, "password", password=made)
        return _let_in(tx, account, keys, "", board.now())

    return _written(board, change)


def sign_out(board: Board, token: str) -> None:
    """End one session."""
    with board.database.write() as tx:
        people.end_session(tx, _fingerprint(token))


def signed_in(board: Board, token: str) -> Account | None:
    """Give whom a token is signed in as, or None."""
    with board.database.read() as tx:
        account = people.session_account(tx, _fingerprint(token), board.now())
        return people.by_id(tx, account) if account is not None else None


def seat(board: Board, account: int, village: str, verb: str = "") -> int:
    """Give a person's number in a village if they hold an office there.

    With `verb`, one of their offices must have it: for private paper, where no entry is made that
    the rulebook could judge. Raises NotAllowed.
    """
    with board.database.read() as tx:
        return _seat(tx, account, village, verb)


def _seat(tx: Connection, account: int, village: str, verb: str = "") -> int:
    number = people.number_in(tx, village, account)
    held = notices.head_of(tx, village).village.offices.get(number or CLOCK, ())
    if number is None or not held:
        raise NotAllowed("您在这个村没有职务。", fix="请管理员先任命。")
    offices = in_force(tx)[1].offices
    if verb and not any(verb in offices[role].may for role in held if role in offices):
        raise NotAllowed("您的职务不能做这件事。", fix="请换有权的人来做。")
    return number


def sits(board: Board, account: int, village: str) -> bool:
    """Say whether somebody holds any office in a village now."""
    try:
        seat(board, account, village)
    except NotAllowed:
        return False
    return True


def open_account(
    board: Board, village: str, by: int, login: str, name: str, sent: Sent | None = None
) -> Opened:
    """Open an account; who may appoint in the village may. Gives the code for the first sign-in."""
    seat(board, by, village, "appoint")
    _once(board, sent)
    account = founding.open_account(board, login, name)
    return Opened(account, _give_code(board, account, "reset", sent))


def reset(board: Board, village: str, by: int, account: int, sent: Sent | None = None) -> Opened:
    """Take a password away, sign the person out everywhere, and give a code valid for 48 hours."""
    _keeps(board, village, by, account)
    _once(board, sent)
    return Opened(account, _give_code(board, account, "reset", sent))


def close(board: Board, village: str, by: int, account: int) -> None:
    """Close an account and sign the person out everywhere; offices are dismissed apart from it."""
    _keeps(board, village, by, account)
    if by == account:
        # Whoever closes stays, so a board never loses its last keeper this way.
        raise NotAllowed("不能关自己的账号。", fix="请另一位管理员来关。")
    with board.database.write() as tx:
        if not people.by_id(tx, account).closed:
            _change(board, tx, account, "closed", closed=True, reset=None, reset_until=None)


def _keeps(board: Board, village: str, by: int, account: int) -> None:
    """Refuse unless `by` may appoint wherever the account holds an office.

    Else an administrator of one village could sign in as the overseer of thirty.
    """
    seat(board, by, village, "appoint")
    with board.database.read() as tx:
        people.by_id(tx, account)
        for member in people.villages_of(tx, account):
            if notices.head_of(tx, member.village).village.offices.get(member.number):
                try:
                    _seat(tx, by, member.village, "appoint")
                except NotAllowed:
                    raise NotAllowed(
                        "这个人在{village}也有职务，您管不到。",
                        village=member.village_name,
                        fix="请也管那个村的人来办。",
                    ) from None


def _once(board: Board, sent: Sent | None) -> None:
    if sent is None:
        return
    with board.database.read() as tx:
        if people.first_result(tx, sent.id, sent.account) is not None:
            raise NotNow("这一步刚才已经做过了，重设码只显示一次。", fix="没有记下，请再重设一次。")


def _give_code(board: Board, account: int, change: str, sent: Sent | None) -> str:
    code = "".join(secrets.choice(codes.ALPHABET) for _ in range(10))
    at = board.now()
    with board.database.write() as tx:
        _change(
            board,
            tx,
            account,
            change,
            password=None,
            reset=_code_hash(account, code),
            reset_until=at + CODE_VALID,
        )
        if sent is not None:
            # The code itself is not remembered: it is shown once.
            people.remember(tx, sent.id, sent.account, str(account), at)
    return code


def _change(
    board: Board, tx: Connection, account: int, change: str, **values: str | int | bool | None
) -> None:
    instance = notices.lock(tx, founding.INSTANCE)
    people.change(tx, account, **values)
    people.end_sessions(tx, account)
    action = actions.Account(account=account, change=change)
    board.append(tx, instance.village, action, CLOCK, Committed())


def _written(board: Board, do: Callable[[Connection], T]) -> T:
    """Write also on a full disk: who cannot sign in cannot take anything down."""
    try:
        with board.database.write() as tx:
            return do(tx)
    except Unavailable:
        if board.reserve is None:
            raise
        with board.reserve.spent(), board.database.write() as tx:
            return do(tx)


def _tried(board: Board, login: str, address: str) -> tuple[Account | None, list[str]]:
    """Count a try before it is judged, so that a hundred at once are not a hundred free ones."""
    at = board.now()
    # A password typed into the wrong field must not stay in a table.
    keys = [f"login:{_fingerprint(login.strip())}"] + ([f"address:{address}"] if address else [])

    def count(tx: Connection) -> Account | None:
        for key in keys:
            slow_down(tx, key, at)
        return people.by_login(tx, login.strip())

    return _written(board, count), keys


def _let_in(tx: Connection, account: Account, keys: list[str], old: str, at: int) -> str:
    for key in keys:
        people.forgive(tx, key)
    if old:
        people.end_session(tx, _fingerprint(old))
    token = secrets.token_hex(32)
    people.open_session(tx, _fingerprint(token), account.id, at + SESSION)
    return token


def _fingerprint(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()


def _code_hash(account: int, code: str) -> str:
    return _fingerprint(f"{account}:{code}")


def _redeems(account: Account, code: str, at: int) -> bool:
    valid = account.reset is not None and (account.reset_until or 0) > at
    given = _code_hash(account.id, codes.normal(code))
    return secrets.compare_digest(given, account.reset or "") and valid


def by_login(board: Board, login: str) -> Account:
    """Give an account by its login; raises NotFound."""
    with board.database.read() as tx:
        account = people.by_login(tx, login.strip())
    if account is None:
        raise NotFound("没有这个登录名。", value=login, fix="请先开账号。")
    return account


def set_password(board: Board, account: int, password: str) -> None:
    """Set a password from beside the machine (command line, demo); every session ends."""
    with board.database.read() as tx:
        login = people.by_id(tx, account).login
    sound(password, login)
    made = hashed(password)
    with board.database.write() as tx:
        _change(board, tx, account, "password", password=made, reset=None, reset_until=None)


def first_code(board: Board, account: int) -> str:
    """Give a one-time code from beside the machine, for a first sign-in or a forgotten password."""
    return _give_code(board, account, "reset", None)
