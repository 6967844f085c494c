"""A PostgreSQL of the tests' own: made in a temporary folder, gone when they end."""

import os
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql


@dataclass(frozen=True)
class Postgres:
    """A running server on this machine; trusts everybody, keeps nothing after a crash."""

    port: int
    folder: Path

    def url(self, database: str) -> str:
        """Give the SQLAlchemy URL of a database of this server."""
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/{database}"

    def run(self, command: str, database: str) -> None:
        """Run a command about a database, outside of a transaction."""
        where = f"host=127.0.0.1 port={self.port} user=postgres dbname=postgres"
        with psycopg.connect(where, autocommit=True) as connection:
            connection.execute(sql.SQL(command).format(sql.Identifier(database)))

    @contextmanager
    def fresh(self) -> Iterator[str]:
        """Make an empty database, give its URL, and drop it whoever is still connected."""
        name = f"test_{secrets.token_hex(6)}"
        self.run("CREATE DATABASE {}", name)
        try:
            yield self.url(name)
        finally:
            self.run("DROP DATABASE {} WITH (FORCE)", name)


@contextmanager
def throw_away_cluster() -> Iterator[Postgres | None]:
    """Start the newest server that Debian has installed; None where there is none.

    The server refuses to run as root, so root hands it to the user that Debian's package made.
    """
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=_version)
    if not found:
        yield None
        return
    programs = found[-1].parent
    folder = Path(tempfile.mkdtemp(prefix="noticeboard-pg-"))
    become: list[str] = []
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
        become = ["runuser", "-u", "postgres", "--"]

    def run(program: str, *words: str) -> None:
        # From `/`, since the server's user may not enter the folder the tests run in.
        command = [*become, str(programs / program), "-D", str(folder / "data"), *words]
        subprocess.run(command, cwd="/", check=True, stdout=subprocess.DEVNULL)

    # C.UTF-8: sorted by code point, yet knows what a Chinese letter is.
    run("initdb", "-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
    port = _free_port()
    options = (
        f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 "
        "-c fsync=off -c full_page_writes=off -c synchronous_commit=off"
    )
    run("pg_ctl", "-w", "-l", str(folder / "log"), "-o", options, "start")
    try:
        yield Postgres(port, folder)
    finally:
        run("pg_ctl", "-m", "immediate", "stop")
        shutil.rmtree(folder)


def _version(initdb: Path) -> int:
    return int(initdb.parts[-3])


def _free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])
