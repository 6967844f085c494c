"""The promises of a playlist: order, rounds, dwell, ends, and what screens must forget."""

import json

from hypothesis import given
from hypothesis import strategies as st

from noticeboard.core.days import DAY
from noticeboard.core.notice import Edition, Ended, Notice, Period, Published, State, TakenDown
from noticeboard.core.playlist import (
    IN_A_ROUND,
    Playlist,
    Revoked,
    Slide,
    changes_at,
    document,
    dwell_ms,
    etag,
    revoked,
    rounds,
    walk,
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


WELCOME = slide("", 1, 1)
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
    """Six slides of one table in a round, in order; over all rounds every slide is shown."""
    ids = {made.id: made for made in slides}
    order = [made.id for made in slides]
    made = rounds(slides)
    for one in made:
        for notice in {ids[id_].notice for id_ in one}:
            assert sum(ids[id_].notice == notice for id_ in one) <= IN_A_ROUND
        assert sorted(one, key=order.index) == list(one)
        assert {s.notice for s in slides if s.notice} == {ids[id_].notice for id_ in one}
    assert {id_ for one in made for id_ in one} == set(ids) - {WELCOME.id}
    assert made == tuple(walk(slides, number) for number in range(len(made)))


def test_an_empty_board_walks_its_welcome() -> None:
    """Without notices the welcome slide is the one round; with any it is in none."""
    assert ((WELCOME.id,),) == rounds([WELCOME])
    assert (("A-1-1",),) == rounds([slide("A", 1, 1), WELCOME])


def test_dwell_grows_with_the_words_within_bounds() -> None:
    """0.35 s a character and 3 s, never under 8 s or over 40 s; an amount is read as one."""
    assert 8_000 == dwell_ms("")
    assert 3_000 + 350 * 40 == dwell_ms("水" * 40)
    assert 40_000 == dwell_ms("水" * 500)
    assert dwell_ms("水" * 40 + "机") == dwell_ms("水" * 40 + " 51,234.50")


def test_until_is_the_next_beginning_or_end() -> None:
    """The playlist is looked at again when its first slide begins or ends, and not before."""
    slides = [slide("A", 1, 1, AT + 50), slide("B", 1, 1, AT + 20), WELCOME]
    assert AT + 20 == changes_at(slides, AT)
    assert AT + 50 == changes_at(slides, AT + 20)
    assert changes_at(slides, AT + 50) is None


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
