"""The fewest things to do that close the most gaps before the next deadline of each standard.

Each standard is judged on the day that it will be looked at next (its submission, audit or expiry) as it will stand
then if nothing is done. What is a gap on that day is to be closed by it. One piece may close several: whatever rests on
a piece that has grown too old is renewed with it, and a new piece of one kind may serve related controls of other
standards that lack the same kind. Each step has its day, and what has to be done again before the deadline is listed
again: whoever does everything on its day has no gap when the deadlines come, but for those that nothing closes.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

import msgspec

from compliance.domain.ledger.ledger import Ledger
from compliance.domain.ledger.settings import Scope
from compliance.domain.planning.covering import cover
from compliance.domain.planning.open_gaps import Gap, OpenGap, open_gaps
from compliance.domain.planning.scheduling import Deed, Task, next_deed
from compliance.domain.planning.supposition import Supposition, supposed_piece
from compliance.domain.standards.catalogue import RelationType
from compliance.domain.standards.crosswalk import Crosswalk
from compliance.domain.terms.periods import Period
from compliance.domain.terms.references import Reference
from compliance.domain.terms.verdicts import Verdict
from compliance.domain.terms.vocabulary import Kind

_SURE = {RelationType.EQUAL, RelationType.SUBSET, RelationType.SUPERSET}


class PlanStep(msgspec.Struct, frozen=True, kw_only=True):
    """One thing to do on a day, and the gaps that it closes; of `likely` ones a person has to see whether it does.

    What a series wants more than once is a step each time. Each is counted for the gap; the last of them closes it.
    """

    task: Task
    by: date
    """The day to do it; the last of the calendar where no deadline is known, and today is as good as any day."""
    until: date | None = None
    """The last day on which it serves everything that it closes; None where no day ends it."""
    kind: str = ""
    what: str = ""
    subject: str = ""
    """The evidence to renew, approve or date; the type of event to state."""
    owner: str = ""
    per: Mapping[str, str] = {}
    """The supplier, site, system or merchant that a new piece is of."""
    period: Period | None = None
    """The time to state something of."""
    approval: bool = False
    """Whether what is filed has to be approved as well, to count."""
    closes: tuple[Gap, ...] = ()
    likely: tuple[Gap, ...] = ()

    @property
    def count(self) -> int:
        return len(self.closes) + len(self.likely)


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What to do, soonest first.

    `at_least` is how few steps any plan has in which a thing done closes only gaps that rest on the same evidence, or
    whose controls are related and take its kind.
    """

    pieces: tuple[PlanStep, ...]
    at_least: int
    beyond: tuple[Gap, ...]
    """What no piece can close any more, or what waits for something else than evidence."""
    onward: tuple[PlanStep, ...] = ()
    """What has to be filed for the series among these all the same; it closes nothing, and keeps them from worse."""
    without_start: tuple[str, ...] = ()
    """Of what is beyond because a day was missed, the scopes that do not say when they began."""

    @property
    def is_fewest(self) -> bool:
        return len(self.pieces) == self.at_least

    @property
    def closed(self) -> int:
        """How many gaps are closed for sure once everything is done."""
        return len({gap for piece in self.pieces for gap in piece.closes})

    @property
    def likely(self) -> int:
        """How many more are likely closed."""
        closed = {gap for piece in self.pieces for gap in piece.closes}
        return len({gap for piece in self.pieces for gap in piece.likely} - closed)


class _Bundle(msgspec.Struct, frozen=True):
    """Something to do, with the numbers of the gaps that it closes for sure and of those that it closes likely."""

    step: PlanStep
    sure: frozenset[int]
    likely: frozenset[int] = frozenset()


def plan(ledger: Ledger, scopes: Iterable[Scope], standards: frozenset[str], on: date, before: date | None) -> Plan:
    """The plan for some scopes, as seen from a day; `standards` names the standards, all if none is named.

    With `before`, every standard is judged on that day instead of its own.
    """
    all_gaps = sorted(open_gaps(ledger, scopes, standards, on, before), key=lambda open_gap: open_gap.gap)
    closable = [open_gap for open_gap in all_gaps if open_gap.closable]
    new_pieces = list(_new_pieces(ledger, closable))
    bundles = [*_resting(closable), *(bundle for bundle in new_pieces if _files(bundle, closable))]
    chosen = cover(len(closable), [bundle.sure | bundle.likely for bundle in bundles]).chosen
    steps, uncovered = _Steps(closable, ledger.settings.review.reviewed_kinds), set(range(len(closable)))
    for place in chosen:
        bundle = bundles[place]
        closing, maybe = bundle.sure & uncovered, bundle.likely & uncovered
        uncovered -= closing | maybe
        steps.take(bundle.step, sorted(closing), sorted(maybe))
    beyond = [open_gap for open_gap in all_gaps if not open_gap.closable]
    ties = [bundle.sure | bundle.likely for bundle in (*_on_same_evidence(closable), *bundles, *new_pieces)]
    return Plan(
        pieces=tuple(sorted(steps.steps, key=_order)),
        at_least=cover(len(closable), ties).at_least,
        beyond=tuple(open_gap.gap for open_gap in beyond),
        onward=_onward(ledger, beyond),
        without_start=_without_start(ledger, all_gaps),
    )


