"""The board that pictures are taken of can be built as the program is now."""

import runpy
from pathlib import Path

from noticeboard.store import drafts
from noticeboard.store.database import Database

TOOL = Path(__file__).resolve().parents[2] / "tools" / "pictures_board.py"


def test_the_board_of_the_pictures_is_built(tmp_path: Path) -> None:
    """Every draft that a picture shows is there; a roster paid again is waiting for review."""
    codes = runpy.run_path(str(TOOL))["build"](tmp_path / "home")
    database = Database(f"sqlite:///{tmp_path / 'home' / 'board.db'}")
    with database.read() as tx:
        begun = {draft.code for draft in drafts.of_village(tx, "shili")}
    database.close()
    assert {codes[name] for name in ("half", "photo", "contract", "table")} <= begun
    assert codes["waiting"] not in {*begun, codes["roster"]}
