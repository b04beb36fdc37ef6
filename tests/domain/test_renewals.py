"""One timeline of what falls due."""

from __future__ import annotations

from datetime import date

import pytest

from compliance.domain.due.registers import EVIDENCE, EXCLUSION
from compliance.domain.due.renewals import renewals
from compliance.domain.registers.accreditations import AUDIT, EXPIRY, STEP, SUBMISSION
from compliance.domain.registers.parts.promises import Promise
from compliance.domain.standards.schemes import Holding
from compliance.domain.terms.verdicts import Verdict

from ..builders.ledgers import (
    TODAY,
    assessment,
    catalogue,
    control,
    cycle,
    day,
    duration,
    event,
    expects,
    finding,
    happened,
    held,
    inherits,
    judgement,
    nil_return,
    piece,
    review,
    scheme,
    scope,
    soa,
    statement,
    step,
    use,
    world,
)

RULES = scheme(
    step("visit", role="audit", before="expiry", lead="2 months", what="Host the auditor"),
    step("submission", role="submission", before="expiry", lead="1 month"),
    step("check", before="visit", lead="1 month"),
    step("decision", before="expiry", opens_cycle=True),
    term="12 months",
    holding=Holding.CERTIFICATE,
)
CERTIFIED = catalogue(control("1", expects("once")), scheme=RULES)


def due(*things, on=TODAY, within="12 months"):
    ledger = world(*things)
    found = [assessment(ledger, on=on, at=one.id) for one in ledger.settings.scopes]
    return renewals(ledger, found, day(on), duration(within))


def lines(*things, kind=None, **more):
    return [f"{one.due} {one.what}" for one in due(*things, **more) if kind in {None, one.kind}]


def test_the_expiry_and_each_step_before_it_are_on_one_timeline_in_order_of_date():
    found = due(CERTIFIED, held(cycle("2026-03-31", certificate="C-17"), body="Example Certification"))
    assert [(str(one.due), one.kind, one.what) for one in found] == [
        ("2026-12-29", STEP, "STD, corporate: Check"),
        ("2027-01-29", AUDIT, "STD, corporate: Visit"),
        ("2027-02-26", SUBMISSION, "STD, corporate: Submission"),
        ("2027-03-31", EXPIRY, "STD, corporate: certificate expires"),
    ]
    assert [one.todo for one in found] == [
        "Check",
        "Host the auditor",
        "Submission",
        "Renew the certificate C-17 with Example Certification",
    ]
    assert {(one.scope, one.standards, one.subject) for one in found} == {("corporate", ("std@1",), "A-1")}


def test_only_what_falls_due_in_time_is_listed_overdue_first():
    accreditation = held(cycle("2026-03-31"))
    assert len(lines(CERTIFIED, accreditation, within="2 months")) == 1
    overdue = due(CERTIFIED, accreditation, on="2027-04-05", within="1 day")
    assert [one.days_left(day("2027-04-05")) for one in overdue] == [-97, -66, -38, -5]


def test_what_is_done_is_not_due():
    done = held(cycle("2026-03-31", None, happened("visit", "2026-11-01")))
    assert [one.split(": ")[1] for one in lines(CERTIFIED, done)] == ["Submission", "certificate expires"]


def test_a_first_certificate_is_sought_by_its_target():
    found = due(CERTIFIED, held(target="2027-06-30", title="Our first"))
    assert [(str(one.due), one.what, one.todo) for one in found if one.kind == EXPIRY] == [
        ("2027-06-30", "Our first: first certificate sought", "Win the certificate")
    ]


def test_what_never_expires_has_no_expiry():
    assert lines(catalogue(control("1", expects("once"))), held(cycle("2026-03-31"))) == []


def test_the_day_agreed_is_shown_beside_the_last_day():
    planned = held(cycle("2026-03-31"), planned={"visit": "2027-01-15", "submission": "2027-02-26"})
    found = {one.what.split(": ")[1]: one for one in due(CERTIFIED, planned)}
    assert (str(found["Visit"].due), found["Visit"].planned) == ("2027-01-15", day("2027-01-15"))
    assert found["Visit"].todo == "Host the auditor (agreed for 2027-01-15; last day 2027-01-29)"
    assert found["Submission"].todo == "Submission (agreed)"


