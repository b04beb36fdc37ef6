"""What is wrong in an audit: standards that are not in use, requests numbered twice, answers that nobody filed."""

from __future__ import annotations

from collections.abc import Iterator

from compliance.domain.ledger.audited import agreed, recorded
from compliance.domain.registers.audits import Audit
from compliance.domain.registers.certificates.accreditation import Accreditation
from compliance.domain.registers.certificates.cycles import carried_out
from compliance.domain.registers.parts.registry import ACCREDITATIONS, AUDITS
from compliance.domain.standards.schemes import SchemeEvent
from compliance.ledger.inspection.checks import Checks
from compliance.problems import Problem, choice_hint


def inspect_audit(file: str, audit: Audit, checks: Checks) -> Iterator[Problem]:
    """Every problem between an audit and the rest of the workspace."""
    pages = checks.pages
    yield from checks.own_id(file, audit.id, AUDITS)
    yield from checks.scopes(file, audit.scope)
    yield from checks.controls(file, audit.controls)
    in_use = sorted({name for catalogue in checks.ledger.catalogues for name in (catalogue.id, str(catalogue.name))})
    for number, standard in enumerate(audit.standards):
        if str(standard) not in in_use:
            yield pages.error(
                file, ("standards", number), f"{standard} is not in use", choice_hint(str(standard), in_use)
            )
    standards = {name.id for name in audit.standards}
    for number, one in enumerate(audit.controls):
        if standards and one.standard not in standards:
            hint = "add the standard under “standards”, or take the control out of the sample"
            sentence = f"{one} is sampled, and the audit is by {', '.join(sorted(standards))}"
            yield pages.warning(file, ("controls", number), sentence, hint)
    if audit.until and audit.until < audit.on:
        sentence = f"ends on {audit.until}, before it begins on {audit.on}"
        yield pages.error(file, ("until",), sentence, "correct one of the two days")
    if audit.held:
        yield from checks.later(file, ("on",), "held on", audit.on)
    if audit.accreditation:
        yield from _of_scheme(file, audit, checks)
    elif audit.event:
        yield pages.error(file, ("event",), "names an event of no accreditation", "add “accreditation: A-…”")
    if audit.report:
        yield from checks.evidence(file, ("report",), audit.report)
    yield from _requests(file, audit, checks)


def _requests(file: str, audit: Audit, checks: Checks) -> Iterator[Problem]:
    pages = checks.pages
    seen: set[str] = set()
    for place, request in enumerate(audit.requests):
        at = ("requests", place)
        if request.id.casefold() in seen:
            sentence = f"the request {request.id} is listed twice"
            yield pages.error(file, (*at, "id"), sentence, "give one of the two another number")
        seen.add(request.id.casefold())
        yield from checks.controls(file, request.controls, (*at, "controls"))
        if request.answered and request.declined:
            sentence = f"the request {request.id} is both answered and declined"
            yield pages.error(file, (*at, "declined"), sentence, "remove one of the two")
        for number, one in enumerate(request.answered):
            yield from checks.evidence(file, (*at, "answered", number), one)


def _of_scheme(file: str, audit: Audit, checks: Checks) -> Iterator[Problem]:
    yield from checks.named(file, ("accreditation",), ACCREDITATIONS, audit.accreditation)
    held = next((one for one in checks.ledger.accreditations if one.id == audit.accreditation), None)
    catalogue = checks.ledger.catalogue(held.standard) if held else None
    if catalogue is None or not audit.event:
        return
    known = [event.id for event in catalogue.scheme.events]
    if audit.event not in known:
        sentence = f"the scheme of {catalogue.name} has no event “{audit.event}”"
        yield checks.pages.error(file, ("event",), sentence, choice_hint(audit.event, known))
        return
    if held:
        event = next(one for one in catalogue.scheme.events if one.id == audit.event)
        yield from _differing(file, audit, held, event, checks)


def _differing(file: str, audit: Audit, held: Accreditation, event: SchemeEvent, checks: Checks) -> Iterator[Problem]:
    """What the accreditation itself says of the same event, where that is another day."""
    plan, done = agreed(held, event, audit), recorded(held, event, audit)
    if done and carried_out(audit.on, done.on) and not audit.held:
        sentence = f"is not recorded as held, and {held.id} has its {event.id} on {done.on}"
        hint = f"record it here too: compliance audit hold {audit.id}"
        yield checks.pages.warning(file, ("on",), sentence, hint)
    elif done and audit.held and not audit.on <= done.on <= audit.last:
        sentence = f"was held on {audit.on}, and {held.id} has its {event.id} on {done.on}"
        hint = "correct one of the two days; until then the accreditation's counts"
        yield checks.pages.warning(file, ("on",), sentence, hint)
    elif plan and not audit.held and not audit.on <= plan.on <= audit.last:
        sentence = f"is planned for {audit.on}, and {held.id} has its {event.id} agreed for {plan.on}"
        hint = "correct one of the two days; until then the audit's counts"
        yield checks.pages.warning(file, ("on",), sentence, hint)
