"""Redaction: not a byte of the person is left in the home, and every old proof still holds."""

import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import event, text

from noticeboard.board import attaching, drafting, reviewing, taking_down
from noticeboard.board.keeping import sweep
from noticeboard.core.drafting import typed_of
from noticeboard.core.merkle import Frontier, included, inclusion, leaf_hash
from noticeboard.core.notice import Part
from noticeboard.core.particulars import Kind
from noticeboard.core.parts import Kept
from noticeboard.core.problems import NotFound, NotValid
from noticeboard.store import blobs, search
from tests.cast import FORMS, VILLAGE, Cast, Picture, cast_in, cast_on
from tests.postgres import Postgres

NAME = "欧阳翠翠"


def rows_naming(name: str) -> list[dict[str, str]]:
    rows = [dict(row) for row in FORMS["spending"]["rows"]]
    rows[1]["payee"] = name
    return rows


def spelled(words: str) -> list[bytes]:
    """Give how words could stand in a file: plain, and as the search index cuts them."""
    return [words.encode(), " ".join(words).encode(), words.encode("utf-16-le")]


def holding(home: Path, wanted: bytes) -> list[str]:
    """Name every file of the home that holds these bytes."""
    files = [path for path in home.rglob("*") if path.is_file()]
    return [path.name for path in files if wanted in path.read_bytes()]


def home_of(cast: Cast) -> Path:
    path = cast.board.database.path
    assert path is not None
    return path.parent


def kept(cast: Cast, parts: tuple[Part, ...]) -> dict[str, Kept]:
    with cast.board.database.read() as tx:
        return blobs.bodies_of(tx, VILLAGE, parts)[1]


def assert_gone(cast: Cast, words: str, bodies: list[Kept]) -> None:
    home = home_of(cast)
    for wanted in [*spelled(words), *(held.salt for held in bodies)]:
        assert [] == holding(home, wanted)


def redact(cast: Cast, code: str, **what: object) -> None:
    taking_down.redact(
        cast.board,
        VILLAGE,
        code,
        cast.anna,
        ground="personal-data",
        **what,  # type: ignore[arg-type]
    )


def everywhere(cast: Cast) -> tuple[str, list[Kept]]:
    """Put a person into a returned submission, a superseded and a current edition, and a draft."""
    sent = cast.submitted("spending", rows=rows_naming(NAME + "甲"))
    code = sent.notice.code  # type: ignore[union-attr]
    bodies = [*kept(cast, sent.notice.latest.parts).values()]  # type: ignore[union-attr]
    reviewing.send_back(cast.board, VILLAGE, code, cast.ben, of=sent.index, reason="名字写错")
    draft = drafting.reopen(cast.board, VILLAGE, code, cast.anna)
    typed = {**draft.typed, "rows": [dict(row) for row in draft.typed["rows"]]}
    typed["rows"][1]["payee"] = NAME
    draft = drafting.save(cast.board, VILLAGE, code, cast.anna, typed, draft.version)
    cast.up(drafting.submit(cast.board, VILLAGE, code, cast.anna, seen=draft.version))
    bodies += kept(cast, cast.notice(code).latest.parts).values()
    cast.up(cast.correct(code, title="更正后的一季度明细"))
    draft = drafting.reopen(cast.board, VILLAGE, code, cast.anna)
    for n in range(3):
        typed = {**draft.typed, "reason": f"再改{n}"}
        draft = drafting.save(cast.board, VILLAGE, code, cast.anna, typed, draft.version)
    return code, [held for held in bodies if NAME.encode() in held.body]


