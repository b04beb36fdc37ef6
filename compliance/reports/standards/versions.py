"""Two versions of a standard side by side, and what a move from one to the other does."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import msgspec

from compliance.domain.planning.migration import FileChange, ManualStep, Migration, VoidedApproval
from compliance.domain.standards.versions import ChangeKind, Comparison, ControlChange
from compliance.problems import printable
from compliance.reports.parts.answers import Answer
from compliance.reports.parts.terminal import table, wrapped


def comparison_as_text(comparison: Comparison, width: int) -> str:
    """What differs, in the order of the new version, with what was dropped at the end."""
    relations = [f"Other relations: {len(comparison.relations)}"] if comparison.relations else []
    relations += [str(change) for change in comparison.relations]
    related = "\n".join(line for words in relations for line in wrapped(words, width, below="  "))
    if not comparison.changes:
        if related:
            return f"{_heading(comparison)}: no control differs.\n\n{related}"
        return f"{_heading(comparison)}: nothing differs, but for words at most."
    same = comparison.old == comparison.new
    rows = [
        (row.control or "–", "" if same else ", ".join(row.before) or "–", _step(row), _details(row))
        for row in comparison.changes
    ]
    columns: Sequence[int] = (0, 2, 3) if same else (0, 1, 2, 3)
    headers = ("Control", "Before", "Change", "What")
    listed = table(
        [headers[at] for at in columns],
        [tuple(row[at] for at in columns) for row in rows],
        width,
        flexible=len(columns) - 1,
    )
    answer = f"{_heading(comparison)}\n{_paragraph(summary(comparison), width)}\n\n{listed}"
    return f"{answer}\n\n{related}" if related else answer


def _heading(comparison: Comparison) -> str:
    if comparison.old == comparison.new:
        return f"{comparison.old}, here and as it ships"
    return f"{comparison.old} → {comparison.new}"


def summary(comparison: Comparison) -> str:
    """How many controls came, went and changed, in a line."""
    kept = sum(row.step is ChangeKind.KEPT and not row.changed for row in comparison.rows)
    before = len({id_ for row in comparison.rows for id_ in row.before})
    after = sum(bool(row.control) for row in comparison.rows)
    parts = [f"{comparison.count(step)} {step.value}" for step in ChangeKind if step is not ChangeKind.KEPT]
    revised = sum(bool(row.revised) for row in comparison.rows)
    retitled = sum(row.retitled for row in comparison.rows)
    otherwise = sum(bool(row.expectations) and not row.revised for row in comparison.rows)
    parts += [f"{retitled} retitled", f"{revised} revised", f"{otherwise} with other expectations"]
    differences = ", ".join(part for part in parts if not part.startswith("0 "))
    controls = f"{after} controls" if before == after else f"{before} controls before, {after} after"
    return f"{controls}: {kept} the same" + (f", {differences}" if differences else "")


def _step(row: ControlChange) -> str:
    words = [] if row.step is ChangeKind.KEPT else [row.step.value]
    words += ["retitled"] if row.retitled else []
    words += ["revised"] if row.revised else []
    return "\n".join(words or ["expects"])


def _details(row: ControlChange) -> str:
    lines = [f"{row.title} (was: {row.title_before})" if row.retitled else row.title or row.title_before]
    lines += row.revised
    lines += [str(change) for change in row.expectations if not change.mandated]
    return "\n".join(lines)


_SORTS_OF_CORRECTION = (
    ("added", "added", ""),
    ("dropped", "dropped", ""),
    ("become required", "need", "required"),
    ("no longer required", "need", "usual"),
    ("of other kinds", "kind", ""),
    ("on another basis", "basis", ""),
    ("for each of another list", "per", ""),
    ("become optional", "optional", "yes"),
    ("no longer optional", "optional", "no"),
)
"""A heading, the aspect of an expectation that it tells of, and what that must be afterwards; empty for anything."""


def differing(paths: Sequence[str], comparisons: Sequence[Comparison], width: int) -> str:
    """The catalogues that an update corrects, and what that comes to in a line or two for each."""
    lines = [_paragraph("To update: " + ", ".join(paths), width)]
    for comparison in comparisons:
        words_only = "only relations and words differ" if comparison.relations else "only words differ"
        differences = summary(comparison) if comparison.changes else words_only
        hint = f" (compliance standards diff {comparison.new})" if comparison.changes or comparison.relations else ""
        lines.append(_paragraph(f"{comparison.new}: {differences}{hint}", width))
        lines += [line for words in _corrections(comparison) for line in _item(words, width)]
    return "\n".join(lines)


def _corrections(comparison: Comparison) -> Iterator[str]:
    """What a corrected catalogue asks otherwise: a line for each sort of change, with the expectations it befalls."""
    changes = [(f"{row.control}#{change.id}", change) for row in comparison.rows for change in row.expectations]
    for words, aspect, after in _SORTS_OF_CORRECTION:
        names = [name for name, change in changes if change.aspect == aspect and after in {"", change.after}]
        if names:
            yield f"{words}, {len(names)}: {', '.join(names)}"
    times = [f"{name} ({change.before} → {change.after})" for name, change in changes if change.aspect == "interval"]
    if times:
        yield f"asked for at other times, {len(times)}: {'; '.join(times)}"
    pairs: dict[str, list[str]] = {}
    for relation in comparison.relations:
        types = f"{relation.before or 'none'} → {relation.after or 'none'}"
        pairs.setdefault(types, []).append(f"{relation.control} to {relation.to}")
    for types, ends in pairs.items():
        yield f"relations {types}, {len(ends)}: {', '.join(ends)}"


def _item(text: str, width: int) -> list[str]:
    return wrapped(text, width, first="  ", below="    ", break_on_hyphens=False)


class ExpectationDifference(msgspec.Struct, frozen=True):
    """What an expectation asked before and asks after; None where it was not there."""

    id: str
    aspect: str
    before: str | None
    after: str | None
    mandated: bool


class ControlDifference(msgspec.Struct, frozen=True):
    """A control of which something differs, with the ids that it had before."""

    control: str | None
    before: tuple[str, ...]
    step: str
    title: str | None
    title_before: str | None
    retitled: bool
    revised: tuple[str, ...]
    expectations: tuple[ExpectationDifference, ...]


class RelationDifference(msgspec.Struct, frozen=True):
    """A relation of a control that came, went or is of another type; None where there was or is none."""

    control: str
    to: str
    before: str | None
    after: str | None


class VersionsCompared(Answer, frozen=True, kw_only=True):
    """Two versions of a standard side by side; controls that did not change are counted and left out.

    Relations are compared where both are the same version, the copy here and what ships.
    """

    old: str
    new: str
    unchanged: int
    changes: tuple[ControlDifference, ...]
    relations: tuple[RelationDifference, ...]


def comparison_view(comparison: Comparison) -> VersionsCompared:
    """The comparison as `--json` has it."""
    return VersionsCompared(
        old=str(comparison.old),
        new=str(comparison.new),
        unchanged=len(comparison.rows) - len(comparison.changes),
        changes=tuple(_difference(row) for row in comparison.changes),
        relations=tuple(
            RelationDifference(change.control, change.to, change.before or None, change.after or None)
            for change in comparison.relations
        ),
    )


def _difference(row: ControlChange) -> ControlDifference:
    return ControlDifference(
        control=row.control or None,
        before=tuple(row.before),
        step=row.step.value,
        title=row.title or None,
        title_before=row.title_before or None,
        retitled=row.retitled,
        revised=tuple(row.revised),
        expectations=tuple(
            ExpectationDifference(
                change.id, change.aspect, change.before or None, change.after or None, change.mandated
            )
            for change in row.expectations
        ),
    )


def migration_as_text(migration: Migration, width: int) -> str:
    """What a migration writes, what it leaves for a person, and which approvals end."""
    parts = []
    if migration.files:
        parts.append(_files(migration.files, width))
    else:
        parts.append("Everything that can go along has: no file changes.")
    parts += [_paragraph(note, width) for note in migration.notes]
    if migration.left:
        parts.append(_manual_steps(migration.left, width))
    if migration.left and migration.dropping:
        kept = f"What is left keeps the name of {migration.old} and serves nothing"
        parts.append(_paragraph(f"{kept}; compliance check says where that is wrong.", width))
    if migration.files:
        parts.append(voided_as_text(migration.voided, width))
    return "\n\n".join(parts)


def next_step(migration: Migration, width: int) -> str:
    """What to do once a migration is committed; empty where all is done."""
    if migration.dropping:
        return "Next: compliance check" if migration.left else ""
    command = f"compliance standards migrate {migration.old} {migration.new}"
    look = f"look at what is left, and run it again; when all is settled: {command}"
    settled = f"when {migration.old} is needed no more: {command}"
    return _paragraph(f"Next: {look if migration.left else settled} --drop-old", width)


def _files(files: Sequence[FileChange], width: int) -> str:
    """The files that are written, by what is done to them."""
    paths: dict[str, list[str]] = {}
    for file in files:
        paths.setdefault(file.what, []).append(file.path)
    lines = [f"Files that change: {len(files)}"]
    for what, of_each in paths.items():
        lines += ["", _paragraph(what, width), *(printable(f"  {path}") for path in of_each)]
    return "\n".join(lines)


def _manual_steps(steps: Sequence[ManualStep], width: int) -> str:
    """What stays for a person, control by control, with every place that names it."""
    places: dict[tuple[str, str, tuple[str, ...]], list[str]] = {}
    for step in steps:
        places.setdefault((step.names, step.reason, step.looked_at), []).append(f"{step.file}:{step.line}")
    lines = [f"Left for a person: {len(steps)}"]
    for names, reason, looked_at in sorted(places, key=lambda key: _natural(key[0])):
        candidates = f" (look at {', '.join(looked_at)})" if looked_at else ""
        lines += ["", _paragraph(f"{names}: {reason}{candidates}", width)]
        lines += [printable(f"  {place}") for place in places[names, reason, looked_at]]
    return "\n".join(lines)


def _natural(name: str) -> list[tuple[int, str]]:
    """Text in the order that people count in: A1.2 before A1.10."""
    return [(int(part) if part.isdigit() else 0, part) for part in re.split(r"(\d+)", name)]


def voided_as_text(voided: Sequence[VoidedApproval], width: int) -> str:
    """The approvals that would no longer hold."""
    if not voided:
        return "No approval is voided."
    rows = [(approval.id, f"{approval.title}\n{approval.reason}") for approval in voided]
    listed = table(("Evidence", "What, and why it must be approved again"), rows, width, flexible=1)
    return f"Approvals that are voided: {len(voided)}\n\n{listed}"


class ForPerson(msgspec.Struct, frozen=True):
    """A place that names an old control and that a person has to decide on."""

    file: str
    line: int
    names: str
    reason: str
    look_at: tuple[str, ...]


class EndedApproval(msgspec.Struct, frozen=True):
    """An approval that would no longer hold: of which evidence, whose it was, and why."""

    id: str
    title: str
    approved: str
    reason: str


class Migrated(Answer, frozen=True, kw_only=True):
    """What a migration writes, what it leaves for a person, and the commit that was made, if one was."""

    old: str
    new: str
    drops_old: bool
    files: tuple[FileChange, ...]
    left: tuple[ForPerson, ...]
    voided: tuple[EndedApproval, ...]
    notes: tuple[str, ...]
    commit: str | None


def migration_view(migration: Migration, commit: str | None) -> Migrated:
    """The migration as `--json` has it."""
    return Migrated(
        old=str(migration.old),
        new=str(migration.new),
        drops_old=migration.dropping,
        files=migration.files,
        left=tuple(
            ForPerson(place.file, place.line, place.names, place.reason, tuple(place.looked_at))
            for place in migration.left
        ),
        voided=tuple(EndedApproval(lost.id, lost.title, lost.by, lost.reason) for lost in migration.voided),
        notes=tuple(migration.notes),
        commit=commit,
    )


def _paragraph(text: str, width: int) -> str:
    return "\n".join(wrapped(text, width, break_on_hyphens=False))
