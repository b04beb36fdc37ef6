"""What a write leaves in git's own folder before it touches the first file, until everything has followed."""

from __future__ import annotations

import json
import os
import re
from datetime import datetime
from pathlib import Path

import msgspec

from compliance.gitrepo.process.probe import RepositoryPlace
from compliance.gitrepo.reading.paths import checked
from compliance.gitrepo.writing.files import sync_folder
from compliance.problems import Location, Refused, refuse

FORMAT = 1
_OID = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")


class PlannedFile(msgspec.Struct, frozen=True):
    """A path, the blob of the bytes that lay there before, and of those that are to lie there; None: no file."""

    path: str
    before: str | None
    after: str | None


class Marker(msgspec.Struct, frozen=True, kw_only=True):
    """A write that has begun: its files, the folders it had to make, and the commit that is to hold it.

    `commit` is None until that commit is made; the branch may stand on `commit` or not, and only git knows which.
    `pending` are paths of earlier commits, with what git's index says of them, while another process keeps it locked.
    """

    format: int = FORMAT
    began: datetime
    branch: str
    base: str | None
    subject: str
    files: tuple[PlannedFile, ...]
    folders: tuple[str, ...] = ()
    commit: str | None = None
    pending: dict[str, str] = {}

    @property
    def paths(self) -> tuple[str, ...]:
        return tuple(file.path for file in self.files)


def write_marker(place: RepositoryPlace, marker: Marker) -> None:
    """Put the marker on the disk, in place of the one before; it is safe there when this returns. Raises OSError."""
    target = place.marker
    fresh = target.with_name(f"{target.name}.new")
    try:
        with fresh.open("wb") as file:
            file.write(json.dumps(msgspec.to_builtins(marker)).encode())  # which spells names that are no UTF-8, too
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(target)
    finally:
        fresh.unlink(missing_ok=True)
    sync_folder(target.parent)


def remove_marker(place: RepositoryPlace) -> None:
    """Take the marker away. One that comes back after a power cut does no harm: all of it has been done."""
    place.marker.unlink(missing_ok=True)


def read_marker(place: RepositoryPlace) -> Marker | None:
    """The write that has not ended; None if there is none.

    Refused: a marker that this program did not write, or that a later one wrote.
    """
    file = place.marker
    try:
        marker = msgspec.convert(json.loads(file.read_bytes()), Marker)
        for path in (*marker.paths, *marker.folders, *marker.pending, marker.branch):
            checked(path)
    except FileNotFoundError:
        return None
    except (ValueError, msgspec.ValidationError, Refused):
        raise _unreadable(file) from None
    oids = [oid for planned in marker.files for oid in (planned.before, planned.after)]
    named = all(_OID.fullmatch(oid) for oid in (*oids, marker.commit, marker.base) if oid is not None)
    if marker.format != FORMAT or not named or not marker.branch.startswith("refs/heads/"):
        raise _unreadable(file)
    return marker


def _unreadable(file: Path) -> Refused:
    return refuse(
        "a write was broken off, and what it left to tell how far it came cannot be read",
        location=Location(str(file)),
        hint="Look with `git status` at what is not committed, then delete this file.",
    )
