"""The witnesses' lines under a served head, checked by whoever knows their keys."""

from collections.abc import Iterator

from noticeboard.auditing.report import Where
from noticeboard.core.checkpoints import Opened
from noticeboard.core.notes import signed_by
from noticeboard.core.policy import Policy
from noticeboard.core.problems import NotValid
from noticeboard.signing.ed25519 import verify


def unsound(head: Opened, policy: Policy) -> Iterator[Where]:
    """Name a witness of the policy whose line under a head is not its own."""
    for line in head.note.signatures:
        alone = type(head.note)(head.note.text, (line,))
        try:
            signed_by(alone, policy.keys, verify)
        except NotValid as problem:
            yield "记录头上见证的签名", str(problem)


def unchecked(head: Opened, policy: Policy) -> Iterator[str]:
    """Say in a sentence which lines under a head nobody here could check."""
    known = {(key.name, key.id) for key in policy.keys}
    names = {
        line.name
        for line in head.note.signatures
        if (line.name, line.id) not in known and line.name != head.checkpoint.origin
    }
    if names:
        who = "、".join(sorted(names))
        yield f"记录头上 {who} 的签名没有核对：这里没有它的公钥，有的话请加 --policy。"
