"""What `--at` and `--on` tell of the past beside what was told then: the commit checked out, the clock set back."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from ..builders.workspaces import Workspace
from .comparing import today_is
from .drawing import KNOWN, draw
from .writing import write_workspace

DAYS = [KNOWN - timedelta(days=back) for back in (500, 260, 120, 30)]
"""The days of the commits."""


def grown(top: Path, seed: int) -> Workspace:
    """A workspace that grew: of what is on file, each commit has what was dated by its day."""
    drawing = draw(seed, 12)
    first = replace(drawing, tables={name: replace(table, papers=()) for name, table in drawing.tables.items()})
    workspace = write_workspace(top, first)
    workspace.git("commit", "-q", "--amend", "--no-edit", "--date", f"{DAYS[0]}T08:00:00Z", when=str(DAYS[0]))
    everything = write_workspace(top.parent / f"{top.name}-whole", drawing).top
    written = set(workspace.top.rglob("*.evidence.yaml"))
    for day in DAYS:
        for table in drawing.tables.values():
            for paper in table.papers:
                name = f"evidence/papers/p.{paper.id[2:]}.evidence.yaml"
                if (paper.date or paper.recorded) <= day and workspace.top / name not in written:
                    written.add(workspace.write(name, (everything / name).read_bytes()))
        workspace.git("add", "-A")
        workspace.git("commit", "-q", "--allow-empty", "-m", f"As of {day}", when=str(day))
    return workspace


def answers(workspace: Workspace, *options: str) -> Any:
    answer = workspace.run("gaps", "--json", *options)
    assert answer.code == 0, answer.err
    return answer.json["assessments"]


@pytest.mark.parametrize("seed", [1, 5])
def test_a_commit_is_judged_as_it_was_on_its_day(seed: int, tmp_path: Path) -> None:
    workspace = grown(tmp_path / "work", seed)
    later = str(KNOWN + timedelta(days=40))
    told = []
    for number, day in enumerate(reversed(DAYS)):
        commit = workspace.git("rev-parse", f"HEAD~{number}")
        with today_is(KNOWN):
            past = answers(workspace, "--at", commit)
            ahead = answers(workspace, "--at", commit, "--on", later)
            between = day + timedelta(days=15)
            on_day = answers(workspace, "--at", str(between))
        workspace.git("checkout", "-q", commit)
        with today_is(day):
            assert answers(workspace) == past
            assert answers(workspace, "--on", later) == ahead
        with today_is(between):
            assert answers(workspace) == on_day
        workspace.git("checkout", "-q", "main")
        told.append(past)
    assert all(earlier != later for earlier, later in itertools.pairwise(told))
