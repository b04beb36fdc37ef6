"""The time ahead: what falls due by month, and as lanes along a line of months."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import msgspec
from markupsafe import Markup

from compliance.domain.due.standing import Standing
from compliance.domain.registers.certificates.accreditation import Accreditation
from compliance.domain.registers.parts.dues import Due, DueKind
from compliance.reports.parts.shapes import clipped, element, outline
from compliance.reports.renewals.axis import MONTHS, Axis

TALLEST = 44
"""The highest column of the evidence lane, in pixels."""
_LEVEL, _LANE = 19, 31
_MOST_LEVELS = 6
_DEEP = 400
"""How far down the ground of a lane reaches; the row that it lies in cuts it off."""
_APART = 4.6
"""Marks nearer than this, in percent, would touch on a telephone."""


_KINDS = {
    DueKind.AUDIT: "Audits",
    DueKind.REQUEST: "Requests of auditors",
    DueKind.FINDING: "Findings",
    DueKind.ACTION: "Actions",
    DueKind.RISK: "Risks",
    DueKind.DEADLINE: "Deadlines",
    DueKind.PROVIDER: "Providers",
    DueKind.MEASURE: "Measures",
    DueKind.EXCLUSION: "Exclusions to review",
}
"""The lanes below those of the accreditations, in their order."""


class Group(msgspec.Struct, frozen=True):
    """What falls due in one month, or what is overdue."""

    key: str
    title: str
    renewals: tuple[Due, ...]


class Lane(msgspec.Struct, frozen=True):
    """One line of a timeline: whose it is, how much is on it, and its picture."""

    name: str
    note: str
    picture: Markup


class Timeline(msgspec.Struct, frozen=True):
    """A line of months, a lane for each accreditation and each register, and one for evidence."""

    scale: Markup
    lanes: tuple[Lane, ...]


def by_month(renewals: Iterable[Due], on: date) -> tuple[Group, ...]:
    """What falls due, month by month, with all that is overdue first."""
    found: dict[str, list[Due]] = {}
    for one in sorted(renewals, key=lambda one: one.due):
        found.setdefault("overdue" if one.due < on else f"{one.due.year:04}-{one.due.month:02}", []).append(one)
    return tuple(
        Group(
            key,
            "Overdue" if key == "overdue" else f"{MONTHS[several[0].due.month - 1]} {several[0].due.year}",
            tuple(several),
        )
        for key, several in found.items()
    )


def written(day: date) -> str:
    """A day as it is written in a sentence: 6 November 2026."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def timeline(standing: Standing) -> Timeline | None:
    """From the day judged to the end of the month up to which the report looks; None where nothing is due."""
    if not standing.renewals:
        return None
    ahead = [*(one.due for one in standing.renewals), standing.provenance.until]
    axis = Axis.over(ahead, standing.provenance.on)
    held = {one.id: one for one in standing.ledger.accreditations}
    lanes: dict[str, list[Due]] = {}
    by_kind: dict[DueKind, list[Due]] = {kind: [] for kind in _KINDS}
    evidence = []
    for one in standing.renewals:
        if one.kind is DueKind.EVIDENCE:
            evidence.append(one)
        elif one.subject in held:
            lanes.setdefault(one.subject, []).append(one)
        else:
            by_kind.setdefault(one.kind, []).append(one)
    drawn = [_marked(_named(standing, held[subject]), several, axis) for subject, several in lanes.items()]
    drawn += [
        _marked(_KINDS.get(kind, kind.value.capitalize()), several, axis)
        for kind, several in by_kind.items()
        if several
    ]
    if evidence:
        drawn.append(_columns("Evidence", evidence, axis))
    return Timeline(_scale(axis), tuple(drawn))


def _named(standing: Standing, held: Accreditation) -> str:
    catalogue = standing.catalogue(held.standard)
    return held.title or f"{catalogue.short if catalogue else held.standard}, {held.scope}"


