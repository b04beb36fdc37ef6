"""Reports written: whole or not at all."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import time
from pathlib import Path

from compliance.problems import Location, reason_of, refuse

_PART = re.compile(r"\.compliance-[0-9a-f]{16}\.part")
_ABANDONED = 3600.0  # seconds after which nobody writes a file any more


def write(target: Path, text: str | bytes) -> None:
    """Writes a file beside its final name and moves it there; a link stays one, a device or pipe is written into.

    Raises Refused where that cannot be done.
    """
    if target.is_dir():
        raise refuse("is a folder", location=Location(str(target)), hint="name a file")
    if not target.parent.is_dir():
        raise refuse("cannot be written: there is no such folder", location=Location(str(target)), hint="make it first")
    data = text.encode() if isinstance(text, str) else text
    final = Path(os.path.realpath(target))
    part = final.with_name(f".compliance-{secrets.token_hex(8)}.part")
    try:
        if target.exists() and not target.is_file():  # /dev/null is no place to move a file to
            with target.open("wb") as stream:
                stream.write(data)
            return
        with part.open("xb") as file:  # who may read it is as the user's umask says
            file.write(data)
        part.replace(final)
        _sweep(final.parent)
    except OSError as error:
        raise refuse(
            f"cannot be written: {reason_of(error)}",
            location=Location(str(target)),
            hint="check the free space, and who may write there",
        ) from None
    finally:
        part.unlink(missing_ok=True)


def _sweep(folder: Path) -> None:
    """Takes away what a command left that was killed while it wrote a report here, some time ago."""
    with contextlib.suppress(OSError):  # the report is written
        for entry in os.scandir(folder):
            abandoned = _PART.fullmatch(entry.name) and entry.is_file(follow_symlinks=False)
            if abandoned and entry.stat(follow_symlinks=False).st_mtime < time.time() - _ABANDONED:
                Path(entry.path).unlink(missing_ok=True)
