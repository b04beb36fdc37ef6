"""What in a catalogue reads well and judges wrong: each kind of slip once made, looked for in every control."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from collections.abc import Mapping as Lookup

import msgspec

from compliance.domain.standards.catalogue import Catalogue, Control, Relation, RelationType, walk
from compliance.domain.standards.expectations import Every, Expectation, MaxAge, OnEvent, leaves
from compliance.domain.terms.references import StandardName
from compliance.domain.terms.vocabulary import Basis, Kind
from compliance.problems import Severity

Find = Callable[[StandardName], Catalogue | None]

_AHEAD = re.compile(r"\b(?:before (?!closing)|prior to|predat\w+|in advance|ahead of|beforehand)\b", re.IGNORECASE)
_NUMBER = re.compile(
    r"\b(\d+(?:\.\d+)?) ?"
    r"(%|percent|minutes?|hours?|(?:working )?days?|weeks?|months?|years?|characters?|attempts?|guesses)",
    re.IGNORECASE,
)
_SCHEMES = re.compile(
    r"\b(?:BPSS|Baseline Personnel Security Standard|CHECK|CREST|Tiger|CVSS|NCSC cloud security principles|SAQ|QSA|ASV"
    r"|second factor|multi-factor|DMARC)\b",
)
_CARRIES = (RelationType.SUBSET, RelationType.SUPERSET)


class Oversight(msgspec.Struct, frozen=True, kw_only=True):
    """What is wrong with a control: in which of its expectations, at which key, or in which of its relations.

    No control is named where the expectation is the catalogue's default, or that of a method.
    """

    control: str
    sentence: str
    hint: str
    expectation: str = ""
    key: str = ""
    relation: int | None = None
    severity: Severity = Severity.WARNING


def oversights(catalogue: Catalogue, find: Find, standards: Iterable[str]) -> Iterator[Oversight]:
    """Every oversight in a catalogue; `find` and `standards` give the others that it is compared with."""
    controls = {node.control.id: node.control for node in walk(catalogue)}
    others: dict[str, dict[str, Control]] = {
        id_: {node.control.id: node.control for node in walk(standard)}
        for id_ in standards
        if id_ != catalogue.id and (standard := find(StandardName(id_, ""))) is not None
    }
    yield from _lonely_documents(controls.values())
    by_method = (expectation for method in catalogue.scheme.methods for expectation in method.expects)
    for expectation in (*catalogue.default_expects, *by_method):
        yield from _unsourced("", expectation)
    for node in walk(catalogue):
        control = node.control
        for expectation in control.expects:
            yield from _unsourced(control.id, expectation)
            yield from _too_late(control, expectation)
        yield from _asked_of_the_failing(control, controls)
        for above in (controls[id_] for id_ in node.parents):
            yield from _stored_twice(control, above)
        for place, relation in enumerate(control.related):
            other = others.get(relation.to.standard, {}).get(relation.to.control)
            if other is not None and relation.type in _CARRIES:
                yield from _carried_too_far(control, place, relation, other)
        for standard_id, controls_there in others.items():
            twin = controls_there.get(control.id)
            if twin is not None and twin.title.casefold() == control.title.casefold():
                yield from _other_kinds(control, standard_id, twin)


def _unsourced(control_id: str, expectation: Expectation) -> Iterator[Oversight]:
    """An interval that the standard is said to state, without the words in which it does."""
    if expectation.source:
        return
    for leaf in leaves(expectation):
        if leaf.basis is Basis.MANDATED and not leaf.source:
            yield Oversight(
                control=control_id,
                expectation=leaf.id,
                key="basis",
                sentence=f"#{leaf.id}{f' of {control_id}' if control_id else ''} is mandated, and does not say where",
                hint="add “source: …” with the clause, requirement or page that states it, or make it “organisation”",
                severity=Severity.ERROR,
            )


def _too_late(control: Control, expectation: Expectation) -> Iterator[Oversight]:
    """Evidence that its own words or the control's put before an event, and that its rule puts after."""
    on_events = [leaf for wanted in control.expects for leaf in leaves(wanted) if isinstance(leaf.rule, OnEvent)]
    none_comes_first = not any(isinstance(leaf.rule, OnEvent) and leaf.rule.before for leaf in on_events)
    words = control.summary if none_comes_first else ""
    for leaf in leaves(expectation):
        late = isinstance(leaf.rule, OnEvent) and leaf.rule.before is None
        if late and (_AHEAD.search(leaf.what) or _AHEAD.search(words)):
            yield Oversight(
                control=control.id,
                expectation=leaf.id,
                key="within",
                sentence=f"#{leaf.id} of {control.id} speaks of what comes before, and is asked for {leaf.rule}",
                hint="use “before: …” for what must come before the event, or put it in other words",
            )


