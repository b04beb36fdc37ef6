"""One screening for every door: what bytes hold that must not lie in a shared repository, in the words of who files."""

from __future__ import annotations

import re
from collections.abc import Iterable

import msgspec

from compliance.problems import Location, Problem, Severity
from compliance.store.screening.opening import MOST_BYTES, OpenedText, Opening, Unsearched
from compliance.store.screening.secrets import Secret, SecretKind, masked, secrets_in

_WORDS = {
    SecretKind.KEY: ("holds a private key", "take it out, and replace the key: it may have been seen"),
    SecretKind.TOKEN: ("holds an access token", "take it out, and revoke the token"),
    SecretKind.PASSWORD: ("holds an address with a password in it", "take the password out, and change it"),
    SecretKind.CARD: ("holds what looks like a payment card number", "mask all but the last four digits"),
}
_KEY = re.compile(r"^([a-z][a-z-]*):", re.MULTILINE)


class Screened(msgspec.Struct, frozen=True):
    """Every secret that bytes hold, the first of its kind with its place; and what of them was not looked at."""

    secrets: tuple[Secret, ...] = ()
    unsearched: tuple[Unsearched, ...] = ()

    @property
    def kinds(self) -> tuple[Secret, ...]:
        """The first secret of each kind, in the order of the kinds."""
        first: dict[SecretKind, Secret] = {}
        for secret in self.secrets:
            first.setdefault(secret.kind, secret)
        return tuple(first[kind] for kind in SecretKind if kind in first)


def screened(data: bytes, name: str) -> Screened:
    """Looks through a file's bytes, and through all that can be opened in them.

    The name says whether it is YAML, where a text may go on in the next line. Time and memory are bounded: so much is
    looked at and no more.
    """
    opening = Opening()
    secrets: list[Secret] = []
    remaining = MOST_BYTES
    for opened in opening.texts(data, name):
        remaining -= len(opened.text)
        if remaining < 0:
            return Screened(tuple(secrets), (*opening.unsearched, Unsearched(opened.part, "it is too large")))
        secrets += _placed(opened, name)
    return Screened(tuple(secrets), tuple(opening.unsearched))


def _placed(opened: OpenedText, name: str) -> Iterable[Secret]:
    for secret in secrets_in(opened.text, cards=opened.cards):
        field = ""
        if name.endswith(".yaml") and not opened.part and secret.line:
            lines = opened.text.split("\n", secret.line)[: secret.line]
            field = next((key[1] for line in reversed(lines) if (key := _KEY.match(line))), "")
        line, column = (secret.line, secret.column) if opened.is_plain else (0, 0)
        yield msgspec.structs.replace(secret, line=line, column=column, part=opened.part, field=field)


def name_problems(name: str, shown: str) -> list[Problem]:
    """What the name of a file gives away; `shown` is the path to speak of it by, which is shown masked."""
    first = {secret.kind: secret for secret in secrets_in(name)}
    hint = "give the file another name"
    return [Problem(f"its name {_WORDS[kind][0]}", Location(masked(shown)), hint) for kind in first]


def secret_problems(secrets: Iterable[Secret], name: str) -> list[Problem]:
    """What is said of secrets in a file: where they stand and what to do, never the secret itself.

    Without a name they are in a text that is to be recorded. The name that it would have tells nobody anything.
    """
    return [_problem(secret, name) for secret in secrets]


def _problem(secret: Secret, name: str) -> Problem:
    what, hint = _WORDS[secret.kind]
    within = f", in {masked(secret.part)}" if secret.part else f", under “{secret.field}”" if secret.field else ""
    if not name:
        return Problem(f"the text to be recorded {what}{within}", hint=hint)
    return Problem(f"{what}{within}", Location(masked(name), secret.line, secret.column), hint)


def unsearched_note(unsearched: Iterable[Unsearched], name: str) -> list[Problem]:
    """One line on what was not looked at; none where all was."""
    parts = list(unsearched)
    if not parts:
        return []
    first = parts[0]
    what = f"{masked(first.part)}: {first.why}" if first.part else first.why
    more = f", and {len(parts) - 1} more" if len(parts) > 1 else ""
    hint = "see for yourself that no key, password or card number is in it"
    return [
        Problem(f"was not searched for secrets in full ({what}{more})", Location(name), hint, severity=Severity.WARNING)
    ]
