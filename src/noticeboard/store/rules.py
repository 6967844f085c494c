"""Rules bundles: stored by their hash for ever, decoded once."""

from sqlalchemy import Connection, select
from sqlalchemy.dialects import postgresql, sqlite

from noticeboard.core.problems import NotFound
from noticeboard.core.rules import Rules, bundle_hash, decode
from noticeboard.store.tables import rules

# A hash names its bundle for ever, so what was decoded once need not even be read again. A board
# has a handful of bundles in all its life.
_decoded: dict[str, Rules] = {}


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
    known = _decoded.get(hash_)
    if known is not None:
        return known
    bundle = tx.execute(select(rules.c.bundle).where(rules.c.hash == hash_)).scalar()
    if bundle is None:
        raise NotFound("没有这套规则。", value=hash_)
    return _decoded.setdefault(hash_, decode(bytes(bundle)))


def bundle(tx: Connection, hash_: str) -> bytes | None:
    """Give a bundle's bytes as they are stored, or None."""
    raw = tx.execute(select(rules.c.bundle).where(rules.c.hash == hash_)).scalar()
    return None if raw is None else bytes(raw)


def stored(tx: Connection) -> list[tuple[str, bytes]]:
    """Give (hash, bytes) of all bundles as they are stored, for an audit."""
    return [(row.hash, bytes(row.bundle)) for row in tx.execute(select(rules))]
