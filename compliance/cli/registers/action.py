"""`compliance action`: add, list, show, edit, promise, close, check."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

import click
import msgspec

from compliance.cli.options import options, repeated
from compliance.cli.registers.parts.common_commands import ControlsTouched, Owner, ScopesTouched, common_commands
from compliance.cli.registers.parts.promised import promised_commands
from compliance.cli.registers.parts.recording import file_record
from compliance.cli.session import open_session
from compliance.cli.values import LINE
from compliance.domain.registers.actions import ACTIONS


class ActionOptions(msgspec.Struct, frozen=True):
    """What an action is recorded with, beside its title."""

    due: Annotated[dt.date, "By when it is promised."]
    findings: Annotated[
        tuple[str, ...], repeated("--finding", "findings", "ID", "The finding it puts right (again for more).")
    ]
    risks: Annotated[tuple[str, ...], repeated("--risk", "risks", "ID", "The risk it treats (again for more).")]
    controls: ControlsTouched
    scope: ScopesTouched
    owner: Owner
    raised: Annotated[dt.date | None, "The day it was agreed; today if not said."]
    description: Annotated[str, "What exactly is to be done."]


@click.group()
def action() -> None:
    """What somebody has promised to do, by when, and how often the day has moved."""


@action.command()
@click.argument("title", type=LINE)
@options(ActionOptions)
@click.pass_context
def add(ctx: click.Context, title: str, action_options: ActionOptions) -> None:
    """Record an action by its TITLE: what will be done.

    \b
    compliance action add "Replace the unsupported switches" --due 2027-03-31 --finding F-7K2M9QXT --owner "Head of IT"
    """
    file_record(open_session(ctx), ACTIONS, {"title": title, **msgspec.structs.asdict(action_options)})


promised_commands(action, ACTIONS)
common_commands(action, ACTIONS)
