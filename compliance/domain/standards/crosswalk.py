"""The crosswalk: how the controls of one standard lie to those of another, directly and along a way of relations.

A relation says how the grounds of two controls lie to each other: what each of them asks for, taken as a set. Read
backwards, `subset` is `superset`; `equal` and `intersects` read the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

import msgspec

from compliance.domain.standards.catalogue import Catalogue, Control, RelationType, walk
from compliance.domain.terms.references import Reference, StandardName

DEFAULT_HOPS = 3
MOST_HOPS = 6
STRUCTURE = "the standard's own structure"
"""Whose judgement it is that a control lies within the heading above it."""

_EQUAL, _SUBSET = RelationType.EQUAL, RelationType.SUBSET
_SUPERSET, _INTERSECTS = RelationType.SUPERSET, RelationType.INTERSECTS
_STRENGTH = {None: 0, _INTERSECTS: 1, _SUPERSET: 2, _SUBSET: 2, _EQUAL: 3}
_BACKWARDS = {_SUBSET: _SUPERSET, _SUPERSET: _SUBSET}
_COMPOSED = {
    (_SUBSET, _SUBSET): _SUBSET,
    (_SUPERSET, _SUPERSET): _SUPERSET,
    (_SUPERSET, _SUBSET): _INTERSECTS,
    (_SUPERSET, _INTERSECTS): _INTERSECTS,
    (_INTERSECTS, _SUBSET): _INTERSECTS,
}


def strength(type_: RelationType | None) -> int:
    """How much a type claims: 3 for equal, 2 for subset and superset, 1 for intersects, 0 for none."""
    return _STRENGTH[type_]


def backwards(type_: RelationType) -> RelationType:
    """The same relation, read from its other end."""
    return _BACKWARDS.get(type_, type_)


def composed(first: RelationType | None, second: RelationType | None) -> RelationType | None:
    """What two relations in a row prove of the two ends; None where they prove nothing.

    Controls ask for something, so no ground is empty; a derived `intersects` means “some ground in common, at the
    least”. With a, b, c in a row:

    - equal changes nothing; subset after subset is subset, superset after superset is superset;
    - superset, then subset: both ends hold all of b, so they intersect;
    - superset, then intersects: a holds all of b, part of which is c's, so a and c intersect;
    - intersects, then subset: part of b is a's, and all of b is c's, so they intersect;
    - subset, then superset: two parts of b, which may lie apart: nothing. So also subset, then intersects (a may be
      the other part of b), intersects, then superset, and intersects twice.

    What proves nothing stays so, however the way goes on. The whole is never stronger than the weaker of the two.
    """
    if first is _EQUAL:
        return second
    if second is _EQUAL:
        return first
    return _COMPOSED.get((first, second)) if first and second else None


class Hop(msgspec.Struct, frozen=True, order=True):
    """A step from one control to another: how the first lies to the second, and whose judgement that is.

    `structural`: to the heading that a control stands under, in its own standard. It is no relation of the crosswalk
    and does not count as a hop.
    """

    here: Reference
    there: Reference
    relation: str
    source: str
    structural: bool = False

    @property
    def type(self) -> RelationType:
        return RelationType(self.relation)


class Route(msgspec.Struct, frozen=True, order=True):
    """A way from a control to one of another standard; it never comes back into a standard that it has left."""

    hops: tuple[Hop, ...]

    @property
    def target(self) -> Reference:
        return self.hops[-1].there

    @property
    def crossings(self) -> tuple[Hop, ...]:
        """The hops from one standard to another."""
        return tuple(hop for hop in self.hops if not hop.structural)

    @property
    def type(self) -> RelationType | None:
        """What the whole way proves; None for “related, weakly”: a way is there, and proves no common ground."""
        type_: RelationType | None = _EQUAL
        for hop in self.hops:
            type_ = composed(type_, hop.type)
        return type_

    @property
    def weakest(self) -> Hop:
        """The hop between standards that claims least; of equals the first. The way is no better than it."""
        return min(self.crossings, key=lambda hop: strength(hop.type))


class Crosswalk:
    """The relations of some catalogues, usable from both ends.

    A relation that names no version means the newest among the catalogues given. One to a standard or a control that
    is not among them leads nowhere and is left out. Where two judgements on one pair differ, the weaker one counts.
    """

    def __init__(self, catalogues: Iterable[Catalogue]) -> None:
        self._controls: dict[StandardName, dict[str, Control]] = {}
        self._above: dict[Reference, Reference] = {}
        newest: dict[str, str] = {}
        holders: list[tuple[Reference, Control]] = []
        in_order = sorted(
            catalogues, key=lambda catalogue: (catalogue.id, _numbers(catalogue.version), catalogue.version)
        )
        for catalogue in in_order:
            newest[catalogue.id] = catalogue.version
            controls = self._controls.setdefault(catalogue.name, {})
            headings: set[str] = set()
            for node in walk(catalogue):
                controls[node.control.id] = node.control
                if node.control.related:
                    holders.append((_place(catalogue, node.control.id), node.control))
                if not node.control.assessable:
                    headings.add(node.control.id)
                above = next((id_ for id_ in reversed(node.parents) if id_ in headings), None)
                if above:
                    self._above[_place(catalogue, node.control.id)] = _place(catalogue, above)
        self._hops = self._linked(holders, newest)

    def control(self, place: Reference) -> Control | None:
        """The control or heading at a place."""
        return self._controls.get(StandardName(place.standard, place.version), {}).get(place.control)

    def hops_from(self, place: Reference) -> tuple[Hop, ...]:
        """The relations of a control itself, stated at either end."""
        return self._hops.get(place, ())

    def routes(self, start: Reference, hops: int = DEFAULT_HOPS) -> Iterator[Route]:
        """Every way to a control of another standard over at most so many relations.

        A way may begin by climbing to the headings above the control, which hold its ground and more. (What is no
        heading holds its own ground alone.) What lies below the control it ends at, a way does not reach.
        """
        for climbed in self._climbs(start):
            place = climbed[-1].there if climbed else start
            yield from self._onward(climbed, place, {_standard(start)}, hops)

    def nearest(self, start: Reference, hops: int = DEFAULT_HOPS) -> tuple[Route, ...]:
        """The best way to each control that can be reached, in the order of the controls' names.

        The best is what proves most, then what has the fewest relations and steps, then the strongest ones.
        """
        best: dict[Reference, Route] = {}
        for route in self.routes(start, hops):
            shortest = best.get(route.target)
            if shortest is None or _merit(route) < _merit(shortest):
                best[route.target] = route
        return tuple(best[target] for target in sorted(best))

    def direct(self, start: Reference) -> tuple[Route, ...]:
        """The best ways over a single relation, of the control or of a heading above it."""
        return self.nearest(start, 1)

    def _climbs(self, start: Reference) -> Iterator[tuple[Hop, ...]]:
        climbed: tuple[Hop, ...] = ()
        place: Reference | None = start
        while place:
            yield climbed
            above = self._above.get(place)
            if above:
                climbed = (*climbed, Hop(place, above, _SUBSET.value, STRUCTURE, structural=True))
            place = above

    def _onward(
        self, behind: tuple[Hop, ...], place: Reference, standards: set[StandardName], hops: int
    ) -> Iterator[Route]:
        for hop in self.hops_from(place) if hops > 0 else ():
            if _standard(hop.there) not in standards:
                way = (*behind, hop)
                yield Route(way)
                yield from self._onward(way, hop.there, standards | {_standard(hop.there)}, hops - 1)

    def _linked(
        self, holders: Iterable[tuple[Reference, Control]], newest: Mapping[str, str]
    ) -> dict[Reference, tuple[Hop, ...]]:
        stated: dict[tuple[Reference, Reference], set[tuple[RelationType, str]]] = {}
        for source_control, control in holders:
            for relation in control.related:
                version = relation.to.version or newest.get(relation.to.standard, "")
                target = Reference(relation.to.standard, relation.to.control, version)
                if self.control(target) is None or _standard(target) == _standard(source_control):
                    continue
                stated.setdefault((source_control, target), set()).add((relation.type, relation.source))
                stated.setdefault((target, source_control), set()).add((backwards(relation.type), relation.source))
        hops: dict[Reference, list[Hop]] = {}
        for (source_control, target), statements in stated.items():
            hops.setdefault(source_control, []).append(Hop(source_control, target, *_agreed(statements)))
        return {place: tuple(sorted(control_hops)) for place, control_hops in hops.items()}


def _agreed(statements: set[tuple[RelationType, str]]) -> tuple[str, str]:
    """The weaker of judgements that differ; of two that put each control within the other, only that they meet."""
    (first, source), *more = statements
    if not more:
        return first.value, source
    types = {type_ for type_, _ in statements}
    weakest = min(types, key=strength)
    if {_SUBSET, _SUPERSET} <= types and weakest is not _INTERSECTS:
        weakest = _INTERSECTS
    sources = sorted({source for _, source in statements if source})
    return weakest.value, " and ".join(sources)


def _merit(route: Route) -> tuple[int, int, int, int, Route]:
    claimed = sum(strength(hop.type) for hop in route.crossings)
    return -strength(route.type), len(route.crossings), len(route.hops), -claimed, route


def _place(catalogue: Catalogue, control_id: str) -> Reference:
    return Reference(catalogue.id, control_id, catalogue.version)


def _standard(place: Reference) -> StandardName:
    return StandardName(place.standard, place.version)


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", version))
