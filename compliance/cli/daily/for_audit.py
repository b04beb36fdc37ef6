"""What a report is about: as its options say, or as the audit settles that `--for-audit` names."""

from __future__ import annotations

import datetime as dt

import msgspec

from compliance.cli.options import ReportOptions
from compliance.cli.session import Session, chosen_scopes, chosen_standards
from compliance.domain.due.sampling import for_audit
from compliance.domain.due.standing import Standing, stand
from compliance.domain.ledger.settings import Scope
from compliance.domain.registers.accreditations import ACCREDITATIONS
from compliance.domain.registers.audits import Audit
from compliance.domain.terms.durations import Duration
from compliance.domain.terms.references import StandardName
from compliance.problems import refuse


class Subject(msgspec.Struct, frozen=True):
    """What a report is about, and on which day it is judged. Without a standard named, all that are in use."""

    scopes: tuple[Scope, ...]
    standards: frozenset[StandardName]
    on: dt.date
    audit: Audit | None = None


def subject_of(session: Session, report_options: ReportOptions) -> Subject:
    """What the options ask about.

    Raises Refused for a scope, standard or audit that there is not, and for an option that the audit itself settles.
    """
    if report_options.for_audit:
        return _audited(session, report_options, report_options.for_audit)
    return Subject(
        scopes=chosen_scopes(session.ledger, report_options.scopes),
        standards=chosen_standards(session.ledger, report_options.standards),
        on=report_options.on or session.day,
    )


def _audited(session: Session, report_options: ReportOptions, identifier: str) -> Subject:
    """What an audit looks at: what it names itself, or else what the accreditation that it is for is about."""
    from compliance.domain.registers.audits import AUDITS
    from compliance.operations.registers.registering import find_record

    options = (
        ("--on", report_options.on),
        ("--scope", report_options.scopes),
        ("--standard", report_options.standards),
    )
    superfluous = [name for name, value in options if value]
    if superfluous:
        hint = f"leave out {' and '.join(superfluous)}, or --for-audit"
        raise refuse(f"--for-audit does not go with {superfluous[0]}: the audit itself says that", hint=hint)
    audit: Audit = find_record(session.ledger, AUDITS, identifier)
    accreditation = next(
        (record for record in session.ledger.of(ACCREDITATIONS) if record.id == audit.accreditation), None
    )
    standards = audit.standards or ((accreditation.standard,) if accreditation else ())
    scopes = audit.scope or ((accreditation.scope,) if accreditation else ())
    return Subject(
        scopes=chosen_scopes(session.ledger, scopes),
        standards=chosen_standards(session.ledger, tuple(str(name) for name in standards)),
        on=audit.on,
        audit=audit,
    )


def standing_of(session: Session, subject: Subject, ahead: Duration, *, looking_ahead: bool = True) -> Standing:
    """How the subject stands on its day, and what falls due `ahead` of it; of an audit, as its sample will show it."""
    standing = stand(
        session.ledger, subject.scopes, subject.standards, subject.on, session.day, ahead, looking_ahead=looking_ahead
    )
    return for_audit(standing, subject.audit) if subject.audit else standing
