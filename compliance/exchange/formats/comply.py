"""Standards of strongdm's comply in YAML: `name`, and criteria by their keys with family, name and description."""

from __future__ import annotations

import re
from pathlib import PurePath

from compliance.exchange.imported import Imported
from compliance.exchange.options import Options
from compliance.exchange.registry import Likeness

name = "comply"
title = "comply standard (YAML)"
endings = (".yml", ".yaml")
takes: frozenset[str] = frozenset()
alike = ""
_VERSIONED = re.compile(rb"^majorVersion\s*:", re.MULTILINE)


def recognises(head: bytes, file: str) -> Likeness:
    """Some standards of comply state a major version, which those of OpenControl do not."""
    is_yaml = PurePath(file).suffix.casefold() in endings
    return Likeness.BY_NAME_AND_CONTENT if is_yaml and _VERSIONED.search(head) else Likeness.NONE


def read(data: bytes, file: str, options: Options) -> Imported:
    """A standard as a catalogue. Raises Refused, with the place, for what is none."""
    from compliance.exchange.opencontrol import read_standard

    return read_standard(data, file, options, publisher="comply")
