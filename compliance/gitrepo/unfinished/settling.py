"""A write that was broken off, put right: forward when its commit is on the branch, and back when it is not."""

from __future__ import annotations

import contextlib
import time
from pathlib import Path

import msgspec

from compliance.gitrepo.process.process import Git
from compliance.gitrepo.reading.reading import blobs
from compliance.gitrepo.unfinished.accounts import behind_note, put_right_notes
from compliance.gitrepo.unfinished.comparing import Progress, compared, lying
from compliance.gitrepo.unfinished.marker import (
    Marker,
    PlannedFile,
    read_marker,
    remove_marker,
    write_marker,
)
from compliance.gitrepo.writing.files import place, sync_folder
from compliance.gitrepo.writing.indexing import bring_index, index_lock, staged
from compliance.gitrepo.writing.locking import write_lock
from compliance.gitrepo.writing.readiness import branch
from compliance.gitrepo.writing.replacing import overwrite
from compliance.gitrepo.writing.sweeping import sweep_folders
from compliance.problems import Location, Problem, Refused, Severity, reason_of

PATIENCE = 1.0
"""Seconds for which a git that outlived its command may hold a branch's lock; it needs some thousandths of one."""


def settle_if_unfinished(git: Git) -> tuple[Problem, ...]:
    """Put right what a command left that was broken off, if there is any, and say what was done.

    Refused: what `branch` refuses, a lock that another command holds for too long, and what cannot be put right.
    """
    if not git.place.is_unfinished:
        return ()
    with write_lock(git.place):
        return settle(git)


def settle(git: Git) -> tuple[Problem, ...]:
    """The same for one who holds the lock."""
    marker = read_marker(git.place)
    if marker is None:
        return ()
    branch(git)
    try:
        _unlock(git, marker)
        progress = compared(git, marker)
        follows = put_right(git, progress)
    except Refused as refusal:
        raise refusal.joined_by([_stays(git)]) from None
    except OSError as reason:
        broken = Problem(f"the disk does not take it: {reason_of(reason)}", hint="Check who may write there.")
        raise Refused([broken, _stays(git)]) from None
    notes = put_right_notes(progress)
    return notes if follows else (*notes, behind_note(git.place, progress.index_behind))


def put_right(git: Git, progress: Progress) -> bool:
    """Bring files and index to where they belong, and take the marker away; says whether the index could be written.

    A file that holds anything but what this write put there, or found there, is left as it is. Raises Refused or
    OSError where the disk does not let it: the marker stays, and the next write tries again.
    """
    top, marker = git.place.top, progress.marker
    sweep_folders(top, marker.paths)
    for file in reversed(progress.behind):
        _bring(git, file, file.after if progress.recorded else file.before)
    if not progress.recorded and not progress.undone:
        for folder in sorted(marker.folders, key=len, reverse=True):
            with contextlib.suppress(OSError):  # something else has come to lie in it, or it never came to be
                (top / folder).rmdir()
    items = {path: progress.head[path] for path in progress.index_behind}
    commit = marker.commit or marker.base or ""
    if bring_index(git, commit, items, git.place.marker):
        remove_marker(git.place)
        return True
    keep_pending(git, marker, tuple(items))
    return False


def keep_pending(git: Git, marker: Marker, paths: tuple[str, ...]) -> None:
    """Leave a marker for git's index alone, which the next write brings up for these paths. Raises OSError."""
    pending = {**marker.pending, **staged(git, paths)}
    write_marker(git.place, msgspec.structs.replace(marker, files=(), folders=(), pending=pending))


def _bring(git: Git, file: PlannedFile, oid: str | None) -> None:
    """Let a path hold the bytes of a blob, or nothing."""
    top = git.place.top
    target = top / file.path
    if oid is None:
        target.unlink(missing_ok=True)
        sync_folder(target.parent)
        return
    ((_, contents),) = blobs(git, [oid])
    if lying(top, file) is None:
        place(top, file.path, contents)
    else:
        overwrite(top, file.path, contents)


def _unlock(git: Git, marker: Marker) -> None:
    """Take away git's locks that a killed command of ours left: no other will.

    That of the index is another name of the marker's file. Those of the branch hold the commit's id or nothing yet; git
    holds them for a moment only, and so they are looked at again after a second.
    """
    lock = index_lock(git.place)
    with contextlib.suppress(FileNotFoundError):
        if lock.samefile(git.place.marker):
            lock.unlink()
    if marker.commit is None:
        return
    locks = (git.place.common_dir / f"{marker.branch}.lock", git.place.git_dir / "HEAD.lock")
    end = time.monotonic() + PATIENCE
    while any(file.exists() for file in locks) and time.monotonic() < end:
        time.sleep(PATIENCE / 20)
    for file in locks:
        with contextlib.suppress(FileNotFoundError):
            if _is_ours(git, file, marker.commit):
                file.unlink()


def _is_ours(git: Git, lock: Path, commit: str) -> bool:
    """Whether a lock of git's was made after the marker, for its commit."""
    since = git.place.marker.stat().st_mtime_ns
    return lock.stat().st_mtime_ns >= since and lock.read_bytes().strip() in {b"", commit.encode()}


def _stays(git: Git) -> Problem:
    return Problem(
        "a write that was broken off could not be put right",
        Location(str(git.place.marker)),
        hint="See what it is with: compliance check. When the cause is mended, run this command again.",
        severity=Severity.WARNING,
    )
