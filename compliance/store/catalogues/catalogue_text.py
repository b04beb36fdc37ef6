"""Catalogues written as the YAML that `parse_catalogue` reads: what is read again is equal, field by field.

But for what an overlay noted of its changes: an overlay is a file of its own, and what it changes is simply so here.
"""

from __future__ import annotations

from typing import Any

from compliance.domain.standards.catalogue import Catalogue
from compliance.domain.standards.expectations import AnyOf, Each, Every, Expectation, MaxAge, Once, OnEvent, Rule
from compliance.domain.terms.vocabulary import Basis, Need
from compliance.store.catalogues.expectations import UNSET
from compliance.store.records.records import plain_of, render_yaml


def render_catalogue(catalogue: Catalogue) -> bytes:
    """A catalogue as YAML, keys in the order of its fields, those that say nothing left out.

    Raises Refused for text that is no UTF-8.
    """
    return render_yaml(plain_catalogue(catalogue))


def plain_catalogue(catalogue: Catalogue) -> dict[str, Any]:
    """The mapping that a catalogue's YAML spells."""
    plain: dict[str, Any] = plain_of(catalogue)
    return plain


@plain_of.register
def plain_expectation(expectation: Expectation) -> dict[str, Any]:
    """The mapping that an expectation spells: its rule's key stands among its fields."""
    plain: dict[str, Any] = {"id": expectation.id}
    if expectation.kinds:
        plain["kind"] = (
            expectation.kinds[0].value if len(expectation.kinds) == 1 else [kind.value for kind in expectation.kinds]
        )
    plain |= _rule(expectation.rule)
    if expectation.basis is not _usual_basis(expectation.rule):
        plain["basis"] = expectation.basis.value
    if expectation.need is not Need.USUAL:
        plain["need"] = expectation.need.value
    if expectation.source:
        plain["source"] = expectation.source
    if expectation.what:
        plain["what"] = expectation.what
    if expectation.document:
        plain["document"] = expectation.document
    if expectation.per:
        plain["per"] = expectation.per.value
    if expectation.optional:
        plain["optional"] = True
    if expectation.judged:
        plain["judged"] = expectation.judged.value
    if expectation.because:
        plain["because"] = expectation.because
    return plain


def _usual_basis(rule: Rule) -> Basis:
    """What the basis is where none is written: a group takes it from its alternatives."""
    if isinstance(rule, AnyOf):
        return next((member.basis for member in rule.members if member.binding), Basis.ADVICE)
    return Basis.ORGANISATION


def _rule(rule: Rule) -> dict[str, Any]:
    match rule:
        case MaxAge():
            return {"max-age": str(rule.age)}
        case Every():
            plain = {"every": UNSET if rule.interval is None else str(rule.interval)}
            plain |= {"grace": str(rule.grace)} if rule.grace else {}
            plain |= {"over": str(rule.over)} if rule.over else {}
            return plain | ({"set-by": rule.set_by} if rule.set_by else {})
        case Each():
            each: dict[str, Any] = {"each": rule.slot.value}
            each |= {"anchored": True} if rule.anchored else {}
            return each | ({"over": str(rule.over)} if rule.over else {})
        case OnEvent():
            event = {"on": rule.event}
            event |= {"within": str(rule.within)} if rule.within else {}
            event |= {"before": str(rule.before)} if rule.before else {}
            return event | ({"over": str(rule.over)} if rule.over else {})
        case Once():
            return {"once": True}
        case AnyOf():
            return {"any-of": [plain_expectation(member) for member in rule.members]}
