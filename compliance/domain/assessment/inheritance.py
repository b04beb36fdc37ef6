"""Controls that another scope or an external provider meets: what is carried over, and what stays."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date

import msgspec

from compliance.domain.assessment.assessment import ControlAssessment, ExpectationAssessment
from compliance.domain.assessment.rules.candidates import DayJudged
from compliance.domain.ledger.ledger import Ledger
from compliance.domain.ledger.settings import Scope
from compliance.domain.registers.applicability import APPLICABILITY
from compliance.domain.registers.statements.statement import Inheritance
from compliance.domain.standards.expectations import Expectation
from compliance.domain.terms.references import StandardName
from compliance.domain.terms.verdicts import Judgement, Reason, Verdict
from compliance.domain.terms.vocabulary import Basis, Need

INHERITED = "inherited"
"""The id of what is carried over as a whole; of a single expectation it is `inherited:ID`."""
_RULE = "the provider's own verdict"

Titles = Callable[[str], str]
"""Gives the title of a piece of evidence by its id, empty if there is none."""


class Inherited(msgspec.Struct, frozen=True):
    """What a scope is given: each of the provider's verdicts, who meets the control, why it is a gap there."""

    expectations: tuple[ExpectationAssessment, ...]
    note: str
    reasons: tuple[Reason, ...] = ()


def inherited(inheritance: Inheritance, judgement: Judgement, name: str, wanted: Sequence[Expectation]) -> Inherited:
    """A single verdict for the whole control. Names who meets it, and what the scope retains.

    It rests on the basis of the first of the control's expectations that binds, and is required if any of these is.
    """
    binding = [expectation for expectation in wanted if expectation.binding]
    note = _note(inheritance, name)
    carried = ExpectationAssessment(
        id=INHERITED,
        what=note,
        rule=_RULE,
        basis=next((expectation.basis for expectation in binding), Basis.ORGANISATION),
        need=Need.REQUIRED if any(expectation.need is Need.REQUIRED for expectation in binding) else Need.USUAL,
        binding=True,
        judgement=judgement,
    )
    return Inherited((carried,), note)


def not_inherited(inheritance: Inheritance, reason: str, wanted: Sequence[Expectation]) -> Inherited:
    """Nothing to carry over: a gap."""
    return inherited(inheritance, Judgement(verdict=Verdict.MISSING, reason=reason), inheritance.scope, wanted)


def inherited_from(
    inheritance: Inheritance, provided: ControlAssessment | None, wanted: Sequence[Expectation], title_of: Titles
) -> Inherited:
    """The verdicts that the control has in the scope that provides it, with the reasons that were added to it there.

    Every expectation that binds there is carried, also what this scope retains beside it: what is inherited is never
    better than it is where it comes from.
    """
    if provided is None or not provided.counts:
        return not_inherited(inheritance, f"the control does not apply in {inheritance.scope}", wanted)
    carried = tuple(_carried(provided, inheritance.scope, title_of))
    if not carried:
        reason = f"in {inheritance.scope}: {provided.verdict.value}"
        carried = inherited(
            inheritance, Judgement(verdict=provided.verdict, reason=reason), inheritance.scope, wanted
        ).expectations
    reasons = tuple(Reason(reason.kind, f"in {inheritance.scope}: {reason.sentence}") for reason in provided.reasons)
    return Inherited(carried, _note(inheritance, inheritance.scope), reasons)


def through_last_day(given: Inherited, giver: Scope, day: DayJudged) -> Inherited:
    """What is given, which ends with the scope that gives it: on the day after its last somebody else must."""
    last = giver.end
    if last is None:
        return given
    expectations = tuple(
        msgspec.structs.replace(expectation, judgement=_ending(expectation.judgement, giver.id, last, day))
        for expectation in given.expectations
    )
    return msgspec.structs.replace(given, expectations=expectations)


def _ending(judgement: Judgement, giver: str, last: date, day: DayJudged) -> Judgement:
    """A judgement that is no gap, through the last day of the scope that gives it; nothing is owed after that."""
    if judgement.verdict.is_gap or judgement.last_day < last:
        return judgement
    reason = f"{judgement.reason}; {giver} ends on {last}" if judgement.reason else f"{giver} ends on {last}"
    verdict = judgement.verdict
    if verdict.is_met and last <= day.announced:
        verdict = Verdict.LAPSING
    renewals = tuple(renewal for renewal in judgement.renewals if renewal.day <= last)
    return msgspec.structs.replace(judgement, verdict=verdict, reason=reason, until=last, renewals=renewals)


def is_inherited(expectation: ExpectationAssessment) -> bool:
    """Whether this is what another carries, and not what is judged in the scope itself."""
    return expectation.id == INHERITED or expectation.id.startswith(f"{INHERITED}:")


def givers(ledger: Ledger, scope: str) -> Mapping[tuple[StandardName, str], Inheritance]:
    """What a scope says that it inherits and from whom, by standard and control."""
    inheritances: dict[tuple[StandardName, str], Inheritance] = {}
    for soa in ledger.of(APPLICABILITY):
        catalogue = ledger.catalogue(soa.standard) if soa.scope == scope else None
        for statement in soa.controls if catalogue else ():
            if catalogue and statement.inherits:
                inheritances[catalogue.name, statement.control] = statement.inherits
    return inheritances


def _carried(provided: ControlAssessment, scope: str, title_of: Titles) -> Iterator[ExpectationAssessment]:
    """The same expectations as the inheriting scope has them, each reason naming the scope and the piece."""
    used_ids: set[str] = set()
    for expectation in provided.expectations:
        if not expectation.binding:
            continue
        if is_inherited(expectation):  # the scope has it from yet another, which its reason names already
            id_, title = expectation.id, ""
        else:
            id_, title = f"{INHERITED}:{expectation.id}", title_of(expectation.judgement.evidence)
        if id_ in used_ids:
            id_ = f"{INHERITED}:{scope}:{expectation.id}"
        used_ids.add(id_)
        verdict_reason = expectation.judgement.reason or expectation.judgement.verdict.value
        reason = f"in {scope}: {title}: {verdict_reason}" if title else f"in {scope}: {verdict_reason}"
        judgement = msgspec.structs.replace(expectation.judgement, reason=reason)
        yield msgspec.structs.replace(expectation, id=id_, judgement=judgement)


def _note(inheritance: Inheritance, name: str) -> str:
    retained = inheritance.note or ", ".join(inheritance.retains)
    return f"met by {name}" + (f"; retained here: {retained}" if retained else "")
