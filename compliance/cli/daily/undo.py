"""`compliance undo`."""

from __future__ import annotations

import sys

import click

from compliance.cli.session import open_session, show_problems, width
from compliance.problems import Problem, Refused, printable

_LISTED = 15


@click.command()
@click.argument("commit", default="")
@click.option("--list", "listing", is_flag=True, help="What you recorded and have not undone, newest first.")
@click.option("--anyway", is_flag=True, help="Though others have recorded what names it.")
@click.option("--yes", is_flag=True, help="Do not ask, though something would be worse than it is.")
@click.option("--dry-run", is_flag=True, help="Say what it would do, and write nothing.")
@click.pass_context
def undo(ctx: click.Context, commit: str, *, listing: bool, anyway: bool, yes: bool, dry_run: bool) -> None:
    """Take back what you recorded last, or a COMMIT of yours, by a new commit that says so.

    A decision of review is revoked: that it was given stays on record.

    \b
    compliance undo --list
    compliance undo
    """
    from compliance.domain.planning.effects import effects
    from compliance.operations.workspace.undoing import commit_undoing, undoable
    from compliance.operations.workspace.undoing import undo as undone
    from compliance.reports.registers.effects import as_text

    session = open_session(ctx)
    if listing:
        commits = undoable(session.workspace, _LISTED)
        for info in commits:
            click.echo(f"{info.oid[:10]}  {info.committed:%Y-%m-%d %H:%M}  {printable(info.subject)}")
        if not commits:
            click.echo("There is nothing of yours to undo.")
        return
    undoing = undone(session.workspace, session.ledger, commit, session.moment)
    subject = printable(undoing.commit.subject)
    if undoing.dependent and not anyway:
        hint = "undo or correct that first, or add --anyway"
        raise Refused([*undoing.dependent, Problem(f"“{subject}” is built on, and is not undone", hint=hint)])
    done = effects(session.ledger, undoing.after, session.day)
    if text := as_text(done, width()):
        click.echo(text, err=True)
    if dry_run:
        click.echo(f"Would undo “{subject}” of {undoing.commit.committed:%Y-%m-%d %H:%M}")
        return
    if done.harms and not yes and sys.stdin.isatty():
        click.confirm("Do it?", abort=True, err=True)
    committed = commit_undoing(session.workspace, undoing)
    show_problems(committed.notes)
    click.echo(f"Undone: “{subject}” ({committed.commit[:10]})")
