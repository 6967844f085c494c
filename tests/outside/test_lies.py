"""A board that shows something else than its log says: each lie is named where it is told.

The board is real and served; a small liar stands in front of it and changes one kind of answer.
"""

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from noticeboard.board.board import in_force
from noticeboard.core.notice import published
from noticeboard.show.views_lists import ON_A_PAGE
from noticeboard.store import blobs
from tests.cast import VILLAGE, cast_in
from tests.outside.serving import Lie, Reader, Village, lying, served, wrong
from tests.show.standings import Case, Standings

INDEX = f"/v/{VILLAGE}/notices"
LISTED = f"/log/{VILLAGE}/public.json"


def found_through(village: Village, url: str, home: Path, lie: Lie) -> list[tuple[str, str, str]]:
    """Let a reader check a board through a liar; gives what was found."""
    with lying(url, lie) as through:
        return wrong(Reader(village, home).verify(through))


class Told:
    """A served board with a notice in each standing, to lie about."""

    def __init__(self, standings: Standings, village: Village, url: str) -> None:
        self.standings, self.village, self.url = standings, village, url

    def case(self, label: str) -> Case:
        """Give the edition that stands so."""
        return self.standings.cases[label]

    def named(self, label: str) -> str:
        """Name it as a report does."""
        edition = self.standings.edition(self.case(label))
        up = published(edition)
        assert up is not None
        return f"{up.no} 号（{self.case(label).code} 第 {edition.ed} 版）"

    def part(self, label: str, name: str) -> str:
        """Give the commitment of a part."""
        return next(p.c for p in self.standings.edition(self.case(label)).parts if p.name == name)

    def row(self, label: str, name: str) -> str:
        """Give the commitment of the one row in a table."""
        parts = self.standings.edition(self.case(label)).parts
        with self.village.board.database.read() as tx:
            (table,) = blobs.tables_of(
                tx, VILLAGE, [part for part in parts if part.name == name]
            ).values()
        return table.rows[0]

    def found(self, home: Path, lie: Lie) -> list[tuple[str, str, str]]:
        """Let a reader check the board through a liar; gives what was found."""
        return found_through(self.village, self.url, home, lie)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    folder = tmp_path_factory.mktemp("told")
    cast = cast_in(folder / "home")
    standings = Standings(cast)
    cast.clock.on(3600)  # far from the end of a period, where two clocks may differ
    village = Village(cast, folder / "home" / "signer")
    village.sign()
    with served(village) as url:
        yield Told(standings, village, url)
    cast.audit()
    cast.board.database.close()


def at(path: str, change: Callable[[bytes], bytes], status: int = 0) -> Lie:
    """Lie at one address only."""

    def lie(asked: str, true: int, body: bytes) -> tuple[int, bytes]:
        return (status or true, change(body)) if asked == path else (true, body)

    return lie


def in_list(change: Callable[[dict[str, Any]], object]) -> Lie:
    """Lie in the public list."""

    def changed(body: bytes) -> bytes:
        listing = json.loads(body)
        change(listing)
        return json.dumps(listing).encode()

    return at(LISTED, changed)


def nothing(_body: bytes) -> bytes:
    return b"not here\n"


def test_a_list_that_hides_a_notice(told: Told, tmp_path: Path) -> None:
    """What the leaves say is public must stand on the list."""
    code = told.case("up").code

    def hide(listing: dict[str, Any]) -> None:
        listing["notices"] = [one for one in listing["notices"] if one["code"] != code]

    found = told.found(tmp_path, in_list(hide))
    assert ("list", told.named("up"), "按记录应该公开，目录里却没有。") in found


def test_a_list_that_shows_what_no_entry_published(told: Told, tmp_path: Path) -> None:
    """A notice the leaves do not know, or know only as a draft in review, is named."""
    waiting = told.case("private-submitted").code

    def invent(listing: dict[str, Any]) -> None:
        one = listing["notices"][0]
        listing["notices"] += [{**one, "code": "00000000"}, {**one, "code": waiting}]

    found = told.found(tmp_path, in_list(invent))
    said = [where for _audit, where, what in found if "却没有公开过" in what]
    assert [True, True] == ["00000000" in said[0], waiting in said[1]]


@pytest.mark.parametrize(
    ("label", "field", "value"),
    [
        ("up", "no", "2026-099"),
        ("up", "publish", 3),
        ("up", "standing", "expired"),
        ("up", "showing", "figures"),
        ("expired", "showing", "full"),
        ("superseded", "standing", "up"),
    ],
)
def test_a_list_that_says_something_else_of_a_notice(
    told: Told, tmp_path: Path, label: str, field: str, value: object
) -> None:
    """Number, leaf, standing and how much is shown are what the leaves say."""
    case = told.case(label)

    def change(listing: dict[str, Any]) -> None:
        for one in listing["notices"]:
            if (one["code"], one["ed"]) == (case.code, case.ed):
                one[field] = value

    found = told.found(tmp_path, in_list(change))
    assert told.named(label) in [where for audit, where, _what in found if audit == "list"]


