"""`compliance report`."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from compliance.cli.daily.for_audit import looked_at
from compliance.cli.session import DAY, TIME, chosen_scopes, chosen_standards, ledger_at, told, workspace_of
from compliance.domain.due.sampling import for_audit as sampled
from compliance.domain.due.standing import Standing, stand
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
@click.option(
    "-s", "--standard", "standards", multiple=True, metavar="STANDARD", help="Only this standard (again for more)."
)
@click.option("--scope", "scopes", multiple=True, metavar="SCOPE", help="Only this scope (again for more).")
@click.option("--on", type=DAY, help="Judge the evidence as it stands on this day.")
@click.option("--at", metavar="REV|DATE", help="By what was known at this commit, or at the end of this day.")
@click.option("--for-audit", metavar="ID", help="As this audit will find it: on its day, in its scopes, its sample.")
@click.option("--within", type=TIME, default="12m", show_default=True, help="How far ahead renewals look.")
@click.pass_context
def report(
    ctx: click.Context,
    name: str,
    output: str,
    standards: tuple[str, ...],
    scopes: tuple[str, ...],
    on: dt.date | None,
    at: str | None,
    for_audit: str | None,
    within: Duration,
) -> None:
    """Write the report NAME (gaps, renewals, soa, programme) as Markdown or as one self-contained HTML file."""
    from compliance.reports.parts.documents import FORMS, render
    from compliance.reports.parts.files import write
    from compliance.workspace.shipped import shipped_templates

    target = Path(output)
    form = FORMS.get(target.suffix.lower().lstrip("."))
    if form is None:
        raise refuse(f"“{target.name}” does not say what to write", hint="let its name end with .md or .html")
    workspace = workspace_of(ctx)
    ledger, known = ledger_at(workspace, at)
    code = told(ledger.problems)
    if not ledger.settings.standards:
        raise refuse("no standard is in use here", hint="take one into use: compliance standards use iso27001")
    if for_audit:
        if name != "gaps":
            raise refuse(
                f"--for-audit does not go with the report {name}", hint="it goes with gaps: what the audit will find"
            )
        looked = looked_at(ledger, for_audit, standards, scopes, on)
        whole = stand(ledger, looked.scopes, looked.standards, looked.audit.on, known, within)
        standing = sampled(whole, looked.audit)
    else:
        standing = stand(
            ledger, chosen_scopes(ledger, scopes), chosen_standards(ledger, standards), on or known, known, within
        )
    if name == "soa":
        _something_stated(standing)
    write(target, render(name, form, standing, workspace.top, shipped_templates()))
    click.echo(f"Written: {printable(str(target))}")
    ctx.exit(code)


def _something_stated(standing: Standing) -> None:
    """Raises Refused where no statement of applicability is there to be shown."""
    from compliance.reports.soa.stated import statements_of

    if not statements_of(standing):
        where = f"{', '.join(standing.provenance.catalogues)} in {', '.join(standing.provenance.scopes)}"
        hint = "begin one: compliance applicability start STANDARD"
        raise refuse(f"there is no statement of applicability for {where}", hint=hint)
