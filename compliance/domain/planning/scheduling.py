"""What is to be done next about an expectation, and on which day, so that it is no gap when its deadline comes."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from datetime import date, timedelta

import msgspec

from compliance.domain.assessment.rules.series import DEFAULT_WINDOW
from compliance.domain.planning.supposition import Prospect, Supposition, supposed_nil_return, supposed_piece
from compliance.domain.registers.events import Event
from compliance.domain.standards.expectations import OnEvent
from compliance.domain.terms.durations import after
from compliance.domain.terms.verdicts import Judgement, Renewal, Verdict
from compliance.domain.terms.vocabulary import Kind

_A_DAY = timedelta(days=1)
_MOST = 400
"""How often something may have to be repeated before a deadline: more than daily for a year is no plan."""


class Task(enum.Enum):
    """What has to be done."""

    FILE = "file"
    RENEW = "renew"
    APPROVE = "approve"
    DATE = "date"
    ANSWER = "answer"
    STATE = "state"
    """Say in the events register what happened, or that nothing did."""


class Deed(msgspec.Struct, frozen=True):
    """One thing to do on a day.

    `subject` is the evidence that is approved or dated, or the type of event that is stated; `per` the supplier, site
    or the like that a new piece is of; and `nil_return` the statement that is given.
    """

    task: Task
    day: date
    subject: str = ""
    per: Mapping[str, str] = {}
    nil_return: Event | None = None

    def done(self, supposed: Supposition) -> Supposition:
        """What is supposed once this is done too; of what is filed, the piece is to be added by whoever files it."""
        if self.nil_return:
            return supposed.and_stated(self.nil_return)
        if self.task is Task.APPROVE:
            return supposed.and_approved(self.subject)
        return supposed.and_dated(self.subject, self.day) if self.task is Task.DATE else supposed


def next_deed(prospect: Prospect, supposed: Supposition, kind: Kind | None) -> Deed | None:
    """What is to be done next, a new piece being of a kind; None if nothing is, or nothing helps any more."""
    judgement = prospect.then(supposed)
    deadline_day = prospect.deadline_day
    if not judgement.verdict.is_gap:
        return None
    rests_on = judgement.evidence
    if judgement.verdict in {Verdict.UNAPPROVED, Verdict.CHANGED} and rests_on not in supposed.approved:
        return Deed(Task.APPROVE, deadline_day.day, rests_on)
    if judgement.verdict is Verdict.UNDATED and rests_on and rests_on not in supposed.dated:
        return Deed(Task.DATE, deadline_day.today, rests_on)
    if prospect.event and judgement.verdict is not Verdict.FAILED:
        return _about_events(prospect, supposed)
    return _about_evidence(prospect, supposed, kind)


def schedule(prospect: Prospect, kind: Kind | None) -> list[Deed] | None:
    """All that is to be done about an expectation, pieces being of a kind; None if that does not close it."""
    supposed, deeds = Supposition(), list[Deed]()
    while len(deeds) < _MOST:
        deed = next_deed(prospect, supposed, kind)
        if deed is None:
            return None if prospect.then(supposed).verdict.is_gap else deeds
        if deed.task is Task.FILE:
            supposed = supposed.and_filed(supposed_piece(len(deeds), kind, deed.day, (), deed.per))
        supposed = deed.done(supposed)
        deeds.append(deed)
    return None


def _about_evidence(prospect: Prospect, supposed: Supposition, kind: Kind | None) -> Deed | None:
    """A new piece: on the day on which it falls due, else on the day of the deadline, or today if only that helps."""
    ahead, deadline_day, per = prospect.ahead(supposed), prospect.deadline_day, prospect.per(supposed)
    filed = {piece.date for piece in supposed.pieces if piece.per == per}
    if ahead.verdict is Verdict.DUE and ahead.until:
        due = min((renewal.day for renewal in ahead.renewals), default=ahead.until)
        day = min(max(due, deadline_day.today), deadline_day.day)
        return Deed(Task.FILE, day, per=per) if day not in filed else None
    days = [day for day in dict.fromkeys((deadline_day.day, deadline_day.today)) if day not in filed]
    for day in days:
        piece = supposed_piece(len(supposed.pieces), kind, day, (), per)
        if not prospect.then(supposed.and_filed(piece)).verdict.is_gap:
            return Deed(Task.FILE, day, per=per)
    return Deed(Task.FILE, days[-1], per=per) if days else None


def _about_events(prospect: Prospect, supposed: Supposition) -> Deed | None:
    """A piece that answers an event by its day; or else a word on what happened, or that nothing did."""
    ahead, deadline_day = prospect.ahead(supposed), prospect.deadline_day
    answers = [renewal for renewal in ahead.renewals if _is_of_event(renewal, prospect.link)]
    if any(renewal.verdict is Verdict.MISSED for renewal in answers) or _is_late(prospect.then(supposed), prospect):
        return None
    filed = {piece.date for piece in supposed.pieces}
    days = [renewal.day for renewal in answers if renewal.verdict is Verdict.DUE]
    days = [day for day in days if deadline_day.today <= day <= deadline_day.day and day not in filed]
    if days:
        return Deed(Task.FILE, min(days), per=prospect.chain)
    return _state(prospect, supposed)


def _is_of_event(renewal: Renewal, link: str) -> bool:
    return renewal.of not in {"", link}


def _is_late(judgement: Judgement, prospect: Prospect) -> bool:
    """Whether an event was answered, and too late: nothing mends that."""
    return judgement.verdict is Verdict.MISSED and prospect.evidence(judgement.evidence) is not None


def _state(prospect: Prospect, supposed: Supposition) -> Deed | None:
    """The nil return that speaks for the shortest time and is enough, given on the last day that can be waited for."""
    deadline_day, rule, ahead = prospect.deadline_day, prospect.expectation.rule, prospect.ahead(supposed)
    over = rule.over if isinstance(rule, OnEvent) else None
    days = [deadline_day.day]
    if ahead.verdict is Verdict.DUE and ahead.until:
        days.insert(0, min(max(ahead.until, deadline_day.today), deadline_day.day))
    stated = {nil_return.date for nil_return in supposed.nil_returns}
    heard = ahead.evidence_date
    for day in days:
        earliest = max(prospect.begins, after(day, over or DEFAULT_WINDOW, -2))
        starts = [heard + _A_DAY] if heard and earliest <= heard < day else []
        for start in (*starts, earliest):
            if start > day or day in stated:
                continue
            nil_return = supposed_nil_return(prospect.event, start, day, (deadline_day.applied.scope.id,))
            if _speaks(prospect, supposed.and_stated(nil_return)):
                return Deed(Task.STATE, day, prospect.event, nil_return=nil_return)
    return None


def _speaks(prospect: Prospect, supposed: Supposition) -> bool:
    """Whether no day is missed that nobody spoke for, as far as can be said today."""
    return prospect.ahead(supposed).verdict not in {Verdict.MISSING, Verdict.MISSED}
