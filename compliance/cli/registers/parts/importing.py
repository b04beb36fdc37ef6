"""What the imports into registers share: their options, and the account that they give of every row."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import click
import msgspec

from compliance.cli.options import answering, options, repeated
from compliance.cli.registers.parts.recording import say_notes
from compliance.cli.session import Session
from compliance.problems import counted, printable, split_pairs
from compliance.reports.parts.answers import Answer, as_json

if TYPE_CHECKING:
    from compliance.domain.registers.parts.register import Register
    from compliance.operations.registers.foreign_table import RegisterTable
    from compliance.operations.registers.register_import import ImportPlan

SHOWN = 20
"""How many rows of a kind are printed."""

lenient_option = click.option("--lenient", is_flag=True, help="Leave out rows that cannot be read, and name them.")
scope_for_all = click.option(
    "--scope", "scope", multiple=True, metavar="SCOPE", help="The scope that all rows touch (again for more)."
)


def _order_option(command: Any) -> Any:
    day_first = click.option("--day-first", "order", flag_value="day-first", help="03/04/2026 is the 3rd of April.")
    month_first = click.option(
        "--month-first", "order", flag_value="month-first", help="03/04/2026 is the 4th of March."
    )
    return day_first(month_first(command))


class TableOptions(msgspec.Struct, frozen=True):
    """How a table is read, and whether its rows are recorded and accounted for as JSON."""

    columns: Annotated[
        tuple[str, ...], repeated("--column", "columns", "FIELD=HEADING", "Which column is a field of ours.")
    ]
    sheet: Annotated[str, "The sheet of a workbook; the first that is shown if not said."]
    order: Annotated[str | None, _order_option]
    dry_run: Annotated[bool, "Only say what would be recorded."]
    json_: Annotated[bool, click.option("--json", "json_", is_flag=True, help="Print JSON.")]


def import_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Gives a command the options that every import of a table has, as its argument `table_options`."""
    return options(TableOptions)(answering("cli.registers.parts.importing:RowsImported")(command))


def read_table(
    file: str, fields: Sequence[Any], needed: Sequence[Sequence[str]], table_options: TableOptions
) -> RegisterTable:
    """The rows of a table, by the columns that the user names or that are called like the fields.

    Of each list in `needed`, one field there must be. Raises Refused with what is wrong in the file.
    """
    from compliance.operations.registers.foreign_table import read_foreign

    columns = split_pairs(table_options.columns, "FIELD=HEADING", '--column date="Start date"')
    return read_foreign(file, fields, needed, columns, table_options.sheet)


class Import(msgspec.Struct, frozen=True):
    """A table that was read, what becomes of its rows, and what is wanted of it."""

    file: str
    table: RegisterTable
    plan: ImportPlan
    wanted: TableOptions


def record_import(session: Session, register: Register[Any], imported: Import, describe: Callable[[Any], str]) -> None:
    """Records what a table makes, all of it or nothing, and gives the account; `describe` puts a record on a line."""
    from compliance.operations.registers.registering import add_records

    records, commit = list(imported.plan.made), ""
    if records and not imported.wanted.dry_run:
        records, committed = add_records(session.workspace, session.ledger, register, records, session.day)
        say_notes(committed.notes)
        commit = committed.commit
    lines = [f"{record.id}  {describe(record)}".strip() for record in records]
    say_import(imported, [record.id for record in records if record.id], commit, register.name, lines)


def say_import(
    imported: Import, recorded: Sequence[str | FigureMade], commit: str, noun: str, lines: Sequence[str]
) -> None:
    """Gives the account of an import: which columns were read, what was recorded, what became of every other row.

    `recorded` is what JSON has of each record, and `lines` what a person reads of it.
    """
    table, plan = imported.table, imported.plan
    if imported.wanted.json_:
        click.echo(as_json(_view(imported, recorded, commit)))
        return
    click.echo(f"Read {counted(plan.rows, 'row')} from {printable(imported.file)}")
    click.echo(f"  columns: {printable(', '.join(f'{field} from “{head}”' for field, head in table.columns.items()))}")
    for note in table.notes:
        click.echo(f"  {printable(note)}")
    deed = "Would record" if imported.wanted.dry_run else "Recorded"
    click.echo(f"{deed} {counted(len(plan.made), noun)}{':' if lines else ''}")
    _say_first([f"  {line}" for line in lines])
    if plan.recorded:
        click.echo(f"There already: {counted(len(plan.recorded), 'row')}")
    if plan.unused:
        click.echo(f"Left out: {counted(len(plan.unused), 'row')}", err=True)
        _say_first([f"  {row.where}: {row.why}" for row in plan.unused], err=True)
    if plan.gone:
        click.echo(
            f"No longer in the list: {counted(len(plan.gone), 'open finding')}; close each with what shows it is mended"
        )
        _say_first(
            [
                f"  {finding.id}  {finding.title}{f' ({finding.target})' if finding.target else ''}"
                for finding in plan.gone
            ]
        )


class LeftOut(msgspec.Struct, frozen=True):
    """A row that nothing was made of: where it stands, and why."""

    where: str
    why: str


class FigureMade(msgspec.Struct, frozen=True):
    """A figure that was recorded: of which slot, and what stood there before, if anything did."""

    slot: str
    value: str
    replaced: str | None


class RowsImported(Answer, frozen=True, kw_only=True):
    """What became of the rows of a table; `made` was recorded, or would be. Without a commit, nothing was written."""

    file: str
    rows: int
    columns: dict[str, str]
    made: tuple[str | FigureMade, ...]
    known: tuple[LeftOut, ...]
    left_out: tuple[LeftOut, ...]
    gone: tuple[str, ...]
    commit: str | None


def _view(imported: Import, recorded: Sequence[str | FigureMade], commit: str) -> RowsImported:
    plan = imported.plan
    return RowsImported(
        file=imported.file,
        rows=plan.rows,
        columns=dict(imported.table.columns),
        made=tuple(recorded),
        known=tuple(LeftOut(str(row.where), row.why) for row in plan.recorded),
        left_out=tuple(LeftOut(str(row.where), row.why) for row in plan.unused),
        gone=tuple(record.id for record in plan.gone),
        commit=commit or None,
    )


def _say_first(lines: Sequence[str], err: bool = False) -> None:
    for line in lines[:SHOWN]:
        click.echo(printable(line), err=err)
    if len(lines) > SHOWN:
        click.echo(f"  … and {len(lines) - SHOWN:,} more", err=err)
