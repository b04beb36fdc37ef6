"""The fewest pieces of evidence that close the most gaps before the next deadline of each standard.

Each standard is judged on the day that it will be looked at next: its submission, audit or expiry. What is a gap then
is to be closed by that day. One piece may close several: whatever rests on a piece that has grown too old is renewed
with it, and a new piece of one kind may serve related controls of other standards that lack the same kind.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

import msgspec

from compliance.domain.assessment.assess import Assessor
from compliance.domain.assessment.assessment import ControlAssessment, ExpectationAssessment
from compliance.domain.assessment.inheritance import is_inherited
from compliance.domain.assessment.situation import accreditation_of
from compliance.domain.ledger.belonging import profile_ids
from compliance.domain.ledger.ledger import Ledger
from compliance.domain.ledger.records import Evidence
from compliance.domain.ledger.settings import ReviewPolicy, Scope, StandardInUse
from compliance.domain.planning.covering import cover
from compliance.domain.registers.certificates import cycles
from compliance.domain.registers.certificates.states import expiry
from compliance.domain.standards.catalogue import Catalogue, Control, RelationType, walk
from compliance.domain.standards.crosswalk import Crosswalk
from compliance.domain.standards.expectations import AnyOf, Each, Every, Expectation, OnEvent, leaves
from compliance.domain.standards.methods import expected
from compliance.domain.standards.questions import ANSWER
from compliance.domain.standards.schemes import Role
from compliance.domain.terms.references import Reference
from compliance.domain.terms.verdicts import Verdict
from compliance.domain.terms.vocabulary import Kind, Result

SUPPOSED = "E-00000000"
_SURE = {RelationType.EQUAL, RelationType.SUBSET, RelationType.SUPERSET}


class Deed(enum.Enum):
    """What has to be done."""

    FILE = "file"
    RENEW = "renew"
    APPROVE = "approve"
    DATE = "date"
    ANSWER = "answer"
    STATE = "state"
    """Say in the events register what happened, or that nothing did."""


class Gap(msgspec.Struct, frozen=True, order=True):
    """An expectation that will be a gap on the day its standard is looked at next, or is one today."""

    by: date
    scope: str
    control: Reference
    what: str = ""
    reason: str = ""
    link: str = ""
    """The supplier, site, system or merchant that it is for, where one is wanted for each."""


class Piece(msgspec.Struct, frozen=True, kw_only=True):
    """One thing to do, and the gaps that it closes; of `likely` ones a person has to see whether it does."""

    deed: Deed
    by: date
    kind: str = ""
    what: str = ""
    subject: str = ""
    """The evidence to renew, approve or date."""
    owner: str = ""
    closes: tuple[Gap, ...] = ()
    likely: tuple[Gap, ...] = ()

    @property
    def count(self) -> int:
        return len(self.closes) + len(self.likely)


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What to do, soonest first; `at_least` is how few pieces any plan for the same gaps would have."""

    pieces: tuple[Piece, ...]
    at_least: int
    beyond: tuple[Gap, ...]
    """What no piece can close any more, or what waits for something else than evidence."""

    @property
    def is_fewest(self) -> bool:
        return len(self.pieces) == self.at_least

    @property
    def closed(self) -> int:
        return sum(piece.count for piece in self.pieces)


class _Open(msgspec.Struct, frozen=True):
    """A gap with all that tells which pieces would close it."""

    gap: Gap
    expectation: Expectation | None
    judged: ExpectationAssessment
    place: Reference
    closable: bool


def deadline(ledger: Ledger, scope: Scope, use: StandardInUse, catalogue: Catalogue, on: date) -> date | None:
    """The day of the next submission, audit, expiry or target of a standard in a scope; None if none is known."""
    days: list[date | None] = [
        audit.on
        for audit in ledger.audits
        if not audit.held
        and scope.id in (audit.scope or (scope.id,))
        and any(name.id == catalogue.id and name.version in {"", catalogue.version} for name in audit.standards)
    ]
    held = accreditation_of(ledger, scope, catalogue, on, profile_ids(catalogue, use))
    if held:
        cycle = held.cycle_on(on)
        days += [cycles.last_and_next(catalogue.scheme, held, role, on, ledger.holidays)[1] for role in Role]
        days.append(expiry(catalogue.scheme, cycle) if cycle else held.target)
    return min((max(day, on) for day in days if day), default=None)


