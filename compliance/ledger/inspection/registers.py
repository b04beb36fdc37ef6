"""What is wrong in the registers: names of what is not there, and judgements that the standard does not allow."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from compliance.domain.ledger.ledger import Ledger
from compliance.domain.registers.parts.registry import REGISTERS
from compliance.domain.terms.layout import Role
from compliance.ledger.inspection.accreditations import inspect_accreditation
from compliance.ledger.inspection.applicability import inspect_applicability
from compliance.ledger.inspection.audits import inspect_audit
from compliance.ledger.inspection.checks import Checks
from compliance.ledger.inspection.deadlines import inspect_deadline
from compliance.ledger.inspection.events import inspect_event
from compliance.ledger.inspection.findings import inspect_action, inspect_finding
from compliance.ledger.inspection.measures import inspect_measure
from compliance.ledger.inspection.pages import Pages
from compliance.ledger.inspection.providers import inspect_provider
from compliance.ledger.inspection.risks import inspect_risk
from compliance.problems import Problem

Said = Mapping[Role, Sequence[tuple[str, Any]]]
_LOOKS: Mapping[Role, Callable[[str, Any, Checks], Iterator[Problem]]] = {
    Role.AUDIT: inspect_audit,
    Role.FINDING: inspect_finding,
    Role.ACTION: inspect_action,
    Role.RISK: inspect_risk,
    Role.DEADLINE: inspect_deadline,
    Role.MEASURE: inspect_measure,
    Role.EVENT: inspect_event,
    Role.PROVIDER: inspect_provider,
}


def inspect_registers(ledger: Ledger, said: Said, fresh: set[str], pages: Pages) -> Iterator[Problem]:
    """Every problem between a register's records and the rest of the workspace.

    `said` holds the records by role, with the files' names; `fresh` names the files that are not committed, whose dates
    may be later than the last commit's.
    """
    checks = Checks(ledger, fresh, pages)
    looking = _Looking(checks)
    for register in REGISTERS:
        yield from looking.twice(said.get(register.role, ()))
    for file, held in said.get(Role.ACCREDITATION, ()):
        yield from inspect_accreditation(file, held, checks)
    yield from inspect_applicability(said.get(Role.APPLICABILITY, ()), checks)
    for role, look in _LOOKS.items():
        for file, record in said.get(role, ()):
            yield from look(file, record, checks)


class _Looking:
    """Looks through one register's records after another."""

    def __init__(self, checks: Checks) -> None:
        self._ledger, self._pages, self._checks = checks.ledger, checks.pages, checks

    def twice(self, records: Sequence[tuple[str, Any]]) -> Iterator[Problem]:
        first: dict[str, str] = {}
        for file, record in records:
            if record.id in first:
                sentence = f"has the id {record.id}, as {first[record.id]} has"
                yield self._pages.error(file, ("id",), sentence, "give one of the two another")
            first.setdefault(record.id, file)
