"""`compliance standards diff` and `migrate`: versions of a standard."""

from __future__ import annotations

import click
from msgspec.structs import replace

from compliance.cli.options import answers, show_answer
from compliance.cli.session import open_session, width
from compliance.cli.standards.known import here_if_any
from compliance.problems import Refused


@click.command()
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="[NEW]", required=False)
@answers("reports.standards.versions:VersionsCompared")
@click.pass_context
def diff(ctx: click.Context, old: str, new: str | None, json_: bool) -> None:
    """Set two versions of a standard side by side; with one name, the copy here and what ships now.

    \b
    compliance standards diff caf@3.2 caf@4.0
    compliance standards diff iso27001
    """
    from compliance.operations.standards.versions import compared
    from compliance.reports.standards import versions as report
    from compliance.workspace.shipped import shipped_catalogues

    here = here_if_any(ctx)
    comparison = compared(old, new, here.workspace, here.ledger, shipped_catalogues())
    show_answer(
        json_,
        lambda: report.comparison_view(comparison),
        lambda columns: report.comparison_as_text(comparison, columns),
    )
    ctx.exit(here.code)


@click.command()
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@click.option("--dry-run", is_flag=True, help="Only say what would change, and what is left for a person.")
@click.option("--drop-old", is_flag=True, help="Take the old version out of use, and its names out of the records.")
@click.option("--revised", "revised_too", is_flag=True, help="Carry over to revised controls too, unread.")
@answers("reports.standards.versions:Migrated")
@click.pass_context
def migrate(
    ctx: click.Context, old: str, new: str, dry_run: bool, drop_old: bool, revised_too: bool, json_: bool
) -> None:
    """Move to another version of a standard: mappings, statements of applicability and answers, in one commit.

    What names a control that was kept or moved gets its new name beside the old one. What was split, merged, revised or
    dropped is left for you, and listed. Run again, it does what is still to do.

    \b
    compliance standards migrate caf@3.2 caf@4.0 --dry-run
    compliance standards migrate caf@3.2 caf@4.0
    compliance standards migrate caf@3.2 caf@4.0 --drop-old
    """
    from compliance.operations.standards.migrating import migrate as commit
    from compliance.operations.standards.migrating import plan
    from compliance.reports.standards import versions as report
    from compliance.workspace.shipped import shipped_catalogues

    session = open_session(ctx)
    errors = [problem for problem in session.ledger.problems if problem.is_error]
    if errors:
        raise Refused(errors)
    planned = plan(session.workspace, session.ledger, (old, new), shipped_catalogues(), drop_old, revised_too)
    committed = commit(session.workspace, planned) if planned.changed and not dry_run else None
    moved = replace(planned.migration, left=planned.afterwards) if committed else planned.migration
    commit_id = committed.commit if committed else None
    show_answer(
        json_,
        lambda: report.migration_view(moved, commit_id),
        lambda columns: report.migration_as_text(moved, columns),
    )
    for note in committed.notes if committed else ():
        click.echo(note.render(), err=True)
    if committed and not json_:
        click.echo(f"\nMigrated to {moved.new} ({committed.commit[:10]})")
        if after := report.next_step(moved, width()):
            click.echo(after)
    elif planned.changed and not json_:
        click.echo("\nNothing is written: this was a dry run.")