def plan(ledger: Ledger, scopes: Iterable[Scope], standards: frozenset[str], on: date, before: date | None) -> Plan:
    """The plan for some scopes, as seen from a day; `standards` names the standards, all if none is named.

    With `before`, every standard is judged on that day instead of its own.
    """
    open_ = sorted(_open(ledger, tuple(scopes), standards, on, before), key=lambda one: one.gap)
    closable = [one for one in open_ if one.closable]
    candidates = _candidates(ledger, closable)
    found = cover(len(closable), [sure | likely for _, sure, likely in candidates])
    pieces, left = [], set(range(len(closable)))
    for place in found.chosen:
        piece, sure, likely = candidates[place]
        mine, maybe = sure & left, likely & left
        left -= mine | maybe
        if mine or maybe:
            gaps = [closable[number].gap for number in sorted(mine | maybe)]
            pieces.append(
                msgspec.structs.replace(
                    piece,
                    by=min(gap.by for gap in gaps),
                    closes=tuple(closable[number].gap for number in sorted(mine)),
                    likely=tuple(closable[number].gap for number in sorted(maybe)),
                )
            )
    return Plan(
        pieces=tuple(sorted(pieces, key=lambda one: (one.by, -one.count, one.deed.value, one.what, one.subject))),
        at_least=found.at_least,
        beyond=tuple(one.gap for one in open_ if not one.closable),
    )


def _open(
    ledger: Ledger, scopes: Sequence[Scope], standards: frozenset[str], on: date, before: date | None
) -> Iterator[_Open]:
    ids = frozenset(scope.id for scope in scopes)
    assessors: dict[date, Assessor] = {}
    lenient = msgspec.structs.replace(ledger, settings=msgspec.structs.replace(ledger.settings, review=ReviewPolicy()))
    supposing: dict[date, Assessor] = {}
    for scope in scopes:
        for use, catalogue in ledger.in_use(scope):
            if standards and str(catalogue.name) not in standards:
                continue
            own = before or deadline(ledger, scope, use, catalogue, on)
            day = own or on
            if day not in assessors:
                horizon = ledger.settings.horizon.roughly
                assessors[day] = Assessor(ledger, day, on, horizon)
                supposing[day] = Assessor(lenient, day, on, horizon)
            controls = {node.control.id: node.control for node in walk(catalogue)}
            assessed = assessors[day].assess(scope)
            for standard in assessed.standards:
                if standard.standard == catalogue.name:
                    for judged in standard.controls:
                        yield from _of_control(
                            supposing[day], scope, use, catalogue, controls[judged.id], judged, own or date.max, ids
                        )


def _of_control(
    supposing: Assessor,
    scope: Scope,
    use: StandardInUse,
    catalogue: Catalogue,
    control: Control,
    judged: ControlAssessment,
    by: date,
    planned: frozenset[str],
) -> Iterator[_Open]:
    if not judged.counts:
        return
    place = Reference(catalogue.id, control.id, catalogue.version)
    statement = supposing.statement(scope, use, catalogue, control)
    wanted = {one.id: one for one in expected(catalogue, control, statement.method)}
    elsewhere = statement.inherits is not None and statement.inherits.scope in planned
    for one in judged.expectations:
        due = one.judgement.verdict is Verdict.DUE and one.judgement.until is not None and one.judgement.until <= by
        if not one.binding or not (one.judgement.verdict.is_gap or due):
            continue
        if is_inherited(one) and elsewhere:
            continue  # it is planned in the scope that meets it
        expectation = wanted.get(one.id)
        needed = min(by, one.judgement.until) if due and one.judgement.until else by
        # A group of alternatives has no name that evidence can be filed under: its control has.
        own_name = one.id if expectation and not isinstance(expectation.rule, AnyOf) else ""
        named = Reference(catalogue.id, control.id, catalogue.version, own_name)
        links: tuple[str, ...] = ()
        if expectation and one.judgement.verdict.is_gap:
            links = supposing.links_lacking(scope, use, catalogue, control, expectation)
        for link in links or ("",):
            chain = {expectation.per.value: link} if link and expectation and expectation.per else {}

            def closed_by(day: date, chain: dict[str, str] = chain, wanted: Expectation | None = expectation) -> bool:
                piece = _supposed(wanted, scope, day, chain) if wanted else None
                return bool(
                    wanted
                    and piece
                    and not supposing.supposing(scope, use, catalogue, control, wanted, piece).verdict.is_gap
                )

            gap = Gap(needed, scope.id, named, one.what, one.judgement.reason, link)
            found = _Open(gap, expectation, one, place, closable=True)
            done = _needs_no_new_piece(one) or _event_to_state(found)
            possible = bool(done) or closed_by(supposing.day.known) or closed_by(supposing.day.on)
            series = isinstance(expectation.rule, Every | Each) if expectation else False
            if not possible and series and one.judgement.verdict is Verdict.MISSING:
                said = f"{gap.reason}; a first piece begins the series, and does not fill what is past"
                found = msgspec.structs.replace(found, gap=msgspec.structs.replace(gap, reason=said))
            yield msgspec.structs.replace(found, closable=possible)


