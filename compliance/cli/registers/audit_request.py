"""`compliance audit request`: add, import, answer, decline, list."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

import click
import msgspec

from compliance.cli.options import answers, options, show_answer, stands_on
from compliance.cli.registers.parts.common_commands import Note, Owner
from compliance.cli.registers.parts.importing import (
    Import,
    TableOptions,
    import_options,
    lenient_option,
    read_table,
    say_import,
)
from compliance.cli.registers.parts.recording import change, evidence_ids, open_record, references
from compliance.cli.session import Session, read_session
from compliance.cli.values import LINE, TEXT
from compliance.domain.registers.audits import AUDITS, Audit, Request
from compliance.problems import Refused, counted, printable, refuse


class RequestOptions(msgspec.Struct, frozen=True):
    """What a request is recorded with, beside its number and its text."""

    controls: Annotated[
        tuple[str, ...],
        click.option(
            "-c", "--control", "controls", multiple=True, metavar="CONTROL", help="What it is about (again for more)."
        ),
    ]
    due: Annotated[dt.date | None, "By when; the day before the audit if not said."]
    owner: Owner
    note: Note


@click.group()
def request() -> None:
    """What auditors ask for, and what was given them."""


@request.command()
@click.argument("identifier", metavar="AUDIT")
@click.argument("number", type=LINE)
@click.argument("text", type=TEXT)
@options(RequestOptions)
@click.pass_context
def add(ctx: click.Context, identifier: str, number: str, text: str, request_options: RequestOptions) -> None:
    """Record one request of an AUDIT: its NUMBER, and its TEXT.

    \b
    compliance audit request add U-7K2M9QXT 14 "List of leavers of the last quarter" -c iso27001:A.5.18
    """
    session, audit = open_record(ctx, AUDITS, identifier)
    present = audit.request(number)
    if present:
        hint = f"give yours another number, or change that one with: compliance audit edit {audit.id}"
        raise refuse(f"{audit.id} has a request {present.id} already: {present.text}", hint=hint)
    fields = msgspec.structs.asdict(request_options)
    fields["controls"] = references(session, request_options.controls)
    fresh = Request(id=number, text=text, **fields)
    after = msgspec.structs.replace(audit, requests=(*audit.requests, fresh))
    _change(session, audit, after, f"request {fresh.id}")
    click.echo(f"Recorded request {printable(fresh.id)} of {audit.id}")


@request.command(name="import")
@click.argument("identifier", metavar="AUDIT")
@click.argument("file", metavar="FILE")
@import_options
@lenient_option
@click.pass_context
def import_(ctx: click.Context, identifier: str, file: str, table_options: TableOptions, lenient: bool) -> None:
    """Take an auditor's list from a CSV or Excel FILE.

    The fields are id, text, controls, due, owner and note; the first two there must be. A control may be named without
    its standard. A request that is recorded already stays as it is. Nothing is recorded if a cell cannot be read.

    \b
    compliance audit request import U-7K2M9QXT requests.xlsx --column id="PBC no." --dry-run
    """
    from compliance.operations.registers.register_import import REQUEST_FIELDS, plan_requests

    session, audit = open_record(ctx, AUDITS, identifier)
    table = read_table(file, REQUEST_FIELDS, [["id"], ["text"]], table_options)
    plan = plan_requests(session.ledger, audit, table, table_options.order, lenient)
    after = msgspec.structs.replace(audit, requests=(*audit.requests, *plan.made))
    commit = ""
    if plan.made and not table_options.dry_run:
        commit = _change(session, audit, after, f"{counted(len(plan.made), 'request')} imported")
    lines = [f"{request.id}  {request.text}" for request in plan.made]
    recorded = [request.id for request in plan.made]
    say_import(Import(file, table, plan, table_options), recorded, commit, "request", lines)


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
    session, audit = open_record(ctx, AUDITS, identifier)
    before = _request(audit, number)
    answered = tuple(dict.fromkeys((*before.answered, *evidence_ids(evidence))))
    missing = [evidence_id for evidence_id in answered if session.ledger.evidence_by_id(evidence_id) is None]
    if missing:
        raise refuse(f"there is no evidence {missing[0]}", hint="file it first: compliance evidence add FILE")
    after = msgspec.structs.replace(before, answered=answered, declined="", note=note or before.note)
    if after == before:
        click.echo(f"Request {printable(before.id)} of {audit.id} is answered so already; nothing changed")
        return
    _change(session, audit, _with(audit, before, after), f"request {before.id} answered")
    click.echo(f"Recorded request {printable(before.id)} of {audit.id}: answered by {', '.join(answered)}")
    if before.declined:
        click.echo(f"  it is declined no more (it was: {printable(before.declined)})")
    _say_open(audit, before)


@request.command()
@click.argument("identifier", metavar="AUDIT")
@click.argument("number")
@click.option("--reason", type=TEXT, required=True, help="Why nothing will be given.")
@click.pass_context
def decline(ctx: click.Context, identifier: str, number: str, reason: str) -> None:
    """Record that a request will not be answered, and why."""
    session, audit = open_record(ctx, AUDITS, identifier)
    before = _request(audit, number)
    if before.answered:
        hint = f"to take the answer back, edit the audit: compliance audit edit {audit.id}"
        raise refuse(f"request {before.id} is answered by {', '.join(before.answered)}", hint=hint)
    after = msgspec.structs.replace(before, declined=reason)
    _change(session, audit, _with(audit, before, after), f"request {before.id} declined")
    click.echo(f"Recorded request {printable(before.id)} of {audit.id}: declined")
    _say_open(audit, before)


@request.command(name="list")
@click.argument("identifier", metavar="[AUDIT]", default="")
@click.option("--all", "every", is_flag=True, help="Answered and declined ones too.")
@click.option("--owner", default="", help="Only what this person is to give.")
@stands_on
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

    session = read_session(ctx)
    day = on or session.day
    audits = (find_record(session.ledger, AUDITS, identifier),) if identifier else session.ledger.of(AUDITS)
    asked = [
        (audit, request)
        for audit in audits
        for request in audit.requests
        if (every or request.open) and owner_matches(request.owner or audit.owner, owner)
    ]
    asked.sort(key=lambda pair: (pair[0].due(pair[1], day), pair[0].id))
    show_answer(
        json_,
        lambda: report.requests_view(asked, day),
        lambda columns: report.requests_as_text(asked, day, columns, every=every),
    )
    ctx.exit(session.code)


def _request(audit: Audit, number: str) -> Request:
    """A request of an audit by its number. Raises Refused, with the nearest there is, for one that it has not."""
    from compliance.problems import choice_hint

    request = audit.request(number)
    if request is None:
        numbers = [candidate.id for candidate in audit.requests]
        record_it = f"record it: compliance audit request add {audit.id} NUMBER TEXT"
        hint = choice_hint(number, numbers) if numbers else record_it
        raise refuse(
            f"{audit.id} has no request “{number}”", hint=hint or f"see: compliance audit request list {audit.id} --all"
        )
    return request


def _with(audit: Audit, before: Request, after: Request) -> Audit:
    requests = (after if request is before else request for request in audit.requests)
    return msgspec.structs.replace(audit, requests=tuple(requests))


def _change(session: Session, before: Audit, after: Audit, deed: str) -> str:
    try:
        return change(session, AUDITS, before, after, deed)
    except Refused as refusal:  # what was typed is not in the file yet: its lines would mislead
        raise Refused(
            msgspec.structs.replace(problem, location=None, excerpt="")
            for problem in refusal.problems
            if problem.is_error
        ) from None


def _say_open(audit: Audit, closed: Request) -> None:
    """Says how many requests are open once this one is answered or declined."""
    count = sum(request.open and request is not closed for request in audit.requests)
    click.echo(f"  {counted(count, 'request')} still open" if count else "  no request is open now")
