"""A log's signing keys: Ed25519 note keys, one file each, that never leave their folder.

While keys are exchanged a log has several and each signs. The first one's file is named by the
log (`<16 hex of SHA-256(origin)>.key`), a later one's also by its key id (`….<8 hex>.key`); each
holds the 32 bytes of the seed and nothing else. A retired key's file ends in `.retired`.
"""

from hashlib import sha256
from pathlib import Path
from secrets import token_bytes

from msgspec import Struct

from noticeboard.core.checkpoints import Checkpoint
from noticeboard.core.merkle import EMPTY
from noticeboard.core.notes import ED25519, Key, is_name
from noticeboard.core.problems import NotFound, NotNow, NotValid, Unavailable
from noticeboard.signing.disk import Disk, locked, read_secret, unwritable
from noticeboard.signing.ed25519 import SEED, Private

DISK = Disk()


class Held(Struct, frozen=True):
    """A key that signs: its public half under the log's name, its private half, its file."""

    key: Key
    private: Private
    path: Path


def stem(origin: str) -> str:
    """Give what the names of a log's files in the signer's folder begin with."""
    return sha256(origin.encode()).hexdigest()[:16]


def lock_of(folder: Path) -> Path:
    """Give the file under whose lock anything in a signer's folder changes."""
    return folder / "lock"


def state_of(folder: Path, origin: str) -> Path:
    """Give the file that remembers the largest tree the signer put its name under."""
    return folder / f"{stem(origin)}.state"


def stop_of(folder: Path, origin: str) -> Path:
    """Give the file that says a log has stopped, and in its second line which one follows."""
    return folder / f"{stem(origin)}.stopped"


def make_folder(folder: Path) -> None:
    """Make the signer's folder, which only its owner may enter; raises Unavailable."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise unwritable(folder, error) from None


def keys_of(folder: Path, origin: str) -> tuple[Held, ...]:
    """Give the keys by which a log signs now, in an order that stays; none for an unknown log.

    Raises Unavailable for a key file that is damaged or that others may read.
    """
    return tuple(_held(path, origin) for path in sorted(folder.glob(f"{stem(origin)}*.key")))


def _held(path: Path, origin: str) -> Held:
    seed = read_secret(path)
    if seed is None or len(seed) != SEED:
        raise Unavailable(
            "这个文件不是签名钥匙。", value=str(path), fix="请把单独收着的那一份拿来放好。"
        )
    private = Private(seed)
    return Held(Key(origin, ED25519, private.public), private, path)


def new_key(folder: Path, origin: str, disk: Disk = DISK) -> str:
    """Make a new log's first key and its state at size 0; gives the verifier text for leaf 0.

    Only what founds a log calls this: `init`, `village add` and the demo. Raises NotNow when the
    log has a key or a state already: a second beginning would be a second truth; NotValid for a
    name that cannot stand in a key.
    """
    if not is_name(origin):
        raise NotValid("日志名不带 http://，也不能有空格和加号。", value=origin)
    make_folder(folder)
    nothing = Checkpoint(origin, 0, EMPTY).text
    with locked(lock_of(folder)):
        # A beginning that broke off left the state alone: nothing can have been signed then.
        if keys_of(folder, origin) or read_secret(state_of(folder, origin)) not in (None, nothing):
            raise NotNow("这个日志已经有签名钥匙了。", value=origin, fix="请换一个日志名。")
        seed = token_bytes(SEED)
        disk.put(state_of(folder, origin), nothing)
        disk.put(folder / f"{stem(origin)}.key", seed)
    return Key(origin, ED25519, Private(seed).public).text


def add_key(folder: Path, origin: str, disk: Disk = DISK) -> str:
    """Make one more key, which signs beside the others from now on; gives its verifier text.

    A log whose keys are lost but whose state is there gets one too. Raises NotFound for a log of
    which neither is here.
    """
    with locked(lock_of(folder)):
        if not (state_of(folder, origin).exists() or keys_of(folder, origin)):
            raise no_key(origin)
        seed = token_bytes(SEED)
        key = Key(origin, ED25519, Private(seed).public)
        disk.put(folder / f"{stem(origin)}.{key.id.hex()}.key", seed)
    return key.text


def retire_key(folder: Path, origin: str, vkey: str, disk: Disk = DISK) -> Path:
    """Let a key sign no more; gives the file it lies in now. A key already retired stays so.

    Raises NotFound for a key that is not here, NotNow for the last one.
    """
    with locked(lock_of(folder)):
        held = keys_of(folder, origin)
        found = [one for one in held if one.key.text == vkey]
        if not found:
            return _retired(folder, origin, vkey)
        if len(held) == 1:
            raise NotNow("这是最后一把钥匙。", value=vkey, fix="请先 noticeboard keys rotate。")
        path = found[0].path
        aside = folder / f"{stem(origin)}.{found[0].key.id.hex()}.retired"
        try:
            disk.rename(path, aside)
            disk.sync_folder(folder)
        except OSError as error:
            raise unwritable(path, error) from None
        return aside


def _retired(folder: Path, origin: str, vkey: str) -> Path:
    for path in folder.glob(f"{stem(origin)}.*.retired"):
        if _held(path, origin).key.text == vkey:
            return path
    raise NotFound("这里没有这把钥匙。", value=vkey, fix="请看 noticeboard keys show。")


def no_key(origin: str) -> NotFound:
    """Say that a log is unknown to this signer."""
    return NotFound(
        "这里没有这个日志的签名钥匙。",
        value=origin,
        fix="请看数据文件夹（--home）对不对，或者把单独收着的 signer/ 里的钥匙放回来。",
    )