def test_a_person_is_gone_from_everywhere(home: Cast) -> None:
    """Returned, superseded, current, an open correction, the write-ahead log: no byte, no salt."""
    code, bodies = everywhere(home)
    assert 2 == len(bodies)
    for wanted in (NAME.encode(), *(held.salt for held in bodies)):
        assert holding(home_of(home), wanted)
    redact(home, code, parts=("names",), rows=(2,))
    assert_gone(home, NAME, bodies)
    assert holding(home_of(home), "张大山".encode())
    home.audit()
    with home.board.database.read() as tx:
        stated = drafting.content_of(tx, VILLAGE, home.notice(code).latest)
    assert [None, None, "张大山"] == [row.payee for row in stated.particulars.rows]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("kind", "name"),
    [("asset", "李秀英"), ("contract", "王建军"), ("labour", "赵铁柱"), ("table", "王建军")],
)
def test_a_person_is_gone_from_a_register(home: Cast, kind: Kind, name: str) -> None:
    """Also from an open correction of it, whatever its columns are called; amounts stay."""
    notice = home.published(kind)
    before = sum_of(home, notice.code)
    drafting.reopen(home.board, VILLAGE, notice.code, home.anna)
    held = kept(home, notice.latest.parts).values()
    bodies = [one for one in held if name.encode() in one.body]
    assert 1 == len(bodies)
    redact(home, notice.code, parts=("names",), rows=(1,))
    assert_gone(home, name, bodies)
    assert before == sum_of(home, notice.code)
    home.audit()


def sum_of(home: Cast, code: str) -> list[dict[str, Any]]:
    """Give what a notice's rows state besides names."""
    with home.board.database.read() as tx:
        rows = drafting.content_of(tx, VILLAGE, home.notice(code).latest).particulars.rows
    return [
        {name: value for name, value in msgspec.to_builtins(row).items() if name not in row.NAMES}
        for row in rows
    ]


def test_the_bytes_are_gone_also_from_the_closed_file(home: Cast) -> None:
    """After the last connection is closed nothing comes back into the file."""
    code, bodies = everywhere(home)
    redact(home, code, parts=("names",))
    home.board.database.close()
    assert_gone(home, NAME, bodies)


def test_every_old_proof_still_holds(home: Cast) -> None:
    """The erased row's commitment is provable in its table, the table in its leaf, as before."""
    notice = home.published("spending", rows=rows_naming(NAME))
    (names,) = (part for part in notice.latest.parts if part.name == "names")

    def proved() -> bool:
        with home.board.database.read() as tx:
            table = blobs.tables_of(tx, VILLAGE, [names])[names.c]
        tree, nodes = Frontier(), dict[tuple[int, int], bytes]()
        leaves = [leaf_hash(bytes.fromhex(c)) for c in table.rows]
        for leaf in leaves:
            nodes.update(((level, at), hash_) for level, at, hash_ in tree.append(leaf))
        at = table.ids.index(2)
        path = inclusion(lambda level, index: nodes[level, index], at, len(leaves))
        return included(leaves[at], at, len(leaves), path, bytes.fromhex(names.c))

    assert proved()
    redact(home, notice.code, parts=("names",), rows=(2,))
    assert proved()
    home.audit()


def test_a_text_is_gone_from_the_search_too(home: Cast) -> None:
    """Title and text erased: no phrase finds them, no segment of the index holds them."""
    notice = home.published(title="寻人", text=f"{NAME}请到村部")
    bodies = [*kept(home, notice.latest.parts).values()]
    with home.board.database.read() as tx:
        assert [notice.code] == search.find(tx, VILLAGE, NAME[:2])
    redact(home, notice.code, parts=("text",))
    assert_gone(home, NAME, bodies)
    with home.board.database.read() as tx:
        assert [] == search.find(tx, VILLAGE, NAME[:2])
        with pytest.raises(NotFound, match="已经删除"):
            drafting.content_of(tx, VILLAGE, home.notice(notice.code).latest)
    home.audit()


def test_a_reason_is_gone_from_editions_and_draft(home: Cast) -> None:
    """Why it was corrected named somebody: the part goes, and what the open draft typed of it."""
    notice = home.published()
    home.up(home.correct(notice.code, text="周日检修", reason=f"{NAME}指出"))
    draft = drafting.reopen(home.board, VILLAGE, notice.code, home.anna)
    typed = {**draft.typed, "reason": f"{NAME}又指出"}
    drafting.save(home.board, VILLAGE, notice.code, home.anna, typed, draft.version)
    redact(home, notice.code, parts=("reason",))
    assert_gone(home, NAME, [])
    home.audit()


