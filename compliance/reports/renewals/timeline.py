"""The time ahead: what falls due by month, and as lanes along a line of months."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import msgspec

from compliance.domain.due.counting import merged
from compliance.domain.due.registers import DUE_KINDS, EVIDENCE
from compliance.domain.due.standing import Standing
from compliance.domain.registers.accreditations import ACCREDITATIONS
from compliance.domain.registers.certificates.accreditation import Accreditation
from compliance.domain.registers.parts.dues import Due, DueKind
from compliance.reports.parts.shapes import clipped
from compliance.reports.renewals.axis import MONTHS, Axis

TALLEST = 44
"""The highest column of the evidence lane, in pixels."""
_LEVEL, _LANE = 19, 31
_MOST_LEVELS = 6
_APART = 4.6
"""Marks nearer than this, in percent, would touch on a telephone."""


class Group(msgspec.Struct, frozen=True):
    """What falls due in one month, or what is overdue."""

    key: str
    title: str
    renewals: tuple[Due, ...]


class Mark(msgspec.Struct, frozen=True):
    """What falls due on one day: `x` in percent from the left, `top` in pixels from above."""

    kind: str
    x: float
    top: float
    title: str
    count: int


class Column(msgspec.Struct, frozen=True):
    """How much falls due in one stretch of days: across in percent, down in pixels."""

    x: float
    width: float
    top: int
    height: int
    count: int

    @property
    def middle(self) -> float:
        return self.x + self.width / 2


class Lane(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a timeline: whose it is, how much is on it, and what is drawn."""

    name: str
    note: str
    label: str
    """All that is drawn, in words."""
    height: int
    lead: float
    """The part of the line, in percent, that is kept for what is overdue."""
    months: tuple[float, ...]
    """Where the stretches of the line end, in percent."""
    late: int
    """How much is overdue."""
    marks: tuple[Mark, ...] = ()
    columns: tuple[Column, ...] = ()


class Label(msgspec.Struct, frozen=True):
    """A word above the lanes; its style says at what widths it is shown."""

    text: str
    style: str
    x: float
    y: int


class Timeline(msgspec.Struct, frozen=True):
    """A line of months, a lane for each accreditation and each register, and one for evidence."""

    scale: tuple[Label, ...]
    lanes: tuple[Lane, ...]


def by_month(renewals: Iterable[Due], on: date) -> tuple[Group, ...]:
    """What falls due, month by month, with all that is overdue first."""
    dues_by_month: dict[str, list[Due]] = {}
    for renewal in sorted(renewals, key=lambda renewal: renewal.due):
        month = f"{renewal.due.year:04}-{renewal.due.month:02}"
        dues_by_month.setdefault("overdue" if renewal.due < on else month, []).append(renewal)
    return tuple(
        Group(
            key,
            "Overdue" if key == "overdue" else f"{MONTHS[dues[0].due.month - 1]} {dues[0].due.year}",
            tuple(dues),
        )
        for key, dues in dues_by_month.items()
    )


