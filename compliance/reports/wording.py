"""How verdicts and days are put into words, the same in every report."""

from __future__ import annotations

from compliance.domain.assessment import ControlAssessment, ExpectationAssessment, Summary
from compliance.domain.verdicts import Verdict

MEANINGS = {
    Verdict.EVIDENCED: "satisfied on the day",
    Verdict.LAPSING: "satisfied, and lapses soon",
    Verdict.DUE: "falls due later; nothing could have been filed yet",
    Verdict.UNAPPROVED: "filed, and still to be approved",
    Verdict.CHANGED: "approved, and no longer what was approved",
    Verdict.STALE: "too old on the day",
    Verdict.UNDATED: "no date that the rules accept",
    Verdict.MISSED: "a slot, event or interval that nothing covers",
    Verdict.FAILED: "the last result is a fail",
    Verdict.REJECTED: "the reviewer refused it",
    Verdict.MISSING: "nothing was ever filed",
}


def percent(summary: Summary) -> str:
    """`87 %`, rounded down; a dash where nothing is judged."""
    return "–" if summary.percent is None else f"{summary.percent} %"


def because(one: ExpectationAssessment) -> str:
    """One line on an expectation: its id, its verdict's reason, the evidence it rests on, or what is wanted."""
    reason = one.judgement.reason or one.judgement.verdict.value
    if one.judgement.verdict is Verdict.MISSING and one.what and not one.judgement.evidence:
        reason = f"{reason}; wanted: {one.what}"
    rests_on = f" [{one.judgement.evidence}]" if one.judgement.evidence else ""
    return f"#{one.id}: {reason}{rests_on}"


def reasons(control: ControlAssessment) -> list[str]:
    """Why a control stands as it does: what was added by judgement, then each binding expectation that is no better."""
    lines = [f"{reason.kind.value}: {reason.sentence}" for reason in control.reasons]
    if not control.counts:
        return [*lines, control.note] if control.note else lines
    worse = [one for one in control.expectations if one.binding and one.judgement.verdict.is_gap]
    shown = worse or [one for one in control.expectations if one.binding and one.judgement.verdict is control.verdict]
    return lines + [because(one) for one in shown]


def days(left: int) -> str:
    """`in 12 days`, `today`, `3 days ago`."""
    if left == 0:
        return "today"
    count = f"{abs(left)} day{'' if abs(left) == 1 else 's'}"
    return f"in {count}" if left > 0 else f"{count} ago"
