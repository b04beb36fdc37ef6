"""`compliance finding`: add, import, list, show, edit, promise, close, check, dismiss."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated

import click
import msgspec

from compliance.cli.options import options
from compliance.cli.registers.parts.common_commands import ControlsTouched, Owner, ScopesTouched, common_commands
from compliance.cli.registers.parts.importing import (
    Import,
    TableOptions,
    import_options,
    lenient_option,
    read_table,
    record_import,
    scope_for_all,
)
from compliance.cli.registers.parts.promised import promised_commands
from compliance.cli.registers.parts.recording import (
    change,
    file_record,
    happened_on,
    open_record,
    promises_of,
    references,
    who,
)
from compliance.cli.session import chosen_scopes, open_session
from compliance.cli.values import DAY, LINE, SCORE, TEXT, Word
from compliance.domain.registers.audits import AUDITS
from compliance.domain.registers.findings import FINDINGS, Dismissal, DismissedAs, FindingType, FoundBy
from compliance.problems import refuse

FOUND_BY = Word("source", FoundBy)
AuditId = Annotated[str, click.option("--audit", default="", metavar="ID", help="The audit that raised it.")]


class FindingOptions(msgspec.Struct, frozen=True):
    """What a finding is recorded with, beside its title."""

    type: Annotated[
        FindingType, Word("type of finding", FindingType), "major, minor, observation, opportunity; critical … low."
    ]
    raised: Annotated[dt.date | None, "The day it was raised; today if not said."]
    due: Annotated[dt.date | None, "By when it is promised to be put right."]
    found_by: Annotated[FoundBy | None, FOUND_BY, "internal-audit, surveillance, health-check, scan, incident …"]
    audit: AuditId
    reference: Annotated[str, "The number that the auditor or scanner gave it."]
    target: Annotated[str, "The system it was found on."]
    cvss: Annotated[Decimal | None, SCORE, "Its CVSS base score."]
    controls: ControlsTouched
    scope: ScopesTouched
    owner: Owner
    description: Annotated[str, "What was found."]
    cause: Annotated[str, "The root cause."]
    correction: Annotated[str, "What was done at once."]
    corrective: Annotated[str, "What keeps it from coming back."]


class ScanOptions(msgspec.Struct, frozen=True):
    """What a scan is called, which of its results are taken, and what all of them have in common."""

    name: Annotated[
        str,
        click.option(
            "--scan", "name", default="", metavar="NAME", help="What to call the scan, where there are several."
        ),
    ]
    least: Annotated[
        Decimal,
        click.option(
            "--min-cvss", "least", type=SCORE, default="0.1", metavar="SCORE", help="Leave out what scores less."
        ),
    ]
    raised: Annotated[dt.date | None, "The day of the scan, where no column has it; today if not said."]
    due: Annotated[dt.date | None, "By when all of it is promised to be put right."]
    found_by: Annotated[FoundBy | None, FOUND_BY, "scan (as a rule), penetration-test, health-check …"]
    audit: AuditId
    controls: ControlsTouched
    scope: Annotated[tuple[str, ...], scope_for_all]
    owner: Owner


@click.group()
def finding() -> None:
    """What audits, tests and scans found wrong. An open major finding makes its controls a gap."""


@finding.command()
@click.argument("title", type=LINE)
@options(FindingOptions)
@click.pass_context
def add(ctx: click.Context, title: str, finding_options: FindingOptions) -> None:
    """Record a finding by its TITLE: what is wrong.

    \b
    compliance finding add "Leavers keep their accounts" --type major -c iso27001:A.5.18 --found-by surveillance
        --raised 2026-11-12 --due 2027-02-12 --owner "Head of IT"
    """
    fields = {"title": title, **msgspec.structs.asdict(finding_options)}
    if finding_options.cvss is not None:
        fields["cvss"] = str(finding_options.cvss)
    file_record(open_session(ctx), FINDINGS, fields)


@finding.command(name="import")
@click.argument("file", metavar="FILE")
@options(ScanOptions)
@import_options
@lenient_option
@click.pass_context
def import_(
    ctx: click.Context, file: str, scan_options: ScanOptions, table_options: TableOptions, lenient: bool
) -> None:
    """Take the results of a scan from a CSV or Excel FILE.

    The fields are title, cvss, severity, target, reference, raised, controls and description; a title there must be,
    and a CVSS score or a severity. A score of 0.1 is low, 4.0 medium, 7.0 high, 9.0 critical. What is open under
    its reference and target is not recorded twice; what the scan no longer has is named, and never closed by
    itself.

    \b
    compliance finding import nessus.csv --scan internal --min-cvss 4.0 -c iso27001:A.8.8 --due 2026-12-31
    """
    from compliance.operations.registers.registering import find_record
    from compliance.operations.registers.scan_import import FINDING_FIELDS, Scan, plan_findings

    session = open_session(ctx)
    name, audit = scan_options.name, scan_options.audit
    chosen_scopes(session.ledger, scan_options.scope)
    if ":" in name:
        raise refuse(f"“{name}” has a colon, which parts the scan from its references", hint="call it, e.g. internal")
    scan = Scan(
        name=name,
        found_by=scan_options.found_by or FoundBy.SCAN,
        raised=scan_options.raised or session.day,
        audit=find_record(session.ledger, AUDITS, audit).id if audit else "",
        controls=references(session, scan_options.controls),
        scope=scan_options.scope,
        owner=scan_options.owner,
        promised=promises_of(session, scan_options.due),
        at_least=scan_options.least,
    )
    table = read_table(file, FINDING_FIELDS, [["title"], ["cvss", "severity"]], table_options)
    plan = plan_findings(session.ledger, table, scan, session.day, table_options.order, lenient)
    imported = Import(file, table, plan, table_options)
    record_import(
        session,
        FINDINGS,
        imported,
        lambda result: f"{result.type.value} {result.cvss}  {result.title} ({result.target})",
    )


@finding.command()
@click.argument("identifier", metavar="ID")
@click.option(
    "--because",
    type=Word("reason for a dismissal", DismissedAs),
    required=True,
    help="false-positive; accepted, until a day; duplicate, of another finding.",
)
@click.option("--reason", type=TEXT, required=True, help="What shows that it is none.")
@click.option("--approver", type=TEXT, required=True, help="Who agreed to that.")
@click.option("--on", type=DAY, help="The day; today if not said.")
@click.option("--expires", type=DAY, help="The last day on which that holds; then it is open again.")
@click.option("--of", default="", metavar="ID", help="The finding of which it is a duplicate.")
@click.pass_context
def dismiss(
    ctx: click.Context,
    identifier: str,
    because: DismissedAs,
    reason: str,
    approver: str,
    on: dt.date | None,
    expires: dt.date | None,
    of: str,
) -> None:
    """Say that a finding is none: it is counted apart, wants no evidence, and is back once that has expired.

    \b
    compliance finding dismiss F-7K2M9QXT --because false-positive --approver "B. Head" \\
        --reason "The banner is of a patched build" --expires 2027-06-30
    """
    from compliance.operations.registers.registering import named

    session, before = open_record(ctx, FINDINGS, identifier)
    day = happened_on(session, on)
    if not before.open_on(day):
        state = "dismissed" if before.is_dismissed(day) else "not open"
        raise refuse(f"{before.id} is {state} on {day}", hint=f"see: compliance finding show {before.id}")
    if because is not DismissedAs.DUPLICATE and of:
        raise refuse("--of goes with --because duplicate", hint="leave one of the two out")
    dismissal = Dismissal(
        because=because,
        on=day,
        reason=reason,
        approver=approver,
        by=who(session),
        expires=expires,
        of=named([of], FINDINGS)[0] if of else "",
    )
    after = msgspec.structs.replace(before, dismissed=(*before.dismissed, dismissal))
    change(session, FINDINGS, before, after, f"dismissed as {because.value}")
    until = f" until {expires}" if expires else ""
    click.echo(f"Recorded {before.id}: dismissed as {because.value}{until}")


promised_commands(finding, FINDINGS)
common_commands(finding, FINDINGS)
