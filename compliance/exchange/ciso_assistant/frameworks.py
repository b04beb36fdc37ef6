"""Libraries of CISO Assistant (YAML): a framework's requirement nodes, and sets that map frameworks to each other.

Nodes name their parents by URN; implementation groups become profiles. What a node says beyond its title is the
library's text, under the library's licence: it is kept beside the catalogue, and becomes summaries only where asked.
"""

from __future__ import annotations

from collections import Counter

from compliance.domain.standards.catalogue import Control, Profile
from compliance.domain.standards.expectations import Expectation
from compliance.domain.terms.references import Reference
from compliance.exchange.ciso_assistant.mappings import read_mappings
from compliance.exchange.drafts import (
    DEFAULT_EXPECTS,
    About,
    DraftControl,
    catalogue_of,
    id_from,
    leaves_assessable,
    note_on_respelt_ids,
    on_one_line,
    profiles_named,
    title_from,
)
from compliance.exchange.imported import Imported, Kept, Skipped
from compliance.exchange.options import Options, refuse_idle
from compliance.exchange.yaml_source import YamlSource, field, mappings, spelt, word, words
from compliance.problems import Refused
from compliance.store.text.located import Mapping

_NODE = ("urn", "parent_urn", "ref_id", "name", "assessable", "depth", "implementation_groups")
_LIBRARY = ("urn", "ref_id", "name", "copyright", "version", "provider", "packager", "objects", "locale")
_FRAMEWORK = ("urn", "ref_id", "name", "requirement_nodes", "implementation_groups_definition")
_OBJECTS = ("framework", "frameworks", "requirement_mapping_set", "requirement_mapping_sets")
_REFERRED_TO = {"reference_controls": "reference control", "threats": "threat"}
"""Lists of a library that nodes refer to: their texts are kept."""


def read_library(data: bytes, file: str, options: Options) -> Imported:
    """A library's framework as a catalogue, or its mappings as relations. Raises Refused where it has neither."""
    source = YamlSource(data, file)
    objects = field(source.root, "objects")
    if not isinstance(objects, Mapping):
        hint = "a library of CISO Assistant has them; --from says in which other format the file is"
        raise source.refusal(objects or source.root, "has no “objects”", hint)
    frameworks = mappings(field(objects, "framework", "frameworks"))
    if len(frameworks) > 1:
        hint = "keep one framework in the file for each import"
        raise source.refusal(frameworks[1], f"has {len(frameworks)} frameworks, not one", hint)
    licence = on_one_line(word(source.root, "copyright"))
    if frameworks:
        with source.shown():
            return _framework(source, objects, frameworks[0], file, options, licence)
    sets = mappings(field(objects, "requirement_mapping_set", "requirement_mapping_sets"))
    if not sets:
        names = ", ".join(objects.entries) or "nothing"
        raise source.refusal(objects, f"has no framework and no mappings, but {names}", "import a library that has one")
    idle = ("id", "version", "title", "short", "licence", "with_text")
    refuse_idle(options, idle, file, "mappings", "they become relations between standards that are here")
    relations, skipped, notes = read_mappings(sets, options, {})
    return Imported(
        catalogue=None,
        rows=len(relations) + len(skipped),
        counted="mappings",
        skipped=skipped,
        relations=relations,
        source_id=word(source.root, "ref_id") or word(source.root, "urn"),
        source_version=word(source.root, "version"),
        licence=licence,
        notes=notes,
    )


def _framework(
    source: YamlSource, objects: Mapping, framework: Mapping, file: str, options: Options, licence: str
) -> Imported:
    nodes = mappings(field(framework, "requirement_nodes"))
    ids, notes = _ids(source, nodes)
    groups = _groups(framework, nodes)
    kept = _of_library(source.root, objects, framework)
    drafts, flags = [], False
    last: dict[int, str] = {}
    for node in nodes:
        control_id = ids[word(node, "urn").casefold()]
        depth = int(word(node, "depth")) if word(node, "depth").isdecimal() and len(word(node, "depth")) < 4 else 0
        parent = _parent(source, node, control_id, depth, ids, last)
        last[depth] = control_id
        flags = flags or "assessable" in node.entries
        assessable = source.flag(node, "assessable")
        drafts.append(
            DraftControl(_control(node, control_id, assessable, groups, kept, options), parent, source.at(node))
        )
    if drafts and not flags:
        notes.append("No node says whether it is assessable: those that have none below are.")
        drafts = leaves_assessable(drafts)
    in_no_group = sum(draft.control.assessable and draft.control.profiles is None for draft in drafts) if groups else 0
    if in_no_group:
        notes.append(f"Controls in no implementation group apply under every profile: {in_no_group:,}.")
    others = [name for name in objects.entries if name not in _OBJECTS and name not in _REFERRED_TO]
    named = word(framework, "ref_id") or word(source.root, "ref_id") or word(framework, "name")
    about = About(
        id=named,
        version=word(source.root, "version"),
        title=word(framework, "name") or word(source.root, "name"),
        publisher=word(source.root, "provider") or word(source.root, "packager"),
        licence=licence,
        profiles=tuple(groups.values()),
    )
    catalogue = catalogue_of(drafts, about, options, file)
    references = {urn: Reference(catalogue.id, control_id, catalogue.version) for urn, control_id in ids.items()}
    sets = mappings(field(objects, "requirement_mapping_set", "requirement_mapping_sets"))
    if not sets:
        refuse_idle(options, ("columns",), file, "a library without mappings", "it says which standards mappings mean")
    relations, skipped, more = read_mappings(sets, options, references)
    return Imported(
        catalogue=catalogue,
        rows=len(nodes),
        counted="nodes",
        skipped=(*(Skipped(name, "a standard has nothing of the kind") for name in others), *skipped),
        kept=tuple(entry for entry in kept if entry.text),
        relations=relations,
        source_id=word(framework, "urn") or named,
        source_version=word(source.root, "version"),
        licence=licence,
        notes=tuple(note for note in (*notes, *more) if note),
    )


