"""OpenControl standards and certifications in YAML."""

from __future__ import annotations

import re
from pathlib import PurePath

from compliance.exchange.imported import Imported
from compliance.exchange.options import Options
from compliance.exchange.registry import Likeness

name = "opencontrol"
title = "OpenControl standard or certification (YAML)"
endings = (".yaml", ".yml")
takes: frozenset[str] = frozenset()
alike = "Read as OpenControl; standards of comply look the same: --from comply says that it is one."
_NAMED = re.compile(rb"^name\s*:", re.MULTILINE)


def recognises(head: bytes, file: str) -> Likeness:
    """A YAML file with a name; nothing else in it is the same in every standard."""
    is_yaml = PurePath(file).suffix.casefold() in endings
    return Likeness.BY_NAME if is_yaml and _NAMED.search(head) else Likeness.NONE


def read(data: bytes, file: str, options: Options) -> Imported:
    """A standard or a selection of controls as a catalogue. Raises Refused, with the place, for what is neither."""
    from compliance.exchange.opencontrol import read_opencontrol

    return read_opencontrol(data, file, options)
