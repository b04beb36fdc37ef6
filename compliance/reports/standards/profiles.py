"""The profiles of a standard: which there are, what each holds, and who may use it."""

from __future__ import annotations

import msgspec

from compliance.domain.standards.catalogue import Catalogue, Criterion, Profile, assessable
from compliance.problems import counted
from compliance.reports.parts.answers import Answer
from compliance.reports.parts.terminal import wrapped


class ProfileRow(msgspec.Struct, frozen=True, kw_only=True):
    """One profile, how many controls it holds, and what must hold for it to be used."""

    id: str
    title: str
    default: bool
    controls: int
    eligibility: tuple[Criterion, ...]


class Profiles(Answer, frozen=True, kw_only=True):
    """The profiles of a standard, and how one is chosen."""

    standard: str
    choosing: str
    profiles: tuple[ProfileRow, ...]


def profiles(catalogue: Catalogue) -> Profiles:
    """The profiles as values, for JSON."""
    return Profiles(
        standard=str(catalogue.name),
        choosing=catalogue.choosing,
        profiles=tuple(
            ProfileRow(
                id=profile.id,
                title=profile.title,
                default=profile.id == catalogue.default_profile,
                controls=_count(catalogue, profile),
                eligibility=profile.eligibility,
            )
            for profile in catalogue.profiles
        ),
    )


def as_text(catalogue: Catalogue, width: int) -> str:
    """The profiles for a terminal."""
    if not catalogue.profiles:
        return f"{catalogue.name} has no profiles: all of it applies."
    lines = wrapped(f"{catalogue.name} {catalogue.short}: profiles", width)
    lines += wrapped(catalogue.choosing, width) if catalogue.choosing else []
    for profile in catalogue.profiles:
        default = ", used where none is named" if profile.id == catalogue.default_profile else ""
        head = f"{profile.id}  {profile.title} ({counted(_count(catalogue, profile), 'control')}{default})"
        lines += ["", *wrapped(head, width, below="  ")]
        for criterion in profile.eligibility:
            lines += wrapped(_criterion(criterion), width, first="  - ", below="    ")
    return "\n".join(lines)


def _count(catalogue: Catalogue, profile: Profile) -> int:
    return sum(1 for _ in assessable(catalogue, (profile.id,)))


def _criterion(criterion: Criterion) -> str:
    doubt = f" ({criterion.certainty})" if criterion.certainty not in {"", "confirmed"} else ""
    return f"{criterion.what}{doubt}"
