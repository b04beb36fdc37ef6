"""Evidence that serves across a relation: in which direction, by which types, and what it never does."""

from __future__ import annotations

import pytest

from compliance.domain.assessment.assess import Assessor
from compliance.domain.assessment.consideration import explain
from compliance.domain.standards.catalogue import Control, Relation, RelationType
from compliance.domain.terms.references import Reference

from ..builders.ledgers import (
    HORIZON,
    TODAY,
    altered,
    approved,
    catalogue,
    control,
    day,
    expects,
    judged,
    judgement,
    piece,
    review,
    scope,
    use,
    verdict,
    withdrawn,
    world,
)

OWN = {"basis": "organisation"}


def to(target="wide:9", type="subset", source="ours"):  # noqa: A002
    standard, _, id_ = target.partition(":")
    return Relation(to=Reference(standard, id_), type=RelationType(type), source=source)


def wide(*wanted, **more):
    """The other standard, whose control evidence is filed for."""
    return catalogue(control("9", *wanted, **more), id="wide")


def narrow(type="subset", *wanted, **more):  # noqa: A002
    """The standard judged: its control 1 lies so to wide:9."""
    return catalogue(control("1", *(wanted or (expects(**OWN),)), related=(to(type=type),), **more))


FILED = piece(controls="wide:9")


@pytest.mark.parametrize(
    ("type", "served"),
    [("equal", "evidenced"), ("subset", "evidenced"), ("superset", "missing"), ("intersects", "missing")],
)
def test_only_what_lies_within_is_served_by_default(type, served):  # noqa: A002
    assert verdict(world(narrow(type), wide(), FILED)) == served


def test_the_reason_names_the_control_the_relation_and_whose_judgement_it_is():
    found = judgement(world(narrow(), wide(), FILED))
    assert found.reason == "dated 2026-09-30; fresh through 2027-09-30; via wide:9 (subset, ours)"
    assert (found.via, found.evidence) == ("wide:9 (subset, ours)", "E-1")
    assert judgement(world(narrow("equal"), wide(), FILED)).via == "wide:9 (equal, ours)"


def test_a_relation_stated_at_the_other_end_is_read_from_this_one():
    holder = wide(related=(to("std:1", "superset"),))
    assert verdict(world(catalogue(control("1", expects(**OWN))), holder, FILED)) == "evidenced"


@pytest.mark.parametrize("type", ["superset", "intersects"])
def test_a_weaker_relation_counts_where_it_is_asked_for_and_is_marked(type):  # noqa: A002
    accepting = altered(use("std@1"), across=(RelationType.SUBSET, RelationType(type)))
    found = judgement(world(narrow(type), wide(), FILED, accepting, use("wide@1")))
    assert (found.verdict.value, found.via) == ("evidenced", f"wide:9 (across {type}, ours)")


def test_an_organisation_may_count_nothing_across():
    assert verdict(world(narrow("equal"), wide(), FILED, altered(use("std@1"), across=()), use("wide@1"))) == "missing"


def test_what_is_mandated_is_served_by_an_equal_control_alone():
    wanted = expects(basis="mandated")
    assert verdict(world(narrow("subset", wanted), wide(), FILED)) == "missing"
    assert verdict(world(narrow("equal", wanted), wide(), FILED)) == "evidenced"


def test_the_kind_must_be_wanted_here_and_there():
    scans = expects(kinds="scan", **OWN)
    assert verdict(world(narrow("subset", scans), wide(), FILED)) == "missing"
    assert (
        verdict(
            world(
                narrow("subset", scans),
                wide(),
                altered(FILED, kind=piece(kind="scan").kind, result=piece(kind="scan").result),
            )
        )
        == "evidenced"
    )
    assert verdict(world(narrow("subset"), wide(scans), FILED)) == "missing"  # it proves nothing of wide:9 either


def test_a_piece_for_one_expectation_speaks_for_a_part_and_goes_across_equal_alone():
    two, part = (expects(id="all"), expects(id="some")), piece(controls="wide:9#some")
    assert verdict(world(narrow("subset"), wide(*two), part)) == "missing"
    assert judgement(world(narrow("equal"), wide(*two), part)).via == "wide:9#some (equal, ours)"
    assert judgement(world(narrow("subset"), wide(*two), piece(controls="wide:9#some wide:9"))).via == (
        "wide:9 (subset, ours)"
    )


def test_of_several_ways_across_the_strongest_is_named():
    other = catalogue(control("5"), id="also")
    held = catalogue(control("1", expects(**OWN), related=(to(type="subset"), to("also:5", "equal"))))
    both = piece(controls="wide:9 also:5")
    assert judgement(world(held, wide(), other, both)).via == "also:5 (equal, ours)"
    narrowed = altered(use("std@1"), across=(RelationType.SUBSET,))
    used = (narrowed, use("wide@1"), use("also@1"))
    assert judgement(world(held, wide(), other, both, *used)).via == "wide:9 (subset, ours)"


def test_it_is_judged_by_the_rule_of_the_control_it_is_carried_to():
    assert verdict(world(narrow("subset", expects("max-age 1 month", **OWN)), wide(), FILED)) == "stale"


def test_one_relation_only():
    middle = catalogue(control("9", related=(to("far:5", "subset"),)), id="wide")
    far = catalogue(control("5"), id="far")
    assert verdict(world(narrow("equal"), middle, far, piece(controls="far:5"))) == "missing"


