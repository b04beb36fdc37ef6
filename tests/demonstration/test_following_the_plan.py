"""The demonstration's plan, followed to the letter: nothing that it promises to close is open on its day."""

from __future__ import annotations

from datetime import date

from compliance.cli.workspace.replay import DemoBuilt
from compliance.domain.planning.planning import plan
from compliance.domain.planning.scheduling import Task
from compliance.ledger.opening import open_ledger, open_workspace

from ..builders.following import following, gaps_on_deadlines

TODAY = date(2026, 11, 30)


def test_what_the_plan_closes_stays_closed(demo: DemoBuilt):
    ledger = open_ledger(open_workspace(demo.directory))
    proposed = plan(ledger, ledger.settings.scopes, frozenset(), TODAY, None)
    closed = {gap for step in proposed.pieces for gap in step.closes}
    answers = {gap for step in proposed.pieces if step.task is Task.ANSWER for gap in step.closes}
    likely = {gap for step in proposed.pieces for gap in step.likely} - closed
    remaining = {
        (gap.scope, f"{gap.control.standard}:{gap.control.control}") for gap in (*answers, *likely, *proposed.beyond)
    }
    done = following(ledger, proposed, TODAY)
    reopened = [gap for gap in gaps_on_deadlines(done, TODAY) if (gap[1], gap[2].partition("#")[0]) not in remaining]
    assert reopened == []
    again = plan(done, done.settings.scopes, frozenset(), TODAY, None)
    assert {gap for step in again.pieces for gap in step.closes} <= answers | likely
    assert len(closed) > 150
