"""What findings and actions share: a day promised and moved, a closing with evidence, a check of its effect."""

from __future__ import annotations

import datetime as dt
from typing import Any

import click
import msgspec

from compliance.cli.registers.parts.common_commands import note_option
from compliance.cli.registers.parts.recording import change, evidence_ids, happened_on, open_record, who
from compliance.cli.values import DAY
from compliance.domain.registers.actions import ACTIONS, Action
from compliance.domain.registers.findings import Finding
from compliance.domain.registers.parts.promises import Promise, slippage
from compliance.domain.registers.parts.register import Register
from compliance.domain.registers.parts.remedies import Attempt, Check, Closure
from compliance.problems import refuse

_A = {"finding": "a finding", "action": "an action"}


def promised_commands(group: click.Group, register: Register[Any]) -> None:
    """Gives a register's group its `promise`, `close` and `check`."""
    _promise_command(group, register)
    _close_command(group, register)
    _check_command(group, register)


def _promise_command(group: click.Group, register: Register[Any]) -> None:
    @group.command(help=f"Move the day by which the {register.name} will be done; what was promised before is kept.")
    @click.argument("identifier", metavar="ID")
    @click.option("--due", type=DAY, required=True, help="The day that is promised now.")
    @click.option("--reason", default="", help="Why it moves; needed if a day was promised before.")
    @click.pass_context
    def promise(ctx: click.Context, identifier: str, due: dt.date, reason: str) -> None:
        session, before = open_record(ctx, register, identifier)
        _must_be_open(register, before, session.day)
        if before.promised and not reason:
            raise refuse("the day moves without a reason", hint="say why with --reason: it is kept with the record")
        fresh = Promise(due=due, on=session.day, by=who(session), reason=reason)
        after = msgspec.structs.replace(before, promised=(*before.promised, fresh))
        change(session, register, before, after, f"promised for {due}")
        moved = slippage(after.promised)
        click.echo(f"Recorded {before.id}: due {due}{f' ({moved})' if moved else ''}")


def _close_command(group: click.Group, register: Register[Any]) -> None:
    @group.command(help=f"Close {_A[register.name]} with the evidence that shows it is done.")
    @click.argument("identifier", metavar="ID")
    @click.argument("evidence", nargs=-1, metavar="EVIDENCE...", required=True)
    @click.option("--on", type=DAY, help="The day; today if not said.")
    @note_option
    @click.option("--check-by", "check_by", type=DAY, help="By when somebody looks whether it worked.")
    @click.pass_context
    def close(
        ctx: click.Context,
        identifier: str,
        evidence: tuple[str, ...],
        on: dt.date | None,
        note: str,
        check_by: dt.date | None,
    ) -> None:
        session, before = open_record(ctx, register, identifier)
        _must_be_open(register, before, session.day)
        day = happened_on(session, on)
        actions = [action for action in session.ledger.of(ACTIONS) if before.id in action.findings]
        open_actions = [action.id for action in actions if action.open_on(session.day)]
        if open_actions:
            raise refuse(
                f"what was promised for it is not done: {', '.join(open_actions)}",
                hint=f"close each first: compliance action close {open_actions[0]} EVIDENCE",
            )
        closed = Closure(on=day, evidence=evidence_ids(evidence), by=who(session), note=note)
        check = Check(due=check_by) if check_by else None
        earlier = before.earlier
        if before.closed and before.check and before.check.failed_by(session.day):
            earlier = (*earlier, Attempt(closed=before.closed, check=before.check))
        after = msgspec.structs.replace(before, earlier=earlier, closed=closed, check=check)
        change(session, register, before, after, "closed")
        click.echo(f"Recorded {before.id}: closed on {closed.on}, by {', '.join(closed.evidence)}")
        if check_by:
            click.echo(f"  to be checked for effect by {check_by}")


def _check_command(group: click.Group, register: Register[Any]) -> None:
    @group.command(help="Record whether what was done worked. If it did not, it is open again.")
    @click.argument("identifier", metavar="ID")
    @click.option("--effective/--not-effective", "effective", default=None, help="Whether it worked.")
    @click.option("--on", type=DAY, help="The day; today if not said.")
    @click.option("--evidence", multiple=True, metavar="ID", help="What shows it (again for more).")
    @click.option("--note", default="", help="What was seen.")
    @click.pass_context
    def check(
        ctx: click.Context,
        identifier: str,
        effective: bool | None,
        on: dt.date | None,
        evidence: tuple[str, ...],
        note: str,
    ) -> None:
        session, before = open_record(ctx, register, identifier)
        close = f"close it first: compliance {register.name} close {before.id} EVIDENCE"
        if before.closed is None:
            raise refuse(f"{before.id} is not closed yet", hint=close)
        if effective is None:
            raise refuse("whether it worked is not said", hint="say --effective or --not-effective")
        day = happened_on(session, on)
        if before.check and before.check.failed_by(day):
            raise refuse(f"{before.id} is open again: the check of {before.check.on} showed no effect", hint=close)
        outcome = Check(
            due=before.check.due if before.check else day,
            on=day,
            effective=effective,
            by=who(session),
            note=note,
            evidence=evidence_ids(evidence),
        )
        after = msgspec.structs.replace(before, check=outcome)
        word = "effective" if effective else "not effective: open again"
        change(session, register, before, after, f"checked, {word}")
        click.echo(f"Recorded {before.id}: {word}")


def _must_be_open(register: Register[Any], record: Finding | Action, now: dt.date) -> None:
    if record.closed and not record.open_on(now):
        hint = f"record a new one: compliance {register.word} add"
        raise refuse(f"{record.id} is closed since {record.closed.on}", hint=hint)