def test_a_day_agreed_too_late_is_due_on_the_last_day():
    late = held(cycle("2026-03-31"), planned={"visit": "2027-03-15"})
    assert "2027-01-29 STD, corporate: Visit" in lines(CERTIFIED, late)


def test_a_decision_agreed_before_the_expiry_is_a_step_of_its_own():
    decided = held(cycle("2026-03-31"), planned={"decision": "2027-03-10"})
    assert "2027-03-10 STD, corporate: Decision" in lines(CERTIFIED, decided)


def test_an_accreditation_without_a_catalogue_still_shows_the_expiry_that_its_certificate_states():
    found = due(CERTIFIED, held(cycle("2026-03-31", "2027-02-01"), standard="other@3"))
    assert [(str(one.due), one.what, one.standards) for one in found] == [
        ("2027-02-01", "other@3, corporate: assessment expires", ("other@3",))
    ]


def test_evidence_that_lapses_is_listed_by_its_last_day():
    (found,) = due(catalogue(), piece("E-1", "2026-02-01"), within="90 days")
    assert (str(found.due), found.kind, found.subject) == ("2027-02-01", EVIDENCE, "E-1")
    assert (found.what, found.todo) == (
        "Piece E-1",
        "Renew it for std:1: dated 2026-02-01; fresh through 2027-02-01",
    )
    assert (found.scope, found.standards, found.controls) == ("corporate", ("std@1",), ("std:1",))


def test_one_piece_is_one_row_however_many_controls_it_serves():
    two = catalogue(control("1", expects(what="Report")), control("2", expects(what="Report")))
    (found,) = due(two, catalogue(id="pay"), piece("E-1", "2026-02-01", controls="std:1 std:2 pay:1"))
    assert found.controls == ("std:1", "std:2", "pay:1")
    assert found.standards == ("std@1", "pay@1")
    assert (found.what, found.todo) == (
        "Piece E-1",
        "Renew it for std:1, std:2 and 1 more: dated 2026-02-01; fresh through 2027-02-01",
    )
    assert found.expects == "Report"


def test_what_ran_out_stays_on_the_day_on_which_it_was_due():
    stale = due(catalogue(), piece("E-1", "2025-02-01"))
    assert [(str(one.due), one.todo) for one in stale] == [
        ("2026-02-01", "File a new one for std:1: dated 2025-02-01; older than 12 months since 2026-02-02")
    ]
    begun = scope(start="2026-02-01")
    missed = due(catalogue(control("1", expects("every 3 months"))), begun, piece("E-1", "2026-02-01"))
    assert [str(one.due) for one in missed] == ["2026-05-01"]
    assert missed[0].todo == "File what was due for std:1: nothing since 2026-02-01: was due by 2026-05-01"


@pytest.mark.parametrize(
    "how",
    ["max-age 3 months", "every 3 months", "every 3 months grace 5 days", "each quarter", "on review within 30 days"],
)
def test_a_row_keeps_its_day_when_it_is_overdue_and_is_so_from_the_first_day_of_the_gap(how):
    ledger = world(
        catalogue(control("1", expects(how))),
        scope(start="2026-01-01"),
        piece("E-1", "2026-02-10"),
        event("review", "2026-02-20"),
    )
    judgements = [(on, judgement(ledger, on=str(on), known=str(on))) for on in _days("2026-02-20", "2026-12-31")]
    place = next(number for number, (_, found) in enumerate(judgements) if found.verdict.is_gap)
    before, after = (min(row.day for row in judgements[number][1].renewals) for number in (place - 1, place))
    assert after == before < judgements[place][0]


def _days(first: str, last: str) -> list[date]:
    return [date.fromordinal(number) for number in range(day(first).toordinal(), day(last).toordinal() + 1)]


