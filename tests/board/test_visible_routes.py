"""State × surface through every route: what `core.visible` says is what is answered, everywhere."""

import json
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from urllib.parse import quote
from zipfile import ZipFile

import pypdfium2
import pytest

from noticeboard.board.public import Window
from noticeboard.core.codes import fingerprint
from noticeboard.core.notice import Edition, published
from noticeboard.core.visible import SURFACES, Showing, Surface, visible
from noticeboard.formats.exports import PDF, XLSX
from noticeboard.formats.printed import pdf_writer
from noticeboard.show.facts import place
from noticeboard.show.show import Shown
from noticeboard.store import blobs, notices, screens
from noticeboard.web import kiosk, openlog_bodies
from tests.cast import VILLAGE, cast_in
from tests.show.standings import PUBLIC, Case, Standings

LABELS = (
    *("private-submitted", "private-scheduled", "up", "expired", "superseded"),
    *("correcting", "superseded-expired", "correcting-expired", "withdrawn", "withdrawn-leaking"),
    *("superseded-withdrawn", "correcting-withdrawn", "redacted"),
)
CURRENT = [label for label in LABELS if not label.startswith("superseded")]
OF_THE_CURRENT: list[tuple[Surface, str]] = [
    ("page", ""),
    ("page", "/r/1"),
    ("json", ".json"),
    ("csv", ".csv"),
    ("csv", ".xlsx"),
    ("poster", "/poster"),
]
OF_AN_EDITION: list[tuple[Surface, str]] = [
    ("edition", "/e/{ed}"),
    ("json", "/e/{ed}.json"),
    ("csv", "/e/{ed}.csv"),
    ("csv", "/e/{ed}.xlsx"),
]
# What is asked below in tests of its own; export has no address of the board yet.
ASKED_APART: set[Surface] = {"file", "search", "feed", "playlist", "mirror"}
WITHOUT_ADDRESS: set[Surface] = {"export"}
SCREEN = "hall"
BOARD = f"/v/{VILLAGE}"


@pytest.fixture(scope="module")
def standings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Standings]:
    """Give one board with a notice in each standing; it ends with both audits."""
    cast = cast_in(Path(tmp_path_factory.mktemp("standings")) / "home")
    board = Standings(cast)
    with cast.board.database.write() as tx:
        hall = screens.Screen(VILLAGE, SCREEN, "村部", 1920, 1080, at=1, retired=False)
        screens.add(tx, hall)
    yield board
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


def words_of(shown: Shown) -> str:
    """Give all the text of an answer: of a workbook, every part of it, its properties included."""
    if shown.rendered.media_type != XLSX:
        return shown.rendered.body.decode().replace("<wbr>", "")
    with ZipFile(BytesIO(shown.rendered.body)) as parts:
        return "".join(parts.read(name).decode() for name in parts.namelist())


def check(shown: Shown, case: Case, expected: Showing) -> None:
    """Compare an answer about one edition with what the table says."""
    body = words_of(shown)
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
        *((surface, tail, label) for surface, tail in OF_AN_EDITION for label in LABELS),
    ],
)
def test_a_route_shows_what_its_surface_may(
    standings: Standings, surface: Surface, tail: str, label: str
) -> None:
    """A page, a row, an edition, data and paper follow the table, names and titles included."""
    case = standings.cases[label]
    expected = said(standings, case, surface, current="{ed}" not in tail)
    shown = standings.show(f"/n/{case.code}{tail.format(ed=case.ed)}")
    if surface == "csv" and expected == "tombstone":
        start = b"PK" if tail.endswith(".xlsx") else b"\xef\xbb\xbf"
        assert shown.rendered.body.startswith(start)
    check(shown, case, expected)


# PDF is an extra that needs Debian's pango; without it the route points to the browser's print.
@pytest.mark.skipif(pdf_writer() is None, reason="WeasyPrint is not there")
@pytest.mark.parametrize("label", CURRENT)
def test_a_pdf_is_the_paper_and_gone_with_it(standings: Standings, label: str) -> None:
    """What may not hang on a wall any more cannot be had as a PDF either."""
    case = standings.cases[label]
    expected = said(standings, case, "poster", current=True)
    shown = standings.show(f"/n/{case.code}.pdf")
    if expected != "full":
        assert shown.rendered.media_type != PDF
        check(shown, case, expected)
        return
    sheets = pypdfium2.PdfDocument(shown.rendered.body)
    text = "".join(sheet.get_textpage().get_text_range() for sheet in sheets)
    assert (label != "redacted", True) == (case.name in text, case.figure in text)


@pytest.mark.parametrize("label", LABELS)
def test_a_screen_shows_what_the_playlist_may(standings: Standings, label: str) -> None:
    """A screen's slides name what the table lets them name, and nothing that is over."""
    case = standings.cases[label]
    expected = said(standings, case, "playlist", current=False)
    shown = expected == "full"
    with standings.cast.board.database.read() as tx:
        told = json.loads(kiosk.playlist(tx, SCREEN, standings.at, PUBLIC).body)["playlist"]
        slides = [
            kiosk.slide(tx, SCREEN, one["hash"], standings.at, PUBLIC)
            .body.decode()
            .replace("<wbr>", "")
            for one in told["slides"]
        ]
    whole = json.dumps(told, ensure_ascii=False) + "".join(slides)
    assert shown == any(case.title in slide for slide in slides)
    assert shown == any(case.figure in slide for slide in slides)
    assert (shown and label != "redacted") == (case.name in whole)


def test_every_surface_is_asked() -> None:
    """A surface added to the table fails here until its address is driven too."""
    driven = {surface for surface, _tail in (*OF_THE_CURRENT, *OF_AN_EDITION)} | ASKED_APART
    assert set(SURFACES) == driven | WITHOUT_ADDRESS


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
def test_a_mirror_gets_the_bytes_that_are_public_now(standings: Standings, label: str) -> None:
    """Listed and to be had is what the table says: all, all but names and files, or nothing."""
    case, board = standings.cases[label], standings.cast.board
    expected = said(standings, case, "mirror", current=False)
    edition = standings.edition(case)
    rows = {part.name: part.c for part in edition.parts if part.rows}
    (text,) = (part.c for part in edition.parts if part.name == "text")
    with board.database.read() as tx:
        tables = blobs.tables_of(tx, VILLAGE, edition.parts)
    names, figures = (tables[rows[name]].rows[0] for name in ("names", "figures"))
    listed = json.loads(Window(board).listing(VILLAGE))
    shown = [one["showing"] for one in listed["notices"] if one["publish"] == _leaf(edition)]
    assert ([expected] if expected in ("full", "figures") else []) == shown
    full, some = expected == "full", expected in ("full", "figures")
    kept = full and label != "redacted"
    wanted = {
        ("body", "bodies", text): some,
        ("body", "bodies", figures): some,
        ("body", "bodies", names): kept,
        ("table", "tables", rows["figures"]): some,
        ("table", "tables", rows["names"]): full,
        ("file", "files", case.file): kept,
    }
    for (kind, group, c), there in wanted.items():
        answer = openlog_bodies.answer(Window(board), f"/log/{VILLAGE}/{kind}/{c}", standings.at)
        assert answer is not None
        assert (there, 200 if there else 404) == (c in listed[group], answer.status), (kind, c)
        assert (b"cache-control", b"no-store") in answer.headers


def _leaf(edition: Edition) -> int | None:
    up = published(edition)
    return up.publish if up else None


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
