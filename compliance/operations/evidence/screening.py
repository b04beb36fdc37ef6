"""What must never be filed: special files, secrets, pointers to bytes that are elsewhere."""

from __future__ import annotations

import re
import stat
from pathlib import Path

from compliance.problems import Location, Problem, reason_of
from compliance.store.screening.screened import screened
from compliance.store.screening.wording import name_problems, secret_problems, unsearched_note

_POINTER = re.compile(rb"\Aversion https://git-lfs\.github\.com/spec/v\d")


def screen(path: Path, name: str, size_limit: int) -> list[Problem]:
    """Everything that forbids filing a file: its nature, its size, its name, what is in it; no error lets it through.

    A warning says what of it was not searched.
    """
    where = Location(name)
    try:
        status = path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return [Problem("there is no such file", where, "check the name, and the folder you are in")]
    except (OSError, ValueError) as error:
        return [_unreadable(error, where)]
    nature = _nature(status.st_mode)
    if nature:
        return [Problem(f"is {nature}", where, "only regular files can be kept as evidence: name the file itself")]
    if status.st_size == 0:
        return [Problem("is empty", where, "an empty file shows nothing: look whether it was written out")]
    if status.st_size > size_limit:
        hint = "make it smaller, or raise size-limit under [evidence] in compliance.toml"
        return [Problem(f"is {status.st_size:,} bytes; at most {size_limit:,} are taken", where, hint)]
    try:
        return [*name_problems(Path(name).name, name), *_contents(path.read_bytes(), name)]
    except OSError as error:
        return [_unreadable(error, where)]


def _unreadable(error: Exception, where: Location) -> Problem:
    reason = reason_of(error) if isinstance(error, OSError) else "there can be no such name"
    return Problem(f"cannot be read: {reason}", where, "check the name, and who may read the file")


def _nature(mode: int) -> str:
    if stat.S_ISREG(mode):
        return ""
    if stat.S_ISLNK(mode):
        return "a symbolic link"
    if stat.S_ISDIR(mode):
        return "a folder"
    return "a pipe" if stat.S_ISFIFO(mode) else "a special file"


def _contents(data: bytes, name: str) -> list[Problem]:
    if _POINTER.match(data):
        hint = "fetch the file itself with `git lfs pull`, and file that"
        return [Problem("is a Git LFS pointer, not the file it points to", Location(name), hint)]
    result = screened(data)
    return [*secret_problems(result.first_of_each_kind, name), *unsearched_note(result.why, name)]
