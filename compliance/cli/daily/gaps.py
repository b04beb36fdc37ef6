"""`compliance gaps`."""

from __future__ import annotations

import datetime as dt
import re

import click

from compliance.cli.daily.for_audit import looked_at
from compliance.cli.session import (
    DAY,
    as_json,
    chosen_scopes,
    chosen_standards,
    ledger_at,
    told,
    width,
    workspace_of,
)
from compliance.domain.due.sampling import for_audit as sampled
from compliance.domain.due.standing import Standing, stand
from compliance.domain.ledger.ledger import Ledger
from compliance.domain.ledger.settings import Scope
from compliance.domain.terms.durations import Duration
from compliance.domain.terms.verdicts import Flag, ReasonKind, Verdict
from compliance.problems import refuse

WORDS = (*(word.value for group in (Verdict, Flag, ReasonKind) for word in group),)
A_YEAR = Duration(12)


@click.command()
@click.option(
    "-s", "--standard", "standards", multiple=True, metavar="STANDARD", help="Only this standard (again for more)."
)
@click.option("--scope", "scopes", multiple=True, metavar="SCOPE", help="Only this scope (again for more).")
@click.option("--on", type=DAY, help="Judge the evidence as it stands on this day, past or to come.")
@click.option("--at", metavar="REV|DATE", help="Judge what was known at this commit, or at the end of this day.")
@click.option("--for-audit", metavar="ID", help="As this audit will find it: on its day, in its scopes, its sample.")
@click.option("--only", metavar="WORDS", help="Show controls that stand so, e.g. stale,missing.")
@click.option("--explain", metavar="CONTROL", help="Lay one control open: rules, candidates, and why.")
@click.option("--summary", is_flag=True, help="Only the counts: of each standard by family, and of all together.")
@click.option("--json", "form", flag_value="json", help="Print JSON.")
@click.option("--csv", "form", flag_value="csv", help="Print CSV.")
@click.option("--markdown", "form", flag_value="markdown", help="Print Markdown.")
@click.option(
    "--fail-on",
    metavar="WORDS",
    help="Exit 1 if any control stands so; `gap` means any gap. What cannot be read is exit 2.",
)
@click.pass_context
def gaps(
    ctx: click.Context,
    standards: tuple[str, ...],
    scopes: tuple[str, ...],
    on: dt.date | None,
    at: str | None,
    for_audit: str | None,
    only: str | None,
    explain: str | None,
    summary: bool,
    form: str | None,
    fail_on: str | None,
) -> None:
    """What is missing, stale, failed, unapproved or changed.

    \b
    compliance gaps                          all standards in use, today
    compliance gaps -s pci-dss               one standard
    compliance gaps --summary                how many, by standard and family
    compliance gaps --on 2027-03-01          as it will stand on audit day
    compliance gaps --for-audit U-7K2M9QXT   as that audit will find it
    compliance gaps --at 2026-03-31          what was known then
    compliance gaps --explain iso27001:A.8.8
    """
    wanted, failing = _words(only, "--only"), _words(fail_on, "--fail-on", "gap")
    if only and form == "markdown":
        raise click.UsageError("--only does not go with --markdown, which is the whole report")
    if summary and (only or explain or form in {"csv", "markdown"}):
        other = "--only" if only else "--explain" if explain else f"--{form}"
        raise click.UsageError(f"--summary does not go with {other}: it gives the counts of all controls")
    workspace = workspace_of(ctx)
    ledger, known = ledger_at(workspace, at)
    code = told(ledger.problems)
    _something_in_use(ledger)
    looked = looked_at(ledger, for_audit, standards, scopes, on) if for_audit else None
    chosen = looked.scopes if looked else chosen_scopes(ledger, scopes)
    on = looked.audit.on if looked else on
    if explain:
        _explain(ledger, chosen, explain, on or known, known, form)
        ctx.exit(code)
    narrowed = looked.standards if looked else chosen_standards(ledger, standards)
    # Of these answers only a template may show what falls due.
    standing = stand(ledger, chosen, narrowed, on or known, known, A_YEAR, looking_ahead=form == "markdown")
    if looked:
        standing = sampled(standing, looked.audit)
    click.echo(_rendered(standing, form, wanted, summary, workspace_top=str(workspace.top)), nl=form != "csv")
    # With errors the code is 2 whatever is asked: what could not be read may have failed.
    if not code and _fails(standing, failing):
        code = 1
    ctx.exit(code)


