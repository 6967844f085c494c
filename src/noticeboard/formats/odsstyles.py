"""Which styles of an .ods hide a sheet, and which show a number above zero in red."""

from noticeboard.formats.styles import red_hex

# Styles build on each other; no program goes deeper.
_DEEPEST = 8
_NUMBER_STYLES = {"number-style", "currency-style", "percentage-style"}


class OdsStyles:
    """Collects styles element by element, from `styles.xml` and the head of `content.xml`."""

    def __init__(self) -> None:
        self._name = ""
        self._hiding: set[str] = set()
        self._red: dict[str, bool] = {}
        self._parents: dict[str, str] = {}
        self._formats: dict[str, str] = {}
        # A number style that maps some numbers to another one is itself for those below zero.
        self._mapped: set[str] = set()

    def begin(self, tag: str, given: dict[str, str]) -> None:
        """Enter an element; what is no style is passed over."""
        match tag:
            case "style":
                self._name = given.get("style:name", "")
                self._parents[self._name] = given.get("style:parent-style-name", "")
                self._formats[self._name] = given.get("style:data-style-name", "")
            case _ if tag in _NUMBER_STYLES:
                # Number styles have names of their own kind.
                self._name = "number " + given.get("style:name", "")
            case "table-properties" if given.get("table:display") == "false":
                self._hiding.add(self._name)
            case "text-properties" if "fo:color" in given:
                self._red[self._name] = red_hex(given["fo:color"])
            case "map":
                self._mapped.add(self._name)

    def hides(self, style: str) -> bool:
        """Say whether a sheet of this style is hidden."""
        return style in self._hiding

    def reddens(self, style: str) -> bool:
        """Say whether a cell of this style shows a number above zero in red."""
        number = "number " + self._formats.get(style, "")
        if self._red.get(number) and number not in self._mapped:
            return True
        for _ in range(_DEEPEST):
            if style in self._red:
                return self._red[style]
            style = self._parents.get(style, "")
        return False
