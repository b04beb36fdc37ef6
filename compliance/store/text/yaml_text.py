"""YAML read as a tree of text: no value is ever guessed to be a number, a date or a boolean."""

from __future__ import annotations

import re
from typing import Any

import yaml

from compliance.store.text.located import DEEPEST, Entry, Mapping, Node, Place, Scalar, Sequence, Text

_LOADER: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_OPENED = re.compile(r"""(?:^|[:,-]\s|[\[{])\s*(["'])""")
_TABS = "indent with spaces: YAML takes no tabs"
_COLON = "put quotes around a value that has “: ” in it, or indent the line like its neighbours"
_QUOTES = "put quotes around the value"
_FIELD = "write it like “title: …”, and indent it like the fields beside it"
_PLAIN = (
    ("mapping values are not allowed", False, "a colon stands where none can", _COLON),
    ("expected ',' or ']'", True, "a list “[…]” is not closed", "put commas between its values, and “]” at its end"),
    ("expected ',' or '}'", True, "a group “{…}” is not closed", "put commas between its fields, and “}” at its end"),
    ("node content", True, "something begins here and does not go on", "look for brackets that are not closed"),
    ("expected key", False, "a field was expected here", _FIELD),
    ("expected <block end>", False, "a field was expected here", _FIELD),
    ("expected ':'", False, "a line has no colon after its field", "write it like “title: …”"),
    ("'-' indicator", False, "this line does not belong to the list above it", "indent it like the lines around it"),
    ("tab character", False, "a tab is used to indent", _TABS),
    ("cannot start any token", False, "a value begins with a character that YAML keeps for itself", _QUOTES),
    ("end of stream", True, "a text in quotation marks is not closed", "close it at the end of the value"),
    ("undefined alias", False, "a value begins with “*”, which stands for another value", _QUOTES),
    ("unknown escape", False, "a backslash stands before a letter that it does not go with", "write two backslashes"),
    ("sequence entries are not allowed", False, "a list begins on its field's line", "begin it on the next line"),
    ("<document start>", False, "this belongs to nothing above", "look at how the lines above are indented and closed"),
)
"""Signs in the parser's words; whether the place to show is where the unfinished thing began; and what it means."""


def read_yaml(text: str, file: str, first_line: int = 1) -> tuple[Node | None, Text]:
    """YAML as a tree of text.

    Problems (syntax, tabs, repeated keys, aliases, tags, depth) are in the Text; the tree is None if there is no
    reading it. The parser hands on one event after the other, so that neither depth nor aliases cost anything.
    """
    source = Text(file, text, first_line)
    loader = _LOADER(text)
    try:
        return _Tree(source).grown(loader), source
    except yaml.MarkedYAMLError as error:
        source.report(*_in_plain_words(error, source))
    except yaml.YAMLError as error:
        source.report(None, f"is not YAML: {str(error).splitlines()[0]}", "look at the file in a text editor")
    finally:
        loader.dispose()
    return None, source


class _Open:
    """A list or mapping whose end has not come yet; of a mapping, keys and values in turn."""

    def __init__(self, is_mapping: bool, place: Place) -> None:
        self.is_mapping = is_mapping
        self.place = place
        self.nodes: list[Node] = []


class _Tree:
    """A tree that grows by the parser's events."""

    def __init__(self, source: Text) -> None:
        self._source = source
        self._open: list[_Open] = []
        self._root: Node | None = None

    def grown(self, loader: Any) -> Node | None:
        """The tree of the only document; None, with a problem reported, if there is none or it goes too far."""
        documents = 0
        while loader.check_event():
            event = loader.get_event()
            tag = getattr(event, "tag", None)
            if tag is not None:
                return self._refused(event, f"has a YAML tag ({tag})", "remove it: values are read as text")
            if isinstance(event, yaml.ScalarEvent):
                self._add(Scalar(event.value, _place(event)))
            elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
                self._open.append(_Open(isinstance(event, yaml.MappingStartEvent), _place(event)))
                if len(self._open) > DEEPEST:
                    hint = "no record is: look for brackets that are not closed, and lines indented too far"
                    return self._refused(event, f"is nested more than {DEEPEST} deep", hint)
            elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
                self._add(self._closed(self._open.pop()))
            elif isinstance(event, yaml.AliasEvent):
                hint = "write the value out, or put quotes around it if the * is its own"
                return self._refused(event, f"stands for another value (*{event.anchor}), which is not read", hint)
            elif isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    return self._refused(event, "a second YAML document begins", "keep one, without “---” between")
        if self._root is None or (isinstance(self._root, Scalar) and not self._root.text):
            self._source.report(None, "is empty", "write what belongs in it, or remove the file")
            return None
        return self._root

    def _refused(self, event: Any, sentence: str, hint: str) -> Node | None:
        self._source.problems.clear()  # one cause, one message: what was met on the way here is part of it
        self._source.report(_place(event), sentence, hint)
        return None

    def _add(self, node: Node) -> None:
        if self._open:
            self._open[-1].nodes.append(node)
        else:
            self._root = node

    def _closed(self, ended: _Open) -> Node:
        if not ended.is_mapping:
            return Sequence(tuple(ended.nodes), ended.place)
        entries: dict[str, Entry] = {}
        for key, value in zip(ended.nodes[::2], ended.nodes[1::2], strict=True):
            if not isinstance(key, Scalar):
                self._source.report(key.place, "has a list or a group of fields for a field's name", "use a plain word")
            elif key.text in entries:
                first = self._source.line_of(entries[key.text].key)
                self._source.report(
                    key.place, f"repeats the field “{key.text}” of line {first}", "remove one of the two"
                )
            else:
                entries[key.text] = Entry(key.place, value)
        return Mapping(entries, ended.place)


def _place(event: Any) -> Place:
    return Place(event.start_mark.line + 1, event.start_mark.column + 1)


def _in_plain_words(error: Any, source: Text) -> tuple[Place | None, str, str]:
    """Where the parser stopped or, if it tells, where what it could not finish began; and why, in words that help."""
    said = error.problem or error.context or ""
    sentence, hint, at_start = next(
        ((sentence, hint, at_start) for sign, at_start, sentence, hint in _PLAIN if sign in said),
        (said, "look at this line and the one above", False),
    )
    mark = (error.context_mark if at_start else None) or error.problem_mark or error.context_mark
    if mark is None or not source.lines:
        return None, f"is not YAML: {sentence}", hint
    last = len(source.lines)
    place = Place(mark.line + 1, mark.column + 1) if mark.line < last else Place(last, len(source.lines[-1]) + 1)
    here = source.lines[place.line - 1]
    if "\t" in here[: len(here) - len(here.lstrip())] or here[place.column - 1 :].startswith("\t"):
        return place, "is not YAML: a tab is used to indent", _TABS
    unclosed = _unclosed(source, place.line)
    if unclosed:
        return unclosed, "is not YAML: a text in quotation marks is not closed", "close it at the end of the value"
    return place, f"is not YAML: {sentence}", hint


def _unclosed(source: Text, last: int) -> Place | None:
    """The first value up to a line that begins with a quotation mark which its line does not close."""
    for number, line in enumerate(source.lines[:last], 1):
        opened = _OPENED.search(line)
        if opened and line.count(opened[1], opened.end(1)) % 2 == 0:
            return Place(number, opened.start(1) + 1)
    return None
