"""What will be a gap on the day that its standard is looked at next, and whether a piece could close it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

import msgspec

from compliance.domain.assessment.applied import accreditation_of
from compliance.domain.assessment.assess import Assessor
from compliance.domain.assessment.assessment import ControlAssessment, ExpectationAssessment
from compliance.domain.assessment.inheritance import is_inherited
from compliance.domain.ledger.ledger import Ledger
from compliance.domain.ledger.records import Evidence
from compliance.domain.ledger.settings import Scope, StandardInUse, profile_ids
from compliance.domain.planning.scheduling import Deed, Task, schedule
from compliance.domain.planning.supposition import DeadlineDay, Prospect, Supposition, links_lacking
from compliance.domain.registers.audits import AUDITS
from compliance.domain.registers.certificates.occasions import next_occasion
from compliance.domain.registers.certificates.states import expiry
from compliance.domain.standards.catalogue import Catalogue, Control
from compliance.domain.standards.expectations import AnyOf, Each, Every, Expectation, leaves
from compliance.domain.standards.methods import expected
from compliance.domain.standards.questions import ANSWER
from compliance.domain.terms.references import Reference
from compliance.domain.terms.verdicts import Judgement, Verdict
from compliance.domain.terms.vocabulary import Kind


class Gap(msgspec.Struct, frozen=True, order=True):
    """An expectation that will be a gap on the day its standard is looked at next, if nothing is done."""

    by: date
    scope: str
    control: Reference
    what: str = ""
    reason: str = ""
    link: str = ""
    """The supplier, site, system or merchant that it is for, where one is wanted for each."""


class OpenGap(msgspec.Struct, frozen=True):
    """A gap with all that tells what would close it; `control` names the control, without expectation.

    `deeds` is what closes it by itself, by the kind of piece that is filed; nothing closes one that has none.
    """

    gap: Gap
    control: Reference
    first: Judgement
    prospect: Prospect | None = None
    deeds: Mapping[Kind | None, Sequence[Deed]] = {}
    answerable: bool = False

    def onward(self) -> OpenGap | None:
        """Where nothing closes the gap of a series: how it goes on from today; None where nothing is asked for."""
        if self.closable or self.prospect is None or not isinstance(self.prospect.expectation.rule, Every | Each):
            return None
        prospect = self.prospect.onward()
        deeds = _ways_to_close(prospect)
        if not deeds:
            return None
        return msgspec.structs.replace(self, first=prospect.then(Supposition()), prospect=prospect, deeds=deeds)

    @property
    def closable(self) -> bool:
        return self.answerable or bool(self.deeds)

    @property
    def evidence(self) -> Evidence | None:
        """The piece on file that it rests on."""
        return self.prospect.evidence(self.first.evidence) if self.prospect else None

    @property
    def per(self) -> tuple[tuple[str, str], ...]:
        """What a piece for it has to be of: a supplier, a site, or what the fail spoke for that it answers."""
        return tuple(sorted(self.prospect.per(Supposition()).items())) if self.prospect else ()

    @property
    def renews(self) -> bool:
        """Whether what it wants is a successor of the piece that it rests on, of the same kind."""
        item = self.evidence
        ran_out = self.first.verdict in {Verdict.STALE, Verdict.MISSED}
        return ran_out and item is not None and self.takes(item.kind)

    def takes(self, kind: Kind | None) -> bool:
        """Whether a piece of a kind closes it; one for which no kind is asked is closed by any."""
        return kind in self.deeds or None in self.deeds


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
        days.append(next_occasion(catalogue.scheme, accreditation, on, ledger.holidays))
        days.append(expiry(catalogue.scheme, cycle) if cycle else accreditation.target)
    return min((max(day, on) for day in days if day), default=None)


def open_gaps(
    ledger: Ledger, scopes: Iterable[Scope], standards: frozenset[str], on: date, before: date | None
) -> Iterator[OpenGap]:
    """Every gap of the scopes, each standard judged on the day of its deadline, or all on the day `before`.

    What is inherited from a scope that is planned as well is to be closed there, by the deadline of its heir. In a
    scope that has ended nothing is to be done any more.
    """
    yield from {open_gap.gap: open_gap for open_gap in _all_gaps(ledger, scopes, standards, on, before)}.values()


def _all_gaps(
    ledger: Ledger, scopes: Iterable[Scope], standards: frozenset[str], on: date, before: date | None
) -> Iterator[OpenGap]:
    """The same, a gap of a scope that others inherit from once for each of them."""
    chosen = tuple(scope for scope in scopes if not scope.has_ended(on))
    planned = frozenset(scope.id for scope in chosen)
    finders: dict[date, _GapFinder] = {}
    for scope in chosen:
        for use, catalogue in ledger.in_use(scope):
            if standards and str(catalogue.name) not in standards:
                continue
            by = before or deadline(ledger, scope, use, catalogue, on)
            by = min(by, scope.end or by) if by else scope.end  # after its last day nothing is looked at
            day = by or on
            if day not in finders:
                finders[day] = _GapFinder(ledger, day, on, planned)
            yield from finders[day].find(scope, use, catalogue, by or date.max)


class _GapFinder:
    """Finds what will be a gap on one day if nothing is done, and tries what would close it."""

    def __init__(self, ledger: Ledger, day: date, today: date, planned: frozenset[str]) -> None:
        horizon = ledger.settings.horizon.roughly
        self._then = Assessor(ledger, day, day, horizon)
        self._ahead = Assessor(ledger, day, today, horizon) if today != day else self._then
        self._planned = planned

    def find(self, scope: Scope, use: StandardInUse, catalogue: Catalogue, by: date) -> Iterator[OpenGap]:
        """The gaps of a standard in a scope, to be closed by a day."""
        deadline_day = DeadlineDay(self._then, self._ahead, scope, use, catalogue)
        for standard in self._then.assess(scope, frozenset({catalogue.name})).standards:
            for assessed in standard.controls:
                if assessed.counts:
                    control = deadline_day.applied.nodes[assessed.id].control
                    yield from self._of_control(deadline_day, control, assessed, by)
                yield from self._of_reasons(deadline_day, assessed, by)

    def _of_control(
        self, deadline_day: DeadlineDay, control: Control, assessed: ControlAssessment, by: date
    ) -> Iterator[OpenGap]:
        statement = deadline_day.applied.statement(control.id)
        wanted = {
            expectation.id: expectation
            for expectation in expected(deadline_day.applied.catalogue, control, statement.method)
        }
        giver = statement.inherits.scope if statement.inherits else ""
        lacking = [expectation for expectation in assessed.expectations if expectation.is_gap]
        carried = [expectation for expectation in lacking if is_inherited(expectation)]
        if carried and giver in self._planned:
            given = list(self._of_giver(deadline_day, control, giver, by))
            yield from given or [self._gap(deadline_day, control, expectation, None, by) for expectation in carried]
        elif carried:
            yield from (self._gap(deadline_day, control, expectation, None, by) for expectation in carried)
        for expectation in lacking:
            if not is_inherited(expectation):
                yield from self._of_expectation(deadline_day, control, expectation, wanted.get(expectation.id), by)

    def _of_reasons(self, deadline_day: DeadlineDay, assessed: ControlAssessment, by: date) -> Iterator[OpenGap]:
        """What makes a control a gap whatever its evidence says: an open finding, an exclusion that lapsed."""
        catalogue = deadline_day.applied.catalogue
        name = Reference(catalogue.id, assessed.id, catalogue.version)
        for reason in assessed.reasons:
            told = f"{reason.kind.value}: {reason.sentence}"
            gap = Gap(by, deadline_day.applied.scope.id, name, assessed.title, told)
            yield OpenGap(gap, name, Judgement(verdict=Verdict.FAILED, reason=told))

    def _of_giver(self, deadline_day: DeadlineDay, control: Control, giver: str, by: date) -> Iterator[OpenGap]:
        """What the scope that a control is inherited from lacks on the day: it is to be closed there, and by then."""
        ledger, catalogue = self._then.ledger, deadline_day.applied.catalogue
        scope = ledger.settings.scope(giver)
        uses = ledger.in_use(scope) if scope else ()
        use = next((use for use, used in uses if used is catalogue), None)
        if scope is None or use is None or giver in deadline_day.heirs or scope.has_ended(deadline_day.day):
            return
        heirs = deadline_day.heirs | {deadline_day.applied.scope.id}
        given = DeadlineDay(self._then, self._ahead, scope, use, catalogue, heirs)
        assessed = self._then.control(given.applied, control.id)
        if assessed and assessed.counts:
            yield from self._of_control(given, control, assessed, by)

    def _of_expectation(
        self,
        deadline_day: DeadlineDay,
        control: Control,
        assessed: ExpectationAssessment,
        expectation: Expectation | None,
        by: date,
    ) -> Iterator[OpenGap]:
        """A gap for each link that lacks its chain, or one for the expectation."""
        links: tuple[str, ...] = ()
        if expectation:
            links = links_lacking(self._then, deadline_day.applied, control, expectation)
        for link in links or ("",):
            yield self._gap(deadline_day, control, assessed, expectation, by, link)

    def _gap(
        self,
        deadline_day: DeadlineDay,
        control: Control,
        assessed: ExpectationAssessment,
        expectation: Expectation | None,
        by: date,
        link: str = "",
    ) -> OpenGap:
        catalogue, judgement = deadline_day.applied.catalogue, assessed.judgement
        name = Reference(catalogue.id, control.id, catalogue.version)
        # A group of alternatives has no name that evidence can be filed under: its control has.
        own = assessed.id if expectation and not isinstance(expectation.rule, AnyOf) else ""
        prospect = Prospect(deadline_day, control, expectation, link) if expectation else None
        deeds = _ways_to_close(prospect) if prospect else {}
        reason, answerable = judgement.reason, assessed.id == ANSWER
        series = expectation is not None and isinstance(expectation.rule, Every | Each)
        if not deeds and series and judgement.verdict is Verdict.MISSING:
            reason += "; a first piece begins the series, and does not fill what is past"
        named = msgspec.structs.replace(name, expectation=own)
        gap = Gap(by, deadline_day.applied.scope.id, named, assessed.what, reason, link)
        first = prospect.then(Supposition()) if prospect else judgement
        return OpenGap(gap, name, first, prospect, deeds, answerable)


def _ways_to_close(prospect: Prospect) -> dict[Kind | None, list[Deed]]:
    """For each kind of piece with which it can be closed, all that is to be done."""
    kinds: list[Kind | None] = [*dict.fromkeys(kind for leaf in leaves(prospect.expectation) for kind in leaf.kinds)]
    ways: dict[Kind | None, list[Deed]] = {}
    for kind in kinds or [None]:
        deeds = schedule(prospect, kind)
        if deeds:
            ways[kind] = deeds
            if all(deed.task is not Task.FILE for deed in deeds):
                break  # no piece is filed: the other kinds make no difference
    return ways
