"""Settings: the environment read once into a frozen value; only the top floor looks at it."""

import os
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from noticeboard.core.problems import NotValid


class Settings(Struct, frozen=True):
    """Where a board lives and how it is reached.

    `home` is the folder of everything a running board writes; `database` an SQLAlchemy address,
    by default SQLite in the home; `public_url` the address QR codes lead to, empty for none.
    `signer` is the socket of a signer in a process of its own, empty for signing in this one, None
    for what the board was told last.
    """

    home: Path
    database: str
    public_url: str = ""
    signer: str | None = None


# Every variable with what it means; the operator's page repeats this table and a test compares.
VARIABLES = {
    "NOTICEBOARD_HOME": "数据文件夹，默认 var",
    "NOTICEBOARD_DATABASE": "数据库地址，默认数据文件夹里的 SQLite；县级用 postgresql://…",
    "NOTICEBOARD_PUBLIC_URL": "二维码打开的地址，例如 https://board.example；不设就不印二维码",
    "NOTICEBOARD_SIGNER": "签名程序的套接字，例如 /run/noticeboard/signer；不设就由本程序签名",
}


def web_address(url: str) -> str:
    """Give an address without the slash at its end; raises NotValid for one that is none."""
    if url and not url.startswith(("http://", "https://")):
        raise NotValid("网址要以 http:// 或 https:// 开头。", value=url)
    return url.rstrip("/")


def read_settings(
    environment: Mapping[str, str] = os.environ,
    home: str | None = None,
    signer: str | None = None,
) -> Settings:
    """Read the settings; `home` and `signer` from the command line win.

    Raises NotValid for a bad address.
    """
    folder = Path(home or environment.get("NOTICEBOARD_HOME") or "var")
    public_url = web_address(environment.get("NOTICEBOARD_PUBLIC_URL", ""))
    database = environment.get("NOTICEBOARD_DATABASE") or f"sqlite:///{folder / 'board.db'}"
    if signer is None:
        signer = environment.get("NOTICEBOARD_SIGNER") or None
    return Settings(folder, database, public_url, signer)
