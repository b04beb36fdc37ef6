"""Small pictures for reports, as inline SVG that a screen reader can tell."""

from __future__ import annotations
