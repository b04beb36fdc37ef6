"""Evidence that must not be too old: `max-age` and `once`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta

import msgspec

from compliance.domain.assessment.rules.candidates import Candidate, DayJudged
from compliance.domain.assessment.rules.failures import overtaken
from compliance.domain.assessment.rules.fulfilment import Fulfilment
from compliance.domain.registers.certificates.occasions import Occasions
from compliance.domain.terms.durations import Duration, add_days, after
from compliance.domain.terms.spans import ALL_DAYS, EMPTY, Spans, before_day, from_day, through
from compliance.domain.terms.verdicts import Judgement, Renewal, Verdict
from compliance.domain.terms.vocabulary import Result

_A_DAY = timedelta(days=1)
AgeOf = Callable[[Candidate], Duration | None]
"""How old a piece may grow; None if it never ages."""


def judge_age(
    candidates: Sequence[Candidate],
    age: Duration | AgeOf | None,
    day: DayJudged,
    occasions: Sequence[Occasions] = (),
    replaced: Mapping[str, tuple[date, str]] | None = None,
) -> Fulfilment:
    """How the pieces stand by their age.

    Each serves from its day through its date plus the age, or to its own printed end if that is earlier, until it is
    retired or replaced. With occasions the age counts on the days of these alone; where several accreditations have
    their own, what is met must be met for each that is not ended, and the worst rules.
    """
    age_of: AgeOf = age if callable(age) else lambda _candidate: age
    candidates = sorted(candidates, key=lambda candidate: candidate.evidence.id)
    serving = _serving(candidates, replaced or {})
    ended_days = [ALL_DAYS - each.not_ended for each in occasions]
    views = [_View(candidates, serving, age_of, each) for each in occasions]
    everyday = _View(candidates, serving, age_of, None)
    superseded = {old for old, (since, _) in (replaced or {}).items() if since <= day.on}
    at_hand = [candidate for candidate in candidates if candidate.evidence.id not in superseded]
    met = everyday.met
    if views:
        nobody = ALL_DAYS
        met = ALL_DAYS
        for view, ended in zip(views, ended_days, strict=True):
            met &= view.met | ended
            nobody &= ended
        met &= everyday.met | (ALL_DAYS - nobody)
    live = [view for view, ended in zip(views, ended_days, strict=True) if day.on not in ended] or [everyday]
    worst = min(live, key=lambda view: _end(view.met, day.on))
    named = f" for {worst.accreditation}" if len(live) > 1 else ""
    judgement = worst.judgement(day, met, named) or of_no_use(at_hand, day.on)
    return Fulfilment(judgement=judgement, met=met)


def days_served(
    candidates: Sequence[Candidate],
    age: Duration | None,
    on: date,
    occasions: Sequence[Occasions] = (),
    replaced: Mapping[str, tuple[date, str]] | None = None,
) -> dict[str, Spans]:
    """The days on which each piece serves by its age, by its id, for every accreditation that is not ended on a day."""
    serving = _serving(candidates, replaced or {})
    live: list[Occasions | None] = [each for each in occasions if on in each.not_ended]
    views = [_View(candidates, serving, lambda _candidate: age, each) for each in live or [None]]
    days = dict(views[0].days)
    for view in views[1:]:
        days = {id_: spans_of_piece & view.days[id_] for id_, spans_of_piece in days.items()}
    return days


def _serving(candidates: Sequence[Candidate], replaced: Mapping[str, tuple[date, str]]) -> dict[str, Spans]:
    failures = [candidate for candidate in candidates if candidate.failed]
    return {candidate.evidence.id: _may_serve(candidate, failures, replaced) for candidate in candidates}


def _end(days: Spans, on: date) -> date:
    """The last day of the run that holds a day; the first of the calendar where none does."""
    run = days.around(on)
    return run.end if run else date.min


def _may_serve(candidate: Candidate, failures: Sequence[Candidate], replaced: Mapping[str, tuple[date, str]]) -> Spans:
    """The days on which a piece may serve, whatever its age and the end that it prints."""
    if not candidate.passed:
        return EMPTY
    days = from_day(candidate.begins) & candidate.not_retired
    if candidate.evidence.id in replaced:
        days &= before_day(replaced[candidate.evidence.id][0])
    return days - overtaken(candidate, failures)


class _View:
    """The pieces as one accreditation's submissions or audits look at them, or as every day does."""

    def __init__(
        self,
        candidates: Sequence[Candidate],
        serving: Mapping[str, Spans],
        age_of: AgeOf,
        occasions: Occasions | None,
    ) -> None:
        self._candidates = candidates
        self._age_of = age_of
        self._occasions = occasions
        self._serving = serving
        self.days = {candidate.evidence.id: self._days_of(candidate) for candidate in candidates}
        met = EMPTY
        for days in self.days.values():
            met |= days
        self.met = met

    @property
    def accreditation(self) -> str:
        return self._occasions.accreditation if self._occasions else ""

    def judgement(self, day: DayJudged, met: Spans, named: str) -> Judgement | None:
        """The verdict on the day judged by what serves or served; `met` are the days on which it is met for everybody.

        None where nothing ever could.
        """
        serving = [candidate for candidate in self._candidates if day.on in self.days[candidate.evidence.id]]
        if serving:
            chosen = max(serving, key=self._order)
            return msgspec.structs.replace(
                chosen.judged(Verdict.EVIDENCED, self._why_met(chosen, day.on) + named),
                renewals=self._renewals(day.on, met),
            )
        ran_out = [candidate for candidate in self._candidates if day.on in self._serving[candidate.evidence.id]]
        if ran_out:
            chosen = max(ran_out, key=self._order)
            since = max((run.end for run in met if run.end < day.on), default=self._last(chosen)) + _A_DAY
            stale = chosen.judged(Verdict.STALE, self._why_stale(chosen, day.on) + named, since=since)
            return msgspec.structs.replace(stale, renewals=self._ran_out(chosen, add_days(since, -1), met))
        return None

    def _days_of(self, candidate: Candidate) -> Spans:
        days = self._serving[candidate.evidence.id]
        printed = candidate.evidence.valid_until or date.max
        return days & through(min(printed, self._reach(candidate))) if days else days

    def _limit(self, candidate: Candidate) -> date:
        """The last day on which its age is not too great."""
        age = self._age_of(candidate)
        return after(candidate.day, age) if age else date.max

    def _reach(self, candidate: Candidate) -> date:
        limit = self._limit(candidate)
        return self._occasions.reach(limit) if self._occasions and limit < date.max else limit

    def _last(self, candidate: Candidate) -> date:
        days = self.days[candidate.evidence.id]
        return days.periods[-1].end if days else add_days(candidate.begins, -1)

    def _order(self, candidate: Candidate) -> tuple[date, date]:
        """The latest end first, then the newest date; of equal ones `max` takes the first by id."""
        return self._last(candidate), candidate.day

    def _renewals(self, on: date, met: Spans) -> tuple[Renewal, ...]:
        """The day by which the run must be renewed: its last, or the occasion that ends it."""
        end = _end(met, on)
        if end == date.max:
            return ()
        last = [candidate for candidate in self._candidates if self._last(candidate) == end]
        chosen = max(last or self._candidates, key=self._order)
        occasion = end + _A_DAY
        by_occasion = self._occasions is not None and self._limit(chosen) < occasion and self._is_occasion(occasion)
        aged_out = end < (chosen.evidence.valid_until or date.max) and occasion in self._serving[chosen.evidence.id]
        return (Renewal(day=occasion if by_occasion and aged_out else end, evidence=chosen.evidence.id),)

    def _ran_out(self, chosen: Candidate, last_day: date, met: Spans) -> tuple[Renewal, ...]:
        """The row of what is too old: on the day on which it stood before, so that it is overdue on the day after."""
        before = self._renewals(last_day, met) if last_day in met else (Renewal(day=last_day),)
        return tuple(msgspec.structs.replace(renewal, evidence=chosen.evidence.id) for renewal in before)

    def _is_occasion(self, day: date) -> bool:
        return self._occasions is not None and self._occasions.next_after(add_days(day, -1)) == day

    def _why_met(self, candidate: Candidate, on: date) -> str:
        last, limit = self._last(candidate), self._limit(candidate)
        if last == date.max and limit == date.max:
            return _dated(candidate)
        if self._occasions is None or last < limit or (last == limit and on not in self._occasions.overdue):
            return f"{_dated(candidate)}; fresh through {last}"
        name = self._occasions.role.value
        if last == limit:
            return f"{_dated(candidate)}; in date for the {name} on {on}"
        coming = self._occasions.next_after(limit)
        if coming:
            return f"{_dated(candidate)}; will be too old for the {name} on {coming}"
        return f"{_dated(candidate)}; in date for the last {name}"

    def _why_stale(self, candidate: Candidate, on: date) -> str:
        last, limit = self._last(candidate), self._limit(candidate)
        printed = candidate.evidence.valid_until
        if printed and printed < on and printed <= min(limit, max(last, printed)):
            return f"{_dated(candidate)}; by its own words valid only until {printed}"
        looked_at = self._looked_at(limit, on)
        if self._occasions and looked_at:
            return f"{_dated(candidate)}; too old for the {self._occasions.role.value} on {looked_at}"
        return f"{_dated(candidate)}; older than {self._age_of(candidate)} since {limit + _A_DAY}"

    def _looked_at(self, limit: date, on: date) -> date | None:
        """The occasion by which it was too old: an overdue one is to be held on whatever day is judged."""
        if self._occasions is None:
            return None
        if limit in self._occasions.overdue and on in self._occasions.overdue:
            return on
        occasion = self._occasions.next_after(limit)
        return occasion if occasion and occasion <= on else None


