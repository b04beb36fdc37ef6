"""What falls due on the last day of a scope, or of the time that is looked at, is still listed."""

from __future__ import annotations

import pytest

from compliance.domain.due.standing import stand
from compliance.domain.terms.durations import parse_duration

from ..builders.ledgers import catalogue, control, day, expects, piece, scope, world


@pytest.mark.parametrize(("end", "listed"), [("2027-03-01", True), ("2027-02-28", False)])
def test_what_falls_due_on_the_last_day_of_a_scope_is_listed_and_nothing_after_it(end, listed):
    ledger = world(
        catalogue(control("1", expects("max-age 12 months"))), scope("a", end=day(end)), piece("E-1", "2026-03-01")
    )
    within = stand(
        ledger, ledger.settings.scopes, frozenset(), day("2026-12-01"), day("2026-12-01"), parse_duration("1 year")
    )
    assert bool(within.renewals) is listed


@pytest.mark.parametrize(("ahead", "listed"), [("3 months", True), ("89 days", False)])
def test_what_falls_due_on_the_last_day_that_is_looked_at_is_listed(ahead, listed):
    ledger = world(catalogue(control("1", expects("max-age 12 months"))), scope("a"), piece("E-1", "2026-03-01"))
    standing = stand(
        ledger, ledger.settings.scopes, frozenset(), day("2026-12-01"), day("2026-12-01"), parse_duration(ahead)
    )
    assert bool(standing.renewals) is listed