def test_a_hole_that_was_filed_late_is_listed_by_the_next_day_due():
    pieces = [piece(f"E-{month}", f"2026-{month}-10") for month in ("03", "07", "10")]
    (found,) = due(catalogue(control("1", expects("every 3 months"))), *pieces)
    assert str(found.due) == "2027-01-10"
    assert found.todo.startswith("File the next for std:1: nothing from 2025-11-21 to 2026-03-09")


def test_what_is_due_is_listed_by_its_last_day_and_named_by_its_control():
    yearly = catalogue(control("1", expects("each year")))
    (found,) = due(yearly, piece("E-1", "2025-06-01"), scope(start="2025-01-01"))
    assert (str(found.due), found.todo) == ("2026-12-31", "File it for std:1: 2026 is due by 2026-12-31")
    (found,) = due(yearly, scope(start="2026-01-01"))
    assert (found.subject, found.what) == ("std@1:1#proof", "std:1 Control 1")
    nil = catalogue(control("1", expects("on change within 30 days")))
    assert [one.subject for one in due(nil, nil_return("change", "2024-01-01/2026-02-01"))] == ["std@1:1#proof"]


def test_gaps_without_a_day_are_not_on_the_timeline():
    assert due(catalogue(), piece(on=None)) == due(catalogue()) == ()


def test_advice_and_controls_that_are_out_are_not_on_the_timeline():
    tips = catalogue(control("1", expects("once"), expects(id="tips", basis="advice")))
    assert due(tips, piece(on="2026-02-01")) == ()
    annex = catalogue(control("1", excludable=True))
    out = soa(statement(applies=False, reason="no"))
    assert due(annex, out, piece(on="2026-02-01")) == ()


EXCLUDED = soa(statement(applies=False, reason="no cards", review="2027-01-31"), statement("2", review="2027-01-01"))
ANNEX = catalogue(control("1", expects("once"), excludable=True), control("2", expects("once"), excludable=True))


def test_an_exclusion_is_listed_by_the_day_of_its_review_even_after_it_has_lapsed():
    (found,) = due(ANNEX, EXCLUDED)
    assert (str(found.due), found.kind, found.subject) == ("2027-01-31", EXCLUSION, "SOA-corporate")
    assert (found.what, found.todo) == (
        "std:1: exclusion to be reviewed",
        "Confirm or end the exclusion: no cards",
    )
    assert (found.standards, found.controls) == (("std",), ("std:1",))
    assert lines(ANNEX, EXCLUDED, on="2027-02-28") == ["2027-01-31 std:1: exclusion to be reviewed"]


def test_an_exclusion_that_is_none_is_not_listed():
    strict = catalogue(control("1", expects("once")))
    assert lines(strict, EXCLUDED, finding()) == []
    assert lines(ANNEX, soa(EXCLUDED.controls[0], standard="std@2")) == []
    elsewhere = soa(EXCLUDED.controls[0], scope="cardholder")
    assert lines(ANNEX, elsewhere) == []
    scopes = (scope(), scope("cardholder"))
    assert len(lines(ANNEX, elsewhere, *scopes)) == 1


def test_two_versions_are_listed_each_with_its_own():
    both = (catalogue(), catalogue(version="2"), use("std@1"), use("std@2"))
    found = due(*both, piece("E-1", "2026-02-01", controls="std@2:1"))
    assert [one.standards for one in found] == [("std@2",)]


LOOKED_AT = catalogue(
    control("1", expects("max-age 6 months", judged="submission")),
    control("2", expects("max-age 14 months", judged="always")),
    scheme=RULES,
)
SUBMITTED = held(cycle("2026-03-31", None, happened("submission", "2026-03-01")))


