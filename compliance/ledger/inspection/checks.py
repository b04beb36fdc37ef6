"""What every register's records are looked at for: scopes, evidence, catalogues and days that must be there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from compliance.domain.ledger.ledger import Ledger
from compliance.domain.ledger.lookup import find_control
from compliance.domain.registers.parts.registry import REGISTERS, Register
from compliance.domain.standards.catalogue import walk
from compliance.domain.terms.identifiers import is_identifier, token_of
from compliance.domain.terms.references import Reference, StandardName
from compliance.ledger.inspection.pages import Pages
from compliance.problems import Problem, Refused, choice_hint
from compliance.store.text.located import Path


class Checks:
    """Looks what a register's record names up in the rest of the workspace.

    `fresh` names the files that are not committed, whose dates may be later than the last commit's.
    """

    def __init__(self, ledger: Ledger, fresh: set[str], pages: Pages) -> None:
        self.ledger, self.pages = ledger, pages
        self._fresh = fresh
        self._scopes = [one.id for one in ledger.settings.scopes]

    def scope(self, file: str, at: Path, scope: str) -> Iterator[Problem]:
        if scope not in self._scopes:
            yield self.pages.error(file, at, f"there is no scope “{scope}”", choice_hint(scope, self._scopes))

    def scopes(self, file: str, scopes: Sequence[str]) -> Iterator[Problem]:
        for number, scope in enumerate(scopes):
            yield from self.scope(file, ("scope", number), scope)

    def evidence(self, file: str, at: Path, identifier: str) -> Iterator[Problem]:
        if self.ledger.evidence_by_id(identifier) is None:
            hint = "name evidence that is filed: compliance evidence list"
            yield self.pages.error(file, at, f"there is no evidence {identifier}", hint)

    def controls(self, file: str, references: Sequence[Reference], at: Path = ("controls",)) -> Iterator[Problem]:
        for number, reference in enumerate(references):
            if self._of_a_former_version(reference):
                continue
            try:
                find_control(self.ledger, str(reference))
            except Refused as refusal:
                for problem in refusal.problems:
                    yield self.pages.error(file, (*at, number), problem.sentence, problem.hint)

    def _of_a_former_version(self, reference: Reference) -> bool:
        """Whether it names a control of a version out of use whose catalogue is kept: what was found then was so."""
        name = StandardName(reference.standard, reference.version)
        if not name.version or any(use.standard == name for use in self.ledger.settings.standards):
            return False
        former = self.ledger.catalogue(name)
        return former is not None and any(
            node.control.id == reference.control and node.control.assessable for node in walk(former)
        )

    def named(self, file: str, at: Path, register: Register, identifier: str) -> Iterator[Problem]:
        """A record of another register that this one names must be there."""
        known = [one.id for one in getattr(self.ledger, register.field)]
        if identifier not in known:
            hint = choice_hint(identifier, known) if known else f"record it: compliance {register.name} add"
            yield self.pages.error(file, at, f"there is no {register.name} {identifier}", hint)

    def own_id(self, file: str, identifier: str, register: Register) -> Iterator[Problem]:
        """A drawn id names its file, so that two branches never give one file to two records."""
        others = [one for one in REGISTERS if one.prefix != register.prefix and is_identifier(identifier, one.prefix)]
        if others:
            hint = f"give it the id that it had, which begins with {register.prefix}-"
            yield self.pages.error(file, ("id",), f"{identifier} is an id of the {others[0].field} register", hint)
        if is_identifier(identifier, register.prefix) and not file.endswith(f".{token_of(identifier)}.yaml"):
            hint = f"correct the id, or rename the file to end with .{token_of(identifier)}.yaml"
            yield self.pages.error(file, ("id",), f"the file's name does not end with the id {identifier}", hint)

    def no_catalogue(self, file: str, name: StandardName) -> Iterator[Problem]:
        """A standard that is in use and cannot be read is a problem of the catalogue, and said there."""
        if any(use.standard.id == name.id for use in self.ledger.settings.standards):
            return
        hint = f"add it with: compliance standards use {name}; or correct the name"
        yield self.pages.error(file, ("standard",), f"the standard {name} has no catalogue here", hint)

    def is_fresh(self, file: str) -> bool:
        """Whether a file is not committed yet."""
        return file in self._fresh

    def later(self, file: str, at: Path, how: str, day: date) -> Iterator[Problem]:
        if day > self.ledger.day and file not in self._fresh:
            hint = "correct the day: until then it counts for nothing"
            yield self.pages.warning(file, at, f"is {how} {day}, after the commit that holds it", hint)
