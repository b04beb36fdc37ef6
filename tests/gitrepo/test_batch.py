"""Commits held in memory: read as if git had them, and the same in git once they are written."""

from __future__ import annotations

import os
import subprocess
from datetime import datetime, timedelta, timezone
from pathlib import Path

import msgspec
import pytest

from compliance.gitrepo.process.process import Git
from compliance.gitrepo.reading.reading import blobs, entries
from compliance.gitrepo.writing.batch import Batch, Identity
from compliance.gitrepo.writing.creation import initialise
from compliance.gitrepo.writing.readiness import branch, identity
from compliance.problems import Refused

OFFICER = Identity("Ann Öberg", "a.oberg@council.example")
CLERK = Identity("B. Clerk", "b.clerk@council.example")
MOMENT = datetime(2026, 3, 9, 14, 20, tzinfo=timezone(timedelta(hours=1)))


@pytest.fixture
def git(tmp_path: Path) -> Git:
    """A new repository whose commits are a batch."""
    top = tmp_path / "work"
    top.mkdir()
    return Git(msgspec.structs.replace(initialise(top), batch=Batch(top, OFFICER, MOMENT)))


def batch_of(git: Git) -> Batch:
    batch = git.place.batch
    assert batch is not None
    return batch


def plain_git(top: Path, *args: str) -> str:
    done = subprocess.run(["git", *args], cwd=top, capture_output=True, check=True)
    return os.fsdecode(done.stdout).rstrip("\n")


def test_what_was_recorded_is_read_before_git_has_seen_it(git: Git):
    batch = batch_of(git)
    assert batch.commit is None
    commit = batch.record({"a/one.txt": b"one\n", "b.txt": b"two\n"}, "first")
    assert commit == batch.commit == "1".zfill(40)
    listed = list(entries(git, commit))
    assert [(entry.path, entry.mode, entry.size) for entry in listed] == [
        ("a/one.txt", "100644", 4),
        ("b.txt", "100644", 4),
    ]
    assert [data for _, data in blobs(git, [entry.oid for entry in listed])] == [b"one\n", b"two\n"]
    assert [entry.path for entry in entries(git, commit, ["a"])] == ["a/one.txt"]
    assert [entry.path for entry in entries(git, commit, ["b.txt"])] == ["b.txt"]
    assert (git.place.top / "a" / "one.txt").read_bytes() == b"one\n"
    assert (identity(git), branch(git)) == (OFFICER, "refs/heads/main")


def test_git_has_every_commit_with_its_person_and_time_once_they_are_written(git: Git):
    top, batch = git.place.top, batch_of(git)
    odd = 'say "so" \\\nit.txt'
    first = {"evidence/år 1.txt": b"first\r\n", "same.bin": bytes(range(256)), odd: b"x"}
    batch.record(first, "begin\n\nWith a body\n")
    batch.author, batch.moment = CLERK, MOMENT + timedelta(days=1)
    batch.record({"evidence/år 1.txt": b"second\n"}, "change it")
    commit = batch.write(Git(initialise(top)))
    assert plain_git(top, "rev-parse", "refs/heads/main") == commit
    assert plain_git(top, "fsck", "--strict") == ""
    assert plain_git(top, "status", "--porcelain") == ""
    assert plain_git(top, "log", "--format=%an <%ae>|%ai|%cn|%s").splitlines() == [
        "B. Clerk <b.clerk@council.example>|2026-03-10 14:20:00 +0100|B. Clerk|change it",
        "Ann Öberg <a.oberg@council.example>|2026-03-09 14:20:00 +0100|Ann Öberg|begin",
    ]
    assert plain_git(top, "show", "HEAD~1:evidence/år 1.txt") == "first\r"
    listed = plain_git(top, "ls-tree", "-rz", "--name-only", "HEAD").split("\0")[:-1]
    assert sorted(listed) == sorted(first)
    assert plain_git(top, "show", "HEAD:evidence/år 1.txt") == "second"
    assert plain_git(top, "diff", "--name-only", "HEAD~1", "-z").rstrip("\0") == "evidence/år 1.txt"


def test_a_file_is_taken_from_where_it_lies(git: Git, tmp_path_factory: pytest.TempPathFactory):
    source = tmp_path_factory.mktemp("elsewhere") / "minutes.md"
    source.write_bytes(b"# Minutes\n")
    batch = batch_of(git)
    commit = batch.record({"minutes.md": source}, "file it")
    assert [data for _, data in blobs(git, [entry.oid for entry in entries(git, commit)])] == [b"# Minutes\n"]


def test_what_changes_nothing_is_no_commit(git: Git):
    batch = batch_of(git)
    batch.record({"a.txt": b"one\n"}, "first")
    with pytest.raises(Refused, match="there is nothing to commit"):
        batch.record({"a.txt": b"one\n"}, "again")
    assert batch.count == 1


@pytest.mark.parametrize("path", ["../outside.txt", ".git/config", "/absolute.txt"])
def test_a_path_that_may_not_be_written_is_refused_and_nothing_is_recorded(git: Git, path: str):
    batch = batch_of(git)
    with pytest.raises(Refused, match=r"\w"):
        batch.record({path: b"x"}, "no")
    assert (batch.count, list(git.place.top.rglob("*.txt"))) == (0, [])
