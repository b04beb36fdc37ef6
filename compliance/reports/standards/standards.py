"""Standards listed, shown as trees, and single controls with what they expect."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import msgspec

from compliance.domain.ledger.ledger import Ledger
from compliance.domain.standards.catalogue import (
    INDICATOR_LETTERS,
    Catalogue,
    Condition,
    Control,
    IndicatorCounts,
    IndicatorTexts,
    Node,
    Question,
    expects,
    walk,
)
from compliance.domain.standards.expectations import AnyOf, Expectation
from compliance.domain.terms.vocabulary import Level
from compliance.problems import counted, printable
from compliance.reports.parts.answers import Answer
from compliance.reports.parts.terminal import table, wrapped
from compliance.reports.standards.questions import question_as_text


def list_as_text(ledger: Ledger | None, shipped: Sequence[Catalogue], width: int) -> str:
    """The standards in use, those that lie here without being in use, and those that ship."""
    parts = []
    if ledger:
        rows = [
            (
                str(use.standard),
                ", ".join(use.scopes) or "every scope",
                ", ".join(use.profiles) or catalogue.default_profile or "–",
                str(count_controls(catalogue)),
            )
            for use, catalogue in ledger.in_use()
        ]
        parts.append(
            "In use\n"
            + (table(("Standard", "Scopes", "Profile", "Controls"), rows, width, flexible=1) if rows else "none yet")
        )
    idle = _not_in_use(ledger)
    if idle:
        parts.append("Here, not in use\n" + _titles(idle, width))
    parts.append("Shipped\n" + _titles(shipped, width))
    return "\n\n".join(parts)


def _titles(catalogues: Sequence[Catalogue], width: int) -> str:
    rows = [(str(catalogue.name), catalogue.title, str(count_controls(catalogue))) for catalogue in catalogues]
    return table(("Standard", "Title", "Controls"), rows, width, flexible=1)


def _not_in_use(ledger: Ledger | None) -> list[Catalogue]:
    """The catalogues of the workspace that nothing is judged by: imported, or of a version that was left behind."""
    used = {catalogue.name for _, catalogue in ledger.in_use()} if ledger else set()
    return [catalogue for catalogue in ledger.catalogues if catalogue.name not in used] if ledger else []


def count_controls(catalogue: Catalogue) -> int:
    """How many controls of a catalogue are judged; headings are not."""
    return sum(node.control.assessable for node in walk(catalogue))


def _controls(catalogue: Catalogue) -> str:
    return counted(count_controls(catalogue), "control")


class UsedStandard(msgspec.Struct, frozen=True):
    """A standard in use: for which scopes and profiles (none named: all, or the default), and its size."""

    standard: str
    scopes: tuple[str, ...]
    profiles: tuple[str, ...]
    controls: int


class StandardTitle(msgspec.Struct, frozen=True):
    """A standard that there is, and its size."""

    standard: str
    title: str
    controls: int


class StandardsList(Answer, frozen=True, kw_only=True):
    """The standards in use, those that lie here without being in use, and those that ship."""

    in_use: tuple[UsedStandard, ...]
    here: tuple[StandardTitle, ...]
    shipped: tuple[StandardTitle, ...]


def list_view(ledger: Ledger | None, shipped: Sequence[Catalogue]) -> StandardsList:
    """The list as `--json` has it."""
    return StandardsList(
        in_use=tuple(
            UsedStandard(str(use.standard), tuple(use.scopes), tuple(use.profiles), count_controls(catalogue))
            for use, catalogue in (ledger.in_use() if ledger else ())
        ),
        here=tuple(_title_view(catalogue) for catalogue in _not_in_use(ledger)),
        shipped=tuple(_title_view(catalogue) for catalogue in shipped),
    )


def _title_view(catalogue: Catalogue) -> StandardTitle:
    return StandardTitle(str(catalogue.name), catalogue.title, count_controls(catalogue))


def tree_as_text(catalogue: Catalogue, width: int) -> str:
    """A standard as an indented tree; a dot marks what is assessed."""
    head = f"{catalogue.name} · {_controls(catalogue)} · {catalogue.publisher}"
    lines = []
    for text in (catalogue.title, head, catalogue.notice, catalogue.wording):
        lines += wrapped(text, width)
    if catalogue.profiles:
        lines += wrapped("Profiles: " + ", ".join(profile.id for profile in catalogue.profiles), width, below="  ")
    lines.append("")
    for node in walk(catalogue):
        indent = "  " * node.depth
        mark = "· " if node.control.assessable else ""
        lines += _beside(f"{indent}{mark}{node.control.id}  ", _title(node.control), width)
    return "\n".join(lines)


def _beside(first: str, text: str, width: int) -> list[str]:
    """The text to the right of what stands first in its line; that alone where there is no text."""
    return wrapped(text, width, first=first, below=" " * len(first)) or [first]


def _title(control: Control) -> str:
    """The title, the organisation's own number, and whether an overlay changed what the standard says."""
    number = f" [{control.local_id}]" if control.local_id else ""
    return f"{control.title}{number}{' (changed by an overlay)' if control.changed_by_overlay else ''}"


