"""What a report says of controls that draw on evidence filed for related controls of other standards."""

from __future__ import annotations

from compliance.domain.assessment.assessment import StandardAssessment
from compliance.problems import counted

_NAMED = 5


def across(standard: StandardAssessment) -> str:
    """One sentence that counts such controls, and names some with what it is filed for; empty if there are none."""
    carried = {
        control.id: expectation.judgement.via
        for control in standard.controls
        if control.counts
        for expectation in control.expectations
        if expectation.binding and expectation.judgement.via and not expectation.judgement.verdict.is_gap
    }
    if not carried:
        return ""
    named = [f"{control} via {via}" for control, via in list(carried.items())[:_NAMED]]
    more = [f"{len(carried) - _NAMED} more"] if len(carried) > _NAMED else []
    draw = "draws" if len(carried) == 1 else "draw"
    return f"{counted(len(carried), 'control')} {draw} on evidence of other standards: {'; '.join(named + more)}"
