"""A command run on a spoilt workspace, and everything that lies there before and after."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path

from ..builders.running import Answer, run_apart, run_here

_OURS = re.compile(r"(^|/)(\.compliance|\.git/(compliance\.lock|objects)|home/\.local)(/|$)")
"""What any command may leave: the cache and its key, the lock, and objects of git's that no commit names."""


_QUOTED = re.compile(r"git says “[^”]*”")
"""What git says changes from version to version."""


class Bench:
    """A folder with a workspace (`work`) and files that are to be filed (`desk`)."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.top = folder / "work"
        self.desk = folder / "desk"

    def run(self, arguments: Sequence[str], stdin: bytes = b"") -> Answer:
        """Runs a command in this process."""
        return self._named(run_here(arguments, stdin))

    def start(self, arguments: Sequence[str], stdin: bytes = b"") -> Answer:
        """Runs a command as a process of its own."""
        return self._named(run_apart(arguments, stdin))

    def _named(self, answer: Answer) -> Answer:
        """The same, with this bench's folder written as `/bench`, and git's own words as `…`."""
        out, err = (
            _QUOTED.sub("git says “…”", text.replace(str(self.folder), "/bench")) for text in (answer.out, answer.err)
        )
        return Answer(answer.code, out, err)

    def lies(self) -> dict[str, tuple[int, bytes]]:
        """Everything on the bench: work tree, git's own files, the desk and temporary files, with modes and bytes."""
        return dict(_contents(self.folder, ""))


def _contents(folder: Path, prefix: str) -> Iterator[tuple[str, tuple[int, bytes]]]:
    try:
        entries = list(os.scandir(folder))
    except PermissionError:  # a case has closed it
        return
    for entry in entries:
        relative = f"{prefix}{entry.name}"
        if _OURS.search(relative):
            continue
        path = Path(entry.path)
        mode = entry.stat(follow_symlinks=False).st_mode
        if stat.S_ISDIR(mode):
            yield relative, (mode, b"")
            yield from _contents(path, f"{relative}/")
        elif stat.S_ISLNK(mode):
            yield relative, (mode, os.fsencode(path.readlink()))
        else:
            yield relative, (mode, path.read_bytes() if stat.S_ISREG(mode) else b"")
