"""From outside, what does not happen every day: keys that change, logs that stand still."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from noticeboard.auditing.seen import Seen
from noticeboard.board import freezing, succeeding, taking_down
from noticeboard.cli import main
from noticeboard.core.actions import Entry, Withdraw, leaf
from noticeboard.core.actions import Key as KeyAct
from noticeboard.core.checkpoints import Checkpoint
from noticeboard.core.notes import Note, signature
from noticeboard.core.notice import Notice
from noticeboard.core.problems import NotFound, NotValid
from noticeboard.core.rules import bundle_hash
from noticeboard.exporting.log import export
from noticeboard.signing.ed25519 import Private
from noticeboard.store import notices
from tests.backups import Backup
from tests.cast import KEY, ORIGIN, SEED, VILLAGE, bundle, cast_in
from tests.outside.files import leaves_in, write
from tests.outside.serving import Reader, Village, lying, served, wrong

WITNESS = "hall-kiosk.example/w1+d460f120+BGL5tUWbrHyqXZVh2z5pjdP22t6wNE32vwVAu22WCPTR"
REASON = "签过名的记录比这里的多，这里少了记录。"


@pytest.fixture
def village(tmp_path: Path) -> Iterator[Village]:
    """Give a village with two notices up, signed."""
    cast = cast_in(tmp_path / "home")
    cast.published("spending")
    cast.published("announcement")
    village = Village(cast, tmp_path / "home" / "signer")
    village.sign()
    yield village
    cast.audit()
    cast.board.database.close()


def rotated(village: Village) -> str:
    """Let a second key sign beside the first, as the log then says; gives it."""
    new = village.signer.add_key(ORIGIN)
    village.board.act(VILLAGE, KeyAct(change="add", key=new), village.cast.admin)
    village.sign()
    return new


def dropped(village: Village) -> None:
    """Let the first key sign no more, as the log then says."""
    village.signer.retire_key(ORIGIN, KEY.text)
    village.board.act(VILLAGE, KeyAct(change="drop", key=KEY.text), village.cast.admin)
    village.sign()


def test_a_reader_follows_the_keys_that_the_log_names(village: Village, tmp_path: Path) -> None:
    """Who checked while both keys signed goes on with the old paper; who did not needs the new."""
    followed, missed = Reader(village, tmp_path / "here"), Reader(village, tmp_path / "there")
    with served(village) as url:
        for reader in (followed, missed):
            assert [] == wrong(reader.verify(url))
        new = rotated(village)
        assert [] == wrong(followed.verify(url))
        assert [] == wrong(Reader(village, tmp_path / "both").verify(url, key=new))
        dropped(village)
        assert [] == wrong(followed.verify(url))
        (found,) = missed.verify(url).problems
        assert ORIGIN == found.village
        assert "没有这个日志的签名" in found.what
        assert "当面问现在的公钥" in found.what
        assert [] == wrong(missed.verify(url, key=new))


def test_a_key_that_the_log_has_dropped_counts_no_more(village: Village, tmp_path: Path) -> None:
    """Whoever stole it can sign, and a reader who has only that key sees that it is out of use."""
    rotated(village)
    dropped(village)
    export(village.board, VILLAGE, tmp_path / "export")
    write(tmp_path / "export", leaves_in(tmp_path / "export", village.cast.entries()))
    found = wrong(Reader(village, tmp_path / "reader").verify(tmp_path / "export"))
    assert [("head", "记录头", "签名用的钥匙，日志自己说已经不用了。")] == found


def test_heads_from_before_an_exchange_are_checked_by_either_key(
    village: Village, tmp_path: Path
) -> None:
    """Signed by the retired key alone: the log says that it was its key then, to both readers."""
    paper = Reader(village, tmp_path / "paper")
    export(village.board, VILLAGE, tmp_path / "before")
    assert [] == wrong(paper.verify(tmp_path / "before"))
    old = paper.note
    new = rotated(village)
    with served(village) as url:
        assert [] == wrong(paper.verify(url))
        dropped(village)
        assert [] == wrong(paper.verify(url, old))
        assert [] == wrong(Reader(village, tmp_path / "new").verify(url, old, key=new))


def test_a_false_past_under_a_retired_key_is_evidence_to_whoever_has_the_new_one(
    village: Village, tmp_path: Path
) -> None:
    """Of a size at which it was the log's key it counts; of a later one nobody need believe it."""
    size = village.cast.entries()
    new = rotated(village)
    dropped(village)
    private = Private(SEED)

    def false(size: int) -> bytes:
        text = Checkpoint(ORIGIN, size, bytes(32)).text
        return Note(text, (signature(KEY, private.sign, text),)).write()

    reader = Reader(village, tmp_path / "reader")
    with served(village) as url:
        found = wrong(reader.verify(url, false(size), key=new))
        assert ["别人见到的记录头"] == [where for _audit, where, _what in found]
        with pytest.raises(NotValid, match="换过钥匙"):
            reader.verify(url, false(village.cast.entries()), key=new)


