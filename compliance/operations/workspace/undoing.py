"""What somebody recorded last, taken back by a commit that says so; a decision is revoked instead."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from compliance.domain.ledger.ledger import Ledger
from compliance.domain.ledger.records import Decision, Outcome, Record
from compliance.domain.ledger.roles import Role, role_of
from compliance.domain.registers.parts.registry import REGISTERS
from compliance.domain.terms.layout import CONFIGURATION, EVIDENCE, STANDARDS, TEMPLATES
from compliance.domain.terms.moments import Moment
from compliance.domain.terms.vocabulary import name_of, person_key
from compliance.gitrepo.process.process import Git
from compliance.gitrepo.reading.history import CommitInfo, commits_naming, parents_of, path_history
from compliance.gitrepo.reading.reading import blobs, changed, entries
from compliance.ledger.foreseen import foreseen
from compliance.ledger.opening import Workspace
from compliance.operations.committing import Committed, commit_change
from compliance.operations.registers.registering import committer
from compliance.problems import Problem, Refused, printable, refuse
from compliance.store.records.records import parse_record, plain_of
from compliance.store.text.yaml_editing import edited

UNDOES = "Undoes"
"""The key of the line by which a commit says what it takes back."""
_SHORT = 10


class Undoing(msgspec.Struct, frozen=True):
    """What is to be taken back, and what becomes of the files: new contents, or None for those that go."""

    commit: CommitInfo
    files: Mapping[str, bytes | None]
    after: Ledger
    dependent: tuple[Problem, ...]
    """What would be wrong in what others recorded since, for it names what goes."""


def undoable(workspace: Workspace, count: int) -> list[CommitInfo]:
    """What whoever works here recorded and has not taken back yet, newest first; at most so many."""
    git = Git(workspace.place)
    me, undone = person_key(committer(workspace)), commits_naming(git, workspace.commit, UNDOES)
    undoings = set(undone.values())
    commits = path_history(git, workspace.commit, (CONFIGURATION, EVIDENCE, STANDARDS, TEMPLATES))
    own = (info for info in commits if person_key(info.author) == me)
    open_ = [info for info in own if info.oid not in undone and info.oid not in undoings]
    return open_[:count]


def undo(workspace: Workspace, ledger: Ledger, revision: str, now: Moment) -> Undoing:
    """What taking back a commit would do, the last of whoever works here if none is named; nothing is written.

    Raises Refused for what is not theirs, was taken back, is a merge or the first commit, and where a file was changed
    since.
    """
    git = Git(workspace.place)
    commit = _chosen(workspace, revision)
    parents = parents_of(git, commit.oid)
    if len(parents) != 1:
        what = "a merge" if parents else "the first commit"
        hint = "take it back with git, and look at what that does with: compliance check"
        raise refuse(f"{commit.oid[:_SHORT]} is {what}, and is not undone", hint=hint)
    files = dict(_taken_back(workspace, git, commit, parents[0], now))
    texts = {path: text for path, text in files.items() if text is not None}
    gone = [path for path, text in files.items() if text is None]
    after = foreseen(workspace, ledger, texts, gone)
    known = {(problem.sentence, problem.location) for problem in ledger.problems}
    fresh = (problem for problem in after.problems if (problem.sentence, problem.location) not in known)
    dependent = (*_naming(ledger, after), *(problem for problem in fresh if problem.is_error))
    return Undoing(commit, files, after, dependent)


def _naming(before: Ledger, after: Ledger) -> Iterator[Problem]:
    """A problem for each record that stays and names one that goes."""
    there, stay = (dict(_records(ledger)) for ledger in (before, after))
    gone = there.keys() - stay.keys()
    for identifier, record in stay.items():
        text = msgspec.json.encode(msgspec.to_builtins(record, str_keys=True)).decode()
        for name in sorted(gone):
            if f'"{name}"' in text:
                title = getattr(record, "title", "") or getattr(record, "name", "")
                yield Problem(f"{identifier} {printable(title)} names {name}".replace("  ", " "))


def _records(ledger: Ledger) -> Iterator[tuple[str, Any]]:
    yield from ((item.id, item) for item in ledger.evidence)
    for register in REGISTERS:
        yield from ((record.id, record) for record in ledger.of(register))


def commit_undoing(workspace: Workspace, undoing: Undoing) -> Committed:
    """Takes it back, in a commit that names what it undoes."""
    there = {entry.path for entry in entries(Git(workspace.place), workspace.commit, list(undoing.files))}
    texts = {path: text for path, text in undoing.files.items() if text is not None}
    new = {path: text for path, text in texts.items() if path not in there}
    changes = {path: text for path, text in texts.items() if path in there}
    gone = sorted((path for path, text in undoing.files.items() if text is None), key=_records_first)
    message = f"undo: {undoing.commit.subject}\n\n{UNDOES}: {undoing.commit.oid}\n"
    return commit_change(workspace.place, new, changes, message, removed=gone)


def _records_first(path: str) -> tuple[bool, str]:
    return role_of(path) is not Role.RECORD, path


def _chosen(workspace: Workspace, revision: str) -> CommitInfo:
    """The commit that is meant. Raises Refused where it is none of whoever works here, or there is none."""
    own = undoable(workspace, 1_000)
    if not own:
        raise refuse("there is nothing of yours to undo", hint="what others recorded, they undo")
    if not revision:
        return own[0]
    fitting = [info for info in own if info.oid.startswith(revision.lower())]
    if len(fitting) != 1:
        hint = "list what you can undo with: compliance undo --list"
        raise refuse(f"{revision} is nothing that you recorded and have not undone", hint=hint)
    return fitting[0]


def _taken_back(
    workspace: Workspace, git: Git, commit: CommitInfo, parent: str, now: Moment
) -> Iterator[tuple[str, bytes | None]]:
    """Each file that a commit touched, as it is to be. Raises Refused with each that was changed since."""
    touched = changed(git, parent, commit.oid)
    paths = [change.path for change in touched]
    before, head = (_oids(git, at, paths) for at in (parent, workspace.commit))
    oids = {oid for oid in (*before.values(), *head.values(), *(change.oid for change in touched)) if oid}
    contents = dict(blobs(git, oids))
    built_on = []
    for change in touched:
        path, was, now_there = change.path, before.get(change.path), head.get(change.path)
        revoked = _revoked(workspace, path, *(contents.get(oid or "") for oid in (was, change.oid, now_there)), now=now)
        if revoked is not None:
            yield path, revoked
        elif now_there != change.oid:
            built_on.append(_changed_since(git, workspace, commit, path))
        else:
            yield path, contents[was] if was else None
    if built_on:
        raise Refused(built_on)


def _oids(git: Git, commit: str, paths: list[str]) -> dict[str, str]:
    return {entry.path: entry.oid for entry in entries(git, commit, paths)} if paths else {}


def _changed_since(git: Git, workspace: Workspace, commit: CommitInfo, path: str) -> Problem:
    """Who changed a file after a commit, with which commit."""
    later = []
    for info in path_history(git, workspace.commit, [path]):
        if info.oid == commit.oid:
            break
        later.append(info)
    last = later[0] if later else commit
    sentence = f"{path} was changed since: “{printable(last.subject)}” by {printable(name_of(last.author))}"
    return Problem(sentence, hint=f"undo that first: compliance undo {last.oid[:_SHORT]}; or correct what it says now")


def _revoked(
    workspace: Workspace, path: str, was: bytes | None, made: bytes | None, now_there: bytes | None, *, now: Moment
) -> bytes | None:
    """The record with the decision of whoever works here revoked, if the commit brought that and nothing else."""
    if role_of(path) is not Role.RECORD or made is None or now_there is None:
        return None
    before = parse_record(was, path).value if was is not None else Record()
    after, present = parse_record(made, path).value, parse_record(now_there, path).value
    if before is None or after is None or present is None or len(after.decisions) <= len(before.decisions):
        return None
    plain = msgspec.structs.replace(after, id=before.id, decisions=before.decisions)
    decision = after.decisions[-1]
    by = committer(workspace)
    if plain != before or person_key(decision.by) != person_key(by) or decision not in present.decisions:
        return None
    last = max(each.on for each in present.decisions if each.decider == decision.decider)
    revocation = Decision(
        id=f"{decision.id}-revoked" if decision.id else "",
        decision=Outcome.REVOKED,
        by=decision.by,
        on=max(now, last.next_second),
        on_behalf_of=decision.on_behalf_of,
        minutes=decision.minutes,
    )
    revoked = msgspec.structs.replace(present, decisions=(*present.decisions, revocation))
    return edited(now_there, plain_of(present), plain_of(revoked))
