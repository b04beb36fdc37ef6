"""Libraries of CISO Assistant in YAML: frameworks, and mappings between frameworks."""

from __future__ import annotations

import re

from compliance.exchange.imported import Imported
from compliance.exchange.options import Options
from compliance.exchange.registry import Likeness

name = "ciso-assistant"
title = "CISO Assistant library (YAML)"
endings = (".yaml", ".yml")
takes = frozenset(("columns",))
alike = ""
_LIBRARY = re.compile(rb"^urn\s*:\s*[\"']?urn:[^\n]*:library:|^objects\s*:\s*$", re.MULTILINE)


def recognises(head: bytes, file: str) -> Likeness:
    """A library is named by a URN, and its content stands under `objects`."""
    return Likeness.BY_CONTENT if _LIBRARY.search(head) else Likeness.NONE


def read(data: bytes, file: str, options: Options) -> Imported:
    """A framework as a catalogue, or mappings as relations. Raises Refused, with the place, for what has neither."""
    from compliance.exchange.ciso_assistant.frameworks import read_library

    return read_library(data, file, options)
