"""What people judge of a control: excluded, not asked, how far achieved; findings; whose evidence counts."""

from __future__ import annotations

import pytest

from compliance.domain.assessment.assessment import summarise
from compliance.domain.due.registers import EXCLUSION
from compliance.domain.due.renewals import renewals
from compliance.domain.registers.applicability import EXCLUSION_LAPSED
from compliance.domain.registers.parts.remedies import Closure
from compliance.domain.standards.catalogue import Condition, Control, Profile
from compliance.domain.terms.durations import Duration
from compliance.domain.terms.verdicts import Flag
from compliance.domain.terms.vocabulary import Level

from ..builders.ledgers import (
    TODAY,
    assessment,
    catalogue,
    control,
    day,
    expects,
    finding,
    judged,
    judgement,
    piece,
    scope,
    soa,
    statement,
    use,
    verdict,
    world,
)

ANNEX = catalogue(
    control("A", assessable=False, excludable=True, controls=(control("A.1"), control("A.2"))), control("4")
)


def excluded(id="A.1", review=None, **more):  # noqa: A002
    return soa(statement(id, applies=False, reason="we write no software", review=review, **more))


def test_an_excluded_control_is_set_apart_with_its_reason_and_review_date():
    found = judged(world(ANNEX, excluded(review="2027-01-31")), id="A.1")
    assert (found.flag, found.note) == (Flag.EXCLUDED, "we write no software (review by 2027-01-31)")
    assert (found.is_gap, found.counts, found.standing, found.expectations) == (False, False, "excluded", ())
    assert judged(world(ANNEX, excluded()), id="A.1").note == "we write no software"


@pytest.mark.parametrize(("on", "flag"), [("2026-11-30", Flag.EXCLUDED), ("2026-12-01", None)])
def test_an_exclusion_lapses_the_day_after_its_review_was_due(on, flag):
    assert judged(world(ANNEX, excluded(review="2026-11-30")), on=on, id="A.1").flag is flag


def test_a_lapsed_exclusion_is_a_gap_whatever_the_evidence_says():
    found = judged(world(ANNEX, excluded(review="2026-11-20"), piece(controls="std:A.1")), id="A.1")
    assert (found.verdict.value, found.is_gap, found.standing) == ("evidenced", True, "exclusion-lapsed")
    assert [(one.kind, one.sentence) for one in found.reasons] == [
        (EXCLUSION_LAPSED, "excluded until 2026-11-20: we write no software")
    ]
    assert judged(world(ANNEX, excluded(review="2026-11-20")), id="A.1").standing == "missing"


def test_only_what_the_standard_lets_be_excluded_can_be():
    assert judged(world(ANNEX, excluded("4")), id="4").standing == "missing"
    assert judged(world(ANNEX, excluded("4", review="2020-01-01")), id="4").reasons == ()


def test_a_control_may_be_excludable_or_not_against_what_holds_above_it():
    strict = catalogue(
        control("A", assessable=False, excludable=True, controls=(control("A.1", excludable=False), control("A.2")))
    )
    assert judged(world(strict, excluded("A.1")), id="A.1").flag is None
    assert judged(world(strict, excluded("A.2")), id="A.2").flag is Flag.EXCLUDED


def test_an_excluded_control_with_an_open_major_finding_is_a_gap():
    found = judged(world(ANNEX, excluded(), finding("std:A.1")), id="A.1")
    assert (found.flag, found.is_gap, found.standing) == (Flag.EXCLUDED, True, "open-major")
    assert summarise((found,)).gaps == {"open-major": 1}


def test_an_exclusion_counts_in_its_own_scope_and_standard_and_version():
    two = (scope(), scope("cardholder"))
    here = world(ANNEX, excluded(), *two)
    assert judged(here, id="A.1", at="cardholder").flag is None
    for standard, flag in (("std@1", Flag.EXCLUDED), ("std@2", None), ("other", None)):
        statements = soa(statement("A.1", applies=False, reason="no"), standard=standard)
        assert judged(world(ANNEX, statements), id="A.1").flag is flag


QUESTIONS = catalogue(
    control("Q1"),
    control("Q2", asked_if=Condition(question="Q1", answer="Yes")),
    control("Q3", asked_if=Condition(question="Q2", answer="Yes")),
)


def test_a_conditional_question_is_asked_only_after_the_answer_it_waits_for():
    found = judged(world(QUESTIONS), id="Q2")
    assert (found.flag, found.standing, found.note) == (Flag.NOT_ASKED, "not-asked", "asked only if Q1 is “Yes”")
    assert judged(world(QUESTIONS, soa(statement("Q1", answer="No"))), id="Q2").flag is Flag.NOT_ASKED
    assert judged(world(QUESTIONS, soa(statement("Q1", answer="yes"))), id="Q2").standing == "missing"


