"""Rule files in, one rules bundle out: which file holds what, and a county's own over the shipped.

A county's folder holds only what is its own: `packs/`, `catalogue/`, `powers/` … beside the shipped
files, a file of the same name instead of the shipped one, and its own sources over the shipped.
"""

import importlib.metadata
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from chinese_calendar.constants import holidays, workdays
from msgspec import inspect

from noticeboard import shipped
from noticeboard.core.parts import canonical
from noticeboard.core.problems import NotValid
from noticeboard.core.rules import Rules
from noticeboard.core.shapes import Shape
from noticeboard.formats.rule_checks import across
from noticeboard.formats.typed import Reader

_RULES = Shape(Rules)
# Which sections of the bundle stand in which file; what a section refers to is read before it.
_FILES = {
    "sources.yaml": ("sources",),
    "offices.yaml": ("bodies", "offices"),
    "grounds.yaml": ("grounds", "confirm_within"),
    "periods.yaml": ("counting", "suggestions", "after_end"),
}
# Sections whose tables stand in a folder of their own, in as many files as are easy to read.
_FOLDERS = ("catalogue", "packs", "hints", "powers", "readings")
_ALWAYS = frozenset({"catalogue"})
# Files that a folder may do without: what they rule is then not ruled.
_OPTIONAL = {f"{name}.yaml": (name,) for name in ("masking", "accounts", "actors", "changes")}
# The one file whose entries are added to the shipped ones instead of standing for them.
_ADDED = "sources.yaml"
_SATURDAY = 5


def load(folder: Path | None = None) -> bytes:
    """Read a whole data folder (default: the shipped one) and give its bundle's canonical bytes.

    The same files and the same release of chinesecalendar give the same bytes. Raises NotValid with
    a finding for everything that is wrong: file and line, what it is, and what to write instead.
    """
    return _bundle([(folder or shipped("data")).resolve()])


def load_over(folder: Path) -> bytes:
    """Read a county's own folder laid over the shipped one; raises NotValid as `load` does."""
    return _bundle([folder.resolve(), shipped("data").resolve()])


def _bundle(roots: Sequence[Path]) -> bytes:
    """Read the files of the nearest folder that has each, and put them together."""
    info = inspect.type_info(Rules)
    assert isinstance(info, inspect.StructType)
    reader = Reader({field.name: field.type for field in info.fields}, roots)
    if len(roots) > 1:
        _only_rules(reader, *roots)
    for name, sections in (_FILES | _OPTIONAL).items():
        there = [root / name for root in roots if (root / name).exists()]
        if not there and name in _FILES:
            there = [roots[-1] / name]
        for path in reversed(there if name == _ADDED else there[:1]):
            reader.file(path, sections)
    for name in _FOLDERS:
        paths = {path.name: path for root in reversed(roots) for path in _yaml(root / name)}
        if not paths and name in _ALWAYS:
            reader.wrong_file(roots[-1] / name, "这里没有公开目录的文件。")
        reader.spread(name, [paths[key] for key in sorted(paths)])
    if not reader.unread:
        for node, text, value, fix, args in across(reader.found, reader.nodes):
            reader.wrong_at(node, text, value, fix, **args)
    if reader.findings:
        raise NotValid.of(reader.findings)
    found = {"v": 1, **reader.found, **_holidays()}
    _RULES.of_plain(found)
    # Only what the files say: a field that a later program adds changes no bundle of today's files.
    return canonical(found)


def _yaml(folder: Path) -> Iterator[Path]:
    yield from sorted(folder.glob("*.yaml"))


def _only_rules(reader: Reader, own: Path, beneath: Path) -> None:
    """Tell of what nobody would read in a county's folder: a wrong name must not go unnoticed."""
    known = {*_FILES, *_OPTIONAL, *_FOLDERS}
    names = [path for path in sorted(own.iterdir()) if not path.name.startswith(".")]
    if not any(path.name in known for path in names):
        reader.wrong_file(own, "这个文件夹里没有规则。", "例如放一个 packs/本县.yaml。")
    for path in names:
        if path.name not in known and not (beneath / path.name).exists():
            text = "不认识这个文件，没有人会读它。"
            reader.wrong_file(path, text, f"只能放：{'、'.join(sorted(known))}。")
    for name in _FOLDERS:
        for path in sorted((own / name).glob("*")):
            if path.suffix != ".yaml":
                reader.wrong_file(path, "不认识这个文件，没有人会读它。", "文件名要以 .yaml 结尾。")


def _holidays() -> dict[str, Any]:
    """Copy the holidays and make-up days of every year that chinesecalendar knows."""
    release = importlib.metadata.version("chinesecalendar")
    return {
        "holidays": sorted(day.isoformat() for day in holidays if day.weekday() < _SATURDAY),
        "workdays": sorted(day.isoformat() for day in workdays if day.weekday() >= _SATURDAY),
        "holiday_years": sorted({day.year for day in holidays}),
        "holiday_basis": {"source": [f"chinesecalendar {release}"], "verified": "no"},
    }
