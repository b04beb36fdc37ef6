"""`compliance renewals`."""

from __future__ import annotations

import datetime as dt

import click

from compliance.cli.session import (
    DAY,
    TIME,
    as_json,
    chosen_scopes,
    chosen_standards,
    ledger_at,
    told,
    width,
    workspace_of,
)
from compliance.domain.due.standing import stand
from compliance.domain.terms.durations import Duration


@click.command()
@click.option("--within", type=TIME, default="6m", show_default=True, help="How far to look ahead, e.g. 180d or 12m.")
@click.option(
    "-s", "--standard", "standards", multiple=True, metavar="STANDARD", help="Only this standard (again for more)."
)
@click.option("--scope", "scopes", multiple=True, metavar="SCOPE", help="Only this scope (again for more).")
@click.option("--on", type=DAY, help="As seen from this day.")
@click.option("--at", metavar="REV|DATE", help="By what was known at this commit, or at the end of this day.")
@click.option("--json", "form", flag_value="json", help="Print JSON.")
@click.option("--csv", "form", flag_value="csv", help="Print CSV.")
@click.pass_context
def renewals(
    ctx: click.Context,
    within: Duration,
    standards: tuple[str, ...],
    scopes: tuple[str, ...],
    on: dt.date | None,
    at: str | None,
    form: str | None,
) -> None:
    """What falls due: expiries, audits, submissions, scans, health checks, and evidence that lapses; overdue first."""
    from compliance.reports.renewals import renewals as report

    ledger, known = ledger_at(workspace_of(ctx), at)
    code = told(ledger.problems)
    standing = stand(
        ledger, chosen_scopes(ledger, scopes), chosen_standards(ledger, standards), on or known, known, within
    )
    match form:
        case "json":
            click.echo(as_json(report.as_plain(standing)))
        case "csv":
            click.echo(report.as_csv(standing), nl=False)
        case _:
            click.echo(report.as_text(standing, width()))
    ctx.exit(code)
