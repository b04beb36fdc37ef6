"""A catalogue or overlay as its author looks at it: everything wrong in it, and what would make it better."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import msgspec

from compliance.domain.standards.catalogue import Catalogue, Control, walk
from compliance.domain.standards.expectations import Expectation, leaves
from compliance.domain.terms.layout import OVERLAY_SUFFIX
from compliance.domain.terms.references import StandardName
from compliance.problems import Location, Problem, Severity, choice_hint, in_order
from compliance.store.catalogues.catalogues import check_catalogue, expectations_of, places_of
from compliance.store.catalogues.consistency import Oversight, oversights
from compliance.store.catalogues.named import ended_edition, ended_in
from compliance.store.catalogues.overlays import apply_overlay
from compliance.store.text.located import Mapping, Node, Place, Sequence, Text
from compliance.store.text.parsed import parse_node
from compliance.store.text.yaml_text import read_yaml_file

Find = Callable[[StandardName], Catalogue | None]
"""Gives the catalogue of a name, where there is just one."""


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """A file as it was found: the catalogue it makes, if it can be read, and the problems in it."""

    file: str
    is_overlay: bool
    catalogue: Catalogue | None
    """Of an overlay, the catalogue that it changes, with the changes."""
    problems: tuple[Problem, ...]


def examine(data: bytes, file: str, find: Find, standards: Iterable[str]) -> Draft:
    """Reads a catalogue or an overlay; `standards` are the ids of those that relations may lead to."""
    node, source = read_yaml_file(data, file)
    if is_overlay(file, node):
        changed, problems = apply_overlay(data, file, find)
        notes = _of_overlay(node, changed, source) if changed and isinstance(node, Mapping) else ()
        return _draft(file, True, changed, [*problems, *notes, *_ended(source), *_misplaced(file, True)])
    parsed = parse_node(node, source, Catalogue, check_catalogue)
    if parsed.value is None or not isinstance(node, Mapping):
        return _draft(file, False, None, parsed.problems)
    notes = _of_catalogue(parsed.value, node, source, find, sorted({*standards, parsed.value.id}))
    ended = [*_ended_edition(parsed.value, node, source), *_ended(source)]
    return _draft(file, False, parsed.value, [*parsed.problems, *notes, *ended, *_misplaced(file, False)])


def is_overlay(file: str, node: Node | None = None) -> bool:
    """Whether a file is meant to be an overlay, by its name or by what it begins with."""
    return file.endswith(OVERLAY_SUFFIX) or (isinstance(node, Mapping) and "overlay" in node.entries)


def _draft(file: str, overlay: bool, catalogue: Catalogue | None, problems: Iterable[Problem]) -> Draft:
    return Draft(file=file, is_overlay=overlay, catalogue=catalogue, problems=in_order(problems))


def _ended(source: Text) -> Iterator[Problem]:
    """Services and editions that a text names and that had ended when they were last looked up."""
    for start, thing in ended_in(source.text):
        yield _warning(source, source.place_at(start), f"names {thing.name}, which ended on {thing.ended}", thing.hint)


def _ended_edition(catalogue: Catalogue, node: Mapping, source: Text) -> Iterator[Problem]:
    edition = ended_edition(catalogue.name)
    if edition:
        yield _warning(source, node.entries["version"].value.place, edition.sentence, edition.hint)


def _misplaced(file: str, overlay: bool) -> Iterator[Problem]:
    """A name by which the file would not be read as what it is."""
    endings = (OVERLAY_SUFFIX,) if overlay else (".yaml", ".yml")
    if not file.endswith(endings):
        what = "an overlay" if overlay else "a catalogue"
        sentence = f"is {what} by what it holds, and not by its name: in standards/ it would not be read as one"
        yield Problem(sentence, Location(file), f"let its name end with {endings[0]}", severity=Severity.WARNING)


def _of_catalogue(
    catalogue: Catalogue, node: Mapping, source: Text, find: Find, standards: list[str]
) -> Iterator[Problem]:
    places = places_of(node)
    first_with: dict[str, str] = {}
    if catalogue.default_expects:
        yield from _without_what(catalogue.default_expects, node, "the default expectation", source)
    for entry in walk(catalogue):
        control = entry.control
        place = places[control.id][0]
        if control.assessable:
            yield from _summary(control, place, source, first_with)
        yield from _without_what(control.expects, place, control.id, source)
        yield from _relations(control, place, source, find, standards)
    for oversight in oversights(catalogue, find, standards):
        where = _place_of(oversight, places[oversight.control][0]) if oversight.control else _of_all(oversight, node)
        yield source.problem(where, oversight.sentence, oversight.hint, oversight.severity)


def _of_all(oversight: Oversight, node: Mapping) -> Place:
    """Where an expectation is written that is the catalogue's default, or that of a method."""
    scheme = node.entries.get("scheme")
    methods = scheme.value.entries.get("methods") if scheme and isinstance(scheme.value, Mapping) else None
    listed = methods.value.items if methods and isinstance(methods.value, Sequence) else ()
    written = _defaults(node)
    for method in listed:
        written |= expectations_of(method) if isinstance(method, Mapping) else {}
    inside = written.get(oversight.expectation, node)
    entry = inside.entries.get(oversight.key)
    return entry.key if entry else inside.place


