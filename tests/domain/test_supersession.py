"""What replaces what, from when, and what is left out with a reason."""

from __future__ import annotations

from datetime import timedelta

from compliance.domain.assessment.assess import Assessor
from compliance.domain.assessment.consideration import explain
from compliance.domain.ledger.records import Tombstone
from compliance.domain.terms.vocabulary import Kind

from ..builders.ledgers import (
    HORIZON,
    OFFICER,
    TODAY,
    altered,
    any_of,
    approved,
    catalogue,
    control,
    day,
    expects,
    judgement,
    piece,
    rejected,
    review,
    use,
    verdict,
    withdrawn,
    world,
)

OLD = piece("E-1", "2026-03-10", kind="policy")
NEW = piece("E-2", "2026-09-30", kind="policy", supersedes="E-1")
POLICY = review("policy")


def test_a_successor_takes_over_from_its_own_date_on():
    ledger = world(OLD, NEW)
    assert judgement(ledger, on="2026-09-29").evidence == "E-1"
    assert judgement(ledger, on="2026-09-30").evidence == "E-2"
    other = world(catalogue(control("1", expects(kinds="policy"))), OLD, altered(NEW, kind=Kind.PROCEDURE))
    assert [verdict(other, on=on) for on in ("2026-09-29", "2026-09-30")] == ["evidenced", "evidenced"]


def test_what_is_superseded_is_no_candidate_even_if_the_successor_is_worse():
    expired = altered(NEW, valid_until=day("2026-10-01"))
    assert verdict(world(OLD, expired)) == "stale"
    assert verdict(world(altered(OLD, valid_until=day("2026-04-01")), NEW)) == "evidenced"


def test_a_predecessor_stays_a_candidate_until_its_successor_is_approved():
    old = approved(OLD, catalogue())
    assert (verdict(world(old, NEW, POLICY)), judgement(world(old, NEW, POLICY)).evidence) == ("evidenced", "E-1")
    assert judgement(world(old, approved(NEW, catalogue()), POLICY)).evidence == "E-2"


def test_a_predecessor_is_not_replaced_by_what_was_refused_withdrawn_as_invalid_or_has_no_date():
    for successor in (
        rejected(NEW),
        altered(NEW, withdrawn=withdrawn("2026-10-01")),
        altered(NEW, date=None),
    ):
        assert judgement(world(OLD, successor)).evidence == "E-1"


def test_a_predecessor_does_not_come_back_when_its_successor_is_retired():
    assert verdict(world(OLD, altered(NEW, withdrawn=withdrawn("2026-10-01", "retired")))) == "missing"


def test_a_successor_replaces_what_an_unapproved_one_between_was_to_replace():
    old, draft = approved(OLD, catalogue()), NEW
    final = approved(piece("E-3", "2026-10-10", kind="policy", supersedes="E-2"), catalogue())
    assert judgement(world(old, draft, POLICY)).evidence == "E-1"
    ledger = world(old, draft, altered(final, valid_until=None), POLICY)
    assert _why(ledger) == dict.fromkeys(("E-1", "E-2"), "is superseded by E-3 since 2026-10-10")


def test_pieces_that_supersede_each_other_are_both_out():
    assert verdict(world(altered(OLD, supersedes="E-2"), NEW)) == "missing"


def test_superseding_what_is_not_there_does_nothing():
    assert judgement(world(altered(NEW, supersedes="E-9"))).evidence == "E-2"


def _why(ledger, on=TODAY, **more):
    assessor = Assessor(ledger, day(on), day(on), HORIZON)
    scope = ledger.settings.scopes[0]
    use_, known = next(ledger.in_use())
    considerations = explain(assessor, assessor.applied(scope, use_, known), known.controls[0])
    return {one.evidence.id: one.why for consideration in considerations for one in consideration.dismissed}


def test_explaining_names_the_candidates_and_why_each_of_the_rest_does_not_serve():
    pieces = [
        piece("E-1", "2026-05-01"),
        piece("E-2", "2026-12-01"),
        altered(piece("E-3"), withdrawn=withdrawn("2026-10-01")),
        altered(
            piece("E-4"), erased=Tombstone(by=OFFICER, on=day("2026-10-02"), reason="asked for", authority="UK GDPR")
        ),
        piece("E-5", "2026-09-01", valid_from="2027-01-01"),
        piece("E-6", kind="scan"),
        piece("E-7", kind=None),
        piece("E-8", controls="std:1#other std:1#more"),
    ]
    wanted = catalogue(control("1", expects(kinds="report test")))
    assert _why(world(wanted, *pieces)) == {
        "E-2": "is dated 2026-12-01, after the day judged",
        "E-3": "was withdrawn on 2026-10-01 as invalid: wrong server",
        "E-4": "was erased on 2026-10-02",
        "E-5": "is valid only from 2027-01-01",
        "E-6": "is a scan, and a report or test is wanted",
        "E-7": "is a piece of no stated kind, and a report or test is wanted",
        "E-8": "is mapped to #more and #other alone",
    }
    ledger = world(wanted, *pieces)
    assessor = Assessor(ledger, day(TODAY), day(TODAY), HORIZON)
    applied = assessor.applied(ledger.settings.scopes[0], use(), ledger.catalogues[0])
    (found,) = explain(assessor, applied, ledger.catalogues[0].controls[0])
    assert [one.evidence.id for one in found.candidates] == ["E-1"]
    assert (found.expectation.id, found.judgement.evidence) == ("proof", "E-1")


def test_explaining_opens_every_alternative():
    either = any_of(expects(id="a", kinds="scan"), expects(id="b", kinds="test"))
    ledger = world(catalogue(control("1", either)), piece(kind="test"))
    assessor = Assessor(ledger, day(TODAY), day(TODAY), HORIZON)
    applied = assessor.applied(ledger.settings.scopes[0], use(), ledger.catalogues[0])
    found = explain(assessor, applied, ledger.catalogues[0].controls[0])
    assert [(each.expectation.id, each.judgement.verdict.value) for each in found] == [
        ("either", "evidenced"),
        ("a", "missing"),
        ("b", "evidenced"),
    ]


def test_explaining_names_a_piece_that_is_superseded_from_the_successors_own_day_on():
    old, new = piece("E-1", "2026-01-10"), piece("E-2", "2026-09-10", supersedes="E-1")
    for on, superseded in (("2026-09-09", False), ("2026-09-10", True)):
        ledger = world(old, new)
        assessor = Assessor(ledger, day(on), day(on), timedelta(0))
        within = ledger.settings.scopes[0]
        ((standard_in_use, standard),) = ledger.in_use(within)
        applied = assessor.applied(within, standard_in_use, standard)
        (consideration,) = explain(assessor, applied, standard.controls[0])
        assert ("E-1" in {piece.evidence.id for piece in consideration.dismissed}) == superseded
