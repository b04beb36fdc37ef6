"""`compliance audit request`: add, import, answer, decline, list."""

from __future__ import annotations

import datetime as dt

import click
import msgspec

from compliance.cli.options import answers, show
from compliance.cli.registers.common_commands import owner_option, references, say_notes
from compliance.cli.registers.importing import columns_of, import_as_json, import_options, lenient_option, say_import
from compliance.cli.session import DAY, ledger_at, told, workspace_of
from compliance.domain.ledger.ledger import Ledger
from compliance.domain.registers.audits import AUDITS, Audit, Request
from compliance.ledger.opening import Workspace
from compliance.problems import Refused, counted, printable, refuse


@click.group()
def request() -> None:
    """What auditors ask for, and what was given them."""


@request.command()
@click.argument("identifier", metavar="AUDIT")
@click.argument("number")
@click.argument("text")
@click.option(
    "-c", "--control", "controls", multiple=True, metavar="CONTROL", help="What it is about (again for more)."
)
@click.option("--due", type=DAY, help="By when; the day before the audit if not said.")
@owner_option
@click.option("--note", default="", help="Anything else worth keeping.")
@click.pass_context
def add(
    ctx: click.Context,
    /,
    identifier: str,
    number: str,
    text: str,
    controls: tuple[str, ...],
    due: dt.date | None,
    owner: str,
    note: str,
) -> None:
    """Record one request of an AUDIT: its NUMBER, and its TEXT.

    \b
    compliance audit request add U-7K2M9QXT 14 "List of leavers of the last quarter" -c iso27001:A.5.18
    """
    workspace, ledger, held = _opened(ctx, identifier)
    there = held.request(number)
    if there:
        hint = f"give yours another number, or change that one with: compliance audit edit {held.id}"
        raise refuse(f"{held.id} has a request {there.id} already: {there.text}", hint=hint)
    fresh = Request(
        id=number.strip(), text=text, controls=references(controls, ledger), due=due, owner=owner, note=note
    )
    after = msgspec.structs.replace(held, requests=(*held.requests, fresh))
    _change(workspace, ledger, held, after, f"request {fresh.id}")
    click.echo(f"Recorded request {printable(fresh.id)} of {held.id}")


@request.command(name="import")
@click.argument("identifier", metavar="AUDIT")
@click.argument("file", metavar="FILE")
@import_options
@lenient_option
@click.pass_context
def import_(
    ctx: click.Context,
    /,
    identifier: str,
    file: str,
    columns: tuple[str, ...],
    sheet: str,
    order: str | None,
    dry_run: bool,
    json_: bool,
    lenient: bool,
) -> None:
    """Take an auditor's list from a CSV or Excel FILE.

    The fields are id, text, controls, due, owner and note; the first two there must be. A control may be named without
    its standard. A request that is recorded already stays as it is. Nothing is recorded if a cell cannot be read.

    \b
    compliance audit request import U-7K2M9QXT requests.xlsx --column id="PBC no." --dry-run
    """
    from compliance.operations.registers.foreign_table import read_foreign
    from compliance.operations.registers.register_import import REQUEST_FIELDS, plan_requests

    workspace, ledger, held = _opened(ctx, identifier)
    table = read_foreign(file, REQUEST_FIELDS, [["id"], ["text"]], columns_of(columns), sheet)
    plan = plan_requests(ledger, held, table, order, lenient)
    after = msgspec.structs.replace(held, requests=(*held.requests, *plan.made))
    commit = ""
    if plan.made and not dry_run:
        number = len(plan.made)
        commit = _change(workspace, ledger, held, after, f"{counted(number, 'request')} imported")
    if json_:
        click.echo(import_as_json(file, table, plan, [one.id for one in plan.made], commit))
    else:
        say_import(file, table, plan, "request", [f"{one.id}  {one.text}" for one in plan.made], dry_run)


@request.command()
@click.argument("identifier", metavar="AUDIT")
@click.argument("number")
@click.argument("evidence", nargs=-1, required=True, metavar="EVIDENCE...")
@click.option("--note", default="", help="What to tell the auditor with it.")
@click.pass_context
def answer(ctx: click.Context, identifier: str, number: str, evidence: tuple[str, ...], note: str) -> None:
    """Answer a request with filed evidence. More may be given later.

    \b
    compliance audit request answer U-7K2M9QXT 14 E-7K2M9QXT
    """
    from compliance.domain.terms.identifiers import EVIDENCE, normalised

    workspace, ledger, held = _opened(ctx, identifier)
    before = _request(held, number)
    given = tuple(dict.fromkeys((*before.answered, *(normalised(one, EVIDENCE) for one in evidence))))
    missing = [one for one in given if ledger.evidence_by_id(one) is None]
    if missing:
        raise refuse(f"there is no evidence {missing[0]}", hint="file it first: compliance evidence add FILE")
    after = msgspec.structs.replace(before, answered=given, declined="", note=note or before.note)
    if after == before:
        click.echo(f"Request {printable(before.id)} of {held.id} is answered so already; nothing changed")
        return
    _change(workspace, ledger, held, _with(held, before, after), f"request {before.id} answered")
    click.echo(f"Recorded request {printable(before.id)} of {held.id}: answered by {', '.join(given)}")
    if before.declined:
        click.echo(f"  it is declined no more (it was: {printable(before.declined)})")
    _say_left(held, before)


