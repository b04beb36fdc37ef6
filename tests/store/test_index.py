"""The index: what is put in comes out, all of a refresh or none of it, and readers and writers wait for each other."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from compliance.store import index as store
from compliance.store.index import FILE, IndexedEntry, Present, Unusable, refreshing

ENTRIES = [
    IndexedEntry("a/b.txt", "100644", "1" * 40, 7),
    IndexedEntry("a\udcff.txt", "100755", "2" * 40, 0),
    IndexedEntry("compliance.toml", "120000", "3" * 40, 3),
]


@pytest.mark.parametrize("kept", [True, False], ids=["on disk", "in memory"])
def test_what_is_put_in_comes_out(tmp_path, kept):
    with refreshing(tmp_path if kept else None) as index:
        index.replace_entries(ENTRIES)
        index.change_entries([IndexedEntry("new", "100644", "4" * 40, 1)], ["compliance.toml", "never/there"])
        index.add_readings([("1" * 40, "record", b"\x80"), ("1" * 40, "rules", b"\x90")])
        index.add_readings([("1" * 40, "record", b"another")])
        index.replace_presence({"1" * 40: Present(2, "2026-01-05", True)})
        index.set_state("commit", "abc")
        index.set_state("commit", "def")
        assert [entry.path for entry in index.entries()] == ["a/b.txt", "a\udcff.txt", "new"]
        assert index.readings([("1" * 40, "record"), ("2" * 40, "record")]) == {("1" * 40, "record"): b"\x80"}
        assert index.presence() == {"1" * 40: Present(2, "2026-01-05", True)}
        assert index.state("commit") == "def"
        assert (index.count_entries(), index.count_readings()) == (3, 2)
    assert (tmp_path / FILE).exists() == kept


def test_readings_by_the_thousand(tmp_path):
    many = [(f"{number:040x}", "record", b"%d" % number) for number in range(25_000)]
    with refreshing(tmp_path) as index:
        index.add_readings(many)
    with refreshing(tmp_path) as index:
        every = index.readings([(oid, role) for oid, role, _ in many])
        some = index.readings([(oid, role) for oid, role, _ in many[:1200]])
    assert every == {(oid, role): value for oid, role, value in many}
    assert some == {(oid, role): value for oid, role, value in many[:1200]}


def test_a_refresh_that_fails_leaves_nothing(tmp_path):
    with refreshing(tmp_path) as index:
        index.replace_entries(ENTRIES[:1])
    with pytest.raises(KeyError), refreshing(tmp_path) as index:
        index.replace_entries(ENTRIES)
        raise KeyError
    with refreshing(tmp_path) as index:
        assert list(index.entries()) == ENTRIES[:1]


def test_another_format_is_dropped(tmp_path, monkeypatch):
    with refreshing(tmp_path) as index:
        index.replace_entries(ENTRIES)
        index.set_state("commit", "abc")
    monkeypatch.setattr(store, "FORMAT", "9.9.9-1")
    with refreshing(tmp_path) as index:
        assert (index.count_entries(), index.state("commit")) == (0, None)


def test_damage_that_shows_late_drops_the_file_and_says_so(tmp_path):
    with pytest.raises(Unusable, match="the index cannot be used") as refused, refreshing(tmp_path):
        raise sqlite_error()
    assert not (tmp_path / FILE).exists()
    assert refused.value.problems[0].location is not None


def test_one_that_is_held_for_too_long_is_not_dropped(tmp_path):
    with refreshing(tmp_path) as index:
        index.replace_entries(ENTRIES)
    with pytest.raises(Unusable), refreshing(tmp_path):
        raise sqlite_error("database is locked")
    with refreshing(tmp_path) as index:
        assert index.count_entries() == len(ENTRIES)


def sqlite_error(text: str = "database disk image is malformed") -> Exception:
    import sqlalchemy as sa

    return sa.exc.DatabaseError("SELECT", {}, sqlite3.DatabaseError(text))


def test_many_refresh_at_once_and_none_is_lost(tmp_path: Path):
    def count(number: int) -> None:
        with refreshing(tmp_path) as index:
            index.set_state("count", str(int(index.state("count") or 0) + 1))
            index.add_readings([(f"{number:040x}", "record", b"")])

    with ThreadPoolExecutor(8) as several:
        list(several.map(count, range(40)))
    with refreshing(tmp_path) as index:
        assert (index.state("count"), index.count_readings()) == ("40", 40)
