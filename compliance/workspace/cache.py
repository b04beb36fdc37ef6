"""Where this machine keeps what it has worked out of a workspace, so that nobody else's work is taken for its own.

Cache and memos lie in `.compliance/` in the workspace, in a folder whose name only this user on this machine can tell:
a digest of a key in the user's own state folder and of the very `.git` folder it belongs to. What somebody committed
there, or brought along in a copied folder, is never believed, and does no harm.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import os
import re
import secrets
from pathlib import Path

import platformdirs

from compliance.domain.terms.layout import CACHE, CONFIGURATION

KEY = "cache-key"
_WRITTEN = re.compile(r"[0-9a-f]{64}")


def cache_of(top: Path, git_dir: Path) -> Path | None:
    """The folder for what may be thrown away; None if there can be none: no workspace, nowhere to write, a link."""
    try:
        if not (top / CONFIGURATION).is_file() or (top / CACHE).is_symlink():
            return None
        folder = top / CACHE / _name(git_dir)
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return None
    return folder if not folder.is_symlink() and os.access(folder, os.W_OK) else None


def _name(git_dir: Path) -> str:
    status = git_dir.stat()
    place = f"{git_dir.resolve()}\0{status.st_dev}\0{status.st_ino}".encode("utf-8", "surrogateescape")
    return hmac.new(_key(), place, hashlib.sha256).hexdigest()[:16]


def _key() -> bytes:
    """This user's key, drawn when it is first wanted. Raises OSError where none can be kept."""
    file = Path(platformdirs.user_state_path("compliance", appauthor=False)) / KEY
    if not _WRITTEN.fullmatch(_read(file)):
        _draw(file)
    written = _read(file)
    if not _WRITTEN.fullmatch(written):
        raise OSError(f"{file} does not hold a key")
    return bytes.fromhex(written)


def _draw(file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_name(f"{file.name}.{secrets.token_hex(8)}")
    try:
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as stream:
            stream.write(secrets.token_hex(32))
        if file.exists():  # and holds no key: the damaged one goes
            fresh.replace(file)
        else:
            # Of two commands that draw at the same time the first one's key stays.
            with contextlib.suppress(FileExistsError):
                os.link(fresh, file)
    finally:
        fresh.unlink(missing_ok=True)


def _read(file: Path) -> str:
    try:
        return file.read_bytes().decode("ascii", "replace").strip()
    except FileNotFoundError:
        return ""
