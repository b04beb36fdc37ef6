"""How an accreditation stands on a day, what that changes of what is due, and which of several counts."""

from __future__ import annotations

import pytest

from compliance.domain.assessment.applied import accreditation_of
from compliance.domain.due.renewals import renewals
from compliance.domain.registers.certificates.accreditation import Cycle, Grant
from compliance.domain.registers.certificates.cycles import dues
from compliance.domain.registers.certificates.occasions import occasions
from compliance.domain.registers.certificates.order import order_faults
from compliance.domain.registers.certificates.states import state_on
from compliance.domain.registers.certificates.succession import Barred, Way, succeed
from compliance.domain.standards.schemes import EventRole, Holding
from compliance.problems import Severity

from ..builders.ledgers import (
    TODAY,
    catalogue,
    control,
    cycle,
    day,
    duration,
    expects,
    happened,
    held,
    judgement,
    piece,
    scheme,
    scope,
    step,
    world,
)

RULES = scheme(
    step("surveillance", role="audit", each_calendar_year=True),
    step("submission", role="submission", before="expiry", lead="1 month"),
    step("decision", before="expiry", opens_cycle=True),
    step("stage-2", role="audit"),
    term="3 years",
    runs_on=True,
    restoration="6 months",
    suspension="6 months",
    anew_needs="stage-2",
    unconfirmed=("restoration",),
    holding=Holding.CERTIFICATE,
)
STD = catalogue(control("1", expects("once")), scheme=RULES)
SUSPENDED, RESTORED = happened("suspended", "2026-09-01"), happened("restored", "2026-10-15")
WITHDRAWN = happened("withdrawn", "2026-11-02")
TO_BEECH = happened("transferred", "2026-09-20", body="Beech Assurance")
MET = happened("conditions-met", "2026-07-01")


def certificate(*events, **more):
    return held(cycle("2026-06-15", None, *events, **more), body="Alder Certification")


def told(accreditation, on=TODAY, rules=RULES):
    state = state_on(rules, accreditation, day(on))
    return state.status.value, str(state.since), str(state.until), state.why


CONDITIONAL = certificate(MET, outcome=Grant.WITH_CONDITIONS)


@pytest.mark.parametrize(
    ("accreditation", "on", "wanted"),
    [
        (certificate(), TODAY, ("held", "2026-06-15", "2029-06-15", "")),
        (certificate(), "2026-06-14", ("sought", "None", "None", "")),
        (held(target="2027-01-31"), TODAY, ("sought", "None", "2027-01-31", "")),
        (
            CONDITIONAL,
            "2026-06-30",
            (
                "with-conditions",
                "2026-06-15",
                "2029-06-15",
                "granted with conditions on 2026-06-15; no record says that they are met",
            ),
        ),
        (CONDITIONAL, "2026-07-01", ("held", "2026-07-01", "2029-06-15", "conditions met on 2026-07-01")),
        (
            certificate(SUSPENDED),
            TODAY,
            (
                "suspended",
                "2026-09-01",
                "2027-03-01",
                "suspended since 2026-09-01; is to be restored by 2027-03-01,"
                " or it is withdrawn or its scope made smaller",
            ),
        ),
        (
            certificate(SUSPENDED),
            "2027-03-02",
            (
                "suspended",
                "2026-09-01",
                "2027-03-01",
                "suspended since 2026-09-01; should have been restored by 2027-03-01,"
                " or it is withdrawn or its scope made smaller",
            ),
        ),
        (
            certificate(SUSPENDED, RESTORED),
            TODAY,
            ("held", "2026-10-15", "2029-06-15", "restored on 2026-10-15 after a suspension"),
        ),
        (
            certificate(TO_BEECH),
            TODAY,
            ("held", "2026-06-15", "2029-06-15", "transferred on 2026-09-20 to Beech Assurance"),
        ),
        (
            certificate(SUSPENDED, WITHDRAWN),
            TODAY,
            ("withdrawn", "2026-11-02", "None", "withdrawn on 2026-11-02"),
        ),
        (
            certificate(),
            "2029-06-16",
            (
                "restorable",
                "2029-06-16",
                "2029-12-15",
                "expired on 2029-06-15; can be restored until 2029-12-15 (an unconfirmed rule: ask the body)",
            ),
        ),
        (
            certificate(SUSPENDED),
            "2029-12-16",
            (
                "lapsed",
                "2029-06-16",
                "None",
                "expired on 2029-06-15; could be restored until 2029-12-15 (an unconfirmed rule: ask the body);"
                " to be granted anew it needs at least: Stage 2",
            ),
        ),
    ],
)
def test_the_state_since_when_until_when_and_why(accreditation, on, wanted):
    assert told(accreditation, on) == wanted


