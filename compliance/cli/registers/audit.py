"""`compliance audit`: add, hold, list, show, edit; and `audit request`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated

import click
import msgspec

from compliance.cli.options import options, repeated
from compliance.cli.registers.audit_request import request
from compliance.cli.registers.parts.common_commands import Note, Owner, ScopesTouched, common_commands
from compliance.cli.registers.parts.recording import change, evidence_ids, file_record, open_record
from compliance.cli.session import chosen_scopes, open_session
from compliance.cli.values import LINE, Word
from compliance.domain.ledger.ledger import Ledger
from compliance.domain.registers.accreditations import ACCREDITATIONS
from compliance.domain.registers.audits import AUDITS, Audit, AuditType
from compliance.problems import counted, printable, refuse

if TYPE_CHECKING:
    from compliance.domain.registers.certificates.accreditation import Accreditation
    from compliance.domain.terms.references import StandardName


class AuditOptions(msgspec.Struct, frozen=True):
    """What an audit is recorded with, beside its title."""

    type: Annotated[AuditType, Word("type of audit", AuditType), "internal, surveillance, stage-2, health-check …"]
    on: Annotated[dt.date, "Its first day: the evidence is judged as it stands then."]
    until: Annotated[dt.date | None, "Its last day."]
    standards: Annotated[
        tuple[str, ...],
        click.option(
            "-s", "--standard", "standards", multiple=True, metavar="STANDARD", help="By it (again for more)."
        ),
    ]
    scope: ScopesTouched
    accreditation: Annotated[
        str,
        click.option("--accreditation", default="", metavar="ID|STANDARD", help="The certificate that it is for."),
    ]
    event: Annotated[str, "Which event of its scheme it is; as the type is called if not said."]
    body: Annotated[str, "Who audits: the certification body, the assessor, a colleague's team."]
    auditors: Annotated[tuple[str, ...], repeated("--auditor", "auditors", "NAME", "An auditor (again for more).")]
    controls: Annotated[
        tuple[str, ...],
        click.option(
            "-c",
            "--control",
            "controls",
            multiple=True,
            metavar="CONTROL",
            help="Sampled (again for more; none: all are).",
        ),
    ]
    owner: Owner
    note: Note


class HoldingOptions(msgspec.Struct, frozen=True):
    """What is recorded of an audit once it was held."""

    on: Annotated[dt.date | None, "Its first day, if it was another than the one planned."]
    until: Annotated[dt.date | None, "Its last day, if it was another than the one planned."]
    outcome: Annotated[str, "How it came out, in a few words."]
    report: Annotated[str, click.option("--report", default="", metavar="EVIDENCE", help="Its report, as filed.")]
    note: Note


@click.group()
def audit() -> None:
    """Audits planned and held, what their auditors ask for, and what they found."""


audit.add_command(request)


@audit.command()
@click.argument("title", type=LINE)
@options(AuditOptions)
@click.pass_context
def add(ctx: click.Context, title: str, audit_options: AuditOptions) -> None:
    """Record an audit that is planned, by its TITLE. Once it took place: compliance audit hold.

    \b
    compliance audit add "Surveillance 2027" --type surveillance --on 2027-03-09 --until 2027-03-11
        --accreditation iso27001 --body "Example Certification" -c iso27001:A.5.15 -c iso27001:A.8.8
    compliance audit add "Internal audit, access" --type internal --on 2026-12-01 -s iso27001 --scope corporate
    """
    from compliance.operations.registers.accredit import find_accreditation

    session = open_session(ctx)
    ledger, accreditation = session.ledger, audit_options.accreditation
    chosen_scopes(ledger, audit_options.scope)
    if audit_options.event and not accreditation:
        raise refuse("an event is one of a certificate's scheme", hint="say which certificate with --accreditation")
    certificate = find_accreditation(ledger, accreditation) if accreditation else None
    fields = {"title": title, **msgspec.structs.asdict(audit_options)}
    fields["standards"] = _standards(ledger, audit_options.standards)
    if certificate:
        fields["accreditation"] = certificate.id
        fields["standards"] = fields["standards"] or (certificate.standard,)
        fields["scope"] = audit_options.scope or (certificate.scope,)
        fields["event"] = audit_options.event or _event_of_type(ledger, certificate, audit_options.type)
    record = file_record(session, AUDITS, fields)
    if record.event:
        click.echo(f"  the {record.event} of {record.accreditation}")
    click.echo(f"  how it will stand then: compliance gaps --for-audit {record.id}")


def _standards(ledger: Ledger, texts: Sequence[str]) -> tuple[StandardName, ...]:
    """The standards named, as they are named. Raises Refused for one that is not in use."""
    from compliance.cli.session import chosen_standards
    from compliance.domain.terms.references import parse_standard

    chosen_standards(ledger, tuple(texts))
    return tuple(parse_standard(text) for text in texts)


def _event_of_type(ledger: Ledger, certificate: Accreditation, type_: AuditType) -> str:
    """The event of the certificate's scheme that is called like a type of audit; empty if none is."""
    catalogue = ledger.catalogue(certificate.standard)
    events = {event.id for event in catalogue.scheme.events} if catalogue else set()
    return type_.value if type_.value in events else ""


