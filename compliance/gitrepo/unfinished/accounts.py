"""What is said of a write that was broken off: by `check` while it stands, and by the write that puts it right."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from compliance.gitrepo.process.probe import RepositoryPlace
from compliance.gitrepo.unfinished.comparing import Progress
from compliance.gitrepo.unfinished.marker import Marker
from compliance.gitrepo.writing.indexing import index_lock
from compliance.problems import Location, Problem, Severity, shell

UNFINISHED = Problem(
    "a write was broken off on its way; compliance check says how far it came, and the next write puts it right",
    severity=Severity.WARNING,
)
"""For commands that only read: they see that there is a marker, and look no further."""


def put_right_notes(progress: Progress) -> tuple[Problem, ...]:
    """What has been done about it."""
    marker = progress.marker
    if not marker.files:
        return ()
    if progress.undone:
        return (_undone(marker),)
    if progress.recorded:
        sentence = (
            f"“{marker.subject}” was broken off when it had been recorded as {short(marker.commit)}: nothing is lost, "
            "and files and git's index have followed now"
        )
        return (_warning(sentence), *others(progress))
    sentence = f"“{marker.subject}” was broken off before it was recorded: what it had written is taken back"
    return (_warning(sentence, hint="Run that command again."), *others(progress))


def progress_problems(progress: Progress) -> tuple[Problem, ...]:
    """How far it came, and what to do: an error where something recorded may be lost by the next `git commit`."""
    marker = progress.marker
    if progress.undone:
        return (_undone(marker),)
    if not progress.recorded and marker.files:
        sentence = f"“{marker.subject}” was broken off before it was recorded: nothing of it counts"
        hint = "The next write takes back what it had written; then run that command again."
        return (_warning(sentence, hint=hint), *others(progress))
    problems = [
        Problem(
            f"was recorded by {short(marker.commit)}, and git's index lags behind: the next `git commit` would undo it",
            Location(path),
            _bring_up((path,)),
        )
        for path in progress.index_behind
    ]
    problems += [
        Problem(
            f"was recorded by {short(marker.commit)}, and lies here as it was before",
            Location(file.path),
            f"The next write brings it up, and so does: {shell('git', 'checkout', 'HEAD', '--', file.path)}"
            if file.after
            else "The next write takes it away.",
        )
        for file in progress.behind
    ]
    if not problems:
        hint = "Nothing is to be done: the next write takes the mark of it away."
        problems.append(_warning(f"“{marker.subject}” was broken off when all of it had been recorded", hint=hint))
    return (*problems, *others(progress))


def behind_note(place: RepositoryPlace, paths: Sequence[str]) -> Problem:
    """The note of a commit for whose paths git's index could not be brought up."""
    lock = index_lock(place)
    reason = "another git process holds it" if lock.exists() else "it cannot be written"
    return Problem(
        f"the commit is made, but git's index is behind: {reason}",
        Location(str(lock if lock.exists() else lock.with_name("index"))),
        hint=_bring_up(paths),
        severity=Severity.WARNING,
    )


def short(commit: str | None) -> str:
    """A commit's id as it is shown."""
    return (commit or "")[:10]


def _bring_up(paths: Sequence[str]) -> str:
    return f"The next write brings it up; before a commit of your own, run: {shell('git', 'reset', '-q', '--', *paths)}"


def others(progress: Progress) -> Iterator[Problem]:
    """Files that are somebody's own, and what a later commit took out."""
    commit = progress.marker.commit or "HEAD"
    for path in progress.own:
        where = Location(path)
        differs = f"See what differs with: {shell('git', 'diff', 'HEAD', '--', path)}"
        hint = differs if progress.head[path] else "It is not committed: file it, or delete it."
        yield _warning("has been changed here since: it is left as it is", where, hint)
    for path in progress.taken_out:
        sentence = f"was recorded by {short(commit)}, and a later commit has taken it out"
        yield _warning(sentence, Location(path), f"Bring it back: {shell('git', 'add', '--', path)}; git commit")


def _undone(marker: Marker) -> Problem:
    sentence = f"“{marker.subject}” was recorded as {short(marker.commit)}, which is no longer on {_branch(marker)}"
    return _warning(sentence, hint=f"If that was not meant, bring it back: git cherry-pick {short(marker.commit)}")


def _branch(marker: Marker) -> str:
    return marker.branch.removeprefix("refs/heads/")


def _warning(sentence: str, where: Location | None = None, hint: str = "") -> Problem:
    return Problem(sentence, where, hint, severity=Severity.WARNING)
