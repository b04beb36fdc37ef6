"""What processes of this program leave when they are killed, taken away by the next one that writes.

Whoever calls these holds the lock, and whoever writes such a file holds it too: so nobody is writing them now.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import stat
from collections.abc import Iterable
from pathlib import Path

from compliance.gitrepo.process.probe import RepositoryPlace
from compliance.gitrepo.writing.indexing import COPY

TEMPORARY = re.compile(r"\.compliance-[0-9a-f]{16}\.tmp")
"""A file in the working tree before it gets its name."""
_SPOOL = re.compile(r"compliance-[a-z0-9_]{8}")
_INDEX = re.compile(COPY + r"[0-9a-f]{16}(\.lock)?")


def sweep_git_folder(place: RepositoryPlace) -> None:
    """Take away copies of the index and bytes on their way into git. Raises OSError where that is not let."""
    for folder in {place.common_dir, place.git_dir}:
        for entry in os.scandir(folder):
            if _INDEX.fullmatch(entry.name):
                Path(entry.path).unlink(missing_ok=True)
            elif _SPOOL.fullmatch(entry.name) and entry.is_dir(follow_symlinks=False):
                shutil.rmtree(entry.path)


def sweep_folders(top: Path, paths: Iterable[str]) -> None:
    """Take away files without a name from the folders of these paths. Raises OSError where that is not let."""
    for folder in {(top / path).parent for path in paths}:
        with contextlib.suppress(FileNotFoundError, NotADirectoryError):
            for entry in os.scandir(folder):
                if TEMPORARY.fullmatch(entry.name) and stat.S_ISREG(entry.stat(follow_symlinks=False).st_mode):
                    Path(entry.path).unlink(missing_ok=True)
