"""`compliance finding`: add, list, show, edit, promise, close, check."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import click

from compliance.cli.promised import facts, promised_commands, state
from compliance.cli.registers import (
    View,
    common_commands,
    control_option,
    owner_option,
    references,
    say_recorded,
    scope_option,
)
from compliance.cli.session import DAY, Word, ledger_at, workspace_of
from compliance.domain.findings import Finding, FindingType, FoundBy
from compliance.domain.ledger import Ledger
from compliance.domain.promises import Promise
from compliance.domain.registers import FINDINGS

TYPE, FOUND_BY = Word("type of finding", FindingType), Word("source", FoundBy)


@click.group()
def finding() -> None:
    """What audits, tests and scans found wrong. An open major finding makes its controls a gap."""


@finding.command()
@click.argument("title")
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
    controls: tuple[str, ...],
    **said: object,
) -> None:
    """Record a finding by its TITLE: what is wrong.

    \b
    compliance finding add "Leavers keep their accounts" --type major -c iso27001:A.5.18 --found-by surveillance
        --raised 2026-11-12 --due 2027-02-12 --owner "Head of IT"
    """
    from compliance.operations.registering import add_records, committer

    workspace = workspace_of(ctx)
    ledger, now = ledger_at(workspace, None)
    fresh = Finding(
        id="",
        type=type_,
        title=title,
        raised=raised or now,
        controls=references(controls, ledger),
        promised=(Promise(due=due, on=now, by=committer(workspace)),) if due else (),
        **said,  # type: ignore[arg-type]
    )
    recorded, committed = add_records(workspace, ledger, FINDINGS, [fresh], now)
    say_recorded(recorded, committed.notes)


def _row(_ledger: Ledger, one: Finding, on: dt.date) -> Sequence[str]:
    who = f"\n{one.owner}" if one.owner else ""
    return (one.id, one.type.value, str(one.due or "–"), state(one, on), f"{one.title}{who}")


promised_commands(finding, FINDINGS)
common_commands(
    finding,
    FINDINGS,
    View(
        headers=("Id", "Type", "Due", "State", "Finding"),
        row=_row,
        facts=lambda _ledger, one, on: facts(one, on),
        open=lambda _ledger, one, on: state(one, on) != "closed",
        order=lambda _ledger, one, _on: (list(FindingType).index(one.type), one.due or dt.date.max),
    ),
)
