"""From a ledger to an assessment: every control of every standard in use, for one scope on one day (SEMANTICS 3)."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping as Mappings
from datetime import date, timedelta

import msgspec

from compliance.domain.assessment.across import Carried, considered_across, judge_across
from compliance.domain.assessment.answers import answered, fails_whole, judge_answer
from compliance.domain.assessment.assessment import (
    Assessment,
    ControlAssessment,
    ExpectationAssessment,
    Reason,
    StandardAssessment,
    summarise,
)
from compliance.domain.assessment.inheritance import Inherited, inherited, inherited_from, not_inherited
from compliance.domain.assessment.mapping import Mapping
from compliance.domain.assessment.provision import carried_by
from compliance.domain.assessment.rules.candidates import Candidate, Day, Dismissed, Reviews
from compliance.domain.assessment.rules.judging import Bench, Mapped, considered, judge, narrowed
from compliance.domain.assessment.situation import Situation, accreditation_of, ancestors, concerns, situation
from compliance.domain.ledger.ledger import Ledger
from compliance.domain.ledger.records import Evidence
from compliance.domain.ledger.settings import Scope, StandardInUse
from compliance.domain.registers.findings import FindingType
from compliance.domain.registers.statements.levels import level_of
from compliance.domain.registers.statements.statement import Inheritance, Statement
from compliance.domain.standards.catalogue import Catalogue, Control, Node, RelationType
from compliance.domain.standards.expectations import Expectation, leaves, wanted_evidence
from compliance.domain.standards.methods import expected
from compliance.domain.terms.durations import LONGEST_DAYS
from compliance.domain.terms.references import Reference, StandardName
from compliance.domain.terms.verdicts import Flag, Judgement, ReasonKind, Verdict, worst
from compliance.domain.terms.vocabulary import Basis

__all__ = ["Assessor", "Consideration", "accreditation_of", "assess"]


def assess(ledger: Ledger, scope: Scope, on: date, known: date, horizon: timedelta) -> Assessment:
    """The verdicts for one scope.

    `on` is the day judged and `known` the day the ledger speaks from; evidence dated after `on` is ignored, and what
    falls due after `known` is due, not missed. A lapse within `horizon` is announced. Pure: the same arguments give
    the same answer.
    """
    return Assessor(ledger, on, known, horizon).assess(scope)


class Consideration(msgspec.Struct, frozen=True):
    """One expectation laid open: its rule, its verdict, its candidates and what was dismissed."""

    expectation: Expectation
    judgement: Judgement
    candidates: tuple[Candidate, ...]
    dismissed: tuple[Dismissed, ...]
    across: Mappings[str, str] = {}
    """For candidates that are filed for a related control of another standard, by id: which one, and how related."""


class Assessor:
    """Judges any number of scopes of one ledger on one day, sharing what they have in common."""

    def __init__(self, ledger: Ledger, on: date, known: date, horizon: timedelta) -> None:
        self.ledger = ledger
        self.day = Day(on, known, min(horizon, timedelta(days=LONGEST_DAYS)))
        self.mapping = Mapping(ledger)
        self.reviews = Reviews(ledger.evidence, ledger.settings.review, self.mapping.fingerprint_of, on)
        self._majors = [one for one in ledger.findings if one.type is FindingType.MAJOR and one.open_on(on)]
        self._situations: dict[tuple[str, StandardInUse, StandardName], Situation] = {}
        self._judged: dict[tuple[str, StandardInUse, StandardName, str], ControlAssessment] = {}
        self._standards: dict[str, frozenset[StandardName]] = {}
        self._titles: dict[str, str] = {}

    def assess(self, scope: Scope) -> Assessment:
        """The verdicts of every standard that the scope is under."""
        return Assessment(
            scope=scope.id,
            on=self.day.on,
            known=self.day.known,
            horizon=self.day.horizon,
            standards=tuple(self._standard(scope, use, catalogue) for use, catalogue in self.ledger.in_use(scope)),
        )

    def control(
        self, scope: Scope, use: StandardInUse, catalogue: Catalogue, control_id: str
    ) -> ControlAssessment | None:
        """How a single control stands; None if it is not judged under the profiles in use."""
        here = self._situation(scope, use, catalogue)
        node = next((one for one in here.assessable() if one.control.id == control_id), None)
        return self._control(here, node) if node else None

    def explain(
        self, scope: Scope, use: StandardInUse, catalogue: Catalogue, control: Control
    ) -> tuple[Consideration, ...]:
        """Each expectation of a control with its candidates, and why each did or did not serve.

        Of a control that is inherited only what the scope retains is judged here.
        """
        here = self._situation(scope, use, catalogue)
        mapped, bench = self._case(here, control)
        carried = self._across(here, control, tuple(RelationType))
        laid_open = []
        for expectation in self._wanted(here, control):
            for leaf in leaves(expectation):
                judgement = judge_across(leaf, mapped, lambda: carried, use.across, bench)
                own, dismissed = considered(leaf, mapped, bench)
                others, kept_out, over = considered_across(leaf, carried, use.across, bench)
                laid_open.append(Consideration(leaf, judgement, (*own, *others), (*dismissed, *kept_out), across=over))
        return tuple(laid_open)

    def supposing(
        self,
        scope: Scope,
        use: StandardInUse,
        catalogue: Catalogue,
        control: Control,
        one: Expectation,
        piece: Evidence,
    ) -> Judgement:
        """How an expectation would stand with a piece more, accepted and filed for that expectation alone.

        Of an expectation with chains only those that the piece names are looked at.
        """
        mapped, bench = self._case(self._situation(scope, use, catalogue), control)
        named = {**mapped.named, piece.id: frozenset(leaf.id for leaf in leaves(one))}
        return judge(one, Mapped((*mapped.evidence, piece), named), narrowed(bench, piece.per))

    def statement(self, scope: Scope, use: StandardInUse, catalogue: Catalogue, control: Control) -> Statement:
        """What was decided about a control there."""
        return self._situation(scope, use, catalogue).statement(control.id)

    def links_lacking(
        self, scope: Scope, use: StandardInUse, catalogue: Catalogue, control: Control, one: Expectation
    ) -> tuple[str, ...]:
        """The suppliers, sites or the like whose chain of evidence is a gap; none where it is not kept for each."""
        mapped, bench = self._case(self._situation(scope, use, catalogue), control)
        listed = scope.listed(one.per) if one.per else ()
        return tuple(
            link
            for link in listed
            if one.per and judge(one, mapped, narrowed(bench, {one.per.value: link})).verdict.is_gap
        )

    def version_of(self, reference: Reference) -> str:
        """The version a reference means; empty where it names none and several are in use, or none is."""
        return self.mapping.version_of(reference)

    def fingerprint_of(self, reference: Reference) -> str:
        """The fingerprint of the control that a reference names; empty if there is none."""
        return self.mapping.fingerprint_of(reference)

    def _standard(self, scope: Scope, use: StandardInUse, catalogue: Catalogue) -> StandardAssessment:
        here = self._situation(scope, use, catalogue)
        controls = tuple(self._control(here, node) for node in here.assessable())
        return StandardAssessment(
            standard=catalogue.name,
            title=catalogue.title,
            short=catalogue.short,
            notice=catalogue.notice,
            profiles=here.profiles,
            controls=controls,
            summary=summarise(controls),
        )

    def _situation(self, scope: Scope, use: StandardInUse, catalogue: Catalogue) -> Situation:
        key = (scope.id, use, catalogue.name)
        if key not in self._situations:
            self._situations[key] = situation(self.ledger, scope, use, catalogue, self.day)
        return self._situations[key]

    def _control(self, here: Situation, node: Node) -> ControlAssessment:
        key = (here.scope.id, here.use, here.catalogue.name, node.control.id)
        if key not in self._judged:
            self._judged[key] = self._set_apart(here, node) or self._by_evidence(here, node)
        return self._judged[key]

    def _set_apart(self, here: Situation, node: Node) -> ControlAssessment | None:
        """A control that is not judged by evidence: excluded, or not asked."""
        control, statement = node.control, here.statement(node.control.id)
        reasons: tuple[Reason, ...] = ()
        if _excludes(statement, node) and not self._lapsed(statement):
            until = f" (review by {statement.review})" if statement.review else ""
            flag, note = Flag.EXCLUDED, f"{statement.reason}{until}"
            reasons = tuple(self._open_majors(here, control))
        elif unasked := here.unasked(control):
            flag, note = Flag.NOT_ASKED, unasked
        else:
            return None
        return ControlAssessment(
            id=control.id, title=control.title, verdict=Verdict.EVIDENCED, flag=flag, note=note, reasons=reasons
        )

    def _by_evidence(self, here: Situation, node: Node) -> ControlAssessment:
        control, statement = node.control, here.statement(node.control.id)
        mapped, bench = self._case(here, control)
        wanted = expected(here.catalogue, control, statement.method)
        reasons = [*self._reasons(here, node, statement)]
        judged: list[ExpectationAssessment] = []
        flag, note = None, ""
        if statement.inherits and node.inheritable:
            carried = self._inherited(here, control, statement.inherits, _basis(wanted))
            flag, note = Flag.INHERITED, carried.note
            reasons += carried.reasons
            judged += carried.expectations
            wanted = self._wanted(here, control)
        if control.answer:
            given = self._from_first_day(judge_answer(control.answer, statement.answer), control)
            judged.append(answered(control.answer, given))
        judged += [self._expectation(one, control, mapped, here, bench) for one in wanted]
        binding = [one.judgement for one in judged if one.binding]
        return ControlAssessment(
            id=control.id,
            title=control.title,
            verdict=worst(binding).verdict if binding else Verdict.EVIDENCED,
            flag=flag,
            note=note,
            reasons=tuple(reasons),
            expectations=tuple(judged),
            decisive=control.answer is not None and fails_whole(control.answer, statement.answer),
        )

    def _wanted(self, here: Situation, control: Control) -> tuple[Expectation, ...]:
        """What is judged by evidence of the scope itself; of a control that is inherited, what the scope retains."""
        statement = here.statement(control.id)
        wanted = expected(here.catalogue, control, statement.method)
        if statement.inherits and here.nodes[control.id].inheritable:
            return tuple(one for one in wanted if one.id in statement.inherits.retains)
        return wanted

    def _case(self, here: Situation, control: Control) -> tuple[Mapped, Bench]:
        scopes = self._scopes(here, control)
        return self.mapping.to(here.catalogue, control, scopes), here.bench(control, self.day, self.reviews)

    def _scopes(self, here: Situation, control: Control) -> set[str]:
        """The scopes whose evidence serves a control here."""
        if here.statement(control.id).parent_evidence:
            return {here.scope.id} | ancestors(here.scope, self.ledger.settings)
        return {here.scope.id}

    def _across(self, here: Situation, control: Control, types: tuple[RelationType, ...]) -> tuple[Carried, ...]:
        """What is filed here for so related controls of the other standards that the scope is under."""
        if here.scope.id not in self._standards:
            used = self.ledger.in_use(here.scope)
            self._standards[here.scope.id] = frozenset(catalogue.name for _, catalogue in used)
        scopes, standards = self._scopes(here, control), self._standards[here.scope.id]
        return self.mapping.across(here.catalogue, control, scopes, standards, types)

    def _expectation(
        self, one: Expectation, control: Control, mapped: Mapped, here: Situation, bench: Bench
    ) -> ExpectationAssessment:
        found = judge_across(one, mapped, lambda: self._across(here, control, here.use.across), here.use.across, bench)
        judgement = self._from_first_day(found, control)
        return ExpectationAssessment(
            id=one.id,
            what=wanted_evidence(one),
            rule=str(one.rule),
            basis=one.basis,
            binding=one.binding,
            judgement=judgement,
        )

    def _from_first_day(self, judgement: Judgement, control: Control) -> Judgement:
        """The judgement, or that a requirement which applies only later is due until then."""
        first = control.first_due
        if first and self.day.on < first and judgement.verdict.is_gap:
            return Judgement(verdict=Verdict.DUE, reason=f"applies only from {first}", until=first)
        return judgement

    def _lapsed(self, statement: Statement) -> bool:
        return statement.review is not None and statement.review < self.day.on

    def _reasons(self, here: Situation, node: Node, statement: Statement) -> Iterator[Reason]:
        """What makes a control a gap whatever its evidence says."""
        yield from self._open_majors(here, node.control)
        target = here.targets.get(node.control.id)
        achieved = level_of(statement, node.control)
        if target and (achieved.level is None or achieved.level.rank < target.rank):
            yield Reason(ReasonKind.BELOW_TARGET, f"{achieved.said}; the profile's target is {target.value}")
        if _excludes(statement, node):  # Its exclusion has lapsed, or it would not be judged.
            yield Reason(ReasonKind.EXCLUSION_LAPSED, f"excluded until {statement.review}: {statement.reason}")

    def _open_majors(self, here: Situation, control: Control) -> Iterator[Reason]:
        for finding in self._majors:
            named = any(self.mapping.means(one, here.catalogue, control) for one in finding.controls)
            if named and concerns(finding.scope, here.scope):
                yield Reason(ReasonKind.OPEN_MAJOR, f"{finding.id}, open since {finding.raised}: {finding.title}")

    def _inherited(self, here: Situation, control: Control, how: Inheritance, basis: Basis) -> Inherited:
        if how.provider:
            return inherited(how, *carried_by(self.ledger, how, self.day, self.reviews), basis)
        providing = self._elsewhere(here.catalogue, how.scope)
        if providing is None:
            return not_inherited(how, f"{how.scope} is not judged by {here.catalogue.name}", basis)
        circle = self._circle(here, control)
        if circle:
            return not_inherited(how, f"it is inherited in a circle: {', '.join(sorted(circle))}", basis)
        node = next((node for node in providing.assessable() if node.control.id == control.id), None)
        return inherited_from(how, self._control(providing, node) if node else None, basis, self._title_of)

    def _title_of(self, evidence_id: str) -> str:
        if not self._titles:
            self._titles = {item.id: item.title for item in self.ledger.evidence}
        return self._titles.get(evidence_id, "")

    def _circle(self, here: Situation, control: Control) -> list[str]:
        """The scopes through which a control is inherited back from the scope itself; none in the usual case."""
        passed: list[str] = []
        at: Situation | None = here
        while at and at.scope.id not in passed:
            passed.append(at.scope.id)
            how = at.statement(control.id).inherits
            if how and how.scope == here.scope.id:
                return passed
            at = self._elsewhere(here.catalogue, how.scope) if how else None
        return []

    def _elsewhere(self, catalogue: Catalogue, scope_id: str) -> Situation | None:
        """The same standard in another scope, if that scope is under it."""
        scope = self.ledger.settings.scope(scope_id)
        uses = self.ledger.in_use(scope) if scope else ()
        use = next((use for use, known in uses if known is catalogue), None)
        return self._situation(scope, use, catalogue) if scope and use else None


def _excludes(statement: Statement, node: Node) -> bool:
    """An exclusion counts only with its reason, and only where the standard allows one."""
    return not statement.applies and node.excludable and bool(statement.reason)


def _basis(wanted: tuple[Expectation, ...]) -> Basis:
    """What a verdict for a control as a whole rests on: the same as the first expectation that binds."""
    return next((one.basis for one in wanted if one.binding), Basis.ORGANISATION)
