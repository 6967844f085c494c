"""Whatever stands in any cell of any kind of sheet, the answer is a reading or problems."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from noticeboard.core.drafting import read, typed_of
from noticeboard.core.particulars import kind_of
from noticeboard.core.sheet.headers import SheetKind
from tests.core.sheet import test_assets, test_contracts, test_labour, test_projects, test_titled
from tests.core.sheet.sheets import errors, ledger, roster, sheet, understood

SHEETS: dict[SheetKind, list[list[Any]]] = {
    "ledger": ledger(),
    "roster": roster(),
    "project": test_projects.projects(),
    "asset": test_assets.register(),
    "contract": test_contracts.register(),
    "labour": test_labour.labour_list(),
    "table": test_titled.seals(),
}
MARKS = [
    "合计",
    "小计",
    "姓名",
    "一组",
    "2026.1",
    "2021-2030",
    "长期",
    "1.5万",
    "—",
    "无",
    "是",
    "-5",
]
CELLS = (
    st.none()
    | st.integers()
    | st.decimals(allow_nan=False, allow_infinity=False)
    | st.dates()
    | st.text(max_size=8)
    | st.sampled_from(MARKS)
)
MERGES = st.tuples(st.integers(2, 5), st.integers(0, 5), st.integers(0, 2), st.integers(0, 2))


@pytest.mark.parametrize("kind", SHEETS)
@given(data=st.data())
def test_no_cell_makes_a_reader_stumble(kind: SheetKind, data: st.DataObject) -> None:
    """What can be imported is a form that reads back; what cannot has an error or a question."""
    rows = [[*row] for row in SHEETS[kind]]
    for _ in range(data.draw(st.integers(1, 5))):
        row = data.draw(st.integers(1, len(rows) - 1))
        column = data.draw(st.integers(0, max(0, len(rows[row]) - 1)))
        rows[row][column : column + 1] = [data.draw(CELLS)]
    merged = [(t, le, t + h, le + w) for t, le, h, w in data.draw(st.lists(MERGES, max_size=1))]
    found = understood(sheet("表", rows, merged=merged), kind=kind)
    assert found.ok == bool(found.contents and not errors(found) and not found.questions)
    for content in found.contents if found.ok else ():
        if kind not in {"ledger", "roster"}:
            again = read(kind_of(content), typed_of(content), last_row=content.last_row)
            assert content == again
