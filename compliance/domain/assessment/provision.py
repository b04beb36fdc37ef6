"""Controls that an external provider carries.

Its certificate must cover the service and be in date, and a responsibility matrix must say who does what.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import msgspec

from compliance.domain.assessment.rules.ageing import judge_age
from compliance.domain.assessment.rules.candidates import (
    Candidate,
    DayJudged,
    Dismissed,
    Reviews,
    mapped_candidates,
    sift,
)
from compliance.domain.assessment.rules.fulfilment import Fulfilment, judged
from compliance.domain.ledger.ledger import Ledger
from compliance.domain.ledger.records import Evidence
from compliance.domain.registers.providers import ASSURANCE_AGE, PROVIDERS, Assurance, Provider
from compliance.domain.registers.statements.statement import Inheritance
from compliance.domain.standards.expectations import Expectation, Once
from compliance.domain.terms.durations import Duration
from compliance.domain.terms.verdicts import Judgement, Verdict, worst
from compliance.domain.terms.vocabulary import Kind

_ANY = Expectation(id="any", rule=Once())
_CERTIFICATE = Expectation(
    id="certificate", rule=Once(), kinds=(Kind.CERTIFICATE, Kind.ATTESTATION, Kind.REPORT, Kind.REFERENCE)
)


def carried_by(ledger: Ledger, inheritance: Inheritance, day: DayJudged, reviews: Reviews) -> tuple[Judgement, str]:
    """The verdict that a provider's certificate and responsibility matrix give, and the provider's name."""
    provider = next((candidate for candidate in ledger.of(PROVIDERS) if candidate.id == inheritance.provider), None)
    if provider is None:
        return Judgement(
            verdict=Verdict.MISSING, reason=f"there is no provider {inheritance.provider}"
        ), inheritance.provider
    covering = [assurance.evidence for assurance in provider.assurances if covers(assurance, inheritance.service)]
    filed = _filed(ledger, covering)
    certificates = mapped_candidates(filed, _CERTIFICATE, day, reviews, {})
    assured = _by_age(certificates, _assurance_age, day, reviews)
    if assured.verdict is Verdict.MISSING:
        _, out = sift(filed, _CERTIFICATE, day, reviews, {})
        reason = f"no certificate or attestation of {provider.name} covers {inheritance.service or 'the service'}"
        return Judgement(verdict=Verdict.MISSING, reason=f"{reason}{_instead(provider, out)}"), provider.name
    assured = _named(assured, certificates, provider)
    matrices = mapped_candidates(_filed(ledger, [provider.matrix]), _ANY, day, reviews, {})
    matrix = _by_age(matrices, None, day, reviews)
    if matrix.verdict is Verdict.MISSING:
        reason = f"no responsibility matrix with {provider.name} is filed"
        return Judgement(verdict=Verdict.MISSING, reason=reason), provider.name
    matrix_judgement = msgspec.structs.replace(
        matrix, reason=f"the responsibility matrix with {provider.name}: {matrix.reason}"
    )
    judgement = worst([assured, matrix_judgement])
    if judgement is assured and matrix.evidence_date:
        reason = f"{assured.reason}; responsibility matrix of {matrix.evidence_date}"
        judgement = msgspec.structs.replace(assured, reason=reason)
    return judgement, provider.name


def covers(assurance: Assurance, service: str) -> bool:
    """Whether a certificate covers a service; capitals do not matter, and where no service is named any does."""
    return not service or service.casefold() in {covered.casefold() for covered in assurance.services}


def _instead(provider: Provider, out: list[Dismissed]) -> str:
    """What there is in place of the certificate that was looked for: those that may not serve, or other services."""
    if out:
        return ": " + "; ".join(f"{piece.evidence.title} {piece.why}" for piece in out)
    services = dict.fromkeys(service for assurance in provider.assurances for service in assurance.services)
    return f"; assured: {', '.join(services)}" if services else ""


def _filed(ledger: Ledger, ids: Iterable[str]) -> list[Evidence]:
    return [item for evidence_id in ids if (item := ledger.evidence_by_id(evidence_id))]


def _by_age(
    candidates: list[Candidate], age: Callable[[Candidate], Duration | None] | None, day: DayJudged, reviews: Reviews
) -> Judgement:
    """How the best of the pieces stands; a fail that no later pass answered outweighs them."""

    def by_age(let_through: list[Candidate]) -> Fulfilment:
        return judge_age(let_through, age, day, (), reviews.replaced(let_through))

    return judged(candidates, by_age, day).judgement


def _assurance_age(candidate: Candidate) -> Duration | None:
    return None if candidate.evidence.valid_until else ASSURANCE_AGE


def _named(assured: Judgement, certificates: list[Candidate], provider: Provider) -> Judgement:
    titles = (each.evidence.title for each in certificates if each.evidence.id == assured.evidence)
    title = next(titles, "the certificate")
    return msgspec.structs.replace(assured, reason=f"{title} of {provider.name}: {assured.reason}")
