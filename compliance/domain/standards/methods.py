"""Ways to meet a requirement that a scheme knows, and the evidence that each expects beside the requirement's own."""

from __future__ import annotations

from compliance.domain.standards.catalogue import Catalogue, Control, expects
from compliance.domain.standards.expectations import Expectation, leaves


def expected(catalogue: Catalogue, control: Control, method: str) -> tuple[Expectation, ...]:
    """What a control expects where it is met by a method: its own, and what the method adds."""
    added = next((candidate.expects for candidate in catalogue.scheme.methods if candidate.id == method), ())
    return (*expects(catalogue, control), *added)


def those_meant(catalogue: Catalogue, control: Control, expectation: str) -> tuple[Expectation, ...]:
    """The expectations that a reference to a control means: the one that it names, or each of the control's own.

    One that only a method adds may be named whatever the method is: methods are chosen scope by scope.
    """
    own = [leaf for expectation in expects(catalogue, control) for leaf in leaves(expectation)]
    if not expectation:
        return tuple(own)
    return tuple(leaf for leaf in (*own, *_added(catalogue)) if leaf.id == expectation)


def nameable(catalogue: Catalogue, control: Control) -> tuple[str, ...]:
    """The ids of all expectations that evidence for a control may name."""
    own = (leaf.id for expectation in expects(catalogue, control) for leaf in leaves(expectation))
    return tuple(dict.fromkeys((*own, *(leaf.id for leaf in _added(catalogue)))))


def _added(catalogue: Catalogue) -> list[Expectation]:
    return [
        leaf for method in catalogue.scheme.methods for expectation in method.expects for leaf in leaves(expectation)
    ]
