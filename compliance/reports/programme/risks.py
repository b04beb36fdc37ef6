"""The risk table of the programme report: nature, consequences, score, what controls it, who bears it until when."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import msgspec

from compliance.domain.ledger.ledger import Ledger
from compliance.domain.registers.actions import ACTIONS
from compliance.domain.registers.risks import (
    RISKS,
    Assessed,
    Risk,
    RiskState,
    band,
    beyond_appetite,
    score,
    score_of,
    state_on,
)
from compliance.domain.standards.catalogue import walk
from compliance.domain.terms.references import Reference
from compliance.reports.programme.outlook import Outlook, State


class RiskRow(msgspec.Struct, frozen=True, kw_only=True):
    """A risk that is open on the day; `measures` are the controls and actions that treat it, a line each."""

    id: str
    nature: str
    consequence: str
    likelihood: str
    impact: str
    score: str
    target: str
    above_appetite: bool
    treatment: str
    measures: tuple[str, ...]
    owner: str
    review: date | None
    review_overdue: bool
    accepted_until: date | None
    accepted_by: str
    stands: State


def risks(outlook: Outlook) -> tuple[RiskRow, ...]:
    """The open risks, the highest first."""
    ledger, matrix = outlook.ledger, outlook.ledger.settings.risk
    open_risks = [risk for risk in outlook.ledger.of(RISKS) if risk.open_on(outlook.on)]
    open_risks.sort(key=lambda risk: (-(score_of(risk, matrix) or 0), risk.review or date.max, risk.id))
    return tuple(_row(ledger, risk, outlook.on) for risk in open_risks)


_GROUPS = {RiskState.OPEN: "out", RiskState.ACCEPTED: "lapsing"}


def stands(ledger: Ledger, risk: Risk, on: date) -> State:
    """How an open risk stands on a day: borne, to be borne by somebody, or within the appetite."""
    state = state_on(risk, ledger.settings.risk, on)
    return State(state.value, _GROUPS.get(state, "gap"))


def _row(ledger: Ledger, risk: Risk, on: date) -> RiskRow:
    matrix = ledger.settings.risk
    acceptance = risk.acceptance_on(on)
    return RiskRow(
        id=risk.id,
        nature=risk.title,
        consequence=risk.consequence,
        likelihood=risk.likelihood,
        impact=risk.impact,
        score=_scored(ledger, Assessed(likelihood=risk.likelihood, impact=risk.impact)) or "not scored",
        target=_scored(ledger, risk.target),
        above_appetite=beyond_appetite(risk, matrix),
        treatment=risk.treatment.value,
        measures=(*(_control(ledger, control) for control in risk.controls), *_actions(ledger, risk, on)),
        owner=risk.owner,
        review=risk.review,
        review_overdue=risk.review is not None and risk.review < on,
        accepted_until=acceptance.until if acceptance else None,
        accepted_by=acceptance.by.partition(" <")[0] if acceptance else "",
        stands=stands(ledger, risk, on),
    )


def _scored(ledger: Ledger, assessed: Assessed | None) -> str:
    """`12 high`; empty for words that the matrix does not know."""
    matrix = ledger.settings.risk
    points = score(matrix, assessed.likelihood, assessed.impact) if assessed else None
    return "" if points is None else f"{points} {band(matrix, points)}".rstrip()


def _control(ledger: Ledger, reference: Reference) -> str:
    """A control with its title, where its catalogue is there."""
    fitting = (
        node.control.title
        for catalogue in ledger.catalogues
        if catalogue.id == reference.standard and reference.version in {"", catalogue.version}
        for node in walk(catalogue)
        if node.control.id == reference.control
    )
    return f"{reference} {next(fitting, '')}".rstrip()


def _actions(ledger: Ledger, risk: Risk, on: date) -> Iterator[str]:
    """The actions that treat a risk, whichever of the two names the other, and by when they do."""
    actions = {
        action.id: action for action in ledger.of(ACTIONS) if action.id in risk.actions or risk.id in action.risks
    }
    for identifier in dict.fromkeys((*risk.actions, *sorted(actions))):
        action = actions.get(identifier)
        if action is None:
            yield identifier
        elif action.raised > on:
            continue
        elif action.open_on(on):
            yield f"{identifier} {action.title}" + (f", by {action.due}" if action.due else "")
        else:
            yield f"{identifier} {action.title}: done"