class ControlTitle(msgspec.Struct, frozen=True):
    """A node of a standard: how deep it lies, below which, and whether it is judged."""

    id: str
    title: str
    depth: int
    assessable: bool
    parent: str | None


class StandardTree(Answer, frozen=True, kw_only=True):
    """A standard with every node of its tree, in its order."""

    standard: str
    title: str
    controls: tuple[ControlTitle, ...]


def tree_view(catalogue: Catalogue) -> StandardTree:
    """The standard as `--json` has it."""
    return StandardTree(
        standard=str(catalogue.name),
        title=catalogue.title,
        controls=tuple(
            ControlTitle(
                id=node.control.id,
                title=node.control.title,
                depth=node.depth,
                assessable=node.control.assessable,
                parent=node.parents[-1] if node.parents else None,
            )
            for node in walk(catalogue)
        ),
    )


def control_as_text(catalogue: Catalogue, node: Node, width: int) -> str:
    """One control with its summary and everything it expects."""
    control = node.control
    lines = wrapped(f"{catalogue.id}:{control.id}  {control.title}", width)
    lines += wrapped(catalogue.title, width)
    if control.local_id:
        lines.append(printable(f"your number: {control.local_id}"))
    if control.certainty and control.certainty != "confirmed":
        lines.append(f"certainty: {control.certainty}")
    if control.superseded_by:
        lines.append(f"superseded by {control.superseded_by}")
    if control.profiles is not None:
        lines += wrapped("profiles: " + (", ".join(control.profiles) or "none"), width, below="  ")
    if control.summary:
        lines += ["", *wrapped(control.summary, width)]
    for note in control.changed_by_overlay:
        lines += wrapped(f"changed by an overlay: {note}", width, below="  ")
    lines += question_as_text(catalogue, control, width)
    lines += _indicators(control, width)
    expectations = expects(catalogue, control) if control.assessable else ()
    if expectations:
        lines += ["", "Expects"]
    for expectation in expectations:
        lines += _expectation(expectation, width, "  ")
    if control.related:
        related = ", ".join(f"{relation.to} ({relation.type.value})" for relation in control.related)
        lines += ["", *wrapped(f"Related: {related}", width, below="  ", break_on_hyphens=False)]
    if control.controls:
        lines += ["", "Below it"]
        for below in control.controls:
            lines += _beside(f"  {below.id}  ", below.title, width)
    return "\n".join(lines)


_ACHIEVED_BY = {
    Level.NOT_ACHIEVED: "Not achieved if any of these is true",
    Level.PARTIALLY_ACHIEVED: "Partially achieved if all of these are true",
    Level.ACHIEVED: "Achieved if all of these are true",
}


def _indicators(control: Control, width: int) -> list[str]:
    """The indicators of good practice in words, each with the id by which it is answered."""
    lines: list[str] = []
    for level, heading in _ACHIEVED_BY.items():
        texts = getattr(control.indicator_texts, level.value.replace("-", "_")) if control.indicator_texts else ()
        lines += ["", heading] if texts else []
        for number, text in enumerate(texts, 1):
            first = f"  {INDICATOR_LETTERS[level]}.{number}  "
            lines += wrapped(text, width, first=first, below=" " * len(first))
    return lines


