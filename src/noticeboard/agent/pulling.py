"""Pulling: a witness that nobody can reach fetches a log's head itself and hands its line back."""

import re
import time
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Final

from msgspec import Struct

from noticeboard.agent.mirror import Mirror
from noticeboard.agent.published import Published
from noticeboard.core.checkpoints import Checkpoint, Opened, opened
from noticeboard.core.mirrors import Mirrored
from noticeboard.core.notes import Note, read_note
from noticeboard.core.problems import NotAllowed, NotNow, NotValid, Problem, Unavailable
from noticeboard.core.tree import Tree
from noticeboard.core.witnessing import Offer, Refused
from noticeboard.net.client import fetch
from noticeboard.net.sources import HttpSource
from noticeboard.signing.ed25519 import verify
from noticeboard.signing.witness import Witness

# A date this old is renewed, in seconds; what was not taken is handed in again after as many.
FRESH: Final = 600
AGAIN: Final = 60
_OK: Final = 200
_NOT_LISTED: Final = 403
_ANSWER: Final = 64 * 1024


class Did(Struct, frozen=True):
    """What one contact came to: the head that stands, and whether a line was handed in for it.

    `mirrored` is the size up to which a mirror holds all and erased what was ordered, or None.
    `strange` are the short numbers of keys that sign for the log and that nobody told of here.
    """

    head: Checkpoint
    handed: bool
    mirrored: int | None
    strange: tuple[str, ...] = ()


class Pull:
    """One log at `url` (its prefix), witnessed and, with `mirrors`, mirrored below that folder."""

    def __init__(self, url: str, witness: Witness, mirrors: Path | None = None) -> None:
        """Pull for a witness, in one thread."""
        self.url = url.rstrip("/")
        self.witness = witness
        self.mirrors = mirrors
        self._source = HttpSource(self.url)
        self._mirror: Mirror | None = None
        self._tried: dict[str, tuple[bytes, float]] = {}

    def once(self) -> Did:
        """Make contact once. Raises a Problem that says what is wrong with the log or the line.

        A log that shows less than it did, or another past, is shown what it signed itself, so that
        it stops; the witness keeps the evidence.
        """
        try:
            return self._contact()
        finally:
            self._source.close()

    def _contact(self) -> Did:
        published = Published(self._source)
        found = self._opened(published)
        new, held = found.checkpoint, self.witness.held(found.checkpoint.origin)
        if held is not None and new.size < held.size:
            self._object(new.origin)
            # A board that was put back still takes down; nothing else of its list is followed.
            if (mirror := self._mirror_of(new.origin)) is not None:
                mirror.shed(published, self.witness.clock())
            raise NotNow(
                "这个日志给的比它签过的少：记录丢了，或者被换回旧的了。",
                value=f"{new.size} < {held.size}",
            )
        tree = Tree(new, published.tile)
        holds, proof = tree.proof(held)
        offer = Offer(held.size if held else 0, proof, found.note)
        if not holds:
            with suppress(Refused):
                self.witness.add(offer.write())
            self._object(new.origin)
            raise NotValid("这个日志签了两个不一样的过去，证据留下了。", value=new.origin)
        mirror = self._mirror_of(new.origin)
        if mirror is not None:
            mirror.grow(found, tree, published)
        handed = self._cosign(found, held, offer)
        done = mirror.shed(published, self.witness.clock()) if mirror is not None else None
        if mirror is not None and done is not None:
            # What was dropped is dropped, whatever becomes of what is new.
            self._confirm(new.origin, done)
            mirror.fill(published)
        return Did(new, handed, done, self._strange(found.note, new.origin))

    def _opened(self, published: Published) -> Opened:
        note = published.note()
        origin = note.text.partition(b"\n")[0].decode()
        keys = self.witness.trusted(origin)
        if not keys:
            raise NotAllowed(
                "这个日志的公钥没有告诉这里。", value=origin, fix="请用 --key 加上它的公钥。"
            )
        strange = self._strange(note, origin)
        if strange and not {key.id for key in keys} & {line.id for line in note.signatures}:
            # Whoever can change what is fetched could change the key too: it is told by a person.
            raise NotAllowed(
                "这个日志换了钥匙，新的公钥没有告诉这里，先不签。",
                value=f"{origin} {' '.join(strange)}",
                fix="请当面问现在的公钥，对过再用 --trust 加上。",
            )
        return opened(note, keys, (), verify)

    def _strange(self, note: Note, origin: str) -> tuple[str, ...]:
        known = {key.id for key in self.witness.trusted(origin)}
        lines = [one.id for one in note.signatures if one.name == origin]
        return tuple(id_.hex() for id_ in lines if id_ not in known)

    def _mirror_of(self, origin: str) -> Mirror | None:
        if self.mirrors is None:
            return None
        if self._mirror is None or self._mirror.origin != origin:
            self._mirror = Mirror(self.mirrors / folder_of(origin), origin)
        return self._mirror

    def _cosign(self, found: Opened, held: Checkpoint | None, offer: Offer) -> bool:
        """Cosign what is new or long ago, and hand in what the log does not show yet."""
        shown = max(self.witness.dates(found.note), default=0)
        if held == found.checkpoint and self.witness.clock() - shown < FRESH:
            return False
        given = self._note_of(found.checkpoint.origin)
        if held != found.checkpoint or self._age(given) >= FRESH:
            try:
                self.witness.add(offer.write())
            except Refused as refused:
                # Somebody else brought this witness further in between: the next contact sees it.
                raise NotNow("见证刚刚签了别的，下次再来。", value=str(refused)) from None
            given = self._note_of(found.checkpoint.origin)
        return self._hand("cosignatures", given)

    def _age(self, note: bytes) -> int:
        dated = self.witness.dates(read_note(note)) if note else []
        return self.witness.clock() - max(dated, default=0)

    def _note_of(self, origin: str) -> bytes:
        return self.witness.note(sha256(origin.encode()).hexdigest()) or b""

    def _object(self, origin: str) -> None:
        """Show the log what it signed itself."""
        with suppress(Problem):
            self._hand("cosignatures", self._note_of(origin))

    def _confirm(self, origin: str, size: int) -> None:
        said, at = self._tried.get("mirrored", (b"", 0.0))
        if said == b"%d" % size and time.monotonic() - at < FRESH:
            return
        word = Mirrored(origin, size, self.witness.clock())
        note = self.witness.confirm(word.text, word.at).write()
        # Nobody need list a mirror: then it goes on, and nobody waits for its word.
        _post(f"{self.url}/mirrored", note, also=_NOT_LISTED)
        self._tried["mirrored"] = (b"%d" % size, time.monotonic())

    def _hand(self, where: str, data: bytes) -> bool:
        said, at = self._tried.get(where, (b"", 0.0))
        if said == data and time.monotonic() - at < AGAIN:
            return False
        self._tried[where] = (data, time.monotonic())
        _post(f"{self.url}/{where}", data)
        return True


def folder_of(origin: str) -> str:
    """Give the name of a mirror's folder: one that a person can read, and no other log has."""
    readable = re.sub(r"[^A-Za-z0-9.-]+", "_", origin).strip("._")[:80]
    return f"{readable}-{sha256(origin.encode()).hexdigest()[:8]}"


def _post(url: str, data: bytes, also: int = _OK) -> None:
    answer = fetch(url, body=data, limit=_ANSWER, headers={"Content-Type": "text/plain"})
    if answer.status not in (_OK, also):
        said = answer.body.decode("utf-8", "replace").strip()[:200]
        raise Unavailable("公开板没有收下。", value=f"{url} {answer.status} {said}")
