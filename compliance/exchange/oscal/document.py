"""OSCAL documents in JSON: their envelope, and the shape of what is in them made sure of before it is used."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from compliance.exchange.imported import Skipped
from compliance.exchange.oscal.model import MODELS
from compliance.exchange.reading import fault_at, json_of
from compliance.exchange.shapes import Path, misfit
from compliance.problems import Location, refuse, with_article

Node = dict[str, Any]
"""A group of fields of the document."""

READ = ((1, 0), (1, 1), (1, 2))
"""The versions of OSCAL that are known."""

_NO_STANDARDS = ("component-definition", "system-security-plan", "assessment-plan", "mapping-collection")
"""Kinds of document of OSCAL's that hold no controls of a standard."""


def document_of(data: bytes, file: str, kind: str) -> Node:
    """The root of a document of a kind: `catalog` or `profile`.

    Raises Refused, located, for what is not JSON, for another document, and for fields of another shape than OSCAL's.
    """
    document = json_of(data, file, numbers_as_text=True)
    if not isinstance(document, dict) or not isinstance(document.get(kind), dict):
        raise _other(data, file, kind, document)
    root: Node = document[kind]
    other = misfit(root, MODELS[kind], (kind,))
    if other:
        sentence, hint = f"“{other.path[-1]}” is not {other.wanted}", "look at how OSCAL writes it, or export it again"
        raise fault_at(data, file, other.path, sentence, hint)
    return root


def _other(data: bytes, file: str, kind: str, document: Any) -> Exception:
    other = next((name for name in (*MODELS, *_NO_STANDARDS) if isinstance(document, dict) and name in document), kind)
    if other in _NO_STANDARDS:
        sentence, hint = f"holds an OSCAL {other}, which is no standard", "export its catalog or profile"
        return refuse(sentence, location=Location(file), hint=hint)
    if other != kind:
        sentence, hint = f"holds an OSCAL {other}, not {with_article(kind)}", f"import it with: --from oscal-{other}"
        return refuse(sentence, location=Location(file), hint=hint)
    sentence = f"is no OSCAL {kind}: it does not begin with “{kind}”"
    return fault_at(data, file, (), sentence, "look at what it was exported as")


def version_doubts(root: Node) -> Iterator[Skipped]:
    """What to say of a version of OSCAL that is not known."""
    stated = root.get("metadata", {}).get("oscal-version", "")
    version = re.match(r"(\d+)\.(\d+)", stated)
    if not version:
        yield Skipped("the version of OSCAL", "the document does not say it: read as 1.2")
    elif (int(version[1]), int(version[2])) not in READ:
        yield Skipped(f"what is particular to OSCAL {stated}", "1.0 to 1.2 are known: read as 1.2")


def prop(node: Node, name: str) -> str:
    """The value of a property: of several with the name the one without a class, else the first."""
    props = [entry for entry in node.get("props", ()) if entry.get("name") == name and "value" in entry]
    plain = [entry for entry in props if not entry.get("class")]
    value: str = (plain or props or [{"value": ""}])[0]["value"]
    return value


def controls_of(root: Node, path: Path = ("catalog",)) -> Iterator[tuple[Node, Path, str, int]]:
    """Every group and control: the node, where it lies, `group` or `control`, and its depth from 1; parents first."""

    def below(node: Node, way: Path, depth: int) -> Iterator[tuple[Node, Path, str, int]]:
        for key, kind in (("groups", "group"), ("controls", "control")):
            for at, child in enumerate(node.get(key, ())):
                here = (*way, key, at)
                yield child, here, kind, depth
                yield from below(child, here, depth + 1)

    yield from below(root, path, 1)


def as_lines(value: Any, indent: str = "") -> list[str]:
    """Anything of a document as lines for people, its texts word for word."""
    if isinstance(value, dict):
        lines = []
        for key, below in value.items():
            if isinstance(below, dict | list):
                lines += [f"{indent}{key}:", *as_lines(below, f"{indent}  ")]
            else:
                lines.append(f"{indent}{key}: {below}")
        return lines
    if isinstance(value, list):
        return [line for item in value for line in _item(item, indent)]
    return [f"{indent}{value}"]


def _item(item: Any, indent: str) -> list[str]:
    inner = as_lines(item, f"{indent}  ")
    return [f"{indent}- {inner[0].lstrip()}", *inner[1:]] if inner else []
