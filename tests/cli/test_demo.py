"""The demo: lived through the one door in, marked everywhere, and true to its source."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from noticeboard import auditing
from noticeboard.board import Board, drafting
from noticeboard.cli import demo, running
from noticeboard.cli.demo_days import Told
from noticeboard.core.actions import Entry, Genesis, read
from noticeboard.core.days import instant
from noticeboard.core.notice import Ended, Published, Returned, Scheduled, Submitted
from noticeboard.core.particulars import Project
from noticeboard.core.problems import NotNow
from noticeboard.settings import read_settings
from noticeboard.show import routes
from noticeboard.show.show import show
from noticeboard.store import duties, log, notices, screens
from noticeboard.store.database import Database
from noticeboard.web import kiosk

START = instant("2026-04-17", "14:05")
REAL, MADE_UP = "hujiaping", "shili"


class Lived:
    """The demo at the moment somebody opens it."""

    def __init__(self, home: Path, start: int = START) -> None:
        self.database = Database(f"sqlite:///{home / 'board.db'}")
        self.database.upgrade()
        self.codes = demo.build(self.database, home, start)
        self.clock = Told(start)
        self.board = Board(self.database, clock=self.clock)

    def page(self, path: str) -> str:
        """Give what an address shows now."""
        asked, _, query = path.partition("?")
        route = routes.parse(asked, query)
        assert route is not None, path
        with self.database.read() as tx:
            return show(tx, route, self.clock.at).rendered.body.decode()

    def notice(self, key: str) -> Any:
        """Give a notice by its key in the demo."""
        with self.database.read() as tx:
            found = notices.find(tx, self.codes[key])
        assert found is not None
        return found[1]


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lived]:
    lived = Lived(tmp_path_factory.mktemp("demo"))
    yield lived
    lived.database.close()


def test_it_is_a_board_like_any_other(lived: Lived) -> None:
    """Both audits pass over every log of it, and each genesis says that it is a demo."""
    report = auditing.verify(lived.board)
    assert [] == report.problems
    with lived.database.read() as tx:
        for code in (REAL, MADE_UP):
            first = log.leaf_at(tx, code, 0)
            assert first is not None
            entry = read(first)
            assert isinstance(entry, Entry)
            assert isinstance(entry.action, Genesis)
            assert entry.action.demo is True


def test_what_the_first_visitor_finds(lived: Lived) -> None:
    """One goes up in two minutes, one ends within the hour; and one of each other state."""
    scheduled = lived.notice("water-cut").latest.state
    assert isinstance(scheduled, Scheduled)
    assert START + 120 == scheduled.period.start
    ending = lived.notice("group").latest.state
    assert isinstance(ending, Published)
    assert ending.period.until is not None
    assert START < ending.period.until <= START + 3600
    assert 2 == lived.notice("collective").latest.ed
    withdrawn = lived.notice("mistaken").latest.state
    assert isinstance(withdrawn, Ended)
    assert "withdrawn" == withdrawn.how
    assert ["redact"] == [down.act for down in lived.notice("relief").taken_down]
    late = lived.notice("meeting").latest.state
    assert isinstance(late, Published)
    assert 47 * 60 == late.at - late.planned
    assert isinstance(lived.notice("lamps").latest.state, Submitted)
    assert isinstance(lived.notice("dam").latest.state, Returned)
    assert "向秋菊" not in lived.page(f"/n/{lived.codes['relief']}")


def test_the_clock_posts_the_scheduled_notice(tmp_path: Path) -> None:
    """Two minutes later the clock puts it up, as the first visitor watches."""
    lived = Lived(tmp_path)
    assert [] == lived.board.tick()
    lived.clock.at = START + 120
    (done,) = lived.board.tick()
    assert done.notice is not None
    assert lived.codes["water-cut"] == done.notice.code
    assert "停水" in lived.page(f"/v/{MADE_UP}")
    assert [] == auditing.verify(lived.board).problems
    lived.database.close()


def test_the_reported_village_stays_with_the_report(lived: Lived) -> None:
    """Its pages carry the mark, no office, no signature, no money row, and the reported figures."""
    paths = [f"/v/{REAL}", f"/v/{REAL}/projects", f"/v/{REAL}/corrections"]
    paths += [
        f"/n/{lived.codes[key]}{rest}" for key in ("water", "potato") for rest in ("", "/poster")
    ]
    for path in paths:
        page = lived.page(path)
        assert "演示：摘自湖南日报，非村委会公告" in page, path
        for office in ("报账员", "监委会", "村民委员会", "盖章处", "安小禾", "贲有田"):
            assert office not in page, (path, office)
    water, potato = (lived.page(f"/n/{lived.codes[key]}") for key in ("water", "potato"))
    for fact in ("308", "1,120", "800 米", "1,950", "336", "报道未载实际支出", "2019年10月"):
        assert fact in water, fact
    for fact in ("16万多", "6,000多", "400多", "50多", "300多"):
        assert fact in potato, fact
    for key in ("water", "potato"):
        with lived.database.read() as tx:
            said = drafting.content_of(tx, REAL, lived.notice(key).latest).particulars
        assert isinstance(said, Project)
        assert () == said.rows


def test_every_surface_of_the_made_up_village_says_so(lived: Lived) -> None:
    """Pages, posters and slides of 示例村 carry 示例数据."""
    codes = [code for key, code in lived.codes.items() if key not in ("water", "potato")]
    for path in [f"/v/{MADE_UP}", *(f"/n/{code}" for code in codes[:4])]:
        assert "示例数据" in lived.page(path), path
    assert "示例数据" in lived.page(f"/n/{lived.codes['ledger']}/poster")
    for village, mark in ((MADE_UP, "示例数据"), (REAL, "演示：摘自湖南日报，非村委会公告")):
        with lived.database.read() as tx:
            for screen in screens.of_village(tx, village):
                answer = kiosk.playlist(tx, screen.id, lived.clock.at, "https://board.example")
                for slide in json.loads(answer.body)["playlist"]["slides"]:
                    body = kiosk.slide(
                        tx, screen.id, slide["hash"], lived.clock.at, "https://board.example"
                    ).body
                    assert mark in body.decode(), slide["title"]


def test_the_workbooks_are_as_large_as_a_quarter(lived: Lived) -> None:
    """About 140 lines and about 120 households, all with an address of their own."""
    ledger = lived.page(f"/n/{lived.codes['ledger']}")
    assert 130 <= len(set(re.findall(r'id="?r(\d+)', ledger))) <= 150
    roster = lived.page(f"/n/{lived.codes['roster']}")
    assert 110 <= len(set(re.findall(r'id="?r(\d+)', roster))) <= 130


def test_what_is_due_shows_met_late_and_planned_and_says_it_is_a_demo(lived: Lived) -> None:
    """By Chongqing's days, named as such, in the made-up village alone."""
    page = lived.page(f"/v/{MADE_UP}/due")
    assert "演示用：按重庆办法第三十条" in page
    assert "本地法规定的日子，过了就是迟" in page
    assert {"met", "late", "due", "planned"} == standings(lived, MADE_UP)
    assert set() == standings(lived, REAL)
    for path in (f"/v/{REAL}", f"/v/{REAL}/due"):
        assert "迟" not in lived.page(path)


