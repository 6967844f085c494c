"""How many a roster pays: a row is one household, or says how many it sums up."""

from collections.abc import Sequence

from noticeboard.core.particulars import SubsidyRow


def households(rows: Sequence[SubsidyRow]) -> int:
    """Give how many households some rows stand for."""
    return sum(row.households or 1 for row in rows)


def are_sums(rows: Sequence[SubsidyRow]) -> bool:
    """Say whether all rows are sums of households and none of them is one."""
    return bool(rows) and all(row.households for row in rows)
