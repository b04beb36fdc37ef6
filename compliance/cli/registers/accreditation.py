"""`compliance accreditation`: add, list, show, event, renew, widen."""

from __future__ import annotations

import datetime as dt

import click

from compliance.cli.options import answers
from compliance.cli.options import show as show_answer
from compliance.cli.registers.widening import widen
from compliance.cli.session import DAY, Word, ledger_at, told, width, workspace_of
from compliance.domain.ledger.ledger import Ledger
from compliance.domain.registers.certificates.accreditation import (
    Accreditation,
    CertificateEvent,
    Cycle,
    Grant,
    Planned,
)
from compliance.domain.terms.references import parse_standard
from compliance.problems import printable, refusal, refuse, split_pair


@click.group()
def accreditation() -> None:
    """Certificates, attestations and assessments, held or sought, cycle by cycle."""


accreditation.add_command(widen)


@accreditation.command()
@click.argument("standard")
@click.option("--scope", default="", help="What it covers; the first scope if not said.")
@click.option("--issued", type=DAY, help="The day it was granted; without it, it is sought.")
@click.option("--expires", type=DAY, help="Only if the certificate states it; else the scheme's term gives it.")
@click.option("--outcome", type=Word("grant", Grant), help="How it was granted: with-conditions, if so.")
@click.option("--target", type=DAY, help="By when a first grant is sought.")
@click.option("--body", default="", help="The certification body, assessor or acquirer.")
@click.option("--certificate", default="", help="The certificate's number.")
@click.option("--title", default="", help="What to call it.")
@click.option("--profile", default="", help="The part of the standard that it attests.")
@click.option("--owner", default="", help="Who answers for it.")
@click.option(
    "--detail", "details", multiple=True, metavar="NAME=VALUE", help="Anything else of the scheme, e.g. merchant=1234."
)
@click.option("--planned", "planned", multiple=True, metavar="EVENT=DATE", help="A day that is agreed for an event.")
@click.pass_context
def add(
    ctx: click.Context,
    /,
    standard: str,
    scope: str,
    issued: dt.date | None,
    expires: dt.date | None,
    outcome: Grant | None,
    target: dt.date | None,
    details: tuple[str, ...],
    planned: tuple[str, ...],
    certificate: str,
    body: str,
    title: str,
    profile: str,
    owner: str,
) -> None:
    """Record an accreditation to STANDARD that is held (--issued) or sought (--target)."""
    from compliance.operations.registers.accredit import add_accreditation

    workspace = workspace_of(ctx)
    ledger, now = ledger_at(workspace, None)
    try:
        name = parse_standard(standard)
    except ValueError as error:
        raise refusal(error) from None
    catalogue = ledger.catalogue(name)
    if catalogue is None:
        known = ", ".join(str(one.name) for one in ledger.catalogues)
        raise refuse(
            f"the standard {name} is not in use here",
            hint=f"in use: {known}" if known else "compliance standards use NAME",
        )
    if issued is None and target is None:
        raise refuse("it is neither held nor sought", hint="say --issued DATE, or --target DATE for one that is sought")
    if issued is None and (expires or certificate or outcome):
        raise refuse("what is not granted has neither certificate nor expiry", hint="say --issued DATE")
    granted = outcome or Grant.GRANTED
    cycles = (Cycle(granted=issued, expires=expires, certificate=certificate, outcome=granted),) if issued else ()
    held = Accreditation(
        id="",
        standard=catalogue.name,
        scope=scope or ledger.settings.default_scope,
        cycles=cycles,
        target=target,
        details=_pairs(details),
        planned=_planned(planned, [event.id for event in catalogue.scheme.events]),
        body=body,
        title=title,
        profile=profile,
        owner=owner,
    )
    fresh, committed = add_accreditation(workspace, ledger, catalogue, held, now)
    for note in committed.notes:
        click.echo(note.render(), err=True)
    click.echo(f"Recorded {fresh.id}")
    _say_dates(ledger, fresh, now)


@accreditation.command(name="list")
@click.option("--on", type=DAY, help="As it stands on this day.")
@answers("reports.registers.accreditations:AccreditationList")
@click.pass_context
def list_(ctx: click.Context, on: dt.date | None, json_: bool) -> None:
    """List accreditations with their state and expiry."""
    from compliance.reports.registers import accreditations as report

    ledger, now = ledger_at(workspace_of(ctx), None)
    code = told(ledger.problems)
    day = on or now
    show_answer(json_, lambda: report.list_view(ledger, day), lambda columns: report.list_as_text(ledger, day, columns))
    ctx.exit(code)


@accreditation.command()
@click.argument("identifier", metavar="ID")
@click.option("--on", type=DAY, help="As it stands on this day.")
@answers("reports.registers.accreditations:AccreditationShown")
@click.pass_context
def show(ctx: click.Context, identifier: str, on: dt.date | None, json_: bool) -> None:
    """Show one accreditation: its cycles, what happened in them, what is due. ID may be a standard."""
    from compliance.operations.registers.accredit import find_accreditation
    from compliance.reports.registers import accreditations as report

    ledger, now = ledger_at(workspace_of(ctx), None)
    code = told(ledger.problems)
    held = find_accreditation(ledger, identifier)
    day = on or now
    show_answer(
        json_,
        lambda: report.view(ledger, held, day),
        lambda columns: report.as_text(ledger, held, day, columns),
    )
    ctx.exit(code)