def _needs_no_new_piece(one: ExpectationAssessment) -> bool:
    """Whether it can be closed by what is filed, by an answer, or by what comes when its day does."""
    waiting = {Verdict.DUE, Verdict.UNAPPROVED, Verdict.CHANGED, Verdict.UNDATED}
    return one.id == ANSWER or (one.judgement.verdict in waiting and not is_inherited(one))


def _event_to_state(one: _Open) -> str:
    """The type of event of which the register says nothing, if that is what is lacking."""
    rule = one.expectation.rule if one.expectation else None
    silent = one.judged.judgement.verdict is Verdict.MISSING and not one.judged.judgement.evidence
    return rule.event if isinstance(rule, OnEvent) and silent else ""


def _supposed(expectation: Expectation, scope: Scope, day: date, per: dict[str, str]) -> Evidence:
    """A piece that passes, of a kind that the expectation takes."""
    kind = next((kind for leaf in leaves(expectation) for kind in leaf.kinds), Kind.RECORD)
    return Evidence(id=SUPPOSED, path="", title="", kind=kind, result=Result.PASS, date=day, scope=(scope.id,), per=per)


_Candidate = tuple[Piece, frozenset[int], frozenset[int]]


def _candidates(ledger: Ledger, closable: Sequence[_Open]) -> list[_Candidate]:
    """Everything that could be done, with the gaps that it closes for sure and those that it closes likely."""
    evidence = {item.id: item for item in ledger.evidence}
    found: list[_Candidate] = []
    resting: dict[tuple[Deed, str], list[int]] = {}
    for number, one in enumerate(closable):
        deed = _deed(one)
        if deed in {Deed.APPROVE, Deed.DATE, Deed.RENEW}:
            resting.setdefault((deed, one.judged.judgement.evidence), []).append(number)
        elif deed is Deed.STATE:
            resting.setdefault((deed, _event_to_state(one)), []).append(number)
        elif deed is Deed.ANSWER:
            found.append((Piece(deed=deed, by=date.max, what=one.gap.what), frozenset({number}), frozenset()))
    for (deed, subject), numbers in resting.items():
        item = evidence.get(subject)
        kind = item.kind.value if item and item.kind else ""
        owner, title = (item.owner, item.title) if item else ("", "")
        piece = Piece(deed=deed, by=date.max, kind=kind, what=title, subject=subject, owner=owner)
        if deed is Deed.STATE:
            what = f"every {subject.replace('-', ' ')} of the last year, or that there was none"
            piece = Piece(deed=deed, by=date.max, what=what)
        found.append((piece, frozenset(numbers), frozenset()))
    found += _new_pieces(ledger, closable)
    return found


def _deed(one: _Open) -> Deed:
    verdict, rests_on = one.judged.judgement.verdict, one.judged.judgement.evidence
    if one.expectation is None:
        return Deed.ANSWER
    if _event_to_state(one):
        return Deed.STATE
    if verdict in {Verdict.UNAPPROVED, Verdict.CHANGED}:
        return Deed.APPROVE
    if verdict is Verdict.UNDATED and rests_on:
        return Deed.DATE
    return Deed.RENEW if verdict is Verdict.STALE and rests_on else Deed.FILE


def _new_pieces(ledger: Ledger, closable: Sequence[_Open]) -> Iterator[_Candidate]:
    """For each gap and kind a new piece, with what related controls lack of the same kind in the same scope."""
    crosswalk = Crosswalk(ledger.catalogues)
    by_place: dict[tuple[str, str, Reference], list[int]] = {}
    for number, one in enumerate(closable):
        if _deed(one) is Deed.FILE:
            by_place.setdefault((one.gap.scope, one.gap.link, one.place), []).append(number)
    related = {
        place: [(route.target, route.type in _SURE) for route in crosswalk.direct(place)]
        for place in {place for _, _, place in by_place}
    }
    for (scope, link, place), numbers in by_place.items():
        for number in numbers:
            wanted = closable[number].expectation
            kinds = dict.fromkeys(kind for leaf in leaves(wanted) for kind in leaf.kinds) if wanted else {}
            for kind in kinds or (None,):
                sure, likely = {number}, set[int]()
                for target, is_sure in related[place]:
                    served = _served(closable, by_place.get((scope, link, target), ()), kind)
                    (sure if is_sure else likely).update(served)
                what = closable[number].gap.what
                piece = Piece(deed=Deed.FILE, by=date.max, kind=kind.value if kind else "", what=what)
                yield piece, frozenset(sure), frozenset(likely - sure)


def _served(closable: Sequence[_Open], numbers: Sequence[int], kind: Kind | None) -> list[int]:
    """Of what a related control lacks, the first that takes a piece of the kind: one piece is one thing there, too."""
    for number in numbers:
        wanted = closable[number].expectation
        if wanted and any(leaf.kinds and leaf.takes(kind) for leaf in leaves(wanted)):
            return [number]
    return []