def _place_of(oversight: Oversight, node: Mapping) -> Place:
    """Where an oversight is written: the key it names, or what that would be in."""
    if oversight.relation is not None:
        return _related_place(node, oversight.relation)
    inside = expectations_of(node).get(oversight.expectation, node)
    entry = inside.entries.get(oversight.key)
    return entry.key if entry else inside.place


def _related_place(node: Mapping, place: int) -> Place:
    """Where the control is named that a control is related to."""
    listed = node.entries["related"].value
    items = listed.items if isinstance(listed, Sequence) else (listed,)
    item = items[place]
    return item.entries["to"].value.place if isinstance(item, Mapping) else item.place


def _summary(control: Control, place: Mapping, source: Text, first_with: dict[str, str]) -> Iterator[Problem]:
    summary = " ".join(control.summary.split()).casefold()
    if not summary:
        hint = "add “summary: …”: what it asks for, in a sentence of your own"
        yield _warning(source, place.place, f"{control.id} has no summary", hint)
    elif first_with.setdefault(summary, control.id) != control.id:
        sentence = f"{control.id} has the same summary as {first_with[summary]}"
        hint = "say what sets them apart; people find controls by these words"
        yield _warning(source, place.entries["summary"].value.place, sentence, hint)


def _without_what(wanted: Iterable[Expectation], node: Mapping, of: str, source: Text) -> Iterator[Problem]:
    places = expectations_of(node) | _defaults(node)
    for leaf in (leaf for expectation in wanted for leaf in leaves(expectation)):
        if not leaf.what:
            hint = "add “what: …”: what to file, in a few words; it is what people read in the list of gaps"
            yield _warning(
                source, places.get(leaf.id, node).place, f"#{leaf.id} of {of} does not say what to file", hint
            )


def _defaults(node: Mapping) -> dict[str, Mapping]:
    """The expectations that stand for every control that has none of its own, by id."""
    entry = node.entries.get("default-expects")
    return expectations_of(Mapping({"expects": entry}, node.place)) if entry else {}


def _relations(control: Control, place: Mapping, source: Text, find: Find, standards: list[str]) -> Iterator[Problem]:
    if not control.related:
        return
    for number, relation in enumerate(control.related):
        where = _related_place(place, number)
        named = relation.to
        if named.standard not in standards:
            hint = choice_hint(named.standard, standards)
            yield _warning(source, where, f"{control.id} is related to {named.standard}, which is not known here", hint)
            continue
        other = find(StandardName(named.standard, named.version))
        control_ids = [node.control.id for node in walk(other)] if other else []
        if control_ids and named.control not in control_ids:
            near = choice_hint(named.control, control_ids)
            hint = near or f"list them with: compliance standards show {named.standard}"
            yield _warning(source, where, f"{control.id} is related to {named}, which there is not", hint)


def _of_overlay(node: Mapping, changed: Catalogue, source: Text) -> Iterator[Problem]:
    """Expectations that an overlay adds without saying what to file."""
    controls = {entry.control.id: entry.control for entry in walk(changed)}
    for control_id, places in places_of(node).items():
        written = expectations_of(places[0])
        ours = [expectation for expectation in controls[control_id].expects if expectation.id in written]
        yield from _without_what(ours, places[0], control_id, source)


def _warning(source: Text, place: Place, sentence: str, hint: str) -> Problem:
    return source.problem(place, sentence, hint, Severity.WARNING)
