"""One change of the ledger: files into place, one commit, nothing left behind if it fails."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import msgspec

from compliance.gitrepo.process.probe import RepositoryPlace
from compliance.gitrepo.process.process import Git
from compliance.gitrepo.reading.reading import blobs, entries
from compliance.gitrepo.unfinished.changing import Change, change
from compliance.problems import Problem, Refused
from compliance.store.screening.screened import Screened, screened
from compliance.store.screening.secrets import Secret, secrets_in
from compliance.store.screening.wording import name_problems, secret_problems


class Committed(msgspec.Struct, frozen=True):
    """The commit that was made, and what the user should know of it."""

    commit: str
    notes: tuple[Problem, ...] = ()


def commit_change(
    where: RepositoryPlace,
    new: Mapping[str, bytes | Path],
    changed: Mapping[str, bytes],
    message: str,
    uncommitted: Mapping[str, bytes] | None = None,
    removed: Sequence[str] = (),
) -> Committed:
    """Puts files into place and commits them, in that order; `new` must not exist yet, `changed` may.

    `removed` are committed files that are to be there no more, records before the files that they speak of.

    `uncommitted` is what changed files hold that were never committed; any other must be as the last commit has it.

    If the commit is refused or interrupted, the files that were put there are taken away again and those that were
    changed get their contents back. In a batch, git hears of the commit when the batch is written.

    Raises Refused for a secret in a text that is written, in its name or in the message, unless the committed text has
    it already. Files given by their path have been screened by who took them in.
    """
    _refuse_secrets(where, new, changed, message)
    if where.batch:
        return Committed(where.batch.record({**new, **changed}, message, removed))
    git = Git(where)
    committed = {**(uncommitted or {}), **committed_contents(git, where.commit, changed)}
    gone = {entry.path: entry.oid for entry in entries(git, where.commit, removed)} if removed and where.commit else {}
    made = change(git, Change(new, changed, committed, message, {path: gone[path] for path in removed}))
    return Committed(made.commit, made.notes)


def _refuse_secrets(
    where: RepositoryPlace, new: Mapping[str, bytes | Path], changed: Mapping[str, bytes], message: str
) -> None:
    problems: list[Problem] = []
    for path, contents in {**new, **changed}.items():
        secrets = _brought_in(where, path, contents, path in changed) if isinstance(contents, bytes) else ()
        problems += secret_problems(secrets, path if path in changed else "")
    if not problems:
        problems = [problem for path in new for problem in name_problems(path.rpartition("/")[2], path)]
    if not problems and any(secrets_in(message)):
        hint = "take it out of the titles and texts that you gave"
        problems = [Problem("the message of the commit would hold a key, a password or a card number", hint=hint)]
    if problems:
        raise Refused(problems)


def _brought_in(where: RepositoryPlace, path: str, contents: bytes, is_changed: bool) -> list[Secret]:
    """The first secret of each kind that a text holds and that its committed state does not.

    They stand in no line yet: the text is not written.
    """
    result = screened(contents)
    if not result.secrets:
        return []
    before = committed_contents(Git(where), where.commit, {path: contents}).get(path, b"") if is_changed else b""
    known = {secret.digest for secret in screened(before).secrets}
    fresh = Screened(tuple(secret for secret in result.secrets if secret.digest not in known))
    return [msgspec.structs.replace(secret, line=0, column=0) for secret in fresh.first_of_each_kind]


def committed_contents(git: Git, commit: str | None, paths: Iterable[str]) -> dict[str, bytes]:
    """What a commit holds of these paths; one that it has not is left out."""
    paths = list(paths)
    if commit is None or not paths:
        return {}
    oids = {entry.path: entry.oid for entry in entries(git, commit, paths)}
    contents = dict(blobs(git, oids.values()))
    return {path: contents[oid] for path, oid in oids.items()}
