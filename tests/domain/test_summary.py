"""Counts and percentages, profiles, and what every report prints about itself."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.domain.assessment.assessment import ControlAssessment, Summary, summarise, total
from compliance.domain.due.standing import highest_marking, stand
from compliance.domain.standards.catalogue import Condition, Relation, RelationType, in_profile, walk
from compliance.domain.terms.durations import parse_duration
from compliance.domain.terms.references import Reference, parse_standard
from compliance.domain.terms.verdicts import Verdict
from compliance.domain.terms.vocabulary import Basis, Need
from compliance.reports.gaps.view import counts
from compliance.reports.parts.wording import gaps_counted, left_out, percent

from ..builders.ledgers import (
    TODAY,
    assessment,
    catalogue,
    control,
    day,
    expects,
    finding,
    piece,
    scope,
    soa,
    statement,
    use,
    world,
)


def test_a_gap_is_required_where_the_standard_asks_for_what_is_lacking_or_a_register_gives_a_reason():
    wanted = [
        control("1", expects(need=Need.REQUIRED), expects("once", "more", "test")),
        control("2", expects(), expects("once", "more", "test")),
        control("3", expects()),
        control("4", expects(need=Need.REQUIRED, basis=Basis.ADVICE), expects("once", "more", "test")),
        control("5", expects(need=Need.REQUIRED)),
    ]
    filed = [piece(f"E-{number}", controls=f"std:{number}") for number in (3, 5)]
    standard = assessment(world(catalogue(*wanted), *filed, finding("std:3"))).standards[0]
    assert [each.id for each in standard.controls if each.is_gap] == ["1", "2", "3", "4"]
    assert [each.id for each in standard.controls if each.is_required_gap] == ["1", "3"]
    assert (standard.summary.gap_count, standard.summary.required) == (4, 2)
    assert gaps_counted(standard.summary) == "4 gaps, 2 of them required"
    filed.append(piece("E-1", controls="std:1"))
    standard = assessment(world(catalogue(*wanted), *filed)).standards[0]
    assert (gaps_counted(standard.summary), total([standard.summary] * 2).required) == (
        "3 gaps, none of them required",
        0,
    )


def test_a_scope_that_has_ended_is_in_no_total_though_it_is_asked_for_alone():
    standard = catalogue(control("1"))
    old, new = scope("old", end=day("2026-05-31")), scope("new")
    ledger = world(standard, new, old)
    both = stand(ledger, (new, old), frozenset(), day(TODAY), day(TODAY), parse_duration("6 months"))
    assert (both.total.controls, both.total.gap_count, both.figures.gaps) == (1, 1, 1)
    old_ended = "old ended on 2026-05-31: judged as it stood then, and its controls are in no total"
    assert left_out(both) == (old_ended,)
    alone = stand(ledger, (old,), frozenset(), day(TODAY), day(TODAY), parse_duration("6 months"))
    assert (alone.total.gap_count, left_out(alone)) == (0, (old_ended,))
    before = stand(ledger, (new, old), frozenset(), day("2026-05-31"), day(TODAY), parse_duration("6 months"))
    assert (before.total.gap_count, left_out(before)) == (2, ())


MIXED = catalogue(
    control("1"),
    control("2"),
    control("3", expects("each year")),
    control("4"),
    control("5"),
    control("6", excludable=True),
    control("7", asked_if=Condition(question="1", answer="Yes")),
    control("8", expects(), expects(id="tips", kinds="scan", basis="advice")),
)
PIECES = (
    piece("E-1", controls="std:1 std:8"),
    piece("E-2", "2025-12-10", controls="std:2"),
    piece("E-3", "2025-06-01", controls="std:3"),
    piece("E-4", "2025-01-01", controls="std:4"),
)
OUT = soa(statement("6", applies=False, reason="no"))


def summary(*things):
    return assessment(world(MIXED, *PIECES, OUT, *things)).standards[0].summary


def test_controls_are_counted_once_each_by_how_they_stand():
    found = summary()
    assert found == Summary(
        controls=8,
        excluded=1,
        not_asked=1,
        evidenced=2,
        lapsing=1,
        due=1,
        gaps={"missing": 1, "stale": 1},
        advice=1,
    )
    assert (found.judged, found.gap_count) == (6, 2)


def test_the_percentage_is_of_evidenced_lapsing_and_due_in_what_is_judged_rounded_down():
    assert summary().percent == 66  # four of six
    assert Summary(controls=200, evidenced=199, gaps={"stale": 1}).percent == 99
    assert Summary(controls=200, evidenced=200).percent == 100


def test_where_nothing_is_judged_there_is_no_percentage():
    assert Summary(controls=2, excluded=1, not_asked=1).percent is None
    assert Summary().percent is None


def test_a_control_that_is_a_gap_by_judgement_is_counted_as_such():
    assert summary(finding("std:1")).gaps == {"missing": 1, "open-major": 1, "stale": 1}


@given(st.integers(0, 400), st.integers(0, 400), st.integers(0, 400), st.integers(0, 400), st.integers(0, 400))
def test_a_gap_is_never_rounded_away(evidenced, lapsing, due, excluded, gaps):
    found = Summary(
        controls=evidenced + lapsing + due + excluded + gaps,
        excluded=excluded,
        evidenced=evidenced,
        lapsing=lapsing,
        due=due,
        gaps={"stale": gaps},
    )
    assert (found.percent is None) == (found.judged == 0)
    assert found.percent is None or (found.percent == 100) == (gaps == 0)


def test_several_standards_add_up():
    one = Summary(controls=3, evidenced=2, gaps={"stale": 1}, advice=1)
    other = Summary(controls=4, excluded=1, lapsing=1, gaps={"missing": 1, "stale": 1})
    assert total([one, other]) == Summary(
        controls=7, excluded=1, evidenced=2, lapsing=1, gaps={"missing": 1, "stale": 2}, advice=1, standards=2
    )
    assert total([]) == Summary()


def test_the_gaps_of_an_assessment_are_named_with_their_standard():
    gaps = [(standard.short, one.id) for standard, one in assessment(world(MIXED, *PIECES, OUT)).gaps()]
    assert gaps == [("STD", "4"), ("STD", "5")]


def test_controls_come_in_the_standards_order_parents_before_children():
    tree = catalogue(
        control("1", controls=(control("1.1", controls=(control("1.1.1"),)), control("1.2"))), control("2")
    )
    assert [(node.control.id, node.depth, node.parents) for node in walk(tree)] == [
        ("1", 0, ()),
        ("1.1", 1, ("1",)),
        ("1.1.1", 2, ("1", "1.1")),
        ("1.2", 1, ("1",)),
        ("2", 0, ()),
    ]


@pytest.mark.parametrize(
    ("profiles", "chosen", "applies"),
    [
        (None, (), True),
        (None, ("saq-a",), True),
        ((), (), False),
        ((), ("saq-a",), False),
        (("saq-a",), (), True),
        (("saq-a",), ("saq-a", "saq-c"), True),
        (("saq-a",), ("saq-c",), False),
    ],
)
def test_a_control_applies_under_the_profiles_that_bring_it_in(profiles, chosen, applies):
    assert in_profile(control("1", profiles=profiles), chosen) is applies


def test_superseded_rows_and_headings_are_not_judged():
    rows = catalogue(control("1", profiles=(), superseded_by="2"), control("2"), control("3", assessable=False))
    assert [one.id for one in assessment(world(rows)).standards[0].controls] == ["2"]


MARKINGS = ("PUBLIC", "OFFICIAL", "OFFICIAL-SENSITIVE")


def marked(*classifications):
    return highest_marking([piece(classification=one) for one in classifications], MARKINGS)


def test_a_report_carries_the_highest_marking_of_what_it_shows():
    assert marked("PUBLIC", "OFFICIAL-SENSITIVE", "", "OFFICIAL") == "OFFICIAL-SENSITIVE"
    assert marked("", "") == marked() == ""


def test_a_marking_that_the_workspace_does_not_list_outranks_all_it_lists():
    assert marked("OFFICIAL-SENSITIVE", "SECRET", "COSMIC", "BRONZE") == "SECRET"


def stood(*things, standards=(), on=TODAY):
    ledger = world(*things)
    names = frozenset(parse_standard(one) for one in standards)
    return stand(ledger, ledger.settings.scopes, names, day(on), day(TODAY), parse_duration("6 months"))


def test_every_report_says_its_commit_day_scopes_catalogues_and_marking():
    shown = piece("E-1", "2026-02-01", classification="OFFICIAL")
    replaced = piece("E-2", "2025-01-01", classification="OFFICIAL-SENSITIVE", controls="std:9")
    found = stood(catalogue(), shown, replaced, on="2027-01-01").provenance
    assert (found.commit, found.commit_day) == ("0" * 40, day(TODAY))
    assert (found.on, found.known) == (day("2027-01-01"), day(TODAY))
    assert (found.scopes, found.catalogues, found.classification) == (("corporate",), ("std@1",), "OFFICIAL")


def test_a_report_on_some_standards_shows_those_alone():
    two = (catalogue(), catalogue(id="pay"), piece("E-1", "2026-02-01", controls="std:1 pay:1"))
    everything, one = stood(*two), stood(*two, standards=("pay@1",))
    assert [str(standard.standard) for standard in everything.assessments[0].standards] == ["std@1", "pay@1"]
    assert [str(standard.standard) for standard in one.assessments[0].standards] == ["pay@1"]
    assert (everything.total.controls, one.total.controls) == (2, 1)
    assert [due.controls for due in one.renewals] == [("pay:1",)]


def test_a_report_on_some_scopes_shows_what_falls_due_there_alone():
    scopes = (scope(), scope("cardholder"))
    item = piece(on="2026-02-01", scope=("corporate", "cardholder"))
    ledger = world(*scopes, item)
    found = stand(ledger, scopes[:1], frozenset(), day(TODAY), day(TODAY), parse_duration("6 months"))
    assert {due.scope for due in found.renewals} == {"corporate"}


def test_an_assessment_names_the_standard_and_what_is_said_of_its_wording():
    noted = catalogue(notice="Reconstructed conditions: check against your issued copy")
    found = assessment(world(noted, use())).standards[0]
    assert (str(found.standard), found.title, found.short) == ("std@1", "Standard std", "STD")
    assert found.notice.startswith("Reconstructed conditions")


def test_a_control_stands_under_every_word_that_is_true_of_it():
    two = catalogue(control("1", expects("once", "scan", "scan"), expects("once", "test", "test")))
    failed = piece("E-1", "2026-02-01", kind="scan", result="fail")
    (found,) = assessment(world(two, failed)).standards[0].controls
    assert (found.standing, found.standings) == ("failed", {"missing", "failed"})


def test_an_exclusion_without_a_reason_does_not_count():
    annex = catalogue(control("1", expects("once"), excludable=True))
    (found,) = assessment(world(annex, soa(statement(applies=False)))).standards[0].controls
    assert (found.flag, found.standing) == (None, "missing")


def test_one_standard_is_judged_as_it_is_among_all():
    """Also where a control rests on another standard's evidence, which is then not judged itself."""
    related = Relation(to=Reference("std", "1"), type=RelationType.EQUAL)
    other = catalogue(control("9", expects(), related=(related,)), id="other")
    ledger = world(MIXED, other, *PIECES, OUT)
    narrowed, whole = (
        stand(
            ledger,
            ledger.settings.scopes,
            frozenset(parse_standard(name) for name in names),
            day(TODAY),
            day(TODAY),
            parse_duration("12 months"),
        )
        for names in (("other@1",), ())
    )
    assert len(whole.assessments[0].standards) == 2
    assert narrowed.assessments[0].standards == (whole.assessments[0].standards[1],)
    assert narrowed.assessments[0].standards[0].controls[0].verdict is Verdict.EVIDENCED
    assert {name for due in narrowed.renewals for name in due.standards} == {"other@1"}


def test_an_answer_that_fails_the_whole_stands_in_place_of_the_percentage():
    """Also among many that comply."""
    fine = ControlAssessment(id="A6.3", title="Supported", verdict=Verdict.EVIDENCED)
    fails = ControlAssessment(id="A6.4", title="Updates", verdict=Verdict.FAILED, decisive=True)
    summary = summarise((fine, fails))
    assert (summary.gaps, summary.percent) == ({"failed": 1}, None)
    assert summary.withheld == "fails the whole assessment: A6.4"
    assert percent(summary) == "fails"
    assert counts(summary).percent is None
    assert counts(summary).withheld == "fails the whole assessment: A6.4"


def test_percentages_of_different_standards_are_not_pooled():
    """The counts are added up, the percentage is not."""
    both = total([Summary(controls=4, evidenced=4), Summary(controls=2, gaps={"missing": 2})])
    assert (both.controls, both.evidenced, both.gap_count, both.percent) == (6, 4, 2, None)
    assert both.withheld == "percentages of different standards are not pooled"
    assert percent(both) == "–"
    assert total([Summary(controls=4, evidenced=3, gaps={"missing": 1})]).percent == 75
