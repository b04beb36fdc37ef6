"""`compliance action`: add, list, show, edit, promise, close, check."""

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
from compliance.cli.registers.promised import promised_commands
from compliance.cli.session import DAY, ledger_at, workspace_of
from compliance.domain.registers.actions import ACTIONS, Action
from compliance.domain.registers.findings import FINDINGS
from compliance.domain.registers.parts.promises import Promise
from compliance.domain.registers.risks import RISKS


@click.group()
def action() -> None:
    """What somebody has promised to do, by when, and how often the day has moved."""


@action.command()
@click.argument("title", type=LINE)
@click.option("--due", type=DAY, required=True, help="By when it is promised.")
@click.option("--finding", "findings", multiple=True, metavar="ID", help="The finding it puts right (again for more).")
@click.option("--risk", "risks", multiple=True, metavar="ID", help="The risk it treats (again for more).")
@control_option
@scope_option
@owner_option
@click.option("--raised", type=DAY, help="The day it was agreed; today if not said.")
@click.option("--description", default="", help="What exactly is to be done.")
@click.pass_context
def add(
    ctx: click.Context,
    /,
    title: str,
    due: dt.date,
    findings: tuple[str, ...],
    risks: tuple[str, ...],
    controls: tuple[str, ...],
    raised: dt.date | None,
    scope: tuple[str, ...],
    owner: str,
    description: str,
) -> None:
    """Record an action by its TITLE: what will be done.

    \b
    compliance action add "Replace the unsupported switches" --due 2027-03-31 --finding F-7K2M9QXT --owner "Head of IT"
    """
    from compliance.operations.registers.registering import add_records, committer, named

    workspace = workspace_of(ctx)
    ledger, now = ledger_at(workspace, None)
    fresh = Action(
        id="",
        title=title,
        raised=not_to_come(raised or now, now),
        findings=named(findings, FINDINGS),
        risks=named(risks, RISKS),
        controls=references(controls, ledger),
        scope=scope,
        owner=owner,
        description=description,
        promised=(Promise(due=due, on=now, by=committer(workspace)),),
    )
    recorded, committed = add_records(workspace, ledger, ACTIONS, [fresh], now)
    say_recorded(recorded, committed.notes)


promised_commands(action, ACTIONS)
common_commands(action, ACTIONS)
