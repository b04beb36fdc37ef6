"""`compliance accreditation`: add, list, show, event, renew, widen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Annotated

import click
import msgspec

from compliance.cli.options import answers, options, repeated, show_answer, stands_on
from compliance.cli.registers.parts.common_commands import Owner
from compliance.cli.registers.parts.recording import say_notes
from compliance.cli.registers.widening import widen
from compliance.cli.session import open_session, read_session, width
from compliance.cli.values import Word
from compliance.domain.ledger.ledger import Ledger
from compliance.domain.registers.certificates.accreditation import (
    Accreditation,
    CertificateEvent,
    Cycle,
    Grant,
    Planned,
)
from compliance.domain.terms.references import parse_standard
from compliance.problems import must_parse, printable, refuse, sentence_and_hint, split_pairs


class AccreditationOptions(msgspec.Struct, frozen=True):
    """What an accreditation is recorded with, beside its standard."""

    scope: Annotated[str, "What it covers; the first scope if not said."]
    issued: Annotated[dt.date | None, "The day it was granted; without it, it is sought."]
    expires: Annotated[dt.date | None, "Only if the certificate states it; else the scheme's term gives it."]
    outcome: Annotated[Grant | None, Word("grant", Grant), "How it was granted: with-conditions, if so."]
    target: Annotated[dt.date | None, "By when a first grant is sought."]
    body: Annotated[str, "The certification body, assessor or acquirer."]
    certificate: Annotated[str, "The certificate's number."]
    title: Annotated[str, "What to call it."]
    profile: Annotated[str, "The part of the standard that it attests."]
    owner: Owner
    details: Annotated[
        tuple[str, ...],
        repeated("--detail", "details", "NAME=VALUE", "Anything else of the scheme, e.g. merchant=1234."),
    ]
    planned: Annotated[
        tuple[str, ...], repeated("--planned", "planned", "EVENT=DATE", "A day that is agreed for an event.")
    ]


class HappeningOptions(msgspec.Struct, frozen=True):
    """What is recorded of an event of a certificate."""

    on: Annotated[dt.date, "The day it took place."]
    outcome: Annotated[str, "How it came out; for a grant: granted or with-conditions."]
    note: Annotated[str, "Anything worth keeping."]
    body: Annotated[str, "For a transfer: who took it over. For a grant: who granted it, if another."]
    certificate: Annotated[str, "For a grant: the new certificate's number."]
    expires: Annotated[dt.date | None, "For a grant: the expiry that the certificate states."]


class RenewalOptions(msgspec.Struct, frozen=True):
    """What is recorded of a renewal."""

    on: Annotated[dt.date, "The day of the decision."]
    expires: Annotated[dt.date | None, "Only if the certificate states it; else the scheme's rules give it."]
    certificate: Annotated[str, "The new certificate's number."]
    outcome: Annotated[str, "granted (the default), with-conditions or restored."]
    body: Annotated[str, "Who granted it, if another than before."]
    note: Annotated[str, "Anything worth keeping."]
    anew: Annotated[bool, "It was granted from the beginning: the term counts from its own day."]


@click.group()
def accreditation() -> None:
    """Certificates, attestations and assessments, held or sought, cycle by cycle."""


accreditation.add_command(widen)


@accreditation.command()
@click.argument("standard")
@options(AccreditationOptions)
@click.pass_context
def add(ctx: click.Context, standard: str, accreditation_options: AccreditationOptions) -> None:
    """Record an accreditation to STANDARD that is held (--issued) or sought (--target)."""
    from compliance.domain.ledger.lookup import missing_standard
    from compliance.operations.registers.accredit import add_accreditation

    session = open_session(ctx)
    ledger, typed = session.ledger, accreditation_options
    name = must_parse(parse_standard, standard)
    catalogue = ledger.catalogue(name)
    if catalogue is None:
        in_use = ", ".join(str(candidate.name) for candidate in ledger.catalogues)
        raise missing_standard(ledger, name, f"in use: {in_use}" if in_use else "compliance standards use NAME")
    _must_be_held_or_sought(typed)
    candidate = Accreditation(
        id="",
        standard=catalogue.name,
        scope=typed.scope or ledger.settings.default_scope,
        cycles=_first_cycle(typed),
        target=typed.target,
        details=split_pairs(typed.details, "NAME=VALUE", "merchant=1234"),
        planned=_planned(typed.planned, [event.id for event in catalogue.scheme.events]),
        body=typed.body,
        title=typed.title,
        profile=typed.profile,
        owner=typed.owner,
    )
    record, committed = add_accreditation(session.workspace, ledger, catalogue, candidate, session.day)
    say_notes(committed.notes)
    click.echo(f"Recorded {record.id}")
    _say_dates(ledger, record, session.day)


def _must_be_held_or_sought(typed: AccreditationOptions) -> None:
    if typed.issued is None and typed.target is None:
        raise refuse("it is neither held nor sought", hint="say --issued DATE, or --target DATE for one that is sought")
    if typed.issued is None and (typed.expires or typed.certificate or typed.outcome):
        raise refuse("what is not granted has neither certificate nor expiry", hint="say --issued DATE")


def _first_cycle(typed: AccreditationOptions) -> tuple[Cycle, ...]:
    if typed.issued is None:
        return ()
    outcome = typed.outcome or Grant.GRANTED
    return (Cycle(granted=typed.issued, expires=typed.expires, certificate=typed.certificate, outcome=outcome),)


@accreditation.command(name="list")
@stands_on
@answers("reports.registers.accreditations:AccreditationList")
@click.pass_context
def list_(ctx: click.Context, on: dt.date | None, json_: bool) -> None:
    """List accreditations with their state and expiry."""
    from compliance.reports.registers import accreditations as report

    session = read_session(ctx)
    ledger, day = session.ledger, on or session.day
    show_answer(json_, lambda: report.list_view(ledger, day), lambda columns: report.list_as_text(ledger, day, columns))
    ctx.exit(session.code)


@accreditation.command()
@click.argument("identifier", metavar="ID")
@stands_on
@answers("reports.registers.accreditations:AccreditationShown")
@click.pass_context
def show(ctx: click.Context, identifier: str, on: dt.date | None, json_: bool) -> None:
    """Show one accreditation: its cycles, what happened in them, what is due. ID may be a standard."""
    from compliance.operations.registers.accredit import find_accreditation
    from compliance.reports.registers import accreditations as report

    session = read_session(ctx)
    ledger, day = session.ledger, on or session.day
    record = find_accreditation(ledger, identifier)
    show_answer(
        json_,
        lambda: report.view(ledger, record, day),
        lambda columns: report.as_text(ledger, record, day, columns),
    )
    ctx.exit(session.code)


@accreditation.command(name="event")
@click.argument("identifier", metavar="ID")
@click.argument("name", metavar="EVENT")
@options(HappeningOptions)
@click.pass_context
def event(ctx: click.Context, identifier: str, name: str, happening_options: HappeningOptions) -> None:
    """Record that EVENT of the scheme took place, or what befell the certificate.

    What may befall any certificate: suspended, restored, withdrawn, transferred, confirmed, conditions-met. That it
    lapsed follows from its expiry. A grant opens a new cycle and keeps the old, as `renew` does.

    \b
    compliance accreditation event A-7K2M9QXT surveillance --on 2026-05-12
    compliance accreditation event A-7K2M9QXT suspended --on 2026-06-01 --note "Internal audit overdue"
    compliance accreditation event A-7K2M9QXT transferred --on 2026-09-01 --body "Example Certification"
    """
    from compliance.operations.registers.accredit import find_accreditation, record_event

    session, typed = open_session(ctx), happening_options
    before = find_accreditation(session.ledger, identifier)
    happening = CertificateEvent(event=name, on=typed.on, outcome=typed.outcome, body=typed.body, note=typed.note)
    after, committed = record_event(
        session.workspace, session.ledger, before, happening, session.day, typed.certificate, typed.expires
    )
    say_notes(committed.notes)
    click.echo(f"Recorded: {name} of {before.id} on {typed.on}")
    _say_dates(session.ledger, after, session.day)


@accreditation.command()
@click.argument("identifier", metavar="ID")
@options(RenewalOptions)
@click.pass_context
def renew(ctx: click.Context, identifier: str, renewal_options: RenewalOptions) -> None:
    """Open the next cycle by the scheme's rules, and keep the last. ID may be a standard.

    Under a scheme that says so, the term of what is renewed in time runs on from the old expiry, and what has lapsed
    can be restored for a while. Later it is granted anew, which has to be said.

    \b
    compliance accreditation renew iso27001 --on 2028-04-20 --certificate IS-2
    compliance accreditation renew psn-coco --on 2026-12-01 --expires 2027-11-30
    """
    from compliance.operations.registers.accredit import find_accreditation, renew_accreditation

    session, typed = open_session(ctx), renewal_options
    before = find_accreditation(session.ledger, identifier)
    cycle = Cycle(
        granted=typed.on, expires=typed.expires, certificate=typed.certificate, body=typed.body, note=typed.note
    )
    after, committed = renew_accreditation(
        session.workspace, session.ledger, before, cycle, typed.outcome, session.day, typed.anew
    )
    say_notes(committed.notes)
    outcome = after.cycles[-1].outcome.value
    click.echo(f"Recorded: cycle {len(after.cycles)} of {before.id}, {outcome} on {typed.on}")
    _say_dates(session.ledger, after, session.day)


def _say_dates(ledger: Ledger, record: Accreditation, now: dt.date) -> None:
    """Says how a certificate stands today: why it is not held, when it expires, what is due in its cycle."""
    import textwrap

    from compliance.domain.ledger.audited import audited
    from compliance.domain.registers.certificates import cycles, states

    catalogue = ledger.catalogue(record.standard)
    if catalogue is None:
        return
    as_audited = audited(ledger, record)
    state = states.state_on(catalogue.scheme, as_audited, now)
    if state.why and (state.at_risk or state.status is not states.CertificateStatus.HELD):
        click.echo(textwrap.fill(printable(state.why), width(), initial_indent="  ", subsequent_indent="    "))
    cycle = record.cycle_on(now)
    end = states.expiry(catalogue.scheme, cycle) if cycle else None
    if cycle and end and state.status is not states.CertificateStatus.WITHDRAWN:
        start = f"the old expiry, {cycle.runs_from}" if cycle.runs_from else str(cycle.granted)
        rule = f"{catalogue.scheme.term} from {start}, by the scheme{states.doubt(catalogue.scheme, 'term')}"
        how = "as stated" if cycle.expires else rule
        click.echo(f"  expires {end} ({how})")
    for due in cycles.dues(catalogue.scheme, as_audited, now, ledger.holidays):
        if due.done is None and not (due.event.opens_cycle and due.due == end):
            click.echo(f"  {due.day}  {printable(due.event.title)}")


def _planned(texts: Sequence[str], events: Sequence[str]) -> tuple[Planned, ...]:
    """The days that are agreed for events, written EVENT=DATE. Raises Refused for an event that the scheme has not."""
    from compliance.problems import choice_hint
    from compliance.store.text.decoding import parse_day

    planned = []
    for name, value in split_pairs(texts, "EVENT=DATE", "--planned surveillance=2027-03-09").items():
        if name not in events:
            raise refuse(f"the scheme has no event “{name}”", hint=choice_hint(name, events))
        try:
            planned.append(Planned(event=name, on=parse_day(value)))
        except ValueError as error:
            sentence, hint = sentence_and_hint(error)
            raise refuse(f"--planned {name}: {sentence}", hint=hint) from None
    return tuple(planned)
