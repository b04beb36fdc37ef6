"""For `--explain`: what a rule looks at on a day, and what each piece does for it, how long and until what."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta

import msgspec

from compliance.domain.assessment.rules.ageing import days_served
from compliance.domain.assessment.rules.candidates import Candidate, mapped_candidates, on_file
from compliance.domain.assessment.rules.failures import can_be_answered, standing_failures
from compliance.domain.assessment.rules.following import answer_days, asked_about
from compliance.domain.assessment.rules.judging import Context, MappedEvidence, fulfilment_of_link, judge
from compliance.domain.assessment.rules.occurrences import Occurrence, raised_by
from compliance.domain.assessment.rules.series import days_carried, filed_late, slots_covered
from compliance.domain.registers.certificates.occasions import Occasions
from compliance.domain.standards.expectations import AnyOf, Each, Every, Expectation, MaxAge, OnEvent, Rule
from compliance.domain.terms.durations import Duration, after
from compliance.domain.terms.periods import Period, name_of
from compliance.domain.terms.spans import EMPTY, Spans
from compliance.domain.terms.verdicts import Judgement
from compliance.domain.terms.vocabulary import Judged

_A_DAY = timedelta(days=1)
_NO_EVENT = "answers no event that is asked about"
_MANY = 6
"""How many events or slots are named one by one."""


class Service(msgspec.Struct, frozen=True):
    """What a piece does for an expectation: the days on which it does, if it is by days, and the same in words."""

    days: Spans
    words: str


class PartialVerdict(msgspec.Struct, frozen=True):
    """The verdict for one part of an expectation alone: a listed item, an alternative, an accreditation."""

    part: str
    judgement: Judgement


def partial_verdicts(expectation: Expectation, mapped: MappedEvidence, context: Context) -> tuple[PartialVerdict, ...]:
    """The verdict for each listed item that wants evidence of its own, or for each alternative of a group.

    Where there is neither, for each accreditation, if its age is looked at for several.
    """
    links = context.scope.listed(expectation.per) if expectation.per else ()
    if links and expectation.per:
        per = expectation.per.value
        return tuple(
            PartialVerdict(f"{per} {link}", fulfilment_of_link(expectation, mapped, context, link).judgement)
            for link in links
        )
    if isinstance(expectation.rule, AnyOf):
        return tuple(
            PartialVerdict(f"#{member.id}", judge(member, mapped, context)) for member in expectation.rule.members
        )
    role, live = _looked_at(expectation, context)
    if role is None or len(live) < 2:
        return ()
    return tuple(
        PartialVerdict(
            each.accreditation,
            judge(expectation, mapped, msgspec.structs.replace(context, occasions={role: (each,)})),
        )
        for each in live
    )


def looked_at(expectation: Expectation, mapped: MappedEvidence, context: Context) -> str:
    """What the rule looks at on the day judged: the occasions, the days, the slots or the events; empty if each day."""
    rule, day, window = expectation.rule, context.day, context.window
    if isinstance(rule, MaxAge):
        _, live = _looked_at(expectation, context)
        return "; ".join(_occasions_told(each, day.on) for each in live)
    if isinstance(rule, Every | Each):
        if window.first_assessment:
            return "in a first assessment its newest interval counts"
        start = window.start(rule.over, day.on)
        since = " when the series began" if start == window.begins else ""
        return f"looked at from {start}{since} to {day.on}"
    if isinstance(rule, OnEvent):
        asked, _ = _asked_events(rule, mapped, context)
        if not asked:
            return f"no {rule.event.replace('-', ' ')} since {window.start(rule.over, day.on)}"
        more = f" and {len(asked) - _MANY} before" if len(asked) > _MANY else ""
        return "; ".join(_asked(occurrence, rule) for occurrence in asked[-_MANY:]) + more
    return ""


def services(expectation: Expectation, mapped: MappedEvidence, context: Context) -> dict[str, Service]:
    """What each piece that the expectation takes does for it, by the id of the piece."""
    candidates = mapped_candidates(mapped.evidence, expectation, context.day, context.reviews, mapped.named)
    accepted = [candidate for candidate in candidates if candidate.accepted]
    replaced = {} if expectation.is_series else context.reviews.replaced(accepted)
    days = _days(expectation, candidates, context, replaced)
    failures = {id(failure): stands for failure, stands in standing_failures(candidates)}
    asked, results = _asked_events(expectation.rule, mapped, context)
    own: dict[str, Service] = {}
    for candidate in candidates:
        days_of_piece = days.get(candidate.evidence.id, EMPTY)
        words = _against(candidate, failures.get(id(candidate), EMPTY), context.day.on)
        if not words and isinstance(expectation.rule, OnEvent):
            words = _answers(candidate, expectation.rule, asked)
        elif not words:
            words = _served(expectation, candidate, days_of_piece, context, replaced)
        own[candidate.evidence.id] = Service(days_of_piece, words)
    return own | _answers_of_others(expectation.rule, asked, results, own)


def _asked_events(rule: Rule, mapped: MappedEvidence, context: Context) -> tuple[list[Occurrence], list[Candidate]]:
    """The events that are asked about, and the scans or tests of which a fail is one by itself."""
    if not isinstance(rule, OnEvent):
        return [], []
    results = on_file(mapped.evidence, raised_by(rule.event), context.day, context.reviews)
    return asked_about(rule, context.day, context.window, context.events, results), results


def _answers_of_others(
    rule: Rule, asked: Sequence[Occurrence], results: Sequence[Candidate], own: Mapping[str, Service]
) -> dict[str, Service]:
    """The passes that are filed for another expectation of the control, and answer a fail that is an event."""
    if not isinstance(rule, OnEvent):
        return {}
    derived = [occurrence for occurrence in asked if occurrence.target is not None]
    answers = {
        result.evidence.id: _answers(result, rule, derived)
        for result in results
        if result.passed and result.evidence.id not in own
    }
    return {id_: Service(EMPTY, words) for id_, words in answers.items() if words != _NO_EVENT}


def _looked_at(expectation: Expectation, context: Context) -> tuple[Judged | None, tuple[Occasions, ...]]:
    """The role of the occasions at which an age is looked at, and those of the accreditations that are not ended."""
    if not isinstance(expectation.rule, MaxAge):
        return None, ()
    role = expectation.judged or context.judged
    return role, tuple(each for each in context.occasions.get(role, ()) if context.day.on in each.not_ended)


def _occasions_told(occasions: Occasions, on: date) -> str:
    role, last, coming = occasions.role.value, occasions.last_by(on), occasions.next_after(on)
    overdue = occasions.overdue.around(on)
    if overdue:
        since = f"which was due on {overdue.start}: it counts on every day from then until that is held"
        return f"its age counts at the {role} of {occasions.accreditation}, {since}"
    if last is None:
        return f"its age counts every day before the first {role} of {occasions.accreditation}"
    ahead = f", the next on {coming}" if coming else ""
    return f"its age counts at the {role} of {occasions.accreditation}: the last on {last}{ahead}"


def _asked(occurrence: Occurrence, rule: OnEvent) -> str:
    days = answer_days(occurrence, rule)
    if rule.before and not rule.within:
        return f"{occurrence.words} wants what is dated from {days.start} on, before it"
    return f"{occurrence.words} is to be answered from {days.start} to {days.end}"


def _days(
    expectation: Expectation,
    candidates: Sequence[Candidate],
    context: Context,
    replaced: Mapping[str, tuple[date, str]],
) -> dict[str, Spans]:
    rule = expectation.rule
    if isinstance(rule, Every):
        return {candidate.evidence.id: days_carried(candidate, rule) for candidate in candidates}
    if isinstance(rule, Each | OnEvent):
        return {}
    _, live = _looked_at(expectation, context)
    age = rule.age if isinstance(rule, MaxAge) else None
    return days_served(candidates, age, context.day.on, live, replaced)


def _against(candidate: Candidate, stands: Spans, on: date) -> str:
    """What speaks against a piece, whatever the rule; empty if nothing does."""
    if candidate.failed and not candidate.rejected:
        ends = (
            "until a later pass" if can_be_answered(candidate) else "until it has a date: no pass is known to be later"
        )
        return f"a fail that stands {ends}" if on in stands else "a fail that was answered by a later pass"
    if candidate.rejected:
        return candidate.review.reason
    if candidate.inconclusive:
        return "says neither pass nor fail, and so serves nothing"
    if candidate.evidence.date is None:
        return f"serves nothing without a date: {candidate.evidence.undated or 'none is stated'}"
    return ""


def _served(
    expectation: Expectation,
    candidate: Candidate,
    days: Spans,
    context: Context,
    replaced: Mapping[str, tuple[date, str]],
) -> str:
    """What a piece does by a rule that goes by days or slots."""
    rule = expectation.rule
    if isinstance(rule, Each):
        covered = slots_covered(candidate, rule, context.day, context.window)
        return "; ".join(_slots_told(name, slots) for name, slots in covered.items()) or "covers no slot yet"
    return _days_told(days, context.day.on, lambda end: _ended_by(expectation, candidate, end, context, replaced))


def _slots_told(accreditation: str, slots: Sequence[Period]) -> str:
    named = ", ".join(name_of(slot) for slot in slots[-_MANY:])
    of = f" of {accreditation}" if accreditation else ""
    return f"covers {named}{of}" if slots else f"covers no slot{of} that is looked at"


def _answers(candidate: Candidate, rule: OnEvent, asked: Sequence[Occurrence]) -> str:
    """Which events a piece answers in time; where none, the last that it comes too late for."""
    concerned = [
        (occurrence, days)
        for occurrence in asked
        if candidate.day >= (days := answer_days(occurrence, rule)).start and occurrence.concerns(candidate)
    ]
    in_time = [occurrence.words for occurrence, days in concerned if candidate.day <= days.end]
    if in_time:
        return f"in time for {', '.join(in_time[-_MANY:])}"
    if concerned:
        occurrence, days = concerned[-1]
        return f"for {occurrence.words} {filed_late(days.end, candidate.day)}"
    return _NO_EVENT


def _days_told(days: Spans, on: date, ended_by: Callable[[date | None], str]) -> str:
    run = days.around(on)
    if run and run.end == on:
        return f"serves on {on} for the last time, {ended_by(on)}"
    if run:
        return "serves without end" if run.end == date.max else f"serves through {run.end}, {ended_by(run.end)}"
    past = [run.end for run in days if run.end < on]
    coming = [run.start for run in days if run.start > on]
    if coming:
        return f"serves from {coming[0]} on"
    return f"served through {past[-1]}, {ended_by(past[-1])}" if past else f"serves on no day, {ended_by(None)}"


def _ended_by(
    expectation: Expectation,
    candidate: Candidate,
    end: date | None,
    context: Context,
    replaced: Mapping[str, tuple[date, str]],
) -> str:
    """What ends the days of a piece, the last of which is given; None where it has none at all."""
    item = candidate.evidence
    following = end + _A_DAY if end and end < date.max else None
    since, successor = replaced.get(item.id, (None, ""))
    if item.withdrawn and (following is None or item.withdrawn.on == following):
        return f"retired on {item.withdrawn.on}"
    if item.valid_until and (end is None or item.valid_until == end):
        return f"the end that it prints: {item.valid_until}"
    if since and (following is None or since == following):
        return f"replaced by {successor} from {since} on"
    rule = expectation.rule
    if isinstance(rule, Every):
        grace = f" and {rule.grace} of grace" if rule.grace else ""
        return f"{rule.interval}{grace} after its date"
    age = rule.age if isinstance(rule, MaxAge) else None
    _, live = _looked_at(expectation, context)
    role = next((each.role.value for each in live if following and each.next_after(end or date.min) == following), "")
    if role and age and end and _limit(candidate, age) < end:
        return f"too old for the {role} on {following}"
    if age and (end is None or _limit(candidate, age) <= end):
        return f"{age} after its date"
    return "a later fail of the same" if end else "a fail of the same came on its day or after"


def _limit(candidate: Candidate, age: Duration) -> date:
    return after(candidate.day, age)
