"""Evidence filed and mapped."""
