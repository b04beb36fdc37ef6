"""`compliance gaps`."""

from __future__ import annotations

import re
from typing import Annotated

import click
import msgspec

from compliance.cli.daily.for_audit import Subject, standing_of, subject_of
from compliance.cli.misuse import WrongUse
from compliance.cli.options import ReportOptions, answering, options
from compliance.cli.session import Session, read_session, width
from compliance.domain.due.standing import Standing
from compliance.domain.ledger.lookup import must_judge
from compliance.domain.registers.parts.registry import REASON_KINDS
from compliance.domain.terms.durations import Duration
from compliance.domain.terms.verdicts import Flag, Verdict
from compliance.problems import choice_hint, refuse
from compliance.reports.parts.answers import as_json

WORDS = (*(word.value for group in (Verdict, Flag, REASON_KINDS) for word in group),)
A_YEAR = Duration(12)


class AnswerOptions(msgspec.Struct, frozen=True):
    """Which part of the answer is shown, and in which form."""

    only: Annotated[
        str | None, click.option("--only", metavar="WORDS", help="Show controls that stand so, e.g. stale,missing.")
    ]
    explain: Annotated[
        str | None,
        click.option("--explain", metavar="CONTROL", help="Lay one control open: rules, candidates, and why."),
    ]
    summary: Annotated[bool, "Only the counts: of each standard by family, and of all together."]


@click.command()
@options(ReportOptions)
@options(AnswerOptions)
@click.option("--json", "form", flag_value="json", help="Print JSON.")
@click.option("--csv", "form", flag_value="csv", help="Print CSV.")
@click.option("--markdown", "form", flag_value="markdown", help="Print Markdown.")
@click.option(
    "--fail-on",
    metavar="WORDS",
    help="Exit 1 if any control stands so; `gap` means any gap. What cannot be read is exit 2.",
)
@answering("reports.gaps.view:Gaps", "reports.gaps.explanation:Explanations")
@click.pass_context
def gaps(
    ctx: click.Context,
    report_options: ReportOptions,
    answer_options: AnswerOptions,
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
    only, failing = _words(answer_options.only, "--only"), _words(fail_on, "--fail-on", "gap")
    _check_forms(answer_options, form)
    session = read_session(ctx, report_options.at)
    must_judge(session.ledger)
    subject = subject_of(session, report_options)
    if answer_options.explain is not None:
        _explain(session, subject, answer_options.explain, form)
        ctx.exit(session.code)
    # Of these answers only a template may show what falls due.
    standing = standing_of(session, subject, A_YEAR, looking_ahead=form == "markdown")
    text = (
        _as_text(standing, only, answer_options.summary)
        if form is None
        else _in_form(session, standing, form, only, answer_options)
    )
    click.echo(text, nl=form != "csv")
    # With errors the code is 2 whatever is asked: what could not be read may have failed.
    ctx.exit(session.code or int(_fails(standing, failing)))


def _check_forms(answer_options: AnswerOptions, form: str | None) -> None:
    if answer_options.only and form == "markdown":
        raise WrongUse("--only does not go with --markdown, which is the whole report")
    if answer_options.summary and (answer_options.only or answer_options.explain or form in {"csv", "markdown"}):
        other = "--only" if answer_options.only else "--explain" if answer_options.explain else f"--{form}"
        raise WrongUse(f"--summary does not go with {other}: it gives the counts of all controls")


def _in_form(
    session: Session, standing: Standing, form: str, only: frozenset[str], answer_options: AnswerOptions
) -> str:
    if form == "json":
        from compliance.reports.gaps import view

        return as_json(view.gaps(standing, only, answer_options.summary))
    if form == "csv":
        from compliance.reports.gaps import gaps as report

        return report.as_csv(standing, only)
    from compliance.reports.parts.documents import render
    from compliance.workspace.shipped import shipped_templates

    return render("gaps", "md", standing, session.workspace.top, shipped_templates()).rstrip("\n")


def _as_text(standing: Standing, only: frozenset[str], summary: bool) -> str:
    from compliance.reports.gaps import gaps as report

    return coloured(report.as_summary(standing, width()) if summary else report.as_text(standing, width(), only))


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


def _explain(session: Session, subject: Subject, text: str, form: str | None) -> None:
    from compliance.domain.assessment.assess import Assessor
    from compliance.domain.assessment.consideration import explain
    from compliance.domain.ledger.lookup import find_control
    from compliance.reports.gaps import explanation
    from compliance.workspace.shipped import shipped_standards

    ledger = session.ledger
    _, catalogue, control = find_control(ledger, text, shipped_standards())
    assessor = Assessor(ledger, subject.on, session.day, ledger.settings.horizon.roughly)
    answers = []
    for scope in subject.scopes:
        use = next((use for use, candidate in ledger.in_use(scope) if candidate is catalogue), None)
        if use is None:
            continue
        judging = assessor.on_last_day(scope)
        applied = judging.applied(scope, use, catalogue)
        answers.append((scope.id, judging.control(applied, control.id), explain(judging, applied, control)))
    if not answers:
        raise refuse(f"{catalogue.name} is not in use in {', '.join(scope.id for scope in subject.scopes)}")
    if form == "json":
        explained = (
            explanation.explanation(catalogue, control, assessed, laid, scope) for scope, assessed, laid in answers
        )
        click.echo(as_json(explanation.Explanations(explanations=tuple(explained))))
        return
    click.echo(
        "\n\n".join(
            explanation.as_text(catalogue, control, assessed, laid, scope, width()) for scope, assessed, laid in answers
        )
    )


def _words(text: str | None, option: str, *more: str) -> frozenset[str]:
    words = frozenset(word.strip() for word in (text or "").split(",") if word.strip())
    for word in sorted(words):
        if word not in {*WORDS, *more}:
            raise WrongUse(f"{option}: “{word}” is not a verdict; {choice_hint(word, [*WORDS, *more])}")
    return words


def _fails(standing: Standing, words: frozenset[str]) -> bool:
    return any(
        not words.isdisjoint(control.standings) or ("gap" in words and control.is_gap)
        for assessment in standing.counted
        for standard in assessment.standards
        for control in standard.controls
    )