def written(day: date) -> str:
    """A day as it is written in a sentence: 6 November 2026."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def timeline(standing: Standing) -> Timeline | None:
    """From the day judged to the end of the month up to which the report looks; None where nothing is due."""
    dues = [row.renewal for row in merged(standing.renewals)]
    if not dues:
        return None
    ahead = [*(due.due for due in dues), standing.provenance.until]
    axis = Axis.over(ahead, standing.provenance.on)
    accreditations = {accreditation.id: accreditation for accreditation in standing.ledger.of(ACCREDITATIONS)}
    lanes: dict[str, list[Due]] = {}
    by_kind: dict[DueKind, list[Due]] = {kind: [] for kind in DUE_KINDS}
    evidence = []
    for renewal in dues:
        if renewal.kind is EVIDENCE:
            evidence.append(renewal)
        elif renewal.subject in accreditations:
            lanes.setdefault(renewal.subject, []).append(renewal)
        else:
            by_kind.setdefault(renewal.kind, []).append(renewal)
    drawn = [_marked(_named(standing, accreditations[subject]), lane, axis) for subject, lane in lanes.items()]
    drawn += [_marked(kind.title, lane, axis) for kind, lane in by_kind.items() if lane]
    if evidence:
        drawn.append(_columns("Evidence", evidence, axis))
    return Timeline(_scale(axis), tuple(drawn))


def _named(standing: Standing, accreditation: Accreditation) -> str:
    catalogue = standing.catalogue(accreditation.standard)
    return accreditation.title or f"{catalogue.short if catalogue else accreditation.standard}, {accreditation.scope}"


def _marked(name: str, dues: list[Due], axis: Axis) -> Lane:
    """The marks of one lane. Those that would touch stand above one another, each on its true day."""
    groups = _of_a_day(dues, axis.first)
    levels: list[float] = []
    marks = []
    for (day, kind), alike in groups.items():
        x = axis.x(day)
        level = next((level for level, last in enumerate(levels) if x - last >= _APART), len(levels))
        if level == _MOST_LEVELS:
            level = levels.index(min(levels))
        levels[level : level + 1] = [x]
        title = clipped(f"{day}: {'; '.join(due.what for due in alike)}")
        marks.append(Mark(kind.value, x, 8.5 + level * _LEVEL, title, len(alike)))
    height = _LANE + max(len(levels) - 1, 0) * _LEVEL
    words = "; ".join(
        f"{day} {kind.value}{f' ×{len(alike)}' if len(alike) > 1 else ''}" for (day, kind), alike in groups.items()
    )
    return msgspec.structs.replace(_lane(name, dues, words, height, axis), marks=tuple(marks))


def _of_a_day(dues: Iterable[Due], first: date) -> dict[tuple[date, DueKind], list[Due]]:
    """What is to come by day and kind: twenty exclusions to review on one day are one mark with a number."""
    groups: dict[tuple[date, DueKind], list[Due]] = {}
    for due in dues:
        if due.due >= first:
            groups.setdefault((due.due, due.kind), []).append(due)
    return groups


def _columns(name: str, dues: list[Due], axis: Axis) -> Lane:
    """Evidence to renew, as a column for each month with its count on top."""
    counts = [sum(start <= due.due <= end for due in dues) for start, end in axis.bins]
    height, columns, words = TALLEST + 22, [], []
    for (start, end), count in zip(axis.bins, counts, strict=True):
        if count:
            start_x, end_x = axis.edges(start, end)
            tall, thin = max(2, round(TALLEST * count / max(counts))), (end_x - start_x) * 0.18
            columns.append(Column(start_x + thin, end_x - start_x - 2 * thin, height - tall, tall, count))
            words.append(f"from {start}: {count}")
    return msgspec.structs.replace(_lane(name, dues, "; ".join(words), height, axis), columns=tuple(columns))


def _lane(name: str, dues: list[Due], words: str, height: int, axis: Axis) -> Lane:
    late = sum(due.due < axis.first for due in dues)
    counts = [(late, "overdue"), (len(dues) - late, "to come")]
    note = ", ".join(f"{count} {word}" for count, word in counts if count)
    return Lane(
        name=name,
        note=note,
        label=f"{clipped(name)}: {note}. {words}",
        height=height,
        lead=axis.lead,
        months=tuple(axis.edges(start, end)[1] for start, end in axis.bins),
        late=late,
    )


def _scale(axis: Axis) -> tuple[Label, ...]:
    """The months above the lanes; by their first letters where there is little room."""
    labels: list[Label] = []
    year = 0
    if axis.lead:
        labels += [Label("Overdue", "late long", axis.lead / 2, 30), Label("Late", "late short", axis.lead / 2, 30)]
    for start, end in axis.bins:
        start_x, end_x = axis.edges(start, end)
        middle = (start_x + end_x) / 2
        if end_x - start_x < _APART:
            continue
        if start.year != year:
            year = start.year
            labels.append(Label(str(year), "year", middle, 13))
        if axis.step < 12:
            month = MONTHS[start.month - 1]
            labels += [Label(month[:3], "long", middle, 30), Label(month[0], "short", middle, 30)]
    return tuple(labels)
