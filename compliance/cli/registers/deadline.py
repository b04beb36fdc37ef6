"""`compliance deadline`: add, list, show, edit, done."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

import click
import msgspec

from compliance.cli.options import options
from compliance.cli.registers.parts.common_commands import (
    ControlsTouched,
    Owner,
    ScopesTouched,
    common_commands,
    note_option,
)
from compliance.cli.registers.parts.recording import change, evidence_ids, file_record, happened_on, open_record, who
from compliance.cli.session import open_session
from compliance.cli.values import DAY, LINE, Word
from compliance.domain.registers.deadlines import DEADLINES, DeadlineKind, Done
from compliance.domain.terms.durations import Duration
from compliance.problems import refuse


class DeadlineOptions(msgspec.Struct, frozen=True):
    """What a deadline is recorded with, beside its title."""

    kind: Annotated[
        DeadlineKind,
        click.option(
            "-k",
            "--kind",
            type=Word("kind of deadline", DeadlineKind),
            required=True,
            help="contract, end-of-life, review, licence, insurance, other.",
        ),
    ]
    date: Annotated[dt.date, "The day; of a recurring one, the first."]
    every: Annotated[Duration | None, "It recurs so often, counted from the first day."]
    until: Annotated[dt.date | None, "It does not recur after this day."]
    lead: Annotated[Duration | None, "How long before the day work on it begins."]
    controls: ControlsTouched
    scope: ScopesTouched
    owner: Owner
    note: Annotated[str, "What is to be done."]


@click.group()
def deadline() -> None:
    """Days that are no certificate's: contracts, ends of support, reviews; one-off or recurring."""


@deadline.command()
@click.argument("title", type=LINE)
@options(DeadlineOptions)
@click.pass_context
def add(ctx: click.Context, title: str, deadline_options: DeadlineOptions) -> None:
    """Record a deadline by its TITLE: what ends, or is to be done.

    \b
    compliance deadline add "Support of Server 2016 ends" -k end-of-life --date 2027-01-12 -c iso27001:A.8.8
    compliance deadline add "Review the access policy" -k review --date 2027-03-31 --every 12m --lead 4w
    """
    session = open_session(ctx)
    if deadline_options.every is None and deadline_options.until is not None:
        raise refuse("a deadline that does not recur has no end", hint="say how often with --every, or drop --until")
    file_record(session, DEADLINES, {"title": title, **msgspec.structs.asdict(deadline_options)})


@deadline.command()
@click.argument("identifier", metavar="ID")
@click.argument("evidence", nargs=-1, metavar="[EVIDENCE]...")
@click.option("--due", type=DAY, help="Which of its days was met; the first that is open if not said.")
@click.option("--on", type=DAY, help="The day on which it was met; today if not said.")
@note_option
@click.pass_context
def done(
    ctx: click.Context,
    identifier: str,
    evidence: tuple[str, ...],
    due: dt.date | None,
    on: dt.date | None,
    note: str,
) -> None:
    """Record that a deadline was met, with the evidence if there is any."""
    session, before = open_record(ctx, DEADLINES, identifier)
    day = happened_on(session, on)
    met = due or next(before.open_days(), None)
    if met is None:
        raise refuse(f"{before.id} has no day that is open", hint=f"see: compliance deadline show {before.id}")
    last = max((meeting.due for meeting in before.done), default=None)
    if due is None and last and abs((day - last).days) < abs((met - day).days):
        raise refuse(
            f"{day} is nearer to {last}, which was met, than to {met}",
            hint=f"if {met} was met so early, say so: --due {met}",
        )
    meeting = Done(due=met, on=day, by=who(session), evidence=evidence_ids(evidence), note=note)
    after = msgspec.structs.replace(before, done=(*before.done, meeting))
    change(session, DEADLINES, before, after, f"met for {met}")
    coming = next(after.open_days(), None)
    click.echo(f"Recorded {before.id}: met for {met}" + (f"; next {coming}" if coming else ""))


common_commands(deadline, DEADLINES)
