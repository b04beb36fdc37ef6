"""The verdict of one expectation on one day, worked out day by day and without any cleverness.

Nothing here knows how the product finds a verdict: each rule is written out from the description of the rules alone, so
that the two agree only where both are right.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache

from .counting import ACCEPTED, ALTERED, AWAITING, counted, has_standing_fail, passes, refused, review_of, superseded
from .occasions import anchor, anchored_slots, first_grant, is_first_assessment, last_occasion, live
from .papers import DAY, Demand, Happening, Paper, Span, Table, days

WORDS = (
    "evidenced",
    "lapsing",
    "due",
    "unapproved",
    "changed",
    "stale",
    "undated",
    "inconclusive",
    "missed",
    "missing",
    "rejected",
    "failed",
)
"""The verdicts, best to worst."""

MET = "evidenced"
NO_GAP = {"evidenced", "lapsing", "due"}
FAR = 2600
"""Days after which something is said to hold for good."""

MONTHS = {"month": 1, "quarter": 3, "half-year": 6, "year": 12}


@dataclass(frozen=True)
class Finding:
    """A verdict, and the last day on which what is met now stays so; none where it does not end, or is not met."""

    verdict: str
    until: date | None = None


def judge(table: Table, on: date, known: date) -> Finding:
    """How an expectation stands on a day, as far as is known on another; a scope that ended, as on its last day."""
    on = _in_scope(table, on)
    verdict = _verdict(table, table.demand, on, known)
    if verdict != MET:
        return Finding(verdict)
    until = _last_day(table, on, known)
    near = until is not None and until <= on + timedelta(days=table.horizon)
    if near and not _met_by_slots(table, table.demand, on, known):
        return Finding("lapsing", until)
    return Finding(verdict, until)


def _in_scope(table: Table, day: date) -> date:
    """The day itself, or the scope's last before it: nothing falls due after that, and what was stands."""
    return min(day, table.ends or day)


def worst(verdicts: list[str]) -> str:
    """The verdict that rules where all are asked for."""
    return max(verdicts, key=WORDS.index)


def _verdict(table: Table, demand: Demand, on: date, known: date) -> str:
    """The verdict without `lapsing`."""
    if demand.rule == "any-of":
        return _of_alternatives([_verdict(table, member, on, known) for member in demand.alternatives])
    return worst([_of_chain(table, demand, item, on, known) for item in _items(table, demand)])


def _items(table: Table, demand: Demand) -> tuple[str, ...]:
    return table.items if demand.per else ("",)


def _of_alternatives(verdicts: list[str]) -> str:
    for word in ("evidenced", "due", "failed", "rejected"):
        if word in verdicts:
            return word
    tried = [verdict for verdict in verdicts if verdict != "missing"]
    return min(tried, key=WORDS.index) if tried else "missing"


def _of_chain(table: Table, demand: Demand, item: str, on: date, known: date) -> str:
    """Review comes last: first what stands with what is approved, then what would stand if more were."""
    if _unreviewed(table, demand, item, on, known, ACCEPTED) in NO_GAP:
        return _unreviewed(table, demand, item, on, known, ACCEPTED)
    if _unreviewed(table, demand, item, on, known, AWAITING) in NO_GAP:
        return "unapproved"
    verdict = _unreviewed(table, demand, item, on, known, ALTERED)
    if demand.rule in {"every", "each"} and _series(table, demand, item, on, known, ALTERED) in NO_GAP:
        demand, item = Demand("", "once", kinds=(table.plan.first_needs,)), ""
    if verdict in NO_GAP:
        return "changed"
    if verdict == "missing" and demand.rule != "on" and refused(table, demand, item, on):
        return "rejected"
    return verdict


def _unreviewed(table: Table, demand: Demand, item: str, on: date, known: date, standings: tuple[str, ...]) -> str:
    """The verdict where only pieces with certain review standings count."""
    if has_standing_fail(table, demand, item, on, standings):
        return "failed"
    match demand.rule:
        case "max-age" | "once":
            return _of_candidates(table, demand, item, on, known, standings)
        case "every" | "each":
            verdict = _series(table, demand, item, on, known, standings)
            return _documented(table, verdict, on, known, standings)
    assert demand.rule == "on"
    return _of_events(table, demand, item, on, known, standings)


