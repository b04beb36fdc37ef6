"""Ids that never collide across branches: a letter for the register and eight Crockford base32 characters."""

from __future__ import annotations

import hashlib
import re

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 8
EVIDENCE, ACCREDITATION = "E", "A"
_WRITTEN = re.compile(rf"([A-Z])-([{ALPHABET}]{{{LENGTH}}})")
_LOOKALIKES = str.maketrans({"O": "0", "I": "1", "L": "1"})


def identifier(prefix: str, token: int) -> str:
    """An id from a number; the caller draws the number at random and again if the id is taken."""
    characters = []
    for _ in range(LENGTH):
        token, index = divmod(token, len(ALPHABET))
        characters.append(ALPHABET[index])
    return f"{prefix}-{''.join(reversed(characters))}"


def identifier_of_path(path: str) -> str:
    """The id of evidence that rules alone describe: a hash of its path, the same in every clone."""
    digest = hashlib.sha256(path.encode("utf-8", "surrogateescape")).digest()
    return identifier(EVIDENCE, int.from_bytes(digest[:8], "big"))


def is_identifier(text: str, prefix: str) -> bool:
    written = _WRITTEN.fullmatch(text)
    return bool(written and written[1] == prefix)


def normalised(text: str, prefix: str) -> str:
    """An id as typed by a person: case, a missing prefix and look-alike letters (O, I, L) do not matter."""
    typed = text.strip().upper()
    body = typed.removeprefix(f"{prefix}-").translate(_LOOKALIKES)
    return f"{prefix}-{body}"


def token_of(identifier_: str) -> str:
    """The random part, which names files."""
    return identifier_.partition("-")[2]
