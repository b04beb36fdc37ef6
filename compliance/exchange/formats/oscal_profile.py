"""OSCAL profiles in JSON."""

from __future__ import annotations

import re

from compliance.exchange.imported import Imported
from compliance.exchange.options import Options
from compliance.exchange.registry import Likeness

name = "oscal-profile"
title = "OSCAL profile (JSON)"
endings = (".json",)
takes = frozenset(("catalogs", "beside"))
alike = ""
_BEGIN = re.compile(rb'\A(?:\xef\xbb\xbf)?\s*\{\s*(?:"\$schema"\s*:\s*"[^"]*"\s*,\s*)?"profile"\s*:')


def recognises(head: bytes, file: str) -> Likeness:
    """The document begins with the name of its kind."""
    return Likeness.BY_CONTENT if _BEGIN.match(head) else Likeness.NONE


def read(data: bytes, file: str, options: Options) -> Imported:
    """The catalogue that a profile selects from, with the selection as a profile of it.

    Raises Refused, with the place, for what cannot be read, and for a catalogue that is not there.
    """
    from compliance.exchange.oscal.profile import read_profile

    return read_profile(data, file, options)
