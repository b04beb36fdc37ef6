"""Controls that an external provider carries (SEMANTICS 3).

Its certificate must cover the service and be in date, and a responsibility matrix must say who does what.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import msgspec

from compliance.domain.ageing import judge_age
from compliance.domain.applicability import Inheritance
from compliance.domain.candidates import Candidate, Day, Reviews, eligible
from compliance.domain.durations import Duration, after
from compliance.domain.expectations import Expectation, Once
from compliance.domain.ledger import Ledger
from compliance.domain.providers import Provider
from compliance.domain.verdicts import Judgement, Verdict, best, worst

ASSURANCE_AGE = Duration(12)
"""A certificate or attestation that prints no end is taken to hold a year."""
_ANY = Expectation(id="any", rule=Once())


def carried_by(ledger: Ledger, how: Inheritance, day: Day, reviews: Reviews) -> tuple[Judgement, str]:
    """The verdict that a provider's certificate and responsibility matrix give, and the provider's name."""
    provider = next((one for one in ledger.providers if one.id == how.provider), None)
    if provider is None:
        return Judgement(verdict=Verdict.MISSING, reason=f"there is no provider {how.provider}"), how.provider
    covering = [one.evidence for one in provider.assurances if not how.service or how.service in one.services]
    certificates = [_judge(one, provider, day) for one in _candidates(ledger, covering, day, reviews)]
    if not certificates:
        reason = f"no certificate or attestation of {provider.name} covers {how.service or 'the service'}"
        return Judgement(verdict=Verdict.MISSING, reason=reason), provider.name
    matrix = judge_age(_candidates(ledger, [provider.matrix], day, reviews), None, day)
    if matrix is None:
        reason = f"no responsibility matrix with {provider.name} is filed"
        return Judgement(verdict=Verdict.MISSING, reason=reason), provider.name
    reason = f"the responsibility matrix with {provider.name}: {matrix.reason}"
    return worst([best(certificates), msgspec.structs.replace(matrix, reason=reason)]), provider.name


def assured_until(ledger: Ledger, provider: Provider) -> date | None:
    """The day to which every service that was ever assured still is: of each service's certificates the last to end."""
    ends: dict[str, date] = {}
    for one in provider.assurances:
        item = ledger.evidence_by_id(one.evidence)
        end = item and (item.valid_until or (item.date and after(item.date, ASSURANCE_AGE)))
        for service in one.services or ("",):
            if end:
                ends[service] = max(end, ends.get(service, end))
    return min(ends.values(), default=None)


def _candidates(ledger: Ledger, ids: Iterable[str], day: Day, reviews: Reviews) -> list[Candidate]:
    found = [item for one in ids if (item := ledger.evidence_by_id(one))]
    return eligible(found, _ANY, day, reviews, {})


def _judge(candidate: Candidate, provider: Provider, day: Day) -> Judgement:
    age = None if candidate.evidence.valid_until else ASSURANCE_AGE
    judged = judge_age([candidate], age, day) or Judgement(verdict=Verdict.MISSING)
    return msgspec.structs.replace(judged, reason=f"{candidate.evidence.title} of {provider.name}: {judged.reason}")