def _onward(ledger: Ledger, beyond: Iterable[OpenGap]) -> tuple[PlanStep, ...]:
    """What has to be filed for series that nothing mends any more, those that rest on one piece together."""
    series = [onward for open_gap in beyond if (onward := open_gap.onward())]
    steps = _Steps(series, frozenset(ledger.settings.review.kinds))
    for bundle in _resting(series):
        steps.take(bundle.step, sorted(bundle.sure), ())
    for number, open_gap in enumerate(series):
        if _task(open_gap) is Task.FILE:
            kind = next(iter(open_gap.deeds))
            new = PlanStep(task=Task.FILE, by=date.max, kind=kind.value if kind else "", what=open_gap.gap.what)
            steps.take(new, [number], ())
    return tuple(sorted(steps.steps, key=_order))


def _without_start(ledger: Ledger, open_gaps: Iterable[OpenGap]) -> tuple[str, ...]:
    """The ids of the scopes without a start in which a day was missed that no piece mends any more."""
    missed = {
        open_gap.gap.scope
        for open_gap in open_gaps
        if not open_gap.closable and open_gap.first.verdict in {Verdict.MISSED, Verdict.MISSING}
    }
    return tuple(scope.id for scope in ledger.settings.scopes if scope.start is None and scope.id in missed)


def _order(step: PlanStep) -> tuple[date, int, str, str, str]:
    return step.by, -step.count, step.task.value, step.what, step.subject


def _task(open_gap: OpenGap) -> Task:
    """What is to be done first about a gap."""
    deeds = next(iter(open_gap.deeds.values()), ())
    if not deeds:
        return Task.ANSWER
    if deeds[0].task is Task.FILE and open_gap.renews:
        return Task.RENEW
    return deeds[0].task


def _resting(closable: Sequence[OpenGap]) -> Iterator[_Bundle]:
    """What is done about what is on file, or in the registers, each with all the gaps that rest on it."""
    resting: dict[tuple[Task, str, tuple[tuple[str, str], ...]], list[int]] = {}
    for number, open_gap in enumerate(closable):
        task = _task(open_gap)
        if task is Task.ANSWER:
            yield _Bundle(PlanStep(task=task, by=open_gap.gap.by, what=open_gap.gap.what), frozenset({number}))
        elif task is not Task.FILE:
            subject = open_gap.prospect.event if open_gap.prospect and task is Task.STATE else open_gap.first.evidence
            per = open_gap.per if task is Task.RENEW else ()
            resting.setdefault((task, subject, per), []).append(number)
    for (task, subject, per), numbers in resting.items():
        item = closable[numbers[0]].evidence
        step = PlanStep(task=task, by=date.max, subject=subject, per=dict(per))
        if item and task is not Task.STATE:
            kind = item.kind.value if item.kind else ""
            step = msgspec.structs.replace(step, kind=kind, what=item.title, owner=item.owner)
        yield _Bundle(step, frozenset(numbers))


def _on_same_evidence(closable: Sequence[OpenGap]) -> Iterator[_Bundle]:
    """All gaps that rest on one piece, whatever is to be done about each: a new one may close them together."""
    resting: dict[str, list[int]] = {}
    for number, open_gap in enumerate(closable):
        if open_gap.first.evidence:
            resting.setdefault(open_gap.first.evidence, []).append(number)
    for numbers in resting.values():
        yield _Bundle(PlanStep(task=Task.RENEW, by=date.max), frozenset(numbers))


def _files(bundle: _Bundle, closable: Sequence[OpenGap]) -> bool:
    """Whether a new piece is what is wanted for all of them: what waits for approval, say, is not filed anew."""
    return all(_task(closable[number]) is Task.FILE for number in bundle.sure | bundle.likely)