def _rendered(standing: Standing, form: str | None, only: frozenset[str], summary: bool, workspace_top: str) -> str:
    from compliance.reports.gaps import gaps as report

    match form:
        case "json":
            return as_json(report.as_plain(standing, only, summary))
        case "csv":
            return report.as_csv(standing, only)
        case "markdown":
            from pathlib import Path

            from compliance.reports.parts.documents import render
            from compliance.workspace.shipped import shipped_templates

            return render("gaps", "md", standing, Path(workspace_top), shipped_templates()).rstrip("\n")
        case _:
            if summary:
                return coloured(report.as_summary(standing, width()))
            return coloured(report.as_text(standing, width(), only))


_COLOURS = {"evidenced": "green", "lapsing": "yellow", "due": "cyan", "excluded": "white", "inherited": "white"}
_ROW = re.compile(rf"(\S+\s+)({'|'.join(sorted(WORDS, key=len, reverse=True))})(\s\s+|$)(.*)")
_HEADING = re.compile(r"\S.* · [a-z0-9-]+@\S+ · .*")


def coloured(text: str) -> str:
    """Verdicts in colour and titles in bold, for terminals; neither says what words do not."""
    return "\n".join(_coloured(line) for line in text.split("\n"))


def _coloured(line: str) -> str:
    if row := _ROW.fullmatch(line):
        verdict = click.style(row[2], fg=_COLOURS.get(row[2], "red"))
        return f"{row[1]}{verdict}{row[3]}{click.style(row[4], bold=True)}"
    return click.style(line, bold=True, underline=True) if _HEADING.fullmatch(line) else line


def _explain(
    ledger: Ledger, scopes: tuple[Scope, ...], text: str, on: dt.date, known: dt.date, form: str | None
) -> None:
    from compliance.domain.assessment.assess import Assessor
    from compliance.domain.assessment.consideration import explain
    from compliance.domain.ledger.lookup import find_control
    from compliance.reports.gaps import explanation
    from compliance.workspace.shipped import shipped_standards

    _, catalogue, control = find_control(ledger, text, shipped_standards())
    assessor = Assessor(ledger, on, known, ledger.settings.horizon.roughly)
    answers = []
    for scope in scopes:
        use = next((use for use, one in ledger.in_use(scope) if one is catalogue), None)
        if use is None:
            continue
        assessment = assessor.assess(scope)
        standard = next(one for one in assessment.standards if one.standard == catalogue.name)
        assessed = next((one for one in standard.controls if one.id == control.id), None)
        answers.append((scope.id, assessed, explain(assessor, assessor.applied(scope, use, catalogue), control)))
    if not answers:
        raise refuse(f"{catalogue.name} is not in use in {', '.join(scope.id for scope in scopes)}")
    if form == "json":
        click.echo(
            as_json([explanation.as_plain(catalogue, control, one, laid, scope) for scope, one, laid in answers])
        )
        return
    click.echo(
        "\n\n".join(explanation.as_text(catalogue, control, one, laid, scope, width()) for scope, one, laid in answers)
    )


def _words(text: str | None, option: str, *more: str) -> frozenset[str]:
    words = frozenset(word.strip() for word in (text or "").split(",") if word.strip())
    for word in sorted(words):
        if word not in {*WORDS, *more}:
            from compliance.problems import choice_hint

            raise click.UsageError(f"{option}: “{word}” is not a verdict; {choice_hint(word, [*WORDS, *more])}")
    return words


def _fails(standing: Standing, words: frozenset[str]) -> bool:
    return any(
        not words.isdisjoint(control.standings) or ("gap" in words and control.is_gap)
        for assessment in standing.assessments
        for standard in assessment.standards
        for control in standard.controls
    )


def _something_in_use(ledger: Ledger) -> None:
    if not ledger.settings.standards:
        raise refuse("no standard is in use here", hint="take one into use: compliance standards use iso27001")
