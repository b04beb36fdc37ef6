"""The gap report as values: each control judged, with how its expectations stand; what `gaps --json` prints."""

from __future__ import annotations

from datetime import date

import msgspec

from compliance.domain.assessment.assessment import (
    Assessment,
    ControlAssessment,
    ExpectationAssessment,
    StandardAssessment,
    Summary,
)
from compliance.domain.assessment.families import families
from compliance.domain.due.standing import Standing
from compliance.domain.terms.verdicts import Flag, Reason, Verdict
from compliance.domain.terms.vocabulary import Basis, Need
from compliance.reports.parts.heading import Headed, head


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """A summary with what is worked out from it; where `percent` is None, `withheld` says why."""

    controls: int
    excluded: int
    not_asked: int
    evidenced: int
    lapsing: int
    due: int
    gaps: dict[str, int]
    required: int
    advice: int
    gap_count: int
    percent: int | None
    withheld: str


_COUNTED = frozenset(Counts.__struct_fields__)


class ExpectationRow(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How one expectation stands, and what that rests on; what a judgement does not say is left out."""

    id: str
    what: str
    rule: str
    basis: Basis
    need: Need
    binding: bool
    verdict: Verdict
    reason: str = ""
    evidence: str = ""
    evidence_date: date | None = None
    until: date | None = None
    since: date | None = None
    via: str = ""


class ControlRow(msgspec.Struct, frozen=True, kw_only=True):
    """How one control stands: `standing` is the word that reports show for it.

    `required`: it is a gap in what the standard itself asks for.
    """

    id: str
    title: str
    verdict: Verdict
    standing: str
    gap: bool
    required: bool
    flag: Flag | None
    note: str
    reasons: tuple[Reason, ...]
    expectations: tuple[ExpectationRow, ...]


class FamilyCounts(msgspec.Struct, frozen=True, kw_only=True):
    """The counts of one family of controls."""

    id: str
    title: str
    summary: Counts


class StandardRow(msgspec.Struct, frozen=True, kw_only=True):
    """One standard in one scope; the controls are left out where only counts were asked for."""

    standard: str
    title: str
    notice: str
    profiles: tuple[str, ...]
    summary: Counts
    fails_whole_assessment: tuple[str, ...]
    families: tuple[FamilyCounts, ...]
    controls: tuple[ControlRow, ...] | msgspec.UnsetType = msgspec.UNSET


class ScopeRow(msgspec.Struct, frozen=True, kw_only=True):
    """One scope with the standards it is under."""

    scope: str
    on: date
    known: date
    ended: date | None
    """The last day of a scope that has ended: it is shown as it stood then, and in no total."""
    standards: tuple[StandardRow, ...]


class Gaps(Headed, frozen=True, kw_only=True):
    """The gap report."""

    total: Counts
    assessments: tuple[ScopeRow, ...]


def gaps(standing: Standing, only: frozenset[str] = frozenset(), summary_only: bool = False) -> Gaps:
    """The report with every control, or with those alone that stand as `only` says, or with counts alone."""
    return Gaps(
        **head(standing),
        total=counts(standing.total),
        assessments=tuple(_scope(standing, assessment, only, summary_only) for assessment in standing.assessments),
    )


def counts(summary: Summary) -> Counts:
    """The counts of a summary, with what is worked out from them."""
    fields = {name: value for name, value in msgspec.structs.asdict(summary).items() if name in _COUNTED}
    return Counts(**fields, gap_count=summary.gap_count, percent=summary.percent, withheld=summary.withheld)


def _scope(standing: Standing, assessment: Assessment, only: frozenset[str], summary_only: bool) -> ScopeRow:
    return ScopeRow(
        scope=assessment.scope,
        on=assessment.on,
        known=assessment.known,
        ended=assessment.ended,
        standards=tuple(_standard(standing, standard, only, summary_only) for standard in assessment.standards),
    )


def _standard(
    standing: Standing, standard: StandardAssessment, only: frozenset[str], summary_only: bool
) -> StandardRow:
    controls = (control for control in standard.controls if not only or not only.isdisjoint(control.standings))
    return StandardRow(
        standard=str(standard.standard),
        title=standard.title,
        notice=standard.notice,
        profiles=standard.profiles,
        summary=counts(standard.summary),
        fails_whole_assessment=tuple(control.id for control in standard.decisive),
        families=tuple(
            FamilyCounts(id=family.id, title=family.title, summary=counts(family.summary))
            for family in families(standing.catalogue(standard.standard), standard.controls)
        ),
        controls=msgspec.UNSET if summary_only else tuple(_control(control) for control in controls),
    )


def _control(control: ControlAssessment) -> ControlRow:
    return ControlRow(
        id=control.id,
        title=control.title,
        verdict=control.verdict,
        standing=control.standing,
        gap=control.is_gap,
        required=control.is_required_gap,
        flag=control.flag,
        note=control.note,
        reasons=control.reasons,
        expectations=tuple(_expectation(expectation) for expectation in control.expectations),
    )


def _expectation(expectation: ExpectationAssessment) -> ExpectationRow:
    judgement = msgspec.structs.asdict(expectation.judgement)
    del judgement["renewals"]
    return ExpectationRow(
        id=expectation.id,
        what=expectation.what,
        rule=expectation.rule,
        basis=expectation.basis,
        need=expectation.need,
        binding=expectation.binding,
        **judgement,
    )
