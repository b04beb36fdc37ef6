"""`compliance event`: add, plan, confirm, move, cancel, nil, types, import, list, show, edit."""

from __future__ import annotations

import datetime as dt

import click
import msgspec

from compliance.cli.options import answers, show_answer, stands_on
from compliance.cli.registers.parts.common_commands import common_commands, note_option, scope_option
from compliance.cli.registers.parts.importing import (
    Import,
    TableOptions,
    import_options,
    lenient_option,
    read_table,
    record_import,
    scope_for_all,
)
from compliance.cli.registers.parts.recording import change, file_records, happened_on, open_record, say_notes, who
from compliance.cli.session import Session, chosen_scopes, open_session, read_session
from compliance.cli.values import DAY, SPAN, TEXT
from compliance.domain.ledger.ledger import Ledger
from compliance.domain.registers.events import EVENTS, Event, EventCancellation, EventMove, contradicts, unread_type
from compliance.domain.terms.periods import Period
from compliance.problems import Problem, Severity, refuse


@click.group()
def event() -> None:
    """What happened or is to come that standards ask evidence for: changes, starters, leavers, incidents, releases."""


@event.command()
@click.argument("type_", metavar="TYPE")
@click.option("--on", type=DAY, help="The day it happened; today if not said.")
@click.option("-t", "--title", default="", help="What happened.")
@scope_option
@click.option("--source", default="", help="Where it was taken from, for example a ticket's number.")
@note_option
@click.pass_context
def add(
    ctx: click.Context, /, type_: str, on: dt.date | None, title: str, scope: tuple[str, ...], source: str, note: str
) -> None:
    """Record an event of a TYPE that a standard in use reads, such as significant-change.

    `compliance event types` lists them.

    \b
    compliance event add significant-change --on 2026-11-02 -t "New firewall pair in the data centre"
    """
    session = open_session(ctx)
    _must_be_read(session.ledger, type_)
    day = happened_on(session, on)
    fresh = Event(id="", type=type_, date=day, scope=scope, title=title, source=source, note=note)
    denials = [_denied(nil) for nil in session.ledger.of(EVENTS) if contradicts(nil, fresh)]
    file_records(session, EVENTS, [fresh], denials)


@event.command()
@click.argument("type_", metavar="TYPE")
@click.option("--on", type=DAY, required=True, help="The day for which it is planned.")
@click.option("-t", "--title", default="", help="What will happen.")
@scope_option
@click.option("--source", default="", help="Where it was taken from, for example a ticket's number.")
@note_option
@click.pass_context
def plan(
    ctx: click.Context, /, type_: str, on: dt.date, title: str, scope: tuple[str, ...], source: str, note: str
) -> None:
    """Record an event of a TYPE that is to come, so that what must be filed before it falls due in time.

    From its day on it is to be confirmed, moved or cancelled. `compliance event types` lists the types.

    \b
    compliance event plan starter --on 2026-12-01 -t "Officer, revenues" --source HR-218
    """
    session = open_session(ctx)
    _must_be_read(session.ledger, type_)
    _must_be_to_come(session, on, "record what has happened: compliance event add")
    fresh = Event(id="", type=type_, date=on, scope=scope, title=title, planned=True, source=source, note=note)
    file_records(session, EVENTS, [fresh])


@event.command()
@click.argument("identifier", metavar="ID")
@click.option("--on", type=DAY, help="The day it took place, if it was another than the one planned.")
@click.pass_context
def confirm(ctx: click.Context, identifier: str, on: dt.date | None) -> None:
    """Say that a planned event took place, on the day planned or another."""
    session, before = _open_planned(ctx, identifier)
    if on is None and before.date > session.day:
        hint = "confirm it when it has taken place; if it took place sooner, say the day with --on"
        raise refuse(f"{before.id} is planned for {before.date}, which lies in the future", hint=hint)
    day = happened_on(session, on or before.date)
    after = msgspec.structs.replace(_on_day(session, before, day, ""), planned=False)
    denials = [_denied(nil) for nil in session.ledger.of(EVENTS) if contradicts(nil, after)]
    change(session, EVENTS, before, after, f"took place on {day}")
    say_notes(denials)
    click.echo(f"Recorded {before.id}: took place on {day}")


@event.command()
@click.argument("identifier", metavar="ID")
@click.option("--on", type=DAY, required=True, help="The day for which it is planned now.")
@click.option("--reason", default="", help="Why it moves.")
@click.pass_context
def move(ctx: click.Context, identifier: str, on: dt.date, reason: str) -> None:
    """Plan an event for another day; the day before is kept with the record."""
    session, before = _open_planned(ctx, identifier)
    _must_be_to_come(session, on, f"if it took place then: compliance event confirm {before.id} --on {on}")
    change(session, EVENTS, before, _on_day(session, before, on, reason), f"moved to {on}")
    click.echo(f"Recorded {before.id}: planned for {on}, before that for {before.date}")


@event.command()
@click.argument("identifier", metavar="ID")
@click.option("--reason", type=TEXT, required=True, help="Why it will not take place, or did not.")
@click.pass_context
def cancel(ctx: click.Context, identifier: str, reason: str) -> None:
    """Say that a planned event will not take place, or did not: it counts as none, and stays on record."""
    session, before = _open_planned(ctx, identifier)
    cancelled = EventCancellation(on=session.day, by=who(session), reason=reason)
    change(session, EVENTS, before, msgspec.structs.replace(before, cancelled=cancelled), "cancelled")
    click.echo(f"Recorded {before.id}: cancelled")


