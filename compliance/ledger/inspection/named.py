"""Catalogues in use that are of an ended edition, and texts of the workspace's catalogues that name what has ended."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from compliance.domain.ledger.ledger import Ledger
from compliance.domain.ledger.roles import Role, role_of
from compliance.domain.terms.layout import CONFIGURATION
from compliance.problems import Location, Problem, Severity
from compliance.store.catalogues.named import ended_edition, ended_in
from compliance.store.text.located import Text


def inspect_named(ledger: Ledger, paths: Iterable[str], fetch: Callable[[str], bytes]) -> Iterator[Problem]:
    """A warning for each, on the day of the ledger."""
    for name in dict.fromkeys(catalogue.name for _, catalogue in ledger.in_use()):
        edition = ended_edition(name, ledger.day)
        if edition:
            sentence = f"{name} is in use, and {edition.sentence}"
            yield Problem(sentence, Location(CONFIGURATION), edition.hint, severity=Severity.WARNING)
    roles = {Role.CATALOGUE, Role.OVERLAY}
    for path in sorted(path for path in paths if role_of(path, ledger.settings.roots) in roles):
        source = Text(path, fetch(path).decode("utf-8", "replace").removeprefix("\ufeff"))
        for start, thing in ended_in(source.text, ledger.day):
            yield source.problem(
                source.place_at(start),
                f"names {thing.name}, which ended on {thing.ended}",
                thing.hint,
                Severity.WARNING,
            )
