"""The results of a scan taken into the findings register: graded by their scores, and none of them twice."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import msgspec

from compliance.domain.ledger.ledger import Ledger
from compliance.domain.registers.findings import FINDINGS, Finding, FindingType, FoundBy
from compliance.domain.registers.parts.promises import Promise
from compliance.domain.terms.references import Reference
from compliance.exchange.table.headings import Field
from compliance.operations.registers.foreign_table import Reader, RegisterTable, UnusedRow, settled
from compliance.operations.registers.register_import import ImportPlan, controls_of
from compliance.problems import in_the_future
from compliance.store.text.decoding import parse_decimal

FINDING_FIELDS = (
    Field("title", ("plugin name", "name", "vulnerability", "vulnerability name", "summary", "nvt name")),
    Field("cvss", ("cvss score", "cvss base score", "cvss v3", "cvss3", "cvss v3 base score", "cvss v3.0 base score",
                   "cvss v3.1 base score", "cvss3 base score", "base score")),
    Field("severity", ("risk", "risk factor")),
    Field("target", ("host", "ip", "ip address", "asset", "hostname", "dns name", "affected host")),
    Field("reference", ("plugin id", "plugin", "cve", "nvt oid", "qid", "id", "ref")),
    Field("raised", ("first seen", "first detected", "first found", "date", "scan date"), asks=True),
    Field("controls", ("control",)),
    Field("description", ("synopsis", "details")),
)  # fmt: skip
_SEVERITIES = {
    severity.value: severity
    for severity in (FindingType.CRITICAL, FindingType.HIGH, FindingType.MEDIUM, FindingType.LOW)
}
_NO_SEVERITY = {"none", "info", "informational", "information", "log"}
_BANDS = (
    (Decimal("9.0"), FindingType.CRITICAL),
    (Decimal("7.0"), FindingType.HIGH),
    (Decimal("4.0"), FindingType.MEDIUM),
    (Decimal("0.1"), FindingType.LOW),
)
"""The lowest base score of each severity (CVSS v3.1 specification, section 5)."""


class Scan(msgspec.Struct, frozen=True, kw_only=True):
    """What is said of all rows of a scan's results. With a name, `nessus`, references are kept as `nessus:19506`."""

    name: str = ""
    found_by: FoundBy = FoundBy.SCAN
    raised: dt.date
    audit: str = ""
    controls: tuple[Reference, ...] = ()
    scope: tuple[str, ...] = ()
    owner: str = ""
    promised: tuple[Promise, ...] = ()
    at_least: Decimal = Decimal("0.1")


def _standing(finding: Finding, today: dt.date) -> str:
    """Whether a finding is open, or dismissed and why."""
    dismissal = finding.dismissal_on(today)
    return f"dismissed as {dismissal.because.value}" if dismissal else "open"


def plan_findings(
    ledger: Ledger, table: RegisterTable, scan: Scan, today: dt.date, order: str | None, lenient: bool
) -> ImportPlan:
    """The results of a scan, one finding for each weakness and system, graver rows first where there are several.

    What is open under the same reference and target is not recorded twice. What an earlier list of the same scan (by
    its name, source and scopes) had and this one lacks is named, not closed: a scan may have missed it.
    """
    reader = Reader(table)
    starts = table.order("raised", order)
    still = {
        (finding.reference or finding.title, finding.target): finding
        for finding in ledger.of(FINDINGS)
        if finding.open_on(today) or finding.is_dismissed(today)
    }
    keys: set[tuple[str, str]] = set()
    best: dict[tuple[str, str], tuple[Decimal, Finding]] = {}
    recorded, unused = [], []
    for row in table.rows:
        faults = len(reader.faults)
        score = reader.read(row, "cvss", score_of)
        kind = reader.read(row, "severity", _severity) if score is None and not row.text("cvss") else None
        raised = reader.day(row, "raised", starts) or scan.raised
        controls = reader.read(row, "controls", lambda cell: controls_of(ledger, None, cell)) or scan.controls
        if not row.text("title"):
            reader.fault(row, "title", "a finding without a title", "write what was found")
        if raised > today:
            reader.fault(row, "raised", in_the_future(raised), "correct the day")
        if len(reader.faults) > faults:
            continue
        reference = row.text("reference")
        reference = f"{scan.name}:{reference}" if scan.name and reference else reference
        key = (reference or row.text("title"), row.text("target"))
        keys.add(key)
        kind = band_of(score) if score is not None else kind
        where = table.at(row, "title")
        if kind is None:
            unused.append(UnusedRow(where, "has no severity" if score is None else f"scores {score}: no severity"))
        elif (_most(kind) if score is None else score) < scan.at_least:
            grade = f"is {kind.value}" if score is None else f"scores {score}"
            unused.append(UnusedRow(where, f"{grade}, under {scan.at_least}"))
        elif key in still:
            recorded.append(UnusedRow(where, f"{still[key].id} is {_standing(still[key], today)} for it"))
        elif key in best and best[key][0] >= (score or Decimal(0)):
            recorded.append(UnusedRow(where, "another row has the same reference and target"))
        else:
            if key in best:
                recorded.append(UnusedRow(where, "another row has the same reference and target"))
            fresh = Finding(
                id="",
                type=kind,
                title=row.text("title"),
                raised=raised,
                found_by=scan.found_by,
                audit=scan.audit,
                reference=reference,
                target=row.text("target"),
                cvss=str(score) if score is not None else "",
                controls=controls,
                scope=scan.scope,
                owner=scan.owner,
                description=row.text("description"),
                promised=scan.promised,
            )
            best[key] = (score or Decimal(0), fresh)
    faulty = settled(reader, lenient)
    unlisted = (
        [
            finding
            for key, finding in still.items()
            if key not in keys and finding.open_on(today) and _is_of(finding, scan)
        ]
        if not faulty
        else []
    )
    return ImportPlan(
        rows=len(table.rows),
        made=tuple(finding for _, finding in best.values()),
        recorded=tuple(recorded),
        unused=(*unused, *faulty),
        gone=tuple(sorted(unlisted, key=lambda finding: (list(FindingType).index(finding.type), finding.id))),
    )


def band_of(score: Decimal) -> FindingType | None:
    """The band of a CVSS base score; None for 0.0, which is no severity."""
    return next((kind for least, kind in _BANDS if score >= least), None)


def _most(kind: FindingType) -> Decimal:
    """The highest score of a band."""
    above = [least for least, other in _BANDS if list(FindingType).index(other) < list(FindingType).index(kind)]
    return min(above) - Decimal("0.1") if above else Decimal(10)


def _is_of(finding: Finding, scan: Scan) -> bool:
    name = finding.reference.partition(":")[0] if ":" in finding.reference else ""
    return (finding.found_by, finding.scope, name) == (scan.found_by, scan.scope, scan.name)


def score_of(text: str) -> Decimal:
    """A CVSS base score. Raises ValueError with a sentence for the user."""
    score = parse_decimal(text)
    if not 0 <= score <= 10 or score != score.quantize(Decimal("0.1")):
        raise ValueError(f"“{text}” is no CVSS score; it is a number from 0.0 to 10.0, with one digit after the point")
    return score.quantize(Decimal("0.1"))


def _severity(text: str) -> FindingType | None:
    word = text.casefold()
    if word not in _SEVERITIES and word not in _NO_SEVERITY:
        raise ValueError(f"“{text}” is no severity; write {', '.join(_SEVERITIES)} or none")
    return _SEVERITIES.get(word)
