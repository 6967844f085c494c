"""Founding: the instance, its rules, villages with their first leaf, accounts and offices."""

from collections.abc import Sequence

from msgspec import UNSET
from sqlalchemy import Connection

from noticeboard.board.adopting import OWN, adopted
from noticeboard.board.board import Board, Done, in_force
from noticeboard.board.scanning import refuse, told
from noticeboard.core.actions import (
    Account,
    Appoint,
    Dismiss,
    Establish,
    Genesis,
    Install,
)
from noticeboard.core.parts import Committed, Single, canonical, commit
from noticeboard.core.people import CLOCK, Profile, Village
from noticeboard.core.privacy import scan
from noticeboard.core.problems import NotNow, NotValid
from noticeboard.store import heads, notices, people, screens
from noticeboard.store import rules as bundles

INSTANCE = ""
LONGEST_LOGIN = 40


def found(board: Board, *, origin: str, bundle: bytes, software: str) -> None:
    """Found an empty instance: its own log, the rules in force, the software that runs.

    `origin` is the schema-less name of the instance log. Raises NotNow when it is founded already.
    """
    with board.database.write() as tx:
        if screens.told(tx, "rules") is not None:
            raise NotNow("这块板已经开过了。")
        hash_ = bundles.keep(tx, bundle, board.now())
        screens.tell(tx, "rules", hash_)
        village = Village(code=INSTANCE, origin=origin)
        notices.found(tx, village, Profile(name=""))
        nothing = Committed()
        done = board.append(tx, village, Genesis(village=INSTANCE, keys=()), CLOCK, nothing)
        village = adopted(board, tx, done.village, hash_)
        board.append(tx, village, Install(software=software), CLOCK, nothing)
        screens.tell(tx, "software", software)


def renew(board: Board, *, bundle: bytes, software: str) -> None:
    """Let the instance log say that the rules or the software changed, if they did.

    Rules that a county adopted as its own stay in force.
    """
    with board.database.write() as tx:
        head = notices.lock(tx, INSTANCE)
        village = head.village
        hash_ = bundles.keep(tx, bundle, board.now())
        now = screens.told(tx, "rules")
        if now not in (hash_, screens.told(tx, OWN)):
            village = adopted(board, tx, village, hash_)
        if screens.told(tx, "software") != software:
            board.append(tx, village, Install(software=software), CLOCK, Committed())
            screens.tell(tx, "software", software)


def establish(
    board: Board,
    *,
    code: str,
    origin: str,
    profile: Profile,
    keys: Sequence[str],
    demo: bool = False,
) -> None:
    """Found a village: its head, leaf 0 of its log, and its line in the instance log.

    Raises NotValid for a full identity, phone or card number in what it tells of itself.
    """
    refuse(told(profile))
    with board.database.write() as tx:
        instance = notices.lock(tx, INSTANCE)
        # A code with a dot in it is that of a log that stopped.
        if code == INSTANCE or "." in code:
            raise NotValid("请填村的代码。", value=code, field="code")
        if code in notices.revisions(tx):
            raise NotNow("这个村已经在这块板上了。", value=code)
        if origin in heads.origins(tx):
            raise NotNow("这个日志名已经有了。", value=origin, fix="每个村要有自己的日志名。")
        village = Village(code=code, origin=origin)
        notices.found(tx, village, profile)
        genesis = Genesis(village=code, keys=tuple(keys), demo=True if demo else UNSET)
        board.append(tx, village, genesis, CLOCK, Committed())
        say_established(board, tx, instance.village, village, profile)


def tell(board: Board, code: str, profile: Profile) -> None:
    """Change what a village tells of itself; the instance log commits to it.

    Raises NotValid as `establish`.
    """
    refuse(told(profile))
    with board.database.write() as tx:
        instance = notices.lock(tx, INSTANCE)
        head = notices.lock(tx, code)
        notices.tell(tx, code, profile)
        say_established(board, tx, instance.village, head.village, profile)


def say_established(
    board: Board, tx: Connection, instance: Village, village: Village, profile: Profile
) -> None:
    """Let the instance log say that a village is here, what its log is, what it tells of itself."""
    committed = commit([Single("profile", canonical(profile))], lambda: board.random(32))
    action = Establish(village=village.code, origin=village.origin, parts=committed.parts)
    board.append(tx, instance, action, CLOCK, committed)


def open_account(board: Board, login: str, name: str) -> int:
    """Open an account; gives its random id. Raises NotValid for a login or a name that cannot be.

    Names stand on public pages: one with a full identity, phone or card number in it cannot be.
    """
    login = login.strip()
    if not login or len(login) > LONGEST_LOGIN or any(ch.isspace() for ch in login):
        raise NotValid("登录名要一到四十个字，不能有空格。", value=login, field="login")
    if not name.strip():
        raise NotValid("请填姓名。", field="name")
    refuse(scan([("姓名", name)]))
    id_ = _random_number(board)
    with board.database.write() as tx:
        instance = notices.lock(tx, INSTANCE)
        people.open_account(tx, id_, login, name.strip())
        board.append(
            tx, instance.village, Account(account=id_, change="opened"), CLOCK, Committed()
        )
    return id_


def _random_number(board: Board) -> int:
    # Below 2**53 so that every JSON reader keeps it exactly; never 0, which is the clock.
    return int.from_bytes(board.random(6)) + 1


def appoint(board: Board, village: str, account: int, role: str, by: int | None) -> Done:
    """Give somebody an office in a village; `by` is the account that appoints.

    A village without anybody takes its first administrator by their own word (`by` is themselves).
    """
    with board.database.write() as tx:
        return appointed(board, tx, notices.lock(tx, village).village, account, role, by)


def appointed(
    board: Board, tx: Connection, village: Village, account: int, role: str, by: int | None
) -> Done:
    """Give somebody an office as `appoint`, in a transaction that holds the village's head row."""
    number = _numbered(board, tx, village.code, account)
    name = people.by_id(tx, account).name
    refuse(scan([("姓名", name)]))
    _hash, rules = in_force(tx)
    if role not in rules.offices:
        raise NotValid("没有这个职务。", value=role, field="role")
    committed = commit([Single("name", canonical(name))], lambda: board.random(32))
    action = Appoint(who=number, office=role, parts=committed.parts)
    who = number if by is None or by == account else _numbered(board, tx, village.code, by)
    return board.append(tx, village, action, who, committed)


def _numbered(board: Board, tx: Connection, village: str, account: int) -> int:
    number = people.number_in(tx, village, account)
    if number is None:
        number = _random_number(board)
        people.join(tx, village, account, number)
    return number


def dismiss(board: Board, village: str, account: int, role: str, by: int) -> Done:
    """Take an office from somebody."""
    return board.act(
        village,
        Dismiss(who=board.number_of(account, village), office=role),
        board.number_of(by, village),
    )
