"""The cache: what is put in comes out, all of a refresh or none of it, and readers and writers wait for each other."""

from __future__ import annotations

import os
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from compliance.store.cache import Unusable, cache_file, refreshing
from compliance.store.cached import CachedEntry, Present

ENTRIES = [
    CachedEntry("a/b.txt", "100644", "1" * 40, 7),
    CachedEntry("a\udcff.txt", "100755", "2" * 40, 0),
    CachedEntry("compliance.toml", "120000", "3" * 40, 3),
]


@pytest.mark.parametrize("kept", [True, False], ids=["on disk", "in memory"])
def test_what_is_put_in_comes_out(tmp_path, kept):
    with refreshing(tmp_path if kept else None) as cache:
        cache.replace_entries(ENTRIES)
        cache.change_entries([CachedEntry("new", "100644", "4" * 40, 1)], ["compliance.toml", "never/there"])
        cache.add_readings([("1" * 40, "record", b"\x80"), ("1" * 40, "rules", b"\x90")])
        cache.add_readings([("1" * 40, "record", b"another")])
        cache.replace_presence({"1" * 40: Present(2, "2026-01-05", True)})
        cache.set_state("commit", "abc")
        cache.set_state("commit", "def")
        assert [entry.path for entry in cache.entries()] == ["a/b.txt", "a\udcff.txt", "new"]
        assert cache.readings([("1" * 40, "record"), ("2" * 40, "record")]) == {("1" * 40, "record"): b"\x80"}
        assert cache.presence() == {"1" * 40: Present(2, "2026-01-05", True)}
        assert cache.state("commit") == "def"
        assert (cache.count_entries(), cache.count_readings()) == (3, 2)
    assert cache_file(tmp_path, "").exists() == kept


def test_readings_by_the_thousand(tmp_path):
    many = [(f"{number:040x}", "record", b"%d" % number) for number in range(25_000)]
    with refreshing(tmp_path) as cache:
        cache.add_readings(many)
    with refreshing(tmp_path) as cache:
        every = cache.readings([(oid, role) for oid, role, _ in many])
        some = cache.readings([(oid, role) for oid, role, _ in many[:1200]])
    assert every == {(oid, role): value for oid, role, value in many}
    assert some == {(oid, role): value for oid, role, value in many[:1200]}


def test_a_refresh_that_fails_leaves_nothing(tmp_path):
    with refreshing(tmp_path) as cache:
        cache.replace_entries(ENTRIES[:1])
    with pytest.raises(KeyError, match="in the middle"), refreshing(tmp_path) as cache:
        cache.replace_entries(ENTRIES)
        raise KeyError("in the middle")
    with refreshing(tmp_path) as cache:
        assert list(cache.entries()) == ENTRIES[:1]


def test_another_edition_has_a_cache_of_its_own(tmp_path):
    with refreshing(tmp_path, "1111") as cache:
        cache.replace_entries(ENTRIES)
        cache.set_state("commit", "abc")
    with refreshing(tmp_path, "2222") as cache:
        assert (cache.count_entries(), cache.state("commit")) == (0, None)
    with refreshing(tmp_path, "1111") as cache:
        assert (cache.count_entries(), cache.state("commit")) == (3, "abc")


def test_the_caches_of_few_editions_are_kept(tmp_path):
    for number, name in enumerate(("1111", "2222", "3333")):
        with refreshing(tmp_path, name):
            pass
        os.utime(cache_file(tmp_path, name), (number, number))
    with refreshing(tmp_path, "1111"):
        pass
    assert sorted(file.name for file in tmp_path.glob("*.sqlite")) == ["1111.sqlite", "3333.sqlite"]


def test_a_database_of_another_program_is_dropped(tmp_path):
    with sqlite3.connect(cache_file(tmp_path, "1111")) as connection:
        connection.execute("CREATE TABLE state (other TEXT)")
    connection.close()
    with refreshing(tmp_path, "1111") as cache:
        assert cache.state("commit") is None


def test_damage_that_shows_late_drops_the_file_and_says_so(tmp_path):
    with pytest.raises(Unusable, match="the cache cannot be used: it is damaged") as refused, refreshing(tmp_path):
        raise sqlite_error(sqlite3.SQLITE_CORRUPT)
    assert not cache_file(tmp_path, "").exists()
    assert refused.value.problems[0].location is not None


def test_one_that_is_held_for_too_long_is_not_dropped(tmp_path):
    with refreshing(tmp_path) as cache:
        cache.replace_entries(ENTRIES)
    with pytest.raises(Unusable, match="another program is using it"), refreshing(tmp_path):
        raise sqlite_error(sqlite3.SQLITE_BUSY | (2 << 8))
    with refreshing(tmp_path) as cache:
        assert cache.count_entries() == len(ENTRIES)


def sqlite_error(code: int) -> Exception:
    import sqlalchemy as sa

    error = sqlite3.DatabaseError("words of the database")
    error.sqlite_errorcode = code
    return sa.exc.DatabaseError("SELECT", {}, error)


def test_many_refresh_at_once_and_none_is_lost(tmp_path: Path):
    def count(number: int) -> None:
        with refreshing(tmp_path) as cache:
            cache.set_state("count", str(int(cache.state("count") or 0) + 1))
            cache.add_readings([(f"{number:040x}", "record", b"")])

    with ThreadPoolExecutor(8) as several:
        list(several.map(count, range(40)))
    with refreshing(tmp_path) as cache:
        assert (cache.state("count"), cache.count_readings()) == ("40", 40)
