"""What ships with the program: catalogues, report templates and the demonstration."""

from __future__ import annotations

import hashlib
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[1]


def shipped_catalogues() -> dict[str, bytes]:
    """The shipped catalogues by file name (`pci-dss@4.0.1.yaml`)."""
    return {file.name: file.read_bytes() for file in sorted(_folder("standards").glob("*.yaml"))}


def shipped_standards() -> tuple[str, ...]:
    """The ids of the standards that ship, by the names of their catalogues alone."""
    return tuple(sorted({file.name.partition("@")[0] for file in _folder("standards").glob("*@*.yaml")}))


def shipped_templates() -> Path:
    """The folder of the shipped report templates."""
    return _folder("templates")


def shipped_demonstration() -> Path:
    """The folder with the script of the demonstration, and the files that it brings in."""
    return _folder("demonstration", "docs/demonstration")


def digest(data: bytes) -> str:
    """The SHA-256 by which a copied catalogue is told to be unedited."""
    return hashlib.sha256(data).hexdigest()


def _folder(name: str, in_checkout: str = "") -> Path:
    """In an installed program inside the package; in a checkout beside it."""
    installed = _PACKAGE / "shipped" / name
    return installed if installed.is_dir() else _PACKAGE.parent / (in_checkout or name)