def test_a_photograph_is_gone_with_its_small_copy(home: Cast) -> None:
    """Chunks, salt and thumbnail, also where an open draft shows it."""
    picture = Picture(NAME.encode() * 50_000, thumb=NAME.encode() * 9)
    draft = home.draft()
    saved = attaching.attach(home.board, VILLAGE, draft.code, home.anna, [picture], "")
    sent = drafting.submit(
        home.board, VILLAGE, draft.code, home.anna, seen=saved.version, attested=True
    )
    reviewing.approve(
        home.board,
        VILLAGE,
        draft.code,
        home.ben,
        of=sent.index,
        start=home.clock.now,
        until=None,
        attested=True,
    )
    home.board.tick()
    drafting.reopen(home.board, VILLAGE, draft.code, home.anna)
    redact(home, draft.code, files=(saved.files[0].c,))
    assert_gone(home, NAME, [])
    with home.board.database.read() as tx:
        assert None is blobs.file_of(tx, VILLAGE, saved.files[0].c)
    home.audit()


def test_a_photograph_of_a_wall_is_gone(home: Cast) -> None:
    """Somebody's child stands before the paper: the picture goes, that it hung there stays."""
    notice = home.published()
    of = notice.latest.state.publish  # type: ignore[union-attr]
    photo = (NAME.encode() * 50_000, "image/jpeg", NAME.encode() * 9)
    done = reviewing.post(
        home.board, VILLAGE, notice.code, home.anna, wall="w1", of=of, photo=photo
    )
    (posted,) = done.notice.posted  # type: ignore[union-attr]
    assert holding(home_of(home), NAME.encode())
    redact(home, notice.code, files=(posted.files[0].c,))
    assert_gone(home, NAME, [])
    assert (posted,) == home.notice(notice.code).posted
    home.audit()


def sent_back(cast: Cast, reason: str) -> str:
    """Let a roll with a person's name be returned; gives its code."""
    sent = cast.submitted("spending", rows=rows_naming(NAME))
    code = sent.notice.code  # type: ignore[union-attr]
    reviewing.send_back(cast.board, VILLAGE, code, cast.ben, of=sent.index, reason=reason)
    return code


def test_the_reason_of_a_return_can_be_erased(home: Cast) -> None:
    """It named somebody; two editions later, one of them with a reason of its own, it goes."""
    code = sent_back(home, f"{NAME}不是三组的")
    draft = drafting.reopen(home.board, VILLAGE, code, home.anna)
    typed = {**draft.typed, "rows": FORMS["spending"]["rows"]}
    draft = drafting.save(home.board, VILLAGE, code, home.anna, typed, draft.version)
    home.up(drafting.submit(home.board, VILLAGE, code, home.anna, seen=draft.version))
    home.up(home.correct(code, title="更正后的明细", reason=f"{NAME}指出"))
    redact(home, code, parts=("names",), rows=(2,))
    assert holding(home_of(home), NAME.encode())
    redact(home, code, parts=("reason",))
    assert_gone(home, NAME, [])
    home.audit()


def test_what_was_sent_back_and_never_shown_can_be_erased(home: Cast) -> None:
    """Parts, reason and a second person's word; what is written afterwards stays."""
    code = sent_back(home, f"{NAME}的身份要核对")
    bodies = [*kept(home, home.notice(code).latest.parts).values()]
    redact(home, code, parts=("figures", "names", "reason", "text"))
    assert_gone(home, NAME, bodies)
    home.audit()
    (down,) = home.notice(code).taken_down
    taking_down.confirm(home.board, VILLAGE, code, home.ben, of=down.index)
    with pytest.raises(NotFound, match="已经删除"):
        drafting.reopen(home.board, VILLAGE, code, home.anna)


def test_one_name_of_what_was_sent_back_is_erased_and_it_goes_on(home: Cast) -> None:
    """The rest is mended, sent again and shown, without the name."""
    code = sent_back(home, "数字不清")
    redact(home, code, parts=("names",), rows=(2,))
    draft = drafting.reopen(home.board, VILLAGE, code, home.anna)
    home.up(drafting.submit(home.board, VILLAGE, code, home.anna, seen=draft.version))
    assert_gone(home, NAME, [])
    home.audit()


