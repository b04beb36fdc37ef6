"""A standard as a tree of controls, its profiles and its scheme."""

from __future__ import annotations

import enum
import functools
from collections.abc import Iterator
from datetime import date
from typing import Annotated

import msgspec

from compliance.domain.standards.expectations import Expectation
from compliance.domain.standards.schemes import Scheme
from compliance.domain.terms.references import Reference, StandardName
from compliance.domain.terms.vocabulary import Level


class RelationType(enum.Enum):
    """How one control's ground lies to another's: the same, within it, around it, or overlapping."""

    EQUAL = "equal"
    SUBSET = "subset"
    SUPERSET = "superset"
    INTERSECTS = "intersects"


class Relation(msgspec.Struct, frozen=True, kw_only=True):
    """A typed link to a control of another standard, and who says so."""

    to: Reference
    type: RelationType
    source: str = ""


class Condition(msgspec.Struct, frozen=True, kw_only=True):
    """A question is asked only if another one was answered so."""

    question: str
    answer: str


class AnswerForm(enum.Enum):
    """What an answer to a question looks like."""

    YES_NO = "yes-no"
    CHOICE = "choice"
    TEXT = "text"
    NUMBER = "number"


class Question(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a control asks for in words: the form of its answer, and the one that complies where the scheme names it.

    `several`: an answer may name more than one of the options, with commas between. `decisive`: any other answer than
    the wanted one fails the whole assessment.
    """

    form: AnswerForm
    options: tuple[str, ...] = ()
    several: bool = False
    wanted: str = ""
    decisive: bool = False


class IndicatorCounts(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How many indicators of good practice an outcome lists for each level, numbered from 1 as published."""

    not_achieved: int = 0
    partially_achieved: int = 0
    achieved: int = 0


class IndicatorTexts(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The indicators of good practice in words, in the order of their numbers."""

    not_achieved: tuple[str, ...] = ()
    partially_achieved: tuple[str, ...] = ()
    achieved: tuple[str, ...] = ()


INDICATOR_LETTERS = {Level.NOT_ACHIEVED: "NA", Level.PARTIALLY_ACHIEVED: "PA", Level.ACHIEVED: "A"}
"""What an indicator's id begins with, after which comes its number: NA.1, PA.2, A.3."""


class Control(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A node of a standard: a group, or, where `assessable`, a requirement, clause, question or outcome.

    `profiles` None means every profile; an empty tuple means none (superseded rows). `excludable` and `inheritable`
    hold for everything below unless it says otherwise. A control that has an `answer` and no expectations of its own is
    answered, not evidenced.

    `was` names the controls of the version before that it continues: none where it is new, and where nothing is said
    the one of the same id. `revised` says what they did not ask, so that a person looks at what is carried over.
    """

    id: str
    title: str
    assessable: bool = False
    revision: int = 1
    profiles: tuple[str, ...] | None = None
    summary: str = ""
    expects: tuple[Expectation, ...] = ()
    related: tuple[Relation, ...] = ()
    controls: tuple[Control, ...] = ()
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
    changed_by_overlay: Annotated[tuple[str, ...], msgspec.Meta(extra_json_schema={"readOnly": True})] = ()
    """What an overlay made of it, in words: from what to what, and why."""


class Criterion(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What must hold for a profile to be used, and how sure the wording of it is."""

    what: str
    certainty: str = ""


class Profile(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The part of a standard that applies to an organisation of a kind, or the level it aims at.

    It may be used where every criterion of its `eligibility` holds.
    """

    id: str
    title: str
    eligibility: tuple[Criterion, ...] = ()
    targets: dict[str, Level] = {}


class EventType(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A type of event that an expectation of the standard reads; `was` are types of which it, or a part, was made."""

    id: str
    title: str
    was: tuple[str, ...] = ()


class FormerEvent(msgspec.Struct, frozen=True, kw_only=True):
    """A type of event that the standard was asked about once, and what is done instead."""

    id: str
    instead: str


class Catalogue(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, dict=True):
    """One version of one standard."""

    id: str
    version: str
    title: str
    short: str
    publisher: str
    wording: Annotated[str, msgspec.Meta(description="What the words in it are, and under which licence.")] = ""
    notice: Annotated[
        str,
        msgspec.Meta(description="What every report says about it (for example that its numbering is reconstructed)."),
    ] = ""
    source: str = ""
    follows: Annotated[
        StandardName | None, msgspec.Meta(description="The version before, from which `standards migrate` leads here.")
    ] = None
    profiles: tuple[Profile, ...] = ()
    default_profile: str = ""
    choosing: str = ""
    """How a profile is chosen, and who has a say in it."""
    events: tuple[EventType, ...] = ()
    former_events: tuple[FormerEvent, ...] = ()
    scheme: Scheme = Scheme()
    default_expects: tuple[Expectation, ...] = ()
    controls: tuple[Control, ...] = ()

    @property
    def name(self) -> StandardName:
        return StandardName(self.id, self.version)

    @functools.cached_property
    def control_by_id(self) -> dict[str, Control]:
        """Every control and heading, by its id."""
        return {node.control.id: node.control for node in walk(self)}


class Node(msgspec.Struct, frozen=True):
    """A control in its place: how deep, under what, and what it takes from above."""

    control: Control
    depth: int
    parents: tuple[str, ...]
    excludable: bool
    inheritable: bool


def walk(catalogue: Catalogue) -> Iterator[Node]:
    """Every control of the catalogue, parents before children, in the standard's order."""

    def below(
        controls: tuple[Control, ...], parents: tuple[str, ...], excludable: bool, inheritable: bool
    ) -> Iterator[Node]:
        for control in controls:
            node = Node(
                control,
                len(parents),
                parents,
                excludable if control.excludable is None else control.excludable,
                inheritable if control.inheritable is None else control.inheritable,
            )
            yield node
            yield from below(control.controls, (*parents, control.id), node.excludable, node.inheritable)

    yield from below(catalogue.controls, (), excludable=False, inheritable=True)


def expects(catalogue: Catalogue, control: Control) -> tuple[Expectation, ...]:
    """What an assessable control expects: its own list, or the catalogue's default; nothing of one that is answered."""
    return control.expects or (() if control.answer else catalogue.default_expects)


def in_profile(control: Control, profiles: tuple[str, ...]) -> bool:
    """Whether a control applies under any of the profiles; with no profile chosen, under all that name any."""
    if control.profiles is None:
        return True
    if not profiles:
        return bool(control.profiles)
    return any(profile in control.profiles for profile in profiles)


def assessable(catalogue: Catalogue, profiles: tuple[str, ...]) -> Iterator[Node]:
    """The controls that are judged under the profiles."""
    return (node for node in walk(catalogue) if node.control.assessable and in_profile(node.control, profiles))
