"""Drafting: private paper, safe against two people, official only when everything is right."""

import re
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from noticeboard.board import Board, attaching, bringing, drafting, reviewing, taking_down
from noticeboard.board.board import Sent
from noticeboard.board.bringing import Brought
from noticeboard.core import drafting as forms
from noticeboard.core.notice import Returned, Submitted
from noticeboard.core.particulars import Kind
from noticeboard.core.problems import NotFound, NotNow, NotValid
from noticeboard.store import blobs, drafts, log
from tests.cast import FORMS, VILLAGE, Cast, Picture

_FIRST: tuple[Kind, ...] = ("spending", "subsidy")
_LATER: tuple[Kind, ...] = ("project", "decision")


def held(cast: Cast, code: str) -> Any:
    with cast.board.database.read() as tx:
        return drafts.find(tx, VILLAGE, code)


def submit(cast: Cast, code: str, by: int | None = None, **more: Any) -> Any:
    draft = held(cast, code)
    return drafting.submit(cast.board, VILLAGE, code, by or cast.anna, seen=draft.version, **more)


def test_a_draft_is_nobodys_business_but_its_writers(cast: Cast) -> None:
    """A hundred saves, finished or not, and no entry."""
    before = cast.entries()
    draft = cast.draft(title="")
    for n in range(5):
        draft = drafting.save(
            cast.board, VILLAGE, draft.code, cast.anna, {"title": "半" * n}, draft.version
        )
    assert (5, {"title": "半半半半"}) == (draft.version, held(cast, draft.code).typed)
    assert before == cast.entries()


def test_two_people_in_one_draft_lose_nothing(cast: Cast) -> None:
    """The second save over the same version is refused; who saves is a writer from then on."""
    draft = cast.draft()
    mine = drafting.save(cast.board, VILLAGE, draft.code, cast.cleo, {"title": "一"}, 0)
    with pytest.raises(NotNow, match="别人刚刚存过"):
        drafting.save(cast.board, VILLAGE, draft.code, cast.anna, {"title": "二"}, 0)
    assert mine == held(cast, draft.code)
    assert (cast.anna, cast.cleo) == mine.writers


def test_submitting_makes_it_official_once(cast: Cast) -> None:
    """The draft is gone, the edition is there; the same form again gives the first result."""
    draft = cast.draft("spending")
    form = Sent("form-1", cast.accounts["anna"])
    first = submit(cast, draft.code, sent=form)
    assert None is held(cast, draft.code)
    assert isinstance(cast.notice(draft.code).latest.state, Submitted)
    before = cast.entries()
    again = drafting.submit(cast.board, VILLAGE, draft.code, cast.anna, seen=0, sent=form)
    assert (first.index, first.notice) == (again.index, again.notice)
    with pytest.raises(NotFound, match="已经送审"):
        drafting.submit(cast.board, VILLAGE, draft.code, cast.anna, seen=0)
    assert before == cast.entries()


def test_only_the_version_one_has_seen_is_submitted(cast: Cast) -> None:
    """Somebody saved meanwhile: look again, nothing is sent."""
    draft = cast.draft()
    drafting.save(cast.board, VILLAGE, draft.code, cast.cleo, draft.typed, draft.version)
    with pytest.raises(NotNow, match="别人刚刚改过"):
        drafting.submit(cast.board, VILLAGE, draft.code, cast.anna, seen=draft.version)
    assert 1 == held(cast, draft.code).version


@pytest.mark.parametrize(
    ("kind", "typed", "says"),
    [
        ("spending", {"closing": "1"}, "结余差"),
        ("spending", {"title": ""}, "还没有填"),
        ("announcement", {"text": "电话 139 1234 5678"}, "手机号"),
        ("announcement", {"text": "１１０１０５１９４９１２３１００２Ｘ"}, "身份证号"),
        ("announcement", {"place": "卡号 6222 0212 3456 7890 128"}, "银行卡号"),
        ("announcement", {"group": "王建军家"}, "没有这个组"),
        ("announcement", {"item": "Z99"}, "没有这一项"),
    ],
)
def test_what_is_wrong_is_refused_and_the_draft_stays(
    home: Cast, kind: Kind, typed: dict[str, str], says: str
) -> None:
    """Sums, gaps, leaks, words that would go into the leaf: named, and nothing typed is lost."""
    draft = home.draft(kind, **typed)
    before = home.entries()
    with pytest.raises(NotValid, match=says):
        submit(home, draft.code)
    assert (draft, before) == (held(home, draft.code), home.entries())


