"""QR codes as one small SVG path, as a matrix and for the terminal; error level M.

The library makes the matrix; its own SVG writers are two to eight times as large.
"""

from html import escape
from itertools import groupby
from typing import Any, Final

from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode

QUIET: Final = 4  # modules of white on each side, which readers need
# Black on white by colour number, which no terminal theme changes.
_INK, _PLAIN = "\x1b[38;5;16;48;5;231m", "\x1b[0m"
_HALF_BLOCKS: Final = {
    (False, False): " ",
    (True, False): "▀",
    (False, True): "▄",
    (True, True): "█",
}


def _made(text: str) -> QRCode[Any]:
    code = QRCode(error_correction=ERROR_CORRECT_M, border=0)
    # Unsplit, the library takes the alphanumeric mode by itself for an upper-case address.
    code.add_data(text.encode(), optimize=0)
    code.make(fit=True)
    return code


def version(text: str) -> int:
    """Say how large the QR is, 1 to 40; a side has 17 + 4 x version modules."""
    return _made(text).version


def matrix(text: str) -> list[list[bool]]:
    """Give the modules row by row, True for black, without the quiet zone.

    Upper-case addresses take the alphanumeric mode, anything else UTF-8 bytes. Raises
    `qrcode.exceptions.DataOverflowError` beyond what a QR can hold.
    """
    return [[bool(module) for module in row] for row in _made(text).get_matrix()]


def svg(text: str, module_px: int | None = None, title: str = "") -> str:
    """Give an `<svg>` element with the quiet zone; `title` is what a screen reader says.

    Without a title it says nothing: what is around the element does.
    Without `module_px` the element takes the size its style sheet gives. It carries its own white
    ground, so that it can be read on a dark page, and no `style` attribute.
    """
    rows = matrix(text)
    side = len(rows) + 2 * QUIET
    size = f' width="{side * module_px}" height="{side * module_px}"' if module_px else ""
    name = f"<title>{escape(title)}</title>" if title else ""
    role = 'role="img"' if title else 'aria-hidden="true"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}"{size} {role}'
        f' shape-rendering="crispEdges">{name}<rect width="{side}" height="{side}" fill="#fff"/>'
        f'<path d="{_runs(rows)}"/></svg>'
    )


def _runs(rows: list[list[bool]]) -> str:
    """Draw each run of black modules in a row as one rectangle."""
    path: list[str] = []
    for y, row in enumerate(rows, QUIET):
        x = QUIET
        for black, modules in groupby(row):
            width = len(list(modules))
            if black:
                path.append(f"M{x} {y}h{width}v1h-{width}z")
            x += width
    return "".join(path)


def terminal(text: str) -> str:
    """Give the QR for a terminal, two modules to a character, black on white in any theme."""
    rows = matrix(text)
    blank = [False] * (len(rows) + 2 * QUIET)
    framed = [blank] * QUIET
    framed += [[False] * QUIET + row + [False] * QUIET for row in rows]
    framed += [blank] * (QUIET + 1)  # the side is odd, so the last half line is white
    return "\n".join(
        _INK + "".join(_HALF_BLOCKS[pair] for pair in zip(upper, lower, strict=True)) + _PLAIN
        for upper, lower in zip(framed[::2], framed[1::2], strict=True)
    )
