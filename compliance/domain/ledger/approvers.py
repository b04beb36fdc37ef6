"""Who may approve: by how many people, of which posts, and whose approvals count for nothing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from compliance.domain.ledger.records import Decision, Evidence
from compliance.domain.ledger.settings import ReviewPolicy, ReviewRule
from compliance.domain.registers.people import Directory, Person, same_post
from compliance.domain.terms.vocabulary import Via, name_of, person_key


class Approvers:
    """What review asks of each piece, by the settings and the people register."""

    def __init__(self, policy: ReviewPolicy, people: Iterable[Person] = (), default_scope: str = "") -> None:
        self._policy = policy
        self.directory = Directory(people)
        self._default_scope = default_scope

    def asked(self, evidence: Evidence) -> ReviewRule | None:
        """What is asked of a piece; None where it needs no approval."""
        via = (evidence.recorded and evidence.recorded.via) or Via.CLI
        return self._policy.rule_for(evidence.kind, via)

    def objection(self, evidence: Evidence, decision: Decision) -> str:
        """Why an approval of a piece does not count; empty if it does."""
        if decision.on_behalf_of:
            return self.objection_to_board(evidence, decision.on_behalf_of, decision.minutes)
        return self.objection_to(evidence, decision.by, decision.on.day)

    def objection_to_board(self, evidence: Evidence, board: str, minutes: str) -> str:
        """Why an approval in the name of a board, by its minutes, does not count, or would not; empty if it does."""
        rule = self.asked(evidence)
        if not minutes:
            return f"no minutes of {board} are named"
        if minutes == evidence.id:
            return "minutes do not approve themselves"
        if rule and rule.posts and not any(same_post(post, board) for post in rule.posts):
            return f"{board} is none of those that may: {', '.join(rule.posts)}"
        return ""

    def objection_to(self, evidence: Evidence, person: str, day: date) -> str:
        """Why a person's approval of a piece on a day does not count, or would not; empty if it does."""
        registered = self.directory.find(person)
        name = registered.name if registered else name_of(person)
        if registered and registered.shared:
            return f"{name} is a shared mailbox, and nobody can tell who used it"
        if registered and registered.has_left(day):
            return f"every post of {name} had ended by {day}"
        rule = self.asked(evidence)
        if rule is None:
            return ""
        if not rule.approver_may_be_recorder and evidence.recorded:
            recorder = self.directory.canonical(evidence.recorded.by)
            if person_key(self.directory.canonical(person)) == person_key(recorder):
                return f"{name} recorded it: another person must"
        if rule.posts and not self._holds(registered, rule.posts, evidence, day):
            return f"{name} held none of the posts that may on {day}: {', '.join(rule.posts)}"
        return ""

    def _holds(self, person: Person | None, posts: Iterable[str], evidence: Evidence, day: date) -> bool:
        scopes = evidence.scope or (self._default_scope,)
        return person is not None and any(person.holds(post, scope, day) for post in posts for scope in scopes)