def _series(table: Table, demand: Demand, item: str, on: date, known: date, standings: tuple[str, ...]) -> str:
    if demand.rule == "every":
        return _of_intervals(table, demand, item, on, known, standings)
    return _of_slots(table, demand, item, on, known, standings)


def _documented(table: Table, verdict: str, on: date, known: date, standings: tuple[str, ...]) -> str:
    """The verdict of a series; in a first assessment the way it is done must be written down as well."""
    plan = table.plan
    if verdict not in NO_GAP or (table.starts and on < table.starts):
        return verdict
    if not is_first_assessment(table.accreditations, plan, on, known):
        return verdict
    written = Demand("", "once", kinds=(plan.first_needs,))
    document = _unreviewed(table, written, "", on, known, standings)
    return verdict if document in NO_GAP else document


def _begins(table: Table, on: date, known: date) -> date | None:
    """The first day of a series: of the scope, of the requirement, or of the first assessment, the latest."""
    granted = first_grant(table.accreditations, table.plan, on, known) if table.plan.first_needs else None
    return max((day for day in (table.starts, granted) if day), default=None)


def _of_candidates(table: Table, demand: Demand, item: str, on: date, known: date, standings: tuple[str, ...]) -> str:
    """The best candidate; where ages are judged at an occasion, for each accreditation, and the worst rules."""
    ages: list[date] = [on]
    if demand.rule == "max-age" and demand.judged != "always":
        accreditations = live(table.accreditations, table.plan, on, known)
        ages = [last_occasion(accreditation, table.plan, on, known) or on for accreditation in accreditations] or ages
    return worst([_best_candidate(table, demand, item, on, aged, standings) for aged in ages])


def _best_candidate(table: Table, demand: Demand, item: str, on: date, aged: date, standings: tuple[str, ...]) -> str:
    """The best candidate on a day, its age looked at on another."""
    verdicts = []
    for paper in counted(table, demand, item, on, standings):
        if paper.retired and paper.retired <= on:
            continue
        if paper.valid_from and paper.valid_from > on:
            continue
        if superseded(table, demand, item, paper, on, standings):
            continue
        if not paper.passes:
            verdicts.append("inconclusive")
        elif paper.date is None:
            verdicts.append("undated")
        elif (paper.valid_until and paper.valid_until < on) or (
            demand.rule == "max-age" and demand.age.after(paper.date) < aged
        ):
            verdicts.append("stale")
        else:
            verdicts.append(MET)
    return min(verdicts, key=WORDS.index, default="missing")


@lru_cache(maxsize=64)
def _carried_days(papers: tuple[Paper, ...], demand: Demand) -> set[date]:
    """Every day that some pass carries under `every`."""
    carried: set[date] = set()
    for paper in papers:
        assert paper.date
        end = demand.grace.after(demand.age.after(paper.date))
        if paper.valid_until:
            end = min(end, paper.valid_until)
        if paper.retired:
            end = min(end, paper.retired - DAY)
        carried.update(days(paper.begins, end))
    return carried


def _of_intervals(table: Table, demand: Demand, item: str, on: date, known: date, standings: tuple[str, ...]) -> str:
    begins = _begins(table, on, known)
    if begins and on < begins:
        return "due"
    filed = passes(table, demand, item, on, standings)
    carried = _carried_days(tuple(filed), demand)
    begun: set[date] = set()
    if begins:
        begun.update(days(begins, demand.grace.after(demand.age.after(begins))))
    window = _window(demand, begins, on)
    if is_first_assessment(table.accreditations, table.plan, on, known):
        window = min(on, known)
    holes = [day for day in days(window, on) if day not in carried and day not in begun]
    if any(day <= known for day in holes):
        return "missed" if filed else "missing"
    return MET if on in carried else "due"


def _window(demand: Demand, begins: date | None, on: date) -> date:
    first = demand.over.ahead_of(on)
    return max(first, begins) if begins else first


