"""Files on disk: put in place without overwriting, without following links, and on the disk before we say so."""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import msgspec

from compliance.gitrepo.reading.blob_ids import blob_id
from compliance.gitrepo.reading.paths import checked
from compliance.problems import Location, Refused, reason_of, refuse

_CHUNK = 1 << 20
_TAKEN = "a different file of this name is there already"


class Placed(msgspec.Struct, frozen=True):
    """What a placed file holds."""

    sha256: str
    size: int


def place(top: Path, path: str, source: Path | bytes, oid: str = "") -> Placed:
    """Put a file into the working tree, whole or not at all.

    The bytes go to a temporary name in the same folder, are synced, and get their name only when nothing else has it.
    A file with the same bytes that is there already is left as it is. Refused: a different file, a folder that is a
    symbolic link or another repository, a source that is no regular file or has another oid than the one given, and a
    disk that does not take it.
    """
    target = top.joinpath(*checked(path).split("/"))
    try:
        folder = folder_of(top, path)
        temporary = folder / temporary_name()
        try:
            placed = _copy(source, temporary)
            if oid and blob_id(temporary, oid) != oid:
                raise refuse(
                    "the file was changed while it was being filed",
                    location=Location(str(source)),
                    hint="Wait until nobody writes to it, and run the command again.",
                )
            _name(temporary, target, path, placed)
        finally:
            temporary.unlink(missing_ok=True)
        sync_folder(folder)
    except OSError as reason:
        raise refuse(
            f"the file could not be written: {reason_of(reason)}",
            location=Location(path),
            hint="Check the free space and who may write to the folder, then run the command again.",
        ) from None
    return placed


def temporary_name() -> str:
    """A name for a file that has no name yet; what bears one is swept away after a crash."""
    return f".compliance-{secrets.token_hex(8)}.tmp"


def regular(path: Path, name: str) -> Path:
    """The path, when it leads to a regular file; refused for links, folders, pipes and devices."""
    try:
        mode = path.lstat().st_mode
    except OSError as reason:
        raise refuse(f"the file cannot be read: {reason_of(reason)}", location=Location(name)) from None
    if not stat.S_ISREG(mode):
        kind = "a symbolic link" if stat.S_ISLNK(mode) else "a folder" if stat.S_ISDIR(mode) else "a special file"
        raise refuse(f"this is {kind}", location=Location(name), hint="Only regular files can be kept as evidence.")
    return path


def sync_folder(folder: Path) -> None:
    """Make the names in a folder last through a power cut, where the system has a way to ask for it."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def folder_of(top: Path, path: str) -> Path:
    """The folder of a path, made where it is missing; refused for a link or another repository on the way."""
    folder = top
    for part in path.split("/")[:-1]:
        parent, folder = folder, folder / part
        with contextlib.suppress(FileExistsError):
            folder.mkdir()
            sync_folder(parent)
        _must_be_folder(top, folder)
    return folder


def check_folders(top: Path, path: str) -> None:
    """Refuse, before anything is made, what `folder_of` would refuse."""
    for folder in reversed((top / path).parents):
        if folder.is_relative_to(top) and folder != top and os.path.lexists(folder):
            _must_be_folder(top, folder)


def _must_be_folder(top: Path, folder: Path) -> None:
    where = Location(folder.relative_to(top).as_posix())
    if not stat.S_ISDIR(folder.lstat().st_mode):
        raise refuse("this is not a folder of the workspace", location=where, hint="Replace it by a real folder.")
    if os.path.lexists(folder / ".git"):
        raise refuse("this folder is another git repository", location=where, hint="Choose a folder outside it.")


def _copy(source: Path | bytes, temporary: Path) -> Placed:
    digest, size = hashlib.sha256(), 0
    with temporary.open("xb") as copy, _opened(source) as pieces:
        for piece in pieces:
            copy.write(piece)
            digest.update(piece)
            size += len(piece)
        copy.flush()
        os.fsync(copy.fileno())
    return Placed(digest.hexdigest(), size)


@contextlib.contextmanager
def _opened(source: Path | bytes) -> Iterator[Iterator[bytes]]:
    if isinstance(source, bytes):
        yield iter((source,))
    else:
        with regular(source, str(source)).open("rb") as file:
            yield _pieces(file)


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    while piece := file.read(_CHUNK):
        yield piece


def _name(temporary: Path, target: Path, path: str, placed: Placed) -> None:
    try:
        _name_once(temporary, target)
    except FileExistsError:
        if _contents_at(target, path) != placed:
            raise _taken(path) from None


def _name_once(temporary: Path, target: Path) -> None:
    """Give a file its name, which must be free: by a hard link where there are any, which cannot overwrite."""
    try:
        os.link(temporary, target)
    except FileExistsError:
        raise
    except OSError:
        if os.path.lexists(target):
            raise FileExistsError from None
        temporary.rename(target)


def _contents_at(target: Path, path: str) -> Placed:
    if not stat.S_ISREG(target.lstat().st_mode):
        raise _taken(path)
    with target.open("rb") as file:
        return Placed(hashlib.file_digest(file, "sha256").hexdigest(), file.tell())


def _taken(path: str) -> Refused:
    return refuse(_TAKEN, location=Location(path), hint="Choose another name, or move the other file away.")
