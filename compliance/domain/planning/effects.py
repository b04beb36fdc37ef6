"""What a change of records does, by the ledger before it and the one that it would give: verdicts and approvals."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import msgspec

from compliance.domain.assessment.assessment import ControlAssessment
from compliance.domain.due.standing import stand
from compliance.domain.ledger.ledger import Ledger
from compliance.domain.planning.migration import VoidedApproval, voided
from compliance.domain.terms.references import Reference


class StandingMove(msgspec.Struct, frozen=True, kw_only=True):
    """A control that would stand otherwise in a scope."""

    scope: str
    control: Reference
    before: str
    after: str
    is_worse: bool
    """Whether it would be a gap and is none now."""


class Effects(msgspec.Struct, frozen=True):
    """The controls that would stand otherwise, and the approvals that would not hold any more."""

    moves: tuple[StandingMove, ...]
    voided: tuple[VoidedApproval, ...]

    @property
    def harms(self) -> bool:
        """Whether anything would be worse than it is."""
        return bool(self.voided) or any(move.is_worse for move in self.moves)


def effects(before: Ledger, after: Ledger, on: date) -> Effects:
    """What differs on a day, as known on it."""
    now, then = _standings(before, on), _standings(after, on)
    moves = tuple(
        StandingMove(
            scope=scope,
            control=control,
            before=now[scope, control].standing,
            after=later.standing,
            is_worse=later.is_gap and not now[scope, control].is_gap,
        )
        for (scope, control), later in then.items()
        if (scope, control) in now and now[scope, control].standing != later.standing
    )
    return Effects(moves, voided(before, after))


def _standings(ledger: Ledger, on: date) -> dict[tuple[str, Reference], ControlAssessment]:
    return dict(_by_place(ledger, on))


def _by_place(ledger: Ledger, on: date) -> Iterator[tuple[tuple[str, Reference], ControlAssessment]]:
    settings = ledger.settings
    standing = stand(ledger, settings.scopes, frozenset(), on, on, settings.horizon, looking_ahead=False)
    for assessment in standing.assessments:
        for standard in assessment.standards:
            for assessed in standard.controls:
                control = Reference(standard.standard.id, assessed.id, standard.standard.version)
                yield (assessment.scope, control), assessed