def test_a_photograph_of_what_was_sent_back_can_be_erased(home: Cast) -> None:
    """It was taken off before the notice was sent again; the store still held it for the log."""
    draft = home.draft()
    picture = Picture(NAME.encode() * 50_000)
    saved = attaching.attach(home.board, VILLAGE, draft.code, home.anna, [picture], "")
    (file,) = saved.files
    sent = drafting.submit(
        home.board, VILLAGE, draft.code, home.anna, seen=saved.version, attested=True
    )
    reviewing.send_back(home.board, VILLAGE, draft.code, home.ben, of=sent.index, reason="换一张")
    drafting.reopen(home.board, VILLAGE, draft.code, home.anna)
    draft = attaching.detach(home.board, VILLAGE, draft.code, home.anna, file.c)
    home.up(drafting.submit(home.board, VILLAGE, draft.code, home.anna, seen=draft.version))
    assert holding(home_of(home), NAME.encode())
    redact(home, draft.code, files=(file.c,))
    assert_gone(home, NAME, [])
    home.audit()


@pytest.mark.parametrize(
    ("what", "field"),
    [
        ({"parts": ("names",), "rows": (2, 99)}, "rows"),  # no such row
        ({"parts": ("names",), "rows": (1,)}, "rows"),  # a row that names nobody
        ({"parts": ("text",), "rows": (2,)}, "rows"),  # no table at all
        ({"parts": ("names",), "rows": (3,)}, "rows"),  # gone already
        ({"parts": ("reason",)}, "parts"),  # gone already
        ({"files": ("00" * 32,)}, "files"),  # no such file
    ],
)
def test_what_is_not_there_is_refused(cast: Cast, what: dict[str, object], field: str) -> None:
    """A redaction that would erase nothing leaves no entry that says it did."""
    code = cast.published("spending").code
    cast.up(cast.correct(code, title="更正后的明细"))
    redact(cast, code, parts=("names", "reason"), rows=(3,))
    before = cast.entries()
    with pytest.raises(NotValid) as refused:
        redact(cast, code, **what)
    assert field == refused.value.findings[0].field
    assert before == cast.entries()


def test_a_file_is_erased_once(cast: Cast) -> None:
    """The second time there is nothing to erase."""
    notice = cast.published()
    of = notice.latest.state.publish  # type: ignore[union-attr]
    photo = (b"photo", "image/jpeg", None)
    done = reviewing.post(
        cast.board, VILLAGE, notice.code, cast.anna, wall="w1", of=of, photo=photo
    )
    c = done.notice.posted[0].files[0].c  # type: ignore[union-attr]
    redact(cast, notice.code, files=(c,))
    with pytest.raises(NotValid, match="已经没有了"):
        redact(cast, notice.code, files=(c,))


def test_the_right_person_can_be_named_afterwards(home: Cast) -> None:
    """Redacted and then corrected: what was written in knowledge of it stays, and audits agree."""
    notice = home.published("spending", rows=rows_naming(NAME))
    redact(home, notice.code, parts=("names",), rows=(2,))
    draft = drafting.reopen(home.board, VILLAGE, notice.code, home.anna)
    typed = {**draft.typed, "reason": "收款人写错了人"}
    typed["rows"][1]["payee"] = "王建国"
    draft = drafting.save(home.board, VILLAGE, notice.code, home.anna, typed, draft.version)
    home.up(drafting.submit(home.board, VILLAGE, notice.code, home.anna, seen=draft.version))
    with home.board.database.read() as tx:
        shown = drafting.content_of(tx, VILLAGE, home.notice(notice.code).latest)
    assert "王建国" == typed_of(shown)["rows"][1]["payee"]
    home.audit()
    redact(home, notice.code, parts=("names",), rows=(2,))
    assert_gone(home, "王建国", [])
    home.audit()


def test_a_roster_that_lost_a_name_can_be_corrected(home: Cast) -> None:
    """The sum was wrong too: the nameless row stays nameless and does not stand in the way."""
    notice = home.published("subsidy")
    redact(home, notice.code, parts=("names",), rows=(1,))
    draft = drafting.reopen(home.board, VILLAGE, notice.code, home.anna)
    typed = {**draft.typed, "reason": "漏了一项", "explanation": "含补发"}
    draft = drafting.save(home.board, VILLAGE, notice.code, home.anna, typed, draft.version)
    home.up(drafting.submit(home.board, VILLAGE, notice.code, home.anna, seen=draft.version))
    home.audit()


def test_readers_only_delay_the_last_bytes(home: Cast) -> None:
    """While somebody still reads, the write-ahead log keeps them; the next sweep drops them."""
    code, bodies = everywhere(home)
    with home.board.database.read() as tx:
        blobs.bodies_by(tx, VILLAGE, [held.c for held in bodies])
        _impatient(home)
        redact(home, code, parts=("names",))
        assert holding(home_of(home), NAME.encode())
    sweep(home.board)
    assert_gone(home, NAME, bodies)


