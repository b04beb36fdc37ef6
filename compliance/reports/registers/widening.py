"""A certificate extended to another scope: which controls would be gaps, are met, or need evidence extended."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from compliance.domain.assessment.assessment import ControlAssessment
from compliance.domain.due.standing import Standing
from compliance.domain.ledger.records import Outcome, standing_decisions
from compliance.domain.planning.widening import ControlMove, VerdictChange, Widening
from compliance.problems import counted
from compliance.reports.gaps.view import Counts, counts
from compliance.reports.parts.heading import Headed, head, heading
from compliance.reports.parts.terminal import table, wrapped
from compliance.reports.parts.wording import percent, reasons, stands


def as_text(widening: Widening, width: int) -> str:
    """The comparison for a terminal: the counts, then the gaps, then what has to be done for those that can close."""
    here, there = widening.accreditation.scope, widening.scope.id
    parts = [heading(widening.extended, width), _question(widening, width), _counts(widening, width)]
    new, same = widening.of(VerdictChange.NEW), widening.of(VerdictChange.SAME)
    parts.append(_gaps(f"New gaps in {there}", new, widening, width))
    parts.append(_same(f"Gaps in {here} and in {there}", same, width))
    parts += [_naming(widening, width), _inheriting(widening, width), _excluded(widening, width)]
    serving = [move.there.id for move in widening.of(VerdictChange.SERVES)]
    parts.append(_listed(f"Serves {there} already: {counted(len(serving), 'control')}", serving, width))
    out = [move.there.id for move in widening.of(VerdictChange.OUT)]
    parts.append(
        _listed(f"Excluded in {there}, or not asked: {counted(len(out), 'control')}", out, width) if out else ""
    )
    parts.append("Nothing was written: this only asks.")
    return "\n\n".join(part for part in parts if part)


def _question(widening: Widening, width: int) -> str:
    accreditation, scope = widening.accreditation, widening.scope
    standard = widening.here.assessments[0].standards[0]
    profile = f", {', '.join(standard.profiles)}" if standard.profiles else ""
    name = accreditation.title or standard.short
    lines = [
        f"{accreditation.id} {name} ({standard.standard}{profile}), widened from {accreditation.scope} to {scope.id}"
    ]
    if widening.in_use:
        lines.append(f"{standard.standard} is in use for {scope.id} already.")
    if widening.others:
        lines.append(f"{scope.id} has an accreditation to it of its own: {', '.join(widening.others)}.")
    lines += [standard.notice] if standard.notice else []
    return "\n".join(line for text in lines for line in wrapped(text, width, break_on_hyphens=False))


def _counts(widening: Widening, width: int) -> str:
    rows = [
        _count(widening.accreditation.scope, widening.here),
        _count(f"{widening.scope.id}, as filed now", widening.there),
        _count(f"{widening.scope.id}, all extended", widening.extended),
    ]
    return table(("Scope", "Controls", "Out", "OK", "Gaps", "Req", "%"), rows, width, flexible=0, right=range(1, 7))


def _count(name: str, standing: Standing) -> tuple[str, ...]:
    summary = standing.total
    fine = summary.evidenced + summary.lapsing + summary.due
    out = summary.excluded + summary.not_asked
    numbers = (summary.controls, out, fine, summary.gap_count, summary.required)
    return (name, *(str(number) for number in numbers), percent(summary))


def _gaps(title: str, moves: Sequence[ControlMove], widening: Widening, width: int) -> str:
    if not moves:
        return f"{title}: none"
    # With what can be extended counted in: it says what is left to do.
    cells = [
        (
            move.there.id,
            stands(move.here),
            stands(move.extended),
            "\n".join([move.there.title, *reasons(move.extended)]),
        )
        for move in moves
    ]
    headers = ("Control", "Now", "Then", f"What, and why in {widening.scope.id}")
    return f"{title}: {len(moves)}\n{table(headers, cells, width, flexible=3)}"


def _same(title: str, moves: Sequence[ControlMove], width: int) -> str:
    """Gaps in both: why, `gaps` says of each scope, so here they are only named."""
    if not moves:
        return f"{title}: none"
    cells = [(move.there.id, stands(move.here), stands(move.extended), move.there.title) for move in moves]
    return f"{title}: {len(moves)}\n{table(('Control', 'Now', 'Then', 'What'), cells, width, flexible=3)}"


def _naming(widening: Widening, width: int) -> str:
    """The evidence that would have to name the wider scope, with the controls that it serves there."""
    naming = widening.naming()
    if not naming:
        return ""
    rows = []
    for piece, controls in naming.items():
        item = widening.here.ledger.evidence_by_id(piece)
        again = "\nto be approved again" if item and _approved(widening.here, piece) else ""
        rows.append((piece, f"{item.title if item else ''}\n{', '.join(controls)}{again}"))
    closing = sum(move.change is VerdictChange.EXTEND and bool(move.pieces) for move in widening.controls)
    title = (
        f"Evidence that would have to name {widening.scope.id}: {len(naming)}, for {counted(closing, 'whole control')}"
    )
    return f"{title}\n{table(('Evidence', 'What, and for which controls'), rows, width, flexible=1)}"


def _approved(standing: Standing, piece: str) -> bool:
    item = standing.ledger.evidence_by_id(piece)
    decisions = standing_decisions(item) if item else ()
    return any(decision.decision is Outcome.APPROVED for decision in decisions)


def _inheriting(widening: Widening, width: int) -> str:
    by_giver: dict[str, list[str]] = {}
    for move in widening.controls:
        if move.inherit:
            by_giver.setdefault(move.inherit, []).append(move.there.id)
    return "\n".join(
        _listed(f"Could be inherited in {widening.scope.id} too, {giver}:", controls, width)
        for giver, controls in by_giver.items()
    )


def _excluded(widening: Widening, width: int) -> str:
    """What is excluded in the present scope and would be judged in the wider one: a decision to take anew."""
    rows = [(move.there.id, move.there.standing, move.excluded) for move in widening.controls if move.excluded]
    if not rows:
        return ""
    title = f"Excluded in {widening.accreditation.scope}, to be decided for {widening.scope.id}: {len(rows)}"
    return f"{title}\n{table(('Control', 'Then', 'Why it is excluded'), rows, width, flexible=2)}"


def _listed(title: str, names: Sequence[str], width: int) -> str:
    if not names:
        return title
    lines = wrapped(title, width, break_on_hyphens=False)
    lines += wrapped(", ".join(names), width, first="  ", below="  ", break_on_hyphens=False)
    return "\n".join(lines)


class ScopeVerdict(msgspec.Struct, frozen=True):
    """How a control stands in a scope, why it is a gap, and whether in what the standard itself asks for."""

    standing: str
    gap: bool
    required: bool
    flag: str | None
    reasons: tuple[str, ...]


class EvidenceToName(msgspec.Struct, frozen=True):
    """Evidence that would have to name the wider scope, and whether it must be approved again then."""

    evidence: str
    controls: tuple[str, ...]
    approve_again: bool


class WidenedControl(msgspec.Struct, frozen=True, kw_only=True):
    """A control in the present scope, in the wider one, and there with everything extended that can be."""

    id: str
    title: str
    change: str
    here: ScopeVerdict
    there: ScopeVerdict
    extended: ScopeVerdict
    evidence_to_name: tuple[str, ...]
    inherit: str | None
    excluded_here: str | None


class Widened(Headed, frozen=True, kw_only=True):
    """A certificate as it would stand if it were widened to another scope."""

    accreditation: str
    standard: str
    profiles: tuple[str, ...]
    from_: str = msgspec.field(name="from")
    to: str
    in_use: bool
    other_accreditations: tuple[str, ...]
    here: Counts
    there: Counts
    extended: Counts
    evidence_to_name: tuple[EvidenceToName, ...]
    controls: tuple[WidenedControl, ...]


def view(widening: Widening) -> Widened:
    """The comparison as `--json` has it."""
    standard = widening.here.assessments[0].standards[0]
    return Widened(
        **head(widening.extended),
        accreditation=widening.accreditation.id,
        standard=str(standard.standard),
        profiles=tuple(standard.profiles),
        from_=widening.accreditation.scope,
        to=widening.scope.id,
        in_use=widening.in_use,
        other_accreditations=tuple(widening.others),
        here=counts(widening.here.total),
        there=counts(widening.there.total),
        extended=counts(widening.extended.total),
        evidence_to_name=tuple(
            EvidenceToName(piece, tuple(controls), _approved(widening.here, piece))
            for piece, controls in widening.naming().items()
        ),
        controls=tuple(_control(move) for move in widening.controls),
    )


def _control(move: ControlMove) -> WidenedControl:
    return WidenedControl(
        id=move.there.id,
        title=move.there.title,
        change=move.change.value,
        here=_scope_verdict(move.here),
        there=_scope_verdict(move.there),
        extended=_scope_verdict(move.extended),
        evidence_to_name=tuple(move.pieces),
        inherit=move.inherit or None,
        excluded_here=move.excluded or None,
    )


def _scope_verdict(control: ControlAssessment) -> ScopeVerdict:
    return ScopeVerdict(
        standing=control.standing,
        gap=control.is_gap,
        required=control.is_required_gap,
        flag=control.flag.value if control.flag else None,
        reasons=tuple(reasons(control)) if control.is_gap else (),
    )
