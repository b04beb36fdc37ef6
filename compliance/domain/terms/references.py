"""How a control is named: `standard[@version]:id[#expectation]`."""

from __future__ import annotations

import re

import msgspec

WRITTEN = re.compile(
    r"(?P<standard>[a-z0-9][a-z0-9-]*)(?:@(?P<version>[^\s:#@]+))?:(?P<control>[^\s#]+)(?:#(?P<expectation>[a-z0-9][a-z0-9-]*))?"
)
STANDARD_WRITTEN = re.compile(r"(?P<standard>[a-z0-9][a-z0-9-]*)(?:@(?P<version>[^\s:#@/]+))?")


class Reference(msgspec.Struct, frozen=True, array_like=True, order=True):
    """A control of a standard, and at the user's choice one version of it and one expectation of the control."""

    standard: str
    control: str
    version: str = ""
    expectation: str = ""

    def __str__(self) -> str:
        version = f"@{self.version}" if self.version else ""
        expectation = f"#{self.expectation}" if self.expectation else ""
        return f"{self.standard}{version}:{self.control}{expectation}"


def parse_reference(text: str) -> Reference:
    """Read a control reference. Raises ValueError with a sentence for the user."""
    written = WRITTEN.fullmatch(text.strip())
    if not written:
        raise ValueError(f"“{text}” does not name a control; write standard:control, for example iso27001:A.8.8")
    return Reference(written["standard"], written["control"], written["version"] or "", written["expectation"] or "")


class StandardName(msgspec.Struct, frozen=True, array_like=True, order=True):
    """A standard, and one version of it where that is said."""

    id: str
    version: str = ""

    def __str__(self) -> str:
        return f"{self.id}@{self.version}" if self.version else self.id


def parse_standard(text: str) -> StandardName:
    """Read `pci-dss` or `pci-dss@4.0.1`. Raises ValueError with a sentence for the user."""
    written = STANDARD_WRITTEN.fullmatch(text.strip())
    if not written:
        raise ValueError(f"“{text}” does not name a standard; write it like pci-dss or pci-dss@4.0.1")
    return StandardName(written["standard"], written["version"] or "")


def named_by_file(path: str) -> StandardName | None:
    """The standard that a catalogue's file name says it is, with its version; None if it says none."""
    stem = path.rpartition("/")[2].rpartition(".")[0]
    written = STANDARD_WRITTEN.fullmatch(stem)
    return StandardName(written["standard"], written["version"]) if written and written["version"] else None
