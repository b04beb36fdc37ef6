"""Whatever lies in `.compliance`, by accident or by design: the answer is the one that git gives."""

from __future__ import annotations

import os
import resource
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from datetime import date
from pathlib import Path

import msgspec
import pytest

from compliance.domain.ledger.ledger import Ledger
from compliance.ledger import memo
from compliance.ledger.opening import open_workspace
from compliance.store.cache import cache_file
from compliance.workspace.edition import edition

from ..builders.running import PROGRAM, Answer
from ..builders.workspaces import Workspace, begin_workspace, described

QUESTION = ("gaps", "--json", "--on", "2026-02-02")
CONFIGURED = "rules:\n  - {match: '*.txt', kind: configuration, date: git, controls: [acme:A.2]}\n"
PAGE = 4096


@pytest.fixture
def workspace(tmp_path: Path, today: date) -> Workspace:
    made = begin_workspace(tmp_path / "work", **{"evidence/map.yaml": CONFIGURED, "evidence/rules.txt": "allow\n"})
    made.put({"evidence/rules.txt": "deny\n"}, "2026-01-10")
    record = described("E-7K2M9QXT", title="Policy", kind="policy", date="2025-12-20", controls=["acme:B.1"])
    made.put({"evidence/p.7K2M9QXT.txt.evidence.yaml": record, "evidence/p.7K2M9QXT.txt": "x\n"}, "2026-01-12")
    return made


@pytest.fixture
def truth(workspace: Workspace) -> Answer:
    """What a fresh clone answers, which has met nothing yet."""
    answer = workspace.clone("fresh").run(*QUESTION)
    assert (answer.code, answer.err) == (0, "")
    return answer


def cache(workspace: Workspace) -> Path:
    """The folder in use, filled by a first question."""
    workspace.run(*QUESTION)
    found = open_workspace(workspace.top).cache
    assert found is not None
    return found


def without_memos(folder: Path) -> Path:
    """The database, with nothing beside it that could answer in its place."""
    for file in folder.glob("*.ledger"):
        file.unlink()
    file = cache_file(folder, edition(folder))
    with sqlite3.connect(file) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return file


def junk(file: Path) -> None:
    file.write_bytes(b"no database\n" * 1000)


def empty(file: Path) -> None:
    file.write_bytes(b"")


def truncated(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: PAGE + 100])


def other_edition(file: Path) -> None:
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE state SET value = '0.0.1-1' WHERE key = 'edition'")
        connection.execute("DELETE FROM entry")
    connection.close()


def other_tables(file: Path) -> None:
    file.unlink()
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TABLE state (k, v)")
        connection.execute("CREATE TABLE entry (nonsense)")
    connection.close()


