"""Whether evidence speaks to what is asked for at all: controls of the profile in use, and names that scopes list."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from compliance.domain.ledger.ledger import Ledger
from compliance.domain.ledger.settings import Settings, profile_ids
from compliance.domain.registers.events import EVENTS
from compliance.domain.standards.catalogue import Catalogue, Control, in_profile
from compliance.domain.terms.identifiers import EVIDENCE, normalised
from compliance.domain.terms.vocabulary import Chain
from compliance.problems import choice_hint


def unlisted(settings: Settings, per: Mapping[str, str]) -> Iterator[tuple[Chain, str, tuple[str, ...]]]:
    """The suppliers, sites, systems and merchants named that no scope lists, with those that are listed.

    Where no scope lists any, none is asked for, and any name will do.
    """
    for chain in Chain:
        listed = tuple(dict.fromkeys(name for scope in settings.scopes for name in scope.listed(chain)))
        if chain.value in per and listed and per[chain.value] not in listed:
            yield chain, per[chain.value], listed


def event_named(ledger: Ledger, text: str) -> str | None:
    """The id of the event that a person names: one on record, or a failed scan or test on file; None where none is."""
    events = {event.id for event in ledger.of(EVENTS) if not event.nil}
    named = (text, normalised(text, EVENTS.prefix), normalised(text, EVIDENCE))
    return next((id_ for id_ in named if id_ in events or ledger.evidence_by_id(id_)), None)


def event_hint(ledger: Ledger, text: str) -> str:
    """What to do about an event that is named and not on record."""
    events = [event.id for event in ledger.of(EVENTS) if not event.nil]
    listing = "list them with: compliance event list" if events else "record it first: compliance event add"
    return choice_hint(text, events, otherwise=listing)


def outside_profile(ledger: Ledger, catalogue: Catalogue, control: Control, scopes: Sequence[str]) -> tuple[str, ...]:
    """The profiles in use, where none of them asks for a control in any of the scopes; empty where one does."""
    uses = [
        use
        for use, used in ledger.in_use()
        if used.name == catalogue.name and any(use.covers(scope) for scope in scopes)
    ]
    profiles = [profile_ids(catalogue, use) for use in uses]
    if not profiles or any(in_profile(control, chosen) for chosen in profiles):
        return ()
    return tuple(dict.fromkeys(name for chosen in profiles for name in chosen)) or ("none",)
