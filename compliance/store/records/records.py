"""Evidence records, front matter, rules and registers read from YAML; new records written."""

from __future__ import annotations

import datetime as dt
import functools
import re
from collections.abc import Mapping as Mappings
from typing import Any, TypeVar

import msgspec
import yaml

from compliance.domain.ledger.records import Evidence, Record
from compliance.domain.terms.identifiers import EVIDENCE, identifier_of_path, is_identifier, token_of
from compliance.domain.terms.moments import Moment
from compliance.problems import choice_hint, refuse
from compliance.store.text.decoding import written_fields
from compliance.store.text.located import Mapping, Text
from compliance.store.text.parsed import Parsed, parse_node, parse_yaml
from compliance.store.text.yaml_text import read_yaml_file

SUFFIX = ".evidence.yaml"
SHA256 = "[0-9a-f]{64}"
_SHA256 = re.compile(SHA256)
_FENCE = re.compile(rb"\A(?:\xef\xbb\xbf)?---[ \t]*\r?\n")
_FENCE_END = re.compile(rb"^(?:---|\.\.\.)[ \t]*\r?$", re.MULTILINE)
_OURS = re.compile(rb"^evidence[ \t]*:", re.MULTILINE)
LONGEST_FRONT_MATTER = 64_000

CHAINS = ("supplier", "site", "system", "merchant", "event")
"""What `per:` may name: the chains that an expectation asks for, and the event that a piece answers."""
ONLY_IN_RECORDS = ("id", "file", "sha256", "size", "allowed", "hold", "corrected", "decisions")
"""What front matter does not say of the file that it begins."""
_ID = "an id is E- and eight characters, such as E-7K2M9QXT"

Value = TypeVar("Value")


def parse_record(data: bytes, file: str) -> Parsed[Record]:
    """A sidecar record. Its id is checked against its file's name where the path is known (`misnamed`)."""
    return parse_yaml(data, file, Record, _check_sidecar)


def misnamed(record: Record | Evidence, path: str) -> str:
    """What is wrong with a record's file name: it must end with the id, so that ids on two branches never collide."""
    name = path.rpartition("/")[2].removesuffix(SUFFIX)
    if record.id == identifier_of_path(path.removesuffix(SUFFIX)):
        return ""  # what rules describe has its id from its path, and no name of its own
    token = token_of(record.id)
    stem = name.rpartition(".")[0]
    if name == token or name.endswith(f".{token}") or stem.endswith(f".{token}") or stem == token:
        return ""
    return f"the file's name does not end with the id {record.id}"


def parse_front_matter(data: bytes, file: str) -> Parsed[Record]:
    """The `evidence:` key of a Markdown file's front matter; no value and no problem if there is none."""
    block = front_matter(data)
    if block is None:
        return Parsed(None)
    # Front matter serves many programs: what is no evidence of ours is none of our business.
    ours = _OURS.search(block) is not None
    node, source = read_yaml_file(block, file, first_line=2)
    if not isinstance(node, Mapping) or "evidence" not in node.entries:
        return Parsed(None, tuple(source.problems) if ours and node is None else ())
    return parse_node(node.entries["evidence"].value, source, Record, _check_described)


def front_matter(data: bytes) -> bytes | None:
    """The text between the fences at a file's beginning, if it has any."""
    opening = _FENCE.match(data)
    if not opening:
        return None
    closing = _FENCE_END.search(data, opening.end(), opening.end() + LONGEST_FRONT_MATTER)
    return data[opening.end() : closing.start()] if closing else None


def _check_sidecar(record: Record, node: Mapping, source: Text) -> None:
    if not record.id:
        source.report(
            node.place, "the field “id” is missing", "an id is E- and the eight characters that end the file's name"
        )
    elif not is_identifier(record.id, EVIDENCE):
        source.report(node.entries["id"].value.place, f"“{record.id}” is not an evidence id", _ID)
    if record.file and (record.file.startswith("/") or {"", ".", ".."} & set(record.file.split("/"))):
        hint = "name it as it is called beside this record"
        source.report(node.entries["file"].value.place, f"“{record.file}” is no file in the record's folder", hint)
    check_values(record, node, source)


def _check_described(record: Record, node: Mapping, source: Text) -> None:
    for field in ONLY_IN_RECORDS:
        if field in node.entries:
            sentence = f"“{field}” belongs in a record beside the file, not in its front matter"
            source.report(node.entries[field].key, sentence, "remove the line")
    check_values(record, node, source)