def of_no_use(candidates: Sequence[Candidate], on: date) -> Judgement:
    """The best of the pieces that can serve on no day at all: undated, inconclusive, rejected; without any, missing.

    What is retired by the day, or valid only after it, is none of these.
    """
    judged = [
        candidate.judged(verdict, why)
        for candidate in candidates
        if candidate.begins <= on and on in candidate.not_retired
        for verdict, why in _hindrances(candidate)
    ]
    return min(
        judged,
        key=lambda judgement: (
            judgement.verdict.rank,
            -(judgement.evidence_date or date.min).toordinal(),
            judgement.evidence,
        ),
        default=Judgement(verdict=Verdict.MISSING),
    )


def _hindrances(candidate: Candidate) -> list[tuple[Verdict, str]]:
    if candidate.rejected:
        return [(Verdict.REJECTED, candidate.review.reason)]
    if candidate.inconclusive and not candidate.failed:
        return [(Verdict.INCONCLUSIVE, _inconclusive(candidate))]
    if candidate.evidence.date is None and not candidate.failed:
        return [(Verdict.UNDATED, candidate.evidence.undated or "it has no date")]
    return []


def _inconclusive(candidate: Candidate) -> str:
    if candidate.evidence.result is Result.INCONCLUSIVE:
        return f"{_dated(candidate)}; inconclusive: neither a pass nor a fail"
    kind = candidate.evidence.kind
    return f"{_dated(candidate)}; the {kind.value if kind else 'piece'} says neither pass nor fail"


def _dated(candidate: Candidate) -> str:
    words = f"dated {candidate.evidence.date}" if candidate.evidence.date else "without a date"
    if candidate.evidence.result is Result.CONDITIONAL:
        words += ", a conditional pass"
    return words
