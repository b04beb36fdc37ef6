"""What `--json` prints: one object with a format version, derived from the type that the command answers with."""

from __future__ import annotations

import json
from typing import Any

import msgspec


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """The base of what a command answers with: its fields are the keys of the JSON object, in their order.

    `format_version` is raised when a key is renamed, removed or means something else; a key that is added leaves it.
    """

    format_version: int = 1


def envelope(answer: Answer) -> dict[str, Any]:
    """The answer as plain values: days as text, names of controls and standards as they are written."""
    plain: dict[str, Any] = msgspec.to_builtins(answer, enc_hook=str, order=None)
    return plain


def as_json(answer: Answer) -> str:
    """The answer as JSON text: indented by two, keys in the order of the fields, letters as they are."""
    return json.dumps(envelope(answer), indent=2, ensure_ascii=False)