def check_values(record: Record, node: Mapping, source: Text) -> None:
    """Reports what the types cannot tell of what a record, front matter or a rule says."""

    def wrong(field: str, sentence: str, hint: str) -> None:
        source.report(node.entries[field].value.place, sentence, hint)

    if record.valid_from and record.valid_until and record.valid_until < record.valid_from:
        wrong(
            "valid-until",
            f"is valid until {record.valid_until}, a day before it is valid from",
            "correct one of the two days",
        )
    if record.supersedes and not is_identifier(record.supersedes, EVIDENCE):
        wrong("supersedes", f"“{record.supersedes}” is not an evidence id", _ID)
    if record.supersedes and record.supersedes == record.id:
        wrong("supersedes", "supersedes itself", "name the evidence that it replaces, or remove the line")
    if record.sha256 and not _SHA256.fullmatch(record.sha256):
        wrong("sha256", "is not a SHA-256: that is 64 digits from 0 to f", "work it out with: sha256sum FILE")
    if record.allowed and not _SHA256.fullmatch(record.allowed.sha256):
        wrong("allowed", "does not name the bytes that it is for by their SHA-256", "work it out with: sha256sum FILE")
    if record.allowed and not record.allowed.reason.strip():
        wrong("allowed", "does not say why the secret may be there", "give the reason, or remove “allowed”")
    if record.size is not None and record.size < 0:
        wrong("size", "is less than nothing", "a size is a number of bytes")
    for chain in record.per or ():
        if chain not in CHAINS:
            wrong("per", f"“{chain}” is not what evidence is kept for each of", choice_hint(chain, CHAINS))


def render_record(record: msgspec.Struct) -> bytes:
    """A record as YAML, keys in their order, empty ones left out."""
    return render_yaml(plain_of(record))


@functools.singledispatch
def plain_of(value: Any) -> Any:
    """A struct as the plain mapping that its YAML spells, but for a type whose own spelling is registered."""
    if isinstance(value, msgspec.Struct) and not type(value).__struct_config__.array_like:
        return {
            key: plain_of(getattr(value, field.name))
            for key, field in _fields(type(value)).items()
            if not _is_default(field, getattr(value, field.name))
        }
    if isinstance(value, tuple | list):
        return [plain_of(item) for item in value]
    if isinstance(value, dict):
        return {key: plain_of(item) for key, item in value.items()}
    if hasattr(value, "value"):
        return value.value
    return value if isinstance(value, str | int | bool | dt.date | Moment) else str(value)


@functools.cache
def _fields(type_: type[msgspec.Struct]) -> dict[str, msgspec.structs.FieldInfo]:
    """The fields of a struct that are written, by key; msgspec works them out anew each time it is asked."""
    return written_fields(type_)


def _is_default(field: Any, value: Any) -> bool:
    """Whether a field says nothing: an empty list says something where a missing one means that others may speak."""
    if value is None or field.required:
        return value is None
    return bool(value == (field.default_factory() if field.default is msgspec.NODEFAULT else field.default))


def render_yaml(plain: Mappings[str, Any], *, as_rows: bool = False) -> bytes:
    """A mapping as YAML text: short lists on one line, texts quoted only where YAML needs it.

    A few short fields stand on one line as well, within braces; `as_rows` gives each field a line of its own.
    """
    node = plain_node(plain)
    if as_rows:
        node.flow_style = False
    return yaml.serialize(node, Dumper=_DUMPER, allow_unicode=True, width=110, encoding="utf-8")


_DUMPER: type[Any] = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


def plain_node(value: Any, inside_list: bool = False) -> Any:
    """A plain value as the node that is serialised. Raises Refused for text that is no UTF-8."""
    if isinstance(value, dict):
        pairs = [(_key(key), plain_node(below)) for key, below in value.items()]
        small = bool(pairs) and all(isinstance(below, yaml.ScalarNode) for _, below in pairs)
        brief = small and inside_list is False and sum(len(key.value) + len(below.value) for key, below in pairs) < 90
        return yaml.MappingNode("tag:yaml.org,2002:map", pairs, flow_style=brief and value.keys() <= _BRIEF)
    if isinstance(value, list):
        items = [plain_node(item, inside_list=True) for item in value]
        # In a list on one line the emitter would quote every control for its colon.
        flow = all(isinstance(item, yaml.ScalarNode) and ":" not in item.value for item in items)
        return yaml.SequenceNode("tag:yaml.org,2002:seq", items, flow_style=flow)
    if isinstance(value, bool):
        return yaml.ScalarNode("tag:yaml.org,2002:bool", "true" if value else "false")
    if isinstance(value, int | dt.date | Moment):
        text = str(value)
        return yaml.ScalarNode(f"tag:yaml.org,2002:{'int' if isinstance(value, int) else 'timestamp'}", text)
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        raise refuse(
            f"“{value}” is not UTF-8 text", hint="type it anew: a character in it was damaged on the way"
        ) from None
    return yaml.ScalarNode("tag:yaml.org,2002:str", value)


def _key(name: str) -> yaml.Node:
    # YAML 1.1 takes a bare `on` for a truth value, and its emitter would quote it; as a key it is text everywhere.
    return yaml.ScalarNode("tag:yaml.org,2002:bool" if name == "on" else "tag:yaml.org,2002:str", name)


_BRIEF = {
    "by",
    "on",
    "reason",
    "as",
    "supplier",
    "site",
    "system",
    "merchant",
    "event",
    "authority",
    "location",
    "held-by",
}
