"""What findings and actions share: closed with evidence, checked for effect, and open again where there was none."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Iterator, Mapping
from typing import Protocol

import msgspec

from compliance.domain.registers.parts.dues import Due, DueKind, make_due
from compliance.domain.registers.parts.faults import Fault, Path, later_than_commit, warning
from compliance.domain.registers.parts.promises import Promises, slippage
from compliance.domain.registers.parts.register import LedgerView, NamedEvidence


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
    was_closed = closed is not None and closed.on <= day
    return raised <= day and (not was_closed or (check is not None and check.failed_by(day)))


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
    def is_dismissed(self, day: dt.date) -> bool: ...


class FixState(enum.Enum):
    """How something that is to be put right stands on a day."""

    TO_COME = "to come"
    OPEN = "open"
    OVERDUE = "overdue"
    NOT_EFFECTIVE = "not effective"
    TO_BE_CHECKED = "to be checked"
    CLOSED = "closed"
    DISMISSED = "dismissed"


def state_on(record: Remedied, day: dt.date) -> FixState:
    """How a finding or an action stands on a day."""
    if record.raised > day:
        return FixState.TO_COME
    if not record.open_on(day):
        if record.is_dismissed(day):
            return FixState.DISMISSED
        waiting = record.check is not None and (record.check.on is None or record.check.on > day)
        return FixState.TO_BE_CHECKED if waiting else FixState.CLOSED
    if record.closed and record.closed.on <= day:
        return FixState.NOT_EFFECTIVE
    return FixState.OVERDUE if record.due and record.due < day else FixState.OPEN


def dues_of_remedied(record: Remedied, kind: DueKind, what: str, todo: str, on: dt.date) -> Iterator[Due]:
    """The promised day, with how far it has moved; and once it is closed, the look at whether that worked."""
    if record.open_on(on) and record.due:
        moved = slippage(record.promised)
        yield make_due(record, kind, record.due, what, f"{todo}{f' ({moved})' if moved else ''}")
    is_closed = record.closed is not None and record.closed.on <= on
    if is_closed and record.check and (record.check.on is None or record.check.on > on):
        look = f"Say whether what was done worked: compliance {kind.value} check {record.id}"
        yield make_due(record, kind, record.check.due, f"check of effect: {record.title}", look)


def facts_of_remedied(record: Remedied, on: dt.date) -> Mapping[str, object]:
    """The state of a finding or an action, its day, and how far that has moved."""
    moved = slippage(record.promised)
    return {"state": state_on(record, on).value, "due": record.due, **({"slipped": moved} if moved else {})}


def inspect_remedied(ledger: LedgerView, record: Remedied) -> Iterator[Fault]:
    """What is wrong in a finding or an action: promised, closed and checked out of order."""
    yield from later_than_commit(ledger, ("raised",), "raised on", record.raised)
    yield from _promises(record)
    yield from _earlier(record)
    if record.closed:
        yield from _closure(ledger, record.raised, record.closed)
    if record.check:
        yield from _check(ledger, record.closed, record.check)


def evidence_of_remedied(record: Remedied) -> Iterator[NamedEvidence]:
    """The evidence by which a finding or an action was closed and checked, now and by earlier attempts."""
    for number, attempt in enumerate(record.earlier):
        for part in ("closed", "check"):
            for place, identifier in enumerate(getattr(attempt, part).evidence):
                at: Path = ("earlier", number, part, "evidence", place)
                yield NamedEvidence(at=at, id=identifier, deed="was to close it", is_past=True)
    closed, check = record.closed, record.check
    for place, identifier in enumerate(closed.evidence if closed else ()):
        at = ("closed", "evidence", place)
        day = closed.on if closed else None
        yield NamedEvidence(at=at, id=identifier, deed="closes it", on=day, since=record.raised)
    for place, identifier in enumerate(check.evidence if check else ()):
        at = ("check", "evidence", place)
        since = closed.on if closed else None
        yield NamedEvidence(at=at, id=identifier, deed="shows its effect", on=check.on if check else None, since=since)


def _promises(record: Remedied) -> Iterator[Fault]:
    for number, promise in enumerate(record.promised):
        at: Path = ("promised", number)
        if promise.due < record.raised:
            sentence = f"is promised for {promise.due}, before it was raised on {record.raised}"
            yield Fault((*at, "due"), sentence, "correct one of the two days")
        before = record.promised[number - 1].on if number else None
        if before and promise.on and promise.on < before:
            sentence = f"the promise of {promise.on} stands below a later one"
            yield Fault((*at, "on"), sentence, "put them in the order in which they were made")
        if number and not promise.reason:
            hint = "say why the day moved: “reason: …”"
            yield warning(at, f"the day moved to {promise.due} without a reason", hint)


def _earlier(record: Remedied) -> Iterator[Fault]:
    """Closings that are kept because they did not work."""
    for number, attempt in enumerate(record.earlier):
        at: Path = ("earlier", number)
        if attempt.check.effective is not False:
            hint = "it belongs below “closed” and “check”, unless what was done did not work"
            yield Fault((*at, "check"), "is an earlier closing that did work", hint)


def _closure(ledger: LedgerView, raised: dt.date, closed: Closure) -> Iterator[Fault]:
    if closed.on < raised:
        sentence = f"is closed on {closed.on}, before it was raised on {raised}"
        yield Fault(("closed", "on"), sentence, "correct one of the two days")
    yield from later_than_commit(ledger, ("closed", "on"), "closed on", closed.on)


def _check(ledger: LedgerView, closed: Closure | None, check: Check) -> Iterator[Fault]:
    if (check.on is None) != (check.effective is None):
        hint = "write both “on: YYYY-MM-DD” and “effective: yes” or “no”"
        yield Fault(("check",), "is a check of effect with half an outcome", hint)
    if check.on and closed is None:
        yield Fault(("check", "on"), "was checked for effect before it was closed", "add “closed: …”")
    elif check.on and closed and check.on < closed.on:
        sentence = f"was checked for effect on {check.on}, before it was closed on {closed.on}"
        yield Fault(("check", "on"), sentence, "correct one of the two days")
    if check.on:
        yield from later_than_commit(ledger, ("check", "on"), "checked for effect on", check.on)
