"""The registers: which record each one keeps, in which folder, and what its ids begin with."""

from __future__ import annotations

from typing import Any

import msgspec

from compliance.domain.registers.actions import Action
from compliance.domain.registers.audits import Audit
from compliance.domain.registers.certificates.accreditation import Accreditation
from compliance.domain.registers.deadlines import Deadline
from compliance.domain.registers.events import Event
from compliance.domain.registers.findings import Finding
from compliance.domain.registers.measures import Measure
from compliance.domain.registers.providers import Provider
from compliance.domain.registers.risks import Risk
from compliance.domain.registers.statements.statement import Applicability
from compliance.domain.terms.layout import EVIDENCE, Role


class Register(msgspec.Struct, frozen=True):
    """One kind of record that is kept between audits; `name` is what one record is called."""

    role: Role
    name: str
    prefix: str
    record: type[Any]

    @property
    def folder(self) -> str:
        return f"{EVIDENCE}/{self.role.value}"

    @property
    def field(self) -> str:
        """The field of a ledger that holds its records."""
        return self.role.value


ACCREDITATIONS = Register(Role.ACCREDITATION, "accreditation", "A", Accreditation)
APPLICABILITY = Register(Role.APPLICABILITY, "statement of applicability", "S", Applicability)
AUDITS = Register(Role.AUDIT, "audit", "U", Audit)
FINDINGS = Register(Role.FINDING, "finding", "F", Finding)
ACTIONS = Register(Role.ACTION, "action", "T", Action)
RISKS = Register(Role.RISK, "risk", "R", Risk)
DEADLINES = Register(Role.DEADLINE, "deadline", "D", Deadline)
MEASURES = Register(Role.MEASURE, "measure", "M", Measure)
EVENTS = Register(Role.EVENT, "event", "V", Event)
PROVIDERS = Register(Role.PROVIDER, "provider", "P", Provider)
REGISTERS = (
    ACCREDITATIONS, APPLICABILITY, AUDITS, FINDINGS, ACTIONS, RISKS, DEADLINES, MEASURES, EVENTS, PROVIDERS,
)  # fmt: skip
