"""One entry of a list of TOML tables added or changed in a text, comments and order untouched."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date

_HEADER = re.compile(r"\s*\[")
_KEY = re.compile(r'\s*"?([A-Za-z0-9_-]+)"?\s*=')


def with_table(text: str, name: str, values: Mapping[str, object]) -> str:
    """The text with one more `[[name]]`, after the last that is there or else at the end."""
    lines = text.rstrip("\n").split("\n")
    entry = [f"[[{name}]]", *(f"{key} = {toml_value(value)}" for key, value in values.items())]
    blocks = _blocks(lines, name)
    at = blocks[-1][1] if blocks else len(lines)
    while at > 0 and not lines[at - 1].strip():
        at -= 1
    after = ["", *lines[at:]] if lines[at:] and lines[at].strip() else lines[at:]
    return "\n".join([*lines[:at], "", *entry, *after]) + "\n"


def with_values(text: str, name: str, identifier: str, values: Mapping[str, object]) -> str | None:
    """The text with keys set of the `[[name]]` that has this `id`; None where no such table stands in the text."""
    lines = text.rstrip("\n").split("\n")
    for start, end in _blocks(lines, name):
        keys = {match[1]: place for place in range(start, end) if (match := _KEY.match(lines[place]))}
        if "id" not in keys or _value(lines[keys["id"]]) not in {json.dumps(identifier), f"'{identifier}'"}:
            continue
        last = max(place for place in range(start, end) if lines[place].strip())
        for key, value in values.items():
            written = f"{key} = {toml_value(value)}"
            if key in keys:
                lines[keys[key]] = written
            else:
                lines.insert(last + 1, written)
                last += 1
        return "\n".join(lines) + "\n"
    return None


def toml_value(value: object) -> str:
    """A text, a day or a list of texts as TOML has it: JSON's escapes are among TOML's."""
    if isinstance(value, date):
        return str(value)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return f"[{', '.join(toml_value(item) for item in value)}]"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _blocks(lines: Sequence[str], name: str) -> list[tuple[int, int]]:
    """Where each `[[name]]` begins and where the next header, or the text's end, stands."""
    header = re.compile(rf'\s*\[\[\s*"?{re.escape(name)}"?\s*\]\]\s*(#.*)?')
    headers = [place for place, line in enumerate(lines) if _HEADER.match(line) and ("]]" in line or "]" in line)]
    starts = [place for place in headers if header.fullmatch(lines[place])]
    return [(start, min((place for place in headers if place > start), default=len(lines))) for start in starts]


def _value(line: str) -> str:
    return line.partition("=")[2].partition("#")[0].strip()
