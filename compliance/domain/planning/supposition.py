"""What would become of an expectation if more were done about it: judged, and not written anywhere."""

from __future__ import annotations

import copy
from collections.abc import Collection, Iterable, Mapping
from datetime import date

import msgspec

from compliance.domain.assessment.across import Carried, judge_across
from compliance.domain.assessment.applied import AppliedStandard
from compliance.domain.assessment.assess import Assessor
from compliance.domain.assessment.rules.candidates import Candidate, DayJudged, Reviews
from compliance.domain.assessment.rules.judging import Context, MappedEvidence, fulfilment_of, judge, narrowed
from compliance.domain.assessment.rules.series import Window
from compliance.domain.ledger.records import Evidence
from compliance.domain.ledger.settings import Scope, StandardInUse
from compliance.domain.registers.events import Event
from compliance.domain.standards.catalogue import Catalogue, Control
from compliance.domain.standards.expectations import Expectation, OnEvent, leaves
from compliance.domain.terms.periods import Period
from compliance.domain.terms.verdicts import Judgement, Verdict
from compliance.domain.terms.vocabulary import Kind, Result


class Supposition(msgspec.Struct, frozen=True):
    """What is supposed to be done: pieces filed, pieces on file approved or dated, nil returns given."""

    pieces: tuple[Evidence, ...] = ()
    approved: frozenset[str] = frozenset()
    dated: Mapping[str, date] = {}
    nil_returns: tuple[Event, ...] = ()

    def and_filed(self, piece: Evidence) -> Supposition:
        return msgspec.structs.replace(self, pieces=(*self.pieces, piece))

    def and_approved(self, evidence: str) -> Supposition:
        return msgspec.structs.replace(self, approved=self.approved | {evidence})

    def and_dated(self, evidence: str, day: date) -> Supposition:
        return msgspec.structs.replace(self, dated={**self.dated, evidence: day})

    def and_stated(self, nil_return: Event) -> Supposition:
        return msgspec.structs.replace(self, nil_returns=(*self.nil_returns, nil_return))


class TrustingReviews(Reviews):
    """The reviews of a ledger, with some pieces taken as approved besides."""

    def __init__(self, reviews: Reviews, trusted: Collection[str]) -> None:
        self._reviews, self._trusted = reviews, trusted

    def of(self, evidence: Evidence) -> Judgement:
        if evidence.id in self._trusted:
            return Judgement(verdict=Verdict.EVIDENCED)
        return self._reviews.of(evidence)

    def replaced(self, candidates: Iterable[Candidate]) -> dict[str, tuple[date, str]]:
        return self._reviews.replaced(candidates)


class DeadlineDay:
    """A standard in a scope as it will be on its deadline's day.

    `then` judges as one will on that day, when all of what is past can have been missed; `ahead` judges the same day
    as seen from today, when what falls due in between is due. `heirs` are the scopes that inherit from it here.
    """

    def __init__(
        self,
        then: Assessor,
        ahead: Assessor,
        scope: Scope,
        use: StandardInUse,
        catalogue: Catalogue,
        heirs: frozenset[str] = frozenset(),
    ) -> None:
        self.then, self.ahead, self.heirs = then, ahead, heirs
        self.applied = then.applied(scope, use, catalogue)
        self.applied_ahead = ahead.applied(scope, use, catalogue)

    @property
    def day(self) -> date:
        """The day of the deadline."""
        return self.then.day.on

    @property
    def today(self) -> date:
        """The day as seen from which it is planned."""
        return self.ahead.day.known