def _ids(source: YamlSource, nodes: tuple[Mapping, ...]) -> tuple[dict[str, str], list[str]]:
    """An id for each URN: the node's own, or where it has none or another node has it too, the URN's end."""
    refs = Counter(id_from(word(node, "ref_id")) for node in nodes)
    ids: dict[str, str] = {}
    spellings, by_urn, problems = [], 0, []
    for node in nodes:
        urn, ref = word(node, "urn"), id_from(word(node, "ref_id"))
        if not urn:
            problems.append(source.problem(node, "a requirement node has no urn", "add “urn: …”"))
            continue
        if urn.casefold() in ids:
            hint = "give one of the two another urn"
            problems.append(source.problem(node.entries["urn"].value, f"the urn {urn} is used twice", hint))
        single = ref and refs[ref] == 1
        by_urn += not single
        spellings += [(word(node, "ref_id"), ref)] if single else []
        ids[urn.casefold()] = ref if single else id_from(urn.rpartition(":")[2])
    if problems:
        raise Refused(problems[:20])
    notes = [note_on_respelt_ids(spellings)]
    if by_urn:
        notes.append(f"Nodes without a ref_id of their own are named by the end of their URN: {by_urn:,}.")
    return ids, notes


def _groups(framework: Mapping, nodes: tuple[Mapping, ...]) -> dict[str, Profile]:
    """A profile for each implementation group, by the group's own name; those that only nodes name are added."""
    titles = {
        word(group, "ref_id"): title_from(word(group, "name"), word(group, "ref_id"))
        for group in mappings(field(framework, "implementation_groups_definition"))
        if word(group, "ref_id")
    }
    for node in nodes:
        for ref in words(node, "implementation_groups"):
            titles.setdefault(ref, title_from(ref))
    return profiles_named(titles)


def _parent(
    source: YamlSource, node: Mapping, control_id: str, depth: int, ids: dict[str, str], last: dict[int, str]
) -> str:
    """The id of the node above: by its URN, or where none is given by the depth."""
    urn = word(node, "parent_urn")
    if not urn:
        return last.get(depth - 1, "") if depth > 1 else ""
    if urn.casefold() not in ids:
        raise source.refusal(
            node.entries["parent_urn"].value,
            f"{control_id} lies under {urn}, which is not in the file",
            "correct it, or add that node",
        )
    return ids[urn.casefold()]


def _control(
    node: Mapping, control_id: str, assessable: bool, groups: dict[str, Profile], kept: list[Kept], options: Options
) -> Control:
    name, description = word(node, "name"), word(node, "description")
    title = title_from(name, description, control_id)
    profiles = tuple(dict.fromkeys(groups[ref].id for ref in words(node, "implementation_groups"))) or None
    summary = on_one_line(description) if options.with_text else ""
    typical = field(node, "typical_evidence")
    expects: tuple[Expectation, ...] = ()
    if options.with_text and assessable and typical and spelt(typical):
        (default,) = DEFAULT_EXPECTS
        expects = (Expectation(id=default.id, rule=default.rule, what=on_one_line(spelt(typical))),)
    read_as = {*_NODE, *(["description"] if summary else []), *(["typical_evidence"] if expects else [])}
    if on_one_line(name) != title and name:
        kept.append(Kept(control_id, "name", name))
    kept += [Kept(control_id, key, spelt(entry.value)) for key, entry in node.entries.items() if key not in read_as]
    return Control(
        id=control_id, title=title, assessable=assessable, profiles=profiles, summary=summary, expects=expects
    )


def _of_library(library: Mapping, objects: Mapping, framework: Mapping) -> list[Kept]:
    """What library and framework say of themselves beyond what a catalogue has fields for, and what nodes lean on."""
    kept = [Kept("", key, spelt(entry.value)) for key, entry in library.entries.items() if key not in _LIBRARY]
    kept += [
        Kept("", f"framework {key}", spelt(entry.value))
        for key, entry in framework.entries.items()
        if key not in _FRAMEWORK
    ]
    for name, noun in _REFERRED_TO.items():
        for item in mappings(field(objects, name)):
            kept.append(Kept("", f"{noun} {word(item, 'urn') or word(item, 'ref_id')}", spelt(item)))
    groups = field(framework, "implementation_groups_definition")
    return [*kept, *([Kept("", "implementation groups", spelt(groups))] if groups else [])]
