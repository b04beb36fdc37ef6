"""The verdicts for one scope on one day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import msgspec

from compliance.domain.terms.references import StandardName
from compliance.domain.terms.verdicts import Flag, Judgement, Reason, Verdict
from compliance.domain.terms.vocabulary import Basis, Need


class ExpectationAssessment(msgspec.Struct, frozen=True, kw_only=True):
    """How one expectation stands."""

    id: str
    what: str
    rule: str
    basis: Basis
    need: Need
    binding: bool
    judgement: Judgement

    @property
    def is_gap(self) -> bool:
        """Whether it makes its control a gap."""
        return self.binding and self.judgement.verdict.is_gap


class ControlAssessment(msgspec.Struct, frozen=True, kw_only=True):
    """How one control stands: its verdict, the expectations it comes from, and what was added by judgement."""

    id: str
    title: str
    verdict: Verdict
    flag: Flag | None = None
    note: str = ""
    reasons: tuple[Reason, ...] = ()
    remarks: tuple[str, ...] = ()
    """What is shown beside it while it is a gap, and changes no verdict."""
    expectations: tuple[ExpectationAssessment, ...] = ()
    decisive: bool = False
    """Its answer fails the assessment of the standard as a whole."""

    @property
    def counts(self) -> bool:
        """Whether it is part of the sum: excluded and unasked controls are not."""
        return self.flag not in {Flag.EXCLUDED, Flag.NOT_ASKED}

    @property
    def is_gap(self) -> bool:
        return bool(self.reasons) or (self.counts and self.verdict.is_gap)

    @property
    def is_required_gap(self) -> bool:
        """Whether it is a gap in what the standard itself asks for.

        Something that it names is lacking, or a register gives a reason: no standard lets a major nonconformity, a
        level under its target or a lapsed exclusion stand.
        """
        required = any(expectation.is_gap and expectation.need is Need.REQUIRED for expectation in self.expectations)
        return self.is_gap and (required or bool(self.reasons))

    @property
    def standing(self) -> str:
        """The one word to show: the flag where it is out, its worst verdict, or the reason added to it."""
        if not self.is_gap and not self.counts and self.flag:
            return self.flag.value
        if self.counts and self.verdict.is_gap:
            return self.verdict.value
        return self.reasons[0].kind.value if self.reasons else self.verdict.value

    @property
    def standings(self) -> frozenset[str]:
        """Every word that it stands under: its own, its flag, each reason added, and each gap of its expectations."""
        added = {reason.kind.value for reason in self.reasons} | ({self.flag.value} if self.flag else set())
        gaps = {expectation.judgement.verdict for expectation in self.expectations if expectation.is_gap}
        return frozenset({self.standing, *added, *(verdict.value for verdict in gaps if self.counts)})

    def deciding_expectation(self) -> ExpectationAssessment | None:
        """The binding expectation that decided the verdict."""
        return next(
            (
                expectation
                for expectation in self.expectations
                if expectation.binding and expectation.judgement.verdict is self.verdict
            ),
            None,
        )


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """The count for one standard, or for several."""

    controls: int = 0
    excluded: int = 0
    not_asked: int = 0
    evidenced: int = 0
    lapsing: int = 0
    due: int = 0
    gaps: dict[str, int] = {}
    required: int = 0
    """The gaps in what a standard itself asks for, and not only assessors usually do."""
    advice: int = 0
    """Gaps in expectations that are advice or optional: counted apart, never in the rest."""
    failing: tuple[str, ...] = ()
    """The questions whose answers fail the assessment as a whole: they stand in place of the percentage."""
    standards: int = 1
    """How many standards are counted together; percentages of several are never pooled."""

    @property
    def gap_count(self) -> int:
        return sum(self.gaps.values())

    @property
    def judged(self) -> int:
        return self.controls - self.excluded - self.not_asked

    @property
    def withheld(self) -> str:
        """Why there is no percentage; empty where there is one."""
        if self.standards > 1:
            return "percentages of different standards are not pooled"
        if self.failing:
            return f"fails the whole assessment: {', '.join(self.failing)}"
        return "" if self.judged else "nothing is judged"

    @property
    def percent(self) -> int | None:
        """Rounded down, so that a gap is never rounded away; None where there is none: `withheld` says why."""
        if self.withheld:
            return None
        return 100 * (self.evidenced + self.lapsing + self.due) // self.judged


class StandardAssessment(msgspec.Struct, frozen=True, kw_only=True):
    """How one standard stands in the scope."""

    standard: StandardName
    title: str
    short: str
    notice: str
    profiles: tuple[str, ...]
    controls: tuple[ControlAssessment, ...]
    summary: Summary

    @property
    def decisive(self) -> tuple[ControlAssessment, ...]:
        """The questions whose answers fail the standard as a whole: they head a report."""
        return tuple(control for control in self.controls if control.decisive)


class Assessment(msgspec.Struct, frozen=True, kw_only=True):
    """Everything judged for one scope: the day judged, and the day the ledger speaks from.

    Of a scope that has `ended` it is how that stood on its last day.
    """

    scope: str
    ended: date | None = None
    on: date
    known: date
    horizon: timedelta
    standards: tuple[StandardAssessment, ...]

    def gaps(self) -> Iterator[tuple[StandardAssessment, ControlAssessment]]:
        return ((standard, control) for standard in self.standards for control in standard.controls if control.is_gap)


def summarise(controls: tuple[ControlAssessment, ...]) -> Summary:
    """Counts controls; each counts once."""
    gaps: dict[str, int] = {}
    counts = {Verdict.EVIDENCED: 0, Verdict.LAPSING: 0, Verdict.DUE: 0}
    excluded = not_asked = advice = required = 0
    for control in controls:
        advice += any(
            not expectation.binding and expectation.judgement.verdict.is_gap for expectation in control.expectations
        )
        if control.is_gap:
            gaps[control.standing] = gaps.get(control.standing, 0) + 1
            required += control.is_required_gap
        elif control.flag is Flag.EXCLUDED:
            excluded += 1
        elif control.flag is Flag.NOT_ASKED:
            not_asked += 1
        else:
            counts[control.verdict] += 1
    return Summary(
        controls=len(controls),
        excluded=excluded,
        not_asked=not_asked,
        evidenced=counts[Verdict.EVIDENCED],
        lapsing=counts[Verdict.LAPSING],
        due=counts[Verdict.DUE],
        gaps=dict(sorted(gaps.items())),
        required=required,
        advice=advice,
        failing=tuple(control.id for control in controls if control.decisive),
    )


def total(summaries: list[Summary]) -> Summary:
    """The sum over several standards."""
    gaps: dict[str, int] = {}
    for summary in summaries:
        for word, count in summary.gaps.items():
            gaps[word] = gaps.get(word, 0) + count
    failing = (control for summary in summaries for control in summary.failing)
    fields = ("controls", "excluded", "not_asked", "evidenced", "lapsing", "due", "required", "advice")
    return Summary(
        **{field: sum(getattr(summary, field) for summary in summaries) for field in fields},
        failing=tuple(dict.fromkeys(failing)),
        standards=max(len(summaries), 1),
        gaps=dict(sorted(gaps.items())),
    )
