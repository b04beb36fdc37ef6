"""A certificate widened to another scope: what is supposed, and what it would mean there."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.domain.planning.widening import VerdictChange, extended, widened, widening
from compliance.domain.terms.vocabulary import Need
from compliance.reports.registers import widening as report

from ..builders.ledgers import (
    TODAY,
    altered,
    any_of,
    approved,
    assessment,
    catalogue,
    control,
    cycle,
    day,
    event,
    expects,
    finding,
    held,
    inherits,
    piece,
    rejected,
    review,
    scheme,
    scope,
    soa,
    statement,
    step,
    use,
    world,
)

COUNCIL, REVENUES = scope("council"), scope("revenues", parent="council")
HELD = held(cycle("2026-01-01"), scope="revenues")
ONLY_THERE = use(scopes=("revenues",))


def supposed(*things, accreditation=HELD, to=COUNCIL, on=TODAY, scopes=(COUNCIL, REVENUES)):
    """The accreditation of the revenues department widened to the council."""
    ledger = world(*scopes, accreditation, ONLY_THERE, *things)
    return widening(ledger, accreditation, ledger.catalogues[0], to, day(on), day(TODAY))


def moved(*things, id="1", **more):  # noqa: A002
    (found,) = [one for one in supposed(*things, **more).controls if one.there.id == id]
    return found


def own(id="E-1", on="2026-09-30", **more):  # noqa: A002
    return piece(id, on, scope=("revenues",), **more)


def councils(id="E-C", on="2026-09-30", **more):  # noqa: A002
    return piece(id, on, scope=("council",), **more)


def test_a_gap_that_is_none_in_the_present_scope_is_new():
    wide = altered(COUNCIL, sites=("Hall",))
    found = moved(own(), catalogue(control("1", expects(per="site"))), scopes=(wide, REVENUES), to=wide)
    assert (found.change, found.here.standing, found.there.standing, found.extended.standing) == (
        VerdictChange.NEW,
        "evidenced",
        "missing",
        "missing",
    )


def test_a_gap_in_both_is_the_same_one():
    assert moved().change is VerdictChange.SAME
    assert moved(own(on="2024-01-01")).change is VerdictChange.SAME


def test_what_names_only_the_present_scope_would_have_to_name_the_wider_one():
    found = supposed(own())
    (one,) = found.controls
    assert (one.change, one.there.standing, one.extended.standing) == (VerdictChange.EXTEND, "missing", "evidenced")
    assert found.naming() == {"E-1": ("1",)}


def test_what_names_the_wider_scope_serves_already():
    assert moved(own(), councils()).change is VerdictChange.SERVES
    assert moved(altered(own(), scope=("revenues", "council"))).change is VerdictChange.SERVES
    assert supposed(own(), councils()).naming() == {}


def test_what_the_present_scope_has_from_its_parent_serves_the_parent():
    leans = soa(statement(parent_evidence=True), scope="revenues")
    found = moved(councils(), leans)
    assert (found.here.standing, found.change) == ("evidenced", VerdictChange.SERVES)


def test_a_wider_scope_that_takes_evidence_of_its_parent_is_judged_with_it():
    group = scope("group")
    below = altered(COUNCIL, parent="group")
    leans = soa(statement(parent_evidence=True), scope="council")
    parents = piece("E-G", scope=("group",))
    assert moved(own(), parents, leans, scopes=(group, below, REVENUES), to=below).change is VerdictChange.SERVES
    assert moved(own(), parents, scopes=(group, below, REVENUES), to=below).change is VerdictChange.EXTEND


def test_evidence_without_a_scope_belongs_to_the_first_and_would_have_to_name_both():
    found = moved(piece(), scopes=(REVENUES, COUNCIL))
    assert (found.change, found.pieces) == (VerdictChange.EXTEND, ("E-1",))


def test_only_the_newest_piece_is_needed_where_one_is_enough_and_all_of_a_series():
    several = [own("E-1", "2026-05-01"), own("E-2", "2026-07-30"), own("E-3", "2026-10-28")]
    assert moved(*several).pieces == ("E-3",)
    quarterly = catalogue(control("1", expects("every 3 months over 6 months")))
    assert sorted(moved(quarterly, *several).pieces) == ["E-1", "E-2", "E-3"]


def test_of_alternatives_those_that_would_be_met_are_named():
    either = catalogue(control("1", any_of(expects(id="a", kinds="scan"), expects(id="b", kinds="report"))))
    assert moved(either, own()).pieces == ("E-1",)


def test_a_piece_that_closes_only_part_of_a_control_is_named_and_the_gap_is_what_remains():
    both = catalogue(control("1", expects(id="scan", kinds="scan"), expects(id="text", kinds="report")))
    found = moved(both, own(), own("E-2", kind="scan", per={}), councils("E-3", "2024-01-01", kind="scan"))
    assert (found.change, set(found.pieces)) == (VerdictChange.EXTEND, {"E-1", "E-2"})
    found = moved(both, own())
    assert (found.change, found.pieces) == (VerdictChange.SAME, ("E-1",))


def test_an_approval_is_taken_to_be_given_anew_and_nothing_else():
    policy, known = review("report"), catalogue()
    assert moved(policy, known, approved(own(), known)).change is VerdictChange.EXTEND
    for spoilt in (own(), rejected(own()), altered(approved(own(), known), sha256="other")):
        assert moved(policy, known, spoilt).change is VerdictChange.SAME


def test_what_is_inherited_would_have_to_be_inherited_there_too():
    service = scope("service")
    uses = use(scopes=("revenues", "service"))
    given = soa(statement(inherits=inherits(scope="service", retains=("proof",))), scope="revenues")
    ledger = world(service, COUNCIL, REVENUES, HELD, uses, given, piece("E-S", scope=("service",)), own())
    (found,) = widening(ledger, HELD, ledger.catalogues[0], COUNCIL, day(TODAY), day(TODAY)).controls
    assert (found.change, found.inherit, found.pieces) == (
        VerdictChange.EXTEND,
        "met by service; retained here: proof",
        ("E-1",),
    )


def test_what_is_stated_of_the_wider_scope_is_left_as_it_is():
    service = scope("service")
    given = soa(statement(inherits=inherits(scope="service")), scope="revenues")
    stated = soa(statement(reason="ours to do"), scope="council")
    ledger = world(service, COUNCIL, REVENUES, HELD, given, stated, piece("E-S", scope=("service",)))
    (found,) = widening(ledger, HELD, ledger.catalogues[0], COUNCIL, day(TODAY), day(TODAY)).controls
    assert (found.change, found.inherit) == (VerdictChange.NEW, "")


def test_what_the_present_scope_inherits_from_the_wider_one_is_no_circle():
    given = soa(statement(inherits=inherits(scope="council")), scope="revenues")
    both = use(scopes=())
    ledger = world(COUNCIL, REVENUES, HELD, both, given, councils())
    (found,) = widening(ledger, HELD, ledger.catalogues[0], COUNCIL, day(TODAY), day(TODAY)).controls
    assert (found.here.standing, found.change, found.extended.standing) == (
        "evidenced",
        VerdictChange.SERVES,
        "evidenced",
    )


def test_what_the_wider_scope_evidences_itself_it_need_not_inherit():
    service = scope("service")
    given = soa(statement(inherits=inherits(scope="service")), scope="revenues")
    stale = piece("E-S", "2024-01-01", scope=("service",))
    ledger = world(service, COUNCIL, REVENUES, HELD, given, stale, councils())
    (found,) = widening(ledger, HELD, ledger.catalogues[0], COUNCIL, day(TODAY), day(TODAY)).controls
    assert (found.here.standing, found.change, found.extended.standing) == ("stale", VerdictChange.SERVES, "evidenced")


def test_an_exclusion_is_a_judgement_on_its_scope_and_has_to_be_made_anew():
    open_ = catalogue(control("1", excludable=True))
    out = soa(statement(applies=False, reason="no cards are taken"), scope="revenues")
    found = moved(open_, out)
    assert (found.change, found.excluded, found.there.standing) == (VerdictChange.NEW, "no cards are taken", "missing")
    also = soa(statement(applies=False, reason="nor here"), scope="council")
    found = moved(open_, out, also)
    assert (found.change, found.excluded) == (VerdictChange.OUT, "")


def test_the_part_that_the_accreditation_attests_is_judged_whatever_part_is_in_use():
    profiled = catalogue(control("1", profiles=("small",)), control("2", profiles=("full",)))
    uses = use(scopes=("revenues",), profiles=("full",))
    small = altered(HELD, profile="small")
    ledger = world(profiled, COUNCIL, REVENUES, small, uses)
    found = widening(ledger, small, profiled, COUNCIL, day(TODAY), day(TODAY))
    assert [one.there.id for one in found.controls] == ["1"]


def test_what_a_submission_looks_at_is_judged_there_on_its_day_as_well():
    yearly = scheme(
        step("submit", role="submission", before="expiry", opens_cycle=True), term="12 months", judged="submission"
    )
    known = catalogue(control("1", expects("max-age 6 months")), scheme=yearly)
    accreditation = held(cycle("2026-02-01"), scope="revenues")
    found = moved(known, own(on="2026-07-15"), councils(on="2026-07-15"), accreditation=accreditation)
    assert found.here.expectations[0].judgement.reason == found.there.expectations[0].judgement.reason
    assert "submission" in found.there.expectations[0].judgement.reason


def test_on_another_day_it_is_judged_as_it_stands_then():
    assert moved(own(), on="2027-12-01").change is VerdictChange.SAME
    assert moved(own(), on="2027-09-30").change is VerdictChange.EXTEND


def test_it_says_whether_the_standard_is_there_already_and_who_holds_what():
    assert (supposed().in_use, supposed().others) == (False, ())
    beside = held(cycle("2025-05-05"), scope="council", id="A-2")
    ledger = world(COUNCIL, REVENUES, HELD, beside)
    found = widening(ledger, HELD, ledger.catalogues[0], COUNCIL, day(TODAY), day(TODAY))
    assert (found.in_use, found.others) == (True, ("A-2",))


def test_the_supposed_ledger_differs_from_the_real_one_in_nothing_but_what_is_supposed():
    ledger = world(
        COUNCIL, REVENUES, HELD, ONLY_THERE, own(), finding(scope=("revenues",)), event("change", "2026-01-01")
    )
    there = widened(ledger, HELD, COUNCIL)
    assert [one.scope for one in there.accreditations] == ["council"]
    assert [one.scopes for one in there.settings.standards] == [("revenues", "council")]
    same = {"accreditations", "settings"}
    assert all(getattr(there, name) == getattr(ledger, name) for name in ledger.__struct_fields__ if name not in same)
    assert extended(there, HELD, COUNCIL, ()).evidence[0].scope == ("revenues", "council")
    assert ledger.evidence[0].scope == ("revenues",)


@pytest.mark.parametrize("scopes", [(), ("council", "revenues")])
def test_where_the_standard_is_in_use_for_both_it_is_as_gaps_says(scopes):
    ledger = world(COUNCIL, REVENUES, HELD, use(scopes=scopes), own(), councils(on="2025-12-24"))
    found = widening(ledger, HELD, ledger.catalogues[0], COUNCIL, day(TODAY), day(TODAY))
    assert found.here.assessments[0].standards == assessment(ledger, at="revenues").standards
    assert found.there.assessments[0].standards == assessment(ledger, at="council").standards


PIECES = st.lists(
    st.tuples(
        st.sampled_from(["1", "2"]),
        st.sampled_from(["report", "scan"]),
        st.sampled_from(["2024-01-01", "2025-12-24", "2026-09-30", None]),
        st.sampled_from([("council",), ("revenues",), ("council", "revenues"), ()]),
        st.sampled_from(["pass", "fail"]),
    ),
    max_size=6,
)
RULES = st.sampled_from(["max-age 6 months", "every 3 months over 6 months", "once", "each quarter over 6 months"])


@given(PIECES, RULES)
def test_naming_the_pieces_that_are_listed_and_no_others_closes_what_is_said_to_close(drawn, how):
    """The list is put to the test: exactly these pieces name the wider scope, and the gaps are gone."""
    known = catalogue(control("1", expects(how)), control("2", expects(how, id="a", kinds="scan"), expects(id="b")))
    found = [
        piece(f"E-{number}", on, kind=kind, scope=named, controls=f"std:{of}", result=result)
        for number, (of, kind, on, named, result) in enumerate(drawn)
    ]
    ledger = world(known, COUNCIL, REVENUES, HELD, use(), *found)
    said = widening(ledger, HELD, known, COUNCIL, day(TODAY), day(TODAY))
    naming = said.naming()
    named = [
        altered(item, scope=(*(item.scope or ("council",)), "council")) if item.id in naming else item for item in found
    ]
    after = assessment(widened(world(known, COUNCIL, REVENUES, HELD, use(), *named), HELD, COUNCIL), at="council")
    gaps = {control.id for _, control in after.gaps()}
    for one in said.controls:
        if one.change is VerdictChange.EXTEND:
            assert one.there.id not in gaps
        if one.change is VerdictChange.SAME:
            assert one.here.is_gap
            assert one.there.is_gap


def test_what_the_standard_itself_asks_for_is_counted_and_named_among_the_gaps():
    wanted = (expects(need=Need.REQUIRED), expects(id="more", kinds="scan"))
    rules = catalogue(control("1", wanted[0]), control("2", wanted[0]), control("3", wanted[1]))
    comparison = supposed(rules, own(controls="std:1"))
    answer = report.view(comparison)
    assert [(counts.gap_count, counts.required) for counts in (answer.here, answer.there)] == [(2, 1), (3, 2)]
    assert [(row.id, row.there.gap, row.there.required) for row in answer.controls] == [
        ("1", True, True),
        ("2", True, True),
        ("3", True, False),
    ]
    text = report.as_text(comparison, 80)
    assert "Gaps  Req" in text
    rows = [line.split() for line in text.splitlines()]
    same = next(place for place, row in enumerate(rows) if row[:1] == ["2"])
    assert rows[same][1:3] == ["missing", "missing"]
    assert rows[same + 1][:2] == ["required", "required"]
    assert "required" not in rows[same + 2]
