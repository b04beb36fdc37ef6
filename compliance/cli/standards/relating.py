"""What `compliance standards import` does with a file that relates standards: an overlay, and its account."""

from __future__ import annotations

import click

from compliance.cli.session import as_json, told
from compliance.cli.standards.accounts import line, say_skipped, say_source, source_as_plain
from compliance.domain.ledger.ledger import Ledger
from compliance.exchange.imported import Imported
from compliance.ledger.opening import Workspace
from compliance.problems import counted


def import_mappings(
    workspace: Workspace, ledger: Ledger, imported: Imported, file: str, kind: str, dry_run: bool, json_: bool
) -> None:
    """Commits the relations as an overlay, unless it is only to be said what would be."""
    from compliance.operations.standards.relating import plan_relating, relate

    planned = plan_relating(workspace, ledger, imported, file)
    commit = ""
    if not dry_run:
        committed = relate(workspace, planned)
        told(committed.notes)
        commit = committed.commit
    if json_:
        plain = source_as_plain(planned.imported, planned.source, kind) | {
            "relations": [{"from": str(a), "to": str(b), "count": count} for a, b, count in planned.pairs],
            "files": list(planned.files),
            "commit": commit or None,
        }
        click.echo(as_json(plain))
        return
    say_source(planned.imported, planned.source)
    for first, second, count in planned.pairs:
        line(f"Made {counted(count, 'relation')} from {first} to {second}")
    say_skipped(planned.imported, "--json lists them")
    for path in planned.files:
        line(f"Overlay: {path}")
    if not commit:
        click.echo("Nothing written: --dry-run.")
        return
    click.echo(f"Recorded ({commit[:10]})")
    start, to, _ = planned.pairs[0]
    line(f"Next: compliance standards related --coverage --to {to.id}, or standards related {start.id}:CONTROL")
