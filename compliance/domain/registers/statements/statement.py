"""Judgements a person makes of a control in a scope: excluded, inherited, answered, how far achieved."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Annotated

import msgspec

from compliance.domain.standards.catalogue import Catalogue, assessable
from compliance.domain.terms.references import StandardName
from compliance.domain.terms.vocabulary import Attribution, Level


class Inheritance(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A control that another scope or an external provider meets for this one.

    `retains` lists the expectations that stay with this scope; `note` says it in words.
    """

    scope: str = ""
    provider: str = ""
    service: str = ""
    retains: tuple[str, ...] = ()
    note: str = ""


class IndicatorAnswers(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The numbers of the indicators that are true, by level."""

    not_achieved: tuple[int, ...] = ()
    partially_achieved: tuple[int, ...] = ()
    achieved: tuple[int, ...] = ()


class Statement(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What was decided about one control.

    `because` links an inclusion to what it answers: a risk's id, a law, a contract. `level` set by hand overrides what
    the `indicators` give, and then needs a `justification`.
    """

    control: str
    applies: bool = True
    reason: str = ""
    review: Annotated[
        date | None,
        msgspec.Meta(description="By when an exclusion must be looked at again: after that day it has lapsed."),
    ] = None
    parent_evidence: Annotated[bool, msgspec.Meta(description="Evidence of the parent scope serves here.")] = False
    inherits: Inheritance | None = None
    answer: str = ""
    indicators: IndicatorAnswers | None = None
    level: Level | None = None
    justification: str = ""
    because: tuple[str, ...] = ()
    status: str = ""
    method: str = ""
    owner: str = ""


class StatementApproval(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Who approved a statement of applicability, on which day, and exactly what.

    `stamp` is the digest of what was approved; one that somebody wrote by hand may lack it, and binds nothing.
    """

    by: str
    on: date
    stamp: str = ""


class Applicability(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A statement of applicability: the judgements for one standard in one scope."""

    id: str
    standard: StandardName
    scope: str
    version: str = ""
    accreditation: str = ""
    approved: StatementApproval | None = None
    recorded: Attribution | None = None
    controls: tuple[Statement, ...] = ()

    @property
    def name(self) -> str:
        """What to call it: its standard and its scope."""
        return f"{self.standard.id} {self.scope}"

    def of(self, control: str) -> Statement:
        """What was decided about a control; by default that it applies, and nothing else."""
        return next(
            (statement for statement in self.controls if statement.control == control), Statement(control=control)
        )


def digest(soa: Applicability) -> str:
    """What an approval is bound to: the standard, the scope, the version, and everything that is stated of controls.

    The order of the controls does not matter, nor does a line that says nothing.
    """
    nonempty = [statement for statement in soa.controls if statement != Statement(control=statement.control)]
    stated = sorted(nonempty, key=lambda statement: statement.control)
    whole = [str(soa.standard), soa.scope, soa.version, stated]
    return hashlib.sha256(msgspec.json.encode(whole, enc_hook=str)).hexdigest()


def changed_since_approval(soa: Applicability) -> bool:
    """Whether it is no longer what was approved."""
    return bool(soa.approved and soa.approved.stamp) and digest(soa) != (soa.approved and soa.approved.stamp)


def unexplained(soa: Applicability, catalogue: Catalogue, profiles: tuple[str, ...]) -> tuple[str, ...]:
    """The controls that could be excluded and are not, of which nothing says why; none where no scheme asks for it.

    ISO/IEC 27001, 6.1.3 d: a statement of applicability gives the reasons for inclusions as for exclusions.
    """
    if not catalogue.scheme.inclusions_reasoned:
        return ()
    decided = {
        statement.control
        for statement in soa.controls
        if not statement.applies or statement.reason or statement.because
    }
    return tuple(
        node.control.id
        for node in assessable(catalogue, profiles)
        if node.excludable and node.control.id not in decided
    )
