"""Whoever does what a plan says, on the days that it says, has no gap when the deadlines come."""

from __future__ import annotations

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from compliance.domain.ledger.settings import Scope
from compliance.domain.planning.planning import plan
from compliance.domain.standards.catalogue import Relation, RelationType
from compliance.domain.standards.schemes import Scheme
from compliance.domain.terms.references import parse_reference

from ..builders.following import following, gaps_on_deadlines
from ..builders.ledgers import (
    any_of,
    catalogue,
    control,
    cycle,
    duration,
    event,
    expects,
    held,
    nil_return,
    piece,
    review,
    withdrawn,
    world,
)

ON = date(2026, 11, 21)
DAYS = st.dates(date(2025, 1, 1), ON)
RULES = st.sampled_from(
    [
        "max-age 6 months",
        "max-age 12 months",
        "max-age 24 months",
        "once",
        "every 3 months",
        "every 12 months grace 1 month",
        "every 2 months grace 5 days",
        "each quarter",
        "each month",
        "on change within 30 days",
        "on change within 30 days over 6 months",
        "on failed-scan within 30 days",
    ]
)
KINDS = st.sampled_from(["", "report", "scan", "report scan"])
RELATIONS = st.sampled_from([None, RelationType.EQUAL, RelationType.SUBSET, RelationType.INTERSECTS])


@st.composite
def expectations(draw, id_="proof"):
    per = draw(st.sampled_from([{}, {}, {"per": "supplier"}]))
    judged = draw(st.sampled_from([{}, {"judged": "submission"}]))
    return expects(draw(RULES), id=id_, kinds=draw(KINDS), **per, **judged)


@st.composite
def controls(draw, number, other):
    wanted = draw(expectations())
    if draw(st.integers(0, 4)) == 0:
        wanted = any_of(wanted, draw(expectations("else")))
    type_ = draw(RELATIONS)
    related = (Relation(to=parse_reference(f"{other}:{number}"), type=type_, source="ours"),) if type_ else ()
    return control(str(number), wanted, related=related)


@st.composite
def ledgers(draw):
    """Two standards with related controls, and what may be on file for them."""
    terms = draw(st.sampled_from([("12 months", "12 months"), ("12 months", "36 months")]))
    names = (("one", "two"), ("two", "one"))
    catalogues = [
        catalogue(*(draw(controls(number, other)) for number in (1, 2)), id=id_, scheme=Scheme(term=duration(term)))
        for (id_, other), term in zip(names, terms, strict=True)
    ]
    evidence = [
        piece(
            f"E-{number}",
            draw(st.one_of(DAYS, DAYS, DAYS, st.none())),
            kind=draw(st.sampled_from(["report", "scan"])),
            controls=" ".join(
                draw(st.sets(st.sampled_from(["one:1", "one:2", "two:1", "two:2"]), min_size=1, max_size=3))
            ),
            per=draw(st.sampled_from([{}, {}, {"supplier": "Acme"}, {"supplier": "Beta"}])),
            result=draw(st.sampled_from(["pass", "pass", "pass", "fail"])),
            valid_until=draw(st.sampled_from([None, None, date(2027, 2, 1)])) or date(2029, 1, 1),
            **draw(st.sampled_from([{}, {}, {}, {"withdrawn": withdrawn("2026-10-01", "retired")}])),
        )
        for number in range(draw(st.integers(0, 6)))
    ]
    events = [
        *(event("change", str(day), id=f"V-{number}") for number, day in enumerate(draw(st.lists(DAYS, max_size=2)))),
        *(nil_return("change", f"{day}/{ON}") for day in draw(st.lists(DAYS, max_size=1))),
    ]
    accreditations = [
        held(cycle(str(draw(st.dates(date(2026, 1, 1), ON)))), id=f"A-{standard}", standard=standard)
        for standard in ("one", "two")
        if draw(st.booleans())
    ]
    start = draw(st.sampled_from([None, date(2026, 1, 1), date(2026, 10, 1)]))
    scope = Scope(id="corporate", start=start, suppliers=draw(st.sampled_from([(), ("Acme",), ("Acme", "Beta")])))
    policy = draw(st.sampled_from([(), ("report",)]))
    return world(*catalogues, *evidence, *events, *accreditations, scope, review(*policy))


BEFORE = st.none() | st.dates(ON, date(2028, 6, 1))


@settings(deadline=None)
@given(ledger=ledgers(), before=BEFORE)
def test_following_a_plan_leaves_only_what_it_calls_beyond(ledger, before):
    proposed = plan(ledger, ledger.settings.scopes, frozenset(), ON, before)
    likely = {gap for step in proposed.pieces for gap in step.likely}
    open_ = {f"{gap.control.standard}:{gap.control.control}" for gap in (*proposed.beyond, *likely)}
    done = following(ledger, proposed, ON)
    for day, _scope, named, verdict, reason in gaps_on_deadlines(done, ON, before):
        assert named.partition("#")[0] in open_, (day, named, verdict, reason)
    again = plan(done, done.settings.scopes, frozenset(), ON, before)
    promised_likely = {(gap.control, gap.link) for gap in likely}
    promised = promised_likely | {(gap.control, gap.link) for gap in proposed.beyond}
    assert [gap for step in again.pieces for gap in step.closes if (gap.control, gap.link) not in promised] == []
    assert {(gap.control, gap.link) for gap in again.beyond} <= promised
    assert all(step.by >= ON for step in (*proposed.pieces, *proposed.onward))
    assert [gap for step in again.onward for gap in step.closes if (gap.control, gap.link) not in promised_likely] == []
