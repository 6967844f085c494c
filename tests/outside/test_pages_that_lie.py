"""Pages that say something else than the entries: found as far as the operator's book promises."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from noticeboard.core.particulars import KINDS
from tests.cast import VILLAGE, cast_in
from tests.outside.serving import Reader, Village, lying, served, wrong

BOARD, INDEX = f"/v/{VILLAGE}", f"/v/{VILLAGE}/notices"


class Lied:
    """A served village with notices of the kinds that have rows, and a reader behind a liar."""

    def __init__(self, village: Village, url: str, home: Path) -> None:
        self.village, self.url, self.home = village, url, home
        cast = village.cast
        self.codes = {
            kind: cast.published(kind).code
            for kind in KINDS
            if kind not in ("decision", "announcement")
        }
        self.draft = cast.submitted("announcement").notice.code
        village.sign()

    def found(self, path: str, change: Callable[[str], str]) -> list[tuple[str, str]]:
        """Check the board through a liar at one address; gives what was found, where and what."""

        def lie(asked: str, status: int, body: bytes) -> tuple[int, bytes]:
            return (status, change(body.decode()).encode()) if asked == path else (status, body)

        with lying(self.url, lie) as through:
            report = Reader(self.village, self.home).verify(through)
        return [(where, what) for _audit, where, what in wrong(report)]


@pytest.fixture(scope="module")
def lied(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lied]:
    folder = tmp_path_factory.mktemp("lied")
    village = Village(cast_in(folder / "home"), folder / "home" / "signer")
    with served(village) as url:
        yield Lied(village, url, folder / "reader")
    village.board.database.close()


@pytest.mark.parametrize(
    ("kind", "true", "false"),
    [
        ("spending", "<b>−500.00</b>", "<b>−5.00</b>"),
        ("spending", "<b>+2,000.00</b>", "<b>+12,000.00</b>"),
        ("spending", "<dd>2,450.00</dd>", "<dd>2,450.001</dd>"),
        ("spending", "王建军", "张建军"),
        ("spending", "买路灯", "买别的"),
        ("spending", "季度", "年度"),
        ("subsidy", "<b>157.50</b>", "<b>257.50</b>"),
        ("subsidy", "刘满仓", "刘某某"),
        ("project", "<b>30,000.00</b>", "<b>3,000.00</b>"),
        ("project", "首付款", "尾款"),
        ("asset", "<b>38,000.50</b>", "<b>3,800.50</b>"),
        ("asset", "<i>原值 48,000.00 元</i>", "<i>原值 148,000.00 元</i>"),
        ("asset", "40,100.50", "40,100.05"),
        ("contract", "<b>1,200.00</b>", "<b>1,100.00</b>"),
        ("contract", "欠收 1,200.00 元</em>", "欠收 0.00 元</em>"),
        ("contract", "陈桂花", "陈某"),
        ("labour", "<b>360.00</b>", "<b>306.00</b>"),
        ("labour", "砌石", "砌墙"),
        ("table", "贷款证明", "收入证明"),
        ("table", "<b>10.00</b>", "<b>100.00</b>"),
    ],
)
def test_a_page_with_other_amounts_words_or_title(
    lied: Lied, kind: str, true: str, false: str
) -> None:
    """However the data beside it looks: what villagers read is compared row by row."""
    path = f"/n/{lied.codes[kind]}"
    assert [path] == [
        where for where, _what in lied.found(path, lambda page: page.replace(true, false))
    ]


@pytest.mark.parametrize("path", [BOARD, INDEX])
def test_a_list_for_villagers_that_leaves_one_out_or_shows_one_more(lied: Lied, path: str) -> None:
    """The village's own page and the list of all: no code is hidden, none is there in secret."""
    code = lied.codes["project"]
    found = lied.found(path, lambda page: page.replace(f"/n/{code}", "/n/"))
    assert [(path, True)] == [(where, code in what) for where, what in found]
    more = f'<a href="/n/{lied.draft}">'
    found = lied.found(path, lambda page: page.replace("<main>", f"<main>{more}"))
    assert [(path, f"页面上列出公示 {lied.draft}，按记录却不该有。")] == found


def test_nothing_of_it_is_found_where_nobody_lies(lied: Lied) -> None:
    """The true board has no findings, and is asked as a phone asks."""
    assert [] == lied.found(BOARD, lambda page: page)
