"""Asking: a form about a notice as the acts read it."""

from collections.abc import Mapping

from msgspec import Struct

from noticeboard.board import Board, accounts, history
from noticeboard.board.board import Sent
from noticeboard.core.notice import Notice
from noticeboard.store.people import Account
from noticeboard.web import uploads
from noticeboard.web.answers import typed_once


class Asked(Struct, frozen=True):
    """A form about a notice: on which board, who sent it, and its fields."""

    board: Board
    village: str
    code: str
    me: Account
    act: str
    sent: Mapping[str, str]
    photo: uploads.Upload | None = None

    @property
    def number(self) -> int:
        """Give the sender's number here; raises NotAllowed for somebody without office."""
        return accounts.seat(self.board, self.me.id, self.village)

    @property
    def once(self) -> Sent | None:
        """Give the form's own number."""
        return typed_once(self.sent, self.me, self.act)

    @property
    def notice(self) -> Notice:
        """Read the notice; raises NotFound."""
        with self.board.database.read() as tx:
            return history.named(tx, self.village, self.code)

    def ticked(self, prefix: str) -> frozenset[str]:
        """Give what is ticked of a list: `row.7` of `row` is 7."""
        return frozenset(
            name.removeprefix(f"{prefix}.") for name in self.sent if name.startswith(f"{prefix}.")
        )
