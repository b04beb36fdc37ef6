"""One control laid open: its rule, its candidates, and why each did or did not serve."""

from __future__ import annotations

import msgspec

from compliance.domain.assessment.assessment import ControlAssessment, ExpectationAssessment
from compliance.domain.assessment.consideration import Consideration
from compliance.domain.assessment.inheritance import is_inherited
from compliance.domain.standards.catalogue import Catalogue, Control
from compliance.domain.standards.questions import ANSWER
from compliance.domain.terms.verdicts import Judgement, Verdict
from compliance.domain.terms.vocabulary import Basis
from compliance.problems import printable
from compliance.reports.parts.answers import Answer
from compliance.reports.parts.terminal import wrapped


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
        lines += wrapped(control.summary, width)
    for note in control.changed_by_overlay:
        lines += wrapped(f"changed by an overlay: {note}", width, below="  ")
    if assessed:
        lines += [f"{reason.kind.value}: {printable(reason.sentence)}" for reason in assessed.reasons]
        if assessed.note:
            lines.append(f"{assessed.flag.value if assessed.flag else 'note'}: {printable(assessed.note)}")
    answer = _answer(assessed)
    if answer:
        lines += ["", *wrapped(f"#{answer.id}: {answer.what}", width, below="  ")]
        lines += _verdict(answer.judgement, width)
    for carried in _inherited(assessed):
        lines += ["", *wrapped(f"#{carried.id}: {carried.what}", width, below="  ")]
        lines += _verdict(carried.judgement, width)
    for consideration in laid_open:
        lines += ["", *_expectation(consideration, width)]
    return "\n".join(lines)


def _answer(assessed: ControlAssessment | None) -> ExpectationAssessment | None:
    """How the answer to a question stands; None for what is not answered."""
    judged = assessed.expectations if assessed else ()
    return next((expectation for expectation in judged if expectation.id == ANSWER), None)


def _inherited(assessed: ControlAssessment | None) -> tuple[ExpectationAssessment, ...]:
    """What another scope or a provider carries."""
    return tuple(
        expectation for expectation in (assessed.expectations if assessed else ()) if is_inherited(expectation)
    )


def _verdict(judgement: Judgement, width: int) -> list[str]:
    reason = f": {judgement.reason}" if judgement.reason else ""
    return wrapped(f"→ {judgement.verdict.value}{reason}", width, first="  ", below="    ")


def _expectation(consideration: Consideration, width: int) -> list[str]:
    expectation, judgement = consideration.expectation, consideration.judgement
    kinds = " or ".join(kind.value for kind in expectation.kinds) or "evidence of any kind"
    binding = expectation.basis.value + ("" if expectation.binding else ", never a gap")
    lines = wrapped(f"#{expectation.id}: {kinds}, {expectation.rule} ({binding})", width, below="  ")
    if expectation.what:
        lines += wrapped(expectation.what, width, first="  ", below="  ")
    lines += _verdict(judgement, width)
    for candidate in consideration.candidates:
        serves = "decided it" if candidate.evidence.id == judgement.evidence else "is a candidate"
        dated = (
            f"dated {candidate.evidence.date}" if candidate.evidence.date else f"undated: {candidate.evidence.undated}"
        )
        review = (
            ""
            if candidate.review.verdict is Verdict.EVIDENCED
            else f"; {candidate.review.verdict.value}: {candidate.review.reason}"
        )
        via = consideration.across.get(candidate.evidence.id, "")
        filed_for = f", filed for {via}" if via else ""
        text = f"{candidate.evidence.id} {candidate.evidence.title}, {dated}{filed_for}: {serves}{review}"
        lines += wrapped(text, width, first="    + ", below="      ")
    for dismissed in consideration.dismissed:
        text = f"{dismissed.evidence.id} {dismissed.evidence.title}: {dismissed.why}"
        lines += wrapped(text, width, first="    - ", below="      ")
    if not consideration.candidates and not consideration.dismissed:
        lines.append("    nothing is mapped to it")
    return lines


class AnswerRow(msgspec.Struct, frozen=True, kw_only=True):
    """How the answer to a question stands."""

    wanted: str
    verdict: Verdict
    reason: str


class InheritedRow(msgspec.Struct, frozen=True, kw_only=True):
    """What another scope or a provider carries, and how it stands there."""

    id: str
    wanted: str
    verdict: Verdict
    reason: str
    evidence: str


class CandidateRow(msgspec.Struct, frozen=True, kw_only=True):
    """A piece that could serve; `via` is the related control that it is filed for, if it is for another one."""

    id: str
    title: str
    review: Verdict
    via: str | None


class DismissedRow(msgspec.Struct, frozen=True, kw_only=True):
    """A piece that does not serve, and why."""

    id: str
    title: str
    why: str


class ExplainedRow(msgspec.Struct, frozen=True, kw_only=True):
    """An expectation with all that was looked at for it."""

    id: str
    rule: str
    basis: Basis
    binding: bool
    verdict: Verdict
    reason: str
    evidence: str
    candidates: tuple[CandidateRow, ...]
    dismissed: tuple[DismissedRow, ...]


class Explanation(msgspec.Struct, frozen=True, kw_only=True):
    """One control laid open in one scope; `standing` is None where it is not in the profile."""

    scope: str
    standard: str
    control: str
    title: str
    standing: str | None
    answer: AnswerRow | None
    inherited: tuple[InheritedRow, ...]
    expectations: tuple[ExplainedRow, ...]


class Explanations(Answer, frozen=True, kw_only=True):
    """One control laid open, in each scope that is under its standard."""

    explanations: tuple[Explanation, ...]


def explanation(
    catalogue: Catalogue,
    control: Control,
    assessed: ControlAssessment | None,
    laid_open: tuple[Consideration, ...],
    scope: str,
) -> Explanation:
    """The explanation as values, for JSON."""
    answer = _answer(assessed)
    return Explanation(
        scope=scope,
        standard=str(catalogue.name),
        control=control.id,
        title=control.title,
        standing=assessed.standing if assessed else None,
        answer=AnswerRow(wanted=answer.what, verdict=answer.judgement.verdict, reason=answer.judgement.reason)
        if answer
        else None,
        inherited=tuple(
            InheritedRow(
                id=carried.id,
                wanted=carried.what,
                verdict=carried.judgement.verdict,
                reason=carried.judgement.reason,
                evidence=carried.judgement.evidence,
            )
            for carried in _inherited(assessed)
        ),
        expectations=tuple(_explained(consideration) for consideration in laid_open),
    )


def _explained(consideration: Consideration) -> ExplainedRow:
    expectation, judgement = consideration.expectation, consideration.judgement
    return ExplainedRow(
        id=expectation.id,
        rule=str(expectation.rule),
        basis=expectation.basis,
        binding=expectation.binding,
        verdict=judgement.verdict,
        reason=judgement.reason,
        evidence=judgement.evidence,
        candidates=tuple(
            CandidateRow(
                id=candidate.evidence.id,
                title=candidate.evidence.title,
                review=candidate.review.verdict,
                via=consideration.across.get(candidate.evidence.id),
            )
            for candidate in consideration.candidates
        ),
        dismissed=tuple(
            DismissedRow(id=dismissed.evidence.id, title=dismissed.evidence.title, why=dismissed.why)
            for dismissed in consideration.dismissed
        ),
    )