def test_without_rules_of_its_scheme_only_what_is_stated_is_known():
    plain = scheme()
    assert told(certificate(), rules=plain) == ("assessed", "2026-06-15", "None", "")
    assert told(certificate(SUSPENDED), rules=plain) == (
        "suspended",
        "2026-09-01",
        "None",
        "suspended since 2026-09-01",
    )
    stated = held(cycle("2026-06-15", "2026-10-31"))
    assert told(stated, rules=plain) == ("lapsed", "2026-11-01", "None", "expired on 2026-10-31")


def test_who_holds_it_is_the_last_that_a_transfer_or_a_cycle_names():
    moved = held(
        cycle("2023-06-15", None, happened("transferred", "2024-01-01", body="Beech Assurance")),
        cycle("2026-06-15", body="Cedar Audits"),
        body="Alder Certification",
    )
    days = ("2023-12-31", "2024-01-01", "2026-06-14", "2026-06-15")
    assert [moved.body_on(day(on)).split()[0] for on in days] == ["Alder", "Beech", "Beech", "Cedar"]


def lines(accreditation, on, within="3 months", about=STD):
    found = renewals(world(about, accreditation), [], day(on), duration(within))
    return [f"{one.due} {one.kind.value} {one.what.partition(': ')[2]} | {one.todo}" for one in found]


def test_what_is_suspended_shows_by_when_it_must_be_restored():
    assert lines(certificate(SUSPENDED), "2027-02-01") == [
        "2027-03-01 step certificate suspended since 2026-09-01 | Put right what it was suspended for and have it"
        " restored; otherwise it is withdrawn or its scope made smaller"
    ]
    assert lines(certificate(SUSPENDED, RESTORED), "2027-02-01") == []


def test_what_can_still_be_restored_shows_until_when():
    found = lines(certificate(), "2029-10-01")
    assert "2029-06-15 expiry certificate expired | Renew the certificate with Alder Certification" in found
    assert found[-1] == (
        "2029-12-15 step last day to restore the certificate | Close what is outstanding and have it restored;"
        " later it is won anew (an unconfirmed rule: ask the body)"
    )


def test_what_ended_for_good_wants_nothing_but_to_be_won_anew():
    lapsed = [
        "2029-06-15 expiry certificate expired | Win the certificate anew with Alder Certification: expired on"
        " 2029-06-15; could be restored until 2029-12-15 (an unconfirmed rule: ask the body); to be granted anew it"
        " needs at least: Stage 2"
    ]
    assert lines(certificate(), "2030-01-10") == lapsed
    assert lines(certificate(WITHDRAWN), "2029-06-01") == []
    anew = held(cycle("2026-06-15", None, WITHDRAWN), target="2027-06-30", planned={"stage-2": "2027-05-10"})
    assert lines(anew, "2027-05-01") == [
        "2027-05-10 audit Stage 2 | Stage 2 (agreed)",
        "2027-06-30 expiry certificate sought anew | Win the certificate: withdrawn on 2026-11-02; sought anew by"
        " 2027-06-30",
    ]


