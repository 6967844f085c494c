"""A board with its people, for every test that needs one: Anna writes, Ben reviews, Cleo both.

Dan holds no office, Mei oversees for the township, the keeper hands out offices. Time stands still
until a test moves it.
"""

from collections.abc import Mapping
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from shutil import copyfile
from tempfile import mkdtemp
from typing import Any

from msgspec import Struct

from noticeboard.auditing import verify
from noticeboard.board import Board, assessing, checkpoints, drafting, founding, reviewing
from noticeboard.board.board import Done
from noticeboard.core.checkpoints import Checkpoint
from noticeboard.core.days import instant
from noticeboard.core.merkle import EMPTY
from noticeboard.core.notes import ED25519, Key
from noticeboard.core.notice import Notice
from noticeboard.core.particulars import Kind
from noticeboard.core.people import Group, Phone, Profile, Wall
from noticeboard.formats.rules import load
from noticeboard.signing.ed25519 import Private
from noticeboard.signing.keys import DISK, make_folder, state_of, stem
from noticeboard.signing.signer import Signer
from noticeboard.store import notices
from noticeboard.store.database import Database

VILLAGE = "430000101"
ORIGIN = f"board.example/v/{VILLAGE}"
# Everybody knows this key; a real board makes its own.
SEED = sha256(b"TEST log key").digest()
KEY = Key(ORIGIN, ED25519, Private(SEED).public)
START = instant("2026-01-05", "09:00")
PROFILE = Profile(
    name="示例村",
    town="示例镇",
    households=308,
    people=1120,
    phones=(Phone("村部电话", "13800138000"),),
    walls=(Wall("w1", "村部公开栏"), Wall("w2", "三组公开栏")),
    groups=(Group("g1", "一组"), Group("g3", "三组")),
)
OFFICES = {
    "anna": ("clerk",),
    "ben": ("supervision-head",),
    "cleo": ("clerk", "supervision-member"),
    "mei": ("overseer",),
}
NAMES = {"admin": "管理员", "anna": "安娜", "ben": "贝恩", "cleo": "克丽", "dan": "丹", "mei": "梅"}

