"""The account that `standards import` gives of a source: what was read of it, what was skipped, and why."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

import click
import msgspec

from compliance.cli.session import width
from compliance.problems import printable
from compliance.reports.parts.answers import Answer

if TYPE_CHECKING:
    from compliance.exchange.imported import Imported
    from compliance.exchange.registry import Format


class Read(msgspec.Struct, frozen=True):
    """A file that was read: its name as it was typed, its format, and what it comes to."""

    file: str
    format: Format
    imported: Imported


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
    skipped = [row for row in imported.skipped if not row.listed]
    listed = [row.what for row in imported.skipped if row.listed]
    if skipped:
        line(f"Skipped {len(skipped):,}:")
        for row in skipped[:SHOWN]:
            line(f"  - {row.what}: {row.why}")
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


class SourceView(msgspec.Struct, frozen=True):
    """The file that was imported, and what it calls itself."""

    file: str
    format: str
    id: str
    version: str
    licence: str


class SkippedView(msgspec.Struct, frozen=True):
    """Something in the source that has no place in a catalogue, and why."""

    what: str
    why: str


class SourceRead(Answer, frozen=True, kw_only=True):
    """The account of a source: how much was read of it (`counted` says of what), and what was skipped."""

    source: SourceView
    read: int
    counted: str
    notes: tuple[str, ...]
    skipped: tuple[SkippedView, ...]


class StandardImported(SourceRead, frozen=True, kw_only=True):
    """The catalogue that was made of a source. Without a commit, nothing was written."""

    standard: str
    title: str
    controls: int
    headings: int
    profiles: tuple[str, ...]
    kept: int
    files: tuple[str, ...]
    commit: str | None


class RelationCount(msgspec.Struct, frozen=True):
    """How many relations lead from one standard to another."""

    from_: str = msgspec.field(name="from")
    to: str
    count: int


class RelationsImported(SourceRead, frozen=True, kw_only=True):
    """The relations that were made of a source that relates standards. Without a commit, nothing was written."""

    relations: tuple[RelationCount, ...]
    files: tuple[str, ...]
    commit: str | None


def source_fields(imported: Imported, source: str, kind: str) -> dict[str, Any]:
    """The fields of `SourceRead`, for the answers that begin with them."""
    return {
        "source": SourceView(source, kind, imported.source_id, imported.source_version, imported.licence),
        "read": imported.rows,
        "counted": imported.counted,
        "notes": imported.notes,
        "skipped": tuple(SkippedView(skipped.what, skipped.why) for skipped in imported.skipped),
    }
