"""Figures month by month: which are lacking, which are late, which miss their target."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.domain.registers.measures import (
    Direction,
    Measure,
    TargetState,
    lacking,
    latest,
    misses_in_a_row,
    overdue,
    target_state,
)
from compliance.domain.registers.parts.series import Point
from compliance.domain.terms.durations import Duration
from compliance.domain.terms.periods import Slot, name_of
from compliance.store.records.series_text import parse_series, parse_slot, render_series


def measure(**more: object) -> Measure:
    return Measure(**{"id": "M-1", "title": "Patches", "unit": "days", "since": date(2026, 1, 1), **more})


def points(**figures: str) -> tuple[Point, ...]:
    return tuple(Point(parse_slot(slot[1:].replace("_", "-")), Decimal(value)) for slot, value in figures.items())


def names(slots: object) -> list[str]:
    return [name_of(slot) for slot in slots]


def test_a_figure_is_due_a_while_after_its_slot_has_ended():
    held = measure(within=Duration(1))
    assert names(lacking(held, (), date(2026, 1, 31))) == []
    assert names(lacking(held, (), date(2026, 2, 1))) == ["2026-01"]
    assert names(overdue(held, (), date(2026, 2, 28))) == []
    assert names(overdue(held, (), date(2026, 3, 1))) == ["2026-01"]


@pytest.mark.parametrize(
    ("each", "since", "expected"),
    [
        (Slot.MONTH, "2026-02-15", ["2026-02", "2026-03", "2026-04", "2026-05", "2026-06"]),
        (Slot.QUARTER, "2026-02-15", ["2026-Q1", "2026-Q2"]),
        (Slot.HALF_YEAR, "2026-02-15", ["2026-H1"]),
        (Slot.YEAR, "2025-07-01", ["2025"]),
    ],
)
def test_the_first_slot_is_the_one_that_it_began_in(each, since, expected):
    held = measure(each=each, since=date.fromisoformat(since))
    assert names(lacking(held, (), date(2026, 7, 1))) == expected


def test_the_target_is_on_the_side_of_its_direction():
    at_least = measure(target=Decimal("95"), direction=Direction.AT_LEAST)
    at_most = measure(target=Decimal("14"), direction=Direction.AT_MOST)
    assert [at_least.meets(Decimal(one)) for one in ("94.9", "95", "95.1")] == [False, True, True]
    assert [at_most.meets(Decimal(one)) for one in ("13.9", "14", "14.1")] == [True, True, False]
    assert measure().meets(Decimal("-1"))


def test_misses_are_counted_back_from_the_newest():
    held = measure(target=Decimal("14"), direction=Direction.AT_MOST)
    series = points(m2026_01="20", m2026_02="10", m2026_03="15", m2026_04="16")
    assert misses_in_a_row(held, series) == 2
    assert misses_in_a_row(held, series[:2]) == 0
    assert latest(series, date(2026, 4, 29)) == series[2]


@given(st.dictionaries(st.tuples(st.integers(1, 9998), st.integers(1, 12)), st.decimals(-999, 999, places=3)))
def test_a_series_reads_back_as_it_was_written(figures):
    series = tuple(
        sorted(
            (Point(parse_slot(f"{year:04}-{month:02}"), value) for (year, month), value in figures.items()),
            key=lambda point: point.slot,
        )
    )
    read = parse_series(render_series(series), "x.csv")
    assert read.problems == ()
    assert [(one.slot, one.value) for one in read.value] == [(one.slot, one.value) for one in series]


@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)), st.integers(0, 1500), st.sampled_from(list(Slot)))
def test_what_is_late_is_lacking_and_every_slot_that_ended_is_lacking_or_known(since, later, each):
    on = date.fromordinal(since.toordinal() + later)
    held = measure(since=since, each=each)
    without = lacking(held, (), on)
    assert set(overdue(held, (), on)) <= set(without)
    known = tuple(Point(slot, Decimal(1)) for slot in without[::2])
    assert set(lacking(held, known, on)) == set(without) - {point.slot for point in known}
    assert all(one.end < two.start for one, two in pairwise(without))


def test_without_a_target_or_a_figure_there_is_nothing_to_miss():
    series = points(m2026_01="20")
    assert target_state(measure(), series, date(2026, 2, 1)) is TargetState.NO_TARGET
    assert target_state(measure(target=Decimal(1)), (), date(2026, 2, 1)) is TargetState.NO_FIGURE
