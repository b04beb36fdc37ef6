"""Bank holidays, for leads that count working days."""

from __future__ import annotations

import functools
from datetime import date

from compliance.domain.terms.layout import CONFIGURATION
from compliance.problems import Location, Problem

YEARS_AROUND = 6


def bank_holidays(code: str, year: int, problems: list[Problem]) -> frozenset[date]:
    """The bank holidays of some years around one, for a country (`GB`) or a part of it (`GB-ENG`)."""
    try:
        return _around(code, year)
    except NotImplementedError:
        problems.append(
            Problem(
                f"no bank holidays are known for “{code}”",
                Location(CONFIGURATION),
                "write a country code such as GB-ENG",
            )
        )
        return frozenset()


@functools.cache
def _around(code: str, year: int) -> frozenset[date]:
    import holidays  # slow to import, and wanted only where a ledger is assembled

    country, _, part = code.partition("-")
    years = range(year - YEARS_AROUND, year + YEARS_AROUND + 1)
    return frozenset(holidays.country_holidays(country, subdiv=part or None, years=years))
