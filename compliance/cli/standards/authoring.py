"""`compliance standards`: schema, check."""

from __future__ import annotations

from pathlib import Path

import click

from compliance.cli.options import answers, show_answer
from compliance.cli.session import width
from compliance.problems import printable, refuse


@click.command()
@click.argument("name", required=False, metavar="[KIND]")
@click.option(
    "-o",
    "--output",
    type=click.Path(readable=False),
    help="Write it to this file; without KIND, all of them to this folder.",
)
def schema(name: str | None, output: str | None) -> None:
    """Print the JSON Schema of a KIND of file, so that an editor checks and completes what you type.

    Without KIND, list the kinds there are.

    \b
    compliance standards schema catalogue -o catalogue.schema.json
    compliance standards schema -o schemas
    """
    from compliance.problems import choice_hint
    from compliance.reports.parts.files import write
    from compliance.reports.parts.terminal import table
    from compliance.store.catalogues.schemas import kinds, written

    known = kinds()
    if name is not None and name not in known:
        raise refuse(f"there is no kind of file “{name}” that has a schema", hint=choice_hint(name, known))
    if name and output is None:
        click.echo(written(name), nl=False)
    elif name and output:
        write(Path(output), written(name))
        click.echo(f"Written: {printable(output)}")
    elif output:
        folder = Path(output)
        if not folder.is_dir():
            raise refuse(
                f"{output} is no folder", hint="make it first, or say which kind is to be written to that file"
            )
        for kind in known:
            write(folder / f"{kind}.schema.json", written(kind))
        click.echo(f"Written: {len(known)} schemas to {printable(output)}")
    else:
        rows = [(kind, file_kind.files, file_kind.title) for kind, file_kind in known.items()]
        click.echo(table(("Kind", "Files", "What they are"), rows, width(), flexible=2))


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(readable=False), metavar="FILE...")
@answers("reports.standards.authoring:CheckedDrafts")
@click.pass_context
def check(ctx: click.Context, files: tuple[str, ...], json_: bool) -> None:
    """Check a catalogue or an overlay that you are writing, wherever it lies, and count what it holds.

    An overlay is checked with the catalogue that it names: one of FILES, of its workspace, or one that ships. Exits 1
    if there is an error.
    """
    from compliance.ledger.drafts import examine_files
    from compliance.reports.standards import authoring as report

    drafts = examine_files([Path(file) for file in files])
    show_answer(json_, lambda: report.drafts_view(drafts), lambda columns: report.as_text(drafts, columns))
    ctx.exit(1 if report.totals(drafts)[0] else 0)
