"""`compliance renewals`."""

from __future__ import annotations

from typing import Annotated

import click
import msgspec

from compliance.cli.options import KnownAt, Scopes, SeenFrom, Standards, answering, options
from compliance.cli.session import chosen_scopes, chosen_standards, read_session, width
from compliance.cli.values import TIME
from compliance.domain.due.standing import stand
from compliance.domain.terms.durations import Duration
from compliance.reports.parts.answers import as_json

Within = Annotated[
    Duration,
    click.option(
        "--within", type=TIME, default="6m", show_default=True, help="How far to look ahead, e.g. 180d or 12m."
    ),
]


class RenewalsOptions(msgspec.Struct, frozen=True):
    """How far ahead renewals are looked for, of what, from which day, and by what was known when."""

    within: Within
    standards: Standards
    scopes: Scopes
    on: SeenFrom
    at: KnownAt


@click.command()
@options(RenewalsOptions)
@click.option("--json", "form", flag_value="json", help="Print JSON.")
@click.option("--csv", "form", flag_value="csv", help="Print CSV.")
@answering("reports.renewals.renewals:Renewals")
@click.pass_context
def renewals(ctx: click.Context, renewals_options: RenewalsOptions, form: str | None) -> None:
    """What falls due: expiries, audits, submissions, scans, health checks, and evidence that lapses; overdue first."""
    from compliance.reports.renewals import renewals as report

    session = read_session(ctx, renewals_options.at)
    scopes, standards = (
        chosen_scopes(session.ledger, renewals_options.scopes),
        chosen_standards(session.ledger, renewals_options.standards),
    )
    standing = stand(
        session.ledger, scopes, standards, renewals_options.on or session.day, session.day, renewals_options.within
    )
    match form:
        case "json":
            click.echo(as_json(report.renewals(standing)))
        case "csv":
            click.echo(report.as_csv(standing), nl=False)
        case _:
            click.echo(report.as_text(standing, width()))
    ctx.exit(session.code)
