"""Approval bound to what was approved: stamps, fingerprints, whether the last decision still holds."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from compliance.domain.ledger.approvers import Approvers
from compliance.domain.ledger.records import Decision, Evidence, Outcome, standing_approvals, standing_decisions
from compliance.domain.standards.catalogue import Catalogue, Control, expects
from compliance.domain.standards.expectations import AnyOf, Expectation, OnEvent, Rule
from compliance.domain.terms.references import Reference
from compliance.domain.terms.verdicts import Judgement, Verdict
from compliance.domain.terms.vocabulary import Basis, name_of
from compliance.problems import with_article

Fingerprint = Callable[[Reference], str]
"""Gives the fingerprint of the control that a reference names, or an empty text if there is no such control."""

_PART_NAMES = {
    "bytes": "the file's bytes",
    "kind": "the kind",
    "result": "the result",
    "dates": "the dates",
    "scope": "the scope",
    "per": "what it is evidence for (per)",
    "mapping": "the controls it is mapped to",
}
_AGAINST = (
    (Outcome.REJECTED, Verdict.REJECTED, "rejected by"),
    (Outcome.CHANGES_ASKED, Verdict.UNAPPROVED, "changes asked by"),
)
"""The decisions that speak against a piece, the worst first."""
_ALTERED = "the file's bytes are not those recorded"


def fingerprint(catalogue: Catalogue, control: Control) -> str:
    """What an approval relies on of a control: its identity, revision and mandated expectations, never its wording."""
    mandated = [
        _relied_on(expectation) for expectation in expects(catalogue, control) if expectation.basis is Basis.MANDATED
    ]
    return _digest([catalogue.id, catalogue.version, control.id, control.revision, mandated])


def _relied_on(expectation: Expectation) -> list[Any]:
    return [expectation.id, sorted(kind.value for kind in expectation.kinds), _interval(expectation.rule)]


def _interval(rule: Rule) -> Any:
    """A rule by its values; never its words, which may be put better in a later version of this program."""
    if isinstance(rule, AnyOf):
        return ["any-of", [_relied_on(member) for member in rule.members]]
    values = msgspec.to_builtins(rule)
    if isinstance(rule, OnEvent) and rule.before is None:
        del values["before"]  # Stamps are older than the field.
    return {name: values[name] for name in sorted(values) if name != "set_by"}


def parts(evidence: Evidence, fingerprint_of: Fingerprint) -> dict[str, str]:
    """A digest of each thing that an approval covers.

    A control is named without its version, which its fingerprint holds: to write out the version that was meant all
    along, as a second one comes into use, changes nothing that was approved.
    """
    days = (evidence.date, evidence.period, evidence.valid_from, evidence.valid_until)
    requirements: dict[str, list[str]] = {}
    for reference in evidence.controls:
        requirements.setdefault(_unversioned(reference), []).append(fingerprint_of(reference))
    covered = {
        "bytes": evidence.sha256,
        "kind": evidence.kind.value if evidence.kind else "",
        "result": evidence.result.value if evidence.result else "",
        "dates": [str(day or "") for day in days],
        "scope": sorted(evidence.scope),
        "per": sorted(evidence.per.items()),
        "mapping": sorted(requirements),
    }
    digests = {name: _digest(value) for name, value in covered.items()}
    return digests | {name: _digest(sorted(of_each)) for name, of_each in sorted(requirements.items())}


def _unversioned(reference: Reference) -> str:
    return str(msgspec.structs.replace(reference, version=""))


def stamp(digests: Mapping[str, str]) -> str:
    """The SHA-256 that binds an approval to everything it covers."""
    return hashlib.sha256(msgspec.json.encode(sorted(digests.items()))).hexdigest()


def approval(evidence: Evidence, approvers: Approvers, fingerprint_of: Fingerprint) -> Judgement:
    """Whether review lets this evidence serve: EVIDENCED if so, else UNAPPROVED, CHANGED or REJECTED, and why.

    A standing rejection rules, then changes that somebody asked for. Bytes that are not those recorded are CHANGED,
    whether they were ever approved or not. Else it takes as many different people as the settings ask, each with an
    approval of exactly what the piece is now.
    """
    standing, approvals = standing_decisions(evidence), standing_approvals(evidence)
    for outcome, verdict, words in _AGAINST:
        against = [decision for decision in standing if decision.decision is outcome]
        if against:
            note = f": {against[-1].note}" if against[-1].note else ""
            return Judgement(verdict=verdict, reason=f"{words} {_author(against[-1])}{note}")
    rule = approvers.asked(evidence)
    if evidence.altered and not approvals:
        return Judgement(verdict=Verdict.CHANGED, reason=_ALTERED)
    if not approvals:
        if rule and evidence.kind:
            reason = f"{with_article(evidence.kind.value)} needs approval, and has none"
            return Judgement(verdict=Verdict.UNAPPROVED, reason=reason)
        return Judgement(verdict=Verdict.EVIDENCED)
    now = parts(evidence, fingerprint_of)
    matching = [decision for decision in approvals if decision.stamp == stamp(now)]
    if not matching:
        changed = ", ".join(_changed(approvals[-1], now)) or "something it covered"
        reason = f"approved by {_author(approvals[-1])}; since then {changed} changed"
        return Judgement(verdict=Verdict.CHANGED, reason=reason)
    if evidence.altered:
        return Judgement(verdict=Verdict.CHANGED, reason=_ALTERED)
    if rule is None:
        return Judgement(verdict=Verdict.EVIDENCED)
    objections = [approvers.objection(evidence, decision) for decision in matching]
    people = {decision.decider for decision, objection in zip(matching, objections, strict=True) if not objection}
    if len(people) >= rule.approvals:
        return Judgement(verdict=Verdict.EVIDENCED)
    last, why = matching[-1], objections[-1]
    reason = f"approved by {_author(last)}" + (f", which does not count: {why}" if why else "")
    if rule.approvals > 1:
        reason = f"{len(people)} of {rule.approvals} approvals that count; {reason}"
    return Judgement(verdict=Verdict.UNAPPROVED, reason=reason)


def _author(decision: Decision) -> str:
    """Who decided, for whom, and on which day."""
    board = f" on behalf of {decision.on_behalf_of}" if decision.on_behalf_of else ""
    return f"{name_of(decision.by)}{board} on {decision.on.day}"


def _changed(decision: Decision, now: Mapping[str, str]) -> list[str]:
    """The names of what changed; none if the decision's own parts do not add up to its stamp and so prove nothing.

    A control that was added or taken away is a change of the mapping, not of its requirement.
    """
    before = decision.parts
    if stamp(before) != decision.stamp:
        return []
    return [
        _PART_NAMES.get(part) or f"the requirement of {part}"
        for part in sorted(before.keys() & now.keys())
        if before[part] != now[part]
    ]


def _digest(value: Any) -> str:
    return hashlib.sha256(msgspec.json.encode(value)).hexdigest()[:32]
