"""Audits as the days of their accreditation: a plan of the scheme's event, and once held the event itself."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.domain.due.renewals import renewals
from compliance.domain.due.sampling import for_audit
from compliance.domain.due.standing import stand
from compliance.domain.ledger.audited import audited, joined, same, standing_of, with_audits
from compliance.domain.registers.audits import Audit, AuditType, Request, RequestState
from compliance.domain.registers.certificates.cycles import dues
from compliance.domain.registers.certificates.occasions import occasions
from compliance.domain.standards.schemes import EventRole
from compliance.domain.terms.references import parse_reference

from ..builders.ledgers import (
    altered,
    catalogue,
    control,
    cycle,
    day,
    duration,
    happened,
    held,
    scheme,
    scope,
    step,
    world,
)

STAGE = step("stage-2", role="audit", opens_cycle=True)
SURVEILLANCE = step("surveillance", role="audit", each_calendar_year=True, first_within="12 months")
SCAN = step("scan", every="3 months")
AGAIN = step("recertification", role="audit", before="expiry", lead="2 months", opens_cycle=True)
RULES = scheme(STAGE, SURVEILLANCE, SCAN, AGAIN, term="3 years")
STANDARD = altered(catalogue(), scheme=RULES)


def audit(on="2026-10-06", event="surveillance", id="U-1", **more):  # noqa: A002
    if "until" in more:
        more["until"] = day(more["until"])
    given = {"type": AuditType.SURVEILLANCE, "title": "Visit", "accreditation": "A-1", **more}
    return Audit(id=id, on=day(on), event=event, **given)


def seen(accreditation, *audits):
    return audited(world(STANDARD, accreditation, audits=audits), accreditation)


def plans(accreditation):
    return [(one.event, str(one.on)) for one in accreditation.planned]


def rows(ledger, on="2026-09-01", within="12 months"):
    due = renewals(ledger, (), day(on), duration(within))
    return [(str(one.due), one.subject, one.scope, one.what) for one in due if one.kind.value == "audit"]


CERTIFICATE = held(cycle("2025-11-03"))


def test_a_planned_audit_is_what_is_agreed_and_a_held_one_what_took_place():
    assert plans(seen(CERTIFICATE, audit())) == [("surveillance", "2026-10-06")]
    took_place = seen(CERTIFICATE, audit(held=True, outcome="passed"))
    (event,) = took_place.cycles[0].events
    assert (event.event, str(event.on), event.outcome) == ("surveillance", "2026-10-06", "passed")


@given(st.integers(min_value=-400, max_value=1200), st.integers(min_value=0, max_value=400))
def test_a_held_audit_does_what_the_accreditations_own_event_does(after_grant, later):
    on = day("2025-11-03") + timedelta(days=after_grant)
    own = happened("surveillance", str(on))
    by_hand = held(cycle("2025-11-03"), events=(own,)) if after_grant < 0 else held(cycle("2025-11-03", None, own))
    merged = seen(CERTIFICATE, audit(str(on), held=True))
    looked = on + timedelta(days=later)
    assert dues(RULES, merged, looked) == dues(RULES, by_hand, looked)
    for role in EventRole:
        assert occasions(RULES, merged, role, looked) == occasions(RULES, by_hand, role, looked)


def test_seen_from_a_day_before_it_a_held_audit_is_still_to_come():
    merged = seen(CERTIFICATE, audit(held=True))
    (due,) = [one for one in dues(RULES, merged, day("2026-10-05")) if one.planned]
    assert (str(due.planned), due.done) == ("2026-10-06", None)
    assert not [one for one in dues(RULES, merged, day("2026-10-06")) if one.planned]


def test_what_leads_to_a_grant_belongs_to_the_time_before_it():
    two = held(cycle("2025-11-03"), cycle("2028-10-20"))
    before = seen(two, audit("2028-10-20", "recertification", held=True))
    assert [len(one.events) for one in before.cycles] == [1, 0]
    after = seen(two, audit("2028-10-20", "surveillance", held=True))
    assert [len(one.events) for one in after.cycles] == [0, 1]
    first = seen(two, audit("2025-10-01", "stage-2", held=True))
    assert [one.event for one in first.events] == ["stage-2"]


def test_where_both_say_something_the_plan_is_the_audits_and_the_event_the_accreditations():
    planned = held(cycle("2025-11-03"), planned={"surveillance": "2026-11-02"})
    assert plans(seen(planned, audit())) == [("surveillance", "2026-10-06")]
    done = held(cycle("2025-11-03", None, happened("surveillance", "2026-10-08")))
    assert seen(done, audit(held=True)).cycles == done.cycles


@pytest.mark.parametrize(
    ("event", "one", "other", "is_same"),
    [
        (SURVEILLANCE, "2026-01-01", "2026-12-31", True),
        (SURVEILLANCE, "2026-12-31", "2027-01-01", False),
        (SCAN, "2026-03-01", "2026-04-14", True),
        (SCAN, "2026-03-01", "2026-05-01", False),
        (AGAIN, "2026-03-01", "2026-08-30", True),
        (AGAIN, "2026-03-01", "2026-09-01", False),
    ],
)
def test_two_days_are_for_one_event_if_its_rule_wants_no_two_so_close(event, one, other, is_same):
    assert same(event, day(one), day(other)) is same(event, day(other), day(one)) is is_same


def test_an_audit_for_nothing_and_one_for_an_event_that_the_scheme_does_not_have_change_nothing():
    others = (audit(accreditation="", event=""), audit(event="coffee", id="U-2"), audit(accreditation="A-9", id="U-3"))
    ledger = world(STANDARD, CERTIFICATE, audits=others)
    assert with_audits(ledger) == (CERTIFICATE,)


def test_an_audit_and_its_event_are_one_row_in_every_scope_that_either_touches():
    both = audit(scope=("corporate", "payments"))
    ledger = world(STANDARD, CERTIFICATE, scope(), scope("payments"), audits=(both,))
    found = [row for row in rows(ledger) if row[0] == "2026-10-06"]
    assert [(one[1], one[2]) for one in found] == [("A-1", "corporate"), ("A-1", "payments")]
    assert not [row for row in rows(ledger) if row[1] == "U-1"]


def test_an_audit_that_the_scheme_no_longer_wants_keeps_a_row_of_its_own():
    done = held(cycle("2025-11-03", None, happened("surveillance", "2026-10-08")))
    ledger = world(STANDARD, done, audits=(audit(),))
    assert [row[1] for row in rows(ledger, on="2026-10-20") if row[0] == "2026-10-06"] == ["U-1"]


def test_rows_of_audits_for_no_certificate_are_left_as_they_are():
    ledger = world(STANDARD, CERTIFICATE, audits=(audit(accreditation="", event=""),))
    assert [row[1] for row in rows(ledger) if row[0] == "2026-10-06"] == ["U-1"]
    assert joined(ledger, []) == []


def test_a_request_without_a_day_is_due_before_the_audit_and_then_at_its_end():
    asked = Request(id="1", text="The register")
    visit = audit(until="2026-10-08", requests=(asked,))
    assert str(visit.due(asked, day("2026-10-05"))) == "2026-10-05"
    assert str(visit.due(asked, day("2026-10-06"))) == "2026-10-08"
    assert visit.request_state(asked, day("2026-10-08")) is RequestState.OPEN
    assert visit.request_state(asked, day("2026-10-09")) is RequestState.OVERDUE
    own = Request(id="2", text="The log", due=day("2026-09-01"))
    assert visit.request_state(own, day("2026-09-02")) is RequestState.OVERDUE


def test_a_sample_counts_only_what_is_in_it():
    standard = altered(STANDARD, controls=tuple(control(one) for one in ("1", "2", "3")))
    ledger = world(standard, CERTIFICATE)
    whole = stand(ledger, ledger.settings.scopes, frozenset(), day("2026-10-06"), day("2026-09-01"), duration("1 year"))
    all_of_it = for_audit(whole, audit())
    assert (all_of_it.assessments, all_of_it.provenance.audit.sampled) == (whole.assessments, None)
    sample = for_audit(whole, audit(controls=(parse_reference("std:2"), parse_reference("std@9:3"))))
    ((shown,),) = [[standard.controls for standard in one.standards] for one in sample.assessments]
    assert [one.id for one in shown] == ["2"]
    assert (sample.total.controls, sample.provenance.audit.sampled, sample.provenance.audit.controls) == (1, 1, 3)


def test_an_accreditation_of_a_scope_that_has_ended_runs_until_no_day():
    accreditation = held(cycle("2026-02-01"), id="A-1")
    ended = scope(end=day("2026-05-31"))
    ledger = world(catalogue(control("1"), scheme=scheme(term="12 months")), ended, accreditation)
    last, after = (standing_of(ledger, accreditation, day(on)) for on in ("2026-05-31", "2026-06-01"))
    assert (last.until, last.why) == (day("2027-02-01"), "")
    assert (after.status, after.until) == (last.status, None)
    assert after.why == f"{accreditation.scope} ended on 2026-05-31: nothing falls due here any more"
