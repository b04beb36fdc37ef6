"""What is wrong in a provider's record: evidence that it names and nobody filed."""

from __future__ import annotations

from collections.abc import Iterator

from compliance.domain.registers.parts.registry import PROVIDERS
from compliance.domain.registers.providers import Provider
from compliance.ledger.inspection.checks import Checks
from compliance.problems import Problem


def inspect_provider(file: str, provider: Provider, checks: Checks) -> Iterator[Problem]:
    """Every problem between a provider's record and the rest of the workspace."""
    yield from checks.own_id(file, provider.id, PROVIDERS)
    for number, one in enumerate(provider.assurances):
        yield from checks.evidence(file, ("assurances", number, "evidence"), one.evidence)
    if provider.matrix:
        yield from checks.evidence(file, ("matrix",), provider.matrix)
