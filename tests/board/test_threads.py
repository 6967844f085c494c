"""Eight people at once: nothing is lost, nothing doubled, every entry in its place."""

import threading
from collections.abc import Callable

from noticeboard.board import drafting, reviewing, taking_down
from noticeboard.core.notice import Notice
from noticeboard.core.problems import NotNow, Problem
from noticeboard.store import log, notices
from tests.cast import FORMS, VILLAGE, Cast

WRITERS = 8


def at_once(count: int, work: Callable[[int], None]) -> None:
    """Run `work` in so many threads that start together; fail with the first error."""
    start, errors = threading.Barrier(count), list[BaseException]()

    def run(n: int) -> None:
        start.wait()
        try:
            work(n)
        except BaseException as error:  # noqa: BLE001 - handed to the test below
            errors.append(error)

    threads = [threading.Thread(target=run, args=(n,)) for n in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]


def test_eight_threads_lose_nothing(cast: Cast, counts: Callable[[int], int]) -> None:
    """Whole lives of notices side by side: every act is there, contiguous, audited."""
    cast.assess("耕地地力保护补贴")
    lives, before, lived = counts(20), cast.entries(), list[str]()

    def live(n: int) -> None:
        for turn in range(lives):
            sent = cast.submitted("subsidy" if n % 2 else "announcement", title=f"{n}-{turn}")
            notice = cast.up(sent)
            if n == 0:
                taking_down.withdraw(
                    cast.board, VILLAGE, notice.code, cast.anna, ground="wrong-facts"
                )
            lived.append(notice.code)

    at_once(WRITERS, live)
    assert WRITERS * lives == len(set(lived))
    assert before + WRITERS * lives * 3 + lives == cast.entries()
    with cast.board.database.read() as tx:
        size = cast.entries()
        assert [*range(size)] == [index for index, _leaf in log.leaves(tx, VILLAGE)]
        held = [row.notice for row in notices.rows(tx, VILLAGE)]
    numbers = sorted(notice.number or "" for notice in held if isinstance(notice, Notice))
    assert [f"2026-{n:03d}" for n in range(1, WRITERS * lives + 1)] == numbers


def test_of_eight_approvals_one_counts(cast: Cast) -> None:
    """All press at the same moment: one agrees, seven are told that it is done."""
    sent, told = cast.submitted(), list[str]()
    code = sent.notice.code  # type: ignore[union-attr]

    def approve(n: int) -> None:
        who = (cast.ben, cast.mei)[n % 2]
        try:
            reviewing.approve(
                cast.board, VILLAGE, code, who, of=sent.index, start=cast.clock.now, until=None
            )
            told.append("agreed")
        except NotNow:
            told.append("done")

    at_once(WRITERS, approve)
    assert {"agreed": 1, "done": 7} == {word: told.count(word) for word in told}


def test_of_eight_saves_over_one_version_one_counts(cast: Cast) -> None:
    """The others are told, and lose nothing of what they typed by it."""
    draft, saved = cast.draft(), list[int]()

    def save(n: int) -> None:
        try:
            drafting.save(
                cast.board, VILLAGE, draft.code, cast.anna, {"title": str(n)}, draft.version
            )
            saved.append(n)
        except NotNow:
            pass

    at_once(WRITERS, save)
    assert 1 == len(saved)


def test_a_correction_is_opened_once(cast: Cast) -> None:
    """Eight people open it at the same moment and get the same draft."""
    notice, opened = cast.published("spending"), list[object]()

    def reopen(_n: int) -> None:
        opened.append(drafting.reopen(cast.board, VILLAGE, notice.code, cast.anna))

    at_once(WRITERS, reopen)
    assert [opened[0]] * WRITERS == opened


def test_a_redaction_and_a_submission_at_once_lose_no_body(cast: Cast) -> None:
    """Whoever is first: no edition refers to what was erased without knowing."""
    for _turn in range(4):
        notice = cast.published("spending")
        draft = drafting.reopen(cast.board, VILLAGE, notice.code, cast.anna)
        typed = {**draft.typed, "reason": "补写", "title": "更正后的标题"}
        draft = drafting.save(cast.board, VILLAGE, notice.code, cast.anna, typed, draft.version)

        def work(n: int, code: str = notice.code, seen: int = draft.version) -> None:
            try:
                if n:
                    drafting.submit(cast.board, VILLAGE, code, cast.anna, seen=seen)
                else:
                    taking_down.redact(
                        cast.board,
                        VILLAGE,
                        code,
                        cast.ben,
                        ground="minor",
                        parts=("names",),
                        rows=(2,),
                    )
            except Problem:
                assert n

        at_once(2, work)
        cast.audit()
        assert FORMS["spending"]["title"] != typed["title"]
