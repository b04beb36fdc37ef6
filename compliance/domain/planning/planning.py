"""The fewest pieces of evidence that close the most gaps before the next deadline of each standard.

Each standard is judged on the day that it will be looked at next: its submission, audit or expiry. What is a gap then
is to be closed by that day. One piece may close several: whatever rests on a piece that has grown too old is renewed
with it, and a new piece of one kind may serve related controls of other standards that lack the same kind.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

import msgspec

from compliance.domain.ledger.ledger import Ledger
from compliance.domain.ledger.settings import Scope
from compliance.domain.planning.covering import cover
from compliance.domain.planning.open_gaps import Gap, OpenGap, open_gaps
from compliance.domain.standards.catalogue import RelationType
from compliance.domain.standards.crosswalk import Crosswalk
from compliance.domain.standards.expectations import leaves
from compliance.domain.terms.references import Reference
from compliance.domain.terms.verdicts import Verdict
from compliance.domain.terms.vocabulary import Kind

_SURE = {RelationType.EQUAL, RelationType.SUBSET, RelationType.SUPERSET}


class Task(enum.Enum):
    """What has to be done."""

    FILE = "file"
    RENEW = "renew"
    APPROVE = "approve"
    DATE = "date"
    ANSWER = "answer"
    STATE = "state"
    """Say in the events register what happened, or that nothing did."""


class PlanStep(msgspec.Struct, frozen=True, kw_only=True):
    """One thing to do, and the gaps that it closes; of `likely` ones a person has to see whether it does."""

    task: Task
    by: date
    kind: str = ""
    what: str = ""
    subject: str = ""
    """The evidence to renew, approve or date."""
    owner: str = ""
    closes: tuple[Gap, ...] = ()
    likely: tuple[Gap, ...] = ()

    @property
    def count(self) -> int:
        return len(self.closes) + len(self.likely)


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What to do, soonest first; `at_least` is how few pieces any plan for the same gaps would have."""

    pieces: tuple[PlanStep, ...]
    at_least: int
    beyond: tuple[Gap, ...]
    """What no piece can close any more, or what waits for something else than evidence."""

    @property
    def is_fewest(self) -> bool:
        return len(self.pieces) == self.at_least

    @property
    def closed(self) -> int:
        return sum(piece.count for piece in self.pieces)


def plan(ledger: Ledger, scopes: Iterable[Scope], standards: frozenset[str], on: date, before: date | None) -> Plan:
    """The plan for some scopes, as seen from a day; `standards` names the standards, all if none is named.

    With `before`, every standard is judged on that day instead of its own.
    """
    all_gaps = sorted(open_gaps(ledger, scopes, standards, on, before), key=lambda open_gap: open_gap.gap)
    closable = [open_gap for open_gap in all_gaps if open_gap.closable]
    candidates = _candidates(ledger, closable)
    fewest = cover(len(closable), [sure | likely for _, sure, likely in candidates])
    pieces, uncovered = [], set(range(len(closable)))
    for place in fewest.chosen:
        piece, sure, likely = candidates[place]
        closing, maybe = sure & uncovered, likely & uncovered
        uncovered -= closing | maybe
        if closing or maybe:
            gaps = [closable[number].gap for number in sorted(closing | maybe)]
            pieces.append(
                msgspec.structs.replace(
                    piece,
                    by=min(gap.by for gap in gaps),
                    closes=tuple(closable[number].gap for number in sorted(closing)),
                    likely=tuple(closable[number].gap for number in sorted(maybe)),
                )
            )
    return Plan(
        pieces=tuple(
            sorted(pieces, key=lambda piece: (piece.by, -piece.count, piece.task.value, piece.what, piece.subject))
        ),
        at_least=fewest.at_least,
        beyond=tuple(open_gap.gap for open_gap in all_gaps if not open_gap.closable),
    )


_Candidate = tuple[PlanStep, frozenset[int], frozenset[int]]


def _candidates(ledger: Ledger, closable: Sequence[OpenGap]) -> list[_Candidate]:
    """Everything that could be done, with the gaps that it closes for sure and those that it closes likely."""
    evidence = {item.id: item for item in ledger.evidence}
    candidates: list[_Candidate] = []
    resting: dict[tuple[Task, str], list[int]] = {}
    for number, open_gap in enumerate(closable):
        task = _task(open_gap)
        if task in {Task.APPROVE, Task.DATE, Task.RENEW}:
            resting.setdefault((task, open_gap.assessed.judgement.evidence), []).append(number)
        elif task is Task.STATE:
            resting.setdefault((task, open_gap.event_to_state), []).append(number)
        elif task is Task.ANSWER:
            candidates.append(
                (PlanStep(task=task, by=date.max, what=open_gap.gap.what), frozenset({number}), frozenset())
            )
    for (task, subject), numbers in resting.items():
        item = evidence.get(subject)
        kind = item.kind.value if item and item.kind else ""
        owner, title = (item.owner, item.title) if item else ("", "")
        piece = PlanStep(task=task, by=date.max, kind=kind, what=title, subject=subject, owner=owner)
        if task is Task.STATE:
            what = f"every {subject.replace('-', ' ')} of the last year, or that there was none"
            piece = PlanStep(task=task, by=date.max, what=what)
        candidates.append((piece, frozenset(numbers), frozenset()))
    candidates += _new_pieces(ledger, closable)
    return candidates


def _task(open_gap: OpenGap) -> Task:
    verdict, rests_on = open_gap.assessed.judgement.verdict, open_gap.assessed.judgement.evidence
    if open_gap.expectation is None:
        return Task.ANSWER
    if open_gap.event_to_state:
        return Task.STATE
    if verdict in {Verdict.UNAPPROVED, Verdict.CHANGED}:
        return Task.APPROVE
    if verdict is Verdict.UNDATED and rests_on:
        return Task.DATE
    return Task.RENEW if verdict is Verdict.STALE and rests_on else Task.FILE


def _new_pieces(ledger: Ledger, closable: Sequence[OpenGap]) -> Iterator[_Candidate]:
    """For each gap and kind a new piece, with what related controls lack of the same kind in the same scope."""
    crosswalk = Crosswalk(ledger.catalogues)
    by_place: dict[tuple[str, str, Reference], list[int]] = {}
    for number, open_gap in enumerate(closable):
        if _task(open_gap) is Task.FILE:
            by_place.setdefault((open_gap.gap.scope, open_gap.gap.link, open_gap.control), []).append(number)
    related = {
        place: [(route.target, route.type in _SURE) for route in crosswalk.direct(place)]
        for place in {place for _, _, place in by_place}
    }
    for (scope, link, place), numbers in by_place.items():
        for number in numbers:
            wanted = closable[number].expectation
            kinds = dict.fromkeys(kind for leaf in leaves(wanted) for kind in leaf.kinds) if wanted else {}
            for kind in kinds or (None,):
                sure, likely = {number}, set[int]()
                for target, is_sure in related[place]:
                    served = _served(closable, by_place.get((scope, link, target), ()), kind)
                    (sure if is_sure else likely).update(served)
                what = closable[number].gap.what
                piece = PlanStep(task=Task.FILE, by=date.max, kind=kind.value if kind else "", what=what)
                yield piece, frozenset(sure), frozenset(likely - sure)


def _served(closable: Sequence[OpenGap], numbers: Sequence[int], kind: Kind | None) -> list[int]:
    """Of what a related control lacks, the first that takes a piece of the kind: one piece is one thing there, too."""
    for number in numbers:
        wanted = closable[number].expectation
        if wanted and any(leaf.kinds and leaf.takes(kind) for leaf in leaves(wanted)):
            return [number]
    return []
