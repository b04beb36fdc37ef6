"""The fewest pieces that close the most gaps before each standard is looked at next."""

from __future__ import annotations

import msgspec

from compliance.domain.ledger.settings import Scope
from compliance.domain.planning.planning import Plan, plan
from compliance.domain.planning.scheduling import Task
from compliance.domain.standards.catalogue import Relation, RelationType
from compliance.domain.standards.schemes import Scheme
from compliance.domain.terms.references import parse_reference

from ..builders.ledgers import (
    TODAY,
    altered,
    catalogue,
    control,
    cycle,
    day,
    duration,
    expects,
    finding,
    held,
    inherits,
    judged,
    piece,
    review,
    soa,
    statement,
    world,
)


def planned(ledger, before: str | None = None) -> Plan:
    return plan(ledger, ledger.settings.scopes, frozenset(), day(TODAY), day(before) if before else None)


def pieces(found: Plan) -> list[tuple[Task, str, list[str]]]:
    return [(one.task, one.subject, [str(gap.control) for gap in (*one.closes, *one.likely)]) for one in found.pieces]


def related(to: str, type_: RelationType = RelationType.EQUAL) -> tuple[Relation, ...]:
    return (Relation(to=parse_reference(to), type=type_, source="ours"),)


def test_a_piece_that_will_be_too_old_is_renewed_for_all_that_rests_on_it():
    std = catalogue(control("1"), control("2"))
    ledger = world(std, evidence=[piece("E-1", "2026-01-10", controls="std:1 std:2")])
    assert planned(ledger).pieces == ()
    found = planned(ledger, before="2027-02-01")
    assert pieces(found) == [(Task.RENEW, "E-1", ["std@1:1#proof", "std@1:2#proof"])]
    assert (found.is_fewest, found.closed) == (True, 2)


def test_a_standard_is_judged_on_the_day_that_it_is_looked_at_next():
    scheme = Scheme(term=duration("12 months"))
    std = catalogue(control("1"), scheme=scheme)
    certificate = held(cycle("2026-03-01"))
    ledger = world(std, evidence=[piece("E-1", "2026-02-20")], accreditations=[certificate])
    (one,) = planned(ledger).pieces
    assert (one.task, one.by) == (Task.RENEW, day("2027-03-01"))
    fresh = world(std, evidence=[piece("E-1", "2026-03-02")], accreditations=[certificate])
    assert planned(fresh).pieces == ()


def test_one_new_piece_serves_related_controls_that_lack_the_same_kind():
    wanted = expects(kinds="scan")
    one = catalogue(control("1", wanted, related=related("two:9")), id="one")
    two = catalogue(control("9", wanted), control("8", expects(kinds="scan")), id="two")
    found = planned(world(one, two))
    assert sorted(pieces(found)) == sorted(
        [(Task.FILE, "", ["one@1:1#proof", "two@1:9#proof"]), (Task.FILE, "", ["two@1:8#proof"])],
    )
    other_kind = catalogue(control("9", expects(kinds="policy")), id="two")
    assert len(planned(world(one, other_kind)).pieces) == 2


def test_what_only_overlaps_is_likely_and_not_sure():
    wanted = expects(kinds="scan")
    one = catalogue(control("1", wanted, related=related("two:9", RelationType.INTERSECTS)), id="one")
    two = catalogue(control("9", wanted), id="two")
    (only,) = planned(world(one, two)).pieces
    assert [len(only.closes), len(only.likely)] == [1, 1]


def test_approving_and_dating_come_before_filing_anew():
    std = catalogue(control("1"), control("2"), control("3"))
    evidence = [
        piece("E-1", kind="policy", controls="std:1 std:2"),
        piece("E-2", None, kind="report", controls="std:3"),
    ]
    found = planned(world(std, *evidence, review("policy")))
    assert sorted((one.task.value, one.subject, one.count) for one in found.pieces) == [
        ("approve", "E-1", 2),
        ("date", "E-2", 1),
    ]


def test_a_missed_day_is_beyond_any_piece():
    std = catalogue(control("1", expects("every 3 months")))
    evidence = [piece("E-1", "2026-01-10"), piece("E-2", "2026-10-10")]
    found = planned(world(std, evidence=evidence))
    assert [str(gap.control) for gap in found.beyond] == ["std@1:1#proof"]
    assert found.pieces == ()


