"""Controls that another scope or an external provider meets."""

from __future__ import annotations

import pytest

from compliance.domain.assess import Assessor
from compliance.domain.providers import Assurance, Provider
from compliance.domain.verdicts import Flag
from compliance.domain.vocabulary import Basis

from .build import (
    HORIZON,
    TODAY,
    altered,
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
        "no certificate or attestation of Acme Hosting covers the service: E-C, E-D cannot be counted on that day"
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
