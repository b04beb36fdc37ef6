"""`compliance risk`: add, list, show, edit, assess, accept, close."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

import click
import msgspec

from compliance.cli.registers.common_commands import (
    LINE,
    View,
    common_commands,
    control_option,
    not_to_come,
    owner_option,
    references,
    say_notes,
    say_recorded,
    scope_option,
)
from compliance.cli.registers.promised import actions_on
from compliance.cli.session import DAY, Word, ledger_at, workspace_of
from compliance.domain.ledger.ledger import Ledger
from compliance.domain.registers.actions import ACTIONS
from compliance.domain.registers.risks import (
    RISKS,
    Acceptance,
    Assessed,
    Risk,
    Treatment,
    band,
    score,
    score_of,
    state_on,
)
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
    click.echo(f"  {_scored(ledger, recorded[0])}")


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
    click.echo(f"Recorded {before.id}: {_scored(ledger, after)}, was {_scored(ledger, before)}")


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


def _scored(ledger: Ledger, one: Risk) -> str:
    matrix = ledger.settings.risk
    points = score_of(one, matrix)
    if points is None:
        return "not scored"
    return f"{points} {band(matrix, points)}".rstrip()


def _row(ledger: Ledger, one: Risk, on: dt.date) -> Sequence[str]:
    who = f"\n{one.owner}" if one.owner else ""
    state = state_on(one, ledger.settings.risk, on).value
    return (one.id, _scored(ledger, one), state, str(one.review or "–"), f"{one.title}{who}")


def _facts(ledger: Ledger, one: Risk, on: dt.date) -> Mapping[str, str]:
    matrix = ledger.settings.risk
    facts = {"state": state_on(one, ledger.settings.risk, on).value, "score": _scored(ledger, one)}
    for name, assessed in (("inherent score", one.inherent), ("target score", one.target)):
        points = score(matrix, assessed.likelihood, assessed.impact) if assessed else None
        if points is not None:
            facts[name] = f"{points} {band(matrix, points)}".rstrip()
    return facts


def _treating(ledger: Ledger, one: Risk, on: dt.date) -> Mapping[str, object]:
    treating = (each for each in ledger.of(ACTIONS) if one.id in each.risks or each.id in one.actions)
    return {"appetite": ledger.settings.risk.appetite, **actions_on("treated by", treating, on)}


def _order(ledger: Ledger, one: Risk, _on: dt.date) -> int:
    return -(score_of(one, ledger.settings.risk) or 0)


common_commands(
    risk,
    RISKS,
    View(
        headers=("Id", "Score", "State", "Review", "Risk"),
        row=_row,
        facts=_facts,
        open=lambda _ledger, one, on: one.open_on(on),
        order=_order,
        more=_treating,
    ),
)
