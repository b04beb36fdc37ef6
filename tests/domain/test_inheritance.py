"""Controls that another scope or an external provider meets."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.domain.assessment.assess import Assessor
from compliance.domain.due.renewals import renewals
from compliance.domain.registers.providers import Assurance, Provider, Reliance, assured_until, matrix_look, reliance
from compliance.domain.terms.durations import Duration
from compliance.domain.terms.verdicts import Flag
from compliance.domain.terms.vocabulary import Basis, Result

from ..builders.ledgers import (
    HORIZON,
    TODAY,
    altered,
    assessment,
    catalogue,
    control,
    day,
    expects,
    finding,
    inherits,
    judged,
    judgement,
    piece,
    rejected,
    review,
    scope,
    soa,
    statement,
    use,
    verdict,
    withdrawn,
    world,
)

COUNCILS = (scope("shared-ict"), scope("nether"), scope("upper"))
FROM_SHARED = soa(statement(inherits=inherits(scope="shared-ict")), scope="nether")


def shared(*things, statements=FROM_SHARED):
    return world(*COUNCILS, statements, *things)


def test_an_inherited_control_carries_the_providing_scopes_verdict():
    found = judged(shared(piece(on="2025-01-01")), at="nether")
    assert (found.flag, found.verdict.value, found.note) == (Flag.INHERITED, "stale", "met by shared-ict")
    assert judgement(shared(piece(on="2025-01-01")), at="nether").reason == (
        "in shared-ict: Piece E-1: dated 2025-01-01; older than 12 months since 2026-01-02"
    )
    assert judged(shared(piece()), at="nether").verdict.value == "evidenced"
    assert judged(shared(), at="nether").standing == "missing"


def test_an_inherited_control_counts_and_is_judged_like_any_other():
    found = judged(shared(), at="nether")
    assert (found.counts, found.is_gap) == (True, True)
    assert [(one.id, one.rule, one.binding, one.basis) for one in found.expectations] == [
        ("inherited:proof", "no older than 12 months", True, Basis.MANDATED)
    ]


def test_what_the_scope_retains_is_named_and_judged_there():
    both = catalogue(control("1", expects(id="scan", kinds="scan"), expects(id="joiners", kinds="record")))
    how = inherits(scope="shared-ict", retains=("joiners",))
    statements = soa(statement(inherits=how), scope="nether")
    provided = [piece("E-1", kind="scan"), piece("E-2", kind="record")]
    ledger = shared(both, *provided, statements=statements)
    found = judged(ledger, at="nether")
    assert found.note == "met by shared-ict; retained here: joiners"
    assert [(one.id, one.judgement.verdict.value) for one in found.expectations] == [
        ("inherited:scan", "evidenced"),
        ("inherited:joiners", "evidenced"),
        ("joiners", "missing"),
    ]
    own = piece("E-3", kind="record", scope=("nether",))
    assert verdict(shared(both, *provided, own, statements=statements), at="nether") == "evidenced"


def test_the_note_says_in_words_what_is_retained():
    how = inherits(scope="shared-ict", retains=("proof",), note="leavers are told by us")
    ledger = shared(piece(), statements=soa(statement(inherits=how), scope="nether"))
    assert judged(ledger, at="nether").note == "met by shared-ict; retained here: leavers are told by us"


def test_clauses_that_are_never_inherited_are_judged_in_the_scope_itself():
    strict = catalogue(control("4", assessable=False, inheritable=False, controls=(control("1"),)))
    found = judged(shared(strict, piece()), at="nether")
    assert (found.flag, found.standing) == (None, "missing")


def test_a_reason_added_in_the_providing_scope_is_carried_over():
    found = judged(shared(piece(), finding(scope=("shared-ict",))), at="nether")
    assert (found.verdict.value, found.standing) == ("evidenced", "open-major")
    assert found.reasons[0].sentence == "in shared-ict: F-1, open since 2026-06-01: Logs are not read"


def test_a_control_that_does_not_apply_where_it_should_come_from_is_missing():
    open_to_exclusion = catalogue(control("1", excludable=True))
    out = soa(statement(applies=False, reason="no"), scope="shared-ict")
    found = judged(shared(open_to_exclusion, out), at="nether")
    assert (found.verdict.value, found.expectations[0].judgement.reason) == (
        "missing",
        "the control does not apply in shared-ict",
    )


def test_a_control_outside_the_providing_scopes_profile_is_missing():
    profiled = catalogue(control("1", profiles=("full",)))
    uses = (use(scopes=("shared-ict",), profiles=("small",)), use(scopes=("nether",), profiles=("full",)))
    assert judgement(shared(profiled, *uses), at="nether").reason == "the control does not apply in shared-ict"


@pytest.mark.parametrize("named", ["nowhere", "upper"])
def test_a_scope_that_is_not_judged_by_the_standard_gives_nothing(named):
    statements = soa(statement(inherits=inherits(scope=named)), scope="nether")
    ledger = shared(piece(), use(scopes=("nether", "shared-ict")), statements=statements)
    found = judgement(ledger, at="nether")
    assert (found.verdict.value, found.reason) == ("missing", f"{named} is not judged by std@1")


def test_a_control_of_the_providing_scope_that_only_advises_carries_its_verdict():
    advice = catalogue(control("1", expects(basis="advice")))
    found = judged(shared(advice), at="nether").expectations[0]
    assert (found.judgement.verdict.value, found.judgement.reason) == ("evidenced", "in shared-ict: evidenced")
    assert found.basis is Basis.ORGANISATION


def test_inheriting_in_a_chain_carries_the_last_scopes_verdict():
    further = soa(statement(inherits=inherits(scope="nether")), scope="upper")
    ledger = shared(further, piece())
    assert verdict(ledger, at="upper") == "evidenced"
    assert judgement(ledger, at="upper").reason.startswith("in nether: in shared-ict: Piece E-1: dated 2026-09-30")


def test_a_control_inherited_in_a_circle_is_missing_and_the_answer_is_the_same_whoever_is_asked_first():
    back = soa(statement(inherits=inherits(scope="nether")), scope="shared-ict")
    beside = soa(statement(inherits=inherits(scope="nether")), scope="upper")
    ledger = shared(back, beside, piece())
    alone = {one.id: judgement(ledger, at=one.id) for one in COUNCILS}
    circle = "it is inherited in a circle: nether, shared-ict"
    assert alone["nether"].reason == alone["shared-ict"].reason == circle
    assert alone["upper"].reason == f"in nether: {circle}"
    for order in (COUNCILS, COUNCILS[::-1]):
        assessor = Assessor(ledger, day(TODAY), day(TODAY), HORIZON)
        together = {one.id: assessor.assess(one).standards[0].controls[0] for one in order}
        assert {name: one.expectations[0].judgement for name, one in together.items()} == alone


def test_a_scope_that_inherits_from_itself_is_missing():
    own = soa(statement(inherits=inherits(scope="nether")), scope="nether")
    assert judgement(shared(statements=own), at="nether").reason == "it is inherited in a circle: nether"


def test_two_scopes_may_inherit_different_controls_from_each_other():
    two = catalogue(control("1"), control("2"))
    there = soa(statement("2", inherits=inherits(scope="nether")), scope="shared-ict")
    ledger = shared(two, there, piece("E-1"), piece("E-2", controls="std:2", scope=("nether",)))
    for order in (COUNCILS, COUNCILS[::-1]):
        assessor = Assessor(ledger, day(TODAY), day(TODAY), HORIZON)
        together = {one.id: assessor.assess(one).standards[0].controls for one in order}
        assert [one.verdict.value for one in together["nether"]] == ["evidenced", "evidenced"]
        assert [one.verdict.value for one in together["shared-ict"]] == ["evidenced", "evidenced"]


HOSTING = Provider(
    id="acme",
    name="Acme Hosting",
    assurances=(Assurance(evidence="E-C", services=("hosting",)), Assurance(evidence="E-D", services=("mail",))),
    matrix="E-M",
)
CERTIFICATE = piece("E-C", "2026-03-01", kind="certificate", controls="", title="ISO 27001 certificate")
MATRIX = piece("E-M", "2026-01-15", kind="register", controls="")


def carried(*things, service="hosting", **more):
    how = inherits(provider="acme", service=service, **more)
    ledger = world(soa(statement(inherits=how)), *things)
    return judged(ledger)


def outcome(*things, **more):
    found = carried(*things, **more)
    return found.verdict.value, found.expectations[0].judgement.reason


def test_an_external_provider_needs_a_certificate_that_covers_the_service_in_date_and_a_responsibility_matrix():
    found = carried(HOSTING, CERTIFICATE, MATRIX, retains=("proof",))
    assert found.note == "met by Acme Hosting; retained here: proof"
    assert [one.judgement.verdict.value for one in found.expectations] == ["evidenced", "missing"]
    assert outcome(HOSTING, CERTIFICATE, MATRIX) == (
        "evidenced",
        "ISO 27001 certificate of Acme Hosting: dated 2026-03-01; fresh through 2027-03-01; "
        "responsibility matrix of 2026-01-15",
    )


def test_a_provider_that_is_not_on_record_is_missing():
    assert outcome() == ("missing", "there is no provider acme")


def test_a_certificate_that_does_not_cover_the_service_does_not_count():
    uncovered = ("missing", "no certificate or attestation of Acme Hosting covers backup; assured: hosting, mail")
    assert outcome(HOSTING, CERTIFICATE, MATRIX, service="backup") == uncovered
    assert outcome(HOSTING, CERTIFICATE, MATRIX, service="mail")[0] == "missing"
    assert outcome(HOSTING, MATRIX)[0] == "missing"
    assert outcome(HOSTING, MATRIX, service="")[1] == (
        "no certificate or attestation of Acme Hosting covers the service; assured: hosting, mail"
    )


def test_an_inheritance_that_names_no_service_takes_the_best_certificate():
    mail = piece("E-D", "2025-01-01", kind="certificate", controls="")
    assert outcome(HOSTING, CERTIFICATE, mail, MATRIX, service="")[0] == "evidenced"


def test_without_a_responsibility_matrix_nothing_is_carried():
    assert outcome(HOSTING, CERTIFICATE) == ("missing", "no responsibility matrix with Acme Hosting is filed")
    assert outcome(altered(HOSTING, matrix=""), CERTIFICATE)[0] == "missing"
    old = altered(MATRIX, withdrawn=withdrawn("2026-02-01"))
    assert outcome(HOSTING, CERTIFICATE, old)[0] == "missing"
    assert outcome(HOSTING, CERTIFICATE, rejected(MATRIX, note="not ours")) == (
        "rejected",
        "the responsibility matrix with Acme Hosting: rejected by Ben Example on 2026-10-02: not ours",
    )


@pytest.mark.parametrize(
    ("certificate", "wanted"),
    [
        (altered(CERTIFICATE, valid_until=day("2028-12-31")), "evidenced"),
        (altered(CERTIFICATE, valid_until=day("2026-12-31")), "lapsing"),
        (altered(CERTIFICATE, valid_until=day("2026-11-20")), "stale"),
        (altered(CERTIFICATE, date=day("2025-11-20")), "stale"),
        (altered(CERTIFICATE, date=day("2020-01-01"), valid_until=day("2026-11-20")), "stale"),
        (altered(CERTIFICATE, date=None), "undated"),
        (altered(CERTIFICATE, date=day("2026-12-01")), "missing"),
        (altered(CERTIFICATE, withdrawn=withdrawn("2026-10-01", "retired")), "missing"),
        (rejected(CERTIFICATE), "rejected"),
        (piece("E-C", "2026-03-01", result="fail"), "failed"),
    ],
)
def test_the_providers_certificate_is_judged_by_its_own_dates_and_a_year_if_it_prints_none(certificate, wanted):
    assert outcome(HOSTING, certificate, MATRIX)[0] == wanted


def test_the_providers_certificate_needs_review_like_any_other():
    assert outcome(HOSTING, CERTIFICATE, MATRIX, review("certificate"))[0] == "unapproved"
    assert outcome(HOSTING, altered(CERTIFICATE, date=day("2020-01-01")), MATRIX, review("certificate"))[0] == "stale"


THREE = catalogue(
    control(
        "1",
        expects(id="scan", kinds="scan"),
        expects(id="test", kinds="test"),
        expects("max-age 6 months", id="plan", kinds="plan", basis="advice"),
    )
)


def test_each_of_the_providers_expectations_is_carried_with_its_own_days_and_only_what_binds_there():
    scan, test = piece("E-1", "2025-12-24", kind="scan"), piece("E-2", "2025-11-30", kind="test")
    found = judged(shared(THREE, scan, test), at="nether")
    assert found.verdict.value == "lapsing"
    assert [(one.id, str(one.judgement.until)) for one in found.expectations] == [
        ("inherited:scan", "2026-12-24"),
        ("inherited:test", "2026-11-30"),
    ]


def test_what_is_inherited_twice_over_keeps_apart_what_each_scope_evidences():
    kept = soa(statement(inherits=inherits(scope="shared-ict", retains=("proof",))), scope="nether")
    further = soa(statement(inherits=inherits(scope="nether")), scope="upper")
    own = piece("E-2", scope=("nether",))
    found = judged(shared(further, piece(on="2025-01-01"), own, statements=kept), at="upper")
    assert [
        (one.id, one.judgement.verdict.value, one.judgement.reason.partition(" Piece")[0]) for one in found.expectations
    ] == [
        ("inherited:proof", "stale", "in nether: in shared-ict:"),
        ("inherited:nether:proof", "evidenced", "in nether:"),
    ]


def due(ledger, *scopes, on=TODAY):
    several = [assessment(ledger, on, at=one) for one in scopes]
    return [(one.what, one.todo, one.scope, str(one.due)) for one in renewals(ledger, several, day(on), Duration(12))]


def test_what_falls_due_where_a_control_comes_from_is_listed_marked_for_the_scope_that_inherits_it():
    ledger = shared(piece(on="2026-01-10"), piece("E-2", "2026-01-10", scope=("nether",), controls="std:2"))
    assert due(ledger, "nether") == [
        (
            "Piece E-1 (inherited from shared-ict)",
            "For shared-ict to do: Renew it for std:1: in shared-ict: Piece E-1: dated 2026-01-10; "
            "fresh through 2027-01-10",
            "nether",
            "2027-01-10",
        )
    ]


def test_where_both_scopes_are_asked_about_it_is_listed_once():
    found = due(shared(piece(on="2026-01-10")), "shared-ict", "nether")
    assert [(what, scope) for what, _, scope, _ in found] == [("Piece E-1", "shared-ict")]


def test_evidence_of_one_council_is_nowhere_in_the_assessment_of_another():
    secret = piece("E-SECRET", title="Break-in at the vault", scope=("upper",))
    told = str(assessment(shared(piece(), secret), at="nether"))
    assert "E-1" in told
    assert "E-SECRET" not in told
    assert "vault" not in told


def test_services_are_the_same_however_their_capitals_are_written():
    assert outcome(HOSTING, CERTIFICATE, MATRIX, service="Hosting")[0] == "evidenced"


def test_of_several_certificates_for_a_service_the_best_in_date_counts():
    both = altered(HOSTING, assurances=(*HOSTING.assurances, Assurance(evidence="E-N", services=("hosting",))))
    new = piece("E-N", "2026-10-01", kind="attestation", result="pass", controls="", title="Attestation")
    old = altered(CERTIFICATE, valid_until=day("2026-10-31"))
    assert outcome(both, old, MATRIX)[0] == "stale"
    verdict, reason = outcome(both, old, new, MATRIX)
    assert (verdict, reason.partition(":")[0]) == ("evidenced", "Attestation of Acme Hosting")


@pytest.mark.parametrize(
    ("certificate", "why"),
    [
        (
            altered(CERTIFICATE, withdrawn=withdrawn("2026-10-01")),
            "was withdrawn on 2026-10-01 as invalid: wrong server",
        ),
        (altered(CERTIFICATE, date=day("2026-12-01")), "is dated 2026-12-01, after the day judged"),
        (
            piece("E-C", kind="minutes", title="ISO 27001 certificate"),
            "is a set of minutes, and a certificate or attestation or report or reference is wanted",
        ),
    ],
)
def test_a_certificate_that_may_not_serve_says_why(certificate, why):
    assert outcome(HOSTING, certificate, MATRIX) == (
        "missing",
        f"no certificate or attestation of Acme Hosting covers hosting: ISO 27001 certificate {why}",
    )


@pytest.mark.parametrize(
    ("failed_on", "wanted"), [("2026-02-28", "evidenced"), ("2026-03-01", "failed"), ("2026-09-01", "failed")]
)
def test_a_later_fail_for_the_service_outweighs_the_certificate_before_it(failed_on, wanted):
    both = altered(HOSTING, assurances=(*HOSTING.assurances, Assurance(evidence="E-N", services=("hosting",))))
    fail = piece("E-N", failed_on, kind="attestation", result="fail", controls="", title="Attestation")
    passed = altered(CERTIFICATE, result=Result.PASS)
    verdict, reason = outcome(both, passed, fail, MATRIX)
    assert verdict == wanted
    if wanted == "failed":
        assert reason.startswith(f"Attestation of Acme Hosting: the last result, of {failed_on}, is a fail")


def test_an_attestation_of_a_service_provider_holds_a_year_and_tells_how_old_the_matrix_is():
    """PCI DSS 12.8.4 and 12.8.5: compliance looked at yearly, and written down who meets which requirement."""
    pays = Provider(
        id="acme", name="Tollhouse", assurances=(Assurance(evidence="E-A", services=("cards",)),), matrix="E-M"
    )
    aoc = piece("E-A", "2025-12-15", kind="attestation", result="pass", controls="", title="AOC")
    ledger = world(soa(statement(inherits=inherits(provider="acme", service="cards"))), pays, aoc, MATRIX)
    assert (
        judgement(ledger).reason
        == "AOC of Tollhouse: dated 2025-12-15; fresh through 2026-12-15; responsibility matrix of 2026-01-15"
    )
    assert (verdict(ledger), verdict(ledger, on="2026-12-16")) == ("lapsing", "stale")
    assert sorted((day, what) for what, _, _, day in due(ledger, "corporate")) == [
        ("2026-12-15", "AOC"),
        ("2026-12-15", "Tollhouse: certificate or attestation ends"),
        ("2027-01-15", "Tollhouse: responsibility matrix to be gone over"),
    ]


@pytest.mark.parametrize(
    "void",
    [
        {"withdrawn": withdrawn("2026-10-01")},
        {"decisions": rejected(CERTIFICATE).decisions},
        {"result": Result.FAIL},
        {"result": Result.INCONCLUSIVE},
        {"date": None},
    ],
)
def test_what_does_not_count_assures_nothing(void):
    only = altered(HOSTING, assurances=HOSTING.assurances[:1])
    assert assured_until(world(CERTIFICATE), only, day("2026-11-30")) == date(2027, 3, 1)
    assert assured_until(world(altered(CERTIFICATE, **void)), only, day("2026-11-30")) is None


def test_a_provider_is_assured_only_on_days_that_a_certificate_in_force_holds():
    """Not before it is valid, not in a hole between two, and not from the day it is retired."""
    only = altered(HOSTING, assurances=HOSTING.assurances[:1])
    later = world(altered(CERTIFICATE, valid_from=day("2027-02-01")), MATRIX)
    assert reliance(later, only, day("2026-11-30")) is Reliance.NOT_YET
    assert assured_until(later, only, day("2026-11-30")) is None
    gone = world(altered(CERTIFICATE, withdrawn=withdrawn("2026-10-01", "retired")), MATRIX)
    assert reliance(gone, only, day("2026-09-30")) is Reliance.RELIED_ON
    assert reliance(gone, only, day("2026-10-01")) is Reliance.LAPSED
    assert assured_until(gone, only, day("2026-09-01")) == day("2026-09-30")
    both = altered(only, assurances=(only.assurances[0], altered(only.assurances[0], evidence="E-D")))
    second = altered(CERTIFICATE, id="E-D", valid_from=day("2027-04-01"), valid_until=day("2028-03-31"))
    with_hole = world(CERTIFICATE, second, MATRIX)
    assert assured_until(with_hole, both, day("2026-11-30")) == day("2027-03-01")
    assert reliance(with_hole, both, day("2027-03-15")) is Reliance.LAPSED
    assert reliance(with_hole, both, day("2027-04-01")) is Reliance.RELIED_ON


def test_the_matrix_is_gone_over_yearly_or_when_it_says_itself():
    assert matrix_look(world(MATRIX), HOSTING) == date(2027, 1, 15)
    assert matrix_look(world(altered(MATRIX, valid_until=day("2028-06-30"))), HOSTING) == date(2028, 6, 30)
    assert matrix_look(world(altered(MATRIX, withdrawn=withdrawn("2026-10-01"))), HOSTING) is None
    assert matrix_look(world(), HOSTING) is None


SIX = tuple(f"s{number}" for number in range(6))
"""Scopes that inherit from each other at random: in trees, in chains and in circles."""


@st.composite
def inheriting(draw):
    """Six scopes with two controls each, pieces of any age, findings, and who inherits what from whom."""
    things = [catalogue(control("1", expects(), expects(id="more", kinds="scan")), control("2")), *map(scope, SIX)]
    for one in SIX:
        stated = []
        for number in ("1", "2"):
            giver = draw(st.none() | st.sampled_from(SIX))
            kept = draw(st.sampled_from([(), ("proof",)]))
            if giver:
                stated.append(statement(number, inherits=inherits(scope=giver, retains=kept)))
            for kind in draw(st.lists(st.sampled_from(["report", "scan"]), max_size=2, unique=True)):
                on = draw(st.sampled_from(["2024-01-01", "2025-12-24", "2026-09-30", None]))
                things.append(piece(f"E-{one}-{number}-{kind}", on, kind=kind, controls=f"std:{number}", scope=(one,)))
        if draw(st.integers(0, 5)) == 0:
            things.append(finding(id=f"F-{one}", scope=(one,)))
        things.append(soa(*stated, scope=one))
    return world(*things)


def standings(ledger, order=SIX):
    """How each control stands in each scope, judged in that order by one assessor."""
    assessor = Assessor(ledger, day(TODAY), day(TODAY), HORIZON)
    scopes = {one.id: one for one in ledger.settings.scopes}
    return {(one, found.id): found for one in order for found in assessor.assess(scopes[one]).standards[0].controls}


@given(inheriting())
def test_what_is_inherited_is_never_better_than_it_is_where_it_comes_from(ledger):
    found = standings(ledger)
    for soa_ in ledger.applicability:
        for stated in soa_.controls:
            here, there = found[soa_.scope, stated.control], found[stated.inherits.scope, stated.control]
            assert here.verdict.rank >= there.verdict.rank
            assert here.is_gap or not there.is_gap
            assert len({one.id for one in here.expectations}) == len(here.expectations)


@given(inheriting(), st.permutations(SIX))
def test_the_order_in_which_scopes_are_judged_never_matters(ledger, order):
    assert standings(ledger, order) == standings(ledger)


@given(inheriting())
def test_whoever_inherits_in_a_circle_has_nothing_and_whoever_does_not_ends_somewhere(ledger):
    """Follows each control from scope to scope: what never ends is missing, what ends is judged by what is filed."""
    found = standings(ledger)
    for one in SIX:
        for number in ("1", "2"):
            at, passed = one, []
            while at and at not in passed:
                passed.append(at)
                of = next(soa_ for soa_ in ledger.applicability if soa_.scope == at)
                how = of.of(number).inherits
                at = how.scope if how else ""
            reasons = " ".join(each.judgement.reason for each in found[one, number].expectations)
            assert ("inherited in a circle" in reasons) == bool(at)


@pytest.mark.parametrize(
    ("heir_ends", "verdict_", "until"), [(None, "lapsing", day("2026-12-15")), (day("2026-12-10"), "evidenced", None)]
)
def test_what_is_inherited_ends_with_the_scope_that_gives_it_and_is_announced(heir_ends, verdict_, until):
    """On the day after its last, nothing is carried; in a scope that has ended by then, nothing falls due."""
    ending, heir = scope("shared-ict", end=day("2026-12-15")), scope("nether", end=heir_ends)
    ledger = world(ending, heir, FROM_SHARED, piece())
    found = judgement(ledger, at="nether", horizon=timedelta(days=60))
    assert (found.verdict.value, found.until) == (verdict_, until)
    rows = due(ledger, "shared-ict", "nether")
    if until is None:
        assert rows == []
        return
    assert found.reason.endswith("; shared-ict ends on 2026-12-15")
    assert rows == [
        (
            "shared-ict ends, which meets 1 control for nether",
            "Say who meets std:1 from then on, or file evidence here",
            "nether",
            "2026-12-15",
        )
    ]
    after_it = judgement(ledger, on="2026-12-16", known="2026-12-16", at="nether")
    assert (after_it.verdict.value, after_it.reason) == ("missing", "shared-ict ended on 2026-12-15")


def test_what_is_due_where_it_comes_from_is_due_by_that_scopes_last_day():
    wanted = catalogue(control("1", expects("each quarter")))
    ending, heir = scope("shared-ict", start="2026-10-05", end=day("2026-12-15")), scope("nether")
    found = judgement(world(wanted, ending, heir, FROM_SHARED), at="nether")
    assert (found.verdict.value, found.until) == ("due", day("2026-12-15"))
