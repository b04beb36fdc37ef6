"""What falls due: one thing, on one day, for one scope."""

from __future__ import annotations

import enum
from datetime import date

import msgspec


class DueKind(enum.Enum):
    """What kind of thing falls due."""

    EXPIRY = "expiry"
    AUDIT = "audit"
    SUBMISSION = "submission"
    STEP = "step"
    EVIDENCE = "evidence"
    EXCLUSION = "exclusion"
    ACTION = "action"
    FINDING = "finding"
    RISK = "risk"
    DEADLINE = "deadline"
    REQUEST = "request"
    PROVIDER = "provider"
    MEASURE = "measure"


class Due(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that falls due, on which day, for what, and what to do about it."""

    due: date
    kind: DueKind
    what: str
    todo: str
    scope: str
    standards: tuple[str, ...] = ()
    subject: str = ""
    """The id of the accreditation, the piece of evidence or the record that it is about."""
    controls: tuple[str, ...] = ()
    expects: str = ""
    """What good evidence would look like."""
    planned: date | None = None
    owner: str = ""
    begin: date | None = None
    """When work on it is to begin, where that is long before the day."""

    def days_left(self, on: date) -> int:
        return (self.due - on).days