def test_a_head_under_a_retired_key_is_not_remembered(village: Village, tmp_path: Path) -> None:
    """Whoever stole it goes on with the log; the true one is no contradiction afterwards."""
    followed = Reader(village, tmp_path / "reader")
    with served(village) as url:
        assert [] == wrong(followed.verify(url))
        rotated(village)
        assert [] == wrong(followed.verify(url))
        dropped(village)
        export(village.board, VILLAGE, tmp_path / "stolen")
        write(tmp_path / "stolen", leaves_in(tmp_path / "stolen", village.cast.entries()))
        before = followed.seen
        assert ["记录头"] == [
            where for _a, where, _w in wrong(followed.verify(tmp_path / "stolen"))
        ]
        assert before == followed.seen
        village.cast.published("decision")
        village.sign()
        assert [] == wrong(followed.verify(url))


def test_a_frozen_board_says_so_and_what_it_holds_is_believed(
    village: Village, tmp_path: Path
) -> None:
    """The reason is a finding, and that something was taken down unlogged; the pages fit to it."""
    codes = [notice.code for notice in _up(village)]
    with village.board.database.write() as tx:
        freezing.freeze(tx, VILLAGE, REASON)
    frozen = ("list", "公开的目录", f"这个村的记录冻结了：{REASON}")
    with served(village) as url:
        assert [frozen] == wrong(Reader(village, tmp_path / "before").verify(url))
        taking_down.withdraw(
            village.board, VILLAGE, codes[0], village.cast.anna, ground="wrong-facts"
        )
        erase = {"ground": "person-asked", "parts": ("names",), "rows": (2,)}
        taking_down.redact(village.board, VILLAGE, codes[1], village.cast.anna, **erase)
        held = ("list", "公开的目录", "有 2 件撤下还没有记进日志。")
        assert [frozen, held] == wrong(Reader(village, tmp_path / "after").verify(url))


@pytest.mark.parametrize(
    ("action", "who", "what"),
    [
        ("key", "anna", "压着没有记的，不都是撤下。"),
        ("withdraw", "dan", "压着没有记的撤下不合规矩。"),
        ("later", "anna", "压着没有记的，不都是撤下。"),
    ],
)
def test_what_a_frozen_board_holds_is_believed_as_far_as_it_is_lawful(
    village: Village, tmp_path: Path, action: str, who: str, what: str
) -> None:
    """Nothing but taking down, and by nobody without an office for it."""
    notice = _up(village)[0]
    acts = {
        "withdraw": Withdraw(code=notice.code, ed=1, ground="wrong-facts"),
        "key": KeyAct(change="drop", key=KEY.text),
    }
    entry = Entry(
        log=ORIGIN,
        at=village.clock.now,
        by=getattr(village.cast, who),
        role="clerk",
        rules=bundle_hash(bundle()),
        action=acts.get(action, acts["key"]),
    )
    raw = leaf(entry) if action in acts else leaf(entry).replace(b'"act":"key"', b'"act":"later"')

    def hold(path: str, status: int, body: bytes) -> tuple[int, bytes]:
        if path != f"/log/{VILLAGE}/public.json":
            return status, body
        return status, json.dumps({**json.loads(body), "held": [raw.decode()]}).encode()

    with served(village) as url, lying(url, hold) as through:
        found = [
            said for _audit, _where, said in wrong(Reader(village, tmp_path / "r").verify(through))
        ]
    assert [True] == [said.startswith(what) for said in found if said.startswith("压着")], found


