"""Accounts, numbers, sign-in sessions, failures and forms already sent."""

from collections.abc import Sequence

from msgspec import Struct
from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from noticeboard.core.problems import NotFound, NotValid
from noticeboard.store.desk_tables import account, failure, form, member, session
from noticeboard.store.tables import head


class Account(Struct, frozen=True):
    """Somebody who can sign in; `password` is an argon2 hash, `reset` that of a one-time code."""

    id: int
    login: str
    name: str
    password: str | None
    reset: str | None
    reset_until: int | None
    closed: bool


class Member(Struct, frozen=True):
    """An account's number in a village: what leaves carry instead of the person."""

    village: str
    number: int
    village_name: str


def open_account(tx: Connection, id_: int, login: str, name: str) -> None:
    """Open an account without a password; raises NotValid if the login is taken."""
    if by_login(tx, login) is not None:
        raise NotValid("这个登录名已经有人用了。", value=login, fix="请换一个。", field="login")
    tx.execute(insert(account), {"id": id_, "login": login, "name": name})


def by_login(tx: Connection, login: str) -> Account | None:
    """Give the account of a login, or None."""
    row = tx.execute(select(account).where(account.c.login == login)).first()
    return Account(**row._mapping) if row else None


def by_id(tx: Connection, id_: int) -> Account:
    """Give an account; raises NotFound."""
    row = tx.execute(select(account).where(account.c.id == id_)).first()
    if row is None:
        raise NotFound("没有这个人。", value=str(id_))
    return Account(**row._mapping)


def every(tx: Connection) -> Sequence[Account]:
    """Give all accounts by login."""
    return [
        Account(**row._mapping) for row in tx.execute(select(account).order_by(account.c.login))
    ]


def change(tx: Connection, id_: int, **values: str | int | bool | None) -> None:
    """Change columns of an account."""
    tx.execute(update(account).where(account.c.id == id_).values(**values))


def number_in(tx: Connection, village: str, account_id: int) -> int | None:
    """Give a person's number in a village, or None if they have none yet."""
    return tx.execute(
        select(member.c.number).where(member.c.village == village, member.c.account == account_id)
    ).scalar()


def join(tx: Connection, village: str, account_id: int, number: int) -> None:
    """Give a person a number in a village."""
    tx.execute(insert(member), {"village": village, "account": account_id, "number": number})


def villages_of(tx: Connection, account_id: int) -> Sequence[Member]:
    """Give the villages in which a person has a number, without logs that stopped for ever."""
    rows = tx.execute(
        select(member.c.village, member.c.number, head.c.name)
        .join(head, head.c.village == member.c.village)
        .where(
            member.c.account == account_id,
            member.c.village != "",
            member.c.village.not_like("%.%"),
        )
        .order_by(member.c.village)
    )
    return [Member(row.village, row.number, row.name) for row in rows]


def names_in(tx: Connection, village: str) -> dict[int, str]:
    """Give the names people are known by in a village, by number."""
    rows = tx.execute(
        select(member.c.number, account.c.name)
        .join(account, account.c.id == member.c.account)
        .where(member.c.village == village)
    )
    return {row.number: row.name for row in rows}


def logins_in(tx: Connection, village: str) -> dict[int, Account]:
    """Give the accounts of a village by number."""
    rows = tx.execute(
        select(member.c.number, *account.c)
        .join(account, account.c.id == member.c.account)
        .where(member.c.village == village)
    )
    return {
        row.number: Account(**{key: row._mapping[key] for key in Account.__struct_fields__})
        for row in rows
    }


def open_session(tx: Connection, token: str, account_id: int, until: int) -> None:
    """Remember a sign-in by the hash of its token."""
    tx.execute(insert(session), {"token": token, "account": account_id, "until": until})


def session_account(tx: Connection, token: str, at: int) -> int | None:
    """Give the account a token hash is signed in as, or None."""
    return tx.execute(
        select(session.c.account)
        .join(account, account.c.id == session.c.account)
        .where(session.c.token == token, session.c.until > at, account.c.closed.is_(False))
    ).scalar()


def end_session(tx: Connection, token: str) -> None:
    """Sign out one session."""
    tx.execute(delete(session).where(session.c.token == token))


def end_sessions(tx: Connection, account_id: int) -> None:
    """Sign a person out everywhere."""
    tx.execute(delete(session).where(session.c.account == account_id))


def sweep(tx: Connection, at: int) -> None:
    """Forget sessions that are over, forms older than two days, failures older than one."""
    tx.execute(delete(session).where(session.c.until <= at))
    tx.execute(delete(form).where(form.c.at <= at - 2 * 86_400))
    tx.execute(delete(failure).where(failure.c.at <= at - 86_400))


def failures(tx: Connection, key: str) -> tuple[int, int]:
    """Give how often signing in as `key` has failed in a row, and when last."""
    row = tx.execute(select(failure.c.count, failure.c.at).where(failure.c.key == key)).first()
    return (row.count, row.at) if row else (0, 0)  # type: ignore[return-value]  # a Row's `count` is the column here


def fail(tx: Connection, key: str, count: int, at: int) -> None:
    """Remember a failed sign-in."""
    dialect = sqlite if tx.dialect.name == "sqlite" else postgresql
    values = {"key": key, "count": count, "at": at}
    tx.execute(
        dialect.insert(failure)
        .values(values)
        .on_conflict_do_update(index_elements=["key"], set_={"count": count, "at": at})
    )


def forgive(tx: Connection, key: str) -> None:
    """Forget the failures after a good sign-in."""
    tx.execute(delete(failure).where(failure.c.key == key))


def first_result(tx: Connection, id_: str, account_id: int) -> str | None:
    """Give what a form answered when it was sent the first time, or None."""
    return tx.execute(
        select(form.c.result).where(form.c.id == id_, form.c.account == account_id)
    ).scalar()


def remember(tx: Connection, id_: str, account_id: int, result: str, at: int) -> None:
    """Remember what a form answered, in the transaction that did it."""
    tx.execute(insert(form), {"id": id_, "account": account_id, "result": result, "at": at})
