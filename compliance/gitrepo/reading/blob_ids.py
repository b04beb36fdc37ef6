"""What git calls the bytes of a file, worked out without git."""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path

_CHUNK = 1 << 20
_SHA1 = 40  # hexadecimal digits; git's other kind of name has 64


def blob_id(file: Path, like: str) -> str | None:
    """The oid of a regular file's bytes, in the kind of another oid; None for a link, a folder or a special file.

    Raises OSError where it cannot be read, FileNotFoundError where there is nothing.
    """
    if not stat.S_ISREG(file.lstat().st_mode):
        return None
    with file.open("rb") as stream:
        size = os.fstat(stream.fileno()).st_size
        digest = _digest(like, b"blob %d\0" % size)
        while piece := stream.read(_CHUNK):
            digest.update(piece)
    return digest.hexdigest()


def _digest(like: str, start: bytes) -> hashlib._Hash:
    if len(like) == _SHA1:
        return hashlib.sha1(start, usedforsecurity=False)
    return hashlib.sha256(start)
