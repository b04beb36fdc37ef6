"""Statements of applicability and scopes on the command line."""
