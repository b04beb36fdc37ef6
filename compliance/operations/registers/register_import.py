"""Lists of other programs taken into registers: what auditors ask for, and what happened.

Each is planned first, with an account of every row, and then recorded in one commit. Taken in again, the same list
brings nothing new.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

import msgspec

from compliance.domain.ledger.ledger import Ledger
from compliance.domain.ledger.lookup import find_control
from compliance.domain.registers.audits import Audit, Request
from compliance.domain.registers.events import EVENTS, Event, unread_type
from compliance.domain.registers.findings import Finding
from compliance.domain.terms.references import Reference
from compliance.exchange.table.headings import Field
from compliance.operations.registers.foreign_table import Reader, RegisterTable, UnusedRow, settled
from compliance.problems import Refused, must_be_known

REQUEST_FIELDS = (
    Field("id", ("ref", "reference", "ref no", "request id", "request no", "request number", "number", "no", "no.", "#",
                 "item no", "item")),
    Field("text", ("request", "description", "request description", "evidence requested", "information requested",
                   "document", "item", "what")),
    Field("controls", ("control", "control ref", "control id", "clause", "clauses", "requirement")),
    Field("due", ("due date", "date due", "needed by", "required by", "by", "deadline"), asks=True),
    Field("owner", ("responsible", "assigned to", "contact")),
    Field("note", ("notes", "comment", "comments")),
)  # fmt: skip
EVENT_FIELDS = (
    Field("type", ("event", "event type")),
    Field("date", ("on", "when", "date of event", "start date", "starting date", "leaving date", "end date", "opened",
                   "created", "occurred", "completed"), asks=True),
    Field("title", ("summary", "subject", "short description", "what")),
    Field("scope", ("scopes",)),
    Field("source", ("ticket", "ticket id", "reference", "ref", "id", "number", "employee number", "payroll number")),
    Field("note", ("notes", "comment", "comments")),
)  # fmt: skip
_BETWEEN = re.compile(r"[,;\s]+")
_NO_CONTROLS = {"annex", "clause", "control", "req", "requirement", "section", "and", "&", "-"}


class ImportPlan(msgspec.Struct, frozen=True, kw_only=True):
    """What an import would record, and what became of every other row. `gone` are open and no longer in the list."""

    rows: int
    made: tuple[Any, ...]
    recorded: tuple[UnusedRow, ...] = ()
    unused: tuple[UnusedRow, ...] = ()
    gone: tuple[Finding, ...] = ()


def plan_requests(ledger: Ledger, audit: Audit, table: RegisterTable, order: str | None, lenient: bool) -> ImportPlan:
    """An auditor's list of requests. Raises Refused, with the cells, for what cannot be read, unless lenient."""
    reader = Reader(table)
    starts = table.order("due", order)
    requests: dict[str, Request] = {}
    recorded, unused = [], []
    for row in table.rows:
        number, text = row.text("id"), row.text("text")
        if not text and not number:
            unused.append(UnusedRow(table.at(row, "id"), "has neither a number nor a text"))
            continue
        if not number:
            reader.fault(row, "id", "a request without a number", "number it: answers are recorded by it")
            continue
        if not text:
            reader.fault(row, "text", f"the request “{number}” without a text", "say what is asked for, or --lenient")
            continue
        faults = len(reader.faults)
        request = Request(
            id=number,
            text=text,
            controls=reader.read(row, "controls", lambda cell: controls_of(ledger, audit, cell)) or (),
            due=reader.day(row, "due", starts),
            owner=row.text("owner"),
            note=row.text("note"),
        )
        there = audit.request(number) or requests.get(number.casefold())
        if len(reader.faults) > faults:
            continue
        if there is None:
            requests[number.casefold()] = request
        elif (there.text, there.controls, there.due) == (request.text, request.controls, request.due):
            recorded.append(UnusedRow(table.at(row, "id"), f"request {number} is there already"))
        elif number.casefold() in requests:
            reader.fault(row, "id", f"a second request {number}, and not the same", "give one of them another number")
        else:
            unused.append(UnusedRow(table.at(row, "id"), f"request {number} is recorded otherwise, and stays as it is"))
    faulty = settled(reader, lenient)
    return ImportPlan(
        rows=len(table.rows), made=tuple(requests.values()), recorded=tuple(recorded), unused=(*unused, *faulty)
    )


