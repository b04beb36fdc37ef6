"""What a head of IT carries between audits: the registers of a standing as one view, with a line of figures."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from compliance.domain.due.counting import When, by_urgency
from compliance.domain.due.registers import DUE_KINDS
from compliance.domain.due.standing import Standing
from compliance.domain.registers.accreditations import ACCREDITATIONS
from compliance.domain.registers.actions import ACTIONS
from compliance.domain.registers.applicability import APPLICABILITY
from compliance.domain.registers.audits import AUDITS
from compliance.domain.registers.deadlines import DEADLINES
from compliance.domain.registers.events import EVENTS
from compliance.domain.registers.findings import FINDINGS
from compliance.domain.registers.measures import MEASURES
from compliance.domain.registers.parts.registry import REGISTERS
from compliance.domain.registers.providers import PROVIDERS
from compliance.domain.registers.risks import RISKS
from compliance.domain.terms.durations import in_days
from compliance.problems import counted
from compliance.reports.parts.heading import Headed, head
from compliance.reports.programme.audits import AuditRow, Next, RequestRow, audits, next_audit, requests
from compliance.reports.programme.calendar import DeadlineRow, EventRow, deadlines, events
from compliance.reports.programme.certificates import AccreditationRow, StatementRow, accreditations, statements
from compliance.reports.programme.measures import MeasureRow, measures
from compliance.reports.programme.outlook import Outlook
from compliance.reports.programme.promises import (
    ActionRow,
    ClosedRow,
    FindingRow,
    actions,
    closed_last_year,
    findings,
    to_be_checked,
)
from compliance.reports.programme.providers import ProviderRow, providers
from compliance.reports.programme.risks import RiskRow, risks
from compliance.reports.renewals.timeline import written


class Count(msgspec.Struct, frozen=True, kw_only=True):
    """One of the figures at the head: how many, of what, and a few words more; `section` is where they stand."""

    number: str
    words: str
    note: str
    section: str
    is_bad: bool = False


class ListedRegister(msgspec.Struct, frozen=True):
    """A register that has no section of its own: its records as `list` shows them."""

    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class Programme(Headed, frozen=True, kw_only=True):
    """The whole report. `empty` names the registers with nothing on record, which then have no section."""

    figures: tuple[Count, ...]
    standards: tuple[str, ...]
    """The standards that the report is narrowed to; empty for all."""
    accreditations: tuple[AccreditationRow, ...]
    audits: tuple[AuditRow, ...]
    requests: tuple[RequestRow, ...]
    findings: tuple[FindingRow, ...]
    closed_last_year: int
    dismissed: int
    """How many findings are left aside on the day, as none, accepted or a duplicate."""
    to_be_checked: tuple[ClosedRow, ...]
    actions: tuple[ActionRow, ...]
    risks: tuple[RiskRow, ...]
    appetite: int
    measures: tuple[MeasureRow, ...]
    deadlines: tuple[DeadlineRow, ...]
    events: tuple[EventRow, ...]
    providers: tuple[ProviderRow, ...]
    statements: tuple[StatementRow, ...]
    empty: tuple[str, ...]
    others: tuple[ListedRegister, ...] = ()

    def has(self, register: str) -> bool:
        """Whether a register has a section of its own."""
        return register not in self.empty


def programme(standing: Standing) -> Programme:
    """The registers as they stand on the day judged, in the scopes and of the standards that were asked for."""
    outlook = Outlook.of(standing)
    view = Programme(
        **head(standing),
        figures=(),
        standards=tuple(sorted(standing.selection.standards)),
        accreditations=accreditations(outlook),
        audits=audits(outlook),
        requests=requests(outlook),
        findings=findings(outlook),
        dismissed=sum(finding.is_dismissed(outlook.on) for finding in outlook.ledger.of(FINDINGS)),
        closed_last_year=closed_last_year(outlook),
        to_be_checked=to_be_checked(outlook),
        actions=actions(outlook),
        risks=risks(outlook),
        appetite=outlook.ledger.settings.risk.appetite,
        measures=measures(outlook),
        deadlines=deadlines(outlook),
        events=events(outlook),
        providers=providers(outlook),
        statements=statements(outlook),
        empty=(),
        others=tuple(_others(outlook)),
    )
    sections = {
        "accreditations": view.accreditations,
        "audits": outlook.ledger.of(AUDITS),
        "findings": outlook.ledger.of(FINDINGS),
        "actions": outlook.ledger.of(ACTIONS),
        "risks": outlook.ledger.of(RISKS),
        "measures": view.measures,
        "deadlines": outlook.ledger.of(DEADLINES),
        "events": view.events,
        "providers": view.providers,
        "statements of applicability": view.statements,
    }
    view = msgspec.structs.replace(view, empty=tuple(name for name, records in sections.items() if not records))
    figures = (_overdue(standing), *_figures(view, outlook, next_audit(outlook, standing.renewals)))
    return msgspec.structs.replace(view, figures=figures)


_OWN_SECTION = {
    ACCREDITATIONS, APPLICABILITY, AUDITS, FINDINGS, ACTIONS, RISKS, DEADLINES, MEASURES, EVENTS, PROVIDERS,
}  # fmt: skip


def _others(outlook: Outlook) -> Iterator[ListedRegister]:
    """The registers that this report knows nothing more of, with the records that are open on the day."""
    ledger, on = outlook.ledger, outlook.on
    for register in REGISTERS:
        listing = register.listing
        records = [record for record in ledger.of(register) if listing.is_open(ledger, record, on)]
        if records and register not in _OWN_SECTION:
            records.sort(key=lambda record, order=listing.order: (order(ledger, record, on), record.id))  # type: ignore[misc]
            rows = tuple(tuple(listing.row(ledger, record, on)) for record in records)
            yield ListedRegister(register.plural.capitalize(), listing.headings, rows)


def _overdue(standing: Standing) -> Count:
    """All that is overdue, as every view counts it, and what kinds of things that is."""
    rows = by_urgency(standing.renewals, standing.provenance.on)[When.OVERDUE]
    kinds = [row.renewal.kind for row in rows]
    note = ", ".join(f"{kind.value} {kinds.count(kind)}" for kind in DUE_KINDS if kind in kinds)
    number = standing.figures.overdue
    return Count(number=str(number), words="overdue in all", note=note or "nothing", section="", is_bad=number > 0)


def _figures(view: Programme, outlook: Outlook, coming: Next | None) -> tuple[Count, ...]:
    majors = sum(row.is_major for row in view.findings)
    late = sum(row.slip.now is not None and row.slip.now < outlook.on for row in view.actions)
    above = [row for row in view.risks if row.above_appetite]
    accepted = sum(row.stands.word == "accepted" for row in above)
    wanting = [row for row in view.measures if row.wants_attention]
    missing = sum(bool(row.missing) for row in wanting)
    off = sum(any(stands.word == "off target" for stands in row.stands) for row in wanting)
    return (
        _count(
            view, "findings", majors, ("open major", "open majors"), f"of {counted(len(view.findings), 'open finding')}"
        ),
        _count(
            view,
            "actions",
            late,
            ("overdue action", "overdue actions"),
            f"of {counted(len(view.actions), 'open action')}",
        ),
        _count(view, "risks", len(above), ("risk above appetite", "risks above appetite"), f"{accepted} accepted"),
        _count(
            view,
            "measures",
            len(wanting),
            ("measure missing or off target", "measures missing or off target"),
            f"{missing} with figures missing, {off} off target",
        ),
        _coming(view, outlook, coming),
    )


def _count(view: Programme, register: str, number: int, words: tuple[str, str], note: str) -> Count:
    """A number with its words in the singular or the plural; a dash where nothing of the kind is on record."""
    if not view.has(register):
        return Count(number="–", words=words[1], note=f"no {register} on record here", section="")
    return Count(number=str(number), words=words[number != 1], note=note, section=register, is_bad=number > 0)


def _coming(view: Programme, outlook: Outlook, coming: Next | None) -> Count:
    if coming is None:
        return Count(number="–", words="next audit", note=f"none known by {written(outlook.until)}", section="")
    when = in_days((coming.on - outlook.on).days) if coming.on >= outlook.on else "under way"
    by = "" if coming.agreed else "by "
    note = f"{by}{written(coming.on)}: {coming.what}"
    return Count(number=when, words="next audit", note=note, section="audits" if view.has("audits") else "")
