"""The providers register: who runs a service for us, and what shows that it is run well."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from compliance.domain.registers.parts.faults import Fault, unknown_evidence
from compliance.domain.registers.parts.register import Register, Surroundings
from compliance.domain.terms.vocabulary import Attribution


class Assurance(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A provider's certificate or attestation, filed as evidence, and the services it covers."""

    evidence: str
    services: tuple[str, ...] = ()


class Provider(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An external provider whose certificate may carry controls of ours."""

    id: str
    name: str
    assurances: tuple[Assurance, ...] = ()
    matrix: str = ""
    """The evidence id of the responsibility matrix."""
    owner: str = ""
    note: str = ""
    recorded: Attribution | None = None


def inspect(ledger: Surroundings, provider: Provider) -> Iterator[Fault]:
    """What is wrong in a provider's record: evidence that it names and nobody filed."""
    for number, assurance in enumerate(provider.assurances):
        yield from unknown_evidence(ledger, ("assurances", number, "evidence"), assurance.evidence)
    if provider.matrix:
        yield from unknown_evidence(ledger, ("matrix",), provider.matrix)


PROVIDERS = Register(
    name="provider",
    plural="providers",
    prefix="P",
    place=10,
    summary="External providers, and what lets us rely on them.",
    record=Provider,
    inspect=inspect,
)
