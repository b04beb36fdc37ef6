"""Text with places: trees in which every value knows its line and column, and problems that show their line."""

from __future__ import annotations

import bisect
import codecs
import itertools
import re
from functools import cached_property

import msgspec

from compliance.problems import Location, Problem, Refused, Severity, refuse

DEEPEST = 24
"""Nothing that is read is nested deeper; a file that is was made by a fault, or to harm."""
LARGEST = 8_000_000
"""No record or catalogue is larger than this, in bytes."""

_NO_TEXT = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_CONFLICT = re.compile(r"^(?:<{7}|>{7})(?: |\r?$)", re.MULTILINE)
_WIDTH = 100
_BEFORE = 60
"""How much of a long line an excerpt shows, and how much of that before the place."""


class Place(msgspec.Struct, frozen=True, array_like=True):
    """Where a value begins; both count from 1."""

    line: int
    column: int


class KeyPlace(Place, frozen=True, array_like=True):
    """A place that knows the key path which leads to it."""

    path: str


class Scalar(msgspec.Struct, frozen=True):
    """One value, as text."""

    text: str
    place: Place


class Sequence(msgspec.Struct, frozen=True):
    """A list of values."""

    items: tuple[Node, ...]
    place: Place


class Entry(msgspec.Struct, frozen=True):
    """A key's place and its value."""

    key: Place
    value: Node


class Mapping(msgspec.Struct, frozen=True):
    """Keys and their values."""

    entries: dict[str, Entry]
    place: Place


Node = Scalar | Sequence | Mapping
Path = tuple[str | int, ...]
"""The way to a value: field names, and places in lists counted from 0."""


def place_at(node: Node, path: Path) -> Place:
    """Where the value of a path begins; where the path leads nowhere, the last value on the way."""
    for key in path:
        if isinstance(node, Mapping) and isinstance(key, str) and key in node.entries:
            node = node.entries[key].value
        elif isinstance(node, Sequence) and isinstance(key, int) and key < len(node.items):
            node = node.items[key]
        elif not isinstance(node, Scalar):  # one value may stand for a list of one
            break
    return node.place


class Text:
    """A file's text, for making located problems of what is found in it. Collects them; raises none.

    `first_line` is where the text begins in its file (front matter begins on the second line); `sets` is what stands
    between a field and its value. In YAML some other characters end a line as well; `only_newlines` says that here
    nothing does but a newline.
    """

    def __init__(
        self, file: str, text: str, first_line: int = 1, sets: str = ": ", *, only_newlines: bool = False
    ) -> None:
        self.file = file
        self.sets = sets
        self.problems: list[Problem] = []
        self.text = text
        self._first_line = first_line
        self._only_newlines = only_newlines

    @cached_property
    def lines(self) -> list[str]:
        """The lines, without their ends."""
        return self.text.split("\n") if self._only_newlines else self.text.splitlines()

    @cached_property
    def line_starts(self) -> list[int]:
        """The position at which each line begins; where the last line is ended, one more begins behind it."""
        if self._only_newlines:
            return [0, *(end.end() for end in re.finditer("\n", self.text))]
        *lengths, _ = map(len, f"{self.text}.".splitlines(keepends=True))
        return list(itertools.accumulate(lengths, initial=0))

    def report(self, place: Place | None, sentence: str, hint: str = "") -> None:
        """Adds a problem at a place, with the line it speaks of."""
        self.problems.append(self.problem(place, sentence, hint))

    def problem(
        self, place: Place | None, sentence: str, hint: str = "", severity: Severity = Severity.ERROR
    ) -> Problem:
        """A problem at a place of this text, or of the file as a whole."""
        if place is None:
            return Problem(sentence, Location(self.file), hint, severity=severity)
        location = Location(self.file, self.line_of(place), place.column)
        if isinstance(place, KeyPlace) and place.path:
            sentence = f"{place.path}: {sentence}"
        return Problem(sentence, location, hint, self._excerpt(place), severity)

    def line_of(self, place: Place) -> int:
        """The line of the file in which a place of this text lies."""
        return place.line + self._first_line - 1

    def place_at(self, position: int) -> Place:
        """The place of a character, counted from 0."""
        line = bisect.bisect_right(self.line_starts, position)
        return Place(line, position - self.line_starts[line - 1] + 1)

    def position_of(self, place: Place) -> int:
        """The character at a place, counted from 0; for a place behind the last line, the end of the text."""
        if place.line > len(self.line_starts):
            return len(self.text)
        return self.line_starts[place.line - 1] + place.column - 1

    def _excerpt(self, place: Place) -> str:
        """The line, and under the place a caret. Tabs and what cannot be shown take one column each, as counted."""
        if not 1 <= place.line <= len(self.lines):
            return ""
        line = self.lines[place.line - 1].rstrip()
        start = max(0, place.column - _BEFORE)
        excerpt = "".join(
            character if character.isprintable() else " " for character in line[start : start + _WIDTH]
        ).rstrip()
        return f"{excerpt}\n{' ' * (place.column - 1 - start)}^"


def unread_text(file: str, refusal: Refused) -> Text:
    """A file that could not be read as text: an empty Text with the problems that were met."""
    source = Text(file, "")
    source.problems += refusal.problems
    return source


def not_text(text: str) -> str | None:
    """The first character that is no text, such as a control character or half of one; None if there is none."""
    character = _NO_TEXT.search(text)
    return character[0] if character else None


def decode_text(data: bytes, file: str, first_line: int = 1, largest: int = LARGEST) -> str:
    """Bytes as UTF-8 text. Raises Refused for other encodings, what is no text, sizes and merge conflict markers."""
    if len(data) > largest:
        hint = "keep what is long in a file of its own, and file that as evidence"
        raise refuse(f"is {len(data):,} bytes; at most {largest:,} are read", location=Location(file), hint=hint)
    data = data.removeprefix(codecs.BOM_UTF8)
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        raise _not_utf8(data, file, error.start, first_line) from None
    source = Text(file, text, first_line)
    odd = _NO_TEXT.search(text)
    if odd:
        hint = "remove it; if there are many, the file is damaged, or no text at all"
        raise Refused(
            [
                source.problem(
                    source.place_at(odd.start()), f"holds a character that is no text (U+{ord(odd[0]):04X})", hint
                )
            ]
        )
    marked = "<<<<<<<" in text or ">>>>>>>" in text
    conflict = _CONFLICT.search(text) if marked else None
    if conflict:
        hint = "choose what stays, remove the lines that git put in (<<<<<<<, =======, >>>>>>>), and commit"
        raise Refused(
            [source.problem(source.place_at(conflict.start()), "holds the marks of a merge that was not settled", hint)]
        )
    return text


def _not_utf8(data: bytes, file: str, position: int, first_line: int) -> Refused:
    hint = "save it as UTF-8: most editors offer that under “Save as”, “Encoding”"
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return refuse("is written in UTF-16, not in UTF-8", location=Location(file), hint=hint)
    before = data[:position].decode()
    source = Text(file, before + data[position:].decode("latin-1"), first_line)
    place = source.place_at(len(before))
    return Refused([source.problem(place, f"is not written in UTF-8: byte 0x{data[position]:02x}", hint)])
