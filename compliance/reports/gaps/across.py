"""What a report says of controls that draw on evidence filed for related controls of other standards."""

from __future__ import annotations

from compliance.domain.assessment.assessment import StandardAssessment
from compliance.problems import counted

_NAMED = 5


def across(standard: StandardAssessment) -> str:
    """One sentence that counts such controls, and names some with what it is filed for; empty if there are none."""
    found = {
        control.id: one.judgement.via
        for control in standard.controls
        if control.counts
        for one in control.expectations
        if one.binding and one.judgement.via and not one.judgement.verdict.is_gap
    }
    if not found:
        return ""
    named = [f"{control} via {via}" for control, via in list(found.items())[:_NAMED]]
    more = [f"{len(found) - _NAMED} more"] if len(found) > _NAMED else []
    draw = "draws" if len(found) == 1 else "draw"
    return f"{counted(len(found), 'control')} {draw} on evidence of other standards: {'; '.join(named + more)}"
