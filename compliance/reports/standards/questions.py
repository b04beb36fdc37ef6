"""A question put into words: what may be answered, what complies, when it is asked, and what it was before."""

from __future__ import annotations

from compliance.domain.standards.catalogue import Catalogue, Control
from compliance.domain.standards.questions import wanted_answer
from compliance.reports.parts.terminal import wrapped


def question_as_text(catalogue: Catalogue, control: Control, width: int) -> list[str]:
    """The lines on a control as a question, and on the version before; none where there is nothing to say."""
    sentences = []
    if control.answer:
        sentences.append(f"Answer: {wanted_answer(control.answer)}")
        if control.answer.decisive:
            sentences.append("Any other answer fails the whole assessment.")
    if control.asked_if:
        sentences.append(f"Asked only if {control.asked_if.question} is “{control.asked_if.answer}”.")
    if catalogue.follows and control.assessable:
        sentences.append(_before(catalogue, control))
    if control.revised:
        sentences.append(f"Changed since: {control.revised}")
    lines = [""] if sentences else []
    for sentence in sentences:
        lines += wrapped(sentence, width, below="  ", break_on_hyphens=False)
    return lines


def _before(catalogue: Catalogue, control: Control) -> str:
    """What the control was in the version that the catalogue follows."""
    was = (control.id,) if control.was is None else control.was
    return f"In {catalogue.follows}: {', '.join(was)}" if was else f"New: not in {catalogue.follows}"
