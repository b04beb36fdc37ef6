"""What findings and actions share: closed with evidence, checked for effect, and open again where there was none."""

from __future__ import annotations

import datetime as dt
import enum
from typing import Protocol

import msgspec

from compliance.domain.registers.parts.promises import Promises


class Closure(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """When a finding or an action was closed, and the evidence that shows it."""

    on: dt.date
    evidence: tuple[str, ...] = ()
    by: str = ""
    note: str = ""


class Check(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A look, some time after closing, at whether what was done worked. `due` is planned, the rest is the outcome."""

    due: dt.date
    on: dt.date | None = None
    effective: bool | None = None
    by: str = ""
    note: str = ""
    evidence: tuple[str, ...] = ()

    def failed_by(self, day: dt.date) -> bool:
        """Whether it had shown by that day that what was done did not work."""
        return self.on is not None and self.on <= day and self.effective is False


class Attempt(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A closing that did not work, and the look that showed it."""

    closed: Closure
    check: Check


def stands(raised: dt.date, closed: Closure | None, check: Check | None, day: dt.date) -> bool:
    """Whether something is raised by a day and not closed, or closed by what has been shown by then not to work."""
    done = closed is not None and closed.on <= day
    return raised <= day and (not done or (check is not None and check.failed_by(day)))


class Remedied(Protocol):
    """What is raised, put right by a promised day, closed and checked: a finding or an action."""

    @property
    def id(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def raised(self) -> dt.date: ...
    @property
    def due(self) -> dt.date | None: ...
    @property
    def promised(self) -> Promises: ...
    @property
    def earlier(self) -> tuple[Attempt, ...]: ...
    @property
    def closed(self) -> Closure | None: ...
    @property
    def check(self) -> Check | None: ...
    @property
    def owner(self) -> str: ...
    def open_on(self, day: dt.date) -> bool: ...


class FixState(enum.Enum):
    """How something that is to be put right stands on a day."""

    TO_COME = "to come"
    OPEN = "open"
    OVERDUE = "overdue"
    NOT_EFFECTIVE = "not effective"
    TO_BE_CHECKED = "to be checked"
    CLOSED = "closed"


def state_on(record: Remedied, day: dt.date) -> FixState:
    """How a finding or an action stands on a day."""
    if record.raised > day:
        return FixState.TO_COME
    if not record.open_on(day):
        waiting = record.check is not None and (record.check.on is None or record.check.on > day)
        return FixState.TO_BE_CHECKED if waiting else FixState.CLOSED
    if record.closed and record.closed.on <= day:
        return FixState.NOT_EFFECTIVE
    return FixState.OVERDUE if record.due and record.due < day else FixState.OPEN
