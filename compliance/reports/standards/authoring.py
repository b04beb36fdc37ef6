"""What a catalogue under way holds: counted, so that its author sees what is missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import msgspec

from compliance.domain.standards.catalogue import Catalogue, expects, walk
from compliance.domain.standards.expectations import leaves
from compliance.problems import Problem, counted
from compliance.reports.parts.answers import Answer
from compliance.reports.parts.terminal import table, wrapped
from compliance.store.catalogues.authoring import Draft

_SHOWN = 20
"""How many controls are named before the rest is only counted."""


class LevelCount(msgspec.Struct, frozen=True):
    """How many headings and controls a level of the tree has."""

    headings: int
    controls: int


class CountsView(msgspec.Struct, frozen=True, kw_only=True):
    """What a catalogue holds, as JSON has it."""

    levels: tuple[LevelCount, ...]
    kinds: dict[str, int]
    rules: dict[str, int]
    bases: dict[str, int]
    needs: dict[str, int]
    by_default: int
    """Controls without expectations of their own."""
    without_summary: tuple[str, ...]
    changed: dict[str, tuple[str, ...]]
    """What an overlay changed, by control."""


def count_parts(catalogue: Catalogue) -> CountsView:
    """The controls of a catalogue counted by level, and their expectations by kind, rule, basis and need."""
    headings: Counter[int] = Counter()
    controls: Counter[int] = Counter()
    kinds: Counter[str] = Counter()
    rules: Counter[str] = Counter()
    bases: Counter[str] = Counter()
    needs: Counter[str] = Counter()
    by_default = 0
    for node in walk(catalogue):
        (controls if node.control.assessable else headings)[node.depth] += 1
        if not node.control.assessable:
            continue
        by_default += not node.control.expects and bool(catalogue.default_expects) and not node.control.answer
        needs.update(expectation.need.value for expectation in expects(catalogue, node.control) if expectation.binding)
        for leaf in (leaf for expectation in expects(catalogue, node.control) for leaf in leaves(expectation)):
            kinds.update([kind.value for kind in leaf.kinds] or ["any kind"])
            rules[str(leaf.rule)] += 1
            bases["optional" if leaf.optional else leaf.basis.value] += 1
    nodes = [node.control for node in walk(catalogue)]
    return CountsView(
        levels=tuple(LevelCount(headings[depth], controls[depth]) for depth in sorted({*headings, *controls})),
        kinds=dict(kinds.most_common()),
        rules=dict(rules.most_common()),
        bases=dict(bases.most_common()),
        needs=dict(needs.most_common()),
        by_default=by_default,
        without_summary=tuple(control.id for control in nodes if control.assessable and not control.summary),
        changed={control.id: control.changed_by_overlay for control in nodes if control.changed_by_overlay},
    )


def as_text(drafts: Sequence[Draft], width: int) -> str:
    """The problems of each file, then what it holds; at the end how many errors and warnings there are."""
    parts = []
    for draft in drafts:
        parts += [problem.render() for problem in draft.problems]
        if draft.catalogue:
            parts.append(_counts_text(draft, draft.catalogue, width))
    errors, warnings = totals(drafts)
    parts.append(f"{counted(errors, 'error')}, {counted(warnings, 'warning')}")
    return "\n".join(parts)


def _counts_text(draft: Draft, catalogue: Catalogue, width: int) -> str:
    lines = wrapped(f"{catalogue.name}  {catalogue.title}", width, below="  ")
    if draft.is_overlay:
        changed = [node.control for node in walk(catalogue) if node.control.changed_by_overlay]
        lines.append(f"The overlay changes {counted(len(changed), 'control')}")
        for control in changed:
            lines += wrapped(f"{control.id}  {control.title}", width, first="  ", below="    ")
            for note in control.changed_by_overlay:
                lines += wrapped(note, width, first="    ", below="      ")
        return "\n".join([*lines, ""])
    counts = count_parts(catalogue)
    levels = [(str(number), str(level.headings), str(level.controls)) for number, level in enumerate(counts.levels, 1)]
    headings = sum(level.headings for level in counts.levels)
    controls = sum(level.controls for level in counts.levels)
    rows = [*levels, ("All", str(headings), str(controls))]
    lines += ["", table(("Level", "Headings", "Controls"), rows, width, 0, right=(1, 2)), ""]
    lines += _paragraph("Expectations by kind", _listed(counts.kinds), width)
    lines += _paragraph("By rule", _listed(counts.rules), width)
    lines += _paragraph("By basis", _listed(counts.bases), width)
    lines += _paragraph("By need", _listed(counts.needs), width)
    if counts.by_default:
        lines += _paragraph("By default-expects", counted(counts.by_default, "control"), width)
    if counts.without_summary:
        first, more = counts.without_summary[:_SHOWN], len(counts.without_summary) - _SHOWN
        control_ids = ", ".join(first) + (f" and {more} more" if more > 0 else "")
        lines += _paragraph(f"{counted(len(counts.without_summary), 'control')} without a summary", control_ids, width)
    return "\n".join([*lines, ""])


def _listed(counts: dict[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.items()) or "none"


def _paragraph(title: str, words: str, width: int) -> list[str]:
    return wrapped(f"{title}: {words}", width, below="  ", break_on_hyphens=False)


def totals(drafts: Sequence[Draft]) -> tuple[int, int]:
    """How many errors and warnings there are in all."""
    problems = [problem for draft in drafts for problem in draft.problems]
    errors = sum(problem.is_error for problem in problems)
    return errors, len(problems) - errors


class DraftView(msgspec.Struct, frozen=True):
    """A file that was checked: what it is, what it holds, and what is wrong with it."""

    file: str
    overlay: bool
    standard: str | None
    counts: CountsView | None
    problems: tuple[Problem, ...]


class CheckedDrafts(Answer, frozen=True, kw_only=True):
    """The files that were checked, and how many errors and warnings there are in all."""

    errors: int
    warnings: int
    files: tuple[DraftView, ...]


def drafts_view(drafts: Sequence[Draft]) -> CheckedDrafts:
    """The drafts as `--json` has them."""
    errors, warnings = totals(drafts)
    return CheckedDrafts(errors=errors, warnings=warnings, files=tuple(_draft_view(draft) for draft in drafts))


def _draft_view(draft: Draft) -> DraftView:
    catalogue = draft.catalogue
    return DraftView(
        file=draft.file,
        overlay=draft.is_overlay,
        standard=str(catalogue.name) if catalogue else None,
        counts=count_parts(catalogue) if catalogue else None,
        problems=tuple(draft.problems),
    )
