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

    `recorded`: its commit is in the branch's history, so that it goes forward; otherwise it goes back. `undone`: it was
    recorded, and somebody has taken the commit off the branch since: then nothing is touched. `head` is what the last
    commit has for its paths. `behind` are files that still have the bytes from before (going forward) or those that
    the write put there (going back), `index_behind` those of which git's index says what it did before. `own` are files
    that hold something else: somebody's work since. `taken_out` was recorded, and a later commit has it no more.
    """

    marker: Marker
    recorded: bool
    undone: bool
    head: Mapping[str, Item | None]
    behind: tuple[PlannedFile, ...] = ()
    index_behind: tuple[str, ...] = ()
    own: tuple[str, ...] = ()
    taken_out: tuple[str, ...] = ()


def progress_of_unfinished(git: Git) -> Progress | None:
    """How far the write came that has not ended; None where there is none. Refused: a marker that cannot be read."""
    marker = read_marker(git.place)
    return compared(git, marker) if marker else None


def compared(git: Git, marker: Marker) -> Progress:
    """How far the write of a marker came."""
    with git.converse("cat-file", "--batch") as talk:
        trees = Trees(talk)
        newest = tip(git, "HEAD")
        head = trees.at(newest, (*marker.paths, *marker.pending))
        if marker.commit is None or not _holds(git, tip(git, marker.branch), marker.commit):
            return _back(git, marker, head)
        parent = trees.at(tip(git, f"{marker.commit}^"), marker.paths)
    forward = _forward(git, marker, head, {path: entry_of(item) for path, item in parent.items()})
    if _holds(git, newest, marker.commit):
        return forward
    return msgspec.structs.replace(forward, taken_out=())  # another branch is checked out, which never had it


def lying(top: Path, file: PlannedFile) -> str | None:
    """The oid of what lies at a path; None for nothing, and an empty one for what is no regular file or unreadable."""
    target = top / file.path
    if any(folder.is_symlink() for folder in target.parents if folder.is_relative_to(top) and folder != top):
        return ""
    try:
        return blob_id(target, file.after or file.before or "") or ""
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError:
        return ""


def _holds(git: Git, newest: str | None, commit: str) -> bool:
    """Whether a commit is the newest of a branch or one before it; one that git does not have is not."""
    if newest is None or newest == commit:
        return newest is not None
    code, _, _ = git.run_status("merge-base", "--is-ancestor", commit, newest)
    return code == 0


def _was_there(git: Git, marker: Marker) -> bool:
    """Whether the branch has stood on the commit and has been moved away from it, as far as git keeps book of that.

    Git writes down where a branch goes a moment before it goes there: so the last line alone proves nothing.
    """
    if not marker.commit or not marker.files:
        return False
    _, out, _ = git.run_status("log", "-g", "--format=%H", "-n", "1000", marker.branch, "--")
    return marker.commit in out.decode().split()[1:]


def _back(git: Git, marker: Marker, head: Mapping[str, Item | None]) -> Progress:
    behind, own = [], []
    undone = _was_there(git, marker)
    for file in () if undone else marker.files:
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
        undone=undone,
        head=head,
        behind=tuple(behind),
        own=tuple(own),
        index_behind=_unchanged(git, marker.pending, head),
    )


def _forward(git: Git, marker: Marker, head: Mapping[str, Item | None], parent: Mapping[str, str]) -> Progress:
    behind, own, gone = [], [], []
    for file in marker.files:
        oid, item = lying(git.place.top, file), head[file.path]
        if file.after is None:
            if item is None and oid == file.before and oid is not None:
                behind.append(file)
            elif item is None and oid is not None:
                own.append(file.path)
        elif item is None and oid == file.after:
            gone.append(file.path)
        elif item and oid not in {item.oid, file.before, file.after, None}:
            own.append(file.path)
        elif item and item.oid == file.after and oid != item.oid:
            behind.append(file)
    removed = {file.path for file in marker.files if file.after is None}
    kept = {path: entry for path, entry in parent.items() if head[path] or path in removed}
    return Progress(
        marker=marker,
        recorded=True,
        undone=False,
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
