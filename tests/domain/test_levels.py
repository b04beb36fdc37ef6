"""Levels from indicators, overridden with a justification; statuses, methods, and what an approval is bound to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.domain.assessment.judgements import contradicts
from compliance.domain.registers.statements.levels import beyond_count, level_by, level_of
from compliance.domain.registers.statements.statement import (
    IndicatorAnswers,
    StatementApproval,
    changed_since_approval,
    digest,
    unexplained,
)
from compliance.domain.standards.catalogue import IndicatorCounts, Profile
from compliance.domain.standards.methods import expected, nameable, those_meant
from compliance.domain.standards.schemes import Claim, Method, Status
from compliance.domain.terms.vocabulary import Level

from ..builders.ledgers import altered, catalogue, control, day, expects, judged, piece, scheme, soa, statement, world

COUNTS = IndicatorCounts(not_achieved=2, partially_achieved=2, achieved=3)
NO_PARTIAL = IndicatorCounts(not_achieved=4, achieved=3)
NOT, PARTLY, ACHIEVED = Level.NOT_ACHIEVED, Level.PARTIALLY_ACHIEVED, Level.ACHIEVED


def true(not_achieved=(), partially=(), achieved=()) -> IndicatorAnswers:
    return IndicatorAnswers(
        not_achieved=tuple(not_achieved), partially_achieved=tuple(partially), achieved=tuple(achieved)
    )


@pytest.mark.parametrize(
    ("answers", "counts", "level"),
    [
        (true(), COUNTS, NOT),
        (true(achieved=(1, 2, 3)), COUNTS, ACHIEVED),
        (true(achieved=(3, 2, 1), partially=(1,)), COUNTS, ACHIEVED),
        (true(achieved=(1, 2)), COUNTS, NOT),
        (true(achieved=(1, 2), partially=(1, 2)), COUNTS, PARTLY),
        (true(partially=(1,)), COUNTS, NOT),
        (true(not_achieved=(1,), achieved=(1, 2, 3)), COUNTS, NOT),
        (true(not_achieved=(2,), partially=(1, 2)), COUNTS, NOT),
        (true(achieved=(1, 2)), NO_PARTIAL, NOT),
        (true(achieved=(1, 2, 3)), NO_PARTIAL, ACHIEVED),
        (true(), IndicatorCounts(not_achieved=1), NOT),
    ],
)
def test_a_level_follows_from_the_indicators_that_are_true(answers, counts, level):
    assert level_by(answers, counts) is level


numbers = st.frozensets(st.integers(1, 4))


@given(numbers, numbers, numbers, st.integers(1, 4))
def test_one_more_sign_of_failure_never_betters_a_level_and_one_more_of_success_never_worsens_it(no, part, yes, more):
    counts = IndicatorCounts(not_achieved=4, partially_achieved=4, achieved=4)
    level = level_by(true(no, part, yes), counts).rank
    assert level_by(true(no | {more}, part, yes), counts).rank <= level
    assert level_by(true(no, part | {more}, yes), counts).rank >= level
    assert level_by(true(no, part, yes | {more}), counts).rank >= level


@pytest.mark.parametrize(
    ("said", "level", "words"),
    [
        (statement(), None, "not assessed yet"),
        (statement(level=PARTLY), PARTLY, "partially-achieved"),
        (statement(level=PARTLY, justification="seen on site"), PARTLY, "partially-achieved: seen on site"),
        (statement(indicators=true(achieved=(1, 2, 3))), ACHIEVED, "achieved by its indicators"),
        (statement(indicators=true(not_achieved=(1,)), level=PARTLY, justification="closed in May"), PARTLY,
         "partially-achieved (by its indicators not-achieved): closed in May"),
        (statement(indicators=true(not_achieved=(1,)), level=PARTLY), NOT,
         "not-achieved by its indicators (partially-achieved is set without a justification)"),
        (statement(indicators=true(achieved=(1, 2, 3)), level=ACHIEVED), ACHIEVED, "achieved by its indicators"),
    ],
)  # fmt: skip
def test_an_override_counts_with_its_justification_only(said, level, words):
    found = level_of(said, control(indicators=COUNTS))
    assert (found.level, found.said) == (level, words)


def test_indicators_of_an_outcome_that_lists_none_give_nothing():
    assert level_of(statement(indicators=true(achieved=(1,))), control()).level is None


def test_numbers_beyond_the_count_are_found_with_their_place():
    answers = true(not_achieved=(0, 1), partially=(3,), achieved=(1, 4))
    assert list(beyond_count(answers, COUNTS)) == [(NOT, 0, 2), (PARTLY, 0, 2), (ACHIEVED, 1, 3)]


OUTCOMES = catalogue(
    control("1", indicators=COUNTS), profiles=(Profile(id="base", title="Base", targets={"1": PARTLY}),),
    default_profile="base",
)  # fmt: skip


@pytest.mark.parametrize(
    ("said", "gap"),
    [
        (statement(indicators=true(partially=(1, 2))), False),
        (statement(indicators=true(achieved=(1, 2, 3))), False),
        (statement(indicators=true(partially=(1,))), True),
        (statement(indicators=true(partially=(1,)), level=PARTLY, justification="bought since"), False),
        (statement(indicators=true(partially=(1,)), level=PARTLY), True),
    ],
)
def test_the_target_is_compared_with_the_level_that_counts(said, gap):
    assert judged(world(OUTCOMES, piece(), soa(said))).is_gap is gap


def test_the_reason_below_target_says_where_the_level_comes_from():
    said = statement(indicators=true(achieved=(1, 2, 3)), level=NOT, justification="not at the second site")
    (reason,) = judged(world(OUTCOMES, piece(), soa(said))).reasons
    assert reason.sentence == (
        "not-achieved (by its indicators achieved): not at the second site; the profile's target is partially-achieved"
    )


WORKSHEET = expects("max-age 12 months", id="worksheet", kinds="record")
CARDS = catalogue(
    control("1"),
    control("2"),
    scheme=scheme(methods=(Method(id="defined"), Method(id="compensating", expects=(WORKSHEET,)))),
)


def test_a_method_adds_to_what_its_control_expects_in_that_scope_alone():
    compensated = soa(statement("1", method="compensating"))
    found = judged(world(CARDS, compensated, piece()), id="1")
    assert [(one.id, one.judgement.verdict.value) for one in found.expectations] == [
        ("proof", "evidenced"),
        ("worksheet", "missing"),
    ]
    assert found.verdict.value == "missing"
    both = world(CARDS, compensated, piece(), piece("E-2", kind="record", controls="std:1#worksheet"))
    assert judged(both, id="1").verdict.value == "evidenced"
    late = judged(both, on="2027-10-15", id="1").expectations[1].judgement.verdict.value
    assert late == "stale"
    assert len(judged(world(CARDS, compensated), id="2").expectations) == 1
    assert len(judged(world(CARDS, soa(statement("1", method="defined"))), id="1").expectations) == 1


def test_evidence_may_name_what_a_method_adds_but_is_not_for_it_unless_it_does():
    one = CARDS.controls[0]
    assert nameable(CARDS, one) == ("proof", "worksheet")
    assert [wanted.id for wanted in those_meant(CARDS, one, "")] == ["proof"]
    assert [wanted.id for wanted in those_meant(CARDS, one, "worksheet")] == ["worksheet"]
    assert [wanted.id for wanted in expected(CARDS, one, "unheard-of")] == ["proof"]


STATUSES = (Status(id="done", means=Claim.IN_PLACE), Status(id="begun"), Status(id="left-out", means=Claim.NOT_TESTED))


@pytest.mark.parametrize("status", ["", "done", "begun", "left-out"])
def test_a_status_changes_no_verdict(status):
    here = catalogue(control(), scheme=scheme(statuses=STATUSES))
    for evidence in ((), (piece(),)):
        with_status = judged(world(here, soa(statement(status=status)), *evidence))
        assert with_status == judged(world(here, *evidence))


def test_a_status_that_says_more_than_is_filed_is_found():
    rules = scheme(statuses=STATUSES)
    gap, none = judged(world()), judged(world(piece()))
    assert [contradicts(rules, status, gap) for status in ("done", "begun", "")] == [True, False, False]
    assert not contradicts(rules, "done", none)


def test_inclusions_need_a_reason_only_where_the_scheme_says_so():
    annex = (control("4"), control("A", assessable=False, excludable=True, controls=(control("A.1"), control("A.2"))))
    stated = soa(statement("A.1", because=("R-AAAAAAAA",)))
    assert unexplained(stated, catalogue(*annex), ()) == ()
    strict = catalogue(*annex, scheme=scheme(inclusions_reasoned=True))
    assert unexplained(stated, strict, ()) == ("A.2",)
    assert unexplained(soa(statement("A.1", applies=False), statement("A.2", reason="law")), strict, ()) == ()


def approved(text):
    return altered(text, approved=StatementApproval(by="Chief", on=day("2026-02-01"), stamp=digest(text)))


def test_an_approval_is_bound_to_what_is_stated():
    text = approved(soa(statement("1", reason="law"), statement("2", applies=False, reason="none"), version="1"))
    assert not changed_since_approval(text)
    turned = altered(text, controls=(*reversed(text.controls), statement("3")))
    assert not changed_since_approval(turned), "neither the order nor a line that says nothing is a change"
    for field, value in (("version", "2"), ("scope", "else"), ("controls", text.controls[:1])):
        assert changed_since_approval(altered(text, **{field: value}))
    for field, value in (("owner", "Ada"), ("status", "done"), ("review", day("2027-01-01")), ("applies", False)):
        first = altered(text.controls[0], **{field: value})
        assert changed_since_approval(altered(text, controls=(first, text.controls[1])))


def test_an_approval_written_by_hand_without_a_stamp_binds_nothing():
    text = altered(soa(statement("1")), approved=StatementApproval(by="Chief", on=day("2026-02-01")))
    assert not changed_since_approval(text)
