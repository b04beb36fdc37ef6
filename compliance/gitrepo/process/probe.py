"""Where the repository is and which commit it stands on: the one question that every command asks first."""

from __future__ import annotations

import os
import shlex
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from compliance.gitrepo.process.failures import MINIMUM, not_started, quoted, unreadable_configuration
from compliance.gitrepo.process.hardening import OPTIONS, child_environment
from compliance.problems import Location, Refused, refuse

if TYPE_CHECKING:
    from compliance.gitrepo.writing.batch import Batch

_ABSOLUTE = "--path-format=absolute"  # git before 2.31 does not know it, and repeats it
_QUESTIONS = (
    "rev-parse",
    _ABSOLUTE,
    "--is-bare-repository",
    "--is-shallow-repository",
    "--absolute-git-dir",
    "--git-common-dir",
    "--show-toplevel",
    "--quiet",
    "--verify",
    "HEAD^{commit}",
)


class RepositoryPlace(msgspec.Struct, frozen=True):
    """A repository with a working tree: its top folder, where git keeps its data, and the commit it stands on.

    `commit` is None on a branch without a commit; `common_dir` differs from `git_dir` in a linked worktree. With a
    `batch`, what is read and recorded is the batch's, and git hears of it when the batch is written.
    """

    top: Path
    git_dir: Path
    common_dir: Path
    commit: str | None
    shallow: bool
    batch: Batch | None = None

    @property
    def marker(self) -> Path:
        """The file that a write leaves in git's own folder before it touches another, until everything has followed."""
        return self.git_dir / "compliance.unfinished"

    @property
    def is_unfinished(self) -> bool:
        """Whether a write has begun and not ended, just now or some time ago: one look at the disk."""
        return not self.batch and os.path.lexists(self.marker)


def locate(start: Path) -> RepositoryPlace:
    """The repository that a folder belongs to.

    Refused: no git or one that is too old, no repository, a bare one, one that another user owns, and one whose
    configuration says that its working tree lies elsewhere.
    """
    if not start.is_dir():
        raise refuse(f"{start} is not a folder", hint="Name the folder of a workspace.")
    code, out, err = git_in(start, *_QUESTIONS)
    lines = os.fsdecode(out).split("\n")[:-1]
    if lines and lines[0] == _ABSOLUTE:
        _check_version(start)
    else:
        lines.insert(0, _ABSOLUTE)
    if len(lines) == 6 and code == 1:
        lines.append("")
    if code > 1:
        raise _unusable(start, lines, err)
    if len(lines) != 7:
        raise refuse("the path of this repository has a line break in it", hint="Rename the folder.")
    git_dir, common, top, commit = lines[3:]
    place = RepositoryPlace(
        top=Path(top),
        git_dir=Path(git_dir),
        common_dir=Path(os.path.normpath(start / common)),
        commit=commit or None,
        shallow=lines[2] == "true",
    )
    if not _belongs(place):
        raise refuse(
            f"the configuration of {git_dir} says that its working tree is {top}, which does not belong to it",
            hint="Inspect the setting core.worktree; `git config --unset core.worktree` removes it.",
        )
    return place


def git_in(folder: Path, *args: str) -> tuple[int, bytes, bytes]:
    """The exit code, the answer and the complaints of git in a folder that need be no repository yet.

    Raises Refused where there is no git to run.
    """
    try:
        outcome = subprocess.run(  # noqa: S603 - constant arguments, no shell
            ["git", *OPTIONS, *args],  # noqa: S607 - the git on the user's own PATH is the one meant
            cwd=folder,
            env=child_environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
    except OSError as reason:
        raise not_started(reason) from None
    return outcome.returncode, outcome.stdout, outcome.stderr


def _check_version(start: Path) -> None:
    version = os.fsdecode(git_in(start, "version")[1]).removeprefix("git version").strip()
    numbers = [int(part) for part in version.split(".")[:2] if part.isdecimal()]
    if numbers < [int(part) for part in MINIMUM.split(".")]:
        raise refuse(f"git {version} is too old", hint=f"Install git {MINIMUM} or later: https://git-scm.com")


def _unusable(start: Path, lines: list[str], err: bytes) -> Refused:
    """Why git does not answer for a folder, as far as the folders above it show that."""
    folder = Path(os.path.realpath(start))
    above = (folder, *folder.parents)
    if ".git" in folder.parts:
        return refuse("this is git's own folder, not a workspace", hint="Change to the folder above it.")
    if lines[1:2] == ["true"] or any(_is_bare(folder) for folder in above):
        return refuse(
            "this is a bare git repository: it has no files to work on",
            hint="Clone it, and work in the clone.",
        )
    top = next((folder for folder in above if os.path.lexists(folder / ".git")), None)
    if top is None:
        return refuse(
            f"{start} is not in a git repository",
            hint="Change to a workspace, or make one here: `git init`, then `compliance init`.",
        )
    if _is_foreign(top):
        trust = f"git config --global --add safe.directory {shlex.quote(str(top))}"
        return refuse(
            "this repository belongs to another user, whose settings could run programs in your name",
            location=Location(str(top)),
            hint=f"Take ownership of the folder, or trust it: {trust}",
        )
    code, _, complaints = git_in(start, "config", "--list")
    if code:
        return unreadable_configuration(complaints)
    return refuse(
        f"git cannot read this repository: {quoted(err)}",
        location=Location(str(top / ".git")),
        hint="It is damaged, or of a newer kind: look at it with `git status`, or clone it anew.",
    )


def _is_bare(folder: Path) -> bool:
    return (folder / "HEAD").is_file() and (folder / "objects").is_dir() and (folder / "refs").is_dir()


def _is_foreign(top: Path) -> bool:
    """Whether a repository is another user's, which git does not read unless it is told to."""
    if not hasattr(os, "geteuid"):
        return False
    trusted = os.fsdecode(git_in(top, "config", "--get-all", "safe.directory")[1]).splitlines()
    if {"*", str(top)} & set(trusted):
        return False
    return any(path.lstat().st_uid != os.geteuid() for path in (top, top / ".git"))


def _belongs(place: RepositoryPlace) -> bool:
    """Whether the `.git` in the top folder is, or names, the folder that git took its configuration from."""
    link = place.top / ".git"
    if link.is_file():
        target = os.fsdecode(link.read_bytes()).removeprefix("gitdir:").strip("\n\r ")
        link = place.top / target
    return os.path.realpath(link) == os.path.realpath(place.git_dir)
