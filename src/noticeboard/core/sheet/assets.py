"""An asset register's lines put together as Assets, or everything wrong with them."""

from collections.abc import Sequence
from typing import Any

from noticeboard.core.particulars import AssetRow, Assets
from noticeboard.core.sheet.reading import Given, Stated
from noticeboard.core.sheet.register import Register

_MONEY = ("original", "net")
_TEXTS = ("name", "category", "spec", "place", "use", "note")


class AssetRegister(Register):
    """Reads one register of what the collective owns; `read` does all of it."""

    def read(self) -> Assets | None:
        """Read all lines; None when there is nothing that could be stated."""
        aside = self.aside("name")
        money = {field: self.money(field) for field in _MONEY}
        quantity, unit = self.quantities("quantity"), self.units()
        texts = {field: self.texts(field) for field in _TEXTS}
        # A time that is none (九十年代) becomes part of the note.
        column = self.columns.get("acquired")
        vague = self.vague(column)
        acquired = self.points(column, aside | vague.keys())
        keeper = self.people(self.columns.get("keeper"), aside)
        # 3 台 and 2 间 make nothing together.
        counted = {"quantity": quantity} if len({u for u in unit if u}) <= 1 else {}
        totals = self.check(money | counted, quantities=("quantity",))
        if "number" in self.columns:
            self.report.leave(f"{self.columns['number'].letter}列“{self.columns['number'].header}”")
        places = [p for p in range(len(self.lines)) if p not in aside]
        self.report.behind = [self.lines.rows[p] for p in places]
        self._afterwards(places, money)
        if not places:
            return None
        noted = {p: f"{column.header}：{said}" for p, said in vague.items() if column}
        rows = tuple(
            AssetRow(
                id=number,
                **{field: said[p] for field, said in texts.items() if field != "note"},
                note="；".join(filter(None, (texts["note"][p], noted.get(p)))),
                quantity=quantity[p],
                unit=unit[p],
                original=money["original"][p],
                net=money["net"][p],
                acquired=acquired[p] or "",
                keeper=keeper[p] or None,
            )
            for number, p in enumerate(places, 1)
        )
        sums: dict[str, Any] = {
            field: totals.get(field, sum(v or 0 for v in values))
            for field, values in money.items()
            if field in self.columns
        }
        return Assets(as_of=self.as_of, rows=rows, **sums)

    def _afterwards(self, places: Sequence[int], money: dict[str, list[int | None]]) -> None:
        if not places and not self.report.failed:
            self.report.error(None, "没有读到一项资产", "请核对表头下面有没有明细。")
        if places and self.columns.keys() & set(_MONEY) and not self.summed:
            self.report.warn(None, "没有合计行，无法核对总数", "请核对总数后再送审。")
        column = self.columns.get("net")
        pairs = zip(money["original"], money["net"], strict=True)
        dearer = [p for p, (cost, worth) in enumerate(pairs) if cost and worth and worth > cost]
        if column:
            self.report.warn_of(
                [self.lines.at(p, column) for p in dearer if p in places],
                "净值比原值还大：{cells}",
                "请核对是不是填反了。",
            )


def assets(given: Given) -> Sequence[Stated]:
    """Read 资产台账: what the collective owns."""
    stated = AssetRegister(given).read()
    if stated is None:
        return ()
    items = given.headers.items
    land = "资源" in given.title and "资产" not in given.title
    return (
        Stated(
            title=given.title,
            particulars=stated,
            item=items["land" if land else "asset"],
            amount=(stated.net if stated.original is None else stated.original) or 0,
        ),
    )
