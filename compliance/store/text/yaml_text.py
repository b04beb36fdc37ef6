"""YAML read as a tree of text: no value is ever guessed to be a number, a date or a boolean."""

from __future__ import annotations

from typing import Any

import yaml

from compliance.problems import Refused
from compliance.store.text.located import (
    DEEPEST,
    Entry,
    Mapping,
    Node,
    Place,
    Scalar,
    Sequence,
    Text,
    decode_text,
    unread_text,
)
from compliance.store.text.yaml_faults import TOO_DEEP, TOO_DEEP_HINT, Opened, Stop, explain

_LOADER: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_yaml(text: str, file: str, first_line: int = 1) -> tuple[Node | None, Text]:
    """YAML as a tree of text.

    Problems (syntax, tabs, repeated keys, aliases, tags, depth) are in the Text; the tree is None if there is no
    reading it. The parser hands on one event after the other, so that neither depth nor aliases cost anything.
    """
    source = Text(file, text, first_line)
    loader = _LOADER(text)
    tree = _YamlTree(source)
    try:
        return tree.grown(loader), source
    except yaml.YAMLError as error:
        source.problems.clear()  # what was met on the way here follows from this
        source.report(*explain(source, tree.stopped(error)))
    finally:
        loader.dispose()
    return None, source


def read_yaml_file(data: bytes, file: str, first_line: int = 1) -> tuple[Node | None, Text]:
    """The bytes of a file as a tree of text; what keeps them from being text is among the problems as well."""
    try:
        return read_yaml(decode_text(data, file, first_line), file, first_line)
    except Refused as refusal:
        return None, unread_text(file, refusal)


class _Open:
    """A list or mapping whose end has not come yet; of a mapping, keys and values in turn."""

    def __init__(self, event: Any) -> None:
        self.is_mapping = isinstance(event, yaml.MappingStartEvent)
        self.is_bracketed = bool(event.flow_style)
        self.place = _place(event.start_mark)
        self.nodes: list[Node] = []


class _YamlTree:
    """A tree that grows by the parser's events."""

    def __init__(self, source: Text) -> None:
        self._source = source
        self._open: list[_Open] = []
        self._latest: Any = None
        self._root: Node | None = None

    def grown(self, loader: Any) -> Node | None:
        """The tree of the only document; None, with a problem reported, if there is none or it goes too far."""
        documents = 0
        while loader.check_event():
            event = loader.get_event()
            self._latest = event
            tag = getattr(event, "tag", None)
            if tag is not None:
                return self._refused(event, f"has a YAML tag ({tag})", "remove it: values are read as text")
            if isinstance(event, yaml.ScalarEvent):
                self._add(Scalar(event.value, _place(event.start_mark)))
            elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
                self._open.append(_Open(event))
                if len(self._open) > DEEPEST:
                    return self._refused(event, TOO_DEEP, TOO_DEEP_HINT)
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

    def stopped(self, error: yaml.YAMLError) -> Stop:
        """How far the parser came before it raised this."""
        problem = self._within(getattr(error, "problem_mark", None))
        context = self._within(getattr(error, "context_mark", None))
        return Stop(
            opened=[Opened(node.is_mapping, node.is_bracketed, node.place) for node in self._open],
            begun=_place(self._latest.start_mark) if self._latest else Place(1, 1),
            ended=_place(self._latest.end_mark) if self._latest else Place(1, 1),
            place=problem or context,
            unfinished=context,
        )

    def _within(self, mark: Any) -> Place | None:
        """A mark as a place in the text; behind its last character where the mark lies behind its last line."""
        if mark is None or not self._source.lines:
            return None
        last = len(self._source.lines)
        return _place(mark) if mark.line < last else Place(last, len(self._source.lines[-1]) + 1)

    def _refused(self, event: Any, sentence: str, hint: str) -> Node | None:
        self._source.problems.clear()  # one cause, one message: what was met on the way here is part of it
        self._source.report(_place(event.start_mark), sentence, hint)
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


def _place(mark: Any) -> Place:
    return Place(mark.line + 1, mark.column + 1)
