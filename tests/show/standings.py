"""A board with one notice in each standing, made by the real Board."""

from io import BytesIO
from typing import Any

from msgspec import Struct
from PIL import Image

from noticeboard.board import attaching, drafting, reviewing, taking_down
from noticeboard.core.days import DAY
from noticeboard.core.notice import Edition, published
from noticeboard.core.particulars import Kind
from noticeboard.show.routes import lang_of, parse
from noticeboard.show.show import Shown, show
from tests.cast import VILLAGE, Cast

PUBLIC = "https://board.example.cn"


class Picture(Struct):
    """A cleaned picture, as `formats.images` would give it."""

    data: bytes
    type: str = "image/jpeg"
    width: int = 8
    height: int = 8
    thumb: bytes | None = b"small"


class Case(Struct, frozen=True):
    """One edition to be looked for: its title, a name and a purpose that stand nowhere else."""

    label: str
    code: str
    ed: int
    title: str
    name: str
    figure: str
    file: str


def jpeg(shade: int) -> bytes:
    out = BytesIO()
    Image.new("L", (8, 8), shade).save(out, "JPEG")
    return out.getvalue()


def ledger(label: str, word: str, name: str, expense: str = "50.00") -> dict[str, Any]:
    """Write a ledger of one payment, with a name and a purpose that stand nowhere else."""
    closing = f"{100 - float(expense):.2f}"
    row = {"date": "2026-01-02", "summary": f"{word}之用", "expense": expense, "payee": name}
    return {
        "title": f"{label}的明细",
        "covers": "2026-Q1",
        "opening": "100",
        "closing": closing,
        "rows": [{**row, "payee_as": "村民"}],
    }


class Standings:
    """The cast's board with cases; `at` is a moment at which each stands as its label says."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.cases: dict[str, Case] = {}
        self._shade = 0
        self._make()
        self.at = cast.clock.now

    def _make(self) -> None:
        cast, soon = self.cast, self.cast.clock.now + 5 * DAY
        self._draft("private-draft", "甘", "甘大牛")
        self._send(self._draft("private-submitted", "乙", "乙二牛"))
        sent = self._send(self._draft("private-scheduled", "丙", "丙三牛"))
        self._approve(sent, start=soon + 99 * DAY, until=None)
        self._up("up", "丁", "丁四牛")
        self._up("expired", "戊", "戊五牛", until=soon)
        self._correct(self._up("superseded", "己", "己六牛"), "correcting", "庚", "庚七牛")
        first = self._up("superseded-expired", "辛", "辛八牛")
        self._correct(first, "correcting-expired", "壬", "壬九牛", until=soon)
        gone = self._up("superseded-withdrawn", "寅", "寅三马")
        self._correct(gone, "correcting-withdrawn", "卯", "卯四马")
        taking_down.withdraw(cast.board, VILLAGE, gone.code, cast.anna, ground="wrong-facts")
        for label, word, name, ground in (
            ("withdrawn", "癸", "癸十牛", "wrong-facts"),
            ("withdrawn-leaking", "子", "子一马", "personal-data"),
        ):
            case = self._up(label, word, name)
            taking_down.withdraw(cast.board, VILLAGE, case.code, cast.anna, ground=ground)
        case = self._up("redacted", "丑", "丑二马")
        redact = {"ground": "person-asked", "parts": ("names",), "rows": (1,)}
        taking_down.redact(cast.board, VILLAGE, case.code, cast.anna, files=(case.file,), **redact)
        cast.clock.now = soon + 1

    def _draft(
        self, label: str, word: str, name: str, code: str = "", kind: Kind = "spending"
    ) -> Any:
        cast = self.cast
        form = ledger(label, word, name)
        if code:
            draft = drafting.reopen(cast.board, VILLAGE, code, cast.anna)
            form["rows"][0]["id"] = "1"
            typed = {**draft.typed, **form, "reason": "看错了"}
            draft = drafting.save(cast.board, VILLAGE, code, cast.anna, typed, draft.version)
            for file in draft.files:
                attaching.detach(cast.board, VILLAGE, code, cast.anna, file.c)
        else:
            draft = cast.draft(kind, **form)
        self._shade += 17
        picture = Picture(jpeg(self._shade), thumb=jpeg(self._shade + 1))
        draft = attaching.attach(cast.board, VILLAGE, draft.code, cast.anna, [picture], "照片")
        self.cases[label] = Case(
            label, draft.code, draft.ed, form["title"], name, f"{word}之用", draft.files[-1].c
        )
        return draft

    def _send(self, draft: Any) -> Any:
        return drafting.submit(
            self.cast.board, VILLAGE, draft.code, self.cast.anna, seen=draft.version, attested=True
        )

    def _approve(self, sent: Any, *, start: int, until: int | None) -> None:
        reviewing.approve(
            self.cast.board,
            VILLAGE,
            sent.notice.code,
            self.cast.ben,
            of=sent.index,
            start=start,
            until=until,
            attested=True,
        )

    def _up(self, label: str, word: str, name: str, *, until: int | None = None) -> Case:
        self._approve(
            self._send(self._draft(label, word, name)), start=self.cast.clock.now, until=until
        )
        self.cast.board.tick()
        self.cast.clock.on(60)
        return self.cases[label]

    def _correct(
        self, old: Case, label: str, word: str, name: str, until: int | None = None
    ) -> None:
        sent = self._send(self._draft(label, word, name, old.code))
        self._approve(sent, start=self.cast.clock.now, until=until)
        self.cast.board.tick()
        self.cast.clock.on(60)

    def edition(self, case: Case) -> Edition:
        """Read a case's edition as it is stored."""
        return next(e for e in self.cast.notice(case.code).editions if e.ed == case.ed)

    def publish_leaf(self, case: Case) -> int:
        """Give the index of its publish leaf."""
        up = published(self.edition(case))
        assert up is not None
        return up.publish

    def show(self, address: str, at: int | None = None) -> Shown:
        """Show an address as the front would."""
        path, _, query = address.partition("?")
        route = parse(path, query)
        assert route is not None, address
        with self.cast.board.database.read() as tx:
            return show(tx, route, self.at if at is None else at, lang_of(query), PUBLIC)
