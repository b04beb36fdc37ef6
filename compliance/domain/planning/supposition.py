"""What a piece of evidence would change, if it were filed: judged, and not written anywhere."""

from __future__ import annotations

from datetime import date

import msgspec

from compliance.domain.assessment.applied import AppliedStandard
from compliance.domain.assessment.assess import Assessor
from compliance.domain.assessment.rules.judging import MappedEvidence, judge, narrowed
from compliance.domain.ledger.ledger import Ledger
from compliance.domain.ledger.records import Evidence
from compliance.domain.ledger.settings import ReviewPolicy
from compliance.domain.standards.catalogue import Control
from compliance.domain.standards.expectations import Expectation, leaves
from compliance.domain.terms.verdicts import Judgement
from compliance.domain.terms.vocabulary import Kind, Result

SUPPOSED = "E-00000000"
"""The id of a piece that is only supposed."""


def without_review(ledger: Ledger) -> Ledger:
    """The ledger under a policy that asks for no approval, so that a supposed piece counts as it is."""
    return msgspec.structs.replace(ledger, settings=msgspec.structs.replace(ledger.settings, review=ReviewPolicy()))


def supposed_piece(expectation: Expectation, applied: AppliedStandard, day: date, link: str) -> Evidence:
    """A piece of that day that passes, of a kind that the expectation takes, for one link of its chain if named."""
    kind = next((kind for leaf in leaves(expectation) for kind in leaf.kinds), Kind.RECORD)
    per = {expectation.per.value: link} if link and expectation.per else {}
    scope = (applied.scope.id,)
    return Evidence(id=SUPPOSED, path="", title="", kind=kind, result=Result.PASS, date=day, scope=scope, per=per)


def judge_with(
    assessor: Assessor, applied: AppliedStandard, control: Control, expectation: Expectation, piece: Evidence
) -> Judgement:
    """How an expectation would stand with a piece more, filed for that expectation alone.

    Of an expectation with chains only those that the piece names are looked at.
    """
    mapped, context = assessor.case(applied, control)
    named = {**mapped.named, piece.id: frozenset(leaf.id for leaf in leaves(expectation))}
    return judge(expectation, MappedEvidence((*mapped.evidence, piece), named), narrowed(context, piece.per))


def links_lacking(
    assessor: Assessor, applied: AppliedStandard, control: Control, expectation: Expectation
) -> tuple[str, ...]:
    """The suppliers, sites or the like whose chain of evidence is a gap; none where it is not kept for each."""
    if expectation.per is None:
        return ()
    chain = expectation.per.value
    mapped, context = assessor.case(applied, control)
    return tuple(
        link
        for link in applied.scope.listed(expectation.per)
        if judge(expectation, mapped, narrowed(context, {chain: link})).verdict.is_gap
    )
