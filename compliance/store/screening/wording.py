"""What is said of secrets: the file, the member or key, the line and the kind; never the secret itself."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from compliance.problems import Location, Problem
from compliance.store.screening.opening import Unsearched
from compliance.store.screening.secrets import Secret, SecretKind, masked, secrets_in

_WORDS = {
    SecretKind.KEY: ("holds a private key", "take it out, and replace the key: it may have been seen"),
    SecretKind.TOKEN: ("holds an access token", "take it out, and revoke the token"),
    SecretKind.PASSWORD: ("holds a password", "take the password out, and change it"),
    SecretKind.CARD: ("holds what looks like a payment card number", "mask all but the last four digits"),
}
_MAY_STAY = "; if it may be there, say why: --allow-secret REASON"
_COMMITTED = "; whoever has a copy of the repository has it, in its history too"


def secret_problems(secrets: Iterable[Secret], name: str) -> list[Problem]:
    """What is said of secrets in a file.

    Without a name they are in a text that is to be recorded. The name that it would have tells nobody anything.
    """
    return [_problem(secret, name) for secret in secrets]


def _problem(secret: Secret, name: str) -> Problem:
    what, hint = _WORDS[secret.kind]
    within = f", in {masked(secret.part)}" if secret.part else ""
    if not within and secret.field and (not name or name.endswith((".yaml", ".toml"))):
        within = f", under “{secret.field}”"
    if not name:
        return Problem(f"the text to be recorded {what}{within}", hint=hint)
    return Problem(f"{what}{within}", Location(masked(name), secret.line, secret.column), hint)


def cell_problems(text: str, where: Location) -> list[Problem]:
    """What is said of secrets in a cell of a table that is imported."""
    first = {secret.kind for secret in secrets_in(text)}
    return [Problem(_WORDS[kind][0], where, _WORDS[kind][1]) for kind in SecretKind if kind in first]


def incoming_problems(secrets: Iterable[Secret], name: str) -> list[Problem]:
    """What is said of secrets in a file that is to be filed."""
    return [_with_hint(problem, _MAY_STAY) for problem in secret_problems(secrets, name)]


def committed_problem(secret: Secret, path: str, recording: str = "") -> Problem:
    """What is said of a secret in a committed file; `recording` is how to say why it may stay, where that can be."""
    may_stay = f"; if it may stay, say why: {recording}" if recording else ""
    return _with_hint(_problem(secret, path), f"{_COMMITTED}{may_stay}")


def _with_hint(problem: Problem, more: str) -> Problem:
    return msgspec.structs.replace(problem, hint=f"{problem.hint}{more}")


def name_problems(name: str, shown: str) -> list[Problem]:
    """What the name of a file gives away; `shown` is the path to speak of it by, which is shown masked."""
    first = {secret.kind: secret for secret in secrets_in(name)}
    hint = "give the file another name"
    return [Problem(f"its name {_WORDS[kind][0]}", Location(masked(shown)), hint) for kind in first]


def unsearched_words(unsearched: Unsearched) -> str:
    """Why something was not searched, and which part of the file it is."""
    return f"{masked(unsearched.part)}: {unsearched.why.value}" if unsearched.part else unsearched.why.value
