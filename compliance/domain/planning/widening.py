"""A certificate widened to another scope, supposed and not done: what would be a gap there, and what serves already.

Three times the standard is judged: in the scope that the accreditation has, in the other as everything is filed now,
and in the other once what is filed and inherited for the first is extended to it. Nothing is written.
"""

from __future__ import annotations

import enum
from collections.abc import Collection, Iterator, Mapping
from datetime import date

import msgspec

from compliance.domain.assessment.assess import Assessor, Consideration
from compliance.domain.assessment.assessment import ControlAssessment, StandardAssessment
from compliance.domain.assessment.mapping import Mapping as References
from compliance.domain.due.standing import Standing, stand
from compliance.domain.ledger.approval import parts, stamp
from compliance.domain.ledger.ledger import Ledger
from compliance.domain.ledger.records import Evidence
from compliance.domain.ledger.settings import Scope, StandardInUse
from compliance.domain.registers.certificates.accreditation import Accreditation
from compliance.domain.registers.statements.statement import Applicability, Statement
from compliance.domain.standards.catalogue import Catalogue, Control, walk
from compliance.domain.standards.expectations import MaxAge, Once
from compliance.domain.terms.durations import Duration, Unit
from compliance.domain.terms.verdicts import Flag

_NO_TIME = Duration(0, Unit.DAY)


class Change(enum.Enum):
    """What widening asks of a control."""

    NEW = "new"
    """A gap there that is none here, and is not closed by what there is."""
    SAME = "same"
    """A gap in both."""
    EXTEND = "extend"
    """A gap there until evidence names that scope too, or until it is inherited there too."""
    SERVES = "serves"
    """No gap there as everything is filed now."""
    OUT = "out"
    """Excluded there, or not asked."""


class Moved(msgspec.Struct, frozen=True, kw_only=True):
    """One control in both scopes.

    `here` and `there` are how it stands as filed, `extended` how it would there once what serves is extended.
    """

    change: Change
    here: ControlAssessment
    there: ControlAssessment
    extended: ControlAssessment
    pieces: tuple[str, ...] = ()
    """The evidence that has to name the wider scope for any of its expectations to be met."""
    inherit: str = ""
    """Who meets it here, by inheritance, and what is retained; where it is a gap there and could be inherited too."""
    excluded: str = ""
    """Why it is excluded here, where it is judged there."""


class Widening(msgspec.Struct, frozen=True, kw_only=True):
    """An accreditation's standard in the scope that it has and in the one it would be widened to."""

    held: Accreditation
    scope: Scope
    in_use: bool
    """Whether the standard is in use for that scope already."""
    others: tuple[str, ...]
    """Accreditations to the standard that there are for that scope."""
    here: Standing
    there: Standing
    extended: Standing
    controls: tuple[Moved, ...]

    def of(self, change: Change) -> tuple[Moved, ...]:
        return tuple(one for one in self.controls if one.change is change)

    def naming(self) -> Mapping[str, tuple[str, ...]]:
        """The evidence that would have to name the wider scope, each with the controls that it then serves there."""
        found: dict[str, list[str]] = {}
        for one in self.controls:
            for piece in one.pieces:
                found.setdefault(piece, []).append(one.there.id)
        return {piece: tuple(controls) for piece, controls in found.items()}


def widened(ledger: Ledger, held: Accreditation, scope: Scope) -> Ledger:
    """The ledger as if the accreditation were held for that scope, and its standard in use there."""
    moved = msgspec.structs.replace(held, scope=scope.id)
    others = tuple(moved if one.id == held.id else one for one in ledger.accreditations)
    return msgspec.structs.replace(_judging(ledger, held, scope), accreditations=others)


def extended(ledger: Ledger, held: Accreditation, scope: Scope, gaps: Collection[str]) -> Ledger:
    """The ledger as if what serves the accreditation's scope served that one too.

    Evidence names it, an approval being given anew where there was one that held; and of the controls that are gaps
    there, those that the accreditation's scope inherits are inherited, unless something is stated of them there.
    Exclusions, answers and levels are judgements on a scope, and are not carried.
    """
    fingerprint_of = References(ledger).fingerprint_of

    def naming(item: Evidence) -> Evidence:
        named = item.scope or (ledger.settings.default_scope,)
        if held.scope not in named or scope.id in named:
            return item
        wider = msgspec.structs.replace(item, scope=(*named, scope.id))
        before = stamp(parts(item, fingerprint_of)) if item.decisions else ""
        after = parts(wider, fingerprint_of) if item.decisions else {}
        decisions = tuple(
            msgspec.structs.replace(one, stamp=stamp(after), parts=after) if one.stamp == before else one
            for one in item.decisions
        )
        return msgspec.structs.replace(wider, decisions=decisions)

    return msgspec.structs.replace(
        ledger,
        evidence=tuple(naming(item) for item in ledger.evidence),
        applicability=tuple(_inheriting(ledger, held, scope, gaps)),
    )


