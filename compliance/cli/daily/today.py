"""`compliance today`."""

from __future__ import annotations

import datetime as dt
import shutil

import click

from compliance.cli.session import DAY, as_json, chosen_scopes, ledger_at, told, width, workspace_of
from compliance.domain.due.agenda import agenda, owner_matches
from compliance.domain.due.standing import stand
from compliance.domain.terms.durations import Duration
from compliance.ledger.opening import Workspace
from compliance.problems import Refused, refuse

AHEAD = Duration(2)
"""More than the end of any month is away."""


@click.command()
@click.option("--owner", default="", metavar="NAME", help="Only what this person answers for.")
@click.option("--me", is_flag=True, help="Only what you answer for, by the name or address that git has of you.")
@click.option("--scope", "scopes", multiple=True, metavar="SCOPE", help="Only this scope (again for more).")
@click.option("--on", type=DAY, help="As seen from this day.")
@click.option("--all", "every", is_flag=True, help="Every line, however many screens.")
@click.option("--json", "json_", is_flag=True, help="Print JSON.")
@click.pass_context
def today(
    ctx: click.Context,
    owner: str,
    me: bool,
    scopes: tuple[str, ...],
    on: dt.date | None,
    every: bool,
    json_: bool,
) -> None:
    """What is to be done now, on one screen: overdue, this week, this month, and what waits for approval."""
    from compliance.reports.today import agenda as report

    workspace = workspace_of(ctx)
    ledger, now = ledger_at(workspace, None)
    code = told(ledger.problems)
    who = _who(workspace)
    if me and not who:
        raise refuse(
            "git does not know who you are", hint="run: git config --global user.email you@example.org; or say --owner"
        )
    chosen = chosen_scopes(ledger, scopes)
    standing = stand(ledger, chosen, frozenset(), on or now, now, AHEAD)
    wanted = who if me else owner
    ids = {scope.id for scope in chosen}

    def concerns(owner: str, touched: tuple[str, ...]) -> bool:
        return owner_matches(owner, wanted) and not ids.isdisjoint(touched or (ledger.settings.default_scope,))

    work = agenda(ledger, standing.renewals, on or now, who, concerns)
    hints = _hints(workspace, ledger.settings.roots)
    if json_:
        click.echo(as_json(report.as_plain(standing, work, hints)))
    else:
        height = None if every else shutil.get_terminal_size((80, 24)).lines
        click.echo(report.as_text(standing, work, hints, width(), height))
    ctx.exit(code)


def _who(workspace: Workspace) -> str:
    """Who asks, as git knows them; nobody if it does not."""
    from compliance.operations.registers.registering import committer

    try:
        return committer(workspace)
    except Refused:
        return ""


def _hints(workspace: Workspace, roots: tuple[str, ...]) -> list[str]:
    """What lies about and does not count."""
    from compliance.ledger.inspection.uncommitted import uncommitted_evidence

    found = uncommitted_evidence(workspace, roots)
    if not found:
        return []
    return [f"{len(found)} file{' is' if len(found) == 1 else 's are'} not committed: compliance check"]
