"""Search in Chinese, the same on both databases."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from noticeboard.store import search
from noticeboard.store.database import Database

TEXTS = {
    "AAAAAAA1": "2026年一季度财务收支明细\n修机耕路，三组",
    "AAAAAAA2": "耕地地力保护补贴名单\nZB-2026-07 号",
    "AAAAAAA3": "停水通知\n周六上午检修水管",
}


@pytest.fixture
def indexed(database: Database) -> Database:
    with database.write() as tx:
        for code, text in TEXTS.items():
            search.put(tx, "v1", code, text)
        search.put(tx, "v2", "BBBBBBB1", "修机耕路")
    return database


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("耕路", ["AAAAAAA1"]),
        ("补贴", ["AAAAAAA2"]),
        ("水", ["AAAAAAA3"]),
        ("修", ["AAAAAAA1", "AAAAAAA3"]),
        ("路耕", []),
        ("修 三组", ["AAAAAAA1"]),
        ("修 补贴", []),
        ("2026", ["AAAAAAA1", "AAAAAAA2"]),
        ("202", []),
        ("zb", ["AAAAAAA2"]),
        ("ZB-2026", ["AAAAAAA2"]),
        ("机耕路，", ["AAAAAAA1"]),
        ("，。！", []),
        ("", []),
        ('"', []),
        ("修*", ["AAAAAAA1", "AAAAAAA3"]),
        ("text:修", []),
    ],
)
def test_words_are_found(indexed: Database, words: str, found: list[str]) -> None:
    """Two characters that stand together, several words all of which stand, no wild cards."""
    with indexed.read() as tx:
        assert found == sorted(search.find(tx, "v1", words))


def test_the_index_follows_the_text(indexed: Database) -> None:
    """A new text replaces the old one, an empty one takes it out, other villages stay."""
    with indexed.write() as tx:
        search.put(tx, "v1", "AAAAAAA1", "修水渠")
        search.put(tx, "v1", "AAAAAAA3", "")
        search.compact(tx)
        assert ["AAAAAAA1"] == search.find(tx, "v1", "水")
        assert [] == search.find(tx, "v1", "耕路")
        assert ["BBBBBBB1"] == search.find(tx, "v2", "耕路")


@given(words=st.text(max_size=12))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nothing_that_can_be_typed_is_an_error(indexed: Database, words: str) -> None:
    """Quotes, stars, NUL, emoji, half a surrogate: found or not found."""
    with indexed.write() as tx:
        search.find(tx, "v1", words)
        search.put(tx, "v1", "AAAAAAA9", words)


def test_search_stays_quick_in_a_large_village(tmp_path: Path) -> None:
    """On SQLite a notice is replaced by its number, never by reading the whole index."""
    database = Database(f"sqlite:///{tmp_path / 'board.db'}")
    database.upgrade()
    with database.read() as tx:
        plan = tx.exec_driver_sql("explain query plan delete from search where rowid = 5").all()
        assert "INDEX 0:=" in str(plan)
