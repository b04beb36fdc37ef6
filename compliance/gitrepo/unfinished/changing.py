"""One change of files and branch, in steps of which each can be the last: whatever is broken off is put right later.

Under one lock: the bytes go into git; a marker says what lies where and what is to; files are put into place, evidence
before the record that names it; the commit is made and named in the marker; the branch moves; git's index follows; the
marker goes. Each step is on the disk before the next begins.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

import msgspec

from compliance.gitrepo.process.process import Git
from compliance.gitrepo.reading.objects import hashed, sync_branch, sync_objects
from compliance.gitrepo.reading.paths import check_together, checked
from compliance.gitrepo.unfinished.accounts import behind_note, others, short
from compliance.gitrepo.unfinished.comparing import compared
from compliance.gitrepo.unfinished.marker import (
    Marker,
    PlannedFile,
    read_marker,
    remove_marker,
    write_marker,
)
from compliance.gitrepo.unfinished.settling import keep_pending, put_right, settle
from compliance.gitrepo.writing.files import check_folders, place, regular
from compliance.gitrepo.writing.indexing import bring_index
from compliance.gitrepo.writing.locking import write_lock
from compliance.gitrepo.writing.readiness import branch, identity
from compliance.gitrepo.writing.recording import Recorded, commit_on_branch
from compliance.gitrepo.writing.replacing import remove, replace, uncommitted
from compliance.gitrepo.writing.sweeping import sweep_git_folder
from compliance.problems import Location, Problem, Refused, Severity, Stopped, reason_of


class Change(msgspec.Struct, frozen=True):
    """What is to be committed: files that do not exist yet, and files that may, with what each held until now.

    `committed` is what those hold in the last commit, or lying there uncommitted by the caller's leave; a file that
    holds anything else is somebody's work. `removed` are files that are to be there no more, records before what they
    speak of, each with its blob in the last commit.
    """

    new: Mapping[str, bytes | Path]
    changed: Mapping[str, bytes]
    committed: Mapping[str, bytes]
    message: str
    removed: Mapping[str, str] = {}

    @property
    def contents(self) -> Mapping[str, bytes | Path]:
        return {**self.new, **self.changed}


class Changed(msgspec.Struct, frozen=True):
    """The commit, and what should be known of it."""

    commit: str
    notes: tuple[Problem, ...] = ()


def change(git: Git, wanted: Change) -> Changed:
    """Put files into place and commit them. What an earlier command left that was broken off is put right first.

    If the commit is refused or interrupted, files that were put there are taken away again and those that were changed
    or removed get their contents back. Once the branch has moved, nothing is refused any more: what could not follow
    is a note. Raises Stopped where the user interrupted after that.
    """
    with write_lock(git.place):
        notes = settle(git)
        name = branch(git)
        identity(git)
        sweep_git_folder(git.place)
        marker = _planned(git, name, wanted)
        try:
            made = _recorded(git, wanted, marker)
        except BaseException as error:
            landed = _taken_back(git, error)
            if landed is None:
                raise
            notes = (*notes, *_follow(git, marker, landed))
            if isinstance(error, KeyboardInterrupt):
                raise _stopped(marker, landed, notes) from None
            if not isinstance(error, Refused | OSError):
                raise
            return Changed(landed.commit, notes)
        try:
            return Changed(made.commit, (*notes, *_follow(git, marker, made)))
        except KeyboardInterrupt:
            with contextlib.suppress(Refused):  # the marker stays, and what has not followed does with the next write
                settle(git)
            raise _stopped(marker, made, notes) from None


def _planned(git: Git, name: str, wanted: Change) -> Marker:
    """The marker of a change, with all of its bytes in git, before and after. Nothing else has been touched yet.

    Refused: a path that may not be written or lies behind a link, a source that cannot be read, and a link or a folder
    in a file's place.
    """
    top, paths = git.place.top, (*wanted.contents, *wanted.removed)
    for path in paths:
        check_folders(top, checked(path))
    check_together(wanted.contents)
    there = {path: top / path for path in paths if os.path.lexists(top / path)}
    before = hashed(git, {path: regular(file, path) for path, file in there.items()})
    for path, oid in wanted.removed.items():
        if before.get(path, oid) != oid:
            raise uncommitted(path)
    after = hashed(git, wanted.contents)
    sync_objects(git, (*before.values(), *after.values()))
    earlier = read_marker(git.place)
    return Marker(
        began=datetime.now(UTC),
        branch=name,
        base=git.place.commit,
        subject=wanted.message.strip().partition("\n")[0],
        files=tuple(PlannedFile(path, before.get(path), after.get(path)) for path in paths),
        folders=tuple(sorted(_absent(top, wanted.contents))),
        pending=earlier.pending if earlier else {},
    )


def _absent(top: Path, paths: Iterable[str]) -> set[str]:
    """The folders of these paths that are not there."""
    folders = {folder for path in paths for folder in PurePosixPath(path).parents}
    return {str(folder) for folder in folders if not os.path.lexists(top / folder)}


def _recorded(git: Git, wanted: Change, marker: Marker) -> Recorded:
    """Leaves the marker, puts the files into place and makes the commit."""
    write_marker(git.place, marker)
    oids = {file.path: file.after for file in marker.files}
    for path, source in wanted.new.items():
        place(git.place.top, path, source, oids[path] or "")
    for path, contents in wanted.changed.items():
        replace(git.place.top, path, contents, wanted.committed.get(path))
    for path in wanted.removed:
        remove(git.place.top, path)

    def name(commit: str) -> None:
        write_marker(git.place, msgspec.structs.replace(marker, commit=commit))

    return commit_on_branch(git, oids, wanted.message, expected=git.place.commit, before_move=name)


def _taken_back(git: Git, error: BaseException) -> Recorded | None:
    """Takes back what was done, unless the branch has moved: then the commit, with what it has for its paths."""
    try:
        marker = read_marker(git.place)
        if marker is None:
            return None
        progress = compared(git, marker)
        if progress.recorded and marker.commit:
            return Recorded(marker.commit, {path: progress.head[path] for path in marker.paths})
        put_right(git, progress)
    except (Refused, OSError):
        if isinstance(error, Refused):
            raise error.joined_by([_stays(git)]) from None
        raise error from None
    if progress.own and isinstance(error, Refused):
        raise error.joined_by(others(progress)) from None
    return None


def _follow(git: Git, marker: Marker, made: Recorded) -> list[Problem]:
    """Lets the disk confirm where the branch stands, and git's index follow; gives what could not be done."""
    notes = []
    try:
        sync_branch(git, marker.branch)
    except OSError as reason:
        sentence = f"recorded as {short(made.commit)}, but the disk did not confirm it: {reason_of(reason)}"
        hint = "Do not record it again: look after the disk, and see with `git fsck` whether everything is there."
        notes.append(Problem(sentence, hint=hint, severity=Severity.WARNING))
    for _ in range(2):
        with contextlib.suppress(Refused, OSError):
            if not bring_index(git, made.commit, made.items, git.place.marker):
                break
            if marker.pending:
                put_right(git, compared(git, msgspec.structs.replace(marker, commit=made.commit)))
            else:
                remove_marker(git.place)
            return notes
    with contextlib.suppress(Refused, OSError):  # the marker stays as it is, which serves as well
        keep_pending(git, marker, tuple(made.items))
    return [*notes, behind_note(git.place, tuple(made.items))]


def _stopped(marker: Marker, made: Recorded, notes: Iterable[Problem]) -> Stopped:
    sentence = f"interrupted when “{marker.subject}” had been recorded as {short(made.commit)}"
    return Stopped([Problem(sentence, severity=Severity.WARNING), *notes])


def _stays(git: Git) -> Problem:
    return Problem(
        "not all that was written could be taken back",
        Location(str(git.place.marker)),
        hint="See what it is with: compliance check. The next write takes it back.",
        severity=Severity.WARNING,
    )
