"""What holds on every day: how long what is met stays met, what a renewal saves, and what never mends."""

from __future__ import annotations

import os
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from compliance.domain.ledger.records import Evidence
from compliance.domain.terms.vocabulary import Result

from ..builders.drawn import AGES, DAYS, EVENTS, INTERVALS, LATER, SLOTS, Drawn, certificates, drawn
from ..builders.ledgers import altered, approved, cycle, held, nil_return, piece, rejected, withdrawn

OFTEN = settings(max_examples=11_200 if "SOAK" in os.environ else 120)
"""Nine laws, each tried so often: 1,000 ledgers in the suite, and 100,000 in `make soak`."""
A_DAY = timedelta(days=1)


@OFTEN
@given(drawn(), LATER, LATER, st.integers(0, 4000))
def test_what_is_met_is_met_through_its_last_day_and_not_on_the_day_after(
    ledger: Drawn, on: date, known: date, days: int
) -> None:
    ledger = ledger.by(on)
    judgement = ledger.judged(on, known)
    if not judgement.verdict.is_met:
        return
    until, between = judgement.until, on + timedelta(days=days)
    if until is None:
        assert ledger.judged(between, known).verdict.is_met
        return
    assert ledger.judged(until, known).verdict.is_met
    assert ledger.judged(min(between, until), known).verdict.is_met
    assert not ledger.judged(until + A_DAY, known).verdict.is_met


@OFTEN
@given(drawn((*AGES, *INTERVALS, *SLOTS)), LATER, st.integers(0, 40))
def test_what_is_renewed_on_its_day_loses_none(ledger: Drawn, on: date, days: int) -> None:
    ledger = ledger.by(on)
    judgement = ledger.judged(on, on)
    if judgement.verdict.is_gap:
        return
    for renewal in judgement.renewals:
        renewed = ledger.also(_accepted(ledger, renewal.day))
        until = judgement.until or renewal.day
        for day in (renewal.day - timedelta(days=days), renewal.day, renewal.day + A_DAY, until, until + A_DAY):
            assert day < on or not renewed.lived(day, on).verdict.is_gap


@OFTEN
@given(drawn((*AGES, *(interval for interval in INTERVALS if "grace" not in interval))), LATER)
def test_what_is_renewed_two_days_late_loses_one(ledger: Drawn, on: date) -> None:
    """But for the grace of an interval, the slots of a calendar, and the first interval of a series."""
    ledger = altered(ledger.by(on), starts=None)
    judgement = ledger.judged(on, on)
    if judgement.verdict.is_gap:
        return
    for renewal in judgement.renewals:
        late = renewal.day + timedelta(days=2)
        renewed = ledger.also(_accepted(ledger, late))
        assert any(renewed.lived(day, on).verdict.is_gap for day in (renewal.day, renewal.day + A_DAY))


@OFTEN
@given(drawn(EVENTS), LATER)
def test_what_is_answered_by_its_day_loses_none_and_two_days_late_loses_one(ledger: Drawn, on: date) -> None:
    ledger = ledger.by(on)
    judgement = ledger.judged(on, on)
    if judgement.verdict.is_gap or "any-of" in ledger.rule:
        return
    answers = [renewal for renewal in judgement.renewals if renewal.of]
    if answers:
        last = max(renewal.day for renewal in answers)
        answered = ledger.also(*(_accepted(ledger, renewal.day, renewal.of) for renewal in answers))
        late = ledger.also(*(_accepted(ledger, renewal.day + timedelta(days=2), renewal.of) for renewal in answers))
        spoken = [renewal.day for renewal in judgement.renewals if not renewal.of]
        if not spoken or last < min(spoken):
            assert not answered.judged(last, last).verdict.is_gap
        assert late.judged(last + A_DAY, last + A_DAY).verdict.is_gap


