"""The risks register: what may happen, how bad that would be, and what is done about it."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from compliance.domain.registers.actions import ACTIONS, actions_on
from compliance.domain.registers.parts.dues import Due, DueKind, make_due
from compliance.domain.registers.parts.faults import Fault, Path, later_than_commit, warning
from compliance.domain.registers.parts.register import LedgerView, Listing, Register
from compliance.domain.terms.references import Reference
from compliance.domain.terms.shapes import Shape
from compliance.domain.terms.vocabulary import Attribution

RISK = DueKind("risk", "Risks", Shape.WARNING)


class Treatment(enum.Enum):
    """What is done about a risk."""

    REDUCE = "reduce"
    ACCEPT = "accept"
    AVOID = "avoid"
    SHARE = "share"


class Acceptance(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Who agreed to bear a risk, on which day, and until when that holds."""

    by: str
    on: dt.date
    until: dt.date
    reason: str = ""

    def holds_on(self, day: dt.date) -> bool:
        return self.on <= day <= self.until


class Assessed(msgspec.Struct, frozen=True, kw_only=True):
    """Likelihood and impact, by the words of the workspace's matrix."""

    likelihood: str
    impact: str


class Risk(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A risk: its nature (the title), what would follow, how it is scored, and what treats it.

    `inherent` is the score without the controls that treat it, where somebody worked it out; `likelihood` and `impact`
    are with what is in place now; `target` is what the treatment is to bring it down to.
    """

    id: str
    title: str
    consequence: str
    likelihood: str
    impact: str
    raised: dt.date
    inherent: Assessed | None = None
    target: Assessed | None = None
    treatment: Treatment = Treatment.REDUCE
    controls: tuple[Reference, ...] = ()
    actions: tuple[str, ...] = ()
    scope: tuple[str, ...] = ()
    owner: str = ""
    review: dt.date | None = None
    accepted: tuple[Acceptance, ...] = ()
    closed: dt.date | None = None
    note: str = ""
    recorded: Attribution | None = None

    def open_on(self, day: dt.date) -> bool:
        return self.raised <= day and (self.closed is None or self.closed > day)

    def acceptance_on(self, day: dt.date) -> Acceptance | None:
        """The acceptance that holds on a day, or else the last that did."""
        acceptances = [acceptance for acceptance in self.accepted if acceptance.on <= day]
        return max(acceptances, key=lambda acceptance: (acceptance.holds_on(day), acceptance.until), default=None)


class RiskBand(msgspec.Struct, frozen=True, kw_only=True):
    """A name for the scores from one on."""

    name: str
    from_: int = msgspec.field(name="from")


class RiskMatrix(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How risks are scored: words for likelihood and impact, lowest first.

    The score is the product of the two places, counted from 1, unless `scores` gives one for each pair: a row for each
    likelihood. A risk that scores above the `appetite` must be accepted by somebody, or be treated.
    """

    likelihood: tuple[str, ...] = ("rare", "unlikely", "possible", "likely", "almost-certain")
    impact: tuple[str, ...] = ("minor", "moderate", "serious", "severe", "critical")
    scores: tuple[tuple[int, ...], ...] = ()
    bands: tuple[RiskBand, ...] = (
        RiskBand(name="low", from_=1),
        RiskBand(name="medium", from_=5),
        RiskBand(name="high", from_=10),
        RiskBand(name="very high", from_=17),
    )
    appetite: int = 9


def score(matrix: RiskMatrix, likelihood: str, impact: str) -> int | None:
    """The score by the workspace's matrix; None for words that it does not know."""
    if likelihood not in matrix.likelihood or impact not in matrix.impact:
        return None
    row, column = matrix.likelihood.index(likelihood), matrix.impact.index(impact)
    return matrix.scores[row][column] if matrix.scores else (row + 1) * (column + 1)


def band(matrix: RiskMatrix, points: int) -> str:
    """The name of the band that a score lies in; empty below the lowest."""
    fitting = [band for band in matrix.bands if band.from_ <= points]
    return max(fitting, key=lambda band: band.from_).name if fitting else ""


def score_of(risk: Risk, matrix: RiskMatrix) -> int | None:
    """The score of a risk as it stands."""
    return score(matrix, risk.likelihood, risk.impact)


def beyond_appetite(risk: Risk, matrix: RiskMatrix) -> bool:
    """Whether a risk scores higher than the workspace says it will bear without somebody accepting it."""
    points = score_of(risk, matrix)
    return points is not None and points > matrix.appetite


class RiskState(enum.Enum):
    """How a risk stands on a day."""

    OPEN = "open"
    ABOVE_APPETITE = "above appetite"
    ACCEPTED = "accepted"
    ACCEPTANCE_LAPSED = "acceptance lapsed"
    CLOSED = "closed"


def state_on(risk: Risk, matrix: RiskMatrix, day: dt.date) -> RiskState:
    """How a risk stands on a day: borne by somebody, to be borne or treated, or within the appetite."""
    if not risk.open_on(day):
        return RiskState.CLOSED
    acceptance, above = risk.acceptance_on(day), beyond_appetite(risk, matrix)
    if acceptance and acceptance.holds_on(day):
        return RiskState.ACCEPTED
    if not above:
        return RiskState.OPEN
    return RiskState.ACCEPTANCE_LAPSED if acceptance else RiskState.ABOVE_APPETITE


def inspect(ledger: LedgerView, risk: Risk) -> Iterator[Fault]:
    """What is wrong in a risk: words that the matrix does not have, an empty acceptance, days out of order."""
    yield from _unknown_words(ledger, (), Assessed(likelihood=risk.likelihood, impact=risk.impact))
    for field, assessed in (("inherent", risk.inherent), ("target", risk.target)):
        if assessed:
            yield from _unknown_words(ledger, (field,), assessed)
    yield from later_than_commit(ledger, ("raised",), "raised on", risk.raised)
    if risk.closed:
        yield from later_than_commit(ledger, ("closed",), "closed on", risk.closed)
    if risk.closed and risk.closed < risk.raised:
        sentence = f"is closed on {risk.closed}, before it was raised on {risk.raised}"
        yield Fault(("closed",), sentence, "correct one of the two days")
    for number, acceptance in enumerate(risk.accepted):
        if acceptance.until < acceptance.on:
            sentence = f"is accepted on {acceptance.on} until {acceptance.until}, a day before that"
            yield Fault(("accepted", number, "until"), sentence, "correct one of the two days")
    if risk.closed:
        return
    if risk.treatment is Treatment.ACCEPT and not risk.accepted:
        hint = "say who bears it: “accepted: [{by: …, on: …, until: …}]”, or treat it otherwise"
        yield Fault(("treatment",), "is to be accepted, and nobody has accepted it", hint)
    if risk.review is None:
        yield warning(("id",), "has no day by which it is looked at again", "add “review: YYYY-MM-DD”")
    is_treated = risk.controls or risk.actions or risk.accepted
    if not is_treated and beyond_appetite(risk, ledger.risk_matrix):
        hint = "name the controls or actions that treat it, or have it accepted"
        yield warning(("id",), "is above the appetite, and nothing treats it", hint)


def _unknown_words(ledger: LedgerView, at: Path, assessed: Assessed) -> Iterator[Fault]:
    matrix = ledger.risk_matrix
    for field, word, words in (
        ("likelihood", assessed.likelihood, matrix.likelihood),
        ("impact", assessed.impact, matrix.impact),
    ):
        if word not in words:
            hint = f"choose from {', '.join(words)}; they are set by [risk] in compliance.toml"
            yield Fault((*at, field), f"“{word}” is no word for the {field} of a risk here", hint)


def dues(ledger: LedgerView, risk: Risk, on: dt.date, _last: dt.date) -> Iterator[Due]:
    """Its review, and the end of its acceptance where it is above the appetite."""
    if not risk.open_on(on):
        return
    if risk.review:
        todo = "Review it: likelihood, impact, and what treats it"
        yield make_due(risk, RISK, risk.review, f"review: {risk.title}", todo)
    acceptance = risk.acceptance_on(on)
    if acceptance and beyond_appetite(risk, ledger.risk_matrix):
        todo = f"Accept it again, or treat it: {acceptance.by} accepted it until {acceptance.until}"
        yield make_due(risk, RISK, acceptance.until, f"acceptance ends: {risk.title}", todo)


def scored(risk: Risk, matrix: RiskMatrix) -> str:
    """The score of a risk and the band that it lies in, in words."""
    points = score_of(risk, matrix)
    return "not scored" if points is None else f"{points} {band(matrix, points)}".rstrip()


def _row(ledger: LedgerView, risk: Risk, on: dt.date) -> Sequence[str]:
    owner = f"\n{risk.owner}" if risk.owner else ""
    state = state_on(risk, ledger.risk_matrix, on).value
    return (risk.id, scored(risk, ledger.risk_matrix), state, str(risk.review or "–"), f"{risk.title}{owner}")


def _facts(ledger: LedgerView, risk: Risk, on: dt.date) -> Mapping[str, str]:
    matrix = ledger.risk_matrix
    facts = {"state": state_on(risk, matrix, on).value, "score": scored(risk, matrix)}
    for name, assessed in (("inherent score", risk.inherent), ("target score", risk.target)):
        points = score(matrix, assessed.likelihood, assessed.impact) if assessed else None
        if points is not None:
            facts[name] = f"{points} {band(matrix, points)}".rstrip()
    return facts


def _treatment(ledger: LedgerView, risk: Risk, on: dt.date) -> Mapping[str, object]:
    actions = (action for action in ledger.of(ACTIONS) if risk.id in action.risks or action.id in risk.actions)
    return {"appetite": ledger.risk_matrix.appetite, **actions_on("treated by", actions, on)}


RISKS = Register(
    name="risk",
    plural="risks",
    prefix="R",
    place=6,
    summary="Risks: scored, treated, accepted until a day.",
    record=Risk,
    inspect=inspect,
    listing=Listing(
        headings=("Id", "Score", "State", "Review", "Risk"),
        row=_row,
        order=lambda ledger, risk, _on: -(score_of(risk, ledger.risk_matrix) or 0),
        is_open=lambda _ledger, risk, on: risk.open_on(on),
        facts=_facts,
        details=_treatment,
    ),
    first_day=lambda risk: risk.raised,
    due_kinds=(RISK,),
    dues=dues,
    names={"actions": "actions"},
)
