"""Slots that are counted from an accreditation where there is none to count them from."""

from __future__ import annotations

from collections.abc import Iterator

from compliance.domain.ledger.ledger import Ledger
from compliance.domain.ledger.settings import StandardInUse, profile_ids
from compliance.domain.registers.accreditations import ACCREDITATIONS
from compliance.domain.standards.catalogue import Catalogue, assessable, expects
from compliance.domain.standards.expectations import AnyOf, Each, Expectation
from compliance.domain.terms.layout import CONFIGURATION
from compliance.ledger.inspection.pages import Pages
from compliance.problems import Problem


def inspect_anchors(ledger: Ledger, pages: Pages) -> Iterator[Problem]:
    """An error at each standard in use with such slots in a scope that neither holds nor seeks an accreditation to it.

    Counted by the calendar, they would be other slots than those that the standard asks for.
    """
    for place, use in enumerate(ledger.settings.standards):
        catalogue = ledger.catalogue(use.standard)
        control = _anchored(catalogue, use) if catalogue else ""
        lacking = _without_accreditation(ledger, use)
        if control and lacking:
            sentence = (
                f"{use.standard.id}:{control} counts its slots from the accreditation, and in scope {lacking[0]} "
                "none is on record"
            )
            hint = (
                f"record it, held or sought: compliance accreditation add {use.standard.id} --scope {lacking[0]}; or "
                "take “anchored: true” out of the rule, to count by the calendar"
            )
            yield pages.error(CONFIGURATION, ("standards", place, "standard"), sentence, hint)


def _anchored(catalogue: Catalogue, use: StandardInUse) -> str:
    """The first control in use that has a rule with anchored slots; empty if none has."""
    nodes = assessable(catalogue, profile_ids(catalogue, use))
    return next((node.control.id for node in nodes if any(map(_is_anchored, expects(catalogue, node.control)))), "")


def _is_anchored(expectation: Expectation) -> bool:
    rule = expectation.rule
    if isinstance(rule, AnyOf):
        return any(map(_is_anchored, rule.members))
    return isinstance(rule, Each) and rule.anchored


def _without_accreditation(ledger: Ledger, use: StandardInUse) -> list[str]:
    """The scopes under a standard in which no accreditation to it is on record."""
    accredited = {
        accreditation.scope
        for accreditation in ledger.of(ACCREDITATIONS)
        if accreditation.standard.id == use.standard.id and accreditation.standard.version in {"", use.standard.version}
    }
    return [scope.id for scope in ledger.settings.scopes if use.covers(scope.id) and scope.id not in accredited]
