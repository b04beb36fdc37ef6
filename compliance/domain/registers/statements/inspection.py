"""What is wrong in what a statement of applicability says of one control."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from compliance.domain.registers.parts.faults import Fault, Path, unknown_record, unknown_scope, warning
from compliance.domain.registers.parts.register import LedgerView
from compliance.domain.registers.providers import PROVIDERS
from compliance.domain.registers.risks import RISKS
from compliance.domain.registers.statements.levels import beyond_count, given_by_indicators
from compliance.domain.registers.statements.statement import Applicability, Statement
from compliance.domain.standards.catalogue import Catalogue, Control, Node, Question, expects
from compliance.domain.standards.expectations import leaves
from compliance.domain.standards.questions import options, quoted, unasked, unfit
from compliance.domain.standards.schemes import Claim, Method, Status
from compliance.problems import choice_hint


def inspect_statement(
    ledger: LedgerView, soa: Applicability, number: int, nodes: Mapping[str, Node], catalogue: Catalogue
) -> Iterator[Fault]:
    """Every fault in the statement of that number, which is of an assessable control."""
    statement, at = soa.controls[number], ("controls", number)
    node = nodes[statement.control]
    yield from _exclusion(at, statement, node)
    yield from _idle(at, statement)
    yield from _inheritance(ledger, at, soa.scope, statement, node, catalogue)
    yield from _answer((*at, "answer"), soa, statement, nodes)
    for place, reason in enumerate(statement.because):
        if reason.startswith("R-"):
            yield from unknown_record(ledger, (*at, "because", place), RISKS, reason)
    profiles = ledger.profiles_in_use(soa.scope, catalogue) or ()
    yield from _status((*at, "status"), statement, catalogue, profiles)
    yield from _method((*at, "method"), statement, catalogue, profiles)
    yield from _level(at, statement, node.control)


def _exclusion(at: Path, statement: Statement, node: Node) -> Iterator[Fault]:
    control = statement.control
    if not statement.applies and not node.excludable:
        sentence = f"{control} cannot be excluded: the standard allows no exclusion of it"
        yield Fault((*at, "applies"), sentence, "remove “applies: false”")
    elif not statement.applies and not statement.reason:
        yield Fault(at, f"{control} is excluded without a reason", "say why with “reason: …”")
    elif not statement.applies and statement.review is None:
        yield warning(at, f"the exclusion of {control} has no review date", "add “review: YYYY-MM-DD”")


def _idle(at: Path, statement: Statement) -> Iterator[Fault]:
    """What is said of a control and would have no effect, because of what else is or is not said."""
    control = statement.control
    if statement.applies and statement.review:
        hint = "remove “review”, or exclude it with “applies: false” and the reason"
        yield Fault((*at, "review"), f"{control} is not excluded, so the day for its review has no effect", hint)
    if not statement.applies and statement.inherits:
        hint = "remove “inherits”, or “applies: false”"
        yield Fault((*at, "inherits"), f"{control} is excluded, so nothing of it is inherited", hint)
    if statement.justification and statement.level is None:
        hint = "say which with “level: …”, or remove “justification”"
        yield Fault((*at, "justification"), f"{control} has no level set by hand, which this would justify", hint)


def _inheritance(
    ledger: LedgerView, at: Path, scope: str, statement: Statement, node: Node, catalogue: Catalogue
) -> Iterator[Fault]:
    how, at = statement.inherits, (*at, "inherits")
    if how is None:
        return
    if not node.inheritable:
        hint = "remove “inherits”, and evidence it in this scope"
        yield Fault(at, f"{statement.control} is never inherited", hint)
        return
    providers = [provider.id for provider in ledger.of(PROVIDERS)]
    if bool(how.scope) == bool(how.provider):
        what = "both a scope and a provider" if how.scope else "neither a scope nor a provider"
        yield Fault(at, f"inherits from {what}", "name one of the two: “scope: …” or “provider: …”")
    elif how.scope == scope:
        hint = "name the scope that meets the control, or remove “inherits”"
        yield Fault((*at, "scope"), f"the scope “{scope}” inherits from itself", hint)
    elif how.scope:
        yield from unknown_scope(ledger, (*at, "scope"), how.scope)
    elif how.provider not in providers:
        yield from unknown_record(ledger, (*at, "provider"), PROVIDERS, how.provider)
    expectations = [leaf.id for expectation in expects(catalogue, node.control) for leaf in leaves(expectation)]
    for number, expectation_id in enumerate(how.retains):
        if expectation_id not in expectations:
            hint = choice_hint(expectation_id, expectations)
            yield Fault((*at, "retains", number), f"there is no expectation #{expectation_id} to retain", hint)


def _answer(at: Path, soa: Applicability, statement: Statement, nodes: Mapping[str, Node]) -> Iterator[Fault]:
    """An answer that is none is an error; one that nobody asked for has no effect, and is a warning."""
    if not statement.answer:
        return

    def find(control_id: str) -> Control | None:
        return nodes[control_id].control if control_id in nodes else None

    def answer_to(control_id: str) -> str:
        return next((other.answer for other in soa.controls if other.control == control_id), "")

    control = nodes[statement.control].control
    question = control.answer
    if question is None:
        yield warning(at, f"{control.id} is no question: its answer has no effect", "remove “answer”")
    elif wrong := unfit(question, statement.answer):
        yield Fault(at, f"{quoted(wrong)} is no answer to {control.id}", _fitting(question, wrong))
    elif why := unasked(control, find, answer_to):
        hint = "remove the answer, or correct the one that it depends on"
        yield warning(at, f"{control.id} is not asked, so its answer has no effect: {why}", hint)


def _fitting(question: Question, wrong: str) -> str:
    """What to write instead of an answer that is none; words after an option are a reason, not an answer."""
    answers = options(question)
    if not answers:
        return "write a whole number, in digits only"
    if all(word.strip().casefold() in answers for word in wrong.split(",")):
        return "name one of them: the question takes no more"
    begun = next((answer for answer in answers if re.match(rf"{re.escape(answer)}\W", wrong, re.IGNORECASE)), None)
    if begun:
        return f"write “answer: {begun}”, and what goes with it as “reason: …”"
    return choice_hint(wrong.casefold(), answers)


def _status(at: Path, statement: Statement, catalogue: Catalogue, profiles: Sequence[str]) -> Iterator[Fault]:
    statuses = [status.id for status in catalogue.scheme.statuses]
    if not statement.status or not statuses:
        return
    claim = catalogue.scheme.claim(statement.status)
    control, status = statement.control, statement.status
    if claim is None:
        yield Fault(at, f"“{status}” is not a status of {catalogue.short}", choice_hint(status, statuses))
    elif barred := _barred(catalogue.scheme.statuses, status, profiles):
        yield Fault(at, f"the status “{status}” is not open to {', '.join(profiles)}", barred)
    elif claim is Claim.NOT_TESTED and not statement.applies:
        hint = "what was not looked at still applies: remove “applies: false”, or correct the status"
        yield Fault(at, f"{control} is excluded as {status}, which is no exclusion", hint)
    elif claim is Claim.NOT_APPLICABLE and statement.applies:
        hint = f"exclude it, with the reason: compliance applicability exclude {catalogue.id}:{control} --reason …"
        yield warning(at, f"{control} has the status {status}, and is not excluded", hint)
    elif not statement.applies and claim is Claim.IN_PLACE:
        yield warning(at, f"{control} is excluded, and has the status {status}", "correct one of the two")


def _method(at: Path, statement: Statement, catalogue: Catalogue, profiles: Sequence[str]) -> Iterator[Fault]:
    methods = [method.id for method in catalogue.scheme.methods]
    if statement.method and statement.method not in methods:
        hint = choice_hint(statement.method, methods) if methods else "the standard knows no methods: remove the line"
        yield Fault(at, f"“{statement.method}” is not a method of {catalogue.short}", hint)
    elif barred := _barred(catalogue.scheme.methods, statement.method, profiles):
        yield Fault(at, f"the method “{statement.method}” is not open to {', '.join(profiles)}", barred)


def _barred(words: Sequence[Status] | Sequence[Method], chosen: str, profiles: Sequence[str]) -> str:
    """What to do about a status or method that no profile in use allows; empty where one does."""
    allowing = next((word.profiles for word in words if word.id == chosen), ())
    if not allowing or not profiles or not set(allowing).isdisjoint(profiles):
        return ""
    open_to = [word.id for word in words if not word.profiles or not set(word.profiles).isdisjoint(profiles)]
    return f"choose from {', '.join(open_to)}; “{chosen}” belongs to {', '.join(allowing)}"


def _level(at: Path, statement: Statement, control: Control) -> Iterator[Fault]:
    answers, counts = statement.indicators, control.indicators
    if answers and counts is None:
        sentence = f"{control.id} lists no indicators: the answers have no effect"
        yield warning((*at, "indicators"), sentence, "remove “indicators”, and set its “level”")
    elif answers and counts:
        for level, place, count in beyond_count(answers, counts):
            number = getattr(answers, level.value.replace("-", "_"))[place]
            hint = f"the standard lists {count} there, numbered from 1" if count else "the standard lists none there"
            sentence = f"{control.id} has no indicator {number} of {level.value}"
            yield Fault((*at, "indicators", level.value, place), sentence, hint)
    computed = given_by_indicators(statement, control)
    if statement.level and computed and statement.level is not computed and not statement.justification:
        sentence = f"{control.id} is set to {statement.level.value}, and its indicators give {computed.value}"
        hint = "say why with “justification: …”, or remove “level”"
        yield Fault((*at, "level"), sentence, hint)
