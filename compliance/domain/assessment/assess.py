"""From a ledger to an assessment: every control of every standard in use, for one scope on one day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

import msgspec

from compliance.domain.assessment.across import Carried, judge_across
from compliance.domain.assessment.answers import answered, fails_whole, judge_answer
from compliance.domain.assessment.applied import AppliedStandard, ancestors, apply_standard, concerns
from compliance.domain.assessment.assessment import (
    Assessment,
    ControlAssessment,
    ExpectationAssessment,
    StandardAssessment,
    summarise,
)
from compliance.domain.assessment.inheritance import (
    Inherited,
    inherited,
    inherited_from,
    not_inherited,
    through_last_day,
)
from compliance.domain.assessment.mapping import EvidenceMapping
from compliance.domain.assessment.provision import carried_by
from compliance.domain.assessment.rules.candidates import DayJudged, Reviews
from compliance.domain.assessment.rules.judging import Context, MappedEvidence
from compliance.domain.ledger.control_index import ControlIndex
from compliance.domain.ledger.ledger import Ledger
from compliance.domain.ledger.records import Evidence
from compliance.domain.ledger.settings import Scope, StandardInUse
from compliance.domain.registers.applicability import BELOW_TARGET, EXCLUSION_LAPSED
from compliance.domain.registers.parts.registry import REGISTERS
from compliance.domain.registers.statements.levels import level_of
from compliance.domain.registers.statements.statement import Inheritance, Statement
from compliance.domain.standards.catalogue import Catalogue, Control, Node, RelationType
from compliance.domain.standards.expectations import Expectation, wanted_evidence
from compliance.domain.standards.methods import expected
from compliance.domain.terms.durations import LONGEST_DAYS
from compliance.domain.terms.references import StandardName
from compliance.domain.terms.verdicts import Flag, Judgement, Reason, Renewal, Verdict, worst


def assess(ledger: Ledger, scope: Scope, on: date, known: date, horizon: timedelta) -> Assessment:
    """The verdicts for one scope.

    `on` is the day judged and `known` the day the ledger speaks from; evidence dated after `on` is ignored, and what
    falls due after `known` is due, not missed. A lapse within `horizon` is announced. Pure: the same arguments give
    the same answer.
    """
    return Assessor(ledger, on, known, horizon).assess(scope)


class Assessor:
    """Judges any number of scopes of one ledger on one day, sharing what they have in common."""

    def __init__(self, ledger: Ledger, on: date, known: date, horizon: timedelta) -> None:
        self.ledger = ledger
        self.day = DayJudged(on, known, min(horizon, timedelta(days=LONGEST_DAYS)))
        self._index = ControlIndex(ledger)
        self._mapping = EvidenceMapping(ledger, self._index)
        self._reviews = Reviews(ledger.evidence, ledger.approvers, self._index.fingerprint_of)
        self._given = tuple(_reasons_by_record(ledger, on))
        self._remarked = tuple(_remarks_by_record(ledger, on))
        self._applied: dict[tuple[str, StandardInUse, StandardName], AppliedStandard] = {}
        self._judged: dict[tuple[str, StandardInUse, StandardName, str], ControlAssessment] = {}
        self._standards: dict[str, frozenset[StandardName]] = {}
        self._titles: dict[str, str] = {}

    def assess(self, scope: Scope, standards: frozenset[StandardName] = frozenset()) -> Assessment:
        """The verdicts of every standard that the scope is under, or of those named among them.

        Of a scope that has ended they are those of its last day: its history stands.
        """
        if scope.has_ended(self.day.on):
            last = self.on_last_day(scope).assess(scope, standards)
            return msgspec.structs.replace(last, on=self.day.on, ended=scope.end)
        return Assessment(
            scope=scope.id,
            on=self.day.on,
            known=self.day.known,
            horizon=self.day.horizon,
            standards=tuple(
                self._standard(self.applied(scope, use, catalogue))
                for use, catalogue in self.ledger.in_use(scope)
                if not standards or catalogue.name in standards
            ),
        )

    def on_last_day(self, scope: Scope) -> Assessor:
        """The assessor that judges a scope: this one, or, of a scope that has ended, that of its last day."""
        if scope.end is None or not scope.has_ended(self.day.on):
            return self
        return Assessor(self.ledger, scope.end, self.day.known, self.day.horizon)

    def applied(self, scope: Scope, use: StandardInUse, catalogue: Catalogue) -> AppliedStandard:
        """A standard as it applies in a scope on the day."""
        key = (scope.id, use, catalogue.name)
        if key not in self._applied:
            self._applied[key] = apply_standard(self.ledger, scope, use, catalogue, self.day)
        return self._applied[key]

    def control(self, applied: AppliedStandard, control_id: str) -> ControlAssessment | None:
        """How a single control stands; None if it is not judged under the profiles in use."""
        node = applied.node(control_id)
        return self._control(applied, node) if node else None

    def wanted(self, applied: AppliedStandard, control: Control) -> tuple[Expectation, ...]:
        """What is judged by evidence of the scope itself; of a control that is inherited, what the scope retains."""
        statement = applied.statement(control.id)
        wanted = expected(applied.catalogue, control, statement.method)
        if statement.inherits and applied.nodes[control.id].inheritable:
            return tuple(expectation for expectation in wanted if expectation.id in statement.inherits.retains)
        return wanted

    def case(self, applied: AppliedStandard, control: Control) -> tuple[MappedEvidence, Context]:
        """What the expectations of a control are judged from: the evidence mapped to it, and the context."""
        mapped = self._mapping.to(applied.catalogue, control, self._scopes(applied, control))
        return mapped, applied.context(control, self.day, self._reviews)

    def of_other_scopes(self, applied: AppliedStandard, control: Control) -> tuple[Evidence, ...]:
        """The evidence that is mapped to a control, and of scopes alone whose evidence does not serve here."""
        here = self._mapping.to(applied.catalogue, control, self._scopes(applied, control)).evidence
        serving = {item.id for item in here}
        every = self._mapping.to(applied.catalogue, control, set(self.ledger.scope_ids)).evidence
        return tuple(item for item in every if item.id not in serving)

    def across(
        self, applied: AppliedStandard, control: Control, types: tuple[RelationType, ...]
    ) -> tuple[Carried, ...]:
        """What is filed in the scope for so related controls of the other standards that it is under."""
        scope = applied.scope
        if scope.id not in self._standards:
            self._standards[scope.id] = frozenset(catalogue.name for _, catalogue in self.ledger.in_use(scope))
        scopes = self._scopes(applied, control)
        return self._mapping.across(applied.catalogue, control, scopes, self._standards[scope.id], types)

    def _standard(self, applied: AppliedStandard) -> StandardAssessment:
        catalogue = applied.catalogue
        controls = tuple(self._control(applied, node) for node in applied.assessable())
        return StandardAssessment(
            standard=catalogue.name,
            title=catalogue.title,
            short=catalogue.short,
            notice=catalogue.notice,
            profiles=applied.profiles,
            controls=controls,
            summary=summarise(controls),
        )

    def _control(self, applied: AppliedStandard, node: Node) -> ControlAssessment:
        key = (applied.scope.id, applied.use, applied.catalogue.name, node.control.id)
        if key not in self._judged:
            self._judged[key] = self._set_apart(applied, node) or self._by_evidence(applied, node)
        return self._judged[key]

    def _set_apart(self, applied: AppliedStandard, node: Node) -> ControlAssessment | None:
        """A control that is not judged by evidence: excluded, or not asked."""
        control, statement = node.control, applied.statement(node.control.id)
        reasons: tuple[Reason, ...] = ()
        if _excludes(statement, node) and not self._lapsed(statement):
            until = f" (review by {statement.review})" if statement.review else ""
            flag, note = Flag.EXCLUDED, f"{statement.reason}{until}"
            reasons = tuple(self._by_registers(applied, control))
        elif unasked := applied.unasked(control):
            flag, note = Flag.NOT_ASKED, unasked
        else:
            return None
        return ControlAssessment(
            id=control.id, title=control.title, verdict=Verdict.EVIDENCED, flag=flag, note=note, reasons=reasons
        )

    def _by_evidence(self, applied: AppliedStandard, node: Node) -> ControlAssessment:
        control, statement = node.control, applied.statement(node.control.id)
        reasons = [*self._reasons(applied, node, statement)]
        assessed: list[ExpectationAssessment] = []
        flag, note = None, ""
        if statement.inherits and node.inheritable:
            wanted = expected(applied.catalogue, control, statement.method)
            carried = self._inherited(applied, control, statement.inherits, wanted)
            flag, note = Flag.INHERITED, carried.note
            reasons += carried.reasons
            assessed += carried.expectations
        if control.answer:
            judgement = self._from_first_day(judge_answer(control.answer, statement.answer), control)
            assessed.append(answered(control.answer, judgement))
        mapped, context = self.case(applied, control)
        assessed += [
            self._expectation(expectation, applied, control, mapped, context)
            for expectation in self.wanted(applied, control)
        ]
        binding = [expectation.judgement for expectation in assessed if expectation.binding]
        return ControlAssessment(
            id=control.id,
            title=control.title,
            verdict=worst(binding).verdict if binding else Verdict.EVIDENCED,
            flag=flag,
            note=note,
            reasons=tuple(reasons),
            remarks=self._remarks(applied, control),
            expectations=tuple(assessed),
            decisive=control.answer is not None and fails_whole(control.answer, statement.answer),
        )

    def _expectation(
        self,
        expectation: Expectation,
        applied: AppliedStandard,
        control: Control,
        mapped: MappedEvidence,
        context: Context,
    ) -> ExpectationAssessment:
        accepted = applied.use.across

        def carried() -> tuple[Carried, ...]:
            return self.across(applied, control, accepted)

        judgement = self._from_first_day(judge_across(expectation, mapped, carried, accepted, context), control)
        return ExpectationAssessment(
            id=expectation.id,
            what=wanted_evidence(expectation),
            rule=str(expectation.rule),
            basis=expectation.basis,
            need=expectation.need,
            binding=expectation.binding,
            judgement=judgement,
        )

    def _scopes(self, applied: AppliedStandard, control: Control) -> set[str]:
        """The scopes whose evidence serves a control here."""
        if applied.statement(control.id).parent_evidence:
            return {applied.scope.id} | ancestors(applied.scope, self.ledger.settings)
        return {applied.scope.id}

    def _from_first_day(self, judgement: Judgement, control: Control) -> Judgement:
        """The judgement, or that a requirement which applies only later is due until then."""
        first = control.first_due
        if first and self.day.on < first and judgement.verdict.is_gap and judgement.verdict is not Verdict.FAILED:
            reason = f"applies only from {first}"
            return Judgement(verdict=Verdict.DUE, reason=reason, until=first, renewals=(Renewal(day=first),))
        return judgement

    def _lapsed(self, statement: Statement) -> bool:
        return statement.review is not None and statement.review < self.day.on

    def _reasons(self, applied: AppliedStandard, node: Node, statement: Statement) -> Iterator[Reason]:
        """What makes a control a gap whatever its evidence says."""
        yield from self._by_registers(applied, node.control)
        target = applied.targets.get(node.control.id)
        achieved = level_of(statement, node.control)
        if target and (achieved.level is None or achieved.level.rank < target.rank):
            yield Reason(BELOW_TARGET, f"{achieved.said}; the profile's target is {target.value}")
        if _excludes(statement, node):  # Its exclusion has lapsed, or it would not be judged.
            yield Reason(EXCLUSION_LAPSED, f"excluded until {statement.review}: {statement.reason}")

    def _touches(self, record: Any, applied: AppliedStandard, control: Control) -> bool:
        """Whether a register's record names a control, and the scope."""
        named = any(self._index.means(reference, applied.catalogue, control) for reference in record.controls)
        return named and concerns(record.scope, applied.scope)

    def _by_registers(self, applied: AppliedStandard, control: Control) -> Iterator[Reason]:
        """What the registers say of a control: an open major finding, for one."""
        return (reason for record, reason in self._given if self._touches(record, applied, control))

    def _remarks(self, applied: AppliedStandard, control: Control) -> tuple[str, ...]:
        """What the registers would have shown beside a control that is a gap."""
        return tuple(remark for record, remark in self._remarked if self._touches(record, applied, control))

    def _inherited(
        self, applied: AppliedStandard, control: Control, inheritance: Inheritance, wanted: Sequence[Expectation]
    ) -> Inherited:
        if inheritance.provider:
            return inherited(inheritance, *carried_by(self.ledger, inheritance, self.day, self._reviews), wanted)
        providing = self._elsewhere(applied.catalogue, inheritance.scope)
        if providing is None:
            return not_inherited(inheritance, f"{inheritance.scope} is not judged by {applied.catalogue.name}", wanted)
        circle = self._circle(applied, control)
        if circle:
            return not_inherited(inheritance, f"it is inherited in a circle: {', '.join(sorted(circle))}", wanted)
        if providing.scope.has_ended(self.day.on):
            return not_inherited(inheritance, f"{inheritance.scope} ended on {providing.scope.end}", wanted)
        node = providing.node(control.id)
        provided = self._control(providing, node) if node else None
        given = inherited_from(inheritance, provided, wanted, self._title_of)
        outlived = providing.scope.end and not (applied.scope.end and applied.scope.end <= providing.scope.end)
        return through_last_day(given, providing.scope, self.day) if outlived else given

    def _title_of(self, evidence_id: str) -> str:
        if not self._titles:
            self._titles = {item.id: item.title for item in self.ledger.evidence}
        return self._titles.get(evidence_id, "")

    def _circle(self, applied: AppliedStandard, control: Control) -> list[str]:
        """The scopes through which a control is inherited back from the scope itself; none in the usual case."""
        passed: list[str] = []
        at: AppliedStandard | None = applied
        while at and at.scope.id not in passed:
            passed.append(at.scope.id)
            inheritance = at.statement(control.id).inherits
            if inheritance and inheritance.scope == applied.scope.id:
                return passed
            at = self._elsewhere(applied.catalogue, inheritance.scope) if inheritance else None
        return []

    def _elsewhere(self, catalogue: Catalogue, scope_id: str) -> AppliedStandard | None:
        """The same standard in another scope, if that scope is under it."""
        scope = self.ledger.settings.scope(scope_id)
        uses = self.ledger.in_use(scope) if scope else ()
        use = next((use for use, used in uses if used is catalogue), None)
        return self.applied(scope, use, catalogue) if scope and use else None


def _reasons_by_record(ledger: Ledger, on: date) -> Iterator[tuple[Any, Reason]]:
    """Every reason that the registers give on a day, each with the record that names its controls and scopes."""
    for register in REGISTERS:
        if register.reasons:
            for record in ledger.of(register):
                yield from ((record, reason) for reason in register.reasons(ledger, record, on))


def _remarks_by_record(ledger: Ledger, on: date) -> Iterator[tuple[Any, str]]:
    """Every remark of the registers on a day, likewise."""
    for register in REGISTERS:
        if register.remarks:
            for record in ledger.of(register):
                yield from ((record, remark) for remark in register.remarks(ledger, record, on))


def _excludes(statement: Statement, node: Node) -> bool:
    """An exclusion counts only with its reason, and only where the standard allows one."""
    return not statement.applies and node.excludable and bool(statement.reason)
