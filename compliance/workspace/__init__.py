"""Paths, configuration and what ships with the tool."""
