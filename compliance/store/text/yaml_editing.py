"""YAML that people keep by hand, edited in place: what does not change stays as they wrote it, to the byte.

Values, keys and items are replaced, added and taken out where the parser says that they stand. A comment on lines of
its own belongs to what stands below it, and stays there when something comes in above.
"""

from __future__ import annotations

import bisect
import itertools
import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec
import yaml

from compliance.problems import Refused
from compliance.store.records.records import plain_node, render_yaml
from compliance.store.text import located
from compliance.store.text.list_changes import kept_items, runs_of
from compliance.store.text.located import Text
from compliance.store.text.yaml_spelling import composed, field_text, flow_text, item_text, scalar_text

_BLOCK_SCALARS = {"|", ">"}
_COMMA = re.compile(r"(?:\s|#[^\n\r\x85\u2028\u2029]*+)*+,(?:[ \t]*(?!#))?")
"""The comma behind an item, with the comments before it and the blanks after it, but for those before a comment."""
_ABSENT = object()


class Respelling(msgspec.Struct, frozen=True):
    """A value, the list that it is an item of (None if it stands alone), and what stands in its place.

    Several take the place of one in a list, or make a list of what stood alone; none takes it out.
    """

    value: located.Scalar
    now: tuple[str, ...]
    within: located.Sequence | None = None


def edited(data: bytes, before: Mapping[str, Any], now: Mapping[str, Any]) -> bytes:
    """The text changed where two plain values differ, and nowhere else; `before` is what the text says.

    Where an edit in place would not say what is wanted, the file is written anew.
    """
    if before == now:
        return data
    text = data.decode("utf-8-sig")
    root = composed(text)
    if not isinstance(root, yaml.MappingNode):
        return render_yaml(now)
    edits = _Edits(text)
    edits.mapping(root, before, now)
    try:
        result = edits.applied()
    except _OverlapError:
        return render_yaml(now)
    if not result.endswith(("\n", "\r")):
        result += edits.line_end
    return result.encode() if _says(result, now) else render_yaml(now)


def appended(data: bytes, key: str, item: Mapping[str, Any]) -> bytes:
    """The text with one more item at the end of the list under a key."""
    before = words_of(composed(data.decode("utf-8-sig")))
    return edited(data, before, {**before, key: [*before[key], item]})


def respelled(source: Text, changes: Iterable[Respelling]) -> str:
    """The text with the changes made.

    Raises Refused for a value that is spelled over several lines or with escapes, and where the text would not say
    afterwards what it is to say.
    """
    root = composed(source.text)
    scalars = {node.start_mark.index: (node, parent) for node, parent in _scalars(root, None)}
    edits = _Edits(source.text)
    gone: dict[int, tuple[yaml.SequenceNode, list[int]]] = {}
    spelled: dict[yaml.Node, tuple[str, ...]] = {}
    for change in changes:
        place = change.value.place
        node, parent = scalars[source.position_of(place)]
        if source.text[node.start_mark.index : node.end_mark.index].strip("'\"") != node.value:
            hint = "write it on one line, without escapes, and run the command again"
            raise Refused([source.problem(place, "is spelled in a way that is not edited here", hint)])
        spelled[node] = change.now
        if parent is not None and change.within is not None and not change.now:
            gone.setdefault(id(parent), (parent, []))[1].append(parent.value.index(node))
        else:
            edits.respell(node, parent if change.within is not None else None, change.now)
    for parent, places in gone.values():
        if len(places) < len(parent.value) or parent.flow_style:
            edits.take_items(parent, sorted(places))
        else:
            edits.empty(parent)
    result = edits.applied()
    if not _says_words(result, words_of(root, spelled)):
        hint = "write each of its lists one value a line, and run the command again"
        raise Refused([source.problem(None, "is written in a way that is not edited here", hint)])
    return result


class _OverlapError(Exception):
    """Two changes of a text touch the same characters: made one after the other, one of them would be lost."""


