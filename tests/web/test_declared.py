"""A table that declares its own columns, at the desk: cells stay under the column they stood in."""

from typing import Any

import pytest

from noticeboard.board.scanning import leaks
from noticeboard.core.drafting import read
from noticeboard.core.particulars import Titled
from noticeboard.web.alike import next_after
from noticeboard.web.forms import clashes, placed, typed_of
from tests.cast import FORMS, PROFILE, VILLAGE
from tests.web.browsing import at, fields_of
from tests.web.conftest import Office

SENT = {
    "columns.0.label": "事由",
    "columns.1.label": "经办人",
    "columns.1.read": "person",
    "columns.2.label": "份数",
    "columns.2.read": "quantity",
    "columns.3.read": "money",
    "rows.0.c0": "盖章",
    "rows.0.c1": "王建军",
    "rows.0.c2": "2",
    "rows.1.c0": " ",
}


def test_what_is_typed_is_taken_under_its_columns() -> None:
    """A column without a name and a row without a word are not there."""
    typed = typed_of("table", SENT)
    assert ["事由", "经办人", "份数"] == [column["label"] for column in typed["columns"]]
    assert [{"c0": "盖章", "c1": "王建军", "c2": "2"}] == typed["rows"]


@pytest.mark.parametrize("change", [{"columns.1.gone": "yes"}, {"columns.1.label": ""}])
def test_a_column_that_goes_takes_its_cells_along(change: dict[str, str]) -> None:
    """Those behind it stay under the column they stood in."""
    typed = typed_of("table", {**SENT, **change})
    assert ["事由", "份数"] == [column["label"] for column in typed["columns"]]
    assert [{"c0": "盖章", "c1": "2"}] == typed["rows"]


def test_what_two_people_typed_is_compared_column_by_column() -> None:
    """Also the names of the columns themselves."""
    stored = typed_of("table", SENT)
    other = typed_of("table", {**SENT, "rows.0.c2": "3", "columns.0.label": "盖什么"})
    said = [(clash.where, clash.stored, clash.typed) for clash in clashes("table", stored, other)]
    assert [("第1行 份数", "2", "3"), ("第1行 这一列叫什么", "事由", "盖什么")] == said


def test_a_table_goes_from_an_empty_form_to_a_filled_one(office: Office) -> None:
    """First the head of the table, saved; then a line for every row, with those columns."""
    browser = office.browser("anna")
    begun = browser.post(f"/desk/{VILLAGE}/drafts", data={"kind": "table"})
    code = begun.headers["location"].rsplit("/", 1)[1][:8]
    fields = fields_of(browser.get(at(code)).text)
    assert "columns.0.label" in fields
    assert "rows.0.c0" not in fields
    data = {"version": "0", "title": "登记", "columns.0.label": "事由", "add": "10"}
    assert 303 == browser.post(at(code, "rows"), data=data).status_code
    fields = fields_of(browser.get(at(code)).text)
    assert "rows.0.c0" in fields
    assert "rows.0.c1" not in fields


def test_a_leak_in_a_declared_cell_is_found_at_its_place() -> None:
    """The finding of a scan leads to the cell and to the column's own name."""
    typed = typed_of("table", {**SENT, "rows.0.c0": "电话13912345678"})
    typed["columns"][2]["label"] = "13912345678"
    content = read("table", {**typed, "title": "登记"})
    found = placed("table", leaks(content, PROFILE), typed)
    assert {"rows.0.c0", "columns.2.label"} == {finding.field for finding in found}


@pytest.mark.parametrize(
    ("kind", "rows", "gone"),
    [
        ("asset", 2, ("original", "net", "as_of")),
        ("contract", 2, ("as_of",)),
        ("labour", 0, ("total",)),
        ("table", 0, ()),
    ],
)
def test_the_next_register_begins_like_the_last(
    kind: Any, rows: int, gone: tuple[str, ...]
) -> None:
    """What goes on is filled in; totals and days belong to the former one alone."""
    former = read(kind, FORMS[kind])
    typed = next_after(former)
    assert rows == len(typed.get("rows", ()))
    assert not [name for name in gone if typed.get(name)]
    if isinstance(former.particulars, Titled):
        assert FORMS["table"]["columns"] == typed["columns"]
