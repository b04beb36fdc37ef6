"""`compliance standards import` and `export`: standards from foreign formats, and ours in them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import click
import msgspec
from msgspec.structs import replace

from compliance.cli.options import answers, options
from compliance.cli.session import Session, open_session, show_problems
from compliance.cli.standards.accounts import Read, StandardImported, line, say_skipped, say_source, source_fields
from compliance.cli.standards.known import here_if_any
from compliance.problems import counted, printable, refuse, split_pair
from compliance.reports.parts.answers import as_json

if TYPE_CHECKING:
    from compliance.operations.standards.importing import PlannedImport


class SourceOptions(msgspec.Struct, frozen=True):
    """What the user says of the file: its format, names that go before its own, and where it has what."""

    format: Annotated[
        str,
        click.option("--from", "format", default="", metavar="FORMAT", help="Its format, if its look does not tell."),
    ]
    id: Annotated[str, "What to call the standard, e.g. nist-800-53."]
    version: Annotated[str, "Its version; the source's own if not said."]
    title: Annotated[str, "Its title."]
    short: Annotated[str, "A short title, for tables."]
    licence: Annotated[str, "The licence of its words, where the source does not state it."]
    with_text: Annotated[bool, "Let the source's words be the summaries: its licence allows it."]
    columns: Annotated[
        tuple[str, ...],
        click.option(
            "--column",
            "columns",
            multiple=True,
            metavar="NAME=HEADER",
            help="Where a table has a field of ours.",
        ),
    ]
    preset: Annotated[str, "A table laid out as a program makes it, e.g. eramba."]
    sheet: Annotated[str, "The sheet of a workbook."]
    catalogs: Annotated[
        tuple[str, ...],
        click.option(
            "--catalog", "catalogs", multiple=True, metavar="FILE", help="What an OSCAL profile selects from."
        ),
    ]
    beside: Annotated[
        tuple[str, ...],
        click.option("--beside", multiple=True, metavar="FILE", help="A further OSCAL profile of the same catalogue."),
    ]


class UseOptions(msgspec.Struct, frozen=True):
    """Whether the standard is taken into use at once, where, and which part of it."""

    now: Annotated[bool, click.option("--use", "now", is_flag=True, help="Take it into use at once.")]
    scopes: Annotated[
        tuple[str, ...],
        click.option("--scope", "scopes", multiple=True, help="With --use: only for this scope (again for more)."),
    ]
    profiles: Annotated[
        tuple[str, ...],
        click.option(
            "--profile", "profiles", multiple=True, help="With --use: the part that applies (again for more)."
        ),
    ]


@click.command(name="import")
@click.argument("file", metavar="FILE")
@options(SourceOptions)
@options(UseOptions)
@click.option("--dry-run", is_flag=True, help="Only say what would be made.")
@answers("cli.standards.accounts:StandardImported", "cli.standards.accounts:RelationsImported")
@click.pass_context
def import_(
    ctx: click.Context, file: str, source_options: SourceOptions, use_options: UseOptions, dry_run: bool, json_: bool
) -> None:
    """Make a catalogue of a standard that another program keeps, and commit it to standards/.

    \b
    compliance standards import NIST_SP-800-53_rev5_catalog.json --id nist-800-53
    compliance standards import low.json --catalog catalog.json --beside high.json --id nist-800-53
    compliance standards import controls.csv --column id=Ref --column title=Control
    """
    from compliance.cli.standards.relating import import_mappings
    from compliance.operations.standards.importing import (
        import_and_use,
        import_catalogue,
        plan_import,
        refuse_unknown_parts,
    )

    if (use_options.scopes or use_options.profiles) and not use_options.now:
        raise refuse("--scope and --profile say how a standard is used", hint="say --use as well")
    session, read = _read(ctx, file, source_options)
    if read.imported.catalogue is None:
        if use_options.now:
            raise refuse("--use means nothing for mappings", hint="leave it out: they are in use with their standards")
        import_mappings(session, read, dry_run, json_)
        return
    planned = plan_import(session.workspace, session.ledger, read.imported, file)
    refuse_unknown_parts(session.ledger, planned.catalogue, use_options.scopes, use_options.profiles)
    commit = ""
    if not dry_run:
        if use_options.now:
            committed = import_and_use(session.workspace, planned, use_options.scopes, use_options.profiles)
        else:
            committed = import_catalogue(session.workspace, planned)
        show_problems(committed.notes)
        commit = committed.commit
    if json_:
        click.echo(as_json(_view(planned, read.format.name, commit)))
        return
    _say(planned, read.format.title)
    if not commit:
        click.echo("Nothing written: --dry-run." + ("" if source_options.id else " Another name for it: --id NAME."))
        return
    click.echo(f"Recorded ({commit[:10]})")
    if use_options.now:
        click.echo(f"In use: {planned.name}\nNext: compliance gaps -s {planned.catalogue.id}")
    else:
        click.echo(f"Next: compliance standards use {planned.name}")


def _read(ctx: click.Context, file: str, source_options: SourceOptions) -> tuple[Session, Read]:
    """The workspace, and the file as what its format makes of it. Raises Refused for what cannot be read."""
    from compliance.exchange.options import Options
    from compliance.exchange.reading import read_source
    from compliance.exchange.registry import format_named, format_of, read

    fields = msgspec.structs.asdict(source_options)
    named, columns = fields.pop("format"), _columns(fields.pop("columns"))
    wanted = format_named(named) if named else None
    session = open_session(ctx)
    data = read_source(Path(file))
    kind = wanted or format_of(data, file)
    imported = read(kind, data, file, Options(columns=columns, **fields))
    if kind.alike and not wanted:
        imported = replace(imported, notes=(*imported.notes, kind.alike))
    return session, Read(file, kind, imported)


@click.command()
@click.argument("standard")
@click.option("-o", "--output", required=True, metavar="FILE", help="Where to write it.")
@click.option("--to", "format_", default="", metavar="FORMAT", help="oscal, csv or xlsx, if the name does not tell.")
@click.pass_context
def export(ctx: click.Context, standard: str, output: str, format_: str) -> None:
    """Write the catalogue of STANDARD for another program: OSCAL, or a table in CSV or Excel for people.

    OSCAL holds all of it and can be imported again. A table is for reading; the catalogue itself is its YAML.

    \b
    compliance standards export pci-dss -o pci-dss.json
    compliance standards export iso27001@2022 -o controls.xlsx
    """
    from compliance.domain.standards.catalogue import walk
    from compliance.exchange.registry import written_format_named, written_format_of
    from compliance.operations.standards.standards import known_catalogue
    from compliance.reports.parts.files import write as write_file
    from compliance.workspace.shipped import shipped_catalogues

    target = Path(output)
    kind = written_format_named(format_) if format_ else written_format_of(target)
    here = here_if_any(ctx)
    catalogue = known_catalogue(standard, here.ledger, shipped_catalogues())
    if any(node.control.changed_by_overlay for node in walk(catalogue)):
        click.echo(f"note: {catalogue.name} is written as it is used here, with what the overlays change", err=True)
    write_file(target, kind.write(catalogue))
    click.echo(f"Written: {printable(str(target))} ({kind.title}, {catalogue.name})")
    ctx.exit(here.code)


def _columns(texts: tuple[str, ...]) -> dict[str, str]:
    columns = {}
    for text in texts:
        name, header = split_pair(text, "NAME=HEADER", "--column id=Reference")
        if name in columns:
            raise refuse(f"--column says twice where “{name}” is", hint="leave one of the two out")
        columns[name] = header
    return columns


def _say(planned: PlannedImport, kind: str) -> None:
    """What was read, made, skipped and kept."""
    imported, catalogue = planned.imported, planned.catalogue
    say_source(imported, f"{planned.source}: {kind}")
    headings = f" under {counted(planned.headings, 'heading')}" if planned.headings else ""
    line(f"Made {planned.name} “{catalogue.short}”: {counted(planned.judged, 'control')}{headings}")
    withdrawn = sum(row.listed for row in imported.skipped)
    others = len(_controls(planned)) - planned.judged - planned.headings - withdrawn
    if others:
        line(f"  and {counted(others, 'row')} that {'is' if others == 1 else 'are'} not judged")
    for profile in catalogue.profiles:
        count = sum(profile.id in (control.profiles or ()) for control in _controls(planned))
        line(f"  profile {profile.id}: {counted(count, 'control')} ({profile.title})")
    say_skipped(imported, f"{list(planned.files)[-1]} lists them all")
    paths = list(planned.files)
    if imported.kept:
        line(f"Kept {counted(len(imported.kept), 'text')} that a catalogue has no field for: {paths[-1]}")


def _controls(planned: PlannedImport) -> list[Any]:
    from compliance.domain.standards.catalogue import walk

    return [node.control for node in walk(planned.catalogue)]


def _view(planned: PlannedImport, kind: str, commit: str) -> StandardImported:
    catalogue = planned.catalogue
    return StandardImported(
        **source_fields(planned.imported, planned.source, kind),
        standard=str(planned.name),
        title=catalogue.title,
        controls=planned.judged,
        headings=planned.headings,
        profiles=tuple(profile.id for profile in catalogue.profiles),
        kept=len(planned.imported.kept),
        files=tuple(planned.files),
        commit=commit or None,
    )