# A whole and sound form of each kind, as a clerk types it.
FORMS: dict[Kind, dict[str, Any]] = {
    "spending": {
        "title": "2026年一季度财务收支明细",
        "item": "D17",
        "covers": "2026-Q1",
        "opening": "1,000.00",
        "closing": "2,450.00",
        "rows": [
            {"date": "2026-01-10", "voucher": "记-1", "summary": "林地租金", "income": "2,000"},
            {
                "date": "2026-02-03",
                "voucher": "记-2",
                "summary": "修机耕路",
                "expense": "500",
                "payee": "王建军",
                "payee_as": "三组村民",
                "handler": "李秀英",
            },
            {
                "date": "2026-03-20",
                "voucher": "记-3",
                "summary": "买路灯",
                "expense": "50.00",
                "payee": "张大山",
                "payee_as": "建材店",
            },
        ],
    },
    "subsidy": {
        "title": "2026年耕地地力保护补贴名单",
        "covers": "2026",
        "programme": "耕地地力保护补贴",
        "basis": "示例文件",
        "standard": "105.00",
        "total": "498.75",
        "rows": [
            {
                "group": "一组",
                "name": "陈桂花",
                "quantity": "3.25",
                "standard": "105",
                "amount": "341.25",
            },
            {
                "group": "三组",
                "name": "刘满仓",
                "quantity": "1.5",
                "standard": "105",
                "amount": "157.50",
                "remark": "代管",
            },
        ],
    },
    "project": {
        "title": "三组蓄水池",
        "place": "三组后山",
        "scope": "新建蓄水池一口",
        "rows": [
            {"step": "budget", "text": "上级补助", "amount": "80,000"},
            {"step": "contract", "text": "合同", "amount": "76,000", "party": "示例建筑队"},
            {
                "step": "payment",
                "date": "2026-02-01",
                "text": "首付款",
                "amount": "30,000",
                "person": "赵铁柱",
            },
        ],
        "facts": [{"label": "蓄水池", "value": "1", "unit": "口"}],
    },
    "decision": {
        "title": "修三组机耕路",
        "matter": "修三组机耕路",
        "resolution": "同意，由村民自筹一部分",
        "rows": [
            {"step": "1", "recorded": "yes", "date": "2026-01-02", "text": "党支部提议"},
            {
                "step": "4",
                "recorded": "yes",
                "date": "2026-01-20",
                "due": "35",
                "present": "30",
                "in_favour": "28",
                "against": "1",
                "abstained": "1",
            },
            {"step": "6", "recorded": "no"},
        ],
    },
    "announcement": {
        "title": "停水通知",
        "text": "周六上午检修水管，请各户提前存水。",
        "place": "全村",
        "starts": "2026-01-10T08:00",
        "ends": "2026-01-10T12:00",
    },
    "asset": {
        "title": "2025年末集体资产台账",
        "item": "D30",
        "covers": "2025",
        "publisher": "collective",
        "as_of": "2025-12-31",
        "original": "51,200.00",
        "net": "40,100.50",
        "rows": [
            {
                "name": "村部办公楼",
                "category": "房屋",
                "quantity": "1",
                "unit": "栋",
                "original": "48,000",
                "net": "38,000.50",
                "acquired": "2012-06",
                "place": "一组",
                "keeper": "李秀英",
            },
            {
                "name": "抽水泵",
                "category": "设备",
                "spec": "7.5 千瓦",
                "quantity": "2",
                "unit": "台",
                "original": "3,200",
                "net": "2,100",
                "acquired": "2021-04-08",
                "use": "抗旱",
            },
        ],
    },
    "contract": {
        "title": "2025年经济合同台账",
        "item": "D33",
        "covers": "2025-Q4",
        "publisher": "collective",
        "as_of": "2025-12-31",
        "rows": [
            {
                "subject": "三组山塘",
                "party": "王建军",
                "party_as": "三组村民",
                "starts": "2021-01-01",
                "ends": "2025-12-31",
                "rent": "1,200",
                "paid": "4,800",
                "owed": "1,200",
                "number": "2021-03",
                "quantity": "12.5",
                "unit": "亩",
                "tender": "是",
            },
            {
                "subject": "村部门面",
                "party": "陈桂花",
                "starts": "2024-03-01",
                "ends": "2027-02-28",
                "rent": "6,000",
                "paid": "12,000",
                "signed": "2024-02-20",
            },
        ],
    },
    "labour": {
        "title": "2026年1月零工用工明细",
        "item": "D24",
        "covers": "2026-01",
        "work": "清理水渠",
        "total": "660.00",
        "rows": [
            {
                "date": "2026-01-03",
                "name": "赵铁柱",
                "group": "一组",
                "work": "清淤",
                "days": "2.5",
                "rate": "120",
                "amount": "300",
            },
            {
                "date": "2026-01-04",
                "name": "刘满仓",
                "group": "三组",
                "work": "砌石",
                "days": "3",
                "rate": "120",
                "amount": "360",
            },
        ],
    },
    "table": {
        "title": "2026年一季度公章使用登记",
        "item": "D67",
        "covers": "2026-Q1",
        "columns": [
            {"label": "盖什么", "read": "text"},
            {"label": "日期", "read": "date"},
            {"label": "经办人", "read": "person"},
            {"label": "份数", "read": "quantity"},
            {"label": "工本费（元）", "read": "money"},
        ],
        "rows": [
            {"c0": "宅基地申请", "c1": "2026-01-05", "c2": "王建军", "c3": "2", "c4": "10"},
            {"c0": "贷款证明", "c1": "2026-02", "c2": "陈桂花", "c3": "1"},
        ],
    },
}


class Picture(Struct):
    """A cleaned picture as the cleaner gives it."""

    data: bytes
    type: str = "image/jpeg"
    width: int = 4
    height: int = 3
    thumb: bytes | None = b"small"


class Clock:
    """A clock that goes on only when told, by so many seconds or to an instant."""

    def __init__(self, now: int = START) -> None:
        self.now = now

    def __call__(self) -> int:
        """Read it, Unix seconds."""
        return self.now

    def on(self, seconds: int = 1) -> int:
        """Let so many seconds pass; gives the new time."""
        self.now += seconds
        return self.now


