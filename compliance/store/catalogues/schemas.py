"""JSON Schemas (draft 2020-12) of the files that people write, for editors.

They are made from the very types that the decoder reads, so what one takes the other takes too. Only what needs a
second look at the whole file (a profile that is not listed, an id used twice) is left to `check`.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import msgspec

from compliance.domain.ledger.records import Record
from compliance.domain.ledger.rules import Dating
from compliance.domain.registers.parts.register import Register
from compliance.domain.registers.parts.registry import REGISTERS
from compliance.domain.standards.catalogue import Catalogue, Control, Profile
from compliance.domain.standards.expectations import Expectation
from compliance.domain.terms.durations import WORDS, Duration
from compliance.domain.terms.identifiers import ALPHABET, EVIDENCE, LENGTH
from compliance.domain.terms.moments import Moment
from compliance.domain.terms.periods import Period
from compliance.domain.terms.references import STANDARD_WRITTEN, WRITTEN, Reference, StandardName
from compliance.problems import with_article
from compliance.store.catalogues import overlays
from compliance.store.catalogues.expectations import RULES, TYPES, UNSET
from compliance.store.records import configuration, records, rules
from compliance.store.text.decoding import written_fields

Schema = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"
REFERENCE = "#/$defs/{name}"
_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"


class FileKind(msgspec.Struct, frozen=True):
    """A kind of file that has a schema: what it is, where such files lie, and what makes the schema."""

    title: str
    files: str
    make: Callable[[], Schema]


def schema_of(kind: str) -> Schema:
    """The whole schema of a kind of file, with what it refers to."""
    file_kind = kinds()[kind]
    schema = file_kind.make()
    return {"$schema": DIALECT, "title": file_kind.title, **schema, "$defs": _referred(schema)}


def written(kind: str) -> str:
    """The schema as the text of a file."""
    return schema_text(schema_of(kind))


def schema_text(schema: Schema) -> str:
    """A schema as the text of a file."""
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def kinds() -> dict[str, FileKind]:
    """Every kind of file that has a schema, by the word for it."""
    return {
        "catalogue": FileKind(
            "A catalogue: a standard with its controls", "standards/*.yaml", functools.partial(_fields, Catalogue)
        ),
        "overlay": FileKind("An overlay of a catalogue", f"standards/*{overlays.SUFFIX}", _overlay),
        "record": FileKind("A record of evidence", f"*{records.SUFFIX}", _record),
        "front-matter": FileKind("The front matter of a Markdown file that is evidence", "*.md", _front_matter),
        "rules": FileKind("Rules that map many files at once", "map.yaml", _rules),
        "configuration": FileKind("The settings of a workspace", configuration.FILE, _configuration),
        **{register.word: _register(register) for register in REGISTERS},
    }


def _register(register: Register[Any]) -> FileKind:
    name = with_article(register.name)
    return FileKind(
        f"{name[0].upper()}{name[1:]}", f"{register.folder}/*.yaml", functools.partial(_fields, register.record)
    )


def closed(properties: Mapping[str, Schema], required: Iterable[str]) -> Schema:
    """Fields of which some must be there, and beside which there are no others."""
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(required),
        "additionalProperties": False,
    }


def _as_written(schema: Schema) -> Schema:
    """The schema of a value as people write it, from the schema of the value as msgspec encodes it.

    A field that may be null is left out instead, a list of one item needs no brackets, a number may be a text, the
    words of a field's name have hyphens between them, and no other fields are taken.
    """
    kept: Schema = {key: schema[key] for key in ("description", "enum", "$ref") if key in schema}
    if "description" in kept:
        kept["description"] = " ".join(kept["description"].split())
    match schema:
        case {"anyOf": [inner, {"type": "null"}]}:
            return {**_as_written(inner), **kept}
        case {"type": "array", "items": items}:
            item = _as_written(items)
            return {"anyOf": [item, {"type": "array", "items": item}], **kept}
        case {"properties": properties, "required": required}:
            fields = {
                _hyphened(name): _as_written(field)
                for name, field in properties.items()
                if not field.get("readOnly")  # worked out, and never written
            }
            return {**kept, **closed(fields, map(_hyphened, required))}
        case {"type": "object", "additionalProperties": values}:
            return {"type": "object", "additionalProperties": _as_written(values), **kept}
        case {"type": str(type_)}:
            return {"$ref": REFERENCE.format(name=_SINGLE[schema.get("format", type_)]), **kept}
        case _:
            return kept


def _hyphened(name: str) -> str:
    return name.replace("_", "-")


def _value(type_: Any) -> Schema:
    """The schema of what is written where a value of the type is wanted."""
    (schema,), _ = msgspec.json.schema_components([type_], ref_template=REFERENCE)
    return _as_written(schema)


@functools.cache
def _definitions() -> dict[str, Schema]:
    """What the schemas refer to, by name: every struct, choice of words and single value."""
    types = [Catalogue, Record, configuration.EvidenceSettings, *configuration.TOP.values()]
    types += [register.record for register in REGISTERS]
    _, components = msgspec.json.schema_components(types, ref_template=REFERENCE)
    definitions = {name: _as_written(component) for name, component in components.items() if name not in _WRITTEN}
    definitions[Expectation.__name__] |= _expectation(needs_rule=True)
    return definitions | _WRITTEN


def _referred(schema: Schema) -> dict[str, Schema]:
    """The definitions that a schema refers to, its own and those of types, and what these refer to."""
    definitions = _definitions() | schema.get("$defs", {})
    referred: dict[str, Schema] = {}
    pending = [schema]
    for referring in pending:
        for name in re.findall(r'"#/[$]defs/([^"]+)"', json.dumps(referring)):
            if name not in referred:
                referred[name] = definitions[name]
                pending.append(definitions[name])
    return referred


def _fields(struct: type[msgspec.Struct]) -> Schema:
    return _definitions()[struct.__name__]


def _expectation(*, needs_rule: bool) -> Schema:
    """An expectation: its fields, of the rules exactly one (in an overlay none if there is nothing to change)."""
    properties = {key: _value(type_) for key, type_ in TYPES.items()}
    properties["every"] = {"anyOf": [properties["every"], {"const": UNSET}]}
    properties["once"] = {"enum": [True, "true", "True", "TRUE", "yes", "Yes", "YES"]}
    needs: dict[str, Schema] = {}
    for rule, keys in RULES.items():
        for key in keys:
            needs.setdefault(key, {"anyOf": []})["anyOf"].append({"required": [rule]})
    needs["on"] = {"anyOf": [{"required": ["within"]}, {"required": ["before"]}]}
    needs["grace"] = {"required": ["every"], "not": _unset()}
    needs["set-by"] = {"required": ["every"], **_unset()}
    one_rule: list[Schema] = [{"required": [rule]} for rule in RULES]
    if not needs_rule:
        one_rule.append({"not": {"anyOf": [*one_rule]}})
    return {**closed(properties, ["id"]), "dependentSchemas": needs, "oneOf": one_rule}


def _unset() -> Schema:
    return {"properties": {"every": {"const": UNSET}}}


def _record() -> Schema:
    return {**_refined(_fields(Record)), "required": ["id"]}


def _front_matter() -> Schema:
    fields = _some_fields(name for name in written_fields(Record) if name not in records.ONLY_IN_RECORDS)
    return {"type": "object", "properties": {"evidence": _refined(_fields(Record) | {"properties": fields})}}


def _some_fields(names: Iterable[str]) -> dict[str, Schema]:
    """The fields of evidence that are named."""
    fields = _fields(Record)["properties"]
    return {name: fields[name] for name in names}


def _rules() -> Schema:
    globs = _value(tuple[str, ...])
    own: dict[str, Schema] = {
        "match": {**globs, "description": "The files it takes: * stays in a folder, ** crosses."},
        "besides": {**globs, "description": "Those of them that it does not take."},
        "date": {
            "anyOf": [{"enum": [dating.value for dating in Dating]}, {"$ref": "#/$defs/day"}],
            "description": "Where their dates come from: their names, or git; or a day for all of them.",
        },
        "name-pattern": {**_value(str), "description": "How a name states the date: scan-{day}{month}{year}."},
        "first": {"const": "counts", "description": "With git: the commit that first brought a file in counts."},
    }
    rule = _refined(closed(own | _some_fields(rules.GIVEN), ["match"]))
    rule["dependentSchemas"] = {
        "name-pattern": _with("date", Dating.NAME.value),
        "first": _with("date", Dating.GIT.value),
    }
    listed = {"type": "array", "items": {"$ref": "#/$defs/rule"}}
    return {**closed({"rules": listed}, ["rules"]), "$defs": {"rule": rule}}


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
    control = _fields(Control)["properties"]
    changed = {
        "id": {**_value(str), "description": "The control of the catalogue."},
        **{key: control[key] for key in overlays.WORDING},
        "expects": {"type": "array", "items": {"$ref": "#/$defs/changed-expectation"}},
        "related": control["related"],
    }
    properties = {
        "overlay": _value(StandardName),
        "controls": {"type": "array", "items": {"$ref": "#/$defs/changed-control"}},
        "profiles": {"type": "array", "items": _value(Profile)},
    }
    return {
        **closed(properties, ["overlay"]),
        "anyOf": [{"required": ["controls"]}, {"required": ["profiles"]}],
        "$defs": {
            "changed-control": closed(changed, ["id"]),
            "changed-expectation": _fields(Expectation) | _expectation(needs_rule=False),
        },
    }


def _configuration() -> Schema:
    properties = {
        "format": {"const": configuration.FORMAT},
        **{key: _value(type_) for key, type_ in configuration.TOP.items()},
        "evidence": _value(configuration.EvidenceSettings),
    }
    return closed(properties, configuration.REQUIRED)


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


_SINGLE = {"string": "text", "integer": "number", "decimal": "decimal", "boolean": "flag", "date": "day"}
"""The definition of each type of value, or format of a text, that msgspec knows."""
_WRITTEN: dict[str, Schema] = {
    "text": {"type": ["string", "number", "boolean"], "pattern": r"\S"},
    "number": {"anyOf": [{"type": "integer"}, {"type": "string", "pattern": r"^\s*-?[0-9]{1,15}\s*$"}]},
    "decimal": {
        "anyOf": [{"type": "number"}, {"type": "string", "pattern": r"^\s*-?[0-9]{1,15}(?:[.][0-9]{1,9})?\s*$"}]
    },
    "flag": {"anyOf": [{"type": "boolean"}, {"type": "string", "pattern": _flag()}]},
    "day": {"type": "string", "pattern": rf"^\s*{_DAY}\s*$", "description": "A day, like 2026-09-30."},
    Duration.__name__: {
        "type": "string",
        "pattern": _duration(),
        "description": "A length of time, like 90 days, 3 months or 1 year.",
    },
    Moment.__name__: {
        "type": "string",
        "pattern": rf"^\s*{_DAY}(T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z)?\s*$",
        "description": "A time in UTC, like 2026-09-30T13:05:00Z, or a day.",
    },
    Period.__name__: {
        "type": "string",
        "pattern": rf"^\s*{_DAY}\s*/\s*{_DAY}\s*$",
        "description": "A period, like 2026-07-01/2026-09-30.",
    },
    Reference.__name__: {
        "type": "string",
        "pattern": _unnamed(WRITTEN),
        "description": "A control: standard[@version]:control[#expectation].",
    },
    StandardName.__name__: {
        "type": ["string", "integer", "boolean"],
        "pattern": _unnamed(STANDARD_WRITTEN),
        "minimum": 0,
        "description": "A standard, like pci-dss@4.0.1.",
    },
}
"""How the values are written that a file states as one text, number or truth."""