def test_everything_wrong_is_said_in_one_go(home: Cast) -> None:
    """Sums and leaks together, each with its place."""
    rows = [{**FORMS["spending"]["rows"][1], "payee": "王建军13912345678"}]
    draft = home.draft("spending", rows=rows)
    with pytest.raises(NotValid) as refused:
        submit(home, draft.code)
    assert ["本期结余", "第1行 付给谁"] == [f.where for f in refused.value.findings]


def test_the_villages_own_phones_may_stand_there(home: Cast) -> None:
    """A number the village publishes on purpose is no leak."""
    assert home.submitted(text="有事请打 138 0013 8000").notice is not None


def test_pictures_are_attested_and_kept_clean(cast: Cast) -> None:
    """Without a look at full size nothing is sent; the reviewer is asked the same."""
    draft = cast.draft()
    attaching.attach(cast.board, VILLAGE, draft.code, cast.anna, [Picture(b"a" * 300_000)], "水池")
    with pytest.raises(NotValid, match="看过原图"):
        submit(cast, draft.code)
    sent = submit(cast, draft.code, attested=True)
    (ref,) = sent.notice.latest.files
    with cast.board.database.read() as tx:
        stored = blobs.file_of(tx, VILLAGE, ref.c)
    assert stored is not None
    assert (300_000, "image/jpeg") == (len(stored.data), stored.type)
    with pytest.raises(NotValid, match="看过原图"):
        cast.approve(sent)
    reviewing.approve(
        cast.board,
        VILLAGE,
        draft.code,
        cast.ben,
        of=sent.index,
        start=cast.clock.now,
        until=None,
        attested=True,
    )


def test_a_picture_taken_off_is_erased_unless_an_edition_shows_it(cast: Cast) -> None:
    """Private paper leaves nothing behind; what was submitted stays with its edition."""
    draft = cast.draft()
    pictures = [Picture(b"one"), Picture(b"two")]
    saved = attaching.attach(cast.board, VILLAGE, draft.code, cast.anna, pictures, "")
    one, two = (file.c for file in saved.files)
    attaching.detach(cast.board, VILLAGE, draft.code, cast.anna, one)

    def there(c: str) -> bool:
        with cast.board.database.read() as tx:
            return blobs.file_of(tx, VILLAGE, c) is not None

    assert (False, True) == (there(one), there(two))
    sent = submit(cast, draft.code, attested=True)
    reviewing.send_back(cast.board, VILLAGE, draft.code, cast.ben, of=sent.index, reason="模糊")
    drafting.reopen(cast.board, VILLAGE, draft.code, cast.anna)
    attaching.detach(cast.board, VILLAGE, draft.code, cast.anna, two)
    assert there(two)
    drafting.discard(cast.board, VILLAGE, draft.code)
    assert there(two)


def test_an_import_is_all_or_nothing(cast: Cast) -> None:
    """Three contents make three drafts, or none when one cannot be stored."""
    contents = [forms.read(kind, FORMS[kind], source="ab" * 32) for kind in _FIRST]
    made = bringing.bring(cast.board, VILLAGE, [Brought(content=c) for c in contents], cast.anna)
    assert contents == [drafting.read_draft(draft) for draft in made]
    # The second draft gets the code of the first, so the database refuses it.
    stuck = Board(cast.board.database, clock=cast.clock, random=lambda n: b"7" * n)
    others = [forms.read(kind, FORMS[kind], source="cd" * 32) for kind in _LATER]
    with pytest.raises(IntegrityError):
        bringing.bring(stuck, VILLAGE, [Brought(content=c) for c in others], cast.anna)
    with cast.board.database.read() as tx:
        assert {draft.code for draft in made} == {d.code for d in drafts.of_village(tx, VILLAGE)}


