"""What a form adds up to while it is being typed: 上期结转 ＋ 收入 − 支出 ＝ 结余."""

from collections.abc import Sequence

from msgspec import Struct

from noticeboard.core.drafting import Typed
from noticeboard.core.money import fen, yuan
from noticeboard.core.particulars import Kind
from noticeboard.core.problems import NotValid


class Sums(Struct, frozen=True, kw_only=True):
    """What a form adds up to so far, fen. `said` is what the writer wrote it comes to.

    `parts` are (label, sign, amount) as they are added; `unread` counts amounts that are none.
    """

    parts: tuple[tuple[str, str, int], ...]
    label: str
    said: int | None
    unread: int

    @property
    def comes_to(self) -> int:
        """Give the sum of the parts."""
        return sum(-amount if sign == "−" else amount for _label, sign, amount in self.parts)

    @property
    def even(self) -> str:
        """Say yes or no, or nothing while nothing was said that could be right or wrong."""
        if self.unread:
            return "no"
        return {None: "", 0: "yes"}.get(self.gap, "no")

    @property
    def gap(self) -> int | None:
        """Give what was said less what it comes to, or None when nothing was said."""
        return None if self.said is None else self.said - self.comes_to


def sums(kind: Kind, typed: Typed) -> Sums | None:
    """Add up what can be read of what has a total; None for kinds that add up to nothing."""
    reader = _Reader()
    rows = typed.get("rows", ())
    match kind:
        case "spending":
            return Sums(
                parts=(
                    ("上期结转", "", reader.amount(typed, "opening") or 0),
                    ("收入", "＋", reader.column(rows, "income")),
                    ("支出", "−", reader.column(rows, "expense")),
                ),
                label="本期结余",
                said=reader.amount(typed, "closing"),
                unread=reader.unread,
            )
        case "subsidy":
            return Sums(
                parts=(("各户加起来", "", reader.column(rows, "amount")),),
                label="补贴合计",
                said=reader.amount(typed, "total"),
                unread=reader.unread,
            )
        case "labour":
            return Sums(
                parts=(("各行加起来", "", reader.column(rows, "amount")),),
                label="工钱合计",
                said=reader.amount(typed, "total"),
                unread=reader.unread,
            )
        case "asset":
            cost = reader.amount(typed, "original")
            name, label = ("net", "净值合计") if cost is None else ("original", "原值合计")
            return Sums(
                parts=(("各行加起来", "", reader.column(rows, name)),),
                label=label,
                said=reader.amount(typed, name),
                unread=reader.unread,
            )
    return None


class _Reader:
    """Reads amounts as far as they can be read, counting those that cannot."""

    def __init__(self) -> None:
        self.unread = 0

    def amount(self, typed: Typed, name: str) -> int | None:
        text = str(typed.get(name, "")).strip()
        try:
            return fen(text) if text else None
        except NotValid:
            self.unread += 1
            return None

    def column(self, rows: Sequence[Typed], name: str) -> int:
        return sum(self.amount(row, name) or 0 for row in rows)


def sentence(total: Sums) -> str:
    """Say a sum in one line: 上期结转 1.00 ＋ 收入 2.00 − 支出 1.00 ＝ 2.00 元，和本期结余一样。"""
    added = " ".join(f"{sign} {label} {yuan(n)}".strip() for label, sign, n in total.parts)
    match total.gap:
        case None:
            said = f"{total.label}还没有填"
        case 0:
            said = f"和{total.label}一样"
        case gap:
            said = f"{total.label}写{'多' if gap > 0 else '少'}了 {yuan(abs(gap))} 元"
    unread = f"有 {total.unread} 个金额读不出来。" if total.unread else ""
    return f"{added} ＝ {yuan(total.comes_to)} 元，{said}。{unread}"
