"""Controls found by the name a person types, with the nearest ones where there is none such."""

from __future__ import annotations

from collections.abc import Sequence

from compliance.domain.ledger.ledger import Ledger
from compliance.domain.standards.catalogue import Catalogue, Control, walk
from compliance.domain.standards.methods import nameable
from compliance.domain.terms.layout import OVERLAY_SUFFIX, STANDARDS
from compliance.domain.terms.references import Reference, StandardName, named_by_file, parse_reference
from compliance.problems import Location, Problem, Refused, UnreadFile, nearest, refuse


def find_control(ledger: Ledger, text: str, shipped: Sequence[str] = ()) -> tuple[Reference, Catalogue, Control]:
    """The control that a reference names; `shipped` are the standards that could be taken into use.

    Raises Refused, with did-you-mean, for a standard not in use, an unknown control or expectation, a group, and a name
    without version where two versions are in use.
    """
    try:
        reference = parse_reference(text)
    except ValueError as error:
        sentence, _, how = str(error).rpartition("; ")
        raise refuse(sentence, hint=_from_bare_id(ledger, text) or how) from None
    catalogue = _catalogue(ledger, reference, shipped)
    controls = catalogue.control_by_id
    control = controls.get(reference.control)
    if control is None:
        typed = reference.control.casefold()
        same = next(
            (id_ for id_, candidate in controls.items() if typed in {id_.casefold(), candidate.local_id.casefold()}),
            None,
        )
        near = (
            [same]
            if same
            else nearest(
                reference.control, [id_ for id_, candidate in controls.items() if candidate.assessable], most=3
            )
        )
        hint = (
            f"did you mean {', '.join(f'{catalogue.id}:{id_}' for id_ in near)}?"
            if near
            else f"list them with: compliance standards show {catalogue.name}"
        )
        raise refuse(f"{catalogue.name} has no control {reference.control}", hint=hint)
    if not control.assessable:
        below = [child.id for child in control.controls if child.assessable]
        hint = (
            f"name one below it: {', '.join(f'{catalogue.id}:{id_}' for id_ in below[:6])}"
            if below
            else f"look below it: compliance standards show {catalogue.name}"
        )
        raise refuse(f"{catalogue.id}:{control.id} is a heading, not a control", hint=hint)
    ids = nameable(catalogue, control)
    if reference.expectation and reference.expectation not in ids:
        raise refuse(
            f"{catalogue.id}:{control.id} has no expectation #{reference.expectation}",
            hint=f"it has #{', #'.join(ids)}",
        )
    return reference, catalogue, control


def must_be_readable(ledger: Ledger, name: StandardName) -> None:
    """Raises UnreadFile where the file of the catalogue that a name means could not be read."""
    uses = (use.standard for use in ledger.settings.standards)
    meant = next((used for used in uses if used.id == name.id and name.version in {"", used.version}), name)
    for path in ledger.unread:
        named = named_by_file(path) if path.startswith(f"{STANDARDS}/") and not path.endswith(OVERLAY_SUFFIX) else None
        if named and named.id == meant.id and meant.version in {"", named.version}:
            sentence = f"the catalogue of {named} cannot be read"
            raise UnreadFile([Problem(sentence, Location(path), "what is wrong in it: compliance check")])


def must_judge(ledger: Ledger) -> None:
    """Raises Refused where no standard is in use, and UnreadFile where the catalogue of none in use can be read."""
    if not ledger.settings.standards:
        raise refuse("no standard is in use here", hint="take one into use: compliance standards use iso27001")
    if not any(ledger.in_use()):
        for use in ledger.settings.standards:
            must_be_readable(ledger, use.standard)


def missing_standard(ledger: Ledger, name: StandardName, hint: str, sentence: str = "") -> Refused:
    """What to raise where a standard is not in use, or `sentence` says what else there is not.

    Raises UnreadFile where the reason is that its catalogue could not be read.
    """
    must_be_readable(ledger, name)
    return refuse(sentence or f"the standard {name} is not in use here", hint=hint)


def _catalogue(ledger: Ledger, reference: Reference, shipped: Sequence[str]) -> Catalogue:
    in_use = [catalogue for _, catalogue in ledger.in_use()]
    of_id = [catalogue for catalogue in in_use if catalogue.id == reference.standard]
    if not of_id:
        near = nearest(reference.standard, [catalogue.id for catalogue in in_use])
        names = (
            ", ".join(dict.fromkeys(catalogue.id for catalogue in in_use)) or "none yet: compliance standards use NAME"
        )
        hint = f"did you mean {near[0]}?" if near else f"in use: {names}"
        if reference.standard in shipped:
            hint = f"it ships with the program: compliance standards use {reference.standard}"
        raise missing_standard(ledger, StandardName(reference.standard, reference.version), hint)
    fitting = [catalogue for catalogue in of_id if reference.version in {"", catalogue.version}]
    if not fitting:
        versions = ", ".join(catalogue.version for catalogue in of_id)
        sentence = f"{reference.standard} is not in use in version {reference.version}"
        name = StandardName(reference.standard, reference.version)
        raise missing_standard(ledger, name, f"in use: {versions}", sentence)
    if len({catalogue.version for catalogue in fitting}) > 1:
        names = " or ".join(f"{catalogue.name}:{reference.control}" for catalogue in fitting)
        raise refuse(f"two versions of {reference.standard} are in use", hint=f"say which: {names}")
    return fitting[0]


def _from_bare_id(ledger: Ledger, text: str) -> str:
    """For `A.8.8` or `8.8`: the controls whose id ends so."""
    wanted = text.strip().casefold()
    fitting = [
        f"{catalogue.id}:{node.control.id}"
        for _, catalogue in ledger.in_use()
        for node in walk(catalogue)
        if node.control.assessable and wanted and node.control.id.casefold() in {wanted, f"a.{wanted}"}
    ]
    return f"did you mean {' or '.join(dict.fromkeys(fitting))}?" if fitting else ""
