"""What an OSCAL profile selects of a catalogue: by id, by pattern, with what lies below, less what it leaves out."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterable, Iterator

from compliance.exchange.imported import Skipped
from compliance.exchange.oscal.document import Node, controls_of


def control_ids(root: Node) -> frozenset[str]:
    """The OSCAL id of every control of a catalogue."""
    return frozenset(node["id"] for node, _, kind, _ in controls_of(root) if kind == "control" and "id" in node)


def select_ids(root: Node, selection: Node, ids: frozenset[str]) -> tuple[frozenset[str], list[Skipped]]:
    """What one `import` of a profile selects among the ids that are known, and which of its words name nothing.

    Without any list, or with `include-all`, it is everything.
    """
    below = _ids_below(root)
    skipped: list[Skipped] = []
    if "include-controls" in selection and "include-all" not in selection:
        chosen = _ids_named(selection["include-controls"], ids, below, skipped)
    else:
        chosen = set(ids)
    left_out = _ids_named(selection.get("exclude-controls", ()), ids, below, skipped)
    return frozenset(chosen - left_out), skipped


def _ids_named(
    choices: Iterable[Node], ids: frozenset[str], below: dict[str, list[str]], skipped: list[Skipped]
) -> set[str]:
    """The ids that any of the choices names, by itself or by a pattern; names of no control are added to `skipped`."""
    chosen: set[str] = set()
    for choice in choices:
        fitting_ids: set[str] = set()
        for name in choice.get("with-ids", ()):
            if name in ids:
                fitting_ids.add(name)
            else:
                skipped.append(Skipped(name, "the profile names it, and what it selects from has no such control"))
        for matching in choice.get("matching", ()):
            pattern = matching.get("pattern", "")
            fits = re.compile(fnmatch.translate(pattern)).match
            fitting = [name for name in ids if fits(name)]
            fitting_ids.update(fitting)
            if not fitting:
                skipped.append(Skipped(pattern, "the profile's pattern fits no control"))
        if choice.get("with-child-controls", "").casefold() == "yes":
            fitting_ids |= {child for name in list(fitting_ids) for child in below.get(name, ()) if child in ids}
        chosen |= fitting_ids
    return chosen


def _ids_below(root: Node) -> dict[str, list[str]]:
    """All the controls below each control."""

    def ids(node: Node) -> Iterator[str]:
        for child in node.get("controls", ()):
            if "id" in child:
                yield child["id"]
            yield from ids(child)

    return {node["id"]: list(ids(node)) for node, _, kind, _ in controls_of(root) if kind == "control" and "id" in node}
