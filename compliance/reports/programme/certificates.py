"""Accreditations and statements of applicability for the programme report."""

from __future__ import annotations

from datetime import date

import msgspec

from compliance.domain.ledger.audited import audited, standing_of
from compliance.domain.registers.accreditations import ACCREDITATIONS
from compliance.domain.registers.applicability import APPLICABILITY
from compliance.domain.registers.certificates.states import CertificateStatus
from compliance.domain.registers.statements.statement import Applicability, changed_since_approval
from compliance.domain.terms.references import StandardName
from compliance.reports.programme.outlook import Outlook, State

_GROUPS = {
    CertificateStatus.HELD: "evidenced",
    CertificateStatus.ASSESSED: "evidenced",
    CertificateStatus.WITH_CONDITIONS: "lapsing",
    CertificateStatus.SUSPENDED: "gap",
    CertificateStatus.RESTORABLE: "gap",
    CertificateStatus.LAPSED: "gap",
    CertificateStatus.WITHDRAWN: "gap",
    CertificateStatus.SOUGHT: "due",
}


class AccreditationRow(msgspec.Struct, frozen=True, kw_only=True):
    """A certificate held or sought: its state, its last day, and what there is to say of it."""

    id: str
    title: str
    standard: str
    scope: str
    stands: State
    until: date | None
    body: str
    certificate: str
    why: str
    owner: str


class StatementRow(msgspec.Struct, frozen=True, kw_only=True):
    """A statement of applicability: its version, and whether that is what was approved."""

    id: str
    standard: str
    scope: str
    version: str
    approved_by: str
    approved_on: date | None
    stands: State
    excluded: int
    accreditation: str


def accreditations(outlook: Outlook) -> tuple[AccreditationRow, ...]:
    """Every accreditation, what ends first at the top and what has ended for good last."""
    rows = []
    for accreditation in outlook.ledger.of(ACCREDITATIONS):
        as_audited = audited(outlook.ledger, accreditation)
        state = standing_of(outlook.ledger, accreditation, outlook.on)
        cycle = as_audited.cycle_on(outlook.on)
        rows.append(
            AccreditationRow(
                id=as_audited.id,
                title=as_audited.title or _short(outlook, as_audited.standard),
                standard=str(as_audited.standard),
                scope=as_audited.scope,
                stands=State(state.status.value.replace("-", " "), _GROUPS[state.status]),
                until=state.until,
                body=as_audited.body_on(outlook.on),
                certificate=cycle.certificate if cycle else "",
                why=state.why
                or ("sought by this day" if state.status is CertificateStatus.SOUGHT and state.until else ""),
                owner=as_audited.owner,
            )
        )
    return tuple(sorted(rows, key=lambda row: (row.until or date.max, row.standard, row.scope, row.id)))


def statements(outlook: Outlook) -> tuple[StatementRow, ...]:
    """Every statement of applicability, by standard and scope."""
    return tuple(
        StatementRow(
            id=statement.id,
            standard=str(statement.standard),
            scope=statement.scope,
            version=statement.version,
            approved_by=statement.approved.by if statement.approved else "",
            approved_on=statement.approved.on if statement.approved else None,
            stands=_approval(statement),
            excluded=sum(not decision.applies for decision in statement.controls),
            accreditation=statement.accreditation,
        )
        for statement in sorted(
            outlook.ledger.of(APPLICABILITY),
            key=lambda statement: (str(statement.standard), statement.scope, statement.id),
        )
    )


def _approval(soa: Applicability) -> State:
    if soa.approved is None:
        return State("not approved", "due")
    return State("changed since", "lapsing") if changed_since_approval(soa) else State("as approved", "evidenced")


def _short(outlook: Outlook, standard: StandardName) -> str:
    catalogue = outlook.ledger.catalogue(standard)
    return catalogue.short if catalogue else str(standard)
