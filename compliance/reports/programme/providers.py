"""External providers for the programme report, and until when what they do for us is assured."""

from __future__ import annotations

from datetime import date

import msgspec

from compliance.domain.registers.providers import PROVIDERS, Provider, Reliance, assured_until, matrix_look, reliance
from compliance.reports.programme.outlook import Outlook, State

_GROUPS = {Reliance.RELIED_ON: "evidenced", Reliance.NO_MATRIX: "lapsing"}


class ProviderRow(msgspec.Struct, frozen=True, kw_only=True):
    """A provider: the day to which all its services are assured, and when its responsibility matrix is gone over."""

    id: str
    name: str
    services: tuple[str, ...]
    assured_until: date | None
    matrix: str
    matrix_by: date | None
    stands: State
    owner: str


def providers(outlook: Outlook) -> tuple[ProviderRow, ...]:
    """Every provider, what ends first at the top. Providers are of no scope: they are the whole organisation's."""
    rows = [
        ProviderRow(
            id=provider.id,
            name=provider.name,
            services=tuple(dict.fromkeys(service for each in provider.assurances for service in each.services)),
            assured_until=assured_until(outlook.ledger, provider, outlook.on),
            matrix=provider.matrix,
            matrix_by=matrix_look(outlook.ledger, provider),
            stands=_stands(outlook, provider),
            owner=provider.owner,
        )
        for provider in outlook.ledger.of(PROVIDERS)
    ]
    return tuple(sorted(rows, key=lambda row: (row.assured_until or date.min, row.name.casefold(), row.id)))


def _stands(outlook: Outlook, provider: Provider) -> State:
    relied_on = reliance(outlook.ledger, provider, outlook.on)
    return State(relied_on.value, _GROUPS.get(relied_on, "gap"))
