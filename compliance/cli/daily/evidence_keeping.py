"""`compliance evidence hold`, `release`, `dispose` and `erase`, and `compliance retention list`."""

from __future__ import annotations

import textwrap

import click

from compliance.cli.daily.evidence_amending import DRY_RUN, IDS, REASON, YES, write
from compliance.cli.options import answers, show_answer
from compliance.cli.registers.parts.recording import who
from compliance.cli.session import open_session, read_session, width
from compliance.cli.values import TEXT
from compliance.domain.ledger.records import Hold, Tombstone

AUTHORITY = click.option("--authority", type=TEXT, required=True, help="On whose word: a policy, a law, a decision.")


@click.command()
@IDS
@REASON
@DRY_RUN
@click.pass_context
def hold(ctx: click.Context, identifiers: tuple[str, ...], reason: str, *, dry_run: bool) -> None:
    """Hold pieces of evidence: nothing disposes of them, whatever their day, until they are released."""
    from compliance.operations.evidence import retaining

    session = open_session(ctx)
    mark = Hold(by=who(session), on=session.day, reason=reason)
    change = retaining.hold(session.workspace, session.ledger, identifiers, mark)
    write(session, change, "hold", yes=True, dry_run=dry_run)


@click.command()
@IDS
@DRY_RUN
@click.pass_context
def release(ctx: click.Context, identifiers: tuple[str, ...], *, dry_run: bool) -> None:
    """Release pieces of evidence that were held."""
    from compliance.operations.evidence import retaining

    session = open_session(ctx)
    change = retaining.release(session.workspace, session.ledger, identifiers)
    write(session, change, "release", yes=True, dry_run=dry_run)


@click.command()
@IDS
@AUTHORITY
@YES
@DRY_RUN
@click.pass_context
def dispose(ctx: click.Context, identifiers: tuple[str, ...], authority: str, *, yes: bool, dry_run: bool) -> None:
    """Take away the files of evidence whose day has passed; the record stays, and says so.

    What an open audit, finding or cycle needs, and what is held, stays.

    \b
    compliance evidence dispose E-7K2M9QXT --authority "Retention schedule 4.2"
    """
    from compliance.operations.evidence import retaining

    session = open_session(ctx)
    stone = Tombstone(by=who(session), on=session.day, reason="its day had passed", authority=authority)
    change = retaining.dispose(session.workspace, session.ledger, identifiers, stone)
    write(session, change, "dispose of", yes=yes, dry_run=dry_run)


@click.command()
@IDS
@REASON
@AUTHORITY
@YES
@DRY_RUN
@click.pass_context
def erase(
    ctx: click.Context, identifiers: tuple[str, ...], reason: str, authority: str, *, yes: bool, dry_run: bool
) -> None:
    """Take away the files of evidence because the law says so; a tombstone stays, with the reason and the hash.

    \b
    compliance evidence erase E-7K2M9QXT --reason "A person asked" --authority "UK GDPR, article 17"
    """
    from compliance.operations.evidence import retaining

    session = open_session(ctx)
    stone = Tombstone(by=who(session), on=session.day, reason=reason, authority=authority)
    change = retaining.erase(session.workspace, session.ledger, identifiers, stone)
    write(session, change, "erase", yes=yes, dry_run=dry_run)
    click.echo(textwrap.fill(retaining.ABOUT_HISTORY, width()), err=True)


@click.group()
def retention() -> None:
    """Evidence that is past the day until which it is kept."""


@retention.command(name="list")
@answers("reports.registers.retention:RetentionList")
@click.pass_context
def list_(ctx: click.Context, json_: bool) -> None:
    """List what is past its day: what may go, and what something needs all the same."""
    from compliance.domain.ledger.retention import expired
    from compliance.reports.registers import retention as report

    session = read_session(ctx)
    pieces = expired(session.ledger, session.day)
    show_answer(json_, lambda: report.list_view(pieces), lambda columns: report.list_as_text(pieces, columns))
    ctx.exit(session.code)
