"""What `gaps --explain` shows on a terminal: its lines, one for many pieces of which the same is told."""

from __future__ import annotations

from datetime import timedelta

import pytest

from compliance.domain.assessment.assess import Assessor
from compliance.domain.assessment.consideration import explain
from compliance.reports.gaps.explanation import as_text

from ..builders.ledgers import TODAY, catalogue, control, day, expects, piece, rejected, review, scope, world


def explained(*things) -> str:
    """The text for the one control of a ledger, in its first scope, on wide lines."""
    ledger = world(catalogue(control("1", expects("max-age 12 months", "policy"))), *things)
    assessor = Assessor(ledger, day(TODAY), day(TODAY), timedelta(0))
    within = ledger.settings.scopes[0]
    ((standard_in_use, standard),) = ledger.in_use(within)
    applied = assessor.applied(within, standard_in_use, standard)
    assessed = assessor.assess(within).standards[0].controls[0]
    return as_text(standard, standard.controls[0], assessed, explain(assessor, applied, standard.controls[0]), "a", 300)


@pytest.mark.parametrize(("count", "lines"), [(2, 2), (3, 1), (9, 1)])
def test_pieces_of_another_scope_have_a_line_each_while_they_are_few(count: int, lines: int):
    others = [piece(f"E-{number}", scope="b") for number in range(1, count + 1)]
    told = [line for line in explained(scope("a"), scope("b"), *others).splitlines() if "of another scope" in line]
    assert len(told) == lines
    if lines == 1:
        ids = ", ".join(f"E-{number}" for number in range(1, count + 1))
        assert told == [f"    - {ids}: each is of another scope: b"]


def test_a_rejected_piece_is_told_so_once_and_is_marked_as_serving_nothing():
    (told,) = [line for line in explained(rejected(piece("E-1")), review("report")).splitlines() if "E-1" in line][-1:]
    assert told.startswith("    - E-1 ")
    assert told.count("rejected") == 1
