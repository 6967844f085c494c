"""Rules bundles: stored by their hash for ever, decoded once."""

from functools import lru_cache

from sqlalchemy import Connection, select
from sqlalchemy.dialects import postgresql, sqlite

from noticeboard.core.problems import NotFound
from noticeboard.core.rules import Rules, bundle_hash, decode
from noticeboard.store.tables import rules


@lru_cache(maxsize=16)
def _decoded(_hash: str, bundle: bytes) -> Rules:
    return decode(bundle)


def keep(tx: Connection, bundle: bytes, at: int) -> str:
    """Store a bundle if it is new; gives its hash."""
    hash_ = bundle_hash(bundle)
    dialect = sqlite if tx.dialect.name == "sqlite" else postgresql
    tx.execute(
        dialect.insert(rules).values(hash=hash_, bundle=bundle, at=at).on_conflict_do_nothing()
    )
    return hash_


def get(tx: Connection, hash_: str) -> Rules:
    """Give the rules of a hash; raises NotFound."""
    bundle = tx.execute(select(rules.c.bundle).where(rules.c.hash == hash_)).scalar()
    if bundle is None:
        raise NotFound("没有这套规则。", value=hash_)
    return _decoded(hash_, bytes(bundle))


def every(tx: Connection) -> dict[str, tuple[Rules, bytes]]:
    """Give all bundles by hash, decoded and as their bytes, for an audit."""
    rows = tx.execute(select(rules.c.hash, rules.c.bundle))
    return {row.hash: (_decoded(row.hash, bytes(row.bundle)), bytes(row.bundle)) for row in rows}
