"""What a file is to the ledger, told from its path alone."""

from __future__ import annotations

import enum
from typing import Any

from compliance.domain.registers.parts.register import Register
from compliance.domain.registers.parts.registry import BY_PLURAL
from compliance.domain.terms.layout import CONFIGURATION, EVIDENCE, MAP, OVERLAY_SUFFIX, RECORD_SUFFIX, STANDARDS


class Role(enum.Enum):
    """What a file is to the ledger, where it is no record of a register."""

    CONFIGURATION = "configuration"
    CATALOGUE = "catalogue"
    OVERLAY = "overlay"
    RECORD = "record"
    RULES = "rules"
    SERIES = "series"
    """The figures of a register's record, beside it."""
    STRAY = "stray"
    """In a register's folder, and no record of it."""
    EVIDENCE = "evidence"
    MARKDOWN = "markdown"
    OTHER = "other"


FileRole = Role | Register[Any]
"""What a file is: the register whose record it is, or its role."""


def role_of(path: str, roots: tuple[str, ...] = (EVIDENCE,)) -> FileRole:
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
        if name.endswith(".yaml"):
            return register
        return Role.SERIES if register.has_series and name.endswith(".csv") else Role.STRAY
    if not any(path.startswith(f"{root}/") or root in {"", "."} for root in roots):
        return Role.OTHER
    if name.endswith(RECORD_SUFFIX):
        return Role.RECORD
    if name == MAP:
        return Role.RULES
    if name.startswith(".") or name == "README.md":
        return Role.OTHER
    return Role.MARKDOWN if name.endswith((".md", ".markdown")) else Role.EVIDENCE


def word_of(role: FileRole) -> str:
    """The word under which what was read of a file in its role is kept."""
    return role.value if isinstance(role, Role) else role.plural


def _register(folder: str) -> Register[Any] | None:
    first, _, rest = folder.partition("/")
    return BY_PLURAL.get(rest.partition("/")[0]) if first == EVIDENCE else None
