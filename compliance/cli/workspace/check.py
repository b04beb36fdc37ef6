"""`compliance check`."""

from __future__ import annotations

import click

from compliance.cli.session import as_json, workspace_of
from compliance.problems import counted


@click.command()
@click.option("--json", "json_", is_flag=True, help="Print JSON.")
@click.pass_context
def check(ctx: click.Context, json_: bool) -> None:
    """Report every problem in the workspace as it lies in the working tree. Exits 1 if any is an error.

    Records, rules, catalogues and settings that cannot be read; files that are missing or altered; unknown controls;
    ids used twice; merge conflicts; evidence that serves nothing; work that is not committed.
    """
    import msgspec

    from compliance.ledger.inspection.inspection import inspect

    found = inspect(workspace_of(ctx))
    errors = sum(problem.is_error for problem in found)
    if json_:
        click.echo(as_json({"format_version": 1, "errors": errors, "problems": msgspec.to_builtins(found)}))
    else:
        for problem in found:
            click.echo(problem.render())
        warnings = len(found) - errors
        click.echo(f"{counted(errors, 'error')}, {counted(warnings, 'warning')}")
    ctx.exit(1 if errors else 0)
