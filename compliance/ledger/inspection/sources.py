"""What is wrong in what records, front matter and rules say of evidence, each named where it stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from compliance.domain.ledger.belonging import event_hint, event_named, outside_profile, unlisted
from compliance.domain.ledger.ledger import Ledger
from compliance.domain.ledger.lookup import find_control
from compliance.domain.ledger.records import Record
from compliance.domain.ledger.roles import FileRole, Role
from compliance.domain.ledger.rules import Dating, MappingRule, RuleFile, dates_in_name
from compliance.domain.standards.catalogue import Catalogue, Control
from compliance.domain.standards.expectations import Expectation
from compliance.domain.standards.methods import those_meant
from compliance.domain.terms.layout import CONFIGURATION
from compliance.domain.terms.references import Reference
from compliance.domain.terms.vocabulary import Chain
from compliance.ledger.inspection.pages import Pages
from compliance.problems import Problem, Refused, choice_hint
from compliance.store.text.located import Path
from compliance.workspace.shipped import shipped_standards


class Named(msgspec.Struct, frozen=True):
    """What the control of a reference expects, or None; and what is wrong with the reference."""

    expected: tuple[Expectation, ...] | None = None
    where: tuple[Catalogue, Control] | None = None
    problems: tuple[Problem, ...] = ()


class Controls:
    """The controls that references name, each looked for once."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._by_reference: dict[Reference, Named] = {}
        self._shipped = shipped_standards()

    def of(self, reference: Reference) -> Named:
        """What a reference names.

        Nothing is wrong with one to a standard in use whose catalogue cannot be read: that is said of the catalogue.
        """
        if reference not in self._by_reference:
            self._by_reference[reference] = self._look(reference)
        return self._by_reference[reference]

    def _look(self, reference: Reference) -> Named:
        try:
            _, catalogue, control = find_control(self._ledger, str(reference), self._shipped)
        except Refused as refusal:
            named = [use.standard for use in self._ledger.settings.standards if use.standard.id == reference.standard]
            unread = any(
                reference.version in {"", name.version} and self._ledger.catalogue(name) is None for name in named
            )
            return Named(problems=() if unread else refusal.problems)
        return Named(those_meant(catalogue, control, reference.expectation), (catalogue, control))


def inspect_sources(
    ledger: Ledger,
    texts: Mapping[FileRole, Sequence[tuple[str, object]]],
    evidence: Sequence[str],
    controls: Controls,
    pages: Pages,
) -> Iterator[Problem]:
    """Every problem in records, front matter and rules; `texts` has what was read, with its file, by role."""
    for role, prefix in ((Role.RECORD, ()), (Role.MARKDOWN, ("evidence",))):
        for file, record in texts.get(role, ()):
            if isinstance(record, Record):
                yield from _record(ledger, file, prefix, record, controls, pages)
    for file, rules in texts.get(Role.RULES, ()):
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
    yield from _belonging(ledger, file, at, record, controls, pages)
    scopes = [scope.id for scope in ledger.settings.scopes]
    for number, scope in enumerate(record.scope or ()):
        if scope not in scopes:
            yield pages.error(file, (*at, "scope", number), f"there is no scope “{scope}”", choice_hint(scope, scopes))
    markings = ledger.settings.classifications
    if record.classification and record.classification not in markings:
        sentence = f"“{record.classification}” is not a marking of this workspace"
        yield pages.error(file, (*at, "classification"), sentence, choice_hint(record.classification, markings))
    if record.supersedes and ledger.evidence_by_id(record.supersedes) is None:
        hint = "name evidence that is filed (compliance evidence list), or remove the line"
        yield pages.error(file, (*at, "supersedes"), f"supersedes {record.supersedes}, which is not there", hint)


def _belonging(
    ledger: Ledger, file: str, at: Path, record: Record, controls: Controls, pages: Pages
) -> Iterator[Problem]:
    """What no profile in use asks for, an event that is not on record, and suppliers, sites … that no scope lists."""
    scopes = record.scope or (ledger.settings.default_scope,)
    for number, reference in enumerate(record.controls or ()):
        named = controls.of(reference)
        profiles = outside_profile(ledger, *named.where, scopes) if named.where else ()
        if profiles:
            sentence = f"{reference} is not asked for by the profile in use ({', '.join(profiles)})"
            hint = "it serves nothing there: name a control of that profile, or remove it"
            yield pages.warning(file, (*at, "controls", number), sentence, hint)
    event = (record.per or {}).get("event")
    if event and event_named(ledger, event) != event:
        yield pages.error(file, (*at, "per", "event"), f"there is no event {event}", event_hint(ledger, event))
    for chain, name, listed in unlisted(ledger.settings, record.per or {}):
        hint = listing_hint(chain, name, listed)
        yield pages.warning(file, (*at, "per", chain.value), f"no scope lists the {chain.value} “{name}”", hint)


def listing_hint(chain: Chain, name: str, listed: Sequence[str]) -> str:
    """What to do about a supplier, site, system or merchant that no scope lists."""
    otherwise = f"listed are {', '.join(listed)}; list it in {CONFIGURATION}, under “{chain.value}s” of its scope"
    return choice_hint(name, listed, otherwise=otherwise)


def _taking(
    folder: RuleFile, number: int, rule: MappingRule, evidence: Sequence[str], pages: Pages
) -> Iterator[Problem]:
    below = [relative for path in evidence if (relative := folder.relative(path)) is not None]
    if not any(rule.takes(relative) for relative in below):
        hint = "compare it with the files' names: * stays in a folder, ** crosses folders"
        yield pages.warning(folder.path, ("rules", number, "match"), "this rule takes no file", hint)
    if rule.dating is Dating.NAME:
        taken = [relative for relative in below if rule.takes(relative)]
        unsure = [path for path in taken if len(dates_in_name(path.rpartition("/")[2], rule.name_pattern)) > 1]
        if unsure:
            more = f", and {len(unsure) - 1} more" if len(unsure) > 1 else ""
            sentence = f"the name of {unsure[0]}{more} states several dates: the first is taken"
            hint = "say which with “name-pattern: …”, or give the file a record of its own"
            yield pages.warning(folder.path, ("rules", number, "date"), sentence, hint)
