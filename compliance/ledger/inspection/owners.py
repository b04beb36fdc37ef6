"""Owners that lead to nobody: a post that is vacant, somebody who left, or text that names neither."""

from __future__ import annotations

from collections.abc import Iterator

from compliance.domain.ledger.ledger import Ledger
from compliance.domain.ledger.owners import leads_to_nobody, owned_records
from compliance.domain.registers.people import PEOPLE
from compliance.problems import Problem, Severity, counted, printable, shell


def inspect_owners(ledger: Ledger) -> Iterator[Problem]:
    """A warning for each such owner, with how many records it owns; none where nobody is in the people register."""
    if not ledger.of(PEOPLE):
        return
    owned: dict[str, int] = {}
    for owner, _ in owned_records(ledger):
        owned[owner] = owned.get(owner, 0) + 1
    for owner, count in sorted(owned.items()):
        why = leads_to_nobody(ledger, owner)
        if why:
            post = ledger.directory.is_post(owner)
            command = shell("compliance", "people", *(("post", "PERSON", owner) if post else ("adopt", owner, "POST")))
            hint = f"say who holds it: {command}" if post else f"make it a post: {command}"
            sentence = f"{printable(why)}, which owns {counted(count, 'record')}"
            yield Problem(sentence, hint=hint, severity=Severity.WARNING)
