"""The board that pictures are taken of: the demo at one fixed moment, served as it stands there.

`python tools/pictures_board.py HOME PORT` serves a home that `build` made; its clock stands still.
"""

import sys
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw

from noticeboard import importing, shipped
from noticeboard.board import (
    Board,
    attaching,
    checkpoints,
    cosigning,
    drafting,
    founding,
    freezing,
)
from noticeboard.board.second_path import AHEAD
from noticeboard.cli import demo
from noticeboard.compose import serve
from noticeboard.core.days import instant
from noticeboard.core.merkle import leaf_hash
from noticeboard.core.notes import COSIGNATURE, Key, read_note, signature
from noticeboard.core.people import Profile
from noticeboard.formats.attachments import clean
from noticeboard.signing.ed25519 import Private
from noticeboard.store import people, screens
from noticeboard.store.database import Database
from noticeboard.store.screens import Screen

HOST = "127.0.0.1"
PUBLIC_URL = "http://board.example"
VILLAGE, EMPTY, FROZEN = "shili", "xincun", "lvshui"
MOMENT = instant("2026-04-17", "14:05")


def build(home: Path) -> dict[str, str]:
    """Build the demo, an empty village, and what lies on the desk; gives codes by what they are."""
    home.mkdir(parents=True)
    database = _database(home)
    database.upgrade()
    codes = demo.build(database, home, MOMENT)
    board = Board(database, clock=lambda: MOMENT, home=home)
    _witnesses(board)
    _empty_village(board)
    _frozen_village(board)
    codes |= _on_the_desk(board)
    database.close()
    return codes


def _database(home: Path) -> Database:
    return Database(f"sqlite:///{home / 'board.db'}")


def _witnesses(board: Board) -> None:
    """Let two of three witnesses look at each log, ten minutes ago; anybody knows their keys."""
    privates = {name: Private(leaf_hash(name.encode())) for name in ("town", "neighbour", "hall")}
    keys = {
        name: Key(f"{name}.example/w", COSIGNATURE, one.public) for name, one in privates.items()
    }
    words = {"town": "乡镇", "neighbour": "邻村大屏", "hall": "村部大屏"}
    lines = [f"witness {words[name]} {key.text}" for name, key in keys.items()]
    group = f"group two 2 {' '.join(words.values())}"
    checkpoints.set_policy(board, "\n".join([*lines, group, "quorum two", ""]))
    for village in (VILLAGE, "hujiaping"):
        with board.database.read() as tx:
            note = checkpoints.served(tx, village)
        assert note is not None
        text = read_note(note).text
        for name in ("town", "neighbour"):
            line = signature(keys[name], privates[name].sign, text, MOMENT - 600).line
            cosigning.hand_in(board, village, line.encode())


def _empty_village(board: Board) -> None:
    origin = f"{demo.ORIGIN}/v/{EMPTY}"
    profile = Profile(name="新村", mark="示例数据")
    founding.establish(board, code=EMPTY, origin=origin, profile=profile, keys=(), demo=True)
    with board.database.write() as tx:
        hall = Screen(EMPTY, f"{EMPTY}-hall", "村部大屏", 1080, 1920, MOMENT, retired=False)
        screens.add(tx, hall)


def _frozen_village(board: Board) -> None:
    """Let a village's log stand still, as after a backup was brought back."""
    origin = f"{demo.ORIGIN}/v/{FROZEN}"
    profile = Profile(name="绿水村", mark="示例数据")
    founding.establish(board, code=FROZEN, origin=origin, profile=profile, keys=(), demo=True)
    with board.database.read() as tx:
        account = people.by_login(tx, "admin")
    assert account is not None
    founding.appoint(board, FROZEN, account.id, "admin", account.id)
    with board.database.write() as tx:
        freezing.freeze(tx, FROZEN, AHEAD)


def _on_the_desk(board: Board) -> dict[str, str]:
    """Leave a draft half typed, one with a photograph, and one sent for review."""
    with board.database.read() as tx:
        account = people.by_login(tx, "anna")
    assert account is not None
    anna = board.number_of(account.id, VILLAGE)
    half = drafting.start(
        board,
        VILLAGE,
        "spending",
        anna,
        {
            "title": "2026年4月财务收支",
            "covers": "2026-04",
            "opening": "24,269.50",
            "closing": "23,000",
            "rows": [
                {"date": "2026-04-03", "voucher": "记-1", "summary": "买灯泡", "expense": "320.00"},
                {"date": "2026-04-31", "voucher": "记-2", "summary": "其他", "expense": "约900"},
            ],
        },
    )
    photo = drafting.start(
        board,
        VILLAGE,
        "announcement",
        anna,
        {"title": "村部门前的路修好了", "text": "昨天修好了，可以走车。", "place": "村部门前"},
    )
    attaching.attach(board, VILLAGE, photo.code, anna, clean(_photograph(), "lu.jpg"), "修好的路")
    roster = (shipped("data") / "demo" / "roster-2026.xlsx").read_bytes()
    # It is public already; paid a second time it is another notice.
    read = importing.check(board, VILLAGE, roster, "roster-2026.xlsx", anew=frozenset({0}))
    (again,) = importing.keep(board, read, anna)
    typed = {**again.typed, "title": "2026年耕地地力保护补贴（补发）"}
    again = drafting.save(board, VILLAGE, again.code, anna, typed, again.version)
    drafting.submit(board, VILLAGE, again.code, anna, seen=again.version)
    begun = {"half": half.code, "photo": photo.code, "waiting": again.code}
    return begun | _registers(board, anna)


def _registers(board: Board, anna: int) -> dict[str, str]:
    """Leave a register and a table half typed."""
    contract = {
        "title": "2026年二季度经济合同台账",
        "as_of": "2026-06-30",
        "rows": [{"subject": "山塘养鱼", "party": "龙见田", "rent": "6,800", "ends": "2028-12-31"}],
    }
    table = {
        "title": "2026年二季度公章使用登记",
        "columns": [
            {"label": "盖在什么上", "read": "text"},
            {"label": "日期", "read": "date"},
            {"label": "谁来办的", "read": "person"},
        ],
        "rows": [{"c0": "居住证明", "c1": "2026-04-02", "c2": "屈大满"}],
    }
    return {
        "contract": drafting.start(board, VILLAGE, "contract", anna, contract).code,
        "table": drafting.start(board, VILLAGE, "table", anna, table).code,
    }


def _photograph() -> bytes:
    """Draw a road between fields: nobody's photograph."""
    picture = Image.new("RGB", (1600, 1200), "#A9C5DD")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 520, 1600, 1200), fill="#7E9A58")
    draw.polygon(((700, 520), (900, 520), (1300, 1200), (300, 1200)), fill="#B9B4A8")
    draw.polygon(((0, 520), (420, 300), (860, 520)), fill="#5F7F5B")
    held = BytesIO()
    picture.save(held, "JPEG", quality=90)
    return held.getvalue()


def main(home: Path, port: int) -> None:
    """Serve a home as it is at the moment, until ended; nothing comes due meanwhile."""
    board = Board(_database(home), clock=lambda: MOMENT, home=home)
    serve(board, host=HOST, port=port, public_url=PUBLIC_URL, clock=False)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
