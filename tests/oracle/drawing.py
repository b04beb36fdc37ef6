"""Small ledgers drawn at random: for each control one expectation, with the papers that may or may not meet it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from .certificates import draw_accreditations, draw_plan
from .papers import DAY, YEAR, Accreditation, Demand, Happening, Opinion, Paper, Plan, Span, Table

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
KNOWN = date(2026, 11, 30)
KINDS = ("policy", "report", "scan", "test", "record", "certificate")
SUPPLIERS = ("Acme", "Beta")
AGES = (Span(3, "month"), Span(6, "month"), Span(12, "month"), Span(24, "month"), Span(90, "day"))
INTERVALS = (Span(1, "month"), Span(3, "month"), Span(6, "month"), Span(12, "month"))
GRACES = (Span(0, "day"), Span(0, "day"), Span(3, "day"), Span(14, "day"), Span(1, "month"))


@dataclass(frozen=True)
class Draw:
    """One workspace: its tables by control, the day that is today, and the days to judge."""

    seed: int
    tables: dict[str, Table]
    known: date
    days: tuple[date, ...]
    starts: date | None
    ends: date | None
    succeeds: bool
    reviewed: frozenset[str]
    accreditations: tuple[Accreditation, ...]
    plan: Plan


def draw(seed: int, count: int, *, results: bool = False) -> Draw:
    """A workspace of so many controls; `results`: whether pieces without a result may be drawn where one is wanted."""
    chance = Random(seed)
    starts = chance.choice([None, date(2023, 1, 1), date(2025, 3, 10), date(2026, 2, 1)])
    ends = KNOWN + timedelta(days=chance.choice([-400, -150, -1, 0, 40])) if chance.random() < 0.3 else None
    if starts and ends and ends <= starts:
        ends = None
    reviewed = frozenset(chance.choice([(), ("policy",), ("policy", "scan"), ("report", "record", "test")]))
    plan = draw_plan(chance)
    accreditations = draw_accreditations(chance, plan, KNOWN)
    drawer = _Drawer(chance, starts, reviewed, results, plan.first_needs if accreditations else "")
    tables = {
        f"C.{number}": replace(drawer.table(bool(accreditations)), ends=ends, accreditations=accreditations, plan=plan)
        for number in range(1, count + 1)
    }
    succeeds = bool(starts) and chance.random() < 0.5
    days = _days(chance, tables) if ends is None else tuple(sorted({*_days(chance, tables), ends, ends + DAY}))
    return Draw(seed, tables, KNOWN, days, starts, ends, succeeds, reviewed, accreditations, plan)


def _days(chance: Random, tables: dict[str, Table]) -> tuple[date, ...]:
    """The day known, one before and one after, and one on which something is likely to end."""
    ends = []
    for table in tables.values():
        for paper in table.papers:
            if paper.date and table.demand.rule in {"max-age", "every"}:
                end = table.demand.grace.after(table.demand.age.after(paper.date))
                ends += [end, end + DAY]
            ends += [day for day in (paper.valid_until, paper.withdrawn_on) if day]
    near = [day for day in ends if abs(day - KNOWN) < timedelta(days=400)]
    chosen = {KNOWN}
    for _ in range(2):
        chosen |= {KNOWN - timedelta(days=chance.randint(1, 300)), KNOWN + timedelta(days=chance.randint(1, 300))}
        chosen.add(chance.choice(near) if near else KNOWN)
    return tuple(sorted(chosen))


class _Drawer:
    """Draws one table after another from one source of chance."""

    def __init__(
        self, chance: Random, starts: date | None, reviewed: frozenset[str], results: bool, needed: str
    ) -> None:
        self.chance = chance
        self.starts = starts
        self.reviewed = reviewed
        self.results = results
        self.needed = needed
        self.names = 0

    def table(self, accredited: bool) -> Table:
        """An expectation with its papers and happenings; where there is an accreditation, it may be judged by it."""
        demand = self._demand()
        if demand.rule == "max-age" and self.chance.random() < 0.6:
            demand = replace(demand, judged="submission")
        if demand.rule == "each" and accredited and self.chance.random() < 0.4:
            demand = replace(demand, anchored=True)
        starts = self.starts
        if demand.rule in {"every", "each", "on"} and self.chance.random() < 0.3:
            first_due = KNOWN - timedelta(days=self.chance.randint(-60, 700))
            starts = max(first_due, starts or first_due)
        if demand.rule == "on" and self.chance.random() < 0.25:
            demand = replace(
                demand, kinds=("scan", "record"), by_fails=True, within=Span(30, "day"), before=None, per=""
            )
        happenings = self._happenings(demand) if demand.rule == "on" and not demand.by_fails else ()
        papers = self._scans(demand) if demand.by_fails else self._papers(demand, happenings)
        if self.needed and self.chance.random() < 0.8:
            written = Demand(demand.id, "once", kinds=(self.needed,))
            papers = (*papers, replace(self._paper(written, self._somewhere(), "", False), expectation=""))
        items = SUPPLIERS if demand.per else ()
        return Table(demand, papers, happenings, starts, self.reviewed, items)

    def identifier(self) -> str:
        return "".join(self.chance.choices(ALPHABET, k=8))

    def _demand(self, *, nested: bool = False) -> Demand:
        chance = self.chance
        rules = ["max-age", "max-age", "every", "every", "every", "each", "each", "on", "on", "once"]
        rule = chance.choice(rules if nested else [*rules, "any-of"])
        kinds = tuple(chance.sample(KINDS, chance.choice([1, 1, 2])))
        self.names += 1
        name = f"e{self.names}"
        if rule == "any-of":
            return Demand(name, rule, alternatives=tuple(self._demand(nested=True) for _ in range(2)))
        before = chance.choice([Span(1, "month"), Span(3, "month")]) if rule == "on" and chance.random() < 0.3 else None
        within = chance.choice([Span(10, "day"), Span(30, "day"), Span(3, "month")])
        return Demand(
            name,
            rule,
            kinds,
            age=chance.choice(AGES if rule == "max-age" else INTERVALS),
            grace=chance.choice(GRACES) if rule == "every" else Span(0, "day"),
            slot=chance.choice(["month", "quarter", "half-year", "year"]),
            over=chance.choice([YEAR, YEAR, YEAR, Span(24, "month")]),
            within=None if before and chance.random() < 0.6 else within,
            before=before,
            per="supplier" if not nested and chance.random() < 0.15 else "",
        )

    def _somewhere(self, back: int = 800, ahead: int = 60) -> date:
        return KNOWN - timedelta(days=self.chance.randint(-ahead, back))

    def _happenings(self, demand: Demand) -> tuple[Happening, ...]:
        chance = self.chance
        drawn = [
            Happening(f"V-{self.identifier()}", self._somewhere(ahead=0)) for _ in range(chance.choice([0, 0, 1, 1, 2]))
        ]
        if demand.before and chance.random() < 0.5:
            drawn += [self._planned() for _ in range(chance.choice([1, 1, 2]))]
        last = self._somewhere(1100, -400)
        for _ in range(chance.choice([0, 0, 1, 2, 3, 4])):
            first = last + timedelta(days=chance.choice([1, 1, 1, 2, 20, -30]))
            last = first + timedelta(days=chance.choice([0, 29, 180, 364, 364, 364]))
            on = last + timedelta(days=chance.choice([0, 0, 5, -10]))
            if max(on, first) <= KNOWN:
                drawn.append(Happening(f"V-{self.identifier()}", max(on, first), (first, last)))
        return tuple(drawn)

    def _planned(self) -> Happening:
        """An event to come, or one whose day came and nobody said what became of it; some moved, some cancelled."""
        chance = self.chance
        event = Happening(f"V-{self.identifier()}", self._somewhere(40, 150), planned=True)
        if chance.random() < 0.3:
            event = replace(event, was=event.on + timedelta(days=chance.choice([-40, -5, 20])))
        if chance.random() < 0.25:
            event = replace(event, cancelled=KNOWN - timedelta(days=chance.randint(0, 60)))
        return event

    def _papers(self, demand: Demand, happenings: tuple[Happening, ...]) -> tuple[Paper, ...]:
        papers: list[Paper] = []
        for member in demand.alternatives or (demand,):
            for item in SUPPLIERS if member.per else ("",):
                dates = self._dates(member, happenings)
                papers += [self._paper(member, day, item, bool(demand.alternatives)) for day in dates]
        events = [happening.id for happening in happenings if happening.period is None]
        if demand.before and events:
            papers = [self._naming(paper, events) for paper in papers]
        return tuple(self._related(papers))

    def _scans(self, demand: Demand) -> tuple[Paper, ...]:
        """Scans, of which some failed, and what was filed after those."""
        chance, papers = self.chance, list[Paper]()
        for _ in range(chance.choice([0, 1, 2, 3])):
            day, target = self._somewhere(), chance.choice(((), (), (("supplier", "Acme"),)))
            result = chance.choice(["pass", "fail", "fail"])
            scans = [Paper(f"E-{self.identifier()}", "scan", day, result, recorded=day, per=target)]
            if result == "fail" and chance.random() < 0.8:
                later = day + timedelta(days=chance.choice([1, 5, 10, 25, 30, 31, 60]))
                kind = chance.choice(["scan", "scan", "record"])
                scans.append(Paper(f"E-{self.identifier()}", kind, later, "pass", recorded=later, per=target))
            if chance.random() < 0.05:
                scans[0] = replace(scans[0], date=None)
            papers += [self._reviewed(scan) for scan in scans]
        return tuple(papers)

    def _naming(self, paper: Paper, events: list[str]) -> Paper:
        """The same piece, now and then for one event alone."""
        if self.chance.random() < 0.6:
            return paper
        return replace(paper, per=(*paper.per, ("event", self.chance.choice(events))))

    def _dates(self, demand: Demand, happenings: tuple[Happening, ...]) -> list[date]:
        chance = self.chance
        if demand.rule == "on":
            events = [happening.on for happening in happenings if happening.period is None]
            delays = [0, 5, 10, 25, 30, 31, 60]
            if demand.before:
                delays += [-1, -28, -31, -60, -89, -93]
            answers = [day + timedelta(days=chance.choice(delays)) for day in events]
            return [day for day in answers if chance.random() < 0.8]
        if demand.rule in {"every", "each"} and chance.random() < 0.7:
            step: Callable[[date], date] = demand.age.after
            if demand.rule == "each":
                step = Span({"month": 1, "quarter": 3, "half-year": 6, "year": 12}[demand.slot], "month").after
            late = chance.choice([6, 6, 6, 8, 12])
            day = self._somewhere(1100, -500)
            walk = []
            while day < KNOWN + timedelta(days=10) and len(walk) < 40:
                walk.append(day)
                day = step(day) + timedelta(days=chance.choice([0, 0, 0, -3, -3, -10, 1, 2, 3, 4, 14, 15][:late]))
            return [day for day in walk if chance.random() < 0.985]
        return [self._somewhere() for _ in range(chance.choice([0, 1, 1, 2, 2, 3]))]

    def _paper(self, demand: Demand, day: date, item: str, nested: bool) -> Paper:
        chance = self.chance
        kind = chance.choice(demand.kinds) if chance.random() < 0.98 else chance.choice(KINDS)
        series = demand.rule in {"every", "each", "on"}
        result = "pass" if kind in {"scan", "test"} else chance.choice(["", "", "pass"])
        if chance.random() < (0.05 if series else 0.12):
            result = chance.choice(["fail", "fail", "conditional"])
        elif self.results and chance.random() < 0.08:
            result = "inconclusive"
        paper = Paper(
            f"E-{self.identifier()}",
            kind,
            day,
            result,
            recorded=day + timedelta(days=chance.randint(0, 20)),
            expectation=demand.id if nested or chance.random() < 0.3 else "",
            per=(("supplier", item),) if item and chance.random() < 0.97 else (),
        )
        if series and chance.random() < 0.5:
            return self._reviewed(paper)
        return self._reviewed(self._marred(demand, paper))

    def _marred(self, demand: Demand, paper: Paper) -> Paper:
        chance = self.chance
        assert paper.date
        if demand.rule == "each" and chance.random() < 0.3:
            first = paper.date - timedelta(days=chance.choice([10, 80, 100, 200]))
            paper = replace(paper, period=(first, paper.date + timedelta(days=chance.choice([0, 0, -5, 90]))))
        draw = chance.random()
        if draw < 0.08:
            paper = replace(paper, valid_until=paper.date + timedelta(days=chance.choice([20, 100, 300, 700])))
        elif draw < 0.13:
            paper = replace(paper, valid_from=paper.date + timedelta(days=chance.choice([10, 60, 200])))
        elif draw < 0.21:
            retired = paper.date + timedelta(days=chance.choice([1, 30, 150, 400]))
            paper = replace(paper, withdrawn="retired", withdrawn_on=retired)
        elif draw < 0.24:
            paper = replace(paper, withdrawn="invalid", withdrawn_on=paper.date + timedelta(days=40))
        elif draw < 0.28 and paper.period is None:
            paper = replace(paper, date=None)
        elif draw < 0.30:
            paper = replace(paper, scope="elsewhere")
        return paper

    def _reviewed(self, paper: Paper) -> Paper:
        chance = self.chance
        opinions: list[Opinion] = []
        day = paper.recorded
        if paper.kind in self.reviewed:
            draw = chance.random()
            if draw < 0.85:
                opinions.append(Opinion("approved", "reviewer", day + timedelta(days=3), draw < 0.8))
            elif draw < 0.9:
                opinions.append(Opinion("approved", "officer", day + timedelta(days=3)))
        if not paper.withdrawn and chance.random() < 0.05:
            later = day + timedelta(days=chance.choice([1, 3, 5]))
            opinions.append(Opinion("rejected", chance.choice(["reviewer", "auditor"]), later))
        return replace(paper, opinions=tuple(opinions))

    def _related(self, papers: list[Paper]) -> list[Paper]:
        """Some pieces take the place of an earlier one."""
        ordered = sorted(papers, key=lambda paper: (paper.date or paper.recorded, paper.id))
        for number in range(1, len(ordered)):
            if self.chance.random() < 0.12:
                before = self.chance.choice(ordered[:number])
                ordered[number] = replace(ordered[number], supersedes=before.id)
        return ordered
