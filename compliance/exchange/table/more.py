"""The column `more`: what a table of ours says as JSON, because no column says it."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Any

import msgspec

_USUAL: tuple[Any, ...] = ("", None, False, [], {})
"""What goes without saying: a field that has it may be left out again."""


def more_of(record: Mapping[str, str], known: Collection[str]) -> dict[str, Any]:
    """What stands under `more`. Raises ValueError with a sentence for the user."""
    text = record.get("more", "")
    if not text.strip():
        return {}
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise ValueError("“more” cannot be read; leave the cell as it was written, it is JSON") from None
    if not isinstance(found, dict):
        raise ValueError("“more” is no group of fields; leave the cell as it was written, it is JSON")
    unknown = sorted(set(found).difference(known))
    if unknown:
        raise ValueError(f"“more” has no field “{unknown[0][:40]}”; leave the cell as it was written")
    return found


def converted(plain: Any, type_: Any) -> Any:
    """A plain value as one of ours. Raises ValueError with a sentence for the user, also where some would be lost."""
    try:
        value = msgspec.convert(plain, type_)
    except (msgspec.ValidationError, RecursionError) as error:
        place = str(error).rpartition(" - at ")[2].strip("`$.") or "a value"
        raise ValueError(f"{place} is not written as it should be; leave what is JSON as it was written") from None
    again = msgspec.to_builtins(value)
    for name, given in plain.items() if isinstance(plain, dict) else ():
        if _spelt(again.get(name)) != _spelt(given) and (name in again or given not in _USUAL):
            raise ValueError(f"“{name}” is not written as it should be; leave what is JSON as it was written")
    return value


def _spelt(value: Any) -> bytes:
    return msgspec.json.encode(value, order="deterministic")
