"""The evidence that the registers' records name: whether it is there, and was live when it was to serve."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any

from compliance.domain.assessment.pieces import PieceStandings, PieceState
from compliance.domain.ledger.ledger import Ledger
from compliance.domain.ledger.records import Evidence
from compliance.domain.registers.parts.faults import Fault, warning
from compliance.domain.registers.parts.register import NamedEvidence, Register
from compliance.domain.terms.vocabulary import Result
from compliance.problems import Severity

_ENDED = {
    PieceState.SUPERSEDED,
    PieceState.RETIRED,
    PieceState.INVALID,
    PieceState.REJECTED,
    PieceState.ERASED,
}
"""What can show nothing on the day: only what is live or awaits approval can."""
_OTHER = "name evidence that is live: compliance evidence list"


class EvidenceInspection:
    """Looks at the evidence that records name, in a ledger and beside what was recorded there before a change."""

    def __init__(self, ledger: Ledger, before: Ledger | None = None) -> None:
        self._ledger = ledger
        self._before = before

    @cached_property
    def _standings(self) -> PieceStandings:
        return PieceStandings(self._ledger)

    def faults(self, register: Register[Any], record: Any) -> Iterator[Fault]:
        """What is wrong with each piece that a record names.

        What was to be live on a day and was not is an error, and so is what never counted. What a record relies on
        still is an error where it is named anew, and a warning from the day on which it ends.
        """
        if register.evidence is None:
            return
        recorded = self._recorded(register, record.id)
        for named in register.evidence(record):
            item = self._ledger.evidence_by_id(named.id)
            if item is None:
                hint = "name evidence that is filed: compliance evidence list"
                yield Fault(named.at, f"there is no evidence {named.id}", hint)
            elif not named.is_past:
                is_new = self._before is not None and (named.id, named.deed) not in recorded
                yield from self._of_piece(named, item, is_new)

    def _recorded(self, register: Register[Any], identifier: str) -> frozenset[tuple[str, str]]:
        """The evidence that a record named before the change, with what it was to do."""
        records = self._before.of(register) if self._before else ()
        before = next((record for record in records if record.id == identifier), None)
        if before is None or register.evidence is None:
            return frozenset()
        return frozenset((named.id, named.deed) for named in register.evidence(before))

    def _of_piece(self, named: NamedEvidence, item: Evidence, is_new: bool) -> Iterator[Fault]:
        today = self._ledger.day
        then = self._standings.of(item, named.on or min(named.by or today, today))
        now = self._standings.of(item, today)
        why = f" ({then.why})" if then.why else ""
        if then.state in _ENDED:
            must_be_live = is_new or named.on is not None or named.by is not None
            severity = Severity.ERROR if must_be_live else Severity.WARNING
            yield Fault(named.at, f"{item.id} {named.deed}, and is {then.words}{why}", _OTHER, severity)
            return
        if now.state in _ENDED - {PieceState.SUPERSEDED}:
            sentence = f"{item.id} {named.deed}, and is live no more: {now.words}{f' ({now.why})' if now.why else ''}"
            yield warning(named.at, sentence, f"see whether that still holds; if not, {_OTHER}")
        elif then.state is PieceState.AWAITING_APPROVAL:
            yield warning(named.at, f"{item.id} {named.deed}, and is {then.words}{why}", "have it approved")
        if item.date is None:
            hint = f"give it a date, or {_OTHER}"
            yield warning(named.at, f"{item.id} {named.deed}, and has no date that tells when it was made", hint)
        if item.result is Result.FAIL or item.is_inconclusive:
            outcome = "is a fail" if item.result is Result.FAIL else "says neither pass nor fail"
            yield warning(named.at, f"{item.id} {named.deed}, and {outcome}", "name evidence that passed")
        if named.since and item.date and item.date < named.since:
            sentence = f"{item.id} {named.deed}, and is dated {item.date}, before {named.since}"
            yield warning(named.at, sentence, "name what was made since: older evidence can hardly show it")
