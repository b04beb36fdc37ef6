"""What is wrong, where, and what to do next: problems are values that are collected, sorted and shown together."""

from __future__ import annotations

import datetime as dt
import enum
import errno
import unicodedata
from collections.abc import Callable, Collection, Iterable
from typing import TypeVar

import msgspec

Parsed = TypeVar("Parsed")


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

    def joined_by(self, problems: Iterable[Problem]) -> Refused:
        """The same, with more to say."""
        return type(self)([*self.problems, *problems])


class Stopped(Refused):
    """What was recorded when the user interrupted: ends the command as an interruption does."""


class UnreadFile(Refused):
    """A file that cannot be read is needed; what is wrong in it is among the problems of the ledger."""


def refuse(sentence: str, *, hint: str = "", location: Location | None = None, excerpt: str = "") -> Refused:
    """An exception to raise for a single problem."""
    return Refused([Problem(sentence, location=location, hint=hint, excerpt=excerpt)])


def sentence_and_hint(error: ValueError) -> tuple[str, str]:
    """What such an error says is wrong, and what it says to do: the part after its last semicolon, or nothing."""
    sentence, semicolon, hint = str(error).rpartition("; ")
    return (sentence, hint) if semicolon and "”" not in hint else (str(error), "")


def refusal(error: ValueError) -> Refused:
    """The same as an exception to raise: the sentence, and what to do as its hint."""
    sentence, hint = sentence_and_hint(error)
    return refuse(sentence, hint=hint)


def must_parse(parse: Callable[[str], Parsed], text: str) -> Parsed:
    """What a parser makes of a text. Raises Refused with the sentence of the ValueError that it raises."""
    try:
        return parse(text)
    except ValueError as error:
        raise refusal(error) from None


def in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Problems by place, without repeats; those without a place come first."""
    return tuple(
        sorted(
            dict.fromkeys(problems),
            key=lambda problem: (problem.location or Location(""), problem.severity.value, problem.sentence),
        )
    )


_SYSTEM = {
    "EACCES": "permission is denied",
    "EBUSY": "another program is using it",
    "EDQUOT": "your share of the disk is full",
    "EEXIST": "it is there already",
    "EFBIG": "it is too large for this disk",
    "EIO": "the disk reports a fault",
    "EISDIR": "it is a folder",
    "ELOOP": "its links lead in a circle",
    "EMFILE": "too many files are open",
    "ENAMETOOLONG": "its name is too long",
    "ENFILE": "too many files are open",
    "ENOENT": "it is not there",
    "ENOEXEC": "it is not a program for this machine",
    "ENOMEM": "there is not enough memory",
    "ENOSPC": "the disk is full",
    "ENOTDIR": "a folder on the way to it is a file",
    "EPERM": "permission is denied",
    "EROFS": "the disk is read-only",
    "ETXTBSY": "another program is using it",
}
"""What the system's codes for a failure mean; its own words differ from system to system."""


def reason_of(error: OSError) -> str:
    """Why the system refused something, in words of ours that can follow a colon."""
    code = errno.errorcode.get(error.errno or 0, "")
    return _SYSTEM.get(code) or (f"the system refuses it ({code})" if code else "the system refuses it")


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


MOST_CHOICES = 40
"""A hint lists this many choices at most."""


def nearest(word: str, choices: Iterable[str], most: int = 1) -> list[str]:
    """The choices that a mistyped word is like, the likest first, `most` of them at most."""
    import difflib  # here, not above: a command that goes well must not pay for it

    return difflib.get_close_matches(word, list(choices), n=most, cutoff=0.6)


def choice_hint(word: str, choices: Iterable[str], otherwise: str | None = None) -> str:
    """A hint that names the choice a word is like.

    If it is like none, the hint is `otherwise`; without that, the choices, or nothing if there are none or over 40.
    """
    possible = list(choices)
    if near := nearest(word, possible):
        return f"did you mean {near[0]}?"
    if otherwise is not None:
        return otherwise
    return f"choose from {', '.join(sorted(possible))}" if 0 < len(possible) <= MOST_CHOICES else ""


def unknown(noun: str, word: str, choices: Iterable[str], otherwise: str | None = None) -> Problem:
    """The problem of a name that nothing has, with the name that may have been meant as its hint."""
    return Problem(f"there is no {noun} “{word}”", hint=choice_hint(word, choices, otherwise))


def must_be_known(noun: str, word: str, choices: Collection[str], otherwise: str | None = None) -> None:
    """Raises Refused unless the name is one of the choices."""
    if word not in choices:
        raise Refused([unknown(noun, word, choices, otherwise)])


def in_the_future(day: dt.date) -> str:
    """The sentence for a day by which something cannot have happened yet."""
    return f"{day} lies in the future"


def must_not_be_future(day: dt.date | None, today: dt.date, hint: str) -> None:
    """Raises Refused for a day after today."""
    if day is not None and day > today:
        raise refuse(in_the_future(day), hint=hint)


def split_pair(text: str, form: str, example: str) -> tuple[str, str]:
    """The two sides, without blanks around them, of what is written like NAME=VALUE (the form, as a message names it).

    Raises Refused, with the example as its hint, if a side or the equals sign is missing.
    """
    name, _, value = (part.strip() for part in text.partition("="))
    if not name or not value:
        raise not_a_pair(text, form, example)
    return name, value


def split_pairs(texts: Iterable[str], form: str, example: str) -> dict[str, str]:
    """The same for many, as a mapping. Raises Refused for a name that comes twice, too."""
    pairs: dict[str, str] = {}
    for text in texts:
        name, value = split_pair(text, form, example)
        if name in pairs:
            raise refuse(f"“{name}” has two values: “{pairs[name]}” and “{value}”", hint="leave one of them out")
        pairs[name] = value
    return pairs


def not_a_pair(text: str, form: str, example: str) -> Refused:
    """The exception to raise for what is not written like NAME=VALUE, or has a name there that nothing knows."""
    return refuse(f"“{text}” is not {form}", hint=f"for example {example}")


def counted(number: int, noun: str, plural: str = "") -> str:
    """A number with its noun: `1 gap`, `1,200 gaps`. The plural is needed only where it does not end in a mere s."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def with_article(noun: str) -> str:
    """A noun with its article: `a scan`, `an attestation`; of minutes there is a set."""
    if noun.startswith("minutes"):
        return f"a set of {noun}"
    return f"{'an' if noun[0] in 'aeiouAEIOU' else 'a'} {noun}"


def shell(*words: str) -> str:
    """Words as they can be pasted into a shell: quoted where that is needed."""
    import shlex

    return shlex.join(words)
