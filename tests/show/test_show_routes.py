"""The promises of addresses: one value, one canonical form, and nothing strange gets through."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from noticeboard.show import routes
from noticeboard.show.routes import lang_of, parse

CODE = "4F7K2M9Q"
C = "ab" * 32
PRINT = "7" + "Z" * 25


@pytest.mark.parametrize(
    ("asked", "route"),
    [
        ("/", routes.Home()),
        ("/v/430000101", routes.VillageBoard("430000101")),
        ("/v/430000101/", routes.VillageBoard("430000101")),
        ("/v/x/search?q=机耕", routes.Search("x", "机耕")),
        ("/v/x/search?q=%E6%9C%BA%E8%80%95", routes.Search("x", "机耕")),
        ("/v/x/corrections?page=2", routes.Corrections("x", 2)),
        ("/v/x/projects", routes.Projects("x")),
        ("/v/x/powers", routes.Powers("x")),
        ("/v/x/powers?list=merged", routes.Powers("x", "merged")),
        ("/v/x/powers/p01", routes.PowerPage("x", "P01")),
        ("/v/x/notices?kind=spending&page=3", routes.Index("x", "spending", 3)),
        (f"/n/{CODE}?m=2026-03.2", routes.NoticePage(CODE, "2026-03.2")),
        (f"/n/{CODE}/{PRINT}", routes.PaperCheck(CODE, PRINT)),
        (f"/n/{CODE}/{'z' * 26}", routes.PaperCheck(CODE, "Z" * 26)),
        (f"/N/{CODE}/ABC", routes.PaperCheck(CODE, "ABC")),
        (f"/N/{CODE}/{PRINT[:-1]}", routes.PaperCheck(CODE, PRINT[:-1])),
        (f"/n/{CODE}/r/12", routes.RowPage(CODE, 12)),
        (f"/n/{CODE}/e/2", routes.EditionPage(CODE, 2)),
        (f"/n/{CODE}/e/2.json", routes.EditionData(CODE, 2, "json")),
        (f"/n/{CODE}/e/12.csv", routes.EditionData(CODE, 12, "csv")),
        (f"/n/{CODE}/e/12.xlsx", routes.EditionData(CODE, 12, "xlsx")),
        (f"/n/{CODE}.json", routes.Data(CODE, "json")),
        (f"/n/{CODE}.csv", routes.Data(CODE, "csv")),
        (f"/n/{CODE}.xlsx", routes.Data(CODE, "xlsx")),
        (f"/n/{CODE}/poster", routes.Poster(CODE)),
        (f"/n/{CODE}/f/{C}", routes.Attached(CODE, C)),
        (f"/n/{CODE}/f/{C}/small", routes.AttachedSmall(CODE, C)),
        ("/patterns", routes.Patterns()),
        ("/robots.txt", routes.Plain("robots.txt")),
    ],
)
def test_an_address_and_its_route_are_the_same(asked: str, route: routes.Route) -> None:
    """Each page has one route, and the route's canonical address leads to it again."""
    path, _, query = asked.partition("?")
    assert route == parse(path, query)
    path, _, query = route.address.partition("?")
    assert route == parse(path, query)


@pytest.mark.parametrize(
    "typed", ["/N/4F7K2M9Q", "/n/4f7k2m9q", "/n/4f7k-2m9q", "/n/4F7K%202M9Q", "/n/４Ｆ７Ｋ２Ｍ９Ｑ"]
)
def test_a_code_is_read_as_people_type_it(typed: str) -> None:
    """Small letters, blanks, hyphens and full-width letters lead to the same canonical address."""
    route = parse(typed)
    assert route is not None
    assert f"/n/{CODE}" == route.address


@pytest.mark.parametrize(
    "strange",
    [
        *(f"/n/{CODE}/e/2.pdf", f"/n/{CODE}/e/0.json", f"/n/{CODE}/e/.csv"),
        *("/n/", "/n/short", "/n/U2345678", f"/n/{CODE}.exe", f"/n/{CODE}/r/0", f"/n/{CODE}/r/-1"),
        *(f"/n/{CODE}/f/{'A' * 64}/big", f"/n/{CODE}/e/1/2"),
        *(
            f"/n/{CODE}/abc",
            f"/n/{CODE}/edit",
            f"/n/{CODE}/7",
            f"/N/{CODE}/{PRINT}Z",
            f"/n/{CODE}/A.B",
        ),
        *("/v/..", "/v/%2e%2e/search", "/v/a b", "/desk", "/nothing", "/v/x/feed.atom"),
        *("/v/x/powers/1", "/v/x/powers/P01/x"),
    ],
)
def test_what_is_no_page_has_no_route(strange: str) -> None:
    """Whatever else is asked for is no page, and says so by None."""
    assert parse(strange) is None


def test_a_query_keeps_only_what_counts() -> None:
    """Language and unknown words are no part of a page's name; a wild page number is page one."""
    index = parse("/v/x/notices", "lang=en&page=99999999999&utm=1&kind=nonsense")
    assert routes.Index("x") == index
    assert ("en", "zh", "zh") == (lang_of("lang=en"), lang_of(""), lang_of("lang=fr"))
    words = parse("/v/x/search", "q=" + "字" * 500)
    assert isinstance(words, routes.Search)
    assert routes.MOST_ASKED == len(words.words)


@given(st.text(max_size=80), st.text(max_size=80))
def test_any_text_is_a_route_or_none(path: str, query: str) -> None:
    """No address, however broken, is more than not found; and canonical forms stay put."""
    route = parse(path, query)
    if route is not None:
        again = parse(*route.address.partition("?")[::2])
        assert route == again
