"""The pictures of the HTML reports: what they show is there, in proportion, and on its day."""

from __future__ import annotations

import re
from datetime import date, timedelta

import msgspec
import pytest

from compliance.domain.assessment.assessment import Summary
from compliance.domain.due.registers import DUE_KINDS
from compliance.domain.due.standing import stand
from compliance.domain.ledger.ledger import Ledger
from compliance.domain.ledger.settings import Scope, Settings
from compliance.domain.registers.accreditations import STEP
from compliance.domain.registers.parts.dues import Due
from compliance.domain.registers.parts.registry import REASON_KINDS
from compliance.domain.terms.durations import Duration
from compliance.domain.terms.verdicts import Flag, Verdict
from compliance.problems import Refused
from compliance.reports.parts.charts import PICTURES, bar, quoted, shares
from compliance.reports.parts.shapes import SHAPES, outline
from compliance.reports.renewals.axis import Axis
from compliance.reports.renewals.timeline import Lane, by_month, timeline, written

TODAY = date(2026, 11, 2)


def due(day: date, subject: str = "") -> Due:
    return Due(due=day, kind=STEP, what="Plan", todo="Write it", scope="town", subject=subject)


@pytest.mark.parametrize("counts", [[1], [3, 0, 1], [9999, 1, 0, 1], [0, 0, 500, 1], [1, 1, 1, 1]])
def test_shares_fill_the_bar_and_hide_nothing(counts: list[int]) -> None:
    widths = shares(counts)
    assert sum(widths) == pytest.approx(100)
    assert all((width >= 1.5) == bool(count) for width, count in zip(widths, counts, strict=True))


def test_shares_of_nothing() -> None:
    assert shares([0, 0]) == [0, 0]


def test_a_bar_says_what_it_shows() -> None:
    summary = Summary(controls=12, excluded=2, evidenced=5, lapsing=2, due=2, gaps={"stale": 1})
    drawn = bar(summary)
    assert drawn.label == "5 evidenced, 2 lapsing, 2 due, 1 gap"
    assert [(part.word, part.x, part.width) for part in drawn.segments] == [
        ("evidenced", 0, 50),
        ("lapsing", 50, 20),
        ("due", 70, 20),
        ("gap", 90, pytest.approx(10)),
    ]
    assert bar(Summary(controls=2, excluded=2)).label == "nothing is judged"


def test_each_word_has_a_shape() -> None:
    words = [one.value for kind in (Verdict, Flag, REASON_KINDS, DUE_KINDS) for one in kind]
    assert set(words) <= set(SHAPES)
    verdicts = [SHAPES[verdict.value] for verdict in Verdict]
    assert len(set(verdicts)) == len(verdicts)
    assert outline("stale") == SHAPES["stale"]
    with pytest.raises(Refused, match="there is no shape “of a word that nobody knows”"):
        outline("of a word that nobody knows")


def test_a_css_string_cannot_be_ended_from_within() -> None:
    assert re.fullmatch(r'"(\\[0-9a-f]{6})*"', quoted('";} </style>\n\u202e' + "W" * 5000))
    assert len(quoted("W" * 5000)) < 1200


def test_months_with_the_overdue_first() -> None:
    days = [date(2027, 1, 9), date(2026, 11, 1), TODAY, date(2026, 11, 30), date(2025, 1, 1)]
    groups = by_month([due(day) for day in days], TODAY)
    assert [(group.key, group.title, [str(one.due) for one in group.renewals]) for group in groups] == [
        ("overdue", "Overdue", ["2025-01-01", "2026-11-01"]),
        ("2026-11", "November 2026", ["2026-11-02", "2026-11-30"]),
        ("2027-01", "January 2027", ["2027-01-09"]),
    ]
    assert written(date(2026, 11, 6)) == "6 November 2026"


def test_days_lie_along_the_line_in_order() -> None:
    axis = Axis.over([date(2026, 10, 1), date(2027, 10, 14)], TODAY)
    assert (axis.first, axis.last) == (TODAY, date(2027, 10, 31))
    assert axis.edges(axis.first, axis.last) == pytest.approx((axis.lead, 100))
    assert [start for start, _ in axis.bins] == [
        TODAY,
        *(date(2026, 12, 1),),
        *(date(2027, n, 1) for n in range(1, 11)),
    ]
    places = [axis.x(TODAY + timedelta(days=days)) for days in range(364)]
    assert places == sorted(places)
    assert axis.lead < places[0]
    assert places[-1] < 100


def lane(*renewals: Due) -> Lane:
    settings = Settings(organisation="Thornmere", scopes=(Scope(id="town"),))
    ledger = Ledger(commit="a" * 40, day=TODAY, settings=settings)
    found = stand(ledger, settings.scopes, frozenset(), TODAY, TODAY, Duration(12))
    drawn = timeline(msgspec.structs.replace(found, renewals=renewals))
    assert drawn
    return drawn.lanes[0]


def test_many_of_one_kind_on_one_day_are_one_mark_with_a_number() -> None:
    drawn = lane(*[due(date(2027, 1, 31), subject=f"S-{number}") for number in range(20)], due(date(2026, 10, 1)))
    assert drawn.note == "1 overdue, 20 to come"
    assert [(mark.kind, mark.count) for mark in drawn.marks] == [("step", 20)]
    assert "2027-01-31 step ×20" in drawn.label


def test_marks_that_would_touch_stand_above_one_another_up_to_a_height() -> None:
    apart = lane(due(TODAY), due(date(2027, 5, 1)))
    close = lane(due(TODAY), due(TODAY + timedelta(days=1)), due(date(2027, 5, 1)))
    crowd = lane(*[due(TODAY + timedelta(days=days)) for days in range(90)], due(date(2029, 5, 1)))
    heights = [drawn.height for drawn in (apart, close, crowd)]
    assert heights[0] < heights[1] < heights[2] < 150
    assert len(crowd.marks) == 91


def test_no_room_is_kept_for_what_is_not_overdue() -> None:
    assert Axis.over([TODAY], TODAY).lead == 0


@pytest.mark.parametrize("last", [date(2026, 11, 2), date(2029, 1, 1), date(2126, 11, 2), date.max])
def test_a_line_of_any_length_is_divided_without_gaps(last: date) -> None:
    axis = Axis.over([last], TODAY)
    assert axis.bins[0][0] == TODAY
    assert axis.bins[-1][1] == axis.last
    assert all(
        after[0] == before[1] + timedelta(days=1) for before, after in zip(axis.bins, axis.bins[1:], strict=False)
    )


def test_templates_are_given_functions_alone() -> None:
    assert all(callable(one) and not isinstance(one, type) for one in PICTURES.values())
    with pytest.raises(TypeError, match="does not support item assignment"):
        PICTURES["more"] = print  # type: ignore[index]
