"""`compliance deadline`: add, list, show, edit, done."""

from __future__ import annotations

import datetime as dt

import click
import msgspec

from compliance.cli.registers.common_commands import (
    LINE,
    common_commands,
    control_option,
    not_to_come,
    owner_option,
    references,
    say_notes,
    say_recorded,
    scope_option,
)
from compliance.cli.session import DAY, TIME, Word, ledger_at, workspace_of
from compliance.domain.registers.deadlines import DEADLINES, Deadline, DeadlineKind, Done
from compliance.domain.terms.durations import Duration
from compliance.problems import refuse

KIND = Word("kind of deadline", DeadlineKind)


@click.group()
def deadline() -> None:
    """Days that are no certificate's: contracts, ends of support, reviews; one-off or recurring."""


@deadline.command()
@click.argument("title", type=LINE)
@click.option(
    "-k", "--kind", type=KIND, required=True, help="contract, end-of-life, review, licence, insurance, other."
)
@click.option("--date", "day", type=DAY, required=True, help="The day; of a recurring one, the first.")
@click.option("--every", type=TIME, help="It recurs so often, counted from the first day.")
@click.option("--until", type=DAY, help="It does not recur after this day.")
@click.option("--lead", type=TIME, help="How long before the day work on it begins.")
@control_option
@scope_option
@owner_option
@click.option("--note", default="", help="What is to be done.")
@click.pass_context
def add(
    ctx: click.Context,
    /,
    title: str,
    kind: DeadlineKind,
    day: dt.date,
    every: Duration | None,
    until: dt.date | None,
    lead: Duration | None,
    controls: tuple[str, ...],
    scope: tuple[str, ...],
    owner: str,
    note: str,
) -> None:
    """Record a deadline by its TITLE: what ends, or is to be done.

    \b
    compliance deadline add "Support of Server 2016 ends" -k end-of-life --date 2027-01-12 -c iso27001:A.8.8
    compliance deadline add "Review the access policy" -k review --date 2027-03-31 --every 12m --lead 4w
    """
    from compliance.operations.registers.registering import add_records

    workspace = workspace_of(ctx)
    ledger, now = ledger_at(workspace, None)
    if every is None and until is not None:
        raise refuse("a deadline that does not recur has no end", hint="say how often with --every, or drop --until")
    fresh = Deadline(
        id="",
        kind=kind,
        title=title,
        date=day,
        every=every,
        until=until,
        lead=lead,
        controls=references(controls, ledger),
        scope=scope,
        owner=owner,
        note=note,
    )
    recorded, committed = add_records(workspace, ledger, DEADLINES, [fresh], now)
    say_recorded(recorded, committed.notes)


@deadline.command()
@click.argument("identifier", metavar="ID")
@click.argument("evidence", nargs=-1, metavar="[EVIDENCE]...")
@click.option("--due", type=DAY, help="Which of its days was met; the first that is open if not said.")
@click.option("--on", type=DAY, help="The day on which it was met; today if not said.")
@click.option("--note", default="", help="Anything else worth keeping.")
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
    from compliance.domain.terms.identifiers import EVIDENCE, normalised
    from compliance.operations.registers.registering import change_record, committer, find_record

    workspace = workspace_of(ctx)
    ledger, now = ledger_at(workspace, None)
    before: Deadline = find_record(ledger, DEADLINES, identifier)
    day = not_to_come(on or now, now)
    met = due or next(before.open_days(), None)
    if met is None:
        raise refuse(f"{before.id} has no day that is open", hint=f"see: compliance deadline show {before.id}")
    just = max((one.due for one in before.done), default=None)
    if due is None and just and abs((day - just).days) < abs((met - day).days):
        raise refuse(
            f"{day} is nearer to {just}, which was met, than to {met}",
            hint=f"if {met} was met so early, say so: --due {met}",
        )
    shown = tuple(normalised(one, EVIDENCE) for one in evidence)
    entry = Done(due=met, on=day, by=committer(workspace), evidence=shown, note=note)
    changed = msgspec.structs.replace(before, done=(*before.done, entry))
    committed = change_record(workspace, ledger, DEADLINES, before, changed, f"met for {met}")
    say_notes(committed.notes)
    coming = next(changed.open_days(), None)
    click.echo(f"Recorded {before.id}: met for {met}" + (f"; next {coming}" if coming else ""))


common_commands(deadline, DEADLINES)
