"""Two versions of a standard side by side: what came, went, moved, and asks for more than it did."""

from __future__ import annotations

import enum
import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from compliance.domain.standards.catalogue import Catalogue, Control, expects, walk
from compliance.domain.standards.expectations import AnyOf, Every, Expectation
from compliance.domain.terms.references import StandardName
from compliance.domain.terms.vocabulary import Basis, Need

Links = Mapping[str, tuple[str, ...]]
"""For each control of the newer version, the controls of the older one that it continues."""


class ChangeKind(enum.Enum):
    """What became of a control on the way from one version to another."""

    KEPT = "kept"
    MOVED = "moved"
    SPLIT = "split"
    MERGED = "merged"
    ADDED = "added"
    DROPPED = "dropped"


class ExpectationChange(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that an expectation says otherwise; `before` or `after` is empty where it came or went.

    `aspect` is added, dropped, interval, kind, need, basis, per or optional. `mandated`: the standard itself demands
    it, so that an approval relies on it.
    """

    id: str
    aspect: str
    before: str = ""
    after: str = ""
    mandated: bool = False

    def __str__(self) -> str:
        if self.aspect in {"added", "dropped"}:
            return f"#{self.id} {self.aspect}: {self.before or self.after}"
        return f"#{self.id} {self.aspect}: {self.before or 'none'} → {self.after or 'none'}"


class ControlChange(msgspec.Struct, frozen=True, kw_only=True):
    """A control of the new version and those of the old that it continues; or one of the old that nothing continues.

    `control` is empty where it was dropped, `before` where it was added. `revised` says what a person should look at
    before believing that what served the old serves the new.
    """

    step: ChangeKind
    control: str = ""
    before: tuple[str, ...] = ()
    title: str = ""
    title_before: str = ""
    revised: tuple[str, ...] = ()
    expectations: tuple[ExpectationChange, ...] = ()

    @property
    def retitled(self) -> bool:
        return bool(self.title and self.title_before) and self.title != self.title_before

    @property
    def changed(self) -> bool:
        return self.step is not ChangeKind.KEPT or self.retitled or bool(self.revised or self.expectations)


class RelationChange(msgspec.Struct, frozen=True, kw_only=True):
    """A relation that came, went or is of another type; `before` or `after` is empty where it came or went."""

    control: str
    to: str
    before: str = ""
    after: str = ""

    def __str__(self) -> str:
        return f"{self.control} to {self.to}: {self.before or 'none'} → {self.after or 'none'}"


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """A row for every control of both versions: those of the new in its order, then what was dropped.

    `relations` is filled where both are the same version, one of them corrected.
    """

    old: StandardName
    new: StandardName
    rows: tuple[ControlChange, ...]
    relations: tuple[RelationChange, ...] = ()

    @property
    def changes(self) -> tuple[ControlChange, ...]:
        return tuple(row for row in self.rows if row.changed)

    def onward(self, control: str) -> tuple[ControlChange, ...]:
        """What became of a control of the old version; nothing if it has none of that id."""
        return tuple(row for row in self.rows if control in row.before)

    def count(self, step: ChangeKind) -> int:
        return sum(row.step is step for row in self.rows)


def compare(old: Catalogue, new: Catalogue, between: Iterable[Catalogue] = ()) -> Comparison:
    """Sets two catalogues of one standard side by side.

    Which control continues which is told by `was`, along `follows`, through versions between that are `known`, and
    backwards too; where neither follows the other, controls of one id are the same.
    """
    links, merged_words = _links(old, new, between)
    before, after = _controls(old), _controls(new)
    onward: dict[str, list[Control]] = {}
    for control in after.values():
        for source in links[control.id]:
            onward.setdefault(source, []).append(control)
    rows = [
        _row(
            old,
            new,
            control,
            [before[source] for source in links[control.id]],
            onward,
            merged_words.get(control.id, ()),
        )
        for control in after.values()
    ]
    rows += [
        ControlChange(step=ChangeKind.DROPPED, before=(control.id,), title_before=control.title)
        for control in before.values()
        if control.id not in onward
    ]
    relations = tuple(_relation_changes(old, new)) if old.name == new.name else ()
    return Comparison(old=old.name, new=new.name, rows=tuple(rows), relations=relations)


def _relation_changes(old: Catalogue, new: Catalogue) -> Iterator[RelationChange]:
    """The relations that differ, in the order of the catalogues."""
    before, after = _relations(old), _relations(new)
    for control, to in dict.fromkeys((*after, *before)):
        types = (before.get((control, to), ""), after.get((control, to), ""))
        if types[0] != types[1]:
            yield RelationChange(control=control, to=to, before=types[0], after=types[1])


def _relations(catalogue: Catalogue) -> dict[tuple[str, str], str]:
    """The type of each relation, by the control that it starts from and the one that it leads to."""
    return {
        (node.control.id, str(relation.to)): relation.type.value
        for node in walk(catalogue)
        for relation in node.control.related
    }


def _controls(catalogue: Catalogue) -> dict[str, Control]:
    return {node.control.id: node.control for node in walk(catalogue) if node.control.assessable}


def _row(
    old: Catalogue,
    new: Catalogue,
    control: Control,
    sources: Sequence[Control],
    onward: Mapping[str, Sequence[Control]],
    merged_words: Sequence[str],
) -> ControlChange:
    if not sources:
        return ControlChange(step=ChangeKind.ADDED, control=control.id, title=control.title)
    nearest = next((source for source in sources if source.id == control.id), sources[0])
    if len(sources) > 1:
        step = ChangeKind.MERGED
    elif len(onward[nearest.id]) > 1:
        step = ChangeKind.SPLIT
    else:
        step = ChangeKind.KEPT if nearest.id == control.id else ChangeKind.MOVED
    wanted = {
        expectation.id: expectation for source in (nearest, *sources) for expectation in reversed(expects(old, source))
    }
    asked = {expectation.id: expectation for expectation in expects(new, control)}
    # What goes on in another control that continues the same one has not been dropped.
    successors = [successor for source in sources for successor in onward[source.id] if successor is not control]
    elsewhere = {expectation.id for successor in successors for expectation in expects(new, successor)} - asked.keys()
    changes = tuple(
        _expectation_changes({id_: expectation for id_, expectation in wanted.items() if id_ not in elsewhere}, asked)
    )
    return ControlChange(
        step=step,
        control=control.id,
        before=tuple(source.id for source in sources),
        title=control.title,
        title_before=nearest.title if len(sources) == 1 or nearest.id == control.id else "",
        revised=tuple(
            dict.fromkeys((*merged_words, *_revisions(old, new, nearest, control, changes, bool(merged_words))))
        ),
        expectations=changes,
    )


def _revisions(
    old: Catalogue,
    new: Catalogue,
    before: Control,
    after: Control,
    changes: Sequence[ExpectationChange],
    explained: bool,
) -> Iterator[str]:
    """What asks to be looked at again, besides what the catalogue itself says; less of it where that says anything."""
    if old.name == new.name and before.revision != after.revision:
        yield f"revision {before.revision} → {after.revision}"
    for change in changes:
        if change.mandated:
            yield f"mandated {change}"
    if explained:
        return
    if before.indicators and after.indicators and before.indicators != after.indicators:
        yield "its indicators of good practice are others in number"
    asked, asks = before.answer, after.answer
    if asked and asks:
        if (asked.form, asked.options, asked.several) != (asks.form, asks.options, asks.several):
            yield "is answered in another form"
        if asked.wanted != asks.wanted:
            yield f"the answer that complies: {asked.wanted or 'any'} → {asks.wanted or 'any'}"
        if asked.decisive != asks.decisive:
            yield "can fail the whole assessment" if asks.decisive else "cannot fail the whole assessment any more"
    elif asked or asks:
        yield "wants an answer" if asks else "wants no answer any more"


def _expectation_changes(
    before: Mapping[str, Expectation], after: Mapping[str, Expectation]
) -> Iterator[ExpectationChange]:
    for id_, expectation in after.items():
        if id_ not in before:
            yield ExpectationChange(
                id=id_, aspect="added", after=_said(expectation), mandated=expectation.basis is Basis.MANDATED
            )
            continue
        previous = before[id_]
        mandated = Basis.MANDATED in {previous.basis, expectation.basis}
        if _shape(previous.rule) != _shape(expectation.rule):
            same_words = str(previous.rule) == str(expectation.rule)
            after_words = "other alternatives" if same_words else str(expectation.rule)
            yield ExpectationChange(
                id=id_, aspect="interval", before=str(previous.rule), after=after_words, mandated=mandated
            )
        facts = (
            ("kind", _kinds(previous), _kinds(expectation), mandated),
            ("need", previous.need.value, expectation.need.value, False),
            ("basis", previous.basis.value, expectation.basis.value, mandated),
            (
                "per",
                previous.per.value if previous.per else "",
                expectation.per.value if expectation.per else "",
                False,
            ),
            ("optional", "yes" if previous.optional else "no", "yes" if expectation.optional else "no", False),
        )
        for aspect, old, new, relied_on in facts:
            if old != new:
                yield ExpectationChange(id=id_, aspect=aspect, before=old, after=new, mandated=relied_on)
    for id_, expectation in before.items():
        if id_ not in after:
            yield ExpectationChange(
                id=id_, aspect="dropped", before=_said(expectation), mandated=expectation.basis is Basis.MANDATED
            )


def _said(expectation: Expectation) -> str:
    required = "required" if expectation.need is Need.REQUIRED else ""
    return ", ".join(filter(None, (_kinds(expectation), str(expectation.rule), required)))


def _kinds(expectation: Expectation) -> str:
    return " or ".join(sorted(kind.value for kind in expectation.kinds))


def _shape(rule: Any) -> Any:
    """A rule without its words."""
    if isinstance(rule, AnyOf):
        return [
            (member.id, member.basis, sorted(kind.value for kind in member.kinds), _shape(member.rule))
            for member in rule.members
        ]
    return msgspec.structs.replace(rule, set_by="") if isinstance(rule, Every) else rule


def _links(old: Catalogue, new: Catalogue, between: Iterable[Catalogue]) -> tuple[Links, dict[str, tuple[str, ...]]]:
    """Which control continues which, and what `revised` says on the way, for each control of `new`."""
    versions = {catalogue.name: catalogue for catalogue in (*between, old, new)}
    if old.name != new.name:
        path = _lineage(old, new, versions)
        if path:
            return _along(path)
        path = _lineage(new, old, versions)
        if path:
            return _back(*_along(path), _controls(new))
    here = _controls(old)
    return {id_: ((id_,) if id_ in here else ()) for id_ in _controls(new)}, {}


def _lineage(old: Catalogue, new: Catalogue, versions: Mapping[StandardName, Catalogue]) -> list[Catalogue]:
    """The versions from one to another, oldest first; none if the newer does not follow the older."""
    path = [new]
    while path[0].name != old.name:
        before = versions.get(path[0].follows) if path[0].follows else None
        if before is None or any(before.name == catalogue.name for catalogue in path):
            return []
        path.insert(0, before)
    return path


def _along(path: Sequence[Catalogue]) -> tuple[Links, dict[str, tuple[str, ...]]]:
    links: Links = {id_: (id_,) for id_ in _controls(path[0])}
    words_by_control: dict[str, tuple[str, ...]] = {}
    for older, newer in itertools.pairwise(path):
        older_controls, earlier = _controls(older), words_by_control
        stepped: dict[str, tuple[str, ...]] = {}
        words_by_control = {}
        for control in _controls(newer).values():
            old_ids = (control.id,) if control.was is None else control.was
            sources = [id_ for id_ in dict.fromkeys(old_ids) if id_ in older_controls]
            stepped[control.id] = tuple(dict.fromkeys(first for id_ in sources for first in links[id_]))
            words = [text for id_ in sources for text in earlier.get(id_, ())]
            words_by_control[control.id] = tuple(
                dict.fromkeys([*words, *([control.revised] if control.revised else [])])
            )
        links = stepped
    return links, words_by_control


def _back(
    links: Links, words_by_control: Mapping[str, tuple[str, ...]], controls: Iterable[str]
) -> tuple[Links, dict[str, tuple[str, ...]]]:
    targets: dict[str, tuple[str, ...]] = dict.fromkeys(controls, ())
    words: dict[str, tuple[str, ...]] = {}
    for later, sources in links.items():
        for source in sources:
            targets[source] = (*targets[source], later)
            no_more = tuple(f"no longer: {text}" for text in words_by_control.get(later, ()))
            words[source] = (*words.get(source, ()), *no_more)
    return targets, words
