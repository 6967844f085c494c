"""The heads an outsider has seen of a log: the last one, and every one that does not fit to it.

Like a phone that keeps the last head it was shown: a log that later shows another past is caught by
whoever kept one. They lie in `<home>/seen/<sha256(origin)>/`: `checkpoint`, the `keys` that the log
itself had named by then, the `rules` it was ever kept under, and `other-…` for what contradicts.
"""

from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

from noticeboard.core.checkpoints import Checkpoint, Opened, open_checkpoint, read_checkpoint
from noticeboard.core.notes import ED25519, Key, Note, read_key, read_note
from noticeboard.core.problems import NotValid, Problem, Unavailable
from noticeboard.signing.ed25519 import is_sound, read_trusted, verify


class Seen:
    """What one reader remembers of one log."""

    def __init__(self, home: Path, origin: str) -> None:
        """Remember under a home folder."""
        self.folder = home / "seen" / sha256(origin.encode()).hexdigest()

    def of(self, origin: str) -> "Seen":
        """Give what the same reader remembers of another log."""
        return Seen(self.folder.parent.parent, origin)

    @property
    def note(self) -> Path:
        """Give the file of the last signed head."""
        return self.folder / "checkpoint"

    def last(self) -> Checkpoint | None:
        """Give the last head that was remembered; raises Unavailable for a file that is damaged."""
        try:
            return read_checkpoint(read_note(self.note.read_bytes()).text)
        except FileNotFoundError:
            return None
        except (OSError, Problem) as error:
            raise Unavailable(
                "上次记下的记录头读不出来。",
                value=f"{self.note}：{error}",
                fix="它是上次核对的凭据：请先把它另外收好，再删掉重来。",
            ) from None

    def keys(self) -> tuple[Key, ...]:
        """Give the keys that the log itself had named when it was last found sound."""
        try:
            lines = (self.folder / "keys").read_text("utf-8").split()
        except FileNotFoundError:
            return ()
        return sound_keys(lines)

    def rules(self) -> frozenset[str]:
        """Give the hashes of all rules bundles that were met in this log so far."""
        try:
            return frozenset((self.folder / "rules").read_text("utf-8").split())
        except FileNotFoundError:
            return frozenset()

    def remember(self, note: bytes, keys: tuple[str, ...], rules: Iterable[str] = ()) -> None:
        """Keep a head in the place of the last one, with the keys and rules that go with it."""
        met = sorted(self.rules().union(rules))
        self._put("rules", "".join(f"{hash_}\n" for hash_ in met).encode())
        self._put("keys", "".join(f"{key}\n" for key in keys).encode())
        self._put("checkpoint", note)

    def keep(self, opened: Opened) -> Path:
        """Keep a head that contradicts the last one, as evidence; gives its file."""
        head = opened.checkpoint
        return self._put(f"other-{head.size}-{head.root.hex()[:16]}", opened.note.write())

    def _put(self, name: str, data: bytes) -> Path:
        path = self.folder / name
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            beside = path.with_name(f"{name}.new")
            beside.write_bytes(data)
            beside.replace(path)
        except OSError as error:
            raise Unavailable(
                "记录头记不下来。", value=f"{path}：{error.strerror}", fix="请看 --home 能不能写。"
            ) from None
        return path


def sound_keys(texts: tuple[str, ...] | list[str]) -> tuple[Key, ...]:
    """Read the keys among some texts that somebody can be trusted by."""
    found = []
    for text in texts:
        try:
            key = read_key(text)
        except Problem:
            continue
        if is_sound(key.public):
            found.append(key)
    return tuple(found)


def trusted(vkey: str) -> Key:
    """Read the key of a log that somebody was given on paper; raises NotValid."""
    key = read_trusted(vkey)
    if key.kind != ED25519:
        raise NotValid("这是见证方的公钥，不是日志的。", value=vkey, fix="请看村里墙上印的公钥。")
    return key


def opened(data: bytes, keys: tuple[Key, ...]) -> Opened:
    """Read a signed head by the keys that are trusted; raises NotValid."""
    return open_checkpoint(data, keys, (), verify)


def claimed(data: bytes, origin: str) -> Note:
    """Read a head that is said to be of a log, no signature checked yet; raises NotValid."""
    note = read_note(data)
    if read_checkpoint(note.text).origin != origin:
        raise NotValid("这是别的日志的记录头。", value=read_checkpoint(note.text).origin)
    return note
