"""What the importer says of a workbook in a few words: what its money is, sheet by sheet."""

from collections.abc import Iterator

import pytest

from noticeboard import importing
from tests.cast import VILLAGE, Cast
from tests.fixtures.make import FIXTURES
from tests.intake.told import Here, checked, villages


@pytest.fixture(scope="module")
def cast(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cast]:
    """Found the villages of the fixtures, once: a check keeps nothing."""
    cast = villages(tmp_path_factory.mktemp("wording"))
    yield cast
    cast.board.database.close()


def test_each_kind_says_what_its_money_is(cast: Cast) -> None:
    """A year's rents are no total of anything else, and nothing is added up that nobody states."""
    workbook = next(fixture for fixture in FIXTURES if fixture.name == "all-kinds.xlsx")
    found = checked(cast, workbook)
    assert [
        ("ledger", "收入 34,000.00 元，支出 3,686.50 元"),
        ("roster", "补贴合计 1,149.75 元"),
        ("project", "投资合计 201,600.00 元"),
        ("contract", "每年租金合计 11,000.00 元"),
        ("asset", "原值合计 339,860.50 元"),
        ("labour", "工钱合计 950.00 元"),
    ] == [(sheet.kind, importing.money_of(sheet)) for sheet in found.sheets]


def test_a_list_without_money_speaks_of_none(cast: Cast) -> None:
    """A register of seals comes to so many lines; 0.00 yuan would be an answer to no question."""
    workbook = next(fixture for fixture in FIXTURES if fixture.name == "titled.xlsx")
    found = importing.check(
        cast.board, VILLAGE, workbook.data(), workbook.name, "table", reader=Here()
    )
    assert ["  用印登记：登记表，2 行"] == [*importing.in_words(found)][:1]
