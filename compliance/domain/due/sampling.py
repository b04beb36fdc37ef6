"""How things stand for an audit: only the controls that its auditors sample, counted as such."""

from __future__ import annotations

import msgspec

from compliance.domain.assessment.assessment import Assessment, ControlAssessment, StandardAssessment, summarise
from compliance.domain.due.standing import JudgedFor, Standing
from compliance.domain.registers.audits import Audit
from compliance.domain.terms.references import Reference


def for_audit(standing: Standing, audit: Audit) -> Standing:
    """The standing with the sampled controls alone; a standard of which none is sampled is left out.

    Without a sample every control stays.
    """
    narrowed = (
        tuple(_narrowed(assessment, audit.controls) for assessment in standing.assessments) if audit.controls else ()
    )
    assessments = narrowed or standing.assessments
    judged_for = JudgedFor(
        id=audit.id,
        title=audit.title,
        type=audit.type.value,
        on=audit.on,
        until=audit.until,
        sampled=_count(assessments) if audit.controls else None,
        controls=_count(standing.assessments),
    )
    provenance = msgspec.structs.replace(standing.provenance, audit=judged_for)
    return msgspec.structs.replace(standing, assessments=assessments, provenance=provenance)


def _narrowed(assessment: Assessment, sample: tuple[Reference, ...]) -> Assessment:
    standards = []
    for standard in assessment.standards:
        controls = tuple(control for control in standard.controls if _is_sampled(standard, control, sample))
        if controls:
            standards.append(msgspec.structs.replace(standard, controls=controls, summary=summarise(controls)))
    return msgspec.structs.replace(assessment, standards=tuple(standards))


def _is_sampled(standard: StandardAssessment, control: ControlAssessment, sample: tuple[Reference, ...]) -> bool:
    return any(
        reference.standard == standard.standard.id
        and reference.control == control.id
        and reference.version in {"", standard.standard.version}
        for reference in sample
    )


def _count(assessments: tuple[Assessment, ...]) -> int:
    return sum(len(standard.controls) for assessment in assessments for standard in assessment.standards)