def test_what_took_place_since_a_withdrawal_leads_to_the_new_grant():
    since = certificate(happened("stage-2", "2026-10-01"), WITHDRAWN, happened("stage-2", "2027-05-10"))
    anew = held(*since.cycles, target="2027-06-30", planned={"stage-2": "2027-05-10"})
    assert [(one.event.id, str(one.done)) for one in dues(RULES, anew, day("2027-06-01"))] == [("decision", "None")]
    assert occasions(RULES, anew, EventRole.AUDIT, day("2027-06-01")).last_by(day("2027-06-01")) == day("2027-05-10")
    over = occasions(RULES, certificate(WITHDRAWN), EventRole.AUDIT, day("2027-06-01"))
    assert (over.last_by(day("2027-06-01")), over.next_after(day("2027-06-01"))) == (None, None)


def test_an_audit_in_the_year_of_the_expiry_answers_the_one_that_was_missed_before():
    late = certificate(happened("surveillance", "2027-05-01"), happened("surveillance", "2029-01-20"))
    found = [one for one in dues(RULES, late, day("2029-02-01")) if one.event.id == "surveillance"]
    assert [(str(one.due), str(one.done)) for one in found] == [
        ("2027-12-31", "2027-05-01"),
        ("2028-12-31", "2029-01-20"),
    ]


JUDGED_AT_SUBMISSION = catalogue(
    control("1", expects("max-age 6 months")),
    scheme=scheme(
        step("submission", role="submission", before="expiry", lead="1 month"), term="12 months", judged="submission"
    ),
)


@pytest.mark.parametrize(
    ("events", "verdict"), [((), "evidenced"), ((WITHDRAWN,), "stale"), ((SUSPENDED,), "evidenced")]
)
def test_what_was_fresh_for_a_certificate_that_is_gone_is_judged_every_day(events, verdict):
    ledger = world(JUDGED_AT_SUBMISSION, held(cycle("2026-04-15", None, *events)), piece(on="2026-04-01"))
    assert judgement(ledger).verdict.value == verdict


YEARLY = catalogue(
    control("1", profiles=("saq-a", "saq-d")),
    scheme=scheme(step("assessment", role="audit", before="expiry", lead="1 month"), term="12 months"),
)


@pytest.mark.parametrize(
    ("others", "chosen"),
    [
        ([held(cycle("2026-08-01"), id="A-0")], "A-1"),  # its assessment comes later
        ([held(cycle("2026-02-01"), id="A-2")], "A-2"),
        ([held(cycle("2026-05-01"), id="A-0")], "A-0"),  # the same day: the first by id
        ([held(cycle("2025-02-01"), id="A-0")], "A-1"),  # it has expired
        ([held(target="2026-12-01", id="A-0")], "A-1"),  # it is sought
        ([held(cycle("2026-02-01", None, happened("withdrawn", "2026-03-01")), id="A-0")], "A-1"),
        ([held(cycle("2026-02-01"), id="A-0", profile="saq-d")], "A-1"),  # it attests another part
        ([held(cycle("2026-08-01"), id="A-2", profile="saq-a"), held(target="2026-12-01", id="A-3")], "A-1"),
        ([held(cycle("2026-02-01"), id="A-0", scope="elsewhere")], "A-1"),
    ],
)
def test_of_several_the_one_in_date_whose_occasion_is_next_counts(others, chosen):
    ledger = world(YEARLY, *others, held(cycle("2026-05-01"), id="A-1", profile="saq-a"))
    found = accreditation_of(ledger, scope(), YEARLY, day(TODAY), ("saq-a",))
    assert found.id == chosen


def test_several_that_are_over_leave_the_one_that_is_sought():
    ledger = world(STD, certificate(WITHDRAWN), held(target="2027-06-30", id="A-2"))
    assert accreditation_of(ledger, scope(), STD, day(TODAY)).id == "A-2"


def wrong(accreditation, rules=RULES):
    return [
        (".".join(map(str, one.at)), one.sentence, one.severity is Severity.ERROR)
        for one in order_faults(rules, accreditation)
    ]


