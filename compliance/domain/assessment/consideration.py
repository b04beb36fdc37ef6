"""One control laid open: each expectation with its rule, verdict and candidates, and why the rest did not serve."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from compliance.domain.assessment.across import considered_across, judge_across
from compliance.domain.assessment.applied import AppliedStandard
from compliance.domain.assessment.assess import Assessor
from compliance.domain.assessment.rules.candidates import Candidate, Dismissed
from compliance.domain.assessment.rules.judging import considered
from compliance.domain.standards.catalogue import Control, RelationType
from compliance.domain.standards.expectations import Expectation, leaves
from compliance.domain.terms.verdicts import Judgement


class Consideration(msgspec.Struct, frozen=True):
    """One expectation laid open: its rule, its verdict, its candidates and what was dismissed."""

    expectation: Expectation
    judgement: Judgement
    candidates: tuple[Candidate, ...]
    dismissed: tuple[Dismissed, ...]
    across: Mapping[str, str] = {}
    """For candidates that are filed for a related control of another standard, by id: which one, and how related."""


def explain(assessor: Assessor, applied: AppliedStandard, control: Control) -> tuple[Consideration, ...]:
    """Each expectation of a control with its candidates, and why each did or did not serve.

    Of a control that is inherited only what the scope retains is judged here; alternatives are laid open one by one.
    """
    mapped, context = assessor.case(applied, control)
    accepted = applied.use.across
    carried = assessor.across(applied, control, tuple(RelationType))
    considerations = []
    for expectation in assessor.wanted(applied, control):
        for leaf in leaves(expectation):
            judgement = judge_across(leaf, mapped, lambda: carried, accepted, context)
            own, dismissed = considered(leaf, mapped, context)
            related, kept_out, filed_for = considered_across(leaf, carried, accepted, context)
            considerations.append(
                Consideration(leaf, judgement, (*own, *related), (*dismissed, *kept_out), across=filed_for)
            )
    return tuple(considerations)
