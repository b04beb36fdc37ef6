"""What the imports into registers share: their options, and the account that they give of every row."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import click
import msgspec

from compliance.cli.options import answers
from compliance.cli.registers.common_commands import say_notes
from compliance.cli.session import Session
from compliance.problems import counted, printable, split_pair
from compliance.reports.parts.answers import Answer, as_json

if TYPE_CHECKING:
    from compliance.domain.registers.parts.register import Register
    from compliance.operations.registers.foreign_table import RegisterTable
    from compliance.operations.registers.register_import import ImportPlan

SHOWN = 20
"""How many rows of a kind are printed."""
Command = TypeVar("Command", bound=Callable[..., Any])

lenient_option = click.option("--lenient", is_flag=True, help="Leave out rows that cannot be read, and name them.")
scope_for_all = click.option(
    "--scope", "scope", multiple=True, metavar="SCOPE", help="The scope that all rows touch (again for more)."
)


def import_options(command: Command) -> Command:
    """Gives a command the options that every import of a table has."""
    decorators: list[Callable[[Any], Any]] = [
        answers("cli.registers.importing:RowsImported"),
        click.option("--dry-run", is_flag=True, help="Only say what would be recorded."),
        click.option("--month-first", "order", flag_value="month-first", help="03/04/2026 is the 4th of March."),
        click.option("--day-first", "order", flag_value="day-first", help="03/04/2026 is the 3rd of April."),
        click.option("--sheet", default="", help="The sheet of a workbook; the first that is shown if not said."),
        click.option(
            "--column", "columns", multiple=True, metavar="FIELD=HEADING", help="Which column is a field of ours."
        ),
    ]
    for decorate in decorators:
        command = decorate(command)
    return command


def columns_of(texts: Sequence[str]) -> dict[str, str]:
    """The columns that the user names, by field."""
    found = {}
    for text in texts:
        field, heading = split_pair(text, "FIELD=HEADING", '--column date="Start date"')
        found[field] = heading
    return found


class Import(msgspec.Struct, frozen=True, kw_only=True):
    """A table that was read, what becomes of its rows, and what is wanted of it.

    `describe` puts a record that is made on a line.
    """

    file: str
    table: RegisterTable
    plan: ImportPlan
    describe: Callable[[Any], str]
    dry_run: bool
    json_: bool


def record_import(session: Session, register: Register[Any], read: Import) -> None:
    """Records what a table makes, all of it or nothing, and gives the account."""
    from compliance.operations.registers.registering import add_records

    made, commit = list(read.plan.made), ""
    if made and not read.dry_run:
        made, committed = add_records(session.workspace, session.ledger, register, made, session.day)
        say_notes(committed.notes)
        commit = committed.commit
    if read.json_:
        ids = [record.id for record in made if record.id]
        click.echo(import_as_json(read.file, read.table, read.plan, ids, commit))
    else:
        names = [f"{record.id}  {read.describe(record)}".strip() for record in made]
        say_import(read.file, read.table, read.plan, register.name, names, read.dry_run)


def say_import(
    file: str, table: RegisterTable, plan: ImportPlan, noun: str, names: Sequence[str], dry_run: bool
) -> None:
    """Says which columns were read, what was recorded, and what became of every other row."""
    click.echo(f"Read {counted(plan.rows, 'row')} from {printable(file)}")
    click.echo(f"  columns: {printable(', '.join(f'{field} from “{head}”' for field, head in table.columns.items()))}")
    for note in table.notes:
        click.echo(f"  {printable(note)}")
    click.echo(f"{'Would record' if dry_run else 'Recorded'} {counted(len(plan.made), noun)}{':' if names else ''}")
    _several([f"  {name}" for name in names])
    if plan.recorded:
        click.echo(f"There already: {counted(len(plan.recorded), 'row')}")
    if plan.unused:
        click.echo(f"Left out: {counted(len(plan.unused), 'row')}", err=True)
        _several([f"  {one.where}: {one.why}" for one in plan.unused], err=True)
    if plan.gone:
        click.echo(
            f"No longer in the list: {counted(len(plan.gone), 'open finding')}; close each with what shows it is mended"
        )
        _several([f"  {one.id}  {one.title}{f' ({one.target})' if one.target else ''}" for one in plan.gone])


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


def import_as_json(
    file: str, table: RegisterTable, plan: ImportPlan, made: Sequence[str | FigureMade], commit: str
) -> str:
    """The account for programs."""
    return as_json(
        RowsImported(
            file=file,
            rows=plan.rows,
            columns=dict(table.columns),
            made=tuple(made),
            known=tuple(LeftOut(str(row.where), row.why) for row in plan.recorded),
            left_out=tuple(LeftOut(str(row.where), row.why) for row in plan.unused),
            gone=tuple(record.id for record in plan.gone),
            commit=commit or None,
        )
    )


def _several(lines: Sequence[str], err: bool = False) -> None:
    for line in lines[:SHOWN]:
        click.echo(printable(line), err=err)
    if len(lines) > SHOWN:
        click.echo(f"  … and {len(lines) - SHOWN:,} more", err=err)
