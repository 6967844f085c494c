"""What villagers see of the calendar: the page, the line on the board, the file for a telephone."""

import html
import re
import zlib

import msgspec
import pytest

from noticeboard.board import founding
from noticeboard.core.days import instant
from noticeboard.show.ics import WIDTH, escaped, folded
from noticeboard.web.public import Pages
from tests.calendars import Calendar, calendar_of
from tests.cast import PROFILE, VILLAGE, Cast


@pytest.fixture
def calendar(cast: Cast) -> Calendar:
    return calendar_of(cast)


class Reader:
    """Somebody with a telephone."""

    def __init__(self, calendar: Calendar) -> None:
        self.pages = Pages(calendar.cast.board, "https://board.example")

    def bytes_of(self, path: str, query: str = "") -> bytes:
        """Give what is sent, unpacked."""
        entry = self.pages.answer(path, query)
        assert entry.status == 200, path
        return zlib.decompress(entry.body, 47) if entry.packed else entry.body

    def words(self, path: str, query: str = "") -> str:
        """Give a page's words in one line."""
        page = self.bytes_of(path, query).decode().replace("<wbr>", "")
        page = re.sub(r"<style>.*?</style>|<(head|footer)>.*?</\1>", "", page, flags=re.DOTALL)
        return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", page)).split())


@pytest.fixture
def reader(calendar: Calendar) -> Reader:
    return Reader(calendar)


DUE = f"/v/{VILLAGE}/due"


def test_the_page_says_what_is_late_since_when_whose_and_why(
    calendar: Calendar, reader: Reader
) -> None:
    """The item, its period and last day, the post, the days, the number of its reason."""
    calendar.at("2026-04-20", "09:00")
    page = reader.words(DUE)
    assert "4月应公开 1 项：迟了 1 项。" in page
    assert (
        "财务收支明细 逐项逐笔 一季度 4月15日以前 集体经济组织负责人 依据1 未核 迟 5 天"
    ) in page
    assert "依据1 时期结束后 15 天 县里定的日子（示例农发〔2026〕1号），过了就是迟" in page


def test_the_board_says_it_too_and_leads_there(calendar: Calendar, reader: Reader) -> None:
    """Late in red; and when all that was due is up, that."""
    calendar.at("2026-04-20", "09:00")
    assert "有迟的 1 项应公开的还没有公开，最久的迟了 5 天。 看是哪些" in reader.words(
        f"/v/{VILLAGE}"
    )
    calendar.cast.published("spending")
    page = reader.words(f"/v/{VILLAGE}")
    assert "没有迟的 到今天应公开的，都公开了。" in page
    assert f'href="{DUE}"'.encode() in reader.bytes_of(f"/v/{VILLAGE}")


def test_what_was_published_leads_to_its_notice(calendar: Calendar, reader: Reader) -> None:
    """With the day, and how late it was."""
    calendar.at("2026-04-20", "09:00")
    notice = calendar.cast.published("spending")
    page = reader.words(DUE)
    assert "4月应公开 1 项，都公开了。" in page
    assert "一季度 4月20日公开 4月15日以前" in page
    assert f"/n/{notice.code}".encode() in reader.bytes_of(DUE)


def test_a_page_becomes_late_at_midnight_without_anybody(
    calendar: Calendar, reader: Reader
) -> None:
    """What was remembered at 23:59 is not sent at 0:00."""
    calendar.at("2026-04-15", "23:59")
    assert "还剩 1 天" in reader.words(DUE)
    calendar.cast.clock.now = instant("2026-04-16")
    assert "迟 1 天" in reader.words(DUE)


def test_the_page_is_in_english_too(calendar: Calendar, reader: Reader) -> None:
    """No Chinese sentence of ours is left on it."""
    calendar.at("2026-04-20", "09:00")
    page = reader.words(DUE, "lang=en")
    assert "Late 5 days" in page
    left = re.sub(r"示例村|示例农发〔2026〕1号|中文|示例[办县]\w*|民法典|《[^》]*》", "", page)
    assert not re.findall(r"[\u4e00-\u9fff]+", left)


def test_a_village_without_a_calendar_shows_none(calendar: Calendar, reader: Reader) -> None:
    """Neither the page nor the file nor a line on its board."""
    calendar.at("2026-04-20", "09:00")
    profile = msgspec.structs.replace(PROFILE, duties=False)
    founding.tell(calendar.cast.board, VILLAGE, profile)
    calendar.cast.board.tick()
    for path in (DUE, f"/v/{VILLAGE}/calendar.ics"):
        assert 404 == reader.pages.answer(path, "").status
    assert "有迟的" not in reader.words(f"/v/{VILLAGE}")


def _events(file: bytes) -> list[dict[str, str]]:
    """Read a calendar as RFC 5545 says: unfold first, then properties by line."""
    assert file.endswith(b"\r\n")
    lines = file.decode().replace("\r\n ", "").removesuffix("\r\n").split("\r\n")
    assert ("BEGIN:VCALENDAR", "VERSION:2.0", "END:VCALENDAR") == (*lines[:2], lines[-1])
    found: list[dict[str, str]] = []
    for line in lines:
        if line == "BEGIN:VEVENT":
            found.append({})
        elif found:
            name, _, value = line.partition(":")
            assert name == "END" or name not in found[-1]
            found[-1].setdefault(name, value)
    return found


def test_the_calendar_is_one_that_telephones_read(calendar: Calendar, reader: Reader) -> None:
    """Lines of at most 75 bytes, a UID each, whole days, and a year ahead."""
    calendar.at("2026-04-10", "09:00")
    file = reader.bytes_of(f"/v/{VILLAGE}/calendar.ics")
    assert max(len(line) for line in file.split(b"\r\n")) <= WIDTH
    events = _events(file)
    uids = [event["UID"] for event in events]
    assert sorted(set(uids)) == sorted(uids)
    (first,) = [event for event in events if event["UID"].startswith("D17-2026-Q1@")]
    assert ("20260415", "20260416") == (first["DTSTART;VALUE=DATE"], first["DTEND;VALUE=DATE"])
    assert "财务收支明细 逐项逐笔" == first["SUMMARY"]
    assert any(uid.startswith("D17-2027-Q1@") for uid in uids)


def test_a_duty_keeps_its_uid_when_it_is_met(calendar: Calendar, reader: Reader) -> None:
    """So that a telephone changes the day instead of adding one."""
    calendar.at("2026-04-10", "09:00")
    before = {event["UID"] for event in _events(reader.bytes_of(f"/v/{VILLAGE}/calendar.ics"))}
    notice = calendar.cast.published("spending")
    after = _events(reader.bytes_of(f"/v/{VILLAGE}/calendar.ics"))
    assert before == {event["UID"] for event in after}
    (met,) = [event for event in after if event["UID"].startswith("D17-2026-Q1@")]
    assert "已公开 · 财务收支明细 逐项逐笔" == met["SUMMARY"]
    assert f"https://board.example/n/{notice.code}" == met["URL"]


def test_folding_never_cuts_a_character() -> None:
    """What is unfolded is what was written, whatever stands in it."""
    line = "SUMMARY:" + escaped("一、二；三,四;五\\六\n七" * 12)
    pieces = folded(line).split("\r\n")
    assert line == pieces[0] + "".join(piece.removeprefix(" ") for piece in pieces[1:])
    assert max(len(piece.encode()) for piece in pieces) <= WIDTH
