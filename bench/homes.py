"""The demo in a home folder, for what is measured on a running server."""

import time
from pathlib import Path

from noticeboard.cli import demo
from noticeboard.store.database import Database


def demo_home(home: Path) -> dict[str, str]:
    """Build the demo in a folder as it stands now; gives the notices' codes by key."""
    home.mkdir()
    database = Database(f"sqlite:///{home / 'board.db'}")
    database.upgrade()
    try:
        return demo.build(database, home, int(time.time()))
    finally:
        database.close()
