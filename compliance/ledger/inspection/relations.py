"""Relations that lead nowhere: to a control that a standard of this workspace does not have."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from compliance.domain.ledger.ledger import Ledger
from compliance.domain.ledger.roles import Role, role_of
from compliance.domain.standards.catalogue import walk
from compliance.domain.terms.references import Reference
from compliance.problems import Problem, Severity, choice_hint
from compliance.store.text.located import Text

_MANY = 2_000
"""Among more controls than this no near one is looked for."""


def inspect_relations(ledger: Ledger, paths: Iterable[str], fetch: Callable[[str], bytes]) -> Iterator[Problem]:
    """A warning for each, where it is written: it counts for nothing, and nobody would ever see that.

    Of a standard that is not in the workspace nothing is known, so nothing is said.
    """
    ids = {catalogue.name: {node.control.id for node in walk(catalogue)} for catalogue in ledger.catalogues}

    def lost(to: Reference) -> bool:
        versions = [ids[name] for name in ids if name.id == to.standard and to.version in {"", name.version}]
        return bool(versions) and all(to.control not in controls for controls in versions)

    lost_targets = {
        relation.to
        for catalogue in ledger.catalogues
        for node in walk(catalogue)
        for relation in node.control.related
        if lost(relation.to)
    }
    if not lost_targets:
        return
    roles = {Role.CATALOGUE, Role.OVERLAY}
    for path in sorted(path for path in paths if role_of(path, ledger.settings.roots) in roles):
        source = Text(path, fetch(path).decode("utf-8", "replace").removeprefix("\ufeff"))
        for to in sorted(lost_targets):
            written = re.search(rf"(?<![\w.@:-]){re.escape(str(to))}(?![\w.(-])", source.text)
            if written:
                control_ids = {id_ for name, ids_ in ids.items() if name.id == to.standard for id_ in ids_}
                near = sorted(control_ids) if len(control_ids) < _MANY else ()
                hint = choice_hint(to.control, near, otherwise=f"see: compliance standards show {to.standard}")
                sentence = f"the relation leads nowhere: {to.standard} has no control {to.control}"
                yield source.problem(source.place_at(written.start()), sentence, hint, Severity.WARNING)
