"""Profiles that an overlay adds to a catalogue: targets that an organisation was given, or has set itself."""

from __future__ import annotations

from collections.abc import Iterable

from compliance.domain.standards.catalogue import Catalogue, Profile, walk
from compliance.problems import choice_hint
from compliance.store.text.decoding import decoder_of
from compliance.store.text.located import Mapping, Text


def added_profiles(items: Iterable[Mapping], catalogue: Catalogue, source: Text) -> list[Profile]:
    """The profiles as they are written. Reports those that the catalogue has already, and targets of no control."""
    profile_ids = [profile.id for profile in catalogue.profiles]
    controls = [entry.control.id for entry in walk(catalogue) if entry.control.assessable]
    profiles: list[Profile] = []
    for item in items:
        profile = decoder_of(Profile)(item, source)
        if not isinstance(profile, Profile):
            continue
        if profile.id in profile_ids:
            sentence = f"{catalogue.name} has a profile {profile.id} already"
            source.report(item.entries["id"].value.place, sentence, "give this one another id")
        targets = item.entries["targets"].value if "targets" in item.entries else None
        for control, entry in targets.entries.items() if isinstance(targets, Mapping) else ():
            if control not in controls:
                hint = choice_hint(control, controls) or f"list them with: compliance standards show {catalogue.name}"
                source.report(entry.key, f"{catalogue.name} has no control {control} to set a target for", hint)
        profile_ids.append(profile.id)
        profiles.append(profile)
    return profiles