@pytest.mark.parametrize(
    ("accreditation", "at", "sentence"),
    [
        (certificate(RESTORED), "cycles.0.events.0.on", "it is restored on 2026-10-15 without having been suspended"),
        (
            certificate(SUSPENDED, happened("suspended", "2026-09-30")),
            "cycles.0.events.1.on",
            "it is suspended on 2026-09-30, and was suspended on 2026-09-01 already",
        ),
        (
            certificate(WITHDRAWN, happened("suspended", "2026-11-05")),
            "cycles.0.events.1.on",
            "it is suspended on 2026-11-05, after it was withdrawn on 2026-11-02",
        ),
        (
            certificate(happened("suspended", "2029-06-16")),
            "cycles.0.events.0.on",
            "it is suspended on 2029-06-16, after it expired on 2029-06-15",
        ),
        (
            certificate(MET),
            "cycles.0.events.0.on",
            "the conditions are met on 2026-07-01, and there are none that were still to be met",
        ),
        (
            certificate(happened("transferred", "2026-09-20")),
            "cycles.0.events.0.event",
            "it is transferred on 2026-09-20, and nobody is named who took it over",
        ),
        (
            certificate(happened("suspended", "2026-06-01")),
            "cycles.0.events.0.on",
            "took place on 2026-06-01, before its cycle began on 2026-06-15",
        ),
        (
            held(events=(SUSPENDED,), target="2027-01-01"),
            "events.0.event",
            "it is suspended on 2026-09-01, before anything was granted",
        ),
        (
            held(cycle("2026-06-15", None, SUSPENDED), cycle("2027-01-10")),
            "cycles.1.granted",
            "is granted on 2027-01-10, while the cycle before it is suspended since 2026-09-01",
        ),
        (
            held(cycle("2026-06-15", None, happened("withdrawn", "2027-02-01")), cycle("2027-01-10")),
            "cycles.0.events.0.on",
            "took place on 2027-02-01, after the next cycle began on 2027-01-10",
        ),
        (
            held(cycle("2026-06-15"), cycle("2027-01-10", "2028-01-10")),
            "cycles.1.expires",
            "two cycles are open after 2028-01-10: the one granted on 2026-06-15 runs until 2029-06-15",
        ),
        (
            held(cycle("2026-06-15", runs_from=day("2026-06-30"))),
            "cycles.0.runs-from",
            "its term runs from 2026-06-30, and there is no expiry before it",
        ),
        (
            held(cycle("2026-06-15"), cycle("2029-05-15", runs_from=day("2029-06-14"))),
            "cycles.1.runs-from",
            "its term runs from 2029-06-14, and the cycle before it expires on 2029-06-15",
        ),
        (
            certificate(outcome=Grant.RESTORED),
            "cycles.0.outcome",
            "the first cycle is restored, and there is none before it",
        ),
        (
            held(cycle("2026-06-15"), cycle("2029-06-15", outcome=Grant.RESTORED)),
            "cycles.1.outcome",
            "is restored on 2029-06-15, before the cycle that it follows had expired",
        ),
        (
            held(cycle("2026-06-15"), cycle("2029-12-16", outcome=Grant.RESTORED)),
            "cycles.1.outcome",
            "is restored on 2029-12-16, and the cycle before it could be restored until 2029-12-15",
        ),
        (
            held(cycle("2026-06-15", None, WITHDRAWN), cycle("2027-01-01", outcome=Grant.RESTORED)),
            "cycles.1.outcome",
            "is restored on 2027-01-01, after the cycle before it was withdrawn on 2026-11-02",
        ),
    ],
)
def test_what_cannot_have_been(accreditation, at, sentence):
    assert wrong(accreditation) == [(at, sentence, True)]


@pytest.mark.parametrize(
    ("accreditation", "at"),
    [
        (certificate(happened("surveillance", "2027-05-01"), happened("surveillance", "2027-04-01")), "0.events.1.on"),
        (held(cycle("2026-06-15", None, happened("surveillance", "2029-07-01")), cycle("2029-06-01")), "0.events.0.on"),
    ],
)
def test_what_is_only_untidy_is_no_error(accreditation, at):
    assert [(place, grave) for place, _, grave in wrong(accreditation)] == [(f"cycles.{at}", False)]


