"""The files that a command names, and those in folders that it names."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path

from compliance.operations.evidence.screening import Incoming
from compliance.problems import Location, reason_of, refuse


def gather(paths: Sequence[Path], recursive: bool) -> list[Incoming]:
    """The files named, and those in folders. Raises Refused for a folder where a file is wanted."""
    incoming: list[Incoming] = []
    for path in paths:
        if _is_folder(path):
            if not recursive:
                raise refuse(
                    "is a folder",
                    location=Location(str(path)),
                    hint="name a file, or file all that is in it with --folder",
                )
            inside = sorted(_files_below(path))
            if not inside:
                hint = "name another; files whose names begin with a dot are not taken"
                raise refuse("this folder holds no files", location=Location(str(path)), hint=hint)
            incoming += [Incoming(file, file.name) for file in inside]
        else:
            incoming.append(Incoming(path, path.name))
    return incoming


def _is_folder(path: Path) -> bool:
    """Whether it is a folder itself and no link to one; what cannot be looked at is refused as a file later."""
    try:
        return stat.S_ISDIR(path.lstat().st_mode)
    except (OSError, ValueError):
        return False


def _files_below(folder: Path) -> Iterator[Path]:
    """Everything in a folder but what is hidden; links among it, so that they are refused and not passed over."""

    def unreadable(error: OSError) -> None:
        raise refuse(
            f"cannot be read: {reason_of(error)}", location=Location(str(error.filename)), hint="check who may read it"
        )

    for parent, folders, names in os.walk(folder, followlinks=False, onerror=unreadable):
        links = [name for name in folders if Path(parent, name).is_symlink()]
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name not in links)
        for name in (*names, *links):
            if not name.startswith("."):
                yield Path(parent, name)