def _marked(name: str, several: list[Due], axis: Axis) -> Lane:
    """The marks of one lane. Those that would touch stand above one another, each on its true day."""
    groups = _of_a_day(several, axis.first)
    levels: list[float] = []
    marks = []
    for (day, kind), alike in groups.items():
        x = axis.x(day)
        level = next((at for at, last in enumerate(levels) if x - last >= _APART), len(levels))
        if level == _MOST_LEVELS:
            level = levels.index(min(levels))
        levels[level : level + 1] = [x]
        top = 8.5 + level * _LEVEL
        title = element("title", clipped(f"{day}: {'; '.join(one.what for one in alike)}"))
        placed = f"translate(-7 {top}) scale(1.17)"
        parts = [outline(kind.value, title, class_=f"mark {kind.value}", transform=placed)]
        if len(alike) > 1:
            parts.append(element("text", f"×{len(alike)}", class_="count", x=17, y=top + 11))
        marks.append(element("svg", *parts, x=f"{x:.2f}%", overflow="visible"))
    height = _LANE + max(len(levels) - 1, 0) * _LEVEL
    told = "; ".join(
        f"{day} {kind.value}{f' ×{len(alike)}' if len(alike) > 1 else ''}" for (day, kind), alike in groups.items()
    )
    return _lane(name, several, told, height, axis, marks)


def _of_a_day(several: Iterable[Due], first: date) -> dict[tuple[date, DueKind], list[Due]]:
    """What is to come by day and kind: twenty exclusions to review on one day are one mark with a number."""
    found: dict[tuple[date, DueKind], list[Due]] = {}
    for one in several:
        if one.due >= first:
            found.setdefault((one.due, one.kind), []).append(one)
    return found


def _columns(name: str, several: list[Due], axis: Axis) -> Lane:
    """Evidence to renew, as a column for each month with its count on top."""
    counts = [sum(start <= one.due <= end for one in several) for start, end in axis.bins]
    height, marks, told = TALLEST + 22, [], []
    for (start, end), count in zip(axis.bins, counts, strict=True):
        if count:
            left, right = axis.edges(start, end)
            tall, thin = max(2, round(TALLEST * count / max(counts))), (right - left) * 0.18
            place = {"x": f"{left + thin:.2f}%", "width": f"{right - left - 2 * thin:.2f}%"}
            marks.append(element("rect", class_="column", y=height - tall, height=tall, **place))
            marks.append(element("text", count, class_="count", x=f"{(left + right) / 2:.2f}%", y=height - tall - 5))
            told.append(f"from {start}: {count}")
    return _lane(name, several, "; ".join(told), height, axis, marks)


def _lane(name: str, several: list[Due], told: str, height: int, axis: Axis, marks: Iterable[Markup]) -> Lane:
    late = sum(one.due < axis.first for one in several)
    counts = [(late, "overdue"), (len(several) - late, "to come")]
    note = ", ".join(f"{count} {word}" for count, word in counts if count)
    ground = [
        element("line", class_="month", x1=x, x2=x, y2=_DEEP)
        for x in (f"{axis.edges(*one)[1]:.2f}%" for one in axis.bins)
    ]
    ground.append(element("line", class_="today", x1=f"{axis.lead}%", x2=f"{axis.lead}%", y2=_DEEP))
    if axis.lead:
        ground.insert(0, element("rect", class_="before", width=f"{axis.lead}%", height=_DEEP))
    if late:
        ground.append(element("text", late, class_="late", x=f"{axis.lead / 2}%", y=height / 2 + 4))
    said = f"{clipped(name)}: {note}. {told}"
    picture = element("svg", *ground, *marks, class_="lane", role="img", aria_label=said, height=height)
    return Lane(name, note, picture)


def _scale(axis: Axis) -> Markup:
    """The months above the lanes; by their first letters where there is little room."""
    labels: list[Markup] = []
    year = 0
    if axis.lead:
        labels += [
            element("text", word, class_=f"late {room}", x=f"{axis.lead / 2}%", y=30)
            for word, room in (("Overdue", "long"), ("Late", "short"))
        ]
    for start, end in axis.bins:
        left, right = axis.edges(start, end)
        middle = f"{(left + right) / 2:.2f}%"
        if right - left < _APART:
            continue
        if start.year != year:
            year = start.year
            labels.append(element("text", year, class_="year", x=middle, y=13))
        if axis.step < 12:
            month = MONTHS[start.month - 1]
            labels += [
                element("text", month[:3], class_="long", x=middle, y=30),
                element("text", month[0], class_="short", x=middle, y=30),
            ]
    return element("svg", *labels, class_="scale", aria_hidden="true", height=38)