class Cast:
    """A founded board with one village: accounts and, of those with an office, numbers by name."""

    def __init__(self, board: Board, clock: Clock, accounts: Mapping[str, int]) -> None:
        self.board, self.clock, self.accounts = board, clock, dict(accounts)
        self.anna, self.ben, self.cleo, self.mei, self.admin = (
            board.number_of(accounts[name], VILLAGE)
            for name in ("anna", "ben", "cleo", "mei", "admin")
        )
        self.dan = accounts["dan"]  # nobody in this village, so no number of it

    def draft(self, kind: Kind = "announcement", by: int | None = None, **typed: Any) -> Any:
        """Begin a draft of a kind; `typed` replaces what the sound form says."""
        form = {**FORMS[kind], **typed}
        return drafting.start(self.board, VILLAGE, kind, by or self.anna, form)

    def submitted(self, kind: Kind = "announcement", by: int | None = None, **typed: Any) -> Done:
        """Send a sound draft for review; of a list of people its programme is assessed first."""
        draft = self.draft(kind, by, **typed)
        if kind == "subsidy":
            self.assess(str(draft.typed["programme"]))
        return drafting.submit(self.board, VILLAGE, draft.code, by or self.anna, seen=draft.version)

    def assess(self, programme: str) -> None:
        """Let the township assess a programme by its words, if it has not yet."""
        with self.board.database.read() as tx:
            found = assessing.policy(tx).called(programme)
            done = notices.head_of(tx, VILLAGE).village.assessed
        if found and found[0] not in done:
            answers = dict.fromkeys(assessing.QUESTIONS, "示例")
            assessing.assess(self.board, VILLAGE, self.mei, found[0], answers)

    def approve(self, sent: Done, *, start: int | None = None, until: int | None = None) -> Done:
        """Let Ben agree to a submission, from now if not said otherwise."""
        at = self.clock.now if start is None else start
        assert sent.notice is not None
        return reviewing.approve(
            self.board, VILLAGE, sent.notice.code, self.ben, of=sent.index, start=at, until=until
        )

    def published(
        self, kind: Kind = "announcement", *, until: int | None = None, **typed: Any
    ) -> Notice:
        """Bring a notice up to the board."""
        return self.up(self.submitted(kind, **typed), until=until)

    def up(self, sent: Done, *, until: int | None = None) -> Notice:
        """Approve a submission and let the clock publish it."""
        self.approve(sent, until=until)
        self.board.tick()
        assert sent.notice is not None
        return self.notice(sent.notice.code)

    def correct(self, code: str, *, by: int | None = None, **typed: Any) -> Done:
        """Send a correction of the edition on the board for review."""
        writer = by or self.anna
        draft = drafting.reopen(self.board, VILLAGE, code, writer)
        form = {**draft.typed, "reason": "看错了", **typed}
        draft = drafting.save(self.board, VILLAGE, code, writer, form, draft.version)
        return drafting.submit(self.board, VILLAGE, code, writer, seen=draft.version)

    def sign(self) -> None:
        """Let time pass and the head of the log be signed."""
        path = self.board.database.path
        assert path is not None
        self.clock.on(checkpoints.EVERY)
        checkpoints.sign_due(self.board, signer_in(path.parent / "signer"))

    def notice(self, code: str) -> Notice:
        """Read a notice as it is stored."""
        with self.board.database.read() as tx:
            notice = notices.get(tx, VILLAGE, code)
        assert notice is not None
        return notice

    def audit(self) -> None:
        """Pass both audits, or fail saying what they found; a log may stand still."""
        found = [one for one in verify(self.board).problems if one.where != "停住了"]
        assert [] == found, found

    def entries(self) -> int:
        """Count the village's entries."""
        with self.board.database.read() as tx:
            return notices.head_of(tx, VILLAGE).village.size


@lru_cache(maxsize=1)
def bundle() -> bytes:
    """Give the shipped rules, read once."""
    return load()


def people(board: Board, clock: Clock) -> Cast:
    """Found a board and its village, open the accounts and hand out the offices."""
    founding.found(board, origin="board.example/instance", bundle=bundle(), software="0.1.0")
    founding.establish(board, code=VILLAGE, origin=ORIGIN, profile=PROFILE, keys=(KEY.text,))
    accounts = {login: founding.open_account(board, login, name) for login, name in NAMES.items()}
    keeper = accounts["admin"]
    founding.appoint(board, VILLAGE, keeper, "admin", keeper)
    for login, offices in OFFICES.items():
        for office in offices:
            founding.appoint(board, VILLAGE, accounts[login], office, keeper)
    return Cast(board, clock, accounts)


@lru_cache(maxsize=1)
def _founded() -> tuple[Path, dict[str, int]]:
    # Founding takes a migration and a dozen commits; tests on SQLite copy it instead.
    path = Path(mkdtemp(prefix="noticeboard-cast-")) / "board.db"
    database = Database(f"sqlite:///{path}")
    database.upgrade()
    clock = Clock()
    cast = people(Board(database, clock=clock), clock)
    database.scrub()
    database.close()
    return path, cast.accounts


def cast_on(url: str, **board: Any) -> Cast:
    """Give the cast on an empty database; what else `Board` takes may be given.

    On SQLite it may be a board that was made by this process before: then they go on.
    """
    database, clock = Database(url), board.pop("clock", None) or Clock()
    if database.path is not None:
        path, accounts = _founded()
        if not database.path.exists():
            copyfile(path, database.path)
        return Cast(Board(database, clock=clock, **board), clock, accounts)
    database.upgrade()
    return people(Board(database, clock=clock, **board), clock)


def cast_in(home: Path) -> Cast:
    """Give the cast on SQLite in a home folder, as a running board has it, its signer too."""
    home.mkdir(parents=True, exist_ok=True)
    signer_in(home / "signer")
    return cast_on(f"sqlite:///{home / 'board.db'}", home=home)


def signer_in(folder: Path) -> Signer:
    """Give the signer of the village's log on a folder, which begins at size 0 where it is new."""
    if not folder.exists():
        make_folder(folder)
        DISK.put(folder / f"{stem(ORIGIN)}.key", SEED)
        DISK.put(state_of(folder, ORIGIN), Checkpoint(ORIGIN, 0, EMPTY).text)
    return Signer(folder)