def test_a_list_of_another_time(told: Told, tmp_path: Path) -> None:
    """A list from before the signed head, or ahead of it for long, is not taken for today's."""
    older = told.found(tmp_path / "old", in_list(lambda listing: listing.update(size=12)))
    assert any("比签名的记录头" in what for _audit, _where, what in older)
    newer = told.found(tmp_path / "new", in_list(lambda listing: listing.update(size=999)))
    assert any("已经到第 999 条记录" in what for _audit, _where, what in newer)


def test_a_list_under_rules_nobody_can_read(told: Told, tmp_path: Path) -> None:
    """What should be visible is judged by a bundle that has the hash it is named by."""
    named = told.found(tmp_path / "named", in_list(lambda found: found.update(rules="0" * 64)))
    assert any("依据的规则 00000000 取不到" in what for _audit, _where, what in named)
    rules = _rules(told)
    lie = at(f"/log/{VILLAGE}/rules/{rules}", lambda body: body + b" ")
    swapped = told.found(tmp_path / "swapped", lie)
    assert ("log", f"规则 {rules[:8]}", "规则的内容和编号对不上。") in swapped


def _rules(told: Told) -> str:
    with told.village.board.database.read() as tx:
        return in_force(tx)[0]


def test_a_list_that_is_gone_or_another_logs(told: Told, tmp_path: Path) -> None:
    """Without a list a board is not checked, and says so; another log's is refused."""
    gone = told.found(tmp_path / "gone", at(LISTED, nothing, 404))
    assert ("list", "公开的目录", "取不到。") in gone
    other = told.found(tmp_path / "other", in_list(lambda found: found.update(origin="x.example")))
    assert any("不是这个日志的" in what for _audit, _where, what in other)


def test_a_page_of_the_list_that_hides_a_notice(told: Told, tmp_path: Path) -> None:
    """A villager who leafs through all notices must meet every one that may be seen."""
    code = told.case("withdrawn").code
    hidden = told.found(tmp_path, at(INDEX, lambda body: body.replace(code.encode(), b"")))
    assert [("list", INDEX, f"公示 {code} 按记录应该列出，页面上却没有。")] == hidden


def test_a_page_of_the_list_that_shows_one_too_many(told: Told, tmp_path: Path) -> None:
    """An entry for what the leaves do not know is named by its code."""
    planted = b'<a href="/n/0000000Z">2026</a></ul>'
    found = told.found(tmp_path, at(INDEX, lambda body: body.replace(b"</ul>", planted)))
    assert ("list", INDEX, "页面上列出公示 0000000Z，按记录却不该有。") in found


@pytest.mark.parametrize(
    ("label", "status"),
    [("up", 404), ("up", 410), ("expired", 410), ("withdrawn", 200), ("private-submitted", 200)],
)
def test_a_notice_that_answers_otherwise(
    told: Told, tmp_path: Path, label: str, status: int
) -> None:
    """What is up answers, what is withdrawn says it is gone, what was never public is not there."""
    page = f"/n/{told.case(label).code}"
    found = told.found(tmp_path, at(page, lambda body: body, status))
    assert [("list", page)] == [(audit, where) for audit, where, _what in found]


def test_a_page_of_another_edition(told: Told, tmp_path: Path) -> None:
    """The fingerprint on a page is that of the edition which is up by the leaves."""
    case = told.case("correcting")
    old = told.standings.show(f"/n/{case.code}/e/1").rendered.body
    found = told.found(tmp_path, at(f"/n/{case.code}", lambda _body: old))
    assert ("list", f"/n/{case.code}", "页面上的指纹不是现在这一版的。") in found
    assert {f"/n/{case.code}"} == {where for _audit, where, _what in found}


@pytest.mark.parametrize("path", ["/n/{code}.json", "/n/{code}/e/1.json"])
def test_data_that_says_another_amount(told: Told, tmp_path: Path, path: str) -> None:
    """Data is made anew from the opened bodies: one fen more is seen."""
    served_at = path.format(code=told.case("up").code)
    found = told.found(
        tmp_path, at(served_at, lambda body: body.replace(b'"expense": 5000', b'"expense": 5001'))
    )
    assert [("list", f"{told.named('up')} {served_at}", "数据和记录对不上：content。")] == found


