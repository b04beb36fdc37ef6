"""The evidence register as values and as CSV: every piece that was there on the day, in the scopes asked for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import msgspec

from compliance.domain.assessment.pieces import PieceState
from compliance.domain.due.standing import Standing
from compliance.domain.ledger.records import Evidence
from compliance.reports.parts.heading import Headed, head
from compliance.store.text.spreadsheets import csv_text

_GROUPS = {
    PieceState.LIVE: "evidenced",
    PieceState.AWAITING_APPROVAL: "due",
    PieceState.REJECTED: "gap",
}
"""How a state is coloured and drawn, as a verdict that weighs the same; what has ended is set apart."""


class PieceRow(msgspec.Struct, frozen=True, kw_only=True):
    """One piece of evidence.

    `until` is the first day on which something that rests on it lapses, or the end that the document itself prints if
    that is earlier; None where neither is known. `location` is a path in the workspace, or a place outside of it.
    """

    id: str
    title: str
    kind: str
    result: str
    controls: tuple[str, ...]
    scopes: tuple[str, ...]
    date: dt.date | None
    until: dt.date | None
    state: PieceState
    standing: str
    why: str
    owner: str
    marking: str
    location: str

    @property
    def group(self) -> str:
        """`evidenced`, `due`, `gap` or `out`; no more than an emphasis: the standing says it all."""
        return _GROUPS.get(self.state, "out")


class EvidenceRegister(Headed, frozen=True, kw_only=True):
    """The register, the newest piece first and what has no date last; `live` counts the pieces that are."""

    live: int
    pieces: tuple[PieceRow, ...]


def register(standing: Standing) -> EvidenceRegister:
    """The register of what a standing shows, as it stands on the day judged."""
    lapses = _lapses(standing)
    rows = [_row(standing, item, lapses.get(item.id)) for item in standing.ledger.evidence]
    rows.sort(key=lambda row: (-(row.date or dt.date.min).toordinal(), row.id))
    live = sum(row.state is PieceState.LIVE for row in rows)
    return EvidenceRegister(**head(standing), live=live, pieces=tuple(rows))


def _row(standing: Standing, item: Evidence, lapse: dt.date | None) -> PieceRow:
    piece = standing.pieces.of(item, standing.provenance.on)
    return PieceRow(
        id=item.id,
        title=item.title,
        kind=item.kind.value if item.kind else "",
        result="inconclusive" if item.is_inconclusive else item.result.value if item.result else "",
        controls=tuple(str(control) for control in item.controls),
        scopes=item.scope or (standing.settings.default_scope,),
        date=item.date,
        until=_earliest((lapse, item.valid_until)),
        state=piece.state,
        standing=piece.words,
        why=piece.why or ("no result is given" if item.is_inconclusive and item.result is None else ""),
        owner=item.owner,
        marking=item.classification,
        location=item.elsewhere.location if item.elsewhere else item.path,
    )


def _lapses(standing: Standing) -> dict[str, dt.date]:
    """The first day on which something lapses, by the id of the piece that it rests on."""
    judgements = (
        expectation.judgement
        for assessment in standing.assessments
        for standard in assessment.standards
        for control in standard.controls
        for expectation in control.expectations
    )
    lapses: dict[str, dt.date] = {}
    for judgement in judgements:
        for renewal in judgement.renewals if not judgement.verdict.is_gap else ():
            if renewal.evidence:
                lapses[renewal.evidence] = min(renewal.day, lapses.get(renewal.evidence, renewal.day))
    return lapses


def _earliest(days: Iterable[dt.date | None]) -> dt.date | None:
    return min((day for day in days if day), default=None)


def as_csv(view: EvidenceRegister) -> str:
    """One line for each piece; safe to open in a spreadsheet."""
    header = (
        *("id", "title", "kind", "result", "date", "until", "standing", "why", "owner"),
        *("scopes", "controls", "marking", "location", "judged on", "commit"),
    )
    rows = (
        (
            row.id,
            row.title,
            row.kind,
            row.result,
            str(row.date or ""),
            str(row.until or ""),
            row.standing,
            row.why,
            row.owner,
            " ".join(row.scopes),
            " ".join(row.controls),
            row.marking,
            row.location,
            str(view.provenance.on),
            view.provenance.commit,
        )
        for row in view.pieces
    )
    return csv_text([header, *rows])
