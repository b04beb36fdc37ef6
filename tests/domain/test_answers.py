"""Questions: what an answer may be, what complies, what is asked after which, and what an answer does to a verdict."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.domain.assessment.answers import fails_whole, judge_answer
from compliance.domain.standards.catalogue import AnswerForm, Condition, Control, Question
from compliance.domain.standards.questions import chosen, complies, options, unfit, wanted_answer
from compliance.domain.terms.verdicts import Flag, Verdict

from ..builders.ledgers import (
    assessment,
    catalogue,
    control,
    expects,
    inherits,
    judged,
    piece,
    scope,
    soa,
    statement,
    world,
)

YES_NO = Question(form=AnswerForm.YES_NO)
MUST = Question(form=AnswerForm.YES_NO, wanted="yes")
DECISIVE = Question(form=AnswerForm.YES_NO, wanted="yes", decisive=True)
ONE = Question(form=AnswerForm.CHOICE, options=("whole", "partial"))
SOME = Question(form=AnswerForm.CHOICE, options=("anti-malware", "allow-list", "none"), several=True)
WORDS, NUMBER = Question(form=AnswerForm.TEXT), Question(form=AnswerForm.NUMBER)


def question(id, asked=YES_NO, *wanted, after=None, **more):  # noqa: A002
    """A question; `after` is the id and the answer that it waits for."""
    condition = Condition(question=after[0], answer=after[1]) if after else None
    given = {"title": f"Question {id}", "assessable": True, "expects": wanted, **more}
    return Control(id=id, answer=asked, asked_if=condition, **given)


def answers(**given):
    return soa(*(statement(id_, answer=answer) for id_, answer in given.items()))


def alone(asked, answer="", *more):
    """A question by itself, as it is judged with an answer."""
    return judged(world(catalogue(question("Q1", asked)), answers(Q1=answer), *more), id="Q1")


@pytest.mark.parametrize(
    ("asked", "answer", "wrong"),
    [
        (YES_NO, "yes", ""),
        (YES_NO, "No", ""),
        (YES_NO, "y", "y"),
        (YES_NO, "yes, no", "yes, no"),
        (ONE, "PARTIAL", ""),
        (ONE, "half", "half"),
        (SOME, "anti-malware", ""),
        (SOME, " Allow-list , anti-malware", ""),
        (SOME, "anti-malware, prayers", "prayers"),
        (WORDS, "Whatever, we say", ""),
        (NUMBER, "250", ""),
        (NUMBER, "2.5", "2.5"),
        (NUMBER, "-1", "-1"),
        (NUMBER, "²", "²"),
        (NUMBER, "some", "some"),
    ],
)
def test_the_part_of_an_answer_that_is_none_is_told(asked, answer, wrong):
    assert unfit(asked, answer) == wrong


@given(st.sampled_from([YES_NO, ONE, SOME]), st.data())
def test_every_option_is_an_answer_however_it_is_written(asked, data):
    option = data.draw(st.sampled_from(options(asked)))
    written = data.draw(st.sampled_from([option, option.upper(), option.title(), f" {option} "]))
    assert unfit(asked, written) == ""
    assert judge_answer(asked, written).verdict is Verdict.EVIDENCED


@given(st.lists(st.sampled_from(SOME.options), min_size=1, unique=True))
def test_several_answers_are_told_apart_by_commas(some):
    assert chosen(SOME, ", ".join(some)) == tuple(some)
    assert chosen(WORDS, ", ".join(some)) == (", ".join(some),)


def test_an_answer_complies_if_it_is_or_names_the_wanted_one_or_if_none_is_wanted():
    assert [complies(MUST, one) for one in ("yes", "YES", "no")] == [True, True, False]
    assert complies(YES_NO, "no")
    must = Question(form=AnswerForm.CHOICE, options=("a", "b", "c"), several=True, wanted="b")
    assert [complies(must, one) for one in ("a, b", "B", "a, c")] == [True, True, False]


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (YES_NO, "yes or no"),
        (MUST, "yes or no; yes complies"),
        (ONE, "whole or partial"),
        (SOME, "one or several of anti-malware, allow-list, none"),
        (WORDS, "in your own words"),
        (NUMBER, "a whole number"),
    ],
)
def test_what_is_to_be_answered_is_said_in_a_few_words(asked, words):
    assert wanted_answer(asked) == words


@pytest.mark.parametrize(
    ("asked", "answer", "verdict", "reason"),
    [
        (YES_NO, "", "missing", "not answered yet"),
        (WORDS, "  ", "missing", "not answered yet"),
        (YES_NO, "perhaps", "missing", "not answered yet: “perhaps” is no answer to it"),
        (YES_NO, "no", "evidenced", "answered “no”"),
        (MUST, "Yes", "evidenced", "answered “Yes”"),
        (MUST, "no", "failed", "answered “no”; only “yes” complies"),
        (
            DECISIVE,
            "no",
            "failed",
            "answered “no”; only “yes” complies, and any other answer fails the whole assessment",
        ),
        (WORDS, "A long story", "evidenced", "answered"),
        (NUMBER, "12", "evidenced", "answered “12”"),
    ],
)
def test_a_question_stands_by_its_answer(asked, answer, verdict, reason):
    found = alone(asked, answer)
    (one,) = found.expectations
    assert (found.verdict.value, one.judgement.reason) == (verdict, reason)
    assert (found.is_gap, one.id, one.binding) == (verdict in {"missing", "failed"}, "answer", True)


@pytest.mark.parametrize(
    ("answer", "fails"), [("", False), ("yes", False), ("no", True), ("NO", True), ("maybe", False)]
)
def test_only_an_answer_that_was_given_fails_the_whole(answer, fails):
    assert fails_whole(DECISIVE, answer) is alone(DECISIVE, answer).decisive is fails
    assert not alone(MUST, answer).decisive


def test_the_decisive_failures_of_a_standard_are_told_in_its_order():
    asked = catalogue(
        question("Q1", DECISIVE), question("Q2", MUST), question("Q3", DECISIVE), question("Q4", DECISIVE)
    )
    (standard,) = assessment(world(asked, answers(Q1="no", Q2="no", Q3="yes", Q4="no"))).standards
    assert [one.id for one in standard.decisive] == ["Q1", "Q4"]


def test_a_question_that_expects_evidence_needs_both_and_says_which_it_lacks():
    asked = catalogue(question("Q1", MUST, expects()))
    both = judged(world(asked, answers(Q1="yes"), piece(controls="std:Q1")), id="Q1")
    assert (both.verdict, [one.id for one in both.expectations]) == (Verdict.EVIDENCED, ["answer", "proof"])
    assert judged(world(asked, answers(Q1="yes")), id="Q1").standings == {"missing"}
    assert judged(world(asked, answers(Q1="no"), piece(controls="std:Q1")), id="Q1").standing == "failed"
    assert judged(world(asked, answers(Q1="no")), id="Q1").standings == {"missing", "failed"}
    assert judged(world(asked, piece(controls="std:Q1")), id="Q1").deciding_expectation().id == "answer"


def test_evidence_does_not_answer_a_question_and_an_answer_is_no_evidence():
    asked = catalogue(question("Q1", MUST), control("2"))
    ledger = world(asked, piece(controls="std:Q1"), soa(statement("2", answer="yes")))
    assert [judged(ledger, id=one).verdict for one in ("Q1", "2")] == [Verdict.MISSING] * 2


def test_an_answer_counts_in_its_own_scope():
    asked, two = catalogue(question("Q1")), (scope(), scope("depot"))
    ledger = world(asked, answers(Q1="yes"), *two)
    assert [judged(ledger, id="Q1", at=at).verdict.value for at in ("corporate", "depot")] == ["evidenced", "missing"]


def test_a_scope_answers_for_itself_what_another_one_evidences_for_it():
    asked, two = catalogue(question("Q1", DECISIVE, expects())), (scope(), scope("depot"))
    shared = [piece(controls="std:Q1", scope=("corporate",)), answers(Q1="yes")]

    def depot(answer):
        return soa(statement("Q1", answer=answer, inherits=inherits(scope="corporate")), scope="depot")

    found = {
        answer: judged(world(asked, *two, *shared, depot(answer)), id="Q1", at="depot") for answer in ("", "yes", "no")
    }
    assert {answer: one.standing for answer, one in found.items()} == {
        "": "missing",
        "yes": "evidenced",
        "no": "failed",
    }
    assert [one.id for one in found["yes"].expectations] == ["inherited:answer", "inherited:proof", "answer"]
    assert (found["no"].flag, found["no"].decisive) == (Flag.INHERITED, True)


BRANCHES = catalogue(
    question("Q1", ONE),
    question("Q2", WORDS, after=("Q1", "partial")),
    question("Q3", SOME),
    question("Q4", MUST, after=("Q3", "allow-list")),
)


def asked(**given):
    (standard,) = assessment(world(BRANCHES, answers(**given))).standards
    return [one.id for one in standard.controls if one.flag is not Flag.NOT_ASKED]


def test_what_is_asked_changes_with_the_answer_that_it_waits_for():
    assert asked() == asked(Q1="whole") == ["Q1", "Q3"]
    assert asked(Q1="Partial") == ["Q1", "Q2", "Q3"]


def test_a_condition_is_met_by_one_of_several_answers():
    assert asked(Q3="anti-malware") == ["Q1", "Q3"]
    assert asked(Q3="anti-malware, allow-list") == asked(Q3="ALLOW-LIST") == ["Q1", "Q3", "Q4"]


def test_a_question_that_is_not_asked_vanishes_whatever_its_answer():
    tree = catalogue(question("Q1", ONE), question("Q2", DECISIVE, after=("Q1", "partial")))
    found = judged(world(tree, answers(Q1="whole", Q2="no")), id="Q2")
    assert (found.flag, found.is_gap, found.decisive) == (Flag.NOT_ASKED, False, False)
    (standard,) = assessment(world(tree, answers(Q1="whole"))).standards
    assert (standard.summary.judged, standard.summary.not_asked, standard.summary.gap_count) == (1, 1, 0)


def test_a_question_that_applies_only_later_is_due_until_its_first_day():
    later = catalogue(control("Q1", expects(basis="advice"), answer=MUST, first_due="2027-03-31"))
    found = judged(world(later), id="Q1").expectations[0].judgement
    assert (found.verdict.value, found.reason) == ("due", "applies only from 2027-03-31")
    assert judged(world(later), on="2027-03-31", id="Q1").verdict is Verdict.MISSING
