"""Foreign files read within bounds: how large, how deep, in which encoding, and where in them a fault lies."""

from __future__ import annotations

import json
import re
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from compliance.problems import Location, Refused, reason_of, refuse
from compliance.store.text.located import Place, Text, decode_text, not_text

LARGEST = 64_000_000
"""No foreign file is larger than this, in bytes: the largest that is published has about ten million."""
LARGEST_JSON = 32_000_000
MOST_VALUES = 1_000_000
"""JSON takes up to a hundred times its size in memory, so that there are bounds of its own for it: bytes, and values.
The largest OSCAL catalogue that is published has ten million bytes and a quarter of a million values."""
DEEPEST = 64
"""How deep lists and groups may lie in each other."""
LONGEST_NUMBER = 400
"""How many digits a number may have: the largest that a computer's fractions know has 309."""
_TEXT = re.compile(r'"(?:[^"\\]|\\.)*+"')
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*+"|[\[\]{},:]|[^\s"\[\]{},:]++')
_ODD = re.compile(r"\\[bf]|\\u(?:00[01]|00[789]|d[89a-f]|fff[ef])", re.IGNORECASE)
"""Escapes that may stand for no text; most of them do."""


class _RepeatedError(Exception):
    """A key stands twice in a group."""


class _NumberError(Exception):
    """A word that stands for a number is none, or one that is too long."""


def read_source(path: Path) -> bytes:
    """The bytes of a file to import. Raises Refused if there is none, if it is no file, or if it is too large."""
    where = Location(str(path))
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise refuse("is not a file", location=where, hint="name the file itself")
        with path.open("rb") as source:
            data = source.read(LARGEST + 1)
    except FileNotFoundError:
        raise refuse(
            f"there is no file {path}", hint="look at how it is written, and in which folder it lies"
        ) from None
    except OSError as error:
        raise refuse(f"cannot be read: {reason_of(error)}", location=where, hint="look at who may read it") from None
    if len(data) > LARGEST:
        hint = "import it in parts, or the standard alone without what was attached to it"
        raise refuse(f"is larger than {LARGEST // 1_000_000} MB, the most that is read", location=where, hint=hint)
    return data


def text_of(data: bytes, file: str) -> str:
    """The text of a file in UTF-8. Raises Refused, located, for any other encoding and for what is no text."""
    return decode_text(data, file, largest=LARGEST)


def json_of(data: bytes, file: str, numbers_as_text: bool = False) -> Any:
    """What a JSON file holds, as dicts, lists, text and numbers, or with numbers as the text that they are written as.

    Raises Refused with line and column for what is not JSON, for a key that stands twice in a group, for more than
    `DEEPEST` levels or `MOST_VALUES` values, and for escapes that stand for no text.
    """
    text = decode_text(data, file, largest=LARGEST_JSON)
    if text.count(",") + text.count("[") + text.count("{") > MOST_VALUES:
        hint = "import it in parts, or the standard alone without what was attached to it"
        raise refuse(f"holds more than {MOST_VALUES:,} values", location=Location(file), hint=hint)
    source = Text(file, text, only_newlines=True)
    try:
        value = json.loads(
            text,
            object_pairs_hook=_distinct,
            parse_int=str if numbers_as_text else _whole_number,
            parse_float=str if numbers_as_text else None,
            parse_constant=_no_number,
        )
    except json.JSONDecodeError as error:
        sentence, hint = _syntax_fault(text, error.pos)
        raise Refused([source.problem(Place(error.lineno, error.colno), f"is not JSON: {sentence}", hint)]) from None
    except (_RepeatedError, _NumberError, RecursionError):
        raise _first_fault(source) from None
    if _is_too_deep(value) or _hides_no_text(text):
        raise _first_fault(source)
    return value


def fault_at(data: bytes, file: str, path: Sequence[str | int], sentence: str, hint: str = "") -> Refused:
    """A refusal placed where the value of a path begins in a JSON file that `json_of` has read."""
    source = Text(file, text_of(data, file), only_newlines=True)
    position = next((start for start, way in _values(source.text) if way == tuple(path)), None)
    place = None if position is None else source.place_at(position)
    return Refused([source.problem(place, sentence, hint)])


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    group = dict(pairs)
    if len(group) < len(pairs):
        raise _RepeatedError
    return group


