"""`compliance standards import` and `export`: standards from foreign formats, and ours in them."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from compliance.cli.session import as_json, ledger_at, told, width, workspace_of
from compliance.cli.standards_known import here_if_any
from compliance.problems import printable, refuse

if TYPE_CHECKING:
    from compliance.exchange.imported import Imported
    from compliance.operations.importing import Planned

SHOWN = 20
"""How many of the things that were skipped are printed."""


@click.command(name="import")
@click.argument("file", metavar="FILE")
@click.option("--from", "format_", default="", metavar="FORMAT", help="Its format, if its look does not tell.")
@click.option("--id", "id_", default="", help="What to call the standard, e.g. nist-800-53.")
@click.option("--version", default="", help="Its version; the source's own if not said.")
@click.option("--title", default="", help="Its title.")
@click.option("--short", default="", help="A short title, for tables.")
@click.option("--licence", default="", help="The licence of its words, where the source does not state it.")
@click.option("--with-text", is_flag=True, help="Let the source's words be the summaries: its licence allows it.")
@click.option("--column", "columns", multiple=True, metavar="NAME=HEADER", help="Where a table has a field of ours.")
@click.option("--preset", default="", help="A table laid out as a program makes it, e.g. eramba.")
@click.option("--sheet", default="", help="The sheet of a workbook.")
@click.option("--catalog", "catalogs", multiple=True, metavar="FILE", help="What an OSCAL profile selects from.")
@click.option("--beside", multiple=True, metavar="FILE", help="A further OSCAL profile of the same catalogue.")
@click.option("--use", "use_", is_flag=True, help="Take it into use at once.")
@click.option("--scope", "scopes", multiple=True, help="With --use: only for this scope (again for more).")
@click.option("--profile", "profiles", multiple=True, help="With --use: the part that applies (again for more).")
@click.option("--dry-run", is_flag=True, help="Only say what would be made.")
@click.option("--json", "json_", is_flag=True, help="Print JSON.")
@click.pass_context
def import_(
    ctx: click.Context,
    file: str,
    format_: str,
    id_: str,
    version: str,
    title: str,
    short: str,
    licence: str,
    with_text: bool,
    columns: tuple[str, ...],
    preset: str,
    sheet: str,
    catalogs: tuple[str, ...],
    beside: tuple[str, ...],
    use_: bool,
    scopes: tuple[str, ...],
    profiles: tuple[str, ...],
    dry_run: bool,
    json_: bool,
) -> None:
    """Make a catalogue of a standard that another program keeps, and commit it to standards/.

    \b
    compliance standards import NIST_SP-800-53_rev5_catalog.json --id nist-800-53
    compliance standards import low.json --catalog catalog.json --beside high.json --id nist-800-53
    compliance standards import controls.csv --column id=Ref --column title=Control
    """
    from compliance.cli.relating import import_mappings
    from compliance.exchange.formats import Options, format_named, format_of, read
    from compliance.exchange.reading import read_source
    from compliance.operations.importing import import_and_use, import_catalogue, plan_import

    if (scopes or profiles) and not use_:
        raise refuse("--scope and --profile say how a standard is used", hint="say --use as well")
    options = Options(
        id=id_,
        version=version,
        title=title,
        short=short,
        licence=licence,
        columns=_columns(columns),
        preset=preset,
        sheet=sheet,
        catalogs=catalogs,
        beside=beside,
        with_text=with_text,
    )
    wanted = format_named(format_) if format_ else None
    workspace = workspace_of(ctx)
    ledger, _ = ledger_at(workspace, None)
    data = read_source(Path(file))
    kind = wanted or format_of(data, file)
    imported = read(kind, data, file, options)
    if imported.catalogue is None:
        import_mappings(workspace, ledger, imported, file, dry_run, json_)
        return
    planned = plan_import(workspace, ledger, imported, file)
    commit = ""
    if not dry_run:
        if use_:
            committed = import_and_use(workspace, ledger, planned, scopes, profiles)
        else:
            committed = import_catalogue(workspace, planned)
        told(committed.notes)
        commit = committed.commit
    if json_:
        click.echo(as_json(_as_plain(planned, kind.name, commit)))
    else:
        _say(planned, kind.title, bool(id_), commit, use_)


@click.command()
@click.argument("standard")
@click.option("-o", "--output", required=True, metavar="FILE", help="Where to write it.")
@click.option("--to", "format_", default="", metavar="FORMAT", help="oscal, csv or xlsx, if the name does not tell.")
@click.pass_context
def export(ctx: click.Context, standard: str, output: str, format_: str) -> None:
    """Write the catalogue of STANDARD for another program: OSCAL, CSV or Excel. What it holds can be imported again.

    \b
    compliance standards export pci-dss -o pci-dss.json
    compliance standards export iso27001@2022 -o controls.xlsx
    """
    from compliance.domain.catalogue import walk
    from compliance.exchange.formats import export_named, export_of, write
    from compliance.operations.standards import known_catalogue
    from compliance.reports.files import write as write_file
    from compliance.workspace.shipped import shipped_catalogues

    target = Path(output)
    kind = export_named(format_) if format_ else export_of(target)
    here = here_if_any(ctx)
    catalogue = known_catalogue(standard, here.ledger, shipped_catalogues())
    if any(node.control.changed_by_overlay for node in walk(catalogue)):
        click.echo(f"note: {catalogue.name} is written as it is used here, with what the overlays change", err=True)
    write_file(target, write(kind, catalogue))
    click.echo(f"Written: {printable(str(target))} ({kind.title}, {catalogue.name})")
    ctx.exit(here.code)


def _columns(texts: tuple[str, ...]) -> dict[str, str]:
    found = {}
    for text in texts:
        name, equals, header = text.partition("=")
        if not equals or not name or not header:
            raise refuse(f"“{text}” is not NAME=HEADER", hint="for example --column id=Reference")
        found[name] = header
    return found


def _say(planned: Planned, kind: str, named: bool, commit: str, used: bool) -> None:
    """What was read, made, skipped and kept, and what to do next."""
    imported, catalogue = planned.imported, planned.catalogue
    _say_source(imported, f"{planned.source}: {kind}")
    headings = f" under {_count(planned.headings, 'heading')}" if planned.headings else ""
    _line(f"Made {planned.name} “{catalogue.short}”: {_count(planned.judged, 'control')}{headings}")
    for profile in catalogue.profiles:
        count = sum(profile.id in (control.profiles or ()) for control in _controls(planned))
        _line(f"  profile {profile.id}: {_count(count, 'control')} ({profile.title})")
    _say_skipped(imported, f"{list(planned.files)[-1]} lists them all")
    paths = list(planned.files)
    if imported.kept:
        _line(f"Kept {_count(len(imported.kept), 'text')} that a catalogue has no field for: {paths[-1]}")
    if not commit:
        click.echo("Nothing written: --dry-run." + ("" if named else " Another name for it: --id NAME."))
        return
    click.echo(f"Recorded ({commit[:10]})")
    if used:
        click.echo(f"In use: {planned.name}\nNext: compliance gaps -s {catalogue.id}")
    else:
        click.echo(f"Next: compliance standards use {planned.name}")


def _say_source(imported: Imported, source: str) -> None:
    _line(f"Read {imported.rows:,} {imported.counted} from {source}")
    if imported.source_id or imported.source_version:
        version = f"version {imported.source_version}" if imported.source_version else "no version"
        _line(f"  source: {imported.source_id or 'no id'}, {version}")
    _line(f"  licence: {imported.licence or 'not stated by the source; --licence says it'}")
    for note in imported.notes:
        _line(f"  {note}")


def _say_skipped(imported: Imported, where: str) -> None:
    if imported.skipped:
        _line(f"Skipped {len(imported.skipped):,}:")
        for one in imported.skipped[:SHOWN]:
            _line(f"  - {one.what}: {one.why}")
        if len(imported.skipped) > SHOWN:
            _line(f"  - and {len(imported.skipped) - SHOWN:,} more: {where}")


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _line(text: str) -> None:
    """A line, folded at the terminal's width under its own first word."""
    indent = " " * (len(text) - len(text.lstrip()))
    dash = "  " if text.lstrip().startswith("- ") else ""
    shown = printable(text)
    for line in textwrap.wrap(shown, width(), subsequent_indent=f"{indent}{dash}  ", break_on_hyphens=False):
        click.echo(line)


def _controls(planned: Planned) -> list[Any]:
    from compliance.domain.catalogue import walk

    return [node.control for node in walk(planned.catalogue)]


def _source_as_plain(imported: Imported, source: str, kind: str) -> dict[str, Any]:
    return {
        "format_version": 1,
        "source": {
            "file": source,
            "format": kind,
            "id": imported.source_id,
            "version": imported.source_version,
            "licence": imported.licence,
        },
        "read": imported.rows,
        "counted": imported.counted,
        "notes": list(imported.notes),
        "skipped": [{"what": one.what, "why": one.why} for one in imported.skipped],
    }


def _as_plain(planned: Planned, kind: str, commit: str) -> dict[str, Any]:
    catalogue = planned.catalogue
    return _source_as_plain(planned.imported, planned.source, kind) | {
        "standard": str(planned.name),
        "title": catalogue.title,
        "controls": planned.judged,
        "headings": planned.headings,
        "profiles": [profile.id for profile in catalogue.profiles],
        "kept": len(planned.imported.kept),
        "files": list(planned.files),
        "commit": commit or None,
    }
