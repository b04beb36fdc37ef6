"""What will be a gap on the day that its standard is looked at next, and whether a piece could close it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

import msgspec

from compliance.domain.assessment.applied import AppliedStandard, accreditation_of
from compliance.domain.assessment.assess import Assessor
from compliance.domain.assessment.assessment import ControlAssessment, ExpectationAssessment
from compliance.domain.assessment.inheritance import is_inherited
from compliance.domain.ledger.ledger import Ledger
from compliance.domain.ledger.settings import Scope, StandardInUse, profile_ids
from compliance.domain.planning.supposition import judge_with, links_lacking, supposed_piece, without_review
from compliance.domain.registers.audits import AUDITS
from compliance.domain.registers.certificates import cycles
from compliance.domain.registers.certificates.states import expiry
from compliance.domain.standards.catalogue import Catalogue, Control
from compliance.domain.standards.expectations import AnyOf, Each, Every, Expectation, OnEvent
from compliance.domain.standards.methods import expected
from compliance.domain.standards.questions import ANSWER
from compliance.domain.standards.schemes import EventRole
from compliance.domain.terms.references import Reference
from compliance.domain.terms.verdicts import Verdict


class Gap(msgspec.Struct, frozen=True, order=True):
    """An expectation that will be a gap on the day its standard is looked at next, or is one today."""

    by: date
    scope: str
    control: Reference
    what: str = ""
    reason: str = ""
    link: str = ""
    """The supplier, site, system or merchant that it is for, where one is wanted for each."""


class OpenGap(msgspec.Struct, frozen=True):
    """A gap with all that tells which pieces would close it; `control` names the control, without expectation."""

    gap: Gap
    expectation: Expectation | None
    assessed: ExpectationAssessment
    control: Reference
    closable: bool

    @property
    def event_to_state(self) -> str:
        """The type of event of which the register says nothing, if that is what is lacking; else empty."""
        return event_unrecorded(self.assessed, self.expectation)


def event_unrecorded(assessed: ExpectationAssessment, expectation: Expectation | None) -> str:
    """The type of event of which the register says nothing, where an expectation lacks that; else empty."""
    rule = expectation.rule if expectation else None
    silent = assessed.judgement.verdict is Verdict.MISSING and not assessed.judgement.evidence
    return rule.event if isinstance(rule, OnEvent) and silent else ""


def deadline(ledger: Ledger, scope: Scope, use: StandardInUse, catalogue: Catalogue, on: date) -> date | None:
    """The day of the next submission, audit, expiry or target of a standard in a scope; None if none is known."""
    days: list[date | None] = [
        audit.on
        for audit in ledger.of(AUDITS)
        if not audit.held
        and scope.id in (audit.scope or (scope.id,))
        and any(name.id == catalogue.id and name.version in {"", catalogue.version} for name in audit.standards)
    ]
    accreditation = accreditation_of(ledger, scope, catalogue, on, profile_ids(catalogue, use))
    if accreditation:
        cycle = accreditation.cycle_on(on)
        days += [
            cycles.last_and_next(catalogue.scheme, accreditation, role, on, ledger.holidays)[1] for role in EventRole
        ]
        days.append(expiry(catalogue.scheme, cycle) if cycle else accreditation.target)
    return min((max(day, on) for day in days if day), default=None)


def open_gaps(
    ledger: Ledger, scopes: Iterable[Scope], standards: frozenset[str], on: date, before: date | None
) -> Iterator[OpenGap]:
    """Every gap of the scopes, each standard judged on the day of its deadline, or all on the day `before`.

    What is inherited from a scope that is planned as well is left to that scope.
    """
    chosen = tuple(scopes)
    planned = frozenset(scope.id for scope in chosen)
    finders: dict[date, _GapFinder] = {}
    for scope in chosen:
        for use, catalogue in ledger.in_use(scope):
            if standards and str(catalogue.name) not in standards:
                continue
            by = before or deadline(ledger, scope, use, catalogue, on)
            day = by or on
            if day not in finders:
                finders[day] = _GapFinder(ledger, day, on, planned)
            yield from finders[day].find(scope, use, catalogue, by or date.max)


class _GapFinder:
    """Finds gaps as they will be on one day; whether a piece could close one is tried under a policy without review."""

    def __init__(self, ledger: Ledger, day: date, known: date, planned: frozenset[str]) -> None:
        horizon = ledger.settings.horizon.roughly
        self._assessor = Assessor(ledger, day, known, horizon)
        self._supposing = Assessor(without_review(ledger), day, known, horizon)
        self._planned = planned

    def find(self, scope: Scope, use: StandardInUse, catalogue: Catalogue, by: date) -> Iterator[OpenGap]:
        """The gaps of a standard in a scope, to be closed by a day."""
        applied = self._supposing.applied(scope, use, catalogue)
        for standard in self._assessor.assess(scope).standards:
            if standard.standard == catalogue.name:
                for assessed in standard.controls:
                    if assessed.counts:
                        yield from self._of_control(applied, applied.nodes[assessed.id].control, assessed, by)

    def _of_control(
        self, applied: AppliedStandard, control: Control, assessed: ControlAssessment, by: date
    ) -> Iterator[OpenGap]:
        statement = applied.statement(control.id)
        wanted = {expectation.id: expectation for expectation in expected(applied.catalogue, control, statement.method)}
        elsewhere = statement.inherits is not None and statement.inherits.scope in self._planned
        for expectation in assessed.expectations:
            needed = _needed_by(expectation, by)
            if needed is not None and not (is_inherited(expectation) and elsewhere):
                yield from self._of_expectation(applied, control, expectation, wanted.get(expectation.id), needed)

    def _of_expectation(
        self,
        applied: AppliedStandard,
        control: Control,
        assessed: ExpectationAssessment,
        expectation: Expectation | None,
        needed: date,
    ) -> Iterator[OpenGap]:
        """A gap for each link that lacks its chain, or one for the expectation."""
        name = Reference(applied.catalogue.id, control.id, applied.catalogue.version)
        # A group of alternatives has no name that evidence can be filed under: its control has.
        own = assessed.id if expectation and not isinstance(expectation.rule, AnyOf) else ""
        judgement = assessed.judgement
        links: tuple[str, ...] = ()
        if expectation and judgement.verdict.is_gap:
            links = links_lacking(self._supposing, applied, control, expectation)
        for link in links or ("",):
            reason = judgement.reason
            closable = self._closable(applied, control, assessed, expectation, link)
            series = expectation is not None and isinstance(expectation.rule, Every | Each)
            if not closable and series and judgement.verdict is Verdict.MISSING:
                reason += "; a first piece begins the series, and does not fill what is past"
            named = msgspec.structs.replace(name, expectation=own)
            gap = Gap(needed, applied.scope.id, named, assessed.what, reason, link)
            yield OpenGap(gap, expectation, assessed, name, closable)

    def _closable(
        self,
        applied: AppliedStandard,
        control: Control,
        assessed: ExpectationAssessment,
        expectation: Expectation | None,
        link: str,
    ) -> bool:
        """Whether it is closed without a new piece, or by one filed today or on the day judged."""
        if _needs_no_new_piece(assessed):
            return True
        if expectation is None:
            return False
        if event_unrecorded(assessed, expectation):
            return True
        day = self._supposing.day
        pieces = (supposed_piece(expectation, applied, filed, link) for filed in (day.known, day.on))
        return any(
            not judge_with(self._supposing, applied, control, expectation, piece).verdict.is_gap for piece in pieces
        )


def _needed_by(assessed: ExpectationAssessment, by: date) -> date | None:
    """The day by which something is to be done about an expectation; None if nothing is by the day judged."""
    judgement = assessed.judgement
    if not assessed.binding:
        return None
    if judgement.verdict.is_gap:
        return by
    due = judgement.verdict is Verdict.DUE and judgement.until is not None and judgement.until <= by
    return judgement.until if due else None


def _needs_no_new_piece(assessed: ExpectationAssessment) -> bool:
    """Whether it can be closed by what is filed, by an answer, or by what comes when its day does."""
    waiting = {Verdict.DUE, Verdict.UNAPPROVED, Verdict.CHANGED, Verdict.UNDATED}
    return assessed.id == ANSWER or (assessed.judgement.verdict in waiting and not is_inherited(assessed))