@pytest.mark.parametrize(
    ("label", "part"), [("up", "text"), ("up", "figures"), ("up", "names"), ("superseded", "names")]
)
def test_a_body_that_was_swapped_with_a_salt_of_its_own(
    told: Told, tmp_path: Path, label: str, part: str
) -> None:
    """However right salt and body look: they do not open the commitment in the leaf."""
    c = told.part(label, part) if part == "text" else told.row(label, part)

    def swap(body: bytes) -> bytes:
        salt = os.urandom(32)
        return salt + body[32:].replace(b"5000", b"9000")

    found = told.found(tmp_path, at(f"/log/{VILLAGE}/body/{c}", swap))
    assert (f"{told.named(label)} {part}", "内容被改过。") in [
        (where.removesuffix(" 第 1 行"), what) for audit, where, what in found if audit == "content"
    ]


def test_a_body_that_is_not_given_out(told: Told, tmp_path: Path) -> None:
    """One that no entry erased must be there, on the list and to be had."""
    c = told.row("up", "names")
    found = told.found(tmp_path / "had", at(f"/log/{VILLAGE}/body/{c}", nothing, 404))
    assert f"{told.named('up')} names 第 1 行" in [where for _audit, where, _what in found]

    def drop(listing: dict[str, Any]) -> None:
        listing["bodies"].remove(c)

    found = told.found(tmp_path / "listed", in_list(drop))
    assert [("list", f"公开的内容 {c[:8]}", "按记录应该还在，目录里却没有。")] == found


def test_a_name_that_was_erased_and_is_still_given_out(told: Told, tmp_path: Path) -> None:
    """An entry orders it gone: bytes at its address, or its place on the list, are a finding."""
    c = told.row("redacted", "names")
    still = at(f"/log/{VILLAGE}/body/{c}", lambda _body: b"s" * 40, 200)
    where = f"{told.named('redacted')} names 第 1 行"
    assert ("content", where, "记录说已经删除，内容却还在。") in told.found(tmp_path / "had", still)
    listed = told.found(tmp_path / "on", in_list(lambda found: found["bodies"].append(c)))
    assert [("list", f"公开的内容 {c[:8]}", "目录里有，按记录却不该公开。")] == listed


def test_a_table_with_its_rows_in_another_order(told: Told, tmp_path: Path) -> None:
    """A table opens as a whole: other rows, other ids or none are found."""
    c = told.part("up", "figures")
    path = f"/log/{VILLAGE}/table/{c}"
    other = json.dumps({"ids": [1], "rows": ["00" * 32]}).encode()
    where = f"{told.named('up')} figures"
    for lie, what in (
        (at(path, lambda _body: other), "表的行和当时承诺的不一样。"),
        (at(path, lambda _body: b'{"ids":[],"rows":[]}'), "表的行数不对。"),
        (at(path, nothing, 404), "表不见了，也没有删除的记录。"),
    ):
        assert ("content", where, what) in told.found(tmp_path / what, lie)


def test_ids_that_point_to_another_row(told: Told, tmp_path: Path) -> None:
    """By its id a row is found to be erased: it must be the one its body has."""
    path = f"/log/{VILLAGE}/table/{told.part('up', 'figures')}"
    found = told.found(tmp_path, at(path, lambda body: body.replace(b'"ids":[1]', b'"ids":[7]')))
    assert f"{told.named('up')} figures 第 7 行" in [where for _audit, where, _what in found]


def test_a_picture_that_was_swapped(told: Told, tmp_path: Path) -> None:
    """An attachment of the same length is still not the one committed to."""
    path = f"/log/{VILLAGE}/file/{told.case('up').file}"
    found = told.found(tmp_path, at(path, lambda body: body[:-1] + b"X"))
    assert [("content", f"{told.named('up')} 附件1", "附件被换过。")] == found


def test_a_head_that_nobody_here_signed(told: Told, tmp_path: Path) -> None:
    """A changed digit, a foreign signature, no signature: nothing of it is believed."""
    path = f"/log/{VILLAGE}/checkpoint"
    lies = (
        lambda body: body.replace(b"\n", b"\n1", 1),
        lambda body: body[:-10] + b"AAAAAAAA=\n",
        nothing,
    )
    for n, lie in enumerate(lies):
        found = told.found(tmp_path / str(n), at(path, lie))
        assert 1 == len(found)
        assert None is Reader(told.village, tmp_path / str(n)).seen


def test_a_way_to_the_next_page_that_is_missing(tmp_path: Path) -> None:
    """What no villager can leaf to is hidden, however it answers when asked for by its code."""
    cast = cast_in(tmp_path / "home")
    codes = [cast.published("announcement").code for _ in range(ON_A_PAGE + 2)]
    village = Village(cast, tmp_path / "home" / "signer")
    village.sign()
    with served(village) as url:
        assert [] == wrong(Reader(village, tmp_path / "true").verify(url))
        cut = at(INDEX, lambda body: body.replace(b"?page=2", b"?page=1"))
        found = found_through(village, url, tmp_path / "cut", cut)
    hidden = {code for code in codes if any(code in what for _audit, _where, what in found)}
    assert 2 == len(hidden)
    cast.board.database.close()
