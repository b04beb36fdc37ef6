"""One control laid open: each expectation with its rule, verdict and candidates, and why the rest did not serve."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from compliance.domain.assessment.across import considered_across, judge_across
from compliance.domain.assessment.applied import AppliedStandard
from compliance.domain.assessment.assess import Assessor
from compliance.domain.assessment.rules.candidates import Candidate, Dismissed
from compliance.domain.assessment.rules.explaining import (
    PartialVerdict,
    Service,
    looked_at,
    partial_verdicts,
    services,
)
from compliance.domain.assessment.rules.judging import MappedEvidence, considered
from compliance.domain.standards.catalogue import Control, RelationType
from compliance.domain.standards.expectations import AnyOf, Expectation, leaves
from compliance.domain.terms.verdicts import Judgement


class Consideration(msgspec.Struct, frozen=True, kw_only=True):
    """One expectation laid open: its rule with what that looks at, its verdict, its candidates and what was dismissed.

    `parts` are the verdicts that it is made of, of alternatives, listed items or accreditations; an alternative names
    its `group`. `services` say of each piece, by its id, what it does for the expectation and how long.
    """

    expectation: Expectation
    judgement: Judgement
    group: str = ""
    looked_at: str = ""
    parts: tuple[PartialVerdict, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    dismissed: tuple[Dismissed, ...] = ()
    services: Mapping[str, Service] = {}
    across: Mapping[str, str] = {}
    """For candidates that are filed for a related control of another standard, by id: which one, and how related."""


def explain(assessor: Assessor, applied: AppliedStandard, control: Control) -> tuple[Consideration, ...]:
    """Each expectation of a control with its candidates, and why each did or did not serve.

    Of a control that is inherited only what the scope retains is judged here; alternatives are laid open one by one.
    """
    mapped, context = assessor.case(applied, control)
    accepted = applied.use.across
    carried = assessor.across(applied, control, tuple(RelationType))
    elsewhere = assessor.of_other_scopes(applied, control)
    default_scope = assessor.ledger.settings.default_scope
    considerations = []
    for expectation in assessor.wanted(applied, control):
        alternatives = []
        for leaf in leaves(expectation):
            judgement = judge_across(leaf, mapped, lambda: carried, accepted, context)
            own, dismissed = considered(leaf, mapped, context)
            related, kept_out, filed_for = considered_across(leaf, carried, accepted, context)
            of_other_scopes = (
                Dismissed(item, f"is of another scope: {', '.join(item.scope) or default_scope}")
                for item in elsewhere
                if leaf.takes(item.kind)
            )
            evidence = MappedEvidence((*mapped.evidence, *(piece.evidence for piece in related)), mapped.named)
            alternatives.append(
                Consideration(
                    expectation=leaf,
                    judgement=judgement,
                    group=expectation.id if isinstance(expectation.rule, AnyOf) else "",
                    looked_at=looked_at(leaf, evidence, context),
                    parts=partial_verdicts(leaf, evidence, context),
                    candidates=(*own, *related),
                    dismissed=(*dismissed, *kept_out, *of_other_scopes),
                    services=services(leaf, evidence, context),
                    across=filed_for,
                )
            )
        if isinstance(expectation.rule, AnyOf):
            considerations.append(
                Consideration(
                    expectation=expectation,
                    judgement=judge_across(expectation, mapped, lambda: carried, accepted, context),
                    parts=partial_verdicts(expectation, mapped, context),
                )
            )
        considerations += alternatives
    return tuple(considerations)
