"""The account that `standards import` gives of a source: what was read of it, what was skipped, and why."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

import click

from compliance.cli.session import width
from compliance.problems import printable

if TYPE_CHECKING:
    from compliance.exchange.imported import Imported

SHOWN = 20
"""How many of the things that were skipped are printed."""
_NAMED = 3
"""How many of those that are listed and never judged are named."""


def say_source(imported: Imported, source: str) -> None:
    """What was read, what the source calls itself, its licence, and what had to be decided."""
    line(f"Read {imported.read} from {source}")
    version = f"version {imported.source_version}" if imported.source_version else "no version"
    line(f"  source: {imported.source_id or 'no id'}, {version}")
    unsaid = "not stated by the source" + ("; --licence says it" if imported.catalogue else "")
    line(f"  licence: {imported.licence or unsaid}")
    for note in imported.notes:
        line(f"  {note}")


def say_skipped(imported: Imported, where: str) -> None:
    """What has no place in a catalogue, and `where` the rest is listed; then how many rows are there and not judged."""
    skipped = [one for one in imported.skipped if not one.listed]
    listed = [one.what for one in imported.skipped if one.listed]
    if skipped:
        line(f"Skipped {len(skipped):,}:")
        for one in skipped[:SHOWN]:
            line(f"  - {one.what}: {one.why}")
        if len(skipped) > SHOWN:
            line(f"  - and {len(skipped) - SHOWN:,} more: {where}")
    if listed:
        names = ", ".join(listed[:_NAMED]) + (" …" if len(listed) > _NAMED else "")
        line(f"Withdrawn, so listed and never judged: {len(listed):,} ({names})")


def line(text: str) -> None:
    """A line, folded at the terminal's width under its own first word."""
    indent = " " * (len(text) - len(text.lstrip()))
    dash = "  " if text.lstrip().startswith("- ") else ""
    shown = printable(text)
    for part in textwrap.wrap(shown, width(), subsequent_indent=f"{indent}{dash}  ", break_on_hyphens=False):
        click.echo(part)


def source_as_plain(imported: Imported, source: str, kind: str) -> dict[str, Any]:
    """The same as plain values, for JSON."""
    return {
        "format_version": 1,
        "source": {
            "file": source,
            "format": kind,
            "id": imported.source_id,
            "version": imported.source_version,
            "licence": imported.licence,
        },
        "read": imported.rows,
        "counted": imported.counted,
        "notes": list(imported.notes),
        "skipped": [{"what": one.what, "why": one.why} for one in imported.skipped],
    }
