"""The assembled ledger of a commit, kept as one file: a warm command reads it and nothing else."""

from __future__ import annotations

import contextlib
import os
import tempfile
import time
from pathlib import Path

import msgspec

from compliance.domain.ledger.ledger import Ledger
from compliance.workspace.edition import edition

KEPT = 8
_ABANDONED = 3600.0  # seconds after which nobody writes a file any more


def recall(cache: Path | None, commit: str, shallow: bool = False) -> Ledger | None:
    """The ledger of a commit if a memo of it is kept; memos of a shallow clone and of a full one are kept apart."""
    if cache is None:
        return None
    try:
        ledger = msgspec.msgpack.decode(_file(cache, commit, shallow).read_bytes(), type=Ledger)
    except (OSError, msgspec.DecodeError, ValueError):
        return None
    return ledger if ledger.commit == commit else None


def remember(cache: Path | None, ledger: Ledger, shallow: bool = False) -> None:
    """Keeps the ledger of a commit, whole or not at all; the oldest memos go."""
    if cache is None:
        return
    try:
        written = msgspec.msgpack.encode(ledger)
    except UnicodeEncodeError:  # a path that is no UTF-8, which a memo cannot hold
        return
    with contextlib.suppress(OSError):  # a full disk: the answer stands, and is worked out again next time
        descriptor, name = tempfile.mkstemp(dir=cache, suffix=".part")
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(written)
            Path(name).replace(_file(cache, ledger.commit, shallow))
        except OSError:
            Path(name).unlink(missing_ok=True)
            raise
        memos = sorted(cache.glob("*.ledger"), key=lambda memo: memo.stat().st_mtime, reverse=True)
        for memo in memos[KEPT:]:
            memo.unlink(missing_ok=True)
        for part in cache.glob("*.part"):  # of a command that was killed
            if part.stat().st_mtime < time.time() - _ABANDONED:
                part.unlink(missing_ok=True)


def forget(cache: Path | None) -> None:
    """Removes cache and memos."""
    if cache is None:
        return
    for file in cache.iterdir():
        if file.suffix in {".ledger", ".part"} or ".sqlite" in file.suffixes or ".sqlite-" in file.name:
            file.unlink(missing_ok=True)


def _file(cache: Path, commit: str, shallow: bool) -> Path:
    return cache / f"{commit}.{edition(cache)}{'-shallow' if shallow else ''}.ledger"