def test_a_question_that_is_not_asked_has_no_answer_for_another_to_wait_for():
    stale = world(QUESTIONS, soa(statement("Q1", answer="No"), statement("Q2", answer="Yes")))
    assert judged(stale, id="Q3").note == "asked only if Q1 is “Yes”"
    both = world(QUESTIONS, soa(statement("Q1", answer="Yes"), statement("Q2", answer="Yes")))
    assert judged(both, id="Q3").flag is None


def test_questions_that_wait_for_each_other_or_for_none_that_exists_are_asked_by_their_answers_alone():
    circular = catalogue(
        control("Q1", asked_if=Condition(question="Q2", answer="Yes")),
        control("Q2", asked_if=Condition(question="Q1", answer="Yes")),
        control("Q3", asked_if=Condition(question="Q9", answer="Yes")),
    )
    answers = soa(*(statement(one, answer="Yes") for one in ("Q1", "Q2", "Q9")))
    assert [judged(world(circular, answers), id=one).flag for one in ("Q1", "Q2", "Q3")] == [None] * 3


def test_a_question_that_is_not_asked_vanishes_with_its_findings():
    assert not judged(world(QUESTIONS, finding("std:Q2")), id="Q2").is_gap


def test_an_open_major_finding_makes_a_control_a_gap_whatever_its_evidence_says():
    found = judged(world(piece(), finding()))
    assert (found.verdict.value, found.is_gap, found.standing) == ("evidenced", True, "open-major")
    assert found.reasons[0].sentence == "F-1, open since 2026-06-01: Logs are not read"
    assert judged(world(finding())).standing == "missing"


@pytest.mark.parametrize("kind", ["minor", "observation", "opportunity"])
def test_lesser_findings_do_not(kind):
    assert not judged(world(piece(), finding(type=kind))).is_gap


@pytest.mark.parametrize(
    ("on", "gap"), [("2026-09-30", False), ("2026-10-01", True), ("2026-10-19", True), ("2026-10-20", False)]
)
def test_a_finding_is_open_from_the_day_it_was_raised_until_the_day_it_was_closed(on, gap):
    open_for_a_while = finding(raised="2026-10-01", closed=Closure(on=day("2026-10-20")))
    assert judged(world(piece(), open_for_a_while), on=on).is_gap is gap


def test_a_finding_concerns_its_own_scopes_and_controls_or_every_scope_if_it_names_none():
    assert not judged(world(piece(), finding(scope=("cardholder",)))).is_gap
    assert judged(world(piece(), finding(scope=("cardholder", "corporate")))).is_gap
    assert not judged(world(piece(), finding("std:2 other:1 std@2:1"))).is_gap
    assert judged(world(piece(), finding("std:2 std@1:1"))).is_gap


TARGETS = catalogue(
    default_profile="baseline",
    profiles=(
        Profile(id="baseline", title="Baseline", targets={"1": Level.PARTIALLY_ACHIEVED}),
        Profile(id="enhanced", title="Enhanced", targets={"1": Level.ACHIEVED}),
    ),
)


@pytest.mark.parametrize(
    ("level", "gap"),
    [(None, True), (Level.NOT_ACHIEVED, True), (Level.PARTIALLY_ACHIEVED, False), (Level.ACHIEVED, False)],
)
def test_a_level_under_the_profiles_target_is_a_gap(level, gap):
    found = judged(world(TARGETS, piece(), soa(statement(level=level))))
    assert (found.verdict.value, found.is_gap) == ("evidenced", gap)
    if gap:
        now = level.value if level else "not assessed yet"
        assert found.reasons[0].sentence == f"{now}; the profile's target is partially-achieved"
        assert found.standing == "below-target"


def test_the_chosen_profile_sets_the_target_and_without_one_the_default():
    partly = soa(statement(level=Level.PARTIALLY_ACHIEVED))
    assert judged(world(TARGETS, piece(), partly, use(profiles=("enhanced",)))).is_gap
    assert assessment(world(TARGETS, use(profiles=("enhanced",)))).standards[0].profiles == ("enhanced",)
    assert assessment(world(TARGETS)).standards[0].profiles == ("baseline",)
    assert assessment(world()).standards[0].profiles == ()


def test_an_excluded_control_has_no_target_to_reach():
    open_to_exclusion = catalogue(control("1", excludable=True), profiles=TARGETS.profiles, default_profile="baseline")
    assert not judged(world(open_to_exclusion, excluded("1"))).is_gap


def test_a_standard_may_be_in_use_twice_with_other_profiles():
    partly = soa(statement(level=Level.PARTIALLY_ACHIEVED))
    both = world(TARGETS, piece(), partly, use(profiles=("baseline",)), use(profiles=("enhanced",)))
    assert [one.controls[0].is_gap for one in assessment(both).standards] == [False, True]


