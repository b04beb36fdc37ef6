"""Two versions of a standard side by side."""

from __future__ import annotations

from compliance.domain.assessment.applied import accreditation_of
from compliance.domain.ledger.control_index import ControlIndex
from compliance.domain.terms.references import parse_reference, parse_standard

from ..builders.ledgers import (
    TODAY,
    assessment,
    catalogue,
    cycle,
    day,
    finding,
    held,
    piece,
    scope,
    use,
    world,
)

OLD, NEW = catalogue(version="1"), catalogue(version="2")


def verdicts(*things):
    return [one.controls[0].standing for one in assessment(world(OLD, NEW, *things)).standards]


def test_a_reference_needs_the_version_only_while_two_are_in_use():
    assert verdicts(use("std@1"), piece()) == ["evidenced"]
    assert verdicts(use("std@1"), use("std@2"), piece()) == ["missing", "missing"]
    assert verdicts(use("std@1"), use("std@2"), piece(controls="std@1:1")) == ["evidenced", "missing"]
    assert verdicts(use("std@1"), use("std@2"), piece(controls="std@1:1 std@2:1")) == ["evidenced", "evidenced"]
    assert verdicts(use("std@1"), piece(controls="std@2:1")) == ["missing"]


def test_a_version_in_use_for_two_scopes_is_one_version():
    scopes = (scope(), scope("cardholder"))
    uses = (use("std@1", scopes=("corporate",)), use("std@1", scopes=("cardholder",)))
    assert verdicts(*scopes, *uses, piece()) == ["evidenced"]


def test_a_finding_needs_the_version_too():
    both = (use("std@1"), use("std@2"), piece(controls="std@1:1 std@2:1"))
    assert verdicts(*both, finding()) == ["evidenced", "evidenced"]
    assert verdicts(*both, finding("std@2:1")) == ["evidenced", "open-major"]


def test_a_reference_to_what_is_not_there_has_no_version_and_no_fingerprint():
    index = ControlIndex(world(OLD, NEW, use("std@1")))
    known = {text: index.fingerprint_of(parse_reference(text)) for text in ("std:1", "std:9", "std@2:1", "other:1")}
    assert known["std:1"]
    assert not any(known[text] for text in ("std:9", "std@2:1", "other:1"))
    assert [index.version_of(parse_reference(text)) for text in ("std:1", "std@2:1", "other:1")] == ["1", "", ""]


def test_a_catalogue_is_found_without_its_version_if_it_is_the_only_one():
    ledger = world(OLD)
    assert ledger.catalogue(parse_standard("std")) == ledger.catalogue(parse_standard("std@1")) == OLD
    assert world(OLD, NEW).catalogue(parse_standard("std")) is None
    assert world(OLD, NEW).catalogue(parse_standard("std@2")) == NEW
    assert ledger.catalogue(parse_standard("std@2")) is None


def test_an_accreditation_that_names_no_version_is_of_the_version_in_use_and_of_several_what_is_held_counts():
    first, second = held(cycle("2026-01-01"), id="A-1", standard="std@1"), held(id="A-2")
    other = held(id="A-0", standard="std@2")
    ledger = world(OLD, second, other, first, held(id="A-00", scope="elsewhere"))
    assert accreditation_of(ledger, scope(), OLD, day(TODAY)) == first
    assert accreditation_of(world(OLD, second), scope(), OLD, day(TODAY)) == second
    assert accreditation_of(world(OLD), scope(), OLD, day(TODAY)) is None


def test_evidence_and_scopes_are_found_by_id():
    ledger = world(piece("E-1"), piece("E-2"))
    assert ledger.evidence_by_id("E-2") == ledger.evidence[1]
    assert ledger.evidence_by_id("E-3") is None
    assert ledger.settings.default_scope == "corporate"
    assert ledger.settings.scope("nowhere") is None
