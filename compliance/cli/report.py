"""`compliance report`."""

from __future__ import annotations

from pathlib import Path

import click

from compliance.cli.daily.for_audit import standing_of, subject_of
from compliance.cli.options import Judged, options
from compliance.cli.session import TIME, read_session
from compliance.domain.due.standing import Standing
from compliance.domain.terms.durations import Duration
from compliance.problems import printable, refuse


@click.command()
@click.argument("name", type=click.Choice(["gaps", "renewals", "soa", "programme"]))
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(dir_okay=False),
    help="The file to write; its ending (.md or .html) tells the form.",
)
@options(Judged)
@click.option("--within", type=TIME, default="12m", show_default=True, help="How far ahead renewals look.")
@click.pass_context
def report(ctx: click.Context, name: str, output: str, judged: Judged, within: Duration) -> None:
    """Write the report NAME (gaps, renewals, soa, programme) as Markdown or as one self-contained HTML file."""
    from compliance.reports.parts.documents import FORMS, render
    from compliance.reports.parts.files import write
    from compliance.workspace.shipped import shipped_templates

    target = Path(output)
    form = FORMS.get(target.suffix.lower().lstrip("."))
    if form is None:
        raise refuse(f"“{target.name}” does not say what to write", hint="let its name end with .md or .html")
    session = read_session(ctx, judged.at)
    if not session.ledger.settings.standards:
        raise refuse("no standard is in use here", hint="take one into use: compliance standards use iso27001")
    if judged.for_audit and name != "gaps":
        raise refuse(
            f"--for-audit does not go with the report {name}", hint="it goes with gaps: what the audit will find"
        )
    standing = standing_of(session, subject_of(session, judged), within)
    if name == "soa":
        _something_stated(standing)
    write(target, render(name, form, standing, session.workspace.top, shipped_templates()))
    click.echo(f"Written: {printable(str(target))}")
    ctx.exit(session.code)


def _something_stated(standing: Standing) -> None:
    """Raises Refused where no statement of applicability is there to be shown."""
    from compliance.reports.soa.stated import statements_of

    if not statements_of(standing):
        where = f"{', '.join(standing.provenance.catalogues)} in {', '.join(standing.provenance.scopes)}"
        hint = "begin one: compliance applicability start STANDARD"
        raise refuse(f"there is no statement of applicability for {where}", hint=hint)
