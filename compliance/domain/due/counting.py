"""One count for every view: how many gaps there are, and how much is overdue, due soon, and due later."""

from __future__ import annotations

import calendar
import enum
from collections.abc import Iterable
from datetime import date

import msgspec

from compliance.domain.assessment.assessment import Summary
from compliance.domain.registers.parts.dues import Due
from compliance.domain.terms.durations import add_days


class When(enum.Enum):
    """How soon something is due."""

    OVERDUE = "overdue"
    THIS_WEEK = "this week"
    THIS_MONTH = "this month"
    TO_BEGIN = "to begin"
    LATER = "later"


class DueInScopes(msgspec.Struct, frozen=True):
    """One thing due, and every scope in which it is."""

    renewal: Due
    scopes: tuple[str, ...]


class Tally(msgspec.Struct, frozen=True, kw_only=True):
    """What is counted of a standing: controls that are a gap among those judged, and things due, each once.

    `required` of the gaps are in what a standard itself asks for.

    `overdue` were due before the day; `this_week` are due by its Sunday, `this_month` after that by the end of the
    month, and `later` after both, as far ahead as the answer looks.
    """

    gaps: int
    required: int
    judged: int
    overdue: int
    this_week: int
    this_month: int
    later: int


def merged(renewals: Iterable[Due]) -> list[DueInScopes]:
    """What falls due, one entry for all that differ in their scope alone."""
    rows: dict[Due, list[str]] = {}
    for due in renewals:
        rows.setdefault(msgspec.structs.replace(due, scope=""), []).append(due.scope)
    return [
        DueInScopes(msgspec.structs.replace(due, scope=scopes[0]), tuple(dict.fromkeys(scopes)))
        for due, scopes in rows.items()
    ]


def by_urgency(renewals: Iterable[Due], on: date) -> dict[When, tuple[DueInScopes, ...]]:
    """What falls due, each thing once, by how soon that is as seen from a day."""
    rows: dict[When, list[DueInScopes]] = {when: [] for when in When}
    for row in merged(renewals):
        rows[_when(row.renewal, on)].append(row)
    return {when: tuple(listed) for when, listed in rows.items()}


def count(total: Summary, renewals: Iterable[Due], on: date) -> Tally:
    """The figures of a standing, from the sum over its standards and from all that falls due."""
    urgency = by_urgency(renewals, on)
    return Tally(
        gaps=total.gap_count,
        required=total.required,
        judged=total.judged,
        overdue=len(urgency[When.OVERDUE]),
        this_week=len(urgency[When.THIS_WEEK]),
        this_month=len(urgency[When.THIS_MONTH]),
        later=len(urgency[When.TO_BEGIN]) + len(urgency[When.LATER]),
    )


def end_of_week(on: date) -> date:
    """The Sunday that ends the week."""
    return add_days(on, 6 - on.weekday())


def end_of_month(on: date) -> date:
    """The last day of the month, or the Sunday that ends the week if that is later."""
    return max(on.replace(day=calendar.monthrange(on.year, on.month)[1]), end_of_week(on))


def _when(renewal: Due, on: date) -> When:
    if renewal.due < on:
        return When.OVERDUE
    if renewal.due <= end_of_week(on):
        return When.THIS_WEEK
    if renewal.due <= end_of_month(on):
        return When.THIS_MONTH
    return When.TO_BEGIN if renewal.begin and renewal.begin <= end_of_month(on) else When.LATER
