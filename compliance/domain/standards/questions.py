"""Questions and their answers: which answers there are, which comply, and what is asked after which."""

from __future__ import annotations

from collections.abc import Callable

from compliance.domain.standards.catalogue import AnswerForm, Control, Question

ANSWER = "answer"
"""What the expectation of an answer is called; no other expectation of a question may be called so."""
_YES_NO = ("yes", "no")
_SHORT = 40
"""Letters of an answer that a reason repeats at most."""


def options(question: Question) -> tuple[str, ...]:
    """The answers that there are; none where words or a number are asked for."""
    return _YES_NO if question.form is AnswerForm.YES_NO else question.options


def chosen(question: Question, answer: str) -> tuple[str, ...]:
    """What an answer names: one thing, or, where the question takes several, each between its commas."""
    words = answer.split(",") if question.several else [answer]
    return tuple(word.strip() for word in words if word.strip())


def unfit(question: Question, answer: str) -> str:
    """The part of an answer that is none: no option, or no whole number; empty if all of it fits."""
    known = [option.casefold() for option in options(question)]
    for word in chosen(question, answer):
        if known and word.casefold() not in known:
            return word
        if question.form is AnswerForm.NUMBER and not (word.isascii() and word.isdigit()):
            return word
    return ""


def quoted(word: str) -> str:
    """An answer in quotation marks, cut short where somebody wrote a story."""
    return f"“{word}”" if len(word) <= _SHORT else f"“{word[:_SHORT].rstrip()}…”"


def complies(question: Question, answer: str) -> bool:
    """Whether an answer is the one that the scheme wants; any is where it names none."""
    return not question.wanted or names(question, answer, question.wanted)


def names(question: Question | None, answer: str, word: str) -> bool:
    """Whether an answer is that word, or names it among others; capitals do not matter."""
    said = chosen(question, answer) if question else (answer,)
    return word.casefold() in [one.casefold() for one in said]


def unasked(control: Control, find: Callable[[str], Control | None], answer_to: Callable[[str], str]) -> str:
    """Why a conditional question is not asked; empty if it is. What was not asked itself has no answer."""
    seen: set[str] = set()
    asked: Control | None = control
    while asked and asked.asked_if and asked.id not in seen:
        seen.add(asked.id)
        condition = asked.asked_if
        above = find(condition.question)
        if not names(above.answer if above else None, answer_to(condition.question), condition.answer):
            return f"asked only if {condition.question} is “{condition.answer}”"
        asked = above
    return ""


def wanted_answer(question: Question) -> str:
    """What is to be answered, in a few words: `yes or no; yes complies`."""
    if question.form is AnswerForm.TEXT:
        return "in your own words"
    if question.form is AnswerForm.NUMBER:
        return "a whole number"
    *most, last = options(question)
    listed = f"one or several of {', '.join((*most, last))}" if question.several else f"{', '.join(most)} or {last}"
    return listed + (f"; {question.wanted} complies" if question.wanted else "")
