"""JSON Schemas (draft 2020-12) of the files that people write, for editors.

They are made from the very types that the decoder reads, so what one takes the other takes too. Only what needs a
second look at the whole file (a profile that is not listed, an id used twice) is left to `check`.
"""

from __future__ import annotations

import ast
import datetime as dt
import enum
import functools
import inspect
import itertools
import json
import re
import textwrap
import types
import typing
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any

import msgspec

from compliance.domain.ledger.records import Record
from compliance.domain.ledger.rules import Dating
from compliance.domain.registers.parts.register import Register
from compliance.domain.registers.parts.registry import REGISTERS
from compliance.domain.standards.catalogue import Catalogue, Control, Profile, Relation
from compliance.domain.standards.expectations import Expectation
from compliance.domain.terms.durations import WORDS, Duration
from compliance.domain.terms.identifiers import ALPHABET, EVIDENCE, LENGTH
from compliance.domain.terms.periods import Period
from compliance.domain.terms.references import STANDARD_WRITTEN, WRITTEN, Reference, StandardName
from compliance.store.catalogues import overlays
from compliance.store.catalogues.expectations import RULES, TYPES, UNSET
from compliance.store.records import configuration, records, rules
from compliance.store.text.decoding import written_fields

Schema = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"


class FileKind(msgspec.Struct, frozen=True):
    """A kind of file that has a schema: what it is, where such files lie, and what makes the schema."""

    title: str
    files: str
    make: Callable[[], Schema]


def schema_of(kind: str) -> Schema:
    """The whole schema of a kind of file, with what it refers to."""
    file_kind = kinds()[kind]
    return {"$schema": DIALECT, "title": file_kind.title, **file_kind.make()}


def written(kind: str) -> str:
    """The schema as the text of a file."""
    return json.dumps(schema_of(kind), indent=2, ensure_ascii=False) + "\n"


def kinds() -> dict[str, FileKind]:
    """Every kind of file that has a schema, by the word for it."""
    return {
        "catalogue": FileKind(
            "A catalogue: a standard with its controls", "standards/*.yaml", functools.partial(_whole, Catalogue)
        ),
        "overlay": FileKind("An overlay of a catalogue", f"standards/*{overlays.SUFFIX}", _overlay),
        "record": FileKind("A record of evidence", f"*{records.SUFFIX}", _record),
        "front-matter": FileKind("The front matter of a Markdown file that is evidence", "*.md", _front_matter),
        "rules": FileKind("Rules that map many files at once", "map.yaml", _rules),
        "configuration": FileKind("The settings of a workspace", configuration.FILE, _configuration),
        **{register.word: _register(register) for register in REGISTERS},
    }


class _Schemas:
    """The schemas of types, each defined once and referred to by name."""

    def __init__(self) -> None:
        self.defined: dict[str, Schema] = {}

    def of(self, type_: Any) -> Schema:
        """The schema of what is written where a value of the type is wanted."""
        origin, arguments = typing.get_origin(type_), typing.get_args(type_)
        if type_ in _SCALARS:
            name, schema = _SCALARS[type_]
            return self._named(name, lambda: schema)
        if origin in {types.UnionType, typing.Union}:
            (inner,) = [argument for argument in arguments if argument is not types.NoneType]
            return self.of(inner)
        if origin is tuple:  # one item needs no brackets
            return {"anyOf": [self.of(arguments[0]), {"type": "array", "items": self.of(arguments[0])}]}
        if origin is dict:
            return {"type": "object", "additionalProperties": self.of(arguments[1])}
        if isinstance(type_, type) and issubclass(type_, enum.Enum):
            words = [word.value for word in type_]
            return self._named(_kebab(type_), lambda: {**_described(type_), "enum": words})
        if type_ is Expectation:
            return self._named("expectation", lambda: self.expectation(needs_rule=True))
        if isinstance(type_, type) and issubclass(type_, msgspec.Struct):
            return self._named(_kebab(type_), lambda: self.fields(type_))
        raise TypeError(f"nothing describes {type_}")

    def _named(self, name: str, make: Any) -> Schema:
        if name not in self.defined:
            self.defined[name] = {}  # stands for itself while what it holds is described
            self.defined[name] = make()
        return {"$ref": f"#/$defs/{name}"}

    def fields(self, struct: type[msgspec.Struct], only: Iterable[str] | None = None) -> Schema:
        """The schema of a struct, of all its fields or some."""
        hints, descriptions = typing.get_type_hints(struct), _field_descriptions(struct)
        chosen = written_fields(struct)
        if only is not None:
            chosen = {name: chosen[name] for name in only}
        properties = {
            name: {
                **self.of(hints[field.name]),
                **({"description": descriptions[field.name]} if field.name in descriptions else {}),
            }
            for name, field in chosen.items()
        }
        return {
            **_described(struct),
            **closed(properties, [name for name, field in chosen.items() if field.required]),
        }

    def expectation(self, *, needs_rule: bool) -> Schema:
        """An expectation: its fields, of the rules exactly one (in an overlay none if there is nothing to change)."""
        properties = {key: self.of(type_) for key, type_ in TYPES.items()}
        properties["every"] = {"anyOf": [properties["every"], {"const": UNSET}]}
        properties["once"] = {"enum": [True, "true", "True", "TRUE", "yes", "Yes", "YES"]}
        goes_with: dict[str, list[str]] = {}
        for rule, keys in RULES.items():
            for key in keys:
                goes_with.setdefault(key, []).append(rule)
        needs: dict[str, Schema] = {
            key: {"anyOf": [{"required": [rule]} for rule in listed]} for key, listed in goes_with.items()
        }
        needs["on"] = {"required": ["within"]}
        one_rule: list[Schema] = [{"required": [rule]} for rule in RULES]
        if not needs_rule:
            one_rule.append({"not": {"anyOf": [{"required": [rule]} for rule in RULES]}})
        return {
            **_described(Expectation),
            **closed(properties, ["id"]),
            "dependentSchemas": needs,
            "oneOf": one_rule,
        }