@pytest.mark.parametrize(
    ("on", "stands", "days_left"),
    [("2027-02-25", "lapsing", 1), ("2027-02-26", "stale", 0), ("2027-02-27", "stale", -1)],
)
def test_what_is_too_old_for_a_submission_is_due_on_its_day_beside_it(on, stands, days_left):
    """It is a gap on that day, and due today: what is dated on the very day serves. Overdue it is from the next."""
    things = (LOOKED_AT, SUBMITTED, piece(on="2026-02-20"))
    ledger = world(*things)
    assert judgement(ledger, on=on, known=on).verdict.value == stands
    found = {
        row.kind: row for row in renewals(ledger, [assessment(ledger, on=on, known=on)], day(on), duration("1 month"))
    }
    assert {str(found[kind].due) for kind in (EVIDENCE, SUBMISSION)} == {"2027-02-26"}
    assert found[EVIDENCE].days_left(day(on)) == found[SUBMISSION].days_left(day(on)) == days_left
    renewed = world(*things, piece("E-2", "2027-02-26"))
    assert judgement(renewed, on="2027-02-26", known="2027-02-26").verdict is Verdict.EVIDENCED


def test_a_printed_end_or_an_age_of_every_day_is_due_on_its_last_good_day():
    printed = piece("E-1", "2026-02-20", valid_until="2027-02-25")
    daily = piece("E-2", "2025-12-25", controls="std:2")
    assert [
        (str(row.due), row.subject) for row in due(LOOKED_AT, SUBMITTED, printed, daily) if row.kind == EVIDENCE
    ] == [
        ("2027-02-25", "E-1"),
        ("2027-02-25", "E-2"),
    ]


def test_what_led_up_to_a_certificate_that_cannot_be_restored_is_owed_no_more():
    steps = step("submission", before="expiry", lead="1 month", role="submission")
    restorable = catalogue(scheme=scheme(steps, term="12 months", restoration="6 months"))
    ledger = world(restorable, held(cycle("2024-03-01")))

    def kinds(on):
        return [(one.kind, str(one.due)) for one in renewals(ledger, (), day(on), duration("12 months"))]

    assert kinds("2025-09-02") == [(EXPIRY, "2025-03-01")]
    assert (SUBMISSION, "2025-01-31") in kinds("2025-09-01")


def test_a_finding_without_scope_falls_due_in_every_scope():
    scopes = (scope(), scope("cardholder"))
    open_finding = finding(promised=(Promise(due=day("2026-11-01")),))
    (found, other) = due(CERTIFIED, open_finding, *scopes)
    assert (found.scope, other.scope, found.subject, other.subject) == ("cardholder", "corporate", "F-1", "F-1")
    only = finding(promised=(Promise(due=day("2026-11-01")),), scope=("cardholder",))
    assert [row.scope for row in due(CERTIFIED, only, *scopes)] == ["cardholder"]


def test_nothing_falls_due_in_a_scope_after_its_end():
    things = (catalogue(control("1", expects("every 3 months"))), piece("E-1", "2026-09-01"), held(cycle("2026-03-31")))
    assert due(*things, scope(start="2026-06-01"), on="2026-10-01")
    assert not due(*things, scope(start="2026-06-01", end=day("2026-11-30")), on="2026-10-01")
    assert due(*things, scope(start="2026-06-01", end=day("2026-12-01")), on="2026-10-01")
    assert not due(*things, scope(start="2026-06-01", end=day("2026-12-01")), on="2026-12-20")


def test_the_history_of_a_scope_that_has_ended_stands():
    things = (catalogue(control("1", expects("every 3 months"))), piece("E-1", "2026-03-01"))
    begun = scope(start="2026-02-01", end=day("2026-05-31"))
    stood = judgement(world(*things, begun))
    assert (stood.verdict, stood.until) == (Verdict.EVIDENCED, None)
    longer = judgement(world(*things, scope(start="2026-02-01", end=day("2026-06-02"))))
    assert longer.verdict is Verdict.MISSED
    assert judgement(world(*things, scope(start="2026-02-01"))).verdict is Verdict.MISSED


