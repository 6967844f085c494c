"""What a benchmark found, and the table it is printed in."""

import os
import platform
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True)
class Figure:
    """One line of the table.

    `ratio` is ours to the peer's, both measured in this run. `target` is what the ratio, or where
    there is no peer the value, must hold; `met` whether it does, None where nothing was promised.
    """

    what: str
    value: float
    unit: str
    ratio: float | None = None
    peer: str = ""
    target: str = ""
    met: bool | None = None


@dataclass(frozen=True)
class LeftOut:
    """A line that could not be measured here, and what would help."""

    what: str
    why: str


Line = Figure | LeftOut


def at_least(what: str, value: float, unit: str, ratio: float, peer: str, floor: float) -> Figure:
    """Give a figure whose ratio to the peer must not be below a floor."""
    return Figure(what, value, unit, ratio, peer, f"≥ {floor:g}", ratio >= floor)


def at_most(what: str, value: float, unit: str, ratio: float, peer: str, ceiling: float) -> Figure:
    """Give a figure whose ratio to the peer must not be above a ceiling."""
    return Figure(what, value, unit, ratio, peer, f"≤ {ceiling:g}", ratio <= ceiling)


def bounded(what: str, value: float, unit: str, ceiling: float) -> Figure:
    """Give a figure that must itself not be above a ceiling."""
    return Figure(what, value, unit, target=f"≤ {ceiling:g} {unit}", met=value <= ceiling)


def machine() -> str:
    """Say what this was measured on and how busy it is; a busy machine measures its neighbours."""
    cores = len(os.sched_getaffinity(0))
    load = os.getloadavg()[0]
    return (
        f"{cores} cores, load {load:.1f}, {platform.python_implementation()} "
        f"{platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    )


def print_table(title: str, lines: Sequence[Line]) -> None:
    """Print one benchmark's figures."""
    table = Table(title=title, title_justify="left", box=None, padding=(0, 2, 0, 0))
    table.add_column("figure", max_width=56)
    for name in ("value", "ratio", "target"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("met", no_wrap=True)
    table.add_column("peer", max_width=40)
    for line in lines:
        if isinstance(line, LeftOut):
            table.add_row(line.what, "left out", "", "", "", line.why)
            continue
        ratio = "" if line.ratio is None else f"{line.ratio:.2f}"
        met = "" if line.met is None else "yes" if line.met else "NO"
        table.add_row(
            line.what, f"{_said(line.value)} {line.unit}", ratio, line.target, met, line.peer
        )
    Console(highlight=False, width=150).print(table, "")


def _said(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
