"""What is wrong in a risk: words that the matrix does not have, an acceptance that bears nothing, days out of order."""

from __future__ import annotations

from collections.abc import Iterator

from compliance.domain.registers.parts.registry import ACTIONS, RISKS
from compliance.domain.registers.risks import Assessed, Risk, Treatment, beyond_appetite
from compliance.ledger.inspection.checks import Checks
from compliance.problems import Problem
from compliance.store.text.located import Path


def inspect_risk(file: str, risk: Risk, checks: Checks) -> Iterator[Problem]:
    """Every problem between a risk and the rest of the workspace."""
    pages = checks.pages
    yield from checks.own_id(file, risk.id, RISKS)
    yield from checks.scopes(file, risk.scope)
    yield from checks.controls(file, risk.controls)
    for number, action in enumerate(risk.actions):
        yield from checks.named(file, ("actions", number), ACTIONS, action)
    yield from _words(file, (), Assessed(likelihood=risk.likelihood, impact=risk.impact), checks)
    for field, assessed in (("inherent", risk.inherent), ("target", risk.target)):
        if assessed:
            yield from _words(file, (field,), assessed, checks)
    yield from checks.later(file, ("raised",), "raised on", risk.raised)
    if risk.closed:
        yield from checks.later(file, ("closed",), "closed on", risk.closed)
    if risk.closed and risk.closed < risk.raised:
        sentence = f"is closed on {risk.closed}, before it was raised on {risk.raised}"
        yield pages.error(file, ("closed",), sentence, "correct one of the two days")
    for number, one in enumerate(risk.accepted):
        if one.until < one.on:
            sentence = f"is accepted on {one.on} until {one.until}, a day before that"
            yield pages.error(file, ("accepted", number, "until"), sentence, "correct one of the two days")
    if risk.treatment is Treatment.ACCEPT and not risk.accepted and risk.closed is None:
        hint = "say who bears it: “accepted: [{by: …, on: …, until: …}]”, or treat it otherwise"
        yield pages.error(file, ("treatment",), "is to be accepted, and nobody has accepted it", hint)
    if risk.closed is None and risk.review is None:
        hint = "add “review: YYYY-MM-DD”"
        yield pages.warning(file, ("id",), "has no day by which it is looked at again", hint)
    treated = risk.controls or risk.actions or risk.accepted
    if risk.closed is None and not treated and beyond_appetite(risk, checks.ledger.settings.risk):
        hint = "name the controls or actions that treat it, or have it accepted"
        yield pages.warning(file, ("id",), "is above the appetite, and nothing treats it", hint)


def _words(file: str, at: Path, assessed: Assessed, checks: Checks) -> Iterator[Problem]:
    matrix = checks.ledger.settings.risk
    for field, word, known in (
        ("likelihood", assessed.likelihood, matrix.likelihood),
        ("impact", assessed.impact, matrix.impact),
    ):
        if word not in known:
            sentence = f"“{word}” is no word for the {field} of a risk here"
            hint = f"choose from {', '.join(known)}; they are set by [risk] in compliance.toml"
            yield checks.pages.error(file, (*at, field), sentence, hint)