@event.command()
@click.argument("types", nargs=-1, required=True, metavar="TYPE...")
@click.option("--period", type=SPAN, required=True, help="The time in which nothing happened, START/END.")
@scope_option
@click.option("--note", default="", help="How that was found out.")
@click.pass_context
def nil(ctx: click.Context, /, types: tuple[str, ...], period: Period, scope: tuple[str, ...], note: str) -> None:
    """State that no event of the TYPEs happened in a time; it is dated today.

    `compliance event types` lists the types, and until when something is known of each.

    \b
    compliance event nil significant-change key-compromise --period 2026-01-01/2026-09-30
    """
    session = open_session(ctx)
    for type_ in types:
        _must_be_read(session.ledger, type_)
    happened_on(session, period.end)
    fresh = [
        Event(
            id="",
            type=type_,
            date=session.day,
            scope=scope,
            nil=True,
            period=period,
            title=f"No {type_.replace('-', ' ')} from {period.start} to {period.end}",
            note=note,
        )
        for type_ in types
    ]
    for denial in fresh:
        happened = next((event for event in session.ledger.of(EVENTS) if contradicts(denial, event)), None)
        if happened and happened.planned:
            raise refuse(
                f"{happened.id} was planned for {happened.date}, and nobody has said whether it took place",
                hint=f"say so first: compliance event confirm {happened.id}; or event move, or event cancel",
            )
        if happened:
            raise refuse(
                f"there was {happened.type} on {happened.date}: {happened.id} {happened.title}".rstrip(),
                hint="name a time without one, in two returns if need be",
            )
    file_records(session, EVENTS, fresh)


@event.command()
@stands_on
@answers("reports.registers.event_types:EventTypes")
@click.pass_context
def types(ctx: click.Context, on: dt.date | None, json_: bool) -> None:
    """List the types of events that standards read, when the last one was, and until when something is known."""
    from compliance.reports.registers import event_types as report

    session = read_session(ctx)
    event_types = report.types_of(session.ledger, on or session.day)
    show_answer(json_, lambda: report.view(event_types), lambda columns: report.as_text(event_types, columns))
    ctx.exit(session.code)


@event.command(name="import")
@click.argument("file", metavar="FILE")
@click.option("--type", "type_", default="", metavar="TYPE", help="The type of all rows, where no column has it.")
@scope_for_all
@import_options
@lenient_option
@click.pass_context
def import_(
    ctx: click.Context, file: str, type_: str, scope: tuple[str, ...], table_options: TableOptions, lenient: bool
) -> None:
    """Take events from a CSV or Excel FILE, such as starters from HR.

    The fields are type, date, title, scope, source and note; the date there must be, and a type for each row. A row
    with a source (a ticket's number) is recorded once for its type and day. Nothing is recorded if a cell cannot be
    read. A row of a day to come is planned, and is to be confirmed when it has come. Mind whose names the column that
    you take as the title holds.

    \b
    compliance event import starters.csv --type starter --column date="Start date" --column source="Payroll number"
    """
    from compliance.operations.registers.register_import import EVENT_FIELDS, plan_events

    session = open_session(ctx)
    if type_:
        _must_be_read(session.ledger, type_)
    chosen_scopes(session.ledger, scope)
    needed = [["date"]] if type_ else [["type"], ["date"]]
    table = read_table(file, EVENT_FIELDS, needed, table_options)
    plan = plan_events(session.ledger, table, type_, scope, session.day, table_options.order, lenient)
    imported = Import(file, table, plan, table_options)
    record_import(session, EVENTS, imported, _row_imported)


def _row_imported(event: Event) -> str:
    planned = "  (planned)" if event.planned else ""
    return f"{event.date}  {event.type}  {event.title or event.source}{planned}"


def _denied(nil: Event) -> Problem:
    """A nil return that an event shows to be wrong: it is for a person to correct."""
    sentence = f"{nil.id} says that there was no {nil.type.replace('-', ' ')} then"
    return Problem(sentence, hint=f"correct it: compliance event edit {nil.id}", severity=Severity.WARNING)


def _open_planned(ctx: click.Context, identifier: str) -> tuple[Session, Event]:
    """Opens an event that is planned and still open. Raises Refused for any other."""
    session, event = open_record(ctx, EVENTS, identifier)
    if event.cancelled:
        hint = "if it takes place after all, plan it anew: compliance event plan"
        raise refuse(f"{event.id} was cancelled on {event.cancelled.on}", hint=hint)
    if not event.planned:
        what = "is a nil return" if event.nil else f"took place on {event.date}"
        raise refuse(f"{event.id} {what}, and is not planned", hint=f"correct it: compliance event edit {event.id}")
    return session, event


def _on_day(session: Session, event: Event, day: dt.date, reason: str) -> Event:
    """The event on another day, the day before kept in it; the same event where the day is the same."""
    if day == event.date:
        return event
    moved = EventMove(was=event.date, on=session.day, by=who(session), reason=reason)
    return msgspec.structs.replace(event, date=day, moved=(*event.moved, moved))


def _must_be_to_come(session: Session, day: dt.date, hint: str) -> None:
    if day < session.day:
        raise refuse(f"{day} has passed", hint=hint)


def _must_be_read(ledger: Ledger, type_: str) -> None:
    unread = unread_type(ledger.catalogues, type_)
    if unread:
        sentence, hint = unread
        raise refuse(sentence, hint=hint)


common_commands(event, EVENTS)
