"""One control laid open: its rule, its candidates, and why each did or did not serve."""

from __future__ import annotations

import textwrap
from typing import Any

from compliance.domain.assessment.assessment import ControlAssessment, ExpectationAssessment
from compliance.domain.assessment.consideration import Consideration
from compliance.domain.assessment.inheritance import is_inherited
from compliance.domain.standards.catalogue import Catalogue, Control
from compliance.domain.standards.questions import ANSWER
from compliance.domain.terms.verdicts import Judgement, Verdict
from compliance.problems import printable


def as_text(
    catalogue: Catalogue,
    control: Control,
    assessed: ControlAssessment | None,
    laid_open: tuple[Consideration, ...],
    scope: str,
    width: int,
) -> str:
    """The explanation for a terminal."""
    standing = assessed.standing if assessed else "not in the profile"
    lines = [f"{catalogue.id}:{control.id}  {printable(control.title)}", f"{standing}, in {scope}"]
    if control.summary:
        lines += textwrap.wrap(printable(control.summary), width)
    for note in control.changed_by_overlay:
        lines += textwrap.wrap(printable(f"changed by an overlay: {note}"), width, subsequent_indent="  ")
    if assessed:
        lines += [f"{reason.kind.value}: {printable(reason.sentence)}" for reason in assessed.reasons]
        if assessed.note:
            lines.append(f"{assessed.flag.value if assessed.flag else 'note'}: {printable(assessed.note)}")
    answer = _answer(assessed)
    if answer:
        lines += ["", *textwrap.wrap(f"#{answer.id}: {printable(answer.what)}", width, subsequent_indent="  ")]
        lines += _verdict(answer.judgement, width)
    for carried in _inherited(assessed):
        lines += ["", *textwrap.wrap(printable(f"#{carried.id}: {carried.what}"), width, subsequent_indent="  ")]
        lines += _verdict(carried.judgement, width)
    for one in laid_open:
        lines += ["", *_expectation(one, width)]
    return "\n".join(lines)


def _answer(assessed: ControlAssessment | None) -> ExpectationAssessment | None:
    """How the answer to a question stands; None for what is not answered."""
    judged = assessed.expectations if assessed else ()
    return next((one for one in judged if one.id == ANSWER), None)


def _inherited(assessed: ControlAssessment | None) -> tuple[ExpectationAssessment, ...]:
    """What another scope or a provider carries."""
    return tuple(one for one in (assessed.expectations if assessed else ()) if is_inherited(one))


def _verdict(judgement: Judgement, width: int) -> list[str]:
    reason = f": {judgement.reason}" if judgement.reason else ""
    return textwrap.wrap(
        f"→ {judgement.verdict.value}{printable(reason)}", width, initial_indent="  ", subsequent_indent="    "
    )


def _expectation(one: Consideration, width: int) -> list[str]:
    expectation, judgement = one.expectation, one.judgement
    kinds = " or ".join(kind.value for kind in expectation.kinds) or "evidence of any kind"
    binding = expectation.basis.value + ("" if expectation.binding else ", never a gap")
    lines = textwrap.wrap(f"#{expectation.id}: {kinds}, {expectation.rule} ({binding})", width, subsequent_indent="  ")
    if expectation.what:
        lines += textwrap.wrap(printable(expectation.what), width, initial_indent="  ", subsequent_indent="  ")
    lines += _verdict(judgement, width)
    for candidate in one.candidates:
        serves = "decided it" if candidate.evidence.id == judgement.evidence else "is a candidate"
        dated = (
            f"dated {candidate.evidence.date}" if candidate.evidence.date else f"undated: {candidate.evidence.undated}"
        )
        review = (
            ""
            if candidate.review.verdict is Verdict.EVIDENCED
            else f"; {candidate.review.verdict.value}: {candidate.review.reason}"
        )
        via = one.across.get(candidate.evidence.id, "")
        filed_for = f", filed for {via}" if via else ""
        text = f"{candidate.evidence.id} {candidate.evidence.title}, {dated}{filed_for}: {serves}{review}"
        text = printable(text)
        lines += textwrap.wrap(text, width, initial_indent="    + ", subsequent_indent="      ")
    for dismissed in one.dismissed:
        text = f"{dismissed.evidence.id} {printable(dismissed.evidence.title)}: {printable(dismissed.why)}"
        lines += textwrap.wrap(text, width, initial_indent="    - ", subsequent_indent="      ")
    if not one.candidates and not one.dismissed:
        lines.append("    nothing is mapped to it")
    return lines


def as_plain(
    catalogue: Catalogue,
    control: Control,
    assessed: ControlAssessment | None,
    laid_open: tuple[Consideration, ...],
    scope: str,
) -> dict[str, Any]:
    """The explanation as plain values, for JSON."""
    answer = _answer(assessed)
    return {
        "format_version": 1,
        "scope": scope,
        "standard": str(catalogue.name),
        "control": control.id,
        "title": control.title,
        "standing": assessed.standing if assessed else None,
        "answer": answer
        and {"wanted": answer.what, "verdict": answer.judgement.verdict.value, "reason": answer.judgement.reason},
        "inherited": [
            {
                "id": one.id,
                "wanted": one.what,
                "verdict": one.judgement.verdict.value,
                "reason": one.judgement.reason,
                "evidence": one.judgement.evidence,
            }
            for one in _inherited(assessed)
        ],
        "expectations": [
            {
                "id": one.expectation.id,
                "rule": str(one.expectation.rule),
                "basis": one.expectation.basis.value,
                "binding": one.expectation.binding,
                "verdict": one.judgement.verdict.value,
                "reason": one.judgement.reason,
                "evidence": one.judgement.evidence,
                "candidates": [
                    {
                        "id": candidate.evidence.id,
                        "title": candidate.evidence.title,
                        "review": candidate.review.verdict.value,
                        "via": one.across.get(candidate.evidence.id),
                    }
                    for candidate in one.candidates
                ],
                "dismissed": [
                    {"id": gone.evidence.id, "title": gone.evidence.title, "why": gone.why} for gone in one.dismissed
                ],
            }
            for one in laid_open
        ],
    }
