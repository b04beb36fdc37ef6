"""What is wrong in the judgements on one control: words that the scheme does not know, levels, and what they answer."""

from __future__ import annotations

from collections.abc import Iterator

from compliance.domain.registers.parts.registry import RISKS
from compliance.domain.registers.statements.levels import beyond_count, given_by_indicators
from compliance.domain.registers.statements.statement import Applicability, Statement, unexplained
from compliance.domain.standards.catalogue import Catalogue, Control
from compliance.domain.standards.schemes import Claim
from compliance.ledger.inspection.checks import Checks
from compliance.problems import Problem, choice_hint
from compliance.store.text.located import Path

_NAMED = 5
"""How many controls a message names at most."""


def inspect_judgement(
    file: str, at: Path, statement: Statement, control: Control, catalogue: Catalogue, checks: Checks
) -> Iterator[Problem]:
    """Every problem in what is stated of one control, beside whether it applies, is inherited or answered."""
    for number, what in enumerate(statement.because):
        if what.startswith("R-"):
            yield from checks.named(file, (*at, "because", number), RISKS, what)
    yield from _status(file, (*at, "status"), statement, catalogue, checks)
    yield from _method(file, (*at, "method"), statement, catalogue, checks)
    yield from _level(file, at, statement, control, checks)


def _status(file: str, at: Path, statement: Statement, catalogue: Catalogue, checks: Checks) -> Iterator[Problem]:
    known = [one.id for one in catalogue.scheme.statuses]
    if not statement.status or not known:
        return
    claim = catalogue.scheme.claim(statement.status)
    control, status = statement.control, statement.status
    if claim is None:
        yield checks.pages.error(
            file, at, f"“{status}” is not a status of {catalogue.short}", choice_hint(status, known)
        )
    elif claim is Claim.NOT_TESTED and not statement.applies:
        hint = "what was not looked at still applies: remove “applies: false”, or correct the status"
        yield checks.pages.error(file, at, f"{control} is excluded as {status}, which is no exclusion", hint)
    elif claim is Claim.NOT_APPLICABLE and statement.applies:
        hint = f"exclude it, with the reason: compliance applicability exclude {catalogue.id}:{control} --reason …"
        yield checks.pages.warning(file, at, f"{control} has the status {status}, and is not excluded", hint)
    elif not statement.applies and claim is Claim.IN_PLACE:
        sentence = f"{control} is excluded, and has the status {status}"
        yield checks.pages.warning(file, at, sentence, "correct one of the two")


def _method(file: str, at: Path, statement: Statement, catalogue: Catalogue, checks: Checks) -> Iterator[Problem]:
    known = [one.id for one in catalogue.scheme.methods]
    if statement.method and statement.method not in known:
        hint = choice_hint(statement.method, known) if known else "the standard knows no methods: remove the line"
        yield checks.pages.error(file, at, f"“{statement.method}” is not a method of {catalogue.short}", hint)


def _level(file: str, at: Path, statement: Statement, control: Control, checks: Checks) -> Iterator[Problem]:
    true, counts = statement.indicators, control.indicators
    if true and counts is None:
        sentence = f"{control.id} lists no indicators: the answers have no effect"
        yield checks.pages.warning(file, (*at, "indicators"), sentence, "remove “indicators”, and set its “level”")
    elif true and counts:
        for level, place, count in beyond_count(true, counts):
            number = getattr(true, level.value.replace("-", "_"))[place]
            sentence = f"{control.id} has no indicator {number} of {level.value}"
            hint = f"the standard lists {count} there, numbered from 1" if count else "the standard lists none there"
            yield checks.pages.error(file, (*at, "indicators", level.value, place), sentence, hint)
    computed = given_by_indicators(statement, control)
    if statement.level and computed and statement.level is not computed and not statement.justification:
        sentence = f"{control.id} is set to {statement.level.value}, and its indicators give {computed.value}"
        hint = "say why with “justification: …”, or remove “level”"
        yield checks.pages.error(file, (*at, "level"), sentence, hint)


def without_reason(
    file: str, soa: Applicability, catalogue: Catalogue, profiles: tuple[str, ...], checks: Checks
) -> Iterator[Problem]:
    """Inclusions that say neither why nor what they answer, where the scheme wants to know (ISO/IEC 27001, 6.1.3 d)."""
    silent = unexplained(soa, catalogue, profiles)
    if silent:
        more = f" and {len(silent) - _NAMED} more" if len(silent) > _NAMED else ""
        sentence = f"included without a reason, a risk or an obligation: {', '.join(silent[:_NAMED])}{more}"
        hint = f"say why: compliance applicability set {catalogue.id}:{silent[0]} --because R-… or --reason …"
        yield checks.pages.warning(file, ("version",), sentence, hint)