def _up(village: Village) -> list[Notice]:
    with village.board.database.read() as tx:
        return sorted(notices.shown(tx, VILLAGE), key=lambda one: one.editions[0].kind)


def test_a_log_that_stopped_and_the_one_that_follows_it(village: Village, tmp_path: Path) -> None:
    """Both are sound, each under its own key and code; who saw the lost entries is told of them."""
    witness = Reader(village, tmp_path / "witness")
    backup = Backup(village.board.database)
    village.cast.published("decision")
    village.sign()
    with served(village) as url:
        assert [] == wrong(witness.verify(url))
    backup.restore(village.board.database)
    with village.board.database.write() as tx:
        freezing.freeze(tx, VILLAGE, REASON)
    keeper = village.cast.accounts["admin"]
    done = succeeding.succeed(
        village.board, village.signer, VILLAGE, ground="entries-lost", keeper=keeper
    )
    village.sign()
    with served(village) as url:
        archive = Reader(village, tmp_path / "archive").verify(url, village=done.archive)
        assert [] == wrong(archive)
        assert [f"{freezing.STOPPED}接着它的是 {done.origin}。"] == archive.remarks
        (key,) = done.keys
        new = Reader(village, tmp_path / "new").verify(url, key=key)
        said = f"这个日志接着 {ORIGIN}，它到第 {done.predecessor.size} 条停了，因为机器坏了"
        assert ([], True) == (wrong(new), said in new.remarks[0]), new.remarks
        with pytest.raises(NotFound, match=rf"/log/{done.archive}"):
            Reader(village, tmp_path / "paper").verify(url)
        found = wrong(witness.verify(url, village=done.archive))
    assert ["上次见到的记录头"] == [where for _audit, where, _what in found]


def succeeded(village: Village) -> succeeding.Succeeded:
    """Let a new log go on from where the village's stands, as after a machine broke."""
    with village.board.database.write() as tx:
        freezing.freeze(tx, VILLAGE, REASON)
    keeper = village.cast.accounts["admin"]
    done = succeeding.succeed(
        village.board, village.signer, VILLAGE, ground="entries-lost", keeper=keeper
    )
    village.sign()
    return done


def test_taking_down_from_a_stopped_log_is_lawful_where_the_stop_is_proved(
    village: Village, tmp_path: Path
) -> None:
    """By the first entry of the log that goes on from its head; without one it is only said."""
    code = _up(village)[0].code
    done = succeeded(village)
    reader = Reader(village, tmp_path / "reader")
    with served(village) as url:
        taking_down.withdraw(
            village.board, done.archive, code, village.cast.anna, ground="wrong-facts"
        )
        report = reader.verify(url, village=done.archive)
        assert ([], True) == (wrong(report), "撤下了 1 件" in report.remarks[-1])

        def alone(path: str, status: int, body: bytes) -> tuple[int, bytes]:
            return (404, b"") if path.startswith(f"/log/{VILLAGE}/") else (status, body)

        with lying(url, alone) as through:
            found = [
                what for _audit, _where, what in wrong(reader.verify(through, village=done.archive))
            ]
    assert found == [
        "说这个日志停了，却没有一个日志从它这里接下去。",
        "有 1 件撤下还没有记进日志。",
    ]