class _Edits:
    """Changes of spans of a text, gathered and then made at once. Spans are counted in characters from 0.

    `line_end` is how the lines of the text end.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts = Text("", text).line_starts
        self.line_end = next((end for end in ("\r\n", "\n", "\r") if end in text), "\n")
        self._last_line_is_ended = False
        self._changes: list[tuple[int, int, str]] = []

    def applied(self) -> str:
        """The text with every change made. Raises _OverlapError where two of them touch the same characters."""
        parts, at = [], 0
        for start, end, new in sorted(self._changes, key=lambda change: change[:2]):
            if start < at:
                raise _OverlapError
            parts += [self._text[at:start], new]
            at = end
        return "".join([*parts, self._text[at:]])

    def mapping(self, node: yaml.MappingNode, before: Mapping[str, Any], now: Mapping[str, Any]) -> None:
        """Changes the values of a mapping, and which keys it has."""
        pairs = {key.value: (key, value) for key, value in node.value}
        gone = [key for key in pairs if key in before and key not in now]
        fresh = [key for key in now if key not in pairs]
        if node.flow_style and (gone or fresh):
            self._put(node.start_mark.index, node.end_mark.index, flow_text(dict(now)))
            return
        for key in now:
            if key in pairs and now[key] != before.get(key, _ABSENT):
                self._value(*pairs[key], before.get(key), now[key], flow=bool(node.flow_style))
        self._take_keys(list(pairs.values()), gone)
        for key in fresh:
            later = list(now)[list(now).index(key) + 1 :]
            following = next((name for name in pairs if name in later), None)
            self._insert_key(list(pairs.values()), list(pairs).index(following) if following else len(pairs), key, now)

    def _value(self, key: yaml.Node, node: yaml.Node, before: Any, now: Any, flow: bool) -> None:
        if not self._inside(node, before, now, flow):
            if flow:
                self._put(node.start_mark.index, self._stop(node), flow_text(now))
            else:
                text = field_text(key.value, now)
                self._put(key.start_mark.index, self._stop(node), self._lines(text, self._column(key)))

    def _item(self, node: yaml.Node, before: Any, now: Any, flow: bool) -> None:
        if not self._inside(node, before, now, flow):
            text = flow_text(now) if flow else item_text(now)
            self._put(node.start_mark.index, self._stop(node), self._lines(text, self._column(node)))

    def _inside(self, node: yaml.Node, before: Any, now: Any, flow: bool) -> bool:
        """Changes a value without writing all of it anew, if that can be done."""
        if isinstance(before, dict) and isinstance(now, dict) and isinstance(node, yaml.MappingNode) and now:
            self.mapping(node, before, now)
        elif (
            isinstance(before, list)
            and isinstance(now, list)
            and isinstance(node, yaml.SequenceNode)
            and len(before) == len(node.value)
            and now
        ):
            self._sequence(node, before, now)
        elif (
            isinstance(node, yaml.ScalarNode) and node.style not in _BLOCK_SCALARS and not isinstance(now, dict | list)
        ):
            blank = " " if node.start_mark.index == node.end_mark.index else ""
            self._put(node.start_mark.index, node.end_mark.index, blank + scalar_text(now, flow, node.style))
        else:
            return False
        return True

    def _sequence(self, node: yaml.SequenceNode, before: list[Any], now: list[Any]) -> None:
        kept = kept_items(before, now)
        if not kept and not any(isinstance(item, dict) for item in (*before, *now)):
            kept = dict(enumerate(range(min(len(before), len(now)))))
        for old, new in kept.items():
            if before[old] != now[new]:
                self._item(node.value[old], before[old], now[new], flow=bool(node.flow_style))
        self.take_items(node, [at for at in range(len(before)) if at not in kept])
        staying, at = {new: old for old, new in kept.items()}, 0
        fresh: list[Any] = []
        for new, item in enumerate([*now, None]):
            if new in staying or new == len(now):
                self.insert_items(node, at, fresh)
                at, fresh = staying.get(new, 0) + 1, []
            else:
                fresh.append(item)

    def insert_items(self, node: yaml.SequenceNode, at: int, items: Sequence[Any]) -> None:
        """Puts items into a list, after the first `at` of those that it has."""
        if not items:
            return
        if node.flow_style:
            spelled = ", ".join(flow_text(item) for item in items)
            if at:
                self._put_at(self._stop(node.value[at - 1]), f", {spelled}")
            else:
                self._put_at(node.start_mark.index + 1, f"{spelled}, " if node.value else spelled)
            return
        column = self._column(node)
        lines = [
            self._lines(textwrap.indent(f"- {self._lines(item_text(item), 2)}", " " * column), 0) for item in items
        ]
        self._put_line(self._after(node.value[at - 1]) if at else self._above(node), lines)

    def take_items(self, node: yaml.SequenceNode, places: Sequence[int]) -> None:
        """Takes items out of a list, by their places in rising order; in brackets each run of them with its commas."""
        if node.flow_style:
            for first, last in runs_of(places):
                self._put(*self._between_commas(node.value[first], node.value[last]), "")
            return
        for at in places:
            item = node.value[at]
            self._put(self._line_of_item(node, item), self._after(item), "")

    def empty(self, node: yaml.SequenceNode) -> None:
        """Takes every item out of a list that is written one below the other."""
        self._put(node.start_mark.index, self._stop(node), "  []")

    def _take_keys(self, pairs: Sequence[tuple[yaml.Node, yaml.Node]], gone: Sequence[str]) -> None:
        staying = [key for key, _ in pairs if key.value not in gone]
        for key, value in pairs:
            if key.value in gone:
                start = self._line(key.start_mark.index)
                if self._text[start : key.start_mark.index].strip() and staying:  # it stands behind a hyphen
                    self._put(key.start_mark.index, staying[0].start_mark.index, "")
                elif not staying or start >= self._line(pairs[0][0].start_mark.index):
                    self._put(start, self._after(value), "")

    def _insert_key(
        self, pairs: Sequence[tuple[yaml.Node, yaml.Node]], at: int, key: str, now: Mapping[str, Any]
    ) -> None:
        text = field_text(key, now[key])
        column = self._column(pairs[0][0])
        if at == 0:
            self._put_at(pairs[0][0].start_mark.index, self._lines(text, column) + self.line_end + " " * column)
        else:
            self._put_line(self._after(pairs[at - 1][1]), [" " * column + self._lines(text, column)])

    def respell(self, node: yaml.ScalarNode, parent: yaml.SequenceNode | None, now: Sequence[str]) -> None:
        """Puts other words in the place of one, quoted as it is; in a list there may be several."""
        flow = len(now) > 1 if parent is None else bool(parent.flow_style)
        spelled = [scalar_text(word, flow, node.style) for word in now]
        if parent is None or flow:
            words = ", ".join(spelled)
            alone = parent is None and len(spelled) > 1
            self._put(node.start_mark.index, node.end_mark.index, f"[{words}]" if alone else words)
        else:
            self._put(node.start_mark.index, node.end_mark.index, spelled[0])
            lead = self._text[self._line(node.start_mark.index) : node.start_mark.index]
            if spelled[1:]:
                self._put_line(self._after(node), [lead + word for word in spelled[1:]])

    def _put(self, start: int, end: int, new: str) -> None:
        self._changes.append((start, end, new))

    def _put_at(self, at: int, new: str) -> None:
        self._changes.append((at, at, new))

    def _put_line(self, at: int, lines: Sequence[str]) -> None:
        """Lines of their own at the beginning of a line, or at the end of a text whose last line is not ended."""
        new = "".join(line + self.line_end for line in lines)
        if self._line(at) != at and not self._last_line_is_ended:
            self._put_at(at, self.line_end)
            self._last_line_is_ended = True
        self._put_at(at, new)

    def _lines(self, text: str, column: int) -> str:
        """Text whose later lines begin at a column."""
        return text.replace("\n", self.line_end + " " * column)

    def _line(self, at: int) -> int:
        """Where the line of a character begins."""
        return self._starts[bisect.bisect_right(self._starts, at) - 1]

    def _next_line(self, at: int) -> int:
        """Where the line after a character begins; the end of the text if there is none."""
        following = bisect.bisect_right(self._starts, at)
        return self._starts[following] if following < len(self._starts) else len(self._text)

    def _column(self, node: yaml.Node) -> int:
        """How many characters stand before a node in its line."""
        start: int = node.start_mark.index
        return start - self._line(start)

    def _after(self, node: yaml.Node) -> int:
        """Where the line after a node begins."""
        return self._next_line(self._stop(node))

    def _stop(self, node: yaml.Node) -> int:
        """Where the text of a node ends: a block has its end, to the parser, only where the next thing begins."""
        if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
            last = node.value[-1]
            return self._stop(last[1] if isinstance(last, tuple) else last)
        end: int = node.end_mark.index
        if isinstance(node, yaml.ScalarNode) and node.style in _BLOCK_SCALARS:
            start: int = node.start_mark.index
            return start + len(self._text[start:end].rstrip())
        return end

    def _line_of_item(self, node: yaml.SequenceNode, item: yaml.Node) -> int:
        """Where the line with an item's hyphen begins."""
        column, start = self._column(node), self._line(item.start_mark.index)
        while self._text[start + column : start + column + 1] != "-":
            start = self._line(start - 1)
        return start

    def _above(self, node: yaml.SequenceNode) -> int:
        """Where the comments above a list's first item begin."""
        start = self._line_of_item(node, node.value[0])
        while start and self._is_aside(above := self._line(start - 1)):
            start = above
        return start

    def _is_aside(self, start: int) -> bool:
        words = self._text[start : self._next_line(start)].strip()
        return not words or words.startswith("#")

    def _between_commas(self, first: yaml.Node, last: yaml.Node) -> tuple[int, int]:
        """Neighbouring items of a list in brackets with the comma that goes with them."""
        start, end = first.start_mark.index, self._stop(last)
        comma = _COMMA.match(self._text, end)
        if comma:
            return start, comma.end()
        ahead = self._text[:start].rstrip()
        return (len(ahead) - 1 if ahead.endswith(",") else start), end


