"""Controls that another scope or an external provider meets: what is carried over, and what stays (SEMANTICS 3)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import msgspec

from compliance.domain.assessment.assessment import ControlAssessment, ExpectationAssessment, Reason
from compliance.domain.ledger.ledger import Ledger
from compliance.domain.registers.statements.statement import Inheritance
from compliance.domain.terms.references import StandardName
from compliance.domain.terms.verdicts import Judgement, Verdict
from compliance.domain.terms.vocabulary import Basis

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


def inherited(how: Inheritance, judgement: Judgement, name: str, basis: Basis) -> Inherited:
    """A single verdict for the whole control. Names who meets it, and what the scope retains."""
    note = _note(how, name)
    whole = ExpectationAssessment(id=INHERITED, what=note, rule=_RULE, basis=basis, binding=True, judgement=judgement)
    return Inherited((whole,), note)


def not_inherited(how: Inheritance, reason: str, basis: Basis) -> Inherited:
    """Nothing to carry over: a gap."""
    return inherited(how, Judgement(verdict=Verdict.MISSING, reason=reason), how.scope, basis)


def inherited_from(how: Inheritance, provided: ControlAssessment | None, basis: Basis, title_of: Titles) -> Inherited:
    """The verdicts that the control has in the scope that provides it, with the reasons that were added to it there.

    Every expectation that binds there is carried, also what this scope retains beside it: what is inherited is never
    better than it is where it comes from.
    """
    if provided is None or not provided.counts:
        return not_inherited(how, f"the control does not apply in {how.scope}", basis)
    carried = tuple(_carried(provided, how.scope, title_of))
    if not carried:
        reason = f"in {how.scope}: {provided.verdict.value}"
        carried = inherited(how, Judgement(verdict=provided.verdict, reason=reason), how.scope, basis).expectations
    reasons = tuple(Reason(one.kind, f"in {how.scope}: {one.sentence}") for one in provided.reasons)
    return Inherited(carried, _note(how, how.scope), reasons)


def is_inherited(one: ExpectationAssessment) -> bool:
    """Whether this is what another carries, and not what is judged in the scope itself."""
    return one.id == INHERITED or one.id.startswith(f"{INHERITED}:")


def givers(ledger: Ledger, scope: str) -> Mapping[tuple[StandardName, str], Inheritance]:
    """What a scope says that it inherits and from whom, by standard and control."""
    found: dict[tuple[StandardName, str], Inheritance] = {}
    for soa in ledger.applicability:
        catalogue = ledger.catalogue(soa.standard) if soa.scope == scope else None
        for statement in soa.controls if catalogue else ():
            if catalogue and statement.inherits:
                found[catalogue.name, statement.control] = statement.inherits
    return found


def _carried(provided: ControlAssessment, scope: str, title_of: Titles) -> Iterator[ExpectationAssessment]:
    """The same expectations as the inheriting scope has them, each reason naming the scope and the piece."""
    taken: set[str] = set()
    for one in provided.expectations:
        if not one.binding:
            continue
        if is_inherited(one):  # the scope has it from yet another, which its reason names already
            id_, title = one.id, ""
        else:
            id_, title = f"{INHERITED}:{one.id}", title_of(one.judgement.evidence)
        if id_ in taken:
            id_ = f"{INHERITED}:{scope}:{one.id}"
        taken.add(id_)
        said = one.judgement.reason or one.judgement.verdict.value
        reason = f"in {scope}: {title}: {said}" if title else f"in {scope}: {said}"
        judgement = msgspec.structs.replace(one.judgement, reason=reason)
        yield msgspec.structs.replace(one, id=id_, judgement=judgement)


def _note(how: Inheritance, name: str) -> str:
    retained = how.note or ", ".join(how.retains)
    return f"met by {name}" + (f"; retained here: {retained}" if retained else "")
