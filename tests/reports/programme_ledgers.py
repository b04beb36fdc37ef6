"""A ledger with something in every register, for the tests of the programme report."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import msgspec

from compliance.domain.ledger.ledger import Ledger
from compliance.domain.ledger.records import Evidence
from compliance.domain.registers.actions import Action
from compliance.domain.registers.audits import Audit, AuditType, Request
from compliance.domain.registers.deadlines import Deadline, DeadlineKind
from compliance.domain.registers.events import Event
from compliance.domain.registers.findings import Finding, FindingType
from compliance.domain.registers.measures import Direction, Measure
from compliance.domain.registers.parts.promises import Promise
from compliance.domain.registers.parts.remedies import Check, Closure
from compliance.domain.registers.parts.series import Point
from compliance.domain.registers.providers import Assurance, Provider
from compliance.domain.registers.risks import Acceptance, Assessed, Risk
from compliance.domain.registers.statements.statement import Applicability, Statement, StatementApproval
from compliance.domain.terms.durations import Duration
from compliance.domain.terms.periods import Period, Slot, slots
from compliance.domain.terms.references import Reference, StandardName
from compliance.domain.terms.vocabulary import Attribution, Kind

from .test_html import ledger as bare_ledger

TODAY = date(2026, 11, 2)
RULES = StandardName("rules", "1")
CONTROL = (Reference("rules", "1.1"),)
TOWN, PORT = ("town",), ("port",)


def full(said: str = "here") -> Ledger:
    """Something in every register; `said` is put into every text."""
    bare = bare_ledger(said)
    certificate = Evidence(
        id="E-CERT0001",
        path="evidence/certificate.pdf",
        title=f"Certificate {said}",
        kind=Kind.CERTIFICATE,
        date=date(2025, 12, 1),
        valid_until=date(2026, 11, 30),
        recorded=Attribution(by="A. Officer <a.officer@thornmere.example>", on=TODAY),
    )
    return msgspec.structs.replace(
        bare,
        evidence=(*bare.evidence, certificate),
        applicability=(*bare.applicability, statement(said)),
        audits=audits(said),
        findings=findings(said),
        actions=actions(said),
        risks=risks(said),
        deadlines=deadlines(said),
        measures=measures(said),
        points={"M-00000001": series(95, 96, 91, None, 97, 98, 97, 99, 96, 95, 94, 93)},
        events=events(said),
        providers=(
            Provider(
                id="P-00000001",
                name=f"Hosting {said}",
                assurances=(Assurance(evidence="E-CERT0001", services=(f"Rack {said}",)),),
                owner=f"Desk {said}",
            ),
            Provider(id="P-00000002", name=f"Network {said}"),
        ),
    )


def statement(said: str) -> Applicability:
    approved = StatementApproval(by=f"Head {said}", on=date(2026, 9, 1), stamp="0" * 64)
    text = said.encode(errors="ignore").decode()  # what is stamped is UTF-8, or was not read
    controls = (Statement(control="6.1", applies=False, reason=text),)
    return Applicability(
        id="S-00000001", standard=RULES, scope="port", version=f"3 {text}", approved=approved, controls=controls
    )


def audits(said: str) -> tuple[Audit, ...]:
    asked = (
        Request(id=f"1 {said}", text=f"The register {said}", due=date(2026, 10, 20), owner=f"Clerk {said}"),
        Request(id="2", text=f"The minutes {said}"),
        Request(id="3", text="The keys", answered=("E-00000001",)),
    )
    return (
        Audit(
            id="U-00000001", type=AuditType.SURVEILLANCE, title=f"Yearly look {said}", on=date(2026, 11, 20),
            until=date(2026, 11, 21), standards=(RULES,), scope=TOWN, body=f"Board {said}", requests=asked,
        ),
        Audit(
            id="U-00000002", type=AuditType.INTERNAL, title=f"Own look {said}", on=date(2026, 5, 4), held=True,
            outcome=f"Two findings {said}", scope=PORT,
        ),
        Audit(id="U-00000003", type=AuditType.INTERNAL, title="Forgotten look", on=date(2026, 9, 4)),
        Audit(id="U-00000004", type=AuditType.INTERNAL, title="Old look", on=date(2024, 5, 4), held=True),
    )  # fmt: skip


def findings(said: str) -> tuple[Finding, ...]:
    moved = (Promise(due=date(2026, 9, 1)), Promise(due=date(2026, 10, 1), reason=f"Ill {said}"))
    closed = Closure(on=date(2026, 8, 1), evidence=("E-00000001",))
    return (
        Finding(
            id="F-00000001", type=FindingType.MAJOR, title=f"No locks {said}", raised=date(2026, 5, 5),
            audit="U-00000002", controls=CONTROL, scope=TOWN, owner=f"Porter {said}", promised=moved,
        ),
        Finding(
            id="F-00000002", type=FindingType.OBSERVATION, title=f"Dust {said}", raised=date(2026, 5, 5), scope=PORT,
        ),
        Finding(id="F-00000003", type=FindingType.CRITICAL, title="Old server", raised=date(2026, 10, 5)),
        Finding(
            id="F-00000004", type=FindingType.MINOR, title=f"Mended {said}", raised=date(2026, 5, 5), closed=closed,
            check=Check(due=date(2026, 10, 30)), scope=TOWN,
        ),
        Finding(
            id="F-00000005", type=FindingType.MINOR, title="Came back", raised=date(2026, 5, 5), closed=closed,
            check=Check(due=date(2026, 9, 1), on=date(2026, 9, 1), effective=False), scope=TOWN,
        ),
        Finding(id="F-00000006", type=FindingType.MAJOR, title="Still to come", raised=date(2026, 12, 5)),
        Finding(
            id="F-00000007", type=FindingType.MINOR, title="Long closed", raised=date(2024, 5, 5),
            closed=Closure(on=date(2025, 11, 2)),
        ),
    )  # fmt: skip


def actions(said: str) -> tuple[Action, ...]:
    moved = (Promise(due=date(2026, 8, 1)), Promise(due=date(2026, 9, 1)), Promise(due=date(2026, 10, 5), reason=said))
    return (
        Action(
            id="T-00000001", title=f"Fit locks {said}", raised=date(2026, 5, 6), findings=("F-00000001",),
            risks=("R-00000001",), controls=CONTROL, scope=TOWN, owner=f"Porter {said}", promised=moved,
        ),
        Action(id="T-00000002", title=f"Sweep {said}", raised=date(2026, 5, 6), scope=PORT),
        Action(
            id="T-00000003", title="Done already", raised=date(2026, 5, 6), risks=("R-00000001",),
            closed=Closure(on=date(2026, 6, 1)),
        ),
    )  # fmt: skip


def risks(said: str) -> tuple[Risk, ...]:
    def risk(number: int, title: str, likelihood: str, **more: object) -> Risk:
        return msgspec.structs.replace(
            Risk(
                id=f"R-0000000{number}", title=f"{title} {said}", consequence=f"Wet papers {said}",
                likelihood=likelihood, impact="severe", raised=date(2026, 1, 1), scope=TOWN,
            ),
            **more,
        )  # fmt: skip

    accepted = (
        Acceptance(by=f"Clerk {said} <clerk@thornmere.example>", on=date(2026, 6, 1), until=date(2026, 12, 31)),
    )
    lapsed = (Acceptance(by="Clerk", on=date(2026, 1, 1), until=date(2026, 6, 30)),)
    return (
        risk(1, "Flood", "likely", controls=CONTROL, review=date(2026, 10, 1), owner=f"Porter {said}",
             target=Assessed(likelihood="rare", impact="severe")),
        risk(2, "Fire", "possible", accepted=accepted),
        risk(3, "Theft", "possible", accepted=lapsed),
        risk(4, "Mice", "unlikely", scope=PORT),
        risk(5, "Closed", "likely", closed=date(2026, 9, 1)),
        risk(6, "Unscored", "now and then"),
    )  # fmt: skip


def deadlines(said: str) -> tuple[Deadline, ...]:
    return (
        Deadline(
            id="D-00000001", kind=DeadlineKind.REVIEW, title=f"Go over it {said}", date=date(2026, 10, 1),
            every=Duration(3), note=f"All of it {said}", owner=f"Clerk {said}", scope=TOWN,
        ),
        Deadline(
            id="D-00000002", kind=DeadlineKind.END_OF_LIFE, title=f"Boiler {said}", date=date(2027, 3, 1),
            lead=Duration(2), scope=PORT,
        ),
        Deadline(id="D-00000003", kind=DeadlineKind.LICENCE, title="In a far year", date=date(2031, 3, 1)),
    )  # fmt: skip


def measures(said: str) -> tuple[Measure, ...]:
    return (
        Measure(
            id="M-00000001", title=f"Doors locked {said}", unit=f"% {said}", since=date(2025, 11, 1),
            target=Decimal(95), owner=f"Porter {said}", scope=TOWN,
        ),
        Measure(
            id="M-00000002", title=f"Wait {said}", unit="days", since=date(2026, 7, 1), each=Slot.QUARTER,
            within=Duration(2), target=Decimal(3), direction=Direction.AT_MOST, scope=PORT,
        ),
    )  # fmt: skip


def series(*values: int | None) -> tuple[Point, ...]:
    """Figures month by month up to October 2026."""
    year = list(slots(Slot.MONTH, date(2025, 1, 1), date(2026, 10, 31)))[-len(values) :]
    return tuple(Point(slot, Decimal(value)) for slot, value in zip(year, values, strict=True) if value is not None)


def events(said: str) -> tuple[Event, ...]:
    def event(number: int, day: date, **more: object) -> Event:
        return msgspec.structs.replace(Event(id=f"V-0000000{number}", type="a-starter", date=day), **more)

    return (
        event(1, date(2025, 11, 2), title="A year ago to the day: not of the last year"),
        event(2, date(2025, 11, 3), title="The first"),
        event(3, date(2026, 7, 1), title=f"The last {said}"),
        event(4, date(2026, 10, 1), nil=True, period=Period(date(2026, 7, 2), date(2026, 9, 30))),
        event(5, date(2026, 11, 3), title="Tomorrow"),
        event(6, date(2026, 3, 1), type="leaver", nil=True, scope=PORT),
    )
