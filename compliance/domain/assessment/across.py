"""Evidence that serves a control across a relation, though it is filed for a control of another standard.

Which direction is sound: what is filed for a control speaks for that control's ground. It speaks for another control
where that one's ground lies within, so evidence goes from X to Y where Y is `equal` to X or a `subset` of it, and not
the other way: what shows the part does not show the whole. `superset` and `intersects` count only where the
organisation asks for them, standard by standard (`across` in compliance.toml), and are marked.

More is asked, for a relation speaks of controls and not of documents:

- one relation only, between X and Y themselves, and only evidence that is mapped to X: judgements on judgements prove
  little, and who judged a heading has not looked at each control below it;
- the piece serves X (its kind is one that X expects, there where it is mapped), and Y expects its kind;
- what Y's standard mandates is of a form of its own (a scan by an approved vendor is more than a scan): it is served
  across `equal` alone; and a piece that is mapped to one expectation of X speaks for that part of X, and goes across
  `equal` alone;
- X's standard and Y's are both in use in the scope, and the piece is of a scope that serves Y there;
- it only ever helps: a fail for the wider control says nothing certain of the narrower one, and a control's own fail
  is answered by its own evidence alone. Where its own evidence does as well, that is what counts;
- review: a piece that needs an approval needs it as what it is, for the controls it is mapped to. Its stamp holds no
  control that it serves across a relation: who approved it did not say so, the relation does, and its source is named.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import msgspec

from compliance.domain.assessment.rules.candidates import Candidate, Dismissed
from compliance.domain.assessment.rules.judging import Context, MappedEvidence, considered, judge
from compliance.domain.ledger.records import Evidence
from compliance.domain.ledger.settings import ACROSS_BY_DEFAULT
from compliance.domain.standards.catalogue import RelationType
from compliance.domain.standards.crosswalk import strength
from compliance.domain.standards.expectations import Expectation, leaves
from compliance.domain.terms.references import Reference
from compliance.domain.terms.verdicts import Judgement, Verdict
from compliance.domain.terms.vocabulary import Basis


class Carried(msgspec.Struct, frozen=True, kw_only=True):
    """A piece filed for another control, how the control judged lies to that one, and who says so."""

    evidence: Evidence
    filed_for: Reference
    type: RelationType
    source: str

    def __str__(self) -> str:
        marked = "" if self.type in ACROSS_BY_DEFAULT else "across "
        return f"{self.filed_for} ({marked}{self.type.value}, {self.source or 'nobody named'})"


def judge_across(
    expectation: Expectation,
    mapped: MappedEvidence,
    carried: Callable[[], Sequence[Carried]],
    accepted: Sequence[RelationType],
    context: Context,
) -> Judgement:
    """How the expectation stands by its own evidence, or if that is better by what is filed for related controls too.

    `carried` is asked for only where it could help.
    """
    own = judge(expectation, mapped, context)
    if not accepted or own.verdict in {Verdict.EVIDENCED, Verdict.FAILED}:
        return own
    admitted = _admitted(expectation, carried(), accepted)
    if not admitted:
        return own
    joint = judge(expectation, _joined(mapped, admitted), context)
    if joint.verdict.rank >= own.verdict.rank:
        return own
    decided = [piece for piece in admitted if piece.evidence.id == joint.evidence] or admitted
    via = " and ".join(dict.fromkeys(str(piece) for piece in decided))
    return msgspec.structs.replace(joint, reason="; ".join(filter(None, (joint.reason, f"via {via}"))), via=via)


def considered_across(
    expectation: Expectation, carried: Sequence[Carried], accepted: Sequence[RelationType], context: Context
) -> tuple[list[Candidate], list[Dismissed], dict[str, str]]:
    """For `--explain`: carried pieces that are candidates for an expectation, why others of its kind are not, and for
    each candidate by its id what it is filed for."""
    admitted = _admitted(expectation, carried, accepted)
    over = {piece.evidence.id: str(piece) for piece in admitted}
    kept_out = {
        piece.evidence.id: Dismissed(piece.evidence, barred(expectation, piece, accepted))
        for piece in sorted(carried, key=_order, reverse=True)
        if piece.evidence.id not in over and expectation.takes(piece.evidence.kind)
    }
    candidates, dismissed = considered(expectation, _joined(MappedEvidence(), admitted), context)
    return candidates, [*dismissed, *reversed(kept_out.values())], over


def barred(expectation: Expectation, piece: Carried, accepted: Sequence[RelationType]) -> str:
    """Why a carried piece may not serve an expectation at all; empty if it may."""
    wanted = leaves(expectation)
    if not any(leaf.takes(piece.evidence.kind) for leaf in wanted):
        return "is of a kind that is not wanted"
    if piece.type not in accepted:
        return f"is filed for {piece.filed_for}, and {piece.type.value} does not count for this standard"
    mandated = Basis.MANDATED in {expectation.basis, *(leaf.basis for leaf in wanted)}
    if mandated and piece.type is not RelationType.EQUAL:
        return f"is filed for {piece}; what the standard mandates is served by an equal control alone"
    if piece.filed_for.expectation and piece.type is not RelationType.EQUAL:
        return f"is filed for {piece}, and so for a part of that control alone"
    return ""


def _admitted(expectation: Expectation, carried: Iterable[Carried], accepted: Sequence[RelationType]) -> list[Carried]:
    """The pieces that may serve, each once: over its strongest relation, and of equals to the first control by name."""
    fitting = (piece for piece in carried if not barred(expectation, piece, accepted))
    pieces: dict[str, Carried] = {}
    for piece in sorted(fitting, key=_order):
        pieces.setdefault(piece.evidence.id, piece)
    return list(pieces.values())


def _order(piece: Carried) -> tuple[str, int, Reference]:
    return piece.evidence.id, -strength(piece.type), piece.filed_for


def _joined(mapped: MappedEvidence, carried: Iterable[Carried]) -> MappedEvidence:
    return MappedEvidence((*mapped.evidence, *(piece.evidence for piece in carried)), mapped.named)
