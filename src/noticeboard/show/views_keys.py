"""A village's public keys and the head of its log today, on A4 for the wall of its hall."""

from functools import lru_cache
from typing import ClassVar, Final

from markupsafe import Markup
from msgspec import Struct
from sqlalchemy import Connection

from noticeboard.board.checkpoints import policy_of, witnessed
from noticeboard.board.former import former
from noticeboard.board.last_good import last_good
from noticeboard.core.notes import Key, read_key
from noticeboard.formats import qr
from noticeboard.show import routes
from noticeboard.show.facts import Place
from noticeboard.show.render import View
from noticeboard.show.standing_still import for_good, in_short
from noticeboard.show.texts import Text, Words, day, moment, text
from noticeboard.show.witnessing import beyond
from noticeboard.show.witnessing import witnessed as in_words

# So much of a root is compared by eye, and typed where a log begins again from what hangs here.
FIRST: Final = 16


class KeyOnWall(Struct, frozen=True, kw_only=True):
    """A public key: whose (a witness's word in the policy), its name, short id, and itself.

    `pieces` are its text behind the name, four characters each, `qr` the whole of it.
    """

    whose: str
    name: str
    id: str
    pieces: tuple[str, ...]
    qr: Markup


class HeadOnWall(Struct, frozen=True, kw_only=True):
    """The signed head: how many entries, its first characters in fours, when, as QR.

    It is the one that witnesses cosigned, where they did: the paper is good for what others have
    seen too, and words about them stand beside no other.
    """

    size: int
    pieces: tuple[str, ...]
    signed: Words
    qr: Markup


class KeysView(View, frozen=True, kw_only=True):
    """The paper for the wall. `head` is None before the log is first signed.

    Of a log that stands still (`frozen` says since when and why, `good` that it stopped for good)
    it is the last that fits the entries that are here, None where none does; and the paper says
    that it is not to hang.
    """

    template: ClassVar[str] = "poster/keys.html"
    sheets: ClassVar[tuple[str, ...]] = ("tokens", "poster", "keys")

    title: Words
    village: str
    mark: str
    at: int
    keys: tuple[KeyOnWall, ...]
    head: HeadOnWall | None
    witnessed: Words
    beyond: Words
    witnesses: tuple[KeyOnWall, ...]
    frozen: Words
    good: bool
    follows: Words
    address: str


def keys_view(tx: Connection, where: Place, at: int, public_url: str | None) -> KeysView:
    """Give the paper as it is to hang from now on."""
    policy = policy_of(tx)
    standing = witnessed(tx, where.code, policy, at)
    signed = standing.signed if standing else None
    if where.frozen:
        signed = last_good(tx, where.code)
    if standing is not None and standing.signed != signed:
        standing = None
    head = None
    if signed is not None:
        head = HeadOnWall(
            size=signed.size,
            pieces=_fours(signed.root.hex()[:FIRST]),
            signed=moment(signed.at),
            qr=_qr(signed.note.decode()),
        )
    return KeysView(
        title=text("{village}的钥匙和记录头", village=where.profile.name),
        village=where.profile.name,
        mark=where.profile.mark,
        at=at,
        keys=tuple(_key("", read_key(key)) for key in where.village.keys),
        head=head,
        witnessed=in_words(standing) if standing else "",
        beyond=beyond(standing),
        witnesses=tuple(_key(one.name, one.key) for one in policy.witnesses.values()),
        frozen=in_short(where, at),
        good=for_good(where),
        follows=follows(tx, where),
        address=f"{public_url}{routes.Keys(where.code).path}" if public_url else "",
    )


def follows(tx: Connection, where: Place) -> Words:
    """Say which log this one goes on from, since when and why; nothing of a first one."""
    before = former(tx, where.code)
    if before is None:
        return ""
    ground = where.rules.grounds.get("genesis", {}).get(before.ground)
    return text(
        "从 {when} 起，这个日志接着以前的一个：{ground}。以前的记到第 {n} 条，"
        "记录头是 {head}，照样能看。",
        when=day(before.since),
        ground=Text(ground.text, english=ground.english) if ground else before.ground,
        n=before.head.size,
        head=f"{before.head.root.hex()[:4]} {before.head.root.hex()[4:8]}",
    )


def _key(whose: str, key: Key) -> KeyOnWall:
    id_, behind = key.text.removeprefix(f"{key.name}+").split("+", 1)
    return KeyOnWall(
        whose=whose,
        name=key.name,
        id=" ".join(_fours(id_)),
        pieces=_fours(behind),
        qr=_qr(key.text),
    )


def _fours(text_: str) -> tuple[str, ...]:
    return tuple(text_[at : at + 4] for at in range(0, len(text_), 4))


@lru_cache(maxsize=64)
def _qr(content: str) -> Markup:
    return Markup(qr.svg(content))  # noqa: S704 - our own SVG
