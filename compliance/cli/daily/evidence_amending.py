"""`compliance evidence correct`, `replace`, `reaffirm`, `withdraw` and `pin`."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from compliance.cli.daily.evidence_options import ChangeOptions, description_of
from compliance.cli.options import options
from compliance.cli.registers.parts.recording import who
from compliance.cli.session import Session, open_session, show_problems, width
from compliance.cli.values import DAY, TEXT, Word
from compliance.domain.ledger.records import Withdrawal, WithdrawnAs
from compliance.problems import printable

if TYPE_CHECKING:
    from compliance.operations.evidence.filed import RecordChange

ID = click.argument("identifier", metavar="ID")
IDS = click.argument("identifiers", metavar="ID…", nargs=-1, required=True)
DRY_RUN = click.option("--dry-run", is_flag=True, help="Say what it would do, and write nothing.")
YES = click.option("--yes", is_flag=True, help="Do not ask, though something would be worse than it is.")
REASON = click.option("--reason", type=TEXT, required=True, help="Why; it is kept in the record.")


@click.command()
@IDS
@click.option(
    "--as",
    "as_",
    type=Word("way to withdraw evidence", WithdrawnAs),
    required=True,
    help="invalid: it never counted; retired: it counted until that day.",
)
@REASON
@click.option("--on", type=DAY, help="The day on which it goes; today if none is named.")
@YES
@DRY_RUN
@click.pass_context
def withdraw(
    ctx: click.Context,
    identifiers: tuple[str, ...],
    as_: WithdrawnAs,
    reason: str,
    on: dt.date | None,
    *,
    yes: bool,
    dry_run: bool,
) -> None:
    """Take pieces of evidence out of use: the files stay, and count no more.

    \b
    compliance evidence withdraw E-7K2M9QXT --as invalid --reason "It is the report of another council"
    compliance evidence withdraw E-7K2M9QXT --as retired --reason "The service ended" --on 2026-09-30
    """
    from compliance.operations.evidence import amending

    session = open_session(ctx)
    mark = Withdrawal(by=who(session), on=on or session.day, reason=reason, as_=as_)
    change = amending.withdraw(session.workspace, session.ledger, identifiers, mark, session.day)
    write(session, change, f"withdraw as {as_.value}", yes=yes, dry_run=dry_run)


@click.command()
@IDS
@DRY_RUN
@click.pass_context
def pin(ctx: click.Context, identifiers: tuple[str, ...], *, dry_run: bool) -> None:
    """Write out what rules say of a file today into a record of its own, so that no later rule changes it."""
    from compliance.operations.evidence import amending

    session = open_session(ctx)
    change = amending.pin(session.workspace, session.ledger, identifiers)
    write(session, change, "pin", yes=True, dry_run=dry_run)


@click.command()
@ID
@options(ChangeOptions)
@click.option("--clear", multiple=True, metavar="FIELD", help="A field that is to say nothing any more (again).")
@REASON
@YES
@DRY_RUN
@click.pass_context
def correct(
    ctx: click.Context,
    identifier: str,
    change_options: ChangeOptions,
    clear: tuple[str, ...],
    reason: str,
    *,
    yes: bool,
    dry_run: bool,
) -> None:
    """Correct what is said of a piece; what it said before stays on record. What that changes is shown first.

    \b
    compliance evidence correct E-7K2M9QXT -d 2026-09-30 --reason "The day of the scan, not of the letter"
    """
    from compliance.operations.evidence import amending

    session = open_session(ctx)
    description = description_of(change_options)
    correcting = amending.Correcting(description, clear, reason)
    change = amending.correct(session.workspace, session.ledger, identifier, correcting, session.day, session.moment)
    write(session, change, "correct", yes=yes, dry_run=dry_run)


def map_more(ctx: click.Context, identifier: str, controls: tuple[str, ...], *, yes: bool) -> None:
    """Maps one piece to more controls, as `evidence map ID` was told."""
    from compliance.operations.evidence import amending

    session = open_session(ctx)
    change = amending.map_more(session.workspace, session.ledger, [identifier], controls)
    write(session, change, "map", yes=yes, dry_run=False)


@click.command()
@ID
@click.argument("file", type=click.Path(readable=False))
@options(ChangeOptions)
@DRY_RUN
@click.pass_context
def replace(ctx: click.Context, identifier: str, file: str, change_options: ChangeOptions, *, dry_run: bool) -> None:
    """File what takes the place of a piece: the next version of a policy, the next report of a series.

    What is not said is taken over from the piece: its title, kind, controls, scope, owner and marking.

    \b
    compliance evidence replace E-7K2M9QXT access-policy-v4.pdf -d 2026-09-30
    """
    from compliance.operations.evidence.add import add
    from compliance.operations.evidence.renewing import replacement

    session = open_session(ctx)
    change = replacement(
        session.workspace, session.ledger, identifier, Path(file), description_of(change_options), session.day
    )
    for guess in change.planned.guessed:
        click.echo(f"guessed: {printable(guess)}", err=True)
    show_problems(change.planned.notes)
    before, record = change.before, change.planned.record
    if change.is_next:
        click.echo(f"The next of its series, after {before.id} of {before.date}, which stays as it is", err=True)
    else:
        click.echo(f"Takes the place of {before.id}  {printable(before.title)}, from its own date on", err=True)
    if change.lost:
        named = ", ".join(map(str, change.lost))
        click.echo(f"No longer covered by it: {named}", err=True)
    if not dry_run:
        for committed in add(session.workspace, [change.planned]):
            show_problems(committed.notes)
    click.echo(f"{'Would file' if dry_run else 'Recorded'} {record.id}  {printable(change.planned.path)}")


@click.command()
@ID
@click.option("--minutes", required=True, metavar="ID", help="The minutes of the review, filed as evidence.")
@click.option("--on", type=DAY, help="The day of the review; today if none is named.")
@click.option("--note", default="", help="What was looked at.")
@DRY_RUN
@click.pass_context
def reaffirm(
    ctx: click.Context, identifier: str, minutes: str, on: dt.date | None, note: str, *, dry_run: bool
) -> None:
    """Renew what was looked at and stays as it is: a new record of the same bytes, dated on the day of the review.

    \b
    compliance evidence reaffirm E-7K2M9QXT --on 2026-09-30 --minutes E-3V8WQ2ZC
    """
    from compliance.operations.evidence.add import add
    from compliance.operations.evidence.renewing import reaffirmation

    session = open_session(ctx)
    day = on or session.day
    planned = reaffirmation(session.workspace, session.ledger, identifier, day, minutes, note, session.day)
    if not dry_run:
        for committed in add(session.workspace, [planned]):
            show_problems(committed.notes)
    click.echo(f"{'Would file' if dry_run else 'Recorded'} {planned.record.id}  {printable(planned.path)}, of {day}")
    if session.ledger.settings.review.reviewed_kinds & {planned.record.kind}:
        click.echo(f"It waits for approval: compliance evidence approve {planned.record.id}", err=True)


def write(session: Session, change: RecordChange, deed: str, *, yes: bool, dry_run: bool) -> None:
    """Shows what changed records would do, asks on a terminal where something would be worse, and commits them."""
    from compliance.domain.planning.effects import effects
    from compliance.operations.evidence.filed import commit_records
    from compliance.reports.registers.effects import as_text

    done = effects(session.ledger, change.after, session.day)
    text = as_text(done, width())
    if text:
        click.echo(text, err=True)
    if not dry_run:
        if done.harms and not yes and sys.stdin.isatty():
            click.confirm("Do it?", abort=True, err=True)
        show_problems(commit_records(session.workspace, change, deed).notes)
    for piece, before, after in change.standings(session.ledger, session.day):
        stands = after.words if after.words == before.words else f"{before.words} → {after.words}"
        verb = "Would record" if dry_run else "Recorded"
        click.echo(f"{verb} {piece.evidence.id}  {printable(piece.evidence.title)}: {stands}")