@OFTEN
@given(drawn(), DAYS, DAYS, DAYS, st.booleans())
def test_a_pass_more_never_worsens(ledger: Drawn, on: date, known: date, day: date, reviewed: bool) -> None:
    more = piece("E-NEW", day, kind="scan", result="pass")
    more = approved(more, ledger.catalogue) if reviewed else more
    assert ledger.also(more).judged(on, known).verdict.rank <= ledger.judged(on, known).verdict.rank


@OFTEN
@given(drawn(), DAYS, DAYS, st.data())
def test_an_approval_more_never_worsens(ledger: Drawn, on: date, known: date, data: st.DataObject) -> None:
    """But for that of a piece which takes the place of another."""
    ledger, chosen = _with_chosen(ledger, data)
    waiting = altered(chosen, decisions=())
    before, after = _replaced(ledger, waiting), _replaced(ledger, approved(waiting, ledger.catalogue))
    assert after.judged(on, known).verdict.rank <= before.judged(on, known).verdict.rank


@OFTEN
@given(drawn(), DAYS, DAYS, DAYS, st.integers(0, 500), st.sampled_from(["change", "starter"]))
def test_a_true_nil_return_more_never_worsens(
    ledger: Drawn, on: date, known: date, day: date, length: int, type_: str
) -> None:
    start = day - timedelta(days=length)
    more = altered(ledger, events=(*ledger.events, nil_return(type_, f"{start}/{day}")))
    assert more.judged(on, known).verdict.rank <= ledger.judged(on, known).verdict.rank


@OFTEN
@given(drawn(), DAYS, DAYS, st.data())
def test_a_fail_and_the_loss_of_a_pass_never_better_a_gap(
    ledger: Drawn, on: date, known: date, data: st.DataObject
) -> None:
    """But for the loss of a piece that takes the place of another."""
    before = ledger.judged(on, known).verdict
    if not before.is_gap:
        return
    failed = piece("E-NEW", data.draw(DAYS), kind="scan", result="fail")
    assert ledger.also(failed).judged(on, known).verdict.is_gap
    passes = [item for item in ledger.pieces if item.result is Result.PASS and not item.supersedes]
    passes = [item for item in passes if not item.withdrawn]
    if passes:
        chosen = data.draw(st.sampled_from(passes))
        for worse in (rejected(chosen), altered(chosen, withdrawn=withdrawn("2026-10-01"))):
            assert _replaced(ledger, worse).judged(on, known).verdict.is_gap


@OFTEN
@given(drawn(("max-age 6 months", "max-age 90 days")), DAYS, DAYS, st.data())
def test_another_certificate_never_betters_a_gap(ledger: Drawn, on: date, known: date, data: st.DataObject) -> None:
    """But where there is none that is granted and has not ended."""
    first = held(cycle(str(min(on, known) - timedelta(days=data.draw(st.integers(0, 360))))), id="A-8")
    alone = altered(ledger, accreditations=(first,))
    beside = altered(ledger, accreditations=(first, data.draw(certificates(9))))
    assert not alone.judged(on, known).verdict.is_gap or beside.judged(on, known).verdict.is_gap


def _accepted(ledger: Drawn, day: date, of: str = "") -> Evidence:
    return approved(piece(f"E-NEW {day} {of}", day, result="pass"), ledger.catalogue)


def _replaced(ledger: Drawn, item: Evidence) -> Drawn:
    return altered(ledger, pieces=tuple(item if other.id == item.id else other for other in ledger.pieces))


def _with_chosen(ledger: Drawn, data: st.DataObject) -> tuple[Drawn, Evidence]:
    """A piece of the ledger that neither fails nor supersedes, or one put into it where there is none."""
    choice = [item for item in ledger.pieces if not item.supersedes and item.result is not Result.FAIL]
    if choice:
        return ledger, data.draw(st.sampled_from(choice))
    item = piece("E-NEW", data.draw(DAYS), kind="scan", result="pass")
    return ledger.also(item), item