def _scalars(node: Any, parent: Any) -> Iterator[tuple[yaml.ScalarNode, Any]]:
    if isinstance(node, yaml.ScalarNode):
        yield node, parent
    elif node is not None:
        for below in node.value:
            for each in below if isinstance(below, tuple) else (below,):
                yield from _scalars(each, node if isinstance(node, yaml.SequenceNode) else None)


def _says(text: str, plain: Mapping[str, Any]) -> bool:
    """Whether a text says just what a plain value does, word for word."""
    return _says_words(text, words_of(plain_node(plain)))


def _says_words(text: str, words: Any) -> bool:
    try:
        return bool(words_of(composed(text)) == words)
    except yaml.YAMLError:
        return False


def words_of(node: Any, spelled: Mapping[yaml.Node, Sequence[str]] | None = None) -> Any:
    """What a node says, in words; `spelled` has the words that stand in the place of some values."""
    if node is None:
        return None
    if isinstance(node, yaml.MappingNode):
        return {key.value: words_of(value, spelled) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        words = (spelled[item] if spelled and item in spelled else [words_of(item, spelled)] for item in node.value)
        return list(itertools.chain.from_iterable(words))
    if not spelled or node not in spelled:
        return node.value
    return list(spelled[node]) if len(spelled[node]) > 1 else "".join(spelled[node])