def widening(
    ledger: Ledger, held: Accreditation, catalogue: Catalogue, scope: Scope, on: date, known: date
) -> Widening:
    """The accreditation's standard in the scope it has and in the wider one, control by control.

    `held.scope` must be a scope of the ledger. Pure: it supposes, and changes nothing.
    """
    own = ledger.settings.scope(held.scope) or scope
    present = _judging(ledger, held, scope)
    supposed = widened(ledger, held, scope)

    def standing(one: Ledger, at: Scope) -> Standing:
        return stand(one, (at,), frozenset({catalogue.name}), on, known, _NO_TIME, looking_ahead=False)

    here, there = standing(present, own), standing(supposed, scope)
    further = extended(supposed, held, scope, {control.id for _, control in there.assessments[0].gaps()})
    beyond = standing(further, scope)
    pieces = _Pieces(supposed, further, scope, catalogue, on, known)
    now, then = _by_id(here), _by_id(beyond)
    return Widening(
        held=held,
        scope=scope,
        in_use=any(use.covers(scope.id) for use, one in ledger.in_use() if one.name == catalogue.name),
        others=tuple(
            one.id
            for one in ledger.accreditations
            if one.id != held.id and one.scope == scope.id and ledger.catalogue(one.standard) == catalogue
        ),
        here=here,
        there=there,
        extended=beyond,
        controls=tuple(_moved(now[one.id], one, then[one.id], pieces) for one in _of(there).controls),
    )


def _moved(here: ControlAssessment, there: ControlAssessment, then: ControlAssessment, pieces: _Pieces) -> Moved:
    if not there.counts and not there.is_gap:
        change = Change.OUT
    elif not there.is_gap:
        change = Change.SERVES
    elif not then.is_gap:
        change = Change.EXTEND
    else:
        change = Change.SAME if here.is_gap else Change.NEW
    gaining = there.is_gap and there.counts
    return Moved(
        change=change,
        here=here,
        there=there,
        extended=then,
        pieces=pieces.for_(there, then) if gaining else (),
        inherit=then.note if gaining and then.flag is Flag.INHERITED and there.flag is not Flag.INHERITED else "",
        excluded=here.note if here.flag is Flag.EXCLUDED and there.flag is not Flag.EXCLUDED else "",
    )


class _Pieces:
    """Finds the evidence that has to name the wider scope, expectation by expectation."""

    def __init__(
        self, supposed: Ledger, further: Ledger, scope: Scope, catalogue: Catalogue, on: date, known: date
    ) -> None:
        self._scope, self._catalogue = scope, catalogue
        horizon = supposed.settings.horizon.roughly
        self._before = Assessor(supposed, on, known, horizon)
        self._after = Assessor(further, on, known, horizon)
        self._use = next(use for use, one in supposed.in_use(scope) if one.name == catalogue.name)
        self._controls = {node.control.id: node.control for node in walk(catalogue)}
        self._naming = {item.id for item in supposed.evidence if scope.id in _scopes(item, supposed)}

    def for_(self, there: ControlAssessment, then: ControlAssessment) -> tuple[str, ...]:
        control = self._controls[there.id]
        lacking = {one.expectation.id for one in self._laid(self._before, control) if one.judgement.verdict.is_gap}
        if there.flag is not then.flag:  # it would be inherited: only what the scope then retains is evidenced there
            lacking &= {one.id for one in then.expectations}
        found: dict[str, None] = {}
        for one in self._laid(self._after, control):
            if one.expectation.binding and one.expectation.id in lacking and not one.judgement.verdict.is_gap:
                found |= dict.fromkeys(_resting_on(one))
        return tuple(piece for piece in found if piece not in self._naming)

    def _laid(self, assessor: Assessor, control: Control) -> tuple[Consideration, ...]:
        return assessor.explain(self._scope, self._use, self._catalogue, control)


def _resting_on(one: Consideration) -> Iterator[str]:
    """The pieces that a verdict needs: one alone where one is enough, else every candidate."""
    if isinstance(one.expectation.rule, MaxAge | Once) and not one.expectation.per:
        yield one.judgement.evidence
    else:
        yield from (candidate.evidence.id for candidate in one.candidates)


def _judging(ledger: Ledger, held: Accreditation, scope: Scope) -> Ledger:
    """The ledger with the accreditation's standard in use in both scopes, under the profile that it attests."""
    catalogue = ledger.catalogue(held.standard)
    name = catalogue.name if catalogue else held.standard
    there = [use for use in ledger.settings.standards if ledger.catalogue(use.standard) == catalogue]
    use = there[0] if there else StandardInUse(standard=name, scopes=(held.scope,))
    scopes = tuple(dict.fromkeys((*use.scopes, held.scope, scope.id))) if use.scopes else ()
    profiles = (held.profile,) if held.profile else use.profiles
    one = msgspec.structs.replace(use, scopes=scopes, profiles=profiles)
    standards = (*(other for other in ledger.settings.standards if other not in there), one)
    settings = msgspec.structs.replace(ledger.settings, standards=standards)
    return msgspec.structs.replace(ledger, settings=settings)


def _inheriting(ledger: Ledger, held: Accreditation, scope: Scope, gaps: Collection[str]) -> Iterator[Applicability]:
    """The statements of applicability, the wider scope's with what the present one inherits."""
    catalogue = ledger.catalogue(held.standard)
    of_it = [one for one in ledger.applicability if ledger.catalogue(one.standard) == catalogue]
    given = [
        Statement(control=statement.control, inherits=statement.inherits)
        for one in of_it
        if one.scope == held.scope
        for statement in one.controls
        if statement.inherits and statement.control in gaps
    ]
    there = next((one for one in of_it if one.scope == scope.id), None)
    yield from (one for one in ledger.applicability if one is not there)
    soa = there or Applicability(id="", standard=held.standard, scope=scope.id)
    stated = {one.control for one in soa.controls}
    yield msgspec.structs.replace(soa, controls=(*soa.controls, *(one for one in given if one.control not in stated)))


def _scopes(item: Evidence, ledger: Ledger) -> tuple[str, ...]:
    return item.scope or (ledger.settings.default_scope,)


def _of(standing: Standing) -> StandardAssessment:
    return standing.assessments[0].standards[0]


def _by_id(standing: Standing) -> Mapping[str, ControlAssessment]:
    return {one.id: one for one in _of(standing).controls}
