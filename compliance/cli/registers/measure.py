"""`compliance measure`: add, set, import, show, list, edit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import click

from compliance.cli.registers.common_commands import (
    LINE,
    common_commands,
    control_option,
    owner_option,
    references,
    say_notes,
    say_recorded,
    scope_option,
)
from compliance.cli.registers.importing import FigureMade, columns_of, import_as_json, import_options, say_import
from compliance.cli.session import DAY, TIME, Word, converted, ledger_at, workspace_of
from compliance.domain.ledger.ledger import Ledger
from compliance.domain.registers.measures import MEASURES, Direction, Measure, target_as_text
from compliance.domain.registers.parts.series import Point
from compliance.domain.terms.durations import Duration
from compliance.domain.terms.periods import Slot, name_of
from compliance.problems import refuse
from compliance.reports.registers.measures import series_as_text

SLOT, DIRECTION = Word("stretch of the calendar", Slot), Word("direction", Direction)
_IN_A_LIST = 12


class Number(click.ParamType[Any]):
    """A number, exact."""

    name = "number"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        from compliance.store.text.decoding import parse_decimal

        return value if isinstance(value, Decimal) else converted(parse_decimal, value, param, ctx)


NUMBER = Number()


@click.group()
def measure() -> None:
    """Figures kept month by month against a target: incidents, requests in time, patch age, training."""


@measure.command()
@click.argument("title", type=LINE)
@click.option("--unit", type=LINE, required=True, help="What the figures count, e.g. “%”, “days”, “incidents”.")
@click.option("--since", type=DAY, required=True, help="The first slot that is measured begins or lies here.")
@click.option("--each", type=SLOT, help="month (as a rule), quarter, half-year or year.")
@click.option("--within", type=TIME, help="How long after a slot's end its figure is due.  [default: 1 month]")
@click.option("--at-least", type=NUMBER, help="The target, to be reached or passed.")
@click.option("--at-most", type=NUMBER, help="The target, not to be passed.")
@control_option
@scope_option
@owner_option
@click.option("--note", default="", help="How it is counted.")
@click.pass_context
def add(
    ctx: click.Context,
    /,
    title: str,
    unit: str,
    since: dt.date,
    each: Slot | None,
    within: Duration | None,
    at_least: Decimal | None,
    at_most: Decimal | None,
    controls: tuple[str, ...],
    scope: tuple[str, ...],
    owner: str,
    note: str,
) -> None:
    """Record what is measured, by its TITLE.

    \b
    compliance measure add "Requests resolved in time" --unit % --since 2026-01-01 --at-least 95 --owner "Service desk"
    """
    from compliance.operations.registers.registering import add_records

    workspace = workspace_of(ctx)
    ledger, now = ledger_at(workspace, None)
    if at_least is not None and at_most is not None:
        raise refuse("a measure has one target", hint="say --at-least or --at-most, not both")
    fresh = Measure(
        id="",
        title=title,
        unit=unit,
        since=since,
        each=each or Slot.MONTH,
        within=within or Duration(1),
        target=at_least if at_least is not None else at_most,
        direction=Direction.AT_MOST if at_most is not None else Direction.AT_LEAST,
        controls=references(controls, ledger),
        scope=scope,
        owner=owner,
        note=note,
    )
    recorded, committed = add_records(workspace, ledger, MEASURES, [fresh], now)
    say_recorded(recorded, committed.notes)


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
    from compliance.operations.registers.registering import find_record

    workspace = workspace_of(ctx)
    ledger, now = ledger_at(workspace, None)
    held: Measure = find_record(ledger, MEASURES, identifier)
    point = Point(slot=slot_of(held, slot, now), value=value, note=note)
    points = ledger.points.get(held.id, ())
    differs = conflicts(points, [point])
    if differs and not replace:
        raise refuse(
            f"{name_of(point.slot)} has the figure {differs[0].recorded.value:f}",
            hint="to put yours in its place, add --replace; the old one stays in the history",
        )
    if any(one.slot == point.slot and (one.value, one.note) == (value, note or one.note) for one in points):
        click.echo(f"{held.id}: {name_of(point.slot)} is {value:f} already; nothing changed")
        return
    committed = record_points(workspace, ledger, held, [point])
    early = [] if point.slot.end < now else [running(point.slot)]
    say_notes((*early, *committed.notes))
    missed = "" if held.meets(value) else f", which misses the target ({target_as_text(held)})"
    click.echo(f"Recorded {held.id}: {name_of(point.slot)} is {value:f} {held.unit}{missed}")


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
    columns: tuple[str, ...],
    sheet: str,
    order: str | None,
    dry_run: bool,
    json_: bool,
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
    from compliance.operations.registers.foreign_table import read_foreign
    from compliance.operations.registers.measure_import import MEASURE_FIELDS, plan_figures, refuse_conflicts
    from compliance.operations.registers.measures import record_points
    from compliance.operations.registers.register_import import ImportPlan
    from compliance.operations.registers.registering import find_record

    workspace = workspace_of(ctx)
    ledger, now = ledger_at(workspace, None)
    held: Measure = find_record(ledger, MEASURES, identifier)
    table = read_foreign(file, MEASURE_FIELDS, [["slot"], ["value"]], columns_of(columns), sheet)
    figures = plan_figures(held, ledger.points.get(held.id, ()), table, now, order, as_percent)
    if not replace:
        refuse_conflicts(figures, table)
    commit = ""
    if figures.new and not dry_run:
        committed = record_points(workspace, ledger, held, figures.new)
        say_notes(committed.notes)
        commit = committed.commit
    replaced = {one.given.slot: f"{one.recorded.value:f}" for one in figures.differing}
    plan = ImportPlan(rows=figures.rows, made=figures.new, recorded=figures.recorded, unused=figures.unused)
    if json_:
        made = [FigureMade(name_of(point.slot), f"{point.value:f}", replaced.get(point.slot)) for point in figures.new]
        click.echo(import_as_json(file, table, plan, made, commit))
        return
    names = [
        f"{name_of(one.slot)}  {one.value:f} {held.unit}"
        f"{f', was {replaced[one.slot]}' if one.slot in replaced else ''}"
        f"{'' if held.meets(one.value) else f': misses the target ({target_as_text(held)})'}"
        for one in figures.new
    ]
    say_import(file, table, plan, "figure", names, dry_run)


def _page(ledger: Ledger, one: Measure, on: dt.date, facts: Mapping[str, object], room: int) -> str:
    from compliance.reports.registers import registers as report

    series = series_as_text(one, ledger.points.get(one.id, ()), on, room)
    return f"{report.as_text(one, '', facts, room)}\n\n{series}"


common_commands(measure, MEASURES, page=_page)
