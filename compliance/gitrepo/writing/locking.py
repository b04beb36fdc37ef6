"""The lock of those that write: one at a time in a repository, with all of its working trees."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from compliance.gitrepo.process.probe import RepositoryPlace
from compliance.problems import Location, reason_of, refuse

LOCK_SECONDS = 60.0


def lock_file(place: RepositoryPlace) -> Path:
    """The file that is locked; that it is there says nothing."""
    return place.common_dir / "compliance.lock"


@contextlib.contextmanager
def write_lock(place: RepositoryPlace) -> Iterator[None]:
    """Hold the lock, which the system frees when this process ends, however it ends.

    Refused: a lock that another process holds for too long, and one that cannot be taken.
    """
    from filelock import FileLock, Timeout

    file = lock_file(place)
    lock = FileLock(file, timeout=LOCK_SECONDS)
    try:
        lock.acquire()
    except Timeout:
        raise refuse(
            "another compliance command is writing to this repository",
            location=Location(str(file)),
            hint="Wait until it has ended, and run this one again; if it hangs, end it, which frees the lock.",
        ) from None
    except OSError as reason:
        raise refuse(
            f"the lock cannot be taken: {reason_of(reason)}",
            location=Location(str(file)),
            hint="Check who may write to the .git folder, and that this is an ordinary file or not there.",
        ) from None
    try:
        yield
    finally:
        lock.release()


def is_writing(place: RepositoryPlace) -> bool:
    """Whether a command is writing to this repository now, as far as this user may find out."""
    from filelock import FileLock, Timeout

    lock = FileLock(lock_file(place), timeout=0)
    try:
        lock.acquire()
    except Timeout:
        return True
    except OSError:
        return False
    lock.release()
    return False