def _impatient(cast: Cast) -> None:
    # Half a minute is right in a village hall; a test need not wait for it.
    def impatient(raw: object, _record: object, _proxy: object) -> None:
        raw.execute("PRAGMA busy_timeout=10")  # type: ignore[attr-defined]

    event.listen(cast.board.database.engine, "checkout", impatient)


@pytest.fixture
def served(postgres: Postgres) -> Iterator[Cast]:
    """Give the cast on PostgreSQL alone."""
    with postgres.fresh() as url:
        cast = cast_on(url)
        yield cast
        cast.board.database.close()


def in_tables(cast: Cast, postgres: Postgres, *wanted: bytes) -> bool:
    """Say whether any file of the database holds these bytes, once the server wrote them out."""
    with cast.board.database.engine.connect() as tx:
        tx.execute(text("checkpoint"))
        oid = tx.execute(text("select oid from pg_database where datname = current_database()"))
        folder = postgres.folder / "data" / "base" / str(oid.scalar_one())
    return any(bytes_ in path.read_bytes() for path in folder.iterdir() for bytes_ in wanted)


def test_the_tables_of_a_server_hold_no_byte(served: Cast, postgres: Postgres) -> None:
    """PostgreSQL clears nothing by deleting: after a redaction its tables are written anew."""
    code, bodies = everywhere(served)
    with served.board.database.engine.execution_options(
        isolation_level="AUTOCOMMIT"
    ).connect() as tx:
        tx.execute(text("analyze"))  # as the server does by itself: it keeps samples of columns
    salts = [held.salt for held in bodies]
    assert in_tables(served, postgres, NAME.encode())
    assert in_tables(served, postgres, *salts)
    redact(served, code, parts=("names",), rows=(2,))
    assert not in_tables(served, postgres, *spelled(NAME), *salts)
    assert in_tables(served, postgres, "张大山".encode())
    served.audit()


def test_a_reader_of_a_server_only_delays_it(served: Cast, postgres: Postgres) -> None:
    """Rows that somebody may still see are taken along; the next sweep leaves them behind."""
    code, _bodies = everywhere(served)
    with served.board.database.read() as tx:
        tx.execute(text("select 1 from setting")).all()
        redact(served, code, parts=("names",))
        assert in_tables(served, postgres, NAME.encode())
        assert not served.board.scrub()
    sweep(served.board)
    assert not in_tables(served, postgres, NAME.encode())
    assert served.board.scrub()


def test_no_byte_survives_a_long_life(
    tmp_path: Path, rng: random.Random, counts: Callable[[int], int]
) -> None:
    """After many drafts, editions and corrections, pages moved and split: still none."""
    for life in range(counts(40)):
        cast = cast_in(tmp_path / str(life))
        codes, names = list[str](), dict[str, str]()
        for n in range(rng.randrange(6, 14)):
            name = f"诸葛{chr(0x4E00 + rng.randrange(20_000))}{chr(0x4E00 + n)}"
            rows = rows_naming(name)
            words = "长" * rng.choice([3, 400, 1500])
            notice = cast.published("spending", rows=rows, explanation=words)
            codes.append(notice.code)
            names[notice.code] = name
            for _ in range(rng.randrange(4)):
                again = rng.choice(codes)
                words = f"第{rng.randrange(9**5)}次" + "改" * rng.choice([2, 300, 2500])
                cast.up(cast.correct(again, explanation=words))
            for _ in range(rng.randrange(3)):
                draft = drafting.reopen(cast.board, VILLAGE, rng.choice(codes), cast.anna)
                if rng.random() < 0.5:
                    drafting.discard(cast.board, VILLAGE, draft.code)
                else:
                    typed = {**draft.typed, "reason": "因" * rng.randrange(3000)}
                    drafting.save(cast.board, VILLAGE, draft.code, cast.anna, typed, draft.version)
        for code in rng.sample(codes, 3):
            redact(cast, code, parts=("names",), rows=(2,))
            assert_gone(cast, names[code], [])
        cast.audit()
        cast.board.database.close()
