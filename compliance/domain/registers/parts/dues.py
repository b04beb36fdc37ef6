"""What falls due: one thing, on one day, for one scope."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec

from compliance.domain.terms.shapes import Shape


class DueKind:
    """What kind of thing falls due: the word for it, the title of its lane on a timeline, and its shape.

    No struct, so that an answer has the word alone in its place.
    """

    __slots__ = ("shape", "title", "value")

    def __init__(self, value: str, title: str, shape: Shape) -> None:
        self.value, self.title, self.shape = value, title, shape

    def __str__(self) -> str:
        return self.value

    def __repr__(self) -> str:
        return f"DueKind({self.value!r})"


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
    command: str | msgspec.UnsetType = msgspec.UNSET
    """The command that does it, where more than an id is to be typed."""

    def days_left(self, on: date) -> int:
        return (self.due - on).days


def make_due(record: Any, kind: DueKind, day: date, what: str, todo: str, **more: Any) -> Due:
    """One thing due of a register's record; `more` are fields that the record itself does not give.

    Its scope is left open: who lists what the registers want done makes a row for each scope that the record touches.
    """
    controls = tuple(str(control) for control in getattr(record, "controls", ()))
    fields = {"scope": "", "subject": record.id, "controls": controls, "owner": getattr(record, "owner", ""), **more}
    return Due(due=day, kind=kind, what=what, todo=todo, **fields)
