"""`compliance doctor`."""

from __future__ import annotations

import click

from compliance.cli.session import as_json, workspace_of
from compliance.problems import Refused, printable


@click.command()
@click.option("--json", "json_", is_flag=True, help="Print JSON.")
@click.pass_context
def doctor(ctx: click.Context, json_: bool) -> None:
    """Report what surrounds the workspace: versions, git and who commits, clone depth, index, uncommitted work.

    Exits 1 if anything is not well.
    """
    import msgspec

    from compliance.ledger.environment import Finding, libraries, surroundings
    from compliance.ledger.opening import open_ledger

    found = libraries()
    try:
        workspace = workspace_of(ctx)
        try:
            ledger = open_ledger(workspace)
        except Refused as refusal:
            ledger = None
            found += [Finding("workspace", problem.sentence, False, problem.hint) for problem in refusal.problems]
        found += surroundings(workspace, ledger)
    except Refused as refusal:
        found += [Finding("workspace", problem.sentence, False, problem.hint) for problem in refusal.problems]
    if json_:
        click.echo(as_json({"format_version": 1, "findings": msgspec.to_builtins(found)}))
    else:
        for one in found:
            mark = click.style("ok  ", fg="green") if one.well else click.style("look", fg="yellow", bold=True)
            click.echo(f"{mark}  {one.topic:<13} {printable(one.says)}")
            if one.hint:
                click.echo(f"      {'':<13} {printable(one.hint)}")
    ctx.exit(0 if all(one.well for one in found) else 1)
