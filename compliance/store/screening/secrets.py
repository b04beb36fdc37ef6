"""Secrets in a text: private keys, access tokens, passwords of connection strings, payment card numbers.

The forms of tokens are those that their issuers publish: AWS (IAM identifiers), GitHub (token formats), GitLab, Slack,
Stripe, Google Cloud, npm, PyPI, Microsoft (storage keys, shared access signatures, secrets of applications), and JSON
Web Tokens (RFC 7519). Every pattern takes time
in proportion to the text: what repeats is bounded, or cannot begin within itself.
"""

from __future__ import annotations

import enum
import hashlib
import itertools
import re
from collections.abc import Iterator

import msgspec

from compliance.store.screening.cards import card_numbers


class SecretKind(enum.Enum):
    """What is looked for."""

    KEY = "private-key"
    TOKEN = "access-token"  # noqa: S105 - the word for it, and no token
    PASSWORD = "password"  # noqa: S105 - the word for it, and no password
    CARD = "card-number"


class Secret(msgspec.Struct, frozen=True):
    """What was found and where: `line` and `column` count from 1, and are 0 within what is no plain text.

    `part` is the place within a document or archive, such as `word/document.xml`, `field` the key of a record that it
    stands under. Of the secret itself no more is kept than the digest that tells it from another.
    """

    kind: SecretKind
    line: int = 0
    column: int = 0
    part: str = ""
    field: str = ""
    digest: bytes = b""


class _Pattern(msgspec.Struct, frozen=True):
    """An expression, and the words of which a text must hold one: it is looked for only there."""

    kind: SecretKind
    marks: tuple[str, ...]
    expression: re.Pattern[str]


def _pattern(kind: SecretKind, marks: str, expression: str) -> _Pattern:
    return _Pattern(kind, tuple(marks.split()), re.compile(expression, re.ASCII))


_PATTERNS = (
    _pattern(SecretKind.KEY, "PRIVATE", r"-----BEGIN (?:[A-Z0-9]{1,20} ){0,4}PRIVATE KEY(?: BLOCK)?-----"),
    _pattern(SecretKind.KEY, "PuTTY-User-Key-File-", r"(?m)^PuTTY-User-Key-File-\d:"),
    _pattern(
        SecretKind.TOKEN,
        "AKIA ASIA gh github_pat_ glpat- xox k_live_ AIza GOCSPX- ya29. npm_ pypi-",
        r"(?<![A-Za-z0-9])(?:(?:AKIA|ASIA)[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{60,120}|"
        r"glpat-[A-Za-z0-9_-]{20}|xox[abeprs]-[A-Za-z0-9-]{20,200}|[rs]k_live_[A-Za-z0-9]{20,200}|AIza[A-Za-z0-9_-]{35}|"
        r"GOCSPX-[A-Za-z0-9_-]{28}|ya29\.[A-Za-z0-9_-]{30,400}|npm_[A-Za-z0-9]{36}|pypi-[A-Za-z0-9_-]{60,400})"
        r"(?![A-Za-z0-9])",
    ),
    _pattern(
        SecretKind.TOKEN,
        "ecret SECRET",
        r"(?i:secret_?access_?key)[\"']?\s{0,3}[:=,>]{1,2}\s{0,3}[\"']?[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])",
    ),
    _pattern(
        SecretKind.TOKEN, "AccountKey= SharedAccessKey=", r"(?:Account|SharedAccess)Key=[A-Za-z0-9+/]{43,86}={1,2}"
    ),
    _pattern(SecretKind.TOKEN, "sig=", r"[?&;]sig=[A-Za-z0-9%+/]{40,70}(?:%3[Dd]|=)"),
    _pattern(SecretKind.TOKEN, "8Q~ 7Q~", r"(?<![\w~.-])[\w~.-]{3}[78]Q~[\w~.-]{31,34}(?![\w~-])"),
    _pattern(
        SecretKind.TOKEN,
        ".eyJ",
        r"(?<![\w-])eyJ[\w-]{10,4000}\.eyJ[\w-]{10,8000}\.[\w-]{20,2000}",
    ),
    _pattern(
        SecretKind.TOKEN,
        "earer EARER",
        r"(?i:authorization)[\"']?\s{0,3}[:=]\s{0,3}[\"']?(?i:bearer) {1,3}[A-Za-z0-9._~+/-]{20,4000}",
    ),
)
_ADDRESS = re.compile(
    r"(?<![a-z0-9+])(?:postgres(?:ql)?|mysql|mariadb|mongodb(?:\+srv)?|rediss?|amqps?|mssql|sqlserver|ldaps?|s?ftps?|https?)"
    r"(?:\+[a-z0-9]{1,20})?://[^\s:/@'\"<>]{0,64}:(?P<password>[^\s@/'\"<>]{1,128})@[\w.\[-]"
)
_PAIRS = re.compile(
    r"(?i)(?:server|data source|host|endpoint|provider|initial catalog|database)=[^;\s][^;\n]{0,200};"
    r"(?:[^;=\n]{1,40}=[^;\n]{0,200};){0,12}?\s{0,3}(?:password|pwd)=(?P<password>[^;\s\"'<]{1,128})"
)
_PLACEHOLDERS = re.compile(
    r"(?i)\$(?:[a-z_]+|[{(].*)|<.*|[{].*[}]|%\w+%|\[.*\]|\(.*\)|\*.*|(.)\1*|"
    r"(?:your|my)?[_-]?(?:password|passwd|pass|pwd|secret)|changeme|example|redacted|masked"
)
_MOST = 1_000
"""So many of one kind are told apart in a text."""


def secrets_in(text: str, *, cards: bool = True) -> Iterator[Secret]:
    """The secrets in a text, the first of each kind with its place; card numbers only where `cards` are wanted."""
    kinds: set[SecretKind] = set()
    for kind, match in _matches(text, cards):
        digest = hashlib.sha256(re.sub(r"[\W_]", "", match[0]).encode("utf-8", "surrogatepass")).digest()
        if kind in kinds:
            yield Secret(kind, digest=digest)
        else:
            kinds.add(kind)
            start = match.start()
            yield Secret(kind, text.count("\n", 0, start) + 1, start - text.rfind("\n", 0, start), digest=digest)


def masked(text: str) -> str:
    """A text, such as a file's name, with an ellipsis in the place of each secret."""
    for start, end in sorted((match.span() for _, match in _matches(text, cards=True)), reverse=True):
        text = f"{text[:start]}…{text[end:]}"
    return text


def _matches(text: str, cards: bool) -> Iterator[tuple[SecretKind, re.Match[str]]]:
    for pattern in _PATTERNS:
        if any(mark in text for mark in pattern.marks):
            for match in itertools.islice(pattern.expression.finditer(text), _MOST):
                yield pattern.kind, match
    if "://" in text:
        yield from _passwords(_ADDRESS, text)
    if "=" in text and re.search("(?i)(?:password|pwd)=", text):
        yield from _passwords(_PAIRS, text)
    if cards:
        yield from ((SecretKind.CARD, match) for match in itertools.islice(card_numbers(text), _MOST))


def _passwords(expression: re.Pattern[str], text: str) -> Iterator[tuple[SecretKind, re.Match[str]]]:
    matches = (match for match in expression.finditer(text) if not _PLACEHOLDERS.fullmatch(match["password"]))
    return ((SecretKind.PASSWORD, match) for match in itertools.islice(matches, _MOST))