def _lonely_documents(controls: Iterable[Control]) -> Iterator[Oversight]:
    """A name for a document that no other expectation has: it would say nothing."""
    named = [
        (control.id, leaf)
        for control in controls
        for expectation in control.expects
        for leaf in leaves(expectation)
        if leaf.document
    ]
    times = Counter(leaf.document for _, leaf in named)
    for control_id, leaf in named:
        if times[leaf.document] == 1:
            yield Oversight(
                control=control_id,
                expectation=leaf.id,
                key="document",
                sentence=f"#{leaf.id} of {control_id} alone names the document “{leaf.document}”",
                hint="give the others that one document answers the same name, or remove the line",
            )


def _asked_of_the_failing(control: Control, controls: Lookup[str, Control]) -> Iterator[Oversight]:
    """A question that is asked only after an answer that fails already."""
    condition = control.asked_if
    above = controls.get(condition.question) if condition else None
    if condition is None or above is None or above.answer is None or not above.answer.wanted:
        return
    if above.answer.wanted.casefold() != condition.answer.casefold():
        yield Oversight(
            control=control.id,
            key="asked-if",
            sentence=f"{control.id} is asked where {above.id} is answered “{condition.answer}”, which fails already",
            hint=f"if that answer can comply, take “wanted” from {above.id}",
        )


def _stored_twice(control: Control, above: Control) -> Iterator[Oversight]:
    """An interval of the organisation's that a control and one above it both hold: an overlay would set one of them."""
    for leaf in _intervals(control):
        twin = next((other for other in _intervals(above) if other.id == leaf.id and _share(other, leaf)), None)
        if twin is not None:
            of = f"#{leaf.id} of {control.id}"
            yield Oversight(
                control=control.id,
                expectation=leaf.id,
                key="id",
                sentence=f"{of} is asked for by {above.id} as well, each with an interval of its own ({twin.rule})",
                hint="keep the interval in one of them, and let the other ask for something else",
            )


def _intervals(control: Control) -> list[Expectation]:
    listed = (leaf for expectation in control.expects for leaf in leaves(expectation))
    return [leaf for leaf in listed if isinstance(leaf.rule, Every | MaxAge) and leaf.basis is Basis.ORGANISATION]


def _share(first: Expectation, second: Expectation) -> bool:
    return any(first.takes(kind) and second.takes(kind) for kind in Kind)


def _carried_too_far(control: Control, place: int, relation: Relation, other: Control) -> Iterator[Oversight]:
    """A relation that carries evidence to a control that asks for more than the other end does."""
    narrow, wide = (control, other) if relation.type is RelationType.SUBSET else (other, control)
    sentence = f"{control.id} is {relation.type.value} of {relation.to}"
    if narrow.answer and narrow.answer.decisive:
        why = f"{narrow.id} is decisive, and only “equal” carries evidence to it"
    else:
        particulars = sorted(_particulars(narrow) - _particulars(wide))
        if not particulars:
            return
        ends = (control.id, str(relation.to)) if narrow is control else (str(relation.to), control.id)
        why = f"evidence for {ends[1]} need not show “{particulars[0]}”, of which {ends[0]} speaks"
    yield Oversight(
        control=control.id, relation=place, sentence=f"{sentence}: {why}", hint="write “intersects”, which carries none"
    )


def _particulars(control: Control) -> set[str]:
    """The figures and the named schemes of which a control speaks."""
    texts = [control.title, control.summary]
    texts += [leaf.what for expectation in control.expects for leaf in leaves(expectation)]
    text = "; ".join(texts)
    figures = {f"{match[1]} {match[2].casefold().rstrip('s')}" for match in _NUMBER.finditer(text)}
    return figures | {match[0] for match in _SCHEMES.finditer(text)}


def _other_kinds(control: Control, standard: str, twin: Control) -> Iterator[Oversight]:
    """Evidence of one name for one clause, of a kind that nothing in the other standard's clause takes."""
    twins = {expectation.id: expectation for expectation in twin.expects}
    for expectation in control.expects:
        same = twins.get(expectation.id)
        kinds_here = expectation.kinds or tuple(Kind)
        if same is None or all(any(other.takes(kind) for other in twin.expects) for kind in kinds_here):
            continue
        kinds = " or ".join(sorted(kind.value for kind in same.kinds)) or "any kind"
        yield Oversight(
            control=control.id,
            expectation=expectation.id,
            key="kind",
            sentence=f"#{expectation.id} of {control.id} takes other kinds than {standard}:{twin.id} does ({kinds})",
            hint="let the same document serve both",
        )
