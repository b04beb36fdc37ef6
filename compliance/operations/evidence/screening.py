"""What must never be filed: special files, secrets, pointers to bytes that are elsewhere."""

from __future__ import annotations

import re
import stat
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from compliance.problems import Location, Problem, Refused, Severity, counted, reason_of, refuse
from compliance.store.screening.opening import Unsearched
from compliance.store.screening.screened import screened
from compliance.store.screening.wording import incoming_problems, name_problems, unsearched_words

_POINTER = re.compile(rb"\Aversion https://git-lfs\.github\.com/spec/v\d")
_NAMED = 3
"""So many files are named in the note on what was not searched."""


class Incoming(msgspec.Struct, frozen=True):
    """A file to be filed: where its bytes are, and what it is called."""

    path: Path
    name: str

    @property
    def shown(self) -> str:
        """How to speak of it: where it lies or, of standard input, its name."""
        return str(self.path) if self.name == self.path.name else f"{self.name} (standard input)"


class FileScreening(msgspec.Struct, frozen=True):
    """What forbids filing a file, the secrets in it, which may be allowed, and a part that was not searched."""

    problems: tuple[Problem, ...] = ()
    secrets: tuple[Problem, ...] = ()
    unsearched: Unsearched | None = None


def screenings_of(files: Sequence[Incoming], size_limit: int, allow_secret: str | None) -> dict[str, FileScreening]:
    """What the screening of each file came to, by what to call it. Raises Refused for what may not be filed."""
    if allow_secret is not None and not allow_secret.strip():
        hint = "say why it may be there, such as: --allow-secret 'the published test number of the card scheme'"
        raise refuse("--allow-secret gives no reason", hint=hint)
    screenings = {file.shown: _screened(file, size_limit) for file in files}
    problems = [
        problem
        for screening in screenings.values()
        for problem in (*screening.problems, *(screening.secrets if allow_secret is None else ()))
    ]
    if not problems and allow_secret is not None and not any(item.secrets for item in screenings.values()):
        hint = "leave --allow-secret out"
        problems = [Problem("no secret was found: there is nothing to allow", hint=hint)]
    if problems:
        raise Refused(problems)
    return screenings


def _screened(file: Incoming, size_limit: int) -> FileScreening:
    if file.name != file.path.name and (re.search(r"[/\\\\]", file.name) or not file.name.strip(". ")):
        hint = "say only what the file is called, for example --name export.csv"
        return FileScreening((Problem(f"“{file.name}” cannot name a file", hint=hint),))
    return screen(file.path, file.shown, size_limit)


def screen(path: Path, name: str, size_limit: int) -> FileScreening:
    """Looks at a file's nature, its size, its name and what is in it; `name` is what to call it."""
    where = Location(name)
    try:
        status = path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return _forbidden("there is no such file", where, "check the name, and the folder you are in")
    except OSError as error:
        return _unreadable(reason_of(error), where)
    except ValueError:
        return _unreadable("there can be no such name", where)
    nature = _nature(status.st_mode)
    if nature:
        return _forbidden(f"is {nature}", where, "only regular files can be kept as evidence: name the file itself")
    if status.st_size == 0:
        return _forbidden("is empty", where, "an empty file shows nothing: look whether it was written out")
    if status.st_size > size_limit:
        hint = "make it smaller, or raise size-limit under [evidence] in compliance.toml"
        return _forbidden(f"is {status.st_size:,} bytes; at most {size_limit:,} are taken", where, hint)
    try:
        data = path.read_bytes()
    except OSError as error:
        return _unreadable(reason_of(error), where)
    if _POINTER.match(data):
        hint = "fetch the file itself with `git lfs pull`, and file that"
        return _forbidden("is a Git LFS pointer, not the file it points to", where, hint)
    result = screened(data)
    names = tuple(name_problems(Path(name).name, name))
    return FileScreening(names, tuple(incoming_problems(result.first_of_each_kind, name)), result.why)


def unsearched_note(screenings: Mapping[str, FileScreening]) -> list[Problem]:
    """One warning of what was not searched in files that are filed together, by their names; none where all was."""
    parts = {name: screening.unsearched for name, screening in screenings.items() if screening.unsearched}
    if not parts:
        return []
    hint = "see for yourself that no key, password or card number is in it"
    if len(parts) == 1:
        ((name, part),) = parts.items()
        sentence = f"was not searched for secrets ({unsearched_words(part)})"
        return [Problem(sentence, Location(name), hint, severity=Severity.WARNING)]
    named = [f"{name} ({unsearched_words(part)})" for name, part in list(parts.items())[:_NAMED]]
    more = [f"{len(parts) - _NAMED} more"] if len(parts) > _NAMED else []
    sentence = f"{counted(len(parts), 'file')} were not searched for secrets: {', '.join([*named, *more])}"
    return [Problem(sentence, hint=hint.replace(" it", " them"), severity=Severity.WARNING)]


def _forbidden(sentence: str, where: Location, hint: str) -> FileScreening:
    return FileScreening((Problem(sentence, where, hint),))


def _unreadable(reason: str, where: Location) -> FileScreening:
    return _forbidden(f"cannot be read: {reason}", where, "check the name, and who may read the file")


def _nature(mode: int) -> str:
    if stat.S_ISREG(mode):
        return ""
    if stat.S_ISLNK(mode):
        return "a symbolic link"
    if stat.S_ISDIR(mode):
        return "a folder"
    return "a pipe" if stat.S_ISFIFO(mode) else "a special file"
