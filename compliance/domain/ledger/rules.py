"""Rules that map many files at once: globs, and what the files they take are given."""

from __future__ import annotations

import calendar
import enum
import functools
import re
from datetime import date

import msgspec

from compliance.domain.ledger.records import Record
from compliance.domain.terms.periods import Period


class Dating(enum.Enum):
    """Where the date of a file comes from, if a rule says so: its name, or its history in git."""

    NAME = "name"
    GIT = "git"


class MappingRule(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One rule of a `map.yaml`; globs are relative to its folder, `*` stays in a folder, `**` crosses.

    `first_counts`: with `Dating.GIT`, the commit that first brought the file in counts as its date.
    """

    match: tuple[str, ...]
    besides: tuple[str, ...] = ()
    says: Record = Record()
    dating: Dating | None = None
    name_pattern: str = ""
    first_counts: bool = False
    line: int = 0

    def takes(self, relative: str) -> bool:
        """Whether the rule takes a file, by its path below the rule's folder."""
        if not any(glob_pattern(glob).fullmatch(relative) for glob in self.match):
            return False
        return not any(glob_pattern(glob).fullmatch(relative) for glob in self.besides)


class RuleFile(msgspec.Struct, frozen=True):
    """The rules of one `map.yaml`, in order: of those that match, the last one that says a thing wins."""

    folder: str
    path: str
    rules: tuple[MappingRule, ...]

    def relative(self, path: str) -> str | None:
        """The path below this file's folder; None if it lies elsewhere."""
        if not self.folder:
            return path
        return path.removeprefix(f"{self.folder}/") if path.startswith(f"{self.folder}/") else None


@functools.cache
def glob_pattern(glob: str) -> re.Pattern[str]:
    """A glob as a regular expression: `*` and `?` stay in a folder, `**` crosses, `[…]` is a set."""
    pattern, position = "", 0
    while position < len(glob):
        remainder = glob[position:]
        if remainder.startswith("**/"):
            pattern, position = pattern + "(?:[^/]+/)*", position + 3
        elif remainder.startswith("**"):
            pattern, position = pattern + ".*", position + 2
        elif remainder[0] == "*":
            pattern, position = pattern + "[^/]*", position + 1
        elif remainder[0] == "?":
            pattern, position = pattern + "[^/]", position + 1
        elif (chosen := re.match(r"\[(!?)([^\]/]+)\]", remainder)) is not None:
            pattern, position = pattern + _one_of(chosen[2], but=bool(chosen[1])), position + chosen.end()
        else:
            pattern, position = pattern + re.escape(remainder[0]), position + 1
    return re.compile(pattern, re.DOTALL)


def _one_of(written: str, but: bool) -> str:
    """A set such as `a-z_`, as a regular expression that never leaves the folder; a range run backwards is empty."""
    inside = ""
    for first, last in re.findall(r"(.)(?:-(.))?", written, re.DOTALL):
        if not last:
            inside += re.escape(first)
        elif first <= last:
            inside += f"{re.escape(first)}-{re.escape(last)}"
    if but:
        return f"[^/{inside}]"
    return f"(?!/)[{inside}]" if inside else "(?!)"


_PLACEHOLDERS = {
    "year": r"(?P<year>\d{4})",
    "month": r"(?P<month>\d{2})",
    "day": r"(?P<day>\d{2})",
    "quarter": r"[Qq](?P<quarter>[1-4])",
}
_USUAL = (
    re.compile(
        r"(?<!\d)(?P<year>(?:19|20)\d{2})(?P<sep>[-_.]?)(?P<month>0[1-9]|1[0-2])(?P=sep)(?P<day>0[1-9]|[12]\d|3[01])(?!\d)"
    ),
    re.compile(r"(?<!\d)(?P<year>(?:19|20)\d{2})[-_ ]?[Qq](?P<quarter>[1-4])(?!\d)"),
    re.compile(r"(?<!\d)(?P<year>(?:19|20)\d{2})[-_](?P<month>0[1-9]|1[0-2])(?![-_]?\d)"),
)


@functools.cache
def name_pattern(pattern: str) -> re.Pattern[str]:
    """A pattern such as `scan-{day}{month}{year}` as a regular expression. Raises ValueError with a sentence."""
    parts = re.split(r"\{(\w+)\}", pattern)
    unknown = [word for word in parts[1::2] if word not in _PLACEHOLDERS]
    if unknown:
        raise ValueError(f"“{{{unknown[0]}}}” is no placeholder; use {{year}}, {{month}}, {{day}} or {{quarter}}")
    if "year" not in parts[1::2]:
        raise ValueError("a name pattern needs {year}")
    if "day" in parts[1::2] and "month" not in parts[1::2]:
        raise ValueError("a name pattern with {day} needs {month}")
    if len(set(parts[1::2])) != len(parts[1::2]):
        raise ValueError("a placeholder is used twice")
    written = [_PLACEHOLDERS[part] if index % 2 else re.escape(part) for index, part in enumerate(parts)]
    return re.compile("".join(written))


def date_in_name(name: str, pattern: str = "") -> tuple[date, Period | None] | None:
    """The day that a file's name states; a month or quarter gives its last day, and itself as the period.

    Understands 2026-09-30, 20260930, 2026_09_30, 2026-09 and 2026-Q3, or the pattern given; None if there is no such
    day. Of several the first, a day before a quarter before a month.
    """
    return next(iter(dates_in_name(name, pattern)), None)


def dates_in_name(name: str, pattern: str = "") -> tuple[tuple[date, Period | None], ...]:
    """Every day that a file's name states, each once."""
    patterns = (name_pattern(pattern),) if pattern else _USUAL
    every = [_dated(match.groupdict()) for usual in patterns for match in usual.finditer(name)]
    by_day: dict[date, tuple[date, Period | None]] = {}
    for dated in every:
        if dated:
            by_day.setdefault(dated[0], dated)
    return tuple(by_day.values())


def _dated(parts: dict[str, str | None]) -> tuple[date, Period | None] | None:
    numbers = {name: int(text) for name, text in parts.items() if text and name in _PLACEHOLDERS}
    year = numbers["year"]
    try:
        if "day" in numbers:
            return date(year, numbers["month"], numbers["day"]), None
        if "quarter" in numbers:
            first, last = 3 * numbers["quarter"] - 2, 3 * numbers["quarter"]
        else:
            first, last = numbers.get("month", 1), numbers.get("month", 12)
        end = date(year, last, calendar.monthrange(year, last)[1])
        return end, Period(date(year, first, 1), end)
    except ValueError:
        return None
