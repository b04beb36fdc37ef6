"""What a control is related to in other standards, and how well each pair of standards is connected."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import msgspec

from compliance.domain.standards.catalogue import Catalogue, RelationType, walk
from compliance.domain.standards.crosswalk import Crosswalk, Hop, Route, strength
from compliance.domain.terms.references import Reference, StandardName
from compliance.problems import printable
from compliance.reports.parts.answers import Answer
from compliance.reports.parts.terminal import table, wrapped

WEAKLY = "weakly"
"""The word for a way that proves no common ground."""
_LEGEND = {
    "equal": "both ask for the same",
    "subset": "{} lies within the other",
    "superset": "the other lies within {}",
    "intersects": "some ground in common",
    WEAKLY: "a way is there, and proves no common ground",
}


class Related(msgspec.Struct, frozen=True, kw_only=True):
    """A control, and in which standards to look for what it is related to."""

    start: Reference
    crosswalk: Crosswalk
    catalogues: tuple[Catalogue, ...]
    used: frozenset[StandardName]
    hops: int

    @property
    def title(self) -> str:
        control = self.crosswalk.control(self.start)
        return control.title if control else ""

    def by_standard(self) -> Iterator[tuple[Catalogue, list[Route]]]:
        """The best way to each related control: standards in use first; within one, the strongest relation first."""
        routes = {route.target: route for route in self.crosswalk.nearest(self.start, self.hops)}
        for catalogue in sorted(
            self.catalogues, key=lambda candidate: (candidate.name not in self.used, candidate.name)
        ):
            ids = [node.control.id for node in walk(catalogue)]
            here = [route for id_ in ids if (route := routes.get(Reference(catalogue.id, id_, catalogue.version)))]
            if here:
                yield catalogue, sorted(here, key=lambda route: (-strength(route.type), len(route.crossings)))


def as_text(related: Related, width: int) -> str:
    """The answer for a terminal."""
    name = f"{related.start.standard}:{related.start.control}"
    head = wrapped(f"{name}  {related.title}", width)
    head.append(f"{StandardName(related.start.standard, related.start.version)}{_unused(related, related.start)}")
    parts, words = ["\n".join(head)], set()
    for catalogue, routes in related.by_standard():
        rows = [(route.target.control, _word(route), _title_and_way(related, route)) for route in routes]
        words |= {_word(route) for route in routes}
        title = f"{catalogue.short} · {catalogue.name}{_unused(related, routes[0].target)}"
        parts.append(f"{printable(title)}\n" + table(("Control", "Related", "What, and by which way"), rows, width, 2))
    if not words:
        parts.append("Nothing is known to be related to it.")
    legend = [f"{word}: {means.format(name)}" for word, means in _LEGEND.items() if word in words]
    parts += ["\n".join(line for entry in legend for line in wrapped(entry, width, below="  "))]
    return "\n\n".join(part for part in parts if part)


def _unused(related: Related, place: Reference) -> str:
    return "" if StandardName(place.standard, place.version) in related.used else " · not in use here"


def _word(route: Route) -> str:
    return route.type.value if route.type else WEAKLY


def _title_and_way(related: Related, route: Route) -> str:
    """The title of the control, and the way to it: what is on it, who judged so, and its weakest hop."""
    control = related.crosswalk.control(route.target)
    climbed = [hop for hop in route.hops if hop.structural]
    within = f"as part of {climbed[-1].there.control}, " if climbed else ""
    hops = route.crossings
    if len(hops) == 1:
        how = f"{hops[0].type.value} " if within else ""
        way = f"{within}{how}directly ({_judge(hops[0])})"
    else:
        over = ", ".join(_short(hop.there) for hop in hops[:-1])
        types = ", ".join(hop.type.value for hop in hops)
        judges = ", ".join(dict.fromkeys(_judge(hop) for hop in hops))
        weakest = f"{_short(route.weakest.here)} to {_short(route.weakest.there)}"
        way = f"{within}via {over}: {types} ({judges}); weakest: {weakest}"
    return f"{control.title if control else ''}\n{way}"


def _short(place: Reference) -> str:
    return f"{place.standard}:{place.control}"


def _judge(hop: Hop) -> str:
    return hop.source or "nobody named"


class HopView(msgspec.Struct, frozen=True):
    """One relation on the way from a control to another, and by whose judgement it is stated."""

    from_: str = msgspec.field(name="from")
    to: str
    type: str
    source: str
    structural: bool


class RelatedControl(msgspec.Struct, frozen=True):
    """A control that is related, and the way to it. A type of None is a way that proves no common ground."""

    control: str
    title: str
    type: str | None
    weakest: HopView
    path: tuple[HopView, ...]


class RelatedStandard(msgspec.Struct, frozen=True):
    """The controls of a standard that are related."""

    standard: str
    in_use: bool
    controls: tuple[RelatedControl, ...]


class RelatedControls(Answer, frozen=True, kw_only=True):
    """What a control is related to in other standards."""

    control: str
    standard: str
    title: str
    hops: int
    standards: tuple[RelatedStandard, ...]


def related_view(related: Related) -> RelatedControls:
    """The answer as `--json` has it."""
    return RelatedControls(
        control=_short(related.start),
        standard=str(StandardName(related.start.standard, related.start.version)),
        title=related.title,
        hops=related.hops,
        standards=tuple(
            RelatedStandard(
                standard=str(catalogue.name),
                in_use=catalogue.name in related.used,
                controls=tuple(_related_control(related, route) for route in routes),
            )
            for catalogue, routes in related.by_standard()
        ),
    )


def _related_control(related: Related, route: Route) -> RelatedControl:
    control = related.crosswalk.control(route.target)
    return RelatedControl(
        control=route.target.control,
        title=control.title if control else "",
        type=route.type.value if route.type else None,
        weakest=_hop_view(route.weakest),
        path=tuple(_hop_view(hop) for hop in route.hops),
    )


def _hop_view(hop: Hop) -> HopView:
    return HopView(str(hop.here), str(hop.there), hop.type.value, hop.source, hop.structural)


class Pair(msgspec.Struct, frozen=True, kw_only=True):
    """How one standard is connected to another: how many of its controls have a way there, and the direct relations.

    `proven` are those whose best way proves common ground, at the least.
    """

    from_: StandardName
    to: StandardName
    controls: int
    reached: int
    proven: int
    direct: dict[str, int]


def pairs(catalogues: Sequence[Catalogue], hops: int, only: Catalogue | None = None) -> list[Pair]:
    """Every ordered pair of standards; or only those that lead to one of them."""
    crosswalk = Crosswalk(catalogues)
    ordered = sorted(catalogues, key=lambda catalogue: catalogue.name)
    return [
        pair
        for here in ordered
        for pair in _from(
            here, [catalogue for catalogue in ordered if only is None or catalogue is only], crosswalk, hops
        )
    ]


def _from(here: Catalogue, others: Sequence[Catalogue], crosswalk: Crosswalk, hops: int) -> Iterator[Pair]:
    direct: Counter[tuple[StandardName, str]] = Counter()
    reached: Counter[StandardName] = Counter()
    proven: Counter[StandardName] = Counter()
    controls = 0
    for node in walk(here):
        place = Reference(here.id, node.control.id, here.version)
        direct.update((_standard(hop.there), hop.type.value) for hop in crosswalk.hops_from(place))
        if node.control.assessable:
            controls += 1
            routes = crosswalk.nearest(place, hops)
            reached.update({_standard(route.target) for route in routes})
            proven.update({_standard(route.target) for route in routes if route.type})
    for there in others:
        if there is not here:
            yield Pair(
                from_=here.name,
                to=there.name,
                controls=controls,
                reached=reached[there.name],
                proven=proven[there.name],
                direct={type_.value: direct[there.name, type_.value] for type_ in RelationType},
            )


def _standard(place: Reference) -> StandardName:
    return StandardName(place.standard, place.version)


def pairs_as_text(pairs: Sequence[Pair], width: int) -> str:
    """The pairs as a table."""
    if not pairs:
        return "There is only one standard to look at."
    types = [type_.value for type_ in RelationType]
    rows = [
        (
            pair.from_.id,
            pair.to.id,
            f"{pair.reached}/{pair.controls}",
            str(pair.proven),
            *(str(pair.direct[type_]) for type_ in types),
        )
        for pair in pairs
    ]
    headers = ("From", "To", "Reached", "Proven", "Eq.", "Sub.", "Super.", "Inters.")
    explanation = (
        "Reached: controls with a way to the other standard, of all. Proven: those whose best way proves ground in "
        "common. Then the direct relations, of controls and of headings: equal, subset, superset, intersects."
    )
    return table(headers, rows, width, 0, right=range(2, 8)) + "\n\n" + "\n".join(wrapped(explanation, width))


class PairView(msgspec.Struct, frozen=True):
    """How one standard is connected to another, as JSON has it."""

    from_: str = msgspec.field(name="from")
    to: str
    controls: int
    reached: int
    proven: int
    direct: dict[str, int]


class Coverage(Answer, frozen=True, kw_only=True):
    """How well each pair of standards is connected."""

    pairs: tuple[PairView, ...]


def coverage_view(pairs: Sequence[Pair]) -> Coverage:
    """The pairs as `--json` has them."""
    return Coverage(
        pairs=tuple(
            PairView(str(pair.from_), str(pair.to), pair.controls, pair.reached, pair.proven, pair.direct)
            for pair in pairs
        )
    )
