"""The promises of a playlist: order, rounds, dwell, ends, and what screens must forget."""

import json

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from noticeboard.core.days import DAY
from noticeboard.core.notice import Edition, Ended, Notice, Period, Published, State, TakenDown
from noticeboard.core.particulars import Announcement
from noticeboard.core.playlist import (
    IN_A_ROUND,
    Playlist,
    Revoked,
    Slide,
    changes_at,
    document,
    dwell_ms,
    etag,
    over,
    revoked,
    rounds,
    turn,
)

AT = 1_776_000_000
UP = Published(
    period=Period(AT - DAY, None),
    no="2026-001",
    publish=9,
    at=AT - DAY,
    planned=AT - DAY,
    approve=8,
    by=2,
    approved_at=AT - DAY,
)


def slide(notice: str, page: int, pages: int, until: int | None = None) -> Slide:
    return Slide(
        id=f"{notice}-1-{page}",
        notice=notice,
        ed=1,
        cls="ordinary",
        hash=f"{notice}{page}",
        start=AT - DAY,
        until=until,
        dwell_ms=8000,
        names=False,
        title="题目",
        summary="一句话",
        page=page,
        pages=pages,
    )


WELCOME = replace(slide("", 1, 1), id="welcome")
OWN = replace(slide("", 1, 1), id="due")
tables = st.lists(st.integers(1, 40), min_size=1, max_size=5).map(
    lambda sizes: [
        *(
            slide(f"N{nth}", page, size)
            for nth, size in enumerate(sizes)
            for page in range(1, size + 1)
        ),
        WELCOME,
    ]
)


def edition(ed: int, state: State) -> Edition:
    return Edition(
        ed=ed,
        of=7,
        at=AT - DAY,
        by=1,
        kind="spending",
        item=None,
        publisher="committee",
        covers=None,
        group=None,
        writers=(1,),
        parts=(),
        files=(),
        prev=None,
        change=None,
        state=state,
    )


@given(tables)
def test_a_round_takes_at_most_six_of_a_notice_and_none_is_left_out(slides: list[Slide]) -> None:
    """Every round opens with each notice's first slide; over all rounds every slide is shown."""
    ids = {made.id: made for made in slides}
    firsts = [made.id for made in slides if made.notice and made.page == 1]
    made = rounds(slides)
    for one in made:
        assert firsts == list(one[: len(firsts)])
        further = [ids[id_] for id_ in one[len(firsts) :]]
        assert len(further) <= max(IN_A_ROUND - 1, len(firsts))
        for notice in {slide.notice for slide in further}:
            pages = [slide.page for slide in further if slide.notice == notice]
            assert list(range(pages[0], pages[0] + len(pages))) == pages
            assert len(pages) < IN_A_ROUND
    shown = [id_ for one in made for id_ in one if id_ not in firsts]
    assert len(shown) == len(set(shown))
    assert set(shown) | set(firsts) == set(ids) - {WELCOME.id}


def test_long_tables_wait_for_the_short_ones() -> None:
    """Second to sixth pages of all come before anybody's seventh; each table's pages in a row."""
    slides = [
        *(slide("A", page, 9) for page in range(1, 10)),
        slide("B", 1, 1),
        *(slide("C", page, 2) for page in range(1, 3)),
        WELCOME,
    ]
    opening = ("A-1-1", "B-1-1", "C-1-1")
    assert (
        (*opening, "A-1-2", "A-1-3", "A-1-4", "A-1-5", "A-1-6"),
        (*opening, "C-1-2", "A-1-7", "A-1-8", "A-1-9"),
    ) == rounds(slides)


def test_an_emergency_opens_every_round() -> None:
    """Whatever else hangs, what is urgent comes first."""
    urgent = replace(slide("U", 1, 1), cls="emergency")
    assert (("U-1-1", "A-1-1"),) == rounds([slide("A", 1, 1), urgent, WELCOME])


def told(starts: int | None = None, ends: int | None = None) -> Announcement:
    return Announcement(text="停水", starts=starts, ends=ends)


def test_what_is_still_to_happen_comes_first() -> None:
    """The soonest first; once it is over, and without a time, a notice waits for its turn."""
    today, tomorrow = told(AT + 10, AT + 20), told(AT + DAY, AT + DAY + 60)
    plain, past = told(), told(AT - 20, AT - 10)
    hung = [plain, past, tomorrow, today]
    assert [today, tomorrow, plain, past] == sorted(hung, key=lambda one: turn(one, AT))
    assert [tomorrow, plain, past, today] == sorted(hung, key=lambda one: turn(one, AT + 20))