def test_a_returned_edition_is_opened_as_it_was(cast: Cast) -> None:
    """Everything typed is there again, with its writers; sent again it is the same edition."""
    sent = cast.submitted("subsidy")
    code = sent.notice.code  # type: ignore[union-attr]
    reviewing.send_back(cast.board, VILLAGE, code, cast.ben, of=sent.index, reason="金额再核一下")
    assert isinstance(cast.notice(code).latest.state, Returned)
    draft = drafting.reopen(cast.board, VILLAGE, code, cast.cleo)
    assert ((cast.anna, cast.cleo), 1) == (draft.writers, draft.ed)
    names = [row["name"] for row in draft.typed["rows"]]
    assert ["陈桂花", "刘满仓"] == names
    again = submit(cast, code, by=cast.cleo)
    edition = again.notice.latest
    assert (1, (cast.anna, cast.cleo), sent.notice.latest.parts) == (  # type: ignore[union-attr]
        edition.ed,
        edition.writers,
        edition.parts,
    )


def test_a_correction_says_why_and_what(cast: Cast) -> None:
    """Without a reason, or without a difference, it is none; with both it is the next edition."""
    notice = cast.published("spending")
    draft = drafting.reopen(cast.board, VILLAGE, notice.code, cast.anna)
    assert draft == drafting.reopen(cast.board, VILLAGE, notice.code, cast.cleo)
    with pytest.raises(NotValid) as refused:
        submit(cast, notice.code)
    assert ["reason", "title"] == [finding.field for finding in refused.value.findings]
    typed = {**draft.typed, "reason": "合计看错", "title": "一季度财务收支"}
    drafting.save(cast.board, VILLAGE, notice.code, cast.anna, typed, draft.version)
    edition = submit(cast, notice.code).notice.latest
    assert (2, "typo", notice.latest.state.publish) == (  # type: ignore[union-attr]
        edition.ed,
        edition.change,
        edition.prev,
    )
    same = {part.name: part.c for part in notice.latest.parts}
    assert same["figures"] == {part.name: part.c for part in edition.parts}["figures"]


def test_nothing_is_reopened_while_it_is_in_review(cast: Cast) -> None:
    """One edition at a time; an unknown code is said."""
    sent = cast.submitted()
    with pytest.raises(NotNow, match="正在审"):
        drafting.reopen(cast.board, VILLAGE, sent.notice.code, cast.anna)  # type: ignore[union-attr]
    with pytest.raises(NotFound):
        drafting.reopen(cast.board, VILLAGE, "ZZZZZZZZ", cast.anna)


def test_a_correction_of_what_was_withdrawn_meanwhile_still_fits(cast: Cast) -> None:
    """The draft was opened before; what it replaces is still the same publish leaf."""
    notice = cast.published()
    draft = drafting.reopen(cast.board, VILLAGE, notice.code, cast.anna)
    taking_down.withdraw(cast.board, VILLAGE, notice.code, cast.ben, ground="wrong-facts")
    typed = {**draft.typed, "reason": "时间写错", "text": "周日检修水管"}
    drafting.save(cast.board, VILLAGE, notice.code, cast.anna, typed, draft.version)
    assert "2026-002" == cast.up(submit(cast, notice.code)).number


def test_no_leaf_holds_a_word_that_was_typed(cast: Cast) -> None:
    """Names, sums and sentences are commitments; a leaf names people by number only."""
    for kind in FORMS:
        cast.published(kind)
    with cast.board.database.read() as tx:
        leaves = b"".join(leaf for _index, leaf in log.leaves(tx, VILLAGE))
    # Any five digits may stand in a hash or a key by chance.
    said = re.sub(rb"[0-9a-f]{64}|[A-Za-z0-9+/]{40,}=*", b"", leaves)
    for word in ("王建军", "陈桂花", "赵铁柱", "安娜", "修机耕路", "停水", "50000"):
        assert word.encode() not in said
