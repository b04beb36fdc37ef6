"""Who owns what: the owners that records name, and whether they lead to anybody."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import msgspec

from compliance.domain.ledger.ledger import Ledger
from compliance.domain.registers.parts.registry import REGISTERS

OWNER = "owner"


def owned_records(ledger: Ledger) -> Iterator[tuple[str, Any]]:
    """Each owner that a record names, and the record; one that names several comes several times."""
    for item in ledger.evidence:
        if item.owner and not (item.withdrawn or item.erased):
            yield item.owner, item
    for register in REGISTERS:
        for record in ledger.of(register):
            yield from ((owner, record) for owner in _owners(msgspec.to_builtins(record, str_keys=True)))


def holds_as_owner(ledger: Ledger, owner: str, person: str, day: date) -> bool:
    """Whether an owner is a post that a person, by name or address, holds in any scope on a day."""
    directory = ledger.directory
    registered = directory.find(person)
    if registered is None or not directory.is_post(owner):
        return False
    return any(registered.holds(owner, scope.id, day) for scope in ledger.settings.scopes)


def leads_to_nobody(ledger: Ledger, owner: str) -> str:
    """Why an owner leads to nobody on the day of the ledger; empty where it leads to somebody."""
    directory, day = ledger.directory, ledger.day
    if directory.is_post(owner):
        held = any(directory.holders(owner, scope.id, day) for scope in ledger.settings.scopes)
        return "" if held else f"nobody holds the post “{owner}”"
    person = directory.find(owner)
    if person is None:
        return f"“{owner}” is no post that anybody holds, and nobody in the people register"
    return f"every post of {person.name} has ended" if person.has_left(day) else ""


def _owners(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, item in value.items():
            if key == OWNER and isinstance(item, str) and item:
                yield item
            else:
                yield from _owners(item)
    elif isinstance(value, list):
        for item in value:
            yield from _owners(item)
