"""The workspaces that benchmarks run on: the same everywhere, and without errors."""

from __future__ import annotations

from pathlib import Path

from benchmarks.workspaces import build

from ..builders.workspaces import Workspace


def test_two_workspaces_of_one_size_are_the_same_commit(tmp_path: Path) -> None:
    build(tmp_path / "a", 40, commits=3)
    build(tmp_path / "b", 40, commits=3, checkout=False)
    assert Workspace(tmp_path / "a").head == Workspace(tmp_path / "b").head
    assert Workspace(tmp_path / "a").git("rev-list", "--count", "HEAD") == "4"


def test_every_piece_is_evidence_and_nothing_is_an_error(tmp_path: Path) -> None:
    build(tmp_path / "work", 60, ruled=0.5)
    workspace = Workspace(tmp_path / "work")
    assert workspace.git("status", "--porcelain") == ""
    assert len(workspace.ledger.evidence) == 60
    assert len(list((workspace.top / "evidence" / "ruled").rglob("*.txt"))) == 30
    checked = workspace.run("check")
    assert (checked.code, checked.out.splitlines()[-1].split(",")[0]) == (0, "0 errors"), checked
