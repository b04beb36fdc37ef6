"""A move from one version of a standard to the next: what goes along by itself, and what a person must look at."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from compliance.domain.ledger.approval import approval
from compliance.domain.ledger.control_index import ControlIndex
from compliance.domain.ledger.ledger import Ledger
from compliance.domain.ledger.records import Evidence, Outcome, standing_decisions
from compliance.domain.standards.catalogue import Catalogue, expects, walk
from compliance.domain.standards.expectations import leaves
from compliance.domain.standards.versions import ChangeKind, Comparison, ControlChange
from compliance.domain.terms.references import Reference, StandardName
from compliance.domain.terms.verdicts import Verdict
from compliance.domain.terms.vocabulary import name_of


class Destination(msgspec.Struct, frozen=True):
    """Where a control of the old version leads: to one of the new, or, with the reason, to a person.

    `looked_at` are the controls of the new version that a person should look at.
    """

    control: str = ""
    reason: str = ""
    looked_at: tuple[str, ...] = ()


class VersionRoute:
    """Leads controls of the old version to the new one.

    Kept and moved ones go by themselves. What was split, merged or dropped never does; what was revised only if
    `revised_too`; an expectation that the new control does not have neither.
    """

    def __init__(self, comparison: Comparison, new: Catalogue, revised_too: bool = False) -> None:
        self.comparison = comparison
        self._revised_too = revised_too
        self._expectations = {
            node.control.id: {leaf.id for expectation in expects(new, node.control) for leaf in leaves(expectation)}
            for node in walk(new)
            if node.control.assessable
        }

    def of(self, control: str, expectations: Sequence[str] = ()) -> Destination | None:
        """Where it leads; None if the old version has no such control."""
        rows = self.comparison.onward(control)
        if not rows:
            return None
        (row, *further_rows) = rows
        reason = self._reason(rows)
        if row.step is ChangeKind.DROPPED:
            return Destination(reason=reason)
        if not further_rows and not reason:
            gone = [
                expectation
                for expectation in expectations
                if expectation and expectation not in self._expectations[row.control]
            ]
            if not gone:
                return Destination(row.control)
            reason = f"{row.control} has no expectation #{gone[0]}"
        return Destination("", reason, tuple(row.control for row in rows))

    def _reason(self, rows: Sequence[ControlChange]) -> str:
        row = rows[0]
        if row.step is ChangeKind.DROPPED:
            return f"dropped: nothing in {self.comparison.new} continues it"
        if len(rows) > 1:
            return f"split into {_named(row.control for row in rows)}"
        if row.step is ChangeKind.MERGED:
            return f"merged: {row.control} continues {_named(row.before)}"
        if row.revised and not self._revised_too:
            return "revised: " + "; ".join(row.revised)
        return ""


def _named(ids: Iterable[str]) -> str:
    names = list(ids)
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]


class ManualStep(msgspec.Struct, frozen=True, order=True):
    """Something that stays for a person: where it is written, what it names, and why it did not go along."""

    file: str
    line: int
    names: str
    reason: str
    looked_at: tuple[str, ...] = ()


class FileChange(msgspec.Struct, frozen=True):
    """A file that is written, and what is done to it."""

    path: str
    what: str


class VoidedApproval(msgspec.Struct, frozen=True):
    """An approval that would no longer hold, and why."""

    id: str
    title: str
    by: str
    reason: str


class Migration(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that a move to another version does, and what it leaves."""

    old: StandardName
    new: StandardName
    dropping: bool
    files: tuple[FileChange, ...] = ()
    left: tuple[ManualStep, ...] = ()
    voided: tuple[VoidedApproval, ...] = ()
    notes: tuple[str, ...] = ()


def voided(before: Ledger, after: Ledger) -> tuple[VoidedApproval, ...]:
    """The approvals that hold in one ledger and not in the other, in order of title."""
    now, then = ControlIndex(before), ControlIndex(after)
    afterwards = {item.id: item for item in after.evidence}
    approvals = []
    for item in before.evidence:
        standing = (each for each in reversed(standing_decisions(item)) if each.decision is Outcome.APPROVED)
        decision, later = next(standing, None), afterwards.get(item.id)
        if decision is None or later is None:
            continue
        if approval(item, before.approvers, now.fingerprint_of).verdict is Verdict.CHANGED:
            continue
        judged = approval(later, after.approvers, then.fingerprint_of)
        if judged.verdict is Verdict.CHANGED:
            reason = judged.reason
            more = _meant(later, then) - _meant(item, now)
            if more:
                names = _named(str(reference) for reference in sorted(more))
                reason = f"approved by {name_of(decision.by)} on {decision.on.day}, and not for {names}"
            approvals.append(VoidedApproval(item.id, item.title, f"{decision.by}, {decision.on.day}", reason))
    return tuple(sorted(approvals, key=lambda voided_approval: (voided_approval.title, voided_approval.id)))


def _meant(item: Evidence, index: ControlIndex) -> set[Reference]:
    """What a piece is mapped to, each control with the version that is meant."""
    return {msgspec.structs.replace(reference, version=index.version_of(reference)) for reference in item.controls}
