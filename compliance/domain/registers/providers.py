"""The providers register: who runs a service for us, and what shows that it is run well."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated

import msgspec

from compliance.domain.registers.parts.dues import Due, DueKind, make_due
from compliance.domain.registers.parts.faults import Fault
from compliance.domain.registers.parts.register import FiledEvidence, LedgerView, Listing, NamedEvidence, Register
from compliance.domain.terms.durations import Duration, after
from compliance.domain.terms.shapes import Shape
from compliance.domain.terms.spans import EMPTY, Spans, through
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


def inspect(_ledger: LedgerView, _provider: Provider) -> Iterator[Fault]:
    """Nothing of its own can be wrong in a provider's record."""
    return iter(())


def evidence_of(provider: Provider) -> Iterator[NamedEvidence]:
    """What assures its services, and the matrix that says who does what."""
    for number, assurance in enumerate(provider.assurances):
        at = ("assurances", number, "evidence")
        yield NamedEvidence(at=at, id=assurance.evidence, deed="assures its services")
    if provider.matrix:
        yield NamedEvidence(at=("matrix",), id=provider.matrix, deed="is its responsibility matrix")


class Reliance(enum.Enum):
    """Whether a provider can be relied on, on a day."""

    RELIED_ON = "relied on"
    NO_MATRIX = "no matrix"
    LAPSED = "lapsed"
    NOT_YET = "not valid yet"
    NO_CERTIFICATE = "no certificate"


def reliance(ledger: LedgerView, provider: Provider, on: dt.date) -> Reliance:
    """Whether each of a provider's services is assured on a day, and a matrix says who does what."""
    assured = _assured(ledger, provider)
    if not any(assured.values()):
        return Reliance.NO_CERTIFICATE
    lacking = [days for days in assured.values() if on not in days]
    if lacking:
        begun = any(period.start <= on for days in lacking for period in days)
        return Reliance.LAPSED if begun else Reliance.NOT_YET
    matrix = ledger.evidence_by_id(provider.matrix) if provider.matrix else None
    return Reliance.RELIED_ON if matrix and on in matrix.days_in_force else Reliance.NO_MATRIX


def assured_until(ledger: LedgerView, provider: Provider, on: dt.date) -> dt.date | None:
    """The last day, from a day on and without a break, on which every service that was ever assured still is.

    A service that is not assured on the day counts with the end of what assured it before. None where a service has
    had nothing that counts: withdrawn as invalid, erased, rejected, undated, not yet valid, failed or inconclusive.
    """
    ends = []
    for days in _assured(ledger, provider).values():
        around = days.around(on)
        before = [period.end for period in days if period.end < on]
        end = around.end if around else max(before, default=None)
        if end is None:
            return None
        ends.append(end)
    return min(ends, default=None)


def matrix_look(ledger: LedgerView, provider: Provider) -> dt.date | None:
    """The day by which the responsibility matrix is to be gone over; None if there is none that counts."""
    item = ledger.evidence_by_id(provider.matrix) if provider.matrix else None
    if item is None or item.is_void:
        return None
    return item.valid_until or (after(item.date, MATRIX_LOOK) if item.date else None)


def _assured(ledger: LedgerView, provider: Provider) -> dict[str, Spans]:
    """The days on which each service is assured, by its name without capitals."""
    assured: dict[str, Spans] = {}
    for assurance in provider.assurances:
        item = ledger.evidence_by_id(assurance.evidence)
        days = _days(item) if item else EMPTY
        for service in assurance.services or ("",):
            assured[service.casefold()] = assured.get(service.casefold(), EMPTY) | days
    return assured


def _days(item: FiledEvidence) -> Spans:
    """The days on which a certificate or attestation assures something."""
    if item.date is None or item.result is Result.FAIL or item.is_inconclusive:
        return EMPTY
    days = item.days_in_force
    return days if item.valid_until else days & through(after(item.date, ASSURANCE_AGE))


def dues(ledger: LedgerView, provider: Provider, on: dt.date, _last: dt.date) -> Iterator[Due]:
    """The end of what assures its services, and when the responsibility matrix is to be gone over."""
    until = assured_until(ledger, provider, on)
    if until:
        todo = f"File the new one, and name it: compliance provider assure {provider.id} E-… --service …"
        yield make_due(provider, PROVIDER, until, f"{provider.name}: certificate or attestation ends", todo)
    look = matrix_look(ledger, provider)
    if look:
        todo = f"See that it still holds, and name the new one: compliance provider matrix {provider.id} E-…"
        yield make_due(provider, PROVIDER, look, f"{provider.name}: responsibility matrix to be gone over", todo)


def _row(ledger: LedgerView, provider: Provider, on: dt.date) -> Sequence[str]:
    services = ", ".join(dict.fromkeys(service for each in provider.assurances for service in each.services))
    until = str(assured_until(ledger, provider, on) or "–")
    return (provider.id, reliance(ledger, provider, on).value, until, f"{provider.name}\n{services}".rstrip())


def _facts(ledger: LedgerView, provider: Provider, on: dt.date) -> Mapping[str, object]:
    return {"state": reliance(ledger, provider, on).value, "assured until": assured_until(ledger, provider, on)}


PROVIDERS = Register(
    name="provider",
    plural="providers",
    prefix="P",
    place=10,
    summary="External providers, and what lets us rely on them.",
    record=Provider,
    inspect=inspect,
    evidence=evidence_of,
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
