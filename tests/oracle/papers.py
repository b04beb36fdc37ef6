"""What the reference judges: plain data, as a person would lay the papers of one control on a table."""

from __future__ import annotations

import calendar
from dataclasses import dataclass, field
from datetime import date, timedelta

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Span:
    """A length of time in days or months; `3 months` is `Span(3, "month")`."""

    count: int
    unit: str

    def after(self, day: date) -> date:
        """The day this long after another; months are held at the month's end."""
        return self._moved(day, self.count)

    def ahead_of(self, day: date) -> date:
        """The day this long before another."""
        return self._moved(day, -self.count)

    def _moved(self, day: date, count: int) -> date:
        if self.unit == "day":
            return day + timedelta(days=count)
        months = day.year * 12 + day.month - 1 + count
        year, month = divmod(months, 12)
        return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))

    def __str__(self) -> str:
        return f"{self.count} {self.unit}{'s' if self.count != 1 else ''}"


YEAR = Span(12, "month")


@dataclass(frozen=True)
class Opinion:
    """What a reviewer decided; `fits` says whether the stamp is that of what is there today."""

    outcome: str
    by: str
    on: date
    fits: bool = True


@dataclass(frozen=True)
class Paper:
    """One piece of evidence."""

    id: str
    kind: str
    date: date | None
    result: str = ""
    period: tuple[date, date] | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    per: tuple[tuple[str, str], ...] = ()
    recorded: date = date(2026, 1, 1)
    recorder: str = "officer"
    supersedes: str = ""
    withdrawn: str = ""
    withdrawn_on: date | None = None
    opinions: tuple[Opinion, ...] = ()
    expectation: str = ""
    scope: str = "town"

    @property
    def passes(self) -> bool:
        """Whether it says yes: conditionally, too. A scan, a test or an attestation without result says nothing."""
        return self.result in {"pass", "conditional"} or (
            not self.result and self.kind not in {"scan", "test", "attestation"}
        )

    @property
    def fails(self) -> bool:
        return self.result == "fail"

    @property
    def begins(self) -> date:
        """The first day on which it may serve."""
        assert self.date is not None
        return max(self.date, self.valid_from or self.date)

    @property
    def retired(self) -> date | None:
        """The day from which it is retired."""
        return self.withdrawn_on if self.withdrawn == "retired" else None


@dataclass(frozen=True)
class Happening:
    """An event on a day, or (with a period) a nil return made on a day; `planned` where it was still to come.

    One that `was` planned for another day was moved; one that was `cancelled` never took place.
    """

    id: str
    on: date
    period: tuple[date, date] | None = None
    planned: bool = False
    was: date | None = None
    cancelled: date | None = None


@dataclass(frozen=True)
class Demand:
    """One expectation: a rule's name with what belongs to that rule."""

    id: str
    rule: str
    kinds: tuple[str, ...] = ()
    age: Span = YEAR
    grace: Span = Span(0, "day")
    slot: str = "quarter"
    anchored: bool = False
    over: Span = YEAR
    within: Span | None = Span(30, "day")
    before: Span | None = None
    by_fails: bool = False
    """Whether its events are the failed scans on file."""
    per: str = ""
    judged: str = "always"
    alternatives: tuple[Demand, ...] = ()


@dataclass(frozen=True)
class Round:
    """One cycle of an accreditation: its grant, the day its term runs from, what was held in it, its withdrawal."""

    granted: date
    expires: date | None = None
    held: tuple[tuple[str, date], ...] = ()
    runs_from: date | None = None
    withdrawn: date | None = None


@dataclass(frozen=True)
class Accreditation:
    """A certificate, cycle by cycle, or one that is sought by a day."""

    id: str
    rounds: tuple[Round, ...] = ()
    target: date | None = None
    held: tuple[tuple[str, date], ...] = ()
    planned: tuple[tuple[str, date], ...] = ()


@dataclass(frozen=True)
class Plan:
    """The rules of a scheme that the verdict reads."""

    term: Span = YEAR
    restoration: Span | None = None
    lead: Span = Span(0, "day")
    first_needs: str = ""
    """The kind that a first assessment asks for beside the newest pass; empty where the scheme has none."""


@dataclass(frozen=True)
class Table:
    """Everything that one expectation of one control in one scope is judged by."""

    demand: Demand
    papers: tuple[Paper, ...] = ()
    happenings: tuple[Happening, ...] = ()
    starts: date | None = None
    reviewed: frozenset[str] = frozenset()
    items: tuple[str, ...] = ()
    horizon: int = 60
    scope: str = "town"
    accreditations: tuple[Accreditation, ...] = ()
    plan: Plan = field(default_factory=Plan)
    ends: date | None = None
    """The scope's last day."""


def days(first: date, last: date) -> list[date]:
    """Every day from one through another."""
    return [date.fromordinal(number) for number in range(first.toordinal(), last.toordinal() + 1)]
