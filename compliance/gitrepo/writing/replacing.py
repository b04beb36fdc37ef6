"""Files of the workspace given new contents or taken away: wholly or not at all, and never a person's own work."""

from __future__ import annotations

import os
from pathlib import Path

from compliance.gitrepo.reading.paths import checked
from compliance.gitrepo.writing.files import folder_of, place, regular, sync_folder, temporary_name
from compliance.problems import Location, Refused, reason_of, refuse


def replace(top: Path, path: str, contents: bytes, committed: bytes | None) -> None:
    """Give a file new contents; `committed` is what the last commit holds of it, None if it holds nothing.

    Refused: a file that is no longer as committed, and whatever `place` refuses.
    """
    target = top.joinpath(*checked(path).split("/"))
    if committed is None or not os.path.lexists(target):
        place(top, path, contents)
        return
    folder_of(top, path)
    now = regular(target, path).read_bytes()
    if now == contents:
        return
    if now.replace(b"\r\n", b"\n") != committed.replace(b"\r\n", b"\n"):
        raise uncommitted(path)
    overwrite(top, path, contents)


def remove(top: Path, path: str) -> None:
    """Take a file away; one that is gone already is left so. Refused: a disk that does not let it go."""
    target = top.joinpath(*checked(path).split("/"))
    try:
        target.unlink(missing_ok=True)
        if target.parent.is_dir():
            sync_folder(target.parent)
    except OSError as reason:
        raise refuse(
            f"the file could not be taken away: {reason_of(reason)}",
            location=Location(path),
            hint="Check who may write to the folder, then run the command again.",
        ) from None


def uncommitted(path: str) -> Refused:
    """What to raise at a file that holds somebody's work."""
    return refuse(
        "this file has changes that are not committed",
        location=Location(path),
        hint=f"Commit them, or undo them with `git checkout -- {path}`, and run the command again.",
    )


def overwrite(top: Path, path: str, contents: bytes) -> None:
    """Give a file new contents whatever it holds; it keeps its mode. Refused: a disk that does not take them."""
    target = top.joinpath(*checked(path).split("/"))
    temporary = target.with_name(temporary_name())
    try:
        with temporary.open("xb") as file:
            file.write(contents)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(target.stat().st_mode & 0o777)
        temporary.replace(target)
        sync_folder(target.parent)
    except OSError as reason:
        raise refuse(
            f"the file could not be written: {reason_of(reason)}",
            location=Location(path),
            hint="Check the free space and who may write to the folder, then run the command again.",
        ) from None
    finally:
        temporary.unlink(missing_ok=True)
