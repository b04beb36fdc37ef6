"""`compliance audit`: add, hold, list, show, edit; and `audit request`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click
import msgspec

from compliance.cli.registers.audit_request import request
from compliance.cli.registers.common_commands import (
    common_commands,
    owner_option,
    references,
    say_notes,
    say_recorded,
    scope_option,
)
from compliance.cli.session import DAY, Word, chosen_scopes, ledger_at, workspace_of
from compliance.domain.ledger.ledger import Ledger
from compliance.domain.registers.accreditations import ACCREDITATIONS
from compliance.domain.registers.audits import AUDITS, Audit, AuditType
from compliance.problems import counted, printable, refusal, refuse

if TYPE_CHECKING:
    from compliance.domain.registers.certificates.accreditation import Accreditation
    from compliance.domain.terms.references import StandardName

TYPE = Word("type of audit", AuditType)


@click.group()
def audit() -> None:
    """Audits planned and held, what their auditors ask for, and what they found."""


audit.add_command(request)


@audit.command()
@click.argument("title")
@click.option("--type", "type_", type=TYPE, required=True, help="internal, surveillance, stage-2, health-check …")
@click.option("--on", type=DAY, required=True, help="Its first day: the evidence is judged as it stands then.")
@click.option("--until", type=DAY, help="Its last day.")
@click.option("-s", "--standard", "standards", multiple=True, metavar="STANDARD", help="By it (again for more).")
@scope_option
@click.option("--accreditation", default="", metavar="ID|STANDARD", help="The certificate that it is for.")
@click.option("--event", default="", help="Which event of its scheme it is; as the type is called if not said.")
@click.option("--body", default="", help="Who audits: the certification body, the assessor, a colleague's team.")
@click.option("--auditor", "auditors", multiple=True, metavar="NAME", help="An auditor (again for more).")
@click.option(
    "-c", "--control", "controls", multiple=True, metavar="CONTROL", help="Sampled (again for more; none: all are)."
)
@owner_option
@click.option("--note", default="", help="Anything else worth keeping.")
@click.pass_context
def add(
    ctx: click.Context,
    /,
    title: str,
    type_: AuditType,
    on: dt.date,
    until: dt.date | None,
    standards: tuple[str, ...],
    scope: tuple[str, ...],
    accreditation: str,
    event: str,
    controls: tuple[str, ...],
    **said: Any,
) -> None:
    """Record an audit that is planned, by its TITLE. Once it took place: compliance audit hold.

    \b
    compliance audit add "Surveillance 2027" --type surveillance --on 2027-03-09 --until 2027-03-11
        --accreditation iso27001 --body "Example Certification" -c iso27001:A.5.15 -c iso27001:A.8.8
    compliance audit add "Internal audit, access" --type internal --on 2026-12-01 -s iso27001 --scope corporate
    """
    from compliance.operations.registers.accredit import find_accreditation
    from compliance.operations.registers.registering import add_records

    workspace = workspace_of(ctx)
    ledger, now = ledger_at(workspace, None)
    chosen_scopes(ledger, scope)
    if event and not accreditation:
        raise refuse("an event is one of a certificate's scheme", hint="say which certificate with --accreditation")
    held = find_accreditation(ledger, accreditation) if accreditation else None
    by = _standards(ledger, standards) or ((held.standard,) if held else ())
    fresh = Audit(
        id="",
        type=type_,
        title=title,
        on=on,
        until=until,
        standards=by,
        scope=scope or ((held.scope,) if held else ()),
        accreditation=held.id if held else "",
        event=event or (_event_of_type(ledger, held, type_) if held else ""),
        controls=references(controls, ledger),
        **said,
    )
    recorded, committed = add_records(workspace, ledger, AUDITS, [fresh], now)
    say_recorded(recorded, committed.notes)
    if fresh.event:
        click.echo(f"  the {fresh.event} of {fresh.accreditation}")
    click.echo(f"  how it will stand then: compliance gaps --for-audit {recorded[0].id}")


def _standards(ledger: Ledger, texts: Sequence[str]) -> tuple[StandardName, ...]:
    """The standards named, as they are named. Raises Refused for one that is not in use."""
    from compliance.cli.session import chosen_standards
    from compliance.domain.terms.references import parse_standard

    chosen_standards(ledger, tuple(texts))
    try:
        return tuple(parse_standard(text) for text in texts)
    except ValueError as error:
        raise refusal(error) from None


def _event_of_type(ledger: Ledger, held: Accreditation, type_: AuditType) -> str:
    catalogue = ledger.catalogue(held.standard)
    known = {event.id for event in catalogue.scheme.events} if catalogue else set()
    return type_.value if type_.value in known else ""


@audit.command()
@click.argument("identifier", metavar="ID")
@click.option("--on", type=DAY, help="Its first day, if it was another than the one planned.")
@click.option("--until", type=DAY, help="Its last day, if it was another than the one planned.")
@click.option("--outcome", default="", help="How it came out, in a few words.")
@click.option("--report", default="", metavar="EVIDENCE", help="Its report, as filed.")
@click.option("--note", default="", help="Anything else worth keeping.")
@click.pass_context
def hold(
    ctx: click.Context, identifier: str, on: dt.date | None, until: dt.date | None, outcome: str, report: str, note: str
) -> None:
    """Record that an audit was held. Once more, to add its outcome or its report.

    \b
    compliance audit hold U-7K2M9QXT --outcome "passed, one minor" --report E-2ABCDEFG
    """
    from compliance.domain.terms.identifiers import EVIDENCE, normalised
    from compliance.operations.registers.registering import change_record, find_record

    workspace = workspace_of(ctx)
    ledger, now = ledger_at(workspace, None)
    before: Audit = find_record(ledger, AUDITS, identifier)
    first = on or before.on
    if first > now:
        raise refuse(
            f"the audit begins on {first}, which lies in the future", hint="record it when it was held, or say --on DAY"
        )
    # A last day that was planned moves with the first one, unless it is said.
    last = until or (before.until + (first - before.on) if before.until else None)
    if last and last < first:
        raise refuse(f"{last} lies before the audit begins, on {first}", hint="correct --until or --on")
    filed = normalised(report, EVIDENCE) if report else before.report
    if report and ledger.evidence_by_id(filed) is None:
        raise refuse(f"there is no evidence {filed}", hint="file the report first: compliance evidence add FILE")
    after = msgspec.structs.replace(
        before,
        held=True,
        on=first,
        until=last,
        outcome=outcome or before.outcome,
        report=filed,
        note=note or before.note,
    )
    if after == before:
        click.echo(f"{before.id} is recorded as held on {before.on} already; nothing changed")
        return
    committed = change_record(workspace, ledger, AUDITS, before, after, f"held on {first}")
    say_notes(committed.notes)
    came_out = f": {printable(after.outcome)}" if after.outcome else ""
    click.echo(f"Recorded {before.id}: held on {first}{came_out}")
    if left := len(after.open_requests):
        click.echo(f"  {counted(left, 'request')} still open: compliance audit request list {before.id}")
    if _opens_cycle(ledger, after):
        click.echo(f"  when the certificate is granted: compliance accreditation renew {after.accreditation}")


def _opens_cycle(ledger: Ledger, held: Audit) -> bool:
    of = next((one for one in ledger.of(ACCREDITATIONS) if one.id == held.accreditation), None)
    catalogue = ledger.catalogue(of.standard) if of else None
    return bool(catalogue) and any(
        event.id == held.event and event.opens_cycle for event in (catalogue.scheme.events if catalogue else ())
    )


def _more(ledger: Ledger, one: Audit, on: dt.date) -> Mapping[str, object]:
    from compliance.reports.registers.audits import more_as_plain

    return more_as_plain(ledger, one, on)


def _page(ledger: Ledger, one: Audit, on: dt.date, facts: Mapping[str, str], room: int) -> str:
    from compliance.reports.registers.audits import as_text

    return as_text(ledger, one, on, facts, room)


common_commands(audit, AUDITS, details=_more, page=_page)
