"""What reports are made from, and nothing else: a ledger, its assessments, what falls due, where it all comes from."""

from __future__ import annotations

import datetime as dt
from functools import cached_property

import msgspec

from compliance.domain.assessment.assess import Assessor
from compliance.domain.assessment.assessment import Assessment, Summary, total
from compliance.domain.assessment.pieces import PieceStandings
from compliance.domain.due.counting import Tally, count
from compliance.domain.due.narrowing import Selection, narrow
from compliance.domain.ledger.ledger import Ledger
from compliance.domain.ledger.records import Evidence
from compliance.domain.ledger.settings import Scope, Settings
from compliance.domain.registers.parts.dues import Due
from compliance.domain.standards.catalogue import Catalogue
from compliance.domain.terms.durations import Duration, after
from compliance.domain.terms.references import StandardName
from compliance.problems import Problem


class JudgedFor(msgspec.Struct, frozen=True, kw_only=True):
    """The audit that a report is made for; `sampled` of its `controls` are shown, all where it has no sample."""

    id: str
    title: str
    type: str
    on: dt.date
    until: dt.date | None
    sampled: int | None
    controls: int


class Provenance(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What every report prints about itself."""

    commit: str
    commit_day: dt.date
    on: dt.date
    known: dt.date
    until: dt.date
    """How far ahead its renewals look."""
    scopes: tuple[str, ...]
    catalogues: tuple[str, ...]
    classification: str
    audit: JudgedFor | None = None


class Standing(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """How an organisation stands on a day: all that a report is given."""

    _ledger: Ledger
    selection: Selection
    assessments: tuple[Assessment, ...]
    renewals: tuple[Due, ...]
    provenance: Provenance

    def __repr__(self) -> str:
        """Without the ledger that is not narrowed: a template may put any value into text."""
        return f"Standing(selection={self.selection!r}, provenance={self.provenance!r})"

    @cached_property
    def ledger(self) -> Ledger:
        """The evidence and registers that the report may show, narrowed to what it was asked for."""
        return narrow(self._ledger, self.selection, self.decided)

    @property
    def decided(self) -> frozenset[str]:
        """The ids of the evidence that the verdicts rest on."""
        return frozenset(
            expectation.judgement.evidence
            for assessment in self.assessments
            for standard in assessment.standards
            for control in standard.controls
            for expectation in control.expectations
        )

    @cached_property
    def pieces(self) -> PieceStandings:
        """How each piece stands on a day, with successors of every scope."""
        return PieceStandings(self._ledger)

    def marked_by_all(self) -> Standing:
        """The standing, marked by all evidence that may be shown and not by what verdicts rest on alone."""
        marking = highest_marking([*self.ledger.evidence], self.settings.classifications)
        return msgspec.structs.replace(
            self, provenance=msgspec.structs.replace(self.provenance, classification=marking)
        )

    @property
    def settings(self) -> Settings:
        return self._ledger.settings

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What was met while reading, of every scope: what could not be read may belong to any."""
        return self._ledger.problems

    @property
    def unread(self) -> tuple[str, ...]:
        """The files that could not be read, of every scope."""
        return self._ledger.unread

    @property
    def errors(self) -> tuple[Problem, ...]:
        """What is wrong in the ledger: because of it the verdicts may be wrong, or lack something."""
        return tuple(problem for problem in self.problems if problem.is_error)

    @property
    def counted(self) -> tuple[Assessment, ...]:
        """The assessments that a total counts: those of scopes that have not ended."""
        return tuple(assessment for assessment in self.assessments if assessment.ended is None)

    @property
    def left_out(self) -> tuple[Assessment, ...]:
        """Of scopes that have ended: they are shown as they stood, and the total leaves them out."""
        return tuple(assessment for assessment in self.assessments if assessment.ended is not None)

    @property
    def total(self) -> Summary:
        return total([standard.summary for assessment in self.counted for standard in assessment.standards])

    @cached_property
    def figures(self) -> Tally:
        """How many gaps there are, and how much is overdue and falls due: what every view shows."""
        return count(self.total, self.renewals, self.provenance.on)

    def catalogue(self, name: StandardName) -> Catalogue | None:
        """The catalogue of that name, as `Ledger.catalogue` finds it."""
        return self._ledger.catalogue(name)


def stand(
    ledger: Ledger,
    scopes: tuple[Scope, ...],
    standards: frozenset[StandardName],
    on: dt.date,
    known: dt.date,
    within: Duration,
    looking_ahead: bool = True,
) -> Standing:
    """How the scopes stand on a day, by all standards in use or some of them.

    `known` is the day the ledger speaks from. What falls due is left out where nobody looks ahead: it takes time.
    """
    horizon = ledger.settings.horizon.roughly
    assessor = Assessor(ledger, on, known, horizon)
    assessments = tuple(assessor.assess(scope, standards) for scope in scopes)
    due = _due(ledger, assessments, standards, on, within) if looking_ahead else ()
    selection = Selection(
        on=on, scopes=frozenset(scope.id for scope in scopes), standards=_ids(ledger, scopes, standards)
    )
    due = tuple(renewal for renewal in due if renewal.scope in selection.scopes)
    return _standing(ledger, selection, assessments, due, after(on, within))


def _ids(ledger: Ledger, scopes: tuple[Scope, ...], standards: frozenset[StandardName]) -> frozenset[str]:
    """The ids of the standards that a report is narrowed to; empty where those are all that the scopes are under."""
    in_use = {catalogue.name for scope in scopes for _, catalogue in ledger.in_use(scope)}
    return frozenset(name.id for name in standards) if standards and in_use - standards else frozenset()


def _due(
    ledger: Ledger,
    assessments: tuple[Assessment, ...],
    standards: frozenset[StandardName],
    on: dt.date,
    within: Duration,
) -> tuple[Due, ...]:
    from compliance.domain.due.renewals import renewals  # here, not above: most answers do not look ahead

    due = renewals(ledger, assessments, on, within)
    names = {str(name) for name in standards}
    return tuple(row for row in due if not (names and row.standards) or not names.isdisjoint(row.standards))


def _standing(
    ledger: Ledger,
    selection: Selection,
    assessments: tuple[Assessment, ...],
    due: tuple[Due, ...],
    until: dt.date,
) -> Standing:
    """Puts together what a report needs; the marking is the highest of the evidence that the assessments rest on."""
    evidence_ids = {
        expectation.judgement.evidence
        for assessment in assessments
        for standard in assessment.standards
        for control in standard.controls
        for expectation in control.expectations
    } | {renewal.subject for renewal in due}
    first = assessments[0]
    return Standing(
        _ledger=ledger,
        selection=selection,
        assessments=assessments,
        renewals=due,
        provenance=Provenance(
            commit=ledger.commit,
            commit_day=ledger.day,
            on=first.on,
            known=first.known,
            until=until,
            scopes=tuple(assessment.scope for assessment in assessments),
            catalogues=tuple(
                dict.fromkeys(str(standard.standard) for assessment in assessments for standard in assessment.standards)
            ),
            classification=highest_marking(
                [item for item in ledger.evidence if item.id in evidence_ids], ledger.settings.classifications
            ),
        ),
    )


def highest_marking(evidence: list[Evidence], markings: tuple[str, ...]) -> str:
    """The highest marking of any piece; a marking that the workspace does not list outranks all it lists."""
    used = {item.classification for item in evidence if item.classification}
    unlisted = sorted(used.difference(markings))
    if unlisted:
        return unlisted[-1]
    return max(used, key=markings.index, default="")
