"""Requirement mapping sets of CISO Assistant as relations between controls.

The source's words are equal, subset, superset and intersect, which mean what ours mean; anything else (such as “not
related”) is no relation. A URN names a framework and a node in the library's own way: which standard of ours is meant
is worked out against the catalogues that are there, or said by the user.
"""

from __future__ import annotations

from collections.abc import Mapping as Mappings

from compliance.domain.terms.references import Reference, StandardName, parse_standard
from compliance.exchange.drafts import id_from, slug_from
from compliance.exchange.imported import Skipped
from compliance.exchange.options import Options
from compliance.exchange.yaml_source import field, mappings, word
from compliance.problems import choice_hint, refuse, sentence_and_hint
from compliance.store.text.located import Mapping

_WORDS = {"equal": "equal", "subset": "subset", "superset": "superset", "intersect": "intersects"}
_REVERSED = {"equal": "equal", "subset": "superset", "superset": "subset", "intersects": "intersects"}
SIDES = ("source", "target")

Relations = tuple[tuple[Reference, Reference, str], ...]


def read_mappings(
    sets: tuple[Mapping, ...], options: Options, references: Mappings[str, Reference]
) -> tuple[Relations, tuple[Skipped, ...], tuple[str, ...]]:
    """Each mapping of the sets once: from, to and its type in our words; what is none, and why; and notes.

    A set and its reverse say the same twice: of two sets between the same frameworks the first is taken. `references`
    are the controls of the library's own framework by their URNs, in small letters: a relation begins there, and is
    turned round where the source has it the other way. `options.columns` says which standards are meant by `source` and
    `target`.
    """
    for side in options.columns:
        if side not in SIDES:
            raise refuse(f"a mapping has no “{side}”", hint=choice_hint(side, SIDES))
    standards = {side: _standard(text) for side, text in options.columns.items()}
    kinds: dict[tuple[Reference, Reference], str] = {}
    skipped: list[Skipped] = []
    notes: list[str] = []
    read_pairs: set[tuple[str, str]] = set()
    for mapping_set in sets:
        frameworks = [word(mapping_set, f"{side}_framework_urn") for side in SIDES]
        if (frameworks[1], frameworks[0]) in read_pairs:
            notes.append(
                f"The set {word(mapping_set, 'ref_id') or word(mapping_set, 'urn')} says the same the other way round."
            )
            continue
        read_pairs.add((frameworks[0], frameworks[1]))
        for row in mappings(field(mapping_set, "requirement_mappings")):
            urns = [word(row, f"{side}_requirement_urn") for side in SIDES]
            kind = _WORDS.get(word(row, "relationship").casefold())
            if not all(urns) or kind is None:
                why = f"“{word(row, 'relationship')}” is no relation" if all(urns) else "names one requirement alone"
                skipped.append(Skipped(" → ".join(_last_part(urn) or "nothing" for urn in urns), why))
                continue
            start, to = (
                references.get(urn.casefold()) or _reference(urn, framework, standards.get(side))
                for urn, framework, side in zip(urns, frameworks, SIDES, strict=True)
            )
            if urns[1].casefold() in references and urns[0].casefold() not in references:
                start, to, kind = to, start, _REVERSED[kind]
            kinds.setdefault((start, to), kind)
    return tuple((start, to, kind) for (start, to), kind in kinds.items()), tuple(skipped), tuple(notes)


def _standard(text: str) -> StandardName:
    try:
        return parse_standard(text)
    except ValueError as error:
        sentence, hint = sentence_and_hint(error)
        raise refuse(sentence, hint=hint) from None


def _last_part(urn: str) -> str:
    return urn.rpartition(":")[2]


def _reference(urn: str, framework: str, standard: StandardName | None) -> Reference:
    """The control that the URN of a requirement means: of the standard that the user says, if any.

    Else `urn:…:req_node:FRAMEWORK:NODE` names its framework itself, and a shorter one is of the mapping's framework.
    """
    parts = urn.split(":")
    named = parts[-2] if len(parts) > 2 else _last_part(framework)
    control = id_from(parts[-1]) or "unnamed"
    if standard:
        return Reference(standard.id, control, standard.version)
    return Reference(slug_from(named) or "unnamed", control)
