"""Where a statement of applicability says otherwise than what is filed; no verdict follows from it."""

from __future__ import annotations

from compliance.domain.assessment.assessment import ControlAssessment
from compliance.domain.standards.schemes import Claim, Scheme


def contradicts(scheme: Scheme, status: str, assessed: ControlAssessment) -> bool:
    """Whether a person says that a control is in place while it is a gap by what is filed: both may be right."""
    return assessed.is_gap and scheme.claim(status) is Claim.IN_PLACE
