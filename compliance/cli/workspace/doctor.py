"""`compliance doctor`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from compliance.cli.session import as_json, workspace_of
from compliance.problems import Problem, Refused, printable

if TYPE_CHECKING:
    from compliance.ledger.environment import Finding


@click.command()
@click.option("--json", "json_", is_flag=True, help="Print JSON.")
@click.pass_context
def doctor(ctx: click.Context, json_: bool) -> None:
    """Report what surrounds the workspace: versions, git and who commits, clone depth, index, uncommitted work.

    Exits 1 if anything is not well.
    """
    import msgspec

    from compliance.ledger.environment import libraries, surroundings
    from compliance.ledger.opening import open_ledger

    found = libraries()
    try:
        workspace = workspace_of(ctx)
        try:
            ledger = open_ledger(workspace)
        except Refused as refusal:
            ledger = None
            found += [_unwell(problem) for problem in refusal.problems]
        found += surroundings(workspace, ledger)
    except Refused as refusal:
        found += [_unwell(problem) for problem in refusal.problems]
    if json_:
        click.echo(as_json({"format_version": 1, "findings": msgspec.to_builtins(found)}))
    else:
        for one in found:
            mark = click.style("ok  ", fg="green") if one.well else click.style("look", fg="yellow", bold=True)
            click.echo(f"{mark}  {one.topic:<13} {printable(one.says)}")
            if one.hint:
                click.echo(f"      {'':<13} {printable(one.hint)}")
    ctx.exit(0 if all(one.well for one in found) else 1)


def _unwell(problem: Problem) -> Finding:
    """A problem as a line of the report, with its place."""
    from compliance.ledger.environment import Finding

    where = f"{problem.location}: " if problem.location else ""
    return Finding("workspace", f"{where}{problem.sentence}", False, problem.hint)