@pytest.mark.parametrize("type", ["equal", "subset"])
def test_what_was_judged_of_a_heading_serves_none_of_the_controls_below_it(type):  # noqa: A002
    heading = Control(id="0", title="Heading", related=(to(type=type),), controls=(control("1", expects(**OWN)),))
    assert verdict(world(catalogue(heading), wide(), FILED)) == "missing"


def test_both_standards_must_be_in_use_in_the_scope():
    both = (scope("corporate"), scope("payments"))
    elsewhere = altered(use("wide@1"), scopes=("payments",))
    assert verdict(world(narrow(), wide(), FILED, use("std@1"), elsewhere, *both)) == "missing"
    assert verdict(world(narrow(), wide(), FILED, use("std@1"))) == "missing"


def test_evidence_of_another_scope_serves_nobody_here():
    both = (scope("corporate"), scope("payments"))
    assert verdict(world(narrow(), wide(), altered(FILED, scope=("payments",)), *both)) == "missing"


def test_its_own_evidence_wins_where_it_does_as_well():
    own = piece("E-2", on="2026-03-01")
    found = judgement(world(narrow(), wide(), FILED, own))
    assert (found.evidence, found.via) == ("E-2", "")


def test_it_mends_what_is_stale_and_never_makes_anything_worse():
    stale = piece("E-2", on="2024-03-01")
    assert judgement(world(narrow(), wide(), FILED, stale)).evidence == "E-1"
    bad = altered(FILED, result=piece(result="fail").result)
    assert verdict(world(narrow(), wide(), bad, piece("E-2", on="2026-03-01"))) == "evidenced"


def test_a_fail_is_answered_by_evidence_of_its_own_alone():
    bad = piece("E-2", on="2026-09-01", result="fail")
    assert verdict(world(narrow("equal"), wide(), altered(FILED, result=piece(result="pass").result), bad)) == "failed"


def test_of_carried_results_a_later_fail_overtakes_the_pass():
    good, bad = (
        piece(f"E-{day_}", on=f"2026-09-0{day_}", controls="wide:9", result=result)
        for day_, result in ((1, "pass"), (2, "fail"))
    )
    assert verdict(world(narrow(), wide(), good)) == "evidenced"
    found = judgement(world(narrow(), wide(), good, bad))
    assert (found.verdict.value, found.via) == ("missing", "")  # it only ever helps: a fail there fails nothing here


def test_what_is_mapped_to_the_control_itself_is_not_carried_to_it_as_well():
    """Somebody said for which expectation it is: it does not come back for the other one."""
    two = (expects(id="policy", **OWN), expects(id="review", **OWN))
    both = altered(FILED, controls=piece(controls="wide:9 std:1#policy").controls)
    standing = {
        one.id: one.judgement.verdict.value for one in judged(world(narrow("subset", *two), wide(), both)).expectations
    }
    assert standing == {"policy": "evidenced", "review": "missing"}


def test_withdrawn_evidence_serves_nobody():
    assert verdict(world(narrow(), wide(), altered(FILED, withdrawn=withdrawn("2026-10-01")))) == "missing"


def test_review_is_of_what_it_is_mapped_to_and_carrying_changes_no_stamp():
    catalogues = narrow(), wide()
    assert verdict(world(*catalogues, FILED, review("report"))) == "unapproved"
    agreed = approved(FILED, wide())  # by somebody who never saw the other standard
    assert verdict(world(*catalogues, agreed, review("report"))) == "evidenced"
    revised = altered(catalogues[0].controls[0], revision=2)
    assert verdict(world(catalogue(revised), wide(), agreed, review("report"))) == "evidenced"
    assert (
        verdict(world(narrow(), catalogue(control("9", revision=2), id="wide"), agreed, review("report"))) == "changed"
    )


def test_a_series_may_be_filled_up_from_elsewhere_and_says_so():
    quarters = expects("each quarter over 6 months", **OWN)
    own = [piece("E-2", on="2026-08-01"), piece("E-3", on="2026-10-05")]
    other = piece("E-1", on="2026-05-05", controls="wide:9")
    ledger = world(narrow("subset", quarters), wide(), *own)
    assert verdict(ledger) == "missed"
    found = judgement(world(narrow("subset", quarters), wide(), *own, other))
    assert (found.verdict.value, found.via) == ("evidenced", "wide:9 (subset, ours)")


def test_explained_with_what_counts_across_and_what_does_not():
    ledger = world(narrow("subset", expects(id="own", **OWN), expects(id="theirs", basis="mandated")), wide(), FILED)
    here = ledger.settings.scopes[0]
    (used, held), _ = ledger.in_use(here)
    assessor = Assessor(ledger, day(TODAY), day(TODAY), HORIZON)
    own, theirs = explain(assessor, assessor.applied(here, used, held), held.controls[0])
    assert [one.evidence.id for one in own.candidates] == ["E-1"]
    assert own.across["E-1"] == own.judgement.via == "wide:9 (subset, ours)"
    assert theirs.candidates == ()
    assert [one.why for one in theirs.dismissed] == [
        "is filed for wide:9 (subset, ours); what the standard mandates is served by an equal control alone"
    ]
