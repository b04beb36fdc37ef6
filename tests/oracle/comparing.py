"""Sets what `gaps --json` says beside what the reference says, and tells each difference so that it can be checked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import compliance.cli.session as session

from ..builders.workspaces import Workspace
from .drawing import Draw, draw
from .papers import Accreditation, Demand, Paper, Table
from .reference import NO_GAP, Finding, judge
from .writing import write_workspace

MEASURED = {"evidenced", "lapsing"}
"""Verdicts whose last day is compared."""


@dataclass(frozen=True)
class Difference:
    """One expectation on one day: what the reference says, and what the command says."""

    drawing: Draw
    control: str
    table: Table
    on: date
    expected: Finding
    actual: Finding
    reason: str

    @property
    def kind(self) -> str:
        """Which rule, and what was expected and answered."""
        demand = self.table.demand
        words = [demand.rule, *(["before"] if demand.before else []), *(["per"] if demand.per else [])]
        words += [*(["anchored"] if demand.anchored else []), *([] if demand.judged == "always" else [demand.judged])]
        rule = " ".join(words)
        if self.expected.verdict == self.actual.verdict:
            return f"{rule}: until"
        return f"{rule}: {self.expected.verdict} expected, {self.actual.verdict} answered"

    @property
    def size(self) -> int:
        return len(self.table.papers) + len(self.table.happenings)

    def __str__(self) -> str:
        return "\n".join(
            [
                f"seed {self.drawing.seed}, {self.control}, on {self.on}, known {self.drawing.known}",
                *[f"  {line}" for line in described_table(self.table)],
                f"  expected {_worded(self.expected)}",
                f"  answered {_worded(self.actual)}: {self.reason}",
            ]
        )


@dataclass
class Tally:
    """How many were compared, and what differed."""

    compared: int
    differences: list[Difference]

    def by_kind(self) -> Counter[str]:
        return Counter(difference.kind for difference in self.differences)


def compare(folder: Path, seed: int, count: int, *, results: bool = True) -> Tally:
    """Draws a workspace, writes it, and compares every expectation on every day."""
    drawing = draw(seed, count, results=results)
    return compare_drawing(write_workspace(folder / f"workspace-{seed}", drawing), drawing)


def compare_drawing(workspace: Workspace, drawing: Draw) -> Tally:
    """Compares every expectation of a workspace on every day of its draw."""
    tally = Tally(0, [])
    with today_is(drawing.known):
        for on in drawing.days:
            rows = _rows(workspace, on)
            for control, table in drawing.tables.items():
                row = rows[control]
                expected = judge(table, on, drawing.known)
                until = row.get("until") if row["verdict"] in MEASURED else None
                actual = Finding(row["verdict"], date.fromisoformat(until) if until else None)
                tally.compared += 1
                if expected != actual:
                    reason = row.get("reason", "")
                    tally.differences.append(Difference(drawing, control, table, on, expected, actual, reason))
    return tally


def _rows(workspace: Workspace, on: date) -> dict[str, Any]:
    """The row of the only expectation of each control."""
    answer = workspace.run("gaps", "--json", "--on", str(on))
    assert answer.code == 0, answer.err
    rows = {}
    for assessment in answer.json["assessments"]:
        for standard in assessment["standards"]:
            for control in standard["controls"]:
                (rows[control["id"]],) = control["expectations"]
    return rows


@contextmanager
def today_is(day: date) -> Iterator[None]:
    """Lets commands in this process run on a day."""
    before = session.today
    session.today = lambda ledger: day
    try:
        yield
    finally:
        session.today = before


def _worded(finding: Finding) -> str:
    return f"{finding.verdict} until {finding.until}" if finding.verdict in NO_GAP - {"due"} else finding.verdict


def described_table(table: Table) -> list[str]:
    """An expectation and its papers, each on a line."""
    lines = [_described_demand(table.demand)]
    if table.starts:
        lines.append(f"series begins {table.starts}")
    if table.ends:
        lines.append(f"scope ends {table.ends}")
    if table.plan.first_needs:
        lines.append(f"a first assessment needs a {table.plan.first_needs}")
    if table.plan.first_needs or table.demand.judged != "always" or table.demand.anchored:
        lines.append(f"term {table.plan.term}, restoration {table.plan.restoration}, lead {table.plan.lead}")
        lines += [_described_accreditation(accreditation) for accreditation in table.accreditations]
    lines += [_described_paper(paper, table) for paper in table.papers]
    for happening in table.happenings:
        what = f"nil return for {happening.period[0]}/{happening.period[1]}" if happening.period else "event"
        what = f"planned {what} {happening.id}" if happening.planned else what
        lines.append(f"{what} on {happening.on}")
    return lines


def _described_accreditation(accreditation: Accreditation) -> str:
    words = [accreditation.id]
    words += [f"target {accreditation.target}"] if accreditation.target else []
    words += [f"{event} {day}" for event, day in accreditation.held]
    for cycle in accreditation.rounds:
        words.append(f"granted {cycle.granted}" + (f" expires {cycle.expires}" if cycle.expires else ""))
        words += [f"running from {cycle.runs_from}"] if cycle.runs_from else []
        words += [f"{event} {day}" for event, day in cycle.held]
        words += [f"withdrawn {cycle.withdrawn}"] if cycle.withdrawn else []
    words += [f"planned {event} {day}" for event, day in accreditation.planned]
    return ", ".join(words)


def _described_demand(demand: Demand) -> str:
    kinds = " or ".join(demand.kinds)
    per = f", per {demand.per}" if demand.per else ""
    over = f" over {demand.over}" if demand.rule in {"every", "each", "on"} else ""
    match demand.rule:
        case "max-age":
            return f"{demand.id}: {kinds}, max-age {demand.age}, judged {demand.judged}{per}"
        case "every":
            return f"{demand.id}: {kinds}, every {demand.age} + {demand.grace}{over}{per}"
        case "each":
            return f"{demand.id}: {kinds}, each {demand.slot}{' anchored' if demand.anchored else ''}{over}{per}"
        case "on":
            window = " and ".join(
                f"{word} {length}" for word, length in (("before", demand.before), ("within", demand.within)) if length
            )
            return f"{demand.id}: {kinds}, on event {window}{over}{per}"
        case "any-of":
            return "any of: " + "; ".join(_described_demand(member) for member in demand.alternatives)
    return f"{demand.id}: {kinds}, {demand.rule}{per}"


def _described_paper(paper: Paper, table: Table) -> str:
    words = [paper.id, paper.kind, str(paper.date or f"undated, recorded {paper.recorded}")]
    words += [paper.result] if paper.result else []
    words += [f"period {paper.period[0]}/{paper.period[1]}"] if paper.period else []
    words += [f"valid-from {paper.valid_from}"] if paper.valid_from else []
    words += [f"valid-until {paper.valid_until}"] if paper.valid_until else []
    words += [f"per {dict(paper.per)}"] if paper.per else []
    words += [f"for #{paper.expectation}"] if paper.expectation else []
    words += [f"scope {paper.scope}"] if paper.scope != table.scope else []
    words += [f"supersedes {paper.supersedes}"] if paper.supersedes else []
    words += [f"{paper.withdrawn} on {paper.withdrawn_on}"] if paper.withdrawn else []
    words += ["(kind needs review)"] if paper.kind in table.reviewed else []
    for opinion in paper.opinions:
        fits = "" if opinion.fits else " (stamp does not fit)"
        words.append(f"{opinion.outcome} by {opinion.by} on {opinion.on}{fits}")
    return " ".join(words)
