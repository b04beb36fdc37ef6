"""How a piece of evidence stands on a day."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest

from compliance.domain.assessment.pieces import PieceStandings, PieceState
from compliance.domain.ledger.ledger import Ledger
from compliance.domain.ledger.records import Decision, Evidence, Outcome, Tombstone, Withdrawal, WithdrawnAs
from compliance.domain.ledger.settings import ReviewPolicy, Scope, Settings
from compliance.domain.terms.moments import Moment
from compliance.domain.terms.vocabulary import Kind

ON = date(2026, 11, 2)
EARLIER, LATER = date(2026, 11, 1), date(2026, 11, 3)
PLAIN = Evidence(id="E-00000001", path="evidence/a.pdf", title="A", kind=Kind.REPORT, date=EARLIER)
REJECTED = Decision(decision=Outcome.REJECTED, by="A. Reviewer", on=Moment(EARLIER), note="Blurred")


def standing(item: Evidence, *others: Evidence, on: date = ON) -> tuple[PieceState, str, str]:
    settings = Settings(organisation="Thornmere", scopes=(Scope(id="town"),), review=ReviewPolicy(kinds=(Kind.POLICY,)))
    ledger = Ledger(commit="a" * 40, day=ON, settings=settings, evidence=(item, *others))
    found = PieceStandings(ledger).of(item, on)
    return found.state, found.words, found.why


def withdrawn(as_: WithdrawnAs, on: date = EARLIER) -> Evidence:
    return msgspec.structs.replace(PLAIN, withdrawn=Withdrawal(by="A. Officer", on=on, reason="Wrong town", as_=as_))


def successor(**changes: object) -> Evidence:
    return msgspec.structs.replace(PLAIN, id="E-00000002", supersedes=PLAIN.id, date=ON, **changes)


def test_what_nothing_is_said_of_is_live():
    assert standing(PLAIN) == (PieceState.LIVE, "live", "")


def test_erased_from_its_day_on():
    gone = Tombstone(by="A. Officer", on=ON, reason="A person asked", authority="UK GDPR 17")
    item = msgspec.structs.replace(PLAIN, erased=gone)
    assert standing(item) == (PieceState.ERASED, "erased on 2026-11-02", "A person asked")
    assert standing(item, on=EARLIER)[0] is PieceState.LIVE


def test_invalid_is_so_on_every_day_and_retired_from_its_day_on():
    assert standing(withdrawn(WithdrawnAs.INVALID, LATER)) == (PieceState.INVALID, "invalid", "Wrong town")
    assert standing(withdrawn(WithdrawnAs.RETIRED)) == (PieceState.RETIRED, "retired on 2026-11-01", "Wrong town")
    assert standing(withdrawn(WithdrawnAs.RETIRED, LATER))[0] is PieceState.LIVE


def test_rejected():
    state, words, why = standing(msgspec.structs.replace(PLAIN, decisions=(REJECTED,)))
    assert (state, words) == (PieceState.REJECTED, "rejected")
    assert why == "rejected by A. Reviewer on 2026-11-01: Blurred"


def test_a_kind_that_must_be_approved_and_is_not():
    state, words, why = standing(msgspec.structs.replace(PLAIN, kind=Kind.POLICY))
    assert (state, words) == (PieceState.AWAITING_APPROVAL, "awaiting approval")
    assert why == "a policy needs approval, and has none"


@pytest.mark.parametrize(
    ("changes", "on", "words"),
    [
        ({}, ON, "superseded by E-00000002"),
        ({}, EARLIER, "live"),
        ({"decisions": (REJECTED,)}, ON, "live"),
        ({"kind": Kind.POLICY}, ON, "live"),
    ],
)
def test_superseded_from_the_day_of_a_successor_that_review_lets_serve(changes, on, words):
    assert standing(PLAIN, successor(**changes), on=on)[1] == words