@accreditation.command(name="event")
@click.argument("identifier", metavar="ID")
@click.argument("name", metavar="EVENT")
@click.option("--on", type=DAY, required=True, help="The day it took place.")
@click.option("--outcome", default="", help="How it came out; for a grant: granted or with-conditions.")
@click.option("--note", default="", help="Anything worth keeping.")
@click.option("--body", default="", help="For a transfer: who took it over. For a grant: who granted it, if another.")
@click.option("--certificate", default="", help="For a grant: the new certificate's number.")
@click.option("--expires", type=DAY, help="For a grant: the expiry that the certificate states.")
@click.pass_context
def event(
    ctx: click.Context,
    identifier: str,
    name: str,
    on: dt.date,
    outcome: str,
    note: str,
    body: str,
    certificate: str,
    expires: dt.date | None,
) -> None:
    """Record that EVENT of the scheme took place, or what befell the certificate.

    What may befall any certificate: suspended, restored, withdrawn, transferred, conditions-met. That it lapsed follows
    from its expiry. A grant opens a new cycle and keeps the old, as `renew` does.

    \b
    compliance accreditation event A-7K2M9QXT surveillance --on 2026-05-12
    compliance accreditation event A-7K2M9QXT suspended --on 2026-06-01 --note "Internal audit overdue"
    compliance accreditation event A-7K2M9QXT transferred --on 2026-09-01 --body "Example Certification"
    """
    from compliance.operations.registers.accredit import find_accreditation, record_event

    workspace = workspace_of(ctx)
    ledger, now = ledger_at(workspace, None)
    held = find_accreditation(ledger, identifier)
    happened = CertificateEvent(event=name, on=on, outcome=outcome, body=body, note=note)
    changed, committed = record_event(workspace, ledger, held, happened, now, certificate, expires)
    for warning in committed.notes:
        click.echo(warning.render(), err=True)
    click.echo(f"Recorded: {name} of {held.id} on {on}")
    _say_dates(ledger, changed, now)


@accreditation.command()
@click.argument("identifier", metavar="ID")
@click.option("--on", type=DAY, required=True, help="The day of the decision.")
@click.option("--expires", type=DAY, help="Only if the certificate states it; else the scheme's rules give it.")
@click.option("--certificate", default="", help="The new certificate's number.")
@click.option("--outcome", default="", help="granted (the default), with-conditions or restored.")
@click.option("--body", default="", help="Who granted it, if another than before.")
@click.option("--note", default="", help="Anything worth keeping.")
@click.option("--anew", is_flag=True, help="It was granted from the beginning: the term counts from its own day.")
@click.pass_context
def renew(
    ctx: click.Context,
    identifier: str,
    on: dt.date,
    expires: dt.date | None,
    certificate: str,
    outcome: str,
    body: str,
    note: str,
    anew: bool,
) -> None:
    """Open the next cycle by the scheme's rules, and keep the last. ID may be a standard.

    Under a scheme that says so, the term of what is renewed in time runs on from the old expiry, and what has lapsed
    can be restored for a while. Later it is granted anew, which has to be said.

    \b
    compliance accreditation renew iso27001 --on 2028-04-20 --certificate IS-2
    compliance accreditation renew psn-coco --on 2026-12-01 --expires 2027-11-30
    """
    from compliance.operations.registers.accredit import find_accreditation, renew_accreditation

    workspace = workspace_of(ctx)
    ledger, now = ledger_at(workspace, None)
    held = find_accreditation(ledger, identifier)
    granted = Cycle(granted=on, expires=expires, certificate=certificate, body=body, note=note)
    changed, committed = renew_accreditation(workspace, ledger, held, granted, outcome, now, anew)
    for warning in committed.notes:
        click.echo(warning.render(), err=True)
    click.echo(f"Recorded: cycle {len(changed.cycles)} of {held.id}, {changed.cycles[-1].outcome.value} on {on}")
    _say_dates(ledger, changed, now)


def _say_dates(ledger: Ledger, held: Accreditation, now: dt.date) -> None:
    import textwrap

    from compliance.domain.ledger.audited import audited
    from compliance.domain.registers.certificates import cycles, states

    catalogue = ledger.catalogue(held.standard)
    if catalogue is None:
        return
    state = states.state_on(catalogue.scheme, held, now)
    if state.why and state.status is not states.CertificateStatus.HELD:
        click.echo(textwrap.fill(printable(state.why), width(), initial_indent="  ", subsequent_indent="    "))
    cycle = held.cycle_on(now)
    end = states.expiry(catalogue.scheme, cycle) if cycle else None
    if cycle and end and state.status is not states.CertificateStatus.WITHDRAWN:
        start = f"the old expiry, {cycle.runs_from}" if cycle.runs_from else str(cycle.granted)
        rule = f"{catalogue.scheme.term} from {start}, by the scheme{states.doubt(catalogue.scheme, 'term')}"
        how = "as stated" if cycle.expires else rule
        click.echo(f"  expires {end} ({how})")
    for due in cycles.dues(catalogue.scheme, audited(ledger, held), now, ledger.holidays):
        if due.done is None and not (due.event.opens_cycle and due.due == end):
            click.echo(f"  {due.day}  {printable(due.event.title)}")


def _pairs(texts: tuple[str, ...]) -> dict[str, str]:
    found = {}
    for text in texts:
        name, value = split_pair(text, "NAME=VALUE", "merchant=1234")
        found[name] = value
    return found


def _planned(texts: tuple[str, ...], events: list[str]) -> tuple[Planned, ...]:
    from compliance.problems import choice_hint
    from compliance.store.text.decoding import parse_day

    found = []
    for name, value in _pairs(texts).items():
        if name not in events:
            raise refuse(f"the scheme has no event “{name}”", hint=choice_hint(name, events))
        try:
            found.append(Planned(event=name, on=parse_day(value)))
        except ValueError as error:
            raise refusal(error) from None
    return tuple(found)