def _expectation(expectation: Expectation, width: int, indent: str, *, member: bool = False) -> list[str]:
    """An expectation in lines; of a member of a group, what is said of the group is left out."""
    kinds = " or ".join(kind.value for kind in expectation.kinds) or (
        "any kind" if not isinstance(expectation.rule, AnyOf) else ""
    )
    facts = [kinds, str(expectation.rule), expectation.basis.value, "" if member else expectation.need.value]
    if expectation.optional:
        facts.append("optional")
    if expectation.per:
        facts.append(f"one for each {expectation.per.value}")
    if expectation.judged and expectation.judged.value != "always":
        facts.append(f"judged at {expectation.judged.value}")
    below = f"{indent}  "
    lines = wrapped(f"#{expectation.id}: {', '.join(filter(None, facts))}", width, first=indent, below=below)
    lines += wrapped(expectation.what, width, first=below, below=below)
    if expectation.source:
        lines += wrapped(f"source: {expectation.source}", width, first=below, below=f"{below}  ")
    if isinstance(expectation.rule, AnyOf):
        for alternative in expectation.rule.members:
            lines += _expectation(alternative, width, f"{indent}    ", member=True)
    return lines


class ExpectationView(msgspec.Struct, frozen=True):
    """One kind of evidence that a control expects."""

    id: str
    kinds: tuple[str, ...]
    rule: str
    basis: str
    need: str
    source: str
    what: str
    binding: bool


class RelationView(msgspec.Struct, frozen=True):
    """A relation that the standard states, to which control, and by whose judgement."""

    to: str
    type: str
    source: str


class ControlView(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A control with what it expects; a field that says nothing is left out."""

    id: str
    title: str
    assessable: bool = False
    revision: int = 1
    profiles: tuple[str, ...] | None = None
    summary: str = ""
    expects: tuple[ExpectationView, ...]
    related: tuple[RelationView, ...]
    superseded_by: str = ""
    first_due: date | None = None
    excludable: bool | None = None
    inheritable: bool | None = None
    asked_if: Condition | None = None
    answer: Question | None = None
    indicators: IndicatorCounts | None = None
    indicator_texts: IndicatorTexts | None = None
    was: tuple[str, ...] | None = None
    revised: str = ""
    certainty: str = ""
    local_id: str = ""
    changed_by_overlay: tuple[str, ...] = ()


class ControlShown(Answer, frozen=True, kw_only=True):
    """One control of a standard."""

    standard: str
    control: ControlView


def control_view(catalogue: Catalogue, node: Node) -> ControlShown:
    """The control as `--json` has it."""
    fields = msgspec.structs.asdict(node.control)
    del fields["controls"]
    fields["expects"] = tuple(
        ExpectationView(
            id=expectation.id,
            kinds=tuple(kind.value for kind in expectation.kinds),
            rule=str(expectation.rule),
            basis=expectation.basis.value,
            need=expectation.need.value,
            source=expectation.source,
            what=expectation.what,
            binding=expectation.binding,
        )
        for expectation in expects(catalogue, node.control)
    )
    fields["related"] = tuple(
        RelationView(str(relation.to), relation.type.value, relation.source) for relation in node.control.related
    )
    return ControlShown(standard=str(catalogue.name), control=ControlView(**fields))


def found_as_text(catalogues: Sequence[Catalogue], text: str, width: int) -> str:
    """The controls in which every word of a text is found."""
    words = text.casefold().split()
    rows = []
    ids = [catalogue.id for catalogue in catalogues]
    for catalogue in catalogues:
        for node in walk(catalogue):
            control = node.control
            searchable = " ".join(
                [
                    control.id,
                    control.local_id,
                    control.title,
                    control.summary,
                    *(expectation.what for expectation in control.expects),
                ]
            ).casefold()
            if control.assessable and words and all(word in searchable for word in words):
                name = catalogue.id if ids.count(catalogue.id) == 1 else catalogue.name
                rows.append((f"{name}:{control.id}", f"{control.title}\n{control.summary}"))
    if not rows:
        return f"No control speaks of “{printable(text)}”."
    return table(("Control", "Title and summary"), rows, width, flexible=1) + f"\n{counted(len(rows), 'control')}"
