"""OSCAL documents that this program wrote, read back: the same catalogue, and what others have added to it since."""

from __future__ import annotations

from typing import Any

import msgspec

from compliance.domain.standards.catalogue import Catalogue, Relation, walk
from compliance.exchange.imported import Imported, Kept
from compliance.exchange.options import Options, refuse_idle
from compliance.exchange.oscal.document import Node, as_lines, controls_of, prop, version_doubts
from compliance.exchange.oscal.fields import NAMESPACE, own_fields_of
from compliance.exchange.oscal.parts import labelled, text_of_part
from compliance.exchange.reading import fault_at
from compliance.exchange.shapes import Path
from compliance.problems import Problem, Refused
from compliance.store.catalogues.catalogues import with_controls
from compliance.store.text.located import Entry, Mapping, Place, Scalar, Sequence, Text
from compliance.store.text.located import Node as Tree
from compliance.store.text.parsed import parse_node

ABOUT = "about-this-catalogue"
_MOST = 5
"""How many faults are shown with their place."""
_STATEMENT = "statement"
_FOR_OTHERS = ("label", "status", "related", "incorporated-into")
"""Properties and links that are written for other programs: fields of ours say the same."""


def is_ours(root: Node) -> bool:
    """Whether the document says that it was written by this program."""
    return any(
        entry.get("ns") == NAMESPACE and entry.get("name") == "format"
        for entry in root.get("metadata", {}).get("props", ())
    )


def read(root: Node, data: bytes, file: str, options: Options) -> Imported:
    """The catalogue that was written. Raises Refused, located, for what was changed to something that is no value."""
    why = "this program wrote it, and it says all of itself"
    refuse_idle(options, ("licence", "with_text"), file, "a catalogue that was exported from here", why)
    metadata = root.get("metadata", {})
    trees = _PlacedTrees()
    others = [group for group in root.get("groups", ()) if group.get("class") != ABOUT]
    nodes = [(node, kind) for node, _, kind, _ in controls_of({**root, "groups": others})]
    fields: dict[str, Any] = {"title": metadata.get("title", ""), "version": metadata.get("version", "")}
    fields |= own_fields_of({"props": metadata.get("props", [])})  # OSCAL has no parts there: they may be anything
    for group in root.get("groups", ()):
        if group.get("class") == ABOUT:
            fields |= own_fields_of(group)
    fields.pop("format", None)
    tree = trees.mapping(fields, ("catalog", "metadata"), trees.below(root, ("catalog",)))
    source = Text(file, "")
    parsed = parse_node(tree, source, Catalogue)
    if parsed.value is None:
        placed: list[Problem] = []
        for problem in parsed.problems[:_MOST]:
            way = trees.ways[problem.location.line - 1 if problem.location else 0]
            placed += fault_at(data, file, way, problem.sentence, problem.hint).problems
        raise Refused(placed)
    return Imported(
        catalogue=_with_names_of(parsed.value, options),
        rows=len(nodes),
        counted="groups and controls",
        skipped=tuple(version_doubts(root)),
        kept=tuple(text for node, kind in nodes for text in _texts_of_others(node, kind)),
        source_id=root.get("uuid", ""),
        source_version=metadata.get("version", ""),
        licence=parsed.value.wording,
    )


def _with_names_of(catalogue: Catalogue, options: Options) -> Catalogue:
    names = {"id": options.id, "version": options.version, "title": options.title, "short": options.short}
    named = msgspec.structs.replace(catalogue, **{key: value for key, value in names.items() if value})
    return named if named.id == catalogue.id else _with_relations_renamed(named, catalogue.id)


def _with_relations_renamed(catalogue: Catalogue, before: str) -> Catalogue:
    """The catalogue with its relations to itself under the id that it has now."""

    def renamed(relation: Relation) -> Relation:
        if relation.to.standard != before:
            return relation
        return msgspec.structs.replace(relation, to=msgspec.structs.replace(relation.to, standard=catalogue.id))

    controls = [node.control for node in walk(catalogue) if node.control.related]
    changed = {
        control.id: msgspec.structs.replace(control, related=tuple(renamed(relation) for relation in control.related))
        for control in controls
    }
    return with_controls(catalogue, changed)


class _PlacedTrees:
    """Trees of text, as files in YAML are read to, made from the fields of an OSCAL document.

    The parser of catalogues gives each fault the line of its value. Here a line is a number, from 1, of one of `ways`:
    the keys and places in lists that lead to the group or control in the document.
    """

    def __init__(self) -> None:
        self.ways: list[Path] = []

    def mapping(self, fields: dict[str, Any], way: Path, controls: list[Tree]) -> Mapping:
        """The fields of a node that lies at that way, with the controls below it."""
        self.ways.append(way)
        place = Place(len(self.ways), 1)
        entries = {key: Entry(place, _tree(value, place)) for key, value in fields.items()}
        if controls:
            entries["controls"] = Entry(place, Sequence(tuple(controls), place))
        return Mapping(entries, place)

    def below(self, node: Node, way: Path) -> list[Tree]:
        """The groups and controls under a node, in their order."""
        return [
            self._control(child, (*way, key, at), key == "controls")
            for key in ("groups", "controls")
            for at, child in enumerate(node.get(key, ()))
            if child.get("class") != ABOUT
        ]

    def _control(self, node: Node, way: Path, is_control: bool) -> Tree:
        fields: dict[str, Any] = {"id": prop(node, "label") or node.get("id", ""), "title": node.get("title", "")}
        fields["assessable"] = "true" if is_control else "false"
        statement = next((part for part in node.get("parts", ()) if _is_statement(part)), None)
        if statement:
            fields["summary"] = statement["prose"]
        return self.mapping(fields | own_fields_of(node), way, self.below(node, way))


def _tree(value: Any, place: Place) -> Tree:
    if isinstance(value, dict):
        return Mapping({key: Entry(place, _tree(below, place)) for key, below in value.items()}, place)
    if isinstance(value, list):
        return Sequence(tuple(_tree(item, place) for item in value), place)
    return Scalar(str(value), place)


def _is_statement(part: Node) -> bool:
    return part.get("name") == _STATEMENT and "ns" not in part and "prose" in part


def _texts_of_others(node: Node, kind: str) -> list[Kept]:
    """What somebody else has put into the document: it is kept as it is in any other one."""
    name = prop(node, "label") or node.get("id", kind)
    statement = next((entry for entry in node.get("parts", ()) if _is_statement(entry)), None)
    texts = [
        (labelled(part), text_of_part(part))
        for part in node.get("parts", ())
        if part.get("ns") != NAMESPACE and part is not statement
    ]
    for key in ("params", "remarks"):
        texts += [(key, as_lines(node[key]))] if key in node else []
    others = [
        entry
        for entry in node.get("props", ())
        if entry.get("ns") != NAMESPACE and entry.get("name") not in _FOR_OTHERS
    ]
    links = [entry for entry in node.get("links", ()) if entry.get("rel") not in _FOR_OTHERS]
    texts += [("properties", as_lines(others)), ("links", as_lines(links))]
    return [Kept(name, what, "\n".join(lines)) for what, lines in texts if lines]
