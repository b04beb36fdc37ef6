"""Controls that another scope or an external provider meets: what is carried over, and what stays (SEMANTICS 3)."""

from __future__ import annotations

import msgspec

from compliance.domain.applicability import Inheritance
from compliance.domain.assessment import ControlAssessment, Reason
from compliance.domain.verdicts import Judgement, Verdict


class Inherited(msgspec.Struct, frozen=True):
    """What a scope is given: the provider's verdict, who meets the control, and why it is a gap there if it is."""

    judgement: Judgement
    note: str
    reasons: tuple[Reason, ...] = ()


def inherited(how: Inheritance, judgement: Judgement, name: str, reasons: tuple[Reason, ...] = ()) -> Inherited:
    """Names who meets the control, and what the scope retains."""
    retained = how.note or ", ".join(how.retains)
    return Inherited(judgement, f"met by {name}" + (f"; retained here: {retained}" if retained else ""), reasons)


def not_inherited(how: Inheritance, reason: str) -> Inherited:
    """Nothing to carry over: a gap."""
    return inherited(how, Judgement(verdict=Verdict.MISSING, reason=reason), how.scope)


def inherited_from(how: Inheritance, provided: ControlAssessment | None) -> Inherited:
    """The verdict that the control has in the scope that provides it, with the reasons that were added to it there."""
    if provided is None or not provided.counts:
        return not_inherited(how, f"the control does not apply in {how.scope}")
    telling = provided.telling()
    found = telling.judgement if telling else Judgement(verdict=provided.verdict)
    carried = msgspec.structs.replace(found, reason=f"in {how.scope}: {found.reason or found.verdict.value}")
    reasons = tuple(Reason(one.kind, f"in {how.scope}: {one.sentence}") for one in provided.reasons)
    return inherited(how, carried, how.scope, reasons)
