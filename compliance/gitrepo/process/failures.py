"""How git's own complaints become problems that a person can act on."""

from __future__ import annotations

from compliance.problems import Refused, printable, reason_of, refuse

MINIMUM = "2.30"

_HINTS = (
    ("dubious ownership", "Take ownership of the folder, or trust it: git config --global --add safe.directory FOLDER"),
    (
        ".lock': File exists",
        "Another git process seems to be running. Wait for it, or delete the lock file if none is.",
    ),
    ("No space left on device", "Free some disk space, then run the command again."),
    ("Disk quota exceeded", "Free some disk space, then run the command again."),
    ("Read-only file system", "Work on a copy of the repository that can be written to."),
    ("Permission denied", "Check who may write to the repository's folder and to the .git folder in it."),
    ("bad config", "Correct the file that is named; `git config --list` shows whether git can read it."),
    ("bad numeric config", "Correct the setting; `git config --list --show-origin` shows where it stands."),
    ("failed to sign", "Check user.signingKey and that your signing program works, or set commit.gpgSign to false."),
    (
        "promisor",
        "This is a partial clone: fetch everything with `git fetch --refetch --filter=tree:0`, or clone anew.",
    ),
)


def complaint(stderr: bytes) -> str:
    """Git's own first line about a failure, without its prefix and safe to print; empty when it said nothing."""
    lines = [line.strip() for line in stderr.decode("utf-8", "surrogateescape").splitlines() if line.strip()]
    for prefix in ("fatal: ", "error: "):
        for line in lines:
            if line.startswith(prefix):
                return printable(line.removeprefix(prefix))
    return printable(lines[0]) if lines else ""


def failure(verb: str, code: int, stderr: bytes) -> Refused:
    """The refusal for a git command that failed."""
    said = complaint(stderr)
    text = stderr.decode("utf-8", "surrogateescape")
    hint = next(
        (hint for sign, hint in _HINTS if sign in text), "Look at the repository with `git status` and `git fsck`."
    )
    return refuse(f"git {verb} failed: {said or f'it ended with code {code} and no message'}", hint=hint)


def not_started(reason: OSError | None) -> Refused:
    """The refusal for a git that is not there or cannot be run."""
    if reason is None or isinstance(reason, FileNotFoundError):
        return refuse(
            "git is not installed, or not on the PATH", hint=f"Install git {MINIMUM} or later: https://git-scm.com"
        )
    return refuse(
        f"git could not be started: {reason_of(reason)}", hint="Check that `git version` works in this terminal."
    )
