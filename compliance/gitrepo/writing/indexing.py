"""The user's index, brought to what a commit says for some paths; everything else in it is left alone."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import time
from collections.abc import Iterable, Mapping
from pathlib import Path

from compliance.gitrepo.process.probe import RepositoryPlace
from compliance.gitrepo.process.process import Git
from compliance.gitrepo.reading.trees import Item
from compliance.gitrepo.writing.files import sync_folder

COPY = "compliance-index-"
ATTEMPTS = 4
PAUSE = 0.05
_ARGUMENT_BYTES = 60_000  # what any system takes on a command line


def staged(git: Git, paths: Iterable[str]) -> dict[str, str]:
    """What the index has for each path, as `MODE OID`; empty for nothing, and several joined by `,` in a conflict."""
    entries = dict.fromkeys(paths, "")
    if not entries:
        return entries
    fits = sum(len(os.fsencode(path)) + 1 for path in entries) <= _ARGUMENT_BYTES
    for record in git.stream_records("ls-files", "-z", "--stage", "--", *(entries if fits else ())):
        facts, _, name = record.partition(b"\t")
        mode, oid, _ = facts.decode().split()
        path = os.fsdecode(name)
        if path in entries:
            entries[path] = ",".join(filter(None, (entries[path], f"{mode} {oid}")))
    return entries


def entry_of(item: Item | None) -> str:
    """What the index has for a path that is as in a commit."""
    return f"{item.mode.decode()} {item.oid}" if item else ""


def index_lock(place: RepositoryPlace) -> Path:
    """The file by which git keeps others from the index; whoever makes it may write."""
    return place.git_dir / "index.lock"


def bring_index(git: Git, commit: str, items: Mapping[str, Item | None], marker: Path | None = None) -> bool:
    """Let the index say what a commit has for these paths (None: nothing), and say whether it could be written.

    Git's own lock is held meanwhile. It is another name of the marker's file, where there is a marker: should it stay
    because this process is killed, that tells whose it was. Raises OSError where the disk does not take it.
    """
    if not items:
        return True
    index, lock = git.place.git_dir / "index", index_lock(git.place)
    for attempt in range(ATTEMPTS):
        if _locked(lock, marker):
            break
        time.sleep(PAUSE * attempt)
    else:
        return False
    copy = index.with_name(f"{COPY}{secrets.token_hex(8)}")
    try:
        with contextlib.suppress(FileNotFoundError):
            shutil.copy2(index, copy)  # with its time, by which git tells what may have changed since
        nothing = "0" * len(commit)
        lines = b"".join(_line(path, entry_of(item) or f"0 {nothing}") for path, item in items.items())
        code, _, _ = git.run_status(
            "update-index", "-z", "--index-info", stdin=lines, env={"GIT_INDEX_FILE": str(copy)}
        )
        if code:
            return False
        copy.replace(index)
        sync_folder(index.parent)
    finally:
        copy.unlink(missing_ok=True)
        lock.unlink(missing_ok=True)
    return True


def _line(path: str, entry: str) -> bytes:
    return entry.encode() + b"\t" + os.fsencode(path) + b"\0"


def _locked(lock: Path, marker: Path | None) -> bool:
    """Whether the lock could be made: it was not there."""
    try:
        if marker:
            with contextlib.suppress(OSError):  # a disk without such names; FileExistsError comes again below
                os.link(marker, lock)
                return True
        lock.touch(exist_ok=False)
    except FileExistsError:
        return False
    return True