def test_a_whole_life_has_nothing_wrong_in_it():
    whole = held(
        cycle("2020-06-15", None, SUSPENDED_IN_2021, RESTORED_IN_2021, outcome=Grant.WITH_CONDITIONS),
        cycle("2023-09-01", runs_from=day("2023-06-15"), outcome=Grant.RESTORED),
        cycle("2026-05-20", None, SUSPENDED, TO_BEECH, RESTORED, WITHDRAWN, runs_from=day("2026-06-15")),
        cycle("2026-11-10", "2028-11-09"),
    )
    assert wrong(whole) == []


SUSPENDED_IN_2021, RESTORED_IN_2021 = happened("suspended", "2021-01-10"), happened("restored", "2021-02-10")


@pytest.mark.parametrize(
    ("accreditation", "on", "more", "sentence"),
    [
        (certificate(), "2026-06-15", {}, "the cycle granted on 2026-06-15 is newer than 2026-06-15"),
        (certificate(SUSPENDED), TODAY, {}, "the cycle granted on 2026-06-15 is suspended since 2026-09-01"),
        (
            certificate(SUSPENDED),
            TODAY,
            {"anew": True},
            "the cycle granted on 2026-06-15 is suspended since 2026-09-01",
        ),
        (
            certificate(WITHDRAWN),
            TODAY,
            {},
            "the cycle granted on 2026-06-15 was withdrawn on 2026-11-02: there is nothing to renew",
        ),
        (
            certificate(WITHDRAWN),
            "2026-10-01",
            {},
            "a cycle granted on 2026-10-01 would begin before the old one was withdrawn on 2026-11-02",
        ),
        (
            certificate(),
            TODAY,
            {"outcome": Grant.RESTORED},
            f"nothing had lapsed that a grant on {TODAY} could restore",
        ),
    ],
)
def test_a_grant_that_cannot_be(accreditation, on, more, sentence):
    found = succeed(RULES, accreditation, cycle(on), **more)
    assert isinstance(found, Barred)
    assert found.sentence == sentence


def test_a_certificate_that_states_a_day_before_its_grant_is_refused():
    found = succeed(RULES, certificate(), cycle("2027-01-01", "2026-12-31"))
    assert found == Barred("the expiry 2026-12-31 is not after the grant on 2027-01-01", "correct one of the two days")


@pytest.mark.parametrize(
    ("accreditation", "on", "more", "way", "runs_from"),
    [
        (held(target="2027-01-01"), TODAY, {}, Way.FIRST, None),
        (certificate(), TODAY, {}, Way.RUNS_ON, "2029-06-15"),
        (certificate(), TODAY, {"anew": True}, Way.ANEW, None),
        (certificate(WITHDRAWN), TODAY, {"anew": True}, Way.ANEW, None),
        (certificate(SUSPENDED, RESTORED), TODAY, {}, Way.RUNS_ON, "2029-06-15"),
        (certificate(), "2029-10-01", {"outcome": Grant.WITH_CONDITIONS}, Way.RESTORED, "2029-06-15"),
    ],
)
def test_how_a_cycle_follows(accreditation, on, more, way, runs_from):
    found, how = succeed(RULES, accreditation, cycle(on), **more)
    assert (how, str(found.runs_from)) == (way, str(runs_from))
    assert found.outcome is more.get("outcome", Grant.GRANTED)


def test_a_body_is_kept_only_where_it_is_another():
    for body, kept in (("Alder Certification", ""), ("Beech Assurance", "Beech Assurance"), ("", "")):
        found, _ = succeed(RULES, certificate(), Cycle(granted=day(TODAY), body=body))
        assert found.body == kept


@pytest.mark.parametrize(
    "spoilt",
    [{"anew_needs": "stage-9"}, {"unconfirmed": ("everything",)}],
)
def test_a_scheme_names_what_there_is(spoilt):
    with pytest.raises(ValueError, match="; "):
        scheme(**spoilt)


def test_a_scheme_has_no_event_that_is_called_as_a_turn_is():
    with pytest.raises(ValueError, match="“suspended” is a word of every scheme"):
        scheme(step("suspended", within="1 month"))
