"""What controls expect of the evidence that is filed for them: kinds, scopes, and whether it will serve."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from compliance.domain.ledger.belonging import event_hint, event_named, outside_profile, unlisted
from compliance.domain.ledger.ledger import Ledger
from compliance.domain.ledger.lookup import find_control
from compliance.domain.ledger.records import Record
from compliance.domain.standards.expectations import Expectation
from compliance.domain.standards.methods import those_meant
from compliance.domain.terms.references import Reference
from compliance.domain.terms.vocabulary import Kind
from compliance.ledger.inspection.sources import listing_hint
from compliance.problems import Problem, Severity, refuse, with_article


def kind_expected(ledger: Ledger, references: Sequence[Reference]) -> Kind | None:
    """The one kind that every named control or expectation takes, if there is just one."""
    common: set[Kind] | None = None
    for reference in references:
        kinds = _kinds(_expected(ledger, reference))
        common = kinds if common is None else common & kinds
    return next(iter(common)) if common and len(common) == 1 else None


def kinds_hint(ledger: Ledger, references: Sequence[Reference]) -> str:
    """Which kinds to choose from."""
    kinds = sorted({kind.value for reference in references for kind in _kinds(_expected(ledger, reference))})
    return f"say --kind, one of {', '.join(kinds)}" if kinds else "say it with --kind"


def serving(ledger: Ledger, references: Sequence[Reference], kind: Kind) -> Iterator[Problem]:
    """A warning for each control that evidence of this kind does not serve."""
    for reference in references:
        wanted = _expected(ledger, reference)
        if not any(leaf.takes(kind) for leaf in wanted):
            kinds = " or ".join(sorted(kind_wanted.value for kind_wanted in _kinds(wanted)))
            yield Problem(
                f"{with_article(kind.value)} serves no expectation of {reference}",
                hint=f"it expects {with_article(kinds)}",
                severity=Severity.WARNING,
            )


def belonging(ledger: Ledger, record: Record) -> Iterator[Problem]:
    """A warning for each control that no profile in use asks for, and each supplier, site … that no scope lists."""
    scopes = record.scope or (ledger.settings.default_scope,)
    for reference in record.controls or ():
        _, catalogue, control = find_control(ledger, str(reference))
        profiles = outside_profile(ledger, catalogue, control, scopes)
        if profiles:
            yield Problem(
                f"{reference} is not asked for by the profile in use ({', '.join(profiles)}): it serves nothing there",
                hint="see what is: compliance standards list; or file it for a control of that profile",
                severity=Severity.WARNING,
            )
    for chain, name, names in unlisted(ledger.settings, record.per or {}):
        yield Problem(
            f"no scope lists the {chain.value} “{name}”",
            hint=listing_hint(chain, name, names),
            severity=Severity.WARNING,
        )


def per_named(ledger: Ledger, pairs: Sequence[tuple[str, str]]) -> dict[str, str]:
    """What a piece is of, by chain, an event by its id. Raises Refused for an event that is not on record."""
    per = dict(pairs)
    if "event" in per:
        event = event_named(ledger, per["event"])
        if event is None:
            raise refuse(f"there is no event {per['event']}", hint=event_hint(ledger, per["event"]))
        per["event"] = event
    return per


def scopes_in_use(ledger: Ledger, references: Sequence[Reference]) -> tuple[str, ...]:
    """The scopes in which the controls' standards are in use."""
    standards = {reference.standard for reference in references}
    return tuple(
        scope.id
        for scope in ledger.settings.scopes
        if any(use.standard.id in standards and use.covers(scope.id) for use in ledger.settings.standards)
    ) or (ledger.settings.default_scope,)


def _expected(ledger: Ledger, reference: Reference) -> list[Expectation]:
    _, catalogue, control = find_control(ledger, str(reference))
    return list(those_meant(catalogue, control, reference.expectation))


def _kinds(expectations: Sequence[Expectation]) -> set[Kind]:
    return {kind for expectation in expectations for kind in expectation.kinds}
