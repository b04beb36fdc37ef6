"""`map.yaml` read: rules that give many files what a record would."""

from __future__ import annotations

import re
from typing import Any

import msgspec

from compliance.domain.ledger.records import Record
from compliance.domain.ledger.rules import Dating, MappingRule, glob_pattern, name_pattern
from compliance.domain.terms.vocabulary import Result
from compliance.problems import sentence_and_hint
from compliance.store.records.records import check_values
from compliance.store.text.decoding import UNREADABLE, decoder_of, parse_day, report_fields, report_unknown
from compliance.store.text.located import Mapping, Node, Scalar, Sequence, Text
from compliance.store.text.parsed import Parsed
from compliance.store.text.yaml_text import read_yaml_file

GIVEN = (
    "title", "kind", "result", "period", "valid-from", "valid-until", "controls", "also", "scope", "per", "owner",
    "classification", "source", "retain-until", "note",
)  # fmt: skip
_PASSES = {Result.PASS, Result.CONDITIONAL}
OWN = ("match", "besides", "date", "name-pattern", "first")


def parse_rules(data: bytes, file: str) -> Parsed[tuple[MappingRule, ...]]:
    """The rules of a `map.yaml`, in order."""
    node, source = read_yaml_file(data, file)
    rules = tuple(rule for item in _listed(node, source) if (rule := _rule(item, source)))
    return Parsed(None if source.problems else rules, tuple(source.problems))


def _listed(node: Node | None, source: Text) -> tuple[Node, ...]:
    if node is None:
        return ()
    if not isinstance(node, Mapping) or "rules" not in node.entries:
        source.report(node.place, "has no list of rules", "begin the file with “rules:”, and put “- ” before each rule")
        return ()
    report_unknown(node, ("rules",), source)
    listed = node.entries["rules"].value
    if not isinstance(listed, Sequence):
        source.report(listed.place, "“rules” is not a list", "put “- ” before each rule")
        return ()
    return listed.items


def _rule(node: Node, source: Text) -> MappingRule | None:
    if not isinstance(node, Mapping):
        source.report(node.place, "is not a rule", 'write it like {match: "scans/**/*.pdf", kind: scan, controls: […]}')
        return None
    if not report_fields(node, (*OWN, *GIVEN), ("match",), source):
        return None
    fields = Mapping({key: entry for key, entry in node.entries.items() if key in GIVEN}, node.place)
    says = decoder_of(Record)(fields, source)
    values: dict[str, Any] = {}
    for key in ("match", "besides"):
        if key in node.entries:
            values[key] = decoder_of(tuple[str, ...])(node.entries[key].value, source)
    if UNREADABLE in values.values() or says is UNREADABLE:
        return None
    for key, globs in values.items():
        for glob in globs:
            if glob.startswith("/") or {".", ".."} & set(glob.split("/")):
                hint = "write it as seen from the folder of this file, without a leading “/”, “./” or “../”"
                source.report(node.entries[key].value.place, f"“{glob}” leaves the rule's folder", hint)
            glob_pattern(glob)
    check_values(says, node, source)
    if says.result in _PASSES and _takes_many(values["match"]):
        hint = "remove the line, and say it in a record beside each file; or in a rule whose “match” names one file"
        sentence = "a rule for many files cannot say that each of them passed"
        source.report(node.entries["result"].value.place, sentence, hint)
    dating, says = _dating(node, says, source)
    return MappingRule(
        says=says,
        dating=dating,
        name_pattern=_pattern(node, dating, source),
        first_counts=_first(node, dating, source),
        line=node.place.line,
        **values,
    )


def _takes_many(globs: tuple[str, ...]) -> bool:
    """Whether globs may take more than one file."""
    return len(globs) > 1 or any(re.search(r"[*?[]", glob) for glob in globs)


def _dating(node: Mapping, says: Record, source: Text) -> tuple[Dating | None, Record]:
    entry = node.entries.get("date")
    if entry is None:
        return None, says
    text = entry.value.text if isinstance(entry.value, Scalar) else ""
    if text in {Dating.NAME.value, Dating.GIT.value}:
        return Dating(text), says
    try:
        day = parse_day(text)
    except ValueError as error:
        sentence, hint = sentence_and_hint(error)
        if hint.startswith("write"):
            hint = f"{hint}, or “name” (the date in the file's name), or “git” (its history)"
        source.report(entry.value.place, sentence, hint)
        return None, says
    return None, msgspec.structs.replace(says, date=day)


def _pattern(node: Mapping, dating: Dating | None, source: Text) -> str:
    entry = node.entries.get("name-pattern")
    if entry is None:
        return ""
    text = entry.value.text if isinstance(entry.value, Scalar) else ""
    if dating is not Dating.NAME:
        source.report(entry.key, "“name-pattern” goes only with “date: name”", "add that, or remove this line")
    try:
        name_pattern(text)
    except ValueError as error:
        sentence, hint = sentence_and_hint(error)
        source.report(entry.value.place, sentence, hint or "write it like scan-{day}{month}{year}")
    return text


def _first(node: Mapping, dating: Dating | None, source: Text) -> bool:
    entry = node.entries.get("first")
    if entry is None:
        return False
    text = entry.value.text if isinstance(entry.value, Scalar) else ""
    if text != "counts":
        source.report(
            entry.value.place, "“first” takes the value “counts”", "write “first: counts”, or remove the line"
        )
    elif dating is not Dating.GIT:
        source.report(entry.key, "“first” goes only with “date: git”", "add that, or remove this line")
    return True
