"""The workspace that a command about standards stands in, if any: what ships can be read everywhere."""

from __future__ import annotations

from pathlib import Path

import click
import msgspec

from compliance.cli.session import plain_session, show_problems, surroundings_of
from compliance.domain.ledger.ledger import Ledger
from compliance.domain.standards.catalogue import Catalogue
from compliance.ledger.opening import Workspace
from compliance.problems import Refused


class Here(msgspec.Struct, frozen=True):
    """A workspace, what it says, and the exit code that follows from what could not be read; outside one, neither."""

    workspace: Workspace | None = None
    ledger: Ledger | None = None
    code: int = 0


def here_if_any(ctx: click.Context) -> Here:
    """The workspace that the command stands in, its problems told. Raises Refused for one that cannot be read."""
    try:
        session = plain_session(ctx)
    except Refused:
        if Path(surroundings_of(ctx).directory).joinpath("compliance.toml").exists():
            raise
        return Here()
    return Here(session.workspace, session.ledger, show_problems(session.ledger.problems))


def shipped_all() -> list[Catalogue]:
    """Every catalogue that ships, in every version."""
    from compliance.store.catalogues.catalogues import parse_catalogue
    from compliance.workspace.shipped import shipped_catalogues

    files = shipped_catalogues()
    return [parsed.value for name, data in files.items() if (parsed := parse_catalogue(data, name)).value]