def test_what_a_scope_has_from_one_that_ended_is_a_gap():
    before, after_it = scope("old", end=day("2026-05-31")), scope(succeeds=("old",))
    taken = soa(statement(inherits=inherits(scope="old")))
    carried = judgement(world(catalogue(control("1", expects("once"))), piece(scope=("old",)), after_it, before, taken))
    assert (carried.verdict, carried.reason) == (Verdict.MISSING, "old ended on 2026-05-31")


NEXT = "Record the next, or that there was none, for std:1: "


@pytest.mark.parametrize(
    ("things", "deed"),
    [
        ((piece("E-1", "2026-01-15"),), "Renew it for std:1: "),
        ((piece("E-1", "2025-01-15"),), "File a new one for std:1: "),
    ],
)
def test_a_row_says_what_is_to_be_done_about_an_age(things, deed):
    (row,) = due(catalogue(control("1", expects())), *things)
    assert row.todo.startswith(deed)


@pytest.mark.parametrize(
    ("how", "things", "deed"),
    [
        ("every 3 months", (scope(start="2026-09-01"),), "File it for std:1: "),
        ("every 3 months", (piece("E-1", "2026-06-01"),), "File what was due for std:1: "),
        (
            "on change within 30 days",
            (scope(start="2026-09-01"),),
            NEXT,
        ),
        (
            "on change within 30 days",
            (nil_return("change", "2024-01-01/2026-06-30", "2026-06-30"),),
            NEXT,
        ),
        (
            "on change within 30 days",
            (nil_return("change", "2024-01-01/2025-06-30", "2025-06-30"),),
            "Record what happened, or that nothing did, for std:1: ",
        ),
        (
            "on change within 30 days",
            (event("change", "2026-11-10"), nil_return("change", "2024-01-01/2026-11-09", "2026-11-09")),
            "File it for std:1: ",
        ),
    ],
)
def test_a_row_says_what_is_to_be_done_whether_to_file_to_renew_or_to_record(how, things, deed):
    rows = due(catalogue(control("1", expects(how))), *things)
    assert rows[0].todo.startswith(deed), [row.todo for row in rows]


def test_what_waits_for_approval_still_says_when_the_next_is_due():
    """The approver is slow, and the day comes all the same."""
    wanted = catalogue(control("1", expects("every 3 months")))
    waiting = (wanted, scope(start="2026-06-01"), piece("E-1", "2026-09-01"), review("report"))
    assert judgement(world(*waiting)).verdict is Verdict.UNAPPROVED
    (row,) = due(*waiting)
    assert (str(row.due), row.subject) == ("2026-12-01", "E-1")
    assert row.todo.startswith("Renew it for std:1: last 2026-09-01")


def test_a_missed_slot_does_not_hide_the_one_that_is_due_next():
    wanted = catalogue(control("1", expects("each quarter")))
    passes = [piece(f"E-{number}", on) for number, on in enumerate(("2025-11-10", "2026-05-10", "2026-08-10"))]
    rows = due(wanted, *passes)  # nothing for the first quarter of 2026
    assert [(str(row.due), row.todo.partition(":")[0]) for row in rows] == [("2026-12-31", "File the next for std")]
    rows = due(wanted, *passes[:-1])  # nor for the third, which something could still be found for
    assert [(str(row.due), row.todo.partition(":")[0]) for row in rows] == [
        ("2026-09-30", "File what was due for std"),
        ("2026-12-31", "File the next for std"),
    ]


def test_the_slots_of_each_accreditation_have_a_row_of_their_own():
    wanted = catalogue(control("1", expects("each quarter anchored")))
    certificates = [held(cycle("2026-06-15"), id="A-1"), held(cycle("2026-07-01"), id="A-2")]
    covered = [piece("E-1", "2026-09-10"), piece("E-2", "2026-10-02")]
    rows = [row for row in due(wanted, *certificates, *covered) if row.kind is EVIDENCE]
    assert [(str(row.due), row.what.rpartition(", ")[2]) for row in rows] == [
        ("2027-03-14", "A-1"),
        ("2027-03-31", "A-2"),
    ]
