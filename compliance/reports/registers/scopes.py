"""Scopes listed as a tree, and one of them shown: what it is under, what it holds, and what others meet for it."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

import msgspec

from compliance.domain.assessment.assessment import ControlAssessment
from compliance.domain.assessment.inheritance import givers, is_inherited
from compliance.domain.due.standing import Standing
from compliance.domain.ledger.audited import standing_of, with_audits
from compliance.domain.ledger.ledger import Ledger
from compliance.domain.ledger.settings import Scope, profile_ids
from compliance.domain.registers.certificates.states import CertificateStatus
from compliance.domain.registers.providers import PROVIDERS
from compliance.domain.registers.statements.statement import Inheritance
from compliance.domain.terms.references import StandardName
from compliance.domain.terms.verdicts import Flag, Judgement, worst
from compliance.domain.terms.vocabulary import Chain
from compliance.problems import counted
from compliance.reports.parts.answers import Answer
from compliance.reports.parts.heading import Headed, head
from compliance.reports.parts.terminal import table, wrapped
from compliance.reports.parts.wording import reasons

_NAMED = 8
"""How many controls a line names at most."""


def list_as_text(scopes: ScopeList, width: int) -> str:
    """Every scope below the one it is part of, with what there is to say of it."""
    parts = ["\n".join(wrapped(scopes.organisation, width))]
    depths: dict[str | None, int] = {}
    for scope in scopes.scopes:
        depths[scope.id] = depth = depths.get(scope.parent, -1) + 1
        indent = "  " * depth
        lines = wrapped(_name(scope), width, first=indent, below=f"{indent}  ")
        parts.append("\n".join([*lines, *_facts(scope, width, f"{indent}  ")]))
    return "\n\n".join(parts)


def show_as_text(shown: ScopeShown, above: str, width: int) -> str:
    """One scope for a terminal, with each control that another meets for it; `above` says where the answer is from."""
    parts = [above, "\n".join([*wrapped(_name(shown.scope), width, below="  "), *_facts(shown.scope, width, "")])]
    for standard, controls in itertools.groupby(shown.inherited, key=lambda control: control.standard):
        rows = [(row.control, row.by, row.there, row.here, _what_and_why(row)) for row in controls]
        title = f"{standard}: {counted(len(rows), 'control')} met by others"
        headers = ("Control", "By", "There", "Here", "What, and why")
        parts.append(f"{title}\n{table(headers, rows, width, flexible=4)}")
    return "\n\n".join(parts)


def _name(scope: ScopeView) -> str:
    return f"{scope.id}  {scope.title}".rstrip()


def _facts(scope: ScopeView, width: int, indent: str) -> list[str]:
    """What there is to say of a scope, each thing on lines of its own and with its name."""
    facts = [("part of", scope.parent or ""), ("since", str(scope.since or "")), ("until", str(scope.until or ""))]
    facts.append(("succeeds", ", ".join(scope.succeeds)))
    standards = (
        f"{used.standard} ({', '.join(used.profiles)})" if used.profiles else used.standard for used in scope.standards
    )
    facts.append(("under", ", ".join(standards) or "no standard"))
    for accreditation in scope.accreditations:
        link = "by" if accreditation.state == CertificateStatus.SOUGHT.value else "until"
        until = f" {link} {accreditation.until}" if accreditation.until else ""
        facts.append(("accreditation", f"{accreditation.id} {accreditation.title}, {accreditation.state}{until}"))
    facts += [(chain, ", ".join(members)) for chain, members in scope.chains.items()]
    for inherited in scope.inherits:
        kept = f"; retains part of {_names(inherited.retained)}" if inherited.retained else ""
        facts.append(("inherits", f"{_names(inherited.controls)} of {inherited.standard} from {inherited.from_}{kept}"))
    facts += [("meets", f"{counted(count, 'control')} for {taker}") for taker, count in scope.meets.items()]
    return [
        line
        for name, text in facts
        if text
        for line in wrapped(f"{name}: {text}", width, first=indent, below=f"{indent}  ", break_on_hyphens=False)
    ]


def _what_and_why(row: MetElsewhere) -> str:
    retained = row.from_.note or ", ".join(f"#{expectation}" for expectation in row.from_.retains)
    return "\n".join([row.title, *([f"retained here: {retained}"] if retained else []), *row.reasons])


def _in_tree(scopes: Sequence[Scope]) -> Iterator[Scope]:
    """The scopes in the order of `compliance.toml`, each before those that are part of it."""
    below: dict[str, list[Scope]] = {}
    ids = {scope.id for scope in scopes}
    for scope in scopes:
        below.setdefault(scope.parent if scope.parent in ids else "", []).append(scope)

    def walk(parent: str) -> Iterator[Scope]:
        for scope in below.get(parent, ()):
            yield scope
            yield from walk(scope.id)

    return walk("")


def _names(controls: Sequence[str]) -> str:
    more = len(controls) - _NAMED
    return ", ".join(controls[:_NAMED]) + (f" and {more} more" if more > 0 else "")


def _accreditations(ledger: Ledger, scope: Scope, on: date) -> Iterator[ScopeAccreditation]:
    for accreditation in with_audits(ledger):
        if accreditation.scope == scope.id:
            stands = standing_of(ledger, accreditation, on)
            yield ScopeAccreditation(
                id=accreditation.id,
                title=accreditation.title or str(accreditation.standard),
                standard=str(accreditation.standard),
                state=stands.status.value,
                until=stands.until,
            )


def _inherited_controls(ledger: Ledger, scope: Scope) -> tuple[InheritedControls, ...]:
    """What the scope says that it inherits, by standard and by who meets it."""
    controls: dict[tuple[StandardName, str], list[str]] = {}
    retained: dict[tuple[StandardName, str], list[str]] = {}
    for (standard, control), how in givers(ledger, scope.id).items():
        service = f" ({how.service})" if how.service else ""
        key = (standard, _giver(ledger, how) + service)
        controls.setdefault(key, []).append(control)
        if how.retains or how.note:
            retained.setdefault(key, []).append(control)
    return tuple(
        InheritedControls(
            standard=str(standard),
            from_=giver,
            controls=tuple(inherited),
            retained=tuple(retained.get((standard, giver), ())),
        )
        for (standard, giver), inherited in controls.items()
    )


def _met_for_others(ledger: Ledger, scope: Scope) -> Mapping[str, int]:
    """For which scopes this one meets controls, and how many."""
    counts: dict[str, int] = {}
    for other in ledger.settings.scopes:
        count = sum(how.scope == scope.id for how in givers(ledger, other.id).values())
        if count:
            counts[other.id] = count
    return counts


def _giver(ledger: Ledger, how: Inheritance) -> str:
    provider_name = next((provider.name for provider in ledger.of(PROVIDERS) if provider.id == how.provider), "")
    return how.scope or provider_name or how.provider


def _inherited(
    ledger: Ledger, standing: Standing, scope: Scope
) -> Iterator[tuple[str, list[tuple[ControlAssessment, Inheritance]]]]:
    """The controls that others meet for the scope and that are judged there, by standard."""
    by = givers(ledger, scope.id)
    for standard in standing.assessments[0].standards:
        controls = [
            (control, by[standard.standard, control.id])
            for control in standard.controls
            if control.flag is Flag.INHERITED and (standard.standard, control.id) in by
        ]
        if controls:
            yield str(standard.standard), controls


def _worst_inherited(control: ControlAssessment) -> Judgement:
    """The worst judgement among the expectations that are inherited."""
    return worst([expectation.judgement for expectation in control.expectations if is_inherited(expectation)])


class StandardProfiles(msgspec.Struct, frozen=True):
    """A standard that a scope is under, and the profiles of it that apply."""

    standard: str
    profiles: tuple[str, ...]


class ScopeAccreditation(msgspec.Struct, frozen=True, kw_only=True):
    """A certificate of a scope, and how it stands."""

    id: str
    title: str
    standard: str
    state: str
    until: date | None


class InheritedControls(msgspec.Struct, frozen=True, kw_only=True):
    """The controls of a standard that another scope or a provider meets, and those of which a part stays here."""

    standard: str
    from_: str = msgspec.field(name="from")
    controls: tuple[str, ...]
    retained: tuple[str, ...]


class ScopeView(msgspec.Struct, frozen=True, kw_only=True):
    """A scope with what there is to say of it; `meets` counts by scope the controls that it meets for others."""

    id: str
    title: str
    parent: str | None
    since: date | None
    until: date | None
    succeeds: tuple[str, ...]
    standards: tuple[StandardProfiles, ...]
    accreditations: tuple[ScopeAccreditation, ...]
    chains: dict[str, tuple[str, ...]]
    inherits: tuple[InheritedControls, ...]
    meets: dict[str, int]


class ScopeList(Answer, frozen=True, kw_only=True):
    """The scopes of an organisation, each after the one that it is part of."""

    organisation: str
    on: date
    scopes: tuple[ScopeView, ...]


class MetElsewhere(msgspec.Struct, frozen=True, kw_only=True):
    """A control that another meets for a scope: by which inheritance, by whom, and how it stands there and here."""

    standard: str
    control: str
    title: str
    from_: Inheritance = msgspec.field(name="from")
    by: str
    there: str
    here: str
    gap: bool
    required: bool
    reasons: tuple[str, ...]


class ScopeShown(Headed, frozen=True, kw_only=True):
    """One scope, and what others meet for it."""

    scope: ScopeView
    inherited: tuple[MetElsewhere, ...]


def list_view(ledger: Ledger, on: date) -> ScopeList:
    """The tree as `--json` has it."""
    return ScopeList(
        organisation=ledger.settings.organisation,
        on=on,
        scopes=tuple(_view(ledger, scope, on) for scope in _in_tree(ledger.settings.scopes)),
    )


def show_view(ledger: Ledger, standing: Standing, scope: Scope) -> ScopeShown:
    """One scope as `--json` has it."""
    return ScopeShown(
        **head(standing),
        scope=_view(ledger, scope, standing.provenance.on),
        inherited=tuple(
            MetElsewhere(
                standard=standard,
                control=control.id,
                title=control.title,
                from_=how,
                by=_giver(ledger, how),
                there=_worst_inherited(control).verdict.value,
                here=control.standing,
                gap=control.is_gap,
                required=control.is_required_gap,
                reasons=tuple(reasons(control)) if control.is_gap else (),
            )
            for standard, controls in _inherited(ledger, standing, scope)
            for control, how in controls
        ),
    )


def _view(ledger: Ledger, scope: Scope, on: date) -> ScopeView:
    return ScopeView(
        id=scope.id,
        title=scope.title,
        parent=scope.parent or None,
        since=scope.start,
        until=scope.end,
        succeeds=scope.succeeds,
        standards=tuple(
            StandardProfiles(str(catalogue.name), tuple(profile_ids(catalogue, use)))
            for use, catalogue in ledger.in_use(scope)
        ),
        accreditations=tuple(_accreditations(ledger, scope, on)),
        chains={f"{chain.value}s": tuple(listed) for chain in Chain if (listed := scope.listed(chain))},
        inherits=_inherited_controls(ledger, scope),
        meets=dict(_met_for_others(ledger, scope)),
    )
