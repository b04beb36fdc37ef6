"""`compliance risk`: add, list, show, edit, assess, accept, close."""

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
from compliance.cli.session import DAY, Word, ledger_at, workspace_of
from compliance.domain.registers.actions import ACTIONS
from compliance.domain.registers.risks import RISKS, Acceptance, Assessed, Risk, Treatment, scored
from compliance.problems import refuse

TREATMENT = Word("treatment", Treatment)


@click.group()
def risk() -> None:
    """What may happen, how bad that would be, and what is done about it."""


@risk.command()
@click.argument("nature", type=LINE)
@click.option("--consequence", type=LINE, required=True, help="What would follow.")
@click.option(
    "--likelihood", required=True, help="As things are now: rare, unlikely, possible, likely or almost-certain."
)
@click.option("--impact", required=True, help="minor, moderate, serious, severe or critical.")
@click.option("--target", "target", nargs=2, metavar="LIKELIHOOD IMPACT", help="What it is to be brought down to.")
@click.option("--treatment", type=TREATMENT, help="reduce (as a rule), accept, avoid or share.")
@control_option
@click.option("--action", "actions", multiple=True, metavar="ID", help="An action that treats it (again for more).")
@scope_option
@owner_option
@click.option("--review", type=DAY, help="By when it is looked at again.")
@click.option("--raised", type=DAY, help="The day it was seen; today if not said.")
@click.option("--note", default="", help="Anything else worth keeping.")
@click.pass_context
def add(
    ctx: click.Context,
    /,
    nature: str,
    target: tuple[str, str] | None,
    treatment: Treatment | None,
    controls: tuple[str, ...],
    actions: tuple[str, ...],
    raised: dt.date | None,
    **said: object,
) -> None:
    """Record a risk by its NATURE: what may happen.

    [risk] in compliance.toml may have other words for likelihood and impact, other bands and another appetite.

    \b
    compliance risk add "Ransomware stops the revenues system" --consequence "No council tax bills for a week"
        --likelihood possible --impact severe -c iso27001:A.8.13 --owner "Head of IT" --review 2027-03-31
    """
    from compliance.operations.registers.registering import add_records, named

    workspace = workspace_of(ctx)
    ledger, now = ledger_at(workspace, None)
    fresh = Risk(
        id="",
        title=nature,
        raised=not_to_come(raised or now, now),
        target=Assessed(likelihood=target[0], impact=target[1]) if target else None,
        treatment=treatment or Treatment.REDUCE,
        controls=references(controls, ledger),
        actions=named(actions, ACTIONS),
        **said,  # type: ignore[arg-type]
    )
    recorded, committed = add_records(workspace, ledger, RISKS, [fresh], now)
    say_recorded(recorded, committed.notes)
    click.echo(f"  {scored(recorded[0], ledger.settings.risk)}")


@risk.command()
@click.argument("identifier", metavar="ID")
@click.option("--likelihood", default="", help="As things are now.")
@click.option("--impact", default="", help="As things are now.")
@click.option("--review", type=DAY, required=True, help="By when it is looked at again.")
@click.pass_context
def assess(ctx: click.Context, identifier: str, likelihood: str, impact: str, review: dt.date) -> None:
    """Review a risk: its likelihood and impact now, and the day of the next review."""
    from compliance.operations.registers.registering import change_record, find_record

    workspace = workspace_of(ctx)
    ledger, now = ledger_at(workspace, None)
    before: Risk = find_record(ledger, RISKS, identifier)
    _still_open(before, now)
    after = msgspec.structs.replace(
        before, likelihood=likelihood or before.likelihood, impact=impact or before.impact, review=review
    )
    committed = change_record(workspace, ledger, RISKS, before, after, "review")
    say_notes(committed.notes)
    click.echo(
        f"Recorded {before.id}: {scored(after, ledger.settings.risk)}, was {scored(before, ledger.settings.risk)}"
    )


@risk.command()
@click.argument("identifier", metavar="ID")
@click.option("--by", required=True, help="Who bears it.")
@click.option("--until", type=DAY, required=True, help="Until when the acceptance holds.")
@click.option("--on", type=DAY, help="The day it was accepted; today if not said.")
@click.option("--reason", required=True, help="Why it is borne.")
@click.pass_context
def accept(ctx: click.Context, identifier: str, by: str, until: dt.date, on: dt.date | None, reason: str) -> None:
    """Record that somebody accepts a risk until a day; earlier acceptances are kept."""
    from compliance.operations.registers.registering import change_record, find_record

    workspace = workspace_of(ctx)
    ledger, now = ledger_at(workspace, None)
    before: Risk = find_record(ledger, RISKS, identifier)
    _still_open(before, now)
    given = Acceptance(by=by, on=not_to_come(on or now, now), until=until, reason=reason)
    after = msgspec.structs.replace(before, accepted=(*before.accepted, given))
    committed = change_record(workspace, ledger, RISKS, before, after, f"accepted until {until}")
    say_notes(committed.notes)
    click.echo(f"Recorded {before.id}: accepted by {by} until {until}")


@risk.command()
@click.argument("identifier", metavar="ID")
@click.option("--on", type=DAY, help="The day; today if not said.")
@click.option("--note", required=True, help="Why it is a risk no longer.")
@click.pass_context
def close(ctx: click.Context, identifier: str, on: dt.date | None, note: str) -> None:
    """Record that a risk is one no longer. It stays in the register."""
    from compliance.operations.registers.registering import change_record, find_record

    workspace = workspace_of(ctx)
    ledger, now = ledger_at(workspace, None)
    before: Risk = find_record(ledger, RISKS, identifier)
    _still_open(before, now)
    text = f"{before.note}; {note}" if before.note else note
    after = msgspec.structs.replace(before, closed=not_to_come(on or now, now), note=text)
    committed = change_record(workspace, ledger, RISKS, before, after, "closed")
    say_notes(committed.notes)
    click.echo(f"Recorded {before.id}: closed on {after.closed}")


def _still_open(one: Risk, now: dt.date) -> None:
    if one.closed and one.closed <= now:
        raise refuse(f"{one.id} is closed since {one.closed}", hint="record a new one: compliance risk add")


common_commands(risk, RISKS)
