"""A catalogue as tables for people: which columns there are, and what each cell says.

What is written is meant to be read, filtered and printed. The lossless form of a catalogue is its YAML.
"""

from __future__ import annotations

from collections.abc import Iterator

from compliance.domain.standards.catalogue import Catalogue, Control, walk
from compliance.domain.standards.expectations import Expectation

CONTROL_COLUMNS = ("id", "parent", "title", "assessable", "summary", "profiles", "expects", "related")
EXPECTATION_COLUMNS = ("id", "title", "expectation", "kind", "how often", "basis", "need", "source", "what")
CATALOGUE_COLUMNS = ("field", "value")
_ABOUT = ("id", "version", "title", "short", "publisher", "wording", "notice", "source")
"""Fields of a catalogue that people want beside its controls."""

Cells = tuple[str, ...]


def control_rows(catalogue: Catalogue) -> Iterator[Cells]:
    """A row for each heading and control, parents first, in the order of `CONTROL_COLUMNS`."""
    for node in walk(catalogue):
        control = node.control
        yield (
            control.id,
            node.parents[-1] if node.parents else "",
            control.title,
            "yes" if control.assessable else "no",
            control.summary,
            _profiles(control),
            "\n".join(_expectation(expectation) for expectation in control.expects),
            "\n".join(f"{relation.type.value} {relation.to}" for relation in control.related),
        )


def expectation_rows(catalogue: Catalogue) -> Iterator[Cells]:
    """A row for each kind of evidence that a control expects, in the order of `EXPECTATION_COLUMNS`."""
    for node in walk(catalogue):
        for expectation in node.control.expects:
            yield (
                node.control.id,
                node.control.title,
                expectation.id,
                _kinds(expectation),
                str(expectation.rule),
                expectation.basis.value,
                expectation.need.value,
                expectation.source,
                expectation.what,
            )


def catalogue_rows(catalogue: Catalogue) -> Iterator[Cells]:
    """What the catalogue says of itself, a field to a row; fields without a value are left out."""
    for field in _ABOUT:
        value = str(getattr(catalogue, field))
        if value:
            yield field, value


def _profiles(control: Control) -> str:
    """The profiles that a control belongs to; empty for all of them, `none` where it belongs to none."""
    return "none" if control.profiles == () else ", ".join(control.profiles or ())


def _expectation(expectation: Expectation) -> str:
    """An expectation on one line: `scan, report: every 3 months: A scan of all systems`."""
    pieces = (_kinds(expectation), str(expectation.rule), " ".join(expectation.what.split()))
    return ": ".join(piece for piece in pieces if piece)


def _kinds(expectation: Expectation) -> str:
    return ", ".join(kind.value for kind in expectation.kinds)
