"""A statement of applicability for the next version of a standard, from the one for the version before."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence

import msgspec

from compliance.domain.planning.migration import Destination, ManualStep, VersionRoute
from compliance.domain.registers.statements.statement import Applicability, Statement
from compliance.problems import Refused
from compliance.store.records.records import plain_of, render_yaml
from compliance.store.text.located import Mapping, decode_text, place_at
from compliance.store.text.parsed import parse_node
from compliance.store.text.yaml_text import read_yaml

_HEAD = """\
# What follows was stated of {old} and has to be looked at before it counts for {new}.
# Correct each, and take the marks away from its lines.
"""


class Restated(msgspec.Struct, frozen=True):
    """The new statement's bytes (empty if one exists), how many entries were carried over, and what is left to do."""

    data: bytes = b""
    along: int = 0
    manual_steps: tuple[ManualStep, ...] = ()


def restated(path: str, data: bytes, route: VersionRoute, existing: Applicability | None) -> Restated:
    """The statement for the new version: entries that hold as they are, and as comments those that need a review.

    Where one exists already, nothing is made: what it does not speak of yet is left for a person. Raises Refused if
    the file cannot be read.
    """
    node, source = read_yaml(decode_text(data, path), path)
    parsed = parse_node(node, source, Applicability)
    if parsed.value is None or not isinstance(node, Mapping):
        raise Refused(parsed.problems)
    statement_before = parsed.value
    stated = {statement.control for statement in existing.controls} if existing else set()
    carried: list[Statement] = []
    waiting: list[tuple[Statement, Destination]] = []
    steps = []
    for number, statement in enumerate(statement_before.controls):
        retained = statement.inherits.retains if statement.inherits else ()
        onward = route.of(statement.control, retained)
        if onward is None:
            continue
        if onward.control:
            carried.append(msgspec.structs.replace(statement, control=onward.control))
            continue
        waiting.append((statement, onward))
        if not stated.intersection(onward.looked_at) and (onward.looked_at or not existing):
            line = source.line_of(place_at(node, ("controls", number, "control")))
            control = f"{route.comparison.old}:{statement.control}"
            steps.append(ManualStep(path, line, control, onward.reason, onward.looked_at))
    if existing:
        return Restated(manual_steps=tuple(steps))
    return Restated(_rendered(statement_before, route, carried, waiting), len(carried), tuple(steps))


def _rendered(
    before: Applicability,
    route: VersionRoute,
    carried: Sequence[Statement],
    waiting: Sequence[tuple[Statement, Destination]],
) -> bytes:
    old, new = route.comparison.old, route.comparison.new
    after = Applicability(
        id=renamed(before.id, old.version, new.version), standard=new, scope=before.scope, controls=tuple(carried)
    )
    lines = [render_yaml(plain_of(after)).decode()]
    if waiting:
        lines.append(_HEAD.format(old=old, new=new))
        if not carried:
            lines.append("# controls:\n")
    for statement, onward in waiting:
        reason = textwrap.wrap(f"{statement.control}, {onward.reason}", 108, break_on_hyphens=False)
        lines += ["#\n", *(f"# {line}\n" for line in reason)]
        for control in onward.looked_at:
            plain = plain_of(msgspec.structs.replace(statement, control=control))
            text = render_yaml({"controls": [plain]}).decode().partition("\n")[2]
            lines += [f"# {line}\n" for line in text.splitlines()]
    return "".join(lines).encode()


def renamed(name: str, old: str, new: str) -> str:
    """A name for the new version: the old version's number in it replaced, else the new one put after it."""
    replaced, times = re.subn(rf"(?<![\w.]){re.escape(old)}(?![\w.])", new, name)
    return replaced if times else f"{name}-{new}"
