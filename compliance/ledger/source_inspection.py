"""What is wrong in what records, front matter and rules say of evidence, each named where it stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from compliance.domain.catalogue import expects
from compliance.domain.expectations import Expectation, leaves
from compliance.domain.finding import find_control
from compliance.domain.layout import Role
from compliance.domain.ledger import Ledger
from compliance.domain.records import Record
from compliance.domain.references import Reference
from compliance.domain.rules import MappingRule, RuleFile
from compliance.ledger.pages import Pages
from compliance.problems import Problem, Refused
from compliance.store.decoding import one_of
from compliance.store.located import Path


class Named(msgspec.Struct, frozen=True):
    """What the control of a reference expects, or None; and what is wrong with the reference."""

    expected: tuple[Expectation, ...] | None = None
    problems: tuple[Problem, ...] = ()


class Controls:
    """The controls that references name, each looked for once."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._found: dict[Reference, Named] = {}

    def of(self, reference: Reference) -> Named:
        """What a reference names.

        Nothing is wrong with one to a standard in use whose catalogue cannot be read: that is said of the catalogue.
        """
        if reference not in self._found:
            self._found[reference] = self._look(reference)
        return self._found[reference]

    def _look(self, reference: Reference) -> Named:
        try:
            _, catalogue, control = find_control(self._ledger, str(reference))
        except Refused as refusal:
            meant = [use.standard for use in self._ledger.settings.standards if use.standard.id == reference.standard]
            unread = any(
                reference.version in {"", name.version} and self._ledger.catalogue(name) is None for name in meant
            )
            return Named(problems=() if unread else refusal.problems)
        every = (leaf for one in expects(catalogue, control) for leaf in leaves(one))
        return Named(tuple(leaf for leaf in every if reference.expectation in {"", leaf.id}))


def inspect_sources(
    ledger: Ledger,
    said: Mapping[Role, Sequence[tuple[str, object]]],
    evidence: Sequence[str],
    controls: Controls,
    pages: Pages,
) -> Iterator[Problem]:
    """Every problem in records, front matter and rules; `said` holds what was read, by role, with the files' names."""
    for role, prefix in ((Role.RECORD, ()), (Role.MARKDOWN, ("evidence",))):
        for file, record in said.get(role, ()):
            if isinstance(record, Record):
                yield from _record(ledger, file, prefix, record, controls, pages)
    for file, rules in said.get(Role.RULES, ()):
        if isinstance(rules, tuple):
            folder = RuleFile(file.rpartition("/")[0], file, rules)
            for number, rule in enumerate(rules):
                yield from _record(ledger, file, ("rules", number), rule.says, controls, pages)
                yield from _taking(folder, number, rule, evidence, pages)


def _record(ledger: Ledger, file: str, at: Path, record: Record, controls: Controls, pages: Pages) -> Iterator[Problem]:
    for field, references in (("controls", record.controls or ()), ("also", record.also)):
        for number, reference in enumerate(references):
            for problem in controls.of(reference).problems:
                yield pages.error(file, (*at, field, number), problem.sentence, problem.hint)
    scopes = [scope.id for scope in ledger.settings.scopes]
    for number, scope in enumerate(record.scope or ()):
        if scope not in scopes:
            yield pages.error(file, (*at, "scope", number), f"there is no scope “{scope}”", one_of(scope, scopes))
    markings = ledger.settings.classifications
    if record.classification and record.classification not in markings:
        sentence = f"“{record.classification}” is not a marking of this workspace"
        yield pages.error(file, (*at, "classification"), sentence, one_of(record.classification, markings))
    if record.supersedes and ledger.evidence_by_id(record.supersedes) is None:
        hint = "name evidence that is filed (compliance evidence list), or remove the line"
        yield pages.error(file, (*at, "supersedes"), f"supersedes {record.supersedes}, which is not there", hint)


def _taking(
    folder: RuleFile, number: int, rule: MappingRule, evidence: Sequence[str], pages: Pages
) -> Iterator[Problem]:
    below = [relative for path in evidence if (relative := folder.relative(path)) is not None]
    if not any(rule.takes(relative) for relative in below):
        hint = "compare it with the files' names: * stays in a folder, ** crosses folders"
        yield pages.warning(folder.path, ("rules", number, "match"), "this rule takes no file", hint)