def test_without_an_end_it_is_over_with_its_day() -> None:
    """A meeting at 8:00 stays in front until midnight of the village, 16:00 UTC."""
    morning = 1_776_470_400  # 18 April 2026, 8:00
    assert morning + 16 * 3600 == over(told(morning))
    assert morning + 60 == over(told(ends=morning + 60))
    assert over(told()) is None


def test_an_empty_board_walks_its_welcome() -> None:
    """Without notices the welcome slide is the one round; with any it is in none."""
    assert ((WELCOME.id,),) == rounds([WELCOME])
    assert (("A-1-1",),) == rounds([slide("A", 1, 1), WELCOME])


def test_what_the_board_says_of_itself_closes_the_openings() -> None:
    """In every round, after the first slides of all; alone it hangs beside the welcome."""
    slides = [*(slide("A", page, 12) for page in range(1, 13)), slide("B", 1, 1), WELCOME, OWN]
    assert [("A-1-1", "B-1-1", "due")] * 3 == [one[:3] for one in rounds(slides)]
    assert (("welcome", "due"),) == rounds([WELCOME, OWN])


def test_dwell_grows_with_the_words_within_bounds() -> None:
    """0.35 s a character and 3 s, from 8 to 40 s, a table 25 at most; an amount is read as one."""
    assert 8_000 == dwell_ms("")
    assert 3_000 + 350 * 40 == dwell_ms("水" * 40)
    assert 40_000 == dwell_ms("水" * 500)
    assert 25_000 == dwell_ms("水" * 500, table=True)
    assert dwell_ms("水" * 40 + "机") == dwell_ms("水" * 40 + " 51,234.50")


def test_until_is_the_next_beginning_or_end() -> None:
    """The playlist is looked at again when a slide begins or ends, or what is announced is over."""
    slides = [slide("A", 1, 1, AT + 50), slide("B", 1, 1, AT + 20), WELCOME]
    assert AT + 20 == changes_at(slides, [], AT)
    assert AT + 10 == changes_at(slides, [None, AT + 10], AT)
    assert AT + 50 == changes_at(slides, [None, AT + 10], AT + 20)
    assert changes_at(slides, [None, AT + 10], AT + 50) is None


def test_what_is_withdrawn_or_replaced_is_revoked_for_400_days() -> None:
    """A screen that lay in a cupboard for a year is still told; after 400 days nothing is left."""
    withdrawn = Ended(how="withdrawn", at=AT, was=UP, index=11, ground="wrong-facts")
    gone = Notice(code="GONE", editions=(edition(1, withdrawn),))
    replaced = Ended(how="superseded", at=AT - 5, was=UP, index=10)
    new = Notice(code="NEW", editions=(edition(1, replaced), edition(2, UP)))
    both = (Revoked("GONE", 1, AT), Revoked("NEW", 1, AT - 5))
    assert both == revoked([new, gone], AT)
    assert both[:1] == revoked([new, gone], AT + 400 * DAY - 1)
    assert () == revoked([new, gone], AT + 400 * DAY)


def test_a_redaction_revokes_every_edition_that_was_up() -> None:
    """Bodies may be shared between editions, so all that were up are named; later ones are not."""
    down = TakenDown(index=12, act="redact", ground="personal-data", by=1, at=AT - 10)
    old = Ended(how="superseded", at=AT - 20, was=UP, index=10)
    later = Published(**{**{f: getattr(UP, f) for f in UP.__struct_fields__}, "at": AT - 5})
    notice = Notice(
        code="N",
        editions=(edition(1, old), edition(2, UP), edition(3, later)),
        taken_down=(down,),
    )
    assert {(1, AT - 20), (1, AT - 10), (2, AT - 10)} == {
        (one.ed, one.at) for one in revoked([notice], AT)
    }


def test_the_document_is_the_schema_that_screens_read() -> None:
    """Names in JSON are those of the schema; the same playlist gives the same bytes and tag."""
    made = Playlist(
        screen="hall",
        village="430000001",
        number=7,
        made_at=AT,
        until=None,
        revoked=(Revoked("GONE", 1, AT),),
        slides=(slide("A", 1, 1), WELCOME),
        rounds=(("A-1-1",),),
        shell="abc",
    )
    told = json.loads(document(made))
    assert {
        "v",
        "screen",
        "village",
        "number",
        "made_at",
        "until",
        "revoked",
        "slides",
        "rounds",
        "shell",
    } == set(told)
    assert {
        "id",
        "notice",
        "ed",
        "class",
        "hash",
        "from",
        "until",
        "dwell_ms",
        "names",
        "title",
        "summary",
        "page",
        "pages",
    } == set(told["slides"][0])
    assert [{"notice": "GONE", "ed": 1, "at": AT}] == told["revoked"]
    assert etag(document(made)) == etag(document(made))
