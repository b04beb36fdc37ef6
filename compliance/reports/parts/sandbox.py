"""Where templates run: nothing of the program within reach, strict about names, and within bounds of memory."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sized
from pathlib import Path
from typing import Any

import jinja2
from jinja2.sandbox import ImmutableSandboxedEnvironment

LARGEST_NUMBER = 4_096
"""In bits: a number in a report has far fewer."""
LARGEST_REPEAT = 1_000_000
"""What repeating a text or a list may come to, in characters or entries."""
MEMORY = 2_000_000_000
"""In bytes: what a report may take beyond what the program has."""
_NO_OWNER: Any = object()
"""Stands for the owner of a name that is looked up by itself."""


class TemplateMistake(jinja2.TemplateRuntimeError):
    """What a template does wrong, in a sentence of ours."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class UnknownName(jinja2.StrictUndefined):
    """Stands for a value that there is not; any use of it raises TemplateMistake."""

    __slots__ = ()

    def __init__(self, hint: str | None = None, obj: Any = _NO_OWNER, name: Any = None, exc: Any = None) -> None:
        if exc is TemplateMistake and hint:
            sentence = hint
        elif name is None:
            sentence = "a value is used here that there is not"
        elif obj is _NO_OWNER:
            sentence = f"there is nothing called “{name}”"
        else:
            sentence = f"there is no “{name}” in this value"
        super().__init__(sentence, name=name, exc=TemplateMistake)


class Sandbox(ImmutableSandboxedEnvironment):
    """An environment in which a template reaches what it is given, and no further."""

    intercepted_binops = frozenset({"*", "**"})

    def unsafe_undefined(self, obj: Any, attribute: str) -> jinja2.Undefined:
        """What a template gets instead of something that it may not reach."""
        return self.undefined(f"“{attribute}” is out of a template's reach", obj, attribute, TemplateMistake)

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """The result of an operator. Raises TemplateMistake where it would be larger than any report."""
        if operator == "**":
            too_large = isinstance(right, int) and _bits(left) * abs(right) > LARGEST_NUMBER
        else:
            too_large = (
                _bits(left) + _bits(right) > LARGEST_NUMBER
                or max(_repeated(left, right), _repeated(right, left)) > LARGEST_REPEAT
            )
        if too_large:
            raise TemplateMistake("this comes to more than a report can hold")
        return super().call_binop(context, operator, left, right)


def _bits(value: Any) -> int:
    return value.bit_length() if isinstance(value, int) else 0


def _repeated(value: Any, times: Any) -> int:
    return len(value) * times if isinstance(value, Sized) and isinstance(times, int) else 0


@contextlib.contextmanager
def bounded_memory() -> Iterator[None]:
    """Inside, what takes more than `MEMORY` raises MemoryError, where the system has a way to ask for that."""
    usage = Path("/proc/self/statm")
    if not usage.exists():
        yield
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    bound = int(usage.read_text().split()[0]) * resource.getpagesize() + MEMORY
    bounds = [limit for limit in (soft, hard, bound) if limit != resource.RLIM_INFINITY]
    resource.setrlimit(resource.RLIMIT_AS, (min(bounds), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
