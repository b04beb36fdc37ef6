"""Judgements on controls written down: found by standard and scope, changed control by control, approved."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence

import msgspec

from compliance.domain.ledger.ledger import Ledger
from compliance.domain.ledger.lookup import find_control
from compliance.domain.ledger.settings import profile_ids
from compliance.domain.registers.applicability import APPLICABILITY
from compliance.domain.registers.statements.statement import Applicability, Statement, StatementApproval, digest
from compliance.domain.standards.catalogue import Catalogue, Node, in_profile, walk
from compliance.domain.terms.identifiers import normalised
from compliance.domain.terms.references import Reference, parse_reference, parse_standard
from compliance.ledger.opening import Workspace
from compliance.operations.committing import Committed
from compliance.operations.registers.registering import add_records, change_record
from compliance.problems import Refused, choice_hint, must_be_known, refuse

Changes = Mapping[str, Callable[[Statement], Statement]]
"""What becomes of what is stated of each control, by its id."""


def start(
    workspace: Workspace, ledger: Ledger, catalogue: Catalogue, scope: str, accreditation: str, today: dt.date
) -> tuple[Applicability, Committed]:
    """Begins a statement, which says nothing of any control yet: all apply. Raises Refused for a second one."""
    covered = ledger.settings.scope(scope)
    if covered is None or catalogue not in [one for _, one in ledger.in_use(covered)]:
        raise refuse(f"{catalogue.name} is not in use for {scope}", hint="put it to use there in compliance.toml")
    there = _of(ledger, catalogue, scope)
    if there:
        hint = f"see: compliance applicability show {there.id}"
        raise refuse(f"there is a statement for {catalogue.name} in {scope} already: {there.id}", hint=hint)
    fresh = Applicability(id="", standard=catalogue.name, scope=scope, accreditation=accreditation)
    recorded, committed = add_records(workspace, ledger, APPLICABILITY, [fresh], today)
    return recorded[0], committed


def find_statement(ledger: Ledger, text: str, scope: str = "") -> tuple[Applicability, Catalogue]:
    """The statement of an id, or for a standard in a scope (the only one, or that of the first scope, if none is said).

    Raises Refused with what there is.
    """
    by_id = {one.id: one for one in ledger.of(APPLICABILITY)}
    found = by_id.get(text) or by_id.get(normalised(text, APPLICABILITY.prefix))
    if found is None:
        found = _for_standard(ledger, catalogue_of(ledger, text), scope)
    catalogue = ledger.catalogue(found.standard)
    if catalogue is None:
        hint = f"add it with: compliance standards use {found.standard}"
        raise refuse(f"the standard {found.standard} has no catalogue here", hint=hint)
    return found, catalogue


def controls_named(ledger: Ledger, texts: Sequence[str]) -> tuple[Catalogue, tuple[str, ...]]:
    """The controls that texts name, all of one standard; a heading stands for each control below it.

    Raises Refused, with did-you-mean, for what there is not, and for controls of several standards.
    """
    found: dict[str, None] = {}
    catalogue: Catalogue | None = None
    for text in texts:
        here, controls = _below_heading(ledger, text) or _single(ledger, text)
        if catalogue and here.name != catalogue.name:
            hint = "each has a statement of its own: name the controls of one standard at a time"
            raise refuse(f"{text} is no control of {catalogue.name}", hint=hint)
        catalogue = here
        found |= dict.fromkeys(controls)
    if catalogue is None:
        raise refuse("no control is named", hint="name one or several, or a heading for all below it")
    return catalogue, tuple(found)


def altered(soa: Applicability, changes: Changes) -> tuple[str, ...]:
    """The controls of which something else is stated than it was."""
    return tuple(control for control, change in changes.items() if change(soa.of(control)) != soa.of(control))


def judge(
    workspace: Workspace, ledger: Ledger, soa: Applicability, catalogue: Catalogue, changes: Changes, deed: str
) -> tuple[Applicability, Committed | None]:
    """Changes what is stated of controls; None for the commit if nothing is other than it was.

    Raises Refused with what `check` would call an error; then nothing is written.
    """
    now = msgspec.structs.replace(soa, controls=_changed(soa, catalogue, changes))
    if now == soa:
        return soa, None
    try:
        return now, change_record(workspace, ledger, APPLICABILITY, soa, now, deed)
    except Refused as refusal:
        # What was typed once and is wrong of forty controls is one fault; and what is merely to be known can wait.
        errors = {problem.sentence: problem for problem in reversed(refusal.problems) if problem.is_error}
        raise Refused(errors.values()) from None


def approve(
    workspace: Workspace, ledger: Ledger, soa: Applicability, version: str, by: str, on: dt.date
) -> tuple[Applicability, Committed]:
    """Records that somebody approves the statement as it is, under a version: as a certificate will cite them.

    Raises Refused for a version that was approved as something else.
    """
    now = msgspec.structs.replace(soa, version=version)
    stamp = digest(now)
    before = soa.approved
    if before and soa.version == version and before.stamp != stamp:
        sentence = f"version {version} of {soa.id} was approved on {before.on} as something else"
        raise refuse(sentence, hint="give what is approved now a version of its own")
    now = msgspec.structs.replace(now, approved=StatementApproval(by=by, on=on, stamp=stamp))
    return now, change_record(workspace, ledger, APPLICABILITY, soa, now, f"version {version} approved")


def named_briefly(controls: Sequence[str], most: int = 3) -> str:
    """`A.5.1, A.5.2, A.5.3 and 34 more`, for sentences."""
    more = f" and {len(controls) - most} more" if len(controls) > most else ""
    return ", ".join(controls[:most]) + more


def _of(ledger: Ledger, catalogue: Catalogue, scope: str) -> Applicability | None:
    fitting = (one for one in ledger.of(APPLICABILITY) if ledger.catalogue(one.standard) == catalogue)
    return next((one for one in fitting if one.scope == scope), None)


def catalogue_of(ledger: Ledger, text: str) -> Catalogue:
    """The standard in use that a text names. Raises Refused for one that is not, and where two versions are."""
    try:
        name = parse_standard(text)
    except ValueError:
        raise refuse(f"“{text}” is neither a statement of applicability nor a standard", hint=_listed(ledger)) from None
    in_use = [catalogue for _, catalogue in ledger.in_use() if catalogue.id == name.id]
    fitting = [one for one in in_use if name.version in {"", one.version}]
    if not fitting:
        known = [catalogue.id for _, catalogue in ledger.in_use()]
        hint = f"in use: {', '.join(str(one.name) for one in in_use)}" if in_use else choice_hint(name.id, known)
        raise refuse(f"the standard {name} is not in use here", hint=hint)
    if len({one.version for one in fitting}) > 1:
        names = " or ".join(str(one.name) for one in fitting)
        raise refuse(f"two versions of {name.id} are in use", hint=f"say which: {names}")
    return fitting[0]


def _for_standard(ledger: Ledger, catalogue: Catalogue, scope: str) -> Applicability:
    scopes = [one.id for one in ledger.settings.scopes]
    if scope:
        must_be_known("scope", scope, scopes)
    there = [one for one in ledger.of(APPLICABILITY) if ledger.catalogue(one.standard) == catalogue]
    wanted = scope or (there[0].scope if len(there) == 1 else ledger.settings.default_scope)
    found = next((one for one in there if one.scope == wanted), None)
    if found is None:
        more = f" --scope {wanted}" if wanted != ledger.settings.default_scope else ""
        hint = f"begin one: compliance applicability start {catalogue.id}{more}"
        raise refuse(f"there is no statement of applicability for {catalogue.name} in {wanted}", hint=hint)
    return found


def _listed(ledger: Ledger) -> str:
    if not ledger.of(APPLICABILITY):
        return "begin one: compliance applicability start STANDARD"
    return "list them with: compliance applicability list"


def _below_heading(ledger: Ledger, text: str) -> tuple[Catalogue, list[str]] | None:
    """The controls below a heading; None for what is no heading, or not to be told apart."""
    try:
        reference = parse_reference(text)
    except ValueError:
        return None
    uses = [
        (use, catalogue)
        for use, catalogue in ledger.in_use()
        if catalogue.id == reference.standard and reference.version in {"", catalogue.version}
    ]
    if len({catalogue.name for _, catalogue in uses}) != 1:
        return None
    catalogue = uses[0][1]
    nodes: list[Node] = list(walk(catalogue))
    heading = next((one.control for one in nodes if one.control.id == reference.control), None)
    if heading is None or heading.assessable:
        return None
    profiles = [profile_ids(catalogue, use) for use, _ in uses]
    below = [
        one.control.id
        for one in nodes
        if heading.id in one.parents
        and one.control.assessable
        and any(in_profile(one.control, chosen) for chosen in profiles)
    ]
    return (catalogue, below) if below else None


def _single(ledger: Ledger, text: str) -> tuple[Catalogue, list[str]]:
    found: tuple[Reference, Catalogue, object] = find_control(ledger, text)
    reference, catalogue, _ = found
    if reference.expectation:
        hint = f"name the control: {catalogue.id}:{reference.control}"
        raise refuse(f"{text} is an expectation, and judgements are of controls", hint=hint)
    return catalogue, [reference.control]


def _changed(soa: Applicability, catalogue: Catalogue, changes: Changes) -> tuple[Statement, ...]:
    """The statements with the changes: each where it stood, new ones where the catalogue's order puts them."""
    order = {node.control.id: place for place, node in enumerate(walk(catalogue))}
    stated = [changes[one.control](one) if one.control in changes else one for one in soa.controls]
    there = {one.control for one in stated}
    for control in sorted(changes.keys() - there, key=lambda one: order.get(one, len(order))):
        now = changes[control](Statement(control=control))
        if now == Statement(control=control):
            continue
        after = (at for at, one in enumerate(stated) if order.get(one.control, -1) > order[control])
        stated.insert(next(after, len(stated)), now)
    return tuple(stated)
