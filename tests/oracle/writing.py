"""Writes a draw as a workspace: a repository with settings, a catalogue, records and registers."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from pathlib import Path
from typing import Any

from ..builders.workspaces import Workspace, described
from .certificates import SUBMISSION
from .drawing import SUPPLIERS, Draw
from .papers import DAY, Accreditation, Demand, Paper, Span

FAILED_SCAN = "failed-scan"
DRAWN = date(2026, 11, 29)
"""The day of the commit that says what was drawn."""
PROOF = b"What was filed.\n"
PROOF_HASH = hashlib.sha256(PROOF).hexdigest()
PEOPLE = {name: f"{name.title()} <{name}@example.org>" for name in ("officer", "reviewer", "auditor")}


def write_workspace(top: Path, drawing: Draw) -> Workspace:
    """A repository with one commit that says what the draw says."""
    top.mkdir(parents=True)
    workspace = Workspace(top)
    workspace.git("init", "-q", "-b", "main", "--template=")
    files: dict[str, str | bytes] = {
        "compliance.toml": _settings(drawing),
        "standards/oracle@1.yaml": _catalogue(drawing),
        ".gitignore": "/.compliance/\n",
        "evidence/papers/proof.txt": PROOF,
    }
    for control, table in drawing.tables.items():
        for paper in table.papers:
            files[f"evidence/papers/p.{paper.id[2:]}.evidence.yaml"] = _record(control, paper)
        for happening in table.happenings:
            fields: dict[str, Any] = {"type": event_of(control), "date": happening.on}
            if happening.planned:
                fields["planned"] = "true"
            if happening.was:
                fields["moved"] = [{"was": str(happening.was), "on": str(DRAWN)}]
            if happening.cancelled:
                fields["cancelled"] = {"on": str(happening.cancelled), "reason": "Called off"}
            if happening.period:
                fields |= {"nil": "true", "period": _period(happening.period)}
            files[f"evidence/events/{happening.id[2:]}.yaml"] = described(happening.id, **fields)
    for accreditation in drawing.accreditations:
        files[f"evidence/accreditations/{accreditation.id}.yaml"] = _accreditation(accreditation)
    workspace.put(files, str(DRAWN), "Begin")
    return workspace


def event_of(control: str) -> str:
    return "event-" + control.lower().replace(".", "-")


def _settings(drawing: Draw) -> str:
    bounds = f"start = {drawing.starts}\n" if drawing.starts else ""
    bounds += f"end = {drawing.ends}\n" if drawing.ends else ""
    bounds += 'succeeds = "elsewhere"\n' if drawing.succeeds else ""
    elsewhere = f"end = {drawing.starts - DAY}\n" if drawing.succeeds and drawing.starts else ""
    suppliers = json.dumps(list(SUPPLIERS))
    return (
        'format = 1\norganisation = "Exampleton"\ntime-zone = "Europe/London"\nhorizon = "60 days"\n\n'
        f"[review]\nkinds = {json.dumps(sorted(drawing.reviewed))}\n\n"
        f'[[scopes]]\nid = "town"\nsuppliers = {suppliers}\n{bounds}\n[[scopes]]\nid = "elsewhere"\n{elsewhere}\n'
        '[[standards]]\nstandard = "oracle@1"\nscopes = ["town"]\n'
    )


def _catalogue(drawing: Draw) -> str:
    lines = ["id: oracle", "version: 1", "title: Oracle", "short: Oracle", "publisher: Nobody", "events:"]
    lines.append(f"  - {{id: {FAILED_SCAN}, title: Failed scan}}")
    lines += [f"  - {{id: {event_of(control)}, title: {control}}}" for control in drawing.tables]
    lines += [
        "scheme:",
        "  holding: certificate",
        f"  term: {drawing.plan.term}",
        *([f"  restoration: {drawing.plan.restoration}"] if drawing.plan.restoration else []),
        *([f"  first-assessment-needs: {drawing.plan.first_needs}"] if drawing.plan.first_needs else []),
        "  events:",
        f"    - {{id: {SUBMISSION}, title: S, role: submission, before: expiry, lead: {drawing.plan.lead}}}",
        "controls:",
    ]
    for control, table in drawing.tables.items():
        lines += [f"  - id: {control}", f"    title: Control {control}", "    assessable: true"]
        if table.starts != drawing.starts:
            lines.append(f"    first-due: {table.starts}")
        lines.append(f"    expects: [{_expectation(control, table.demand)}]")
    return "\n".join(lines) + "\n"


def _accreditation(accreditation: Accreditation) -> str:
    fields: dict[str, Any] = {"standard": "oracle@1", "scope": "town"}
    if accreditation.target:
        fields["target"] = accreditation.target
    if accreditation.held:
        fields["events"] = _events(accreditation.held)
    cycles = []
    for cycle in accreditation.rounds:
        written: dict[str, Any] = {"granted": str(cycle.granted)}
        if cycle.expires:
            written["expires"] = str(cycle.expires)
        if cycle.runs_from:
            written |= {"runs-from": str(cycle.runs_from), "outcome": "restored"}
        events = cycle.held + ((("withdrawn", cycle.withdrawn),) if cycle.withdrawn else ())
        if events:
            written["events"] = _events(events)
        cycles.append(written)
    if cycles:
        fields["cycles"] = cycles
    if accreditation.planned:
        fields["planned"] = _events(accreditation.planned)
    return described(accreditation.id, **fields)


def _events(events: tuple[tuple[str, date], ...]) -> list[dict[str, str]]:
    return [{"event": event, "on": str(day)} for event, day in events]


def _expectation(control: str, demand: Demand) -> str:
    """An expectation in JSON's notation, which is YAML's too."""
    return json.dumps(expectation_fields(control, demand))


def expectation_fields(control: str, demand: Demand) -> dict[str, Any]:
    """An expectation as the catalogue writes it."""
    fields: dict[str, Any] = {"id": demand.id, "basis": "organisation", "what": "Something"}
    if demand.kinds:
        fields["kind"] = list(demand.kinds)
    match demand.rule:
        case "max-age":
            fields["max-age"] = str(demand.age)
            if demand.judged != "always":
                fields["judged"] = demand.judged
        case "every":
            fields["every"] = str(demand.age)
            if demand.grace.count:
                fields["grace"] = str(demand.grace)
        case "each":
            fields["each"] = demand.slot
            if demand.anchored:
                fields["anchored"] = True
        case "on":
            fields["on"] = FAILED_SCAN if demand.by_fails else event_of(control)
            if demand.within:
                fields["within"] = str(demand.within)
            if demand.before:
                fields["before"] = str(demand.before)
        case "once":
            fields["once"] = True
        case "any-of":
            fields["any-of"] = [expectation_fields(control, member) for member in demand.alternatives]
    if demand.rule in {"every", "each", "on"} and demand.over != Span(12, "month"):
        fields["over"] = str(demand.over)
    if demand.per:
        fields["per"] = demand.per
    return fields


def _period(period: tuple[date, date]) -> str:
    return f"{period[0]}/{period[1]}"


def _mapping(control: str, paper: Paper) -> str:
    return f"oracle:{control}" + (f"#{paper.expectation}" if paper.expectation else "")


def record_fields(control: str, paper: Paper) -> dict[str, Any]:
    """A record's fields in their order, without its id."""
    fields: dict[str, Any] = {"file": "proof.txt", "title": f"Paper {paper.id}", "kind": paper.kind}
    if paper.result:
        fields["result"] = paper.result
    if paper.date:
        fields["date"] = paper.date
    if paper.period:
        fields["period"] = _period(paper.period)
    if paper.valid_from:
        fields["valid_from"] = paper.valid_from
    if paper.valid_until:
        fields["valid_until"] = paper.valid_until
    fields |= {"controls": [_mapping(control, paper)], "scope": [paper.scope]}
    if paper.per:
        fields["per"] = dict(paper.per)
    fields |= {"sha256": PROOF_HASH, "size": len(PROOF)}
    fields["recorded"] = {"by": PEOPLE[paper.recorder], "on": str(paper.recorded)}
    if paper.supersedes:
        fields["supersedes"] = paper.supersedes
    if paper.withdrawn:
        fields["withdrawn"] = {
            "by": PEOPLE["officer"],
            "on": str(paper.withdrawn_on),
            "reason": "No longer so",
            "as": paper.withdrawn,
        }
    if paper.opinions:
        fields["decisions"] = [
            {"decision": opinion.outcome, "by": PEOPLE[opinion.by], "on": str(opinion.on)}
            | (_stamped(control, paper, opinion.fits) if opinion.outcome == "approved" else {})
            for opinion in paper.opinions
        ]
    return fields


def _record(control: str, paper: Paper) -> str:
    return described(paper.id, **record_fields(control, paper))


def _stamped(control: str, paper: Paper, fits: bool) -> dict[str, Any]:
    """The stamp and its parts, computed as the format's description says; one that does not fit is of other bytes."""
    mapping = _mapping(control, paper)
    fingerprint = _digest(["oracle", "1", control, 1, []])
    dates = [paper.date, _period(paper.period) if paper.period else "", paper.valid_from, paper.valid_until]
    parts = {
        "bytes": _digest(PROOF_HASH if fits else "0" * 64),
        "kind": _digest(paper.kind),
        "result": _digest(paper.result),
        "dates": _digest([str(day or "") for day in dates]),
        "scope": _digest([paper.scope]),
        "per": _digest([list(pair) for pair in sorted(paper.per)]),
        "mapping": _digest([mapping]),
        mapping: _digest([fingerprint]),
    }
    return {"stamp": hashlib.sha256(_encoded(sorted(parts.items()))).hexdigest(), "parts": parts}


def _encoded(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


def _digest(value: Any) -> str:
    return hashlib.sha256(_encoded(value)).hexdigest()[:32]
