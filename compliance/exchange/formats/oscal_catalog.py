"""OSCAL catalogues in JSON."""

from __future__ import annotations

import re

from compliance.domain.standards.catalogue import Catalogue
from compliance.exchange.imported import Imported
from compliance.exchange.options import Options
from compliance.exchange.registry import Likeness

name = "oscal-catalog"
title = "OSCAL catalogue (JSON)"
endings = (".json",)
takes: frozenset[str] = frozenset()
alike = ""
written_as = "oscal"
_BEGIN = re.compile(rb'\A(?:\xef\xbb\xbf)?\s*\{\s*(?:"\$schema"\s*:\s*"[^"]*"\s*,\s*)?"catalog"\s*:')


def recognises(head: bytes, file: str) -> Likeness:
    """The document begins with the name of its kind."""
    return Likeness.BY_CONTENT if _BEGIN.match(head) else Likeness.NONE


def read(data: bytes, file: str, options: Options) -> Imported:
    """The catalogue in a document. Raises Refused, with the place, for what cannot be read."""
    from compliance.exchange.oscal.catalog import read_catalog

    return read_catalog(data, file, options)


def write(catalogue: Catalogue) -> bytes:
    """A catalogue as an OSCAL document, what OSCAL has no field for in a namespace of ours."""
    from compliance.exchange.oscal.export import document_of_catalogue

    return document_of_catalogue(catalogue)
