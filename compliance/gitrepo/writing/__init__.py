"""Commits made, files put into place, and whether the repository is ready for it."""
