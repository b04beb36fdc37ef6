"""From a ledger to an assessment: every control of every standard in use, for one scope on one day (SEMANTICS 3)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

import msgspec

from compliance.domain import cycles
from compliance.domain.accreditations import Accreditation
from compliance.domain.ageing import Occasion
from compliance.domain.applicability import Inheritance, Statement
from compliance.domain.approval import fingerprint
from compliance.domain.assessment import (
    Assessment,
    ControlAssessment,
    ExpectationAssessment,
    Reason,
    StandardAssessment,
    summarise,
)
from compliance.domain.candidates import Candidate, Day, Dismissed, Reviews
from compliance.domain.catalogue import Catalogue, Control, Node, Profile, assessable, expects, walk
from compliance.domain.durations import LONGEST_DAYS
from compliance.domain.expectations import Expectation, leaves
from compliance.domain.judging import Bench, Mapped, considered, judge
from compliance.domain.ledger import Ledger
from compliance.domain.provision import carried_by
from compliance.domain.records import Evidence
from compliance.domain.references import Reference
from compliance.domain.registers import FindingType
from compliance.domain.schemes import Role
from compliance.domain.series import Window
from compliance.domain.settings import Scope, StandardInUse
from compliance.domain.verdicts import Flag, Judgement, ReasonKind, Verdict, worst
from compliance.domain.vocabulary import Judged


def assess(ledger: Ledger, scope: Scope, on: date, known: date, horizon: timedelta) -> Assessment:
    """The verdicts for one scope.

    `on` is the day judged and `known` the day the ledger speaks from; evidence dated after `on` is ignored, and what
    falls due after `known` is due, not missed. A lapse within `horizon` is announced. Pure: same arguments, same answer.
    """
    return Assessor(ledger, on, known, horizon).assess(scope)


class Consideration(msgspec.Struct, frozen=True):
    """One expectation laid open: its rule, its verdict, its candidates and what was dismissed."""

    expectation: Expectation
    judgement: Judgement
    candidates: tuple[Candidate, ...]
    dismissed: tuple[Dismissed, ...]


class Assessor:
    """Judges any number of scopes of one ledger on one day, sharing what they have in common."""

    def __init__(self, ledger: Ledger, on: date, known: date, horizon: timedelta) -> None:
        self.ledger = ledger
        self.day = Day(on, known, min(horizon, timedelta(days=LONGEST_DAYS)))
        self._controls = {
            (catalogue.id, catalogue.version): (catalogue, {node.control.id: node.control for node in walk(catalogue)})
            for catalogue in ledger.catalogues
        }
        self._versions: dict[str, list[str]] = {}
        for use, catalogue in ledger.in_use():
            self._versions.setdefault(use.standard.id, [])
            if catalogue.version not in self._versions[use.standard.id]:
                self._versions[use.standard.id].append(catalogue.version)
        self._fingerprints: dict[Reference, str] = {}
        self._mapped: dict[tuple[str, str, str], list[tuple[Evidence, str]]] = {}
        for item in ledger.evidence:
            for reference in item.controls:
                version = self.version_of(reference)
                if version:
                    key = (reference.standard, version, reference.control)
                    self._mapped.setdefault(key, []).append((item, reference.expectation))
        self.reviews = Reviews(ledger.evidence, ledger.settings.review, self.fingerprint_of, on)
        self._standards: dict[tuple[str, str, str], StandardAssessment] = {}
        self._under_way: list[tuple[str, str, str]] = []

    def assess(self, scope: Scope) -> Assessment:
        """The verdicts of every standard that the scope is under."""
        return Assessment(
            scope=scope.id,
            on=self.day.on,
            known=self.day.known,
            horizon=self.day.horizon,
            standards=tuple(self._standard(scope, use, catalogue) for use, catalogue in self.ledger.in_use(scope)),
        )

    def explain(
        self, scope: Scope, use: StandardInUse, catalogue: Catalogue, control: Control
    ) -> tuple[Consideration, ...]:
        """Each expectation of a control with its candidates, and why each did or did not serve."""
        statement = self._statements(scope, catalogue).get(control.id, Statement(control=control.id))
        bench = self._bench(scope, use, catalogue, control)
        mapped = self._evidence_for(scope, catalogue, control, statement)
        laid_open = []
        for expectation in expects(catalogue, control):
            for leaf in leaves(expectation):
                candidates, dismissed = considered(leaf, mapped, bench)
                laid_open.append(Consideration(leaf, judge(leaf, mapped, bench), tuple(candidates), tuple(dismissed)))
        return tuple(laid_open)

    def version_of(self, reference: Reference) -> str:
        """The version a reference means; empty where it names none and several are in use, or none is."""
        versions = self._versions.get(reference.standard, [])
        if reference.version:
            return reference.version if reference.version in versions else ""
        return versions[0] if len(versions) == 1 else ""

    def fingerprint_of(self, reference: Reference) -> str:
        """The fingerprint of the control that a reference names; empty if there is none."""
        known = self._fingerprints.get(reference)
        if known is None:
            catalogue, controls = self._controls.get((reference.standard, self.version_of(reference)), (None, {}))
            control = controls.get(reference.control)
            known = fingerprint(catalogue, control) if catalogue and control else ""
            self._fingerprints[reference] = known
        return known

    def _standard(self, scope: Scope, use: StandardInUse, catalogue: Catalogue) -> StandardAssessment:
        key = (scope.id, catalogue.id, catalogue.version)
        found = self._standards.get(key)
        if found is None:
            self._under_way.append(key)
            statements = self._statements(scope, catalogue)
            targets = {
                control: level for profile in _profiles(catalogue, use) for control, level in profile.targets.items()
            }
            controls = tuple(
                self._control(scope, use, catalogue, node, statements, targets.get(node.control.id))
                for node in assessable(catalogue, _profile_ids(catalogue, use))
            )
            self._under_way.pop()
            found = self._standards[key] = StandardAssessment(
                standard=catalogue.name,
                title=catalogue.title,
                short=catalogue.short,
                notice=catalogue.notice,
                profiles=_profile_ids(catalogue, use),
                controls=controls,
                summary=summarise(controls),
            )
        return found

    def _control(
        self, scope, use, catalogue, node: Node, statements: dict[str, Statement], target
    ) -> ControlAssessment:  # type: ignore[no-untyped-def]
        control = node.control
        statement = statements.get(control.id, Statement(control=control.id))
        reasons = [*self._open_majors(scope, catalogue, control)]
        if target is not None and (statement.level is None or statement.level.rank < target.rank):
            now = statement.level.value if statement.level else "not assessed yet"
            reasons.append(Reason(ReasonKind.BELOW_TARGET, f"{now}; the profile's target is {target.value}"))
        flag, note = None, ""
        if not statement.applies and node.excludable:
            if statement.review and statement.review < self.day.on:
                reasons.append(
                    Reason(ReasonKind.EXCLUSION_LAPSED, f"excluded until {statement.review}: {statement.reason}")
                )
            else:
                until = f" (review by {statement.review})" if statement.review else ""
                return self._set_apart(control, Flag.EXCLUDED, f"{statement.reason}{until}", reasons)
        condition = control.asked_if
        if condition:
            answer = statements.get(condition.question, Statement(control="")).answer
            if answer.casefold() != condition.answer.casefold():
                return self._set_apart(
                    control, Flag.NOT_ASKED, f"asked only if {condition.question} is “{condition.answer}”", ()
                )
        bench = self._bench(scope, use, catalogue, control)
        mapped = self._evidence_for(scope, catalogue, control, statement)
        wanted = expects(catalogue, control)
        carried: Judgement | None = None
        if statement.inherits and node.inheritable:
            flag, carried, note = Flag.INHERITED, *self._inherited(scope, catalogue, control, statement.inherits)
            wanted = tuple(one for one in wanted if one.id in statement.inherits.retains)
        judged = tuple(
            ExpectationAssessment(
                id=one.id,
                what=one.what,
                rule=str(one.rule),
                basis=one.basis,
                binding=one.binding,
                judgement=judge(one, mapped, bench),
            )
            for one in wanted
        )
        if carried:
            basis = wanted[0].basis if wanted else expects(catalogue, control)[0].basis
            provider = ExpectationAssessment(
                id="inherited",
                what=note,
                rule="the provider's own verdict",
                basis=basis,
                binding=True,
                judgement=carried,
            )
            judged = (provider, *judged)
        binding = [one.judgement for one in judged if one.binding]
        verdict = worst(binding).verdict if binding else Verdict.EVIDENCED
        return ControlAssessment(
            id=control.id,
            title=control.title,
            verdict=verdict,
            flag=flag,
            note=note,
            reasons=tuple(reasons),
            expectations=judged,
        )

    @staticmethod
    def _set_apart(control: Control, flag: Flag, note: str, reasons: Iterable[Reason]) -> ControlAssessment:
        return ControlAssessment(
            id=control.id, title=control.title, verdict=Verdict.EVIDENCED, flag=flag, note=note, reasons=tuple(reasons)
        )

    def _open_majors(self, scope: Scope, catalogue: Catalogue, control: Control) -> Iterable[Reason]:
        for finding in self.ledger.findings:
            touches = (
                finding.type is FindingType.MAJOR and finding.open_on(self.day.on) and _concerns(finding.scope, scope)
            )
            if touches and any(self._names(reference, catalogue, control) for reference in finding.controls):
                yield Reason(ReasonKind.OPEN_MAJOR, f"{finding.id}, open since {finding.raised}: {finding.title}")

    def _names(self, reference: Reference, catalogue: Catalogue, control: Control) -> bool:
        same = reference.standard == catalogue.id and reference.control == control.id
        return same and self.version_of(reference) == catalogue.version

    def _inherited(
        self, scope: Scope, catalogue: Catalogue, control: Control, how: Inheritance
    ) -> tuple[Judgement, str]:
        retains = f"; retained here: {how.note or ', '.join(how.retains)}" if how.note or how.retains else ""
        if how.provider:
            judgement, name = carried_by(self.ledger, how, self.day, self.reviews)
            return judgement, f"met by {name}{retains}"
        note = f"met by {how.scope}{retains}"
        providing = self.ledger.settings.scope(how.scope)
        use = (
            next((use for use, known in self.ledger.in_use(providing) if known is catalogue), None)
            if providing
            else None
        )
        if providing is None or use is None:
            return Judgement(verdict=Verdict.MISSING, reason=f"{how.scope} is not judged by {catalogue.name}"), note
        if (providing.id, catalogue.id, catalogue.version) in self._under_way:
            return Judgement(
                verdict=Verdict.MISSING, reason=f"{scope.id} and {how.scope} inherit from each other"
            ), note
        provided = next(
            (one for one in self._standard(providing, use, catalogue).controls if one.id == control.id), None
        )
        if provided is None or not provided.counts:
            return Judgement(verdict=Verdict.MISSING, reason=f"the control does not apply in {how.scope}"), note
        telling = provided.telling()
        reason = telling.judgement.reason if telling else ""
        if provided.reasons:
            return Judgement(verdict=Verdict.MISSING, reason=f"in {how.scope}: {provided.reasons[0].sentence}"), note
        found = telling.judgement if telling else Judgement(verdict=provided.verdict)
        return msgspec.structs.replace(found, reason=f"in {how.scope}: {reason or provided.verdict.value}"), note

    def _statements(self, scope: Scope, catalogue: Catalogue) -> dict[str, Statement]:
        return {
            statement.control: statement
            for soa in self.ledger.applicability
            if soa.scope == scope.id
            and soa.standard.id == catalogue.id
            and soa.standard.version in {"", catalogue.version}
            for statement in soa.controls
        }

    def _evidence_for(self, scope: Scope, catalogue: Catalogue, control: Control, statement: Statement) -> Mapped:
        wanted = {scope.id} | (self._ancestors(scope) if statement.parent_evidence else set())
        default = self.ledger.settings.default_scope
        evidence: dict[str, Evidence] = {}
        named: dict[str, str] = {}
        for item, expectation in self._mapped.get((catalogue.id, catalogue.version, control.id), ()):
            if wanted.isdisjoint(item.scope or (default,)):
                continue
            if item.id not in evidence or named[item.id]:
                evidence[item.id], named[item.id] = item, expectation
        return Mapped(tuple(evidence.values()), named)

    def _ancestors(self, scope: Scope) -> set[str]:
        found: set[str] = set()
        while scope.parent and scope.parent not in found:
            found.add(scope.parent)
            above = self.ledger.settings.scope(scope.parent)
            if above is None:
                break
            scope = above
        return found

    def _bench(self, scope: Scope, use: StandardInUse, catalogue: Catalogue, control: Control) -> Bench:
        held = accreditation_of(self.ledger, scope, catalogue)
        granted = [cycle.granted for cycle in held.cycles if cycle.granted <= self.day.on] if held else []
        starts = [scope.start, use.since, control.first_due, min(granted, default=None)]
        return Bench(
            day=self.day,
            reviews=self.reviews,
            scope=scope,
            events=tuple(event for event in self.ledger.events if _concerns(event.scope, scope)),
            window=Window(
                begins=max((start for start in starts if start), default=None),
                first_assessment=held is not None and not granted,
                anchor=max(granted, default=None),
            ),
            judged=catalogue.scheme.judged,
            occasions=self._occasions(held, catalogue),
            first_assessment_needs=catalogue.scheme.first_assessment_needs,
        )

    def _occasions(self, held: Accreditation | None, catalogue: Catalogue) -> dict[Judged, Occasion]:
        if held is None:
            return {}
        named = ((Judged.SUBMISSION, Role.SUBMISSION), (Judged.AUDIT, Role.AUDIT))
        return {
            judged: Occasion(
                role.value, *cycles.last_and_next(catalogue.scheme, held, role, self.day.on, self.ledger.holidays)
            )
            for judged, role in named
        }


def accreditation_of(ledger: Ledger, scope: Scope, catalogue: Catalogue) -> Accreditation | None:
    """The accreditation to the standard held or sought in the scope; of several the first by id."""
    return min(
        (
            held
            for held in ledger.accreditations
            if held.scope == scope.id
            and held.standard.id == catalogue.id
            and held.standard.version in {"", catalogue.version}
        ),
        key=lambda held: held.id,
        default=None,
    )


def _concerns(scopes: tuple[str, ...], scope: Scope) -> bool:
    """Whether something filed for these scopes touches this one; with none named, it touches all."""
    return not scopes or scope.id in scopes


def _profile_ids(catalogue: Catalogue, use: StandardInUse) -> tuple[str, ...]:
    return use.profiles or ((catalogue.default_profile,) if catalogue.default_profile else ())


def _profiles(catalogue: Catalogue, use: StandardInUse) -> list[Profile]:
    ids = _profile_ids(catalogue, use)
    return [profile for profile in catalogue.profiles if profile.id in ids]
