"""Where things lie in a workspace."""

from __future__ import annotations

CONFIGURATION = "compliance.toml"
STANDARDS = "standards"
TEMPLATES = "templates"
EVIDENCE = "evidence"
CACHE = ".compliance"
SHIPPED_HASHES = f"{STANDARDS}/shipped.sha256"
RECORD_SUFFIX = ".evidence.yaml"
OVERLAY_SUFFIX = ".overlay.yaml"
MAP = "map.yaml"
