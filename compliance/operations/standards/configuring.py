"""`compliance.toml` written: a new one, and a standard added to one that is there, comments and order untouched."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date

from compliance.domain.terms.references import StandardName


def new_configuration(
    organisation: str, scopes: Sequence[tuple[str, str]], time_zone: str, start: date | None = None
) -> str:
    """The text of a first `compliance.toml`."""
    lines = [
        "# The settings of this compliance workspace; see docs/format.md of the program, or `compliance init --help`.",
        "format = 1",
        f"organisation = {_text(organisation)}",
        f"time-zone = {_text(time_zone)}",
        'bank-holidays = "GB-ENG"',
        'horizon = "60 days"                      # a lapse this near is announced',
        'classifications = ["PUBLIC", "OFFICIAL", "OFFICIAL-SENSITIVE"]   # lowest first',
        "",
        "[review]",
        "# Kinds of evidence that must be approved, by somebody other than who recorded them:",
        "kinds = []",
        "approver-may-be-recorder = false",
    ]
    for scope, title in scopes:
        lines += ["", "[[scopes]]", f"id = {_text(scope)}", f"title = {_text(title)}"]
        if start:
            lines.append(f"start = {start}")
    return "\n".join(lines) + "\n"


def with_standard(text: str, standard: StandardName, scopes: Sequence[str], profiles: Sequence[str]) -> str:
    """The configuration with one more standard in use, for these scopes and profiles."""
    lines = ["", "[[standards]]", f"standard = {_text(str(standard))}"]
    if scopes:
        lines.append(f"scopes = [{', '.join(_text(scope) for scope in scopes)}]")
    if profiles:
        lines.append(f"profiles = [{', '.join(_text(profile) for profile in profiles)}]")
    return text.rstrip("\n") + "\n" + "\n".join(lines) + "\n"


def _text(value: str) -> str:
    """A TOML string: JSON's escapes are among TOML's."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
