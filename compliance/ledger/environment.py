"""What `doctor` reports: the program, the libraries, git and the workspace, and whether each is fit for use."""

from __future__ import annotations

import importlib.metadata
import platform
import sys

import msgspec

from compliance import __version__
from compliance.domain.ledger.ledger import Ledger
from compliance.gitrepo.process.process import Git
from compliance.gitrepo.writing.readiness import identity, old_locks, writable
from compliance.ledger.inspection.uncommitted import uncommitted_evidence, unfinished_write
from compliance.ledger.opening import Workspace
from compliance.problems import Problem, Refused, counted
from compliance.store.cache import Unusable, refreshing
from compliance.workspace.edition import edition

FLOORS = {
    "click": (8, 4),
    "gitpython": (3, 1, 60),
    "jinja2": (3, 1, 6),
    "filelock": (3, 20, 3),
    "sqlalchemy": (2, 0, 31),
    "msgspec": (0, 19),
    "pyyaml": (6, 0, 2),
}
"""Below these versions a library has a known vulnerability, or lacks a function that is used here."""


class Observation(msgspec.Struct, frozen=True):
    """One line of the doctor's report."""

    topic: str
    says: str
    well: bool = True
    hint: str = ""


def libraries() -> list[Observation]:
    """The program, the interpreter and the libraries with their versions."""
    observations = [
        Observation("compliance", __version__),
        Observation("Python", f"{platform.python_version()} ({sys.platform})", sys.version_info >= (3, 11)),
    ]
    for name, floor in FLOORS.items():
        try:
            version = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            observations.append(Observation(name, "not installed", False, f"pip install {name}"))
            continue
        numbers = tuple(int(part) for part in version.split(".")[:3] if part.isdigit())
        wanted = ".".join(str(number) for number in floor)
        observations.append(
            Observation(
                name, version, numbers >= floor, "" if numbers >= floor else f"install {name} {wanted} or later"
            )
        )
    return observations


def surroundings(workspace: Workspace, ledger: Ledger | None) -> list[Observation]:
    """Git, who commits, the clone's depth, the cache, and work that is not committed."""
    git = Git(workspace.place)
    observations = [Observation("git", git.run("version").decode().strip().removeprefix("git version "))]
    try:
        observations.append(Observation("identity", str(identity(git))))
        writable(git)
        observations.append(Observation("branch", "ready for commits"))
    except Refused as refusal:
        observations += [Observation("commits", problem.sentence, False, problem.hint) for problem in refusal.problems]
    shallow = workspace.place.shallow
    hint = "fetch it all with: git fetch --unshallow" if shallow else ""
    observations.append(
        Observation(
            "history",
            "shallow: dates from history are unknown, --at is refused" if shallow else "complete",
            not shallow,
            hint,
        )
    )
    observations.append(_cache(workspace))
    observations += [_of(problem) for problem in (*unfinished_write(git), *old_locks(git))]
    if ledger:
        open_work = uncommitted_evidence(git, ledger.settings.roots)
        observations.append(_uncommitted(open_work))
    return observations


def _cache(workspace: Workspace) -> Observation:
    if workspace.cache is None:
        return Observation(
            "cache", "cannot be kept here: every command reads git anew", False, "make .compliance a writable folder"
        )
    try:
        with refreshing(workspace.cache, edition(workspace.cache)) as cache:
            reached = cache.state("commit")
    except Unusable as damage:
        return Observation("cache", damage.problems[0].sentence, False, damage.problems[0].hint)
    return Observation(
        "cache",
        "up to date"
        if reached == workspace.commit
        else f"at {reached or 'nothing yet'}; the next command refreshes it",
    )


def _of(problem: Problem) -> Observation:
    where = f"{problem.location}: " if problem.location else ""
    return Observation("last write", f"{where}{problem.sentence}", False, problem.hint)


def _uncommitted(problems: list[Problem]) -> Observation:
    if not problems:
        return Observation("working tree", "everything is committed")
    count = len(problems)
    return Observation(
        "working tree",
        f"{counted(count, 'path')} not committed: they do not count",
        False,
        "see them with: compliance check",
    )
