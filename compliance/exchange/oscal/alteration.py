"""What an OSCAL profile changes in the controls it selects: parameters set, parts added and removed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from compliance.exchange.imported import Skipped
from compliance.exchange.oscal.document import Node, controls_of

_ITEMS = {"params": "param", "props": "prop", "links": "link", "parts": "part"}
"""The lists that a control has, and what an item of each is called."""
_CRITERIA = {"by-name": "name", "by-class": "class", "by-id": "id", "by-ns": "ns"}


def alter(root: Node, modify: Node) -> list[Skipped]:
    """Changes a catalogue's document, in place, as the `modify` of a profile says.

    Returns what could not be done, and why.
    """
    controls = {node["id"]: node for node, *_ in controls_of(root) if "id" in node}
    params = {
        param["id"]: param for node in (root, *controls.values()) for param in node.get("params", ()) if "id" in param
    }
    skipped = []
    for setting in modify.get("set-parameters", ()):
        param = params.get(setting.get("param-id", ""))
        if param is None:
            skipped.append(Skipped(f"set-parameter {setting.get('param-id', '')}", "there is no such parameter"))
        else:
            _set(param, setting)
    for alteration in modify.get("alters", ()):
        control = controls.get(alteration.get("control-id", ""))
        if control is None:
            skipped.append(Skipped(f"alter {alteration.get('control-id', '')}", "there is no such control"))
            continue
        skipped += [why for remove in alteration.get("removes", ()) for why in _remove(control, remove)]
        skipped += [why for add in alteration.get("adds", ()) for why in _add(control, add)]
    return skipped


def _set(param: Node, setting: Node) -> None:
    """Writes a setting into a parameter: lists of remarks grow, everything else is replaced."""
    for key, value in setting.items():
        if key in {"props", "links", "constraints", "guidelines"}:
            param[key] = [*param.get(key, ()), *value]
        elif key != "param-id":
            param[key] = value


def _remove(control: Node, remove: Node) -> Iterator[Skipped]:
    """Takes out of a control what a removal names; yields why, where nothing was taken out."""
    wanted = {field: remove[key] for key, field in _CRITERIA.items() if key in remove}
    item = remove.get("by-item-name", "")
    named = ", ".join(f"{key} {remove[key]}" for key in (*_CRITERIA, "by-item-name") if key in remove)
    if not wanted and not item:
        yield Skipped(f"remove in {control['id']}", "it does not say what")
    elif not _take_out(control, wanted, item):
        yield Skipped(f"remove in {control['id']} ({named})", "nothing there fits")


def _take_out(node: Node, wanted: dict[str, Any], item: str) -> bool:
    """Takes out of a control, and of its parts, what fits every criterion; whether anything did."""
    changed = False
    for key, name in _ITEMS.items():
        items = node.get(key, [])
        rest = [
            entry
            for entry in items
            if (item and item != name) or any(entry.get(field) != value for field, value in wanted.items())
        ]
        if len(rest) < len(items):
            node[key], changed = rest, True
    for part in node.get("parts", ()):
        changed = _take_out(part, wanted, item) or changed
    return changed


def _add(control: Node, add: Node) -> Iterator[Skipped]:
    """Puts an addition into a control or one of its parts; yields what had no place there."""
    target = str(add.get("by-id", control["id"]))
    position = add.get("position", "ending")
    place = (control, None) if target == control["id"] else _find_part(control, target)
    if place is None:
        yield Skipped(f"add to {control['id']} at {target}", "there is no such part")
        return
    node, parent = place
    beside = position in {"before", "after"} and parent is not None
    if "title" in add and not beside:
        node["title"] = add["title"]
    for key in _ITEMS:
        fresh = add.get(key, [])
        if beside and parent is not None and key == "parts":
            at = next(number for number, part in enumerate(parent) if part is node) + (position == "after")
            parent[at:at] = fresh
        elif fresh and beside:
            yield Skipped(f"add {key} {position} {target}", "only parts have a place beside another part")
        elif fresh:
            old = node.get(key, [])
            node[key] = [*fresh, *old] if position == "starting" else [*old, *fresh]


def _find_part(node: Node, name: str) -> tuple[Node, list[Node]] | None:
    """The part of that id below a node, and the list it stands in."""
    parts: list[Node] = node.get("parts", [])
    for part in parts:
        if part.get("id") == name:
            return part, parts
        place = _find_part(part, name)
        if place:
            return place
    return None
