"""Standards listed, shown as trees, and single controls with what they expect."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Any

import msgspec

from compliance.domain.ledger.ledger import Ledger
from compliance.domain.standards.catalogue import Catalogue, Control, Node, expects, walk
from compliance.domain.standards.expectations import AnyOf, Expectation
from compliance.problems import counted, printable
from compliance.reports.parts.terminal import table
from compliance.reports.standards.questions import question_as_text


def list_as_text(ledger: Ledger | None, shipped: Sequence[Catalogue], width: int) -> str:
    """The standards in use, those that lie here without being in use, and those that ship."""
    parts = []
    if ledger:
        rows = [
            (
                str(use.standard),
                ", ".join(use.scopes) or "every scope",
                ", ".join(use.profiles) or catalogue.default_profile or "–",
                _counted(catalogue),
            )
            for use, catalogue in ledger.in_use()
        ]
        parts.append(
            "In use\n"
            + (table(("Standard", "Scopes", "Profile", "Controls"), rows, width, flexible=1) if rows else "none yet")
        )
    idle = _not_in_use(ledger)
    if idle:
        parts.append("Here, not in use\n" + _titles(idle, width))
    parts.append("Shipped\n" + _titles(shipped, width))
    return "\n\n".join(parts)


def _titles(catalogues: Sequence[Catalogue], width: int) -> str:
    rows = [(str(one.name), one.title, _counted(one)) for one in catalogues]
    return table(("Standard", "Title", "Controls"), rows, width, flexible=1)


def _not_in_use(ledger: Ledger | None) -> list[Catalogue]:
    """The catalogues of the workspace that nothing is judged by: imported, or of a version that was left behind."""
    used = {catalogue.name for _, catalogue in ledger.in_use()} if ledger else set()
    return [one for one in ledger.catalogues if one.name not in used] if ledger else []


def _counted(catalogue: Catalogue) -> str:
    return str(sum(node.control.assessable for node in walk(catalogue)))


def _controls(catalogue: Catalogue) -> str:
    count = int(_counted(catalogue))
    return f"{count:,} control{'' if count == 1 else 's'}"


def list_as_plain(ledger: Ledger | None, shipped: Sequence[Catalogue]) -> dict[str, Any]:
    """The same as plain values, for JSON."""
    used = [
        {
            "standard": str(use.standard),
            "scopes": list(use.scopes),
            "profiles": list(use.profiles),
            "controls": int(_counted(catalogue)),
        }
        for use, catalogue in (ledger.in_use() if ledger else ())
    ]
    return {
        "format_version": 1,
        "in_use": used,
        "here": [_titled(one) for one in _not_in_use(ledger)],
        "shipped": [_titled(one) for one in shipped],
    }


def _titled(catalogue: Catalogue) -> dict[str, Any]:
    return {"standard": str(catalogue.name), "title": catalogue.title, "controls": int(_counted(catalogue))}


def tree_as_text(catalogue: Catalogue, width: int) -> str:
    """A standard as an indented tree; a dot marks what is assessed."""
    head = f"{catalogue.name} · {_controls(catalogue)} · {catalogue.publisher}"
    lines = []
    for text in (catalogue.title, head, catalogue.notice, catalogue.wording):
        lines += textwrap.wrap(printable(text), width)
    if catalogue.profiles:
        lines.append("Profiles: " + ", ".join(profile.id for profile in catalogue.profiles))
        lines[-1:] = textwrap.wrap(lines[-1], width, subsequent_indent="  ")
    lines.append("")
    for node in walk(catalogue):
        indent = "  " * node.depth
        mark = "· " if node.control.assessable else ""
        first = f"{indent}{mark}{node.control.id}  "
        lines += textwrap.wrap(
            printable(_title(node.control)), width, initial_indent=first, subsequent_indent=" " * len(first)
        ) or [first]
    return "\n".join(lines)


def _title(control: Control) -> str:
    """The title, the organisation's own number, and whether an overlay changed what the standard says."""
    number = f" [{control.local_id}]" if control.local_id else ""
    return f"{control.title}{number}{' (changed by an overlay)' if control.changed_by_overlay else ''}"


def tree_as_plain(catalogue: Catalogue) -> dict[str, Any]:
    """A standard as plain values, for JSON."""
    return {
        "format_version": 1,
        "standard": str(catalogue.name),
        "title": catalogue.title,
        "controls": [
            {
                "id": node.control.id,
                "title": node.control.title,
                "depth": node.depth,
                "assessable": node.control.assessable,
                "parent": node.parents[-1] if node.parents else None,
            }
            for node in walk(catalogue)
        ],
    }


