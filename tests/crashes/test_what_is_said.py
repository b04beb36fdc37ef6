"""What the commands say of a write that was broken off, before the next one puts it right."""

from __future__ import annotations

import os

import pytest

from ..builders.killing import Nursery, Point
from ..builders.workspaces import Workspace

MOVED = Point(function="compliance.gitrepo.unfinished.changing._follow")
PLACED = Point(function="compliance.gitrepo.writing.recording.commit_on_branch")
SAYS = "a write was broken off on its way; compliance check says how far it came, and the next write puts it right"


@pytest.fixture(scope="module")
def nursery():
    """Where processes are started that are to be killed."""
    started = Nursery()
    yield started
    started.close()


@pytest.fixture
def add(workspace: Workspace, nursery: Nursery):
    """Files evidence, and is killed at a point."""
    desk = workspace.top.parent / "scan-2026-01-15.txt"
    desk.write_text("Nothing found.\n")

    def _add(kill: Point) -> None:
        line = ["-C", str(workspace.top), "evidence", "add", str(desk), "-c", "acme:A.1", "-k", "scan", "-r", "pass"]
        assert nursery.run(line, kill).killed

    return _add


@pytest.mark.parametrize("line", ["gaps", "today", "renewals", "plan", "evidence list", "finding list"])
def test_commands_that_read_say_so_in_a_line_and_change_nothing(line, workspace, add):
    add(PLACED)
    before = sorted(path for path in (workspace.top / "evidence").rglob("*"))
    answer = workspace.run(*line.split())
    assert answer.code == 0
    assert answer.err == f"warning: {SAYS}\n"
    assert sorted(path for path in (workspace.top / "evidence").rglob("*")) == before


def test_what_is_recorded_and_may_be_lost_is_an_error(workspace, add):
    add(MOVED)
    commit = workspace.head[:10]
    answer = workspace.run("check")
    assert answer.code == 1
    sentence = f"error: was recorded by {commit}, and git's index lags behind: the next `git commit` would undo it"
    assert answer.out.count(sentence) == 2
    assert "not committed" not in answer.out
    doctor = workspace.run("doctor")
    assert doctor.code == 1
    assert "look  last write" in doctor.out
    assert "The next write brings it up" in doctor.out
    assert workspace.run("action", "add", "Patch", "--due", "2027-01-31").code == 0
    assert workspace.run("check").code == 0
    assert workspace.git("status", "--porcelain") == ""


def test_a_command_of_the_user_s_is_not_told_of_a_write_that_is_under_way(workspace, add):
    from filelock import FileLock

    add(PLACED)
    with FileLock(workspace.top / ".git" / "compliance.lock"):
        assert workspace.run("finding", "list").err == ""


def test_the_doctor_names_locks_that_are_old(workspace):
    for name in ("index.lock", "refs/heads/main.lock"):
        lock = workspace.top / ".git" / name
        lock.touch()
        os.utime(lock, (1_700_000_000, 1_700_000_000))
    answer = workspace.run("doctor")
    assert answer.code == 1
    for name in ("index.lock", "refs/heads/main.lock"):
        assert f"{workspace.top / '.git' / name}: git's lock is" in answer.out
        assert f"delete it: rm {workspace.top / '.git' / name}" in answer.out


def test_a_beginning_that_was_broken_off_is_begun_again(tmp_path, nursery):
    top = tmp_path / "new"
    line = ["init", "--organisation", "Exampleton", "--scope", "corporate=Corporate", str(top)]
    for point in (PLACED, MOVED):
        assert nursery.run(line, point).killed
    workspace = Workspace(top)
    answer = workspace.run("action", "add", "Patch", "--due", "2027-01-31")
    assert answer.code == 0
    assert "nothing is lost" in answer.err
    assert workspace.git("status", "--porcelain") == ""
    assert len(workspace.git("log", "--format=%s").splitlines()) == 2
