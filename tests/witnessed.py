"""Witnesses of the tests' village: they cosign its head, and the board takes it from them."""

from base64 import b64decode

from noticeboard.board import checkpoints, cosigning
from noticeboard.core.merkle import leaf_hash
from noticeboard.core.notes import COSIGNATURE, Key, read_note, signature
from noticeboard.signing.ed25519 import Private
from tests.cast import VILLAGE, Cast


class Witness:
    """Somebody outside with a key of their own."""

    def __init__(self, name: str) -> None:
        self.private = Private(leaf_hash(name.encode()))
        self.key = Key(f"{name}.example/w", COSIGNATURE, self.private.public)

    def cosign(self, cast: Cast) -> None:
        """Cosign the head that is served now, and hand it in."""
        with cast.board.database.read() as tx:
            note = checkpoints.served(tx, VILLAGE)
        assert note is not None
        text = read_note(note).text
        line = signature(self.key, self.private.sign, text, cast.clock.now).line
        cosigning.hand_in(cast.board, VILLAGE, line.encode())


TOWN, NEIGHBOUR, SCREEN = Witness("town"), Witness("neighbour"), Witness("screen")
POLICY = f"""
witness 乡镇 {TOWN.key.text}
witness 邻村 {NEIGHBOUR.key.text}
witness 大屏 {SCREEN.key.text}
group two 2 乡镇 邻村 大屏
quorum two
"""


def first_of_root(cast: Cast) -> str:
    """Give the first eight characters of the served root, as pages print them."""
    with cast.board.database.read() as tx:
        note = checkpoints.served(tx, VILLAGE)
    assert note is not None
    found = b64decode(read_note(note).text.split(b"\n")[2]).hex()
    return f"{found[:4]} {found[4:8]}"
