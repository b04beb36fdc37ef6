"""Secrets in a text: private keys, access tokens, passwords of connection strings, payment card numbers.

The forms are those that their issuers publish: AWS (IAM identifiers), GitHub, GitLab, Slack, Stripe, SendGrid, npm and
PyPI (token formats), Google Cloud (API keys, OAuth), Microsoft (storage keys, shared access signatures, secrets of
applications, identifiable keys, Azure DevOps), GOV.UK Notify (two identifiers joined), Cisco (types 5 to 9 and 14, and
7, which hides nothing), and JSON Web Tokens (RFC 7519). Every pattern takes time in proportion to the text: what
repeats is bounded, or cannot begin within itself.
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


_GUID = "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
_PATTERNS = (
    _pattern(SecretKind.KEY, "PRIVATE", r"-----BEGIN (?:[A-Z0-9]{1,20} ){0,4}PRIVATE KEY(?: BLOCK)?-----"),
    _pattern(SecretKind.KEY, "PuTTY-User-Key-File-", r"(?m)^PuTTY-User-Key-File-\d:"),
    _pattern(
        SecretKind.TOKEN,
        "AKIA ASIA gh github_pat_ glpat- xox k_live_ AIza GOCSPX- ya29. npm_ pypi- SG. sk-",
        r"(?<![A-Za-z0-9])(?:(?:AKIA|ASIA)[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_[A-Za-z0-9_]{60,120}|"
        r"glpat-[A-Za-z0-9_-]{20}|xox[abeprs]-[A-Za-z0-9-]{20,200}|[rs]k_live_[A-Za-z0-9]{20,200}|AIza[A-Za-z0-9_-]{35}|"
        r"GOCSPX-[A-Za-z0-9_-]{28}|ya29\.[A-Za-z0-9_-]{30,400}|npm_[A-Za-z0-9]{36}|pypi-[A-Za-z0-9_-]{60,400}|"
        r"SG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}|sk-(?:ant|proj)-[A-Za-z0-9_-]{32,200})(?![A-Za-z0-9])",
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
        "APIM ACDb +ABa +AMC +ASt AzFu AzSe AzCa AZDO",
        r"(?<![A-Za-z0-9+/])(?:[A-Za-z0-9+/]{76}(?:APIM|ACDb|\+ABa|\+AMC|\+ASt)[A-Za-z0-9+/]{5}[AQgw]==|"
        r"[A-Za-z0-9_-]{44}AzFu[A-Za-z0-9_-]{5}[AQgw]==|[A-Za-z0-9]{42}AzSe[A-D][A-Za-z0-9]{5}|"
        r"[A-Za-z0-9]{33}AzCa[A-P][A-Za-z0-9]{5}=|[A-Za-z0-9]{76}AZDO[A-Za-z0-9]{4})(?![A-Za-z0-9+/=])",
    ),
    _pattern(
        SecretKind.TOKEN,
        ".eyJ",
        r"(?<![\w-])eyJ[\w-]{10,4000}\.eyJ[\w-]{10,8000}\.[\w-]{20,2000}",
    ),
    _pattern(
        SecretKind.TOKEN,
        "earer EARER asic ASIC",
        r"(?i:authorization)[\"']?\s{0,3}[:=]\s{0,3}[\"']?(?i:bearer|basic) {1,3}[A-Za-z0-9._~+/-]{20,4000}",
    ),
    _pattern(SecretKind.TOKEN, "hooks.slack.com", r"hooks\.slack\.com/(?:services|workflows)/T\w{8,12}/[\w/]{20,80}"),
    _pattern(SecretKind.TOKEN, "-4", rf"(?<![0-9A-Fa-f]){_GUID}-{_GUID}(?![0-9A-Fa-f])"),
    _pattern(
        SecretKind.PASSWORD,
        "$1$ $5$ $6$ $8$ $9$ $14$",
        r"(?:secret|password) \d{1,2} \$(?:1|5|6|8|9|14)\$[./\w$]{20,120}",
    ),
    _pattern(
        SecretKind.PASSWORD, " 7 ", r"(?i:password|secret|key|key-string) 7 [01][0-9][0-9A-F]{6,120}(?![0-9A-Za-z])"
    ),
)
_ADDRESS = re.compile(
    r"(?<![a-z0-9+])(?:postgres(?:ql)?|mysql|mariadb|mongodb(?:\+srv)?|rediss?|amqps?|mssql|sqlserver|ldaps?|s?ftps?|"
    r"https?|smb|ssh)(?:\+[a-z0-9]{1,20})?://[^\s:/@'\"<>]{0,64}:(?P<password>[^\s@/'\"<>]{1,128})@[\w.\[-]"
)
_WHERE = (
    "server|data source|host|hostname|endpoint|provider|initial catalog|database|databasename|dbname|dsn|driver|user|"
    "user id|username|uid"
)
_PAIRS = re.compile(
    rf"(?i)(?<![a-z])(?:{_WHERE}) ?=[^;\n]{{1,200}};(?:[^;=\n]{{1,40}}=[^;\n]{{0,200}};){{0,12}}?"
    r"\s{0,3}(?:password|pwd) ?= ?(?P<password>[^;\s\"'<]{1,128})"
)
_SPACED = re.compile(
    rf"(?i)(?<![a-z])(?:{_WHERE})=[^\s;]{{1,100}}(?: [a-z_]{{1,30}}=[^\s;]{{1,100}}){{0,10}}? "
    r"password=(?P<password>[^\s;\"'<]{1,128})"
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
    if "=" in text and re.search("(?i)(?:password|pwd) ?=", text):
        yield from _passwords(_PAIRS, text)
        yield from _passwords(_SPACED, text)
    if cards:
        yield from ((SecretKind.CARD, match) for match in itertools.islice(card_numbers(text), _MOST))


def _passwords(expression: re.Pattern[str], text: str) -> Iterator[tuple[SecretKind, re.Match[str]]]:
    matches = (match for match in expression.finditer(text) if not _PLACEHOLDERS.fullmatch(match["password"]))
    return ((SecretKind.PASSWORD, match) for match in itertools.islice(matches, _MOST))
