"""One control laid open: its rule, its candidates, and why each did or did not serve."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import msgspec

from compliance.domain.assessment.assessment import ControlAssessment, ExpectationAssessment
from compliance.domain.assessment.consideration import Consideration
from compliance.domain.assessment.inheritance import is_inherited
from compliance.domain.assessment.rules.candidates import Candidate, Dismissed
from compliance.domain.ledger.records import Evidence
from compliance.domain.standards.catalogue import Catalogue, Control
from compliance.domain.standards.expectations import AnyOf
from compliance.domain.standards.questions import ANSWER
from compliance.domain.terms.periods import Period
from compliance.domain.terms.verdicts import Judgement, Verdict
from compliance.domain.terms.vocabulary import Basis, Need
from compliance.problems import printable
from compliance.reports.parts.answers import Answer
from compliance.reports.parts.terminal import wrapped

_FEW = 2
"""So many pieces of which the same is told have a line each."""


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
    return wrapped(f"→ {_told(judgement)}", width, first="  ", below="    ")


def _told(judgement: Judgement) -> str:
    """The verdict, the last day that it is met where there is one, and the reason."""
    until = f" through {judgement.until}" if judgement.until and judgement.verdict.is_met else ""
    reason = f": {judgement.reason}" if judgement.reason else ""
    return f"{judgement.verdict.value}{until}{reason}"


def _expectation(consideration: Consideration, width: int) -> list[str]:
    expectation, judgement = consideration.expectation, consideration.judgement
    kinds = " or ".join(kind.value for kind in expectation.kinds) or "evidence of any kind"
    how = f"{expectation.basis.value}, {expectation.need.value}{'' if expectation.binding else ', never a gap'}"
    group = f", an alternative of #{consideration.group}" if consideration.group else ""
    lines = wrapped(f"#{expectation.id}: {kinds}, {expectation.rule} ({how}){group}", width, below="  ")
    for text in (expectation.what, consideration.looked_at):
        lines += wrapped(text, width, first="  ", below="  ") if text else []
    lines += _verdict(judgement, width)
    for part in consideration.parts:
        lines += wrapped(f"{part.part}: {_told(part.judgement)}", width, first="    ", below="      ")
    for candidate in consideration.candidates:
        first = "    - " if candidate.rejected else "    + "
        lines += wrapped(_candidate(candidate, consideration), width, first=first, below="      ")
    for text in _dismissed(consideration):
        lines += wrapped(text, width, first="    - ", below="      ")
    if not (consideration.candidates or consideration.dismissed or isinstance(expectation.rule, AnyOf)):
        lines.append("    nothing is mapped to it")
    return lines


def _candidate(candidate: Candidate, consideration: Consideration) -> str:
    """A piece in words: its day, what it is filed for, what it does and until when, whether it decides, its review."""
    item = candidate.evidence
    dated = f"dated {item.date}" if item.date else f"undated: {item.undated}"
    via = consideration.across.get(item.id, "")
    filed_for = f", filed for {via}" if via else ""
    decides = "decides; " if item.id == consideration.judgement.evidence else ""
    review = ""
    if candidate.review.verdict is not Verdict.EVIDENCED and not candidate.rejected:
        review = f"; {candidate.review.verdict.value}: {candidate.review.reason}"
    return f"{item.id} {item.title}, {dated}{filed_for}: {decides}{_does(item.id, consideration)}{review}"


def _dismissed(consideration: Consideration) -> Iterator[str]:
    """A line for each piece that is not looked at; one for all of which the same is told, where these are many."""
    alike: dict[str, list[Evidence]] = {}
    for dismissed in consideration.dismissed:
        ways = "; ".join(filter(None, (dismissed.why, _did(dismissed, consideration))))
        alike.setdefault(ways, []).append(dismissed.evidence)
    for ways, pieces in alike.items():
        if len(pieces) > _FEW:
            yield f"{', '.join(piece.id for piece in pieces)}: each {ways}"
        else:
            yield from (f"{piece.id} {piece.title}: {ways}" for piece in pieces)


def _did(dismissed: Dismissed, consideration: Consideration) -> str:
    """What a dismissed piece did before, or does although it is filed for something else; empty where nothing."""
    service = consideration.services.get(dismissed.evidence.id)
    return service.words if service else ""


def _does(identifier: str, consideration: Consideration) -> str:
    """What a piece does for the expectation, in words."""
    return consideration.services[identifier].words


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


class DaysRow(msgspec.Struct, frozen=True, kw_only=True):
    """Days without a break, both included; none where nothing begins or ends them."""

    first: date | None
    last: date | None


class PartRow(msgspec.Struct, frozen=True, kw_only=True):
    """One alternative, listed item or accreditation alone."""

    part: str
    verdict: Verdict
    until: date | None
    reason: str


class CandidateRow(msgspec.Struct, frozen=True, kw_only=True):
    """A piece that could serve, what it does and the days on which it serves, where the rule goes by days.

    `via` is the related control that it is filed for, if it is for another one.
    """

    id: str
    title: str
    review: Verdict
    via: str | None
    decides: bool
    does: str
    serves: tuple[DaysRow, ...]


class DismissedRow(msgspec.Struct, frozen=True, kw_only=True):
    """A piece that does not serve, and why; and what it did before, or does although it is filed for something else."""

    id: str
    title: str
    why: str
    does: str


class ExplainedRow(msgspec.Struct, frozen=True, kw_only=True):
    """An expectation with all that was looked at for it."""

    id: str
    group: str
    rule: str
    looked_at: str
    basis: Basis
    need: Need
    binding: bool
    verdict: Verdict
    until: date | None
    reason: str
    evidence: str
    parts: tuple[PartRow, ...]
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
        group=consideration.group,
        rule=str(expectation.rule),
        looked_at=consideration.looked_at,
        basis=expectation.basis,
        need=expectation.need,
        binding=expectation.binding,
        verdict=judgement.verdict,
        until=judgement.until,
        reason=judgement.reason,
        evidence=judgement.evidence,
        parts=tuple(
            PartRow(
                part=part.part,
                verdict=part.judgement.verdict,
                until=part.judgement.until,
                reason=part.judgement.reason,
            )
            for part in consideration.parts
        ),
        candidates=tuple(
            CandidateRow(
                id=candidate.evidence.id,
                title=candidate.evidence.title,
                review=candidate.review.verdict,
                via=consideration.across.get(candidate.evidence.id),
                decides=candidate.evidence.id == judgement.evidence,
                does=_does(candidate.evidence.id, consideration),
                serves=tuple(map(_days, consideration.services[candidate.evidence.id].days)),
            )
            for candidate in consideration.candidates
        ),
        dismissed=tuple(
            DismissedRow(
                id=dismissed.evidence.id,
                title=dismissed.evidence.title,
                why=dismissed.why,
                does=_did(dismissed, consideration),
            )
            for dismissed in consideration.dismissed
        ),
    )


def _days(days: Period) -> DaysRow:
    return DaysRow(
        first=None if days.start == date.min else days.start,
        last=None if days.end == date.max else days.end,
    )
