"""import at the command line: one JSON shape, three ends, and sums explained cell by cell."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from noticeboard.compose import open_board
from noticeboard.core.problems import NotValid
from noticeboard.importing.explaining import Explanation, explanation
from noticeboard.settings import read_settings
from noticeboard.store import drafts
from noticeboard.store.drafts import Draft
from tests.cli.test_commands import Desk, V, desk

__all__ = ["desk"]

HEAD = ["日期", "凭证号", "摘要", "收入", "支出", "收款人"]
LINES = [["2026-01-10", "记-1", "林地租金", 2000], ["2026-02-03", "记-2", "付修路", "", 500]]
OPENING = ["", "", "上期结转", 1000]
# The lines say 500.00; the sheet's own total is 12 yuan short at E7.
SHORT = ["", "", "合计", 2000, 488]


def ledger(*more: list[Any], month: str = "2026年第一季度") -> list[list[Any]]:
    return [[f"示例村{month}财务收支明细表"], ["单位：元"], HEAD, OPENING, *LINES, *more]


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., str]:
    def written(**sheets: list[list[Any]]) -> str:
        path = tmp_path / "表.xlsx"
        with xlsxwriter.Workbook(path) as book:
            for name, rows in sheets.items():
                sheet = book.add_worksheet(name)
                for number, row in enumerate(rows):
                    sheet.write_row(number, 0, row)
        return str(path)

    return written


def asked(file: str, *more: str) -> tuple[str, ...]:
    return ("import", file, "--village", V, "--as", "anna", *more)


def drawer(desk: Desk) -> list[Draft]:
    board = open_board(read_settings(home=str(desk.home)))
    with board.database.read() as tx:
        return list(drafts.of_village(tx, V))


def test_json_is_as_promised(desk: Desk, write: Callable[..., str]) -> None:
    """The design's object to the letter: its keys, their order of sheets, sums in fen, cells."""
    file = write(收支=ledger(SHORT))
    said = desk.json(*asked(file))
    assert ["ok", "file_sha256", "sheets", "problems", "drafts"] == list(said)
    (sheet,) = said["sheets"]
    assert {
        "name": "收支",
        "kind": "ledger",
        "rows": 2,
        "income_fen": 200000,
        "expense_fen": 50000,
        "amount_fen": 0,
    } == sheet
    (error,) = (one for one in said["problems"] if one["level"] == "error")
    assert ["level", "sheet", "cell", "problem", "fix"] == list(error)
    assert ("收支", "E7") == (error["sheet"], error["cell"])
    assert "12.00" in error["problem"]
    assert error["fix"]
    assert (False, []) == (said["ok"], said["drafts"])
    assert [] == drawer(desk)


def test_words_say_the_cell_and_the_end(desk: Desk, write: Callable[..., str]) -> None:
    """A refusal ends with 1 and names sheet and cell as Excel does; a look keeps nothing."""
    status, said = desk.run(*asked(write(收支=ledger(SHORT))))
    assert 1 == status
    assert "✗ 收支!E7：" in said
    assert "什么都没有存" in said
    status, said = desk.run(*asked(write(收支=ledger(["", "", "合计", 2000, 500])), "--check"))
    assert 0 == status
    assert "这次只看，没有存" in said
    assert [] == drawer(desk)


@pytest.mark.parametrize("cell", ["E7", "e7", "$E$7", "收支!E7", "'收支'!E7", "收支！E7"])
def test_a_difference_is_explained(desk: Desk, write: Callable[..., str], cell: str) -> None:
    """What is said of its cell makes it a warning, and goes into the draft with the difference."""
    file = write(收支=ledger(SHORT))
    said = desk.json(*asked(file, "--explain", f"{cell}=漏记 = 一笔手续费"))
    assert said["ok"]
    assert [("warning", "E7")] == [
        (one["level"], one["cell"]) for one in said["problems"] if one["cell"] == "E7"
    ]
    (draft,) = drawer(desk)
    told = str(draft.typed["explanation"])
    for words in ("“合计”一行的“支出”", "少 12.00 元", "漏记 = 一笔手续费"):
        assert words in told


def test_what_cannot_be_explained_is_refused(desk: Desk, write: Callable[..., str]) -> None:
    """A cell without a difference, or one that two sheets have: 1, which it can be, no draft."""
    one = write(收支=ledger(SHORT))
    status, said = desk.run(*asked(one, "--explain", "E6=看错了", "--explain", "别的!E7=看错了"))
    assert 1 == status
    assert 2 == said.count("这一格没有能说明的差额")
    assert "能说明的是：收支!E7。" in said
    clean = write(收支=ledger(["", "", "合计", 2000, 500]))
    assert "请去掉 --explain" in desk.run(*asked(clean, "--explain", "E7=看错了"))[1]
    both = write(一月=ledger(SHORT), 二月=ledger(SHORT, month="2026年2月"))
    status, said = desk.run(*asked(both, "--explain", "E7=看错了"))
    assert 1 == status
    assert "请写明是哪一张：一月!E7、二月!E7。" in said
    assert [] == drawer(desk)