def _new_pieces(ledger: Ledger, closable: Sequence[OpenGap]) -> Iterator[_Bundle]:
    """For each gap and kind a new piece, with what related controls lack of the same kind in the same scope.

    First with those that a new piece is wanted for, then with all that one could close.
    """
    crosswalk = Crosswalk(ledger.catalogues)
    fileable = [number for number, open_gap in enumerate(closable) if _is_fileable(open_gap)]
    related: dict[Reference, list[tuple[Reference, bool]]] = {}
    for numbers in ([number for number in fileable if _task(closable[number]) is Task.FILE], fileable):
        by_place: dict[tuple[str, tuple[tuple[str, str], ...], Reference], list[int]] = {}
        for number in numbers:
            open_gap = closable[number]
            by_place.setdefault((open_gap.gap.scope, open_gap.per, open_gap.control), []).append(number)
        for (scope, per, place), here in by_place.items():
            if place not in related:
                routes = crosswalk.direct(place)
                related[place] = [(route.target, route.type in _SURE) for route in routes]
            for number in here:
                for kind in closable[number].deeds:
                    # One thing may be wanted by several deadlines: of the scope itself, and of those that inherit it.
                    own = closable[number].gap.control
                    sure, likely = {each for each in here if closable[each].gap.control == own}, set[int]()
                    for target, is_sure in related[place]:
                        served = _served(closable, by_place.get((scope, per, target), ()), kind)
                        (sure if is_sure else likely).update(served)
                    step = PlanStep(
                        task=Task.FILE,
                        by=date.max,
                        kind=kind.value if kind else "",
                        what=closable[number].gap.what,
                        per=dict(per),
                    )
                    yield _Bundle(step, frozenset(sure), frozenset(likely - sure))


def _is_fileable(open_gap: OpenGap) -> bool:
    """Whether a new piece is a way to begin to close it, and not a word on what happened."""
    return open_gap.prospect is not None and _task(open_gap) is not Task.STATE


def _served(closable: Sequence[OpenGap], numbers: Sequence[int], kind: Kind | None) -> list[int]:
    """Of what a related control lacks, the first that takes a piece of the kind: one piece is one thing there, too."""
    for number in numbers:
        if kind in closable[number].deeds and kind is not None:
            return [number]
    return []


class _Steps:
    """The steps of the bundles that were chosen, each with its day, repeated as often as its gaps need it."""

    def __init__(self, closable: Sequence[OpenGap], reviewed: frozenset[Kind]) -> None:
        self._closable, self._reviewed = closable, reviewed
        self._merged: dict[tuple[Task, str], PlanStep] = {}
        self._filed: list[PlanStep] = []

    @property
    def steps(self) -> list[PlanStep]:
        return [*self._merged.values(), *self._filed]

    def take(self, step: PlanStep, sure: Sequence[int], likely: Sequence[int]) -> None:
        """Adds what is to be done for some gaps: everything that closes the sure ones, in the order of its days."""
        open_gaps_ = [self._closable[number] for number in sure]
        maybe = tuple(self._closable[number].gap for number in likely)
        if step.task is Task.ANSWER:
            self._filed.append(msgspec.structs.replace(step, closes=tuple(open_gap.gap for open_gap in open_gaps_)))
            return
        for done in _Schedule(step, open_gaps_, itertools.count(len(self._filed) + 1)).steps():
            self._add(msgspec.structs.replace(done, likely=maybe))
            maybe = ()
        if maybe:
            by = min(gap.by for gap in maybe)
            self._add(msgspec.structs.replace(step, by=by, approval=False, likely=maybe))

    def _add(self, step: PlanStep) -> None:
        """Adds a step; what is approved or dated is so once, for everything that rests on it."""
        if step.task in {Task.FILE, Task.RENEW}:
            approval = Kind(step.kind) in self._reviewed if step.kind else False
            self._filed.append(msgspec.structs.replace(step, approval=approval))
            return
        if step.task is Task.STATE:
            self._filed.append(step)
            return
        key = (step.task, step.subject)
        same = self._merged.get(key)
        if same:
            step = msgspec.structs.replace(
                same,
                by=min(same.by, step.by),
                until=min((day for day in (same.until, step.until) if day), default=None),
                closes=tuple(sorted({*same.closes, *step.closes})),
                likely=tuple(sorted({*same.likely, *step.likely})),
            )
        self._merged[key] = step


