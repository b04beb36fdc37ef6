"""What a statement of applicability lacks, or says against what is filed; no verdict follows from it."""

from __future__ import annotations

from compliance.domain.assessment.assessment import ControlAssessment
from compliance.domain.registers.applicability import Applicability
from compliance.domain.standards.catalogue import Catalogue, assessable
from compliance.domain.standards.schemes import Claim, Scheme


def unexplained(soa: Applicability, catalogue: Catalogue, profiles: tuple[str, ...]) -> tuple[str, ...]:
    """The controls that could be excluded and are not, of which nothing says why; none where no scheme asks for it.

    ISO/IEC 27001, 6.1.3 d: a statement of applicability gives the reasons for inclusions as for exclusions.
    """
    if not catalogue.scheme.inclusions_reasoned:
        return ()
    said = {one.control for one in soa.controls if not one.applies or one.reason or one.because}
    return tuple(
        node.control.id for node in assessable(catalogue, profiles) if node.excludable and node.control.id not in said
    )


def contradicts(scheme: Scheme, status: str, assessed: ControlAssessment) -> bool:
    """Whether a person says that a control is in place while it is a gap by what is filed: both may be right."""
    return assessed.is_gap and scheme.claim(status) is Claim.IN_PLACE
