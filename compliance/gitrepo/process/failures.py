"""How a git that failed becomes a problem that a person can act on.

What went wrong is told from what can be looked at: exit codes, files, settings. Git's own words are quoted, and nothing
is decided by them: they change from version to version.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from compliance.problems import Location, Refused, printable, reason_of, refuse

MINIMUM = "2.30"

_LOCKS = {"update-ref": ("HEAD.lock", "packed-refs.lock", "refs/**/*.lock"), "update-index": ("index.lock",)}
_WRITING = {"commit-tree", "hash-object", "init", "mktree", "update-index", "update-ref"}
SIGNING = "Check user.signingKey and that your signing program works, or set commit.gpgSign to false."


def quoted(stderr: bytes) -> str:
    """Git's own first line about a failure, as a quotation that is safe to print; empty when it said nothing."""
    lines = [line.strip() for line in stderr.decode("utf-8", "surrogateescape").splitlines() if line.strip()]
    for prefix in ("fatal: ", "error: "):
        for line in lines:
            if line.startswith(prefix):
                return f"git says “{printable(line.removeprefix(prefix))}”"
    return f"git says “{printable(lines[0])}”" if lines else ""


def failure(verb: str, code: int, stderr: bytes, folders: tuple[Path, ...] = (), hint: str = "") -> Refused:
    """The refusal for a git command that failed; `folders` are those in which git keeps the repository's data."""
    lock = next(_locks(verb, folders), None)
    sentence = f"git {verb} failed: {quoted(stderr) or f'it ended with code {code} and no message'}"
    if lock:
        hint = "Another git process seems to be running. Wait for it, or delete the lock file if none is."
        return refuse(sentence, location=Location(str(lock)), hint=hint)
    return refuse(sentence, hint=hint or _hint(verb, folders))


def unreadable_configuration(stderr: bytes) -> Refused:
    """The refusal for settings of git's that it cannot read; only git tells which file and line it is."""
    return refuse(
        f"git's configuration cannot be read: {quoted(stderr)}",
        hint="Correct the file that is named; `git config --list` shows whether git can read it.",
    )


def not_started(reason: OSError | None) -> Refused:
    """The refusal for a git that is not there or cannot be run."""
    if reason is None or isinstance(reason, FileNotFoundError):
        return refuse(
            "git is not installed, or not on the PATH", hint=f"Install git {MINIMUM} or later: https://git-scm.com"
        )
    return refuse(
        f"git could not be started: {reason_of(reason)}", hint="Check that `git version` works in this terminal."
    )


def _locks(verb: str, folders: tuple[Path, ...]) -> Iterator[Path]:
    """The lock files that keep a git command from writing."""
    for folder in dict.fromkeys(folders):
        for pattern in _LOCKS.get(verb, ()):
            yield from sorted(folder.glob(pattern))


def _hint(verb: str, folders: tuple[Path, ...]) -> str:
    """What to do, by what the folders show."""
    if verb in _WRITING:
        for folder in folders:
            if shutil.disk_usage(folder).free == 0:
                return "Free some disk space, then run the command again."
            if not os.access(folder, os.W_OK):
                return "Check who may write to the repository's folder and to the .git folder in it."
    elif any(next(folder.glob("objects/pack/*.promisor"), None) for folder in folders):
        return "This is a partial clone: fetch everything with `git fetch --refetch --filter=tree:0`, or clone anew."
    return "Look at the repository with `git status` and `git fsck`."
