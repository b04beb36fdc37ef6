"""Catalogues and overlays: their YAML read, checked and written."""
