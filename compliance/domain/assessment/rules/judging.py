"""One expectation judged: its chains, its alternatives, its rule."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta

import msgspec

from compliance.domain.assessment.rules.ageing import judge_age
from compliance.domain.assessment.rules.candidates import (
    Candidate,
    DayJudged,
    Dismissed,
    Reviews,
    mapped_candidates,
    on_file,
    sift,
)
from compliance.domain.assessment.rules.following import judge_events
from compliance.domain.assessment.rules.fulfilment import Fulfilment, judged, settled, told_apart
from compliance.domain.assessment.rules.occurrences import raised_by
from compliance.domain.assessment.rules.series import Window, judge_each, judge_every
from compliance.domain.ledger.records import Evidence
from compliance.domain.ledger.settings import Scope
from compliance.domain.registers.certificates.occasions import Occasions
from compliance.domain.registers.events import Event
from compliance.domain.standards.expectations import AnyOf, Each, Every, Expectation, MaxAge, Once, OnEvent
from compliance.domain.terms.durations import add_days
from compliance.domain.terms.spans import ALL_DAYS, from_day, span
from compliance.domain.terms.verdicts import Judgement, Verdict, best, worst
from compliance.domain.terms.vocabulary import Chain, Judged
from compliance.problems import with_article

_LAST_DAY = operator.attrgetter("last_day")
_ANY = Expectation(id="any", rule=Once())
_TOLD = 3
"""How many pieces a reason names; `--explain` has them all."""


class MappedEvidence(msgspec.Struct, frozen=True):
    """The evidence mapped to a control, and for a piece whose mapping names expectations, which."""

    evidence: tuple[Evidence, ...] = ()
    named: Mapping[str, frozenset[str]] = {}


class Context(msgspec.Struct, frozen=True, kw_only=True):
    """What an expectation is judged with: the day, the reviews, and what is known of the standard in the scope."""

    day: DayJudged
    reviews: Reviews
    scope: Scope
    events: tuple[Event, ...]
    window: Window
    judged: Judged
    occasions: Mapping[Judged, tuple[Occasions, ...]]
    first_assessment_needs: str = ""
    later: Callable[[date], Context]
    """Gives the context of a later day, as it follows from what is known now."""

    def on_day(self, on: date) -> Context:
        """The same on a later day, by the events of today and those planned: of others nobody knows yet."""
        events = tuple(event for event in self.events if event.planned or event.date <= self.day.on)
        return msgspec.structs.replace(self.later(on), scope=self.scope, reviews=self.reviews, events=events)


def judge(expectation: Expectation, mapped: MappedEvidence, context: Context) -> Judgement:
    """How the expectation stands."""
    return fulfilment_of(expectation, mapped, context).judgement


def fulfilment_of(expectation: Expectation, mapped: MappedEvidence, context: Context) -> Fulfilment:
    """How the expectation stands, with the days on which it is met.

    The worst of the chains that it wants, one for each listed item, naming those that lack one.
    """
    links = context.scope.listed(expectation.per) if expectation.per else ()
    if not links or not expectation.per:
        return _for_good(_cover(expectation, mapped, context, ""), context)
    chains = {link: fulfilment_of_link(expectation, mapped, context, link) for link in links}
    verdict = worst([chain.judgement for chain in chains.values()])
    lacking = [
        f"{link} ({chain.judgement.verdict.value})" for link, chain in chains.items() if chain.judgement.verdict.is_gap
    ]
    renewals = tuple(
        msgspec.structs.replace(renewal, of=", ".join(filter(None, (link, renewal.of))))
        for link, chain in chains.items()
        for renewal in told_apart(chain.judgement).renewals
    )
    reason = f"{expectation.per.value} without: {', '.join(lacking)}" if lacking else verdict.reason
    met = ALL_DAYS
    for chain in chains.values():
        met &= chain.met
    steady = any(chain.steady for chain in chains.values() if chain.judgement == verdict)
    judgement = msgspec.structs.replace(verdict, reason=reason, renewals=())
    fulfilment = settled(Fulfilment(judgement=judgement, met=met, steady=steady), context.day)
    judgement = msgspec.structs.replace(fulfilment.judgement, renewals=renewals)  # each chain's row has its own day
    return msgspec.structs.replace(fulfilment, judgement=judgement)


def fulfilment_of_link(expectation: Expectation, mapped: MappedEvidence, context: Context, link: str) -> Fulfilment:
    """How the expectation stands for one listed item of its chains."""
    return _for_good(_cover(expectation, mapped, context, link), context)


def _for_good(fulfilment: Fulfilment, context: Context) -> Fulfilment:
    """What is met on the last day of a scope stays so: nothing falls due after that, and no lapse is announced."""
    last = context.scope.end
    run = fulfilment.met.around(context.day.on)
    if last is None or run is None or last not in run:
        return fulfilment
    return settled(msgspec.structs.replace(fulfilment, met=fulfilment.met | from_day(last)), context.day)


def considered(
    expectation: Expectation, mapped: MappedEvidence, context: Context
) -> tuple[list[Candidate], list[Dismissed]]:
    """For `--explain`: which pieces are candidates for the expectation, and why the others are not."""
    return sift(mapped.evidence, expectation, context.day, context.reviews, mapped.named)


def narrowed(context: Context, per: Mapping[str, str]) -> Context:
    """The context, its scope listing of each chain that is named the one link alone."""
    chains = {f"{chain}s": (link,) for chain, link in per.items() if link in context.scope.listed(Chain(chain))}
    return msgspec.structs.replace(context, scope=msgspec.structs.replace(context.scope, **chains))


def _cover(expectation: Expectation, mapped: MappedEvidence, context: Context, link: str) -> Fulfilment:
    """How an expectation stands for one link of its chains, or for all where it has none."""
    if isinstance(expectation.rule, AnyOf):
        return _any_of(expectation.rule, _only(expectation, mapped, link), context)
    fulfilment = _as_accredited(expectation, mapped, context, link)
    if not _turns(expectation, context) or not fulfilment.judgement.verdict.is_met:
        return fulfilment
    for turn in context.window.turns:
        run = fulfilment.met.around(context.day.on)
        if turn <= context.day.on or run is None or add_days(turn, -1) > run.end:
            continue
        following = _as_accredited(expectation, _on_file(mapped, context), context.on_day(turn), link)
        met = (fulfilment.met - from_day(turn)) | (following.met & from_day(turn))
        judgement = _after_turn(fulfilment.judgement, following.judgement, turn)
        fulfilment = settled(msgspec.structs.replace(fulfilment, judgement=judgement, met=met), context.day)
    return fulfilment


def _turns(expectation: Expectation, context: Context) -> bool:
    """Whether what it asks for changes on the day of a grant or an end: its slots, or where its window begins."""
    if isinstance(expectation.rule, OnEvent):
        return bool(context.first_assessment_needs)
    return isinstance(expectation.rule, Every | Each)


def _after_turn(judgement: Judgement, following: Judgement, turn: date) -> Judgement:
    """The judgement with what falls due from the turn on as the day of the turn has it."""
    if not following.verdict.is_met:
        return msgspec.structs.replace(judgement, renewals=following.renewals)
    own = tuple(renewal for renewal in judgement.renewals if renewal.day < turn)
    reason = judgement.reason if len(own) == len(judgement.renewals) else following.reason
    renewals = (*own, *(renewal for renewal in following.renewals if renewal.day >= turn))
    return msgspec.structs.replace(judgement, reason=reason, renewals=renewals)


def _as_accredited(expectation: Expectation, mapped: MappedEvidence, context: Context, link: str) -> Fulfilment:
    """The same by the accreditations of the day: what is granted or ends later may ask for other slots, or more."""
    evidence = _of_link(expectation, mapped, context.scope, link)
    pool = mapped_candidates(evidence, expectation, context.day, context.reviews, mapped.named)
    own = {id(candidate.evidence) for candidate in pool if not link or _names(candidate.evidence, expectation, link)}
    results: tuple[Candidate, ...] = ()
    if isinstance(expectation.rule, OnEvent):
        raised = raised_by(expectation.rule.event)
        results = tuple(
            result
            for result in on_file(evidence, raised, context.day, context.reviews)
            if not link or _names(result.evidence, expectation, link)
        )
    beside = [result for result in results if not any(result.evidence is each.evidence for each in pool)]

    def by_rule(let_through: Sequence[Candidate]) -> Fulfilment:
        trusted = {id(candidate.evidence) for candidate in let_through}
        chosen = [candidate for candidate in pool if id(candidate.evidence) in trusted & own]
        admitted = [result for result in results if id(result.evidence) in trusted]
        return _by_rule(expectation, chosen, admitted, context)

    fulfilment = judged(pool, by_rule, context.day, beside)
    fulfilment = _first_assessment(expectation, fulfilment, mapped, context)
    return _explained(fulfilment, expectation, mapped, context)


def _only(expectation: Expectation, mapped: MappedEvidence, link: str) -> MappedEvidence:
    """What is mapped, for one link alone where there is one."""
    if not link:
        return mapped
    return MappedEvidence(tuple(item for item in mapped.evidence if _names(item, expectation, link)), mapped.named)


def _on_file(mapped: MappedEvidence, context: Context) -> MappedEvidence:
    """What is mapped and dated by the day judged, or undated."""
    dated = tuple(item for item in mapped.evidence if item.date is None or item.date <= context.day.on)
    return MappedEvidence(dated, mapped.named)


def _of_link(expectation: Expectation, mapped: MappedEvidence, scope: Scope, link: str) -> tuple[Evidence, ...]:
    """The evidence for a link, and what names no listed one: a fail of that speaks against every link."""
    if not link or expectation.per is None:
        return mapped.evidence
    listed = {name.casefold() for name in scope.listed(expectation.per)}
    return tuple(
        item
        for item in mapped.evidence
        if _names(item, expectation, link) or item.per.get(expectation.per.value, "").casefold() not in listed
    )


def _names(item: Evidence, expectation: Expectation, link: str) -> bool:
    return expectation.per is not None and item.per.get(expectation.per.value, "").casefold() == link.casefold()


def _any_of(rule: AnyOf, mapped: MappedEvidence, context: Context) -> Fulfilment:
    """The best alternative that is no gap; else whether one was refused or failed, else the best of those tried."""
    members = {member.id: fulfilment_of(member, mapped, context) for member in rule.members}
    judgements = {id_: fulfilment.judgement for id_, fulfilment in members.items()}
    serving = [judgement for judgement in judgements.values() if not judgement.verdict.is_gap]
    if serving:
        chosen = best(serving)
        failures = [f"{id_} is failed" for id_, each in judgements.items() if each.verdict is Verdict.FAILED]
        reason = "; ".join(filter(None, (chosen.reason, *failures)))
        steady = any(
            fulfilment.steady and fulfilment.judgement.verdict is Verdict.EVIDENCED for fulfilment in members.values()
        )
        if not chosen.verdict.is_met:
            return Fulfilment(judgement=msgspec.structs.replace(chosen, reason=reason), steady=steady)
        last = _met_last(rule, list(judgements.values()), mapped, context)
        fulfilment = Fulfilment(
            judgement=msgspec.structs.replace(chosen, reason=reason, renewals=last.renewals),
            met=span(context.day.on, last.last_day),
            steady=steady,
        )
        return settled(fulfilment, context.day)
    for verdict in (Verdict.FAILED, Verdict.REJECTED):
        against = [each for each in judgements.values() if each.verdict is verdict]
        if against:
            return Fulfilment(judgement=best(against))
    tried = [each for each in judgements.values() if each.verdict is not Verdict.MISSING]
    return Fulfilment(judgement=best(tried or list(judgements.values())))


def _met_last(rule: AnyOf, judgements: Sequence[Judgement], mapped: MappedEvidence, context: Context) -> Judgement:
    """The alternative that is met at the end of the run, where as each ends another may carry on.

    What ends before it changes nothing.
    """
    on_file_now = _on_file(mapped, context)
    last = max((judgement for judgement in judgements if judgement.verdict.is_met), key=_LAST_DAY)
    while last.last_day < date.max:
        later = context.on_day(last.last_day + timedelta(days=1))
        members = (judge(member, on_file_now, later) for member in rule.members)
        met = [judgement for judgement in members if judgement.verdict.is_met]
        if not met:
            break
        last = max(met, key=_LAST_DAY)
    return last


def _by_rule(
    expectation: Expectation, candidates: Sequence[Candidate], results: Sequence[Candidate], context: Context
) -> Fulfilment:
    rule, day = expectation.rule, context.day
    if isinstance(rule, Every):
        return judge_every(candidates, rule, day, context.window)
    if isinstance(rule, Each):
        return judge_each(candidates, rule, day, context.window)
    if isinstance(rule, OnEvent):
        return judge_events(candidates, rule, day, context.window, context.events, results)
    replaced = context.reviews.replaced(candidates)
    if isinstance(rule, MaxAge):
        occasions = context.occasions.get(expectation.judged or context.judged, ())
        return judge_age(candidates, rule.age, day, occasions, replaced)
    return judge_age(candidates, None, day, (), replaced)


def _explained(
    fulfilment: Fulfilment, expectation: Expectation, mapped: MappedEvidence, context: Context
) -> Fulfilment:
    """The fulfilment, a `missing` without a reason told by what there is and why it does not count."""
    judgement = fulfilment.judgement
    if judgement.verdict is not Verdict.MISSING or judgement.reason:
        return fulfilment
    _, dismissed = considered(expectation, mapped, context)
    out = sorted(
        f"{piece.evidence.id} {piece.why}"
        for piece in dismissed
        if expectation.takes(piece.evidence.kind) and piece.evidence.date and piece.evidence.date <= context.day.on
    )
    more = f" and {len(out) - _TOLD} more" if len(out) > _TOLD else ""
    reason = f"nothing that counts: {'; '.join(out[:_TOLD])}{more}" if out else "nothing was ever filed"
    return msgspec.structs.replace(fulfilment, judgement=msgspec.structs.replace(judgement, reason=reason))


def _first_assessment(
    expectation: Expectation, fulfilment: Fulfilment, mapped: MappedEvidence, context: Context
) -> Fulfilment:
    """In a first assessment a series counts by its newest interval, if the way it is done is written down as well.

    A series that only waits for approval would not be met by it where that document is wanting in a worse way.
    """
    needed = context.first_assessment_needs
    series = isinstance(expectation.rule, Every | Each)
    verdict = fulfilment.judgement
    waits = verdict.verdict in (Verdict.UNAPPROVED, Verdict.CHANGED)
    if not (series and needed and context.window.first_assessment) or (verdict.verdict.is_gap and not waits):
        return fulfilment
    written = [item for item in mapped.evidence if item.kind and item.kind.value == needed]
    candidates = mapped_candidates(written, _ANY, context.day, context.reviews, {})
    documented = judged(candidates, lambda let_through: judge_age(let_through, None, context.day), context.day)
    document = documented.judgement
    if waits and document.verdict.rank <= verdict.verdict.rank:
        return fulfilment
    if not document.verdict.is_gap:
        return settled(msgspec.structs.replace(fulfilment, met=fulfilment.met & documented.met), context.day)
    reason = f"in a first assessment {with_article(needed)} for it is needed as well"
    if document.verdict is not Verdict.MISSING:
        reason = f"{reason}: {document.reason}"
    judgement = msgspec.structs.replace(verdict, verdict=document.verdict, reason=reason)
    return Fulfilment(judgement=judgement)