def control_as_text(catalogue: Catalogue, node: Node, width: int) -> str:
    """One control with its summary and everything it expects."""
    control = node.control
    lines = textwrap.wrap(printable(f"{catalogue.id}:{control.id}  {control.title}"), width)
    lines += textwrap.wrap(printable(catalogue.title), width)
    if control.local_id:
        lines.append(printable(f"your number: {control.local_id}"))
    if control.certainty and control.certainty != "confirmed":
        lines.append(f"certainty: {control.certainty}")
    if control.superseded_by:
        lines.append(f"superseded by {control.superseded_by}")
    if control.profiles is not None:
        lines += textwrap.wrap("profiles: " + (", ".join(control.profiles) or "none"), width, subsequent_indent="  ")
    if control.summary:
        lines += ["", *textwrap.wrap(printable(control.summary), width)]
    for note in control.changed_by_overlay:
        lines += textwrap.wrap(printable(f"changed by an overlay: {note}"), width, subsequent_indent="  ")
    lines += question_as_text(catalogue, control, width)
    wanted = expects(catalogue, control) if control.assessable else ()
    if wanted:
        lines += ["", "Expects"]
    for one in wanted:
        lines += _expectation(one, width, "  ")
    if control.related:
        related = ", ".join(f"{one.to} ({one.type.value})" for one in control.related)
        told = printable(f"Related: {related}")
        lines += ["", *textwrap.wrap(told, width, subsequent_indent="  ", break_on_hyphens=False)]
    if control.controls:
        lines += ["", "Below it"]
        for below in control.controls:
            first = f"  {below.id}  "
            lines += textwrap.wrap(
                printable(below.title), width, initial_indent=first, subsequent_indent=" " * len(first)
            ) or [first]
    return "\n".join(lines)


def _expectation(one: Expectation, width: int, indent: str) -> list[str]:
    kinds = " or ".join(kind.value for kind in one.kinds) or ("any kind" if not isinstance(one.rule, AnyOf) else "")
    facts = [kinds, str(one.rule), one.basis.value]
    if one.optional:
        facts.append("optional")
    if one.per:
        facts.append(f"one for each {one.per.value}")
    if one.judged and one.judged.value != "always":
        facts.append(f"judged at {one.judged.value}")
    lines = textwrap.wrap(
        f"#{one.id}: {', '.join(filter(None, facts))}", width, initial_indent=indent, subsequent_indent=f"{indent}  "
    )
    if one.what:
        lines += textwrap.wrap(
            printable(one.what), width, initial_indent=f"{indent}  ", subsequent_indent=f"{indent}  "
        )
    if isinstance(one.rule, AnyOf):
        for member in one.rule.members:
            lines += _expectation(member, width, f"{indent}    ")
    return lines


def control_as_plain(catalogue: Catalogue, node: Node) -> dict[str, Any]:
    """One control as plain values, for JSON."""
    control = msgspec.structs.replace(node.control, controls=())
    plain: dict[str, Any] = msgspec.to_builtins(control)
    plain["expects"] = [
        {
            "id": one.id,
            "kinds": [kind.value for kind in one.kinds],
            "rule": str(one.rule),
            "basis": one.basis.value,
            "what": one.what,
            "binding": one.binding,
        }
        for one in expects(catalogue, node.control)
    ]
    plain["related"] = [
        {"to": str(one.to), "type": one.type.value, "source": one.source} for one in node.control.related
    ]
    return {"format_version": 1, "standard": str(catalogue.name), "control": plain}


def found_as_text(catalogues: Sequence[Catalogue], text: str, width: int) -> str:
    """The controls in which every word of a text is found."""
    words = text.casefold().split()
    rows = []
    ids = [catalogue.id for catalogue in catalogues]
    for catalogue in catalogues:
        for node in walk(catalogue):
            control = node.control
            said = " ".join(
                [control.id, control.local_id, control.title, control.summary, *(one.what for one in control.expects)]
            ).casefold()
            if control.assessable and words and all(word in said for word in words):
                name = catalogue.id if ids.count(catalogue.id) == 1 else catalogue.name
                rows.append((f"{name}:{control.id}", f"{control.title}\n{control.summary}"))
    if not rows:
        return f"No control speaks of “{printable(text)}”."
    return table(("Control", "Title and summary"), rows, width, flexible=1) + f"\n{counted(len(rows), 'control')}"
