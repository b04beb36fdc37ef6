"""The gap report: as a table, CSV, and plain values for JSON."""

from __future__ import annotations

import csv
import io
import textwrap
from collections.abc import Iterator
from typing import Any

import msgspec

from compliance.domain.assessment import Assessment, ControlAssessment, StandardAssessment, Summary, total
from compliance.domain.standing import Provenance, Standing
from compliance.problems import printable
from compliance.reports.terminal import table
from compliance.reports.wording import percent, reasons

FORMAT_VERSION = 1
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Row(msgspec.Struct, frozen=True):
    """A control that the report shows."""

    assessment: Assessment
    standard: StandardAssessment
    control: ControlAssessment


def rows(standing: Standing, only: frozenset[str] = frozenset()) -> Iterator[Row]:
    """The controls to show: gaps and what is due, or those that stand as asked for."""
    for assessment in standing.assessments:
        for standard in assessment.standards:
            for control in standard.controls:
                if not only.isdisjoint(control.standings) if only else control.is_gap or control.standing == "due":
                    yield Row(assessment, standard, control)


def heading(provenance: Provenance, organisation: str) -> str:
    """Where the answer comes from, on one or two lines."""
    marking = f" · {provenance.classification}" if provenance.classification else ""
    known = "" if provenance.known == provenance.on else f", as known on {provenance.known}"
    return (
        f"{printable(organisation)}{printable(marking)}\n"
        f"judged on {provenance.on}{known}, from commit {provenance.commit[:10]} of {provenance.commit_day}"
    )


def as_text(standing: Standing, width: int, only: frozenset[str] = frozenset()) -> str:
    """The report for a terminal."""
    parts = [heading(standing.provenance, standing.ledger.settings.organisation)]
    shown = list(rows(standing, only))
    for assessment in standing.assessments:
        for standard in assessment.standards:
            mine = [row.control for row in shown if row.standard is standard]
            name = f"{standard.short} · {standard.standard} · {assessment.scope}"
            if standard.profiles:
                name += f" · {', '.join(standard.profiles)}"
            parts.append(name)
            if standard.notice:
                parts[-1] += f"\n{standard.notice}"
            if mine:
                parts[-1] += "\n" + _controls(mine, width)
            else:
                parts[-1] += "\nNo gaps, and nothing due." if not only else "\nNone."
    parts.append(summary_table(standing, width))
    return "\n\n".join(parts)


def _controls(controls: list[ControlAssessment], width: int) -> str:
    cells = [(control.id, control.standing, "\n".join([control.title, *reasons(control)])) for control in controls]
    return table(("Control", "Verdict", "What, and why"), cells, width, flexible=2)


def summary_table(standing: Standing, width: int) -> str:
    """A line for each standard, and the total."""
    lines = [
        (f"{standard.short}, {assessment.scope}" if len(standing.assessments) > 1 else standard.short, standard.summary)
        for assessment in standing.assessments
        for standard in assessment.standards
    ]
    everything = total([summary for _, summary in lines])
    cells = [_summary(name, summary) for name, summary in [*lines, ("Total", everything)]]
    headers = ("Standard", "Controls", "Out", "Evid.", "Laps.", "Due", "Gaps", "%")
    text = table(headers, cells, width, flexible=0, right=range(1, 8))
    if everything.gaps:
        counted = ", ".join(f"{word} {count}" for word, count in everything.gaps.items())
        text += "\n" + textwrap.fill(f"Gaps: {counted}", width, subsequent_indent="  ", break_on_hyphens=False)
    if everything.advice:
        text += f"\nAdvice not followed (not counted): {everything.advice}"
    return text


def _summary(name: str, summary: Summary) -> tuple[str, ...]:
    out = summary.excluded + summary.not_asked
    counts = (summary.controls, out, summary.evidenced, summary.lapsing, summary.due, summary.gap_count)
    return (name, *(str(count) for count in counts), percent(summary))


def as_csv(standing: Standing, only: frozenset[str] = frozenset()) -> str:
    """One line for each control shown; safe to open in a spreadsheet."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(
        (
            "scope",
            "standard",
            "control",
            "title",
            "verdict",
            "gap",
            "evidence",
            "due or since",
            "reasons",
            "judged on",
            "commit",
        )
    )
    for row in rows(standing, only):
        telling = row.control.telling()
        judgement = telling.judgement if telling else None
        day = (judgement.since or judgement.until) if judgement else None
        writer.writerow(
            guarded(cell)
            for cell in (
                row.assessment.scope,
                str(row.standard.standard),
                row.control.id,
                row.control.title,
                row.control.standing,
                "yes" if row.control.is_gap else "no",
                judgement.evidence if judgement else "",
                str(day or ""),
                "; ".join(reasons(row.control)),
                str(standing.provenance.on),
                standing.provenance.commit,
            )
        )
    return text.getvalue()


def guarded(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def as_plain(standing: Standing, only: frozenset[str] = frozenset()) -> dict[str, Any]:
    """The report as plain values, for JSON. Every control is in it unless `only` narrows it."""
    return {
        "format_version": FORMAT_VERSION,
        "organisation": standing.ledger.settings.organisation,
        "provenance": msgspec.to_builtins(standing.provenance),
        "total": plain_summary(standing.total),
        "assessments": [
            {
                "scope": assessment.scope,
                "on": str(assessment.on),
                "known": str(assessment.known),
                "standards": [_plain_standard(standard, only) for standard in assessment.standards],
            }
            for assessment in standing.assessments
        ],
    }


def plain_summary(summary: Summary) -> dict[str, Any]:
    """The counts of a summary, with what is worked out from them."""
    return {**msgspec.to_builtins(summary), "gap_count": summary.gap_count, "percent": summary.percent}


def _plain_standard(standard: StandardAssessment, only: frozenset[str]) -> dict[str, Any]:
    return {
        "standard": str(standard.standard),
        "title": standard.title,
        "notice": standard.notice,
        "profiles": list(standard.profiles),
        "summary": plain_summary(standard.summary),
        "controls": [
            _plain_control(control)
            for control in standard.controls
            if not only or not only.isdisjoint(control.standings)
        ],
    }


def _plain_control(control: ControlAssessment) -> dict[str, Any]:
    return {
        "id": control.id,
        "title": control.title,
        "verdict": control.verdict.value,
        "standing": control.standing,
        "gap": control.is_gap,
        "flag": control.flag.value if control.flag else None,
        "note": control.note,
        "reasons": [{"kind": reason.kind.value, "sentence": reason.sentence} for reason in control.reasons],
        "expectations": [
            {
                "id": one.id,
                "what": one.what,
                "rule": one.rule,
                "basis": one.basis.value,
                "binding": one.binding,
                **msgspec.to_builtins(one.judgement),
            }
            for one in control.expectations
        ],
    }
