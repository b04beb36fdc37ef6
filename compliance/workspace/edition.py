"""The edition of the code that makes cached values: what one edition wrote, no other reads.

A cached value is made by the layers below the reports, in Python, with msgspec, PyYAML, holidays and tzdata. Their
texts and versions make the edition, so that a change of any of them is seen without anybody saying so.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import os
import re
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]
LAYERS = ("domain", "gitrepo", "ledger", "store", "workspace")
"""The folders of the package from which cached values are made; besides them, the modules beside these folders."""
REMEMBERED = "edition"
_LIBRARY = re.compile(r"(msgspec|pyyaml|holidays|tzdata)-(.+)\.(?:dist|egg)-info", re.IGNORECASE)
_SETTLED = 2 * 10**9
"""Nanoseconds after which a second change of a file shows in its times, whatever the file system."""

Facts = tuple[str, int, int, int]
"""A module's path within the package, its size, and when it and its entry were changed."""


@functools.cache
def edition(cache: Path) -> str:
    """Sixteen hexadecimal digits. `cache` is where the digest of the texts is remembered.

    The modules are read only when the size or the times of one have changed: that takes a millisecond, all of them ten.
    """
    facts = tuple(sorted(_facts(PACKAGE)))
    looks = hashlib.sha256(repr((str(PACKAGE), facts)).encode()).hexdigest()
    code = _recalled(cache / REMEMBERED, looks)
    if code is None:
        code = _digest(PACKAGE, facts)
        if time.time_ns() - max(max(changed) for _, _, *changed in facts) > _SETTLED:
            _remember(cache / REMEMBERED, looks, code)
    return hashlib.sha256(repr((code, sys.version, _libraries(sys.path))).encode()).hexdigest()[:16]


def _facts(package: Path) -> Iterator[Facts]:
    yield from _modules(package, "", False)
    for layer in LAYERS:
        yield from _modules(package / layer, f"{layer}/", True)


def _modules(folder: Path | str, prefix: str, below: bool) -> Iterator[Facts]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.endswith(".py"):
                stat = entry.stat()
                yield f"{prefix}{entry.name}", stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns
            elif below and entry.is_dir():
                yield from _modules(entry.path, f"{prefix}{entry.name}/", True)


@functools.lru_cache(maxsize=1)
def _digest(package: Path, facts: tuple[Facts, ...]) -> str:
    """The texts' digest; a process that opens a second workspace does not read them again."""
    digest = hashlib.sha256()
    for path, *_ in facts:
        digest.update(f"{path}\0".encode())
        digest.update(hashlib.sha256((package / path).read_bytes()).digest())
    return digest.hexdigest()


def _libraries(folders: Sequence[str]) -> list[tuple[str, str]]:
    """The versions of the libraries, by the names under which they are installed; the first on the path counts.

    Asking `importlib.metadata` takes longer than all else that a warm command does.
    """
    versions: dict[str, str] = {}
    for folder in folders:
        with contextlib.suppress(OSError):
            for name in sorted(os.listdir(folder)):  # noqa: PTH208 - the path may name no folder, and is read once
                if installed := _LIBRARY.fullmatch(name):
                    versions.setdefault(installed[1].lower(), installed[2])
    return sorted(versions.items())


def _recalled(file: Path, looks: str) -> str | None:
    try:
        remembered, _, code = file.read_text(encoding="ascii").partition(" ")
    except (OSError, ValueError):
        return None
    return code if remembered == looks and re.fullmatch(r"[0-9a-f]{64}", code) else None


def _remember(file: Path, looks: str, code: str) -> None:
    with contextlib.suppress(OSError):  # it is worked out again next time
        descriptor, name = tempfile.mkstemp(dir=file.parent, suffix=".part")
        try:
            with os.fdopen(descriptor, "w", encoding="ascii") as written:
                written.write(f"{looks} {code}")
            Path(name).replace(file)
        except OSError:
            Path(name).unlink(missing_ok=True)
            raise
