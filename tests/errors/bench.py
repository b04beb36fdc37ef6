"""A command run on a spoilt workspace, and everything that lies there before and after."""

from __future__ import annotations

import io
import os
import re
import stat
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec

from compliance.cli.main import run

_OURS = re.compile(r"(^|/)(\.compliance|\.git/(compliance\.lock|objects)|home/\.local)(/|$)")
"""What any command may leave: the cache and its key, the lock, and objects of git's that no commit names."""


class Outcome(msgspec.Struct, frozen=True):
    """What a command said, and its exit code."""

    code: int
    out: str
    err: str


class Bench:
    """A folder with a workspace (`work`) and files that are to be filed (`desk`)."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.top = folder / "work"
        self.desk = folder / "desk"

    def run(self, arguments: Sequence[str], stdin: bytes = b"") -> Outcome:
        """Runs a command in this process."""
        return self._named(run_here(arguments, stdin))

    def start(self, arguments: Sequence[str], stdin: bytes = b"") -> Outcome:
        """Runs a command as a process of its own."""
        program = [sys.executable, "-c", "from compliance.cli.main import main; main()"]
        done = subprocess.run([*program, *arguments], input=stdin, capture_output=True, check=False)
        return self._named(Outcome(done.returncode, done.stdout.decode(), done.stderr.decode()))

    def _named(self, outcome: Outcome) -> Outcome:
        """The same, with this bench's folder written as `/bench`."""
        folder = str(self.folder)
        return Outcome(outcome.code, outcome.out.replace(folder, "/bench"), outcome.err.replace(folder, "/bench"))

    def lies(self) -> dict[str, tuple[int, bytes]]:
        """Everything on the bench: work tree, git's own files, the desk and temporary files, with modes and bytes."""
        found = {}
        for parent, folders, names in os.walk(self.folder):
            for name in [*folders, *names]:
                path = Path(parent, name)
                relative = path.relative_to(self.folder).as_posix()
                if not _OURS.search(relative):
                    found[relative] = (path.lstat().st_mode, _contents(path))
        return found


def run_here(arguments: Sequence[str], stdin: bytes = b"") -> Outcome:
    """Runs a command in this process, with streams of its own."""
    before = sys.stdin, sys.stdout, sys.stderr
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", "backslashreplace", newline="") for _ in range(2))
    sys.stdin, sys.stdout, sys.stderr = io.TextIOWrapper(io.BytesIO(stdin)), out, err
    try:
        code = run(list(arguments))
    finally:
        sys.stdin, sys.stdout, sys.stderr = before
    return Outcome(code, _text(out), _text(err))


def _text(stream: io.TextIOWrapper) -> str:
    stream.flush()
    buffer = stream.buffer
    assert isinstance(buffer, io.BytesIO)
    return buffer.getvalue().decode()


def _contents(path: Path) -> bytes:
    mode = path.lstat().st_mode
    if stat.S_ISLNK(mode):
        return os.fsencode(path.readlink())
    if not stat.S_ISREG(mode):
        return b""
    return path.read_bytes()