def plan_events(
    ledger: Ledger,
    table: RegisterTable,
    type_: str,
    scope: Sequence[str],
    today: dt.date,
    order: str | None,
    lenient: bool,
) -> ImportPlan:
    """A list of what happened or is to come, of one type or of the type that each row says.

    A row of a day to come is a planned event.

    A row with a source (a ticket's number) is the event of that source, type and day; of rows without one, as many are
    new as there are more of the same type, day and title than are recorded.
    """
    reader = Reader(table)
    starts = table.order("date", order)
    recorded = Counter(_key(event) for event in ledger.of(EVENTS) if not event.nil)
    events: list[Event] = []
    there, unused = [], []
    for row in table.rows:
        faults = len(reader.faults)
        if not any(row.texts.values()):
            unused.append(UnusedRow(table.at(row, "date"), "is empty"))
            continue
        day = reader.day(row, "date", starts)
        if not row.text("date"):
            reader.fault(row, "date", "an event without a day", "write when it happened")
        kind = type_ or row.text("type").casefold().replace(" ", "-")
        unread = unread_type(ledger.catalogues, kind)
        if unread:
            sentence, hint = unread
            reader.fault(row, "type", sentence if kind else "an event without a type", hint)
        where = reader.read(row, "scope", lambda cell: _scopes(ledger, cell)) or tuple(scope)
        if day is None or len(reader.faults) > faults:
            continue
        event = Event(
            id="",
            type=kind,
            date=day,
            scope=where,
            title=row.text("title"),
            source=row.text("source"),
            note=row.text("note"),
            planned=day > today,
        )
        key = _key(event)
        if recorded[key] > 0:
            there.append(UnusedRow(table.at(row, "date"), f"{kind} of {day} is there already"))
            recorded[key] -= 0 if event.source else 1
            continue
        if event.source:
            recorded[key] += 1
        events.append(event)
    faulty = settled(reader, lenient)
    return ImportPlan(rows=len(table.rows), made=tuple(events), recorded=tuple(there), unused=(*unused, *faulty))


def _key(event: Event) -> tuple[str, dt.date, str, str]:
    return (event.type, event.date, event.source, "" if event.source else event.title)


def _scopes(ledger: Ledger, text: str) -> tuple[str, ...]:
    names = [scope.id for scope in ledger.settings.scopes]
    scopes = tuple(scope for scope in _BETWEEN.split(text) if scope)
    for scope in scopes:
        must_be_known("scope", scope, names)
    return scopes


def controls_of(ledger: Ledger, audit: Audit | None, text: str) -> tuple[Reference, ...]:
    """The controls in a cell; one without its standard is looked for in those that the audit is by."""
    tokens = [token for token in _BETWEEN.split(re.sub(r":\s+", ":", text)) if token]
    # A bare id is taken without the version, which is wanted only where two are in use.
    standards = [name for standard in (audit.standards if audit else ()) for name in (standard.id, str(standard))]
    controls = [
        _control(ledger, standards, token) for token in tokens if token.casefold().rstrip(".") not in _NO_CONTROLS
    ]
    return tuple(dict.fromkeys(controls))


def _control(ledger: Ledger, standards: Sequence[str], text: str) -> Reference:
    refusals = []
    for name in [text] if ":" in text or not standards else [f"{standard}:{text}" for standard in standards]:
        try:
            return find_control(ledger, name)[0]
        except Refused as refusal:
            refusals.append(refusal)
    raise refusals[0]
