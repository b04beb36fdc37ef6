"""How verdicts and days are put into words, the same in every report."""

from __future__ import annotations

from compliance.domain.assessment.assessment import ControlAssessment, ExpectationAssessment, Summary
from compliance.domain.due.standing import Standing
from compliance.domain.ledger.ledger import Ledger
from compliance.domain.terms.verdicts import Verdict
from compliance.problems import Problem, counted

MEANINGS = {
    Verdict.EVIDENCED: "satisfied on the day",
    Verdict.LAPSING: "satisfied, and lapses soon",
    Verdict.DUE: "falls due later; nothing could have been filed yet",
    Verdict.UNAPPROVED: "filed, and still to be approved",
    Verdict.CHANGED: "no longer what was approved or recorded",
    Verdict.STALE: "too old on the day",
    Verdict.UNDATED: "no date that the rules accept",
    Verdict.INCONCLUSIVE: "filed, and says neither pass nor fail",
    Verdict.MISSED: "a slot, event or interval that nothing covers",
    Verdict.MISSING: "nothing that counts was filed, or not answered yet",
    Verdict.REJECTED: "the reviewer refused it",
    Verdict.FAILED: "the last result is a fail, or the answer does not comply",
}


def percent(summary: Summary) -> str:
    """`87 %`, rounded down; `fails` where an answer fails the whole; a dash where there is none."""
    if summary.failing and summary.standards == 1:
        return "fails"
    return "–" if summary.percent is None else f"{summary.percent} %"


def gaps_counted(summary: Summary) -> str:
    """`29 gaps, 11 of them required`: how many, and how many in what a standard itself asks for."""
    gaps = counted(summary.gap_count, "gap")
    if not summary.gap_count:
        return gaps
    if summary.required == summary.gap_count:
        return f"{gaps}, {'required' if summary.gap_count == 1 else 'all of them required'}"
    return f"{gaps}, {summary.required or 'none'} of them required"


def stands(control: ControlAssessment) -> str:
    """The word for it; below it, where it is a gap in what the standard itself asks for, that it is required."""
    return f"{control.standing}\nrequired" if control.is_required_gap else control.standing


def left_out(standing: Standing) -> tuple[str, ...]:
    """A line for each scope that has ended, whose controls the total leaves out: every report says so at its head."""
    return tuple(
        f"{assessment.scope} ended on {assessment.ended}: judged as it stood then, and its controls are in no total"
        for assessment in standing.left_out
    )


def unread(source: Standing | Ledger) -> str:
    """How many files could not be read, said of each standard, for any of them may have spoken of it; or nothing."""
    count = len(source.unread)
    verb = "it says" if count == 1 else "they say"
    return f"{counted(count, 'file')} could not be read: what {verb} is in no verdict here." if count else ""


def shortfall(standing: Standing) -> str:
    """What a report says at its head when it was made from a ledger with errors; nothing if there are none."""
    count = len(standing.unread)
    others = len({error for error in standing.errors if _place(error) not in standing.unread})
    if count and others:
        more = f"{counted(others, 'other error')} {'was' if others == 1 else 'were'} found"
        return f"{counted(count, 'file')} could not be read, and {more}: this report may be wrong."
    if count:
        return f"{counted(count, 'file')} could not be read: this report may lack {'it' if count == 1 else 'them'}."
    if others:
        return f"{counted(others, 'error')} {'was' if others == 1 else 'were'} found: this report may be wrong."
    return ""


def _place(problem: Problem) -> str:
    return problem.location.file if problem.location else ""


def because(expectation: ExpectationAssessment) -> str:
    """One line on an expectation: its id, its verdict's reason, the evidence it rests on, or what is wanted."""
    reason = expectation.judgement.reason or expectation.judgement.verdict.value
    if expectation.judgement.verdict is Verdict.MISSING and expectation.what and not expectation.judgement.evidence:
        reason = f"{reason}; wanted: {expectation.what}"
    rests_on = f" [{expectation.judgement.evidence}]" if expectation.judgement.evidence else ""
    return f"#{expectation.id}: {reason}{rests_on}"


def reasons(control: ControlAssessment) -> list[str]:
    """Why a control stands as it does: what was added by judgement, then each binding expectation that is no better."""
    lines = [f"{reason.kind.value}: {reason.sentence}" for reason in control.reasons]
    if not control.counts:
        return [*lines, control.note] if control.note else lines
    worse = [expectation for expectation in control.expectations if expectation.is_gap]
    decisive = worse or [
        expectation
        for expectation in control.expectations
        if expectation.binding and expectation.judgement.verdict is control.verdict
    ]
    remarks = control.remarks if control.is_gap else ()
    return [*lines, *(because(expectation) for expectation in decisive), *remarks]
