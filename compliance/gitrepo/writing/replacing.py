"""Files of the workspace given new contents: whole or not at all, and never over a person's uncommitted work."""

from __future__ import annotations

import os
from pathlib import Path

from compliance.gitrepo.reading.paths import checked
from compliance.gitrepo.writing.files import folder_of, place, regular, sync_folder, temporary_name
from compliance.problems import Location, reason_of, refuse


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
        raise refuse(
            "this file has changes that are not committed",
            location=Location(path),
            hint=f"Commit them, or undo them with `git checkout -- {path}`, and run the command again.",
        )
    overwrite(top, path, contents)


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