def closed(properties: Mapping[str, Schema], required: Iterable[str]) -> Schema:
    """Fields of which some must be there, and beside which there are no others."""
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(required),
        "additionalProperties": False,
    }


def _whole(type_: type[msgspec.Struct]) -> Schema:
    schemas = _Schemas()
    return {**schemas.fields(type_), "$defs": schemas.defined}


def _register(register: Register[Any]) -> FileKind:
    article = "An" if register.name[0] in "aeiou" else "A"
    return FileKind(
        f"{article} {register.name}", f"{register.folder}/*.yaml", functools.partial(_whole, register.record)
    )


def _record() -> Schema:
    schemas = _Schemas()
    schema = _refined(schemas.fields(Record))
    schema["required"] = ["id"]
    return {**schema, "$defs": schemas.defined}


def _front_matter() -> Schema:
    schemas = _Schemas()
    fields = [name for name in written_fields(Record) if name not in records.ONLY_IN_RECORDS]
    inner = _refined(schemas.fields(Record, fields))
    return {"type": "object", "properties": {"evidence": inner}, "$defs": schemas.defined}


def _rules() -> Schema:
    schemas = _Schemas()
    properties = schemas.fields(Record, rules.GIVEN)["properties"]
    own: dict[str, Schema] = {
        "match": {**schemas.of(tuple[str, ...]), "description": "The files it takes: * stays in a folder, ** crosses."},
        "besides": {**schemas.of(tuple[str, ...]), "description": "Those of them that it does not take."},
        "date": {
            "anyOf": [{"enum": [dating.value for dating in Dating]}, schemas.of(dt.date)],
            "description": "Where their dates come from: their names, or git; or a day for all of them.",
        },
        "name-pattern": {**schemas.of(str), "description": "How a name states the date: scan-{day}{month}{year}."},
        "first": {"const": "counts", "description": "With git: the commit that first brought a file in counts."},
    }
    rule = _refined({**closed({key: own[key] for key in rules.OWN} | properties, ["match"])})
    rule["dependentSchemas"] = {
        "name-pattern": _with("date", Dating.NAME.value),
        "first": _with("date", Dating.GIT.value),
    }
    schemas.defined["rule"] = rule
    listed = {"type": "array", "items": {"$ref": "#/$defs/rule"}}
    return {**closed({"rules": listed}, ["rules"]), "$defs": schemas.defined}


def _with(field: str, word: str) -> Schema:
    return {"properties": {field: {"const": word}}, "required": [field]}


def _refined(schema: Schema) -> Schema:
    """What is asked of the fields of evidence beyond their types."""
    fields = schema["properties"]
    identifier = {"type": "string", "pattern": f"^{EVIDENCE}-[{ALPHABET}]{{{LENGTH}}}$"}
    refined = {
        "id": identifier,
        "supersedes": identifier,
        "sha256": {"type": ["string", "number"], "pattern": f"^{records.SHA256}$"},
        "size": {**fields.get("size", {}), "minimum": 0},
        "per": {**fields["per"], "propertyNames": {"enum": list(records.CHAINS)}},
    }
    return {**schema, "properties": fields | {key: value for key, value in refined.items() if key in fields}}


