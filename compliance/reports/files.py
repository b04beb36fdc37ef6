"""Reports written: whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from compliance.problems import Location, refuse


def write(target: Path, text: str) -> None:
    """Writes a file beside its final name and moves it there. Raises Refused where that cannot be done."""
    if target.is_dir():
        raise refuse("is a folder", location=Location(str(target)), hint="name a file")
    try:
        descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=".compliance-", suffix=".part")
    except OSError as error:
        raise refuse(
            f"cannot be written: {error.strerror}", location=Location(str(target)), hint="name a folder that is there"
        ) from None
    part = Path(name)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        part.chmod(0o644)
        part.replace(target)
    except OSError as error:
        raise refuse(
            f"cannot be written: {error.strerror}", location=Location(str(target)), hint="check the free space"
        ) from None
    finally:
        part.unlink(missing_ok=True)
