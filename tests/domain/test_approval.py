"""Approval is bound to what was approved."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import msgspec
import pytest

from compliance.domain.ledger.approval import approval, fingerprint, parts, stamp
from compliance.domain.ledger.approvers import Approvers
from compliance.domain.ledger.records import Decision, Outcome, last_decision
from compliance.domain.terms.moments import Moment
from compliance.domain.terms.references import parse_reference
from compliance.domain.terms.spans import EMPTY
from compliance.domain.terms.verdicts import Verdict
from compliance.domain.terms.vocabulary import Attribution, Kind, Result, name_of

from ..builders.ledgers import (
    OFFICER,
    REVIEWER,
    TODAY,
    altered,
    any_of,
    approved,
    assessment,
    catalogue,
    control,
    day,
    duration,
    event,
    expects,
    judgement,
    period,
    piece,
    rejected,
    review,
    rule,
    scope,
    use,
    verdict,
    world,
)

FORMS = {"std:1": "one", "std:2": "two", "other:1": "three"}


def fingerprint_of(reference):
    return FORMS.get(str(reference), "")


def reviewed(item, policy=None):
    found = approval(item, Approvers(policy or review()), fingerprint_of)
    return found.verdict.value, found.reason


def accepted(item, by=REVIEWER, on="2026-10-02", **more):
    digests = parts(item, fingerprint_of)
    given = {"stamp": stamp(digests), "parts": digests, **more}
    return altered(item, decisions=(Decision(decision=Outcome.APPROVED, by=by, on=Moment(day(on)), **given),))


PIECE = piece(
    "E-1",
    result="pass",
    period="2026-07-01/2026-09-30",
    valid_from="2026-09-01",
    valid_until="2027-09-01",
    scope=("corporate",),
    per={"supplier": "Acme Hosting"},
    controls="std:1 std:2#scan",
)


def test_the_stamp_is_a_sha256_over_the_parts():
    digests = parts(PIECE, fingerprint_of)
    assert stamp(digests) == hashlib.sha256(msgspec.json.encode(sorted(digests.items()))).hexdigest()
    assert list(digests) == ["bytes", "kind", "result", "dates", "scope", "per", "mapping", "std:1", "std:2#scan"]


def test_an_approval_of_what_is_there_holds():
    assert reviewed(accepted(PIECE), review("report")) == ("evidenced", "")


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"sha256": "other"}, "the file's bytes"),
        ({"kind": Kind.SCAN}, "the kind"),
        ({"kind": None}, "the kind"),
        ({"result": Result.CONDITIONAL}, "the result"),
        ({"result": None}, "the result"),
        ({"date": day("2026-10-01")}, "the dates"),
        ({"date": None}, "the dates"),
        ({"period": period("2026-07-01/2026-10-01")}, "the dates"),
        ({"valid_from": None}, "the dates"),
        ({"valid_until": day("2027-09-02")}, "the dates"),
        ({"scope": ("corporate", "cardholder")}, "the scope"),
        ({"per": {"supplier": "Other Hosting"}}, "what it is evidence for (per)"),
        ({"controls": (parse_reference("std:1"),)}, "the controls it is mapped to"),
        ({"controls": (parse_reference("std:1"), parse_reference("std:2"))}, "the controls it is mapped to"),
        ({"sha256": "other", "scope": ()}, "the file's bytes, the scope"),
    ],
)
def test_a_change_of_any_part_voids_the_approval_and_is_named(change, named):
    changed = altered(accepted(PIECE), **change)
    assert reviewed(changed) == (
        "changed",
        f"approved by {name_of(REVIEWER)} on 2026-10-02; since then {named} changed",
    )


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Other words"},
        {"owner": "Somebody"},
        {"classification": "OFFICIAL"},
        {"source": "portal"},
        {"path": "evidence/moved.pdf"},
        {"scope": ("corporate",)},
        {"controls": (parse_reference("std:2#scan"), parse_reference("std:1"))},
    ],
)
def test_what_an_approval_does_not_cover_voids_nothing(change):
    assert reviewed(altered(accepted(PIECE), **change)) == ("evidenced", "")


def test_a_changed_requirement_is_named_even_when_the_mapping_changed_as_well(monkeypatch):
    item = accepted(PIECE)
    monkeypatch.setitem(FORMS, "std:1", "raised")
    assert reviewed(item)[1].endswith("since then the requirement of std:1 changed")
    more = altered(item, controls=(*item.controls, parse_reference("other:1")))
    assert reviewed(more)[1].endswith("since then the controls it is mapped to, the requirement of std:1 changed")


def test_a_stamp_that_its_own_parts_do_not_give_names_nothing():
    said = ("changed", f"approved by {name_of(REVIEWER)} on 2026-10-02; since then something it covered changed")
    assert reviewed(altered(accepted(PIECE, parts={}), sha256="other")) == said
    assert reviewed(accepted(PIECE, stamp="0" * 64)) == said


def test_review_is_required_by_kind_and_not_given_is_unapproved():
    assert reviewed(PIECE, review("report")) == ("unapproved", "a report needs approval, and has none")
    attested = altered(PIECE, kind=Kind.ATTESTATION)
    assert reviewed(attested, review("attestation")) == ("unapproved", "an attestation needs approval, and has none")
    assert reviewed(PIECE, review("policy")) == ("evidenced", "")
    assert reviewed(altered(PIECE, kind=None), review("report")) == ("evidenced", "")


def test_where_review_is_required_another_person_than_the_recorder_must_approve():
    own = accepted(PIECE, by="A. Example <ADA@example.org>")
    assert OFFICER.endswith("<ada@example.org>")
    assert reviewed(own, review("report"))[0] == "unapproved"
    assert "A. Example recorded it: another person must" in reviewed(own, review("report"))[1]
    assert reviewed(own, review("report", own=True)) == ("evidenced", "")
    assert reviewed(own, review("policy")) == ("evidenced", "")
    assert reviewed(altered(own, recorded=None), review("report")) == ("evidenced", "")
    assert reviewed(accepted(PIECE), review("report")) == ("evidenced", "")


def test_an_own_approval_of_what_changed_since_is_changed():
    assert reviewed(altered(accepted(PIECE, by=OFFICER), sha256="other"), review("report"))[0] == "changed"


def test_a_refusal_counts_for_every_kind_and_says_who_when_and_why():
    assert reviewed(rejected(PIECE, note="wrong year")) == (
        "rejected",
        f"rejected by {name_of(REVIEWER)} on 2026-10-02: wrong year",
    )
    assert reviewed(rejected(PIECE)) == ("rejected", f"rejected by {name_of(REVIEWER)} on 2026-10-02")


def test_each_persons_last_decision_stands_and_the_order_in_the_file_changes_nothing():
    refused, allowed = rejected(PIECE, on="2026-10-02").decisions[0], accepted(PIECE, on="2026-10-03").decisions[0]
    same_person = msgspec.structs.replace(refused, by=allowed.by)
    assert last_decision(PIECE) is None
    assert reviewed(altered(PIECE, decisions=(same_person, allowed)))[0] == "evidenced"
    assert reviewed(altered(PIECE, decisions=(allowed, same_person)))[0] == "evidenced"  # two branches, merged
    later = msgspec.structs.replace(same_person, on=Moment(day("2026-10-04")))
    assert reviewed(altered(PIECE, decisions=(allowed, later)))[0] == "rejected"


def test_at_one_time_the_refusal_wins():
    refused, allowed = rejected(PIECE, on="2026-10-03").decisions[0], accepted(PIECE, on="2026-10-03").decisions[0]
    for decisions in ((refused, allowed), (allowed, refused)):
        assert reviewed(altered(PIECE, decisions=decisions))[0] == "rejected"


def test_nobody_takes_back_the_rejection_of_another():
    refused = msgspec.structs.replace(rejected(PIECE, on="2026-10-02").decisions[0], by="B. Other <b@example.org>")
    allowed = accepted(PIECE, on="2026-10-03").decisions[0]
    both = altered(PIECE, decisions=(refused, allowed))
    assert reviewed(both)[0] == "rejected"
    assert (both.is_rejected, both.is_void, both.days_in_force) == (True, True, EMPTY)  # nor does it assure a provider


WANTED = expects("every 3 months grace 3 days", "asv", "scan report", what="Passing report")
CONTROL = control("1", WANTED, summary="Scan every quarter.")


def form(**changes):
    return fingerprint(catalogue(), altered(CONTROL, **changes))


@pytest.mark.parametrize(
    "change",
    [
        {"summary": "Other words."},
        {"title": "Other title"},
        {"related": ()},
        {"profiles": ("saq-a",)},
        {"expects": (altered(WANTED, what="Other words", because="so"),)},
        {"expects": (altered(WANTED, kinds=(Kind.REPORT, Kind.SCAN)),)},
        {"expects": (WANTED, expects("once", "tips", basis="advice"))},
        {"expects": (WANTED, expects("max-age 1 year", "own", basis="organisation"))},
        {"controls": (control("1.1"),)},
    ],
)
def test_rewording_a_control_voids_nothing(change):
    assert form(**change) == form()


@pytest.mark.parametrize(
    "change",
    [
        {"revision": 2},
        {"id": "1.0"},
        {"expects": (altered(WANTED, id="scan"),)},
        {"expects": (altered(WANTED, kinds=(Kind.SCAN,)),)},
        {"expects": (altered(WANTED, rule=rule("every 6 months grace 3 days")),)},
        {"expects": (altered(WANTED, rule=rule("every 3 months")),)},
        {"expects": (altered(WANTED, rule=rule("max-age 3 months")),)},
        {"expects": (WANTED, expects("once", "more"))},
        {"expects": (any_of(WANTED),)},
    ],
)
def test_the_fingerprint_of_a_control_is_its_id_revision_and_mandated_expectations(change):
    assert form(**change) != form()


def test_the_fingerprint_holds_the_standard_and_its_version():
    assert fingerprint(catalogue(id="other"), CONTROL) != form()
    assert fingerprint(catalogue(version="2"), CONTROL) != form()


def test_the_alternatives_of_a_group_are_part_of_the_fingerprint_but_not_their_words():
    group = any_of(WANTED, expects("once", "other"))
    reworded = any_of(altered(WANTED, what="Other words"), expects("once", "other", what="Other"))
    assert form(expects=(group,)) == form(expects=(reworded,))
    assert form(expects=(group,)) != form(expects=(any_of(WANTED, expects("max-age 1 year", "other")),))


def test_a_default_expectation_is_part_of_the_fingerprint_of_a_control_without_its_own():
    bare = altered(CONTROL, expects=())
    asked = catalogue(default_expects=(expects("max-age 1 year"),))
    assert fingerprint(asked, bare) != fingerprint(catalogue(default_expects=(expects("max-age 2 years"),)), bare)


def test_the_fingerprint_does_not_depend_on_how_a_duration_is_written():
    year = altered(WANTED, rule=msgspec.structs.replace(WANTED.rule, interval=duration("1 year")))
    months = altered(WANTED, rule=msgspec.structs.replace(WANTED.rule, interval=duration("12 months")))
    assert form(expects=(year,)) == form(expects=(months,))


def test_raising_a_controls_revision_voids_its_approvals_and_no_others():
    before = catalogue(control("1"), control("2"))
    first, second = approved(piece("E-1"), before), approved(piece("E-2", controls="std:2"), before)
    ledger = world(catalogue(control("1", revision=2), control("2")), first, second)
    assert judgement(ledger, id="1").reason.endswith("since then the requirement of std:1 changed")
    assert verdict(ledger, id="1") == "changed"
    assert verdict(ledger, id="2") == "evidenced"


def test_writing_out_the_version_that_was_meant_keeps_the_approval():
    old = catalogue()
    item = approved(piece("E-1"), old)
    both = (old, catalogue(version="2"), use("std@1"), use("std@2"))
    unclear = world(*both, item)
    written = world(*both, altered(item, controls=(parse_reference("std@1:1"),)))
    assert judgement(unclear).reason == "nothing was ever filed"
    assert [one.controls[0].verdict.value for one in assessment(written).standards] == ["evidenced", "missing"]


def test_an_approval_given_after_the_day_judged_counts_because_it_is_known():
    ledger = world(approved(piece(on="2026-09-30"), catalogue(), on="2026-10-20"), review("report"))
    assert verdict(ledger, on="2026-10-01") == "evidenced"


def test_who_recorded_is_compared_by_address():
    item = altered(PIECE, recorded=Attribution(by="ben@example.org", on=day(TODAY)))
    assert reviewed(accepted(item), review("report"))[0] == Verdict.UNAPPROVED.value


def test_bytes_that_are_not_those_recorded_are_changed_whether_approved_or_not():
    said = "the file's bytes are not those recorded"
    tampered = altered(PIECE, altered=True)
    assert reviewed(tampered) == ("changed", said)
    assert reviewed(tampered, review("report")) == ("changed", said)
    assert reviewed(accepted(tampered)) == ("changed", said)
    moved_on = altered(accepted(PIECE), altered=True, sha256="another")
    assert reviewed(moved_on)[1].endswith("since then the file's bytes changed")


def test_a_rejection_stands_whatever_became_of_the_bytes():
    assert reviewed(altered(rejected(PIECE), altered=True))[0] == "rejected"


@pytest.mark.parametrize("how", ["max-age 12 months", "once", "every 12 months", "on change within 1 month"])
def test_altered_bytes_serve_no_rule(how):
    known = catalogue(control("1", expects(how)))
    item = piece(on="2026-09-30")
    changes = [event("change", "2026-09-20"), scope(start="2025-11-20")]
    assert verdict(world(known, item, *changes), horizon=timedelta(0)) in {"evidenced", "due"}
    found = judgement(world(known, altered(item, altered=True), *changes))
    assert (found.verdict.value, found.evidence) == ("changed", "E-1")


def test_a_fail_whose_bytes_were_altered_stays_a_fail():
    assert verdict(world(catalogue(), altered(piece(result="fail"), altered=True))) == "failed"


def test_an_altered_successor_does_not_take_over():
    successor = piece("E-2", on="2026-10-30", supersedes="E-1", altered=True)
    found = judgement(world(catalogue(), piece(on="2026-09-30"), successor))
    assert (found.verdict.value, found.evidence) == ("evidenced", "E-1")
