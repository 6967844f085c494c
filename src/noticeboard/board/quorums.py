"""Which witnesses' lines count under a policy, how fresh they are, and which of them are enough."""

from collections.abc import Iterator, Sequence
from functools import lru_cache

from noticeboard.core.notes import Key, Note, read_note, read_signatures, signed_by
from noticeboard.core.policy import Policy
from noticeboard.core.problems import NotValid
from noticeboard.signing.ed25519 import verify
from noticeboard.store.checkpoints import Cosigned, Signed


def of_policy(
    cosigned: Sequence[Cosigned], policy: Policy, until: int | None = None
) -> dict[Key, int]:
    """Give when each witness of the policy cosigned; lines of other keys do not count."""
    known = {(key.name, key.id): key for key in policy.keys}
    found = {}
    for one in cosigned:
        try:
            (line,) = read_signatures(one.line.encode())
        except (NotValid, ValueError):  # damaged here: it counts for nothing, and an audit names it
            continue
        key = known.get((line.name, line.id))
        if key is not None and (until is None or one.at <= until):
            found[key] = one.at
    return found


def unsound(signed: Signed, cosigned: Sequence[Cosigned], policy: Policy) -> Iterator[str]:
    """Say which kept lines under a head are not what they say, each checked under its key.

    A line was checked when it came; what is other now was changed here. Of keys that are not in the
    policy nothing can be said.
    """
    try:
        text = read_note(signed.note).text
    except NotValid:
        return  # the head itself is damaged, and named where heads are checked
    keys = tuple(policy.keys)
    yield from filter(None, (_wrong(text, one, keys) for one in cosigned))


def genuine(signed: Signed, cosigned: Sequence[Cosigned], policy: Policy) -> tuple[Cosigned, ...]:
    """Give the kept lines without those that are not what they say: they count for nothing.

    One wrong line of a known key would have the whole note refused by whoever reads it.
    """
    try:
        text = read_note(signed.note).text
    except NotValid:
        return ()
    keys = tuple(policy.keys)
    return tuple(one for one in cosigned if not _wrong(text, one, keys))


@lru_cache(maxsize=4096)
def _wrong(text: bytes, one: Cosigned, keys: tuple[Key, ...]) -> str:
    """Say what is wrong with a line under a note's text, "" for nothing; every page asks."""
    try:
        said = read_signatures(one.line.encode())
        found = signed_by(Note(text, said), keys, verify)
    except (NotValid, ValueError) as problem:
        return f"{one.name} 的签名不对：{problem}"
    alone = [line.name for line in said] == [one.name]
    if not alone or (found and found[0].at != one.at):
        return f"{one.name} 的签名和存的名字、时间对不上。"
    return ""


def freshest(agreed: dict[Key, int], policy: Policy) -> tuple[bool, int | None]:
    """Say whether the quorum is met, and when the last of the freshest that meet it looked."""
    enough = _first(agreed, policy)
    return policy.met(enough), agreed[enough[-1]] if enough else None


def _first(agreed: dict[Key, int], policy: Policy) -> list[Key]:
    """Give the freshest that meet the quorum, the freshest first; all where they do not."""
    enough: list[Key] = []
    for key in sorted(agreed, key=lambda key: agreed[key], reverse=True):
        enough.append(key)
        if policy.met(enough):
            break
    return enough


def needed(cosigned: Sequence[Cosigned], policy: Policy) -> Sequence[Cosigned]:
    """Give the lines of the freshest quorum, each of which it needs; of the policy's all if none.

    Where the quorum needs nobody it is the freshest line alone.
    """
    enough = _first(of_policy(cosigned, policy), policy)
    for key in reversed(tuple(enough)):
        rest = [one for one in enough if one != key]
        if rest and policy.met(rest):
            enough = rest
    names = {key.name for key in enough}
    return [one for one in cosigned if one.name in names]
