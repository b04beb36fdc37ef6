"""Git's configuration as one list, with where each value comes from."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import NamedTuple

from compliance.gitrepo.process.hardening import configured
from compliance.problems import refuse, with_article

TRUSTED = frozenset({"system", "global"})
"""The scopes that belong to the user or the machine; a repository that was copied here has no say in them."""


class Setting(NamedTuple):
    """One value: its scope, its key as git normalises it, and None for a key without a value (which means true)."""

    scope: str
    key: str
    value: str | None


def parsed(listing: bytes) -> tuple[Setting, ...]:
    """The settings in the answer of `git config --list --show-scope -z`, later ones winning."""
    fields = listing.split(b"\0")
    pairs = zip(fields[::2], fields[1::2], strict=False)
    settings = []
    for scope, entry in pairs:
        key, separator, value = os.fsdecode(entry).partition("\n")
        settings.append(Setting(os.fsdecode(scope), key, value if separator else None))
    return tuple(settings)


def last(settings: Iterable[Setting], key: str, *, trusted: bool = False) -> Setting | None:
    """The setting that rules for a key, in any configuration file or only in the user's and the machine's."""
    value = None
    for setting in settings:
        if setting.key == key and (setting.scope in TRUSTED or not (trusted or setting.scope == "command")):
            value = setting
    return value


def is_true(setting: Setting | None) -> bool:
    """What git reads from a boolean setting; an absent one is false."""
    if setting is None:
        return False
    if setting.value is None:
        return True
    text = setting.value.strip().lower()
    return text in {"true", "yes", "on"} or (text.lstrip("+-").isdecimal() and int(text) != 0)


def disarmed(settings: Iterable[Setting]) -> tuple[str, ...]:
    """Options that switch off every content filter and every configured hook that is found anywhere.

    Refused: a name that the command line cannot spell, which no tool would choose by accident.
    """
    overrides: dict[str, str] = {}
    for setting in settings:
        section, _, rest = setting.key.partition(".")
        name, _, _ = rest.rpartition(".")
        if section not in {"filter", "hook"} or not name:
            continue
        if "=" in name:
            raise refuse(
                f"the git configuration has {with_article(section)} named {name!r}, which cannot be switched off",
                hint=f"Rename it, or remove it from the {setting.scope} configuration.",
            )
        if section == "hook":
            overrides[f"hook.{name}.enabled"] = "false"
        else:
            overrides.update({f"filter.{name}.{part}": "" for part in ("clean", "smudge", "process")})
            overrides[f"filter.{name}.required"] = "false"
    return configured(overrides)
