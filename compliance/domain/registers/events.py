"""The events register: what happened that a standard asks evidence after."""

from __future__ import annotations

import datetime as dt

import msgspec

from compliance.domain.terms.periods import Period
from compliance.domain.terms.vocabulary import Attribution


class Event(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something that happened (a significant change, a starter, an incident), or a dated statement that nothing did.

    A nil return is dated like an event, and speaks for its period.
    """

    id: str
    type: str
    date: dt.date
    scope: tuple[str, ...] = ()
    title: str = ""
    nil: bool = False
    period: Period | None = None
    source: str = ""
    """Where it was taken from, for example the row of an import."""
    note: str = ""
    recorded: Attribution | None = None


def contradicts(nil: Event, other: Event) -> bool:
    """Whether a nil return says that there was nothing of a kind at a time when there was."""
    if not nil.nil or other.nil or nil.period is None or nil.type != other.type:
        return False
    together = not nil.scope or not other.scope or not set(nil.scope).isdisjoint(other.scope)
    return together and nil.period.start <= other.date <= nil.period.end