def test_what_was_seen_of_the_old_log_counts_for_the_new_one(
    village: Village, tmp_path: Path
) -> None:
    """Its remembered head must begin what the new log says it goes on from."""
    early, late, other = (Reader(village, tmp_path / name) for name in ("early", "late", "other"))
    with served(village) as url:
        for reader in (early, other):
            assert [] == wrong(reader.verify(url))
        village.cast.published("project")
        village.sign()
        assert [] == wrong(late.verify(url))
        done = succeeded(village)
        (key,) = done.keys
        for reader in (early, late):
            assert [] == wrong(reader.verify(url, key=key))
        seen = Seen(late.home, ORIGIN).note
        for size, root in (
            (done.predecessor.size + 1, done.predecessor.root),
            (done.predecessor.size, bytes(32)),
            (done.predecessor.size - 1, bytes(32)),
        ):
            text = Checkpoint(ORIGIN, size, root).text
            seen.write_bytes(Note(text, (signature(KEY, Private(SEED).sign, text),)).write())
            ((audit, where, what),) = wrong(late.verify(url, key=key))
            assert ("head", "前一个日志", True) == (audit, where, f" {size} 条" in what), what

        def gone(path: str, status: int, body: bytes) -> tuple[int, bytes]:
            return (404, b"") if path.startswith(f"/log/{done.archive}/") else (status, body)

        with lying(url, gone) as through:
            ((_audit, _where, what),) = wrong(other.verify(through, key=key))
    assert "现在这里找不到它" in what


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    """Run the command; gives its status and what it said on both outputs."""
    status = main(["verify", *words])
    said = capsys.readouterr()
    return status, said.out, said.err


def test_the_command_says_what_it_found(
    village: Village, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """0 and words where all fits, 1 and the places where not; `--json` is one object."""
    export(village.board, VILLAGE, tmp_path / "export")
    home, folder = ("--home", str(tmp_path / "reader")), str(tmp_path / "export")
    asked = (*home, "--url", folder, "--key", KEY.text)
    status, said, _err = run(capsys, *asked)
    assert (0, True) == (status, f"✓ 核对了 {village.cast.entries()} 条记录" in said), said
    head = next((tmp_path / "reader" / "seen").glob("*/checkpoint"))
    status, said, _err = run(capsys, *asked, "--json", "--against", str(head))
    told = json.loads(said)
    entries = village.cast.entries()
    assert (0, True, entries, entries) == (status, told["ok"], told["entries"], told["before"])
    status, said, _err = run(capsys, *asked)
    assert (0, True) == (status, f"从 {entries} 条长到 {entries} 条" in said), said
    assert str(head) in said
    assert (64, []) == (len(told["root"]), told["problems"])
    (tmp_path / "export" / "public.json").write_text("{}")
    status, said, _err = run(capsys, *asked)
    assert (1, True) == (status, said.startswith("✗ "))


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("--url", "."), "要有网址，也要有公钥"),
        (("--key", KEY.text), "要有网址，也要有公钥"),
        (("--url", ".", "--key", "nothing"), "这不是一把公钥"),
        (("--url", "/nowhere", "--key", KEY.text), "没有找到这个村的记录"),
        (("--url", "http://127.0.0.1:9", "--key", KEY.text), "连不上对方"),
        (("--url", ".", "--key", KEY.text, "--against", "/nothing"), "这个文件打不开"),
        (("--url", ".", "--key", WITNESS), "这是见证方的公钥"),
    ],
)
def test_a_refusal_says_what_is_missing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], reason: str
) -> None:
    """Nothing is checked, and the sentence says why."""
    status, _said, err = run(capsys, "--home", str(tmp_path), *words)
    assert (1, True) == (status, reason in err), err


def test_a_notice_slipped_in_among_the_former_ones_is_found(
    village: Village, tmp_path: Path
) -> None:
    """The village's page shows what stands in a stopped log: that log answers for each of them."""
    draft = village.cast.submitted("announcement").notice.code
    village.sign()
    done = succeeded(village)
    reader = Reader(village, tmp_path / "reader")

    def lie(asked: str, status: int, body: bytes) -> tuple[int, bytes]:
        more = b'<section id="%s"><a href="/n/%s">' % (done.archive.encode(), draft.encode())
        mark = b'<section id="%s">' % done.archive.encode()
        return status, body.replace(mark, more) if asked == f"/v/{VILLAGE}" else body

    with served(village) as url, lying(url, lie) as through:
        found = wrong(reader.verify(through, village=done.archive))
    said = f"页面上列出公示 {draft}，按记录却不该有。"
    assert [(f"/v/{VILLAGE}", said)] == [(where, what) for _audit, where, what in found]
