"""What is wrong in the registers: names of what is not there, and judgements that the standard does not allow."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from compliance.domain.accreditations import Accreditation, Cycle
from compliance.domain.applicability import Applicability, Inheritance, Statement
from compliance.domain.catalogue import Catalogue, Node, expects, walk
from compliance.domain.expectations import leaves
from compliance.domain.finding import find_control
from compliance.domain.identifiers import ACCREDITATION, is_identifier, token_of
from compliance.domain.layout import Role
from compliance.domain.ledger import Ledger
from compliance.domain.references import StandardName
from compliance.domain.registers import Event, Finding, Provider
from compliance.ledger.pages import Pages
from compliance.problems import Problem, Refused
from compliance.store.decoding import one_of
from compliance.store.located import Path

Said = Mapping[Role, Sequence[tuple[str, Any]]]
_REGISTERS = (Role.ACCREDITATION, Role.APPLICABILITY, Role.EVENT, Role.FINDING, Role.PROVIDER)


def inspect_registers(ledger: Ledger, said: Said, fresh: set[str], pages: Pages) -> Iterator[Problem]:
    """Every problem between a register's records and the rest of the workspace.

    `said` holds the records by role, with the files' names; `fresh` names the files that are not committed, whose dates
    may be later than the last commit's.
    """
    looking = _Looking(ledger, fresh, pages)
    for role in _REGISTERS:
        yield from looking.twice(said.get(role, ()))
    for file, held in said.get(Role.ACCREDITATION, ()):
        yield from looking.accreditation(file, held)
    for file, soa in said.get(Role.APPLICABILITY, ()):
        yield from looking.applicability(file, soa)
    yield from looking.second_statements(said.get(Role.APPLICABILITY, ()))
    yield from looking.inheritance_in_circles(said.get(Role.APPLICABILITY, ()))
    for file, event in said.get(Role.EVENT, ()):
        yield from looking.event(file, event)
    for file, finding in said.get(Role.FINDING, ()):
        yield from looking.finding(file, finding)
    for file, provider in said.get(Role.PROVIDER, ()):
        yield from looking.provider(file, provider)


class _Looking:
    """Looks through one register's records after another."""

    def __init__(self, ledger: Ledger, fresh: set[str], pages: Pages) -> None:
        self._ledger, self._fresh, self._pages = ledger, fresh, pages
        self._scopes = [scope.id for scope in ledger.settings.scopes]
        self._providers = [provider.id for provider in ledger.providers]

    def twice(self, records: Sequence[tuple[str, Any]]) -> Iterator[Problem]:
        first: dict[str, str] = {}
        for file, record in records:
            if record.id in first:
                sentence = f"has the id {record.id}, as {first[record.id]} has"
                yield self._pages.error(file, ("id",), sentence, "give one of the two another")
            first.setdefault(record.id, file)

    def accreditation(self, file: str, held: Accreditation) -> Iterator[Problem]:
        pages = self._pages
        if not is_identifier(held.id, ACCREDITATION):
            hint = "an id is A- and eight characters, such as A-7K2M9QXT"
            yield pages.error(file, ("id",), f"“{held.id}” is not the id of an accreditation", hint)
        elif not file.endswith(f".{token_of(held.id)}.yaml"):
            hint = f"correct the id, or rename the file to end with .{token_of(held.id)}.yaml"
            yield pages.error(file, ("id",), f"the file's name does not end with the id {held.id}", hint)
        yield from self._scope(file, ("scope",), held.scope)
        if not held.cycles and held.target is None:
            hint = "add “cycles:” with the day it was granted, or “target:” with the day by which it is sought"
            yield pages.warning(file, ("id",), "is neither held nor sought", hint)
        for number, cycle in enumerate(held.cycles):
            yield from self._cycle(file, number, cycle, held.cycles[number - 1] if number else None)
        catalogue = self._ledger.catalogue(held.standard)
        if catalogue is None:
            yield from self._no_catalogue(file, held.standard)
            return
        profiles = [profile.id for profile in catalogue.profiles]
        if held.profile and held.profile not in profiles:
            hint = one_of(held.profile, profiles) if profiles else "it has none: remove the line"
            yield pages.error(file, ("profile",), f"{catalogue.name} has no profile “{held.profile}”", hint)
        yield from self._scheme_events(file, held, catalogue)

    def _cycle(self, file: str, number: int, cycle: Cycle, above: Cycle | None) -> Iterator[Problem]:
        at: Path = ("cycles", number)
        if above and cycle.granted == above.granted:
            hint = "keep one of them: a new cycle begins on a day of its own"
            yield self._pages.error(file, (*at, "granted"), f"two cycles are granted on {cycle.granted}", hint)
        elif above and cycle.granted < above.granted:
            sentence = f"the cycle granted on {cycle.granted} stands below a newer one"
            yield self._pages.error(file, (*at, "granted"), sentence, "put the oldest first")
        if cycle.expires and cycle.expires <= cycle.granted:
            sentence = f"the cycle expires on {cycle.expires}, before it is granted"
            yield self._pages.error(file, (*at, "expires"), sentence, "correct one of the two days")
        yield from self._later(file, (*at, "granted"), "granted on", cycle.granted)
        for place, happened in enumerate(cycle.events):
            if happened.on < cycle.granted:
                sentence = f"took place on {happened.on}, before its cycle began on {cycle.granted}"
                hint = "correct the day, or move it to the cycle before, or to “events:” if there is none"
                yield self._pages.warning(file, (*at, "events", place, "on"), sentence, hint)
            yield from self._later(file, (*at, "events", place, "on"), "dated", happened.on)

    def _scheme_events(self, file: str, held: Accreditation, catalogue: Catalogue) -> Iterator[Problem]:
        known = [event.id for event in catalogue.scheme.events]
        named: list[tuple[Path, str]] = [(("events", i, "event"), one.event) for i, one in enumerate(held.events)]
        for number, cycle in enumerate(held.cycles):
            named += [(("cycles", number, "events", i, "event"), one.event) for i, one in enumerate(cycle.events)]
        named += [(("planned", i, "event"), one.event) for i, one in enumerate(held.planned)]
        for at, event in named:
            if event not in known:
                hint = one_of(event, known) if known else "it has none"
                yield self._pages.error(file, at, f"the scheme of {catalogue.name} has no event “{event}”", hint)

    def applicability(self, file: str, soa: Applicability) -> Iterator[Problem]:
        yield from self._scope(file, ("scope",), soa.scope)
        catalogue = self._ledger.catalogue(soa.standard)
        if catalogue is None:
            yield from self._no_catalogue(file, soa.standard)
            return
        nodes = {node.control.id: node for node in walk(catalogue)}
        seen: set[str] = set()
        for number, statement in enumerate(soa.controls):
            at: Path = ("controls", number, "control")
            node = nodes.get(statement.control)
            if statement.control in seen:
                yield self._pages.error(file, at, f"states {statement.control} twice", "keep one of the two")
            elif node is None:
                hint = one_of(statement.control, nodes) or f"list them with: compliance standards show {catalogue.name}"
                yield self._pages.error(file, at, f"{catalogue.name} has no control {statement.control}", hint)
            elif not node.control.assessable:
                below = [one.id for one in node.control.controls if one.assessable]
                hint = f"state the controls below it: {', '.join(below[:6])}" if below else "remove the statement"
                sentence = f"{statement.control} is a heading: what is stated of it has no effect"
                yield self._pages.error(file, at, sentence, hint)
            else:
                yield from self._statement(file, ("controls", number), soa.scope, statement, node, catalogue)
            seen.add(statement.control)

    def _statement(
        self, file: str, at: Path, scope: str, statement: Statement, node: Node, catalogue: Catalogue
    ) -> Iterator[Problem]:
        control = statement.control
        if not statement.applies and not node.excludable:
            sentence = f"{control} cannot be excluded: the standard allows no exclusion of it"
            yield self._pages.error(file, (*at, "applies"), sentence, "remove “applies: false”")
        elif not statement.applies and not statement.reason:
            yield self._pages.error(file, at, f"{control} is excluded without a reason", "say why with “reason: …”")
        elif not statement.applies and statement.review is None:
            sentence = f"the exclusion of {control} has no review date"
            yield self._pages.warning(file, at, sentence, "add “review: YYYY-MM-DD”")
        how = statement.inherits
        if how and not node.inheritable:
            hint = "remove “inherits”, and evidence it in this scope"
            yield self._pages.error(file, (*at, "inherits"), f"{control} is never inherited", hint)
        elif how:
            known = [leaf.id for one in expects(catalogue, node.control) for leaf in leaves(one)]
            yield from self._inheritance(file, (*at, "inherits"), scope, how, known)

    def _inheritance(
        self, file: str, at: Path, scope: str, how: Inheritance, expectations: Sequence[str]
    ) -> Iterator[Problem]:
        if bool(how.scope) == bool(how.provider):
            what = "both a scope and a provider" if how.scope else "neither a scope nor a provider"
            yield self._pages.error(
                file, at, f"inherits from {what}", "name one of the two: “scope: …” or “provider: …”"
            )
        elif how.scope == scope:
            hint = "name the scope that meets the control, or remove “inherits”"
            yield self._pages.error(file, (*at, "scope"), f"the scope “{scope}” inherits from itself", hint)
        elif how.scope:
            yield from self._scope(file, (*at, "scope"), how.scope)
        elif how.provider not in self._providers:
            hint = one_of(how.provider, self._providers) if self._providers else "record it in evidence/providers/"
            yield self._pages.error(file, (*at, "provider"), f"there is no provider {how.provider}", hint)
        for number, one in enumerate(how.retains):
            if one not in expectations:
                hint = one_of(one, expectations)
                yield self._pages.error(
                    file, (*at, "retains", number), f"there is no expectation #{one} to retain", hint
                )

    def second_statements(self, records: Sequence[tuple[str, Applicability]]) -> Iterator[Problem]:
        first: dict[tuple[str, str], str] = {}
        for file, soa in records:
            key = (soa.standard.id, soa.scope)
            if key in first:
                sentence = f"is a second statement for {soa.standard} in {soa.scope}: {first[key]} is the first"
                yield self._pages.error(file, ("standard",), sentence, "put what both say into one of them")
            first.setdefault(key, file)

    def inheritance_in_circles(self, records: Sequence[tuple[str, Applicability]]) -> Iterator[Problem]:
        """Scopes that inherit a control from each other: nobody would be evidencing it."""
        edges: dict[tuple[str, str, str], str] = {}
        places: dict[tuple[str, str, str], tuple[str, Path]] = {}
        for file, soa in records:
            for number, statement in enumerate(soa.controls):
                if statement.inherits and statement.inherits.scope not in {"", soa.scope}:
                    key = (soa.standard.id, statement.control, soa.scope)
                    edges[key] = statement.inherits.scope
                    places[key] = (file, ("controls", number, "inherits"))
        told: set[tuple[str, str, str]] = set()
        for standard, control, start in edges:
            scope, passed = start, set()
            while scope not in passed and (standard, control, scope) in edges:
                passed.add(scope)
                scope = edges[standard, control, scope]
            ring = {(standard, control, one) for one in passed}
            if scope == start and not ring & told:
                told |= ring
                sentence = f"{control} is inherited in a circle through {', '.join(sorted(passed))}"
                yield self._pages.error(*places[standard, control, start], sentence, "evidence it in one of them")

    def event(self, file: str, event: Event) -> Iterator[Problem]:
        known = sorted({one.id for catalogue in self._ledger.catalogues for one in catalogue.events})
        yield from self._scopes_of(file, event.scope)
        if event.type not in known:
            hint = one_of(event.type, known) if known else "no standard in use reads events"
            sentence = f"no standard in use asks for events of the type “{event.type}”"
            yield self._pages.warning(file, ("type",), sentence, hint)
        if event.nil and event.period is None:
            hint = "say which time it speaks for: “period: START/END”"
            yield self._pages.error(file, ("nil",), "is a nil return without a period", hint)
        yield from self._later(file, ("date",), "dated", event.date)

    def finding(self, file: str, finding: Finding) -> Iterator[Problem]:
        yield from self._scopes_of(file, finding.scope)
        for number, reference in enumerate(finding.controls):
            try:
                find_control(self._ledger, str(reference))
            except Refused as refusal:
                for problem in refusal.problems:
                    yield self._pages.error(file, ("controls", number), problem.sentence, problem.hint)
        yield from self._later(file, ("raised",), "raised on", finding.raised)
        if finding.closed is None:
            return
        if finding.closed.on < finding.raised:
            sentence = f"is closed on {finding.closed.on}, before it was raised on {finding.raised}"
            yield self._pages.error(file, ("closed", "on"), sentence, "correct one of the two days")
        if not finding.closed.evidence:
            hint = "name what shows it: “closed: {on: …, evidence: [E-…]}”"
            yield self._pages.warning(file, ("closed",), "is closed without evidence", hint)
        for number, one in enumerate(finding.closed.evidence):
            yield from self._evidence(file, ("closed", "evidence", number), one)

    def provider(self, file: str, provider: Provider) -> Iterator[Problem]:
        for number, one in enumerate(provider.assurances):
            yield from self._evidence(file, ("assurances", number, "evidence"), one.evidence)
        if provider.matrix:
            yield from self._evidence(file, ("matrix",), provider.matrix)

    def _scope(self, file: str, at: Path, scope: str) -> Iterator[Problem]:
        if scope not in self._scopes:
            yield self._pages.error(file, at, f"there is no scope “{scope}”", one_of(scope, self._scopes))

    def _scopes_of(self, file: str, scopes: Sequence[str]) -> Iterator[Problem]:
        for number, scope in enumerate(scopes):
            yield from self._scope(file, ("scope", number), scope)

    def _evidence(self, file: str, at: Path, identifier: str) -> Iterator[Problem]:
        if self._ledger.evidence_by_id(identifier) is None:
            hint = "name evidence that is filed: compliance evidence list"
            yield self._pages.error(file, at, f"there is no evidence {identifier}", hint)

    def _no_catalogue(self, file: str, name: StandardName) -> Iterator[Problem]:
        """A standard that is in use and cannot be read is a problem of the catalogue, and said there."""
        if any(use.standard.id == name.id for use in self._ledger.settings.standards):
            return
        hint = f"add it with: compliance standards use {name}; or correct the name"
        yield self._pages.error(file, ("standard",), f"the standard {name} has no catalogue here", hint)

    def _later(self, file: str, at: Path, how: str, day: date) -> Iterator[Problem]:
        if day > self._ledger.day and file not in self._fresh:
            hint = "correct the day: until then it counts for nothing"
            yield self._pages.warning(file, at, f"is {how} {day}, after the commit that holds it", hint)
