"""What is wrong in the registers: names of things that are not there, and judgements that the standard does not allow."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from compliance.domain.accreditations import Accreditation
from compliance.domain.applicability import Applicability, Statement
from compliance.domain.catalogue import Node, walk
from compliance.domain.finding import find_control
from compliance.domain.layout import Role
from compliance.domain.ledger import Ledger
from compliance.domain.references import StandardName
from compliance.problems import Location, Problem, Refused, Severity

Source = Callable[[str], str]


def inspect_registers(ledger: Ledger, paths: Mapping[Role, Sequence[str]], text: Source) -> Iterator[Problem]:
    """Every problem between a register's records and the rest of the workspace."""
    where = _Places(paths, text)
    yield from _twice(ledger, where)
    for held in ledger.accreditations:
        yield from _accreditation(ledger, held, where)
    for soa in ledger.applicability:
        yield from _applicability(ledger, soa, where)
    yield from _inheritance_in_circles(ledger, where)
    known_types = {event.id for catalogue in ledger.catalogues for event in catalogue.events}
    for event in ledger.events:
        at = where.of(Role.EVENT, event.id)
        yield from _scopes(ledger, event.scope, at)
        if event.type not in known_types:
            hint = f"types in use: {', '.join(sorted(known_types))}"
            yield Problem(f"no standard in use asks for events of the type “{event.type}”", at, hint, severity=Severity.WARNING)
        if event.nil and event.period is None:
            yield Problem("is a nil return without a period", at, "say which time it speaks for: period: START/END")
    for finding in ledger.findings:
        at = where.of(Role.FINDING, finding.id)
        yield from _scopes(ledger, finding.scope, at)
        for reference in finding.controls:
            try:
                find_control(ledger, str(reference))
            except Refused as refusal:
                yield from (Problem(problem.sentence, at, problem.hint) for problem in refusal.problems)
        if finding.closed:
            yield from _evidence(ledger, finding.closed.evidence, at)
            if not finding.closed.evidence:
                yield Problem("is closed without evidence", at, "name what shows it: closed: {on: …, evidence: [E-…]}", severity=Severity.WARNING)
    for provider in ledger.providers:
        at = where.of(Role.PROVIDER, provider.id)
        yield from _evidence(ledger, [one.evidence for one in provider.assurances], at)
        yield from _evidence(ledger, [provider.matrix] if provider.matrix else [], at)


class _Places:
    """Finds the file of a register's record by the id in it."""

    def __init__(self, paths: Mapping[Role, Sequence[str]], text: Source) -> None:
        self._paths, self._text = paths, text
        self._found: dict[tuple[Role, str], Location] = {}
        self._texts: dict[str, str] = {}

    def of(self, role: Role, identifier: str) -> Location:
        key = (role, identifier)
        if key not in self._found:
            token = identifier.partition("-")[2]
            paths = self._paths.get(role, [])
            named = next((path for path in paths if token and token in path), None)
            path = named or next((path for path in paths if f"id: {identifier}" in self._read(path)), "")
            self._found[key] = Location(path or role.value)
        return self._found[key]

    def at(self, role: Role, identifier: str, needle: str) -> Location:
        """The place of a text in that file."""
        file = self.of(role, identifier).file
        position = self._read(file).find(needle)
        if position < 0:
            return Location(file)
        before = self._read(file)[:position]
        return Location(file, before.count("\n") + 1, position - before.rfind("\n"))

    def _read(self, path: str) -> str:
        if path not in self._texts:
            self._texts[path] = self._text(path)
        return self._texts[path]


def _twice(ledger: Ledger, where: _Places) -> Iterator[Problem]:
    for role, several in (
        (Role.ACCREDITATION, ledger.accreditations),
        (Role.APPLICABILITY, ledger.applicability),
        (Role.EVENT, ledger.events),
        (Role.FINDING, ledger.findings),
        (Role.PROVIDER, ledger.providers),
    ):
        ids = [one.id for one in several]
        for identifier in sorted({one for one in ids if ids.count(one) > 1}):
            yield Problem(f"the id {identifier} is used twice in {role.value}", where.of(role, identifier), "give one of them another")
    stated: set[tuple[str, str]] = set()
    for soa in ledger.applicability:
        key = (soa.standard.id, soa.scope)
        if key in stated:
            yield Problem(f"is a second statement for {soa.standard} in {soa.scope}", where.of(Role.APPLICABILITY, soa.id), "keep one")
        stated.add(key)


def _scopes(ledger: Ledger, scopes: Sequence[str], at: Location) -> Iterator[Problem]:
    known = [scope.id for scope in ledger.settings.scopes]
    for scope in scopes:
        if scope not in known:
            yield Problem(f"there is no scope “{scope}”", at, f"scopes: {', '.join(known)}")


