"""What a change of records does, in lines for a terminal."""

from __future__ import annotations

from compliance.domain.planning.effects import Effects
from compliance.problems import counted, printable
from compliance.reports.parts.terminal import wrapped

_SHOWN = 12


def as_text(effects: Effects, width: int) -> str:
    """A line for each control that would stand otherwise, the worse first, and for each approval that ends; or none."""
    lines = []
    moves = sorted(effects.moves, key=lambda move: (not move.is_worse, move.scope, move.control))
    for move in moves[:_SHOWN]:
        control = f"{move.control.standard}:{move.control.control}"
        lines.append(f"  {control} in {move.scope}: {move.before} → {move.after}")
    if len(moves) > _SHOWN:
        lines.append(f"  … and {counted(len(moves) - _SHOWN, 'more control', 'more controls')}")
    for approval in effects.voided:
        lines += wrapped(
            f"  {approval.id}  {printable(approval.title)}: approved by {printable(approval.by)}; the approval would "
            "not hold any more",
            width,
            below="    ",
        )
    return "\n".join(["This changes:", *lines]) if lines else ""
