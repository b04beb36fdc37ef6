"""What `compliance standards import` does with a file that relates standards: an overlay, and its account."""

from __future__ import annotations

import textwrap

import click

from compliance.cli.session import as_json, told, width
from compliance.domain.ledger import Ledger
from compliance.exchange.imported import Imported
from compliance.ledger.opening import Workspace
from compliance.problems import printable

SHOWN = 20
"""How many of the things that were skipped are printed."""


def import_mappings(
    workspace: Workspace, ledger: Ledger, imported: Imported, file: str, dry_run: bool, json_: bool
) -> None:
    """Commits the relations as an overlay, unless it is only to be said what would be."""
    from compliance.operations.relating import plan_relating, relate

    planned = plan_relating(workspace, ledger, imported, file)
    commit = ""
    if not dry_run:
        committed = relate(workspace, planned)
        told(committed.notes)
        commit = committed.commit
    skipped = planned.imported.skipped
    if json_:
        plain = {
            "format_version": 1,
            "source": {"file": planned.source, "id": imported.source_id, "version": imported.source_version},
            "licence": imported.licence,
            "read": imported.rows,
            "notes": list(imported.notes),
            "relations": [{"from": str(a), "to": str(b), "count": count} for a, b, count in planned.pairs],
            "skipped": [{"what": one.what, "why": one.why} for one in skipped],
            "files": list(planned.files),
            "commit": commit or None,
        }
        click.echo(as_json(plain))
        return
    version = f"version {imported.source_version}" if imported.source_version else "no version"
    _line(f"Read {imported.rows:,} {imported.counted} from {planned.source}")
    _line(f"  source: {imported.source_id or 'no id'}, {version}")
    _line(f"  licence: {imported.licence or 'not stated by the source'}")
    for note in imported.notes:
        _line(f"  {note}")
    for first, second, count in planned.pairs:
        _line(f"Made {count:,} relation{'' if count == 1 else 's'} from {first} to {second}")
    if skipped:
        _line(f"Skipped {len(skipped):,}:")
        for one in skipped[:SHOWN]:
            _line(f"  - {one.what}: {one.why}")
        if len(skipped) > SHOWN:
            _line(f"  - and {len(skipped) - SHOWN:,} more: --json lists them")
    for path in planned.files:
        _line(f"  {path}")
    click.echo(f"Recorded ({commit[:10]})" if commit else "Nothing written: --dry-run.")


def _line(text: str) -> None:
    shown = printable(text)
    indent = " " * (len(shown) - len(shown.lstrip()) + 2)
    click.echo(textwrap.fill(shown, width(), subsequent_indent=indent, break_on_hyphens=False))
