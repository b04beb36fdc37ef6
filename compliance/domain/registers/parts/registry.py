"""The registers, found by looking into the package: whoever adds one adds its module, and no list is extended."""

from __future__ import annotations

import importlib
import pkgutil
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

import compliance.domain.registers as room
from compliance.domain.registers.parts.dues import DueKind
from compliance.domain.registers.parts.register import Register
from compliance.domain.terms.identifiers import EVIDENCE, identifier, is_identifier
from compliance.domain.terms.shapes import Shape
from compliance.domain.terms.verdicts import Flag, Verdict


def _find() -> Iterator[Register[Any]]:
    """The register of each module beside this package, named in capitals as the module is."""
    for module in pkgutil.iter_modules(room.__path__):
        if not module.ispkg:
            name = f"{room.__name__}.{module.name}"
            register = getattr(importlib.import_module(name), module.name.upper(), None)
            if not isinstance(register, Register) or register.plural != module.name:
                raise TypeError(f"{name} has no register {module.name.upper()} with the plural “{module.name}”")
            yield register


def checked(registers: Iterable[Register[Any]]) -> tuple[Register[Any], ...]:
    """The registers by their place. Raises TypeError where two of them claim the same, or one names what is not there.

    The program does not start then: the fault is in it, and no answer would be right.
    """
    ordered = tuple(sorted(registers, key=lambda register: register.place))
    for what in ("name", "plural", "prefix", "place", "word"):
        twice = [
            value for value, count in Counter(getattr(register, what) for register in ordered).items() if count > 1
        ]
        if twice:
            raise TypeError(f"two registers have the {what} “{twice[0]}”")
    for register in ordered:
        if register.prefix == EVIDENCE or not is_identifier(identifier(register.prefix, 0), register.prefix):
            raise TypeError(f"the register {register.plural} needs a capital letter that is not that of evidence")
    plurals = {register.plural for register in ordered}
    checked_kinds(kind for register in ordered for kind in register.due_kinds)
    reasons = [kind.value for register in ordered for kind in register.reason_kinds]
    if len(set(reasons)) < len(reasons):
        raise TypeError(f"two registers give reasons of one kind: {reasons}")
    if taken := {state.value for state in (*Verdict, *Flag)} & set(reasons):
        raise TypeError(f"a reason has the word of a verdict or a flag: {taken}")
    for register in ordered:
        fields = register.record.__struct_fields__
        for field, named in register.names.items():
            if field not in fields or named not in plurals:
                raise TypeError(f"the register {register.plural} names “{named}” in “{field}”, and there is none")
    return ordered


def checked_kinds(kinds: Iterable[DueKind]) -> tuple[DueKind, ...]:
    """Kinds of what falls due, as they come. Raises TypeError for one without a word of its own, a title or a shape."""
    listed = tuple(kinds)
    nameless = [kind.value for kind in listed if not kind.title or not isinstance(kind.shape, Shape)]
    if nameless or len({kind.value for kind in listed}) < len(listed):
        raise TypeError(f"a kind of what falls due needs a word of its own, a title and a shape: {nameless or listed}")
    return listed


REGISTERS = checked(_find())
REASON_KINDS = tuple(kind for register in REGISTERS for kind in register.reason_kinds)
"""Every reason for which a control is a gap whatever its evidence says."""
BY_PLURAL = {register.plural: register for register in REGISTERS}
