"""What is wrong in statements of applicability: controls that are not there, and judgements that are not allowed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from compliance.domain.ledger.belonging import profile_ids
from compliance.domain.registers.parts.registry import ACCREDITATIONS, APPLICABILITY
from compliance.domain.registers.statements.statement import (
    Applicability,
    Inheritance,
    Statement,
    changed_since_approval,
)
from compliance.domain.standards.catalogue import Catalogue, Control, Node, Question, expects, in_profile, walk
from compliance.domain.standards.expectations import leaves
from compliance.domain.standards.questions import options, quoted, unasked, unfit
from compliance.domain.terms.vocabulary import name_of
from compliance.ledger.inspection.checks import Checks
from compliance.ledger.inspection.judgements import inspect_judgement, without_reason
from compliance.problems import Problem, choice_hint
from compliance.store.text.located import Path

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
        yield from self._checks.own_id(file, soa.id, APPLICABILITY)
        yield from self._checks.scope(file, ("scope",), soa.scope)
        yield from self._accreditation(file, soa)
        yield from self._approval(file, soa)
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
                hint = (
                    choice_hint(statement.control, nodes)
                    or f"list them with: compliance standards show {catalogue.name}"
                )
                yield self._pages.error(file, at, f"{catalogue.name} has no control {statement.control}", hint)
            elif not node.control.assessable:
                below = [one.id for one in node.control.controls if one.assessable]
                hint = f"state the controls below it: {', '.join(below[:6])}" if below else "remove the statement"
                sentence = f"{statement.control} is a heading: what is stated of it has no effect"
                yield self._pages.error(file, at, sentence, hint)
            else:
                row: Path = ("controls", number)
                yield from self._statement(file, row, soa.scope, statement, node, catalogue)
                yield from self._answer(file, (*row, "answer"), soa, statement, nodes)
                yield from inspect_judgement(file, row, statement, node.control, catalogue, self._checks)
            seen.add(statement.control)
        profiles = self._profiles(soa.scope, catalogue)
        if profiles is None:
            return
        yield from self._outside(file, soa, nodes, profiles)
        if soa.version:
            yield from without_reason(file, soa, catalogue, profiles, self._checks)

    def _profiles(self, scope_id: str, catalogue: Catalogue) -> tuple[str, ...] | None:
        """The profiles by which a standard is judged in a scope; None where it is not in use there."""
        scope = self._checks.ledger.settings.scope(scope_id)
        uses = [use for use, one in self._checks.ledger.in_use(scope) if one == catalogue] if scope else []
        return tuple(dict.fromkeys(one for use in uses for one in profile_ids(catalogue, use))) if uses else None

    def _outside(
        self, file: str, soa: Applicability, nodes: Mapping[str, Node], profiles: tuple[str, ...]
    ) -> Iterator[Problem]:
        """What is stated of controls that no profile in use here holds."""
        for number, statement in enumerate(soa.controls):
            node = nodes.get(statement.control)
            if node and node.control.assessable and not in_profile(node.control, profiles):
                names = ", ".join(profiles) or "any profile"
                sentence = f"{statement.control} is not in {names}: what is stated of it has no effect"
                hint = "remove it, or choose another profile in compliance.toml"
                yield self._pages.warning(file, ("controls", number, "control"), sentence, hint)

    def _accreditation(self, file: str, soa: Applicability) -> Iterator[Problem]:
        if not soa.accreditation:
            return
        yield from self._checks.named(file, ("accreditation",), ACCREDITATIONS, soa.accreditation)
        held = next((one for one in self._checks.ledger.accreditations if one.id == soa.accreditation), None)
        if held and (held.standard.id, held.scope) != (soa.standard.id, soa.scope):
            sentence = f"{held.id} is an accreditation to {held.standard} for {held.scope}"
            hint = f"name one to {soa.standard} for {soa.scope}, or remove the line"
            yield self._pages.error(file, ("accreditation",), sentence, hint)

    def _approval(self, file: str, soa: Applicability) -> Iterator[Problem]:
        if soa.approved and changed_since_approval(soa):
            version = f"version {soa.version}" if soa.version else "it"
            sentence = f"changed since {version} was approved by {name_of(soa.approved.by)} on {soa.approved.on}"
            hint = f"have it approved: compliance applicability approve {soa.id} --version NEW --by NAME"
            yield self._pages.warning(file, ("approved",), sentence, hint)

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

    def _answer(
        self, file: str, at: Path, soa: Applicability, statement: Statement, nodes: Mapping[str, Node]
    ) -> Iterator[Problem]:
        """An answer that is none is an error; one that nobody asked for has no effect, and is a warning."""
        if not statement.answer:
            return

        def find(control: str) -> Control | None:
            return nodes[control].control if control in nodes else None

        def answer_to(control: str) -> str:
            return next((one.answer for one in soa.controls if one.control == control), "")

        control = nodes[statement.control].control
        question = control.answer
        if question is None:
            sentence = f"{control.id} is no question: its answer has no effect"
            yield self._pages.warning(file, at, sentence, "remove “answer”")
        elif wrong := unfit(question, statement.answer):
            sentence = f"{quoted(wrong)} is no answer to {control.id}"
            yield self._pages.error(file, at, sentence, _fitting(question, wrong))
        elif why := unasked(control, find, answer_to):
            hint = "remove the answer, or correct the one that it depends on"
            yield self._pages.warning(file, at, f"{control.id} is not asked, so its answer has no effect: {why}", hint)

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
            hint = (
                choice_hint(how.provider, self._providers) if self._providers else "record it: compliance provider add"
            )
            yield self._pages.error(file, (*at, "provider"), f"there is no provider {how.provider}", hint)
        for number, one in enumerate(how.retains):
            if one not in expectations:
                hint = choice_hint(one, expectations)
                yield self._pages.error(
                    file, (*at, "retains", number), f"there is no expectation #{one} to retain", hint
                )

    def second_statements(self, records: Records) -> Iterator[Problem]:
        first: dict[tuple[str, str], str] = {}
        for file, soa in records:
            catalogue = self._checks.ledger.catalogue(soa.standard)
            key = (str(catalogue.name if catalogue else soa.standard), soa.scope)
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
                    key = (str(soa.standard), statement.control, soa.scope)
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
                # What is being written now is what is to be mended, not what was there before.
                fresh = (one for one in places if one in ring and self._checks.is_fresh(places[one][0]))
                shown = next(fresh, (standard, control, start))
                sentence = f"{control} is inherited in a circle through {', '.join(sorted(passed))}"
                yield self._pages.error(*places[shown], sentence, "evidence it in one of them")


def _fitting(question: Question, wrong: str) -> str:
    """What to write instead of an answer that is none; words after an option are a reason, not an answer."""
    known = options(question)
    if not known:
        return "write a whole number, in digits only"
    if all(word.strip().casefold() in known for word in wrong.split(",")):
        return "name one of them: the question takes no more"
    begun = next((one for one in known if re.match(rf"{re.escape(one)}\W", wrong, re.IGNORECASE)), None)
    if begun:
        return f"write “answer: {begun}”, and what goes with it as “reason: …”"
    return choice_hint(wrong.casefold(), known)
