"""What is done with a workbook in a process apart: open it, understand it, find numbers in it.

Everything that crosses is msgpack of shapes made here, in the server as in the child.
"""

from pathlib import PurePath
from typing import Final

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from noticeboard.core import privacy, serials
from noticeboard.core.sheet import About, Book, Choices, Understood, understand
from noticeboard.core.sheet.cells import words
from noticeboard.formats import workbook
from noticeboard.formats.apart import Apart
from noticeboard.formats.bounds import Tell

UNDERSTAND: Final = f"{__name__}:understand_apart"
_LEAKING: Final = f"{__name__}:leaking_apart"

# A number of somebody, as `core.privacy` says it: what is wrong, and how it may be shown.
Leak = tuple[str, str]
# Where such numbers stand, sheet by sheet: row and column from 0.
Leaking = dict[str, list[tuple[Leak, int, int]]]


class File(Struct, frozen=True):
    """A file as it was brought, with the name it was given."""

    data: bytes
    name: str


class _Asked(Struct, frozen=True):
    file: File
    about: About
    choices: Choices


_ASKED: Final = msgspec.msgpack.Decoder(_Asked)
_FILE: Final = msgspec.msgpack.Decoder(File)
_UNDERSTOOD: Final = msgspec.msgpack.Decoder(Understood)
_FOUND: Final = msgspec.msgpack.Decoder(Leaking)


def understood(reader: Apart, file: File, about: About, choices: Choices, tell: Tell) -> Understood:
    """Open and understand a workbook in a child; raises NotValid for what cannot be opened."""
    given = msgspec.msgpack.encode(_Asked(file, about, choices))
    return _UNDERSTOOD.decode(reader.ask(given, tell))


def leaking(file: File) -> Leaking:
    """Find in a child which cells of a workbook hold somebody's numbers, in reading order."""
    given = msgspec.msgpack.encode(file)
    return _FOUND.decode(Apart(_LEAKING, ready=False).ask(given))


def opened(file: File, tell: Tell = lambda _: None) -> Book:
    """Open a workbook here and now; raises NotValid."""
    return replace(workbook.read(file.data, file.name, tell), name=PurePath(file.name).stem)


# In the child.


def understand_apart(given: bytes, tell: Tell) -> bytes:
    """Answer `understood`."""
    asked = _ASKED.decode(given)
    book = opened(asked.file, tell)
    return msgspec.msgpack.encode(understand(book, workbook.headers(), asked.about, asked.choices))


def leaking_apart(given: bytes, tell: Tell) -> bytes:
    """Answer `leaking`."""
    found: Leaking = {}
    for sheet in opened(_FILE.decode(given), tell).sheets:
        cells = found.setdefault(words(sheet.name), [])
        for row, line in enumerate(sheet.rows):
            for column, cell in enumerate(line):
                text = words(cell)
                leaks = privacy.scan([("", text)]) or (serials.told("", text),)
                cells += [((leak.text, leak.value), row, column) for leak in leaks if leak]
    return msgspec.msgpack.encode(found)
