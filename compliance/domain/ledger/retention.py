"""Evidence past the day until which it is kept, and what needs it all the same."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import msgspec

from compliance.domain.ledger.audited import scheme_of
from compliance.domain.ledger.ledger import Ledger
from compliance.domain.ledger.records import Evidence
from compliance.domain.registers.accreditations import ACCREDITATIONS
from compliance.domain.registers.certificates.states import ended
from compliance.domain.registers.parts.registry import REGISTERS


class Expired(msgspec.Struct, frozen=True):
    """A piece whose day has passed, and what it is kept on for; nothing where it may go."""

    evidence: Evidence
    until: date
    needed_by: tuple[str, ...]


def expired(ledger: Ledger, on: date) -> list[Expired]:
    """Every piece that is past its day and has not gone yet, the oldest day first."""
    pieces = [
        Expired(item, item.retain_until, tuple(needs(ledger, item, on)))
        for item in ledger.evidence
        if item.retain_until is not None and item.retain_until < on and not item.erased
    ]
    return sorted(pieces, key=lambda piece: (piece.until, piece.evidence.id))


def needs(ledger: Ledger, item: Evidence, on: date) -> Iterator[str]:
    """What needs a piece on a day, in words: a hold, an open record that names it, the cycle of an accreditation."""
    if item.hold:
        yield f"held since {item.hold.on}: {item.hold.reason}"
    for register in REGISTERS:
        if register.evidence is None:
            continue
        for record in ledger.of(register):
            is_open = register.listing.is_open(ledger, record, on)
            if is_open and any(named.id == item.id for named in register.evidence(record)):
                title = getattr(record, "title", "") or getattr(record, "name", "")
                yield f"{register.name} {record.id} {title}".rstrip()
    yield from _cycles(ledger, item, on)


def _cycles(ledger: Ledger, item: Evidence, on: date) -> Iterator[str]:
    """The accreditations in whose present cycle the piece was made, by a standard that it is mapped to."""
    scopes = item.scope or (ledger.settings.default_scope,)
    standards = {reference.standard for reference in item.controls}
    for accreditation in ledger.of(ACCREDITATIONS):
        cycle = accreditation.cycle_on(on)
        if cycle is None or accreditation.standard.id not in standards or accreditation.scope not in scopes:
            continue
        is_over = ended(scheme_of(ledger, accreditation), cycle, on) is not None
        if not is_over and item.date is not None and item.date >= cycle.granted:
            yield f"the present cycle of {accreditation.id} {accreditation.title}".rstrip()
