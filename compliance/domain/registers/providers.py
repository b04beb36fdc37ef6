"""The providers register: who runs a service for us, and what shows that it is run well."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated

import msgspec

from compliance.domain.registers.parts.dues import Due, DueKind, make_due
from compliance.domain.registers.parts.faults import Fault, unknown_evidence
from compliance.domain.registers.parts.register import FiledEvidence, LedgerView, Listing, Register
from compliance.domain.terms.durations import Duration, after
from compliance.domain.terms.shapes import Shape
from compliance.domain.terms.vocabulary import Attribution, Result

ASSURANCE_AGE = Duration(12)
"""A certificate or attestation that prints no end is taken to hold a year."""
MATRIX_LOOK = Duration(12)
"""How often a responsibility matrix is gone over, unless it prints its own end.

PCI DSS 12.8.4 and ISO/IEC 27001 A.5.22 have providers looked at regularly, PCI DSS yearly; neither says that an older
matrix is void, so its age is told and falls due, and is no verdict.
"""
PROVIDER = DueKind("provider", "Providers", Shape.BUILDING)


class Assurance(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A provider's certificate or attestation, filed as evidence, and the services it covers."""

    evidence: str
    services: tuple[str, ...] = ()


class Provider(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An external provider whose certificate may carry controls of ours."""

    id: str
    name: str
    assurances: tuple[Assurance, ...] = ()
    matrix: Annotated[str, msgspec.Meta(description="The evidence id of the responsibility matrix.")] = ""
    owner: str = ""
    note: str = ""
    recorded: Attribution | None = None


def inspect(ledger: LedgerView, provider: Provider) -> Iterator[Fault]:
    """What is wrong in a provider's record: evidence that it names and nobody filed."""
    for number, assurance in enumerate(provider.assurances):
        yield from unknown_evidence(ledger, ("assurances", number, "evidence"), assurance.evidence)
    if provider.matrix:
        yield from unknown_evidence(ledger, ("matrix",), provider.matrix)


class Reliance(enum.Enum):
    """Whether a provider can be relied on, on a day."""

    RELIED_ON = "relied on"
    NO_MATRIX = "no matrix"
    LAPSED = "lapsed"
    NO_CERTIFICATE = "no certificate"


def reliance(ledger: LedgerView, provider: Provider, on: dt.date) -> Reliance:
    """Whether a provider's certificates are in date on a day, and a matrix says who does what."""
    until = assured_until(ledger, provider)
    if until is None:
        return Reliance.NO_CERTIFICATE
    if until < on:
        return Reliance.LAPSED
    return Reliance.RELIED_ON if provider.matrix else Reliance.NO_MATRIX


def assured_until(ledger: LedgerView, provider: Provider) -> dt.date | None:
    """The day to which every service that was ever assured still is: of each service's certificates the last to end.

    What was withdrawn, erased, rejected or is itself a fail assures nothing.
    """
    ends: dict[str, dt.date] = {}
    for assurance in provider.assurances:
        item = ledger.evidence_by_id(assurance.evidence)
        end = _end(item) if item else None
        for service in assurance.services or ("",):
            if end:
                latest = ends.get(service.casefold(), end)
                ends[service.casefold()] = max(end, latest)
    return min(ends.values(), default=None)


def matrix_look(ledger: LedgerView, provider: Provider) -> dt.date | None:
    """The day by which the responsibility matrix is to be gone over; None if there is none that counts."""
    item = ledger.evidence_by_id(provider.matrix) if provider.matrix else None
    if item is None or item.is_void:
        return None
    return item.valid_until or (after(item.date, MATRIX_LOOK) if item.date else None)


def _end(item: FiledEvidence) -> dt.date | None:
    if item.is_void or item.result is Result.FAIL:
        return None
    return item.valid_until or (after(item.date, ASSURANCE_AGE) if item.date else None)


def dues(ledger: LedgerView, provider: Provider, _on: dt.date, _last: dt.date) -> Iterator[Due]:
    """The end of what assures its services, and when the responsibility matrix is to be gone over."""
    until = assured_until(ledger, provider)
    if until:
        todo = f"File the new one, and name it: compliance provider assure {provider.id} E-… --service …"
        yield make_due(provider, PROVIDER, until, f"{provider.name}: certificate or attestation ends", todo)
    look = matrix_look(ledger, provider)
    if look:
        todo = f"See that it still holds, and name the new one: compliance provider matrix {provider.id} E-…"
        yield make_due(provider, PROVIDER, look, f"{provider.name}: responsibility matrix to be gone over", todo)


def _row(ledger: LedgerView, provider: Provider, on: dt.date) -> Sequence[str]:
    services = ", ".join(dict.fromkeys(service for each in provider.assurances for service in each.services))
    until = str(assured_until(ledger, provider) or "–")
    return (provider.id, reliance(ledger, provider, on).value, until, f"{provider.name}\n{services}".rstrip())


def _facts(ledger: LedgerView, provider: Provider, on: dt.date) -> Mapping[str, object]:
    return {"state": reliance(ledger, provider, on).value, "assured until": assured_until(ledger, provider)}


PROVIDERS = Register(
    name="provider",
    plural="providers",
    prefix="P",
    place=10,
    summary="External providers, and what lets us rely on them.",
    record=Provider,
    inspect=inspect,
    listing=Listing(
        headings=("Id", "State", "Until", "Provider"),
        row=_row,
        order=lambda _ledger, provider, _on: provider.name.casefold(),
        is_open=lambda _ledger, _provider, _on: True,
        closes=False,
        facts=_facts,
    ),
    due_kinds=(PROVIDER,),
    dues=dues,
)
