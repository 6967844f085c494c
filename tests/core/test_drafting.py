"""Forms read field by field: exact or refused with the place, and nothing typed is lost."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from noticeboard.core.columns import MOST_COLUMNS
from noticeboard.core.drafting import fields_of, quantity, read, typed_of
from noticeboard.core.forms import COMMON, FORMS, Field
from noticeboard.core.money import MOST
from noticeboard.core.particulars import KINDS, Attachment, Kind, Row, Titled, kind_of
from noticeboard.core.problems import NotValid
from tests.cast import FORMS as TYPED

WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=8)
SAYS: dict[str, st.SearchStrategy[str]] = {
    "text": WORDS,
    "long": WORDS,
    "money": st.sampled_from(["", "0", "0.05", "1,234.50", "12"]),
    "quantity": st.sampled_from(["", "0", "3.25", "0.001"]),
    "count": st.sampled_from(["", "0", "35"]),
    "date": st.sampled_from(["", "2026-01-15"]),
    "when": st.sampled_from(["", "2026-01-15", "2026-01", "2026"]),
    "moment": st.sampled_from(["", "2026-01-15T08:00"]),
    "flag": st.sampled_from(["", "no", "yes"]),
    "code": st.sampled_from(["", "7Q4M9W2E"]),
}


def says(field: Field) -> st.SearchStrategy[str]:
    if field.choices:
        return st.sampled_from([value for value, _label in field.choices])
    if field.read == "choice" or field.name == "covers":
        return st.sampled_from(["", "2026-Q1" if field.name == "covers" else "g1"])
    told = SAYS[field.read]
    return told.filter(lambda text: bool(text.strip())) if field.required else told


def filled(fields: tuple[Field, ...]) -> st.SearchStrategy[dict[str, str]]:
    return st.fixed_dictionaries({field.name: says(field) for field in fields})


@st.composite
def forms(draw: st.DrawFn) -> tuple[Kind, dict[str, Any]]:
    kind = draw(st.sampled_from(KINDS))
    form = FORMS[kind]
    typed: dict[str, Any] = {**draw(filled(COMMON)), **draw(filled(form.head))}
    if form.columns:
        typed["columns"] = draw(st.lists(filled(form.columns), max_size=MOST_COLUMNS))
    rows = fields_of(kind, typed)
    typed["rows"] = draw(st.lists(filled(rows), max_size=4)) if rows else []
    if form.facts:
        typed["facts"] = draw(st.lists(filled(form.facts), max_size=3))
    return kind, typed


@given(forms())
def test_a_content_written_back_as_a_form_reads_the_same(form: tuple[Kind, dict[str, Any]]) -> None:
    """Opening a correction and sending it unchanged changes nothing."""
    kind, typed = form
    content = read(kind, typed)
    assert content == read(kind, typed_of(content), last_row=content.last_row)


@pytest.mark.parametrize("kind", KINDS)
def test_the_form_asks_for_exactly_what_the_particulars_hold(kind: Kind) -> None:
    """A form can neither ask for what the rulebook does not know nor leave something out."""
    content = read(kind, TYPED[kind])
    form, particulars = FORMS[kind], content.particulars
    assert kind == kind_of(content)
    head = {*particulars.__struct_fields__} - {"rows", "facts", "columns"}
    assert head == {field.name for field in form.head}
    columns = {*particulars.ROW.__struct_fields__} - {"id"}
    if form.columns:
        # A declared row is cells and, apart from them, the persons named in it.
        assert ({"cells", "people"}, ("people",)) == (columns, particulars.ROW.NAMES)
        return
    assert columns == {field.name for field in form.rows}
    people = {field.name for field in form.rows if field.person}
    assert set(particulars.ROW.NAMES) == people


@pytest.mark.parametrize("kind", KINDS)
def test_no_particulars_have_room_for_a_private_number(kind: Kind) -> None:
    """Identity, phone and card numbers are not fields of anything public."""
    content = read(kind, TYPED[kind])
    fields = {*content.particulars.__struct_fields__, *content.particulars.ROW.__struct_fields__}
    assert not {"identity", "phone", "card", "account_no", "id_number"} & fields


def test_everything_wrong_is_said_at_once_with_its_field() -> None:
    """A person mends a form in one go: each finding names row, label and form field."""
    typed = {
        "title": " ",
        "opening": "一百",
        "closing": "1.234",
        "covers": "２０２６-Q1",
        "rows": [
            {"date": "2026-02-30", "summary": "", "expense": "1"},
            {},
            {"date": "2026-01-01", "summary": "x", "decision": "short"},
        ],
    }
    with pytest.raises(NotValid) as refused:
        read("spending", typed)
    fields = [finding.field for finding in refused.value.findings]
    assert [
        "title",
        "opening",
        "closing",
        "rows.0.date",
        "rows.0.summary",
        "rows.2.decision",
        "covers",
    ] == fields
    assert "第1行 日期：没有这一天。（2026-02-30）请写成 2026-01-15。" in str(refused.value)


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("due", "-1"),
        ("due", "3.5"),
        ("due", "１２"),
        ("date", "01/02/2026"),
        ("step", "7"),
        ("present", "12345678"),
    ],
)
def test_a_cell_that_is_not_exact_is_refused(field: str, text: str) -> None:
    """Nothing is guessed from what could mean two things."""
    with pytest.raises(NotValid):
        read("decision", {**TYPED["decision"], "rows": [{"step": "1", field: text}]})


def test_rows_keep_their_ids_and_new_ones_get_the_next() -> None:
    """An id is the row's address for ever: kept over a correction, never given twice."""
    rows = [{"summary": s, "date": "2026-01-01", "income": "1"} for s in "abc"]
    first = read("spending", {**TYPED["spending"], "rows": rows})
    assert ([1, 2, 3], 3) == ([row.id for row in first.particulars.rows], first.last_row)
    kept = typed_of(first)["rows"]
    again = read(
        "spending",
        {**TYPED["spending"], "rows": [kept[2], {**rows[0]}, kept[0]]},
        last_row=first.last_row,
    )
    assert ([3, 4, 1], 4) == ([row.id for row in again.particulars.rows], again.last_row)


