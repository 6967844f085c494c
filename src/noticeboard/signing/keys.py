"""The log's signing keys: Ed25519 note keys, made once by `init` and never leaving their folder.

Format of the verifier text: C2SP signed-note, `<name>+<key id>+<base64(type ‖ public key)>`, where
the key id is the first 4 bytes of SHA-256(name ‖ newline ‖ type ‖ public key).
"""

import os
from base64 import b64encode
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from noticeboard.core.problems import NotNow

ED25519 = b"\x01"


def vkey(name: str, public: bytes) -> str:
    """Write a log's verifier key as text."""
    typed = ED25519 + public
    key_id = sha256(name.encode() + b"\n" + typed).digest()[:4]
    return f"{name}+{key_id.hex()}+{b64encode(typed).decode()}"


def new_key(folder: Path, origin: str) -> str:
    """Make a log's key in a folder only its owner may read; gives the verifier text for leaf 0.

    Raises NotNow when this log has a key already: a second one would be a second truth.
    """
    private = Ed25519PrivateKey.generate()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"{sha256(origin.encode()).hexdigest()[:16]}.key"
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise NotNow("这个日志已经有签名钥匙了。", value=origin) from None
    with os.fdopen(handle, "wb") as file:
        file.write(private.private_bytes_raw())
        file.flush()
        os.fsync(file.fileno())
    public = private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return vkey(origin, public)
