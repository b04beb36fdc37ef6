"""The promise that everything rests on: an answer depends on the commit, never on what was asked before it."""

from __future__ import annotations

import random
import shutil
import tempfile
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from compliance.domain.ledger.ledger import Ledger
from compliance.ledger.opening import open_ledger, open_workspace
from compliance.problems import Problem, Refused

from ..builders.running import Answer
from ..builders.workspaces import Workspace
from .story import STEPS, Story

QUESTIONS = (
    ("gaps", "--json", "--on", "2026-03-01"),
    ("renewals", "--json", "--on", "2026-03-01", "--within", "2y"),
    ("evidence", "list", "--json"),
)
steps = st.lists(st.tuples(st.sampled_from(list(STEPS)), st.integers(0, 11), st.booleans()), min_size=1, max_size=10)


@pytest.fixture
def drawn(monkeypatch):
    """Ids are drawn in the same order every time, so that a failure can be repeated."""

    def again():
        generator = random.Random(1)
        monkeypatch.setattr("compliance.operations.evidence.naming.secrets.randbits", generator.getrandbits)

    return again


def said(workspace: Workspace, cached: bool = True) -> Ledger | tuple[Problem, ...]:
    """What the last commit says, or why it cannot be read."""
    opened = open_workspace(workspace.top)
    try:
        return open_ledger(opened if cached else msgspec.structs.replace(opened, cache=None))
    except Refused as refusal:
        return refusal.problems


def answers(workspace: Workspace, *at: str) -> list[Answer]:
    return [workspace.run(*question, *at) for question in QUESTIONS]


@settings(
    max_examples=max(1, settings().max_examples // 6),  # each a history of commits, asked in four ways
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(told=steps, chosen=st.integers(0, 100))
def test_every_history_is_answered_the_same_from_index_rebuild_clone_and_git_alone(told, chosen, today, drawn):
    drawn()
    folder = Path(tempfile.mkdtemp())
    try:
        story = Story(folder / "work")
        workspace = story.workspace
        for step, number, asked in told:
            story.tell(step, number)
            if asked:
                assert said(workspace) == said(workspace, cached=False), step
        refreshed = answers(workspace)
        assert said(workspace) == said(workspace, cached=False)
        workspace.run("cache", "rebuild")
        assert answers(workspace) == refreshed, "rebuilt"
        clone = workspace.clone("clone")
        assert answers(clone) == refreshed, "cloned"
        shutil.rmtree(clone.top / ".compliance", ignore_errors=True)
        (clone.top / ".compliance").write_text("no folder")
        assert answers(clone) == refreshed, "without a cache"
        commits = workspace.git("rev-list", "HEAD").split()
        commit = commits[chosen % len(commits)]
        then = answers(workspace, "--at", commit)
        clone.git("checkout", "-q", "--detach", commit)
        assert answers(clone, "--at", "HEAD") == then, "at a commit"
    finally:
        shutil.rmtree(folder)
