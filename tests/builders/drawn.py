"""One expectation drawn at random: its pieces in every state, events, nil returns, certificates in their cycles."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import msgspec
from hypothesis import strategies as st

from compliance.domain.ledger.records import Evidence
from compliance.domain.registers.certificates.accreditation import Accreditation
from compliance.domain.registers.events import Event
from compliance.domain.standards.catalogue import Catalogue
from compliance.domain.terms.verdicts import Judgement

from .ledgers import (
    altered,
    any_of,
    approved,
    catalogue,
    control,
    cycle,
    event,
    expects,
    held,
    judgement,
    nil_return,
    piece,
    rejected,
    review,
    scheme,
    scope,
    step,
    withdrawn,
    world,
)

DAYS = st.dates(date(2025, 1, 1), date(2027, 6, 1))
LATER = st.dates(date(2026, 1, 2), date(2027, 6, 1))
"""Days to judge: after that on which undated pieces were recorded."""
AGES = ("max-age 6 months", "max-age 90 days", "once")
INTERVALS = ("every 3 months", "every 1 month grace 5 days", "every 6 months grace 1 month")
SLOTS = ("each quarter", "each month", "each half-year")
EVENTS = ("on change within 30 days", "on change within 3 months", "on starter before 3 months")
PACES = {"1 month": 30, "each month": 28, "3 months": 89, "each quarter": 90, "6 months": 180, "each half-year": 180}
"""About how many days lie between two pieces of a series."""
SCHEME = scheme(step("submission", role="submission", before="expiry", lead="1 month"), term="12 months")


class Drawn(msgspec.Struct, frozen=True, kw_only=True):
    """One expectation with what is on file for it; scans need review.

    `at_submission`: its age, or that of one of its alternatives, counts at submissions.
    """

    catalogue: Catalogue
    rule: str
    at_submission: bool = False
    starts: date | None = None
    pieces: tuple[Evidence, ...] = ()
    events: tuple[Event, ...] = ()
    accreditations: tuple[Accreditation, ...] = ()

    def by(self, day: date) -> Drawn:
        """What of it is dated by a day, grants included; what is planned for later is known beforehand."""
        return altered(
            self,
            pieces=tuple(item for item in self.pieces if item.date is None or item.date <= day),
            events=tuple(happening for happening in self.events if happening.date <= day or happening.planned),
            accreditations=tuple(
                altered(certificate, cycles=tuple(run for run in certificate.cycles if run.granted <= day))
                for certificate in self.accreditations
            ),
        )

    def also(self, *pieces: Evidence) -> Drawn:
        """The same with more pieces."""
        return altered(self, pieces=(*self.pieces, *pieces))

    def lived(self, day: date, since: date) -> Judgement:
        """How the expectation stands on a day that has come, where nothing was recorded since another.

        A submission that was to come then is overdue by now, unless it is taken as held: it is where ages depend on it.
        """
        return self.judged(day, since if self.at_submission else day)

    def judged(self, on: date, known: date) -> Judgement:
        """How the expectation stands, nothing being announced ahead."""
        within = scope(start=str(self.starts) if self.starts else None)
        ledger = world(self.catalogue, within, review("scan"), *self.pieces, *self.events, *self.accreditations)
        return judgement(ledger, on=on, known=known, horizon=timedelta(0))


@st.composite
def drawn(draw: st.DrawFn, rules: tuple[str, ...] = (*AGES, *INTERVALS, *SLOTS, *EVENTS)) -> Drawn:
    """An expectation by one of the rules, or (if there are several) by either of two, and what is on file for it."""
    wanted = draw(st.sampled_from(rules))
    judged = draw(st.sampled_from(["always", "submission"])) if wanted.startswith("max-age") else "always"
    expectation = expects(wanted, judged=judged)
    if len(rules) > 1 and draw(st.integers(0, 5)) == 0:
        wanted = "any-of"
        expectation = any_of(expectation, expects(draw(st.sampled_from(rules)), id="other"))
    standard = catalogue(control("1", expectation), scheme=SCHEME)
    return Drawn(
        catalogue=standard,
        rule=wanted,
        at_submission=judged == "submission",
        starts=draw(st.none() | DAYS),
        pieces=tuple(draw(_piece(standard, number, day)) for number, day in enumerate(draw(_dates(wanted)))),
        events=tuple(draw(st.lists(happenings(), max_size=4, unique_by=lambda happening: happening.id))),
        accreditations=tuple(draw(certificates(number)) for number in range(draw(st.integers(0, 2)))),
    )


@st.composite
def _dates(draw: st.DrawFn, wanted: str) -> list[date]:
    """A few days anywhere; of a series most often a walk that keeps its pace, or nearly."""
    paces = {word: days for word, days in PACES.items() if word in wanted}
    if not paces or draw(st.integers(0, 3)) == 0:
        return draw(st.lists(DAYS, max_size=6))
    day = draw(st.dates(date(2025, 1, 1), date(2025, 9, 1)))
    walk = []
    while day < date(2026, 12, 1):
        walk.append(day)
        day += timedelta(days=min(paces.values()) - draw(st.sampled_from([0, 0, 2, 5, 9, -4])))
    return walk


@st.composite
def _piece(draw: st.DrawFn, standard: Catalogue, number: int, day: date) -> Evidence:
    """A piece that most often passes, and now and then has an end, a period, a review or a successor."""
    kind = draw(st.sampled_from(["report", "report", "scan"]))
    fields: dict[str, Any] = {"kind": kind, "result": draw(st.sampled_from([*["pass"] * 9, "fail"]))}
    match draw(st.integers(0, 19)):
        case 0:
            fields["valid_until"] = day + timedelta(days=draw(st.integers(0, 400)))
        case 1:
            fields["valid_from"] = day + timedelta(days=draw(st.integers(1, 100)))
        case 2:
            fields["withdrawn"] = withdrawn(str(day + timedelta(days=draw(st.integers(0, 300)))), "retired")
        case 3:
            fields["withdrawn"] = withdrawn(str(day + timedelta(days=5)))
        case 4:
            fields["period"] = f"{day - timedelta(days=draw(st.integers(0, 200)))}/{day}"
        case 5:
            fields["supersedes"] = f"E-{draw(st.integers(0, 5))}"
        case 6:
            fields["result"] = "inconclusive"
    undated = draw(st.integers(0, 19)) == 0 and "period" not in fields
    item = piece(f"E-{number}", None if undated else day, **fields)
    match draw(st.integers(0, 19)):
        case 0:
            return rejected(item)
        case 1:
            return altered(approved(item, standard), sha256="other")
        case 2:
            return item
    return approved(item, standard)


@st.composite
def happenings(draw: st.DrawFn) -> Event:
    """A change or a starter, some of whom are only planned, or a statement that there was none in a period."""
    day = draw(DAYS)
    type_ = draw(st.sampled_from(["change", "starter"]))
    if draw(st.booleans()):
        return event(type_, str(day), planned=type_ == "starter" and draw(st.booleans()))
    start = day - timedelta(days=draw(st.integers(0, 400)))
    return nil_return(type_, f"{start}/{day}", str(day + timedelta(days=draw(st.integers(-20, 20)))))


@st.composite
def certificates(draw: st.DrawFn, number: int) -> Accreditation:
    """A certificate of one to three cycles, renewed early, in time or late, or one that is only sought."""
    if draw(st.integers(0, 5)) == 0:
        return held(id=f"A-{number}", target=str(draw(DAYS)))
    granted = draw(st.dates(date(2023, 6, 1), date(2026, 12, 1)))
    cycles = []
    for _ in range(draw(st.integers(1, 3))):
        cycles.append(cycle(str(granted)))
        granted += timedelta(days=365 + draw(st.integers(-40, 40)))
    return held(*cycles, id=f"A-{number}")