def test_an_explanation_holds_no_number_of_a_person(desk: Desk, write: Callable[..., str]) -> None:
    """It goes up with the notice, so it is looked through like the rest."""
    file = write(收支=ledger(SHORT))
    said = desk.json(*asked(file, "--explain", "E7=问会计 13912345678"))
    assert not said["ok"]
    assert [] == drawer(desk)


@pytest.mark.parametrize(
    "wrong",
    [("--explain", "E7"), ("--explain", "E7="), ("--explain", "七=原因"), ("--kind", "spending")],
)
def test_misuse_ends_with_two(
    desk: Desk, write: Callable[..., str], wrong: tuple[str, str]
) -> None:
    """What no command line may say is told apart from a sheet that is wrong."""
    file = write(收支=ledger(SHORT))
    with pytest.raises(SystemExit) as over:
        desk.run(*asked(file, *wrong))
    assert 2 == over.value.code
    assert f"argument {wrong[0]}" in desk.capsys.readouterr().err


def test_a_question_leads_to_the_desk(desk: Desk, write: Callable[..., str]) -> None:
    """Nobody can answer at the command line: it is an error at its cell, and says where to go."""
    rows = ledger(["", "", "合计", 2000, 500])
    rows[0], rows[2] = ["示例村2026年第一季度明细表"], [*HEAD[:3], "借方", "贷方", "收款人"]
    file = write(明细=rows)
    said = desk.json(*asked(file, "--kind", "ledger"))
    assert not said["ok"]
    questions = [one for one in said["problems"] if "办公桌" in one["fix"]]
    assert questions
    assert {"error"} == {one["level"] for one in questions}
    assert {"D3"} <= {one["cell"] for one in questions}
    assert 1 == desk.run(*asked(file, "--kind", "ledger"))[0]
    assert [] == drawer(desk)


def test_a_kind_takes_its_sheets_alone(desk: Desk, write: Callable[..., str]) -> None:
    """With `--kind` the other sheets stay out; without one of that kind nothing is kept."""
    roster = [
        ["示例村2026年耕地地力保护补贴发放名单"],
        ["单位：元"],
        ["组别", "姓名", "面积", "标准", "金额"],
        ["一组", "陈桂花", 3.25, 105, 341.25],
        ["合计", "", "", "", 341.25],
    ]
    file = write(收支=ledger(["", "", "合计", 2000, 500]), 名单=roster)
    said = desk.json(*asked(file, "--kind", "roster", "--check"))
    assert ["roster"] == [sheet["kind"] for sheet in said["sheets"]]
    assert not desk.json(*asked(file, "--kind", "asset", "--check"))["ok"]


def test_a_second_time_says_what_is_there_and_what_differs(
    desk: Desk, write: Callable[..., str]
) -> None:
    """Looking or keeping: the same is not kept again; of a changed file each difference is said."""
    file = write(收支=ledger(["", "", "合计", 2000, 500]))
    (code,) = desk.json(*asked(file))["drafts"]
    same = f"“示例村2026年第一季度财务收支明细”（{code}）说的已经是这些，不用再存"
    for more in ((), ("--check",)):
        said = desk.json(*asked(file, *more))
        assert same in {one["problem"] for one in said["problems"]}
        assert "什么都没有动" in desk.run(*asked(file, *more))[1]
    changed = ledger(["", "", "合计", 2000, 510])
    changed[5] = [*LINES[1][:4], 510]
    file = write(收支=changed)
    said = desk.run(*asked(file, "--check"))[1]
    assert f"（{code}）还在草稿里，会改成这张表这样：" in said
    assert "支出：500.00 → 510.00" in said
    assert "✓ 可以存成 1 份草稿；这次只看，没有存。" in said
    assert f"✓ 存成 1 份草稿：{code}。" in desk.run(*asked(file))[1]
    assert [code] == [draft.code for draft in drawer(desk)]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("E17=漏记", Explanation("", "E17", "漏记")),
        ("收入!E17=漏记", Explanation("收入", "E17", "漏记")),
        ("E17＝看!B2=7", Explanation("", "E17", "看!B2=7")),
        ("'一 月'!$aa$3= 两\n行 ", Explanation("一 月", "AA3", "两\n行")),
        ("a=b!C1=x", Explanation("a=b", "C1", "x")),
    ],
)
def test_an_explanation_is_read_as_it_is_typed(said: str, expected: Explanation) -> None:
    """Sheet, cell and text as Excel and people write them."""
    assert expected == explanation(said)


@pytest.mark.parametrize("said", ["", "=x", "E=x", "E0=x", "!E1=x", "E17=  ", "E17=" + "长" * 301])
def test_what_is_no_explanation_is_refused(said: str) -> None:
    """With the way it is written."""
    with pytest.raises(NotValid):
        explanation(said)
