"""Which other controls in use files would serve as well: those that want the same document, and related ones."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Sequence

import msgspec

from compliance.domain.assessment.assess import Assessor
from compliance.domain.assessment.assessment import ControlAssessment, ExpectationAssessment
from compliance.domain.ledger.ledger import Ledger
from compliance.domain.ledger.lookup import find_control
from compliance.domain.ledger.records import Evidence, Record
from compliance.domain.standards.catalogue import Catalogue, Control, RelationType, expects, walk
from compliance.domain.standards.crosswalk import Crosswalk, Hop, strength
from compliance.domain.standards.expectations import Expectation, leaves
from compliance.domain.terms.references import Reference
from compliance.domain.terms.verdicts import Verdict
from compliance.domain.terms.vocabulary import Kind
from compliance.ledger.assembly.assembly import evidence_from

MOST = 5
"""The most related controls that are suggested."""
_LAPSES = {Verdict.LAPSING, Verdict.DUE}


class Suggestion(msgspec.Struct, frozen=True, kw_only=True):
    """An expectation of another control that stands badly now, and would stand better with the files mapped to it."""

    reference: Reference
    title: str
    now: ExpectationAssessment
    relation: Hop | None
    """From the control, or a heading above it, to one that the files are filed for; None where the document is one."""
    proven: int
    """How much that proves of the control itself (`compliance.domain.standards.crosswalk.strength`)."""


class _Related(msgspec.Struct, frozen=True):
    """A control that is related to one that the files are filed for, or that wants the same `documents`."""

    catalogue: Catalogue
    control: Control
    relation: Hop | None
    proven: int
    documents: frozenset[str] = frozenset()


def suggest(ledger: Ledger, records: Sequence[Record], today: dt.date) -> tuple[Suggestion, ...]:
    """All that want the same document, and the best few of related controls.

    The strongest relation comes first, then gaps before what falls due or lapses, then the nearest day.

    Every suggestion is tried: the control is judged with the files as they are filed, and with them mapped to the
    related controls too. So what they serve already, across a relation that counts, is not suggested.
    """
    in_use = list({catalogue.name: catalogue for _, catalogue in ledger.in_use()}.values())
    if not records:
        return ()
    filed_for = [_found(ledger, reference) for reference in records[0].controls or ()]
    same = list(_same_document(filed_for, {record.kind for record in records}))
    together = {control.control.id: control for control in same}
    others = [control for control in _related(in_use, filed_for) if control.control.id not in together]
    related = {_named(ledger, control): control for control in (*same, *others)}
    filed = [_as_evidence(record) for record in records]
    mapped = [msgspec.structs.replace(piece, controls=(*piece.controls, *related)) for piece in filed]
    now, then = (
        Assessor(
            msgspec.structs.replace(ledger, evidence=(*ledger.evidence, *pieces)),
            today,
            today,
            ledger.settings.horizon.roughly,
        )
        for pieces in (filed, mapped)
    )
    kinds = {piece.kind for piece in filed}
    scopes = {name for piece in filed for name in piece.scope}
    suggestions: list[Suggestion] = []
    for reference, candidate in related.items():
        pairs = [
            pair
            for scope in ledger.settings.scopes
            for use, catalogue in ledger.in_use(scope)
            if scope.id in scopes and not scope.has_ended(today) and catalogue is candidate.catalogue
            for pair in _bettered(
                *(
                    assessor.control(assessor.applied(scope, use, catalogue), candidate.control.id)
                    for assessor in (now, then)
                )
            )
        ]
        wanting = {
            leaf.id: wanted.id
            for wanted in expects(candidate.catalogue, candidate.control)
            for leaf in leaves(wanted)
            if any(leaf.takes(kind) for kind in kinds)
            and (not candidate.documents or leaf.document in candidate.documents)
        }
        pairs = [pair for pair in pairs if pair.id in wanting.values()]
        if pairs:
            worst = min(pairs, key=_urgency)
            name = msgspec.structs.replace(reference, expectation=worst.id if worst.id in wanting else "")
            suggestions.append(
                Suggestion(
                    reference=name,
                    title=candidate.control.title,
                    now=worst,
                    relation=candidate.relation,
                    proven=candidate.proven,
                )
            )
    ordered = sorted(suggestions, key=_order)
    of_document = [suggestion for suggestion in ordered if suggestion.relation is None]
    return (*of_document, *[suggestion for suggestion in ordered if suggestion.relation][:MOST])


class _FiledFor(msgspec.Struct, frozen=True):
    """A control that the files are filed for, and the expectation of it that is named, if one is."""

    catalogue: Catalogue
    control: Control
    expectation: str


def _found(ledger: Ledger, reference: Reference) -> _FiledFor:
    _, catalogue, control = find_control(ledger, str(reference))
    return _FiledFor(catalogue, control, reference.expectation)


def _same_document(filed_for: Sequence[_FiledFor], kinds: Collection[Kind | None]) -> Iterator[_Related]:
    """The other controls of the standards that want a document which the files are filed as."""
    for catalogue in {filed.catalogue.name: filed.catalogue for filed in filed_for}.values():
        own = [filed for filed in filed_for if filed.catalogue is catalogue]
        documents = frozenset(
            leaf.document
            for filed in own
            for leaf in _leaves(catalogue, filed.control)
            if leaf.document and filed.expectation in {"", leaf.id} and any(leaf.takes(kind) for kind in kinds)
        )
        ids = {filed.control.id for filed in own}
        for node in walk(catalogue) if documents else ():
            control = node.control
            wanted = {leaf.document for leaf in _leaves(catalogue, control)}
            if control.assessable and control.id not in ids and not documents.isdisjoint(wanted):
                yield _Related(catalogue, control, None, strength(RelationType.EQUAL), documents)


def _leaves(catalogue: Catalogue, control: Control) -> list[Expectation]:
    return [leaf for wanted in expects(catalogue, control) for leaf in leaves(wanted)]


def _related(in_use: Sequence[Catalogue], filed_for: Iterable[_FiledFor]) -> Iterator[_Related]:
    """The controls one relation away from those filed for, each with the strongest relation to any of these."""
    crosswalk = Crosswalk(in_use)
    own = {Reference(filed.catalogue.id, filed.control.id, filed.catalogue.version) for filed in filed_for}
    for catalogue in in_use:
        for node in walk(catalogue):
            place = Reference(catalogue.id, node.control.id, catalogue.version)
            if node.control.assessable and place not in own:
                routes = [route for route in crosswalk.direct(place) if route.target in own]
                if routes:
                    best = max(routes, key=lambda route: (strength(route.type), strength(route.weakest.type)))
                    yield _Related(catalogue, node.control, best.weakest, strength(best.type))


def _named(ledger: Ledger, related: _Related) -> Reference:
    """How to name a control: with its version only where two are in use."""
    versions = {catalogue.version for _, catalogue in ledger.in_use() if catalogue.id == related.catalogue.id}
    return Reference(related.catalogue.id, related.control.id, related.catalogue.version if len(versions) > 1 else "")


def _as_evidence(record: Record) -> Evidence:
    day = record.date or (record.period.end if record.period else None)
    return evidence_from(record, path="", record="", date=day, size=record.size or 0)


def _bettered(now: ControlAssessment | None, then: ControlAssessment | None) -> Iterator[ExpectationAssessment]:
    """The binding expectations that are a gap, due or lapsing now, and would stand better."""
    if now and then and now.counts:
        for before, after in zip(now.expectations, then.expectations, strict=True):
            verdict = before.judgement.verdict
            open_ = before.binding and (verdict.is_gap or verdict in _LAPSES)
            if open_ and after.judgement.verdict.rank < verdict.rank:
                yield before


def _urgency(expectation: ExpectationAssessment) -> tuple[bool, dt.date]:
    return not expectation.judgement.verdict.is_gap, expectation.judgement.until or dt.date.max


def _order(suggestion: Suggestion) -> tuple[int, int, bool, dt.date, Reference]:
    type_ = suggestion.relation.type if suggestion.relation else RelationType.EQUAL
    return -suggestion.proven, -strength(type_), *_urgency(suggestion.now), suggestion.reference