def unfinished(file: Path) -> None:
    """A refresh that was cut off: what it had written is not there."""
    connection = sqlite3.connect(file, isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("DELETE FROM entry")
    connection.close()


@pytest.mark.parametrize("spoil", [junk, empty, truncated, other_edition, other_tables, unfinished])
def test_a_spoilt_cache_is_made_anew(workspace, truth, spoil: Callable[[Path], None]):
    spoil(without_memos(cache(workspace)))
    assert workspace.run(*QUESTION) == truth
    workspace.commit("2026-01-20", "More", other="x")
    assert workspace.run("gaps", "--json", "--on", "2026-02-02").json["total"] == truth.json["total"]


def test_a_damaged_page_spoils_no_answer_and_is_gone_afterwards(workspace, truth):
    folder = cache(workspace)
    whole = without_memos(folder).read_bytes()
    for start in range(0, len(whole), PAGE):
        without_memos(folder).write_bytes(whole[:start] + b"\xa5" * PAGE + whole[start + PAGE :])
        assert workspace.run(*QUESTION) == truth, start
        without_memos(folder)
        assert workspace.run(*QUESTION) == truth, start


def test_a_damaged_index_stands_in_the_way_of_no_command(workspace):
    for command in (("check",), ("evidence", "show", "E-7K2M9QXT"), ("doctor",), ("cache", "status")):
        workspace.run("cache", "rebuild")
        database = without_memos(cache(workspace))
        data = database.read_bytes()
        database.write_bytes(data[: 3 * PAGE] + b"\xa5" * (len(data) - 3 * PAGE))
        assert workspace.run(*command).code in {0, 1}, command


@pytest.mark.parametrize("data", [b"", b"\xc1", b"\x80", b"\x93\x01"], ids=["empty", "no-memo", "no-fields", "short"])
def test_a_memo_that_is_none_is_passed_over(workspace, truth, data):
    (remembered,) = cache(workspace).glob("*.ledger")
    whole = remembered.read_bytes()
    for spoilt in (data, whole[:-1], whole[: len(whole) // 2]):
        remembered.write_bytes(spoilt)
        assert workspace.run(*QUESTION) == truth
    assert remembered.read_bytes() == whole


def test_a_memo_of_another_commit_is_passed_over(workspace, truth):
    folder = cache(workspace)
    (remembered,) = folder.glob("*.ledger")
    emptied = msgspec.structs.replace(msgspec.msgpack.decode(remembered.read_bytes(), type=Ledger), commit="0" * 40)
    remembered.write_bytes(msgspec.msgpack.encode(msgspec.structs.replace(emptied, evidence=())))
    assert workspace.run(*QUESTION) == truth


def test_a_memo_of_another_version_of_the_program_is_passed_over(workspace, truth, monkeypatch):
    folder = cache(workspace)
    monkeypatch.setattr(memo, "edition", lambda _: "0" * 16)
    assert memo.recall(folder, workspace.head) is None
    assert workspace.run(*QUESTION) == truth


def test_only_a_few_memos_are_kept(workspace):
    folder = cache(workspace)
    for number in range(memo.KEPT + 3):
        workspace.commit("2026-01-20", str(number), other=str(number))
        workspace.run(*QUESTION)
    kept = {file.name.partition(".")[0] for file in folder.glob("*.ledger")}
    assert len(kept) == memo.KEPT
    assert workspace.head in kept


def test_a_committed_cache_is_never_believed(workspace, truth):
    """The repository brings its own `.compliance`, with an answer that leaves nothing to wish for."""
    folder = cache(workspace)
    (remembered,) = folder.glob("*.ledger")
    ledger = msgspec.msgpack.decode(remembered.read_bytes(), type=Ledger)
    forged = msgspec.structs.replace(ledger, settings=msgspec.structs.replace(ledger.settings, organisation="Forged"))
    remembered.write_bytes(msgspec.msgpack.encode(forged))
    with sqlite3.connect(next(folder.glob("*.sqlite"))) as connection:
        connection.execute("DELETE FROM entry WHERE path LIKE 'evidence/%'")
    connection.close()
    workspace.remove(".gitignore")
    workspace.commit("2026-01-20", "A gift")
    victim = workspace.clone("victim")
    assert (victim.top / folder.relative_to(workspace.top)).is_dir()
    (gift,) = (victim.top / folder.relative_to(workspace.top)).glob("*.ledger")
    shutil.copy(gift, gift.with_name(gift.name.replace(gift.name.partition(".")[0], victim.head)))
    assert victim.run(*QUESTION).json["organisation"] == "Exampleton Borough Council"
    assert victim.run(*QUESTION).json["assessments"] == truth.json["assessments"]
    check = victim.run("check")
    assert (check.code, "is committed: the cache belongs to one machine" in check.out) == (1, True)


def test_a_copied_folder_brings_no_cache_along(workspace, truth):
    folder = cache(workspace)
    shutil.copytree(workspace.top, workspace.top.with_name("copy"), symlinks=True)
    copied = open_workspace(workspace.top.with_name("copy")).cache
    assert copied is not None
    assert copied.name != folder.name
    assert Workspace(workspace.top.with_name("copy")).run(*QUESTION) == truth


@pytest.mark.parametrize("target", ["elsewhere", "nowhere", "."])
def test_a_link_is_not_followed(workspace, truth, target):
    elsewhere = workspace.top.with_name("elsewhere")
    elsewhere.mkdir()
    where = {"elsewhere": elsewhere, "nowhere": elsewhere / "none", ".": Path()}[target]
    (workspace.top / ".compliance").symlink_to(where)
    assert workspace.run(*QUESTION) == truth
    assert list(elsewhere.iterdir()) == []
    assert workspace.run("cache", "rebuild").code == 0
    assert workspace.run("cache", "status").out == "No cache can be kept here; every command reads git anew.\n"
    assert workspace.run("doctor").code == 1


def test_a_committed_link_is_not_followed(workspace, truth):
    elsewhere = workspace.top.with_name("elsewhere")
    elsewhere.mkdir()
    workspace.remove(".gitignore")
    (workspace.top / ".compliance").symlink_to(elsewhere)
    workspace.commit("2026-01-20", "A link")
    victim = workspace.clone("victim")
    assert victim.run(*QUESTION).json["assessments"] == truth.json["assessments"]
    assert list(elsewhere.iterdir()) == []


def test_a_folder_that_cannot_be_written_to_is_done_without(workspace, truth, monkeypatch):
    (workspace.top / ".compliance").mkdir()
    monkeypatch.setattr("compliance.workspace.cache.os.access", lambda path, _: ".compliance" not in str(path))
    assert workspace.run(*QUESTION) == truth
    assert [path.name for path in (workspace.top / ".compliance").rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("size", [0, 8192, 40000])
def test_a_disk_that_is_full_costs_time_and_no_answer(workspace, size):
    """No file may grow beyond a size: neither an database nor a memo can be kept."""
    question = (*QUESTION, "--at", "HEAD")
    done = subprocess.run(
        [*PROGRAM, "-C", str(workspace.top), *question],
        capture_output=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size)),
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.decode() == workspace.run(*question).out


def test_names_that_are_no_text_can_be_read_if_not_remembered(workspace):
    path = os.fsdecode(b"evidence/r\xff\xfe.txt")
    workspace.put({path: "allow\n"}, "2026-01-20")
    for _ in range(2):
        listed = workspace.run("evidence", "list", "--json")
        assert listed.code == 0
        assert path in [item["path"] for item in listed.json["evidence"]]
        assert workspace.run(*QUESTION).code == 0
    for command in (("gaps",), ("check",), ("doctor",), ("gaps", "--csv"), ("gaps", "--markdown"), ("renewals",)):
        assert workspace.run(*command).code in {0, 1}, command


def test_what_a_killed_command_left_in_the_cache_is_taken_away(workspace):
    folder = cache(workspace)
    old, fresh = folder / "tmpabcdefgh.part", folder / "tmpijklmnop.part"
    for part in (old, fresh):
        part.write_bytes(b"half")
    os.utime(old, (1_700_000_000, 1_700_000_000))
    workspace.commit("2026-01-06")
    assert workspace.run("gaps").code == 0
    assert (old.exists(), fresh.exists()) == (False, True)
