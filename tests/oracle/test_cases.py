"""The reference by itself: cases whose right answer was written down by hand."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import pytest

from .papers import Accreditation, Demand, Happening, Opinion, Paper, Plan, Round, Span, Table
from .reference import judge

KNOWN = date(2026, 11, 30)
EARLY = date(2023, 1, 1)


def day(text: str) -> date:
    return date.fromisoformat(text)


def span(text: str) -> Span:
    """`3 months` or `14 days`."""
    count, unit = text.split()
    return Span(int(count), unit.rstrip("s"))


def period(text: str) -> tuple[date, date]:
    first, last = text.split("/")
    return day(first), day(last)


def paper(when: str = "", name: str = "", kind: str = "report", **more: Any) -> Paper:
    """A piece of evidence; days as text."""
    for key in ("valid_from", "valid_until", "withdrawn_on", "recorded"):
        if key in more:
            more[key] = day(more[key])
    if "period" in more:
        more["period"] = period(more["period"])
    if "per" in more:
        more["per"] = tuple(more["per"].items())
    return Paper(name or when, kind, day(when) if when else None, **more)


def failed_scan(when: str) -> Paper:
    return paper(when, kind="scan", result="fail")


def retired(when: str, on: str, **more: Any) -> Paper:
    return paper(when, withdrawn="retired", withdrawn_on=on, **more)


def event(when: str) -> Happening:
    return Happening(when, day(when))


def planned(when: str) -> Happening:
    return Happening(when, day(when), planned=True)


def nil_return(text: str, on: str = "") -> Happening:
    return Happening(text, day(on) if on else period(text)[1], period(text))


def max_age(age: str, **more: Any) -> Demand:
    return Demand("e", "max-age", age=span(age), **more)


def every(interval: str, grace: str = "0 days", **more: Any) -> Demand:
    return Demand("e", "every", age=span(interval), grace=span(grace), **more)


def each(slot: str, **more: Any) -> Demand:
    return Demand("e", "each", slot=slot, **more)


def within(length: str, **more: Any) -> Demand:
    return Demand("e", "on", within=span(length), **more)


def before(length: str, then: str = "", **more: Any) -> Demand:
    return Demand("e", "on", within=span(then) if then else None, before=span(length), **more)


def granted(*grants: str, submissions: str = "", target: str = "") -> Accreditation:
    """An accreditation with the days of its grants and, separated by blanks, of its submissions."""
    return Accreditation(
        "A",
        tuple(Round(day(grant)) for grant in grants),
        day(target) if target else None,
        tuple(("submission", day(text)) for text in submissions.split()),
    )


def any_of(*members: Demand) -> Demand:
    named = (replace(member, id=f"e{number}") for number, member in enumerate(members, 1))
    return Demand("e", "any-of", alternatives=tuple(named))


@dataclass(frozen=True)
class Case:
    """A name, what lies on the table, and the answer."""

    name: str
    demand: Demand
    contents: list[Paper | Happening]
    verdict: str
    until: str = ""
    on: str = "2026-11-30"
    starts: date | None = EARLY
    reviewed: str = ""
    items: tuple[str, ...] = ()
    accreditations: tuple[Accreditation, ...] = ()
    known: date = field(default=KNOWN)
    plan: Plan = field(default_factory=Plan)
    ends: date | None = None
    horizon: int = 60

    @property
    def table(self) -> Table:
        papers = tuple(content for content in self.contents if isinstance(content, Paper))
        happenings = tuple(content for content in self.contents if isinstance(content, Happening))
        return Table(
            self.demand,
            papers,
            happenings,
            self.starts,
            frozenset(self.reviewed.split()),
            self.items,
            accreditations=self.accreditations,
            plan=self.plan,
            ends=self.ends,
            horizon=self.horizon,
        )


QUARTERLY = ["2026-02-10", "2026-05-09", "2026-08-08", "2026-11-01"]
GRACED = ["2025-09-01", "2025-11-28", "2026-02-20", "2026-05-24", "2026-08-20", "2026-11-20"]
APPROVED = (Opinion("approved", "reviewer", date(2026, 6, 1)),)
OUTDATED = (Opinion("approved", "reviewer", date(2026, 6, 1), fits=False),)
REFUSED = (Opinion("rejected", "reviewer", date(2026, 6, 1)),)
ACME, BETA = {"supplier": "Acme"}, {"supplier": "Beta"}
SUPPLIERS = {"per": "supplier"}

SUBMITTED = max_age("6 months", judged="submission")
RESCAN = within("30 days", kinds=("scan", "record"), by_fails=True)
SCANNED = paper("2026-08-20", "rescan", kind="scan", result="pass")
RECORDED = paper("2026-08-20", "record", kind="record")
FIRST = Plan(first_needs="procedure")
SOUGHT = granted(target="2026-11-15")

CASES = [
    # Ages and printed ends
    Case("fresh through date and age", max_age("6 months"), [paper("2026-05-30")], "lapsing", "2026-11-30"),
    Case("stale the day after", max_age("6 months"), [paper("2026-05-29")], "stale"),
    Case("nothing", max_age("6 months"), [], "missing"),
    Case("dated later", max_age("6 months"), [paper("2026-12-01")], "missing"),
    Case("another kind", max_age("6 months", kinds=("policy",)), [paper("2026-11-01")], "missing"),
    Case("printed end", max_age("12 months"), [paper("2026-06-10", valid_until="2026-12-05")], "lapsing", "2026-12-05"),
    Case("retirement", max_age("12 months"), [retired("2026-06-10", "2026-12-10")], "lapsing", "2026-12-09"),
    Case("retired", max_age("12 months"), [retired("2026-06-10", "2026-11-30")], "missing"),
    Case("withdrawn as invalid", max_age("12 months"), [paper("2026-06-10", withdrawn="invalid")], "missing"),
    Case("beyond the horizon", max_age("12 months"), [paper("2026-06-10")], "evidenced", "2027-06-10"),
    Case("once", Demand("e", "once"), [paper("2020-06-10")], "evidenced"),
    Case("not yet valid", max_age("12 months"), [paper("2026-06-10", valid_from="2026-12-01")], "missing"),
    Case("undated pass", max_age("12 months"), [paper(recorded="2026-10-01")], "undated"),
    Case("no result", max_age("12 months"), [paper("2026-10-01", kind="scan")], "inconclusive"),
    Case("before the scope begins", max_age("12 months"), [], "missing", on="2022-06-01"),
    # Taking the place of another
    Case(
        "renewed early",
        max_age("24 months"),
        [
            paper("2026-01-01", "old", valid_until="2026-12-31"),
            paper("2026-11-20", valid_from="2027-01-01", supersedes="old", valid_until="2027-12-31"),
        ],
        "evidenced",
        "2027-12-31",
    ),
    Case(
        "a successor that expired took effect",
        max_age("24 months"),
        [paper("2026-01-01", "old"), paper("2026-06-01", supersedes="old", valid_until="2026-09-30")],
        "stale",
    ),
    Case(
        "a retired successor still takes the place",
        max_age("24 months"),
        [paper("2026-01-01", "old"), retired("2026-06-01", "2026-09-30", supersedes="old")],
        "missing",
    ),
    Case(
        "an invalid one does not",
        max_age("24 months"),
        [paper("2026-01-01", "old"), paper("2026-06-01", supersedes="old", withdrawn="invalid")],
        "evidenced",
        "2028-01-01",
    ),
    Case(
        "a draft leaves its predecessor",
        max_age("24 months"),
        [paper("2026-01-01", "old", opinions=APPROVED), paper("2026-06-01", supersedes="old")],
        "evidenced",
        "2028-01-01",
        reviewed="report",
    ),
    Case(
        "a successor for another expectation",
        max_age("24 months"),
        [paper("2026-01-01", "old"), paper("2026-06-01", supersedes="old", expectation="other")],
        "evidenced",
        "2028-01-01",
    ),
    # Series by interval
    Case("four passes", every("3 months"), [paper(when) for when in QUARTERLY], "missed"),
    Case("with an older one", every("3 months"), [paper(when) for when in ["2025-07-01", *QUARTERLY]], "missed"),
    Case(
        "at a scope's start",
        every("12 months", "1 month"),
        [paper("2025-07-19")],
        "due",
        starts=day("2026-01-15"),
    ),
    Case(
        "the day after the grace",
        every("3 months", "3 days"),
        [paper(when) for when in GRACED],
        "evidenced",
        "2027-02-23",
    ),
    Case(
        "a newer pass cuts nothing",
        every("12 months", "14 days"),
        [paper("2025-06-10"), paper("2026-02-10"), paper("2026-05-28", valid_until="2026-06-23")],
        "evidenced",
        "2027-02-24",
    ),
    Case("before the scope begins", every("12 months"), [paper("2022-03-01")], "due", on="2022-06-01"),
    Case(
        "nothing supersedes in a series",
        every("6 months"),
        [paper("2025-11-15"), paper("2026-05-10", "old"), paper("2026-11-10", supersedes="old")],
        "evidenced",
        "2027-05-10",
    ),
    Case(
        "a retired pass carried until then",
        every("6 months"),
        [paper("2025-11-15"), retired("2026-05-10", "2026-11-01"), paper("2026-11-01")],
        "evidenced",
        "2027-05-01",
    ),
    Case("only a retired one", every("12 months"), [retired("2026-02-10", "2026-11-01")], "missed"),
    Case("nothing ever", every("12 months"), [], "missing"),
    Case("young, and nothing filed", every("3 months"), [], "due", starts=day("2026-10-01")),
    Case("after the day known", every("12 months"), [paper("2025-12-01"), paper("2025-06-01")], "due", on="2027-01-10"),
    Case("undated counts as none", every("12 months"), [paper(recorded="2026-06-01")], "missing"),
    # Series by slot
    Case(
        "a period to come",
        each("quarter"),
        [paper("2026-07-01", period="2025-07-01/2027-06-30")],
        "due",
        on="2026-12-31",
    ),
    Case(
        "retirement leaves the past",
        each("quarter"),
        [
            paper("2025-12-01"),
            paper("2026-03-01"),
            retired("2026-06-01", "2026-09-01"),
            paper("2026-08-15"),
            paper("2026-11-01"),
        ],
        "evidenced",
        "2026-12-31",
    ),
    Case(
        "filed late for its quarter",
        each("half-year"),
        [paper("2025-12-01"), paper("2026-07-20", period="2026-01-01/2026-06-30"), paper("2026-11-02")],
        "evidenced",
        "2026-12-31",
    ),
    Case("a hole", each("half-year"), [paper("2025-12-01"), paper("2026-11-02")], "missed"),
    Case("the running slot", each("year"), [paper("2025-12-01")], "due"),
    Case("no slot begun yet", each("year"), [], "due", starts=day("2026-02-01")),
    Case("a slot ended", each("quarter"), [paper("2026-01-10")], "missed", starts=day("2026-01-01"), on="2026-07-15"),
    # Events
    Case(
        "one day for a year",
        within("30 days"),
        [nil_return("2025-12-01/2025-12-01")],
        "missed",
    ),
    Case(
        "one more",
        within("30 days"),
        [nil_return("2025-12-01/2025-12-01"), nil_return("2026-07-01/2026-09-30")],
        "missed",
    ),
    Case(
        "nil returns through their end and a year",
        within("30 days"),
        [nil_return("2024-01-01/2026-06-30")],
        "evidenced",
        "2027-06-30",
    ),
    Case(
        "a fail without an event",
        within("30 days"),
        [nil_return("2024-01-01/2026-06-30"), paper("2026-06-30", kind="test", result="fail")],
        "failed",
    ),
    Case(
        "an answered event",
        within("30 days"),
        [event("2026-09-01"), paper("2026-09-20")],
        "evidenced",
        "2027-09-01",
    ),
    Case("an answer too late", within("30 days"), [event("2026-09-01"), paper("2026-10-02")], "missed"),
    Case("an answer still to come", within("30 days"), [event("2026-11-15")], "due"),
    Case("events before the scope begins", within("30 days"), [], "due", on="2022-06-01"),
    Case("neither event nor nil return", within("30 days"), [paper("2026-06-01")], "missing"),
    Case("a young series of events", within("30 days"), [], "due", starts=day("2026-05-01")),
    Case("screened before", before("3 months"), [event("2026-09-01"), paper("2026-07-01")], "evidenced", "2027-09-01"),
    Case("screened too early", before("3 months"), [event("2026-09-01"), paper("2026-05-31")], "missed"),
    Case("screened afterwards", before("3 months"), [event("2026-09-01"), paper("2026-09-02")], "missed"),
    Case(
        "before and within are one window",
        before("3 months", "7 days"),
        [event("2026-09-01"), paper("2026-09-08")],
        "evidenced",
        "2027-09-01",
    ),
    Case(
        "an event to come, nothing filed yet",
        before("3 months"),
        [nil_return("2024-01-01/2026-06-30"), planned("2026-12-20")],
        "due",
    ),
    Case(
        "an event to come is answered, and speaks for its year",
        before("3 months"),
        [nil_return("2024-01-01/2026-06-30"), planned("2026-12-20"), paper("2026-11-01")],
        "evidenced",
        "2027-12-20",
    ),
    Case(
        "what is filed for another event",
        before("3 months"),
        [nil_return("2024-01-01/2026-06-30"), planned("2026-12-20"), paper("2026-11-01", per={"event": "other"})],
        "due",
    ),
    Case("a failed scan is answered", RESCAN, [failed_scan("2026-08-01"), SCANNED], "evidenced"),
    Case(
        "a failed scan, answered by a record alone",
        RESCAN,
        [failed_scan("2026-08-01"), RECORDED],
        "evidenced",
        "2027-08-01",
    ),
    Case("a failed scan is answered too late", RESCAN, [failed_scan("2026-07-01"), SCANNED], "missed"),
    Case("a failed scan is not answered", RESCAN, [failed_scan("2026-08-30"), SCANNED], "failed"),
    # Occasions
    Case("overdue, today", SUBMITTED, [paper("2026-06-10")], "lapsing", "2026-12-10", accreditations=(SOUGHT,)),
    Case("overdue, next summer", SUBMITTED, [paper("2026-06-10")], "stale", on="2027-06-01", accreditations=(SOUGHT,)),
    Case(
        "a printed end in mid-cycle",
        SUBMITTED,
        [paper("2026-06-10", valid_until="2026-12-05")],
        "lapsing",
        "2026-12-05",
        accreditations=(granted("2026-07-02"),),
    ),
    Case(
        "in date at the submission, through the day before the next",
        SUBMITTED,
        [paper("2026-03-01")],
        "evidenced",
        "2027-07-01",
        accreditations=(granted("2026-07-02"),),
    ),
    Case(
        "a cycle without a submission has its grant",
        max_age("12 months", judged="submission"),
        [paper("2024-06-01")],
        "stale",
        accreditations=(granted("2025-02-01", "2026-02-01", submissions="2025-01-03"),),
    ),
    Case(
        "the worst of several rules",
        SUBMITTED,
        [paper("2026-03-01")],
        "stale",
        accreditations=(granted("2026-07-02"), granted("2026-10-01")),
    ),
    Case(
        "one that ended long ago is asked nothing",
        SUBMITTED,
        [paper("2026-03-01")],
        "evidenced",
        "2027-07-01",
        accreditations=(granted("2026-07-02"), granted("2024-10-01")),
    ),
    Case(
        "slots run on after a renewal",
        each("quarter", anchored=True),
        [paper(when) for when in ["2025-10-01", "2025-12-20", "2026-03-20", "2026-06-20", "2026-09-20"]],
        "evidenced",
        "2026-12-14",
        accreditations=(granted("2025-06-15", "2026-05-20"),),
    ),
    Case(
        "a lapse that the scheme does not restore begins new slots",
        each("quarter", anchored=True),
        [paper("2026-09-20")],
        "evidenced",
        "2026-12-19",
        accreditations=(granted("2025-03-01", "2026-09-20"),),
        plan=Plan(restoration=span("3 months")),
    ),
    Case(
        "within the restoration they run on",
        each("quarter", anchored=True),
        [paper("2026-09-20")],
        "missed",
        accreditations=(granted("2025-03-01", "2026-09-20"),),
        plan=Plan(restoration=span("8 months")),
    ),
    Case(
        "a grant after the day judged begins slots of its own",
        each("quarter", anchored=True),
        [paper("2026-03-10")],
        "evidenced",
        "2026-05-19",
        on="2026-05-02",
        accreditations=(granted("2026-03-01"), granted("2026-05-20")),
    ),
    Case(
        "one withdrawn after the day judged asks for no more slots",
        each("quarter", anchored=True),
        [paper("2026-03-10"), paper("2026-04-25")],
        "evidenced",
        "2026-07-14",
        on="2026-05-10",
        accreditations=(
            Accreditation("A", (Round(day("2026-03-01"), withdrawn=day("2026-06-01")),)),
            granted("2026-04-15"),
        ),
    ),
    Case(
        "withdrawn, nothing is judged by its occasions",
        SUBMITTED,
        [paper("2026-03-01")],
        "stale",
        accreditations=(Accreditation("A", (Round(day("2026-07-02"), withdrawn=day("2026-10-01")),)),),
    ),
    Case(
        "expired for less than the restoration, the occasion is overdue",
        SUBMITTED,
        [paper("2026-03-01")],
        "stale",
        accreditations=(granted("2024-07-02"),),
        plan=Plan(restoration=span("24 months")),
    ),
    Case(
        "granted anew after it had ended, the occasion before that was never held",
        SUBMITTED,
        [paper("2025-08-01")],
        "stale",
        on="2026-03-01",
        accreditations=(granted("2024-04-10", "2026-05-20"),),
    ),
    Case(
        "granted anew before it had ended, the grant is the occasion",
        SUBMITTED,
        [paper("2024-04-01")],
        "lapsing",
        "2026-04-08",
        on="2026-04-01",
        accreditations=(granted("2024-04-10", "2026-04-09"),),
    ),
    # A scheme's first assessment
    Case(
        "the newest pass and a procedure",
        every("3 months"),
        [paper("2026-10-10"), paper("2026-01-10", kind="procedure")],
        "evidenced",
        "2027-01-10",
        plan=FIRST,
        accreditations=(granted(target="2027-06-01"),),
        horizon=30,
    ),
    Case(
        "the newest pass without a procedure",
        every("3 months"),
        [paper("2026-10-10")],
        "missing",
        plan=FIRST,
        accreditations=(granted(target="2027-06-01"),),
    ),
    Case(
        "a procedure without its date",
        every("3 months"),
        [paper("2026-10-10"), paper(kind="procedure", recorded="2026-01-10")],
        "undated",
        plan=FIRST,
        accreditations=(granted(target="2027-06-01"),),
    ),
    Case(
        "a procedure that runs out",
        every("3 months"),
        [paper("2026-10-10"), paper("2026-01-10", kind="procedure", valid_until="2026-12-10")],
        "lapsing",
        "2026-12-10",
        plan=FIRST,
        accreditations=(granted(target="2027-06-01"),),
    ),
    Case(
        "what nothing carries in the last interval",
        every("3 months"),
        [paper("2026-08-10"), paper("2026-01-10", kind="procedure")],
        "missed",
        plan=FIRST,
        accreditations=(granted(target="2027-06-01"),),
    ),
    Case(
        "the slot that ended last, of a first assessment",
        each("quarter"),
        [paper("2026-08-10"), paper("2026-01-10", kind="procedure")],
        "due",
        plan=FIRST,
        accreditations=(granted(target="2027-06-01"),),
    ),
    Case(
        "granted, the series begins with the grant",
        every("3 months"),
        [paper("2026-08-10"), paper("2026-11-02")],
        "evidenced",
        "2027-02-02",
        plan=FIRST,
        accreditations=(granted("2026-08-12"),),
    ),
    Case(
        "withdrawn after the day judged, a procedure is wanted again",
        every("6 months"),
        [paper("2026-04-10")],
        "evidenced",
        "2026-08-31",
        on="2026-06-01",
        plan=FIRST,
        accreditations=(Accreditation("A", (Round(day("2026-04-10"), withdrawn=day("2026-09-01")),)),),
    ),
    Case(
        "a first assessment in a scope that has just begun",
        every("3 months", kinds=("report",)),
        [paper("2026-01-10"), paper("2026-10-10", kind="procedure")],
        "due",
        starts=day("2026-10-20"),
        plan=FIRST,
        accreditations=(granted(target="2027-06-01"),),
    ),
    # Scopes that end
    Case(
        "met on a scope's last day, and for good",
        max_age("6 months"),
        [paper("2026-07-01")],
        "evidenced",
        ends=day("2026-12-20"),
    ),
    Case(
        "run out before a scope's last day",
        max_age("6 months"),
        [paper("2026-07-01")],
        "lapsing",
        "2027-01-01",
        ends=day("2027-01-02"),
    ),
    Case(
        "after a scope's end, as on its last day",
        every("3 months"),
        [paper(when) for when in ["2025-06-30", "2025-09-30", "2025-12-30", "2026-03-30"]],
        "evidenced",
        ends=day("2026-06-30"),
    ),
    Case(
        "what was filed after a scope's end",
        max_age("12 months"),
        [paper("2026-07-01")],
        "missing",
        ends=day("2026-06-30"),
    ),
    # Fails
    Case(
        "an undated fail",
        max_age("12 months"),
        [paper("2026-05-01"), paper(result="fail", recorded="2026-06-01")],
        "failed",
    ),
    Case(
        "an undated fail that is answered",
        max_age("12 months"),
        [paper("2026-06-02"), paper(result="fail", recorded="2026-06-01")],
        "evidenced",
        "2027-06-02",
    ),
    Case(
        "a pass of the same day",
        max_age("12 months"),
        [paper("2026-06-02"), paper("2026-06-02", "f", result="fail")],
        "failed",
    ),
    Case(
        "another target",
        max_age("12 months"),
        [paper("2026-06-03", per=ACME), paper("2026-06-02", result="fail", per=BETA)],
        "failed",
    ),
    Case(
        "a pass that stands no more",
        max_age("3 months"),
        [paper("2026-06-03"), paper("2026-06-02", result="fail")],
        "stale",
    ),
    Case(
        "a refused fail",
        max_age("12 months"),
        [paper("2026-06-03"), paper("2026-07-02", result="fail", opinions=REFUSED)],
        "evidenced",
        "2027-06-03",
    ),
    Case(
        "an answer that waits for approval",
        max_age("12 months"),
        [paper("2026-06-03"), paper("2026-06-02", result="fail")],
        "unapproved",
        reviewed="report",
    ),
    Case(
        "a successor answers a fail only by its date",
        every("12 months"),
        [paper("2025-11-02"), paper("2026-09-02", "f", result="fail"), paper("2026-09-01", supersedes="f")],
        "failed",
    ),
    Case(
        "a fail before the series", every("12 months"), [paper("2022-05-01", result="fail")], "failed", on="2022-06-01"
    ),
    # Chains
    Case(
        "failed is worse",
        max_age("12 months", **SUPPLIERS),
        [paper("2026-06-02", result="fail", per=ACME)],
        "failed",
        items=("Acme", "Beta"),
    ),
    Case(
        "the first end of all chains",
        max_age("12 months", **SUPPLIERS),
        [paper("2025-12-20", per=BETA), paper("2025-12-10", per=ACME)],
        "lapsing",
        "2026-12-10",
        items=("Acme", "Beta"),
    ),
    Case(
        "a fail that names no listed item",
        max_age("12 months", **SUPPLIERS),
        [paper("2026-06-20", per=BETA), paper("2026-06-10", per=ACME), paper("2026-06-01", result="fail")],
        "failed",
        items=("Acme", "Beta"),
    ),
    # Alternatives
    Case(
        "a fail beside what is stale",
        any_of(max_age("3 months", kinds=("report",)), max_age("3 months", kinds=("scan",))),
        [paper("2026-06-01"), paper("2026-10-01", kind="scan", result="fail")],
        "failed",
    ),
    Case(
        "a refusal beside what is stale",
        any_of(max_age("3 months", kinds=("report",)), max_age("3 months", kinds=("policy",))),
        [paper("2026-06-01"), paper("2026-10-01", kind="policy", opinions=REFUSED)],
        "rejected",
    ),
    Case(
        "an alternative is enough",
        any_of(max_age("3 months", kinds=("report",)), max_age("3 months", kinds=("scan",))),
        [paper("2026-11-01"), paper("2026-10-01", kind="scan", result="fail")],
        "evidenced",
        "2027-02-01",
    ),
    Case(
        "the other alternative goes on",
        any_of(max_age("3 months", kinds=("report",)), max_age("12 months", kinds=("policy",))),
        [paper("2026-11-01"), paper("2026-01-31", kind="policy"), paper("2026-10-01", kind="policy")],
        "evidenced",
        "2027-10-01",
    ),
    # Review
    Case("waits for approval", max_age("12 months"), [paper("2026-06-01")], "unapproved", reviewed="report"),
    Case(
        "approved and changed since",
        max_age("12 months"),
        [paper("2026-06-01", opinions=OUTDATED)],
        "changed",
        reviewed="report",
    ),
    Case("refused", max_age("12 months"), [paper("2026-06-01", opinions=REFUSED)], "rejected"),
    Case(
        "refused beside what is stale",
        max_age("3 months"),
        [paper("2026-06-01", opinions=REFUSED), paper("2026-05-01")],
        "stale",
    ),
    Case("too old, approved or not", max_age("3 months"), [paper("2026-06-01")], "stale", reviewed="report"),
    Case(
        "one person's refusal takes back the approval of that time",
        max_age("12 months"),
        [paper("2026-05-01", opinions=(*REFUSED, *APPROVED))],
        "rejected",
        reviewed="report",
    ),
    Case(
        "approved by who recorded it",
        max_age("12 months"),
        [paper("2026-05-01", opinions=(Opinion("approved", "officer", date(2026, 6, 1)),))],
        "unapproved",
        reviewed="report",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_reference_gives_the_answer_that_was_written_down(case: Case) -> None:
    finding = judge(case.table, day(case.on), case.known)
    assert finding.verdict == case.verdict
    assert str(finding.until or "") == case.until
