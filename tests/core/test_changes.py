"""What a correction changed: said field by field, and its kind decided by the fields alone."""

from typing import Any

import pytest

from noticeboard.core.changes import change_of, differences
from noticeboard.core.drafting import read, typed_of
from noticeboard.core.particulars import KINDS, Attachment, Content, Kind
from tests.cast import FORMS


def pair(kind: Kind, index: int | None = None, **typed: Any) -> tuple[Content, Content]:
    """Give a content and its correction: `typed` replaces fields of the head or of row `index`."""
    old = read(kind, FORMS[kind])
    form = typed_of(old)
    (form if index is None else form["rows"][index]).update(typed)
    return old, read(kind, form, last_row=old.last_row)


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_differs_in_nothing(kind: Kind) -> None:
    """Also when a reason is given or it came from another file: those say nothing of the matter."""
    old = read(kind, FORMS[kind])
    new = read(kind, {**FORMS[kind], "reason": "x"}, source="ab" * 32)
    assert () == differences(old, new)


def test_an_amount_differs_by_so_many_fen() -> None:
    """The page says what the row was for and how much less it is."""
    (found,) = differences(*pair("spending", 1, expense="480"))
    assert (2, "expense", 50000, 48000, "修机耕路", -2000) == (
        found.row,
        found.field,
        found.before,
        found.after,
        found.what,
        found.delta,
    )


def test_a_row_that_is_new_or_gone_is_one_difference() -> None:
    """With its whole amount, plus or minus."""
    old = read("subsidy", FORMS["subsidy"])
    form = typed_of(old)
    rows = [form["rows"][1], {"group": "一组", "name": "丁", "amount": "10"}]
    new = read("subsidy", {**form, "rows": rows}, last_row=old.last_row)
    said = [(found.row, found.field, found.what, found.delta) for found in differences(old, new)]
    assert [(1, "", "陈桂花", -34125), (3, "", "丁", 1000)] == said


@pytest.mark.parametrize(
    ("kind", "index", "typed", "change"),
    [
        ("spending", None, {"title": "2026年第一季度财务收支明细"}, "typo"),
        ("spending", 1, {"summary": "修整机耕路"}, "typo"),
        ("spending", 1, {"summary": "修整机耕路", "expense": "501"}, "substance"),
        ("spending", 1, {"payee": "王建国"}, "substance"),
        ("spending", 1, {"payee": ""}, "redaction"),
        ("asset", 0, {"keeper": ""}, "redaction"),
        ("asset", 0, {"net": "37,000"}, "substance"),
        ("asset", 1, {"note": "停用"}, "typo"),
        ("contract", 0, {"party": ""}, "redaction"),
        ("contract", 0, {"note": "免租一年"}, "substance"),
        ("contract", 0, {"ends": "2026-12-31"}, "substance"),
        ("labour", 0, {"name": ""}, "redaction"),
        ("labour", 0, {"days": "2"}, "substance"),
        ("table", 0, {"c2": ""}, "redaction"),
        ("table", 0, {"c2": "王建国"}, "substance"),
        ("table", 0, {"c0": "宅基地"}, "substance"),
        ("spending", 1, {"payee": "", "handler": ""}, "redaction"),
        ("spending", 1, {"payee": "", "summary": "修路"}, "substance"),
        ("spending", 0, {"date": "2026-01-11"}, "substance"),
        ("spending", None, {"item": "D18"}, "substance"),
        ("spending", None, {"covers": "2026-Q2"}, "substance"),
        ("subsidy", 0, {"tail": "12"}, "substance"),
        ("subsidy", 1, {"remark": ""}, "redaction"),
        ("project", 1, {"party": "另一家"}, "substance"),
        ("project", None, {"scope": "新建蓄水池两口"}, "typo"),
        ("decision", None, {"resolution": "不同意"}, "substance"),
        ("decision", 1, {"against": "0"}, "substance"),
        ("announcement", None, {"text": "周日上午检修水管。"}, "substance"),
        ("announcement", None, {"title": "停水的通知"}, "typo"),
        ("announcement", None, {"starts": "2026-01-11T08:00"}, "substance"),
    ],
)
def test_the_fields_decide_what_kind_of_change_it_is(
    kind: Kind, index: int | None, typed: dict[str, str], change: str
) -> None:
    """Only wording may be a slip of the pen; taking people out and nothing else is a redaction."""
    assert change == change_of(*pair(kind, index, **typed))


def test_files_taken_out_are_a_redaction_and_added_ones_are_not() -> None:
    """A photograph that came down, and one that came up."""
    files = [Attachment(c=f"{n:064x}", len=1, type="image/jpeg") for n in (1, 2)]
    one = read("announcement", FORMS["announcement"], files=files[:1])
    two = read("announcement", FORMS["announcement"], files=files)
    assert ("redaction", "substance") == (change_of(two, one), change_of(one, two))


@pytest.mark.parametrize(
    ("kind", "field", "typed", "what", "delta"),
    [
        ("asset", "net", "37,000.50", "村部办公楼", -100_000),
        ("contract", "owed", "0", "三组山塘", -120_000),
        ("labour", "amount", "310", "清淤", 1_000),
        ("table", "c4", "12.50", "", 250),
    ],
)
def test_the_money_of_a_register_differs_by_so_many_fen(
    kind: Kind, field: str, typed: str, what: str, delta: int
) -> None:
    """A register's correction says which row and by how much, and never whose it is."""
    (found,) = differences(*pair(kind, 0, **{field: typed}))
    assert (1, field, what, delta) == (found.row, found.field, found.what, found.delta)
