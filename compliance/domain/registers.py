"""The registers: which record each one keeps, in which folder, and what its ids begin with."""

from __future__ import annotations

from typing import Any

import msgspec

from compliance.domain.accreditations import Accreditation
from compliance.domain.applicability import Applicability
from compliance.domain.audits import Audit
from compliance.domain.deadlines import Deadline
from compliance.domain.events import Event
from compliance.domain.findings import Action, Finding
from compliance.domain.layout import EVIDENCE, Role
from compliance.domain.measures import Measure
from compliance.domain.providers import Provider
from compliance.domain.risks import Risk


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
