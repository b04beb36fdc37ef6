"""`compliance event`: add, nil, types, import, list, show, edit."""

from __future__ import annotations

import datetime as dt

import click

from compliance.cli.options import answers
from compliance.cli.options import show as show_answer
from compliance.cli.registers.common_commands import common_commands, not_to_come, say_recorded, scope_option
from compliance.cli.registers.importing import (
    Import,
    columns_of,
    import_options,
    lenient_option,
    record_import,
    scope_for_all,
)
from compliance.cli.session import DAY, SPAN, Session, chosen_scopes, ledger_at, told, workspace_of
from compliance.domain.ledger.ledger import Ledger
from compliance.domain.registers.events import EVENTS, Event, contradicts
from compliance.domain.terms.periods import Period
from compliance.problems import Problem, Severity, refuse


@click.group()
def event() -> None:
    """What happened that standards ask evidence after: changes, starters, leavers, incidents, releases."""


@event.command()
@click.argument("type_", metavar="TYPE")
@click.option("--on", type=DAY, help="The day it happened; today if not said.")
@click.option("-t", "--title", default="", help="What happened.")
@scope_option
@click.option("--source", default="", help="Where it was taken from, for example a ticket's number.")
@click.option("--note", default="", help="Anything else worth keeping.")
@click.pass_context
def add(
    ctx: click.Context, /, type_: str, on: dt.date | None, title: str, scope: tuple[str, ...], source: str, note: str
) -> None:
    """Record an event of a TYPE that a standard in use reads, such as significant-change.

    `compliance event types` lists them.

    \b
    compliance event add significant-change --on 2026-11-02 -t "New firewall pair in the data centre"
    """
    from compliance.operations.registers.registering import add_records

    workspace = workspace_of(ctx)
    ledger, now = ledger_at(workspace, None)
    _known(ledger, type_)
    day = not_to_come(on or now, now)
    fresh = Event(id="", type=type_, date=day, scope=scope, title=title, source=source, note=note)
    recorded, committed = add_records(workspace, ledger, EVENTS, [fresh], now)
    denied = [_denied(nil) for nil in ledger.of(EVENTS) if contradicts(nil, fresh)]
    say_recorded(recorded, (*committed.notes, *denied))


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
    from compliance.operations.registers.registering import add_records

    workspace = workspace_of(ctx)
    ledger, now = ledger_at(workspace, None)
    for one in types:
        _known(ledger, one)
    not_to_come(period.end, now)
    fresh = [
        Event(
            id="",
            type=one,
            date=now,
            scope=scope,
            nil=True,
            period=period,
            title=f"No {one.replace('-', ' ')} from {period.start} to {period.end}",
            note=note,
        )
        for one in types
    ]
    for each in fresh:
        happened = next((other for other in ledger.of(EVENTS) if contradicts(each, other)), None)
        if happened:
            raise refuse(
                f"there was {happened.type} on {happened.date}: {happened.id} {happened.title}".rstrip(),
                hint="name a time without one, in two returns if need be",
            )
    recorded, committed = add_records(workspace, ledger, EVENTS, fresh, now)
    say_recorded(recorded, committed.notes)


@event.command()
@click.option("--on", type=DAY, help="As it stands on this day.")
@answers("reports.registers.event_types:EventTypes")
@click.pass_context
def types(ctx: click.Context, on: dt.date | None, json_: bool) -> None:
    """List the types of events that standards read, when the last one was, and until when something is known."""
    from compliance.reports.registers import event_types as report

    ledger, now = ledger_at(workspace_of(ctx), None)
    code = told(ledger.problems)
    known = report.types_of(ledger, on or now)
    show_answer(json_, lambda: report.view(known), lambda columns: report.as_text(known, columns))
    ctx.exit(code)


@event.command(name="import")
@click.argument("file", metavar="FILE")
@click.option("--type", "type_", default="", metavar="TYPE", help="The type of all rows, where no column has it.")
@scope_for_all
@import_options
@lenient_option
@click.pass_context
def import_(
    ctx: click.Context,
    /,
    file: str,
    type_: str,
    scope: tuple[str, ...],
    columns: tuple[str, ...],
    sheet: str,
    order: str | None,
    dry_run: bool,
    json_: bool,
    lenient: bool,
) -> None:
    """Take events from a CSV or Excel FILE, such as starters from HR.

    The fields are type, date, title, scope, source and note; the date there must be, and a type for each row. A row
    with a source (a ticket's number) is recorded once for its type and day. Nothing is recorded if a cell cannot be
    read. Mind whose names the column that you take as the title holds.

    \b
    compliance event import starters.csv --type starter --column date="Start date" --column source="Payroll number"
    """
    from compliance.operations.registers.foreign_table import read_foreign
    from compliance.operations.registers.register_import import EVENT_FIELDS, plan_events

    workspace = workspace_of(ctx)
    ledger, now = ledger_at(workspace, None)
    if type_:
        _known(ledger, type_)
    chosen_scopes(ledger, scope)
    needed = [["date"]] if type_ else [["type"], ["date"]]
    table = read_foreign(file, EVENT_FIELDS, needed, columns_of(columns), sheet)
    plan = plan_events(ledger, table, type_, scope, now, order, lenient)
    read = Import(
        file=file,
        table=table,
        plan=plan,
        describe=lambda one: f"{one.date}  {one.type}  {one.title or one.source}",
        dry_run=dry_run,
        json_=json_,
    )
    record_import(Session(workspace, ledger, now), EVENTS, read)


def _denied(nil: Event) -> Problem:
    """A nil return that an event shows to be wrong: it is for a person to correct."""
    sentence = f"{nil.id} says that there was no {nil.type.replace('-', ' ')} then"
    return Problem(sentence, hint=f"correct it: compliance event edit {nil.id}", severity=Severity.WARNING)


def _known(ledger: Ledger, type_: str) -> None:
    from compliance.problems import choice_hint

    known = sorted({one.id for catalogue in ledger.catalogues for one in catalogue.events})
    if type_ not in known:
        hint = choice_hint(type_, known) if known else "no standard in use reads events"
        raise refuse(f"no standard in use asks for events of the type “{type_}”", hint=hint)


common_commands(event, EVENTS)
