"""What is asked about a notice: where, what, when; and its editions as a surface may show them."""

from msgspec import Struct
from sqlalchemy import Connection

from noticeboard.core.notice import Edition, Notice
from noticeboard.core.visible import Surface
from noticeboard.show.facts import Facts, Place, facts


class Asked(Struct, frozen=True):
    """What is asked about: a notice that has been public, in its village, at an instant."""

    tx: Connection
    where: Place
    notice: Notice
    at: int
    public_url: str | None

    @property
    def current(self) -> Edition:
        """Give the edition that is, or last was, on the board."""
        current = self.notice.current
        assert current is not None  # `show` has looked
        return current

    def seen(self, surface: Surface, edition: Edition | None = None) -> Facts:
        """Read an edition, by default the current one, as a surface may show it."""
        return facts(self.tx, self.where, self.notice, edition or self.current, surface, self.at)
