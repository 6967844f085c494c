"""Village days: Asia/Shanghai civil time, notice periods, working days; all instants are UTC."""

from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone

# China has kept UTC+8 without summer time since 1991, so a fixed offset is exact for every notice.
SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")
DAY = 86_400


def local(at: int) -> datetime:
    """Give the village's clock at an instant (Unix seconds)."""
    return datetime.fromtimestamp(at, SHANGHAI)


def day_of(at: int) -> date:
    """Give the village's calendar day of an instant."""
    return local(at).date()


def starts(day: date) -> int:
    """Give the instant (Unix seconds) at which a village day begins."""
    return int(datetime(day.year, day.month, day.day, tzinfo=SHANGHAI).timestamp())


def ends(day: date) -> int:
    """Give the instant at which a village day ends: 24:00, not included."""
    return starts(day + timedelta(days=1))


def instant(day: str, clock: str = "00:00") -> int:
    """Read `2026-01-15` and `08:00` as an instant; raises ValueError if there is no such time."""
    return int(datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=SHANGHAI).timestamp())


def is_day(text: str) -> bool:
    """Say whether a text is a day as the log writes it: `2026-01-15`, one that there is."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def midnight_after(at: int) -> int:
    """Give the next Shanghai midnight strictly after an instant."""
    return ends(day_of(at))


def period_end(start: int, days: int, *, first_day_counts: bool) -> int:
    """Give the end of so many whole local days: 24:00 of the last one.

    Whether the day of the start counts is a rule (`data/periods.yaml`), so it is an argument.
    """
    first = day_of(start) if first_day_counts else day_of(start) + timedelta(days=1)
    return ends(first + timedelta(days=days - 1))


def days_left(at: int, until: int) -> int:
    """Count the local days on which the notice can still be seen, today included; 0 when over."""
    if at >= until:
        return 0
    return (day_of(until - 1) - day_of(at)).days + 1


def shifted(start: int, until: int | None, actual: int) -> int | None:
    """Move an end as many whole days as the start was late, so that the period is not shortened.

    Being late within the same local day moves nothing: whole local days are what is counted.
    """
    late = (day_of(actual) - day_of(start)).days
    if until is None or late <= 0:
        return until
    return until + late * DAY


def working_days_after(at: int, count: int, is_working: Callable[[str], bool]) -> int:
    """Give the end (24:00) of the `count`-th working day after the day of `at`.

    `is_working` answers for an ISO date; the rules bundle's holiday table stands behind it.
    """
    day = day_of(at)
    while count > 0:
        day += timedelta(days=1)
        count -= is_working(day.isoformat())
    return ends(day)