def slot_of(day: date, slot: str) -> tuple[date, date]:
    """The first and last day of the calendar slot in which a day lies."""
    length = MONTHS[slot]
    first = date(day.year, (day.month - 1) // length * length + 1, 1)
    month = first.month + length
    return first, date(first.year + (month - 1) // 12, (month - 1) % 12 + 1, 1) - DAY


def _covers(paper: Paper, slot: tuple[date, date]) -> bool:
    first, last = slot
    assert paper.date
    if paper.period is None:
        return first <= paper.date <= last
    begin, end = paper.period[0], min(paper.period[1], paper.date)
    if begin > end:
        return False
    return (begin <= first and last <= end) or first <= end <= last


def _of_slots(table: Table, demand: Demand, item: str, on: date, known: date, standings: tuple[str, ...]) -> str:
    """Slots of the calendar, or of each accreditation's own, of which the worst rule."""
    if not demand.anchored:
        return _of_these_slots(table, demand, item, on, known, standings, None)
    accreditations = live(table.accreditations, table.plan, on, known) or table.accreditations
    anchors = [anchor(accreditation, table.plan, on) for accreditation in accreditations]
    hoped_for = [each.rounds[0].granted if each.rounds else each.target for each in table.accreditations]
    starts = [start for start in anchors if start] or [start for start in hoped_for if start]
    if not starts:
        return "missing"
    return worst([_of_these_slots(table, demand, item, on, known, standings, start) for start in starts])


def _of_these_slots(
    table: Table, demand: Demand, item: str, on: date, known: date, standings: tuple[str, ...], start: date | None
) -> str:
    begins = _begins(table, on, known)
    if begins and on < begins:
        return "due"
    window = _window(demand, begins, on)
    filed = passes(table, demand, item, on, standings)
    if start is None:
        asked = {slot_of(day, demand.slot) for day in days(window, on)}
    else:
        asked = {slot for slot in anchored_slots(start, MONTHS[demand.slot], on) if slot[1] >= window}
    owed = [slot for slot in asked if not (begins and slot[0] < begins)]
    bare = [slot for slot in owed if not any(_covers(paper, slot) for paper in filed)]
    if is_first_assessment(table.accreditations, table.plan, on, known):
        ended = [slot for slot in owed if slot[1] < min(on, known)]
        newest = max([slot for slot in owed if slot not in bare] + ended, default=(date.min, date.min))
        bare = [slot for slot in bare if slot >= newest]
    if any(last < min(on, known) for _, last in bare):
        return "missed" if filed else "missing"
    running = any(first <= on <= last for first, last in owed)
    return "due" if bare or not running else MET


def _of_events(table: Table, demand: Demand, item: str, on: date, known: date, standings: tuple[str, ...]) -> str:
    starts = _begins(table, on, known)
    if starts and on < starts:
        return "due"
    took_place = [happening for happening in table.happenings if not happening.cancelled]
    happenings = [happening for happening in took_place if happening.on <= on]
    filed = passes(table, demand, item, on, standings)
    if demand.by_fails:
        return _of_fails(table, demand, starts, on, known, filed)
    verdicts = [MET]
    to_come = [happening for happening in took_place if happening.on > on and happening.planned]
    for event in (*happenings, *(to_come if demand.before else [])):
        if event.period is None and event.on >= (starts or event.on) and on <= demand.over.after(event.on):
            first = demand.before.ahead_of(event.on) if demand.before else event.on
            last = demand.within.after(event.on) if demand.within else event.on
            if not any(paper.date and first <= paper.date <= last for paper in filed if _may_answer(paper, event)):
                verdicts.append("due" if last >= min(on, known) else "missed")
    return _spoken_for(happenings, demand, starts, on, known, verdicts)


def _spoken_for(
    happenings: list[Happening], demand: Demand, starts: date | None, on: date, known: date, answered: list[str]
) -> str:
    """The worst of the answers, and of whether somebody spoke for every day."""
    earliest = demand.over.ahead_of(demand.over.ahead_of(on))
    if not any(_lies_in(happening, earliest, on) for happening in happenings):
        young = starts and min(on, known) < demand.over.after(starts)
        return "due" if young else "missing"
    ripe = [demand.over.after(day) for day in _unspoken_days(happenings, demand, starts, earliest, on)]
    return worst([*answered, *("missed" if day <= known else "due" for day in ripe)])


def _of_fails(table: Table, demand: Demand, starts: date | None, on: date, known: date, filed: list[Paper]) -> str:
    """Each failed scan is an event that a later pass for the same answers; with passing scans no nil return is due."""
    fails = [
        fail
        for fail in table.papers
        if fail.kind == "scan" and fail.fails and fail.date and fail.date <= on
        if review_of(fail, table.reviewed) != "rejected"
    ]
    verdicts = [MET]
    for fail in fails:
        assert fail.date
        last = demand.within.after(fail.date) if demand.within else fail.date
        answers = [paper for paper in filed if paper.date and fail.date < paper.date <= last and paper.per == fail.per]
        if fail.date >= (starts or fail.date) and on <= demand.over.after(fail.date) and not answers:
            verdicts.append("due" if last >= min(on, known) else "missed")
    if any(paper.kind == "scan" for paper in filed):
        return worst(verdicts)
    events = tuple(Happening(fail.id, fail.date) for fail in fails if fail.date)
    return _spoken_for(list(events), demand, starts, on, known, verdicts)


def _may_answer(paper: Paper, event: Happening) -> bool:
    """Whether a piece names this event, or none."""
    return dict(paper.per).get("event", event.id) == event.id


def _lies_in(happening: Happening, first: date, last: date) -> bool:
    return first <= happening.on <= last


def _unspoken_days(
    happenings: list[Happening], demand: Demand, starts: date | None, earliest: date, on: date
) -> Iterator[date]:
    """The days that had their time, and for which neither an event nor a nil return speaks."""
    events = [happening.on for happening in happenings if happening.period is None]
    recent = [day for day in events if day >= earliest]
    first = max([earliest] + ([starts] if starts else []) + ([demand.over.ahead_of(min(recent))] if recent else []))
    spoken = _spoken_days(tuple(happenings), demand.over)
    for day in days(first, demand.over.ahead_of(on) + 3 * DAY):
        if day not in spoken and demand.over.after(day) <= on:
            yield day


@lru_cache(maxsize=64)
def _spoken_days(happenings: tuple[Happening, ...], over: Span) -> set[date]:
    """Every day with an event on it or within `over` after it, or in a nil return's period as far as its own date."""
    spoken: set[date] = set()
    for happening in happenings:
        if happening.period:
            spoken.update(days(happening.period[0], min(happening.period[1], happening.on)))
        else:
            early = happening.on - timedelta(days=800)
            spoken.update(day for day in days(early, happening.on) if happening.on <= over.after(day))
    return spoken


# How long


def _last_day(table: Table, on: date, known: date) -> date | None:
    """The last day without a break on which what is on file by the day judged meets the expectation."""
    filed = replace(
        table,
        papers=tuple(paper for paper in table.papers if (paper.date or paper.recorded) <= on),
        happenings=tuple(happening for happening in table.happenings if happening.on <= on or happening.planned),
    )
    for number in range(1, FAR):
        day = on + timedelta(days=number)
        if _in_scope(table, day) < day:
            return None
        if not _met(filed, filed.demand, day, known):
            return day - DAY
    return None


def _met(table: Table, demand: Demand, day: date, known: date) -> bool:
    """Whether the expectation is met on a day by what is accepted."""
    if demand.rule == "any-of":
        return any(_met(table, member, day, known) for member in demand.alternatives)
    return all(_unreviewed(table, demand, item, day, known, ACCEPTED) == MET for item in _items(table, demand))


def _met_by_slots(table: Table, demand: Demand, on: date, known: date) -> bool:
    if demand.rule == "any-of":
        return any(
            _met_by_slots(table, member, on, known) and _verdict(table, member, on, known) == MET
            for member in demand.alternatives
        )
    return demand.rule == "each"
