"""Accreditations listed and shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

import msgspec

from compliance.domain.ledger.audited import audited, scheme_of, standing_of, with_audits
from compliance.domain.ledger.ledger import Ledger
from compliance.domain.registers.accreditations import ACCREDITATIONS
from compliance.domain.registers.certificates import cycles
from compliance.domain.registers.certificates.accreditation import (
    Accreditation,
    CertificateEvent,
    Cycle,
    Grant,
)
from compliance.domain.registers.certificates.cycles import SchemeDue
from compliance.domain.registers.certificates.states import expiry
from compliance.domain.standards.schemes import Scheme
from compliance.domain.terms.durations import in_days
from compliance.reports.parts.answers import Answer
from compliance.reports.parts.terminal import table, wrapped


def list_as_text(ledger: Ledger, on: date, width: int) -> str:
    """One line for each accreditation, and more where there is something to say of how it stands."""
    if not ledger.of(ACCREDITATIONS):
        return "No accreditation is recorded. Record one with: compliance accreditation add STANDARD --issued DATE"
    rows = []
    for accreditation in with_audits(ledger):
        stands = standing_of(ledger, accreditation, on)
        cycle = accreditation.cycle_on(on)
        number = cycle.certificate if cycle else ""
        lines = [
            f"{accreditation.title or accreditation.standard} · {accreditation.scope}",
            " ".join(filter(None, (accreditation.body_on(on), number))),
        ]
        rows.append(
            (
                accreditation.id,
                stands.status.value,
                str(stands.until or "–"),
                in_days((stands.until - on).days) if stands.until else "",
                "\n".join(filter(None, (*lines, stands.why))),
            )
        )
    return table(("Id", "State", "Until", "When", "Accreditation"), rows, width, flexible=4)


class AccreditationView(Accreditation, frozen=True, kw_only=True, omit_defaults=True):
    """An accreditation as its record has it, without the fields that say nothing; then how it stands.

    `expiries` are the last days of its cycles, in their order.
    """

    standard: str  # type: ignore[assignment]  # its name as it is written
    state: str
    since: date | None
    until: date | None
    why: str
    at_risk: bool = False
    expiries: tuple[date | None, ...]


class AccreditationList(Answer, frozen=True, kw_only=True):
    """Every accreditation, and how it stands on a day."""

    on: date
    accreditations: tuple[AccreditationView, ...]


class DueView(msgspec.Struct, frozen=True):
    """What a scheme asks of a certificate, by when, and when it was done."""

    event: str
    title: str
    due: date
    earliest: date | None
    planned: date | None
    done: date | None


class AccreditationShown(Answer, frozen=True, kw_only=True):
    """One accreditation, and what its scheme asks of it."""

    accreditation: AccreditationView
    dues: tuple[DueView, ...]


def list_view(ledger: Ledger, on: date) -> AccreditationList:
    """The list as `--json` has it."""
    return AccreditationList(
        on=on, accreditations=tuple(_view(ledger, accreditation, on) for accreditation in ledger.of(ACCREDITATIONS))
    )


def view(ledger: Ledger, accreditation: Accreditation, on: date) -> AccreditationShown:
    """One accreditation as `--json` has it."""
    dues = cycles.dues(scheme_of(ledger, accreditation), audited(ledger, accreditation), on, ledger.holidays)
    return AccreditationShown(
        accreditation=_view(ledger, accreditation, on),
        dues=tuple(
            DueView(due.event.id, due.event.title, due.due, due.earliest or None, due.planned or None, due.done or None)
            for due in dues
        ),
    )


def _view(ledger: Ledger, accreditation: Accreditation, on: date) -> AccreditationView:
    stands = standing_of(ledger, accreditation, on)
    return AccreditationView(
        **(msgspec.structs.asdict(accreditation) | {"standard": str(accreditation.standard)}),
        state=stands.status.value,
        since=stands.since or None,
        until=stands.until or None,
        why=stands.why,
        at_risk=stands.at_risk,
        expiries=tuple(expiry(scheme_of(ledger, accreditation), cycle) or None for cycle in accreditation.cycles),
    )


def as_text(ledger: Ledger, accreditation: Accreditation, on: date, width: int) -> str:
    """One accreditation for a terminal."""
    accreditation = audited(ledger, accreditation)
    scheme = scheme_of(ledger, accreditation)
    stands = standing_of(ledger, accreditation, on)
    until = f", until {stands.until} ({in_days((stands.until - on).days)})" if stands.until else ""
    lines = [
        *wrapped(f"{accreditation.id}  {accreditation.title or accreditation.standard}", width, below="  "),
        f"{stands.status.value}{until}",
        *wrapped(stands.why, width, break_on_hyphens=False),
    ]
    facts = {
        "standard": str(accreditation.standard),
        "scope": accreditation.scope,
        "body": accreditation.body_on(on),
        "profile": accreditation.profile,
        "owner": accreditation.owner,
        **accreditation.details,
    }
    for name, value in facts.items():
        lines += wrapped(f"{name}: {value}", width, below="  ", break_on_hyphens=False) if value else []
    if accreditation.events:
        lines += ["", "Before the first grant", *_events(accreditation.events, width)]
    for number, cycle in enumerate(accreditation.cycles, 1):
        lines += ["", *wrapped(_heading(number, cycle, scheme), width, below="  ", break_on_hyphens=False)]
        lines += _events(cycle.events, width)
    coming = [due for due in cycles.dues(scheme, accreditation, on, ledger.holidays) if due.done is None]
    if coming:
        rows = [
            (
                str(due.due),
                str(due.planned or ""),
                in_days((due.day - on).days),
                f"{due.event.title}\n{_what(due)}".rstrip(),
            )
            for due in coming
        ]
        lines += ["", table(("Due", "Agreed", "When", "What"), rows, width, flexible=3)]
    return "\n".join(lines)


def _heading(number: int, cycle: Cycle, scheme: Scheme) -> str:
    granted = {
        Grant.GRANTED: "granted",
        Grant.WITH_CONDITIONS: "granted with conditions",
        Grant.RESTORED: "restored",
    }[cycle.outcome]
    runs = f", its term from {cycle.runs_from}" if cycle.runs_from else ""
    certificate = f", certificate {cycle.certificate}" if cycle.certificate else ""
    body = f", by {cycle.body}" if cycle.body else ""
    note = f": {cycle.note}" if cycle.note else ""
    expires = expiry(scheme, cycle) or "never"
    return f"Cycle {number}: {granted} {cycle.granted}{runs}, expires {expires}{certificate}{body}{note}"


def _events(events: Iterable[CertificateEvent], width: int) -> Iterator[str]:
    for event in events:
        outcome = f" ({event.outcome})" if event.outcome else ""
        to = f" to {event.body}" if event.body else ""
        note = f": {event.note}" if event.note else ""
        text = f"  {event.on}  {event.event}{to}{outcome}{note}"
        yield from wrapped(text, width, below=" " * 14, break_on_hyphens=False)


def _what(due: SchemeDue) -> str:
    early = f"Not before {due.earliest}, to be in date on {due.serves}" if due.earliest else ""
    return "\n".join(filter(None, (due.event.what, early)))
