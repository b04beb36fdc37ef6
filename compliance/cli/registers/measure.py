"""`compliance measure`: add, set, import, show, list, edit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated

import click
import msgspec

from compliance.cli.options import options
from compliance.cli.registers.parts.common_commands import ControlsTouched, Owner, ScopesTouched, common_commands
from compliance.cli.registers.parts.importing import (
    FigureMade,
    Import,
    TableOptions,
    import_options,
    read_table,
    say_import,
)
from compliance.cli.registers.parts.recording import file_record, open_record, say_notes
from compliance.cli.session import open_session
from compliance.cli.values import LINE, NUMBER, Word
from compliance.domain.ledger.ledger import Ledger
from compliance.domain.registers.measures import MEASURES, Direction, Measure, target_as_text
from compliance.domain.registers.parts.series import Point
from compliance.domain.terms.durations import Duration
from compliance.domain.terms.periods import Slot, name_of
from compliance.problems import refuse
from compliance.reports.registers.measures import series_as_text


class MeasureOptions(msgspec.Struct, frozen=True):
    """What a measure is recorded with, beside its title."""

    unit: Annotated[str, LINE, "What the figures count, e.g. “%”, “days”, “incidents”."]
    since: Annotated[dt.date, "The first slot that is measured begins or lies here."]
    each: Annotated[
        Slot | None, Word("stretch of the calendar", Slot), "month (as a rule), quarter, half-year or year."
    ]
    within: Annotated[Duration | None, "How long after a slot's end its figure is due.  [default: 1 month]"]
    at_least: Annotated[Decimal | None, "The target, to be reached or passed."]
    at_most: Annotated[Decimal | None, "The target, not to be passed."]
    controls: ControlsTouched
    scope: ScopesTouched
    owner: Owner
    note: Annotated[str, "How it is counted."]


@click.group()
def measure() -> None:
    """Figures kept month by month against a target: incidents, requests in time, patch age, training."""


@measure.command()
@click.argument("title", type=LINE)
@options(MeasureOptions)
@click.pass_context
def add(ctx: click.Context, title: str, measure_options: MeasureOptions) -> None:
    """Record what is measured, by its TITLE.

    \b
    compliance measure add "Requests resolved in time" --unit % --since 2026-01-01 --at-least 95 --owner "Service desk"
    """
    session = open_session(ctx)
    at_least, at_most = measure_options.at_least, measure_options.at_most
    if at_least is not None and at_most is not None:
        raise refuse("a measure has one target", hint="say --at-least or --at-most, not both")
    target = {
        "target": at_least if at_least is not None else at_most,
        "direction": Direction.AT_MOST if at_most is not None else Direction.AT_LEAST,
    }
    file_record(session, MEASURES, {"title": title, **msgspec.structs.asdict(measure_options), **target})


@measure.command(name="set")
@click.argument("identifier", metavar="ID")
@click.argument("slot", metavar="SLOT")
@click.argument("value", type=NUMBER)
@click.option("--note", default="", help="What is behind the figure.")
@click.option("--replace", is_flag=True, help="In place of the figure that is recorded for it.")
@click.pass_context
def set_(ctx: click.Context, identifier: str, slot: str, value: Decimal, note: str, replace: bool) -> None:
    """Record the figure of a SLOT: 2026-03, 2026-Q1, 2026-H1 or 2026.

    \b
    compliance measure set M-7K2M9QXT 2026-10 96.5
    """
    from compliance.operations.registers.measures import conflicts, record_points, running, slot_of

    session, record = open_record(ctx, MEASURES, identifier)
    point = Point(slot=slot_of(record, slot, session.day), value=value, note=note)
    points = session.ledger.points.get(record.id, ())
    differing = conflicts(points, [point])
    if differing and not replace:
        raise refuse(
            f"{name_of(point.slot)} has the figure {differing[0].recorded.value:f}",
            hint="to put yours in its place, add --replace; the old one stays in the history",
        )
    same = (figure for figure in points if figure.slot == point.slot)
    if any((figure.value, figure.note) == (value, note or figure.note) for figure in same):
        click.echo(f"{record.id}: {name_of(point.slot)} is {value:f} already; nothing changed")
        return
    committed = record_points(session.workspace, session.ledger, record, [point])
    early = [] if point.slot.end < session.day else [running(point.slot)]
    say_notes((*early, *committed.notes))
    missed = "" if record.meets(value) else f", which misses the target ({target_as_text(record)})"
    click.echo(f"Recorded {record.id}: {name_of(point.slot)} is {value:f} {record.unit}{missed}")


@measure.command(name="import")
@click.argument("identifier", metavar="ID")
@click.argument("file", metavar="FILE")
@import_options
@click.option("--percent/--no-percent", "as_percent", default=None, help="0.95 in a cell is 95 %, or is what it is.")
@click.option("--replace", is_flag=True, help="In place of the figures that are recorded.")
@click.pass_context
def import_(
    ctx: click.Context,
    identifier: str,
    file: str,
    table_options: TableOptions,
    as_percent: bool | None,
    replace: bool,
) -> None:
    """Take figures from a CSV or Excel FILE.

    The fields are slot, value and note; the first two there must be. A month may be written 2026-03, Mar 2026, 03/2026,
    or as any day in it. Nothing is recorded if a cell cannot be read, or if a figure differs from the one that is
    recorded.

    \b
    compliance measure import M-7K2M9QXT service-desk.xlsx --column value="Resolved in time"
    """
    from compliance.operations.registers.measure_import import MEASURE_FIELDS, plan_figures, refuse_conflicts
    from compliance.operations.registers.measures import record_points
    from compliance.operations.registers.register_import import ImportPlan

    session, record = open_record(ctx, MEASURES, identifier)
    points = session.ledger.points.get(record.id, ())
    table = read_table(file, MEASURE_FIELDS, [["slot"], ["value"]], table_options)
    figures = plan_figures(record, points, table, session.day, table_options.order, as_percent)
    if not replace:
        refuse_conflicts(figures, table)
    commit = ""
    if figures.new and not table_options.dry_run:
        committed = record_points(session.workspace, session.ledger, record, figures.new)
        say_notes(committed.notes)
        commit = committed.commit
    replaced = {conflict.proposed.slot: f"{conflict.recorded.value:f}" for conflict in figures.differing}
    plan = ImportPlan(rows=figures.rows, made=figures.new, recorded=figures.recorded, unused=figures.unused)
    recorded = [FigureMade(name_of(point.slot), f"{point.value:f}", replaced.get(point.slot)) for point in figures.new]
    lines = [
        f"{name_of(point.slot)}  {point.value:f} {record.unit}"
        f"{f', was {replaced[point.slot]}' if point.slot in replaced else ''}"
        f"{'' if record.meets(point.value) else f': misses the target ({target_as_text(record)})'}"
        for point in figures.new
    ]
    say_import(Import(file, table, plan, table_options), recorded, commit, "figure", lines)


def _page(ledger: Ledger, record: Measure, on: dt.date, facts: Mapping[str, object], room: int) -> str:
    from compliance.reports.registers import registers as report

    series = series_as_text(record, ledger.points.get(record.id, ()), on, room)
    return f"{report.as_text(record, facts, room)}\n\n{series}"


common_commands(measure, MEASURES, page=_page)
