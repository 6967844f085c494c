"""The promises of the memo: what is sent still holds, and memory stays within its budget."""

import gzip
import threading

from noticeboard.show.memo import Entry, Key, Memo, entry, holds
from noticeboard.show.render import Rendered
from noticeboard.show.show import Shown

KEY: Key = ("/v/x", "zh")


def shown(
    body: bytes = b"<p>page</p>",
    until: int | None = 100,
    village: str | None = "x",
    revision: int = 3,
    media_type: str = "text/html; charset=utf-8",
) -> Shown:
    return Shown(200, Rendered(body, media_type, ((b"x-a", b"b"),)), until, village, revision)


def test_an_answer_holds_until_its_moment_and_its_revision() -> None:
    """One second before `until` it is sent, at `until` it is not; nor after a visible change."""
    memo, made = Memo(), entry(shown())
    assert memo.put(KEY, made, 50, {"x": 3})
    assert made == memo.get(KEY, 99, {"x": 3})
    assert memo.get(KEY, 100, {"x": 3}) is None
    assert memo.put(KEY, made, 50, {"x": 3})
    assert memo.get(KEY, 50, {"x": 4}) is None
    assert (0, 0) == (len(memo), memo.bytes)


def test_another_language_is_another_page() -> None:
    """The language is part of the key."""
    memo = Memo()
    memo.put(KEY, entry(shown()), 50, {"x": 3})
    assert memo.get(("/v/x", "en"), 50, {"x": 3}) is None


def test_what_is_outdated_when_it_comes_is_not_kept() -> None:
    """A slow render of an old revision, or one that is over, never replaces what holds."""
    memo = Memo()
    assert not memo.put(KEY, entry(shown(revision=2)), 50, {"x": 3})
    assert not memo.put(KEY, entry(shown(until=50)), 50, {"x": 3})
    assert 0 == len(memo)


def test_what_is_ahead_of_the_watcher_waits_for_it() -> None:
    """A page newer than what the watcher has seen is kept, and sent from then on."""
    memo, made = Memo(), entry(shown(revision=4))
    assert memo.put(KEY, made, 50, {"x": 3})
    assert memo.get(KEY, 50, {"x": 3}) is None
    assert made == memo.get(KEY, 50, {"x": 4})


def test_the_list_of_villages_rests_on_all_of_them() -> None:
    """A change in any village, or a new village, ends what was shown of the whole board."""
    made = entry(shown(village=None, revision=3 + 5 + 2))
    assert holds(made, 50, {"x": 3, "y": 5})
    assert not holds(made, 50, {"x": 3, "y": 6})
    assert not holds(made, 50, {"x": 3, "y": 5, "z": 0})


def test_the_budget_is_bytes_and_the_oldest_goes_first() -> None:
    """Whatever comes, no more than the budget is held; what was asked for last stays."""
    memo = Memo(budget=10_000)
    for number in range(6):
        page = shown(bytes(range(256)) * 4, media_type="image/jpeg")
        memo.put((f"/n/{number}", "zh"), entry(page), 50, {"x": 3})
        memo.get(("/n/0", "zh"), 50, {"x": 3})
        assert memo.bytes <= 10_000
    assert memo.get(("/n/0", "zh"), 50, {"x": 3}) is not None
    assert memo.get(("/n/1", "zh"), 50, {"x": 3}) is None
    large = entry(shown(b"x" * 9_000, media_type="image/jpeg"))
    assert not memo.put(KEY, large, 50, {"x": 3})


def test_equal_pages_are_equal_bytes() -> None:
    """Compressing leaves no time in a page; pictures are sent as they are; a 304 has no length."""
    first, second = entry(shown()), entry(shown())
    assert first == second
    assert b"<p>page</p>" == gzip.decompress(first.body)
    assert {b"content-encoding", b"etag", b"x-a"} <= dict(first.headers).keys()
    assert b"content-encoding" not in dict(first.plain_headers)
    assert b"%d" % len(b"<p>page</p>") == dict(first.plain_headers)[b"content-length"]
    assert b"content-length" not in dict(first.unchanged)
    assert not entry(shown(media_type="image/jpeg")).packed


def test_a_village_can_be_forgotten() -> None:
    """Nothing of a village, and no list it is on, stays in memory after `forget`."""
    memo = Memo()
    memo.put(KEY, entry(shown()), 50, {"x": 3})
    memo.put(("/v/y", "zh"), entry(shown(village="y")), 50, {"y": 3})
    memo.put(("/", "zh"), entry(shown(village=None, revision=8)), 50, {"x": 3, "y": 3})
    memo.forget("x")
    assert (None, None) == tuple(memo.get((p, "zh"), 50, {"x": 3, "y": 3}) for p in ("/v/x", "/"))
    assert isinstance(memo.get(("/v/y", "zh"), 50, {"y": 3}), Entry)


def test_many_threads_keep_the_count() -> None:
    """Eight threads putting and getting leave the bytes counted right and within the budget."""
    memo = Memo(budget=20_000)

    def work(number: int) -> None:
        for turn in range(300):
            key: Key = (f"/n/{(number * turn) % 40}", "zh")
            memo.put(key, entry(shown()), 50, {"x": 3})
            memo.get(key, 50 + turn % 60, {"x": 3 + turn % 2})

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert memo.bytes <= 20_000
    memo.forget("x")
    assert (0, 0) == (len(memo), memo.bytes)