@pytest.mark.parametrize("id_", ["2", "9", "0", "-1", "x", "１", "99999999999"])
def test_an_id_is_never_taken_on_trust(id_: str) -> None:
    """A copied row, or an id nobody gave, gets one of its own and no row is lost."""
    row = {"summary": "x", "date": "2026-01-01", "income": "1"}
    typed = {**TYPED["spending"], "rows": [{**row, "id": "2"}, {**row, "id": id_}]}
    content = read("spending", typed, last_row=3)
    assert ([2, 4], 4) == ([row.id for row in content.particulars.rows], content.last_row)


def test_a_row_that_lost_its_name_can_still_be_corrected() -> None:
    """After a redaction the required name of an old row may be missing; of a new one it may not."""
    old = {**TYPED["subsidy"]["rows"][0], "id": "1", "name": ""}
    typed = {**TYPED["subsidy"], "rows": [old]}
    assert [None] == [row.name for row in read("subsidy", typed, last_row=1).particulars.rows]  # type: ignore[union-attr]
    with pytest.raises(NotValid, match="还没有填"):
        read("subsidy", typed, last_row=0)


def test_a_figure_without_a_label_is_refused_not_dropped() -> None:
    """What was typed is read or named, never silently left out."""
    with pytest.raises(NotValid) as refused:
        read("project", {**TYPED["project"], "facts": [{"value": "9", "unit": "口"}, {}]})
    assert ["facts.0.label"] == [finding.field for finding in refused.value.findings]


@pytest.mark.parametrize(("text", "thousandths"), [("3.25", 3250), ("0.001", 1), ("12", 12000)])
def test_quantities_are_thousandths(text: str, thousandths: int) -> None:
    """Exact integers, up to three decimals."""
    assert thousandths == quantity(text)


