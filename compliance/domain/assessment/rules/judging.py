"""One expectation judged: its chains, its alternatives, its rule."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from compliance.domain.assessment.rules.ageing import Occasion, judge_age
from compliance.domain.assessment.rules.candidates import (
    Candidate,
    DayJudged,
    Dismissed,
    Reviews,
    eligible,
    on_file,
    sift,
)
from compliance.domain.assessment.rules.following import judge_events
from compliance.domain.assessment.rules.occurrences import raised_by
from compliance.domain.assessment.rules.series import Window, judge_each, judge_every
from compliance.domain.ledger.records import Evidence
from compliance.domain.ledger.settings import Scope
from compliance.domain.registers.events import Event
from compliance.domain.standards.expectations import AnyOf, Each, Every, Expectation, MaxAge, Once, OnEvent
from compliance.domain.terms.verdicts import Judgement, Verdict, best, worst
from compliance.domain.terms.vocabulary import Chain, Judged

_ANY = Expectation(id="any", rule=Once())


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
    occasions: Mapping[Judged, Occasion]
    first_assessment_needs: str = ""


def judge(expectation: Expectation, mapped: MappedEvidence, context: Context) -> Judgement:
    """How the expectation stands."""
    return _chained(expectation, mapped, mapped, context)


def _chained(
    expectation: Expectation, mapped: MappedEvidence, everything: MappedEvidence, context: Context
) -> Judgement:
    """The worst of the chains that the expectation wants, one for each listed item, naming those that lack one."""
    links = context.scope.listed(expectation.per) if expectation.per else ()
    if not links or not expectation.per:
        return _judge(expectation, mapped, everything, context)
    chain = expectation.per.value
    judged = {link: _judge(expectation, _only(mapped, chain, link), everything, context) for link in links}
    verdict = worst(list(judged.values()))
    lacking = [f"{link} ({judgement.verdict.value})" for link, judgement in judged.items() if judgement.verdict.is_gap]
    reason = f"{chain} without: {', '.join(lacking)}" if lacking else verdict.reason
    return msgspec.structs.replace(verdict, reason=reason)


def considered(
    expectation: Expectation, mapped: MappedEvidence, context: Context
) -> tuple[list[Candidate], list[Dismissed]]:
    """For `--explain`: which pieces are candidates for the expectation, and why the others are not."""
    return sift(mapped.evidence, expectation, context.day, context.reviews, mapped.named)


def narrowed(context: Context, per: Mapping[str, str]) -> Context:
    """The context, its scope listing of each chain that is named the one link alone."""
    chains = {f"{chain}s": (link,) for chain, link in per.items() if link in context.scope.listed(Chain(chain))}
    return msgspec.structs.replace(context, scope=msgspec.structs.replace(context.scope, **chains))


def _only(mapped: MappedEvidence, chain: str, link: str) -> MappedEvidence:
    own = (item for item in mapped.evidence if item.per.get(chain, "").casefold() == link.casefold())
    return MappedEvidence(tuple(own), mapped.named)


def _judge(expectation: Expectation, mapped: MappedEvidence, everything: MappedEvidence, context: Context) -> Judgement:
    if isinstance(expectation.rule, AnyOf):
        return best([_chained(member, mapped, everything, context) for member in expectation.rule.members])
    candidates = eligible(mapped.evidence, expectation, context.day, context.reviews, mapped.named)
    verdict = _by_rule(expectation.rule, candidates, mapped, context, expectation.judged or context.judged)
    return _first_assessment(expectation, verdict, everything, context)


def _by_rule(
    rule: MaxAge | Every | Each | OnEvent | Once,
    candidates: list[Candidate],
    mapped: MappedEvidence,
    context: Context,
    judged: Judged,
) -> Judgement:
    if isinstance(rule, Every):
        return judge_every(candidates, rule, context.day, context.window)
    if isinstance(rule, Each):
        return judge_each(candidates, rule, context.day, context.window)
    if isinstance(rule, OnEvent):
        results = on_file(mapped.evidence, raised_by(rule.event), context.day, context.reviews)
        return judge_events(candidates, rule, context.day, context.window, context.events, results)
    if isinstance(rule, MaxAge):
        judgement = judge_age(candidates, rule.age, context.day, context.occasions.get(judged))
    else:
        judgement = judge_age(candidates, None, context.day)
    return judgement or Judgement(verdict=Verdict.MISSING, reason="nothing was ever filed")


def _first_assessment(
    expectation: Expectation, verdict: Judgement, mapped: MappedEvidence, context: Context
) -> Judgement:
    """In a first assessment a series counts by its newest interval, if the way it is done is written down as well."""
    needed = context.first_assessment_needs
    series = isinstance(expectation.rule, Every | Each)
    if not (series and needed and context.window.first_assessment) or verdict.verdict.is_gap:
        return verdict
    written = [item for item in mapped.evidence if item.kind and item.kind.value == needed]
    candidates = eligible(written, _ANY, context.day, context.reviews, {})
    stands = judge_age(candidates, None, context.day)
    if stands and not stands.verdict.is_gap:
        return verdict
    return msgspec.structs.replace(
        verdict, verdict=Verdict.MISSING, reason=f"in a first assessment a {needed} for it is needed as well"
    )
