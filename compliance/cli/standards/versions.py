"""`compliance standards diff` and `migrate`: versions of a standard."""

from __future__ import annotations

import click
from msgspec.structs import replace

from compliance.cli.session import as_json, ledger_at, width, workspace_of
from compliance.cli.standards.known import here_if_any
from compliance.problems import Refused


@click.command()
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="[NEW]", required=False)
@click.option("--json", "json_", is_flag=True, help="Print JSON.")
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
    found = compared(old, new, here.workspace, here.ledger, shipped_catalogues())
    click.echo(as_json(report.comparison_as_plain(found)) if json_ else report.comparison_as_text(found, width()))
    ctx.exit(here.code)


@click.command()
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@click.option("--dry-run", is_flag=True, help="Only say what would change, and what is left for a person.")
@click.option("--drop-old", is_flag=True, help="Take the old version out of use, and its names out of the records.")
@click.option("--revised", "revised_too", is_flag=True, help="Carry over to revised controls too, unread.")
@click.option("--json", "json_", is_flag=True, help="Print JSON.")
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

    workspace = workspace_of(ctx)
    ledger, _ = ledger_at(workspace, None)
    errors = [problem for problem in ledger.problems if problem.is_error]
    if errors:
        raise Refused(errors)
    planned = plan(workspace, ledger, (old, new), shipped_catalogues(), drop_old, revised_too)
    committed = commit(workspace, planned) if planned.changed and not dry_run else None
    moved = replace(planned.migration, left=planned.afterwards) if committed else planned.migration
    plain = report.migration_as_plain(moved, committed.commit if committed else None) if json_ else {}
    click.echo(as_json(plain) if json_ else report.migration_as_text(moved, width()))
    for note in committed.notes if committed else ():
        click.echo(note.render(), err=True)
    if committed and not json_:
        click.echo(f"\nMigrated to {moved.new} ({committed.commit[:10]})")
        if after := report.next_step(moved, width()):
            click.echo(after)
    elif planned.changed and not json_:
        click.echo("\nNothing is written: this was a dry run.")