def _no_number(_: str) -> Any:
    raise _NumberError


def _whole_number(word: str) -> int:
    if len(word) > LONGEST_NUMBER:
        raise _NumberError
    return int(word)


def _syntax_fault(text: str, position: int) -> tuple[str, str]:
    """What keeps a text from being JSON, as the text itself shows where its reading ended; and what to do."""
    if not text.strip():
        return "it is empty", "fetch it again"
    if not text[position:].strip() or (text[position] == '"' and not _TEXT.match(text, position)):
        return "it ends too early", "the file is cut off: fetch it again"
    depth, values = 0, 0
    for token in _TOKEN.finditer(text):
        if token.end() > position:
            if token.start() < position and token[0].startswith('"'):
                return _fault_in_text(text[position])
            break
        values += 1
        depth += (token[0] in "{[") - (token[0] in "}]")
    if values and not depth:
        return "something follows its end", "remove what stands after the last bracket"
    return "something else was expected here", "look for a missing comma, bracket or quotation mark"


def _fault_in_text(character: str) -> tuple[str, str]:
    if character < " ":
        return "a text goes over the end of its line", "close its quotation marks"
    return "a backslash stands before a letter that it does not go with", "write two backslashes"


def _is_too_deep(value: Any) -> bool:
    level = [value]
    for _ in range(DEEPEST):
        level = [
            below
            for group in level
            for below in (group.values() if type(group) is dict else group if type(group) is list else ())
            if type(below) is dict or type(below) is list
        ]
        if not level:
            return False
    return True


def _hides_no_text(text: str) -> bool:
    return any(_is_no_text(token[0]) for token in _TEXT.finditer(text)) if _ODD.search(text) else False


def _is_no_text(token: str) -> bool:
    """Whether a quoted text has escapes that no file may hold: control characters, halves of a character."""
    return _ODD.search(token) is not None and not_text(json.loads(token)) is not None


def _first_fault(source: Text) -> Refused:
    """Where a text that is JSON as such goes beyond what is read."""
    groups: list[dict[str, int] | None] = []
    before = ""
    for token in _TOKEN.finditer(source.text):
        place, word = token.start(), token[0]
        if word[0] == '"' and _is_no_text(word):
            hint = "remove the escape from the text"
            return _refused(source, place, "a text stands for characters that are no text", hint)
        if word in "{[":
            groups.append({} if word == "{" else None)
            if len(groups) > DEEPEST:
                hint = "nothing that is read is: look for brackets that are not closed"
                return _refused(source, place, f"is nested more than {DEEPEST} deep", hint)
        elif word in "}]":
            groups.pop()
        elif word[0] == '"' and before in {"{", ","} and groups and (keys := groups[-1]) is not None:
            key = json.loads(word)
            if key in keys:
                first = source.place_at(keys[key]).line
                return _refused(source, place, f"repeats the key “{key}” of line {first}", "remove one of the two")
            keys[key] = place
        elif word in {"NaN", "Infinity", "-Infinity"}:
            return _refused(source, place, f"is not JSON: {word} is no number", "write a number, or null")
        elif word[0] != '"' and len(word) > LONGEST_NUMBER:
            sentence = f"has a number of more than {LONGEST_NUMBER} digits"
            return _refused(source, place, sentence, "look whether it is to be a text, in quotation marks")
        before = word
    return refuse("holds what cannot be read", location=Location(source.file), hint="fetch it again")


def _refused(source: Text, position: int, sentence: str, hint: str) -> Refused:
    return Refused([source.problem(source.place_at(position), sentence, hint)])


def _values(text: str) -> Iterator[tuple[int, tuple[str | int, ...]]]:
    """Each value of a JSON text: where it begins, and the keys and places in lists that lead to it."""
    way: list[str | int] = []
    lists: list[bool] = []
    key_next = False
    for token in _TOKEN.finditer(text):
        word = token[0]
        if word in ",:":
            if word == "," and lists[-1]:
                way[-1] = int(way[-1]) + 1
            key_next = word == "," and not lists[-1]
        elif word in "]}":
            lists.pop()
            way.pop()
            key_next = False
        elif key_next:
            way[-1] = json.loads(word)
            key_next = False
        else:
            yield token.start(), tuple(way)
            if word in "{[":
                lists.append(word == "[")
                way.append(0 if word == "[" else "")
                key_next = word == "{"
