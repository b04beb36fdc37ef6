"""A command run on a spoilt workspace, and everything that lies there before and after."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Sequence
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
        contents = {}
        for parent, folders, names in os.walk(self.folder):
            for name in [*folders, *names]:
                path = Path(parent, name)
                relative = path.relative_to(self.folder).as_posix()
                if not _OURS.search(relative):
                    contents[relative] = (path.lstat().st_mode, _contents(path))
        return contents


def _contents(path: Path) -> bytes:
    mode = path.lstat().st_mode
    if stat.S_ISLNK(mode):
        return os.fsencode(path.readlink())
    if not stat.S_ISREG(mode):
        return b""
    return path.read_bytes()
