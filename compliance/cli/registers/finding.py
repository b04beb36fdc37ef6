"""`compliance finding`: add, import, list, show, edit, promise, close, check."""

from __future__ import annotations

import datetime as dt

import click

from compliance.cli.registers.common_commands import (
    LINE,
    common_commands,
    control_option,
    not_to_come,
    owner_option,
    references,
    say_recorded,
    scope_option,
)
from compliance.cli.registers.importing import (
    Import,
    columns_of,
    import_options,
    lenient_option,
    record_import,
    scope_for_all,
)
from compliance.cli.registers.promised import promised_commands
from compliance.cli.session import DAY, Session, Word, chosen_scopes, ledger_at, workspace_of
from compliance.domain.registers.audits import AUDITS
from compliance.domain.registers.findings import FINDINGS, Finding, FindingType, FoundBy
from compliance.domain.registers.parts.promises import Promise
from compliance.problems import refusal, refuse

TYPE, FOUND_BY = Word("type of finding", FindingType), Word("source", FoundBy)


@click.group()
def finding() -> None:
    """What audits, tests and scans found wrong. An open major finding makes its controls a gap."""


@finding.command()
@click.argument("title", type=LINE)
@click.option(
    "--type", "type_", type=TYPE, required=True, help="major, minor, observation, opportunity; critical … low."
)
@click.option("--raised", type=DAY, help="The day it was raised; today if not said.")
@click.option("--due", type=DAY, help="By when it is promised to be put right.")
@click.option("--found-by", type=FOUND_BY, help="internal-audit, surveillance, health-check, scan, incident …")
@click.option("--audit", default="", metavar="ID", help="The audit that raised it.")
@click.option("--reference", default="", help="The number that the auditor or scanner gave it.")
@click.option("--target", default="", help="The system it was found on.")
@click.option("--cvss", default="", help="Its CVSS base score.")
@control_option
@scope_option
@owner_option
@click.option("--description", default="", help="What was found.")
@click.option("--cause", default="", help="The root cause.")
@click.option("--correction", default="", help="What was done at once.")
@click.option("--corrective", default="", help="What keeps it from coming back.")
@click.pass_context
def add(
    ctx: click.Context,
    /,
    title: str,
    type_: FindingType,
    raised: dt.date | None,
    due: dt.date | None,
    audit: str,
    cvss: str,
    controls: tuple[str, ...],
    **said: object,
) -> None:
    """Record a finding by its TITLE: what is wrong.

    \b
    compliance finding add "Leavers keep their accounts" --type major -c iso27001:A.5.18 --found-by surveillance
        --raised 2026-11-12 --due 2027-02-12 --owner "Head of IT"
    """
    from compliance.operations.registers.registering import add_records, committer, named
    from compliance.operations.registers.scan_import import score_of

    workspace = workspace_of(ctx)
    ledger, now = ledger_at(workspace, None)
    try:
        score = f"{score_of(cvss)}" if cvss else ""
    except ValueError as error:
        raise refusal(error) from None
    fresh = Finding(
        id="",
        type=type_,
        title=title,
        raised=not_to_come(raised or now, now),
        audit=named([audit], AUDITS)[0] if audit else "",
        cvss=score,
        controls=references(controls, ledger),
        promised=(Promise(due=due, on=now, by=committer(workspace)),) if due else (),
        **said,  # type: ignore[arg-type]
    )
    recorded, committed = add_records(workspace, ledger, FINDINGS, [fresh], now)
    say_recorded(recorded, committed.notes)


@finding.command(name="import")
@click.argument("file", metavar="FILE")
@click.option("--scan", "name", default="", metavar="NAME", help="What to call the scan, where there are several.")
@click.option("--min-cvss", "least", default="0.1", metavar="SCORE", help="Leave out what scores less.")
@click.option("--raised", type=DAY, help="The day of the scan, where no column has it; today if not said.")
@click.option("--due", type=DAY, help="By when all of it is promised to be put right.")
@click.option("--found-by", type=FOUND_BY, help="scan (as a rule), penetration-test, health-check …")
@click.option("--audit", default="", metavar="ID", help="The audit that raised it.")
@control_option
@scope_for_all
@owner_option
@import_options
@lenient_option
@click.pass_context
def import_(
    ctx: click.Context,
    /,
    file: str,
    name: str,
    least: str,
    raised: dt.date | None,
    due: dt.date | None,
    found_by: FoundBy | None,
    audit: str,
    controls: tuple[str, ...],
    scope: tuple[str, ...],
    owner: str,
    columns: tuple[str, ...],
    sheet: str,
    order: str | None,
    dry_run: bool,
    json_: bool,
    lenient: bool,
) -> None:
    """Take the results of a scan from a CSV or Excel FILE.

    The fields are title, cvss, severity, target, reference, raised, controls and description; a title there must be,
    and a CVSS score or a severity. A score of 0.1 is low, 4.0 medium, 7.0 high, 9.0 critical. What is open under
    its reference and target is not recorded twice; what the scan no longer has is named, and never closed by
    itself.

    \b
    compliance finding import nessus.csv --scan internal --min-cvss 4.0 -c iso27001:A.8.8 --due 2026-12-31
    """
    from compliance.operations.registers.foreign_table import read_foreign
    from compliance.operations.registers.registering import committer, find_record
    from compliance.operations.registers.scan_import import FINDING_FIELDS, Scan, plan_findings, score_of

    workspace = workspace_of(ctx)
    ledger, now = ledger_at(workspace, None)
    chosen_scopes(ledger, scope)
    if ":" in name:
        raise refuse(f"“{name}” has a colon, which parts the scan from its references", hint="call it, e.g. internal")
    try:
        at_least = score_of(least)
    except ValueError as error:
        raise refusal(error) from None
    scan = Scan(
        name=name,
        found_by=found_by or FoundBy.SCAN,
        raised=raised or now,
        audit=find_record(ledger, AUDITS, audit).id if audit else "",
        controls=references(controls, ledger),
        scope=scope,
        owner=owner,
        promised=(Promise(due=due, on=now, by=committer(workspace)),) if due else (),
        at_least=at_least,
    )
    table = read_foreign(file, FINDING_FIELDS, [["title"], ["cvss", "severity"]], columns_of(columns), sheet)
    plan = plan_findings(ledger, table, scan, now, order, lenient)
    read = Import(
        file=file,
        table=table,
        plan=plan,
        describe=lambda one: f"{one.type.value} {one.cvss}  {one.title} ({one.target})",
        dry_run=dry_run,
        json_=json_,
    )
    record_import(Session(workspace, ledger, now), FINDINGS, read)


promised_commands(finding, FINDINGS)
common_commands(finding, FINDINGS)
