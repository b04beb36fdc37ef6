"""Controls that an external provider carries.

Its certificate must cover the service and be in date, and a responsibility matrix must say who does what.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from compliance.domain.assessment.rules.ageing import failed, judge_age, unusable
from compliance.domain.assessment.rules.candidates import (
    Candidate,
    DayJudged,
    Dismissed,
    Reviews,
    eligible,
    not_overtaken,
    sift,
    standing_failure,
)
from compliance.domain.ledger.ledger import Ledger
from compliance.domain.ledger.records import Evidence
from compliance.domain.registers.providers import ASSURANCE_AGE, PROVIDERS, Assurance, Provider
from compliance.domain.registers.statements.statement import Inheritance
from compliance.domain.standards.expectations import Expectation, Once
from compliance.domain.terms.verdicts import Judgement, Verdict, best, worst
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
    certificates, out = sift(_filed(ledger, covering), _CERTIFICATE, day, reviews, {})
    if not certificates:
        reason = f"no certificate or attestation of {provider.name} covers {inheritance.service or 'the service'}"
        return Judgement(verdict=Verdict.MISSING, reason=f"{reason}{_instead(provider, out)}"), provider.name
    assured = _assured(certificates, provider, day)
    matrix = judge_age(eligible(_filed(ledger, [provider.matrix]), _ANY, day, reviews, {}), None, day)
    if matrix is None:
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


def _assured(certificates: list[Candidate], provider: Provider, day: DayJudged) -> Judgement:
    """The best certificate; but a later fail for the same target outweighs what had passed before it."""
    failure = standing_failure(certificates, (candidate for candidate in certificates if not unusable(candidate)))
    if failure:
        return _named(failed(failure), failure, provider)
    return best([_judge(candidate, provider, day) for candidate in not_overtaken(certificates)])


def _judge(candidate: Candidate, provider: Provider, day: DayJudged) -> Judgement:
    age = None if candidate.evidence.valid_until else ASSURANCE_AGE
    judged = judge_age([candidate], age, day) or Judgement(verdict=Verdict.MISSING)
    return _named(judged, candidate, provider)


def _named(judged: Judgement, candidate: Candidate, provider: Provider) -> Judgement:
    return msgspec.structs.replace(judged, reason=f"{candidate.evidence.title} of {provider.name}: {judged.reason}")