def test_a_series_with_a_hole_goes_on_all_the_same():
    """Nothing fills what is past; whoever therefore files nothing has a second hole when the deadline comes."""
    std = catalogue(control("1", expects("every 3 months")), control("2", expects("each quarter")))

    def onward(*days):
        evidence = [piece(f"E-{number}", on, controls="std:1 std:2") for number, on in enumerate(days)]
        found = planned(world(std, evidence=evidence), before="2027-03-01")
        assert ({step.task for step in found.pieces}, len(found.beyond)) == (set(), 2)
        return [(step.task.value, str(step.by), len(step.closes)) for step in found.onward]

    assert onward("2026-01-10", "2026-10-10") == [("renew", "2027-01-10", 1)]
    assert onward("2026-01-10", "2026-08-10") == [("renew", "2026-11-21", 2), ("renew", "2027-02-21", 1)]


def test_a_supplier_each_needs_a_piece_each():
    std = catalogue(control("1", expects(per="supplier")))
    scope = Scope(id="corporate", suppliers=("Acme", "Beta", "Gamma"))
    ledger = world(std, scope, piece("E-1", per={"supplier": "Beta"}))
    found = planned(ledger)
    assert sorted(gap.link for one in found.pieces for gap in one.closes) == ["Acme", "Gamma"]


def test_an_event_of_which_nothing_is_said_is_to_be_stated():
    std = catalogue(
        control("1", expects("on change within 30 days")), control("2", expects("on change within 60 days"))
    )
    (one,) = planned(world(std)).pieces
    assert (one.task, one.count) == (Task.STATE, 2)


def test_two_scopes_need_a_piece_each():
    std = catalogue(control("1"))
    ledger = world(std, Scope(id="corporate"), Scope(id="revenues"))
    assert len(planned(ledger).pieces) == 2


def test_the_soonest_comes_first_then_what_serves_most():
    scheme = Scheme(term=duration("12 months"))
    late = catalogue(control("1"), control("2"), id="late", scheme=scheme)
    soon = catalogue(control("1"), id="soon", scheme=scheme)
    both = [
        held(cycle("2026-06-01"), id="A-1", standard="late"),
        held(cycle("2026-02-01"), id="A-2", standard="soon"),
    ]
    ledger = world(late, soon, accreditations=both)
    days = [str(one.by) for one in planned(ledger).pieces]
    assert days == ["2027-02-01", "2027-06-01", "2027-06-01"]


def test_following_the_plan_closes_what_it_says():
    std = catalogue(control("1"), control("2"), control("3", expects(kinds="scan")))
    ledger = world(std, evidence=[piece("E-1", "2025-01-10", controls="std:1 std:2")])
    found = planned(ledger)
    filed = list(ledger.evidence)
    for number, one in enumerate(found.pieces):
        controls = " ".join(str(gap.control) for gap in one.closes)
        filed.append(piece(f"E-9{number}", TODAY, kind=one.kind or "report", controls=controls))
    assert planned(altered(ledger, evidence=tuple(filed))).pieces == ()


def test_what_is_inherited_is_planned_where_it_is_met():
    std = catalogue(control("1"))
    given = soa(statement(inherits=inherits(scope="service")), scope="corporate")
    ledger = world(std, Scope(id="service"), Scope(id="corporate"), given)
    found = planned(ledger)
    assert [(gap.scope, str(gap.control)) for one in found.pieces for gap in one.closes] == [
        ("service", "std@1:1#proof")
    ]
    assert found.beyond == ()
    alone = plan(ledger, (ledger.settings.scopes[1],), frozenset(), day(TODAY), None)
    assert alone.pieces == ()
    assert [gap.scope for gap in alone.beyond] == ["corporate"]


def test_nothing_is_planned_beyond_the_last_day_of_a_scope():
    std = catalogue(control("1", expects("every 3 months")))
    filed = [piece("E-1", "2026-09-15")]
    ending = Scope(id="corporate", start=day("2026-09-01"), end=day("2026-12-20"))
    found = planned(world(std, ending, *filed), before="2027-06-30")
    assert [str(step.by) for step in found.pieces] == ["2026-12-15"]
    over = msgspec.structs.replace(ending, end=day("2026-12-10"))
    assert planned(world(std, over, *filed), before="2027-06-30").pieces == ()


def test_what_is_a_gap_for_a_reason_is_said_to_be_beyond_evidence():
    ledger = world(catalogue(control("1")), piece(), finding())
    assert judged(ledger).standing == "open-major"
    found = planned(ledger)
    assert (found.pieces, [gap.reason.partition(":")[0] for gap in found.beyond]) == ((), ["open-major"])
