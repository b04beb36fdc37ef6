"""What is wrong with a template, in sentences of ours, with its file and line."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import jinja2
import msgspec
from jinja2.exceptions import SecurityError

from compliance.domain.terms.layout import TEMPLATES
from compliance.problems import Location, Refused, refuse
from compliance.reports.parts.sandbox import TemplateMistake

TEMPLATE_ERRORS = (
    jinja2.TemplateError,
    TypeError,
    ValueError,
    ArithmeticError,
    LookupError,
    AttributeError,
    RecursionError,
    MemoryError,
)
"""What a template may raise that is the template's own fault."""
_MEND = "mend this line; without the file, the shipped template is used"
_COMPARE = "compare it with the shipped template"
_OWN = "mend this line, or take it out"
_END_TAGS = {
    name: f"end{name}" for name in ("autoescape", "block", "call", "filter", "for", "if", "macro", "set", "with")
}
_TAGS = {
    *_END_TAGS,
    *_END_TAGS.values(),
    "elif",
    "else",
    "extends",
    "from",
    "import",
    "include",
    "print",
    "raw",
    "endraw",
}
_TOO_MUCH = "this comes to more than a report can hold"
_SENTENCES: tuple[tuple[type[BaseException], str], ...] = (
    (SecurityError, "this is out of a template's reach"),
    (RecursionError, "it includes or calls itself without an end"),
    (ZeroDivisionError, "it divides by zero"),
    (OverflowError, _TOO_MUCH),
    (MemoryError, _TOO_MUCH),
)


def template_refusal(environment: jinja2.Environment, template: str, error: BaseException) -> Refused:
    """What to say of a template that could not be read or filled in; `error` is one of `TEMPLATE_ERRORS`."""
    if isinstance(error, jinja2.TemplateNotFound):
        hint = f"templates lie in {TEMPLATES}/, or ship with the program"
        return refuse(f"there is no template {error.name}", location=_place_of(error, template), hint=hint)
    if isinstance(error, jinja2.TemplateSyntaxError):
        name = error.name or template
        line, sentence = _syntax_fault(environment, _source_of(environment, name), error)
        place = Location(f"{TEMPLATES}/{name}", line)
        hint = _MEND if _ships(environment, name) else _OWN
        return refuse(f"is no template: {sentence}", location=place, excerpt=_line_at(environment, place), hint=hint)
    place = _place_of(error, template)
    return refuse(
        f"cannot be filled in: {_sentence_of(error)}",
        location=place,
        excerpt=_line_at(environment, place),
        hint=_COMPARE if _ships(environment, place.file.rpartition("/")[2]) else _OWN,
    )


def with_place(environment: jinja2.Environment, template: str, refusal: Refused) -> Refused:
    """What a function refused that a workspace's own template called, with its line where it has no place yet.

    A template that ships is no place that a user could mend: then the refusal stays as it is.
    """
    place = _place_of(refusal, template)
    if Path(place.file).is_absolute():
        return refusal
    excerpt = _line_at(environment, place)
    return Refused(
        problem if problem.location else msgspec.structs.replace(problem, location=place, excerpt=excerpt)
        for problem in refusal.problems
    )


def _ships(environment: jinja2.Environment, name: str) -> bool:
    """Whether a template of that name comes with the program too."""
    loader = environment.loader
    shipped = loader.loaders[-1] if isinstance(loader, jinja2.ChoiceLoader) else None
    return shipped is not None and name in shipped.list_templates()


def _sentence_of(error: BaseException) -> str:
    if isinstance(error, TemplateMistake):
        return error.sentence
    general = "this cannot be worked out with the values that are given"
    return next((sentence for kind, sentence in _SENTENCES if isinstance(error, kind)), general)


def _place_of(error: BaseException, template: str) -> Location:
    """The template and the line in which an error arose: of its frames, the innermost that is a template's."""
    file, line, trace = f"{TEMPLATES}/{template}", 0, error.__traceback__
    while trace:
        if trace.tb_frame.f_code.co_filename.endswith(".j2"):
            file, line = trace.tb_frame.f_code.co_filename, trace.tb_lineno
        trace = trace.tb_next
    return Location(file, line)


def _line_at(environment: jinja2.Environment, place: Location) -> str:
    lines = _source_of(environment, place.file.rpartition("/")[2]).splitlines()
    return lines[place.line - 1].strip() if 1 <= place.line <= len(lines) else ""


def _source_of(environment: jinja2.Environment, name: str) -> str:
    if environment.loader is None:
        return ""
    try:
        return environment.loader.get_source(environment, name)[0]
    except jinja2.TemplateNotFound:
        return ""


def _syntax_fault(environment: jinja2.Environment, source: str, error: jinja2.TemplateSyntaxError) -> tuple[int, str]:
    """The line of what makes a text no template, and a sentence on it."""
    tokens = list(_tokens(environment, source))
    open_tags: list[tuple[int, str]] = []
    for line, name, is_assignment in _tags(tokens):
        if name not in _TAGS:
            return line, f"there is no tag “{name}”"
        if name in _END_TAGS and not is_assignment:
            open_tags.append((line, name))
        elif name in _END_TAGS.values():
            if not open_tags or _END_TAGS[open_tags[-1][1]] != name:
                return line, f"“{name}” closes nothing here"
            open_tags.pop()
    for line, name in _filters(tokens):
        if name not in environment.filters:
            return line, f"there is no filter “{name}”"
    if open_tags and error.lineno >= len(source.splitlines()):
        line, name = open_tags[-1]
        return line, f"“{name}” is not closed by “{_END_TAGS[name]}”"
    return error.lineno, "this line cannot be read"


def _tokens(environment: jinja2.Environment, source: str) -> Iterator[tuple[int, str, str]]:
    """The words of a template with their lines and kinds, blanks left out, as far as it can be told apart."""
    try:
        yield from (token for token in environment.lex(source) if token[1] != "whitespace")
    except jinja2.TemplateSyntaxError:
        return


def _tags(tokens: list[tuple[int, str, str]]) -> Iterator[tuple[int, str, bool]]:
    """Each tag's line and name, and whether it is a `set` that ends with its line."""
    for index, (line, kind, _) in enumerate(tokens):
        if kind == "block_begin" and index + 1 < len(tokens) and tokens[index + 1][1] == "name":
            name = tokens[index + 1][2]
            rest = tokens[index + 2 :]
            end = next((at for at, token in enumerate(rest) if token[1] == "block_end"), len(rest))
            yield line, name, name == "set" and any(token[2] == "=" for token in rest[:end])


def _filters(tokens: list[tuple[int, str, str]]) -> Iterator[tuple[int, str]]:
    """The line and name of each filter that a value is put through."""
    for before, (line, kind, name) in itertools.pairwise(tokens):
        if before[1] == "operator" and before[2] == "|" and kind == "name":
            yield line, name
