"""`compliance standards import` and `export`: standards from foreign formats, and ours in them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from msgspec.structs import replace

from compliance.cli.session import as_json, ledger_at, told, workspace_of
from compliance.cli.standards.accounts import line, say_skipped, say_source, source_as_plain
from compliance.cli.standards.known import here_if_any
from compliance.problems import printable, refuse, split_pair

if TYPE_CHECKING:
    from compliance.operations.standards.importing import Planned


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
    from compliance.cli.standards.relating import import_mappings
    from compliance.exchange.formats import Options, format_named, format_of, read
    from compliance.exchange.reading import read_source
    from compliance.operations.standards.importing import (
        import_and_use,
        import_catalogue,
        plan_import,
        refuse_unknown_parts,
    )

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
    if kind.alike and not wanted:
        imported = replace(imported, notes=(*imported.notes, kind.alike))
    if imported.catalogue is None:
        if use_:
            raise refuse("--use means nothing for mappings", hint="leave it out: they are in use with their standards")
        import_mappings(workspace, ledger, imported, file, kind.name, dry_run, json_)
        return
    planned = plan_import(workspace, ledger, imported, file)
    refuse_unknown_parts(ledger, planned.catalogue, scopes, profiles)
    commit = ""
    if not dry_run:
        if use_:
            committed = import_and_use(workspace, planned, scopes, profiles)
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
    from compliance.domain.standards.catalogue import walk
    from compliance.exchange.formats import export_named, export_of, write
    from compliance.operations.standards.standards import known_catalogue
    from compliance.reports.parts.files import write as write_file
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
        name, header = split_pair(text, "NAME=HEADER", "--column id=Reference")
        if name in found:
            raise refuse(f"--column says twice where “{name}” is", hint="leave one of the two out")
        found[name] = header
    return found


def _say(planned: Planned, kind: str, named: bool, commit: str, used: bool) -> None:
    """What was read, made, skipped and kept, and what to do next."""
    from compliance.problems import counted

    imported, catalogue = planned.imported, planned.catalogue
    say_source(imported, f"{planned.source}: {kind}")
    headings = f" under {counted(planned.headings, 'heading')}" if planned.headings else ""
    line(f"Made {planned.name} “{catalogue.short}”: {counted(planned.judged, 'control')}{headings}")
    withdrawn = sum(one.listed for one in imported.skipped)
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
    if not commit:
        click.echo("Nothing written: --dry-run." + ("" if named else " Another name for it: --id NAME."))
        return
    click.echo(f"Recorded ({commit[:10]})")
    if used:
        click.echo(f"In use: {planned.name}\nNext: compliance gaps -s {catalogue.id}")
    else:
        click.echo(f"Next: compliance standards use {planned.name}")


def _controls(planned: Planned) -> list[Any]:
    from compliance.domain.standards.catalogue import walk

    return [node.control for node in walk(planned.catalogue)]


def _as_plain(planned: Planned, kind: str, commit: str) -> dict[str, Any]:
    catalogue = planned.catalogue
    return source_as_plain(planned.imported, planned.source, kind) | {
        "standard": str(planned.name),
        "title": catalogue.title,
        "controls": planned.judged,
        "headings": planned.headings,
        "profiles": [profile.id for profile in catalogue.profiles],
        "kept": len(planned.imported.kept),
        "files": list(planned.files),
        "commit": commit or None,
    }
