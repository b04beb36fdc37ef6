"""Whether evidence speaks to what is asked for at all: controls of the profile in use, and names that scopes list."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from compliance.domain.ledger.ledger import Ledger
from compliance.domain.ledger.settings import Settings, profile_ids
from compliance.domain.standards.catalogue import Catalogue, Control, in_profile
from compliance.domain.terms.vocabulary import Chain


def unlisted(settings: Settings, per: Mapping[str, str]) -> Iterator[tuple[Chain, str, tuple[str, ...]]]:
    """The suppliers, sites, systems and merchants named that no scope lists, with those that are listed.

    Where no scope lists any, none is asked for, and any name will do.
    """
    for chain in Chain:
        listed = tuple(dict.fromkeys(name for scope in settings.scopes for name in scope.listed(chain)))
        if chain.value in per and listed and per[chain.value] not in listed:
            yield chain, per[chain.value], listed


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
