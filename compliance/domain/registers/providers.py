"""The providers register: who runs a service for us, and what shows that it is run well."""

from __future__ import annotations

import msgspec

from compliance.domain.terms.vocabulary import Attribution


class Assurance(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A provider's certificate or attestation, filed as evidence, and the services it covers."""

    evidence: str
    services: tuple[str, ...] = ()


class Provider(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An external provider whose certificate may carry controls of ours."""

    id: str
    name: str
    assurances: tuple[Assurance, ...] = ()
    matrix: str = ""
    """The evidence id of the responsibility matrix."""
    owner: str = ""
    note: str = ""
    recorded: Attribution | None = None
