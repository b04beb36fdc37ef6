"""What is wrong with a text that the YAML parser refused, told from the text itself and not from the parser's words."""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from compliance.store.text.located import DEEPEST, Place, Text

TOO_DEEP = f"is nested more than {DEEPEST} deep"
TOO_DEEP_HINT = "no record is: look for brackets that are not closed, and lines indented too far"

_QUOTE_OPENED = re.compile(r"""(?:^|[:-]\s|[\[{,])\s*(["'])""")
_BLOCK_TEXT_OPENED = re.compile(r"[:-]\s+[|>][-+\d]*\s*$")
_FIELD_COLON = re.compile(r":(?:\s|$)")
_TOKEN = re.compile(r"""\"(?:[^"\\]|\\.)*+"|'[^']*+'|[\[\]{}]""", re.DOTALL)
_TABS = "indent with spaces: YAML takes no tabs"
_COLON = "put quotes around a value that has “: ” in it, or indent the line like its neighbours"
_QUOTES = "put quotes around the value"
_FIELD = "write it like “title: …”, and indent it like the fields beside it"


class Opened(msgspec.Struct, frozen=True):
    """A list or mapping that had begun and not ended when the parser gave up; in brackets, or by indentation."""

    is_mapping: bool
    is_bracketed: bool
    place: Place


class Stop(msgspec.Struct, frozen=True):
    """How far the parser came.

    `place` is where it gave up, `unfinished` where the thing begins that it could not finish, as far as it says so.
    `begun` and `ended` are the ends of the last thing that it handed on; it may have read ahead of that.
    """

    opened: Sequence[Opened]
    begun: Place
    ended: Place
    place: Place | None
    unfinished: Place | None


def explain(source: Text, stop: Stop) -> tuple[Place | None, str, str]:
    """The place of the fault, a sentence and a hint."""
    if stop.place is None:
        return None, "is not YAML", "look at the file in a text editor"
    deep = _first_too_deep(source, stop, stop.place)
    if deep:
        return deep, TOO_DEEP, TOO_DEEP_HINT
    place, sentence, hint = (
        _fault_of_characters(source, stop, stop.place)
        or _fault_of_brackets(source, stop, stop.place)
        or _fault_of_lines(source, stop, stop.place)
    )
    return place, f"is not YAML: {sentence}", hint


def _fault_of_characters(source: Text, stop: Stop, place: Place) -> tuple[Place, str, str] | None:
    """What is wrong with the characters at a place: tabs, quotation marks, characters that have a meaning in YAML."""
    line = source.lines[place.line - 1]
    before, rest = line[: place.column - 1], line[place.column - 1 :]
    if "\t" in line[: len(line) - len(line.lstrip())] or rest.startswith("\t"):
        return place, "a tab is used to indent", _TABS
    if (rest.startswith("\\") or before.endswith("\\")) and _is_in_quotes(source, stop, place):
        return place, "a backslash stands before a letter that it does not go with", "write two backslashes"
    quote = _unclosed_quote(source, stop, place)
    if quote:
        return quote, "a text in quotation marks is not closed", "close it at the end of the value"
    if rest[:1] in {"@", "`", "%", "|", ">"} or before.endswith(("&", "*")):
        return place, "a value begins with a character that YAML keeps for itself", _QUOTES
    if _BLOCK_TEXT_OPENED.search(before):
        return place, "a text begins on the line of its “|”", "begin it on the next line, and indent it"
    return None


def _fault_of_brackets(source: Text, stop: Stop, place: Place) -> tuple[Place, str, str] | None:
    innermost = stop.opened[-1] if stop.opened else None
    if innermost and innermost.is_bracketed:
        if innermost.is_mapping:
            return innermost.place, "a group “{…}” is not closed", "put commas between its fields, and “}” at its end"
        return innermost.place, "a list “[…]” is not closed", "put commas between its values, and “]” at its end"
    if source.lines[place.line - 1][place.column - 1 :].startswith(("]", "}")):
        return place, "a bracket is closed here that is not open", _QUOTES
    return None


def _fault_of_lines(source: Text, stop: Stop, place: Place) -> tuple[Place, str, str]:
    """What is wrong where a line as such is well written, but not in its place, or not for a field."""
    field = stop.unfinished
    if field and field.line < place.line and not _FIELD_COLON.search(source.lines[field.line - 1]):
        return field, "a line has no colon after its field", "write it like “title: …”"
    rest = source.lines[place.line - 1][place.column - 1 :]
    if rest.startswith(":"):
        return place, "a colon stands where none can", _COLON
    if not stop.opened:
        return place, "this belongs to nothing above", "look at how the lines above are indented and closed"
    if not stop.opened[-1].is_mapping:
        return place, "this line does not belong to the list above it", "indent it like the lines around it"
    if rest.startswith("- "):
        hint = "begin it on the line after its field's, and indent it"
        return place, "a list begins where a field was expected", hint
    return place, "a field was expected here", _FIELD


def _is_in_quotes(source: Text, stop: Stop, place: Place) -> bool:
    """Whether a place lies in a text with a quotation mark at each end."""
    start, position = source.position_of(stop.ended), source.position_of(place)
    tokens = _TOKEN.finditer(source.text, start)
    token = next((token for token in tokens if token.end() > position), None)
    return token is not None and token.start() < position and token[0].startswith('"')


def _unclosed_quote(source: Text, stop: Stop, place: Place) -> Place | None:
    """The first quotation mark that begins a value and that its line does not close, up to a place."""
    for number in range(stop.begun.line, place.line + 1):
        line = source.lines[number - 1]
        first = stop.begun.column - 1 if number == stop.begun.line else 0
        for quote in _QUOTE_OPENED.finditer(line):
            if quote.start(1) >= first and line.count(quote[1], quote.end(1)) % 2 == 0:
                return Place(number, quote.start(1) + 1)
    return None


def _first_too_deep(source: Text, stop: Stop, place: Place) -> Place | None:
    """The bracket that goes too deep, among those which the parser has read ahead of what it handed on."""
    depth = len(stop.opened)
    for token in _TOKEN.finditer(source.text, source.position_of(stop.ended), source.position_of(place)):
        if token[0] in "[{":
            depth += 1
            if depth > DEEPEST:
                return source.place_at(token.start())
        elif token[0] in "]}":
            depth -= 1
    return None
