"""Standards of strongdm's comply: `name`, and criteria by their keys with family, name and description."""

from __future__ import annotations

from compliance.exchange.formats import Options
from compliance.exchange.imported import Imported
from compliance.exchange.opencontrol import standard
from compliance.exchange.yaml_source import Source


def read(data: bytes, file: str, options: Options) -> Imported:
    """A standard as a catalogue. Raises Refused for what is none."""
    source = Source(data, file)
    with source.shown():
        return standard(source, file, options, "comply")
