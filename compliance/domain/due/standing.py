"""What reports are made from, and nothing else: a ledger, its assessments, what falls due, where it all comes from."""

from __future__ import annotations

import datetime as dt

import msgspec

from compliance.domain.assessment.assess import Assessor
from compliance.domain.assessment.assessment import Assessment, Summary, total
from compliance.domain.ledger.ledger import Ledger
from compliance.domain.ledger.records import Evidence
from compliance.domain.ledger.settings import Scope
from compliance.domain.registers.parts.dues import Due
from compliance.domain.terms.durations import Duration, after
from compliance.domain.terms.references import StandardName
from compliance.problems import Problem


class JudgedFor(msgspec.Struct, frozen=True, kw_only=True):
    """The audit that a report is made for; `sampled` of its `controls` are shown, all where it has no sample."""

    id: str
    title: str
    type: str
    on: dt.date
    until: dt.date | None
    sampled: int | None
    controls: int


class Provenance(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What every report prints about itself."""

    commit: str
    commit_day: dt.date
    on: dt.date
    known: dt.date
    until: dt.date
    """How far ahead its renewals look."""
    scopes: tuple[str, ...]
    catalogues: tuple[str, ...]
    classification: str
    audit: JudgedFor | None = None


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """How an organisation stands on a day."""

    ledger: Ledger
    assessments: tuple[Assessment, ...]
    renewals: tuple[Due, ...]
    provenance: Provenance

    @property
    def errors(self) -> tuple[Problem, ...]:
        """What is wrong in the ledger: because of it the verdicts may be wrong, or lack something."""
        return tuple(problem for problem in self.ledger.problems if problem.is_error)

    @property
    def total(self) -> Summary:
        return total([standard.summary for assessment in self.assessments for standard in assessment.standards])


def stand(
    ledger: Ledger,
    scopes: tuple[Scope, ...],
    standards: frozenset[StandardName],
    on: dt.date,
    known: dt.date,
    within: Duration,
    looking_ahead: bool = True,
) -> Standing:
    """How the scopes stand on a day, by all standards in use or some of them.

    `known` is the day the ledger speaks from. What falls due is left out where nobody looks ahead: it takes time.
    """
    horizon = ledger.settings.horizon.roughly
    assessor = Assessor(ledger, on, known, horizon)
    assessments = tuple(_narrowed(assessor.assess(scope), standards) for scope in scopes)
    due = _due(ledger, assessments, standards, on, within) if looking_ahead else ()
    chosen = {scope.id for scope in scopes}
    return _standing(ledger, assessments, tuple(row for row in due if row.scope in chosen), after(on, within))


def _due(
    ledger: Ledger,
    assessments: tuple[Assessment, ...],
    standards: frozenset[StandardName],
    on: dt.date,
    within: Duration,
) -> tuple[Due, ...]:
    from compliance.domain.due.renewals import renewals  # here, not above: most answers do not look ahead

    due = renewals(ledger, assessments, on, within)
    names = {str(name) for name in standards}
    return tuple(row for row in due if not (names and row.standards) or not names.isdisjoint(row.standards))


def _narrowed(assessment: Assessment, standards: frozenset[StandardName]) -> Assessment:
    if not standards:
        return assessment
    return msgspec.structs.replace(
        assessment, standards=tuple(standard for standard in assessment.standards if standard.standard in standards)
    )


def _standing(ledger: Ledger, assessments: tuple[Assessment, ...], due: tuple[Due, ...], until: dt.date) -> Standing:
    """Puts together what a report needs; the marking is the highest of the evidence that the assessments rest on."""
    evidence_ids = {
        expectation.judgement.evidence
        for assessment in assessments
        for standard in assessment.standards
        for control in standard.controls
        for expectation in control.expectations
    } | {renewal.subject for renewal in due}
    first = assessments[0]
    return Standing(
        ledger=ledger,
        assessments=assessments,
        renewals=due,
        provenance=Provenance(
            commit=ledger.commit,
            commit_day=ledger.day,
            on=first.on,
            known=first.known,
            until=until,
            scopes=tuple(assessment.scope for assessment in assessments),
            catalogues=tuple(
                dict.fromkeys(str(standard.standard) for assessment in assessments for standard in assessment.standards)
            ),
            classification=highest_marking(
                [item for item in ledger.evidence if item.id in evidence_ids], ledger.settings.classifications
            ),
        ),
    )


def highest_marking(evidence: list[Evidence], markings: tuple[str, ...]) -> str:
    """The highest marking of any piece; a marking that the workspace does not list outranks all it lists."""
    used = {item.classification for item in evidence if item.classification}
    unlisted = sorted(used.difference(markings))
    if unlisted:
        return unlisted[-1]
    return max(used, key=markings.index, default="")
