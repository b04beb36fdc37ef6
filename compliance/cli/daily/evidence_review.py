"""`compliance evidence approve`, `reject` and `ask-changes`."""

from __future__ import annotations

import click

from compliance.cli.session import open_session, show_problems
from compliance.cli.values import TEXT
from compliance.domain.ledger.records import Outcome

_IDENTIFIERS = click.argument("identifiers", metavar="ID…", nargs=-1, required=True)
_WHY = click.option("--note", type=TEXT, required=True, help="What is wrong, for whoever filed it.")
_BOARD = click.option("--on-behalf-of", default="", metavar="BOARD", help="The board that decided; you record it.")
_MINUTES = click.option("--minutes", default="", metavar="ID", help="The minutes of that board, filed as evidence.")


@click.command()
@_IDENTIFIERS
@click.option("--note", default="", help="Anything worth keeping of the review.")
@_BOARD
@_MINUTES
@click.pass_context
def approve(ctx: click.Context, identifiers: tuple[str, ...], note: str, on_behalf_of: str, minutes: str) -> None:
    """Approve pieces of evidence as they are now: their bytes, dates, result, mapping and what is required.

    \b
    compliance evidence approve E-7K2M9QXT
    compliance evidence approve E-7K2M9QXT --on-behalf-of "ICT Board" --minutes E-3V8WQ2ZC
    """
    _decide(ctx, identifiers, Outcome.APPROVED, note, on_behalf_of, minutes)


@click.command()
@_IDENTIFIERS
@_WHY
@_BOARD
@_MINUTES
@click.pass_context
def reject(ctx: click.Context, identifiers: tuple[str, ...], note: str, on_behalf_of: str, minutes: str) -> None:
    """Reject pieces of evidence: they count for nothing, whatever others decide, until you decide otherwise."""
    _decide(ctx, identifiers, Outcome.REJECTED, note, on_behalf_of, minutes)


@click.command(name="ask-changes")
@_IDENTIFIERS
@_WHY
@click.pass_context
def ask_changes(ctx: click.Context, identifiers: tuple[str, ...], note: str) -> None:
    """Ask for changes: a piece waits until you approve it, once it is corrected or replaced."""
    _decide(ctx, identifiers, Outcome.CHANGES_ASKED, note, "", "")


def _decide(
    ctx: click.Context, identifiers: tuple[str, ...], outcome: Outcome, note: str, board: str, minutes: str
) -> None:
    from compliance.operations.evidence.filed import commit_records
    from compliance.operations.evidence.reviewing import DEEDS, Review, decide

    session = open_session(ctx)
    review = Review(outcome=outcome, note=note, on_behalf_of=board, minutes=minutes)
    change = decide(session.workspace, session.ledger, identifiers, review, session.moment)
    if not change.pieces:
        click.echo("You have decided so already; nothing changed")
        return
    standings = change.standings(session.ledger, session.day)
    committed = commit_records(session.workspace, change, DEEDS[outcome])
    show_problems(committed.notes)
    for piece, _, after in standings:
        why = f": {after.why}" if after.why else ""
        click.echo(f"Recorded {piece.evidence.id}  {piece.evidence.title}: {after.words}{why}")