def _overlay() -> Schema:
    schemas = _Schemas()
    schemas.defined["changed-expectation"] = schemas.expectation(needs_rule=False)
    descriptions = _field_descriptions(Control)
    control = closed(
        {
            "id": {**schemas.of(str), "description": "The control of the catalogue."},
            **{
                key: {**schemas.of(str), **_sentence(descriptions.get(key.replace("-", "_"), ""))}
                for key in overlays.WORDING
            },
            "expects": {"type": "array", "items": {"$ref": "#/$defs/changed-expectation"}},
            "related": schemas.of(tuple[Relation, ...]),
        },
        ["id"],
    )
    schemas.defined["changed-control"] = control
    properties = {
        "overlay": schemas.of(StandardName),
        "controls": {"type": "array", "items": {"$ref": "#/$defs/changed-control"}},
        "profiles": {"type": "array", "items": schemas.of(Profile)},
    }
    needed = {"anyOf": [{"required": ["controls"]}, {"required": ["profiles"]}]}
    return {**closed(properties, ["overlay"]), **needed, "$defs": schemas.defined}


def _configuration() -> Schema:
    schemas = _Schemas()
    properties = {
        "format": {"const": configuration.FORMAT},
        **{key: schemas.of(type_) for key, type_ in configuration.TOP.items()},
        "evidence": schemas.of(configuration.EvidenceSettings),
    }
    return {**closed(properties, configuration.REQUIRED), "$defs": schemas.defined}


def _any_case(word: str) -> str:
    return "".join(f"[{character}{character.upper()}]" if character.isalpha() else character for character in word)


def _duration() -> str:
    words = (_any_case(word).replace(" ", "[ -]") for word in sorted(WORDS, key=lambda word: (-len(word), word)))
    return rf"^\s*[0-9]{{1,5}}\s*(?:{'|'.join(words)})[sS]?\s*$"


def _flag() -> str:
    return rf"^\s*(?:{'|'.join(_any_case(word) for word in ('true', 'yes', 'false', 'no'))})\s*$"


def _unnamed(pattern: re.Pattern[str]) -> str:
    """A pattern as a schema writes it, without the names of its groups."""
    return rf"^\s*{re.sub(r'[?]P<[a-z]+>', '?:', pattern.pattern)}\s*$"


_SCALARS: dict[Any, tuple[str, Schema]] = {
    str: ("text", {"type": ["string", "number", "boolean"], "pattern": r"\S"}),
    int: ("number", {"anyOf": [{"type": "integer"}, {"type": "string", "pattern": r"^\s*-?[0-9]{1,15}\s*$"}]}),
    Decimal: (
        "decimal",
        {"anyOf": [{"type": "number"}, {"type": "string", "pattern": r"^\s*-?[0-9]{1,15}(?:[.][0-9]{1,9})?\s*$"}]},
    ),
    bool: ("flag", {"anyOf": [{"type": "boolean"}, {"type": "string", "pattern": _flag()}]}),
    dt.date: ("day", {"type": "string", "pattern": rf"^\s*{_DAY}\s*$", "description": "A day, like 2026-09-30."}),
    Duration: (
        "duration",
        {
            "type": "string",
            "pattern": _duration(),
            "description": "A length of time, like 90 days, 3 months or 1 year.",
        },
    ),
    Period: (
        "period",
        {
            "type": "string",
            "pattern": rf"^\s*{_DAY}\s*/\s*{_DAY}\s*$",
            "description": "A period, like 2026-07-01/2026-09-30.",
        },
    ),
    Reference: (
        "reference",
        {
            "type": "string",
            "pattern": _unnamed(WRITTEN),
            "description": "A control: standard[@version]:control[#expectation].",
        },
    ),
    StandardName: (
        "standard",
        {
            "type": ["string", "integer", "boolean"],
            "pattern": _unnamed(STANDARD_WRITTEN),
            "minimum": 0,
            "description": "A standard, like pci-dss@4.0.1.",
        },
    ),
}


def _kebab(type_: type) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "-", type_.__name__).lower()


def _described(type_: type) -> Schema:
    return _sentence(type_.__doc__ or "")


def _sentence(text: str) -> Schema:
    """What a docstring says, as a description; nothing if it says nothing."""
    plain = " ".join(inspect.cleandoc(text).split())
    return {"description": plain} if plain else {}


def _field_descriptions(struct: type[msgspec.Struct]) -> dict[str, str]:
    """What the text under a field says of it, by the field's name."""
    (definition,) = ast.parse(textwrap.dedent(inspect.getsource(struct))).body
    lines = definition.body if isinstance(definition, ast.ClassDef) else []
    descriptions = {}
    for field, below in itertools.pairwise(lines):
        words = isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant) and below.value.value
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name) and isinstance(words, str):
            descriptions[field.target.id] = _sentence(words)["description"]
    return descriptions
