"""The gap report as a table and as CSV."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from compliance.domain.assessment.assessment import Assessment, ControlAssessment, StandardAssessment, Summary
from compliance.domain.assessment.families import Family, families
from compliance.domain.due.standing import Standing
from compliance.reports.gaps.across import across
from compliance.reports.parts.heading import heading
from compliance.reports.parts.terminal import table, wrapped
from compliance.reports.parts.wording import gaps_counted, percent, reasons, stands, unread
from compliance.store.text.spreadsheets import csv_text


class ShownControl(msgspec.Struct, frozen=True):
    """A control that the report shows."""

    assessment: Assessment
    standard: StandardAssessment
    control: ControlAssessment


def rows(standing: Standing, only: frozenset[str] = frozenset()) -> Iterator[ShownControl]:
    """The controls to show: gaps and what is due, or those that stand as asked for."""
    for assessment in standing.assessments:
        for standard in assessment.standards:
            for control in standard.controls:
                if not only.isdisjoint(control.standings) if only else control.is_gap or control.standing == "due":
                    yield ShownControl(assessment, standard, control)


def as_text(standing: Standing, width: int, only: frozenset[str] = frozenset()) -> str:
    """The report for a terminal."""
    parts = [heading(standing, width)]
    chosen = list(rows(standing, only))
    for assessment in standing.assessments:
        for standard in assessment.standards:
            controls = [row.control for row in chosen if row.standard is standard]
            parts.append(_named(standing, assessment, standard, width) + _decisive(standard, width))
            if controls:
                parts[-1] += "\n" + _controls(standing, standard, controls, width)
            else:
                parts[-1] += "\nNo gaps, and nothing due." if not only else "\nNone."
            if sentence := across(standard):
                parts[-1] += "\n" + "\n".join(wrapped(sentence, width, break_on_hyphens=False))
    parts.append(summary_table(standing, width))
    return "\n\n".join(parts)


def as_summary(standing: Standing, width: int) -> str:
    """The counts alone: of each standard by family, then of all standards."""
    parts = [heading(standing, width)]
    for assessment in standing.assessments:
        for standard in assessment.standards:
            parted = families(standing.catalogue(standard.standard), standard.controls)
            cells = [_summary(f"{family.id} {family.title}".strip() or "Others", family.summary) for family in parted]
            head = _named(standing, assessment, standard, width) + _decisive(standard, width)
            parts.append(f"{head}\n{_counts('Family', cells, width)}")
    parts.append(summary_table(standing, width))
    return "\n\n".join(parts)


def _named(standing: Standing, assessment: Assessment, standard: StandardAssessment, width: int) -> str:
    """The standard and the scope, with what is to be known of them before a verdict is read."""
    name = f"{standard.short} · {standard.standard} · {assessment.scope}"
    if standard.profiles:
        name += f" · {', '.join(standard.profiles)}"
    lines = (name, standard.notice, unread(standing))
    return "\n".join(line for text in lines for line in wrapped(text, width, break_on_hyphens=False))


def _decisive(standard: StandardAssessment, width: int) -> str:
    """A line with the answers that fail the standard as a whole, for nothing else makes up for them; or nothing."""
    named = "; ".join(f"{control.id} {control.title}" for control in standard.decisive)
    lines = wrapped(f"Fails the whole assessment: {named}", width, below="  ", break_on_hyphens=False)
    return "\n".join(["", *lines]) if named else ""


def _controls(standing: Standing, standard: StandardAssessment, controls: list[ControlAssessment], width: int) -> str:
    """A table of controls, with a line before those of each family."""
    parted = families(standing.catalogue(standard.standard), controls)
    cells = [
        (control.id, stands(control), "\n".join([control.title, *reasons(control)]))
        for family in parted
        for control in family.controls
    ]
    drawn = table(("Control", "Verdict", "What, and why"), cells, width, flexible=2)
    if len(parted) == 1:
        return drawn
    head, rule, *lines = drawn.split("\n")
    above = iter([_family(family, width) if first else "" for family in parted for first in _first(family)])
    text = [head, rule]
    for line in lines:
        if line and not line.startswith(" "):  # a control's first line: the others leave its column empty
            title = next(above)
            text += ["", title] if title and len(text) > 2 else [title] if title else []
        text.append(line)
    return "\n".join(text)


def _first(family: Family) -> Iterator[bool]:
    """For each control of a family, whether it is the first one."""
    return (number == 0 for number, _ in enumerate(family.controls))


def _family(family: Family, width: int) -> str:
    summary = family.summary
    counts = [gaps_counted(summary)] if summary.gap_count else []
    counts += [f"{summary.due} due"] if summary.due else []
    totals = f": {', '.join(counts)}" if counts else ""
    return "\n".join(wrapped((f"{family.id} {family.title}".strip() or "Others") + totals, width))


def summary_table(standing: Standing, width: int) -> str:
    """A line for each standard, and the total."""
    lines = [
        (f"{standard.short}, {assessment.scope}" if len(standing.assessments) > 1 else standard.short, standard.summary)
        for assessment in standing.assessments
        for standard in assessment.standards
    ]
    everything = standing.total
    cells = [_summary(name, summary) for name, summary in [*lines, ("Total", everything)]]
    text = _counts("Standard", cells, width)
    if everything.gaps:
        counted = ", ".join(f"{word} {count}" for word, count in everything.gaps.items())
        gaps = f"{gaps_counted(everything)}: {counted}"
        text += "\n" + "\n".join(wrapped(gaps, width, below="  ", break_on_hyphens=False))
    if everything.advice:
        text += f"\nAdvice not followed (not counted): {everything.advice}"
    return text


def _counts(what: str, cells: list[tuple[str, ...]], width: int) -> str:
    headers = (what, "All", "Out", "Evid.", "Laps.", "Due", "Gaps", "Req", "%")
    return table(headers, cells, width, flexible=0, right=range(1, 9))


def _summary(name: str, summary: Summary) -> tuple[str, ...]:
    out = summary.excluded + summary.not_asked
    fine = (summary.evidenced, summary.lapsing, summary.due)
    counts = (summary.controls, out, *fine, summary.gap_count, summary.required)
    return (name, *(str(count) for count in counts), percent(summary))


def as_csv(standing: Standing, only: frozenset[str] = frozenset()) -> str:
    """One line for each control shown; safe to open in a spreadsheet."""
    header = (
        *("scope", "standard", "control", "title", "verdict", "gap", "required"),
        *("evidence", "due or since", "reasons", "judged on", "commit", "scope ended"),
    )
    return csv_text([header, *(_cells(standing, row) for row in rows(standing, only))])


def _cells(standing: Standing, row: ShownControl) -> tuple[str, ...]:
    deciding = row.control.deciding_expectation()
    judgement = deciding.judgement if deciding else None
    return (
        row.assessment.scope,
        str(row.standard.standard),
        row.control.id,
        row.control.title,
        row.control.standing,
        "yes" if row.control.is_gap else "no",
        "yes" if row.control.is_required_gap else "no",
        judgement.evidence if judgement else "",
        str((judgement and (judgement.since or judgement.until)) or ""),
        "; ".join(reasons(row.control)),
        str(standing.provenance.on),
        standing.provenance.commit,
        str(row.assessment.ended or ""),
    )
