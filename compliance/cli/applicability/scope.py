"""`compliance scope`: list, show."""

from __future__ import annotations

import datetime as dt

import click

from compliance.cli.options import answers, show_answer, stands_on
from compliance.cli.session import chosen_scopes, read_session
from compliance.cli.values import DAY


@click.group()
def scope() -> None:
    """What is assessed: organisations, departments, services, and who meets what for whom.

    Scopes are listed in compliance.toml; what one inherits from another is said with `compliance applicability
    inherit`.
    """


@scope.command(name="list")
@stands_on
@answers("reports.registers.scopes:ScopeList")
@click.pass_context
def list_(ctx: click.Context, on: dt.date | None, json_: bool) -> None:
    """List the scopes as a tree: standards, accreditations, chains, what each inherits and meets."""
    from compliance.reports.registers import scopes as report

    session = read_session(ctx)
    ledger, day = session.ledger, on or session.day
    scopes = report.list_view(ledger, day)
    show_answer(json_, lambda: scopes, lambda columns: report.list_as_text(scopes, columns))
    ctx.exit(session.code)


@scope.command()
@click.argument("identifier", metavar="ID")
@click.option("--on", type=DAY, help="Judge what is inherited as it stands on this day.")
@answers("reports.registers.scopes:ScopeShown")
@click.pass_context
def show(ctx: click.Context, identifier: str, on: dt.date | None, json_: bool) -> None:
    """Show one scope, and each control that another scope or a provider meets for it with the verdict there."""
    from compliance.domain.due.standing import stand
    from compliance.domain.terms.durations import Duration, Unit
    from compliance.reports.parts.heading import heading
    from compliance.reports.registers import scopes as report

    session = read_session(ctx)
    ledger, known = session.ledger, session.day
    (chosen,) = chosen_scopes(ledger, (identifier,))
    ahead = Duration(0, Unit.DAY)
    standing = stand(ledger, (chosen,), frozenset(), on or known, known, ahead, looking_ahead=False)
    show_answer(
        json_,
        lambda: report.show_view(ledger, standing, chosen),
        lambda columns: report.show_as_text(
            report.show_view(ledger, standing, chosen), heading(standing, columns), columns
        ),
    )
    ctx.exit(session.code)