@request.command()
@click.argument("identifier", metavar="AUDIT")
@click.argument("number")
@click.option("--reason", required=True, help="Why nothing will be given.")
@click.pass_context
def decline(ctx: click.Context, identifier: str, number: str, reason: str) -> None:
    """Record that a request will not be answered, and why."""
    workspace, ledger, held = _opened(ctx, identifier)
    before = _request(held, number)
    if before.answered:
        hint = f"to take the answer back, edit the audit: compliance audit edit {held.id}"
        raise refuse(f"request {before.id} is answered by {', '.join(before.answered)}", hint=hint)
    after = msgspec.structs.replace(before, declined=reason)
    _change(workspace, ledger, held, _with(held, before, after), f"request {before.id} declined")
    click.echo(f"Recorded request {printable(before.id)} of {held.id}: declined")
    _say_left(held, before)


@request.command(name="list")
@click.argument("identifier", metavar="[AUDIT]", default="")
@click.option("--all", "every", is_flag=True, help="Answered and declined ones too.")
@click.option("--owner", default="", help="Only what this person is to give.")
@click.option("--on", type=DAY, help="As it stands on this day.")
@answers("reports.registers.audits:RequestList")
@click.pass_context
def list_(ctx: click.Context, /, identifier: str, every: bool, owner: str, on: dt.date | None, json_: bool) -> None:
    """List open requests, of one AUDIT or of all."""
    say_requests(ctx, identifier, every=every, owner=owner, on=on, json_=json_)


def say_requests(
    ctx: click.Context, identifier: str, *, every: bool, owner: str, on: dt.date | None, json_: bool
) -> None:
    """Prints requests, soonest first, and ends the command."""
    from compliance.domain.due.agenda import owner_matches
    from compliance.operations.registers.registering import find_record
    from compliance.reports.registers import audits as report

    ledger, now = ledger_at(workspace_of(ctx), None)
    code = told(ledger.problems)
    day = on or now
    chosen = (find_record(ledger, AUDITS, identifier),) if identifier else ledger.of(AUDITS)
    shown = [
        (held, one)
        for held in chosen
        for one in held.requests
        if (every or one.open) and owner_matches(one.owner or held.owner, owner)
    ]
    shown.sort(key=lambda pair: (pair[0].due(pair[1], day), pair[0].id))
    show(
        json_,
        lambda: report.requests_view(shown, day),
        lambda columns: report.requests_as_text(shown, day, columns, every=every),
    )
    ctx.exit(code)


def _opened(ctx: click.Context, identifier: str) -> tuple[Workspace, Ledger, Audit]:
    from compliance.operations.registers.registering import find_record

    workspace = workspace_of(ctx)
    ledger, _ = ledger_at(workspace, None)
    return workspace, ledger, find_record(ledger, AUDITS, identifier)


def _request(held: Audit, number: str) -> Request:
    found = held.request(number)
    if found is None:
        from compliance.problems import choice_hint

        known = [one.id for one in held.requests]
        hint = choice_hint(number, known) if known else f"record it: compliance audit request add {held.id} NUMBER TEXT"
        raise refuse(
            f"{held.id} has no request “{number}”", hint=hint or f"see: compliance audit request list {held.id} --all"
        )
    return found


def _with(held: Audit, before: Request, after: Request) -> Audit:
    return msgspec.structs.replace(held, requests=tuple(after if one is before else one for one in held.requests))


def _change(workspace: Workspace, ledger: Ledger, before: Audit, after: Audit, deed: str) -> str:
    from compliance.operations.registers.registering import change_record

    try:
        committed = change_record(workspace, ledger, AUDITS, before, after, deed)
    except Refused as refusal:  # what was typed is not in the file yet: its lines would mislead
        raise Refused(
            msgspec.structs.replace(one, location=None, excerpt="") for one in refusal.problems if one.is_error
        ) from None
    say_notes(committed.notes)
    return committed.commit


def _say_left(held: Audit, done: Request) -> None:
    left = sum(one.open and one is not done for one in held.requests)
    click.echo(f"  {counted(left, 'request')} still open" if left else "  no request is open now")
