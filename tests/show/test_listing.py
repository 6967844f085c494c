"""The promises of a day list: what ends soon says at what time, what ends later how many days."""

import pytest

from noticeboard.core.days import DAY, instant
from noticeboard.core.notice import Notice
from noticeboard.show.listing import item, of
from noticeboard.show.texts import said
from tests.show import samples
from tests.show.samples import AT, CODE


@pytest.mark.parametrize(
    ("until", "expected"),
    [
        (instant("2026-04-11", "14:55"), "今天 14:55 结束"),
        (instant("2026-04-12"), "今天 24:00 结束"),
        (instant("2026-04-12", "08:00"), "明天 8:00 结束"),
        (AT + DAY, "明天 14:05 结束"),
        (instant("2026-04-13"), "还剩 2 天"),
        (instant("2026-04-13", "08:00"), "还剩 3 天"),
    ],
)
def test_what_ends_soon_says_when(until: int, expected: str) -> None:
    """Within a day it is the clock that counts; a number of days would promise too much."""
    where, edition = samples.place(), samples.edition(samples.water_off(), until=until)
    notice = Notice(code=CODE, editions=(edition,))
    one = item(where, of(where, notice, edition, "full", AT), "停水通知", AT)
    assert expected == f"{said(one.word)} {one.figure} {said(one.unit)}"
