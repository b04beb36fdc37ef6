"""Whose approvals count: how many people, of which posts, by which way the evidence came in, and who counts once."""

from __future__ import annotations

import itertools
from datetime import date

import msgspec
import pytest

from compliance.domain.ledger.approval import approval, parts, stamp
from compliance.domain.ledger.approvers import Approvers
from compliance.domain.ledger.records import Decision, Evidence, Outcome
from compliance.domain.ledger.settings import ReviewPolicy, ReviewRule
from compliance.domain.registers.people import HeldPost, Person
from compliance.domain.terms.moments import Moment
from compliance.domain.terms.vocabulary import Attribution, Kind, Via

from ..builders.ledgers import altered, piece

FILED = piece("E-1", "2026-09-01", kind="report", recorded="Ada Example <ada@example.org>")
HEAD = Person(
    id="H-1",
    name="Hal Head",
    addresses=("hal@example.org", "h.head@post.example"),
    posts=(HeldPost(post="Head of IT", from_=date(2026, 1, 1), until=date(2026, 9, 30)),),
)
DEPUTY = Person(
    id="H-2",
    name="Dee Deputy",
    addresses=("dee@example.org",),
    posts=(HeldPost(post="head of it", scope=("corporate",), from_=date(2026, 9, 1), deputy=True),),
)
DESK = Person(id="H-3", name="Service desk", addresses=("desk@example.org",), shared=True)
PEOPLE = (HEAD, DEPUTY, DESK)


def decided(by: str, outcome: Outcome = Outcome.APPROVED, on: str = "2026-09-10", second: int = 0) -> Decision:
    digests = parts(FILED, str)
    moment = Moment(date.fromisoformat(on), second)
    return Decision(decision=outcome, by=by, on=moment, stamp=stamp(digests), parts=digests)


def verdict(policy: ReviewPolicy, *decisions: Decision, item: Evidence = FILED) -> tuple[str, str]:
    judgement = approval(altered(item, decisions=decisions), Approvers(policy, PEOPLE, "corporate"), str)
    return judgement.verdict.value, judgement.reason


def reports(**more) -> ReviewPolicy:
    return ReviewPolicy(kinds=(Kind.REPORT,), **more)


def test_as_many_different_people_approve_as_are_asked_for():
    two = reports(approvals=2)
    first, second = decided("B <b@example.org>"), decided("C <c@example.org>", second=5)
    assert verdict(two) == ("unapproved", "a report needs approval, and has none")
    assert verdict(two, first) == ("unapproved", "1 of 2 approvals that count; approved by B on 2026-09-10")
    assert verdict(two, first, decided("B <B@example.org>", second=9))[0] == "unapproved"
    assert verdict(two, first, second) == ("evidenced", "")


@pytest.mark.parametrize(
    ("decisions", "expected"),
    [
        ((decided("b@x.org", second=1), decided("c@x.org", second=2)), "evidenced"),
        ((decided("b@x.org"), decided("c@x.org"), decided("d@x.org", Outcome.REJECTED)), "rejected"),
        ((decided("b@x.org"), decided("c@x.org"), decided("d@x.org", Outcome.CHANGES_ASKED)), "unapproved"),
        ((decided("b@x.org"), decided("c@x.org"), decided("c@x.org", Outcome.REVOKED)), "unapproved"),
        ((decided("b@x.org"), decided("c@x.org", Outcome.REJECTED), decided("c@x.org")), "rejected"),
        ((decided("b@x.org"), decided("c@x.org", Outcome.REJECTED), decided("c@x.org", second=1)), "evidenced"),
        ((decided("b@x.org"), decided("c@x.org"), decided("d@x.org", Outcome.REVOKED)), "evidenced"),
    ],
)
def test_the_order_in_which_decisions_are_written_changes_nothing(decisions, expected):
    verdicts = {verdict(reports(approvals=2), *order)[0] for order in itertools.permutations(decisions)}
    assert verdicts == {expected}


def test_only_who_holds_a_post_on_the_day_may_approve_if_posts_are_named():
    policy = reports(posts=("Head of IT",))
    assert verdict(policy, decided("Hal <h.head@post.example>")) == ("evidenced", "")
    assert verdict(policy, decided("dee@example.org")) == ("evidenced", "")
    assert verdict(policy, decided("B <b@example.org>")) == (
        "unapproved",
        "approved by B on 2026-09-10, which does not count: "
        "B held none of the posts that may on 2026-09-10: Head of IT",
    )
    elsewhere = altered(FILED, scope=("payments",))
    digests = parts(elsewhere, str)
    given = msgspec.structs.replace(decided("dee@example.org"), stamp=stamp(digests), parts=digests)
    assert verdict(policy, given, item=elsewhere)[0] == "unapproved"


def test_an_approval_given_in_post_stands_and_one_given_after_it_counts_for_nothing():
    assert verdict(reports(), decided("hal@example.org", on="2026-09-30")) == ("evidenced", "")
    assert verdict(reports(), decided("Hal <hal@example.org>", on="2026-10-01")) == (
        "unapproved",
        "approved by Hal on 2026-10-01, which does not count: every post of Hal Head had ended by 2026-10-01",
    )


def test_a_shared_mailbox_never_approves():
    found, reason = verdict(reports(), decided("Desk <desk@example.org>"))
    assert (found, "nobody can tell who used it" in reason) == ("unapproved", True)


def test_the_recorder_is_known_by_any_address():
    own = altered(FILED, recorded=Attribution(by="hal@example.org", on=date(2026, 9, 1)))
    digests = parts(own, str)
    given = msgspec.structs.replace(decided("h.head@post.example"), stamp=stamp(digests), parts=digests)
    assert verdict(reports(), given, item=own)[0] == "unapproved"
    assert verdict(reports(approver_may_be_recorder=True), given, item=own)[0] == "evidenced"


def test_the_first_rule_that_fits_the_kind_and_the_way_rules():
    policy = ReviewPolicy(
        kinds=(Kind.REPORT, Kind.POLICY),
        rules=(
            ReviewRule(via=(Via.COLLECTOR,), approvals=0),
            ReviewRule(kinds=(Kind.POLICY,), approvals=2),
            ReviewRule(via=(Via.WEB,)),
        ),
    )
    asked = {
        (kind, via): (rule.approvals if (rule := policy.rule_for(kind, via)) else 0)
        for kind in (Kind.REPORT, Kind.POLICY, Kind.SCAN)
        for via in (Via.CLI, Via.WEB, Via.COLLECTOR)
    }
    assert asked == {
        (Kind.REPORT, Via.CLI): 1,
        (Kind.REPORT, Via.WEB): 1,
        (Kind.REPORT, Via.COLLECTOR): 0,
        (Kind.POLICY, Via.CLI): 2,
        (Kind.POLICY, Via.WEB): 2,
        (Kind.POLICY, Via.COLLECTOR): 0,
        (Kind.SCAN, Via.CLI): 0,
        (Kind.SCAN, Via.WEB): 1,
        (Kind.SCAN, Via.COLLECTOR): 0,
    }
    assert policy.reviewed_kinds == {Kind.REPORT, Kind.POLICY}
