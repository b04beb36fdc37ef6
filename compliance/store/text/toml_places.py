"""Where each table, key and value of a TOML text (version 1.0) stands: Python's own reader of TOML keeps no places.

The statements are told apart here, and what keeps a text from falling into statements is a fault with its position;
whether a single value can be read is left to Python's reader.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator

import msgspec

from compliance.store.text.located import DEEPEST, Path

_BLANK = re.compile(r"[ \t]*+")
_BLANK_LINES = re.compile(r"(?:[ \t\r\n]|#[^\n]*+)*+")
_LINE_END = re.compile(r"[ \t]*+(?:#[^\n]*+)?(?:\r?\n|\Z)")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]++")
_DATE_AND_TIME = re.compile(r"\d{4}-\d{2}-\d{2} \d{2}:[^\s,\]}#]*+")
_PLAIN = re.compile(r"""[^\s,\[\]{}#="']++""")
# Texts of several lines are read without possessive repeats, which Python before 3.11.5 gets wrong around look-aheads.
_TEXTS = {
    '"""': re.compile(r'"""(?:[^"\\]|\\.|"(?!""))*"{3,5}', re.DOTALL),
    "'''": re.compile(r"'''(?:[^']|'(?!''))*'{3,5}"),
    '"': re.compile(r'"(?:[^"\\\n]|\\[^\n])*+"'),
    "'": re.compile(r"'[^'\n]*+'"),
}
_SETTING = "write it like: name = \"value\""  # fmt: skip
_HEADING = "write it like [review] or [[scopes]]"
_CLOSE_LIST = "put commas between its values, and “]” at its end"
_CLOSE_GROUP = "put commas between its settings, none after the last, and “}” at its end, all on one line"
_ALONE = "put quotes around a text, and each setting on a line of its own"
_NO_DOTS = "no setting is: look for dots that do not belong there"
_NO_BRACKETS = "no setting is: look for brackets that are not closed"
_DEEP = f"is nested more than {DEEPEST} deep"


class TomlError(Exception):
    """What keeps a text from being TOML: the position of a character, a sentence and a hint."""

    def __init__(self, position: int, sentence: str, hint: str) -> None:
        super().__init__(sentence)
        self.position = position
        self.sentence = sentence
        self.hint = hint


class Key(msgspec.Struct, frozen=True):
    """A part of a dotted key."""

    name: str
    position: int


class Value(msgspec.Struct, frozen=True):
    """A value: one that is no list and no group, a list of values, or a group of settings with their keys."""

    position: int
    end: int
    items: tuple[Value, ...] = ()
    settings: tuple[tuple[tuple[Key, ...], Value], ...] = ()
    is_single: bool = True


class TomlStatement(msgspec.Struct, frozen=True):
    """A heading of a table, a heading of one of several tables (`[[…]]`), or a setting, which alone has a value."""

    keys: tuple[Key, ...]
    position: int
    end: int
    value: Value | None = None
    is_repeated: bool = False


class Spot(msgspec.Struct, frozen=True):
    """The positions of a key and of its value; of an entry of a list, both are that of the value."""

    key: int
    value: int


def read_statements(text: str) -> list[TomlStatement]:
    """The statements of a text, in their order. Raises TomlError where the text does not fall into statements."""
    return list(_TomlReader(text).statements())


def spots_of(statements: list[TomlStatement]) -> dict[Path, Spot]:
    """Where everything stands that is reached by a path of keys and of places in lists."""
    spots: dict[Path, Spot] = {}
    lengths: dict[Path, int] = {}
    table: Path = ()

    def enter(start: Path, keys: tuple[Key, ...]) -> Path:
        """The path that keys lead to from a table; of a list of tables, they lead into the last of it."""
        path = start
        for key in keys:
            path = (*path, key.name)
            spots.setdefault(path, Spot(key.position, key.position))
            if path in lengths:
                path = (*path, lengths[path] - 1)
        return path

    def fill(path: Path, value: Value) -> None:
        spots[path] = Spot(spots[path].key, value.position)
        for index, item in enumerate(value.items):
            spots[(*path, index)] = Spot(item.position, item.position)
            fill((*path, index), item)
        for keys, below in value.settings:
            fill(enter(path, keys), below)

    for statement in statements:
        if statement.value:
            fill(enter(table, statement.keys), statement.value)
        elif statement.is_repeated:
            path = (*enter((), statement.keys[:-1]), statement.keys[-1].name)
            spots.setdefault(path, Spot(statement.position, statement.position))
            lengths[path] = lengths.get(path, 0) + 1
            table = (*path, lengths[path] - 1)
            spots[table] = Spot(statement.position, statement.position)
        else:
            table = enter((), statement.keys)
            spots[table] = Spot(statement.position, statement.position)
    return spots


def single_values(value: Value) -> Iterator[Value]:
    """The values in a value that are no lists and no groups."""
    if value.is_single:
        yield value
    for item in value.items:
        yield from single_values(item)
    for _, below in value.settings:
        yield from single_values(below)


class _TomlReader:
    """Reads from the left to the right; `position` is that of the next character."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._position = 0

    def statements(self) -> Iterator[TomlStatement]:
        depth = 0
        while self._skip(_BLANK_LINES) < len(self._text):
            position = self._position
            if self._text.startswith("[", position):
                brackets = "[[" if self._text.startswith("[[", position) else "["
                self._position += len(brackets)
                keys = self._keys(0, "a heading has no name", _HEADING)
                depth = len(keys) + (brackets == "[[")
                if not self._text.startswith("]" * len(brackets), self._position):
                    raise TomlError(position, "is not TOML: a heading is not closed", _HEADING)
                self._position += len(brackets)
                yield TomlStatement(keys, position, self._line_end(), is_repeated=brackets == "[[")
            else:
                keys, value = self._setting(depth)
                yield TomlStatement(keys, position, self._line_end(), value)

    def _skip(self, pattern: re.Pattern[str]) -> int:
        match = pattern.match(self._text, self._position)
        self._position = match.end() if match else self._position
        return self._position

    def _line_end(self) -> int:
        match = _LINE_END.match(self._text, self._position)
        if not match:
            self._skip(_BLANK)
            raise TomlError(self._position, "is not TOML: something follows on the line", _ALONE)
        self._position = match.end()
        return self._position

    def _setting(self, depth: int) -> tuple[tuple[Key, ...], Value]:
        keys = self._keys(depth, "this line is no setting", _SETTING)
        if not self._text.startswith("=", self._position):
            raise TomlError(self._position, "is not TOML: a “=” is missing after the name", _SETTING)
        self._position += 1
        self._skip(_BLANK)
        return keys, self._value(depth + len(keys))

    def _keys(self, depth: int, sentence: str, hint: str) -> tuple[Key, ...]:
        """The parts of a key, and the blanks after it; `depth` is that of the table in which it stands."""
        keys: list[Key] = []
        while True:
            self._skip(_BLANK)
            position = self._position
            pattern = _TEXTS.get(self._text[position : position + 1], _BARE_KEY)
            match = pattern.match(self._text, position)
            if not match:
                raise TomlError(position, f"is not TOML: {sentence}", hint)
            self._position = match.end()
            keys.append(Key(_name(match[0], position), position))
            if depth + len(keys) > DEEPEST:
                raise TomlError(position, _DEEP, _NO_DOTS if len(keys) > 1 else _NO_BRACKETS)
            self._skip(_BLANK)
            if not self._text.startswith(".", self._position):
                return tuple(keys)
            self._position += 1

    def _value(self, depth: int) -> Value:
        """The value that begins here; `depth` is its own."""
        position = self._position
        if depth > DEEPEST:
            raise TomlError(position, _DEEP, _NO_BRACKETS)
        if self._text.startswith("[", position):
            return self._list(depth)
        if self._text.startswith("{", position):
            return self._group(depth)
        quote = next((quote for quote in _TEXTS if self._text.startswith(quote, position)), None)
        if quote:
            return self._quoted(quote)
        match = _DATE_AND_TIME.match(self._text, position) or _PLAIN.match(self._text, position)
        if not match:
            raise TomlError(position, "is not TOML: a value is missing", _SETTING)
        self._position = match.end()
        return Value(position, self._position)

    def _quoted(self, quote: str) -> Value:
        position = self._position
        match = _TEXTS[quote].match(self._text, position)
        if not match:
            end = self._text.find("\n", position)
            at = position if len(quote) == 3 else end if end >= 0 else len(self._text)
            raise TomlError(at, "is not TOML: a text in quotation marks is not closed", "close it at its end")
        self._position = match.end()
        return Value(position, self._position)

    def _list(self, depth: int) -> Value:
        position = self._position
        items: list[Value] = []
        self._position += 1
        while True:
            self._skip(_BLANK_LINES)
            if not self._text.startswith("]", self._position):
                items.append(self._value_in(position, depth, "a list “[…]”", _CLOSE_LIST))
                self._skip(_BLANK_LINES)
                if self._text.startswith(",", self._position):
                    self._position += 1
                    continue
            if not self._text.startswith("]", self._position):
                raise TomlError(position, "is not TOML: a list “[…]” is not closed", _CLOSE_LIST)
            self._position += 1
            return Value(position, self._position, items=tuple(items), is_single=False)

    def _value_in(self, opened: int, depth: int, what: str, hint: str) -> Value:
        """An entry of a list; where none can begin, the list is not closed."""
        if self._text[self._position : self._position + 1] in {"", ",", "=", "}"}:
            raise TomlError(opened, f"is not TOML: {what} is not closed", hint)
        return self._value(depth + 1)

    def _group(self, depth: int) -> Value:
        position = self._position
        settings: list[tuple[tuple[Key, ...], Value]] = []
        self._position += 1
        self._skip(_BLANK)
        while not self._text.startswith("}", self._position):
            if self._text[self._position : self._position + 1] in {"", "\n", "\r", "#", ","}:
                raise TomlError(position, "is not TOML: a group “{…}” is not closed", _CLOSE_GROUP)
            settings.append(self._setting(depth))
            self._skip(_BLANK)
            more = self._text.startswith(",", self._position)
            if more:
                self._position += 1
                self._skip(_BLANK)
            if more == self._text.startswith("}", self._position):
                raise TomlError(position, "is not TOML: a group “{…}” is not closed", _CLOSE_GROUP)
        self._position += 1
        return Value(position, self._position, settings=tuple(settings), is_single=False)


def _name(written: str, position: int) -> str:
    """The name that a part of a key stands for."""
    if not written.startswith('"'):
        return written.strip("'")
    try:
        (name,) = tomllib.loads(f"{written} = 0")
    except ValueError:
        hint = "write two backslashes, or put single quotes around the name"
        raise TomlError(
            position, "is not TOML: a backslash stands before a letter that it does not go with", hint
        ) from None
    return name
