"""The register of statements of applicability: one for a standard in a scope."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from compliance.domain.registers.accreditations import ACCREDITATIONS
from compliance.domain.registers.parts.faults import Fault, Path, unknown_standard, warning
from compliance.domain.registers.parts.register import Filed, LedgerView, Listing, Register
from compliance.domain.registers.statements.inspection import inspect_statement
from compliance.domain.registers.statements.statement import Applicability, changed_since_approval, unexplained
from compliance.domain.standards.catalogue import Catalogue, Node, in_profile, walk
from compliance.domain.terms.shapes import Shape
from compliance.domain.terms.verdicts import ReasonKind
from compliance.domain.terms.vocabulary import name_of
from compliance.problems import choice_hint

BELOW_TARGET = ReasonKind("below-target", Shape.ARROW_DOWN)
EXCLUSION_LAPSED = ReasonKind("exclusion-lapsed", Shape.HOURGLASS)
_NAMED = 5
"""How many controls a message names at most."""


def inspect(ledger: LedgerView, soa: Applicability) -> Iterator[Fault]:
    """What is wrong in a statement of applicability: controls that are not there, judgements that are not allowed."""
    yield from _accreditation(ledger, soa)
    if soa.approved and changed_since_approval(soa):
        version = f"version {soa.version}" if soa.version else "it"
        sentence = f"changed since {version} was approved by {name_of(soa.approved.by)} on {soa.approved.on}"
        hint = f"have it approved: compliance applicability approve {soa.id} --version NEW --by NAME"
        yield warning(("approved",), sentence, hint)
    catalogue = ledger.catalogue(soa.standard)
    if catalogue is None:
        yield from unknown_standard(ledger, soa.standard)
        return
    nodes = {node.control.id: node for node in walk(catalogue)}
    yield from _controls(ledger, soa, nodes, catalogue)
    profiles = ledger.profiles_in_use(soa.scope, catalogue)
    if profiles is not None:
        yield from _outside(soa, nodes, profiles)
        yield from _without_reason(soa, catalogue, profiles)


def _controls(
    ledger: LedgerView, soa: Applicability, nodes: Mapping[str, Node], catalogue: Catalogue
) -> Iterator[Fault]:
    stated: set[str] = set()
    for number, statement in enumerate(soa.controls):
        at: Path = ("controls", number, "control")
        node = nodes.get(statement.control)
        if statement.control in stated:
            yield Fault(at, f"states {statement.control} twice", "keep one of the two")
        elif node is None:
            listing = f"list them with: compliance standards show {catalogue.name}"
            hint = choice_hint(statement.control, nodes) or listing
            yield Fault(at, f"{catalogue.name} has no control {statement.control}", hint)
        elif not node.control.assessable:
            below = [control.id for control in node.control.controls if control.assessable]
            hint = f"state the controls below it: {', '.join(below[:6])}" if below else "remove the statement"
            yield Fault(at, f"{statement.control} is a heading: what is stated of it has no effect", hint)
        else:
            yield from inspect_statement(ledger, soa, number, nodes, catalogue)
        stated.add(statement.control)


def _accreditation(ledger: LedgerView, soa: Applicability) -> Iterator[Fault]:
    accreditation = next((record for record in ledger.of(ACCREDITATIONS) if record.id == soa.accreditation), None)
    if accreditation and (accreditation.standard.id, accreditation.scope) != (soa.standard.id, soa.scope):
        sentence = f"{accreditation.id} is an accreditation to {accreditation.standard} for {accreditation.scope}"
        yield Fault(("accreditation",), sentence, f"name one to {soa.standard} for {soa.scope}, or remove the line")


def _outside(soa: Applicability, nodes: Mapping[str, Node], profiles: tuple[str, ...]) -> Iterator[Fault]:
    """What is stated of controls that no profile in use here holds."""
    for number, statement in enumerate(soa.controls):
        node = nodes.get(statement.control)
        if node and node.control.assessable and not in_profile(node.control, profiles):
            names = ", ".join(profiles) or "any profile"
            sentence = f"{statement.control} is not in {names}: what is stated of it has no effect"
            hint = "remove it, or choose another profile in compliance.toml"
            yield warning(("controls", number, "control"), sentence, hint)


def _without_reason(soa: Applicability, catalogue: Catalogue, profiles: tuple[str, ...]) -> Iterator[Fault]:
    """Inclusions that say neither why nor what they answer, where the scheme wants to know (ISO/IEC 27001, 6.1.3 d)."""
    silent = unexplained(soa, catalogue, profiles) if soa.version else ()
    if silent:
        more = f" and {len(silent) - _NAMED} more" if len(silent) > _NAMED else ""
        sentence = f"included without a reason, a risk or an obligation: {', '.join(silent[:_NAMED])}{more}"
        hint = f"say why: compliance applicability set {catalogue.id}:{silent[0]} --because R-… or --reason …"
        yield warning(("version",), sentence, hint)


def inspect_together(ledger: LedgerView, filed: Sequence[Filed[Applicability]]) -> Iterator[tuple[str, Fault]]:
    """What is wrong between statements: two for one standard and scope, and inheritance in circles."""
    first: dict[tuple[str, str], str] = {}
    for entry in filed:
        soa = entry.record
        catalogue = ledger.catalogue(soa.standard)
        key = (str(catalogue.name if catalogue else soa.standard), soa.scope)
        if key in first:
            sentence = f"is a second statement for {soa.standard} in {soa.scope}: {first[key]} is the first"
            yield entry.file, Fault(("standard",), sentence, "put what both say into one of them")
        first.setdefault(key, entry.file)
    yield from _circles(filed)


def _circles(filed: Sequence[Filed[Applicability]]) -> Iterator[tuple[str, Fault]]:
    """Scopes that inherit a control from each other: nobody would be evidencing it."""
    givers: dict[tuple[str, str, str], str] = {}
    places: dict[tuple[str, str, str], tuple[Filed[Applicability], int]] = {}
    for entry in filed:
        for number, statement in enumerate(entry.record.controls):
            if statement.inherits and statement.inherits.scope not in {"", entry.record.scope}:
                key = (str(entry.record.standard), statement.control, entry.record.scope)
                givers[key] = statement.inherits.scope
                places[key] = (entry, number)
    reported: set[tuple[str, str, str]] = set()
    for standard, control, start in givers:
        scope, passed = start, set()
        while scope not in passed and (standard, control, scope) in givers:
            passed.add(scope)
            scope = givers[standard, control, scope]
        ring = {(standard, control, scope_id) for scope_id in passed}
        if scope == start and not ring & reported:
            reported |= ring
            # What is being written now is what is to be mended, not what was there before.
            fresh = (key for key, (entry, _) in places.items() if key in ring and not entry.is_committed)
            entry, number = places[next(fresh, (standard, control, start))]
            sentence = f"{control} is inherited in a circle through {', '.join(sorted(passed))}"
            yield entry.file, Fault(("controls", number, "inherits"), sentence, "evidence it in one of them")


def _row(_ledger: LedgerView, soa: Applicability, _on: date) -> Sequence[str]:
    return (soa.id, soa.version or "–", str(soa.approved.on) if soa.approved else "–", soa.name)


def _facts(_ledger: LedgerView, soa: Applicability, _on: date) -> Mapping[str, object]:
    return {"excluded": sum(not statement.applies for statement in soa.controls)}


APPLICABILITY = Register(
    name="statement of applicability",
    plural="applicability",
    prefix="S",
    place=2,
    summary="What applies and why, and how far it is in place.",
    command="applicability",
    record=Applicability,
    inspect=inspect,
    listing=Listing(
        headings=("Id", "Version", "Approved", "Statement"),
        row=_row,
        order=lambda _ledger, soa, _on: soa.name,
        is_open=lambda _ledger, _soa, _on: True,
        closes=False,
        facts=_facts,
    ),
    inspect_together=inspect_together,
    reason_kinds=(BELOW_TARGET, EXCLUSION_LAPSED),
    names={"accreditation": "accreditations"},
)
