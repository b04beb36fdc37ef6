"""Single values of a YAML text spelled anew where they stand: not a blank, a quote or a comment elsewhere changes."""

from __future__ import annotations

import re
from collections.abc import Iterable

import msgspec

from compliance.problems import Refused
from compliance.store.text.located import Scalar, Sequence, Text

_ITEM = re.compile(r"\s*-\s+")
_NEEDS_QUOTES = re.compile(r"[\[\]{},&*!|>'\"%@`?]|^-|: |:$| #|\s$|^\s")


class Respelling(msgspec.Struct, frozen=True):
    """A value, the list that it is an item of (None if it stands alone), and what stands in its place.

    Several take the place of one in a list, or make a list of what stood alone; none takes it out.
    """

    value: Scalar
    now: tuple[str, ...]
    within: Sequence | None = None


def respelled(source: Text, changes: Iterable[Respelling]) -> str:
    """The text with the changes made. Raises Refused for a value that is spelled over several lines or with escapes."""
    lines = source.text.splitlines(keepends=True)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    text = source.text
    placed = [(starts[change.value.place.line - 1] + change.value.place.column - 1, change) for change in changes]
    for position, change in sorted(placed, key=lambda one: one[0], reverse=True):
        quote, end = _spelling(source, text, position, change.value)
        begin = starts[change.value.place.line - 1]
        before = text[begin:position]
        if change.within is not None and _ITEM.fullmatch(before):
            text = _in_rows(text, change, (begin, position, end), before, quote)
        else:
            text = _in_line(text, change, (position, end), quote)
    return text


def _spelling(source: Text, text: str, start: int, value: Scalar) -> tuple[str, int]:
    """The quotation mark around a value, if any, and where its spelling ends."""
    if text.startswith(value.text, start):
        return "", start + len(value.text)
    quote = text[start : start + 1]
    if quote in {"'", '"'} and text.startswith(value.text + quote, start + 1):
        return quote, start + len(value.text) + 2
    hint = "write it on one line, without escapes, and run the command again"
    raise Refused([source.problem(value.place, "is spelled in a way that is not edited here", hint)])


def _in_rows(text: str, change: Respelling, at: tuple[int, int, int], before: str, quote: str) -> str:
    """An item on a line of its own, with whatever comment follows it there; what is added follows on lines like it."""
    line, start, end = at
    stop = text.find("\n", end) + 1 or len(text)
    if not change.now:
        return text[:line] + text[stop:]
    first, *more = (_quoted(one, quote, flow=False) for one in change.now)
    rest = text[end:stop]
    ending = "\r\n" if rest.endswith("\r\n") else "\n"
    if more and not rest.endswith("\n"):
        rest += ending
    return text[:start] + first + rest + "".join(f"{before}{one}{ending}" for one in more) + text[stop:]


def _in_line(text: str, change: Respelling, at: tuple[int, int], quote: str) -> str:
    """An item of a list in brackets, or a value that stands alone."""
    start, end = at
    if not change.now:
        after = re.compile(r"\s*,[ \t]*").match(text, end)
        if after:
            return text[:start] + text[after.end() :]
        return re.sub(r",\s*\Z", "", text[:start]) + text[end:]
    alone = change.within is None and len(change.now) > 1
    spelled = ", ".join(_quoted(one, quote, flow=change.within is not None or alone) for one in change.now)
    return text[:start] + (f"[{spelled}]" if alone else spelled) + text[end:]


def _quoted(text: str, quote: str, flow: bool) -> str:
    if quote or (flow and _NEEDS_QUOTES.search(text.replace("@", ""))):
        mark = quote or '"'
        return f"{mark}{text}{mark}"
    return text
