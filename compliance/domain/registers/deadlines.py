"""The deadlines register: days that are no certificate's, one-off or recurring."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from compliance.domain.registers.parts.dues import Due, DueKind, make_due
from compliance.domain.registers.parts.faults import Fault, Path, later_than_commit
from compliance.domain.registers.parts.register import LedgerView, Listing, NamedEvidence, Register
from compliance.domain.terms.durations import Duration, Unit, after, in_days
from compliance.domain.terms.references import Reference
from compliance.domain.terms.shapes import Shape
from compliance.domain.terms.vocabulary import Attribution

DEADLINE = DueKind("deadline", "Deadlines", Shape.CLOCK)


class DeadlineKind(enum.Enum):
    """What ends or is to be done on the day."""

    CONTRACT = "contract"
    END_OF_LIFE = "end-of-life"
    REVIEW = "review"
    LICENCE = "licence"
    INSURANCE = "insurance"
    OTHER = "other"


class Done(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A deadline that was met: which day of it, when, and what shows it."""

    due: dt.date
    on: dt.date
    by: str = ""
    evidence: tuple[str, ...] = ()
    note: str = ""


class Deadline(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something due on `date`, and with `every` again and again from that day until `until`.

    `lead` is how long before the day work on it begins.
    """

    id: str
    kind: DeadlineKind
    title: str
    date: dt.date
    every: Duration | None = None
    until: dt.date | None = None
    lead: Duration | None = None
    controls: tuple[Reference, ...] = ()
    scope: tuple[str, ...] = ()
    owner: str = ""
    note: str = ""
    done: tuple[Done, ...] = ()
    recorded: Attribution | None = None

    def days(self, last: dt.date) -> Iterator[dt.date]:
        """Its days up to one, each counted from the first and never chained."""
        end = min(last, self.until) if self.until else last
        day, times = self.date, 1
        while day <= end:
            yield day
            if self.every is None or not self.every.count or day == dt.date.max:
                return
            day, times = after(self.date, self.every, times), times + 1

    def open_days(self, last: dt.date = dt.date.max) -> Iterator[dt.date]:
        """The days up to one that nobody has said were met."""
        met = {meeting.due for meeting in self.done}
        return (day for day in self.days(last) if day not in met)


def inspect(ledger: LedgerView, deadline: Deadline) -> Iterator[Fault]:
    """What is wrong in a deadline: days that it does not have, an end before its beginning."""
    if deadline.every and (not deadline.every.count or deadline.every.unit is Unit.WORKING_DAY):
        yield Fault(("every",), "does not recur by days, weeks, months or years", "write it like 12 months")
        return
    if deadline.until and deadline.until < deadline.date:
        sentence = f"ends on {deadline.until}, before its first day, {deadline.date}"
        yield Fault(("until",), sentence, "correct one of the two days")
    met = set()
    for number, entry in enumerate(deadline.done):
        at: Path = ("done", number)
        if entry.due in met:
            yield Fault((*at, "due"), f"says twice that {entry.due} was met", "keep one of the two")
        elif entry.due not in deadline.days(entry.due):
            days = ", ".join(str(day) for day in list(deadline.days(max(entry.due, deadline.date)))[-2:])
            yield Fault((*at, "due"), f"{entry.due} is none of its days", f"its days near that are {days}")
        met.add(entry.due)
        yield from later_than_commit(ledger, (*at, "on"), "met on", entry.on)


def evidence_of(deadline: Deadline) -> Iterator[NamedEvidence]:
    """What shows that each of its days was met."""
    for number, entry in enumerate(deadline.done):
        for place, identifier in enumerate(entry.evidence):
            at = ("done", number, "evidence", place)
            yield NamedEvidence(at=at, id=identifier, deed=f"shows that {entry.due} was met", on=entry.on)


def dues(ledger: LedgerView, deadline: Deadline, on: dt.date, last: dt.date) -> Iterator[Due]:
    """The days that are to come, and one row for all that were missed. What is to be begun by the last day is in it."""
    lead, what = deadline.lead, f"{deadline.kind.value.replace('-', ' ')}: {deadline.title}"
    missed: list[dt.date] = []
    for day in deadline.open_days(after(last, lead, holidays=ledger.holidays) if lead else last):
        if day < on:
            missed.append(day)
            continue
        begin = after(day, lead, -1, ledger.holidays) if lead else None
        if (begin or day) <= last:
            todo = f"{deadline.note or 'See to it'}{f'; begin by {begin}' if begin else ''}"
            yield make_due(deadline, DEADLINE, day, what, todo, begin=begin)
    if missed:
        often = f"; {len(missed)} of its days have passed, the last on {missed[-1]}" if len(missed) > 1 else ""
        todo = f"{deadline.note or 'See to it'}{often}: compliance deadline done {deadline.id}"
        yield make_due(deadline, DEADLINE, missed[0], what, todo)


def _state(deadline: Deadline, on: dt.date) -> str:
    day = next(deadline.open_days(), None)
    if day is None:
        return "done"
    return "overdue" if day < on else "open"


def _row(_ledger: LedgerView, deadline: Deadline, on: dt.date) -> Sequence[str]:
    day = next(deadline.open_days(), None)
    owner = f"\n{deadline.owner}" if deadline.owner else ""
    when = in_days((day - on).days) if day else ""
    what = f"{deadline.kind.value.replace('-', ' ')}: {deadline.title}{owner}"
    return (deadline.id, str(day or "–"), when, _state(deadline, on), what)


def _facts(ledger: LedgerView, deadline: Deadline, on: dt.date) -> Mapping[str, object]:
    day = next(deadline.open_days(), None)
    begin = {"begin by": after(day, deadline.lead, -1, ledger.holidays)} if day and deadline.lead else {}
    return {"state": _state(deadline, on), "next": day, **begin}


DEADLINES = Register(
    name="deadline",
    plural="deadlines",
    prefix="D",
    place=7,
    summary="Contract ends, ends of support, reviews.",
    record=Deadline,
    inspect=inspect,
    evidence=evidence_of,
    listing=Listing(
        headings=("Id", "Due", "When", "State", "Deadline"),
        row=_row,
        order=lambda _ledger, deadline, _on: next(deadline.open_days(), None) or dt.date.max,
        is_open=lambda _ledger, deadline, on: _state(deadline, on) != "done",
        facts=_facts,
    ),
    due_kinds=(DEADLINE,),
    dues=dues,
)
