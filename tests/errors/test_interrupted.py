"""Ctrl-C, a full disk and a git that cannot write, at every step of a command: all of it is done, or none."""

from __future__ import annotations

import errno
import os
import random
import resource
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from compliance.domain.terms.layout import CACHE

from ..builders.running import Answer
from ..builders.workspaces import Workspace

ADD = ["evidence", "add", "../desk/scan.txt", "-c", "town:T1.1", "-k", "scan", "-r", "pass", "-d", "2023-12-31"]
COMMANDS = {
    "add": ADD,
    "event": ["accreditation", "event", "town", "surveillance", "--on", "2024-09-01"],
    "map": ["evidence", "map", "logs/**", "-c", "town:T1.1", "-k", "scan", "--date", "name", "--write"],
    "use": ["standards", "use", "psn-coco"],
}
TOUCHING = (
    "compliance.operations.committing",
    "compliance.gitrepo.unfinished",
    "compliance.gitrepo.writing.files",
    "compliance.gitrepo.writing.indexing",
    "compliance.gitrepo.writing.recording",
    "compliance.gitrepo.writing.replacing",
)
"""The modules that touch files and branches; the rest of a command only reads, or speaks to git."""
WRITING = {"open", "write", "flush", "fsync", "link", "mkdir", "rename", "replace", "chmod"}
"""What the system may refuse for want of space, by the names that Python calls it by."""
WRITERS = ("compliance.", "pathlib", "tempfile", "filelock")


def functions(frame, event: str, _argument: object, more: tuple[str, ...] = ("compliance.operations.",)) -> str | None:
    """Every function on the way to a commit, as it is called and as it returns."""
    module = frame.f_globals.get("__name__", "")
    if event in {"call", "return"} and module.startswith(TOUCHING + more) and not frame.f_code.co_name.startswith("<"):
        return f"{event} {module}.{frame.f_code.co_qualname}"
    return None


def touching(frame, event: str, argument: object) -> str | None:
    """Those of them that touch files and branches, as they return: what they do is done then."""
    return functions(frame, event, argument, ()) if event == "return" else None


def writes(frame, event: str, argument: object) -> str | None:
    """Every place that calls on the system to write."""
    module = frame.f_globals.get("__name__", "")
    name = getattr(argument, "__name__", "")
    if event == "c_call" and name in WRITING and module.startswith(WRITERS) and not module.startswith("compliance.cli"):
        return f"{name} in {module}.{frame.f_code.co_qualname}:{frame.f_lineno}"
    return None


class Steps:
    """Counts a command's steps, each where it is first taken, and fails it at one of them."""

    def __init__(self, chosen, error: BaseException | None = None, at: int = -1) -> None:
        self.names: list[str] = []
        self._chosen, self._error, self._at = chosen, error, at

    def __enter__(self) -> Steps:
        sys.setprofile(self._step)
        return self

    def __exit__(self, *_: object) -> None:
        sys.setprofile(None)

    def _step(self, frame, event: str, argument: object) -> None:
        if event not in {"call", "return", "c_call"}:
            return
        name = self._chosen(frame, event, argument)
        if name is None or name in self.names:
            return
        self.names.append(name)
        if len(self.names) - 1 == self._at and self._error:
            sys.setprofile(None)
            raise self._error


class Trial:
    """A workspace that is put back before each attempt, with or without the cache that the one before has made."""

    def __init__(self, bench, keeps_cache: bool = False) -> None:
        self._keeps_cache = keeps_cache
        self.bench = bench
        (bench.desk / "scan.txt").write_text("Nothing found.\n" * 200)
        self._kept = bench.folder / "kept"
        shutil.copytree(bench.top, self._kept, symlinks=True)
        self.workspace = Workspace(bench.top)

    def run(self, arguments: list[str], steps: Steps) -> tuple[Answer, str]:
        """Runs the command, and says what is wrong with what it left behind; nothing, if all or none was done."""
        if self._keeps_cache:
            # The folder of git's stays the same one: the cache belongs to it, and would not be believed in another.
            _empty(self.bench.top, {".git", CACHE})
            _empty(self.bench.top / ".git", set())
        else:
            _empty(self.bench.top, set())
        shutil.copytree(self._kept, self.bench.top, symlinks=True, dirs_exist_ok=True)
        before, head = self.bench.lies(), self.workspace.head
        with steps:
            outcome = self.bench.run(arguments)
        return outcome, self.left(before, head)

    def left(self, before, head: str) -> str:
        state = self.workspace.git("--no-optional-locks", "status", "--porcelain")
        if self.workspace.head != head:
            return f"committed, and then: {state}" if state else ""
        after = self.bench.lies()
        changed = [path for path in before.keys() | after.keys() if before.get(path) != after.get(path)]
        return f"left behind: {sorted(changed)}" if changed else ""


def _empty(folder: Path, but: set[str]) -> None:
    """Removes what lies in a folder, but for what is named."""
    for path in folder.iterdir():
        if path.name not in but:
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()


def failed_at_each(bench, arguments: list[str], chosen, error: BaseException, code: int) -> dict[str, str]:
    """What is wrong after a failure at each step, by step."""
    trial = Trial(bench, keeps_cache=chosen is not writes)  # which is written, too
    trial.run(arguments, Steps(chosen))  # imports what is imported once
    whole = Steps(chosen)
    outcome, wrong = trial.run(arguments, whole)
    assert (outcome.code, wrong) == (0, ""), outcome
    assert len(whole.names) >= 10
    found = {}
    for at in range(len(whole.names)):
        steps = Steps(chosen, error, at)
        outcome, wrong = trial.run(arguments, steps)
        met = outcome.code == code and "Traceback" not in outcome.err
        if wrong or not (met or outcome.code == 0):
            found[f"{at} {steps.names[-1] if steps.names else ''}"] = wrong or f"{outcome}"
    return found


# What is cut off where no program expects it may leave a pipe for Python to close.
cut_off = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")


@cut_off
@pytest.mark.parametrize("command", COMMANDS)
def test_ctrl_c_leaves_all_or_nothing(command, bench):
    chosen = functions if command == "add" else touching
    assert failed_at_each(bench, COMMANDS[command], chosen, KeyboardInterrupt(), 130) == {}


@cut_off
@pytest.mark.parametrize("command", ["add", "event"])
def test_a_full_disk_leaves_all_or_nothing(command, bench):
    error = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    assert failed_at_each(bench, COMMANDS[command], writes, error, 2) == {}


@pytest.mark.parametrize("largest", [0, 10, 60, 200, 1_000, 2_000, 5_000, 50_000])
def test_a_disk_that_takes_no_more_leaves_all_or_nothing(largest, bench):
    trial = Trial(bench)
    (bench.desk / "scan.txt").write_bytes(random.Random(7).randbytes(3_000).hex().encode())
    before, head = bench.lies(), trial.workspace.head
    program = [sys.executable, "-c", "from compliance.cli.main import main; main()"]
    limit = (largest, largest)
    # Python itself would leave compiled modules cut short, which nobody could import afterwards.
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    completed = subprocess.run(
        [*program, *ADD],
        capture_output=True,
        check=False,
        env=environment,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, limit),
    )
    said = completed.stderr.decode()
    assert trial.left(before, head) == "", said
    assert "Traceback" not in said
    assert completed.returncode in {0, 2}, said
    assert (completed.returncode == 0) == (trial.workspace.head != head)
    if completed.returncode:
        assert "error: " in said
        assert "hint: " in said
