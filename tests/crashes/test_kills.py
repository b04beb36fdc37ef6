"""Commands killed anywhere on their way to a commit: nothing recorded is lost, and the next command needs no hand."""

from __future__ import annotations

import itertools
import os
import random
import shutil
from collections import Counter
from pathlib import Path

import msgspec
import pytest

from compliance.gitrepo.process.probe import locate
from compliance.gitrepo.unfinished.marker import read_marker

from ..builders.killing import Nursery, Outcome, Point
from ..builders.workspaces import Workspace
from .operations import NEXT, OPERATIONS, OWN, prepare

KILLS = 1_000 if "SOAK" in os.environ else 100
CALLS = 900
"""Roughly as many calls on the system as an operation makes from the lock on."""
MOVING = 680, 870
"""Roughly those between which the commit is made, the branch moves and git's index follows: half of the kills."""
SHARES = 3
"""So many tests share the kills, so that several processors can."""
LEFT = {"A  notes.txt", " M evidence/README.md", "?? evidence/2026/notes.txt", "?? evidence/logs/2026-01-02.csv"}
"""What git says of the user's own work, and is to say of nothing else."""


class Bench:
    """A workspace that is laid out anew for each kill, and everything that must hold of it."""

    def __init__(self, folder: Path, nursery: Nursery) -> None:
        self.workspace, self.lines = prepare(folder)
        self._nursery = nursery
        self._kept = folder / "kept"
        shutil.copytree(self.workspace.top, self._kept, symlinks=True)
        for name in ("evidence add", "measure import", "standards import"):
            nursery.warm_up(["-C", str(self.workspace.top), *self.lines[name]])

    def lay_out(self) -> None:
        shutil.rmtree(self.workspace.top)
        shutil.copytree(self._kept, self.workspace.top, symlinks=True)

    def run(self, line: list[str], kill: Point | None = None) -> Outcome:
        return self._nursery.run(["-C", str(self.workspace.top), *line], kill)

    def kill(self, name: str, *points: Point) -> list[str]:
        """Kills an operation at a point, and the next commands at the other points; says how far each had come.

        Then the next command runs, and everything must be in order. An operation that is over before the point is laid
        out again and killed earlier, as if its calls began again with the first.
        """
        self.lay_out()
        before, reached = self.workspace.head, []
        for point in points:
            head = self.workspace.head
            outcome = self.run(self.line(name, before), point)
            if outcome.killed:
                reached.append(self._reached(head))
                self.own_work_is_untouched()
            elif not reached:
                return self.kill(name, msgspec.structs.replace(point, at=point.at % outcome.calls + 1), *points[1:])
        recorded = self.workspace.head
        outcome = self.run(self.line(name, before))
        assert outcome.answer["code"] == 0, outcome.answer
        history = self.workspace.git("rev-list", "HEAD").split()
        assert history[history.index(recorded) :] == self.workspace.git("rev-list", recorded).split()
        assert history[0] != recorded
        self.holds()
        return reached

    def line(self, name: str, before: str) -> list[str]:
        """The operation's command, or another once it is recorded: it is as if nothing had been, or it is done."""
        return self.lines[name] if self.workspace.head == before else NEXT.split()

    def _reached(self, before: str) -> str:
        marker = read_marker(locate(self.workspace.top))
        if self.workspace.head != before:
            return "branch moved" if marker else "all done"
        if marker is None:
            return "bytes in git"
        return "commit made" if marker.commit else "files"

    def own_work_is_untouched(self) -> None:
        assert {path: self.workspace.read(path) for path in OWN} == OWN
        assert self.workspace.git("show", ":notes.txt") + "\n" == OWN["notes.txt"]

    def holds(self) -> None:
        """Files and index are as the last commit has them, but for the user's own work; nothing is left behind."""
        self.own_work_is_untouched()
        assert set(self.workspace.git("status", "--porcelain", "-uall").splitlines()) == LEFT
        assert self.workspace.git("fsck", "--strict", "--no-dangling") == ""
        ours = [path.name for path in (self.workspace.top / ".git").iterdir() if path.name.startswith("compliance")]
        assert ours == ["compliance.lock"]
        assert [path.name for path in (self.workspace.top / ".git").rglob("*.lock")] == ours
        assert not list(self.workspace.top.rglob(".compliance-*"))


@pytest.fixture(scope="module")
def nursery():
    """Where commands are started that are to be killed."""
    started = Nursery()
    yield started
    started.close()


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory, nursery: Nursery):
    """One for all kills of a process."""
    os.environ["EDITOR"] = "sed -i s/Weak/Weaker/"
    yield Bench(tmp_path_factory.mktemp("kills"), nursery)
    del os.environ["EDITOR"]


def drawn(draw: random.Random) -> Point:
    """A point at random, half of them where the branch moves; half of them kill the git that runs just then as well."""
    return Point(at=draw.randint(*draw.choice([(1, CALLS), MOVING])), group=draw.random() < 0.5)


@pytest.mark.parametrize("share", range(SHARES))
def test_a_kill_loses_nothing_and_the_next_command_needs_no_hand(share, bench, record_property):
    draw = random.Random(f"kills {share}")
    names = sorted(OPERATIONS)
    landed: Counter[tuple[str, str]] = Counter()
    for number in itertools.count(share, SHARES):
        if landed.total() >= KILLS / SHARES:
            break
        name = names[number % len(names)]
        points = [drawn(draw) for _ in range(draw.choice([1, 2]))]
        try:
            landed.update((name, reached) for reached in bench.kill(name, *points))
        except AssertionError as fault:
            raise AssertionError(f"{name} killed at {points}") from fault
    for (name, reached), count in sorted(landed.items()):
        record_property(f"{name}: {reached}", count)
    assert {reached for _, reached in landed} >= {"bytes in git", "files", "branch moved"}


def test_a_workspace_that_was_killed_in_its_beginning_is_begun_again(nursery, tmp_path):
    draw = random.Random("beginnings")
    reached = Counter()
    for number in range(KILLS // 20):
        top = tmp_path / str(number)
        begin = ["init", "--organisation", "Exampleton", "--scope", "corporate=Corporate", str(top)]
        outcome = nursery.run(begin, drawn(draw))
        reached[outcome.killed, (top / ".git/refs/heads/main").exists()] += 1
        workspace = Workspace(top)
        if not (top / ".git/refs/heads/main").exists():
            assert nursery.run(begin).answer["code"] == 0
        outcome = nursery.run(["-C", str(top), *NEXT.split()])
        assert outcome.answer["code"] == 0, outcome.answer
        assert workspace.git("status", "--porcelain", "-uall") == ""
        assert workspace.git("fsck", "--strict", "--no-dangling") == ""
        assert len(workspace.git("log", "--format=%s").splitlines()) == 2
    assert reached[True, False] > 0
