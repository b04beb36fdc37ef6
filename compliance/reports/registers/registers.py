"""Records of a register listed and shown: tables, one record in full, and plain values for JSON."""

from __future__ import annotations

import datetime as dt
import enum
import functools
import types
import typing
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from compliance.domain.registers.parts.register import Register
from compliance.problems import counted
from compliance.reports.parts.answers import Answer
from compliance.reports.parts.terminal import cut, table, wrapped
from compliance.store.records.records import plain_of

LONGEST = 240
"""How much of a title a list shows: the whole of it is in `show`."""


def list_as_text(headers: Sequence[str], rows: Sequence[Sequence[str]], width: int, right: Sequence[int] = ()) -> str:
    """One row for each record; the last column takes the room that is left."""
    shortened = [(*row[:-1], "\n".join(cut(line, LONGEST) for line in row[-1].split("\n"))) for row in rows]
    return table(headers, shortened, width, flexible=len(headers) - 1, right=right)


def none_as_text(register: Register[Any], there: int, every: bool, chosen: bool) -> str:
    """What is said in place of an empty list: whether there is nothing at all, or nothing of what was asked for."""
    if not there:
        return f"No {register.name} is recorded. Record one with: compliance {register.word} add"
    if every:
        return f"None of the {counted(there, register.name, register.plural)} recorded."
    restriction = " of what was asked for" if chosen else ""
    return f"No {register.name} is open{restriction}; {there} recorded: compliance {register.word} list --all"


@functools.cache
def list_type(register: Register[Any]) -> type[Answer]:
    """What `list --json` of a register answers with: its records, under the register's own name for them."""
    return _answer(f"{register.record.__name__}List", register.plural, _tuple_of(written_type(register.record)))


@functools.cache
def shown_type(register: Register[Any]) -> type[Answer]:
    """What `show --json` of a register answers with: the record, under the register's name."""
    return _answer(f"{register.record.__name__}Shown", register.name, written_type(register.record))


def _answer(name: str, key: str, type_: Any) -> type[Answer]:
    field = (key.replace("-", "_"), type_, msgspec.field(name=key))
    struct: Any = msgspec.defstruct(name, [field], bases=(Answer,), frozen=True, kw_only=True)
    struct.__doc__ = "Records as their files have them, each with what is worked out from it."
    answer: type[Answer] = struct
    return answer


def _tuple_of(type_: Any) -> Any:
    return tuple.__class_getitem__((type_, ...))


def written_type(type_: Any) -> Any:
    """The type of a value as its file writes it: names with hyphens; controls, periods and numbers as text."""
    origin, arguments = typing.get_origin(type_), typing.get_args(type_)
    if origin in {typing.Union, types.UnionType}:
        return functools.reduce(lambda union, other: union | other, map(written_type, arguments))
    if origin is tuple:
        return _tuple_of(written_type(arguments[0]))
    if origin is dict:
        return dict.__class_getitem__((str, written_type(arguments[1])))
    if isinstance(type_, type) and issubclass(type_, msgspec.Struct) and not type_.__struct_config__.array_like:
        return _written_struct(type_)
    kept = {str, int, bool, dt.date, types.NoneType}
    return type_ if type_ in kept or (isinstance(type_, type) and issubclass(type_, enum.Enum)) else str


@functools.cache
def _written_struct(struct: type[msgspec.Struct]) -> type[msgspec.Struct]:
    fields: list[Any] = []
    hints = typing.get_type_hints(struct)
    for field in msgspec.structs.fields(struct):
        name = field.encode_name.replace("_", "-")
        default = {} if field.required else {"default": None}
        fields.append((field.name, written_type(hints[field.name]), msgspec.field(name=name, **default)))
    written = msgspec.defstruct(f"{struct.__name__}Written", fields, frozen=True, kw_only=True)
    written.__doc__ = (struct.__doc__ or "").partition("\n")[0]
    return written


def list_view(register: Register[Any], records: Sequence[Any], more: Mapping[str, Mapping[str, Any]]) -> Answer:
    """The records as `--json` has them; `more` adds by id what is worked out from them."""
    plain = tuple({**_json(plain_of(record)), **_json(more.get(record.id, {}))} for record in records)
    fields: dict[str, Any] = {register.plural.replace("-", "_"): plain}
    return list_type(register)(**fields)


def view(register: Register[Any], record: Any, more: Mapping[str, Any]) -> Answer:
    """One record as `--json` has it."""
    fields: dict[str, Any] = {register.name.replace("-", "_"): {**_json(plain_of(record)), **_json(more)}}
    return shown_type(register)(**fields)


def as_text(record: Any, facts: Mapping[str, Any], width: int) -> str:
    """One record in full: its name, what is worked out from it, then every field as its file has it."""
    plain = plain_of(record)
    name = plain.get("title") or plain.get("name") or ""
    lines = wrapped(f"{record.id}  {name}", width, below="  ")
    lines += _fields({**facts, **{key: value for key, value in plain.items() if key not in {"id", "title"}}}, width, "")
    return "\n".join(lines)


def _fields(values: Mapping[str, Any], width: int, indent: str) -> list[str]:
    lines = []
    for name, value in values.items():
        if isinstance(value, dict):
            lines += [f"{indent}{name}:", *_fields(value, width, f"{indent}  ")]
        elif isinstance(value, list) and any(isinstance(element, dict) for element in value):
            lines.append(f"{indent}{name}:")
            for element in value:
                below = _fields(element, width, f"{indent}    ")
                lines += [f"{indent}  - {below[0].strip()}", *below[1:]] if below else []
        else:
            words = ", ".join(str(element) for element in value) if isinstance(value, list) else _word(value)
            lines += wrapped(f"{indent}{name}: {words}", width, below=f"{indent}  ", break_on_hyphens=False)
    return lines


def _word(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "–" if value is None else str(value)


def _json(value: Any) -> Any:
    """Plain values as JSON has them: days become text."""
    if isinstance(value, Mapping):
        return {key: _json(member) for key, member in value.items()}
    if isinstance(value, list | tuple):
        return [_json(element) for element in value]
    return value if isinstance(value, str | int | bool) or value is None else str(value)
