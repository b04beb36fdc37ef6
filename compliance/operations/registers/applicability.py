"""Judgements on controls written down: found by standard and scope, changed control by control, approved."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence

import msgspec

from compliance.domain.ledger.ledger import Ledger
from compliance.domain.ledger.lookup import find_control, missing_standard
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
"""By control id, the function that turns the present statement on that control into the new one."""


def start(
    workspace: Workspace, ledger: Ledger, catalogue: Catalogue, scope: str, accreditation: str, today: dt.date
) -> tuple[Applicability, Committed]:
    """Begins a statement without entries, by which every control applies. Raises Refused if there is one already."""
    covered = ledger.settings.scope(scope)
    if covered is None or catalogue not in [used for _, used in ledger.in_use(covered)]:
        raise refuse(f"{catalogue.name} is not in use for {scope}", hint="put it to use there in compliance.toml")
    existing = _of(ledger, catalogue, scope)
    if existing:
        hint = f"see: compliance applicability show {existing.id}"
        raise refuse(f"there is a statement for {catalogue.name} in {scope} already: {existing.id}", hint=hint)
    statement = Applicability(id="", standard=catalogue.name, scope=scope, accreditation=accreditation)
    recorded, committed = add_records(workspace, ledger, APPLICABILITY, [statement], today)
    return recorded[0], committed


def find_statement(ledger: Ledger, text: str, scope: str = "") -> tuple[Applicability, Catalogue]:
    """The statement of an id, or for a standard in a scope (the only one, or that of the first scope, if none is said).

    Raises Refused with what there is.
    """
    by_id = {statement.id: statement for statement in ledger.of(APPLICABILITY)}
    statement = by_id.get(text) or by_id.get(normalised(text, APPLICABILITY.prefix))
    if statement is None:
        statement = _for_standard(ledger, catalogue_of(ledger, text), scope)
    catalogue = ledger.catalogue(statement.standard)
    if catalogue is None:
        hint = f"add it with: compliance standards use {statement.standard}"
        sentence = f"the standard {statement.standard} has no catalogue here"
        raise missing_standard(ledger, statement.standard, hint, sentence)
    return statement, catalogue


def controls_named(ledger: Ledger, texts: Sequence[str]) -> tuple[Catalogue, tuple[str, ...]]:
    """The controls that texts name, all of one standard; a heading stands for each control below it.

    Raises Refused, with did-you-mean, for what there is not, and for controls of several standards.
    """
    named: dict[str, None] = {}
    catalogue: Catalogue | None = None
    for text in texts:
        standard, controls = _below_heading(ledger, text) or _single(ledger, text)
        if catalogue and standard.name != catalogue.name:
            hint = "each has a statement of its own: name the controls of one standard at a time"
            raise refuse(f"{text} is no control of {catalogue.name}", hint=hint)
        catalogue = standard
        named |= dict.fromkeys(controls)
    if catalogue is None:
        raise refuse("no control is named", hint="name one or several, or a heading for all below it")
    return catalogue, tuple(named)


def altered(statement: Applicability, changes: Changes) -> tuple[str, ...]:
    """The ids of the controls whose statement the changes would alter."""
    return tuple(
        control for control, change in changes.items() if change(statement.of(control)) != statement.of(control)
    )


def judge(
    workspace: Workspace, ledger: Ledger, statement: Applicability, catalogue: Catalogue, changes: Changes, deed: str
) -> tuple[Applicability, Committed | None]:
    """Changes what is stated of controls; the commit is None if nothing differs.

    Raises Refused with what `check` would call an error; then nothing is written.
    """
    changed = msgspec.structs.replace(statement, controls=_changed(statement, catalogue, changes))
    if changed == statement:
        return statement, None
    try:
        return changed, change_record(workspace, ledger, APPLICABILITY, statement, changed, deed)
    except Refused as refusal:
        # What was typed once and is wrong of forty controls is one fault; and what is merely to be known can wait.
        errors = {problem.sentence: problem for problem in reversed(refusal.problems) if problem.is_error}
        raise Refused(errors.values()) from None


def approve(
    workspace: Workspace, ledger: Ledger, statement: Applicability, version: str, by: str, on: dt.date
) -> tuple[Applicability, Committed]:
    """Records that somebody approves the statement as it is, under a version: as a certificate will cite them.

    Raises Refused for a version that was approved as something else.
    """
    approved = msgspec.structs.replace(statement, version=version)
    stamp = digest(approved)
    before = statement.approved
    if before and statement.version == version and before.stamp != stamp:
        sentence = f"version {version} of {statement.id} was approved on {before.on} as something else"
        raise refuse(sentence, hint="give what is approved now a version of its own")
    approved = msgspec.structs.replace(approved, approved=StatementApproval(by=by, on=on, stamp=stamp))
    return approved, change_record(workspace, ledger, APPLICABILITY, statement, approved, f"version {version} approved")


def named_briefly(controls: Sequence[str], most: int = 3) -> str:
    """`A.5.1, A.5.2, A.5.3 and 34 more`, for sentences."""
    more = f" and {len(controls) - most} more" if len(controls) > most else ""
    return ", ".join(controls[:most]) + more


def _of(ledger: Ledger, catalogue: Catalogue, scope: str) -> Applicability | None:
    fitting = (statement for statement in ledger.of(APPLICABILITY) if ledger.catalogue(statement.standard) == catalogue)
    return next((statement for statement in fitting if statement.scope == scope), None)


def catalogue_of(ledger: Ledger, text: str) -> Catalogue:
    """The standard in use that a text names. Raises Refused for one that is not, and where two versions are."""
    try:
        name = parse_standard(text)
    except ValueError:
        raise refuse(f"“{text}” is neither a statement of applicability nor a standard", hint=_listed(ledger)) from None
    in_use = [catalogue for _, catalogue in ledger.in_use() if catalogue.id == name.id]
    fitting = [used for used in in_use if name.version in {"", used.version}]
    if not fitting:
        ids = [catalogue.id for _, catalogue in ledger.in_use()]
        hint = f"in use: {', '.join(str(used.name) for used in in_use)}" if in_use else choice_hint(name.id, ids)
        raise missing_standard(ledger, name, hint)
    if len({used.version for used in fitting}) > 1:
        names = " or ".join(str(used.name) for used in fitting)
        raise refuse(f"two versions of {name.id} are in use", hint=f"say which: {names}")
    return fitting[0]


def _for_standard(ledger: Ledger, catalogue: Catalogue, scope: str) -> Applicability:
    scopes = [known_scope.id for known_scope in ledger.settings.scopes]
    if scope:
        must_be_known("scope", scope, scopes)
    statements = [
        statement for statement in ledger.of(APPLICABILITY) if ledger.catalogue(statement.standard) == catalogue
    ]
    wanted = scope or (statements[0].scope if len(statements) == 1 else ledger.settings.default_scope)
    chosen = next((statement for statement in statements if statement.scope == wanted), None)
    if chosen is None:
        more = f" --scope {wanted}" if wanted != ledger.settings.default_scope else ""
        hint = f"begin one: compliance applicability start {catalogue.id}{more}"
        raise refuse(f"there is no statement of applicability for {catalogue.name} in {wanted}", hint=hint)
    return chosen


def _listed(ledger: Ledger) -> str:
    if not ledger.of(APPLICABILITY):
        return "begin one: compliance applicability start STANDARD"
    return "list them with: compliance applicability list"


def _below_heading(ledger: Ledger, text: str) -> tuple[Catalogue, list[str]] | None:
    """The catalogue and the controls below a heading; None if the text names no heading, or one in several versions."""
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
    heading = next((node.control for node in nodes if node.control.id == reference.control), None)
    if heading is None or heading.assessable:
        return None
    profiles = [profile_ids(catalogue, use) for use, _ in uses]
    below = [
        node.control.id
        for node in nodes
        if heading.id in node.parents
        and node.control.assessable
        and any(in_profile(node.control, chosen) for chosen in profiles)
    ]
    return (catalogue, below) if below else None


def _single(ledger: Ledger, text: str) -> tuple[Catalogue, list[str]]:
    named: tuple[Reference, Catalogue, object] = find_control(ledger, text)
    reference, catalogue, _ = named
    if reference.expectation:
        hint = f"name the control: {catalogue.id}:{reference.control}"
        raise refuse(f"{text} is an expectation, and judgements are of controls", hint=hint)
    return catalogue, [reference.control]


def _changed(before: Applicability, catalogue: Catalogue, changes: Changes) -> tuple[Statement, ...]:
    """The statements with the changes: each where it stood, new ones where the catalogue's order puts them."""
    order = {node.control.id: place for place, node in enumerate(walk(catalogue))}
    stated = [changes[entry.control](entry) if entry.control in changes else entry for entry in before.controls]
    spoken_of = {entry.control for entry in stated}
    for control in sorted(changes.keys() - spoken_of, key=lambda name: order.get(name, len(order))):
        statement = changes[control](Statement(control=control))
        if statement == Statement(control=control):
            continue
        after = (at for at, entry in enumerate(stated) if order.get(entry.control, -1) > order[control])
        stated.insert(next(after, len(stated)), statement)
    return tuple(stated)
