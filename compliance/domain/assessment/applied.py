"""A standard in a scope: what has been decided about its controls, and what is held and falls due there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

import msgspec

from compliance.domain.assessment.rules.candidates import DayJudged, Reviews
from compliance.domain.assessment.rules.judging import Context
from compliance.domain.assessment.rules.series import Window
from compliance.domain.ledger.audited import with_audits
from compliance.domain.ledger.ledger import Ledger
from compliance.domain.ledger.settings import Scope, Settings, StandardInUse, profile_ids
from compliance.domain.registers.applicability import APPLICABILITY
from compliance.domain.registers.certificates.accreditation import Accreditation
from compliance.domain.registers.certificates.occasions import Occasions, next_occasion, occasions
from compliance.domain.registers.certificates.runs import runs_begun
from compliance.domain.registers.certificates.states import CertificateStatus, ended, state_on
from compliance.domain.registers.events import EVENTS, Event
from compliance.domain.registers.statements.statement import Statement
from compliance.domain.standards.catalogue import Catalogue, Control, Node, assessable, walk
from compliance.domain.standards.questions import unasked
from compliance.domain.standards.schemes import EventRole
from compliance.domain.terms.references import StandardName
from compliance.domain.terms.spans import ALL_DAYS
from compliance.domain.terms.vocabulary import Judged, Level

_UNDECIDED = Statement(control="")


class Accredited(msgspec.Struct, frozen=True, kw_only=True):
    """What an accreditation to the standard in the scope decides about its evidence."""

    name: str
    profile: str
    runs: tuple[date, ...]
    """The first grant of each of its runs of cycles without a break, oldest first."""
    target: date | None
    """The day by which it is sought, or sought anew."""
    occasions: Mapping[Judged, Occasions]

    def granted(self, on: date) -> date | None:
        """Its first grant by a day; None before it."""
        return next((run for run in self.runs if run <= on), None)

    def anchor(self, on: date) -> date | None:
        """The day from which its slots are counted on a day; None before its first grant."""
        return max((run for run in self.runs if run <= on), default=None)

    @property
    def sought(self) -> date | None:
        """The day of its first grant where that is known by now, else the one by which it is sought."""
        return next(iter(self.runs), self.target)

    def turns(self) -> Iterator[date]:
        """The days from which its slots are counted anew, or no more."""
        yield from self.runs
        for each in self.occasions.values():
            yield from (period.start for period in ALL_DAYS - each.not_ended)

    def has_ended(self, on: date) -> bool:
        """Whether nothing is judged by its days any more."""
        return any(on not in each.not_ended for each in self.occasions.values())

    def holds(self, control: Control) -> bool:
        """Whether its profile holds a control; without a profile it holds them all."""
        return not self.profile or control.profiles is None or self.profile in control.profiles


class AppliedStandard(msgspec.Struct, frozen=True, kw_only=True):
    """A standard as it applies in a scope on a day: what is the same for each of its controls."""

    scope: Scope
    use: StandardInUse
    catalogue: Catalogue
    nodes: Mapping[str, Node]
    statements: Mapping[str, Statement]
    targets: Mapping[str, Level]
    accredited: tuple[Accredited, ...]
    """The accreditations held or sought, by the days of which its evidence is judged."""
    events: tuple[Event, ...]

    @property
    def profiles(self) -> tuple[str, ...]:
        return profile_ids(self.catalogue, self.use)

    def statement(self, control_id: str) -> Statement:
        """What was decided about a control; by default that it applies, and nothing else."""
        return self.statements.get(control_id, _UNDECIDED)

    def assessable(self) -> Iterator[Node]:
        """The controls that are judged under the profiles in use, in the order of the catalogue."""
        return assessable(self.catalogue, self.profiles)

    def node(self, control_id: str) -> Node | None:
        """A control that is judged under the profiles in use, by its id."""
        return next((node for node in self.assessable() if node.control.id == control_id), None)

    def unasked(self, control: Control) -> str:
        """Why a conditional question is not asked; empty if it is."""
        return unasked(control, self._find, lambda question: self.statement(question).answer)

    def _find(self, control_id: str) -> Control | None:
        node = self.nodes.get(control_id)
        return node.control if node else None

    def context(self, control: Control, day: DayJudged, reviews: Reviews) -> Context:
        """What the expectations of a control are judged with."""
        scheme = self.catalogue.scheme
        accredited = [each for each in self.accredited if each.holds(control)]
        live = [each for each in accredited if not each.has_ended(day.on)]
        first = min((granted for each in live if (granted := each.granted(day.on))), default=None)
        last_known = min(day.on, day.known)
        starts = (self.scope.start, self.use.since, control.first_due, first if scheme.first_assessment_needs else None)
        return Context(
            day=day,
            reviews=reviews,
            scope=self.scope,
            events=self.events,
            window=Window(
                begins=max((start for start in starts if start), default=None),
                first_assessment=bool(scheme.first_assessment_needs and accredited) and first is None,
                anchors={each.name: anchor for each in live or accredited if (anchor := each.anchor(last_known))}
                or {each.name: each.sought for each in accredited if each.sought},
                turns=tuple(sorted({turn for each in accredited for turn in each.turns()})),
            ),
            judged=scheme.judged,
            occasions={
                judged: tuple(each.occasions[judged] for each in accredited if judged in each.occasions)
                for judged in (Judged.SUBMISSION, Judged.AUDIT)
            },
            first_assessment_needs=scheme.first_assessment_needs,
            later=lambda on: self.context(control, msgspec.structs.replace(day, on=on), reviews),
        )


def apply_standard(
    ledger: Ledger, scope: Scope, use: StandardInUse, catalogue: Catalogue, day: DayJudged
) -> AppliedStandard:
    """What has been decided and granted of a standard in a scope by a day: everything but its evidence."""
    ids = profile_ids(catalogue, use)
    return AppliedStandard(
        scope=scope,
        use=use,
        catalogue=catalogue,
        nodes={node.control.id: node for node in walk(catalogue)},
        statements={
            statement.control: statement
            for soa in ledger.of(APPLICABILITY)
            if soa.scope == scope.id and _is_of(soa.standard, catalogue)
            for statement in soa.controls
        },
        targets={
            control: level
            for profile in catalogue.profiles
            if profile.id in ids
            for control, level in profile.targets.items()
        },
        accredited=tuple(
            _accredited(accreditation, catalogue, day, ledger.holidays)
            for accreditation in accreditations_of(ledger, scope, catalogue)
        ),
        events=tuple(event for event in ledger.of(EVENTS) if not event.cancelled and concerns(event.scope, scope)),
    )


def accreditation_of(
    ledger: Ledger, scope: Scope, catalogue: Catalogue, on: date, profiles: tuple[str, ...] = ()
) -> Accreditation | None:
    """The accreditation to the standard in the scope by whose days the evidence is judged.

    Several are normal where each attests a part, such as a payment channel. Then those to a profile that is judged go
    first, then those in date before expired, sought and ended ones; and of these the one whose submission or audit is
    next, because what is fresh enough for the first to look is what has to be renewed first. The id settles the rest.
    """

    def rank(accreditation: Accreditation) -> tuple[bool, int, date, str]:
        state = state_on(catalogue.scheme, accreditation, on).status
        cycle = accreditation.cycle_on(on)
        gone = cycle is not None and ended(catalogue.scheme, cycle, on) is not None
        order = (
            3
            if gone
            else 2
            if cycle is None
            else 1
            if state in {CertificateStatus.LAPSED, CertificateStatus.RESTORABLE}
            else 0
        )
        coming = next_occasion(catalogue.scheme, accreditation, on, ledger.holidays)
        elsewhere = bool(accreditation.profile and profiles) and accreditation.profile not in profiles
        return elsewhere, order, coming or date.max, accreditation.id

    accreditations = accreditations_of(ledger, scope, catalogue)
    return min(accreditations, key=rank) if len(accreditations) > 1 else next(iter(accreditations), None)


def accreditations_of(ledger: Ledger, scope: Scope, catalogue: Catalogue) -> list[Accreditation]:
    """The accreditations to a standard in a scope, held, sought or ended, with the days of their audits."""
    return [
        accreditation
        for accreditation in with_audits(ledger)
        if accreditation.scope == scope.id and _is_of(accreditation.standard, catalogue)
    ]


def concerns(scopes: tuple[str, ...], scope: Scope) -> bool:
    """Whether something filed for these scopes touches this one; with none named, it touches all."""
    return not scopes or scope.id in scopes


def ancestors(scope: Scope, settings: Settings) -> set[str]:
    """The ids of the scopes above one."""
    scopes: set[str] = set()
    above: Scope | None = scope
    while above and above.parent and above.parent not in scopes:
        scopes.add(above.parent)
        above = settings.scope(above.parent)
    return scopes


def _is_of(standard: StandardName, catalogue: Catalogue) -> bool:
    return standard.id == catalogue.id and standard.version in {"", catalogue.version}


def _accredited(
    accreditation: Accreditation, catalogue: Catalogue, day: DayJudged, holidays: frozenset[date]
) -> Accredited:
    named = ((Judged.SUBMISSION, EventRole.SUBMISSION), (Judged.AUDIT, EventRole.AUDIT))
    by_role = {judged: occasions(catalogue.scheme, accreditation, role, day.known, holidays) for judged, role in named}
    return Accredited(
        name=accreditation.title or accreditation.id,
        profile=accreditation.profile,
        runs=runs_begun(catalogue.scheme, accreditation),
        target=accreditation.target,
        occasions=by_role,
    )
