"""`compliance today`."""

from __future__ import annotations

import datetime as dt
import shutil
from typing import Annotated

import click
import msgspec

from compliance.cli.options import Scopes, SeenFrom, answers, options
from compliance.cli.session import chosen_scopes, read_session, width
from compliance.domain.due.agenda import agenda, owner_matches
from compliance.domain.due.standing import stand
from compliance.domain.ledger.ledger import Ledger
from compliance.domain.ledger.owners import holds_as_owner
from compliance.domain.ledger.retention import expired
from compliance.domain.terms.durations import Duration
from compliance.ledger.opening import Workspace
from compliance.problems import Refused, counted, refuse
from compliance.reports.parts.answers import as_json

AHEAD = Duration(2)
"""More than the end of any month is away."""


class TodayOptions(msgspec.Struct, frozen=True):
    """Whose work is shown, of which scopes, and as seen from which day."""

    owner: Annotated[
        str, click.option("--owner", default="", metavar="NAME", help="Only what this person answers for.")
    ]
    me: Annotated[bool, "Only what you answer for, by the name or address that git has of you."]
    scopes: Scopes
    on: SeenFrom


@click.command()
@options(TodayOptions)
@click.option("--all", "every", is_flag=True, help="Every line, however many screens.")
@answers("reports.today.agenda:Today")
@click.pass_context
def today(ctx: click.Context, today_options: TodayOptions, every: bool, json_: bool) -> None:
    """What is to be done now, on one screen: overdue, this week, this month, and what waits for approval."""
    from compliance.reports.today import agenda as report

    session = read_session(ctx)
    ledger, day = session.ledger, today_options.on or session.day
    who = _who(session.workspace)
    if today_options.me and not who:
        raise refuse(
            "git does not know who you are", hint="run: git config --global user.email you@example.org; or say --owner"
        )
    chosen = chosen_scopes(ledger, today_options.scopes)
    standing = stand(ledger, chosen, frozenset(), day, session.day, AHEAD)
    wanted = who if today_options.me else today_options.owner
    ids = {scope.id for scope in chosen}

    def concerns(owner: str, touched: tuple[str, ...]) -> bool:
        is_theirs = owner_matches(owner, wanted) or holds_as_owner(ledger, owner, wanted, day)
        return is_theirs and not ids.isdisjoint(touched or (ledger.settings.default_scope,))

    work = agenda(standing.ledger, standing.renewals, day, who, concerns)
    hints = [*_hints(session.workspace, ledger.settings.roots), *_past_retention(ledger, day)]
    if json_:
        click.echo(as_json(report.today(standing, work, hints)))
    else:
        height = None if every else shutil.get_terminal_size((80, 24)).lines
        click.echo(report.as_text(standing, work, hints, width(), height))
    ctx.exit(session.code)


def _who(workspace: Workspace) -> str:
    """Who asks, as git knows them; nobody if it does not."""
    from compliance.operations.registers.registering import committer

    try:
        return committer(workspace)
    except Refused:
        return ""


def _past_retention(ledger: Ledger, day: dt.date) -> list[str]:
    """How much is past the day until which it is kept, if anything is."""
    count = len(expired(ledger, day))
    verb = "is" if count == 1 else "are"
    return [f"{counted(count, 'piece')} of evidence {verb} past the day: compliance retention list"] if count else []


def _hints(workspace: Workspace, roots: tuple[str, ...]) -> list[str]:
    """What lies about and does not count."""
    from compliance.gitrepo.process.process import Git
    from compliance.ledger.inspection.uncommitted import uncommitted_evidence

    count = len(uncommitted_evidence(Git(workspace.place), roots))
    return [f"{counted(count, 'file is', 'files are')} not committed: compliance check"] if count else []