class _Schedule:
    """What is done for some gaps together, day by day, until all of them are closed."""

    def __init__(self, step: PlanStep, open_gaps_: Sequence[OpenGap], numbers: Iterator[int]) -> None:
        self._step, self._numbers = step, numbers
        self._closing = [(open_gap, open_gap.prospect) for open_gap in open_gaps_ if open_gap.prospect]
        self._supposed = [Supposition() for _ in self._closing]
        wanted = Kind(step.kind) if step.kind else None
        self._kinds = [
            wanted if open_gap.takes(wanted) else next(iter(open_gap.deeds)) for open_gap, _ in self._closing
        ]

    def steps(self) -> Iterator[PlanStep]:
        while deeds := dict(self._next_deeds()):
            place = min(deeds, key=lambda each: (deeds[each].day, each))
            yield self._file(place, deeds) if deeds[place].task is Task.FILE else self._settle(place, deeds)

    def _next_deeds(self) -> Iterator[tuple[int, Deed]]:
        for place, (_, prospect) in enumerate(self._closing):
            deed = next_deed(prospect, self._supposed[place], self._kinds[place])
            if deed:
                yield place, deed

    def _file(self, place: int, deeds: Mapping[int, Deed]) -> PlanStep:
        """A new piece for one gap, and for every other that it closes, or that wants one of that day as well."""
        open_gap, kind = self._closing[place][0], self._kinds[place]
        day, per = deeds[place].day, deeds[place].per
        piece = supposed_piece(next(self._numbers), kind, day, (open_gap.gap.scope,), per)
        served = []
        for other, deed in deeds.items():
            supposed = self._supposed[other].and_filed(piece)
            alike = self._kinds[other] is kind and (deed.task is not Task.FILE or deed.per == per)
            wanted = deed.task is Task.FILE and deed.day == day
            if alike and (wanted or not self._closing[other][1].then(supposed).verdict.is_gap):
                self._supposed[other] = supposed
                served.append(other)
        same_kind = self._step.kind == (kind.value if kind else "")
        renewed = self._step.task is Task.RENEW and same_kind
        lasts = [last for other in served if (last := self._closing[other][1].lasts(piece))]
        return msgspec.structs.replace(
            self._step if same_kind else PlanStep(task=Task.FILE, by=day),
            task=Task.RENEW if renewed else Task.FILE,
            kind=kind.value if kind else "",
            what=self._step.what if renewed else open_gap.gap.what,
            subject=self._step.subject if renewed else "",
            by=self._day(day, served),
            until=min(lasts, default=None),
            per=dict(per),
            closes=self._gaps(served),
        )

    def _settle(self, place: int, deeds: Mapping[int, Deed]) -> PlanStep:
        """What is said of evidence on file, or of what happened, for all gaps that wait for it."""
        deed = deeds[place]
        alike = {other: each for other, each in deeds.items() if (each.task, each.subject) == (deed.task, deed.subject)}
        period = _joined(each.nil_return.period for each in alike.values() if each.nil_return)
        if deed.nil_return and period:
            period = Period(period.start, deed.day)
            nil_return = msgspec.structs.replace(deed.nil_return, period=period)
            deed = msgspec.structs.replace(deed, nil_return=nil_return)
        served, ends = [], []
        for other, each in alike.items():
            supposed, prospect = deed.done(self._supposed[other]), self._closing[other][1]
            judgement = prospect.then(supposed)
            if each.day == deed.day or deed.task is not Task.STATE or not judgement.verdict.is_gap:
                self._supposed[other] = supposed
                served.append(other)
                if judgement.until and not judgement.verdict.is_gap:
                    ends.append(judgement.until)
        item = self._closing[place][1].evidence(deed.subject)
        return PlanStep(
            task=deed.task,
            by=self._day(deed.day if deed.task is Task.STATE else self._deadline(served), served),
            until=min(ends, default=None),
            kind=item.kind.value if item and item.kind else "",
            what=item.title if item else "",
            subject=deed.subject,
            owner=item.owner if item else "",
            period=period if deed.task is Task.STATE else None,
            closes=self._gaps(served),
        )

    def _gaps(self, places: Sequence[int]) -> tuple[Gap, ...]:
        return tuple(sorted(self._closing[place][0].gap for place in places))

    def _deadline(self, places: Sequence[int]) -> date:
        return min(gap.by for gap in self._gaps(places))

    def _day(self, day: date, places: Sequence[int]) -> date:
        """The day of a step; none where nothing that it serves has a deadline."""
        return date.max if all(gap.by == date.max for gap in self._gaps(places)) else day


def _joined(periods: Iterable[Period | None]) -> Period | None:
    """The time from the first day of any to the last day of any."""
    times = [period for period in periods if period]
    if not times:
        return None
    return Period(min(time.start for time in times), max(time.end for time in times))
