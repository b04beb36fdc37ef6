"""`compliance scope`: list, show, add, end, succeed, carry."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import click

from compliance.cli.options import answers, show_answer, stands_on
from compliance.cli.session import Session, chosen_scopes, open_session, read_session, show_problems, width
from compliance.cli.values import DAY, LINE
from compliance.problems import counted, printable

if TYPE_CHECKING:
    from compliance.operations.workspace.scoping import ScopeChange


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


DRY_RUN = click.option("--dry-run", is_flag=True, help="Say what it would do, and write nothing.")


@scope.command()
@click.argument("name", metavar="NEW", type=LINE)
@click.option("--title", default="", help="What it is called in reports.")
@click.option("--parent", default="", metavar="SCOPE", help="The scope that it is a part of.")
@click.option("--start", type=DAY, help="Since when it exists: nothing is asked for before.")
@DRY_RUN
@click.pass_context
def add(ctx: click.Context, name: str, title: str, parent: str, start: dt.date | None, *, dry_run: bool) -> None:
    """Add the scope NEW to compliance.toml; it starts empty.

    \b
    compliance scope add new-council --title "New Council" --start 2027-04-01
    """
    from compliance.domain.ledger.settings import Scope
    from compliance.operations.workspace.scoping import add_scope

    session = open_session(ctx)
    fresh = Scope(id=name, title=title, parent=parent, start=start)
    _write(session, add_scope(session.workspace, session.ledger, fresh), dry_run=dry_run)


@scope.command()
@click.argument("identifier", metavar="ID")
@click.option("--on", type=DAY, required=True, help="Its last day.")
@DRY_RUN
@click.pass_context
def end(ctx: click.Context, identifier: str, on: dt.date, *, dry_run: bool) -> None:
    """Say which day is the last of a scope: nothing falls due after it, and its history stands."""
    from compliance.operations.workspace.scoping import end_scope

    session = open_session(ctx)
    _write(session, end_scope(session.workspace, session.ledger, identifier, on), dry_run=dry_run)


@scope.command()
@click.argument("identifier", metavar="ID")
@click.argument("before", metavar="BEFORE…", nargs=-1, required=True)
@DRY_RUN
@click.pass_context
def succeed(ctx: click.Context, identifier: str, before: tuple[str, ...], *, dry_run: bool) -> None:
    """Say that scope ID takes over from others that have ended. It starts empty; `scope carry` says what may come.

    \b
    compliance scope succeed new-council old-borough old-district
    """
    from compliance.domain.registers.accreditations import ACCREDITATIONS
    from compliance.operations.workspace.scoping import carriable, known_scope, succeed

    session = open_session(ctx)
    change = succeed(session.workspace, session.ledger, identifier, before)
    _write(session, change, dry_run=dry_run)
    scope = known_scope(change.after, identifier)
    count = len(carriable(change.after, scope, session.day))
    if count:
        click.echo(f"{counted(count, 'record')} may be carried over: compliance scope carry {scope.id}")
    for accreditation in session.ledger.of(ACCREDITATIONS):
        if accreditation.scope in scope.succeeds:
            title = printable(accreditation.title or str(accreditation.standard))
            click.echo(
                f"{accreditation.id}  {title}: the body transfers it, or grants it anew; record which:\n"
                f"  compliance accreditation add {accreditation.standard} --scope {scope.id} --issued DATE"
            )


@scope.command()
@click.argument("identifier", metavar="ID")
@click.argument("records", metavar="[RECORD…]", nargs=-1)
@DRY_RUN
@click.pass_context
def carry(ctx: click.Context, identifier: str, records: tuple[str, ...], *, dry_run: bool) -> None:
    """Carry records over into a scope from those that it succeeded, each by its id; without one, list what may be.

    What is carried is of both scopes then. An approval covers the scope: whoever gave it looks again.
    """
    from compliance.operations.workspace.scoping import carriable, carry, known_scope

    session = open_session(ctx)
    scope = known_scope(session.ledger, identifier)
    if not records:
        candidates = carriable(session.ledger, scope, session.day)
        for candidate in candidates:
            click.echo(f"{candidate.id}  {printable(candidate.title)}")
        if not candidates:
            click.echo(f"There is nothing to carry over into {scope.id}.")
        return
    _write(session, carry(session.workspace, session.ledger, scope, records, session.day), dry_run=dry_run)


def _write(session: Session, change: ScopeChange, *, dry_run: bool) -> None:
    """Shows what a change of scopes does, and commits it."""
    from compliance.domain.planning.effects import effects
    from compliance.operations.workspace.scoping import commit_scope_change
    from compliance.reports.registers.effects import as_text

    text = as_text(effects(session.ledger, change.after, session.day), width())
    if text:
        click.echo(text, err=True)
    if not dry_run:
        show_problems(commit_scope_change(session.workspace, change).notes)
    click.echo(f"{'Would record' if dry_run else 'Recorded'}: {change.deed}")
