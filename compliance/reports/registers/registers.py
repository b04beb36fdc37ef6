"""Records of a register listed and shown: tables, one record in full, and plain values for JSON."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

from compliance.domain.registers.parts.register import Register
from compliance.problems import counted, printable
from compliance.reports.parts.terminal import table
from compliance.reports.parts.wording import cut
from compliance.store.records.records import plain_of

FORMAT_VERSION = 1


LONGEST = 240
"""How much of a title a list shows: the whole of it is in `show`."""


def list_as_text(headers: Sequence[str], rows: Sequence[Sequence[str]], width: int, right: Sequence[int] = ()) -> str:
    """One row for each record; the last column takes the room that is left."""
    shown = [(*row[:-1], "\n".join(cut(line, LONGEST) for line in row[-1].split("\n"))) for row in rows]
    return table(headers, shown, width, flexible=len(headers) - 1, right=right)


def none_as_text(register: Register[Any], there: int, every: bool, chosen: bool) -> str:
    """What is said in place of an empty list: whether there is nothing at all, or nothing of what was asked for."""
    if not there:
        return f"No {register.name} is recorded. Record one with: compliance {register.name} add"
    if every:
        return f"None of the {counted(there, register.name)} recorded."
    said = " of what was asked for" if chosen else ""
    return f"No {register.name} is open{said}; {there} recorded: compliance {register.name} list --all"


def list_as_plain(
    register: Register[Any], records: Sequence[Any], more: Mapping[str, Mapping[str, Any]]
) -> dict[str, Any]:
    """The records as plain values, for JSON; `more` adds by id what is worked out from them."""
    return {
        "format_version": FORMAT_VERSION,
        register.plural: [{**_json(plain_of(one)), **_json(more.get(one.id, {}))} for one in records],
    }


def as_plain(register: Register[Any], record: Any, more: Mapping[str, Any]) -> dict[str, Any]:
    """One record as plain values, for JSON."""
    return {"format_version": FORMAT_VERSION, register.name: {**_json(plain_of(record)), **_json(more)}}


def as_text(record: Any, heading: str, facts: Mapping[str, Any], width: int) -> str:
    """One record in full: a heading, what is worked out from it, then every field as its file has it."""
    plain = plain_of(record)
    name = plain.get("title") or plain.get("name") or ""
    lines = textwrap.wrap(printable(f"{record.id}  {name}"), width, subsequent_indent="  ")
    if heading:
        lines += textwrap.wrap(printable(heading), width)
    lines += _fields({**facts, **{key: value for key, value in plain.items() if key not in {"id", "title"}}}, width, "")
    return "\n".join(lines)


def _fields(values: Mapping[str, Any], width: int, indent: str) -> list[str]:
    lines = []
    for name, value in values.items():
        if isinstance(value, dict):
            lines += [f"{indent}{name}:", *_fields(value, width, f"{indent}  ")]
        elif isinstance(value, list) and any(isinstance(one, dict) for one in value):
            lines.append(f"{indent}{name}:")
            for one in value:
                below = _fields(one, width, f"{indent}    ")
                lines += [f"{indent}  - {below[0].strip()}", *below[1:]] if below else []
        else:
            words = ", ".join(str(one) for one in value) if isinstance(value, list) else _word(value)
            lines += textwrap.wrap(
                printable(f"{indent}{name}: {words}"), width, subsequent_indent=f"{indent}  ", break_on_hyphens=False
            )
    return lines


def _word(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "–" if value is None else str(value)


def _json(value: Any) -> Any:
    """Plain values as JSON has them: days become text."""
    if isinstance(value, Mapping):
        return {key: _json(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_json(one) for one in value]
    return value if isinstance(value, str | int | bool) or value is None else str(value)
