"""YAML read as a tree of text: no value is ever guessed to be a number, a date or a boolean."""

from __future__ import annotations

import re
from typing import Any

import yaml

from compliance.store.located import DEEPEST, Entry, Mapping, Node, Place, Scalar, Sequence, Text

_LOADER: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_OPENED = re.compile(r"""(?:^|[:,-]\s|[\[{])\s*(["'])""")
_TABS = "indent with spaces: YAML takes no tabs"
_PLAIN = (
    ("mapping values are not allowed", "a colon stands where none can", "put quotes around a value that has “: ” in it, or indent the line like its neighbours"),
    ("expected ',' or ']'", "a list “[…]” is not closed", "put commas between its values, and “]” at its end"),
    ("expected ',' or '}'", "a group “{…}” is not closed", "put commas between its fields, and “}” at its end"),
    ("expected key", "a field was expected here", "write it like “title: …”, and indent it like the fields beside it"),
    ("expected <block end>", "a field was expected here", "write it like “title: …”, and indent it like the fields beside it"),
    ("expected ':'", "a line has no colon after its field", "write it like “title: …”"),
    ("'-' indicator", "this line belongs neither to the list above nor to what holds it", "indent it like the lines around it"),
    ("tab character", "a tab is used to indent", _TABS),
    ("cannot start any token", "a value begins with a character that YAML keeps for itself", "put quotes around the value"),
    ("end of stream", "a text in quotation marks is not closed", "close it"),
    ("undefined alias", "a value begins with “*”, which stands for another value", "put quotes around it, or write the value out"),
    ("unknown escape", "a backslash stands before a letter that it does not go with", "write two backslashes, or put single quotes around the value"),
    ("sequence entries are not allowed", "a list begins on the line of its field", "begin it on the next line"),
    ("<document start>", "something follows that belongs to nothing above", "look at how the lines above are indented and closed"),
)  # fmt: skip
"""What the parser's words mean, and what to do."""


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
        mark = error.problem_mark or error.context_mark
        place = Place(mark.line + 1, mark.column + 1) if mark else None
        source.report(place, *_in_plain_words(error, place, source))
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
            if isinstance(event, yaml.ScalarEvent):
                self._tag(event)
                self._add(Scalar(event.value, _place(event)))
            elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
                self._tag(event)
                self._open.append(_Open(isinstance(event, yaml.MappingStartEvent), _place(event)))
                if len(self._open) > DEEPEST:
                    hint = "nothing here is: look for brackets that are not closed"
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

    def _tag(self, event: Any) -> None:
        if event.tag is not None:
            self._source.report(_place(event), f"has a YAML tag ({event.tag})", "remove it: values are read as text")

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
                self._source.report(key.place, f"repeats the field “{key.text}” of line {first}", "remove one of the two")
            else:
                entries[key.text] = Entry(key.place, value)
        return Mapping(entries, ended.place)


def _place(event: Any) -> Place:
    return Place(event.start_mark.line + 1, event.start_mark.column + 1)


def _in_plain_words(error: Any, place: Place | None, source: Text) -> tuple[str, str]:
    said = error.problem or error.context or ""
    found = next(((sentence, hint) for sign, sentence, hint in _PLAIN if sign in said), None)
    sentence, hint = found or (said, "look at this line and the one above")
    if place:
        here = source.lines[place.line - 1] if place.line <= len(source.lines) else ""
        if "\t" in here[: len(here) - len(here.lstrip())]:
            return "is not YAML: a tab is used to indent", _TABS
        unclosed = _unclosed(source, place.line)
        if unclosed:
            hint = f"line {unclosed} opens a quotation mark and does not close it"
    return f"is not YAML: {sentence}", hint


def _unclosed(source: Text, last: int) -> int | None:
    """The first line, up to one, in which a value begins with a quotation mark that the line does not close."""
    for number, line in enumerate(source.lines[:last], 1):
        opened = _OPENED.search(line)
        if opened and line.count(opened[1], opened.start(1) + 1) % 2 == 0:
            return source.line_of(Place(number, 1))
    return None
