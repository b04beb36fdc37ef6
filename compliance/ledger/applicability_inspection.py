"""What is wrong in statements of applicability: controls that are not there, and judgements that are not allowed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from compliance.domain.applicability import Applicability, Inheritance, Statement
from compliance.domain.catalogue import Catalogue, Node, expects, walk
from compliance.domain.expectations import leaves
from compliance.ledger.checks import Checks
from compliance.problems import Problem
from compliance.store.decoding import one_of
from compliance.store.located import Path

Records = Sequence[tuple[str, Applicability]]
"""Statements, each with its file's name."""


def inspect_applicability(records: Records, checks: Checks) -> Iterator[Problem]:
    """Every problem in the statements, and between them."""
    statements = _Statements(checks)
    for file, soa in records:
        yield from statements.applicability(file, soa)
    yield from statements.second_statements(records)
    yield from statements.inheritance_in_circles(records)


class _Statements:
    def __init__(self, checks: Checks) -> None:
        self._checks, self._pages = checks, checks.pages
        self._providers = [provider.id for provider in checks.ledger.providers]

    def applicability(self, file: str, soa: Applicability) -> Iterator[Problem]:
        yield from self._checks.scope(file, ("scope",), soa.scope)
        catalogue = self._checks.ledger.catalogue(soa.standard)
        if catalogue is None:
            yield from self._checks.no_catalogue(file, soa.standard)
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
            yield from self._checks.scope(file, (*at, "scope"), how.scope)
        elif how.provider not in self._providers:
            hint = one_of(how.provider, self._providers) if self._providers else "record it in evidence/providers/"
            yield self._pages.error(file, (*at, "provider"), f"there is no provider {how.provider}", hint)
        for number, one in enumerate(how.retains):
            if one not in expectations:
                hint = one_of(one, expectations)
                yield self._pages.error(
                    file, (*at, "retains", number), f"there is no expectation #{one} to retain", hint
                )

    def second_statements(self, records: Records) -> Iterator[Problem]:
        first: dict[tuple[str, str], str] = {}
        for file, soa in records:
            key = (soa.standard.id, soa.scope)
            if key in first:
                sentence = f"is a second statement for {soa.standard} in {soa.scope}: {first[key]} is the first"
                yield self._pages.error(file, ("standard",), sentence, "put what both say into one of them")
            first.setdefault(key, file)

    def inheritance_in_circles(self, records: Records) -> Iterator[Problem]:
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
