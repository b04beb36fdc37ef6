"""What is wrong in the registers' records, each fault at its line of a file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from compliance.domain.ledger.ledger import Ledger
from compliance.domain.ledger.lookup import find_control
from compliance.domain.registers.parts.faults import Fault, Path, unknown_record, unknown_scope
from compliance.domain.registers.parts.register import Filed, Register
from compliance.domain.registers.parts.registry import BY_PLURAL, REGISTERS
from compliance.domain.standards.catalogue import walk
from compliance.domain.terms.identifiers import is_identifier, token_of
from compliance.domain.terms.references import Reference, StandardName
from compliance.ledger.inspection.named_evidence import EvidenceInspection
from compliance.ledger.inspection.pages import Pages
from compliance.problems import Location, Problem, Refused, with_article

Records = Mapping[Register[Any], Sequence[Filed[Any]]]
"""The records of each register, with the files that they are in."""


def inspect_registers(
    ledger: Ledger, records: Records, pages: Pages, before: Ledger | None = None
) -> Iterator[Problem]:
    """Every problem in the registers' records, and between them and the rest of the workspace.

    `before` is the ledger without what is being written, where something is.
    """
    evidence = EvidenceInspection(ledger, before)
    for register in REGISTERS:
        filed = records.get(register, ())
        for entry in filed:
            faults = (
                *_in_every_register(ledger, register, entry),
                *register.inspect(ledger, entry.record),
                *evidence.faults(register, entry.record),
            )
            yield from _problems(faults, entry, pages)
        by_file = {entry.file: entry for entry in filed}
        for file, fault in (*_twice(filed), *_together(ledger, register, filed)):
            yield from _problems([fault], by_file[file], pages)


def _problems(faults: Iterable[Fault], entry: Filed[Any], pages: Pages) -> Iterator[Problem]:
    """The only place that turns the path of a fault into a file's line and column."""
    for fault in faults:
        if fault.if_committed and not entry.is_committed:
            continue
        if fault.line:
            where = Location(f"{entry.file.removesuffix('.yaml')}.csv", fault.line, 1)
            yield Problem(fault.sentence, where, fault.hint, severity=fault.severity)
        else:
            yield pages.problem(entry.file, fault.at, fault.sentence, fault.hint, fault.severity)


def _together(ledger: Ledger, register: Register[Any], filed: Sequence[Filed[Any]]) -> Iterable[tuple[str, Fault]]:
    return register.inspect_together(ledger, filed) if register.inspect_together else ()


def _twice(filed: Sequence[Filed[Any]]) -> Iterator[tuple[str, Fault]]:
    first: dict[str, str] = {}
    for entry in filed:
        identifier = entry.record.id
        if identifier in first:
            sentence = f"has the id {identifier}, as {first[identifier]} has"
            yield entry.file, Fault(("id",), sentence, "give one of the two another")
        first.setdefault(identifier, entry.file)


def _in_every_register(ledger: Ledger, register: Register[Any], entry: Filed[Any]) -> Iterator[Fault]:
    """What is looked at whatever the register: its id, its scopes, its controls, and the records that it names."""
    record = entry.record
    yield from _own_id(register, record.id, entry.file)
    scopes = getattr(record, "scope", ())
    if isinstance(scopes, str):
        yield from unknown_scope(ledger, ("scope",), scopes)
    else:
        for number, scope in enumerate(scopes):
            yield from unknown_scope(ledger, ("scope", number), scope)
    for at, reference in _references(record, ()):
        yield from _unknown_control(ledger, at, reference)
    for field, plural in register.names.items():
        named = getattr(record, field)
        for at, identifier in [((field,), named)] if isinstance(named, str) else _numbered(field, named):
            if identifier:
                yield from unknown_record(ledger, at, BY_PLURAL[plural], identifier)


def _numbered(field: str, values: Sequence[str]) -> list[tuple[Path, str]]:
    return [((field, number), value) for number, value in enumerate(values)]


def _own_id(register: Register[Any], identifier: str, file: str) -> Iterator[Fault]:
    """A drawn id names its file, so that two branches never give one file to two records."""
    letter = register.prefix
    is_drawn = is_identifier(identifier, letter)
    if register.ids_are_drawn and not is_drawn:
        hint = f"an id is {letter}- and eight characters, such as {letter}-7K2M9QXT"
        yield Fault(("id",), f"“{identifier}” is not the id of {with_article(register.name)}", hint)
        return
    others = [other for other in REGISTERS if other is not register and is_identifier(identifier, other.prefix)]
    if others:
        hint = f"give it the id that it had, which begins with {letter}-"
        yield Fault(("id",), f"{identifier} is an id of the {others[0].plural} register", hint)
    if is_drawn and not file.endswith(f".{token_of(identifier)}.yaml"):
        hint = f"correct the id, or rename the file to end with .{token_of(identifier)}.yaml"
        yield Fault(("id",), f"the file's name does not end with the id {identifier}", hint)


def _references(value: Any, at: Path) -> Iterator[tuple[Path, Reference]]:
    """The controls that a record names, at whatever depth, each with the path to it."""
    if isinstance(value, Reference):
        yield at, value
    elif isinstance(value, tuple):
        for number, item in enumerate(value):
            yield from _references(item, (*at, number))
    elif isinstance(value, msgspec.Struct):
        # Not `msgspec.structs.fields`, which works out the types of all fields at every call.
        for name, written in zip(value.__struct_fields__, value.__struct_encode_fields__, strict=True):
            yield from _references(getattr(value, name), (*at, written.replace("_", "-")))


def _unknown_control(ledger: Ledger, at: Path, reference: Reference) -> Iterator[Fault]:
    if _of_a_former_version(ledger, reference):
        return
    try:
        find_control(ledger, str(reference))
    except Refused as refusal:
        for problem in refusal.problems:
            yield Fault(at, problem.sentence, problem.hint)


def _of_a_former_version(ledger: Ledger, reference: Reference) -> bool:
    """Whether it names a control of a version out of use whose catalogue is kept: what was found then was so."""
    name = StandardName(reference.standard, reference.version)
    if not name.version or any(use.standard == name for use in ledger.settings.standards):
        return False
    former = ledger.catalogue(name)
    return former is not None and any(
        node.control.id == reference.control and node.control.assessable for node in walk(former)
    )