@audit.command()
@click.argument("identifier", metavar="ID")
@options(HoldingOptions)
@click.pass_context
def hold(ctx: click.Context, identifier: str, holding_options: HoldingOptions) -> None:
    """Record that an audit was held. Once more, to add its outcome or its report.

    \b
    compliance audit hold U-7K2M9QXT --outcome "passed, one minor" --report E-2ABCDEFG
    """
    session, before = open_record(ctx, AUDITS, identifier)
    first, until = holding_options.on or before.on, holding_options.until
    if first > session.day:
        raise refuse(
            f"the audit begins on {first}, which lies in the future", hint="record it when it was held, or say --on DAY"
        )
    # A last day that was planned moves with the first one, unless it is said.
    last = until or (before.until + (first - before.on) if before.until else None)
    if last and last < first:
        raise refuse(f"{last} lies before the audit begins, on {first}", hint="correct --until or --on")
    report = before.report
    if holding_options.report:
        (report,) = evidence_ids([holding_options.report])
        if session.ledger.evidence_by_id(report) is None:
            raise refuse(f"there is no evidence {report}", hint="file the report first: compliance evidence add FILE")
    after = msgspec.structs.replace(
        before,
        held=True,
        on=first,
        until=last,
        outcome=holding_options.outcome or before.outcome,
        report=report,
        note=holding_options.note or before.note,
    )
    if after == before:
        click.echo(f"{before.id} is recorded as held on {before.on} already; nothing changed")
        return
    change(session, AUDITS, before, after, f"held on {first}")
    came_out = f": {printable(after.outcome)}" if after.outcome else ""
    click.echo(f"Recorded {before.id}: held on {first}{came_out}")
    if after.open_requests:
        count = counted(len(after.open_requests), "request")
        click.echo(f"  {count} still open: compliance audit request list {before.id}")
    if _opens_cycle(session.ledger, after):
        click.echo(f"  when the certificate is granted: compliance accreditation renew {after.accreditation}")


def _opens_cycle(ledger: Ledger, audit: Audit) -> bool:
    """Whether the audit is the event of its certificate's scheme that opens a new cycle."""
    certificates = (record for record in ledger.of(ACCREDITATIONS) if record.id == audit.accreditation)
    catalogues = [ledger.catalogue(certificate.standard) for certificate in certificates]
    events = [event for catalogue in catalogues if catalogue for event in catalogue.scheme.events]
    return any(event.id == audit.event and event.opens_cycle for event in events)


def _details(ledger: Ledger, record: Audit, on: dt.date) -> Mapping[str, object]:
    from compliance.reports.registers.audits import details

    return details(ledger, record, on)


def _page(ledger: Ledger, record: Audit, on: dt.date, facts: Mapping[str, str], room: int) -> str:
    from compliance.reports.registers.audits import as_text

    return as_text(ledger, record, on, facts, room)


common_commands(audit, AUDITS, details=_details, page=_page)
