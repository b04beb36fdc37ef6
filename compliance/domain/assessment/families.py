"""The families of a standard: the parts that people speak of, such as clause 9, A.8 or requirement 11."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from compliance.domain.assessment.assessment import ControlAssessment, Summary, summarise
from compliance.domain.standards.catalogue import Catalogue, walk

_DEPTH = 2
"""A standard's first groups are often its halves (clauses and annex, goals); what is below them is the family."""


class Family(msgspec.Struct, frozen=True):
    """The controls that stand together under one heading; without one (no id, no title) those that have none."""

    id: str
    title: str
    controls: tuple[ControlAssessment, ...]

    @property
    def summary(self) -> Summary:
        return summarise(self.controls)


def families(catalogue: Catalogue | None, controls: Sequence[ControlAssessment]) -> tuple[Family, ...]:
    """Parts controls by family: the group at the second level above a control, or else at the first.

    In the standard's order; a family of which no control is given is left out.
    """
    titles, above = {}, {}
    for node in walk(catalogue) if catalogue else ():
        titles[node.control.id] = node.control.title
        above[node.control.id] = node.parents[:_DEPTH][-1] if node.parents else ""
    parted: dict[str, list[ControlAssessment]] = {}
    for control in controls:
        parted.setdefault(above.get(control.id, ""), []).append(control)
    return tuple(Family(id_, titles.get(id_, ""), tuple(members)) for id_, members in parted.items())
