"""What `compliance standards import` does with a file that relates standards: an overlay, and its account."""

from __future__ import annotations

import click

from compliance.cli.session import Session, show_problems
from compliance.cli.standards.accounts import (
    Read,
    RelationCount,
    RelationsImported,
    line,
    say_skipped,
    say_source,
    source_fields,
)
from compliance.problems import counted
from compliance.reports.parts.answers import as_json


def import_mappings(session: Session, read: Read, dry_run: bool, json_: bool) -> None:
    """Commits the relations as an overlay, unless it is only to be said what would be."""
    from compliance.operations.standards.relating import plan_relating, relate

    planned = plan_relating(session.workspace, session.ledger, read.imported, read.file)
    commit = ""
    if not dry_run:
        committed = relate(session.workspace, planned)
        show_problems(committed.notes)
        commit = committed.commit
    if json_:
        view = RelationsImported(
            **source_fields(planned.imported, planned.source, read.format.name),
            relations=tuple(RelationCount(str(start), str(end), count) for start, end, count in planned.pairs),
            files=tuple(planned.files),
            commit=commit or None,
        )
        click.echo(as_json(view))
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
