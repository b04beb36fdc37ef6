"""Ledgers, catalogues and evidence in a line or two."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from compliance.domain.assessment.assess import Assessor
from compliance.domain.assessment.assessment import Assessment, ControlAssessment
from compliance.domain.ledger.approval import parts, stamp
from compliance.domain.ledger.control_index import ControlIndex
from compliance.domain.ledger.ledger import Ledger
from compliance.domain.ledger.records import Decision, Evidence, Outcome, Withdrawal, WithdrawnAs
from compliance.domain.ledger.settings import ReviewPolicy, Scope, Settings, StandardInUse
from compliance.domain.registers.certificates.accreditation import Accreditation, CertificateEvent, Cycle, Planned
from compliance.domain.registers.events import Event
from compliance.domain.registers.findings import Finding, FindingType
from compliance.domain.registers.parts.registry import REGISTERS
from compliance.domain.registers.statements.statement import Applicability, Inheritance, Statement
from compliance.domain.standards.catalogue import Catalogue, Control
from compliance.domain.standards.expectations import AnyOf, Each, Every, Expectation, MaxAge, Once, OnEvent, Rule
from compliance.domain.standards.schemes import EventRole, Scheme, SchemeEvent
from compliance.domain.terms.durations import Duration, parse_duration
from compliance.domain.terms.moments import Moment
from compliance.domain.terms.periods import Period, Slot
from compliance.domain.terms.references import parse_reference, parse_standard
from compliance.domain.terms.verdicts import Judgement
from compliance.domain.terms.vocabulary import Attribution, Basis, Chain, Judged, Kind, Result

TODAY = "2026-11-21"
HORIZON = timedelta(days=60)
OFFICER, REVIEWER = "Ada Example <ada@example.org>", "Ben Example <ben@example.org>"


def day(text: str | date) -> date:
    return text if isinstance(text, date) else date.fromisoformat(text)


def period(text: str) -> Period:
    start, _, end = text.partition("/")
    return Period(day(start), day(end))


def duration(text: str) -> Duration:
    return parse_duration(text)


def rule(text: str) -> Rule:
    """`max-age 1 year`, `every 3 months grace 3 days`, `each quarter anchored`, `on change within 30 days`, `once`.

    And `on starter before 3 months`, for what comes first.
    """
    name, _, rest = text.partition(" ")
    head, over = ([*rest.split(" over "), ""])[:2]
    longest = duration(over) if over else None
    match name:
        case "max-age":
            return MaxAge(duration(head))
        case "every":
            interval, grace = ([*head.split(" grace "), ""])[:2]
            unset = interval.startswith("unset")
            by = interval.removeprefix("unset").strip()
            return Every(
                None if unset else duration(interval), duration(grace) if grace else None, longest, by if unset else ""
            )
        case "each":
            return Each(Slot(head.split()[0]), head.endswith("anchored"), longest)
        case "on":
            event, word, time = head.split(" ", 2)
            within, earlier = (duration(time), None) if word == "within" else (None, duration(time))
            return OnEvent(event, within, longest, earlier)
    assert text == "once"
    return Once()


def expects(how: str | Rule = "max-age 12 months", id: str = "proof", kinds: str = "", **more: Any) -> Expectation:  # noqa: A002
    """An expectation, mandated unless `basis` says otherwise."""
    for name, words in (("basis", Basis), ("per", Chain), ("judged", Judged)):
        if name in more:
            more[name] = words(more[name])
    values = {"basis": Basis.MANDATED, **more}
    how = rule(how) if isinstance(how, str) else how
    return Expectation(id=id, rule=how, kinds=tuple(Kind(kind) for kind in kinds.split()), **values)


def any_of(*members: Expectation, **more: Any) -> Expectation:
    return expects(AnyOf(members), id="either", **more)


def control(id: str = "1", *wanted: Expectation, **more: Any) -> Control:  # noqa: A002
    """An assessable control; with nothing said, it wants a piece no older than twelve months."""
    if "first_due" in more:
        more["first_due"] = day(more["first_due"])
    values = {"title": f"Control {id}", "assessable": True, **more}
    return Control(id=id, expects=wanted or (expects(),), **values)


def catalogue(*controls: Control, id: str = "std", version: str = "1", **more: Any) -> Catalogue:  # noqa: A002
    values = {"title": f"Standard {id}", "short": id.upper(), "publisher": "The Example Standards Body", **more}
    return Catalogue(id=id, version=version, controls=controls or (control(),), **values)


def piece(id: str = "E-1", on: str | None = "2026-09-30", **more: Any) -> Evidence:  # noqa: A002
    """A report mapped to std:1; a scan, test or attestation passes unless another result is given."""
    for name in ("valid_from", "valid_until"):
        if name in more:
            more[name] = day(more[name])
    if "period" in more:
        more["period"] = period(more["period"])
    kind = more.pop("kind", "report")
    result = more.pop("result", "pass" if kind in {"scan", "test", "attestation"} else None)
    more["result"] = Result(result) if result else None
    controls = more.pop("controls", "std:1")
    recorded = more.pop("recorded", OFFICER)
    values: dict[str, Any] = {"path": f"evidence/{id}.pdf", "title": f"Piece {id}", "sha256": f"hash of {id}", **more}
    return Evidence(
        id=id,
        date=day(on) if on else None,
        kind=Kind(kind) if kind else None,
        controls=tuple(parse_reference(text) for text in controls.split()),
        recorded=Attribution(by=recorded, on=date(2026, 1, 1)) if recorded else None,
        **values,
    )


def withdrawn(on: str, as_: str = "invalid") -> Withdrawal:
    return Withdrawal(by=OFFICER, on=day(on), reason="wrong server", as_=WithdrawnAs(as_))


def approved(item: Evidence, *catalogues: Catalogue, by: str = REVIEWER, on: str = "2026-10-02") -> Evidence:
    """The evidence with an approval of exactly what it is now."""
    digests = parts(item, ControlIndex(world(*catalogues)).fingerprint_of)
    decision = Decision(decision=Outcome.APPROVED, by=by, on=Moment(day(on)), stamp=stamp(digests), parts=digests)
    return altered(item, decisions=(*item.decisions, decision))


def rejected(item: Evidence, by: str = REVIEWER, on: str = "2026-10-02", note: str = "") -> Evidence:
    decision = Decision(decision=Outcome.REJECTED, by=by, on=Moment(day(on)), note=note)
    return altered(item, decisions=(*item.decisions, decision))


def altered(value: Any, **fields: Any) -> Any:
    """The same value with other fields."""
    return type(value)(**{name: getattr(value, name) for name in value.__struct_fields__} | fields)


def review(*kinds: str, own: bool = False) -> ReviewPolicy:
    return ReviewPolicy(kinds=tuple(Kind(kind) for kind in kinds), approver_may_be_recorder=own)


def event(type: str, on: str, id: str = "", **more: Any) -> Event:  # noqa: A002
    return Event(id=id or f"V-{on}", type=type, date=day(on), **more)


def nil_return(type: str, speaks_for: str, on: str | None = None, **more: Any) -> Event:  # noqa: A002
    """A statement that nothing of a type happened in a period, given on its last day unless it is said when."""
    covered = period(speaks_for) if speaks_for else None
    decided = on or (covered.end if covered else TODAY)
    return event(type, str(decided), id=f"V-nil-{speaks_for}-{decided}", nil=True, period=covered, **more)


def finding(controls: str = "std:1", raised: str = "2026-06-01", type: str = "major", **more: Any) -> Finding:  # noqa: A002
    references = tuple(parse_reference(text) for text in controls.split())
    values = {"id": "F-1", "title": "Logs are not read", **more}
    return Finding(type=FindingType(type), raised=day(raised), controls=references, **values)


def statement(id: str = "1", review: str | None = None, **more: Any) -> Statement:  # noqa: A002
    return Statement(control=id, review=day(review) if review else None, **more)


def soa(*statements: Statement, scope: str = "corporate", standard: str = "std", **more: Any) -> Applicability:
    values = {"id": f"SOA-{scope}", **more}
    return Applicability(standard=parse_standard(standard), scope=scope, controls=statements, **values)


def inherits(**more: Any) -> Inheritance:
    return Inheritance(**more)


def happened(what: str, on: str, **more: Any) -> CertificateEvent:
    return CertificateEvent(event=what, on=day(on), **more)


def cycle(granted: str, expires: str | None = None, *events: CertificateEvent, **more: Any) -> Cycle:
    return Cycle(granted=day(granted), expires=day(expires) if expires else None, events=events, **more)


def held(*cycles: Cycle, scope: str = "corporate", standard: str = "std", **more: Any) -> Accreditation:
    if "target" in more:
        more["target"] = day(more["target"])
    planned = tuple(Planned(event=what, on=day(on)) for what, on in more.pop("planned", {}).items())
    values = {"id": "A-1", **more}
    return Accreditation(standard=parse_standard(standard), scope=scope, cycles=cycles, planned=planned, **values)


def step(id: str, **more: Any) -> SchemeEvent:  # noqa: A002
    """An event of a scheme; durations are written out."""
    for name in ("first_within", "every", "within", "lead", "lasts"):
        if name in more:
            more[name] = duration(more[name])
    if "role" in more:
        more["role"] = EventRole(more["role"])
    return SchemeEvent(id=id, title=id.replace("-", " ").capitalize(), **more)


def scheme(*steps: SchemeEvent, term: str = "", judged: str = "always", **more: Any) -> Scheme:
    for name in ("restoration", "suspension"):
        if name in more:
            more[name] = duration(more[name])
    return Scheme(events=steps, term=duration(term) if term else None, judged=Judged(judged), **more)


def scope(id: str = "corporate", start: str | None = None, **more: Any) -> Scope:  # noqa: A002
    return Scope(id=id, start=day(start) if start else None, **more)


def use(standard: str = "std@1", since: str | None = None, **more: Any) -> StandardInUse:
    return StandardInUse(standard=parse_standard(standard), since=day(since) if since else None, **more)


_FIELDS = {
    Catalogue: "catalogues",
    Evidence: "evidence",
    **{register.record: register.plural for register in REGISTERS},
}
"""The field of a ledger for each type of entry."""


def world(*entries: Any, **more: Any) -> Ledger:
    """A ledger of entries of any kind; every catalogue is in use unless some are said to be."""
    by_type: dict[type, list[Any]] = {}
    for entry in entries:
        by_type.setdefault(type(entry), []).append(entry)
    by_type.setdefault(Catalogue, [catalogue()])
    standards = by_type.pop(StandardInUse, None) or [use(str(used.name)) for used in by_type[Catalogue]]
    scopes = by_type.pop(Scope, None) or [scope()]
    policy = (by_type.pop(ReviewPolicy, None) or [ReviewPolicy()])[-1]
    settings = Settings(
        organisation="Nether Example Council", scopes=tuple(scopes), standards=tuple(standards), review=policy
    )
    registers = {_FIELDS[kind]: tuple(values) for kind, values in by_type.items()}
    return Ledger(commit="0" * 40, day=day(TODAY), settings=settings, **registers, **more)


def assessment(
    ledger: Ledger, on: str = TODAY, known: str | None = None, at: str = "corporate", horizon: timedelta = HORIZON
) -> Assessment:
    """The assessment of a scope, by a ledger that speaks from today unless it is said otherwise."""
    judged_scope = ledger.settings.scope(at)
    assert judged_scope
    return Assessor(ledger, day(on), day(known or TODAY), horizon).assess(judged_scope)


def judged(ledger: Ledger, on: str = TODAY, id: str = "1", **more: Any) -> ControlAssessment:  # noqa: A002
    """One control of an assessment, of the last standard that has it."""
    standards = assessment(ledger, on, **more).standards
    return [control for standard in standards for control in standard.controls if control.id == id][-1]


def judgement(ledger: Ledger, on: str = TODAY, id: str = "1", **more: Any) -> Judgement:  # noqa: A002
    """The judgement on the first expectation of a control."""
    return judged(ledger, on, id, **more).expectations[0].judgement


def verdict(ledger: Ledger, on: str = TODAY, id: str = "1", **more: Any) -> str:  # noqa: A002
    """The verdict on a control, as the word that reports use."""
    return judged(ledger, on, id, **more).verdict.value