def _evidence(ledger: Ledger, ids: Sequence[str], at: Location) -> Iterator[Problem]:
    for identifier in ids:
        if ledger.evidence_by_id(identifier) is None:
            yield Problem(f"there is no evidence {identifier}", at, "list it with: compliance evidence list")


def _catalogue_missing(ledger: Ledger, name: StandardName, at: Location) -> Iterator[Problem]:
    if ledger.catalogue(name) is None:
        yield Problem(f"the standard {name} has no catalogue here", at, f"add it with: compliance standards use {name}")


def _accreditation(ledger: Ledger, held: Accreditation, where: _Places) -> Iterator[Problem]:
    at = where.of(Role.ACCREDITATION, held.id)
    yield from _scopes(ledger, (held.scope,), at)
    yield from _catalogue_missing(ledger, held.standard, at)
    catalogue = ledger.catalogue(held.standard)
    if catalogue is None:
        return
    events = [event.id for event in catalogue.scheme.events]
    named = [happened.event for happened in held.happened()] + [plan.event for plan in held.planned]
    for event in dict.fromkeys(named):
        if event not in events:
            place = where.at(Role.ACCREDITATION, held.id, event)
            yield Problem(f"the scheme has no event “{event}”", place, f"its events: {', '.join(events)}")
    if held.profile and held.profile not in [profile.id for profile in catalogue.profiles]:
        yield Problem(f"{catalogue.name} has no profile “{held.profile}”", where.at(Role.ACCREDITATION, held.id, held.profile))
    granted = [cycle.granted for cycle in held.cycles]
    if granted != sorted(set(granted)):
        yield Problem("its cycles are not in order of their grants", at, "put the oldest first, each once")
    for cycle in held.cycles:
        if cycle.expires and cycle.expires <= cycle.granted:
            yield Problem(f"a cycle expires on {cycle.expires}, before it is granted", where.at(Role.ACCREDITATION, held.id, str(cycle.expires)))


def _applicability(ledger: Ledger, soa: Applicability, where: _Places) -> Iterator[Problem]:
    at = where.of(Role.APPLICABILITY, soa.id)
    yield from _scopes(ledger, (soa.scope,), at)
    yield from _catalogue_missing(ledger, soa.standard, at)
    catalogue = ledger.catalogue(soa.standard)
    if catalogue is None:
        return
    nodes = {node.control.id: node for node in walk(catalogue)}
    seen: set[str] = set()
    for statement in soa.controls:
        place = where.at(Role.APPLICABILITY, soa.id, f"control: {statement.control}")
        if statement.control in seen:
            yield Problem(f"states {statement.control} twice", place, "keep one of the two")
        seen.add(statement.control)
        node = nodes.get(statement.control)
        if node is None:
            yield Problem(f"{catalogue.name} has no control {statement.control}", place)
            continue
        yield from _statement(ledger, statement, node, place)


def _statement(ledger: Ledger, statement: Statement, node: Node, place: Location) -> Iterator[Problem]:
    if not statement.applies:
        if not node.excludable:
            yield Problem(f"{statement.control} cannot be excluded: the standard allows no exclusion of it", place, "remove “applies: false”")
        if not statement.reason:
            yield Problem(f"{statement.control} is excluded without a reason", place, "say why with “reason:”")
        if statement.review is None:
            yield Problem(f"the exclusion of {statement.control} has no review date", place, "add “review: YYYY-MM-DD”", severity=Severity.WARNING)
    how = statement.inherits
    if how is None:
        return
    if not node.inheritable:
        yield Problem(f"{statement.control} is never inherited", place, "evidence it in this scope")
    if bool(how.scope) == bool(how.provider):
        yield Problem("inherits from a scope or from a provider, one of the two", place)
    if how.scope and ledger.settings.scope(how.scope) is None:
        yield Problem(f"there is no scope “{how.scope}”", place)
    if how.provider and how.provider not in [provider.id for provider in ledger.providers]:
        yield Problem(f"there is no provider {how.provider}", place)


def _inheritance_in_circles(ledger: Ledger, where: _Places) -> Iterator[Problem]:
    """Scopes that inherit a control from each other: nobody would be evidencing it."""
    edges: dict[tuple[str, str, str], str] = {}
    stated: dict[tuple[str, str, str], str] = {}
    for soa in ledger.applicability:
        for statement in soa.controls:
            if statement.inherits and statement.inherits.scope:
                key = (soa.standard.id, statement.control, soa.scope)
                edges[key], stated[key] = statement.inherits.scope, soa.id
    for standard, control, start in edges:
        scope, passed = start, set()
        while scope not in passed and (standard, control, scope) in edges:
            passed.add(scope)
            scope = edges[standard, control, scope]
        if scope == start:
            at = where.at(Role.APPLICABILITY, stated[standard, control, start], f"control: {control}")
            yield Problem(f"{control} is inherited in a circle through {', '.join(sorted(passed))}", at, "evidence it in one of them")