class Prospect:
    """An expectation of a control, for one link of its chains where it has them, and how it would stand if …"""

    def __init__(self, deadline_day: DeadlineDay, control: Control, expectation: Expectation, link: str) -> None:
        self.deadline_day, self.control, self.expectation, self.link = deadline_day, control, expectation, link
        self.chain = {expectation.per.value: link} if link and expectation.per else {}
        self._mapped, context = deadline_day.then.case(deadline_day.applied, control)
        self._context = narrowed(context, self.chain)
        self._context_ahead = narrowed(deadline_day.ahead.case(deadline_day.applied_ahead, control)[1], self.chain)
        self._names = frozenset(leaf.id for leaf in leaves(expectation))
        self._carried: tuple[Carried, ...] | None = None

    def onward(self) -> Prospect:
        """The same from today on: a day that was missed before cannot be mended, and the series goes on all the same.

        None of the days before today is looked at.
        """
        onward = copy.copy(self)
        onward._context = self._from_today(self._context)
        onward._context_ahead = self._from_today(self._context_ahead)
        return onward

    def _from_today(self, context: Context) -> Context:
        window = msgspec.structs.replace(context.window, since=self.deadline_day.today, turns=())
        return msgspec.structs.replace(context, window=window)

    @property
    def event(self) -> str:
        """The type of event that it follows, if it follows events."""
        return self.expectation.rule.event if isinstance(self.expectation.rule, OnEvent) else ""

    @property
    def begins(self) -> date:
        """The first day of its series."""
        return self._context.window.begins or date.min

    def then(self, supposed: Supposition) -> Judgement:
        """How it will stand on the day of the deadline."""
        return self._judge(supposed, self._context, self.deadline_day.applied)

    def ahead(self, supposed: Supposition) -> Judgement:
        """How that day looks from today."""
        return self._judge(supposed, self._context_ahead, self.deadline_day.applied_ahead)

    def takes(self, kind: Kind | None) -> bool:
        return any(leaf.takes(kind) for leaf in leaves(self.expectation))

    def evidence(self, id_: str) -> Evidence | None:
        """A piece on file for it, by its id."""
        return next((item for item in self._mapped.evidence if item.id == id_), None)

    def per(self, supposed: Supposition) -> Mapping[str, str]:
        """What a piece has to be of: the link, or what a standing fail spoke for, which a pass for the same answers."""
        judgement = self.then(supposed)
        item = self.evidence(judgement.evidence) if judgement.verdict is Verdict.FAILED else None
        return item.per if item else self.chain

    def lasts(self, piece: Evidence) -> date | None:
        """The last day on which a piece serves by itself; None where no day ends it, or it serves an event alone."""
        if piece.date is None or self.event:
            return None
        window = Window(first_assessment=True, anchors=self._context.window.anchors)
        day = DayJudged(piece.date, piece.date, self._context.day.horizon)
        context = msgspec.structs.replace(self._context, day=day, window=window, first_assessment_needs="")
        alone = self._filed(MappedEvidence(), (piece,))
        run = fulfilment_of(self.expectation, alone, self._trusting(context, {piece.id})).met.around(piece.date)
        return run.end if run and run.end < date.max else None

    def _judge(self, supposed: Supposition, context: Context, applied: AppliedStandard) -> Judgement:
        trusted = supposed.approved | {piece.id for piece in supposed.pieces}
        context = self._trusting(context, trusted) if trusted else context
        if supposed.nil_returns:
            context = msgspec.structs.replace(context, events=(*context.events, *supposed.nil_returns))
        mapped = self._filed(_dated(self._mapped, supposed.dated), supposed.pieces)
        return judge_across(self.expectation, mapped, self._across, applied.use.across, context)

    def _filed(self, mapped: MappedEvidence, pieces: tuple[Evidence, ...]) -> MappedEvidence:
        named = {**mapped.named, **{piece.id: self._names for piece in pieces}}
        return MappedEvidence((*mapped.evidence, *pieces), named)

    def _trusting(self, context: Context, trusted: Collection[str]) -> Context:
        return msgspec.structs.replace(context, reviews=TrustingReviews(context.reviews, trusted))

    def _across(self) -> tuple[Carried, ...]:
        if self._carried is None:
            applied = self.deadline_day.applied
            self._carried = self.deadline_day.then.across(applied, self.control, applied.use.across)
        return self._carried


def _dated(mapped: MappedEvidence, dated: Mapping[str, date]) -> MappedEvidence:
    if not dated:
        return mapped
    evidence = tuple(
        msgspec.structs.replace(item, date=dated[item.id]) if item.id in dated and item.date is None else item
        for item in mapped.evidence
    )
    return MappedEvidence(evidence, mapped.named)


def supposed_piece(
    number: int, kind: Kind | None, day: date, scopes: tuple[str, ...], per: Mapping[str, str]
) -> Evidence:
    """A piece of a day that passes; its number tells it from the others that are supposed."""
    id_ = f"E-0000{number:04}"
    return Evidence(
        id=id_, path="", title="", kind=kind or Kind.RECORD, result=Result.PASS, date=day, scope=scopes, per=dict(per)
    )


def supposed_nil_return(event: str, start: date, day: date, scopes: tuple[str, ...]) -> Event:
    """A statement, made on a day, that nothing of a type happened from some day to that one."""
    return Event(id=f"V-{event}-{day}", type=event, date=day, scope=scopes, nil=True, period=Period(start, day))


def links_lacking(
    assessor: Assessor, applied: AppliedStandard, control: Control, expectation: Expectation
) -> tuple[str, ...]:
    """The suppliers, sites or the like whose chain of evidence is a gap; none where it is not kept for each."""
    if expectation.per is None:
        return ()
    chain = expectation.per.value
    mapped, context = assessor.case(applied, control)
    return tuple(
        link
        for link in applied.scope.listed(expectation.per)
        if judge(expectation, mapped, narrowed(context, {chain: link})).verdict.is_gap
    )
