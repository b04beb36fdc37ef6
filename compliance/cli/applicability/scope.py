"""`compliance scope`: list, show."""

from __future__ import annotations

import datetime as dt

import click

from compliance.cli.session import DAY, as_json, chosen_scopes, ledger_at, told, width, workspace_of


@click.group()
def scope() -> None:
    """What is assessed: organisations, departments, services, and who meets what for whom.

    Scopes are listed in compliance.toml; what one inherits from another is said with `compliance applicability
    inherit`.
    """


@scope.command(name="list")
@click.option("--on", type=DAY, help="As it stands on this day.")
@click.option("--json", "json_", is_flag=True, help="Print JSON.")
@click.pass_context
def list_(ctx: click.Context, on: dt.date | None, json_: bool) -> None:
    """List the scopes as a tree: standards, accreditations, chains, what each inherits and meets."""
    from compliance.reports.registers import scopes as report

    ledger, now = ledger_at(workspace_of(ctx), None)
    code = told(ledger.problems)
    day = on or now
    click.echo(as_json(report.list_as_plain(ledger, day)) if json_ else report.list_as_text(ledger, day, width()))
    ctx.exit(code)


@scope.command()
@click.argument("identifier", metavar="ID")
@click.option("--on", type=DAY, help="Judge what is inherited as it stands on this day.")
@click.option("--json", "json_", is_flag=True, help="Print JSON.")
@click.pass_context
def show(ctx: click.Context, identifier: str, on: dt.date | None, json_: bool) -> None:
    """Show one scope, and each control that another scope or a provider meets for it with the verdict there."""
    from compliance.domain.due.standing import stand
    from compliance.domain.terms.durations import Duration, Unit
    from compliance.reports.registers import scopes as report

    ledger, known = ledger_at(workspace_of(ctx), None)
    code = told(ledger.problems)
    chosen = chosen_scopes(ledger, (identifier,))
    ahead = Duration(0, Unit.DAY)
    standing = stand(ledger, chosen, frozenset(), on or known, known, ahead, looking_ahead=False)
    if json_:
        click.echo(as_json(report.show_as_plain(ledger, standing, chosen[0])))
    else:
        click.echo(report.show_as_text(ledger, standing, chosen[0], width()))
    ctx.exit(code)
