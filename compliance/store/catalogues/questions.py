"""What is wrong among the questions of a catalogue: answers that nobody can give, questions that are never asked."""

from __future__ import annotations

from collections.abc import Mapping as Lookup

from compliance.domain.standards.catalogue import AnswerForm, Catalogue, Control, Question, walk
from compliance.domain.standards.questions import options
from compliance.problems import choice_hint
from compliance.store.text.located import Mapping, Place, Text


def check_questions(catalogue: Catalogue, node: Mapping, places: Lookup[str, Mapping], source: Text) -> None:
    """Reports what is wrong in the questions, in what they wait for, and in the version that the catalogue follows.

    `places` has the mapping of each control by its id.
    """
    _follows(catalogue, node, source)
    controls = {entry.control.id: entry.control for entry in walk(catalogue)}
    for control in controls.values():
        place = places[control.id]
        if control.answer and not control.assessable:
            hint = "add “assessable: true”, or move the question to a control below"
            source.report(_place(place, "answer", key=True), f"{control.id} is a question, but a heading as well", hint)
        elif control.answer:
            _question(control, control.answer, place, source)
        _condition(control, controls, place, source)
    _circles(controls, places, source)


def _follows(catalogue: Catalogue, node: Mapping, source: Text) -> None:
    before = catalogue.follows
    if before is None:
        return
    hint = f"name the version before like {catalogue.id}@VERSION"
    if before.id != catalogue.id:
        source.report(_place(node, "follows"), f"follows {before}, which is another standard", hint)
    elif not before.version:
        source.report(_place(node, "follows"), "does not say which version it follows", hint)
    elif before.version == catalogue.version:
        source.report(_place(node, "follows"), "follows itself", hint)


def _question(control: Control, question: Question, place: Mapping, source: Text) -> None:
    entry = place.entries.get("answer")
    asked = entry.value if entry and isinstance(entry.value, Mapping) else place
    form = question.form.value
    choices = options(question)
    if question.form is not AnswerForm.CHOICE:
        for field, value in (("options", question.options), ("several", question.several)):
            if value:
                sentence = f"“{field}” does not go with the form “{form}”"
                source.report(_place(asked, field, key=True), sentence, "remove it, or make the form “choice”")
    elif len({option.casefold() for option in choices}) < max(2, len(choices)):
        sentence = f"the options of {control.id} leave no choice" if len(choices) < 2 else "an option is listed twice"
        source.report(_place(asked, "options"), sentence, "list two or more, each of them once")
    elif question.several and any("," in option for option in choices):
        hint = "take the comma out: it stands between the options of an answer"
        source.report(_place(asked, "options"), "an option has a comma in it", hint)
    if question.wanted and question.form in {AnswerForm.TEXT, AnswerForm.NUMBER}:
        hint = "remove “wanted”: people judge such an answer"
        source.report(_place(asked, "wanted", key=True), f"no answer of the form “{form}” is right by itself", hint)
    elif question.wanted and question.wanted.casefold() not in [option.casefold() for option in choices]:
        sentence = f"“{question.wanted}” is no answer to {control.id}"
        source.report(_place(asked, "wanted"), sentence, choice_hint(question.wanted, choices))
    if question.decisive and not question.wanted:
        hint = "say which answer complies with “wanted: …”, or remove “decisive”"
        source.report(_place(asked, "decisive", key=True), f"{control.id} is decisive, and any answer complies", hint)


def _condition(control: Control, controls: Lookup[str, Control], place: Mapping, source: Text) -> None:
    condition = control.asked_if
    above = controls.get(condition.question) if condition else None
    entry = place.entries.get("asked-if")
    if condition is None or above is None or entry is None or not isinstance(entry.value, Mapping):
        return
    if above.answer is None:
        hint = f"give {above.id} an answer, like “answer: {{form: yes-no}}”, or name a question that has one"
        source.report(_place(entry.value, "question"), f"{above.id} is no question: it has no answer", hint)
        return
    choices = options(above.answer)
    if choices and condition.answer.casefold() not in [option.casefold() for option in choices]:
        sentence = f"“{condition.answer}” is no answer to {above.id}, so {control.id} would never be asked"
        source.report(_place(entry.value, "answer"), sentence, choice_hint(condition.answer, choices))


def _circles(controls: Lookup[str, Control], places: Lookup[str, Mapping], source: Text) -> None:
    """Questions that wait for each other: none of them would ever be asked."""
    reported: set[str] = set()
    for start in controls:
        passed: list[str] = []
        at = start
        while at in controls and at not in passed:
            passed.append(at)
            condition = controls[at].asked_if
            at = condition.question if condition else ""
        if at == start and start not in reported:
            reported.update(passed)
            others = ", ".join(passed[1:])
            sentence = f"{start} waits for its own answer" + (f", by way of {others}" if others else "")
            hint = "take “asked-if” from one of them" if others else "name another question, or remove “asked-if”"
            source.report(_place(places[start], "asked-if"), sentence, hint)


def _place(node: Mapping, field: str, *, key: bool = False) -> Place:
    """Where a field's value (or its key) is written; without it, the mapping."""
    entry = node.entries.get(field)
    if entry is None:
        return node.place
    return entry.key if key else entry.value.place
