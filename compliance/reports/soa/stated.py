"""Statements of applicability as auditors read them: each control in scope, whether it applies and why, and by whom.

Beside the judgements stands what is filed, as a verdict: neither follows from the other, and none is worked out here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import msgspec

from compliance.domain.assessment.assessment import ControlAssessment, StandardAssessment
from compliance.domain.assessment.judgements import contradicts
from compliance.domain.due.standing import Standing
from compliance.domain.registers.applicability import APPLICABILITY
from compliance.domain.registers.risks import RISKS
from compliance.domain.registers.statements.levels import level_of
from compliance.domain.registers.statements.statement import (
    Applicability,
    Statement,
    changed_since_approval,
    unexplained,
)
from compliance.domain.standards.catalogue import Catalogue, Control, walk
from compliance.domain.standards.schemes import Claim
from compliance.domain.terms.verdicts import Flag
from compliance.domain.terms.vocabulary import Level
from compliance.problems import refuse
from compliance.reports.parts.heading import Headed, head

_NAMED = 6
"""How many controls a sentence names at most."""


class StatedControl(msgspec.Struct, frozen=True, kw_only=True):
    """One control of a statement; `evidence` is how it stands by what is filed, in one word."""

    control: str
    title: str
    applies: bool
    reason: str
    because: tuple[str, ...]
    answers_to: tuple[str, ...]
    """The same for people: a risk with what it is."""
    status: str
    status_title: str
    method: str
    inherits: str
    answer: str
    level: str
    level_said: str
    target: str
    owner: str
    review: date | None
    evidence: str
    is_gap: bool


class Stated(msgspec.Struct, frozen=True, kw_only=True):
    """A statement with a row for each control that is in scope, judged or not.

    `against_evidence` are the controls said to be in place that are gaps by what is filed, `untested` those left out of
    the assessment, `unexplained` those included with no reason given where the scheme asks for one.
    """

    id: str
    standard: str
    short: str
    title: str
    notice: str
    scope: str
    profiles: tuple[str, ...]
    accreditation: str
    version: str
    approved_by: str
    approved_on: date | None
    changed: bool
    rows: tuple[StatedControl, ...]
    against_evidence: tuple[str, ...]
    untested: tuple[str, ...]
    unexplained: tuple[str, ...]

    @property
    def excluded(self) -> int:
        return sum(not row.applies for row in self.rows)

    @property
    def approval(self) -> str:
        """Version, approver and day, as a certificate cites them; or that there is none."""
        version = f"version {self.version}" if self.version else "no version yet"
        if not self.approved_on:
            return f"{version}, not approved"
        changed = ", changed since" if self.changed else ""
        return f"{version}, approved by {self.approved_by} on {self.approved_on}{changed}"


class Statements(Headed, frozen=True, kw_only=True):
    """The statements of the scopes and standards that were asked for."""

    statements: tuple[Stated, ...]


def statements(standing: Standing) -> Statements:
    """The report. Raises Refused where no statement of applicability is there to be shown."""
    stated = statements_of(standing)
    if not stated:
        where = f"{', '.join(standing.provenance.catalogues)} in {', '.join(standing.provenance.scopes)}"
        hint = "begin one: compliance applicability start STANDARD"
        raise refuse(f"there is no statement of applicability for {where}", hint=hint)
    return Statements(**head(standing), statements=stated)


def statements_of(standing: Standing) -> tuple[Stated, ...]:
    """The statements for the scopes and standards of a standing, in its order."""
    ledger = standing.ledger
    risks = {risk.id: risk.title for risk in ledger.of(RISKS)}
    judged = ((scope.scope, standard) for scope in standing.assessments for standard in scope.standards)
    return tuple(
        _stated(soa, catalogue, standard, risks)
        for scope, standard in judged
        if (catalogue := ledger.catalogue(standard.standard))
        for soa in ledger.of(APPLICABILITY)
        if soa.scope == scope and ledger.catalogue(soa.standard) == catalogue
    )


def _stated(soa: Applicability, catalogue: Catalogue, standard: StandardAssessment, risks: Mapping[str, str]) -> Stated:
    nodes = {node.control.id: node for node in walk(catalogue)}
    targets = _targets(catalogue, standard.profiles)
    scheme = catalogue.scheme
    # Where inclusions are reasoned, the statement is of what could be excluded; the rest is no matter of choice.
    chosen = [
        (control, soa.of(control.id))
        for control in standard.controls
        if not scheme.inclusions_reasoned
        or nodes[control.id].excludable
        or soa.of(control.id) != Statement(control=control.id)
    ]
    rows = tuple(
        _row(statement, nodes[control.id].control, catalogue, control, targets.get(control.id), risks)
        for control, statement in chosen
    )
    against = (control.id for control in standard.controls if contradicts(scheme, soa.of(control.id).status, control))
    return Stated(
        id=soa.id,
        standard=str(catalogue.name),
        short=catalogue.short,
        title=catalogue.title,
        notice=catalogue.notice,
        scope=soa.scope,
        profiles=standard.profiles,
        accreditation=soa.accreditation,
        version=soa.version,
        approved_by=soa.approved.by if soa.approved else "",
        approved_on=soa.approved.on if soa.approved else None,
        changed=changed_since_approval(soa),
        rows=rows,
        against_evidence=tuple(against),
        untested=tuple(row.control for row in rows if scheme.claim(row.status) is Claim.NOT_TESTED),
        unexplained=unexplained(soa, catalogue, standard.profiles),
    )


def _targets(catalogue: Catalogue, profiles: Sequence[str]) -> dict[str, Level]:
    chosen = (profile for profile in catalogue.profiles if profile.id in profiles)
    return {control: level for profile in chosen for control, level in profile.targets.items()}


def _row(
    statement: Statement,
    control: Control,
    catalogue: Catalogue,
    assessed: ControlAssessment,
    target: Level | None,
    risks: Mapping[str, str],
) -> StatedControl:
    achieved = level_of(statement, control)
    judged = achieved.level is not None or target is not None
    titles = {status.id: status.title for status in catalogue.scheme.statuses}
    return StatedControl(
        control=control.id,
        title=control.title,
        applies=statement.applies,
        reason=statement.reason,
        because=statement.because,
        answers_to=tuple(f"{reason} {risks[reason]}" if reason in risks else reason for reason in statement.because),
        status=statement.status,
        status_title=titles.get(statement.status, ""),
        method=statement.method,
        inherits=assessed.note if assessed.flag is Flag.INHERITED else "",
        answer=statement.answer,
        level=achieved.level.value if achieved.level else "",
        level_said=achieved.said if judged else "",
        target=target.value if target else "",
        owner=statement.owner,
        review=statement.review,
        evidence=assessed.standing,
        is_gap=assessed.is_gap,
    )


def details(row: StatedControl) -> list[str]:
    """What was decided of a control beside whether it applies, a line each."""
    target = f"; the target is {row.target}" if row.target else ""
    lines = (
        ("", row.reason),
        ("because: ", "; ".join(row.answers_to)),
        ("review by ", str(row.review or "")),
        ("answer: ", row.answer),
        ("level: ", row.level_said and row.level_said + target),
        ("method: ", row.method),
        ("", row.inherits),
        ("owner: ", row.owner),
    )
    return [f"{words}{value}" for words, value in lines if value]


def remarks(stated: Stated) -> list[str]:
    """What a person should look at, a sentence each; none of it is a verdict."""
    sentences = []
    if stated.changed:
        sentences.append(f"Changed since version {stated.version} was approved on {stated.approved_on}.")
    if stated.untested:
        sentences.append(f"Not tested, so that the assessment is a partial one: {_names(stated.untested)}.")
    if stated.against_evidence:
        sentences.append(f"Said to be in place, and a gap by what is filed: {_names(stated.against_evidence)}.")
    if stated.unexplained:
        sentences.append(f"Included without a reason, a risk or an obligation: {_names(stated.unexplained)}.")
    return sentences


def _names(controls: Sequence[str]) -> str:
    more = f" and {len(controls) - _NAMED} more" if len(controls) > _NAMED else ""
    return ", ".join(controls[:_NAMED]) + more