@pytest.mark.parametrize("text", ["1.2345", "-1", "1,000", "", str(MOST)])
def test_quantities_that_are_not_exact_are_refused(text: str) -> None:
    """More decimals, a sign, or more than every reader keeps."""
    with pytest.raises(NotValid):
        quantity(text)


def test_too_much_is_refused() -> None:
    """Bounds on rows and on the length of a text, with the number in the sentence."""
    row = {"summary": "x", "date": "2026-01-01", "income": "1"}
    with pytest.raises(NotValid, match="最多 2000 行"):
        read("spending", {**TYPED["spending"], "rows": [row] * 2001})
    with pytest.raises(NotValid, match="最多 4000 个字"):
        read("announcement", {"title": "x", "text": "字" * 4001})


def test_files_and_source_go_with_the_content() -> None:
    """What is not typed is carried along: attachments, the workbook's hash."""
    file = Attachment(c="ab" * 32, len=3, type="image/jpeg", caption="水池")
    content = read("announcement", TYPED["announcement"], files=[file], source="cd" * 32)
    assert ((file,), "cd" * 32) == (content.files, content.source)


def test_rows_are_of_their_kind() -> None:
    """The row class of each kind is what `read` makes."""
    for kind in KINDS:
        content = read(kind, TYPED[kind])
        for row in content.particulars.rows:
            assert isinstance(row, Row)
            assert content.particulars.ROW is type(row)
    assert msgspec.json.encode(content)


DECLARED = [
    {"label": "事由", "read": "text"},
    {"label": "经办人", "read": "person"},
    {"label": "费用", "read": "money"},
]


def test_a_table_keeps_names_apart_from_its_cells() -> None:
    """A declared column of persons goes with the names, so that one person can be erased."""
    row = {"c0": "盖章", "c1": "王建军", "c2": "10"}
    content = read("table", {"title": "登记", "columns": DECLARED, "rows": [row, {"c0": "借用"}]})
    assert isinstance(content.particulars, Titled)
    first, second = content.particulars.rows
    assert (("盖章", None, 1000), (None, "王建军", None)) == (first.cells, first.people)
    assert (("借用", None, None), None) == (second.cells, second.people)


def test_a_column_that_says_no_kind_holds_words() -> None:
    """Nothing has to be chosen for the usual case."""
    typed = {"title": "登记", "columns": [{"label": "事由"}], "rows": [{"c0": "0012"}]}
    content = read("table", typed)
    assert isinstance(content.particulars, Titled)
    assert ("text", ("0012",)) == (
        content.particulars.columns[0].read,
        content.particulars.rows[0].cells,
    )


@pytest.mark.parametrize(
    ("columns", "row", "fields"),
    [
        ([{"label": "费用", "read": "money"}], {"c0": "约十元"}, ["rows.0.c0"]),
        ([{"label": "日期", "read": "date"}], {"c0": "2026-02-30"}, ["rows.0.c0"]),
        ([{"label": "", "read": "text"}], {"c0": "x"}, ["columns.0.label"]),
        ([{"label": "事由", "read": "list"}], {"c0": "x"}, ["columns.0.read"]),
        ([{"label": str(n)} for n in range(13)], {"c0": "x"}, ["columns"]),
    ],
)
def test_what_is_wrong_in_a_table_is_said_at_its_cell(
    columns: list[dict[str, str]], row: dict[str, str], fields: list[str]
) -> None:
    """A declared column is read as strictly as any other field."""
    with pytest.raises(NotValid) as refused:
        read("table", {"title": "登记", "columns": columns, "rows": [row]})
    assert fields == [finding.field for finding in refused.value.findings]


@pytest.mark.parametrize("text", ["2026-13", "26", "2026-1", "二〇二六"])
def test_a_time_that_is_no_day_month_or_year_is_refused(text: str) -> None:
    """When a thing was bought may be known to the month or year only, but then exactly so."""
    row = {"name": "水泵", "acquired": text}
    with pytest.raises(NotValid):
        read("asset", {"title": "台账", "rows": [row]})
