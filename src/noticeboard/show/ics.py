"""A village's calendar as a file for a telephone's calendar (RFC 5545): one day for each duty."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from noticeboard.board import duties as keeping
from noticeboard.core import duties
from noticeboard.core.days import day_of, starts
from noticeboard.core.duties import Duty
from noticeboard.core.problems import NotFound
from noticeboard.show import addresses, due
from noticeboard.show.basis import words as basis
from noticeboard.show.facts import Place
from noticeboard.show.files import HEADERS
from noticeboard.show.listing import look_again
from noticeboard.show.render import Rendered
from noticeboard.show.texts import Lang, said, text
from noticeboard.store import assignments
from noticeboard.store import duties as store

ICS: Final = "text/calendar; charset=utf-8"
# A line has at most so many bytes, its end not counted; what goes on begins with a space.
WIDTH: Final = 75
YEAR: Final = timedelta(days=366)


def calendar(
    tx: Connection, where: Place, at: int, lang: Lang, public_url: str | None
) -> tuple[Rendered, int]:
    """Give the file and the moment to look again: what is known, and what a year will bring.

    A duty keeps its UID whatever becomes of it. Raises NotFound for a village without a calendar.
    """
    if not where.profile.duties:
        raise NotFound("这个村没有公开日历。")
    known = store.due_between(tx, where.code, at - due.BACK, 2**40)
    document = assignments.at(tx, where.code, at).document
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//noticeboard//duties//ZH",
        "METHOD:PUBLISH",
    ]
    lines.append(f"X-WR-CALNAME:{escaped(where.profile.name)} {said(text('公开日历'), lang)}")
    lines.append("X-WR-TIMEZONE:Asia/Shanghai")
    for duty in (*known, *_coming(tx, where, known, at)):
        lines += _event(where, duty, at, lang, public_url, document)
    lines.append("END:VCALENDAR")
    body = "".join(f"{folded(line)}\r\n" for line in lines).encode()
    named = (b"content-disposition", b'inline; filename="calendar.ics"')
    return Rendered(body, ICS, (*HEADERS, named)), look_again((), at)


def _coming(tx: Connection, where: Place, known: Iterable[Duty], at: int) -> Iterator[Duty]:
    """Give what is not due before its period begins, and so is in no calendar of the board yet."""
    told = {(duty.item, duty.period) for duty in known}
    regimes = keeping.regimes_of(tx, where.code)
    ahead = duties.owed(regimes[-1:], (), day_of(at) + YEAR)
    found = (duty for duty in ahead if duty.due > at and (duty.item, duty.period) not in told)
    yield from sorted(found, key=lambda duty: (duty.due, duty.item, duty.period))


def _event(
    where: Place, duty: Duty, at: int, lang: Lang, public_url: str | None, document: str
) -> Iterator[str]:
    last, rules = duty.last_day, where.rules
    stamp = datetime.fromtimestamp(starts(day_of(at)), UTC)
    about = [due.period_words(duty, at), due.by_words(duty, at), due.post_words(rules, duty.body)]
    why = [due.rule_words(rules, duty), due.force_words(duty, document)]
    why.append(basis(rules, duty.rule.source, duty.rule.verified))
    title = said(due.item_words(rules, duty.item), lang)
    if duty.met is not None:
        done = text("本期无此项") if duty.met.nil else text("已公开")
        title = f"{said(done, lang)} · {title}"
    yield "BEGIN:VEVENT"
    yield f"UID:{duty.item}-{duty.period}@{where.village.origin.replace('/', '.')}"
    yield f"DTSTAMP:{stamp:%Y%m%dT%H%M%SZ}"
    yield f"DTSTART;VALUE=DATE:{last:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{last + timedelta(days=1):%Y%m%d}"
    yield f"SUMMARY:{escaped(title)}"
    yield f"DESCRIPTION:{escaped(' · '.join(said(one, lang) for one in (*about, *why)))}"
    if public_url:
        path = addresses.notice(duty.met.code) if duty.met else f"/v/{where.code}/due"
        yield f"URL:{public_url}{path}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def escaped(words: str) -> str:
    """Write a text so that none of its signs means anything."""
    for sign in ("\\", ";", ","):
        words = words.replace(sign, f"\\{sign}")
    return words.replace("\r\n", "\\n").replace("\n", "\\n")


def folded(line: str) -> str:
    """Break a line into pieces of at most 75 bytes, never within a character."""
    pieces, piece, size = list[str](), "", 0
    for sign in line:
        width = len(sign.encode())
        if size + width > WIDTH:
            pieces.append(piece)
            piece, size = " ", 1
        piece, size = piece + sign, size + width
    return "\r\n".join((*pieces, piece))
