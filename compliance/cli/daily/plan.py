"""`compliance plan`."""

from __future__ import annotations

import datetime as dt

import click

from compliance.cli.session import (
    DAY,
    as_json,
    chosen_scopes,
    chosen_standards,
    ledger_at,
    told,
    width,
    workspace_of,
)
from compliance.problems import refuse

SHOWN = 15


@click.command()
@click.option(
    "-s", "--standard", "standards", multiple=True, metavar="STANDARD", help="Only this standard (again for more)."
)
@click.option("--scope", "scopes", multiple=True, metavar="SCOPE", help="Only this scope (again for more).")
@click.option("--on", type=DAY, help="As seen from this day.")
@click.option("--before", type=DAY, help="Judge every standard on this day, not on its own next deadline.")
@click.option("--all", "every", is_flag=True, help="Every piece, with every control that it serves.")
@click.option("--json", "form", flag_value="json", help="Print JSON.")
@click.option("--csv", "form", flag_value="csv", help="Print CSV.")
@click.pass_context
def plan(
    ctx: click.Context,
    standards: tuple[str, ...],
    scopes: tuple[str, ...],
    on: dt.date | None,
    before: dt.date | None,
    every: bool,
    form: str | None,
) -> None:
    """The fewest pieces of evidence that close the most gaps before each standard is looked at next.

    Judged on the day of the next submission, audit or expiry: what is fresh today and will be too old then is in it.
    A piece that may serve related controls of other standards is counted for them, and says so.
    """
    from compliance.domain.planning.planning import plan as planned
    from compliance.reports.plan import plan as report

    ledger, now = ledger_at(workspace_of(ctx), None)
    code = told(ledger.problems)
    day = on or now
    if before and before < day:
        raise refuse(f"{before} has passed", hint="name a day to come")
    chosen = frozenset(str(name) for name in chosen_standards(ledger, standards))
    found = planned(ledger, chosen_scopes(ledger, scopes), chosen, day, before)
    match form:
        case "json":
            click.echo(as_json(report.as_plain(found, day)))
        case "csv":
            click.echo(report.as_csv(found), nl=False)
        case _:
            click.echo(report.as_text(found, width(), None if every else SHOWN, every))
    ctx.exit(code)
