"""Where things lie in a workspace, told from a path alone."""

from __future__ import annotations

import enum

CONFIGURATION = "compliance.toml"
STANDARDS = "standards"
TEMPLATES = "templates"
EVIDENCE = "evidence"
CACHE = ".compliance"
SHIPPED_HASHES = f"{STANDARDS}/shipped.sha256"
RECORD_SUFFIX = ".evidence.yaml"
OVERLAY_SUFFIX = ".overlay.yaml"
MAP = "map.yaml"
REGISTERS = (
    "accreditations", "applicability", "audits", "findings", "actions",
    "risks", "deadlines", "events", "providers", "measures",
)  # fmt: skip


class Role(enum.Enum):
    """What a file is to the ledger."""

    CONFIGURATION = "configuration"
    CATALOGUE = "catalogue"
    OVERLAY = "overlay"
    RECORD = "record"
    RULES = "rules"
    ACCREDITATION = "accreditations"
    APPLICABILITY = "applicability"
    AUDIT = "audits"
    FINDING = "findings"
    ACTION = "actions"
    RISK = "risks"
    DEADLINE = "deadlines"
    MEASURE = "measures"
    SERIES = "series"
    EVENT = "events"
    PROVIDER = "providers"
    REGISTER = "register"
    EVIDENCE = "evidence"
    MARKDOWN = "markdown"
    OTHER = "other"


_READ_REGISTERS: dict[str, Role] = {role.value: role for role in Role if role.value in REGISTERS}


def role_of(path: str, roots: tuple[str, ...] = (EVIDENCE,)) -> Role:
    """What the file at a path is: by its folder, and its name's ending."""
    folder, _, name = path.rpartition("/")
    if path == CONFIGURATION:
        return Role.CONFIGURATION
    if path.startswith(f"{STANDARDS}/"):
        if name.endswith(OVERLAY_SUFFIX):
            return Role.OVERLAY
        return Role.CATALOGUE if name.endswith((".yaml", ".yml")) else Role.OTHER
    register = _register(folder)
    if register:
        if register == Role.MEASURE.value and name.endswith(".csv"):
            return Role.SERIES
        return _READ_REGISTERS.get(register, Role.REGISTER) if name.endswith(".yaml") else Role.REGISTER
    if not any(path.startswith(f"{root}/") or root in {"", "."} for root in roots):
        return Role.OTHER
    if name.endswith(RECORD_SUFFIX):
        return Role.RECORD
    if name == MAP:
        return Role.RULES
    if name.startswith(".") or name == "README.md":
        return Role.OTHER
    return Role.MARKDOWN if name.endswith((".md", ".markdown")) else Role.EVIDENCE


def _register(folder: str) -> str:
    first, _, below = folder.partition("/")
    name = below.partition("/")[0]
    return name if first == EVIDENCE and name in REGISTERS else ""