def test_evidence_counts_in_the_scopes_it_names_and_without_any_in_the_first_listed():
    scopes = (scope("corporate"), scope("cardholder"))
    assert [verdict(world(piece(), *scopes), at=at) for at in ("corporate", "cardholder")] == ["evidenced", "missing"]
    named = piece(scope=("cardholder",))
    assert [verdict(world(named, *scopes), at=at) for at in ("corporate", "cardholder")] == ["missing", "evidenced"]
    both = piece(scope=("cardholder", "corporate"))
    assert [verdict(world(both, *scopes), at=at) for at in ("corporate", "cardholder")] == ["evidenced", "evidenced"]


def test_parent_evidence_serves_a_child_scope_only_where_the_applicability_says_so():
    scopes = (scope("group"), scope("corporate", parent="group"), scope("payments", parent="corporate"))
    item = piece(scope=("group",))
    assert verdict(world(item, *scopes), at="payments") == "missing"
    serves = soa(statement(parent_evidence=True), scope="payments")
    assert verdict(world(item, *scopes, serves), at="payments") == "evidenced"
    assert verdict(world(piece(scope=("payments",)), *scopes, serves), at="group") == "missing"
    assert verdict(world(piece(scope=("payments",)), *scopes, serves), at="payments") == "evidenced"


def test_scopes_that_are_each_others_parents_or_have_none_that_exists_do_no_harm():
    circular = (scope("a", parent="b"), scope("b", parent="a"), scope("c", parent="nowhere"))
    statements = [soa(statement(parent_evidence=True), scope=one) for one in "abc"]
    ledger = world(piece(scope=("b",)), *circular, *statements)
    assert [verdict(ledger, at=at) for at in "abc"] == ["evidenced", "evidenced", "missing"]


def test_a_requirement_that_applies_only_later_is_due_until_its_first_day():
    later = catalogue(control("1", first_due="2027-03-31"))
    found = judgement(world(later))
    assert (found.verdict.value, found.until, found.reason) == (
        "due",
        day("2027-03-31"),
        "applies only from 2027-03-31",
    )
    assert verdict(world(later), on="2027-03-31") == "missing"
    assert judgement(world(later, piece())).verdict.value == "evidenced"


def test_a_scope_is_judged_by_the_standards_that_cover_it():
    scopes = (scope("corporate"), scope("cardholder"))
    ledger = world(*scopes, catalogue(), catalogue(id="pay"), use("std@1"), use("pay@1", scopes=("cardholder",)))
    assert [one.title for one in assessment(ledger).standards] == ["Standard std"]
    assert [one.short for one in assessment(ledger, at="cardholder").standards] == ["STD", "PAY"]


def test_a_standard_in_use_without_a_catalogue_is_left_out():
    assert assessment(world(catalogue(), use("std@2"), use("other@1"))).standards == ()


def test_what_is_mapped_to_no_control_serves_nothing():
    found = assessment(world(piece(controls="std:9 other:1"), piece("E-2", controls="")), on=TODAY)
    assert [one.verdict.value for one in found.standards[0].controls] == ["missing"]


def test_children_never_change_their_parents_verdict():
    tree = catalogue(control("1", controls=(control("1.1"),)))
    found = assessment(world(tree, piece())).standards[0].controls
    assert [(one.id, one.verdict.value) for one in found] == [("1", "evidenced"), ("1.1", "missing")]


def test_a_control_without_its_own_expectations_has_the_catalogues_default():
    bare = catalogue(
        Control(id="1", title="One", assessable=True), default_expects=(expects("max-age 1 month", "usual"),)
    )
    assert [one.id for one in judged(world(bare, piece())).expectations] == ["usual"]


def test_a_reason_for_which_a_control_applies_sets_nothing_apart():
    found = judged(world(ANNEX, soa(statement("A.1", applies=True, reason="the law asks for it"))), id="A.1")
    assert (found.flag, found.is_gap) == (None, True)


def test_an_exclusion_that_lapsed_is_to_be_reviewed_whatever_else_is_wrong_and_what_applies_is_not():
    lapsed = excluded(review="2026-09-30")
    rows = renewals_of(world(ANNEX, lapsed, finding("std:A.1")))
    assert [str(row.due) for row in rows if row.kind is EXCLUSION] == ["2026-09-30"]
    applies = soa(statement("A.1", applies=True, reason="the law asks for it", review="2026-09-30"))
    assert not [row for row in renewals_of(world(ANNEX, applies, finding("std:A.1"))) if row.kind is EXCLUSION]


def renewals_of(ledger):
    return renewals(ledger, [assessment(ledger)], day(TODAY), Duration(12))
