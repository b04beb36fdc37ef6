"""How far a write came that was broken off: what git, its index and the working tree say. Nothing is changed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import msgspec

from compliance.gitrepo.process.process import Git
from compliance.gitrepo.reading.blob_ids import blob_id
from compliance.gitrepo.reading.trees import Item, Trees
from compliance.gitrepo.unfinished.marker import Marker, PlannedFile, read_marker
from compliance.gitrepo.writing.indexing import entry_of, staged
from compliance.gitrepo.writing.readiness import tip


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """Where such a write stands, and what is left to do.

    `recorded`: its commit is in the branch's history, so that it goes forward; otherwise it goes back. `head` is what
    the last commit has for its paths. `behind` are files that still have the bytes from before (going forward) or
    those that the write put there (going back), `index_behind` what git's index says as it did before. `own` are files
    that hold something else: somebody's work since. `taken_out` was recorded, and a later commit has it no more.
    """

    marker: Marker
    recorded: bool
    head: Mapping[str, Item | None]
    behind: tuple[PlannedFile, ...] = ()
    index_behind: tuple[str, ...] = ()
    own: tuple[str, ...] = ()
    taken_out: tuple[str, ...] = ()

    @property
    def was_undone(self) -> bool:
        """Whether it was recorded, and somebody has taken the commit off the branch since: then nothing is touched."""
        return bool(self.marker.files) and self.marker.recorded and not self.recorded


def progress_of_unfinished(git: Git) -> Progress | None:
    """How far the write came that has not ended; None where there is none. Refused: a marker that cannot be read."""
    marker = read_marker(git.place)
    return compared(git, marker) if marker else None


def compared(git: Git, marker: Marker) -> Progress:
    """How far the write of a marker came."""
    recorded = marker.commit is not None and _holds(git, tip(git, marker.branch), marker.commit)
    with git.converse("cat-file", "--batch") as talk:
        trees = Trees(talk)
        paths = (*marker.paths, *marker.pending)
        head = trees.at(tip(git, "HEAD"), paths)
        parent = trees.at(tip(git, f"{marker.commit}^"), marker.paths) if recorded else {}
    if not recorded:
        return _back(git, marker, head)
    return _forward(git, marker, head, {path: entry_of(item) for path, item in parent.items()})


def lying(top: Path, file: PlannedFile) -> str | None:
    """The oid of what lies at a path; None for nothing, and an empty one for what is no regular file or unreadable."""
    target = top / file.path
    if any(folder.is_symlink() for folder in target.parents if folder.is_relative_to(top) and folder != top):
        return ""
    try:
        return blob_id(target, file.after) or ""
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError:
        return ""


def _holds(git: Git, newest: str | None, commit: str) -> bool:
    """Whether a commit is the newest of a branch or one before it; one that git does not have is not."""
    return newest is not None and (
        newest == commit or not git.run_status("merge-base", "--is-ancestor", commit, newest)[0]
    )


def _back(git: Git, marker: Marker, head: Mapping[str, Item | None]) -> Progress:
    behind, own = [], []
    for file in () if marker.recorded else marker.files:
        oid, item = lying(git.place.top, file), head[file.path]
        if oid == file.before or (item and oid == item.oid):
            continue
        if oid == file.after:
            behind.append(file)
        else:
            own.append(file.path)
    return Progress(
        marker=marker,
        recorded=False,
        head=head,
        behind=tuple(behind),
        own=tuple(own),
        index_behind=_unchanged(git, marker.pending, head),
    )


def _forward(git: Git, marker: Marker, head: Mapping[str, Item | None], parent: Mapping[str, str]) -> Progress:
    behind, own, gone = [], [], []
    for file in marker.files:
        oid, item = lying(git.place.top, file), head[file.path]
        if item is None and oid == file.after:
            gone.append(file.path)
        elif item and oid not in {item.oid, file.before, None}:
            own.append(file.path)
        elif item and item.oid == file.after and oid != item.oid:
            behind.append(file)
    kept = {path: entry for path, entry in parent.items() if head[path]}
    return Progress(
        marker=marker,
        recorded=True,
        head=head,
        behind=tuple(behind),
        index_behind=_unchanged(git, {**kept, **marker.pending}, head),
        own=tuple(own),
        taken_out=tuple(gone),
    )


def _unchanged(git: Git, before: Mapping[str, str], head: Mapping[str, Item | None]) -> tuple[str, ...]:
    """The paths for which the index still says what it did before, and the last commit something else."""
    entries = staged(git, before)
    return tuple(path for path, entry in before.items() if entries[path] == entry != entry_of(head[path]))
