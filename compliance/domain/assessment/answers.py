"""How the answer to a question stands: missing, failed where it does not comply, and otherwise evidenced."""

from __future__ import annotations

from compliance.domain.assessment.assessment import ExpectationAssessment
from compliance.domain.standards.catalogue import AnswerForm, Question
from compliance.domain.standards.questions import ANSWER, complies, quoted, unfit, wanted_answer
from compliance.domain.terms.verdicts import Judgement, Verdict
from compliance.domain.terms.vocabulary import Basis, Need


def judge_answer(question: Question, answer: str) -> Judgement:
    """How an answer stands: missing until there is one, failed where it does not comply.

    An answer that is none (the inspection of statements reports it) counts as not given.
    """
    text = answer.strip()
    if not text:
        return Judgement(verdict=Verdict.MISSING, reason="not answered yet")
    wrong = unfit(question, text)
    if wrong:
        return Judgement(verdict=Verdict.MISSING, reason=f"not answered yet: {quoted(wrong)} is no answer to it")
    if not complies(question, text):
        reason = f"answered “{text}”; only “{question.wanted}” complies"
        consequence = ", and any other answer fails the whole assessment" if question.decisive else ""
        return Judgement(verdict=Verdict.FAILED, reason=reason + consequence)
    in_words = question.form is AnswerForm.TEXT
    return Judgement(verdict=Verdict.EVIDENCED, reason="answered" if in_words else f"answered “{text}”")


def fails_whole(question: Question, answer: str) -> bool:
    """Whether an answer fails the assessment as a whole, whatever the others are."""
    return question.decisive and judge_answer(question, answer).verdict is Verdict.FAILED


def answered(question: Question, judgement: Judgement) -> ExpectationAssessment:
    """The answer as one of the control's expectations: the scheme itself asks for it, so it binds."""
    return ExpectationAssessment(
        id=ANSWER,
        what=wanted_answer(question),
        rule="in the statement of applicability",
        basis=Basis.MANDATED,
        need=Need.REQUIRED,
        binding=True,
        judgement=judgement,
    )
