"""Registers listed and shown."""
