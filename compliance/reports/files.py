"""Reports written: whole or not at all."""

from __future__ import annotations

import secrets
from pathlib import Path

from compliance.problems import Location, refuse


def write(target: Path, text: str | bytes) -> None:
    """Writes a file beside its final name and moves it there. Raises Refused where that cannot be done."""
    if target.is_dir():
        raise refuse("is a folder", location=Location(str(target)), hint="name a file")
    if not target.parent.is_dir():
        raise refuse("cannot be written: there is no such folder", location=Location(str(target)), hint="make it first")
    part = target.with_name(f".compliance-{secrets.token_hex(8)}.part")
    try:
        with part.open("xb") as file:  # who may read it is as the user's umask says
            file.write(text.encode() if isinstance(text, str) else text)
        part.replace(target)
    except OSError as error:
        raise refuse(
            f"cannot be written: {error.strerror}",
            location=Location(str(target)),
            hint="check the free space, and who may write there",
        ) from None
    finally:
        part.unlink(missing_ok=True)
