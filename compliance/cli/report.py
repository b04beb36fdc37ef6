"""`compliance report`: the reports, found by name when one is asked for."""

from __future__ import annotations

import functools
from pathlib import Path

import click

from compliance.cli.daily.for_audit import standing_of, subject_of
from compliance.cli.options import ReportOptions, answers, options, show_answer
from compliance.cli.session import plain_session, read_session
from compliance.cli.values import TIME
from compliance.domain.ledger.lookup import must_judge
from compliance.domain.terms.durations import Duration
from compliance.domain.terms.layout import TEMPLATES
from compliance.ledger.opening import Workspace
from compliance.problems import must_be_known, printable, refuse
from compliance.reports.parts.listing import ReportList, ReportRow, as_text, list_reports, shipped_reports

_ENDINGS = {"markdown": "md", "htm": "html"}
"""Endings that mean the same as another."""


class Reports(click.Group):
    """A group whose commands are the reports: any name is one, until the workspace says that it has none such."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        return super().get_command(ctx, cmd_name) or _command(cmd_name)


@click.group(cls=Reports, subcommand_metavar="NAME -o FILE | list")
def report() -> None:
    """Write the report NAME to a file, whose ending tells the form.

    \b
    compliance report list                        which reports there are, and in which forms
    compliance report gaps -o gaps.html
    compliance report soa -s iso27001 -o soa.md
    """


@report.command("list")
@answers("reports.parts.listing:ReportList")
@click.pass_context
def list_(ctx: click.Context, json_: bool) -> None:
    """Show the reports, with their forms and what each is for, the workspace's own among them."""
    reports = _reports(plain_session(ctx).workspace)
    show_answer(json_, lambda: reports, lambda width: as_text(reports, width))


@click.command()
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(dir_okay=False, readable=False),
    help="The file to write; its ending (.md, .html, .csv or .json) tells the form.",
)
@options(ReportOptions)
@click.option("--within", type=TIME, default="12m", show_default=True, help="How far ahead renewals look.")
@click.pass_context
def _write(ctx: click.Context, name: str, output: str, report_options: ReportOptions, within: Duration) -> None:
    """Write this report to a file, whose ending tells the form."""
    from compliance.reports.parts.documents import render
    from compliance.reports.parts.files import write
    from compliance.workspace.shipped import shipped_templates

    target = Path(output)
    session = plain_session(ctx)
    reports = _reports(session.workspace)
    must_be_known("report", name, reports.names())
    form = _form(target, reports.named(name))
    shipped = shipped_reports()
    if report_options.for_audit and not (name in shipped and shipped[name].for_audit):
        raise refuse(
            f"--for-audit does not go with the report {name}", hint="it goes with gaps: what the audit will find"
        )
    session = read_session(ctx, report_options.at)
    must_judge(session.ledger)
    standing = standing_of(session, subject_of(session, report_options), within)
    # What a template of the workspace shows is not known: it is marked by all that it is given.
    if form in reports.named(name).own or shipped[name].shows_all_evidence:
        standing = standing.marked_by_all()
    match form:
        case "json":
            from compliance.reports.parts.answers import as_json

            text = f"{as_json(shipped[name].view(standing))}\n"
        case "csv":
            as_csv = shipped[name].csv
            text = as_csv(standing) if as_csv else ""
        case _:
            text = render(name, form, standing, session.workspace.top, shipped_templates())
    write(target, text)
    click.echo(f"Written: {printable(str(target))}")
    ctx.exit(session.code)


def _command(name: str) -> click.Command:
    """The command that writes the report of a name, whether there is one or not."""
    callback = functools.partial(_write.callback, name=name) if _write.callback else None
    return click.Command(name, params=list(_write.params), callback=callback, help=_write.help)


def _reports(workspace: Workspace) -> ReportList:
    from compliance.workspace.shipped import shipped_templates

    return list_reports(workspace.top / TEMPLATES, shipped_templates())


def _form(target: Path, wanted: ReportRow) -> str:
    """The form that a file's ending tells. Raises Refused for an ending that tells none, or none of this report's."""
    ending = target.suffix.lower().lstrip(".")
    form = _ENDINGS.get(ending, ending)
    if form in wanted.forms:
        return form
    *others, last = (f".{form}" for form in wanted.forms)
    hint = f"let its name end with {', '.join(others)}{' or ' if others else ''}{last}"
    raise refuse(f"“{target.name}” does not say what to write", hint=hint)
