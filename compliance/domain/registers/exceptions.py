"""The exceptions register: deviations from a control that somebody permitted, until a day."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated

import msgspec

from compliance.domain.registers.parts.dues import Due, DueKind, make_due
from compliance.domain.registers.parts.faults import Fault, later_than_commit, warning
from compliance.domain.registers.parts.register import Filed, LedgerView, Listing, Register
from compliance.domain.terms.references import Reference
from compliance.domain.terms.shapes import Shape
from compliance.domain.terms.verdicts import Reason, ReasonKind
from compliance.domain.terms.vocabulary import Attribution

EXCEPTION = DueKind("exception", "Exceptions", Shape.HOURGLASS)
EXCEPTION_LAPSED = ReasonKind("exception-lapsed", Shape.HOURGLASS)


class PermittedException(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A permitted deviation from controls: why, who approved it, what compensates for it, and until when.

    While it lasts it is shown beside the gap that it permits, and softens nothing; once it has ended, its controls are
    a gap until it is taken out or approved anew.
    """

    id: str
    title: str
    reason: Annotated[str, msgspec.Meta(description="Why the control cannot be met.")]
    approver: Annotated[str, msgspec.Meta(description="Who permits it.")]
    approved: Annotated[dt.date, msgspec.Meta(description="The day from which it is permitted.")]
    expires: Annotated[dt.date, msgspec.Meta(description="The last day on which it is permitted.")]
    measure: Annotated[str, msgspec.Meta(description="What compensates for it meanwhile.")]
    controls: tuple[Reference, ...] = ()
    scope: tuple[str, ...] = ()
    owner: str = ""
    note: Annotated[str, msgspec.Meta(description="Anything else worth keeping.")] = ""
    recorded: Attribution | None = None


class ExceptionState(enum.Enum):
    """How an exception stands on a day."""

    TO_COME = "to come"
    LIVE = "live"
    LAPSED = "lapsed"


def state_on(exception: PermittedException, day: dt.date) -> ExceptionState:
    """How an exception stands on a day; its last day is one on which it is still permitted."""
    if day < exception.approved:
        return ExceptionState.TO_COME
    return ExceptionState.LIVE if day <= exception.expires else ExceptionState.LAPSED


def inspect(ledger: LedgerView, exception: PermittedException) -> Iterator[Fault]:
    """What is wrong in an exception: days out of order, an approval to come, no control."""
    if exception.expires < exception.approved:
        sentence = f"ends on {exception.expires}, before it was approved on {exception.approved}"
        yield Fault(("expires",), sentence, "correct one of the two days")
    if not exception.controls:
        yield Fault(("id",), "is an exception from no control", "name it: “controls: [standard:control]”")
    yield from later_than_commit(ledger, ("approved",), "approved on", exception.approved)


def inspect_together(ledger: LedgerView, filed: Sequence[Filed[PermittedException]]) -> Iterator[tuple[str, Fault]]:
    """A warning, with the file, where a control has two exceptions for the same scope and for days that overlap.

    An exception that has lapsed on the day of the commit is in nobody's way.
    """
    by_control: dict[Reference, list[PermittedException]] = {}
    for entry in filed:
        exception = entry.record
        if state_on(exception, ledger.day) is ExceptionState.LAPSED:
            continue
        for number, control in enumerate(exception.controls):
            others = by_control.setdefault(control, [])
            other = next((other for other in others if _overlap(exception, other)), None)
            if other:
                sentence = f"{control} is excepted by {other.id} too, from {other.approved} to {other.expires}"
                hint = "take one of the two out, or let the later one begin when the earlier one has ended"
                yield entry.file, warning(("controls", number), sentence, hint)
            others.append(exception)


def _overlap(exception: PermittedException, other: PermittedException) -> bool:
    """Whether two exceptions share a scope (without any, it is of every scope) and a day."""
    apart = exception.scope and other.scope and set(exception.scope).isdisjoint(other.scope)
    return not apart and max(exception.approved, other.approved) <= min(exception.expires, other.expires)


def _is_followed(ledger: LedgerView, exception: PermittedException, on: dt.date) -> bool:
    """Whether each of its controls is permitted anew on a day, by exceptions that reach as far as its scopes."""
    live = [
        other
        for other in ledger.of(EXCEPTIONS)
        if other.id != exception.id and state_on(other, on) is ExceptionState.LIVE and _reaches(other, exception)
    ]
    return bool(exception.controls) and all(
        any(control in other.controls for other in live) for control in exception.controls
    )


def _reaches(other: PermittedException, exception: PermittedException) -> bool:
    """Whether another exception is of every scope that one is of."""
    return not other.scope or (bool(exception.scope) and set(exception.scope) <= set(other.scope))


def dues(ledger: LedgerView, exception: PermittedException, on: dt.date, _last: dt.date) -> Iterator[Due]:
    """Its last day; one that has lapsed stays until it is seen to, or permitted anew by another."""
    state = state_on(exception, on)
    if state is ExceptionState.LAPSED and _is_followed(ledger, exception, on):
        return
    if state is not ExceptionState.TO_COME:
        todo = "Meet the control, or have the exception approved anew"
        yield make_due(exception, EXCEPTION, exception.expires, f"exception ends: {exception.title}", todo)


def reasons(ledger: LedgerView, exception: PermittedException, on: dt.date) -> Iterator[Reason]:
    """An exception that has ended makes its controls a gap, unless another one has taken its place."""
    if state_on(exception, on) is ExceptionState.LAPSED and not _is_followed(ledger, exception, on):
        sentence = f"{exception.id}, permitted until {exception.expires}: {exception.title}"
        yield Reason(EXCEPTION_LAPSED, sentence)


def remarks(_ledger: LedgerView, exception: PermittedException, on: dt.date) -> Iterator[str]:
    """While it lasts, it is shown beside the gap that it permits."""
    if state_on(exception, on) is ExceptionState.LIVE:
        yield f"exception {exception.id}, permitted until {exception.expires}: {exception.title}"


def _row(_ledger: LedgerView, exception: PermittedException, on: dt.date) -> Sequence[str]:
    owner = f"\n{exception.owner}" if exception.owner else ""
    state = state_on(exception, on).value
    controls = ", ".join(str(control) for control in exception.controls)
    return (exception.id, state, str(exception.expires), exception.approver, f"{exception.title}\n{controls}{owner}")


def _facts(_ledger: LedgerView, exception: PermittedException, on: dt.date) -> Mapping[str, object]:
    return {"state": state_on(exception, on).value}


EXCEPTIONS = Register(
    name="exception",
    plural="exceptions",
    prefix="X",
    place=11,
    summary="Deviations from controls that are permitted until a day.",
    record=PermittedException,
    inspect=inspect,
    inspect_together=inspect_together,
    happened=("approved",),
    listing=Listing(
        headings=("Id", "State", "Ends", "Approver", "Exception"),
        row=_row,
        order=lambda _ledger, exception, _on: exception.expires,
        is_open=lambda _ledger, exception, on: exception.approved <= on,
        closes=False,
        facts=_facts,
    ),
    first_day=lambda exception: exception.approved,
    due_kinds=(EXCEPTION,),
    dues=dues,
    reason_kinds=(EXCEPTION_LAPSED,),
    reasons=reasons,
    remarks=remarks,
)
