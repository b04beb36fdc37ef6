"""What is wrong in the registers: names of what is not there, and judgements that the standard does not allow."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from compliance.domain.accreditations import Accreditation, Cycle
from compliance.domain.catalogue import Catalogue
from compliance.domain.identifiers import ACCREDITATION, is_identifier, token_of
from compliance.domain.layout import Role
from compliance.domain.ledger import Ledger
from compliance.domain.registers import REGISTERS
from compliance.ledger.applicability_inspection import inspect_applicability
from compliance.ledger.audit_inspection import inspect_audit
from compliance.ledger.checks import Checks
from compliance.ledger.deadline_inspection import inspect_deadline
from compliance.ledger.event_inspection import inspect_event
from compliance.ledger.finding_inspection import inspect_action, inspect_finding
from compliance.ledger.pages import Pages
from compliance.ledger.provider_inspection import inspect_provider
from compliance.ledger.risk_inspection import inspect_risk
from compliance.problems import Problem
from compliance.store.decoding import one_of
from compliance.store.located import Path

Said = Mapping[Role, Sequence[tuple[str, Any]]]
_LOOKS: Mapping[Role, Callable[[str, Any, Checks], Iterator[Problem]]] = {
    Role.AUDIT: inspect_audit,
    Role.FINDING: inspect_finding,
    Role.ACTION: inspect_action,
    Role.RISK: inspect_risk,
    Role.DEADLINE: inspect_deadline,
    Role.EVENT: inspect_event,
    Role.PROVIDER: inspect_provider,
}


def inspect_registers(ledger: Ledger, said: Said, fresh: set[str], pages: Pages) -> Iterator[Problem]:
    """Every problem between a register's records and the rest of the workspace.

    `said` holds the records by role, with the files' names; `fresh` names the files that are not committed, whose dates
    may be later than the last commit's.
    """
    checks = Checks(ledger, fresh, pages)
    looking = _Looking(checks)
    for register in REGISTERS:
        yield from looking.twice(said.get(register.role, ()))
    for file, held in said.get(Role.ACCREDITATION, ()):
        yield from looking.accreditation(file, held)
    yield from inspect_applicability(said.get(Role.APPLICABILITY, ()), checks)
    for role, look in _LOOKS.items():
        for file, record in said.get(role, ()):
            yield from look(file, record, checks)


class _Looking:
    """Looks through one register's records after another."""

    def __init__(self, checks: Checks) -> None:
        self._ledger, self._pages, self._checks = checks.ledger, checks.pages, checks

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
        yield from self._checks.scope(file, ("scope",), held.scope)
        if not held.cycles and held.target is None:
            hint = "add “cycles:” with the day it was granted, or “target:” with the day by which it is sought"
            yield pages.warning(file, ("id",), "is neither held nor sought", hint)
        for number, cycle in enumerate(held.cycles):
            yield from self._cycle(file, number, cycle, held.cycles[number - 1] if number else None)
        catalogue = self._ledger.catalogue(held.standard)
        if catalogue is None:
            yield from self._checks.no_catalogue(file, held.standard)
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
        yield from self._checks.later(file, (*at, "granted"), "granted on", cycle.granted)
        for place, happened in enumerate(cycle.events):
            if happened.on < cycle.granted:
                sentence = f"took place on {happened.on}, before its cycle began on {cycle.granted}"
                hint = "correct the day, or move it to the cycle before, or to “events:” if there is none"
                yield self._pages.warning(file, (*at, "events", place, "on"), sentence, hint)
            yield from self._checks.later(file, (*at, "events", place, "on"), "dated", happened.on)

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
