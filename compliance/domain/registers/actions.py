"""The actions register: what somebody has promised to do, by when."""

from __future__ import annotations

import datetime as dt

import msgspec

from compliance.domain.registers.parts.promises import Promises, due_of
from compliance.domain.registers.parts.remedies import Attempt, Check, Closure, stands
from compliance.domain.terms.references import Reference
from compliance.domain.terms.vocabulary import Attribution


class Action(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something that somebody has promised to do about findings or risks, by a day."""

    id: str
    title: str
    raised: dt.date
    findings: tuple[str, ...] = ()
    risks: tuple[str, ...] = ()
    controls: tuple[Reference, ...] = ()
    scope: tuple[str, ...] = ()
    owner: str = ""
    description: str = ""
    promised: Promises = ()
    earlier: tuple[Attempt, ...] = ()
    closed: Closure | None = None
    check: Check | None = None
    recorded: Attribution | None = None

    @property
    def due(self) -> dt.date | None:
        return due_of(self.promised)

    def open_on(self, day: dt.date) -> bool:
        """Whether it is still to do on a day; closed without effect, it is."""
        return stands(self.raised, self.closed, self.check, day)
