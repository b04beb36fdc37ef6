"""A piece that takes the place of one that was filed: its next version or report, or the same bytes reaffirmed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import msgspec

from compliance.domain.ledger.ledger import Ledger
from compliance.domain.ledger.lookup import find_control
from compliance.domain.ledger.records import Evidence
from compliance.domain.standards.expectations import Each, Every, OnEvent, leaves
from compliance.domain.standards.methods import those_meant
from compliance.domain.terms.identifiers import EVIDENCE
from compliance.domain.terms.layout import RECORD_SUFFIX
from compliance.domain.terms.references import Reference
from compliance.domain.terms.vocabulary import CONCLUDING, Attribution, Kind
from compliance.ledger.opening import Workspace
from compliance.operations.evidence.add import Description, PlannedRecord, retain_until
from compliance.operations.evidence.add import plan as plan_evidence
from compliance.operations.evidence.filed import FiledPiece, live_minutes, open_pieces
from compliance.operations.evidence.naming import filed_as, new_identifier
from compliance.operations.evidence.screening import Incoming
from compliance.operations.registers.registering import committer
from compliance.problems import must_not_be_future, refuse, with_article
from compliance.workspace.shipped import digest


class Replacement(msgspec.Struct, frozen=True):
    """The piece that is to be filed, what it takes the place of, and the controls that it no longer covers.

    `is_next` where it is the next of a series: that one stays as it is, for the time that it speaks of.
    """

    planned: PlannedRecord
    before: Evidence
    is_next: bool
    lost: tuple[Reference, ...]


def replacement(
    workspace: Workspace, ledger: Ledger, identifier: str, file: Path, description: Description, today: dt.date
) -> Replacement:
    """What a file would be filed as in the place of a piece: what is not said is taken over; nothing is written.

    Raises Refused for the same bytes, for what was withdrawn or erased, and for what `add` refuses.
    """
    piece = _replaceable(workspace, ledger, identifier)
    before = piece.evidence
    if file.is_file() and digest(file.read_bytes()) == before.sha256:
        hint = f"if it was looked at and stays as it is: compliance evidence reaffirm {before.id}"
        raise refuse(f"{file} has the bytes of {piece.name}: nothing is replaced", hint=hint)
    is_next = is_of_series(ledger, before)
    taken_over = Description(
        controls=description.controls or tuple(str(reference) for reference in before.controls),
        kind=description.kind or before.kind,
        result=description.result,
        date=description.date,
        period=description.period,
        valid_from=description.valid_from,
        valid_until=description.valid_until,
        title=description.title or before.title,
        scopes=description.scopes or before.scope,
        per=description.per or tuple(before.per.items()),
        owner=description.owner or before.owner,
        classification=description.classification or before.classification,
        source=description.source or before.source,
        supersedes="" if is_next else before.id,
        note=description.note,
        allow_secret=description.allow_secret,
    )
    (planned,) = plan_evidence(workspace, ledger, [Incoming(file, file.name)], taken_over, today)
    controls = planned.record.controls or ()
    lost = tuple(reference for reference in before.controls if reference not in controls)
    return Replacement(planned, before, is_next, lost)


def is_of_series(ledger: Ledger, evidence: Evidence) -> bool:
    """Whether each expectation that the piece serves wants one after another: then no piece supersedes another."""
    rules = [
        leaf.rule
        for reference in evidence.controls
        for _, catalogue, control in (find_control(ledger, str(reference)),)
        for wanted in those_meant(catalogue, control, reference.expectation)
        for leaf in leaves(wanted)
        if leaf.takes(evidence.kind)
    ]
    return bool(rules) and all(isinstance(rule, Every | Each | OnEvent) for rule in rules)


def reaffirmation(
    workspace: Workspace, ledger: Ledger, identifier: str, on: dt.date, minutes: str, note: str, today: dt.date
) -> PlannedRecord:
    """A new record of the same bytes, dated on the day when they were looked at again; nothing is written.

    Raises Refused for a result, which is measured anew, a day before the piece's own, and minutes that are none.
    """
    must_not_be_future(on, today, "reaffirm it when it has been looked at")
    piece, by_minutes = _replaceable(workspace, ledger, identifier), live_minutes(ledger, minutes)
    before = piece.evidence
    if before.kind in CONCLUDING or before.kind is Kind.MINUTES:
        kind = with_article(before.kind.value)
        raise refuse(f"{piece.name} is {kind}: that is done anew, not reaffirmed", hint="file the new one: replace")
    if before.date and on <= before.date:
        raise refuse(f"{piece.name} is of {before.date}, and {on} is not after it", hint="name the day of the review")
    if before.altered:
        raise refuse(f"{piece.name}: its bytes are not those that were recorded", hint="restore them first")
    identifier = new_identifier(EVIDENCE, {item.id for item in ledger.evidence}, workspace.draw)
    folder, _, name = before.path.rpartition("/")
    record = msgspec.structs.replace(
        piece.record,
        id=identifier,
        file=name,
        title=before.title,
        kind=before.kind,
        date=on,
        period=None,
        controls=before.controls,
        also=(),
        scope=before.scope or None,
        per=before.per or None,
        sha256=before.sha256,
        size=before.size,
        supersedes=before.id,
        recorded=Attribution(by=committer(workspace), on=today),
        retain_until=retain_until(ledger, before.kind, on) if before.kind else None,
        note=note or f"Looked at and unchanged, by the minutes {by_minutes.id}",
        corrected=(),
        decisions=(),
    )
    stem = filed_as(record, "").rpartition("/")[2]
    return PlannedRecord(record=record, path=before.path, record_path=f"{folder}/{stem}{RECORD_SUFFIX}", source=None)


def _replaceable(workspace: Workspace, ledger: Ledger, identifier: str) -> FiledPiece:
    """The piece of an id. Raises Refused where it is gone, or another has taken its place already."""
    (piece,) = open_pieces(workspace, ledger, [identifier])
    mark = piece.evidence.erased or piece.evidence.withdrawn
    if mark:
        hint = "file the new one with: compliance evidence add"
        raise refuse(f"{piece.name} was taken out of use on {mark.on}", hint=hint)
    successor = next((item for item in _successors(ledger.evidence, piece.evidence)), None)
    if successor:
        hint = f"replace that one: compliance evidence replace {successor.id} FILE"
        raise refuse(f"{piece.name} was replaced already, by {successor.title} ({successor.id})", hint=hint)
    return piece


def _successors(evidence: Sequence[Evidence], piece: Evidence) -> list[Evidence]:
    return [item for item in evidence if item.supersedes == piece.id and not item.is_void]