@pytest.mark.parametrize("day", ["2026-01-15", "2026-01-16", "2026-05-06", "2026-10-09"])
def test_on_whatever_day_it_is_opened_something_is_met_and_something_late(
    tmp_path: Path, day: str
) -> None:
    """Its books are of one quarter; what it shows of duties is always of the last."""
    lived = Lived(tmp_path, instant(day, "09:00"))
    assert {"met", "late", "planned"} <= standings(lived, MADE_UP)
    assert set() == standings(lived, REAL)
    lived.database.close()


def standings(lived: Lived, village: str) -> set[str]:
    lived.board.tick()
    at = lived.clock.at
    with lived.database.read() as tx:
        return {duty.standing(at) for duty in duties.due_between(tx, village, 0, at * 2)}


def test_a_stop_while_it_is_made_leaves_no_half_demo(tmp_path: Path) -> None:
    """It is made beside its place; what a kill left there is thrown away by the next start."""
    home, beside = tmp_path / "var", tmp_path / "var.building"
    beside.mkdir()
    (beside / "board.db").write_bytes(b"half")
    running._build(read_settings({}, str(home)), START)
    assert (home / "demo").exists()
    assert not beside.exists()
    board = Board(Database(f"sqlite:///{home / 'board.db'}"))
    assert [] == auditing.verify(board).problems
    board.database.close()


def test_a_folder_with_other_things_is_left_alone(tmp_path: Path) -> None:
    """The demo never takes the place of something that is not a demo."""
    kept = tmp_path / "letters.txt"
    kept.write_text("hello")
    with pytest.raises(NotNow, match="不是演示"):
        running._build(read_settings({}, str(tmp_path)), START)
    assert "hello" == kept.read_text()
