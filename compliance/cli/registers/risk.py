"""`compliance risk`: add, list, show, edit, assess, accept, close."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

import click
import msgspec

from compliance.cli.options import options, repeated
from compliance.cli.registers.parts.common_commands import ControlsTouched, Note, Owner, ScopesTouched, common_commands
from compliance.cli.registers.parts.recording import change, file_record, happened_on, open_record
from compliance.cli.session import Session, open_session
from compliance.cli.values import DAY, LINE, TEXT, Word
from compliance.domain.registers.risks import RISKS, Acceptance, Assessed, Risk, Treatment, scored
from compliance.problems import refuse


class RiskOptions(msgspec.Struct, frozen=True):
    """What a risk is recorded with, beside its nature."""

    consequence: Annotated[str, LINE, "What would follow."]
    likelihood: Annotated[
        str,
        click.option(
            "--likelihood",
            required=True,
            help="As things are now: rare, unlikely, possible, likely or almost-certain.",
        ),
    ]
    impact: Annotated[
        str, click.option("--impact", required=True, help="minor, moderate, serious, severe or critical.")
    ]
    target: Annotated[
        tuple[str, str] | None,
        click.option("--target", nargs=2, metavar="LIKELIHOOD IMPACT", help="What it is to be brought down to."),
    ]
    treatment: Annotated[Treatment | None, Word("treatment", Treatment), "reduce (as a rule), accept, avoid or share."]
    controls: ControlsTouched
    actions: Annotated[
        tuple[str, ...], repeated("--action", "actions", "ID", "An action that treats it (again for more).")
    ]
    scope: ScopesTouched
    owner: Owner
    review: Annotated[dt.date | None, "By when it is looked at again."]
    raised: Annotated[dt.date | None, "The day it was seen; today if not said."]
    note: Note


@click.group()
def risk() -> None:
    """What may happen, how bad that would be, and what is done about it."""


@risk.command()
@click.argument("nature", type=LINE)
@options(RiskOptions)
@click.pass_context
def add(ctx: click.Context, nature: str, risk_options: RiskOptions) -> None:
    """Record a risk by its NATURE: what may happen.

    [risk] in compliance.toml may have other words for likelihood and impact, other bands and another appetite.

    \b
    compliance risk add "Ransomware stops the revenues system" --consequence "No council tax bills for a week"
        --likelihood possible --impact severe -c iso27001:A.8.13 --owner "Head of IT" --review 2027-03-31
    """
    session = open_session(ctx)
    fields = {"title": nature, **msgspec.structs.asdict(risk_options)}
    if risk_options.target:
        fields["target"] = Assessed(likelihood=risk_options.target[0], impact=risk_options.target[1])
    record = file_record(session, RISKS, fields)
    click.echo(f"  {scored(record, session.ledger.settings.risk)}")


@risk.command()
@click.argument("identifier", metavar="ID")
@click.option("--likelihood", default="", help="As things are now.")
@click.option("--impact", default="", help="As things are now.")
@click.option("--review", type=DAY, required=True, help="By when it is looked at again.")
@click.pass_context
def assess(ctx: click.Context, identifier: str, likelihood: str, impact: str, review: dt.date) -> None:
    """Review a risk: its likelihood and impact now, and the day of the next review."""
    session, before = _open_risk(ctx, identifier)
    after = msgspec.structs.replace(
        before, likelihood=likelihood or before.likelihood, impact=impact or before.impact, review=review
    )
    change(session, RISKS, before, after, "review")
    matrix = session.ledger.settings.risk
    click.echo(f"Recorded {before.id}: {scored(after, matrix)}, was {scored(before, matrix)}")


@risk.command()
@click.argument("identifier", metavar="ID")
@click.option("--by", type=TEXT, required=True, help="Who bears it.")
@click.option("--until", type=DAY, required=True, help="Until when the acceptance holds.")
@click.option("--on", type=DAY, help="The day it was accepted; today if not said.")
@click.option("--reason", type=TEXT, required=True, help="Why it is borne.")
@click.pass_context
def accept(ctx: click.Context, identifier: str, by: str, until: dt.date, on: dt.date | None, reason: str) -> None:
    """Record that somebody accepts a risk until a day; earlier acceptances are kept."""
    session, before = _open_risk(ctx, identifier)
    acceptance = Acceptance(by=by, on=happened_on(session, on), until=until, reason=reason)
    after = msgspec.structs.replace(before, accepted=(*before.accepted, acceptance))
    change(session, RISKS, before, after, f"accepted until {until}")
    click.echo(f"Recorded {before.id}: accepted by {by} until {until}")


@risk.command()
@click.argument("identifier", metavar="ID")
@click.option("--on", type=DAY, help="The day; today if not said.")
@click.option("--note", type=TEXT, required=True, help="Why it is a risk no longer.")
@click.pass_context
def close(ctx: click.Context, identifier: str, on: dt.date | None, note: str) -> None:
    """Record that a risk is one no longer. It stays in the register."""
    session, before = _open_risk(ctx, identifier)
    text = f"{before.note}; {note}" if before.note else note
    after = msgspec.structs.replace(before, closed=happened_on(session, on), note=text)
    change(session, RISKS, before, after, "closed")
    click.echo(f"Recorded {before.id}: closed on {after.closed}")


def _open_risk(ctx: click.Context, identifier: str) -> tuple[Session, Risk]:
    """Opens the workspace to change a risk. Raises Refused for one that is closed."""
    session, record = open_record(ctx, RISKS, identifier)
    if record.closed and record.closed <= session.day:
        raise refuse(f"{record.id} is closed since {record.closed}", hint="record a new one: compliance risk add")
    return session, record


common_commands(risk, RISKS)
