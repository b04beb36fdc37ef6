"""A certificate widened to another scope, supposed and not done: what would be a gap there, and what serves already.

Three times the standard is judged: in the scope that the accreditation has, in the other as everything is filed now,
and in the other once what is filed and inherited for the first is extended to it. Nothing is written.
"""

from __future__ import annotations

import enum
from collections.abc import Collection, Iterator, Mapping
from datetime import date

import msgspec

from compliance.domain.assessment.assess import Assessor
from compliance.domain.assessment.assessment import ControlAssessment, StandardAssessment
from compliance.domain.assessment.consideration import Consideration, explain
from compliance.domain.due.standing import Standing, stand
from compliance.domain.ledger.approval import parts, stamp
from compliance.domain.ledger.control_index import ControlIndex
from compliance.domain.ledger.ledger import Ledger
from compliance.domain.ledger.records import Evidence
from compliance.domain.ledger.settings import Scope, StandardInUse
from compliance.domain.registers.accreditations import ACCREDITATIONS
from compliance.domain.registers.applicability import APPLICABILITY
from compliance.domain.registers.certificates.accreditation import Accreditation
from compliance.domain.registers.statements.statement import Applicability, Statement
from compliance.domain.standards.catalogue import Catalogue, Control, walk
from compliance.domain.standards.expectations import MaxAge, Once
from compliance.domain.terms.durations import Duration, Unit
from compliance.domain.terms.verdicts import Flag

_NO_TIME = Duration(0, Unit.DAY)


class VerdictChange(enum.Enum):
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


class ControlMove(msgspec.Struct, frozen=True, kw_only=True):
    """One control in both scopes.

    `here` and `there` are how it stands as filed, `extended` how it would there once what serves is extended.
    """

    change: VerdictChange
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

    accreditation: Accreditation
    scope: Scope
    in_use: bool
    """Whether the standard is in use for that scope already."""
    others: tuple[str, ...]
    """Accreditations to the standard that there are for that scope."""
    here: Standing
    there: Standing
    extended: Standing
    controls: tuple[ControlMove, ...]

    def of(self, change: VerdictChange) -> tuple[ControlMove, ...]:
        return tuple(moved for moved in self.controls if moved.change is change)

    def naming(self) -> Mapping[str, tuple[str, ...]]:
        """The evidence that would have to name the wider scope, each with the controls that it then serves there."""
        controls: dict[str, list[str]] = {}
        for moved in self.controls:
            for piece in moved.pieces:
                controls.setdefault(piece, []).append(moved.there.id)
        return {piece: tuple(controls) for piece, controls in controls.items()}


def widened(ledger: Ledger, accreditation: Accreditation, scope: Scope) -> Ledger:
    """The ledger as if the accreditation were held for that scope, and its standard in use there."""
    moved = msgspec.structs.replace(accreditation, scope=scope.id)
    accreditations = tuple(
        moved if candidate.id == accreditation.id else candidate for candidate in ledger.of(ACCREDITATIONS)
    )
    return msgspec.structs.replace(_judging(ledger, accreditation, scope), accreditations=accreditations)


def extended(ledger: Ledger, accreditation: Accreditation, scope: Scope, gaps: Collection[str]) -> Ledger:
    """The ledger as if what serves the accreditation's scope served that one too.

    Evidence names it, an approval being given anew where there was one that held; and of the controls that are gaps
    there, those that the accreditation's scope inherits are inherited, unless something is stated of them there.
    Exclusions, answers and levels are judgements on a scope, and are not carried.
    """
    fingerprint_of = ControlIndex(ledger).fingerprint_of

    def naming(item: Evidence) -> Evidence:
        named = item.scope or (ledger.settings.default_scope,)
        if accreditation.scope not in named or scope.id in named:
            return item
        wider = msgspec.structs.replace(item, scope=(*named, scope.id))
        before = stamp(parts(item, fingerprint_of)) if item.decisions else ""
        after = parts(wider, fingerprint_of) if item.decisions else {}
        decisions = tuple(
            msgspec.structs.replace(decision, stamp=stamp(after), parts=after) if decision.stamp == before else decision
            for decision in item.decisions
        )
        return msgspec.structs.replace(wider, decisions=decisions)

    return msgspec.structs.replace(
        ledger,
        evidence=tuple(naming(item) for item in ledger.evidence),
        applicability=tuple(_inheriting(ledger, accreditation, scope, gaps)),
    )


def widening(
    ledger: Ledger, accreditation: Accreditation, catalogue: Catalogue, scope: Scope, on: date, known: date
) -> Widening:
    """The accreditation's standard in the scope it has and in the wider one, control by control.

    `accreditation.scope` must be a scope of the ledger. Pure: it supposes, and changes nothing.
    """
    own = ledger.settings.scope(accreditation.scope) or scope
    present = _judging(ledger, accreditation, scope)
    supposed = widened(ledger, accreditation, scope)

    def standing(supposed_ledger: Ledger, at: Scope) -> Standing:
        return stand(supposed_ledger, (at,), frozenset({catalogue.name}), on, known, _NO_TIME, looking_ahead=False)

    own_standing, wider_standing = standing(present, own), standing(supposed, scope)
    further = extended(
        supposed, accreditation, scope, {control.id for _, control in wider_standing.assessments[0].gaps()}
    )
    beyond = standing(further, scope)
    pieces = _Pieces(supposed, further, scope, catalogue, on, known)
    now, then = _by_id(own_standing), _by_id(beyond)
    return Widening(
        accreditation=accreditation,
        scope=scope,
        in_use=any(use.covers(scope.id) for use, used in ledger.in_use() if used.name == catalogue.name),
        others=tuple(
            candidate.id
            for candidate in ledger.of(ACCREDITATIONS)
            if candidate.id != accreditation.id
            and candidate.scope == scope.id
            and ledger.catalogue(candidate.standard) == catalogue
        ),
        here=own_standing,
        there=wider_standing,
        extended=beyond,
        controls=tuple(
            _moved(now[control.id], control, then[control.id], pieces) for control in _of(wider_standing).controls
        ),
    )


