"""Catalogues written as OSCAL, in JSON: what OSCAL has a place for stands there, and the rest in a namespace of ours.

The same catalogue gives the same bytes: UUIDs are made from what they name (version 5), and the day of the last change,
which OSCAL wants and a catalogue does not know, is always the same.
"""

from __future__ import annotations

import json
import re
import uuid
from typing import Any

from compliance.domain.standards.catalogue import Catalogue, Control, Relation, walk
from compliance.exchange.oscal.document import Node
from compliance.exchange.oscal.fields import NAMESPACE, is_value, with_own_fields
from compliance.store.catalogues.catalogue_text import plain_catalogue

OSCAL = "1.1.2"
FORMAT = "1"
ABOUT = "about-this-catalogue"
_UNDATED = "1970-01-01T00:00:00Z"
_NAMES = uuid.uuid5(uuid.NAMESPACE_URL, NAMESPACE)
_NOT_TOKEN = re.compile(r"[^\w.-]+")
_NATIVE = frozenset(("title", "version", "controls"))


def document_of_catalogue(catalogue: Catalogue) -> bytes:
    """The catalogue as an OSCAL document."""
    plain = plain_catalogue(catalogue)
    tokens = _tokens(catalogue)
    about = {key: value for key, value in plain.items() if key not in _NATIVE}
    flat = {key: value for key, value in about.items() if isinstance(value, str) and is_value(value)}
    party = str(uuid.uuid5(_NAMES, f"party {catalogue.publisher}"))
    metadata: Node = {
        "title": catalogue.title,
        "last-modified": _UNDATED,
        "version": catalogue.version,
        "oscal-version": OSCAL,
        **with_own_fields({}, {"format": FORMAT, **flat}),
        "roles": [{"id": "publisher", "title": "Publisher"}],
        "parties": [{"uuid": party, "type": "organization", "name": catalogue.publisher}],
        "responsible-parties": [{"role-id": "publisher", "party-uuids": [party]}],
    }
    rest = {key: value for key, value in about.items() if key not in flat}
    body = _children(catalogue.controls, plain.get("controls", []), tokens, catalogue.id, under_control=False)
    if rest:
        group = {"id": _free(ABOUT, set(tokens.values())), "class": ABOUT, "title": "Scheme and defaults"}
        body["groups"] = [*body.get("groups", ()), with_own_fields(group, rest)]
    content = json.dumps([metadata, body], ensure_ascii=False, sort_keys=True)
    document = {"catalog": {"uuid": str(uuid.uuid5(_NAMES, content)), "metadata": metadata, **body}}
    return (json.dumps(document, indent=1, ensure_ascii=False) + "\n").encode()


def _children(
    controls: tuple[Control, ...],
    plains: list[dict[str, Any]],
    tokens: dict[str, str],
    standard: str,
    under_control: bool,
) -> Node:
    """Headings as groups and the rest as controls.

    Below a control OSCAL has controls alone, and below a group one of the two: where headings and controls stand side
    by side, a heading is written as a control and says that it is none.
    """
    as_groups = not under_control and not any(control.assessable for control in controls)
    nodes = [
        _node(control, plain, tokens, standard, as_groups) for control, plain in zip(controls, plains, strict=True)
    ]
    return {"groups" if as_groups else "controls": nodes} if nodes else {}


def _node(control: Control, plain: dict[str, Any], tokens: dict[str, str], standard: str, as_group: bool) -> Node:
    token = tokens[control.id]
    node: Node = {"id": token, "title": control.title}
    rest = {key: value for key, value in plain.items() if key not in {"title", "controls", "summary", "assessable"}}
    if is_value(control.id):
        node["props"] = [{"name": "label", "value": control.id}]
        del rest["id"]
    if control.assessable is as_group:
        rest["assessable"] = control.assessable
    links = [link for relation in control.related for link in _link(relation, tokens, standard)]
    if control.superseded_by in tokens and not control.assessable:
        node["props"] = [*node.get("props", ()), {"name": "status", "value": "withdrawn"}]
        links.append({"href": f"#{tokens[control.superseded_by]}", "rel": "incorporated-into"})
    if links:
        node["links"] = links
    if control.summary:
        node["parts"] = [{"id": f"{token}_smt", "name": "statement", "prose": control.summary}]
    node = with_own_fields(node, rest)
    return node | _children(control.controls, plain.get("controls", []), tokens, standard, not as_group)


def _link(relation: Relation, tokens: dict[str, str], standard: str) -> list[Node]:
    """A link for other programs, where the other control is in the same document."""
    token = tokens.get(relation.to.control)
    return [{"href": f"#{token}", "rel": "related"}] if relation.to.standard == standard and token else []


def _tokens(catalogue: Catalogue) -> dict[str, str]:
    """An OSCAL id for each control, as NIST writes them: `ac-2.1` for AC-2(1)."""
    tokens: dict[str, str] = {}
    taken: set[str] = set()
    for node in walk(catalogue):
        name = _NOT_TOKEN.sub("_", re.sub(r"\((\w+)\)", r".\1", node.control.id.casefold())).strip("_") or "control"
        token = _free(name if name[0].isalpha() else f"c-{name}", taken)
        taken |= {token, f"{token}_smt"}
        tokens[node.control.id] = token
    return tokens


def _free(name: str, taken: set[str]) -> str:
    """The name, or where it is taken, the name with the first number from 2 that makes it free."""
    if name not in taken:
        return name
    return next(candidate for number in range(2, len(taken) + 3) if (candidate := f"{name}-{number}") not in taken)
