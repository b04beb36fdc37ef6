"""OSCAL catalogues read: groups, controls and enhancements as a tree of ours, and every text accounted for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import msgspec

from compliance.domain.standards.catalogue import Catalogue, Control, Profile, Relation, RelationType
from compliance.domain.terms.references import Reference
from compliance.exchange.drafts import UNNAMED, About, DraftControl, catalogue_of, id_from, slug_from, title_from
from compliance.exchange.imported import Imported, Kept, Skipped
from compliance.exchange.options import Options
from compliance.exchange.oscal import own as oscal_own
from compliance.exchange.oscal.about import is_public_domain, licence_of, publisher_of, short_title, title_of
from compliance.exchange.oscal.document import Node, as_lines, controls_of, document_of, prop, version_doubts
from compliance.exchange.oscal.params import Parameters
from compliance.exchange.oscal.parts import is_plain, labelled, prose_of, text_of_part
from compliance.exchange.reading import fault_at
from compliance.exchange.shapes import Path
from compliance.problems import Location

_SUCCESSOR_LINKS = ("moved-to", "incorporated-into")
_READ_KEYS = frozenset(("id", "title", "class", "props", "links", "params", "parts", "groups", "controls"))
_SORT_ID = "sort-id"
_STATEMENT = "statement"


class Selected(msgspec.Struct, frozen=True):
    """What a profile selects of a catalogue: the OSCAL ids, and what the profile is called."""

    profile: Profile
    ids: frozenset[str]


def read_catalog(data: bytes, file: str, options: Options) -> Imported:
    """The catalogue that an OSCAL document holds. Raises Refused for what cannot be read."""
    root = document_of(data, file, "catalog")
    if oscal_own.is_ours(root):
        return oscal_own.read(root, data, file, options)
    return convert(root, data, file, options)


def convert(root: Node, data: bytes, file: str, options: Options, selected: tuple[Selected, ...] = ()) -> Imported:
    """A document whose shape was checked, as a catalogue.

    Each selection is a profile of it; where there is one alone, that is the default profile. Raises Refused, with the
    place, for ids that stand twice, controls without an id, and for what makes no catalogue.
    """
    return _Conversion(root, data, file, options, selected).imported()


class _Conversion:
    """One document on its way to a catalogue: what was named how, what was kept, what had no use."""

    def __init__(self, root: Node, data: bytes, file: str, options: Options, selected: tuple[Selected, ...]) -> None:
        self._root, self._data, self._file, self._options = root, data, file, options
        self._selected = selected
        self._nodes = list(controls_of(root))
        self._parameters = Parameters(root)
        self._names = self._names_of_nodes()
        self._resources = {item["uuid"]: item for item in _resources(root) if "uuid" in item}
        self._kept: list[Kept] = []
        self._skipped = list(version_doubts(root))
        self._unused: Counter[tuple[str, str]] = Counter()
        self._with_text = options.with_text or is_public_domain(root)
        self._id = options.id or slug_from(short_title(title_of(root))) or UNNAMED

    def imported(self) -> Imported:
        metadata = self._root.get("metadata", {})
        drafts = list(self._drafts())
        for name in sorted(self._parameters.unknown):
            why = "the document does not have it: its name stands there"
            self._skipped.append(Skipped(f"the parameter {name}", why))
        licence = self._options.licence or licence_of(self._root)
        about = About(
            id=self._id,
            version=metadata.get("version", ""),
            title=title_of(self._root),
            publisher=publisher_of(self._root),
            licence=licence,
            profiles=tuple(selection.profile for selection in self._selected),
        )
        catalogue = catalogue_of(drafts, about, self._options, self._file)
        catalogue = self._finished(catalogue)
        self._keep("", "document", self._about_document())
        for item in _resources(self._root):
            self._keep("", f"back matter {item.get('uuid', '')}".rstrip(), self._about_resource(item))
        respelt = [
            f"{name}: {node['id']}"
            for node, *_ in self._nodes
            if (name := self._names[id(node)]).casefold() != node.get("id", name).casefold()
        ]
        self._keep("", "ids in the source, where they are others", respelt)
        unused = [
            Skipped(what if count == 1 else f"{what} ({count:,} times)", why)
            for (what, why), count in self._unused.items()
        ]
        return Imported(
            catalogue=catalogue,
            rows=len(self._nodes),
            counted="groups and controls",
            skipped=(*unused, *self._skipped),
            kept=tuple(self._kept),
            source_id=self._root.get("uuid", ""),
            source_version=metadata.get("version", ""),
            licence=licence,
        )

    def _finished(self, catalogue: Catalogue) -> Catalogue:
        changes = {"short": self._options.short or short_title(catalogue.title)[:60].strip()}
        if len(self._selected) == 1:
            changes["default_profile"] = self._selected[0].profile.id
        return msgspec.structs.replace(catalogue, **changes)

    def _names_of_nodes(self) -> dict[int, str]:
        """Our id of each node, by the node's identity: its published label, or else its OSCAL id.

        Raises Refused for an id that stands twice, and for a control that has none.
        """
        first: dict[str, Path] = {}
        for node, path, kind, _ in self._nodes:
            name = node.get("id", "")
            if name and name in first:
                hint = "give one of the two another id"
                raise fault_at(self._data, self._file, (*path, "id"), f"the id {name} is used twice", hint)
            if not name and kind == "control":
                raise fault_at(self._data, self._file, path, "a control has no “id”", "give it one, as OSCAL wants")
            first[name] = path
        labels = Counter(id_from(prop(node, "label")) for node, *_ in self._nodes)
        taken: set[str] = set()
        again: Counter[str] = Counter()
        named = {}
        for node, _, kind, _ in self._nodes:
            label = id_from(prop(node, "label"))
            own = id_from(node.get("id", "")) or slug_from(node.get("title", "")) or kind
            wanted = label if label and labels[label] == 1 else own
            while wanted in taken:
                again[own] += 1
                wanted = f"{own}-{again[own] + 1}"
            taken.add(wanted)
            named[id(node)] = wanted
        return named

    def _drafts(self) -> Iterator[DraftControl]:
        by_oscal = {node["id"]: self._names[id(node)] for node, *_ in self._nodes if "id" in node}
        for node, *_ in self._nodes:  # a link may lead to a part of a control
            for part in _parts_below(node):
                if "id" in part:
                    by_oscal.setdefault(part["id"], self._names[id(node)])
        where = Location(self._file)
        way: list[str] = []
        for node, _, kind, depth in self._nodes:
            del way[depth - 1 :]
            name = self._names[id(node)]
            parent = way[-1] if way else ""
            yield DraftControl(self._control(node, name, kind, by_oscal, parent), parent, where)
            way.append(name)

    def _control(self, node: Node, name: str, kind: str, by_oscal: dict[str, str], parent: str) -> Control:
        withdrawn = prop(node, "status").casefold() == "withdrawn"
        related, successors = self._links(node, name, by_oscal, parent)
        if withdrawn:
            whither = f": see {', '.join(successors)}" if successors else ""
            why = f"withdrawn{whither} (listed, and never judged)"
            self._skipped.append(Skipped(name, why, listed=True))
        title = title_from(node.get("title", ""), name)
        if title != node.get("title", ""):
            self._keep(name, "title", [node.get("title", "")] if node.get("title") else [])
        summary = self._parts(node, name)
        self._rest(node, name)
        judged = kind == "control" and not withdrawn
        chosen = None
        if self._selected and judged:
            chosen = tuple(each.profile.id for each in self._selected if node["id"] in each.ids)
        return Control(
            id=name,
            title=title,
            assessable=judged,
            profiles=chosen,
            summary=summary,
            related=related,
            superseded_by=successors[0] if withdrawn and successors else "",
        )

    def _links(
        self, node: Node, name: str, by_oscal: dict[str, str], parent: str
    ) -> tuple[tuple[Relation, ...], list[str]]:
        """The relations that a control's links make, and what a withdrawn one went into; the rest is kept."""
        related: dict[str, Relation] = {}
        successors: list[str] = []
        lines = []
        for link in node.get("links", ()):
            href, rel = link.get("href", ""), link.get("rel", "")
            target = by_oscal.get(href.removeprefix("#"), "") if href.startswith("#") else ""
            if target and rel in _SUCCESSOR_LINKS:
                successors.append(target)
            elif target and rel == "related" and target != name:
                reference = Reference(self._id, target)
                related[target] = Relation(to=reference, type=RelationType.INTERSECTS, source="the OSCAL document")
            elif target and rel == "required" and target == parent:
                self._unused["a link from an enhancement to its control", "the tree says it"] += 1
            else:
                lines.append(self._about_link(rel, href, target, link))
        self._keep(name, "links", lines)
        return tuple(related.values()), successors

    def _about_link(self, rel: str, href: str, target: str, link: Node) -> str:
        resource = self._resources.get(href.removeprefix("#"))
        label = target or (resource and resource.get("title")) or href
        text = f" ({link['text']})" if link.get("text") else ""
        return f"{rel or 'link'}: {label}{text}"

    def _parts(self, node: Node, name: str) -> str:
        """The summary, where the words may stand in it; every other part is kept as it is."""
        summary = ""
        for part in node.get("parts", ()):
            lines = text_of_part(part)
            is_summary = part.get("name") == _STATEMENT and self._with_text and not summary
            if is_summary:
                summary = self._parameters.filled(prose_of(part))
            if not is_summary or not is_plain(part):
                self._keep(name, labelled(part), [self._parameters.filled(line) for line in lines])
        return summary

    def _rest(self, node: Node, name: str) -> None:
        """Keeps what is neither tree nor text: the source's own id, parameters, properties, and keys not known."""
        self._keep(name, "parameters", self._parameters.lines(node.get("params", [])))
        lines = []
        for item in node.get("props", ()):
            if item.get("name") == _SORT_ID:
                self._unused["the property “sort-id”", "the order of the document is kept as it is"] += 1
            elif not _is_in_catalogue(item, name):
                lines += as_lines([item])
        self._keep(name, "properties", lines)
        if "class" in node:
            self._unused[f"the class “{node['class']}”", "the tree says what lies below what"] += 1
        for key in node:
            if key not in _READ_KEYS:
                self._unused[f"the field “{key}”", "OSCAL has no such field here: its text is kept"] += 1
                self._keep(name, key, as_lines(node[key]))

    def _about_document(self) -> list[str]:
        about = {key: value for key, value in self._root.items() if key not in {"groups", "controls", "back-matter"}}
        about.pop("params", None)
        matter = {key: value for key, value in self._root.get("back-matter", {}).items() if key != "resources"}
        about |= {"back-matter": matter} if matter else {}
        return [*as_lines(about), *self._parameters.lines(self._root.get("params", []))]

    def _about_resource(self, resource: Node) -> list[str]:
        fields = dict(resource)
        if "base64" in fields:
            fields.pop("base64")
            why = "only texts are kept: file it as evidence if you need it"
            self._unused["a file within the back matter", why] += 1
        return as_lines(fields)

    def _keep(self, control: str, name: str, lines: list[str]) -> None:
        text = "\n".join(lines).strip()
        if text:
            self._kept.append(Kept(control, name, text))


def _is_in_catalogue(entry: Node, name: str) -> bool:
    """Whether a property is said by our id or by the list of what was withdrawn."""
    value = entry.get("value", "")
    return (entry.get("name") == "label" and id_from(value) == name) or (
        entry.get("name") == "status" and value.casefold() == "withdrawn"
    )


def _resources(root: Node) -> list[Node]:
    resources: list[Node] = root.get("back-matter", {}).get("resources", [])
    return resources


def _parts_below(node: Node) -> Iterator[Node]:
    for part in node.get("parts", ()):
        yield part
        yield from _parts_below(part)
