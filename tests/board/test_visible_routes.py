"""State × surface through every route: what `core.visible` says is what is answered, everywhere."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from noticeboard.core.codes import fingerprint
from noticeboard.core.notice import published
from noticeboard.core.visible import Showing, Surface, visible
from noticeboard.show.facts import place
from noticeboard.show.show import Shown
from noticeboard.store import notices
from tests.cast import VILLAGE, cast_in
from tests.show.standings import Case, Standings

LABELS = (
    *("private-submitted", "private-scheduled", "up", "expired", "superseded"),
    *("correcting", "superseded-expired", "correcting-expired", "withdrawn", "withdrawn-leaking"),
    "redacted",
)
CURRENT = [label for label in LABELS if not label.startswith("superseded")]
OF_THE_CURRENT: list[tuple[Surface, str]] = [
    ("page", ""),
    ("page", "/r/1"),
    ("json", ".json"),
    ("csv", ".csv"),
    ("poster", "/poster"),
]
BOARD = f"/v/{VILLAGE}"


@pytest.fixture(scope="module")
def standings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Standings]:
    """Give one board with a notice in each standing; it ends with both audits."""
    cast = cast_in(Path(tmp_path_factory.mktemp("standings")) / "home")
    yield Standings(cast)
    cast.audit()
    cast.board.database.close()


def said(board: Standings, case: Case, surface: Surface, *, current: bool) -> Showing:
    """Ask the table what a surface may show of a case, or of the current edition of its notice."""
    notice = board.cast.notice(case.code)
    edition = notice.current if current else board.edition(case)
    if edition is None:
        return "nothing"
    with board.cast.board.database.read() as tx:
        return visible(notice, edition, surface, board.at, place(tx, VILLAGE).rules)


def is_current(board: Standings, case: Case) -> bool:
    current = board.cast.notice(case.code).current
    return current is not None and current.ed == case.ed


def check(shown: Shown, case: Case, expected: Showing) -> None:
    """Compare an answer about one edition with what the table says."""
    body = shown.rendered.body.decode()
    found = case.name in body, case.figure in body
    redacted = case.label == "redacted"
    assert (expected == "full" and not redacted, expected in ("full", "figures")) == found
    if expected == "tombstone":
        assert shown.status == 410
        assert (case.label != "withdrawn-leaking") == (case.title in body)
    if expected == "nothing":
        assert shown.status in (404, 410)
        assert case.title not in body


@pytest.mark.parametrize(
    ("surface", "tail", "label"),
    [
        *((surface, tail, label) for surface, tail in OF_THE_CURRENT for label in CURRENT),
        *(("edition", "/e/{ed}", label) for label in LABELS),
    ],
)
def test_a_route_shows_what_its_surface_may(
    standings: Standings, surface: Surface, tail: str, label: str
) -> None:
    """A page, a row, an edition, data and paper follow the table, names and titles included."""
    case = standings.cases[label]
    expected = said(standings, case, surface, current=surface != "edition")
    shown = standings.show(f"/n/{case.code}{tail.format(ed=case.ed)}")
    if surface == "csv" and expected == "tombstone":
        assert shown.rendered.body.startswith(b"\xef\xbb\xbf")
    check(shown, case, expected)


@pytest.mark.parametrize("label", LABELS)
@pytest.mark.parametrize("size", ["", "/small"])
def test_a_file_goes_with_the_edition_that_carries_it(
    standings: Standings, label: str, size: str
) -> None:
    """A picture cannot lose its names, so it is shown with the full edition or not at all."""
    case = standings.cases[label]
    expected = said(standings, case, "file", current=False) if "private" not in label else "nothing"
    shown = standings.show(f"/n/{case.code}/f/{case.file}{size}")
    kept = expected == "full" and label != "redacted"
    assert (200 if kept else 404) == shown.status
    assert kept == (shown.rendered.media_type == "image/jpeg")


@pytest.mark.parametrize("label", LABELS)
def test_a_paper_leads_to_what_may_be_shown_now(standings: Standings, label: str) -> None:
    """The QR on a paper opens the current state, whichever edition the paper shows."""
    case = standings.cases[label]
    if label.startswith("private"):
        assert 404 == standings.show(f"/n/{case.code}/{'0' * 26}").status
        return
    with standings.cast.board.database.read() as tx:
        leaf = standings.publish_leaf(case)
        printed = fingerprint(notices.leaf_hashes(tx, VILLAGE, [leaf])[leaf])
    shown = standings.show(f"/N/{case.code}/{printed}")
    body = shown.rendered.body.decode()
    page = said(standings, case, "page", current=True)
    verdicts = {
        word: word in body for word in ("这张纸是现在这一版", "这张纸是旧的一版", "无法核对")
    }
    now, old = is_current(standings, case), not is_current(standings, case)
    up = page in ("full", "figures")
    assert {
        "这张纸是现在这一版": now and up,
        "这张纸是旧的一版": old and up,
        "无法核对": False,
    } == verdicts
    assert (page == "tombstone") == (shown.status == 410)
    if page != "full" or old:
        assert case.name not in body


@pytest.mark.parametrize("label", LABELS)
def test_lists_show_titles_and_never_names(standings: Standings, label: str) -> None:
    """Lists print a title where the feed may, and no villager's name ever."""
    case = standings.cases[label]
    expected = said(standings, case, "feed", current=True)
    titled = (
        expected in ("full", "figures", "tombstone")
        and is_current(standings, case)
        and label != "withdrawn-leaking"
    )
    index = standings.show(f"{BOARD}/notices").rendered.body.decode()
    assert titled == (case.title in index)
    for address in ("/", BOARD, f"{BOARD}/notices", f"{BOARD}/corrections", f"{BOARD}/projects"):
        shown = standings.show(address)
        assert 200 == shown.status
        assert case.name not in shown.rendered.body.decode()
        if label == "withdrawn-leaking" or label.startswith("private"):
            assert case.title not in shown.rendered.body.decode()


@pytest.mark.parametrize("label", LABELS)
def test_search_finds_what_may_be_found_and_nobody(standings: Standings, label: str) -> None:
    """A purpose is found while the notice may be listed; a villager's name never is."""
    case = standings.cases[label]
    expected = said(standings, case, "search", current=True)
    found = expected in ("full", "figures") and is_current(standings, case)
    by_purpose = standings.show(f"{BOARD}/search?q={quote(case.figure)}").rendered.body.decode()
    assert found == (f'href="/n/{case.code}"' in by_purpose)
    by_name = standings.show(f"{BOARD}/search?q={quote(case.name)}").rendered.body.decode()
    assert f'href="/n/{case.code}"' not in by_name


def test_the_board_has_every_standing(standings: Standings) -> None:
    """The table's rows are all there, so that the tests above test them all."""
    from noticeboard.core.visible import TABLE, standing

    seen = {"private"}
    for case in standings.cases.values():
        if case.label == "private-draft":
            continue
        notice = standings.cast.notice(case.code)
        if published(standings.edition(case)):
            seen.add(standing(notice, standings.edition(case), standings.at))
    assert set(TABLE) == seen
