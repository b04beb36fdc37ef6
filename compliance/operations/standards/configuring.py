"""`compliance.toml` written: a new one, and a standard added to one that is there, comments and order untouched."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from compliance.domain.terms.references import StandardName
from compliance.store.text.toml_tables import toml_value, with_table


def new_configuration(
    organisation: str, scopes: Sequence[tuple[str, str]], time_zone: str, start: date | None = None
) -> str:
    """The text of a first `compliance.toml`."""
    lines = [
        "# The settings of this compliance workspace; see docs/format.md of the program, or `compliance init --help`.",
        "format = 1",
        f"organisation = {toml_value(organisation)}",
        f"time-zone = {toml_value(time_zone)}",
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
        lines += ["", "[[scopes]]", f"id = {toml_value(scope)}", f"title = {toml_value(title)}"]
        if start:
            lines.append(f"start = {start}")
    return "\n".join(lines) + "\n"


def with_standard(text: str, standard: StandardName, scopes: Sequence[str], profiles: Sequence[str]) -> str:
    """The configuration with one more standard in use, for these scopes and profiles."""
    values = {"standard": str(standard), "scopes": scopes, "profiles": profiles}
    return with_table(text, "standards", {key: value for key, value in values.items() if value})
