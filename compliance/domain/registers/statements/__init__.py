"""Statements of applicability: what is stated of each control, and the level that its indicators give."""
