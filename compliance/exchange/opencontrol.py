"""OpenControl standards (a mapping of control keys to family, name and description) and certifications (selections).

The format is that of github.com/opencontrol/schemas: a standard has `name` and its controls beside each other; a
certification has `name` and, for each standard, the keys that it selects. A selection becomes a profile; its controls
have no titles but their keys, because a certification has none.
"""

from __future__ import annotations

from compliance.domain.standards.catalogue import Control, Profile
from compliance.exchange.drafts import (
    About,
    DraftControl,
    catalogue_of,
    id_from,
    leaves_assessable,
    note_on_respelt_ids,
    on_one_line,
    slug_from,
    stem_of,
    title_from,
)
from compliance.exchange.imported import Imported, Kept, Skipped
from compliance.exchange.options import Options
from compliance.exchange.yaml_source import YamlSource, spelt, word
from compliance.problems import Location, counted, refuse
from compliance.store.text.located import Mapping, Scalar

_ABOUT = (
    "name",
    "version",
    "majorVersion",
    "license",
    "licence",
    "source",
    "description",
    "documentation_complete",
    "schema_version",
)
"""Fields of the standard itself; every other key is a control's."""
_READ = ("family", "name", "description")


def read_opencontrol(data: bytes, file: str, options: Options) -> Imported:
    """A standard or a certification as a catalogue. Raises Refused for what is neither."""
    source = YamlSource(data, file)
    standards = source.root.entries.get("standards")
    with source.shown():
        if standards and isinstance(standards.value, Mapping):
            return _certification(source, standards.value, file, options)
        return _standard(source, file, options, "OpenControl")


def read_standard(data: bytes, file: str, options: Options, publisher: str) -> Imported:
    """A standard as a catalogue. Raises Refused for what is none."""
    source = YamlSource(data, file)
    with source.shown():
        return _standard(source, file, options, publisher)


def _standard(source: YamlSource, file: str, options: Options, publisher: str) -> Imported:
    """Controls that lie beside each other by their keys, under the families that they name."""
    drafts: list[DraftControl] = []
    families: dict[str, DraftControl] = {}
    kept: list[Kept] = []
    skipped: list[Skipped] = []
    spellings: list[tuple[str, str]] = []
    keys = {id_from(key) for key in source.root.entries}
    for key, entry in source.root.entries.items():
        node = entry.value
        if not isinstance(node, Mapping):
            if key not in _ABOUT:
                skipped.append(Skipped(key, "is no control: it has no fields"))
            elif key != "name":
                kept.append(Kept("", key, spelt(node)))
            continue
        control_id = id_from(key)
        if not control_id:
            skipped.append(Skipped(key, "has no id that could be written"))
            continue
        spellings.append((key, control_id))
        parent = _family(word(node, "family"), control_id, keys, families, source.at(node))
        drafts.append(DraftControl(_control(control_id, node, kept, options), parent, source.at(node)))
        kept += [
            Kept(control_id, name, spelt(below.value)) for name, below in node.entries.items() if name not in _READ
        ]
    named = word(source.root, "name")
    licence = word(source.root, "license") or word(source.root, "licence")
    rows = len(drafts)
    notes = [note_on_respelt_ids(spellings), _on_families(families)]
    if not word(source.root, "version") and not options.version:
        notes.append("The source states no version: 1 is written; --version says another.")
    about = About(
        id=named or stem_of(file),
        version=word(source.root, "version"),
        title=named or stem_of(file),
        publisher=publisher,
        licence=licence,
    )
    catalogue = catalogue_of(leaves_assessable([*families.values(), *drafts]), about, options, file)
    return Imported(
        catalogue=catalogue,
        rows=rows,
        counted="controls",
        skipped=tuple(skipped),
        kept=tuple(entry for entry in kept if entry.text),
        source_id=named,
        source_version=word(source.root, "version"),
        licence=licence,
        notes=tuple(note for note in notes if note),
    )


def _control(control_id: str, node: Mapping, kept: list[Kept], options: Options) -> Control:
    name, description = word(node, "name"), word(node, "description")
    title = title_from(name, description, control_id)
    summary = on_one_line(description) if options.with_text else ""
    if on_one_line(name) not in {title, ""}:
        kept.append(Kept(control_id, "name", name))
    if description and not summary:
        kept.append(Kept(control_id, "description", description))
    return Control(id=control_id, title=title, summary=summary)


def _family(name: str, control_id: str, keys: set[str], families: dict[str, DraftControl], where: Location) -> str:
    """The id of the control's family, made a heading where no control has it; none for what is its own family."""
    family = id_from(name)
    if not family or family == control_id:
        return ""
    if family not in keys and family not in families:
        families[family] = DraftControl(Control(id=family, title=title_from(name)), "", where)
    return family


def _on_families(families: dict[str, DraftControl]) -> str:
    return f"The tree is made from families: {counted(len(families), 'heading')}." if families else ""


def _certification(source: YamlSource, standards: Mapping, file: str, options: Options) -> Imported:
    named = word(source.root, "name") or stem_of(file)
    if len(standards.entries) != 1:
        listed = ", ".join(standards.entries) or "none"
        hint = "keep one of them in the file for each import"
        raise source.refusal(
            standards, f"selects from {len(standards.entries)} standards ({listed}), not from one", hint
        )
    ((of, entry),) = standards.entries.items()
    profile = slug_from(named) or "selection"
    drafts, kept, spellings = [], [], []
    if not isinstance(entry.value, Mapping):
        raise source.refusal(
            entry.value, f"selects nothing from {of}", "list the keys of its controls, each with “: {}”"
        )
    for key, chosen in entry.value.entries.items():
        control_id = id_from(key)
        spellings.append((key, control_id))
        if not control_id:
            raise refuse("a control has no key", location=source.at(chosen.value), hint="give it one")
        control = Control(id=control_id, title=control_id, assessable=True, profiles=(profile,))
        drafts.append(DraftControl(control, "", source.at(chosen.value)))
        if not isinstance(chosen.value, Scalar):
            kept.append(Kept(control_id, "selection", spelt(chosen.value)))
    notes = [
        f"A certification selects controls of {of} and has no titles: each has its key for one. With the standard "
        "itself imported as well, compare the two with standards show.",
        note_on_respelt_ids(spellings),
    ]
    about = About(
        id=f"{of} {named}",
        version="",
        title=f"{of}: {named}",
        publisher="OpenControl",
        profiles=(Profile(id=profile, title=named),),
    )
    return Imported(
        catalogue=catalogue_of(drafts, about, options, file),
        rows=len(drafts),
        counted="controls",
        kept=tuple(entry for entry in kept if entry.text),
        source_id=named,
        notes=tuple(note for note in notes if note),
    )
