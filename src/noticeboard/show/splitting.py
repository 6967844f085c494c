"""A roster or ledger too large for a first view is split, each month or group at its address."""

import gzip
from collections.abc import Iterable
from typing import Final, TypeVar

import msgspec

from noticeboard.show import addresses
from noticeboard.show.lines import Section
from noticeboard.show.render import render
from noticeboard.show.texts import text
from noticeboard.show.views import RegisterView, SpendingView, SubsidyView, Tab

BUDGET: Final = 14_336  # bytes of a first view, compressed: what one round trip carries
_ROWS_AT_ONCE: Final = 90  # of one month or group, once a notice has to be split

_Rows = TypeVar("_Rows", SpendingView, SubsidyView, RegisterView)


def fitting(view: _Rows, code: str, wanted: str | None) -> _Rows:
    """Give the view whole where it fits a first view, else one part of it, with tabs to the rest.

    Totals and figures always are those of the whole.
    """
    if not code or len(gzip.compress(render(view).body, 9)) <= BUDGET:
        return view
    parts = tuple(part for section in view.lines.sections for part in _runs(section))
    here = next((part for part in parts if part.key == wanted), parts[0])
    tabs = tuple(Tab(part.head, addresses.section(code, part.key), part is here) for part in parts)
    return msgspec.structs.replace(
        view,
        page=msgspec.structs.replace(view.page, query=f"m={here.key}"),
        lines=msgspec.structs.replace(view.lines, sections=(here,)),
        tabs=tabs,
    )


def _runs(section: Section) -> Iterable[Section]:
    """Cut a section of very many rows into runs; its subtotal stands under the last."""
    lines = section.lines
    starts = range(0, len(lines), _ROWS_AT_ONCE)
    if len(starts) <= 1:
        yield section
        return
    for number, start in enumerate(starts, 1):
        yield Section(
            f"{section.key}.{number}",
            text("{head}（{n}）", head=section.head, n=number),
            lines[start : start + _ROWS_AT_ONCE],
            section.sums if number == len(starts) else (),
        )
