"""Accreditations drawn at random: cycles with and without their submissions, lapsed and restored, withdrawn and anew.

Several may be held at once, and some are only sought.
"""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from .papers import Accreditation, Plan, Round, Span

SUBMISSION = "submission"


def draw_plan(chance: Random) -> Plan:
    """A scheme: its term, and how long before the expiry the submission is due."""
    return Plan(
        term=chance.choice([Span(12, "month"), Span(12, "month"), Span(36, "month")]),
        restoration=chance.choice([None, Span(3, "month"), Span(6, "month"), Span(18, "month")]),
        lead=chance.choice([Span(1, "month"), Span(14, "day"), Span(2, "month")]),
        first_needs=chance.choice(["", "", "procedure"]),
    )


def draw_accreditations(chance: Random, plan: Plan, known: date) -> tuple[Accreditation, ...]:
    """None, one or several to one standard in one scope."""
    count = chance.choice([0, 1, 1, 1, 2, 2, 3])
    return tuple(_accreditation(chance, plan, known, number) for number in range(1, count + 1))


def _accreditation(chance: Random, plan: Plan, known: date, number: int) -> Accreditation:
    name = f"A-2026-{number}"
    if chance.random() < 0.2:
        target = known + timedelta(days=chance.randint(-60, 250))
        return Accreditation(name, target=target)
    granted = known - timedelta(days=chance.randint(20, 1500))
    first = _submission(chance, granted)
    rounds: list[Round] = []
    runs_from: date | None = None
    while granted <= known:
        stated = granted + timedelta(days=chance.choice([300, 400])) if chance.random() < 0.1 else None
        expires = stated or plan.term.after(runs_from or granted)
        withdrawn = granted + timedelta(days=chance.randint(1, 500)) if chance.random() < 0.1 else None
        if withdrawn and withdrawn > known:
            withdrawn = None
        following = expires - timedelta(days=chance.choice([0, 3, 20, 40, 40, 40, -20, -80, -170, -380]))
        if withdrawn:
            following = withdrawn + timedelta(days=chance.choice([1, 30, 200]))
        last = chance.random() < (0.5 if withdrawn else 0.12)
        submitted = () if last or following > known else _submission(chance, following)
        held = tuple(event for event in submitted if event[1] > granted and not (withdrawn and event[1] > withdrawn))
        rounds.append(Round(granted, stated, held, runs_from, withdrawn))
        if last:
            break
        runs_from = None
        if not withdrawn and following > expires and plan.restoration and chance.random() < 0.7:
            runs_from = expires if following <= plan.restoration.after(expires) else None
        granted = following
    return Accreditation(name, tuple(rounds), held=first)


def _submission(chance: Random, granted: date) -> tuple[tuple[str, date], ...]:
    if chance.random() < 0.4:
        return ()
    return ((SUBMISSION, granted - timedelta(days=chance.choice([0, 5, 30, 60]))),)
