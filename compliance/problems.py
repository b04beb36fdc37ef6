"""What is wrong, where, and what to do next: problems are values that are collected, sorted and shown together."""

from __future__ import annotations

import enum
import unicodedata
from collections.abc import Iterable

import msgspec


class Severity(enum.Enum):
    """How much a problem weighs: an error makes `check` fail, a warning does not."""

    ERROR = "error"
    WARNING = "warning"


class Location(msgspec.Struct, frozen=True, order=True):
    """A place in a file; line and column count from 1, and 0 stands for the file as a whole."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        name = printable(self.file)
        if not self.line:
            return name
        return f"{name}:{self.line}:{self.column}" if self.column else f"{name}:{self.line}"


class Problem(msgspec.Struct, frozen=True):
    """One sentence about what is wrong, where it is, and a hint that says what to do next."""

    sentence: str
    location: Location | None = None
    hint: str = ""
    excerpt: str = ""
    severity: Severity = Severity.ERROR

    @property
    def is_error(self) -> bool:
        return self.severity is Severity.ERROR

    def render(self) -> str:
        """The problem as text for a terminal: a located sentence, the line it speaks of, the hint."""
        head = f"{self.severity.value}: {printable(self.sentence)}"
        if self.location:
            head = f"{self.location}: {head}"
        lines = [head]
        if self.excerpt:
            lines += [f"    {printable(line)}" for line in self.excerpt.splitlines()]
        if self.hint:
            lines.append(f"  hint: {printable(self.hint)}")
        return "\n".join(lines)


class Refused(Exception):
    """Something for the user to fix: carries every problem found, and ends the command with exit code 2."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = in_order(problems)
        super().__init__("; ".join(problem.sentence for problem in self.problems))


def refuse(sentence: str, *, hint: str = "", location: Location | None = None, excerpt: str = "") -> Refused:
    """An exception to raise for a single problem."""
    return Refused([Problem(sentence, location=location, hint=hint, excerpt=excerpt)])


def in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Problems by place, without repeats; those without a place come first."""
    return tuple(
        sorted(
            dict.fromkeys(problems),
            key=lambda problem: (problem.location or Location(""), problem.severity.value, problem.sentence),
        )
    )


def printable(text: str) -> str:
    """Text that is safe to show on a terminal.

    Control, bidirectional and other invisible characters, and bytes that are no UTF-8, become visible escapes, so
    that a hostile file name can neither move the cursor nor read backwards.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(_visible(character) for character in text)


def _visible(character: str) -> str:
    if character == "\n":
        return "\\n"
    code = ord(character)
    if 0xDC80 <= code <= 0xDCFF:  # an undecodable byte, kept by surrogateescape
        return f"\\x{code - 0xDC00:02x}"
    if unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}:
        return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
    return character