def _moved(
    own_control: ControlAssessment, wider_control: ControlAssessment, then: ControlAssessment, pieces: _Pieces
) -> ControlMove:
    if not wider_control.counts and not wider_control.is_gap:
        change = VerdictChange.OUT
    elif not wider_control.is_gap:
        change = VerdictChange.SERVES
    elif not then.is_gap:
        change = VerdictChange.EXTEND
    else:
        change = VerdictChange.SAME if own_control.is_gap else VerdictChange.NEW
    gaining = wider_control.is_gap and wider_control.counts
    return ControlMove(
        change=change,
        here=own_control,
        there=wider_control,
        extended=then,
        pieces=pieces.for_(wider_control, then) if gaining else (),
        inherit=then.note
        if gaining and then.flag is Flag.INHERITED and wider_control.flag is not Flag.INHERITED
        else "",
        excluded=own_control.note
        if own_control.flag is Flag.EXCLUDED and wider_control.flag is not Flag.EXCLUDED
        else "",
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
        self._use = next(use for use, used in supposed.in_use(scope) if used.name == catalogue.name)
        self._controls = {node.control.id: node.control for node in walk(catalogue)}
        self._naming = {item.id for item in supposed.evidence if scope.id in _scopes(item, supposed)}

    def for_(self, wider_control: ControlAssessment, then: ControlAssessment) -> tuple[str, ...]:
        control = self._controls[wider_control.id]
        lacking = {
            consideration.expectation.id
            for consideration in self._laid(self._before, control)
            if consideration.judgement.verdict.is_gap
        }
        if (
            wider_control.flag is not then.flag
        ):  # it would be inherited: only what the scope then retains is evidenced there
            lacking &= {expectation.id for expectation in then.expectations}
        pieces: dict[str, None] = {}
        for consideration in self._laid(self._after, control):
            if (
                consideration.expectation.binding
                and consideration.expectation.id in lacking
                and not consideration.judgement.verdict.is_gap
            ):
                pieces |= dict.fromkeys(_resting_on(consideration))
        return tuple(piece for piece in pieces if piece not in self._naming)

    def _laid(self, assessor: Assessor, control: Control) -> tuple[Consideration, ...]:
        return explain(assessor, assessor.applied(self._scope, self._use, self._catalogue), control)


def _resting_on(consideration: Consideration) -> Iterator[str]:
    """The pieces that a verdict needs: one alone where one is enough, else every candidate."""
    if isinstance(consideration.expectation.rule, MaxAge | Once) and not consideration.expectation.per:
        yield consideration.judgement.evidence
    else:
        yield from (candidate.evidence.id for candidate in consideration.candidates)


def _judging(ledger: Ledger, accreditation: Accreditation, scope: Scope) -> Ledger:
    """The ledger with the accreditation's standard in use in both scopes, under the profile that it attests."""
    catalogue = ledger.catalogue(accreditation.standard)
    name = catalogue.name if catalogue else accreditation.standard
    uses = [use for use in ledger.settings.standards if ledger.catalogue(use.standard) == catalogue]
    use = uses[0] if uses else StandardInUse(standard=name, scopes=(accreditation.scope,))
    scopes = tuple(dict.fromkeys((*use.scopes, accreditation.scope, scope.id))) if use.scopes else ()
    profiles = (accreditation.profile,) if accreditation.profile else use.profiles
    widened_use = msgspec.structs.replace(use, scopes=scopes, profiles=profiles)
    standards = (*(other_use for other_use in ledger.settings.standards if other_use not in uses), widened_use)
    settings = msgspec.structs.replace(ledger.settings, standards=standards)
    return msgspec.structs.replace(ledger, settings=settings)


def _inheriting(
    ledger: Ledger, accreditation: Accreditation, scope: Scope, gaps: Collection[str]
) -> Iterator[Applicability]:
    """The statements of applicability, the wider scope's with what the present one inherits."""
    catalogue = ledger.catalogue(accreditation.standard)
    of_it = [statement for statement in ledger.of(APPLICABILITY) if ledger.catalogue(statement.standard) == catalogue]
    inherited = [
        Statement(control=statement.control, inherits=statement.inherits)
        for soa in of_it
        if soa.scope == accreditation.scope
        for statement in soa.controls
        if statement.inherits and statement.control in gaps
    ]
    existing = next((statement for statement in of_it if statement.scope == scope.id), None)
    yield from (statement for statement in ledger.of(APPLICABILITY) if statement is not existing)
    soa = existing or Applicability(id="", standard=accreditation.standard, scope=scope.id)
    stated = {statement.control for statement in soa.controls}
    yield msgspec.structs.replace(
        soa, controls=(*soa.controls, *(statement for statement in inherited if statement.control not in stated))
    )


def _scopes(item: Evidence, ledger: Ledger) -> tuple[str, ...]:
    return item.scope or (ledger.settings.default_scope,)


def _of(standing: Standing) -> StandardAssessment:
    return standing.assessments[0].standards[0]


def _by_id(standing: Standing) -> Mapping[str, ControlAssessment]:
    return {control.id: control for control in _of(standing).controls}
