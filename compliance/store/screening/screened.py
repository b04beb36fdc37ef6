"""One screening for every door: what bytes hold that must not lie in a shared repository."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from compliance.store.screening.opening import MOST_BYTES, Opening, Unsearched, Why
from compliance.store.screening.secrets import Secret, SecretKind, secrets_in
from compliance.store.screening.texts import OpenedText

_KEY = re.compile(r"([A-Za-z][\w-]*)[ \t]*[:=]")


class Screened(msgspec.Struct, frozen=True):
    """Every secret that bytes hold, the first of its kind with its place; and what of them was not looked at."""

    secrets: tuple[Secret, ...] = ()
    unsearched: tuple[Unsearched, ...] = ()

    @property
    def first_of_each_kind(self) -> tuple[Secret, ...]:
        """What is to be said: one secret of each kind, in the order of the kinds."""
        first: dict[SecretKind, Secret] = {}
        for secret in self.secrets:
            first.setdefault(secret.kind, secret)
        return tuple(first[kind] for kind in SecretKind if kind in first)

    @property
    def why(self) -> Unsearched | None:
        """The part that was not searched and is named for all of them; None where nobody need look.

        The pictures in a document are no such part: a letter has its head, and a picture that is filed is one itself.
        """
        parts = [item for item in self.unsearched if item.why is not Why.PICTURE or not item.part]
        return parts[0] if parts else None


def screened(data: bytes) -> Screened:
    """Looks through bytes, and through all that can be opened in them, within bounds of time and memory."""
    if len(data) > MOST_BYTES:
        return Screened(unsearched=(Unsearched("", Why.TOO_LARGE),))
    opening = Opening()
    secrets: list[Secret] = []
    remaining = 2 * MOST_BYTES
    for opened in opening.texts(data):
        remaining -= len(opened.text)
        if remaining < 0:
            opening.unsearched.append(Unsearched(opened.part, Why.TOO_LARGE))
            break
        secrets += _placed(opened)
    return Screened(tuple(secrets), tuple(opening.unsearched))


def _placed(opened: OpenedText) -> Iterator[Secret]:
    for secret in secrets_in(opened.text, cards=opened.cards):
        line, column = (secret.line, secret.column) if opened.is_plain else (0, 0)
        field = _field(opened.text, secret.line) if secret.line and not opened.part else ""
        yield msgspec.structs.replace(secret, line=line, column=column, part=opened.part, field=field)


def _field(text: str, line: int) -> str:
    """The key of a record under which a line stands: the last one that begins a line; empty where none does."""
    lines = text.split("\n", line)[:line]
    return next((key[1] for line in reversed(lines) if (key := _KEY.match(line))), "")
