"""Which of a workbook's styles show a number above zero in red: a bookkeeper's minus."""

import re
from collections.abc import Iterator

from noticeboard.formats.sheetxml import elements

# In the palette that every workbook has: the two that are plain red.
_RED_INDEXES = {"2", "10"}
_RED = re.compile(r"\[(?:red|红色|color ?3)\]", re.IGNORECASE)
_CONDITION = re.compile(r"\[[<>=]")


def reddish(red: int, green: int, blue: int) -> bool:
    """Say whether a colour would be called red on a printed sheet; each part is 0 to 255."""
    return red >= 0xC0 and green <= 0x40 and blue <= 0x40  # noqa: PLR2004 - parts of a colour


def red_above_zero(number_format: str) -> bool:
    """Say whether a number format shows what is above zero in red, not only what is below."""
    first = number_format.partition(";")[0]
    return _RED.search(first) is not None and _CONDITION.search(first) is None


def red_hex(colour: str) -> bool:
    """Say whether `FFC00000` or `#ff0000` is a red."""
    digits = colour.removeprefix("#")[-6:]
    if re.fullmatch("[0-9A-Fa-f]{6}", digits) is None:
        return False
    return reddish(*bytes.fromhex(digits))


class Styles:
    """Reads `xl/styles.xml`; `red` are the numbers of the cell styles that show numbers in red."""

    def __init__(self) -> None:
        self._inside: list[str] = []
        self._formats: set[str] = set()
        self._fonts: list[bool] = []
        self._styles = 0
        self.red: set[str] = set()

    def read(self, blocks: Iterator[bytes]) -> frozenset[str]:
        """Give the red styles; raises Damaged and expat.ExpatError."""
        elements(blocks, self._begin, self._end)
        return frozenset(self.red)

    def _begin(self, tag: str, given: dict[str, str]) -> None:
        inside = self._inside[-1] if self._inside else ""
        match tag:
            case "numFmt" if red_above_zero(given.get("formatCode", "")):
                self._formats.add(given.get("numFmtId", ""))
            case "font" if inside == "fonts":
                self._fonts.append(False)
            case "color" if inside == "font" and self._fonts:
                indexed = given.get("indexed") in _RED_INDEXES
                self._fonts[-1] = indexed or red_hex(given.get("rgb", ""))
            case "xf" if inside == "cellXfs":
                self._style(given)
        self._inside.append(tag)

    def _style(self, given: dict[str, str]) -> None:
        font = int(given.get("fontId", "0"))
        red = font < len(self._fonts) and self._fonts[font]
        if red or given.get("numFmtId") in self._formats:
            self.red.add(str(self._styles))
        self._styles += 1

    def _end(self, _: str) -> None:
        self._inside.pop()
